"""Careless answers: who is left out, and when the result may be shown with and without the flagged (method §3.9)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.packs import Pack, builtin
from assessment.scoring import sensitivity as module
from assessment.scoring.anonymity import DisclosureError, publication
from assessment.scoring.answers import PERSPECTIVES, PROTECTED, AnswerTable, Mode, shown_items
from assessment.scoring.carelessness import stored_seconds
from assessment.scoring.score import score
from assessment.scoring.sensitivity import Screened, Sensitivity, check_line, screened, sensitivity

FULL, PULSE = builtin("full"), builtin("pulse")
LAW = settings(max_examples=150, deadline=None)
PAGES = tuple(c.id for c in FULL.criteria)
CALM = dict.fromkeys(PAGES, 60.0)
FAST = dict.fromkeys(PAGES, 5.0)
UNKNOWN: dict[str, float] = {}


def people(roles: Sequence[str], values: Sequence[int | None], pack: Pack = FULL, teams: Any = None) -> AnswerTable:
    """Everybody answers all they are shown with this value; None is other values for each question."""
    codes = np.array(roles)
    shown = shown_items(pack, codes, "anonymous")
    varied = 2 + (np.arange(shown.shape[1]) + np.arange(len(roles))[:, np.newaxis]) % 3
    given = np.array([[0 if v is None else v] for v in values])
    values_ = np.where(given > 0, given, varied)
    return AnswerTable(
        codes, None if teams is None else np.array(teams), np.where(shown, values_, 0).astype(np.int8), shown
    )


def timed(table: AnswerTable, pack: Pack, times: Sequence[dict[str, float]], *, mode: Mode) -> Screened:
    """`screened`, each person's seconds told by page as the store keeps them."""
    names, values = [" ".join(t) for t in times], [" ".join(str(s) for s in t.values()) for t in times]
    return screened(table, pack, stored_seconds(pack, names, values), mode=mode)


def found(
    roles: Sequence[str], values: Sequence[int | None], times: Sequence[dict[str, float]], **options: Any
) -> tuple[Screened, Sensitivity]:
    kept = timed(people(roles, values, **options), options.get("pack", FULL), times, mode="anonymous")
    result = score(kept.table, options.get("pack", FULL), mode="anonymous")
    return kept, sensitivity(kept, result, options.get("pack", FULL))


# ---------------------------------------------------------------- who is left out


def test_two_fast_pages_and_a_long_run_are_left_out_and_nothing_less_is() -> None:
    one, two = {**CALM, "C1": 5.0}, {**CALM, "C1": 5.0, "C2": 5.0}
    roles, values = ["S"] * 10, [3, 3, 3, 3, None, None, None, None, None, None]
    kept, line = found(roles, values, [two, one, CALM, UNKNOWN, FAST, *[CALM] * 5])

    assert (kept.excluded, line.excluded) == (1, 1)
    assert kept.flagged.tolist() == [True] * 4 + [False] * 5  # the fourth for its times alone
    assert kept.table.respondents == 9


def test_the_stored_times_are_rounded_and_the_doubt_is_the_respondents() -> None:
    """Ten seconds on five questions may have been twelve, five on four never eight."""
    pages = [{"C2": 10.0, "C4": 10.0}, {"C1": 5.0, "C3": 5.0}]

    assert timed(people(["S", "S"], [3, 3]), FULL, pages, mode="anonymous").excluded == 1


def test_a_page_passed_over_without_an_answer_is_not_answered_fast() -> None:
    table = people(["S"], [3])
    on_two = np.isin([i.criterion for i in FULL.items], ["C1", "C2"])
    values = np.where(on_two, 0, table.values).astype(np.int8)
    looked = AnswerTable(table.roles, None, values, table.shown)
    kept = timed(looked, FULL, [{**CALM, "C1": 0.0, "C2": 0.0}], mode="anonymous")

    assert (kept.excluded, kept.flagged.tolist()) == (0, [True])  # its long run is seen all the same


def test_the_one_page_of_the_pulse_goes_by_the_name_of_the_set() -> None:
    kept = timed(people(["S"] * 2, [3, 3], PULSE), PULSE, [{"pulse": 5.0}, {"pulse": 40.0}], mode="anonymous")

    assert (kept.excluded, kept.flagged.tolist()) == (0, [True, False])


