"""Careless answering: the flags of method §3.9."""

import numpy as np
import pytest

from assessment.packs import builtin
from assessment.scoring.answers import AnswerTable, shown_items
from assessment.scoring.carelessness import flags, longest_run, reading_seconds

FULL = builtin("full")
ITEMS = np.array([4, 5, 4, 5, 5, 5, 5])
WORDS = np.array([190, 237, 190, 237, 237, 237, 235])


def sellers(*rows: list[int]) -> AnswerTable:
    """Sellers with these codes on the 32 items they are shown, in order."""
    roles = np.array(["S"] * len(rows))
    shown = shown_items(FULL, roles, "anonymous")
    values = np.zeros(shown.shape, dtype=np.int8)
    values[:, shown[0]] = rows
    return AnswerTable(roles, None, values, shown)


VARIED = [1 + i % 5 for i in range(32)]


def flagged(table: AnswerTable, *pages: float):
    return flags(table, seconds=np.array([pages]), items=ITEMS, words=WORDS)


def test_a_quarter_of_the_reading_time_is_three_seconds_an_item():
    assert 0.25 * reading_seconds(np.array(1563)) / 33 == pytest.approx(3.0, abs=0.05)


def test_somebody_who_takes_the_time_and_varies_is_not_flagged():
    found = flagged(sellers(VARIED), 40, 50, 40, 50, 50, 50, 50)
    assert not (found.hard_fast | found.fast | found.longstring | found.unanswered | found.excluded).any()


def test_under_two_seconds_an_item_is_hard_fast_and_exactly_two_is_not():
    assert flagged(sellers(VARIED), 7.9, 50, 40, 50, 50, 50, 50).hard_fast[0]
    assert not flagged(sellers(VARIED), 8, 50, 40, 50, 50, 50, 50).hard_fast[0]


def test_under_a_quarter_of_the_reading_time_is_fast_but_not_hard_fast():
    found = flagged(sellers(VARIED), 11, 50, 40, 50, 50, 50, 50)  # 190 words: 11.97 s
    assert found.fast[0]
    assert not found.hard_fast[0]


def test_a_time_that_is_not_known_flags_nobody():
    found = flagged(sellers(VARIED), *[float("nan")] * 7)
    assert not (found.hard_fast | found.fast).any()


def test_a_run_of_half_the_shown_items_is_a_longstring():
    assert flagged(sellers([3] * 16 + VARIED[:16]), *[50] * 7).longstring[0]
    assert not flagged(sellers([3] * 15 + VARIED[:17]), *[50] * 7).longstring[0]


def test_nobody_is_excluded_for_a_longstring_or_for_one_fast_page():
    alike = sellers([3] * 32)
    assert not flagged(alike, *[50] * 7).excluded[0]
    assert not flagged(alike, 5, *[50] * 6).excluded[0]
    assert flagged(alike, 5, 5, *[50] * 5).excluded[0]
    assert not flagged(sellers(VARIED), *[5] * 7).excluded[0]


def test_half_without_a_value_is_flagged():
    assert flagged(sellers([-1] * 8 + [-2] * 4 + [0] * 4 + VARIED[:16]), *[50] * 7).unanswered[0]
    assert not flagged(sellers([-1] * 15 + VARIED[:17]), *[50] * 7).unanswered[0]


def test_items_not_shown_do_not_end_a_run_and_dont_know_does():
    assert longest_run(sellers([3] * 32))[0] == 32  # C4.4 is not shown to sellers
    assert longest_run(sellers([3] * 10 + [-1] + [3] * 21))[0] == 21
    assert longest_run(sellers([-1] * 32))[0] == 0


def test_a_run_is_in_the_order_shown():
    table = sellers([2, 4] * 16)
    shown = np.flatnonzero(table.shown[0])
    order = np.concatenate([shown[::2], shown[1::2], np.flatnonzero(~table.shown[0])])[np.newaxis]
    assert longest_run(table)[0] == 1
    assert longest_run(table, order)[0] == 16
