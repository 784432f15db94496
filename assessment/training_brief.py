"""Use cases of the brief for a training: which steps it can carry, what is in its way, and when to measure."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from assessment.engagement import EngagementId, TrainingBrief, WasteRow
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.mapping.stream import Interface, Stream
from assessment.mapping.waste import WasteRegister
from assessment.scoring.result import ItemStatistics, Result
from assessment.use_cases import UseCases

FOUNDATION: Final = "C1"
FOLLOWED_UP: Final = "C1.4"
IN_THE_WAY: Final = ("C6", "C7")  # the systems are a question of the first (method §2.2)
SHOWN: Final = 3
AGREED_POINTS: Final = 4
GOOD: Final = 4.0  # from the model's target up a question is no obstacle
_BEFORE: Final = timedelta(weeks=3), timedelta(weeks=2)
_AFTER_MONTHS: Final = 3
_RESULTS_MONTHS: Final = 6, 12


@dataclass(frozen=True)
class MeasuringDays:
    """When a training is measured (method §8.3). before, results: from and to."""

    before: tuple[date, date]
    last: date
    behaviour: date
    results: tuple[date, date]


class TrainingBriefs(UseCases):
    """What somebody adds to the brief for a training."""

    @requires("read")
    def training_brief(self, engagement_id: EngagementId) -> TrainingBrief:
        """What was added to the brief, and when the training ends."""
        return self._store.training_brief(self.engagement(engagement_id).id)

    @requires("run")
    def change_training_brief(self, engagement_id: EngagementId, given: Mapping[str, object]) -> None:
        """Add to the brief, section by section; empty words are none."""
        self._store.change_training_brief(engagement_id, {name: filled(value) for name, value in given.items()})


def foundation(result: Result) -> tuple[ItemStatistics, ...]:
    """The questions of what a training stands on that have a mean, highest first."""
    known = [i for i in result.items if i.criterion == FOUNDATION and i.mean is not None]
    return tuple(sorted(known, key=lambda i: -(i.mean or 0.0)))


def obstacles(result: Result) -> tuple[ItemStatistics, ...]:
    """The lowest questions of management, support, systems and daily work, lowest first, below what is good."""
    known = [i for i in result.items if i.criterion in IN_THE_WAY and i.mean is not None and i.mean < GOOD]
    return tuple(sorted(known, key=lambda i: i.mean or 0.0)[:SHOWN])


def weak_handoffs(stream: Stream) -> tuple[Interface, ...]:
    """The hand-offs worth training on: least usable first, then those where least is agreed.

    One that the receiver finds as good as it gets and where all four points are agreed is left out.
    Source: method §5.5, §6.7.
    """
    weak = [i for i in stream.interfaces if _usable(i) != (1.0, AGREED_POINTS)]
    return tuple(sorted(weak, key=_usable)[:SHOWN])


def worst_waste(register: WasteRegister) -> WasteRow | None:
    """The row within the mandate that takes most hours; None when there is none."""
    rows: Sequence[WasteRow] = [r for r in register.rows if r.in_mandate and r.hours_month]
    return max(rows, key=lambda r: r.hours_month or 0.0, default=None)


def measuring_days(last_day: date) -> MeasuringDays:
    """When to measure around a training that ends on this day. Source: method §8.3."""
    early, late = _BEFORE
    first, latest = _RESULTS_MONTHS
    return MeasuringDays(
        before=(last_day - early, last_day - late),
        last=last_day,
        behaviour=_later(last_day, _AFTER_MONTHS),
        results=(_later(last_day, first), _later(last_day, latest)),
    )


def _usable(interface: Interface) -> tuple[float, int]:
    # what nobody has judged is no weakness
    share = interface.receiver_share
    return 1.0 if share is None else share, AGREED_POINTS if interface.clarity is None else interface.clarity


def _later(day: date, months: int) -> date:
    """The same day so many months later, the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
