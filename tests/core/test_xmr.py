"""Process behaviour charts: the worked quote lead time, each rule at its edge, and laws of the limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.current_state.xmr import Signal, chart

BEFORE = [9, 11, 8, 10, 12, 9, 10, 13, 9, 8, 11, 10]
AFTER = [7, 6, 8, 6, 7, 5, 6, 7]
LEVEL = [9, 11] * 6  # centre 10, mean range 2: limits 4.68 and 15.32, half-lines 7.34 and 12.66, range limit 6.536
NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2, allow_nan=False).map(float)


def signals(after: list[float], before: list[float] = LEVEL, floor: float | None = None) -> list[tuple[str, int, str]]:
    drawn = chart([*before, *after], baseline=len(before), good="down", floor=floor)
    return [(s.rule, s.at, s.side) for s in drawn.signals]


def test_quote_lead_time_has_the_limits_of_the_worked_example() -> None:
    drawn = chart(BEFORE)
    assert drawn.centre == 10
    assert (drawn.upper, drawn.lower) == (pytest.approx(16.05, abs=0.005), pytest.approx(3.95, abs=0.005))
    assert drawn.range_limit == pytest.approx(7.43, abs=0.005)
    assert (drawn.signals, drawn.state, drawn.provisional) == ((), "stable_no_change", False)


def test_faster_quotes_fire_rule_2_at_point_7_and_rule_3_at_point_8() -> None:
    drawn = chart([*BEFORE, *AFTER], baseline=12, good="down", floor=0)
    assert drawn.signals == (Signal("R2", 7, "lower"), Signal("R3", 8, "lower"))
    assert drawn.state == "signal_better"
    assert chart([*BEFORE, *AFTER], baseline=12, good="up").state == "signal_worse"


def test_new_limits_from_the_eight_points_are_those_of_the_example() -> None:
    drawn = chart(AFTER)
    assert (drawn.centre, drawn.provisional, drawn.state) == (6.5, True, "stable_no_change")
    assert (drawn.lower, drawn.upper) == (pytest.approx(2.70, abs=0.005), pytest.approx(10.30, abs=0.005))
    assert drawn.range_limit == pytest.approx(4.67, abs=0.005)


def test_rule_1_needs_a_point_beyond_the_limit_not_on_it() -> None:
    assert signals([15.32]) == []
    assert signals([15.33]) == [("R1", 1, "upper")]


def test_a_range_beyond_its_limit_is_rule_1_on_the_side_of_the_move() -> None:
    assert signals([13.5, 6.9]) == [("R1", 2, "lower")]
    assert signals([13.5, 6.964]) == []


def test_the_first_range_runs_from_the_last_baseline_point() -> None:
    assert signals([6], before=[*LEVEL, 13]) == [("R1", 1, "lower")]
    assert signals([6], before=[13, *reversed(LEVEL)]) == []


def test_a_floor_under_the_lower_limit_leaves_rule_1_alone() -> None:
    assert signals([4.6], floor=4.6) == [("R1", 1, "lower")]
    assert signals([4.6], floor=0) == [("R1", 1, "lower")]


def test_rule_2_needs_four_points_three_of_them_on_one_side() -> None:
    assert signals([13, 13, 13]) == []
    assert signals([13, 10, 13, 13]) == [("R2", 4, "upper")]
    assert signals([13, 7.2, 13, 7.2]) == []
    assert signals([12.66, 12.66, 12.66, 10]) == []


def test_a_point_on_the_centre_line_breaks_a_run_also_when_binary_fractions_would_not() -> None:
    before = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3]
    assert signals([0.21] * 7 + [0.2] + [0.21] * 7, before=before) == []
    assert signals([0.21] * 9, before=before) == [("R3", 8, "upper"), ("R3", 9, "upper")]


def test_a_run_does_not_reach_back_into_the_baseline() -> None:
    assert signals([9.5] * 7, before=[*LEVEL, 9.9, 9.9, 9.9]) == []


def test_few_points_make_provisional_limits_or_none() -> None:
    one, two, five = chart([3]), chart([3, 4]), chart([3, 4, 3, 4, 3, 9], baseline=5, good="up")
    assert (one.centre, one.upper, one.lower, one.range_limit, one.provisional) == (3, None, None, None, False)
    assert (one.state, two.state, two.provisional) == ("insufficient", "insufficient", True)
    assert (five.state, five.signals) == ("insufficient", (Signal("R1", 1, "upper"),))
    assert chart([3, 4] * 3).state == "stable_no_change"
    assert (chart(BEFORE[:11]).provisional, chart(BEFORE).provisional) == (True, False)


def test_the_floor_stops_the_lower_limit() -> None:
    assert chart([1, 5, 1, 5, 1, 5], floor=0).lower == 0
    assert chart([1, 5, 1, 5, 1, 5]).lower == pytest.approx(3 - 2.66 * 4)
    assert chart([1, 5, 1, 5, 1, 5], floor=-100).lower == pytest.approx(3 - 2.66 * 4)


def test_the_latest_signal_decides_and_a_contradiction_is_no_improvement() -> None:
    assert chart([*LEVEL, 16, 10], baseline=12, good="up").state == "signal_better"
    assert chart([*LEVEL, 16, 10, 4], baseline=12, good="up").state == "signal_worse"
    both = chart([*LEVEL, 30, 20], baseline=12, good="up")  # beyond the limit, and a fall beyond the range limit
    assert {s.side for s in both.signals if s.at == 2} == {"upper", "lower"}
    assert both.state == "signal_worse"


@pytest.mark.parametrize(
    ("values", "baseline", "good", "floor"),
    [([], None, None, None), ([1], 2, "up", None), ([1], 0, "up", None), ([1], 1, None, None), ([-1], None, None, 0)],
)
def test_what_cannot_be_drawn_is_refused(values: list[float], baseline: int, good: str, floor: float) -> None:
    with pytest.raises(ValueError):
        chart(values, baseline=baseline, good=good, floor=floor)  # type: ignore[arg-type]


@given(st.lists(NUMBERS, min_size=1, max_size=15), st.lists(NUMBERS, max_size=12))
def test_later_points_never_move_the_limits(before: list[float], after: list[float]) -> None:
    alone, later = chart(before), chart([*before, *after], baseline=len(before), good="up")
    assert (alone.centre, alone.upper, alone.lower, alone.range_limit, alone.provisional) == (
        *(later.centre, later.upper, later.lower, later.range_limit, later.provisional),
    )


@given(st.lists(NUMBERS, min_size=2, max_size=15), st.lists(NUMBERS, max_size=12))
def test_upside_down_points_signal_on_the_other_side(before: list[float], after: list[float]) -> None:
    values = [*before, *after]
    drawn = chart(values, baseline=len(before), good="up")
    turned = chart([-x for x in values], baseline=len(before), good="down")
    other = {"upper": "lower", "lower": "upper"}
    assert {(s.rule, s.at, other[s.side]) for s in drawn.signals} == {(s.rule, s.at, s.side) for s in turned.signals}
    assert drawn.state == turned.state
