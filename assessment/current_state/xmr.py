"""Process behaviour charts (XmR): natural limits of a baseline, and what later points signal against them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal, get_args

from assessment.config import XMR_BASELINE_FULL, XMR_BASELINE_MIN, XMR_FEW, XMR_FEW_OF, XMR_POINT, XMR_RANGE, XMR_RUN

Good = Literal["up", "down"]
Side = Literal["upper", "lower"]
Rule = Literal["R1", "R2", "R3"]
State = Literal["stable_no_change", "signal_better", "signal_worse", "insufficient"]

GOOD: Final[tuple[Good, ...]] = get_args(Good)


@dataclass(frozen=True)
class Signal:
    """A rule that holds at a point; `at` counts the points after the baseline from 1."""

    rule: Rule
    at: int
    side: Side


@dataclass(frozen=True)
class Chart:
    """Centre and limits of a baseline, in the unit of the values, and the signals after it, oldest first.

    The limits are None below two baseline points, provisional up to eleven.
    """

    centre: float
    upper: float | None
    lower: float | None
    range_limit: float | None
    provisional: bool
    signals: tuple[Signal, ...]
    state: State


@dataclass(frozen=True)
class _Lines:
    centre: Fraction
    upper: Fraction
    lower: Fraction
    upper_half: Fraction
    lower_half: Fraction
    range_limit: Fraction


def chart(
    values: Sequence[float], *, baseline: int | None = None, floor: float | None = None, good: Good | None = None
) -> Chart:
    """The chart of values in time order, its limits frozen at the first `baseline` of them.

    Without a baseline all values are the baseline and nothing can signal. No value may be below the floor; a lower
    limit below it is drawn on it. A point on a line is neither beyond it nor on a side of it.

    Raises: ValueError when the baseline does not fit the values, a value is below the floor, or a baseline comes
    without the direction that is good.
    Source: method §4.2-4.3; Wheeler, Understanding Variation.
    """
    count = len(values) if baseline is None else baseline
    if not 1 <= count <= len(values):
        raise ValueError(f"baseline: expected 1 to {len(values)}, got {count}")
    if baseline is not None and good is None:
        raise ValueError("good: expected up or down with a baseline")
    if floor is not None and min(values) < floor:
        raise ValueError(f"values: expected none below the floor {floor:g}")
    # as written, 0.1 + 0.2 + 0.3 has the mean 0.2; in binary it has not, and the point 0.2 would have a side
    exact = [Fraction(str(value)) for value in values]
    before, after = exact[:count], exact[count:]
    centre = sum(before, Fraction()) / count
    if count < 2:
        return Chart(float(centre), None, None, None, provisional=False, signals=(), state="insufficient")
    lines = _lines(before, centre, None if floor is None else Fraction(str(floor)))
    signals = _signals(lines, before[-1], after)
    return Chart(
        centre=float(centre),
        upper=float(lines.upper),
        lower=float(lines.lower),
        range_limit=float(lines.range_limit),
        provisional=count < XMR_BASELINE_FULL,
        signals=signals,
        state="insufficient" if count < XMR_BASELINE_MIN else _state(signals, good),
    )


def _lines(before: Sequence[Fraction], centre: Fraction, floor: Fraction | None) -> _Lines:
    mean_range = sum((abs(b - a) for a, b in pairwise(before)), Fraction()) / (len(before) - 1)
    reach = Fraction(str(XMR_POINT)) * mean_range
    lower = centre - reach
    return _Lines(
        centre=centre,
        upper=centre + reach,
        lower=lower if floor is None else max(lower, floor),
        upper_half=centre + reach / 2,
        lower_half=centre - reach / 2,
        range_limit=Fraction(str(XMR_RANGE)) * mean_range,
    )


def _signals(lines: _Lines, last_before: Fraction, after: Sequence[Fraction]) -> tuple[Signal, ...]:
    """One for each rule, side and point at which the rule holds; ordered by point, rule and side."""
    half = [_side(x, lines.lower_half, lines.upper_half) for x in after]
    centre = [_side(x, lines.centre, lines.centre) for x in after]
    previous = (last_before, *after)
    found: list[Signal] = []
    for at, x in enumerate(after, start=1):
        move = _side(x - previous[at - 1], -lines.range_limit, lines.range_limit)
        outside = (_side(x, lines.lower, lines.upper), move)
        few = half[at - XMR_FEW_OF : at] if at >= XMR_FEW_OF else []
        run = centre[at - XMR_RUN : at] if at >= XMR_RUN else []
        sides: tuple[Side, ...] = get_args(Side)
        found += [Signal("R1", at, side) for side in sides if side in outside]
        found += [Signal("R2", at, side) for side in sides if few.count(side) >= XMR_FEW]
        found += [Signal("R3", at, side) for side in sides if run.count(side) == XMR_RUN]
    return tuple(found)


def _side(value: Fraction, lower: Fraction, upper: Fraction) -> Side | None:
    if value > upper:
        return "upper"
    return "lower" if value < lower else None


def _state(signals: Sequence[Signal], good: Good | None) -> State:
    if not signals:
        return "stable_no_change"
    latest = {signal.side for signal in signals if signal.at == signals[-1].at}
    # two sides at one point contradict each other; only an undisputed one may let a benefit count as realised
    return "signal_better" if latest == {"upper" if good == "up" else "lower"} else "signal_worse"
