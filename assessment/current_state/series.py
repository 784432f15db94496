"""A KPI over time: stretches with limits of their own, what signals in each, and what has become of the figure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Literal

from assessment.config import XMR_BASELINE_FULL, XMR_FEW, XMR_FEW_OF, XMR_RUN
from assessment.current_state.xmr import Chart, Good, Rule, Side, State, chart

_REACH: dict[Rule, int] = {"R1": 1, "R2": XMR_FEW_OF, "R3": XMR_RUN}


@dataclass(frozen=True)
class Segment:
    """A stretch of points with limits of their own. first: place of its first point, from 0.

    baseline: how many of its `count` points the limits are made of.
    """

    first: int
    count: int
    baseline: int
    chart: Chart


@dataclass(frozen=True)
class Mark:
    """A rule that holds at a point. index: the point's place, from 0.

    kind: the rule, told apart where the point is inside its limits and only the step to it is too large.
    """

    index: int
    kind: Literal["point", "step", "few", "run"]
    side: Side


@dataclass(frozen=True)
class Shift:
    """A change larger than natural variation: the centre before, the mean since, and where it began."""

    before: float
    after: float
    since: int


@dataclass(frozen=True)
class Series:
    """All stretches of a KPI, oldest first, the signals in them, and how it stands (method §4.3).

    shift: None where no points in a row signal. A confirmed change is judged by the limits from before it.
    lapsed: it was better, and is back in natural variation: none of the latest four points signals, and fewer than
    three of them are on the better side of the centre (our convention).
    """

    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]
    state: State
    shift: Shift | None
    lapsed: bool


def series(
    values: Sequence[float],
    *,
    good: Good,
    starts: Collection[int] = (),
    baseline: int | None = None,
    floor: float | None = None,
) -> Series:
    """The chart of each stretch, and what they say together.

    starts: places at which a confirmed change gives new limits. baseline: points the first limits are frozen at; None
    takes all of the first stretch. Later stretches are frozen at their twelfth point.
    Raises: ValueError without values, when a start or the baseline is not among them, or a value is below the floor.
    Source: method §4.2-4.3.
    """
    if not values:
        raise ValueError("values: expected at least one")
    cuts = [0, *sorted({*starts} - {0}), len(values)]
    if any(not 0 < cut < len(values) for cut in cuts[1:-1]):
        raise ValueError("starts: expected places of values")
    segments: list[Segment] = []
    for first, end in pairwise(cuts):
        count = end - first
        frozen = baseline if first == 0 else XMR_BASELINE_FULL
        used = count if frozen is None else min(frozen, count)
        found = chart(values[first:end], baseline=used, floor=floor, good=good)
        segments.append(Segment(first, count, used, found))
    marks = tuple(mark for segment in segments for mark in _marks(segment, values))
    state, shift, lapsed = _standing(segments, values, floor, good)
    return Series(tuple(segments), marks, state, shift, lapsed)


def _marks(segment: Segment, values: Sequence[float]) -> list[Mark]:
    found, limits = [], segment.chart
    for signal in limits.signals:
        index = segment.first + segment.baseline + signal.at - 1
        over, under = values[index] > (limits.upper or 0.0), values[index] < (limits.lower or 0.0)
        beyond = over if signal.side == "upper" else under
        kind: Literal["point", "step", "few", "run"] = "few" if signal.rule == "R2" else "run"
        if signal.rule == "R1":
            kind = "point" if beyond else "step"
        found.append(Mark(index, kind, signal.side))
    return found


def _standing(
    segments: Sequence[Segment], values: Sequence[float], floor: float | None, good: Good
) -> tuple[State, Shift | None, bool]:
    last = segments[-1]
    if len(segments) > 1 and not last.chart.signals:
        before = segments[-2]
        judged = chart(values[before.first :], baseline=before.baseline, floor=floor, good=good)
        if judged.state in ("signal_better", "signal_worse"):
            shift = Shift(before.chart.centre, last.chart.centre, last.first)
            return judged.state, shift, _lapsed(judged, values[before.first + before.baseline :], good)
    return last.chart.state, _shift(last, values), _lapsed(last.chart, values[last.first + last.baseline :], good)


def _lapsed(judged: Chart, after: Sequence[float], good: Good) -> bool:
    """Whether what was better is so no more. after: the values after the baseline."""
    if judged.state != "signal_better" or judged.signals[-1].at > len(after) - XMR_FEW_OF:
        return False
    better = [value > judged.centre if good == "up" else value < judged.centre for value in after[-XMR_FEW_OF:]]
    return sum(better) < XMR_FEW


def _shift(segment: Segment, values: Sequence[float]) -> Shift | None:
    """The latest points in a row that signal, as one change."""
    signals = segment.chart.signals
    if not signals:
        return None
    side, other = signals[-1].side, max((s.at for s in signals if s.side != signals[-1].side), default=0)
    rows = [s for s in signals if s.side == side and s.rule != "R1" and s.at > other]
    if not rows:
        return None
    after = segment.first + segment.baseline
    begins, ends = after + min(s.at - _REACH[s.rule] for s in rows), after + rows[-1].at
    centre = segment.chart.centre
    # three of four leave room for one point from before the change
    while (values[begins] > centre) != (side == "upper"):
        begins += 1
    return Shift(centre, fmean(values[begins:ends]), begins)
