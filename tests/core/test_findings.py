"""Findings by rule: what a page leads with follows from the result alone."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.packs import builtin
from assessment.scoring import findings
from assessment.scoring.answers import answer_table
from assessment.scoring.result import Result
from assessment.scoring.score import score

FULL, PULSE = builtin("full"), builtin("pulse")
METHOD = {"C1": 2.25, "C2": 2.80, "C3": 1.75, "C4": 2.60, "C5": 2.10, "C6": 2.90, "C7": 2.40}


def solo(levels: dict[str, int | str | None], weights: dict[str, int] | None = None) -> Result:
    """The result of one person; levels by criterion id hold for all its items, by item id for that item."""
    answers = {i.id: levels.get(i.id, levels.get(i.criterion)) for i in FULL.items}
    return score(answer_table(FULL, ["SL"], [answers], mode="solo"), FULL, mode="solo", weights=weights)


def method_example() -> Result:
    """The criteria of method §3.4, with its weights."""
    weights = dict(zip(METHOD, (1, 2, 1, 2, 3, 1, 1), strict=True))
    result = solo(dict.fromkeys(METHOD, 2))
    criteria = tuple(
        replace(
            c,
            score=METHOD[c.id],
            gap=4 - METHOD[c.id],
            weight=weights[c.id],
            priority=weights[c.id] * (4 - METHOD[c.id]),
        )
        for c in result.criteria
    )
    return replace(result, criteria=criteria)


def group(leaders: int, sellers: list[int], *, items: dict[str, int] | None = None) -> Result:
    """Five leaders alike and sellers each with one answer throughout; items: what leaders say instead, by item."""
    rows = [{i.id: (items or {}).get(i.id, leaders) for i in FULL.items if i.id in FULL.shown_to("SL")}] * 5
    rows += [{i.id: level for i in FULL.items if i.id in FULL.shown_to("S")} for level in sellers]
    roles = ["SL"] * 5 + ["S"] * len(sellers)
    return score(answer_table(FULL, roles, rows, mode="anonymous"), FULL, mode="anonymous")


def test_the_priorities_of_the_method_come_in_its_order() -> None:
    order = [c.id for c in findings.by_priority(method_example())]

    assert order == ["C5", "C4", "C2", "C3", "C1", "C7", "C6"]


def test_a_heavier_area_leads_and_the_wider_gap_is_named() -> None:
    result = method_example()
    leading = findings.leading_gap(result)

    assert leading is not None
    assert leading.id == "C5"
    wider = findings.wider_gap(result, leading)
    assert wider is not None
    assert wider.id == "C3"
    assert findings.weighs_most(result, leading)
    assert findings.weights_differ(result)


def test_equal_weights_have_no_wider_gap_than_the_leading_one() -> None:
    result = solo({**dict.fromkeys(METHOD, 3), "C3": 1})
    leading = findings.leading_gap(result)

    assert leading is not None
    assert leading.id == "C3"
    assert findings.wider_gap(result, leading) is None
    assert not findings.weighs_most(result, leading)


def test_an_area_without_weight_neither_leads_nor_counts_as_wider() -> None:
    result = solo({**dict.fromkeys(METHOD, 3), "C3": 1}, weights={"C3": 0})
    leading = findings.leading_gap(result)

    assert leading is not None
    assert leading.id != "C3"
    assert findings.wider_gap(result, leading) is None


def test_at_the_targets_there_is_no_gap_to_lead_with() -> None:
    result = solo(dict.fromkeys(METHOD, 4))

    assert findings.leading_gap(result) is None
    assert len(findings.on_target(result)) == 7


def test_figures_shown_add_up_as_shown() -> None:
    """4.0 − 1.8 = 2.2, though the exact gap of 2.25 alone would be printed as 2.3 (method §3.4, C3)."""
    shown = findings.as_shown(method_example().criterion("C3"))

    assert (shown.score, shown.target, shown.gap) == (Decimal("1.8"), Decimal("4.0"), Decimal("2.2"))


def test_a_criterion_without_a_score_has_no_figures_to_show() -> None:
    result = solo({"C1": 2})

    assert [c.id for c in findings.not_assessed(result)] == ["C2", "C3", "C4", "C5", "C6", "C7"]
    with pytest.raises(ValueError, match="C2"):
        findings.as_shown(result.criterion("C2"))


@given(
    st.floats(1, 5), st.sampled_from([2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0]), st.integers(0, 3), st.sampled_from([1, 2])
)
def test_every_printed_gap_is_the_difference_of_the_printed_figures(
    value: float, target: float, weight: int, digits: int
) -> None:
    criterion = replace(method_example().criterion("C1"), score=value, target=target, weight=weight)
    shown = findings.as_shown(criterion, digits)

    assert shown.gap == max(Decimal(0), shown.target - shown.score)
    assert shown.priority == weight * shown.gap


def test_leadership_seeing_it_brighter_is_counted_against_the_perspective_it_differs_most_from() -> None:
    seen = findings.perception(group(4, [2, 2, 2, 3, 3]))

    assert seen is not None
    assert seen.other == "sellers"
    assert seen.compared == len(seen.brighter) == 7
    assert seen.darker == ()


def test_leadership_seeing_it_darker_is_treated_as_seriously() -> None:
    result = group(2, [4, 4, 4, 3, 3])
    seen = findings.perception(result)

    assert seen is not None
    assert len(seen.darker) == 7
    assert findings.notable_difference(result.criteria[0]) == "sellers"


def test_a_difference_under_the_cut_is_no_finding() -> None:
    result = group(3, [3, 3, 3, 3, 2])
    seen = findings.perception(result)

    assert seen is not None
    assert (seen.brighter, seen.darker) == ((), ())
    assert findings.notable_difference(result.criteria[0]) is None


def test_one_view_alone_has_nothing_to_be_compared_with_and_is_named() -> None:
    result = group(3, [3, 3, 3])

    assert findings.perception(result) is None
    assert findings.seen_only_from(result) == "leadership"
    assert findings.hidden_perspectives(result) == {"sellers": tuple(c.id for c in result.criteria)}


def test_answers_far_apart_are_disagreement_and_split_items_are_listed() -> None:
    result = group(3, [1, 1, 1, 5, 5])
    agreement = findings.agreement(result)

    assert agreement[0].perspective == "sellers"
    assert findings.disagrees(agreement[0])
    assert all(one.ad_m >= other.ad_m for one, other in pairwise(agreement))


def test_half_dont_know_is_flagged_and_a_fifth_is_not() -> None:
    result = solo({**dict.fromkeys(METHOD, 3), "C3.1": "DK", "C3.2": "DK", "C5.1": "DK"})

    assert [c.id for c in findings.much_unknown(result)] == ["C3"]


def test_the_share_answered_is_none_when_nothing_applies() -> None:
    assert findings.answered_share(solo(dict.fromkeys(METHOD, 2))) == 1
    assert findings.answered_share(solo(dict.fromkeys(METHOD, "NA"))) is None
    assert not findings.answered(solo(dict.fromkeys(METHOD, "DK")))


def test_the_lowest_areas_are_all_named_when_they_share_it() -> None:
    result = solo({**dict.fromkeys(METHOD, 3), "C2": 1, "C6": 1})

    assert [c.id for c in findings.lowest(result)] == ["C2", "C6"]
    assert [c.id for c in findings.lowest_first(result)][:2] == ["C2", "C6"]


def test_the_weakest_question_and_its_next_rung() -> None:
    result = solo({**dict.fromkeys(METHOD, 3), "C5.2": 1})
    weakest = findings.weakest_item(result, "C5")

    assert weakest is not None
    assert weakest.id == "C5.2"
    assert findings.rung(weakest) == 1
    assert findings.weakest_item(solo({"C1": 2}), "C5") is None


@pytest.mark.parametrize(("at", "full", "pulse"), [(1, 2, 3), (2, 3, 3), (3, 4, 5), (4, 5, 5), (5, None, None)])
def test_the_next_rung_is_the_next_one_the_pack_describes(at: int, full: int | None, pulse: int | None) -> None:
    assert findings.next_rung(FULL, at) == full
    assert findings.next_rung(PULSE, at) == pulse


@pytest.mark.parametrize(("band", "rung"), [(">=4", None), ("<=2", None), ("3", 3)])
def test_a_band_gives_a_rung_only_when_it_names_one(band: str, rung: int | None) -> None:
    item = replace(solo({"C1": 2}).item("C1.1"), mean=None, band=band)

    assert findings.rung(item) == rung


def test_a_profile_is_read_from_the_largest_difference_or_the_nearest_target() -> None:
    levels = {i.id: 5 for i in FULL.items if i.criterion == "C7"}
    apart = group(4, [2, 2, 2, 3, 3], items=levels)
    assert findings.by_difference(apart)[0].id == "C7"

    alone = solo({"C1": 3, "C2": 4})
    assert [c.id for c in findings.by_difference(alone)][:2] == ["C2", "C1"]


@pytest.mark.parametrize(("share", "depth"), [(0, 0), (0.04, 1), (0.2, 2), (0.39, 2), (0.4, 3), (1, 3)])
def test_a_rung_is_tinted_by_its_share(share: float, depth: int) -> None:
    assert findings.heat(share) == depth


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(any))
def test_the_shares_shown_add_up_to_a_hundred(counts: list[int]) -> None:
    item = replace(solo({"C1": 2}).item("C1.1"), n=sum(counts), distribution=tuple(counts))
    shares = findings.shares(item)

    assert shares is not None
    assert sum(round(100 * share) for share in shares) == 100
    assert all(abs(share - count / item.n) < 0.01 for share, count in zip(shares, counts, strict=True))


def test_sub_scales_that_are_alike_have_no_lowest() -> None:
    uneven = solo({**dict.fromkeys(METHOD, 3), "C5.4": 1, "C5.5": 1})
    lowest = findings.lowest_subscale(uneven)

    assert lowest is not None
    assert lowest.id == "C5e"
    assert not findings.subscales_even(uneven)
    assert findings.subscales_even(solo(dict.fromkeys(METHOD, 3)))
    assert findings.lowest_subscale(solo({"C1": 3})) is None


def test_a_consultant_far_from_the_organisation_is_a_finding() -> None:
    everything = {i.id: 4 for i in FULL.items}
    table = answer_table(FULL, ["SL", "K"], [everything, dict.fromkeys(everything, 2)], mode="solo")
    outsider = findings.outsider(score(table, FULL, mode="solo"))

    assert outsider is not None
    assert outsider.consultant_gap == -2
    assert findings.outsider(solo(dict.fromkeys(METHOD, 3))) is None


def test_each_split_item_is_listed() -> None:
    assert findings.split_items(group(1, [5, 5, 5, 5, 5]))
    assert findings.split_items(group(3, [3, 3, 3, 3, 3])) == ()
