"""What a store does, and how it says no."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from assessment.audit import AuditEvent
from assessment.current_state.classification import ProcessClass
from assessment.engagement import (
    Action,
    ActionId,
    Answer,
    AnsweredCount,
    BenefitLine,
    Branding,
    Cells,
    CriterionSetting,
    Engagement,
    EngagementId,
    EngagementSummary,
    Finding,
    Goal,
    GoalId,
    ItemId,
    Kept,
    Kpi,
    KpiId,
    KpiPoint,
    Link,
    LinkId,
    LinkState,
    Mandate,
    MemberRole,
    NoteSection,
    NoteWords,
    PaybackTold,
    Pool,
    PoolId,
    Privacy,
    Process,
    ProcessId,
    ReadinessAnswer,
    RealisedBenefit,
    Removed,
    Response,
    ResponseId,
    Side,
    SignOff,
    Stage,
    StageId,
    StrategyDecision,
    StreamMap,
    TrainingBrief,
    WasteRow,
    WasteRowId,
    Wave,
    WaveAnswers,
    WaveId,
)
from assessment.packs import Language
from assessment.recording import Change, ChangeId, Row
from assessment.workshop.records import Ballot, BallotOutcome, Beat, Room, RoomId, RoomStep, StepId, Vote, VoterId

Kind = Literal[
    "engagement",
    "wave",
    "response",
    "link",
    "kpi",
    "stage",
    "pool",
    "handoff",
    "process",
    "waste_row",
    "mandate",
    "goal",
    "action",
    "payback",
    "change",
    "decision",
    "room",
]


class StoreError(Exception):
    """Something the store refuses or cannot do.

    key: id of the sentence to show. fields: what the sentence mentions; ids and paths, never what somebody typed.
    """

    key: ClassVar[str]

    def __init__(self, **fields: str) -> None:
        super().__init__(f"{self.key} {fields}")
        self.fields: Mapping[str, str] = fields


class _AboutOne(StoreError):  # noqa: N818 - named, like those below, by what is wrong
    def __init__(self, kind: Kind, id_: str) -> None:
        super().__init__(kind=kind, id=id_)
        self.kind: Kind = kind
        self.id = id_


class NotFound(_AboutOne):
    """There is no such engagement, wave, response, link or KPI."""

    key = "store.not_found"


class Gone(_AboutOne):
    """A part of the engagement is not there any more, or never was: somebody may just have taken it out."""

    key = "store.gone"


class ChangedSince(_AboutOne):
    """Something has been changed since, so that it cannot be undone; nothing was."""

    key = "store.changed_since"


class Closed(_AboutOne):
    """The engagement is deleted or the wave is closed, so nothing can be written to it."""

    key = "store.closed"


class AlreadyThere(_AboutOne):
    """One with this id is there already, or another wave has this position."""

    key = "store.already_there"


class WaveOpen(_AboutOne):
    """A wave is open, and the next one must wait until it is closed."""

    key = "store.wave_open"


class LinkUnusable(StoreError):  # noqa: N818
    """The link is used up, expired or revoked, so nobody begins to answer by it."""

    key = "store.link_unusable"

    def __init__(self, state: LinkState) -> None:
        super().__init__(state=state)
        self.state: LinkState = state


class _AboutFile(StoreError):  # noqa: N818
    def __init__(self, path: Path | str, reason: str = "") -> None:
        super().__init__(path=str(path), reason=reason)


class Unwritable(_AboutFile):
    """The database, or the folder it lies in, cannot be read and written."""

    key = "store.unwritable"


class NotADatabase(_AboutFile):
    """The file is something else than a database of ours, and is left untouched."""

    key = "store.not_a_database"


class Damaged(_AboutFile):
    """Parts of the database cannot be read any more; what is wrong is for a backup to mend, not for us."""

    key = "store.damaged"


class NewerDatabase(_AboutFile):
    """A newer version of the product has changed the database in ways this version does not know."""

    key = "store.newer_database"


class Busy(_AboutFile):
    """Another program has kept the database locked for longer than anybody should wait."""

    key = "store.busy"


class _AboutServer(StoreError):  # noqa: N818
    """again: which calls may be made again at once: none; those that leave the same when they are made twice, since
    this one may have been kept; or any, since it has changed nothing for sure.
    """

    def __init__(self, place: str, reason: str = "", *, again: Literal["none", "same", "any"] = "none") -> None:
        super().__init__(path=place, reason=reason)
        self.again = again


class Unreachable(_AboutServer):
    """The database's server cannot be reached, or was lost in the middle of a call."""

    key = "store.unreachable"


