"""The document an assessment is handed over in: its shape, how it is read, and what is wrong with it."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from assessment.business_case.offers import STREAM, WASTE
from assessment.config import K_MAX, K_MIN
from assessment.engagement import (
    HANDOVER_BYTES_MAX,
    RETROSPECTIVE,
    Action,
    Answer,
    Branding,
    CriterionSetting,
    Finding,
    Goal,
    ItemId,
    Kpi,
    KpiPoint,
    Line,
    Mandate,
    Mode,
    NoteWords,
    PaybackTold,
    Process,
    ReadinessAnswer,
    RealisedBenefit,
    SignOff,
    Strategy,
    StrategyDecision,
    StreamMap,
    TrainingBrief,
    TrainingPlanned,
    View,
    WasteRow,
    WaveId,
    WaveLabel,
)
from assessment.files import InputError
from assessment.mapping import kpi_catalogue, process_catalogue
from assessment.packs import Language, Role, builtin, builtin_ids
from assessment.payback import INPUTS
from assessment.strategy.diagnosis import Evidence
from assessment.strategy.model import weight_matrix
from assessment.strategy.situation import quoted

VERSION: Final = 1
LEFT_OUT: Final = (
    "who owns the assessment and who else was let in",
    "links, PINs and everything that opens one",
    "who changed what, and what can be undone",
    "classes of processes that the two sides have not compared yet",
)
LEFT_OUT_OF_MANY: Final = (
    "what each respondent answered; the published result of each measurement stands in its place, to be read and not"
    " to be calculated with"
)

# fields that name a record by its id, and texts of JSON that hold such ids
_IDS: Final = frozenset(
    {
        *("id", "wave_id", "kpi_id", "process_id", "process_ids", "stage_id", "to_stage_id", "from_stage_id"),
        "parent_stage_id",
    }
)
_BY_POOL: Final = "work"
_BASIS: Final = "basis"
_PUBLISHED: Final = "result"  # speaks of criteria and items, whose ids are the same everywhere


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HandedEngagement(_Part):
    """The assessment itself, without its id and owner: it gets new ones where it is opened."""

    name: Line
    language: Language
    mode: Mode
    k: Annotated[int, Field(ge=K_MIN, le=K_MAX)]
    training_planned: TrainingPlanned | None
    fictional: bool
    created_at: AwareDatetime
    results_seen_at: AwareDatetime | None


class HandedResponse(_Part):
    """The answers of the one person, or of the team that agreed on them."""

    role: Role
    view: View
    answers: Mapping[ItemId, Answer]
    retrospective: Mapping[ItemId, Answer]
    page_seconds: Mapping[str, Annotated[int, Field(ge=0)]]


class HandedWave(_Part):
    """A measurement with its diagnosis.

    response: None where many answered. result: what was published of their answers, as `result_document` has it; None
    otherwise, and where the measurement tells no maturity.
    """

    id: WaveId
    label: WaveLabel
    position: Annotated[int, Field(ge=1)]
    opened_at: AwareDatetime
    closed_at: AwareDatetime | None
    pack_id: Line
    pack_version: Line
    pack_hash: Line
    scoring_version: Line
    k: Annotated[int, Field(ge=K_MIN, le=K_MAX)]
    by_team: bool
    response: HandedResponse | None
    result: Mapping[str, Any] | None
    findings: tuple[Finding, ...]
    signed: SignOff | None


class HandedKpi(_Part):
    """A KPI with its points."""

    kpi: Kpi
    points: tuple[KpiPoint, ...]


class HandedNote(_Part):
    """Somebody's own words for a section of the note to the sponsor."""

    strategy: Strategy
    language: Language
    words: NoteWords


