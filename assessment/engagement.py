"""The records of an engagement: what a leader, a consultant and the respondents tell us.

Frozen, validated when made, free of storage and of calculation. Ids are random and come from the caller: a
running number would tell who answered before whom (method §3.8.6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal, NewType, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assessment.config import DISCOUNT, K_MAX, K_MIN, RAMP, RETENTION_MONTHS_MAX, TARGET_RANGE, WEIGHT_RANGE, YEARS_MAX
from assessment.current_state.classification import ProcessClass
from assessment.current_state.value_stream import WaitSide
from assessment.packs import Language, Role

EngagementId = NewType("EngagementId", str)
WaveId = NewType("WaveId", str)
ResponseId = NewType("ResponseId", str)
ItemId = NewType("ItemId", str)
LinkId = NewType("LinkId", str)
KpiId = NewType("KpiId", str)
StageId = NewType("StageId", str)
PoolId = NewType("PoolId", str)
ProcessId = NewType("ProcessId", str)
WasteRowId = NewType("WasteRowId", str)
GoalId = NewType("GoalId", str)
ActionId = NewType("ActionId", str)

AnswerValue = Literal[1, 2, 3, 4, 5, "DK", "NA"]
Mode = Literal["solo", "anonymous", "consensus"]
View = Literal["role", "all"]
WaveLabel = Literal["T0", "T1", "T2", "T3", "pulse"]
TrainingPlanned = Literal["yes", "no", "unknown"]
EvidenceGrade = Literal["E0", "E1", "E2", "E3"]
Scope = Literal["named", "all_sales", "sales_plus", "company"]
MandateOwner = Literal["SL", "TM"]
LinkPurpose = Literal["answer", "results", "facilitate"]
MemberRole = Literal["facilitator", "viewer"]
LinkState = Literal["active", "used_up", "expired", "revoked"]
Better = Literal["up", "down"]
Period = Literal["week", "month", "quarter", "year"]
Quality = Literal["A", "B", "C"]
Side = Literal["consultant", "client"]
Decision = Literal["accepted", "rejected"]
Frequency = Literal["per_case", "daily", "weekly", "monthly", "quarterly", "yearly", "once"]
# transport, inventory, motion, waiting, over-processing, over-production, defects, unused talent (method §5.4)
WasteCode = Literal["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8"]
# of the note to the sponsor, in its order
NoteSection = Literal["shows", "excludes", "possible", "meanwhile", "decide"]
# win rate, freed time, cost of sales, errors, churn, turnover, ramp-up, know-how (method §7.1)
BenefitLine = Literal["B1a", "B1b", "B2", "B3", "B4", "B5", "B6", "B7"]
Currency = Literal["NOK", "SEK", "DKK", "EUR"]
ActionStatus = Literal["planned", "doing", "done", "dropped"]
# S0 is to hold and measure (method §6.3)
Strategy = Literal["S0", "S1", "S2", "S3", "S4", "S5", "S6"]

_Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
# an id from a short list of reasons: free text in an anonymous form invites what identifies people (method §2.2)
_Reason = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_Utc = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
_Count = Annotated[int, Field(ge=0)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Note = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
_K = Annotated[int, Field(ge=K_MIN, le=K_MAX)]
# more than any time, count or load in sales; keeps the arithmetic finite
AMOUNT_MAX: Final = 1e9
_Amount = Annotated[float, Field(ge=0, le=AMOUNT_MAX, allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Record(BaseModel):
    # a misspelt field is a bug of ours and must not pass silently
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Record):
    """What somebody said to one item: the situation that fits best, don't know, or not applicable.

    na_reason: id of the reason chosen for "NA", if one was.
    """

    value: AnswerValue
    na_reason: _Reason | None = None

    @model_validator(mode="after")
    def _reason_only_for_na(self) -> Self:
        if self.na_reason is not None and self.value != "NA":
            raise ValueError("na_reason belongs to the answer NA only")
        return self


class Engagement(_Record):
    """One organisation's work with Salgsflyt, from the first answer to the last measurement.

    k: smallest number of protected people behind anything published (method §3.8).
    fictional: the organisation is made up, as in the demo, and every page says so.
    deleted_at: set while a deletion can still be undone.
    results_seen_at: the first time somebody saw results; targets and weights set later are marked.
    revision: grows with every write to anything the engagement owns; what is computed from it is cached by it.
    owner: the signed-in person it belongs to; None when the installation needs no sign-in.
    """

    id: Annotated[EngagementId, _Id]
    name: Line
    language: Language
    mode: Mode
    k: _K = K_MIN
    training_planned: TrainingPlanned | None = None
    fictional: bool = False
    owner: Line | None = None
    created_at: _Utc
    deleted_at: _Utc | None = None
    results_seen_at: _Utc | None = None
    revision: _Count = 0


# which measurement comes after which; the reaction right after a training follows only where there is one (method §8.3)
FOLLOWING: Final[Mapping[WaveLabel, WaveLabel]] = {"T0": "T2", "T1": "T2", "T2": "T3", "T3": "T3", "pulse": "pulse"}
# the pack by which a measurement asks how it was before: one question per criterion (method §8.3)
RETROSPECTIVE: Final = "pulse"
# the pack that asks what a training was worth; it measures no maturity, since nothing has changed yet (method §8.3)
REACTION: Final = "reaction"


class Wave(_Record):
    """One round of answering, which pins the questionnaire and the rules it is scored by.

    position: order within the engagement, from 1.
    by_team: groups are roles × teams (method §3.8.1); decided when the wave opens.
    """

    id: Annotated[WaveId, _Id]
    engagement_id: Annotated[EngagementId, _Id]
    label: WaveLabel
    position: Annotated[int, Field(ge=1)]
    opened_at: _Utc
    closed_at: _Utc | None = None
    pack_id: _Id
    pack_version: Line
    pack_hash: Line
    scoring_version: Line
    k: _K = K_MIN
    by_team: bool = False

    @property
    def asks_retrospectively(self) -> bool:
        """Whether it asks how it was before the work, too: three months after the training (method §8.3)."""
        return self.label == "T2" and self.pack_id == "full"

    @property
    def measures_maturity(self) -> bool:
        """Whether its answers say how mature the sales work is; those right after a training do not."""
        return self.pack_id != REACTION


class Response(_Record):
    """One respondent's answers in one wave, or the team's in consensus mode; no person and no time.

    view: "role" shows the items the role can observe, "all" the whole pack.
    answers: what is answered; an item left out is unanswered.
    retrospective: how it was before the work began, by the items of the pulse; apart from the answers, since they are
    about another time and never enter a score (method §8.3).
    page_seconds: seconds spent on each page, in steps of 5 so that they identify nobody.
    """

    id: Annotated[ResponseId, _Id]
    wave_id: Annotated[WaveId, _Id]
    role: Role
    team: Line | None = None
    view: View = "role"
    answers: Mapping[ItemId, Answer] = {}
    retrospective: Mapping[ItemId, Answer] = {}
    page_seconds: Mapping[str, _Count] = {}


class CriterionSetting(_Record):
    """Weight and target somebody chose for a criterion in place of the pack's.

    set_after_results: the results were known by then, and the result page says so.
    """

    criterion_id: _Id
    weight: Annotated[int, Field(ge=WEIGHT_RANGE[0], le=WEIGHT_RANGE[1])]
    target: Annotated[float, Field(ge=TARGET_RANGE[0], le=TARGET_RANGE[1])]
    set_after_results: bool = False


class ReadinessAnswer(_Record):
    """The joint answer to one precondition, with how well it is evidenced.

    evidence: E0 none, E1 told, E2 example seen, E3 data checked; None when nobody has graded it.
    """

    item_id: Annotated[ItemId, _Id]
    value: AnswerValue
    evidence: EvidenceGrade | None = None


class Mandate(_Record):
    """What the improvement work may touch (method §6.4); None is "not said", never "no".

    process_ids: the processes in scope, where the assessment has a list of them; `processes_in_scope` is then their
    number.
    departments: other departments that take part. counterparts: a role or name in them, by department; None where
    there is one by what was said before names were asked for.
    hours: own working hours set aside.
    reason: why this version replaced the one before.
    version, created_at: given by the store when the mandate is saved.
    """

    scope: Scope | None = None
    process_ids: Annotated[tuple[ProcessId, ...], AfterValidator(lambda ids: tuple(sorted(set(ids))))] = ()
    processes_in_scope: _Count | None = None
    departments: tuple[Line, ...] = ()
    counterparts: Mapping[Line, Line | None] = {}
    horizon_months: Annotated[int, Field(ge=1, le=120)] | None = None
    may_change_process: bool | None = None
    may_change_system: bool | None = None
    may_change_model: bool | None = None
    may_change_organisation: bool | None = None
    owner: MandateOwner | None = None
    budget_nok: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    reason: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] | None = None
    version: _Count = 0
    created_at: _Utc | None = None

    @model_validator(mode="after")
    def _departments_once(self) -> Self:
        if len(set(self.departments)) != len(self.departments):
            raise ValueError("a department stands twice")
        return self

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.process_ids and self.processes_in_scope != len(self.process_ids):
            raise ValueError("the number of processes is that of those named")
        if not set(self.counterparts) <= set(self.departments):
            raise ValueError("a counterpart belongs to a department that takes part")
        return self

    @property
    def departments_with_counterpart(self) -> tuple[str, ...]:
        """The departments that somebody speaks for; only these bring work with them into scope (method §6.4)."""
        return tuple(name for name in self.departments if name in self.counterparts)

    def same_content(self, other: "Mandate") -> bool:
        """Whether both say the same, whenever and for whatever reason they were saved."""
        saved = {"reason", "version", "created_at"}
        return self.model_dump(exclude=saved) == other.model_dump(exclude=saved)


# Open roles whose mean may show, and the role in which somebody answers who does not want that (method §3.8).
DECLINABLE: Final[frozenset[Role]] = frozenset({"SL", "TM"})
DECLINED: Final[Role] = "OD"


class Link(_Record):
    """An invitation: whoever holds its token may answer, read results or facilitate, and nothing else.

    wave_id: the round an answer link is for; None on the other two.
    token_hash: what the token is found by; the token itself is nowhere (`assessment.links`).
    role, team: preset for the respondent; None lets them choose. Whoever has an open role may decline it.
    uses: how many have begun to answer by it; nothing tells who.
    """

    id: Annotated[LinkId, _Id]
    engagement_id: EngagementId
    wave_id: WaveId | None = None
    purpose: LinkPurpose
    token_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    pin_hash: str | None = None
    role: Role | None = None
    team: Line | None = None
    max_uses: Annotated[int, Field(ge=1)] | None = None
    uses: _Count = 0
    created_at: _Utc
    expires_at: _Utc | None = None
    revoked_at: _Utc | None = None

    @model_validator(mode="after")
    def _answers_belong_to_a_wave(self) -> Self:
        if (self.wave_id is not None) != (self.purpose == "answer"):
            raise ValueError("an answer link names its wave, and no other link does")
        return self

    def lets_answer_as(self, role: Role) -> bool:
        """Whether somebody can answer in a role by this link."""
        return self.role in (None, role) or (role == DECLINED and self.role in DECLINABLE)

    def state(self, now: datetime) -> LinkState:
        """Whether it opens, or the first reason why not."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= now:
            return "expired"
        if self.max_uses is not None and self.uses >= self.max_uses:
            return "used_up"
        return "active"


