"""Filling the value stream from an event log: which stage is which, what the log says, and taking it over."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, get_args

from assessment.config import EVENT_VISITS_MIN
from assessment.current_state.event_log import ENDS, LEFT_OUT, How, StageFigures, Summary, chain_order, summary
from assessment.engagement import EngagementId, Stage, StageId, StreamMap
from assessment.files.event_log import EventLog, event_log
from assessment.guard import requires
from assessment.mapping.stream import Stream, process_time_h
from assessment.packs import LANGUAGES
from assessment.texts import texts
from assessment.use_cases import UseCases

Figure = Literal["wait_h", "volume_month", "conversion_share", "wip", "reentry_share"]
FIGURES: Final[tuple[Figure, ...]] = get_args(Figure)
# what a stage of the log may be beside a stage of the chain
OUT, END, NEW = "out", "end", "new"
_DIGITS: Final[Mapping[Figure, int]] = {
    "wait_h": 1,
    "volume_month": 1,
    "conversion_share": 2,
    "wip": 0,
    "reentry_share": 2,
}
_ENDINGS: Final = frozenset(
    {
        *("tapt", "vunnet", "lukket", "avsluttet", "avslått", "kansellert", "diskvalifisert"),
        *("lost", "won", "closed", "ended", "rejected", "cancelled", "canceled", "disqualified"),
    }
)


@dataclass(frozen=True)
class Offer:
    """A figure of a stage as it is told, and as the log has it. thin: too few visits or cases are behind it."""

    stage_id: StageId
    figure: Figure
    told: float | None
    found: float
    thin: bool

    @property
    def differs(self) -> bool:
        """Whether the log says something else."""
        return self.told is None or round(self.told, _DIGITS[self.figure]) != self.found


def suggested(log: EventLog, stream: Stream) -> tuple[str, ...]:
    """For each stage of the log the stage of the chain by that name in either language, else END, NEW or OUT.

    END is suggested by words like lost and won; NEW only where there is no chain yet.
    """
    known = {name: stage.id for stage in stream.chain for name in _names(stage)}
    otherwise = OUT if stream.chain else NEW
    return tuple(
        known.get(_plain(name), END if _ENDINGS & set(_plain(name).split()) else otherwise) for name in log.names
    )


def in_order(log: EventLog) -> tuple[int, ...]:
    """The stages of the log in the order cases go through them."""
    return chain_order(log.visits, len(log.names))


def summed(log: EventLog, stream: Stream, choices: Sequence[str]) -> Summary:
    """What the log tells of each stage of the chain. choices: what each stage of the log is, as `suggested` has it."""
    place = {stage.id: at for at, stage in enumerate(stream.chain)}
    to = [ENDS if choice == END else place.get(StageId(choice), LEFT_OUT) for choice in choices]
    return summary(log.visits, to, len(stream.chain))


def offers(found: Summary, stream: Stream, how: How) -> tuple[Offer, ...]:
    """What could be taken over, stage by stage; hands-on hours and quality are in no log."""
    return tuple(
        Offer(stage.id, figure, getattr(stage, figure), round(value, _DIGITS[figure]), counted.thin or thin)
        for stage, counted in zip(stream.chain, found.stages, strict=True)
        for figure, value, thin in _figures(counted, process_time_h(stage) or 0.0, how)
        if value is not None and counted.cases
    )


class EventLogs(UseCases):
    """Event logs: read, shown, and taken over into the value stream when somebody says so."""

    @requires("run")
    def read_events(
        self, engagement_id: EngagementId, name: str, content: bytes, progress: Callable[[float], None]
    ) -> EventLog:
        """The log in a file; nothing is stored. Raises: NotFound, InputError."""
        self.engagement(engagement_id)
        # where the log was written it may be tomorrow already
        return event_log(name, content, self._clock().date() + timedelta(days=1), progress)

    @requires("run")
    def begin_from_events(self, engagement_id: EngagementId, names: Sequence[str]) -> None:
        """Lay out a chain of stages with these names and without figures. Raises: AlreadyThere."""
        stages = [Stage(id=StageId(self._new_id()), position=at, name=name) for at, name in enumerate(names)]
        self._store.begin_stream(engagement_id, StreamMap(stages=tuple(stages)))

    @requires("run")
    def take_figures(
        self, engagement_id: EngagementId, figures: Mapping[StageId, Mapping[str, object]]
    ) -> Mapping[StageId, Mapping[str, object]]:
        """Store figures of stages, all or none, and give what they were: taking those undoes it.

        Raises: Gone, ValueError.
        """
        return self._store.change_stages(engagement_id, figures)


def _figures(counted: StageFigures, hands_on_h: float, how: How) -> Sequence[tuple[Figure, float | None, bool]]:
    return (
        ("wait_h", counted.wait_h(hands_on_h, how), False),
        ("volume_month", counted.volume_month, False),
        ("conversion_share", counted.conversion_share, counted.decided < EVENT_VISITS_MIN),
        ("wip", float(counted.wip), False),
        ("reentry_share", counted.reentry_share, counted.left_cases < EVENT_VISITS_MIN),
    )


def _names(stage: Stage) -> set[str]:
    key = f"stream.stage.{stage.code}"
    return {_plain(stage.name), *(_plain(texts(lang)(key)) for lang in LANGUAGES if texts(lang).has(key))}


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))