def test_neither_the_consultant_nor_who_has_said_nothing_is_flagged() -> None:
    table = people(["K", "S"], [3, 3])
    values = table.values.copy()
    values[1] = 0
    kept = timed(AnswerTable(table.roles, None, values, table.shown), FULL, [FAST, FAST], mode="anonymous")

    assert (kept.excluded, kept.flagged.any()) == (0, False)


@pytest.mark.parametrize(("mode", "roles"), [("solo", ["SL"]), ("consensus", ["TM"])])
def test_one_person_or_a_team_is_asked_nothing(mode: Any, roles: list[str]) -> None:
    table = people(roles, [3])

    kept = timed(table, FULL, [FAST], mode=mode)
    assert (kept.excluded, kept.flagged.any(), kept.table) == (0, False, table)


@LAW
@given(st.data())
def test_a_long_run_alone_or_a_single_fast_page_never_excludes(data: st.DataObject) -> None:
    roles = data.draw(st.lists(st.sampled_from(["S", "OP", "OD", "SL", "TM"]), min_size=1, max_size=12))
    values = data.draw(st.lists(st.sampled_from([1, 3, 5, None]), min_size=len(roles), max_size=len(roles)))
    fast = data.draw(st.lists(st.sets(st.sampled_from(PAGES)), min_size=len(roles), max_size=len(roles)))
    times = [{**CALM, **dict.fromkeys(pages, 0.0)} for pages in fast]
    table = people(roles, values)
    kept = timed(table, FULL, times, mode="anonymous")
    shown = [{i.criterion for i in FULL.items if i.id in FULL.shown_to(role)} for role in roles]

    left = sum(len(pages & asked) >= 2 and v is not None for pages, asked, v in zip(fast, shown, values, strict=True))
    assert kept.excluded <= left
    if all(len(pages) < 2 for pages in fast) or not any(values):
        assert kept.excluded == 0
    assert kept.table.respondents == len(roles) - kept.excluded == len(kept.flagged)


# ---------------------------------------------------------------- the line with and without