@dataclass(frozen=True)
class Cells:
    """What responses hold of one kind, a line each: the names of what is there, and the values in the same order.

    Both are words separated by spaces, and empty for a response that holds nothing.
    """

    names: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class WaveAnswers:
    """The answers of a wave by column, for scoring many people: a record for each takes seven times as long.

    roles, teams, views and the lines of the cells: one a response, ordered by its random id, which is not told.
    answers: by item, 1 to 5, DK or NA. page_seconds: by page, those that were asked for.
    """

    roles: tuple[Role, ...]
    teams: tuple[str | None, ...]
    views: tuple[View, ...]
    answers: Cells
    page_seconds: Cells


class AnsweredCount(_Record):
    """How many responses of a role have answered how many items; no response can be told from another by it."""

    role: Role
    view: View
    answered: _Count
    responses: _Count


class ResponseProgress(_Record):
    """How far one response has come; `answered` counts don't know and not applicable too."""

    response_id: ResponseId
    role: Role
    view: View
    answered: int


class EngagementSummary(_Record):
    """One line of the list of engagements.

    wave: the latest one. responses: how many it has. first: the one whose random id comes first, of one person the only
    one; None without any.
    changed_on: the last day anything was written, a day and no time because the writer may be an anonymous respondent.
    """

    engagement: Engagement
    wave: Wave
    responses: int
    first: ResponseProgress | None
    changed_on: date


