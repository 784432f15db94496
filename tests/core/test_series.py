"""A KPI over time: stretches with limits of their own, signals at their points, and how the KPI stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.current_state.series import Mark, Shift, series

BEFORE = [9, 11, 8, 10, 12, 9, 10, 13, 9, 8, 11, 10]
AFTER = [7, 6, 8, 6, 7, 5, 6, 7]
LEVEL = [10, 11, 10, 9, 10, 11, 10, 9, 10, 11, 10, 9]

numbers = st.lists(st.integers(0, 100), min_size=1, max_size=30)


def test_faster_quotes_signal_where_the_worked_example_says_and_began_at_the_first_point() -> None:
    found = series(BEFORE + AFTER, good="down", baseline=12, floor=0)

    assert found.marks == (Mark(18, "few", "lower"), Mark(19, "run", "lower"))
    assert found.state == "signal_better"
    assert found.shift == Shift(before=10.0, after=6.5, since=12)


def test_a_confirmed_change_has_new_limits_and_still_counts_as_a_change() -> None:
    found = series(BEFORE + AFTER, good="down", starts=[12], floor=0)

    before, after = found.segments
    assert (before.first, before.count, before.baseline) == (0, 12, 12)
    assert (after.first, after.count, after.baseline) == (12, 8, 8)
    assert (after.chart.centre, round(after.chart.lower or 0, 2), round(after.chart.upper or 0, 2)) == (6.5, 2.7, 10.3)
    assert after.chart.provisional
    assert found.marks == ()
    assert (found.state, found.shift) == ("signal_better", Shift(10.0, 6.5, 12))


def test_a_change_confirmed_without_a_signal_is_no_change() -> None:
    found = series([*LEVEL, 10, 9, 11, 10, 9, 10], good="down", starts=[12])
    assert (found.state, found.shift) == ("stable_no_change", None)


def test_a_later_stretch_is_frozen_at_its_twelfth_point_and_signals_against_it() -> None:
    found = series(BEFORE + LEVEL + [30], good="up", starts=[12])

    assert found.segments[1].baseline == 12
    assert found.marks == (Mark(24, "point", "upper"),)
    assert (found.state, found.shift) == ("signal_better", None)


def test_too_large_a_step_inside_the_limits_is_told_apart_from_a_point_outside() -> None:
    # limits 10 ± 2.66, steps up to 3.27: from 8 to 12 is a step too large between two points inside
    found = series([10, 11, 10, 9] * 3 + [8, 12], good="up", baseline=12)
    assert found.marks == (Mark(13, "step", "upper"),)


def test_without_a_frozen_baseline_nothing_signals_and_few_points_say_nothing() -> None:
    assert series(BEFORE + AFTER, good="down").marks == ()
    assert series(BEFORE[:5] + AFTER, good="down", baseline=5).state == "insufficient"
    assert series([4], good="down").state == "insufficient"


def test_the_latest_stretch_of_signals_decides_the_change() -> None:
    found = series(LEVEL + [12] * 8 + [8] * 8, good="up", baseline=12)

    assert found.state == "signal_worse"
    assert found.shift is not None
    assert (found.shift.after, found.shift.since) == (8.0, 20)


@pytest.mark.parametrize(
    ("values", "more"),
    [([], {}), ([1, 2], {"starts": [2]}), ([1, 2], {"starts": [-1]}), ([1, -2], {"floor": 0}), ([1], {"baseline": 0})],
)
def test_what_cannot_be_drawn_is_refused(values: list[float], more: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        series(values, good="up", **more)  # type: ignore[arg-type]


@given(numbers, numbers, st.data())
def test_later_points_never_move_earlier_limits(before: list[int], after: list[int], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(before) - 1))
    starts = [cut] if cut else []
    baseline = data.draw(st.integers(1, len(before)))
    known = series([*before], good="up", starts=starts, baseline=baseline)
    later = series([*before, *after], good="up", starts=[*starts, len(before)], baseline=baseline)

    assert later.segments[: len(known.segments)] == known.segments
    assert later.marks[: len(known.marks)] == known.marks


@given(numbers, st.sets(st.integers(1, 29)))
def test_every_point_lies_in_one_stretch(values: list[int], starts: set[int]) -> None:
    found = series([*values], good="up", starts=[s for s in starts if s < len(values)])
    assert [i for s in found.segments for i in range(s.first, s.first + s.count)] == list(range(len(values)))
