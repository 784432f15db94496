"""Where cases have been and for how long: an event log or a CRM's stage history, summed up stage by stage."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import combinations
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from assessment.config import EVENT_VISITS_MIN, WORKDAY_BEGINS_H, WORKDAY_H

How = Literal["median", "mean"]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

HOWS: Final[tuple[How, ...]] = get_args(How)
STILL_THERE: Final = 10**11  # a moment later than any in a log, for a case that has not left
LEFT_OUT: Final = -1
ENDS: Final = -2
_DAY_S: Final = 86_400
_WORKDAY_S: Final = round(WORKDAY_H * 3600)
_BEGINS_S: Final = round(WORKDAY_BEGINS_H * 3600)
_APART: Final = 2 * STILL_THERE


@dataclass(frozen=True, eq=False)
class Visits:
    """Stays of cases in stages, each array one element a visit, in any order.

    case, stage: numbers from 0 that stand for them. entered, left: seconds on the wall's clock since 1970 began;
    STILL_THERE in `left` for a case that is there yet. Nobody left before they entered.
    """

    case: Ints
    stage: Ints
    entered: Ints
    left: Ints

    def __len__(self) -> int:
        return len(self.case)


@dataclass(frozen=True, eq=False)
class StageFigures:
    """What a log tells of one stage; None where no case tells it.

    finished, still_there: visits that are over and visits that are not. cases: that have been here. volume_month: cases
    that come, a month. hours, gap_h: of each finished visit, working hours in the stage and waited before it.
    decided: cases that have gone on to a later stage or are at their end; conversion_share: of these, gone on.
    left_cases: that have left at least once; reentry_share: of these, come back. wip: cases here at the log's end.
    """

    finished: int
    still_there: int
    cases: int
    volume_month: float
    hours: Floats
    gap_h: Floats
    decided: int
    conversion_share: float | None
    left_cases: int
    reentry_share: float | None
    wip: int

    def hours_in_stage(self, how: How) -> float | None:
        """Working hours of a finished visit."""
        return _middle(self.hours, how)

    def gap(self, how: How) -> float | None:
        """Working hours waited before a finished visit."""
        return _middle(self.gap_h, how)

    def wait_h(self, hands_on_h: float, how: How) -> float | None:
        """Working hours a case waits: before the stage, and in it while nobody works on it.

        Of each finished visit the gap before it and its hours less the hands-on time told, never below 0, and of these
        the median or the mean: medians of parts would not add up to the median of the whole.
        """
        return _middle(self.gap_h + np.maximum(self.hours - hands_on_h, 0.0), how)

    @property
    def thin(self) -> bool:
        """Whether too few visits are over for the figures to be taken for typical."""
        return self.finished < EVENT_VISITS_MIN


@dataclass(frozen=True, eq=False)
class Summary:
    """What a log tells, a stage of the chain for each of `stages`.

    overlapping: cases that are in two stages at once somewhere. single: cases with one visit, which tell of no way on.
    """

    stages: tuple[StageFigures, ...]
    overlapping: int
    single: int


def worked_s(moments: Ints) -> Ints:
    """Working seconds from a Monday long ago to each moment: Monday to Friday, the working day of the configuration.

    A date without a time is the start of its day, so between two dates there are whole working days. Public holidays
    are not taken out: a log does not say whose they are.
    """
    days, of_day = np.divmod(moments, _DAY_S)
    weeks, weekday = np.divmod(days + 3, 7)  # 1970 began on a Thursday
    begun = np.where(weekday < 5, np.clip(of_day - _BEGINS_S, 0, _WORKDAY_S), 0)
    return (5 * weeks + np.minimum(weekday, 5)) * _WORKDAY_S + begun


def working_h(begins: Ints, ends: Ints) -> Floats:
    """Working hours between moments, 0 where the second comes first."""
    return np.asarray(np.maximum(worked_s(ends) - worked_s(begins), 0) / 3600.0, dtype=np.float64)


def days_covered(visits: Visits) -> tuple[date, date]:
    """The first and the last day of a log that is not empty."""
    over = visits.left[visits.left < STILL_THERE]
    last = max(int(visits.entered.max()), int(over.max()) if len(over) else 0)
    return _day(int(visits.entered.min())), _day(last)


def months_covered(first: date, last: date) -> float:
    """Months from the first day to the last, both inclusive; of a month in part the share of its days."""
    return _month(last + timedelta(days=1)) - _month(first)


def chain_order(visits: Visits, stages: int) -> tuple[int, ...]:
    """The stages in the order cases go through them.

    One stands before another when more cases first came to it before they first came to the other than the other way
    round; the stage that stands before most comes first, and of equals the one with the lower number.
    """
    first = np.full((stages, _count(visits.case)), STILL_THERE, dtype=np.int64)
    np.minimum.at(first, (visits.stage, visits.case), visits.entered)
    before = np.zeros(stages)
    for one, other in combinations(range(stages), 2):
        both = (first[one] < STILL_THERE) & (first[other] < STILL_THERE)
        ahead = np.sign(np.sum(np.sign(first[other][both] - first[one][both])))
        before[one] += ahead
        before[other] -= ahead
    return tuple(int(stage) for stage in np.argsort(-before, kind="stable"))


def summary(visits: Visits, to: Sequence[int], stages: int) -> Summary:
    """What a log tells of a chain of stages.

    to: for each stage of the log the place in the chain it stands for, LEFT_OUT, or ENDS where cases that are lost, won
    or closed are put. Time in a stage that is left out counts as waiting before the next one.

    A visit is counted once: rows of a case in the same stage that overlap, or follow each other without a gap, are one.
    Where a case is in two stages at once nothing is waited between them. A stage that a case never left is left when
    the case comes to its end. Visits that are not over say nothing of hours: the ones still there are the slow ones,
    so what is finished looks somewhat faster than it is; hence also how many they are. Cases that wait between stages
    when the log ends are in no stage, so `wip` is less than Little's law expects where the waiting lies there.
    Conversion leaves out the cases that are neither at their end nor further on; of the last stage there is none. The
    volume is of the whole log, so a log of only those cases that began in it tells too little of the last stages.
    Source: method §5.1 for the terms.
    """
    told = np.asarray(to, dtype=np.int64)[visits.stage]
    left = _left(visits, told)
    still_open = np.zeros(_count(visits.case), dtype=np.bool_)
    still_open[visits.case[(left == STILL_THERE) & (told != ENDS)]] = True
    kept = told >= 0
    case, stage, entered, until = _visits_once(visits.case[kept], told[kept], visits.entered[kept], left[kept])
    before = _left_before(case, until)
    gap_h = np.where(before < entered, working_h(np.minimum(before, entered), entered), 0.0)
    stays = _Stays(case, stage, until, gap_h, working_h(entered, until), still_open)
    months = months_covered(*days_covered(visits)) if len(visits) else 1.0
    _, visited = np.unique(case, return_counts=True)
    return Summary(
        stages=tuple(_figures(stays, place, months, last=place == stages - 1) for place in range(stages)),
        overlapping=len(np.unique(case[(before > entered) & (before < _APART)])),
        single=int(np.sum(visited == 1)),
    )


@dataclass(frozen=True, eq=False)
class _Stays:
    """Visits counted once, by case and time; `still_open` by case."""

    case: Ints
    stage: Ints
    left: Ints
    gap_h: Floats
    hours: Floats
    still_open: Bools

    @cached_property
    def furthest(self) -> Ints:
        """The furthest place its case comes to from each visit on."""
        size = int(self.stage.max(initial=0)) + 1
        steps = self.stage + (self.case.max(initial=0) - self.case) * size
        return np.asarray(np.maximum.accumulate(steps[::-1])[::-1] % size, dtype=np.int64)


def _figures(stays: _Stays, place: int, months: float, *, last: bool) -> StageFigures:
    here = np.flatnonzero(stays.stage == place)
    over = here[stays.left[here] < STILL_THERE]
    cases, first, visits = np.unique(stays.case[here], return_index=True, return_counts=True)
    left_cases = np.unique(stays.case[over])
    gone_on = stays.furthest[here[first]] > place
    decided = gone_on | ~stays.still_open[cases]
    back = np.isin(cases[visits > 1], left_cases)
    return StageFigures(
        finished=len(over),
        still_there=len(here) - len(over),
        cases=len(cases),
        volume_month=len(cases) / months,
        hours=stays.hours[over],
        gap_h=stays.gap_h[over],
        decided=0 if last else int(np.sum(decided)),
        conversion_share=None if last else _share(gone_on, decided),
        left_cases=len(left_cases),
        reentry_share=float(np.sum(back) / len(left_cases)) if len(left_cases) else None,
        wip=len(np.unique(stays.case[here[stays.left[here] == STILL_THERE]])),
    )


def _left(visits: Visits, told: Ints) -> Ints:
    """When each visit was over; one that nobody ended is over when its case comes to its end."""
    ends, end = told == ENDS, np.full(_count(visits.case), -1, dtype=np.int64)
    np.maximum.at(end, visits.case[ends], visits.entered[ends])
    of_case = end[visits.case]
    return np.where((visits.left == STILL_THERE) & ~ends & (of_case >= visits.entered), of_case, visits.left)


def _visits_once(case: Ints, stage: Ints, entered: Ints, left: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Visits by case and time, rows of the same visit put together.

    Of rows that begin and end together the one earlier in the chain comes first, whatever order the file has.
    """
    if not len(case):
        return case, stage, entered, left
    order = np.lexsort((stage, left, entered, case))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    by_stage = np.lexsort((place, stage, case))
    case, stage, entered, left, place = (a[by_stage] for a in (case, stage, entered, left, place))
    same = (case[1:] == case[:-1]) & (stage[1:] == stage[:-1])
    until = _latest(left, np.concatenate(([0], np.cumsum(~same))))[:-1]
    touches = (entered[1:] == until) & (place[1:] == place[:-1] + 1)
    begins = np.flatnonzero(np.concatenate(([True], ~(same & ((entered[1:] < until) | touches)))))
    case, stage, entered = case[begins], stage[begins], entered[begins]
    left = np.maximum.reduceat(left, begins)
    order = np.lexsort((stage, left, entered, case))
    return case[order], stage[order], entered[order], left[order]


def _left_before(case: Ints, left: Ints) -> Ints:
    """When the case had left all it was in before each visit; _APART for its first, which nothing comes before."""
    before = np.full(len(case), _APART, dtype=np.int64)
    before[1:] = np.where(case[1:] == case[:-1], _latest(left, case)[:-1], _APART)
    return before


def _latest(left: Ints, group: Ints) -> Ints:
    """The latest of a group so far. Groups lie together and their numbers rise."""
    return np.asarray(np.maximum.accumulate(left + group * _APART) - group * _APART, dtype=np.int64)


def _middle(values: Floats, how: How) -> float | None:
    if not len(values):
        return None
    return float(np.median(values) if how == "median" else np.mean(values))


def _share(part: Bools, whole: Bools) -> float | None:
    return float(np.sum(part & whole) / np.sum(whole)) if whole.any() else None


def _count(numbers: Ints) -> int:
    return int(numbers.max(initial=-1)) + 1


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


def _month(day: date) -> float:
    return day.year * 12 + day.month + (day.day - 1) / monthrange(day.year, day.month)[1]