class Kpi(_Record):
    """A figure the organisation follows, for a team or the whole and never for one seller (method §4.1).

    code: its place in the catalogue, None for one of the organisation's own. Words that are None are the catalogue's.
    quality: A system log, B manual count, C estimate. baseline_until_on: the limits are frozen at the points up to
    this day. floor_value: the least value there can be.
    """

    id: Annotated[KpiId, _Id]
    code: Annotated[str, StringConstraints(pattern=r"^K[0-9]{2}$")] | None = None
    name: Line
    definition: _Note | None = None
    numerator: Line | None = None
    denominator: Line | None = None
    unit: Line | None = None
    better: Better
    period: Period | None = None
    source_system: Line | None = None
    extracted_on: date | None = None
    owner: Line | None = None
    quality: Quality | None = None
    baseline_until_on: date | None = None
    floor_value: _Number | None = None


class KpiPoint(_Record):
    """A KPI's value for the period that ends on a day, in the KPI's unit.

    numerator, denominator: of a ratio, both or none, so that periods can be added up rightly. n: cases behind it.
    starts_segment: a confirmed change, with new limits from here on; `note` says why.
    """

    on: date
    value: _Number
    numerator: _Number | None = None
    denominator: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    n: _Count | None = None
    starts_segment: bool = False
    note: _Note | None = None

    @model_validator(mode="after")
    def _both_parts_of_a_ratio(self) -> Self:
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("a ratio has both a numerator and a denominator")
        return self