class Overloaded(_AboutServer):
    """The database's server has taken longer than anybody should wait."""

    key = "store.overloaded"


class ForeignDatabase(_AboutServer):
    """The database on the server has somebody else's tables, and is left untouched."""

    key = "store.foreign_database"


# when, in seconds, and by whom a secret was tried
Try = tuple[float, str]


class Tries(Protocol):
    """Where tries at secrets are counted for all replicas."""

    def tried(
        self,
        secret: str,
        who: str,
        window_s: float,
        judge: Callable[[Sequence[Try], float], float],
        count: bool,
    ) -> float:
        """What `judge` says of the tries at a secret in the last so many seconds, at the time it is told.

        count: whether this is a try too, where `judge` says 0. Nobody else tries the same secret meanwhile.
        """


@dataclass(frozen=True)
class Saving:
    """What one respondent sent: answers of either kind, and how long a page was open if that is known."""

    response_id: ResponseId
    answers: Mapping[ItemId, Answer] = field(default_factory=dict)
    retrospective: Mapping[ItemId, Answer] = field(default_factory=dict)
    page: str | None = None
    seconds: float = 0.0


class Store(Protocol):
    """Engagements and everything they own, safe to call from any thread and beside other processes.

    A write is one transaction and is durable when the call returns. It raises `NotFound` for an id that is not there
    and `Closed` for a deleted engagement or a closed wave, and adds at least one to the engagement's revision. Values
    are checked before anything is written: a ValueError leaves the store as it was. Reads answer for deleted
    engagements too, until they are purged.
    """

    def create_engagement(self, engagement: Engagement, wave: Wave, response: Response | None = None) -> None:
        """Store a new engagement with its first wave and, in solo mode, the one response to it.

        Raises: AlreadyThere.
        """

    def engagement(self, engagement_id: EngagementId) -> Engagement:
        """The engagement. Raises: NotFound."""

    def engagements(self, *, deleted: bool = False) -> Sequence[EngagementSummary]:
        """One line for each engagement, or for each deleted one, last changed first, by a single query."""

    def revision(self, engagement_id: EngagementId) -> int:
        """How often anything of the engagement has been written: equal numbers, equal content. Raises: NotFound."""

    def mark_results_seen(self, engagement_id: EngagementId, at: datetime) -> None:
        """Record the first time results were shown; later calls write nothing."""

    def delete_engagement(self, engagement_id: EngagementId, at: datetime) -> None:
        """Take the engagement out of sight; it can be restored until it is purged. A second call changes nothing."""

    def restore_engagement(self, engagement_id: EngagementId) -> None:
        """Undo a deletion; of one that is not deleted, nothing changes."""

    def purge_deleted(self, older_than: datetime) -> int:
        """Erase for good what was deleted before a time, and say how many engagements that were."""

    def add_wave(self, wave: Wave) -> None:
        """Add a round of answering. Raises: AlreadyThere, also when the position is taken."""

    def wave(self, wave_id: WaveId) -> Wave:
        """The wave. Raises: NotFound."""

    def waves(self, engagement_id: EngagementId) -> Sequence[Wave]:
        """The engagement's waves by position. Raises: NotFound."""

    def close_wave(self, wave_id: WaveId, at: datetime) -> None:
        """End the answering; the time of the first call stands."""

    def add_closed_wave(self, wave: Wave, responses: Iterable[Response], engagement: Engagement | None = None) -> None:
        """Store a closed wave with its responses, and its engagement when that is new: all or none.

        For answers gathered elsewhere. Raises: AlreadyThere.
        """

    def add_responses(self, wave_id: WaveId, responses: Iterable[Response]) -> None:
        """Store whole responses, all or none. Raises: AlreadyThere."""

    def responses(self, wave_id: WaveId) -> Sequence[Response]:
        """The wave's responses, ordered by their random id: nothing tells who came first. Raises: NotFound."""

    def wave_answers(self, wave_id: WaveId, *, pages_under_s: float) -> WaveAnswers:
        """The same by column, without ids and reasons for "not applicable"; of the page times only the short ones.

        Raises: NotFound.
        """

    def wave_retrospective(self, wave_id: WaveId) -> Cells:
        """What the same responses say of the time before, by item; the lines lie as those of `wave_answers`."""

    def response(self, response_id: ResponseId) -> Response:
        """The response. Raises: NotFound."""

    def save_answers(self, response_id: ResponseId, answers: Mapping[ItemId, Answer | None]) -> None:
        """Store or replace the answers to these items, all or none; None makes an item unanswered again."""

    def save_page_seconds(self, response_id: ResponseId, page: str, seconds: float) -> None:
        """Add a visit to the time spent on a page, rounded to 5 seconds (method §3.8.6).

        Visits add up: coming back for a moment must not make a careful answer look careless (method §3.9).
        """

    def save_all(self, savings: Sequence[Saving]) -> Sequence[StoreError | None]:
        """Store what many respondents sent, in one transaction; for each in turn None, or why it was refused.

        What is refused (`NotFound`, `Closed`) leaves the others as they are. A room that answers at once waits for the
        disk together instead of in a queue.
        """

    def erase_response(self, response_id: ResponseId) -> None:
        """Erase a response with its answers and times, in the write-ahead log too; until the wave closes."""

    def progress(self, wave_id: WaveId) -> Sequence[AnsweredCount]:
        """How many responses of each role have come how far, by a single query. Raises: NotFound."""

    def add_links(self, links: Iterable[Link]) -> None:
        """Store links, all or none. Raises: AlreadyThere."""

    def links(self, engagement_id: EngagementId) -> Sequence[Link]:
        """The engagement's links, newest first. Raises: NotFound."""

    def link_by_hash(self, token_hash: str) -> Link | None:
        """The link with this token hash, or None."""

    def revoke_links(self, link_ids: Iterable[LinkId], at: datetime) -> None:
        """Let nobody begin by these links any more, all or none; the time of the first call stands."""

    def begin_response(self, response: Response, link_id: LinkId, at: datetime) -> None:
        """Store a new response and count a use of the link, both or neither: the last use is given to one.

        The role must be one the link lets answer as, the team the link's where it has one, and the wave the link's.
        Raises: LinkUnusable, Closed, AlreadyThere (then no use is counted), ValueError.
        """

    def criterion_settings(self, engagement_id: EngagementId) -> Sequence[CriterionSetting]:
        """The weights and targets somebody set, by criterion. Raises: NotFound."""

    def set_criterion_settings(
        self, engagement_id: EngagementId, settings: Mapping[str, CriterionSetting | None]
    ) -> None:
        """Store or replace the settings of these criteria, others stay; None leaves a criterion to the pack again."""

    def readiness(self, engagement_id: EngagementId) -> Sequence[ReadinessAnswer]:
        """The joint answers to the preconditions, by item. Raises: NotFound."""

    def set_readiness(self, engagement_id: EngagementId, answers: Mapping[ItemId, ReadinessAnswer | None]) -> None:
        """Store or replace these readiness answers; None makes one unanswered again."""

    # The mandate

    def mandate(self, engagement_id: EngagementId) -> Mandate | None:
        """The latest version of the mandate, None before the first. Raises: NotFound."""

    def mandates(self, engagement_id: EngagementId) -> Sequence[Mandate]:
        """Every version of the mandate, oldest first. Raises: NotFound."""

    def save_mandate(self, engagement_id: EngagementId, mandate: Mandate, at: datetime) -> Mandate:
        """The mandate as it now stands: a new version if its content differs from the latest, else that one."""

    def begin_mandate(self, engagement_id: EngagementId, versions: Sequence[Mandate]) -> None:
        """Store all versions so far, oldest first, each with its time. Raises: AlreadyThere when there is one."""

    def note_words(self, engagement_id: EngagementId, strategy: str, language: Language) -> Sequence[NoteWords]:
        """Somebody's own words for the note to the sponsor about a strategy, in a language. Raises: NotFound."""

    def set_note_words(self, engagement_id: EngagementId, strategy: str, language: Language, words: NoteWords) -> None:
        """Store or replace somebody's own words for a section of the note."""

    def drop_note_words(
        self, engagement_id: EngagementId, strategy: str, language: Language, section: NoteSection
    ) -> None:
        """Forget somebody's own words for a section of the note; where there are none, nothing changes."""

    # Goals and drafts of goals. Every write names the engagement, and a goal or KPI of another one is Gone.

    def goals(self, engagement_id: EngagementId) -> Sequence[Goal]:
        """Goals and drafts in the order they came. Raises: NotFound."""

    def add_goals(self, engagement_id: EngagementId, goals: Iterable[Goal]) -> None:
        """Store goals, all or none. Raises: AlreadyThere, Gone."""

    def change_goal(self, engagement_id: EngagementId, goal_id: GoalId, fields: Mapping[str, object]) -> None:
        """Replace these fields of a goal, others stay. Raises: Gone; ValueError, also if a goal would lack any."""

    def remove_goal(self, engagement_id: EngagementId, goal_id: GoalId) -> Goal:
        """Take out a goal, and return it as it was. Raises: Gone."""

    # Actions. Every write names the engagement, and an action, KPI, process or stage of another one is Gone.

    def actions(self, engagement_id: EngagementId) -> Sequence[Action]:
        """All actions, parked ones too, by position. Raises: NotFound."""

    def add_actions(self, engagement_id: EngagementId, actions: Iterable[Action]) -> None:
        """Store actions, all or none. Raises: Gone; AlreadyThere, also for a proposal that was taken over before."""

    def change_action(self, engagement_id: EngagementId, action_id: ActionId, fields: Mapping[str, object]) -> None:
        """Replace these fields of an action, others stay. Raises: Gone; ValueError, also if a quick win would lack."""

    def remove_action(self, engagement_id: EngagementId, action_id: ActionId) -> Action:
        """Take out an action, and return it as it was. Raises: Gone."""

    # The value stream. Every write names the engagement, and a part of another one is Gone.

    def stream_map(self, engagement_id: EngagementId) -> StreamMap:
        """All that is told of the value stream; empty before the first stage. Raises: NotFound."""

    def begin_stream(self, engagement_id: EngagementId, begun: StreamMap) -> None:
        """Store a whole stream, or nothing. Raises: AlreadyThere when the engagement has a stage."""

    def add_stage(self, engagement_id: EngagementId, stage: Stage) -> None:
        """Store a stage or a step at its position, its later siblings one further on. Raises: AlreadyThere, Gone."""

    def change_stage(self, engagement_id: EngagementId, stage_id: StageId, fields: Mapping[str, object]) -> None:
        """Replace these fields of a stage, others stay. Raises: Gone, ValueError."""

    def change_stages(
        self, engagement_id: EngagementId, fields: Mapping[StageId, Mapping[str, object]]
    ) -> Mapping[StageId, Mapping[str, object]]:
        """Replace these fields of several stages or of none, and give what they were. Raises: Gone, ValueError."""

    def order_stages(self, engagement_id: EngagementId, stage_ids: Sequence[StageId]) -> None:
        """Give siblings these places, first to last. Raises: Gone, also when they are not all the siblings."""

    def remove_stage(self, engagement_id: EngagementId, stage_id: StageId) -> Removed:
        """Take out a stage with its steps and hand-offs, and give what `put_back` needs. Raises: Gone."""

    def set_work(
        self,
        engagement_id: EngagementId,
        stage_id: StageId,
        work: Mapping[PoolId, float | None],
        wait_h: float | None = None,
    ) -> None:
        """Say how long these pools work on a case in a stage, and how long it waits before it; the rest stays.

        Raises: Gone, ValueError.
        """

    def remove_work(self, engagement_id: EngagementId, stage_id: StageId, pool_ids: Iterable[PoolId]) -> Removed:
        """Let these pools work in a stage no more, and give what `put_back` needs. Raises: Gone."""

    def add_pool(self, engagement_id: EngagementId, pool: Pool) -> None:
        """Store a pool. Raises: AlreadyThere, also when the name is taken."""

    def change_pool(self, engagement_id: EngagementId, pool_id: PoolId, fields: Mapping[str, object]) -> None:
        """Replace these fields of a pool, others stay. Raises: Gone, AlreadyThere, ValueError."""

    def remove_pool(self, engagement_id: EngagementId, pool_id: PoolId) -> Removed:
        """Take out a pool, and give what `put_back` needs. Raises: Gone."""

    def save_handoff(
        self, engagement_id: EngagementId, from_id: StageId, to_id: StageId, fields: Mapping[str, object]
    ) -> None:
        """Store these fields of a hand-off, made when it is not there; others stay. Raises: Gone, ValueError."""

    def remove_handoff(self, engagement_id: EngagementId, from_id: StageId, to_id: StageId) -> Removed:
        """Take out what is told of a hand-off, and give what `put_back` needs. Raises: Gone."""

    def put_back(self, engagement_id: EngagementId, removed: Removed) -> None:
        """Undo a removal, all or none, but what belongs to a part that has gone since. Raises: AlreadyThere, Gone."""

    # Processes. Every write names the engagement, and a process of another one is Gone.

    def processes(self, engagement_id: EngagementId) -> Sequence[Process]:
        """The processes in the order they came. Raises: NotFound."""

    def add_processes(self, engagement_id: EngagementId, processes: Iterable[Process]) -> None:
        """Store processes, all or none. Raises: AlreadyThere, also when one of the catalogue is there already."""

    def change_process(self, engagement_id: EngagementId, process_id: ProcessId, fields: Mapping[str, object]) -> None:
        """Replace these fields of a process, others stay; what the sides judged is not among them.

        Raises: Gone, ValueError.
        """

    def judge_process(
        self, engagement_id: EngagementId, process_id: ProcessId, side: Side, judged: ProcessClass | None
    ) -> None:
        """Store one side's class of a process, None to take it back. Raises: Gone, also once both have been shown."""

    def show_classes(self, engagement_id: EngagementId, at: datetime) -> None:
        """Let the classes of the processes that both sides have judged be seen; the time of the first call stands."""

    def remove_process(self, engagement_id: EngagementId, process_id: ProcessId) -> Process:
        """Take out a process, and return it as it was. Raises: Gone."""

    # The diagnosis on a wave. What people say of it may change after the wave is closed.

    def findings(self, wave_id: WaveId) -> Sequence[Finding]:
        """What was said of the findings, by rule. Raises: NotFound."""

    def change_finding(self, wave_id: WaveId, rule: str, fields: Mapping[str, object]) -> None:
        """Replace these fields of what was said of a finding. Raises: NotFound, Closed, ValueError."""

    def signed(self, wave_id: WaveId) -> SignOff | None:
        """Who vouches for the diagnosis, or None. Raises: NotFound."""

    def sign_diagnosis(self, wave_id: WaveId, sign_off: SignOff | None) -> None:
        """Put a signature in the place of another one; None takes it away. Raises: NotFound, Closed."""

    # The choice of strategy

    def strategy_weights(self, engagement_id: EngagementId) -> Mapping[str, Mapping[str, float]]:
        """Own weights by strategy and signal, 0 to 1; empty where the model's hold. Raises: NotFound."""

    def set_strategy_weights(self, engagement_id: EngagementId, weights: Mapping[str, Mapping[str, float]]) -> None:
        """Put own weights in the place of those before; none are the model's again."""

    def strategy_decisions(self, engagement_id: EngagementId) -> Sequence[StrategyDecision]:
        """What was chosen, oldest first. Raises: NotFound."""

    def add_strategy_decision(self, engagement_id: EngagementId, decision: StrategyDecision) -> None:
        """Store a decision. Raises: NotFound for a wave of another engagement, AlreadyThere for a number in use."""

    def remove_strategy_decision(self, engagement_id: EngagementId, number: int) -> None:
        """Take out a decision; of one that is not there, nothing changes."""

    def training_brief(self, engagement_id: EngagementId) -> TrainingBrief:
        """What was added to the brief for a training; empty before anybody has. Raises: NotFound."""

    def change_training_brief(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        """Replace these fields of the brief, others stay. Raises: ValueError."""

    def privacy(self, engagement_id: EngagementId) -> Privacy:
        """Who answers for the answers and how long they are kept; empty before anybody has said. Raises: NotFound."""

    def change_privacy(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        """Replace these, others stay. Raises: NotFound; ValueError."""

    def kept(self, engagement_id: EngagementId | None = None) -> Sequence[Kept]:
        """What decides how long each engagement is kept, or only this one. Raises: NotFound.

        Of all, not the deleted ones, which go by themselves, but for those with a day of their own.
        """

    def announce_erasure(self, engagement_id: EngagementId, since: date | None) -> None:
        """Keep since when its erasure is announced, None for not at all; the revision stays. Raises: NotFound."""

    def erase_engagement(self, engagement_id: EngagementId, event: AuditEvent, *, revision: int | None = None) -> bool:
        """Erase an engagement for good, deleted or not, and keep the event, in one transaction; whether it did.

        revision: only while it has this one, so that nobody's change of a moment ago is passed over.
        """

    def everything(self, engagement_id: EngagementId) -> Mapping[str, Sequence[Row]]:
        """Every row that belongs to the engagement, by table, those without any included. Raises: NotFound.

        Also what nobody may be shown: who gives it out takes that away (`report/everything.py`).
        """

    def note(self, event: AuditEvent) -> None:
        """Add to the audit log; no revision grows."""

    def audit_log(
        self, engagement_id: EngagementId | None = None, *, limit: int, offset: int = 0
    ) -> Sequence[AuditEvent]:
        """What was done, newest first; to one engagement, there or not, or to all."""

    def count_events(self, engagement_id: EngagementId) -> int:
        """How many events there are of an engagement."""

    def forget_events(self, before: datetime) -> int:
        """Erase the events before a time, and say how many that were."""

    def branding(self, engagement_id: EngagementId) -> Branding:
        """What documents look like; empty before anybody has said. Raises: NotFound."""

    def change_branding(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        """Replace these fields of it, others stay. Raises: ValueError."""

    # The waste register. Every write names the engagement, and a row or stage of another one is Gone.

    def waste_rows(self, engagement_id: EngagementId) -> Sequence[WasteRow]:
        """The rows in the order they came. Raises: NotFound."""

    def add_waste_rows(self, engagement_id: EngagementId, rows: Iterable[WasteRow]) -> None:
        """Store rows, all or none. Raises: AlreadyThere, Gone."""

    def change_waste_row(self, engagement_id: EngagementId, row_id: WasteRowId, fields: Mapping[str, object]) -> None:
        """Replace these fields of a row, others stay. Raises: Gone, ValueError."""

    def remove_waste_row(self, engagement_id: EngagementId, row_id: WasteRowId) -> WasteRow:
        """Take out a row, and return it as it was. Raises: Gone."""

    # The payback. Every write names the engagement, and a KPI of another one is Gone.

    def payback(self, engagement_id: EngagementId) -> PaybackTold:
        """All that is told of the payback; empty before anybody has begun. Raises: NotFound."""

    def begin_payback(self, engagement_id: EngagementId, told: PaybackTold) -> None:
        """Store a whole payback, or nothing. Raises: AlreadyThere when something is told already, Gone."""

    def change_payback_line(self, engagement_id: EngagementId, line: BenefitLine, fields: Mapping[str, object]) -> None:
        """Replace these fields of a line, others stay. Raises: Gone, ValueError."""

    def change_payback_input(self, engagement_id: EngagementId, name: str, fields: Mapping[str, object]) -> None:
        """Replace these fields of an input, others stay. Raises: ValueError."""

    def change_payback_terms(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        """Replace these of the terms, others stay. Raises: ValueError."""

    # What has come of it

    def realised_benefits(self, engagement_id: EngagementId) -> Sequence[RealisedBenefit]:
        """What the benefits have given, those of which anything is said, by line. Raises: NotFound."""

    def change_realised_benefit(
        self, engagement_id: EngagementId, line: BenefitLine, fields: Mapping[str, object]
    ) -> None:
        """Replace these fields of what a benefit has given, others stay. Raises: ValueError."""

    # History. Writes to what people decide and type are kept in it when somebody is behind them (`recording`).

    def changes(
        self, engagement_id: EngagementId, tables: Sequence[str] | None = None, *, limit: int, offset: int = 0
    ) -> Sequence[Change]:
        """The changes, newest first; of one or more tables, those that touch any of them. Raises: NotFound."""

    def count_changes(self, engagement_id: EngagementId, tables: Sequence[str] | None = None) -> int:
        """How many `changes` there are in all. Raises: NotFound."""

    def changed_tables(self, engagement_id: EngagementId) -> frozenset[str]:
        """The tables that any change touches. Raises: NotFound."""

    def to_undo(self, engagement_id: EngagementId) -> Change | None:
        """The newest change that can be undone and has not been. Raises: NotFound."""

    def to_redo(self, engagement_id: EngagementId) -> Change | None:
        """The newest undoing, while nothing else has been changed after it. Raises: NotFound."""

    def undo_change(self, engagement_id: EngagementId, change_id: ChangeId) -> None:
        """Put everything as it was before a change, the one of `to_undo` or `to_redo`; this is a change itself.

        Raises: ChangedSince, also for any other change.
        """

    def rows_behind(
        self, engagement_id: EngagementId, tables: Sequence[str]
    ) -> Mapping[str, Mapping[tuple[Any, ...], Row]]:
        """The rows of these tables by key, as they are, or were when they were taken out; for names of what changed.

        Never what is judged blind. Raises: NotFound.
        """

    # Who may see what

    def share(self, wave_id: WaveId, scores: Mapping[str, float | None]) -> None:
        """Keep what the respondents of the wave are shown of the whole group, in place of what they were shown.

        scores: 1 to 5 by criterion, None where there is nothing to show; of one criterion or more.
        """

    def unshare(self, wave_id: WaveId) -> None:
        """Show the respondents of the wave nothing of the group any more; where they were not, nothing changes."""

    def shared(self, wave_id: WaveId) -> Mapping[str, float | None] | None:
        """What `share` kept, None when nothing is shown. Raises: NotFound."""

    def link(self, link_id: LinkId) -> Link:
        """The link. Raises: NotFound."""

    def members(self, engagement_id: EngagementId) -> Mapping[str, MemberRole]:
        """Who else was let in, by the name they sign in with. Raises: NotFound."""

    def memberships(self, subject: str) -> Mapping[EngagementId, MemberRole]:
        """The engagements a person was let in to, by a single query."""

    def add_member(self, engagement_id: EngagementId, subject: str, role: MemberRole, at: datetime) -> None:
        """Let a person in, or change what they may do."""

    def remove_member(self, engagement_id: EngagementId, subject: str) -> None:
        """Let a person in no more; of one who was not in, nothing changes."""

    # Baseline KPIs

    def kpis(self, engagement_id: EngagementId) -> Sequence[tuple[Kpi, tuple[KpiPoint, ...]]]:
        """The KPIs with their points, oldest first: those of the catalogue in its order, then own ones as they came.

        Raises: NotFound.
        """

    def add_kpi(self, engagement_id: EngagementId, kpi: Kpi, points: Iterable[KpiPoint] = ()) -> None:
        """Add a KPI with its points, all or none. Raises: AlreadyThere, also for a second one of the same code."""

    def save_kpi(self, engagement_id: EngagementId, kpi: Kpi) -> None:
        """Replace what is said of a KPI; its points stay."""

    def remove_kpi(self, engagement_id: EngagementId, kpi_id: KpiId) -> None:
        """Remove a KPI with its points."""

    def write_kpi_points(
        self, engagement_id: EngagementId, kpi_id: KpiId, points: Mapping[date, KpiPoint | None]
    ) -> None:
        """Store or replace the points of these days, others stay; None removes the one of a day."""

    # The workshop room: it has a revision of its own, and the engagement's stays. Writes to it raise Gone when it is
    # not there or not the engagement's, and Closed when it is over.

    def open_room(self, room: Room, code_hash: str, steps: Sequence[RoomStep]) -> None:
        """Add a room with its agenda. Raises: AlreadyThere, also when one is open or the code is taken."""

    def rooms(self, engagement_id: EngagementId) -> Sequence[Room]:
        """The rooms of an engagement: the open one, then those that are over, the latest first. Raises: NotFound."""

    def room_by_code(self, code_hash: str) -> Room | None:
        """The room a code opens, whatever its state."""

    def change_room(self, engagement_id: EngagementId, room_id: RoomId, fields: Mapping[str, object]) -> None:
        """Replace these fields of a room. Raises: ValueError."""

    def delete_room(self, engagement_id: EngagementId, room_id: RoomId) -> None:
        """Erase a room with all that was voted in it, open or over."""

    def room_steps(self, room_id: RoomId) -> Sequence[RoomStep]:
        """A room's agenda in order; empty for a room that is not there."""

    def add_room_step(self, engagement_id: EngagementId, room_id: RoomId, step: RoomStep) -> None:
        """Add a step to the agenda. Raises: AlreadyThere."""

    def change_room_step(
        self, engagement_id: EngagementId, room_id: RoomId, step_id: StepId, fields: Mapping[str, object]
    ) -> None:
        """Replace these fields of a step. Raises: ValueError."""

    def remove_room_step(self, engagement_id: EngagementId, room_id: RoomId, step_id: StepId) -> RoomStep:
        """Take out a step with its ballots, and return it as it was."""

    def order_room_steps(self, engagement_id: EngagementId, room_id: RoomId, step_ids: Sequence[StepId]) -> None:
        """Put the steps in this order."""

    def ballots(self, room_id: RoomId) -> Sequence[Ballot]:
        """A room's ballots, by step and round."""

    def open_ballot(self, engagement_id: EngagementId, room_id: RoomId, ballot: Ballot) -> None:
        """Add a round of voting. Raises: AlreadyThere when the step has had this round."""

    def agree_on_ballot(
        self, engagement_id: EngagementId, room_id: RoomId, step_id: StepId, round_: int, agreed: Mapping[str, str]
    ) -> None:
        """Keep what the room agrees on, instead of what it agreed on before."""

    def reveal_ballot(
        self,
        engagement_id: EngagementId,
        room_id: RoomId,
        step_id: StepId,
        round_: int,
        at: datetime,
        tally: Callable[[Ballot, Sequence[Vote]], BallotOutcome],
    ) -> None:
        """End a round for good and keep what `tally` makes of its votes, in one transaction with them."""

    def cast_votes(
        self, room_id: RoomId, step_id: StepId, round_: int, voter: VoterId, values: Mapping[str, str | None]
    ) -> None:
        """Keep what a phone says, by question; None takes it back. Raises: Closed also when the round is over."""

    def own_votes(self, step_id: StepId, round_: int, voter: VoterId) -> Mapping[str, str]:
        """What a phone has said in a round, by question."""

    def voted(self, step_id: StepId, round_: int) -> int:
        """How many phones have said something in a round."""

    def join_room(self, room_id: RoomId, voter: VoterId) -> None:
        """Count a phone in, once."""

    def joined(self, room_id: RoomId) -> int:
        """How many phones have joined."""

    def room_beat(self, room_id: RoomId) -> Beat | None:
        """What a waiting phone is told by, in one query; None when the room is not there."""

    def together(self) -> AbstractContextManager[None]:
        """Let all that this thread reads and writes inside be one transaction: all of it is kept, or nothing."""

    def prepare(self) -> None:
        """Make the tables if need be and bring them up to date, as the first call would."""

    def close(self) -> None:
        """Give back what the store holds open; the next call opens it again."""