class Handover(_Part):
    """An assessment on its way to another installation.

    version: of this format; another one is refused. left_out: what stays behind, in words. Ids hold within the document
    only. Pictures and templates are base64 for addresses (RFC 4648 §5).
    """

    product: Literal["Salgsflyt"]
    version: Literal[1]
    made_on: date
    left_out: tuple[Line, ...]
    engagement: HandedEngagement
    waves: Annotated[tuple[HandedWave, ...], Field(min_length=1)]
    criterion_settings: tuple[CriterionSetting, ...]
    readiness: tuple[ReadinessAnswer, ...]
    mandates: tuple[Mandate, ...]
    kpis: tuple[HandedKpi, ...]
    stream: StreamMap
    processes: tuple[Process, ...]
    waste: tuple[WasteRow, ...]
    goals: tuple[Goal, ...]
    actions: tuple[Action, ...]
    payback: PaybackTold
    realised: tuple[RealisedBenefit, ...]
    decisions: tuple[StrategyDecision, ...]
    strategy_weights: Mapping[str, Mapping[str, float]]
    training_brief: TrainingBrief
    note_words: tuple[HandedNote, ...]
    branding: Branding


class _ChosenOn(_Part):
    """What `deciding.basis_of` writes."""

    strategies: Mapping[str, tuple[float | None, float | None]]
    own_weights: Mapping[str, Mapping[str, float]]


_CHOSEN_ON: Final = TypeAdapter(_ChosenOn)
_EVIDENCE: Final = TypeAdapter(list[Evidence], config=ConfigDict(extra="forbid"))


def read(content: bytes) -> Handover:
    """The document in a file. Raises: InputError with every problem at once, each with its place in the document."""
    if len(content) > HANDOVER_BYTES_MAX:
        most = HANDOVER_BYTES_MAX // 1_000_000
        raise InputError([f"the document: larger than {most} MB, so no hand-over of ours; choose another file"])
    try:
        handed = Handover.model_validate_json(content)
    except ValidationError as error:
        raise InputError([_sentence(problem) for problem in error.errors()]) from error
    found = [*_problems(handed)]
    if found:
        raise InputError(found)
    return handed


