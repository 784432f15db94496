"""Evidence and parts of the current state as sentences, and the page where each can be looked up."""

from collections.abc import Iterable

from assessment.config import CA_REF, DEF_REF
from assessment.diagnoses import DiagnosisSheet, Judged
from assessment.mapping import kpi_catalogue, process_catalogue
from assessment.mapping.current_state import CurrentState, Part
from assessment.packs import Pack
from assessment.strategy.diagnosis import Evidence
from assessment.strategy.model import PRECONDITIONS
from assessment.wording import reader, stream_words, words

_COUNTED = {"K04": "core_time", "K08": "forecast"}
_RULES = ("R1", "R2", "R3")
# where a figure of the current state is written down
_PAGES = {
    "class_agreement": "processes",
    "dInt": "handoffs",
    "dExt": "handoffs",
    "defect": "stream",
    "waste_share": "waste",
    "rho_max": "stream",
    "rho_without_rework": "stream",
}


def finding(judged: Judged) -> str:
    """A finding in the organisation's own words, or the rule's."""
    return judged.said.wording or reader.texts()(f"diagnosis.{judged.rule}")


def message(found: DiagnosisSheet) -> list[str]:
    """How many findings there are, how many of them are sure, and what people have made of them."""
    texts, n = reader.texts(), len(found.findings)
    if not n:
        return [texts("strategy.diagnosis_none"), texts("strategy.diagnosis_none_why")]
    sure = [f for f in found.findings if f.diagnosis is not None and f.diagnosis.confidence == "high"]
    said = [texts.plural("diagnosis.sure", len(sure))] if sure else []
    left = len(found.open)
    said.append(texts.plural("diagnosis.open", left) if left else texts("diagnosis.all_decided"))
    return [texts.plural("diagnosis.found", n), " ".join(said)]


def facts(pack: Pack, state: CurrentState, known: Iterable[Evidence]) -> list[str]:
    """Evidence as sentences; the same question seen by several perspectives is one fact to a reader."""
    return list(dict.fromkeys(evidence(pack, state, e) for e in known))


def evidence(pack: Pack, state: CurrentState, known: Evidence) -> str:
    """One fact as a sentence, with the limit it is held against."""
    texts, limit = reader.texts(), known.threshold or 0.0
    if known.id == "Q02":
        return texts("evidence.training")
    if known.about in _RULES:
        return texts(f"evidence.rule.{known.about}", what=_kpi(state, known.id))
    if known.id == "K12":
        return texts("evidence.rating_known" if known.value else "evidence.rating_unknown")
    if known.id in _COUNTED:
        value, least = texts.percent(known.value), texts.percent(limit)
        return texts(f"evidence.{_COUNTED[known.id]}", value=value, limit=least)
    if known.id in ("rho_max", "rho_without_rework"):
        pool = stream_words.name_of(state.stream, known.about) or texts("evidence.a_pool")
        value, least = texts.percent(known.value), texts.percent(limit)
        return texts(f"evidence.{known.id}", pool=pool, value=value, limit=least)
    if known.id in ("dInt", "dExt", "defect"):
        worst = DEF_REF if known.id == "defect" else CA_REF
        value, least = texts.percent(1 - worst * known.value), texts.percent(1 - worst * limit)
        return texts(f"evidence.{known.id}", value=value, limit=least)
    if known.id in ("class_agreement", "waste_share"):
        return texts(f"evidence.{known.id}", value=texts.percent(known.value), limit=texts.percent(limit))
    return _answers(pack, known, limit)


def _answers(pack: Pack, known: Evidence, limit: float) -> str:
    texts, what = reader.texts(), words.name_of(pack, known.id)
    if known.about == "split":
        return texts("evidence.split", what=what)
    if known.about == "dk_share":
        value, least = texts.percent(known.value), texts.percent(limit)
        return texts("evidence.dk_share", what=what, value=value, limit=least)
    if known.about in ("sellers", "surroundings"):
        key = "evidence.perception_gap" if known.value > 0 else "evidence.perception_gap_below"
        who = texts(f"perspective.{known.about}").lower()
        return texts(key, what=what, value=texts.number(abs(known.value)), who=who)
    return texts("evidence.level", what=what, value=texts.number(known.value), limit=texts.number(limit))


def _kpi(state: CurrentState, id_: str) -> str:
    """A key figure's name, by its id here or its place in the catalogue."""
    found = next((r.kpi for r in state.kpis if id_ in (r.kpi.id, r.kpi.code)), None)
    return reader.texts()("evidence.a_kpi") if found is None else kpi_catalogue.said(found, reader.language()).name


def place(pack: Pack, state: CurrentState, known: Evidence) -> tuple[str, str] | None:
    """The page and step where a fact was answered or written down; None where there is nothing to look up."""
    if known.id in _PAGES:
        return _PAGES[known.id], known.about or ""
    if known.id in PRECONDITIONS:
        return "mandate", "readiness"
    if known.id == "Q02":
        return None
    if known.source == "measured":
        found = next((r.kpi.id for r in state.kpis if known.id in (r.kpi.id, r.kpi.code)), "")
        return "kpis", found
    return "items", _criterion(pack, known.id)


def _criterion(pack: Pack, id_: str) -> str:
    """The criterion that a criterion, sub-scale or item belongs to."""
    members = pack.subscales.get(id_, (id_,))
    return next((i.criterion for i in pack.items if i.id in members), id_)


def part(state: CurrentState, found: Part) -> str:
    """A process, pool, stage, hand-off or row of waste by name, with the figure that makes it weigh."""
    texts, one = reader.texts(), found.ids[0]
    match found.kind:
        case "pool":
            rho = state.stream.flow.pool(one).rho  # type: ignore[arg-type]
            name = stream_words.name_of(state.stream, one)
            return texts("driver.pool", name=name, load=texts.percent(rho or 0.0))
        case "stage":
            stage = state.stream.stage(one)
            hours = "" if stage is None or stage.wait_h is None else stream_words.short(stage.wait_h)
            return texts("driver.stage", name=stream_words.name_of(state.stream, one), hours=hours)
        case "handoff":
            sender, receiver = (stream_words.name_of(state.stream, id_) for id_ in found.ids)
            return texts("driver.handoff", sender=sender, receiver=words.lower_first(receiver))
        case "waste":
            row = state.waste.find(one)
            kind = "" if row is None else texts(f"waste.name.{row.code}")
            name = kind if row is None or row.description is None else f"{kind}: {words.lower_first(row.description)}"
            hours = "" if row is None or row.hours_month is None else texts.short(row.hours_month)
            return texts("driver.waste", name=name, hours=hours)
    process = state.processes.find(one)
    return "" if process is None else texts("driver.process", name=process_catalogue.name(process, reader.language()))