def test_nobody_flagged_needs_no_second_scoring(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = timed(people(["S"] * 8, [None] * 8), FULL, [CALM] * 8, mode="anonymous")
    result = score(kept.table, FULL, mode="anonymous")
    monkeypatch.setattr(module, "score", None)

    assert sensitivity(kept, result, FULL) == Sensitivity(0, 0, None)


@pytest.mark.parametrize("flagged", [1, 4])
def test_fewer_than_k_flagged_is_all_that_is_said_of_them(flagged: int) -> None:
    _, line = found(["S"] * 12, [5] * flagged + [None] * (12 - flagged), [UNKNOWN] * 12)

    assert line == Sensitivity(None, 0, None)


def test_with_and_without_five_of_twelve_is_the_result_of_the_other_seven() -> None:
    kept, line = found(["S"] * 12 + ["SL"] * 2, [5] * 5 + [None] * 9, [UNKNOWN] * 14)
    alone = score(
        people(["S"] * 12 + ["SL"] * 2, [5] * 5 + [None] * 9).select(np.arange(5, 14)), FULL, mode="anonymous"
    )
    whole = score(kept.table, FULL, mode="anonymous")

    assert (line.flagged, line.excluded) == (5, 0)
    assert line.without is not None
    assert line.without.criteria == {c.id: c.score for c in alone.criteria}
    assert line.without.overall == alone.overall.score
    largest = max(abs((c.score or 0) - (whole.criterion(c.id).score or 0)) for c in alone.criteria)
    assert line.without.largest == pytest.approx(largest)
    assert largest > 0.3


def test_one_flagged_in_another_group_is_refused() -> None:
    """Five sellers could be taken out, but the one of the surroundings could be read out of the difference."""
    _, line = found(["S"] * 12 + ["OP"] * 8, [5] * 5 + [None] * 14 + [5], [UNKNOWN] * 20)

    assert line == Sensitivity(6, 0, None)


def test_one_flagged_leader_is_not_pointed_out() -> None:
    _, line = found(["S"] * 12 + ["SL"] * 2, [5] * 5 + [None] * 8 + [5], [UNKNOWN] * 14)

    assert line == Sensitivity(6, 0, None)


def test_answers_that_would_come_into_use_without_the_flagged_are_refused() -> None:
    """Without five of support the rest joins the other departments: then four answers count that did not before."""
    kept, line = found(["OP"] * 9 + ["OD"] * 6, [5] * 5 + [None] * 10, [UNKNOWN] * 15)
    fewer = kept.table.values.copy()
    fewer[13:, [i.id == "C2.3" for i in FULL.items]] = 0  # four of the other departments answer it
    table = AnswerTable(kept.table.roles, None, fewer, kept.table.shown)

    assert line.without is not None
    with pytest.raises(DisclosureError, match="grouped in another way"):
        check_line(Screened(table, kept.flagged, 0), k=5)


def test_a_perspective_that_is_gone_without_them_is_not_called_a_change() -> None:
    """Eight sellers, five of them flagged: what would move the score is that three may not be shown."""
    _, line = found(["S"] * 8 + ["OP"] * 8, [5] * 5 + [None] * 11, [UNKNOWN] * 16)

    assert line == Sensitivity(5, 0, None)


def test_an_area_that_lost_a_perspective_takes_the_overall_comparison_with_it() -> None:
    kept, _ = found(["S"] * 12 + ["SL"] * 2, [5] * 5 + [None] * 9, [UNKNOWN] * 14)
    fewer = kept.table.values.copy()
    last = np.array([i.criterion == "C7" for i in FULL.items])
    fewer[5:8, last] = 0  # four of the sellers who are left answer it
    table = AnswerTable(kept.table.roles, None, fewer, kept.table.shown)
    line = sensitivity(Screened(table, kept.flagged, 0), score(table, FULL, mode="anonymous"), FULL)

    assert line.without is not None
    assert [c for c, now in line.without.criteria.items() if now is None] == ["C7"]
    assert line.without.overall is None


@LAW
@given(st.data())
def test_with_and_without_never_single_out_fewer_than_k(data: st.DataObject) -> None:
    """Whatever is let through: per item and perspective the two differ by nobody or by k protected people or more."""
    sizes = {"S": (6, 16), "OP": (0, 10), "OD": (0, 10), "SL": (0, 8), "K": (0, 1)}
    counts = {role: data.draw(st.integers(*between)) for role, between in sizes.items()}
    flagging = {role: data.draw(st.sampled_from([0, 0, 0, 3, 5, 6, 7])) for role in ("S", "OP", "OD", "SL")}
    seed, by_team, k = data.draw(st.integers(0, 10**6)), data.draw(st.booleans()), data.draw(st.sampled_from([5, 6]))
    drawn = np.random.default_rng(seed)
    roles = [role for role, count in counts.items() for _ in range(count)]
    table = people(roles, [None] * len(roles), teams=drawn.choice(["North", "South"], len(roles)))
    silent = drawn.random(table.shown.shape) < drawn.choice([0.0, 0.0, 0.0, 0.05])
    table = AnswerTable(table.roles, table.teams, np.where(silent, 0, table.values).astype(np.int8), table.shown)
    place = np.concatenate([np.arange(count) for count in counts.values()])
    flagged = place < np.array([flagging.get(role, 0) for role in roles])
    kept = Screened(table, flagged, 0)
    result = score(table, FULL, mode="anonymous", k=k, by_team=by_team)
    line = sensitivity(kept, result, FULL, by_team=by_team)

    assert line.flagged is None or line.flagged == 0 or line.flagged >= k
    if line.without is None:
        return
    assert not 0 < np.isin(table.roles[flagged], ["SL", "TM"]).sum() < k
    used = publication(table, mode="anonymous", k=k, by_team=by_team).used
    without = np.zeros_like(used)
    without[~flagged] = publication(table.select(~flagged), mode="anonymous", k=k, by_team=by_team).used
    protected = np.isin(table.roles, PROTECTED)
    for members in PERSPECTIVES.values():
        apart = (used ^ without)[np.isin(table.roles, members) & protected].sum(axis=0)
        assert ((apart == 0) | (apart >= k)).all()