class Stage(_Record):
    """A stage of the value stream, or a step within one, as it was told; None is "not known", never 0.

    parent_stage_id: the stage a step lies in. position: order among its siblings. code: of the template while the
    stage has its name; the name is then said in the reader's language.
    wait_h: working hours a case waits before the stage. wait_side: on whom.
    complete_accurate_share: of what the stage sends on, judged by the receiver (%C&A, method §5.1).
    reentry_share: of the cases that have left the stage, those that came back to it.
    work: hands-on hours on a case by pool, None where somebody works here and nobody knows how long.
    """

    id: Annotated[StageId, _Id]
    parent_stage_id: StageId | None = None
    position: _Count
    code: _Id | None = None
    name: Line
    department: Line | None = None
    wait_h: _Amount | None = None
    wait_side: WaitSide | None = None
    complete_accurate_share: _Share | None = None
    volume_month: _Amount | None = None
    conversion_share: _Share | None = None
    wip: _Amount | None = None
    reentry_share: _Share | None = None
    work: Mapping[PoolId, _Amount | None] = {}


class Pool(_Record):
    """People who do the same work: positions, available hours a month for each, and the share for this stream."""

    id: Annotated[PoolId, _Id]
    position: _Count
    name: Line
    fte: _Amount | None = None
    hours_month: _Amount | None = None
    flow_share: _Share | None = None


class Handoff(_Record):
    """What is told of a hand-off from one stage to another.

    complete_accurate_sender_share: the sender's own view. The receiver's view, volume and wait between neighbours in
    the chain are those of their stages; here they are for other pairs only.
    fix_h: hours to put right one case that could not be used as it was. clear_: the four points of clarity, None is
    not asked (method §5.5).
    """

    from_stage_id: StageId
    to_stage_id: StageId
    volume_month: _Amount | None = None
    complete_accurate_sender_share: _Share | None = None
    complete_accurate_receiver_share: _Share | None = None
    wait_h: _Amount | None = None
    fix_h: _Amount | None = None
    clear_content: bool | None = None
    clear_deadline: bool | None = None
    clear_receiver: bool | None = None
    clear_feedback: bool | None = None

    @model_validator(mode="after")
    def _between_two(self) -> Self:
        if self.from_stage_id == self.to_stage_id:
            raise ValueError("a hand-off is between two stages")
        return self


