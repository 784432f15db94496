"""Changes in words: what was changed, from what to what, by the names and labels that the pages have."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from assessment.engagement import Kpi, Process, Stage
from assessment.history import SUBJECTS, TABLES
from assessment.mapping import kpi_catalogue
from assessment.packs import builtin
from assessment.payback import SHARES
from assessment.recording import Change, ChangedRow, Row
from assessment.wording import payback_words, process_words, stream_words, words
from pages.ui import session

Behind = Mapping[str, Mapping[tuple[Any, ...], Row]]
Say = Callable[[Any, Behind], str]
_Kept = TypeVar("_Kept", bound=BaseModel)

# more rows of one kind than this are counted
FEW: Final = 3
# the tables whose rows have a name of their own; the others hold values of something else
NAMED: Final = frozenset({"kpis", "processes", "stages", "pools", "waste_rows", "goals", "actions"})
# told with the mandate they belong to
WITH_ANOTHER: Final = frozenset({"mandate_departments", "mandate_processes"})
COSTS: Final = (
    *("consultant_cost", "own_hours", "own_hour_cost", "training_cost"),
    *("systems_cost", "other_cost", "running_cost"),
)
ORDERED: Final = frozenset({"stages", "pools"})


def _text(value: Any, behind: Behind) -> str:
    return words.quoted(str(value))


def _number(value: Any, behind: Behind) -> str:
    return stream_words.short(value) if abs(value) < 1000 else session.texts().number(value, 0)


def _per_cent(value: Any, behind: Behind) -> str:
    return session.texts().percent(value)


def _day(value: Any, behind: Behind) -> str:
    return session.texts().day(date.fromisoformat(str(value)[:10]))


def _yes_no(value: Any, behind: Behind) -> str:
    return session.texts()("choice.yes" if value else "choice.no")


def _code(key: Callable[[str], str]) -> Say:
    """One of some choices: words by the key its code gives."""
    return lambda value, behind: session.texts()(key(str(value)))


def _one_of(table: str) -> Say:
    """A row of another table, by its name."""
    return lambda value, behind: _named(table, behind[table].get((value,)))


def _input(name: str) -> Say:
    """A figure of the payback: a share as per cent."""
    return lambda value, behind: payback_words.share(value) if name in SHARES else _number(value, behind)


def _level(value: Any, behind: Behind) -> str:
    return session.texts()(f"answer.{value}") if value in ("DK", "NA") else words.step(int(value))


_GRADE: Final = _code(lambda code: f"history.evidence.{code}")
_CLASS: Final = _code(lambda code: f"processes.class.{code}")
_FREQUENCY: Final = _code(lambda code: f"choice.frequency.{code}")
_QUALITY: Final = _code(lambda code: f"history.quality.{code}")

# By table and column: key of the label, and how a value is said. A column that is left out is not for people: an id, a
# place in an order, a time of writing.
TOLD: Final[Mapping[str, Mapping[str, tuple[str, Say]]]] = {
    "criterion_settings": {
        "weight": ("targets.weight", _code(lambda code: f"targets.weight.{code}")),
        "target": ("targets.target", lambda value, behind: session.texts().number(value)),
    },
    "readiness_answers": {
        "answer": ("history.field.answer", _level),
        "evidence": ("history.field.evidence", _GRADE),
    },
    "mandates": {
        "scope": ("mandate.scope", _code(lambda code: f"mandate.scope.{code}")),
        "processes_in_scope": ("mandate.processes", _number),
        "horizon_months": ("mandate.horizon", _number),
        "may_change_process": ("history.field.may_change_process", _yes_no),
        "may_change_system": ("history.field.may_change_system", _yes_no),
        "may_change_model": ("history.field.may_change_model", _yes_no),
        "may_change_organisation": ("history.field.may_change_organisation", _yes_no),
        "owner": ("mandate.owner", _code(lambda code: f"mandate.owner.{code}")),
        "budget_nok": ("history.field.budget", _number),
        "hours": ("history.field.own_hours", _number),
        "reason": ("history.field.reason", _text),
    },
    "mandate_departments": {
        "department": ("mandate.departments", _text),
        "counterpart": ("mandate.departments", _text),
    },
    "kpis": {
        "name": ("kpis.field.name", _text),
        "definition": ("kpis.field.definition", _text),
        "numerator": ("kpis.field.numerator", _text),
        "denominator": ("kpis.field.denominator", _text),
        "unit": ("kpis.field.unit", _text),
        "better": ("kpis.better", _code(lambda code: f"kpis.better.{code}")),
        "period": ("kpis.field.period", _code(lambda code: f"kpis.period.{code}")),
        "source_system": ("kpis.field.source_system", _text),
        "extracted_on": ("kpis.field.extracted_on", _day),
        "owner": ("kpis.field.owner", _text),
        "quality": ("kpis.field.quality", _QUALITY),
        "baseline_until_on": ("kpis.baseline.ask", _day),
        "floor_value": ("history.field.floor", _number),
    },
    "kpi_points": {
        "value": ("kpis.column.value", _number),
        "numerator": ("history.field.numerator", _number),
        "denominator": ("history.field.denominator", _number),
        "n": ("history.field.n", _number),
        "starts_segment": ("history.field.starts_segment", _yes_no),
        "note": ("kpis.column.note", _text),
    },
    "processes": {
        "name_nb": ("processes.field.name", _text),
        "name_en": ("processes.field.name", _text),
        "starts_with": ("processes.field.starts_with", _text),
        "ends_with": ("processes.field.ends_with", _text),
        "input": ("processes.field.input", _text),
        "output": ("processes.field.output", _text),
        "frequency": ("processes.field.frequency", _FREQUENCY),
        "hours_month": ("processes.field.hours", _number),
        "pain": ("processes.field.pain", _code(lambda code: f"processes.pain.{code}")),
        "owner": ("processes.field.owner", _text),
        "in_mandate": ("processes.field.in_mandate", _yes_no),
        "class_consultant": ("processes.column.consultant", _CLASS),
        "class_client": ("processes.column.client", _CLASS),
        "class_agreed": ("processes.field.agreed", _CLASS),
        "class_reason": ("processes.field.reason", _text),
        "class_decided_by": ("history.field.decided_by", _text),
    },
    "stages": {
        "name": ("stream.field.name", _text),
        "department": ("stream.field.department", _text),
        "wait_h": ("stream.field.wait_h", _number),
        "wait_side": ("stream.field.wait_side", _code(lambda code: f"stream.side.{code}")),
        "complete_accurate_share": ("stream.field.complete_accurate_share", _per_cent),
        "volume_month": ("stream.field.volume_month", _number),
        "conversion_share": ("stream.field.conversion_share", _per_cent),
        "wip": ("stream.field.wip", _number),
        "reentry_share": ("stream.field.reentry_share", _per_cent),
    },
    "pools": {
        "name": ("stream.field.name", _text),
        "fte": ("stream.field.fte", _number),
        "hours_month": ("stream.field.hours_month", _number),
        "flow_share": ("stream.field.flow_share", _per_cent),
    },
    "stage_pools": {"process_time_h": ("history.field.process_time_h", _number)},
    "handoffs": {
        "volume_month": ("handoffs.field.volume_month", _number),
        "complete_accurate_sender_share": ("history.field.sender", _per_cent),
        "complete_accurate_receiver_share": ("history.field.receiver", _per_cent),
        "wait_h": ("handoffs.field.wait_h", _number),
        "fix_h": ("handoffs.field.fix_h", _number),
        "clear_content": ("handoffs.asked.clear_content", _yes_no),
        "clear_deadline": ("handoffs.asked.clear_deadline", _yes_no),
        "clear_receiver": ("handoffs.asked.clear_receiver", _yes_no),
        "clear_feedback": ("handoffs.asked.clear_feedback", _yes_no),
    },
    "waste_rows": {
        "code": ("waste.kind", _code(lambda code: f"waste.name.{code}")),
        "stage_id": ("waste.field.stage", _one_of("stages")),
        "description": ("waste.field.description", _text),
        "hours_month": ("waste.field.hours", _number),
        "hourly_cost_nok": ("waste.field.hourly_cost", _number),
        "frequency": ("waste.field.frequency", _FREQUENCY),
        "cause": ("waste.field.cause", _text),
        "owner": ("waste.field.owner", _text),
        "in_mandate": ("waste.field.in_mandate", _yes_no),
    },
    "sponsor_notes": {"words": ("history.field.text", _text)},
    "findings": {
        "wording": ("diagnosis.wording", _text),
        "note": ("diagnosis.note", _text),
        "reason": ("diagnosis.reason", _text),
        "decided": ("history.field.decided", _code(lambda code: f"diagnosis.state.{code}")),
    },
    "diagnosis_signatures": {
        "signed_by": ("history.field.signed_by", _text),
        "signed_at": ("history.field.signed_at", _day),
    },
    "goals": {
        "draft": ("history.field.draft", _yes_no),
        "text": ("history.field.text", _text),
        "target_value": ("history.field.target_value", _number),
        "baseline_value": ("history.field.baseline_value", _number),
        "unit": ("kpis.field.unit", _text),
        "due_on": ("history.field.due_on", _day),
        "owner": ("history.field.owner", _text),
        "kpi_id": ("history.field.kpi", _one_of("kpis")),
    },
    "payback_lines": {
        "owner": ("history.field.owner", _text),
        "kpi_id": ("history.field.kpi", _one_of("kpis")),
        "evidence": ("history.field.evidence", _GRADE),
        "realised_amount": ("history.field.realised_amount", _number),
        "realised_measured_on": ("history.field.realised_measured_on", _day),
        "realised_note": ("history.field.realised_note", _text),
        "realised_on": ("history.field.realised_on", _day),
        "signed_by": ("history.field.signed_by", _text),
    },
    "payback_inputs": {
        "low": ("history.field.low", _number),
        "likely": ("history.field.likely", _number),
        "high": ("history.field.high", _number),
        "unsure": ("history.field.unsure", _yes_no),
        "source": ("kpis.field.source_system", _text),
        "quality": ("kpis.field.quality", _QUALITY),
    },
    "payback_terms": {
        "currency": ("payback.term.currency", _code(lambda code: f"payback.currency.{code}")),
        **{name: (f"history.field.{name}", _number) for name in COSTS},
        "discount_rate": ("history.field.discount_rate", _per_cent),
        "first_year_share": ("history.field.first_year_share", _per_cent),
        "years": ("history.field.years", _number),
        "growth_reason": ("history.field.reason", _text),
    },
    "actions": {
        "quick_win": ("history.field.quick_win", _yes_no),
        "parked": ("history.field.parked", _yes_no),
        "title": ("history.field.title", _text),
        "strategy": ("history.field.strategy", _code(lambda code: f"strategy.{code}")),
        "status": ("history.field.status", _code(lambda code: f"plan.status.{code}")),
        "figure": ("history.field.figure", _number),
        "unit": ("kpis.field.unit", _text),
        "owner": ("history.field.owner", _text),
        "due_on": ("history.field.due_on", _day),
        "effort_h": ("history.field.effort", _number),
        "kpi_id": ("history.field.kpi", _one_of("kpis")),
        "process_id": ("history.field.process", _one_of("processes")),
        "stage_id": ("history.field.stage", _one_of("stages")),
        "to_stage_id": ("history.field.to_stage", _one_of("stages")),
        "role_consequences": ("history.field.role_consequences", _text),
        "training_need": ("history.field.training_need", _text),
        "done_on": ("history.field.done_on", _day),
    },
    "strategy_weights": {"weight": ("history.field.weight", _per_cent)},
    "strategy_decisions": {
        "strategy": ("history.field.strategy", _code(lambda code: f"strategy.{code}")),
        "decided_by": ("history.field.decided_by", _text),
        "reason": ("history.field.reason", _text),
    },
    "training_briefs": {
        "last_day": ("history.field.last_day", _day),
        "verdict": ("training_brief.section.verdict", _text),
        "steps": ("training_brief.section.steps", _text),
        "obstacles": ("training_brief.section.obstacles", _text),
        "measures": ("training_brief.section.measures", _text),
    },
}


def who(change: Change) -> str:
    """Who made a change: the name they signed in with, or how they came in."""
    texts = session.texts()
    if change.actor == "oidc":
        # the provider's own id, where it vouches for no address
        known = change.subject is not None and not change.subject.startswith("sub:")
        return str(change.subject) if known else texts("history.by.oidc")
    return texts(f"history.by.{change.actor}")


def subjects(change: Change) -> list[str]:
    """What a change is about, by subject."""
    touched = {row.table for row in change.rows}
    return [session.texts()(f"history.subject.{s}") for s in SUBJECTS if touched & set(TABLES[s])]


def lines(change: Change, behind: Behind) -> list[tuple[str, str]]:
    """What a change did, as (what it was done to, what was done); many rows alike are counted."""
    return _said(change.rows, behind)


def taking_back(change: Change, behind: Behind) -> list[tuple[str, str]]:
    """What undoing a change would do."""
    rows = [ChangedRow(row.table, row.key, row.after, row.before) for row in reversed(change.rows)]
    said = _said(rows, behind)
    unseen = [row for row in rows if row.table == "processes" and row.before is None and row.after is not None]
    if any(row.after is not None and row.after["classes_shown_at"] is None for row in unseen):
        said.append((session.texts()("processes.classes"), session.texts()("history.judged_again")))
    return said


def _said(rows: Sequence[ChangedRow], behind: Behind) -> list[tuple[str, str]]:
    made = {row.key["id"] for row in rows if row.table in NAMED and (row.before is None or row.after is None)}
    reordered = {row.table for row in rows if row.table in ORDERED and _untold(row)}
    kinds: dict[tuple[str, str, str], list[ChangedRow]] = {}
    for row in rows:
        if row.table in WITH_ANOTHER or _part_of(row, made) or (row.table in ORDERED and _untold(row)):
            continue
        of = str(row.key["kpi_id"]) if row.table == "kpi_points" else ""
        kinds.setdefault((row.table, _what(row), of), []).append(row)
    said = [line for alike in kinds.values() for line in _alike(alike, rows, behind)]
    if said:
        return said
    texts = session.texts()
    return [(texts(f"history.all.{table}"), texts("history.reordered")) for table in sorted(reordered)]


def _alike(alike: Sequence[ChangedRow], rows: Sequence[ChangedRow], behind: Behind) -> Iterator[tuple[str, str]]:
    """Rows of one table to which the same was done."""
    texts, first = session.texts(), alike[0]
    if len(alike) > FEW:
        counted, done = texts.plural(f"history.rows.{first.table}", len(alike)), texts(f"history.{_what(first)}")
        yield (_name(first, behind), f"{counted} {done}") if first.table == "kpi_points" else (counted, done)
        return
    for row in alike:
        name = _name(row, behind)
        if row.table in NAMED and _what(row) != "changed":
            yield name, texts(f"history.{_what(row)}")
        else:
            told = [*_values(row, rows, behind)]
            yield from ((name, line) for line in told or [texts(f"history.{_what(row)}")])


def _what(row: ChangedRow) -> str:
    return "added" if row.before is None else "removed" if row.after is None else "changed"


def _part_of(row: ChangedRow, made: set[Any]) -> bool:
    """Whether it came or went with something that is told already."""
    if row.table == "stages":  # the steps of a stage
        return _what(row) != "changed" and ((row.before or row.after or {})["parent_stage_id"] in made)
    return row.table not in NAMED and any(value in made for value in row.key.values())


def _untold(row: ChangedRow) -> bool:
    return _what(row) == "changed" and not (row.before or {}).keys() & TOLD[row.table].keys()


def _values(row: ChangedRow, rows: Sequence[ChangedRow], behind: Behind) -> Iterator[str]:
    """Field by field, from what to what."""
    texts = session.texts()
    before, after = row.before or {}, row.after or {}
    if row.table == "mandates":
        before, after = _versions(row, behind)
        yield from _departments(row, rows, behind)
        yield from _processes(row, rows, behind)
    for column, (key, say) in TOLD[row.table].items():
        old, new = before.get(column), after.get(column)
        if old == new:
            continue
        label = texts(key)
        if row.table == "kpi_points":
            label = texts("history.point", day=_day(row.key["date"], behind), field=words.lower_first(label))
        if row.table == "payback_inputs" and column in ("low", "likely", "high"):
            say = _input(row.key["input"])
        yield _from_to(label, *(texts("common.unknown") if v is None else say(v, behind) for v in (old, new)))


def _from_to(label: str, old: str, new: str) -> str:
    return f"{label}{'' if label.endswith('?') else ':'} {old} → {new}"


def _versions(row: ChangedRow, behind: Behind) -> tuple[Row, Row]:
    """A version of the mandate beside the one it replaced, or gave way to."""
    previous = behind["mandates"].get((row.key["version"] - 1,), {})
    return (row.before or previous), (row.after or previous)


def _departments(row: ChangedRow, rows: Sequence[ChangedRow], behind: Behind) -> Iterator[str]:
    version, texts = row.key["version"], session.texts()
    own = [r.after or r.before or {} for r in rows if r.table == "mandate_departments"]
    earlier = [r for (number, _), r in behind["mandate_departments"].items() if number == version - 1]
    old, new = (
        texts.listing(_with_counterparts(d)) for d in ((earlier, own) if row.before is None else (own, earlier))
    )
    if old != new:
        yield _from_to(texts("mandate.departments"), old or texts("history.none"), new or texts("history.none"))


def _processes(row: ChangedRow, rows: Sequence[ChangedRow], behind: Behind) -> Iterator[str]:
    version, texts = row.key["version"], session.texts()
    own = sorted(r.key["process_id"] for r in rows if r.table == "mandate_processes")
    earlier = sorted(process for number, process in behind["mandate_processes"] if number == version - 1)
    named = [
        texts.listing([_one_of("processes")(id_, behind) for id_ in ids]) or texts("history.none")
        for ids in ((earlier, own) if row.before is None else (own, earlier))
    ]
    if named[0] != named[1]:
        yield _from_to(texts("history.field.processes"), *named)


def _with_counterparts(departments: Sequence[Row]) -> list[str]:
    ordered = sorted(departments, key=lambda d: d["position"])
    return [f"{d['department']} ({d['counterpart']})" if d["counterpart"] else d["department"] for d in ordered]


# what a row is of, where its key alone tells
_OF_KEY: Final[Mapping[str, Callable[[Row], str]]] = {
    "criterion_settings": lambda key: words.name_of(builtin("full"), key["criterion_id"]),
    "readiness_answers": lambda key: builtin("readiness").prose[session.language()].items[key["item_id"]].topic,
    "mandates": lambda key: session.texts()("mandate.heading"),
    "sponsor_notes": lambda key: session.texts()(
        "history.of.sponsor_notes", section=session.texts()(f"sponsor_note.section.{key['section']}")
    ),
    "findings": lambda key: session.texts()(f"diagnosis.{key['rule']}"),
    "strategy_weights": lambda key: session.texts()(
        "history.of.strategy_weights",
        strategy=session.texts()(f"strategy.{key['strategy']}"),
        signal=words.signal(key["signal"], 0),
    ),
    "payback_lines": lambda key: payback_words.line(key["line"]),
    "payback_inputs": lambda key: payback_words.named(key["input"]),
}


def _name(row: ChangedRow, behind: Behind) -> str:
    """What a row is of."""
    texts, key = session.texts(), row.key
    if row.table in NAMED:
        whole = (row.before or row.after) if _what(row) != "changed" else None
        return _named(row.table, behind[row.table].get((key["id"],), whole))
    match row.table:
        case "kpi_points":
            return _one_of("kpis")(key["kpi_id"], behind)
        case "stage_pools":
            pool, stage = _one_of("pools")(key["pool_id"], behind), _one_of("stages")(key["stage_id"], behind)
            return texts("stream.of_pool", pool=pool, stage=stage)
        case "handoffs":
            sender, receiver = (_one_of("stages")(key[f"{side}_stage_id"], behind) for side in ("from", "to"))
            return texts("handoffs.pair", sender=sender, receiver=receiver)
    return _OF_KEY[row.table](key) if row.table in _OF_KEY else texts(f"history.of.{row.table}")


def _named(table: str, row: Row | None) -> str:
    texts = session.texts()
    if row is None:
        return texts("history.gone")
    match table:
        case "kpis":
            return kpi_catalogue.said(_record(Kpi, row), session.language()).name
        case "processes":
            return process_words.name_of(_record(Process, row))
        case "stages":
            return stream_words.stage_name(_record(Stage, row))
        case "pools":
            return str(row["name"])
        case "waste_rows":
            kind = texts(f"waste.name.{row['code']}")
            return f"{kind}: {row['description']}" if row["description"] else kind
        case "goals":
            return str(row["text"] or texts("history.of.goals"))
    return str(row["title"] or texts("plan.unnamed"))


def _record(kind: type[_Kept], row: Row) -> _Kept:
    return kind.model_validate({name: value for name, value in row.items() if name in kind.model_fields})
