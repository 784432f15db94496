"""Use cases of the plan: quick wins and actions within the mandate, and the parking list for those outside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from assessment.engagement import (
    Action,
    ActionId,
    ActionStatus,
    EngagementId,
    Mandate,
    Process,
    ProcessId,
    Stage,
    StageId,
    Strategy,
    WaveId,
)
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.mapping.stream import crosses
from assessment.plan.days import months_later
from assessment.plan.mandates import decided_mandate
from assessment.store.protocol import Gone
from assessment.strategy.mandate import Reason, exclusions, reaches_departments
from assessment.strategy.model import STRATEGIES
from assessment.use_cases import UseCases

STATUSES: Final[tuple[ActionStatus, ...]] = ("planned", "doing", "done", "dropped")
MEASURE_AFTER_MONTHS: Final = (3, 6, 12)
_FIXED: Final = frozenset({"id", "position", "quick_win", "parked", "status", "done_on", "source"})

Outside = Reason | Literal["process_not_in_scope"]


@dataclass(frozen=True)
class Proposal:
    """An action that follows from a measurement.

    source: its id, by which it is taken over once. why: the question it answers, where it comes from one.
    """

    source: str
    title: str
    strategy: Strategy | None = None
    why: str = ""


@dataclass(frozen=True)
class Parked:
    """An action on the parking list. reasons: why it lies outside the mandate; none when it may be moved in now."""

    action: Action
    reasons: tuple[Outside, ...]


@dataclass(frozen=True)
class Measuring:
    """A day to measure again, so many months after a measurement was closed."""

    wave_id: WaveId
    months: int
    on: date


@dataclass(frozen=True)
class Plan:
    """The plan of an assessment.

    actions: those within the mandate and those that are over, earliest deadline first, without one last. parked: the
    others, in the order they came. sources: proposals that were taken over. stages: the chain, without steps.
    handoffs: between neighbours of the chain and those that were told of. measuring: days after the latest closed
    measurement, also past ones.
    """

    actions: tuple[Action, ...]
    parked: tuple[Parked, ...]
    sources: frozenset[str]
    processes: Mapping[ProcessId, Process]
    stages: Mapping[StageId, Stage]
    handoffs: tuple[tuple[StageId, StageId], ...]
    measuring: tuple[Measuring, ...]
    today: date

    def by_status(self, status: ActionStatus) -> tuple[Action, ...]:
        """The actions of a status; what is over, latest first."""
        found = tuple(action for action in self.actions if action.status == status)
        return found if status in ("planned", "doing") else found[::-1]

    @property
    def overdue(self) -> tuple[Action, ...]:
        """The actions that should have been done before today."""
        return tuple(action for action in self.actions if action.overdue(self.today))

    @property
    def quick_wins(self) -> tuple[Action, ...]:
        """The actions that are quick wins, and not dropped."""
        return tuple(action for action in self.actions if action.quick_win and action.status != "dropped")

    @property
    def next_measuring(self) -> Measuring | None:
        """The first day to measure again that is not past."""
        return next((measuring for measuring in self.measuring if measuring.on >= self.today), None)

    def find(self, action_id: str | None) -> Action | None:
        """The action with this id, parked or not, or None."""
        every = (*self.actions, *(parked.action for parked in self.parked))
        return next((action for action in every if action.id == action_id), None)

    def parking(self, action_id: str) -> Parked | None:
        """How the action stands on the parking list, or None when it is not on it."""
        return next((parked for parked in self.parked if parked.action.id == action_id), None)


class Actions(UseCases):
    """The plan of an assessment."""

    @requires("read")
    def plan(self, engagement_id: EngagementId) -> Plan:
        """The plan, judged by the mandate as it is now."""
        opened = self.engagement(engagement_id).id
        stream, mandate = self._store.stream_map(opened), self._store.mandate(opened)
        stages = {stage.id: stage for stage in stream.stages if stage.parent_stage_id is None}
        actions = self._store.actions(opened)
        judged = [Parked(action, outside(action, mandate, stages)) for action in actions]
        aside = [p for p in judged if p.action.parked or (p.action.open and p.reasons)]
        told = [(h.from_stage_id, h.to_stage_id) for h in stream.handoffs]
        parked = {p.action.id for p in aside}
        return Plan(
            actions=tuple(sorted((a for a in actions if a.id not in parked), key=_earliest_first)),
            parked=tuple(aside),
            sources=frozenset(action.source for action in actions if action.source),
            processes={process.id: process for process in self._store.processes(opened)},
            stages=stages,
            handoffs=tuple(
                dict.fromkeys((*pairwise(stages), *(pair for pair in told if pair[0] in stages and pair[1] in stages)))
            ),
            measuring=self._measuring(opened),
            today=self._clock().date(),
        )

    @requires("run")
    def begin_action(self, engagement_id: EngagementId) -> ActionId:
        """Begin an action, and return its id."""
        return self._add(engagement_id, {})

    @requires("run")
    def park_idea(self, engagement_id: EngagementId, title: str) -> ActionId:
        """Put an idea on the parking list, to be taken up when there is time, and return its id. Raises: ValueError."""
        return self._add(engagement_id, {"title": filled(title)}, parked=True)

    @requires("run")
    def take_over_proposal(self, engagement_id: EngagementId, proposal: Proposal) -> ActionId:
        """Make a proposal an action, and return its id. Raises: AlreadyThere when it has become one before."""
        said = {"source": proposal.source, "title": proposal.title, "strategy": proposal.strategy}
        return self._add(engagement_id, said)

    @requires("run")
    def describe_action(self, engagement_id: EngagementId, action_id: ActionId, given: Mapping[str, object]) -> None:
        """Say something of an action; what is not given stays.

        A quick win that now lacks something becomes an action again. What now lies outside the mandate is parked, and
        what no longer does since something else was said of it is not. Raises: Gone; ValueError.
        """
        if _FIXED & given.keys():
            raise ValueError("what an action is and where it stands have calls of their own")
        said = {field: filled(value) for field, value in given.items()}
        before = self._action(engagement_id, action_id)
        after = Action.model_validate({**before.model_dump(), **said, "quick_win": False})
        waits = before.parked and not self._outside(engagement_id, before)
        stands = {
            "quick_win": before.quick_win and not after.lacks,
            "parked": waits or bool(self._outside(engagement_id, after)),
        }
        self._store.change_action(engagement_id, action_id, said | stands)

    @requires("run")
    def move_action(self, engagement_id: EngagementId, action_id: ActionId, status: ActionStatus) -> None:
        """Say how far an action has come; what is done was done today. Raises: Gone."""
        before = self._action(engagement_id, action_id)
        done_on = (before.done_on or self._clock().date()) if status == "done" else None
        self._store.change_action(engagement_id, action_id, {"status": status, "done_on": done_on})

    @requires("run")
    def call_quick_win(self, engagement_id: EngagementId, action_id: ActionId, quick_win: bool) -> None:
        """Make an action a quick win, or a plain action again.

        Raises: Gone; ValueError while a quick win would lack anything.
        Source: method §8.1.
        """
        self._store.change_action(engagement_id, action_id, {"quick_win": quick_win})

    @requires("run")
    def move_in(self, engagement_id: EngagementId, action_id: ActionId) -> None:
        """Move an action from the parking list into the plan. Raises: Gone; ValueError while outside the mandate."""
        if self._outside(engagement_id, self._action(engagement_id, action_id)):
            raise ValueError("what lies outside the mandate stays on the parking list")
        self._store.change_action(engagement_id, action_id, {"parked": False})

    @requires("run")
    def remove_action(self, engagement_id: EngagementId, action_id: ActionId) -> Action:
        """Take out an action, and return it as it was, so that `restore_action` can undo this. Raises: Gone."""
        return self._store.remove_action(engagement_id, action_id)

    @requires("run")
    def restore_action(self, engagement_id: EngagementId, action: Action) -> None:
        """Undo `remove_action`. What it referred to and has gone since is left out."""
        stages = {stage.id for stage in self._store.stream_map(engagement_id).stages}
        known: Mapping[str, set[str]] = {
            "kpi_id": {str(kpi.id) for kpi, _ in self._store.kpis(engagement_id)},
            "process_id": {str(process.id) for process in self._store.processes(engagement_id)},
            "stage_id": {*stages},
            "to_stage_id": {*stages},
        }
        left: dict[str, object] = {f: None for f, ids in known.items() if getattr(action, f) not in ids}
        if action.source in {other.source for other in self._store.actions(engagement_id)}:
            left["source"] = None  # taken over once more meanwhile
        restored = Action.model_validate({**action.model_dump(), **left, "quick_win": False})
        whole = action.quick_win and not restored.lacks
        self._store.add_actions(engagement_id, [restored.model_copy(update={"quick_win": whole})])

    def _add(self, engagement_id: EngagementId, said: Mapping[str, object], *, parked: bool = False) -> ActionId:
        last = max((action.position for action in self._store.actions(engagement_id)), default=-1)
        action = Action.model_validate({"id": self._new_id(), "position": last + 1, **said})
        parked = parked or bool(self._outside(engagement_id, action))
        self._store.add_actions(engagement_id, [action.model_copy(update={"parked": parked})])
        return action.id

    def _action(self, engagement_id: EngagementId, action_id: ActionId) -> Action:
        found = next((a for a in self._store.actions(engagement_id) if a.id == action_id), None)
        if found is None:
            raise Gone("action", action_id)
        return found

    def _outside(self, engagement_id: EngagementId, action: Action) -> tuple[Outside, ...]:
        stages = {stage.id: stage for stage in self._store.stream_map(engagement_id).stages}
        return outside(action, self._store.mandate(engagement_id), stages)

    def _measuring(self, engagement_id: EngagementId) -> tuple[Measuring, ...]:
        waves = self._store.waves(engagement_id)
        closed = [wave for wave in waves if wave.closed_at is not None and wave.measures_maturity]
        latest = max(closed, key=lambda wave: wave.position, default=None)
        if latest is None or latest.closed_at is None:
            return ()
        day = latest.closed_at.date()
        return tuple(Measuring(latest.id, months, months_later(day, months)) for months in MEASURE_AFTER_MONTHS)


def outside(action: Action, mandate: Mandate | None, stages: Mapping[StageId, Stage]) -> tuple[Outside, ...]:
    """Why an action lies outside the mandate; empty when it does not, or when nobody has said enough to tell.

    By its strategy, by its process where the mandate names them, and by a hand-off between departments where the
    mandate reaches no other department.
    Source: method §6.4.
    """
    if mandate is None:
        return ()
    decided = decided_mandate(mandate)
    reasons: list[Outside] = []
    if action.strategy in STRATEGIES:
        reasons += exclusions(decided)[action.strategy]
    if action.process_id is not None and mandate.process_ids and action.process_id not in mandate.process_ids:
        reasons.append("process_not_in_scope")
    sender, receiver = stages.get(action.stage_id or StageId("")), stages.get(action.to_stage_id or StageId(""))
    between = sender is not None and receiver is not None and crosses(sender, receiver)
    if between and not reaches_departments(decided):
        reasons.append("no_department_in_scope")
    return tuple(dict.fromkeys(reasons))


def _earliest_first(action: Action) -> tuple[bool, date, int]:
    return action.due_on is None, action.due_on or date.max, action.position
