"""What happened when: each source tells its own events, and all lie on one axis."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from assessment.engagement import EngagementId
from assessment.mapping.kpis import KpiReading, reading
from assessment.store.protocol import Store

Kind = Literal["wave", "mandate", "diagnosis", "decision", "goal", "action", "benefit", "kpi"]


@dataclass(frozen=True)
class Event:
    """Something that happened on a day, or lasted until another; or that is to happen.

    what: which of the kind's events, by id: a wave's label, a mandate's "version", a KPI's "signal_better" and so on.
    until: None where it is a moment, or a wave that is still open. about: a KPI's or wave's id, a benefit line.
    said: what somebody called it.
    """

    kind: Kind
    what: str
    on: date
    until: date | None = None
    about: str = ""
    said: str = ""


Source = Callable[[Store, EngagementId], Iterator[Event]]


def events(store: Store, engagement_id: EngagementId) -> tuple[Event, ...]:
    """The events of all sources, oldest first; those of a day in the order of the sources."""
    found = [event for source in SOURCES for event in source(store, engagement_id)]
    return tuple(sorted(found, key=lambda event: event.on))


def _waves(store: Store, engagement_id: EngagementId) -> Iterator[Event]:
    for wave in store.waves(engagement_id):
        until = None if wave.closed_at is None else wave.closed_at.date()
        yield Event("wave", wave.label, wave.opened_at.date(), until, about=wave.id)


def _mandates(store: Store, engagement_id: EngagementId) -> Iterator[Event]:
    for mandate in store.mandates(engagement_id):
        if mandate.created_at is not None:
            yield Event("mandate", "version", mandate.created_at.date(), about=str(mandate.version))


def _diagnoses(store: Store, engagement_id: EngagementId) -> Iterator[Event]:
    for wave in store.waves(engagement_id):
        signed = store.signed(wave.id)
        if signed is not None:
            yield Event("diagnosis", "signed", signed.signed_at.date(), about=wave.id, said=signed.signed_by)


def _decisions(store: Store, engagement_id: EngagementId) -> Iterator[Event]:
    for decision in store.strategy_decisions(engagement_id):
        yield Event("decision", decision.strategy, decision.decided_on, said=decision.decided_by)


def _goals(store: Store, engagement_id: EngagementId) -> Iterator[Event]:
    for goal in store.goals(engagement_id):
        if not goal.draft and goal.due_on is not None:
            yield Event("goal", "due", goal.due_on, about=goal.id, said=goal.text or "")


def _actions(store: Store, engagement_id: EngagementId) -> Iterator[Event]:
    for action in store.actions(engagement_id):
        if action.parked or action.status == "dropped":
            continue
        if action.done_on is not None:
            yield Event("action", "done", action.done_on, about=action.id, said=action.title or "")
        elif action.due_on is not None:
            yield Event("action", "due", action.due_on, about=action.id, said=action.title or "")


def _benefits(store: Store, engagement_id: EngagementId) -> Iterator[Event]:
    for told in store.realised_benefits(engagement_id):
        if told.signed_on is not None:
            yield Event("benefit", "signed", told.signed_on, about=told.line, said=told.signed_by or "")


def _kpis(store: Store, engagement_id: EngagementId) -> Iterator[Event]:
    for kpi, points in store.kpis(engagement_id):
        yield from _changes(reading(kpi, points))


def _changes(measured: KpiReading) -> Iterator[Event]:
    """Where a signal to one side begins to hold, and the changes somebody has confirmed."""
    kpi, points = measured.kpi, measured.points
    marks = [] if measured.series is None else measured.series.marks
    signalled = {(mark.index, mark.side) for mark in marks}
    for index, side in sorted(signalled):
        if (index - 1, side) not in signalled:
            better = (side == "upper") == (kpi.better == "up")
            yield Event("kpi", "signal_better" if better else "signal_worse", points[index].on, about=kpi.id)
    for point in points[1:]:
        if point.starts_segment:
            yield Event("kpi", "confirmed", point.on, about=kpi.id, said=point.note or "")


# one line for each source, in the order of the rows
SOURCES: Final[tuple[Source, ...]] = (_waves, _mandates, _diagnoses, _decisions, _goals, _actions, _benefits, _kpis)