class StreamMap(_Record):
    """All that is told of a value stream: stages and steps in their order, pools, hand-offs."""

    stages: tuple[Stage, ...] = ()
    pools: tuple[Pool, ...] = ()
    handoffs: tuple[Handoff, ...] = ()


class Removed(_Record):
    """What was taken out of a value stream, enough to put it back.

    work: the hours a pool had, by stage. waste_rows: those that pointed to a stage, as (row, stage).
    """

    stages: tuple[Stage, ...] = ()
    pools: tuple[Pool, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    work: tuple[tuple[StageId, PoolId, float | None], ...] = ()
    waste_rows: tuple[tuple[str, StageId], ...] = ()


class Process(_Record):
    """A process of the organisation: repeated, from a start to an end, turning an input into an output (method §5.6).

    code: its place in the catalogue, None for one of the organisation's own. Words that are None are the catalogue's.
    pain: pain points, from 0 none to 3 many. owner: a function, never a person.
    class_consultant, class_client: judged apart. classes_shown_at: when both were first shown; fixed from then on.
    class_agreed, class_reason, class_decided_by: what the two agreed on afterwards, why, and who decided.
    """

    id: Annotated[ProcessId, _Id]
    code: _Id | None = None
    name_nb: Line | None = None
    name_en: Line | None = None
    starts_with: Line | None = None
    ends_with: Line | None = None
    input: Line | None = None
    output: Line | None = None
    frequency: Frequency | None = None
    hours_month: _Amount | None = None
    pain: Annotated[int, Field(ge=0, le=3)] | None = None
    owner: Line | None = None
    in_mandate: bool | None = None
    class_consultant: ProcessClass | None = None
    class_client: ProcessClass | None = None
    classes_shown_at: _Utc | None = None
    class_agreed: ProcessClass | None = None
    class_reason: _Note | None = None
    class_decided_by: Line | None = None

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if self.code is None and self.name_nb is None and self.name_en is None:
            raise ValueError("a process outside the catalogue has a name")
        return self


class WasteRow(_Record):
    """Hours a month that one kind of waste takes; an hour stands in one row only (method §5.4).

    stage_id: where in the value stream. owner: the function that can do something about it, never a person.
    """

    id: Annotated[WasteRowId, _Id]
    code: WasteCode
    stage_id: StageId | None = None
    description: Line | None = None
    hours_month: _Amount | None = None
    hourly_cost_nok: _Amount | None = None
    frequency: Frequency | None = None
    cause: Line | None = None
    owner: Line | None = None
    in_mandate: bool | None = None


class Finding(_Record):
    """What was said of a finding of the diagnosis on one wave.

    wording: the organisation's own, None is the rule's. note: evidence from the room that no figure holds.
    decided: on `basis`, what spoke for and against it then, as text that two of the same evidence share.
    """

    rule: Annotated[str, StringConstraints(pattern=r"^D(0[1-9]|1[0-2])$")]
    wording: _Note | None = None
    note: _Note | None = None
    reason: _Note | None = None
    decided: Decision | None = None
    decided_at: _Utc | None = None
    basis: str | None = None

    @model_validator(mode="after")
    def _a_decision_has_its_basis(self) -> Self:
        if (self.decided is None) != (self.decided_at is None) or (self.decided is None) != (self.basis is None):
            raise ValueError("a decision has a time and a basis")
        if self.decided == "rejected" and self.reason is None:
            raise ValueError("who rejects says why")
        return self


class SignOff(_Record):
    """That somebody vouches for the diagnosis on one wave. basis: the findings and decisions it stood for."""

    signed_by: Line
    signed_at: _Utc
    basis: str


class StrategyDecision(_Record):
    """That a strategy was chosen, as it stood then; the latest holds, and the older ones stay.

    number: from 1. wave_id: the measurement that was looked at. decided_by: a role. recommended: None was map first.
    outside: the mandate excluded it. basis: the fits and weights it was chosen on, as text that two of the same share.
    """

    number: Annotated[int, Field(ge=1)]
    wave_id: WaveId
    strategy: Strategy
    decided_by: Line
    decided_on: date
    recommended: Strategy | None = None
    outside: bool = False
    reason: _Note | None = None
    basis: str

    @model_validator(mode="after")
    def _who_goes_another_way_says_why(self) -> Self:
        if self.reason is None and (self.strategy != self.recommended or self.outside):
            raise ValueError("who chooses something else than what is recommended says why")
        return self


class TrainingBrief(_Record):
    """What somebody added to the brief for a training, by section, and when that training ends; None is not said."""

    last_day: date | None = None
    verdict: _Note | None = None
    steps: _Note | None = None
    obstacles: _Note | None = None
    measures: _Note | None = None


LOGO_BYTES_MAX: Final = 512_000
TEMPLATE_BYTES_MAX: Final = 10_000_000
HANDOVER_BYTES_MAX: Final = 25_000_000  # the largest template there can be, written as text, and room for the rest


class Privacy(_Record):
    """What respondents are told of who answers for their answers, and when all of it goes; None is not said.

    controller: who decides what the answers are used for (GDPR art. 4.7). contact: where to ask. retention_months: how
    long after the last measurement the assessment is erased for good; erase_on: a day in their place. Without either
    the installation's own months hold.
    """

    controller: Line | None = None
    contact: Line | None = None
    retention_months: Annotated[int, Field(ge=1, le=RETENTION_MONTHS_MAX)] | None = None
    erase_on: date | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if self.retention_months is not None and self.erase_on is not None:
            raise ValueError("a day takes the place of months")
        return self


class Kept(_Record):
    """What decides how long an engagement is kept.

    changed_on: the last day anything was written. closed_on: the day its last measurement was closed; None while one is
    open, as it always is where one person or a team answers. announced_on: since when its owner can read that it is
    about to be erased.
    """

    engagement_id: EngagementId
    revision: int
    fictional: bool
    created_at: AwareDatetime
    changed_on: date
    closed_on: date | None
    announced_on: date | None
    told: Privacy


class Branding(_Record):
    """Who the documents come from and what they look like; None is ours.

    colour: "#rrggbb" of headings and rules. logo: a PNG or JPEG picture. template: a .pptx file whose master
    the deck uses.
    """

    # pictures are no text; this is how JSON can hold them
    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    sender: Line | None = None
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")] | None = None
    logo: Annotated[bytes, Field(max_length=LOGO_BYTES_MAX)] | None = None
    template: Annotated[bytes, Field(max_length=TEMPLATE_BYTES_MAX)] | None = None


# what makes a wish a goal (method §1, I9; §6.4)
GOAL_ESSENTIALS: Final = ("text", "target_value", "unit", "baseline_value", "due_on", "owner")


class Goal(_Record):
    """A figure to be reached by a day from a known baseline, and who answers for it; or the draft of one.

    draft: something may still be missing, and it is shown as a goal nowhere. unit: of target and baseline, the KPI's
    where there is one. owner: a function.
    """

    id: Annotated[GoalId, _Id]
    draft: bool = True
    text: Line | None = None
    target_value: _Number | None = None
    baseline_value: _Number | None = None
    unit: Line | None = None
    due_on: date | None = None
    owner: Line | None = None
    kpi_id: KpiId | None = None

    @model_validator(mode="after")
    def _whole_unless_a_draft(self) -> Self:
        if not self.draft and self.lacks:
            raise ValueError(f"a goal has all of {', '.join(GOAL_ESSENTIALS)}")
        return self

    @property
    def lacks(self) -> tuple[str, ...]:
        """What must be said before it is a goal, by field, in the order it is asked for."""
        return tuple(field for field in GOAL_ESSENTIALS if getattr(self, field) is None)


QUICK_WIN_ESSENTIALS: Final = ("figure", "owner", "kpi_id", "due_on")


class Action(_Record):
    """Something that is to be done: what it is to give, by whom and when, what it touches and what follows from it.

    position: order among the actions of the engagement. quick_win: nothing of QUICK_WIN_ESSENTIALS is missing.
    parked: on the parking list, since it lay outside the mandate. owner: a function. figure, unit: what it is to give,
    in the KPI's unit where there is one. stage_id: what it touches; with `to_stage_id` it is the hand-off to there.
    role_consequences: for roles and organisation. source: id of the proposal it was, so that it is proposed once.
    done_on: the day it was said to be done.
    """

    id: Annotated[ActionId, _Id]
    position: _Count = 0
    quick_win: bool = False
    parked: bool = False
    title: Line | None = None
    strategy: Strategy | None = None
    status: ActionStatus = "planned"
    figure: _Number | None = None
    unit: Line | None = None
    owner: Line | None = None
    due_on: date | None = None
    effort_h: _Amount | None = None
    kpi_id: KpiId | None = None
    process_id: ProcessId | None = None
    stage_id: StageId | None = None
    to_stage_id: StageId | None = None
    role_consequences: _Note | None = None
    training_need: _Note | None = None
    source: _Id | None = None
    done_on: date | None = None

    @model_validator(mode="after")
    def _whole_if_a_quick_win(self) -> Self:
        if self.quick_win and self.lacks:
            raise ValueError(f"a quick win has all of {', '.join(QUICK_WIN_ESSENTIALS)}")
        return self

    @model_validator(mode="after")
    def _done_on_a_day(self) -> Self:
        if (self.status == "done") != (self.done_on is not None):
            raise ValueError("what is done has the day it was done, and nothing else has")
        return self

    @property
    def lacks(self) -> tuple[str, ...]:
        """What must be said before it is a quick win, by field, in the order it is asked for (method §8.1)."""
        return tuple(field for field in QUICK_WIN_ESSENTIALS if getattr(self, field) is None)

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in ("planned", "doing")

    def overdue(self, today: date) -> bool:
        """Whether it should have been done before today."""
        return self.open and self.due_on is not None and self.due_on < today


class NoteWords(_Record):
    """Somebody's own words for a section of the note to the sponsor.

    mandate_version: the version they were written about, 0 where there was none.
    """

    section: NoteSection
    words: Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
    mandate_version: _Count


class PaybackLine(_Record):
    """What is said of a benefit beside its figures. owner: the function that answers for it; without one, no sum."""

    line: BenefitLine
    owner: Line | None = None
    kpi_id: KpiId | None = None
    evidence: EvidenceGrade | None = None


class RealisedBenefit(_Record):
    """What a benefit has given so far, as somebody claims it, and who has signed for it.

    amount: of a full year, like what was expected; measured_on: up to which day it is counted. signed_by, signed_on:
    the benefit's owner, both or none, and only for an amount.
    """

    line: BenefitLine
    amount: _Amount | None = None
    measured_on: date | None = None
    note: _Note | None = None
    signed_by: Line | None = None
    signed_on: date | None = None

    @model_validator(mode="after")
    def _signed_for_an_amount(self) -> Self:
        if (self.signed_by is None) != (self.signed_on is None) or (self.signed_by and self.amount is None):
            raise ValueError("who signs does so on a day, and for an amount")
        return self


class PaybackInput(_Record):
    """An input of the payback by benefit: `low` gives least, so it may be the larger number (method §7.2).

    None is not said; low and high then follow `likely`. unsure: the range is a guess too, so the draws are flatter.
    source: id of where `likely` or `high` was taken over from, with the quality grade it had there.
    """

    name: _Id
    low: _Number | None = None
    likely: _Number | None = None
    high: _Number | None = None
    unsure: bool = False
    source: _Id | None = None
    quality: Quality | None = None


class PaybackTerms(_Record):
    """What a change costs and how its payback is counted; costs in `currency`, None is not said.

    currency: the label of every amount of the assessment; nothing is converted. own_hour_cost: of each of `own_hours`.
    running_cost: a year. first_year_share: of the full-year benefit, all of it from the second year on.
    growth_reason: why the growth that the benefits imply is to be believed.
    """

    currency: Currency = "NOK"
    consultant_cost: _Amount | None = None
    own_hours: _Amount | None = None
    own_hour_cost: _Amount | None = None
    training_cost: _Amount | None = None
    systems_cost: _Amount | None = None
    other_cost: _Amount | None = None
    running_cost: _Amount | None = None
    discount_rate: _Share = DISCOUNT
    first_year_share: _Share = RAMP[0]
    years: Annotated[int, Field(ge=1, le=YEARS_MAX)] = len(RAMP)
    growth_reason: _Note | None = None


class PaybackTold(_Record):
    """All that is told of a payback; lines and inputs that nobody has touched are not among them."""

    lines: tuple[PaybackLine, ...] = ()
    inputs: tuple[PaybackInput, ...] = ()
    terms: PaybackTerms = PaybackTerms()