def schema() -> dict[str, Any]:
    """The published JSON Schema of the document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Handover.model_json_schema()}


def renamed(handed: Handover, new_id: Callable[[], str]) -> Handover:
    """The same with another id for everything that has one, and every reference following it."""
    ids: dict[str, str] = defaultdict(new_id)
    told = _renamed(handed.model_dump(), "", ids.__getitem__)
    return Handover.model_validate(_rebased(told, "", ids))


def _renamed(value: Any, field: str, other: Callable[[str], str]) -> Any:
    if field == _PUBLISHED:
        return value
    if isinstance(value, Mapping):
        return {other(key) if field == _BY_POOL else key: _renamed(v, key, other) for key, v in value.items()}
    if isinstance(value, tuple | list):
        return [_renamed(v, field, other) for v in value]
    return other(value) if field in _IDS and isinstance(value, str) else value


def _rebased(value: Any, field: str, ids: Mapping[str, str]) -> Any:
    """The same with the ids inside the texts of what decisions rested on, or all would look decided on other facts."""
    if field == _PUBLISHED:
        return value
    if isinstance(value, dict):
        return {key: _rebased(v, key, ids) for key, v in value.items()}
    if isinstance(value, list):
        return [_rebased(v, field, ids) for v in value]
    return _with_ids(value, ids) if field == _BASIS and isinstance(value, str) else value


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    """The ids in a text of JSON, or in a value of one, replaced; a basis holds texts of JSON again."""
    if isinstance(value, dict):
        return {key: _with_ids(v, ids) for key, v in value.items()}
    if isinstance(value, list):
        return [_with_ids(v, ids) for v in value]
    if not isinstance(value, str):
        return value
    inner = _json(value)
    return json.dumps(_with_ids(inner, ids)) if isinstance(inner, dict | list) else ids.get(value, value)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# ---------------------------------------------------------------- what is wrong with one


def _sentence(problem: ErrorDetails) -> str:
    """One problem: its place, what it is, and what to do."""
    place = _place(problem["loc"])
    match problem["type"]:
        case "json_invalid":
            return f"{place}: no JSON ({problem['ctx']['error']}); choose a file that was made by a hand-over"
        case "missing":
            return f"{place}: missing; add it, or make the file anew where it came from"
        case "extra_forbidden":
            return f"{place}: not part of a hand-over; take it out"
        case _ if problem["loc"] == ("version",):
            return f"{place}: {quoted(problem['input'])} is not {VERSION}, which this installation reads; update it"
    given = problem["input"]
    shown = quoted(given if isinstance(given, str | int | float | bool | dict | list | None) else str(given))
    return f"{place}: {problem['msg'].lower()}, got {shown}; put it right"


def _place(path: Sequence[str | int]) -> str:
    said = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return said.removeprefix(".") or "the document"


def _problems(handed: Handover) -> Iterator[str]:
    """What no field tells by itself: parts that contradict each other, or that this installation does not know."""
    yield from _twice(handed)
    yield from _dangling(handed)
    yield from _measured(handed)
    yield from _unknown(handed)
    yield from _unreadable(handed)


def _twice(handed: Handover) -> Iterator[str]:
    stream, payback = handed.stream, handed.payback
    once: Mapping[str, Iterable[object]] = {
        "waves: id": [wave.id for wave in handed.waves],
        "waves: position": [wave.position for wave in handed.waves],
        "waves: rule of a finding": [(wave.id, f.rule) for wave in handed.waves for f in wave.findings],
        "criterion_settings: criterion_id": [setting.criterion_id for setting in handed.criterion_settings],
        "readiness: item_id": [answer.item_id for answer in handed.readiness],
        "kpis: id": [told.kpi.id for told in handed.kpis],
        "kpis: code": [told.kpi.code for told in handed.kpis if told.kpi.code],
        "kpis: day of a point": [(told.kpi.id, point.on) for told in handed.kpis for point in told.points],
        "stream.stages: id": [stage.id for stage in stream.stages],
        "stream.pools: id": [pool.id for pool in stream.pools],
        "stream.pools: name": [pool.name for pool in stream.pools],
        "stream.handoffs: pair of stages": [(h.from_stage_id, h.to_stage_id) for h in stream.handoffs],
        "processes: id": [process.id for process in handed.processes],
        "processes: code": [process.code for process in handed.processes if process.code],
        "waste: id": [row.id for row in handed.waste],
        "goals: id": [goal.id for goal in handed.goals],
        "actions: id": [action.id for action in handed.actions],
        "actions: source": [action.source for action in handed.actions if action.source],
        "payback.lines: line": [line.line for line in payback.lines],
        "payback.inputs: name": [told.name for told in payback.inputs],
        "realised: line": [told.line for told in handed.realised],
        "decisions: number": [decision.number for decision in handed.decisions],
        "note_words: section": [(n.strategy, n.language, n.words.section) for n in handed.note_words],
    }
    for place, values in once.items():
        if any(count > 1 for count in Counter(values).values()):
            yield f"{place}: the same stands more than once; keep one"


def _dangling(handed: Handover) -> Iterator[str]:
    waves = {wave.id for wave in handed.waves}
    kpis = {told.kpi.id for told in handed.kpis}
    stages = {stage.id for stage in handed.stream.stages}
    whole = {stage.id for stage in handed.stream.stages if stage.parent_stage_id is None}
    pools = {pool.id for pool in handed.stream.pools}
    processes = {process.id for process in handed.processes}
    known: Sequence[tuple[str, Iterable[str | None], set[Any]]] = [
        ("stream.stages: parent_stage_id", [stage.parent_stage_id for stage in handed.stream.stages], whole),
        ("stream.stages: work", chain.from_iterable(stage.work for stage in handed.stream.stages), pools),
        ("stream.handoffs: from_stage_id", [handoff.from_stage_id for handoff in handed.stream.handoffs], stages),
        ("stream.handoffs: to_stage_id", [handoff.to_stage_id for handoff in handed.stream.handoffs], stages),
        ("waste: stage_id", [row.stage_id for row in handed.waste], stages),
        ("goals: kpi_id", [goal.kpi_id for goal in handed.goals], kpis),
        ("actions: kpi_id", [action.kpi_id for action in handed.actions], kpis),
        ("actions: process_id", [action.process_id for action in handed.actions], processes),
        ("actions: stage_id", [action.stage_id for action in handed.actions], stages),
        ("actions: to_stage_id", [action.to_stage_id for action in handed.actions], stages),
        ("payback.lines: kpi_id", [line.kpi_id for line in handed.payback.lines], kpis),
        ("decisions: wave_id", [decision.wave_id for decision in handed.decisions], waves),
    ]
    for place, references, there in known:
        for reference in references:
            if reference is not None and reference not in there:
                yield f"{place}: {quoted(reference)} is not in the document; add what it names, or take it out"


def _measured(handed: Handover) -> Iterator[str]:
    many = handed.engagement.mode == "anonymous"
    for number, wave in enumerate(handed.waves):
        place = f"waves[{number}]"
        if wave.pack_id not in builtin_ids():
            yield f"{place}.pack_id: {quoted(wave.pack_id)} is no question set of this installation; add it here first"
            continue
        if many and (wave.response is not None or wave.closed_at is None):
            yield f"{place}: people answered anonymously, so it is closed and holds no answers; take them out"
        if not many and wave.response is None:
            yield f"{place}.response: missing; add the answers, or take the measurement out"
        if wave.response is not None:
            yield from _no_items(f"{place}.response.answers", wave.response.answers, wave.pack_id)
            yield from _no_items(f"{place}.response.retrospective", wave.response.retrospective, RETROSPECTIVE)


def _no_items(place: str, answers: Iterable[str], pack_id: str) -> Iterator[str]:
    known = {item.id for item in builtin(pack_id).items}
    for item in answers:
        if item not in known:
            yield f"{place}: {quoted(item)} is no question of {pack_id}; take it out"


def _unknown(handed: Handover) -> Iterator[str]:
    criteria = {criterion.id for criterion in builtin("full").criteria}
    known: Sequence[tuple[str, Iterable[str | None], Iterable[str]]] = [
        ("criterion_settings: criterion_id", [s.criterion_id for s in handed.criterion_settings], criteria),
        ("kpis: code", [told.kpi.code for told in handed.kpis], kpi_catalogue.catalogue()),
        ("processes: code", [process.code for process in handed.processes], process_catalogue.catalogue()),
        ("payback.inputs: name", [told.name for told in handed.payback.inputs], INPUTS),
        (
            "payback.inputs: source",
            [told.source for told in handed.payback.inputs],
            (*kpi_catalogue.catalogue(), STREAM, WASTE),
        ),
    ]
    for place, given, there in known:
        for id_ in given:
            if id_ is not None and id_ not in there:
                yield f"{place}: {quoted(id_)} is not known here; update this installation, or take it out"
    yield from _no_items("readiness", [answer.item_id for answer in handed.readiness], "readiness")


def _unreadable(handed: Handover) -> Iterator[str]:
    try:
        weight_matrix(handed.strategy_weights)
    except ValueError as error:
        yield f"strategy_weights: {error}; put them right"
    for number, mandate in enumerate(handed.mandates):
        if mandate.created_at is None:
            yield f"mandates[{number}].created_at: missing; add when this version was made"
    kinds: Sequence[tuple[str, TypeAdapter[Any], Iterable[str | None]]] = [
        ("waves: basis of a finding", _EVIDENCE, [f.basis for wave in handed.waves for f in wave.findings]),
        ("decisions: basis", _CHOSEN_ON, [decision.basis for decision in handed.decisions]),
    ]
    for place, kind, texts in kinds:
        for text in (text for text in texts if text is not None):
            try:
                kind.validate_json(text)
            except ValidationError:
                yield f"{place}: not as this installation writes it; make the file anew where it came from"
