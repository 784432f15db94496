"""Answers as a store keeps them by column, and the calculations that go item by item: equal to their plain forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.packs import ROLES, builtin
from assessment.scoring.anonymity import DisclosureError, check_differencing
from assessment.scoring.answers import answer_table, membership, stored_table, totals
from assessment.scoring.carelessness import flags_of_pages, slow_from_s, stored_seconds

FULL, PULSE = builtin("full"), builtin("pulse")
LAW = settings(max_examples=100, deadline=None)


@st.composite
def said(draw: st.DrawFn) -> list[tuple[str, str, dict[str, int | str]]]:
    """Role, team and answers of some people; each has answered some of what they were shown, in any order."""
    people = []
    for role in draw(st.lists(st.sampled_from(ROLES), max_size=6)):
        items = draw(st.permutations(sorted(FULL.shown_to(role))))[: draw(st.integers(0, 33))]
        values = st.sampled_from([1, 2, 3, 4, 5, "DK", "NA"])
        people.append((role, draw(st.sampled_from(["", "Nord"])), {i: draw(values) for i in items}))
    return people


@LAW
@given(said())
def test_the_columns_of_a_store_are_the_same_table(people: list[tuple[str, str, dict[str, int | str]]]) -> None:
    roles, teams, answers = [p[0] for p in people], [p[1] for p in people], [p[2] for p in people]
    plain = answer_table(FULL, roles, answers, mode="anonymous", teams=teams)
    names, values = [" ".join(a) for a in answers], [" ".join(str(v) for v in a.values()) for a in answers]
    stored = stored_table(FULL, roles, names, values, mode="anonymous", teams=teams)
    for one, other in zip((plain.roles, plain.teams, plain.values, plain.shown), vars(stored).values(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(totals(stored.values, membership(FULL)), plain.values @ membership(FULL))


@pytest.mark.parametrize(("names", "values"), [("C1.1", "6"), ("C1.1", "12"), ("C1.1 C1.2", "3"), ("C9.9", "3")])
def test_columns_that_hold_something_else_are_refused(names: str, values: str) -> None:
    with pytest.raises(ValueError, match=r"answer|columns"):
        stored_table(FULL, ["SL"], [names], [values], mode="solo")


def test_times_of_pages_that_are_not_the_packs_say_nothing() -> None:
    seconds = stored_seconds(FULL, ["C2 elsewhere C1", "", "elsewhere"], ["15 20 5", "", "5"])
    assert seconds[0, :2].tolist() == [5, 15]
    assert np.isnan(seconds[0, 2:]).all()
    assert np.isnan(seconds[1:]).all()


@pytest.mark.parametrize("pack", [FULL, PULSE])
def test_no_time_that_is_left_out_as_slow_could_be_fast(pack) -> None:
    items = [i.id for i in pack.items]
    table = stored_table(pack, ["SL"], [" ".join(items)], [" ".join("3" for _ in items)], mode="solo")
    pages = len(stored_seconds(pack, [""], [""])[0])
    at_the_limit = flags_of_pages(table, pack, np.full((1, pages), slow_from_s(pack) - 2.5))
    assert not at_the_limit.fast.any()
    assert not at_the_limit.hard_fast.any()
    under_it = flags_of_pages(table, pack, np.full((1, pages), slow_from_s(pack) - 2.6))
    assert under_it.fast[0] or under_it.hard_fast[0]


@LAW
@given(st.integers(1, 12), st.integers(0, 5), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_sets_are_compared_pair_by_pair(people: int, count: int, k: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    sets, protected = draw.random((count, people)) < 0.8, draw.random(people) < 0.8
    family = [np.zeros(people, dtype=np.bool_), *sets]
    apart = [
        int((outer & ~inner & protected).sum()) for inner in family for outer in family if not (inner & ~outer).any()
    ]
    try:
        check_differencing(sets, protected, k)
        assert not any(0 < n < k for n in apart)
    except DisclosureError:
        assert any(0 < n < k for n in apart)
