"""Diagnosis and strategy: what is recommended, why, how sure that is, and what would change it."""

from html import escape

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.advice import Advice, Driver
from assessment.config import EVID_FULL, EVID_MIN, SUPPORT
from assessment.diagnoses import Judged
from assessment.engagement import Engagement
from assessment.mapping.current_state import Part
from assessment.results import Results
from assessment.strategy.gates import Gate
from assessment.strategy.model import DRAWS, GATES, HOLD_AND_MEASURE, PRECONDITIONS, WEIGHTS, StrategyId
from assessment.strategy.recommend import Assessment, Recommendation
from assessment.wording import counterfactual, diagnosis_words, words
from pages.ui import decided, parts, session, waves

MARKS = {"green": ("✓", "sf-ready"), "amber": ("◆", "sf-warn"), "red": ("▲", "sf-stop")}


def render() -> None:
    """Draw the recommendation of the open engagement, or say what it needs."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.strategy"), texts("strategy.none"), (texts("start.begin"), "begin"))
        return
    results, advice = session.results(opened), session.advice(opened)
    if advice is None:
        _not_yet(results)
        return
    recommendation = advice.recommendation
    parts.where(*words.about(results))
    parts.title(texts("page.strategy"))
    waves.choose(results)
    parts.message(_lead(recommendation), *_meaning(advice))
    _choice(opened, advice)
    _conflict(recommendation)
    _mandate_unknown(advice)
    _diagnoses(opened)
    if recommendation.recommended in WEIGHTS:
        _why(results, advice)
    _all(results, recommendation)
    _changes(recommendation)
    _gates(advice)
    parts.figures(_table(recommendation))
    parts.next_step(
        texts("strategy.next"),
        texts("strategy.next_why"),
        (texts("strategy.to_actions"), "actions"),
        (texts("strategy.to_maturity"), "maturity"),
    )


def _not_yet(results: Results) -> None:
    texts = session.texts()
    if results.pack.id == "full":
        parts.empty(texts("page.strategy"), texts("strategy.nothing"), (texts("strategy.to_answer"), "answer"))
        return
    parts.title(texts("page.strategy"))
    parts.lead(texts("strategy.pulse"))
    if session.may("run") and st.button(texts("strategy.pulse_go"), type="primary"):
        session.service().continue_with_full_set(results.engagement.id)
        session.go("answer")


def _lead(recommendation: Recommendation) -> str:
    texts = session.texts()
    if recommendation.recommended is None:
        return texts("strategy.lead_map_first")
    return texts("strategy.lead", name=texts(f"strategy.{recommendation.recommended}").lower())


def _meaning(advice: Advice) -> list[str]:
    """The sentence to repeat, then how far ahead it is and on how much evidence."""
    texts, recommendation = session.texts(), advice.recommendation
    chosen = recommendation.recommended
    if chosen is None:
        return [texts("strategy.map_first_why")]
    sentences = [texts(f"strategy.{chosen}.say")]
    if chosen == HOLD_AND_MEASURE:
        sentences.append(texts("strategy.hold_why"))
    else:
        sentences.append(_lead_over_others(recommendation, recommendation.strategy(chosen)))
    return sentences


def _lead_over_others(recommendation: Recommendation, chosen: Assessment) -> str:
    texts = session.texts()
    fit = texts.number(chosen.fit or 0)
    others = [s.fit or 0 for s in recommendation.strategies if s.assessable and not s.excluded and s.id != chosen.id]
    if recommendation.near_ties:
        names = texts.listing([texts(f"strategy.{s}") for s in recommendation.near_ties])
        said = texts("strategy.fit_tie", fit=fit, others=names)
    elif others:
        ahead = words.difference(chosen.fit or 0, max(others))
        said = texts("strategy.fit_ahead", fit=fit, ahead=texts.number(ahead))
    else:
        said = texts("strategy.fit_only", fit=fit)
    if chosen.provisional:
        said += " " + texts("strategy.provisional", share=texts.percent(chosen.evidence))
    return said


def _choice(opened: Engagement, advice: Advice) -> None:
    """What was chosen, if anything, and the way to choose."""
    texts, decisions = session.texts(), session.service().strategy_decisions(opened.id)
    decided.notes(advice, decisions)
    label = texts("decision.look" if decisions or not session.may("run") else "decision.go")
    if st.button(label, key="to_decision"):
        session.go("decision")


def _conflict(recommendation: Recommendation) -> None:
    if recommendation.mandate_conflict is None:
        return
    texts = session.texts()
    name, margin = texts(f"strategy.{recommendation.mandate_conflict}"), recommendation.conflict_margin or 0
    why = texts("strategy.conflict_why", name=name, margin=texts.number(margin))
    parts.banner(texts("strategy.conflict"), why)
    if st.button(texts("strategy.to_note"), key="to_note"):
        session.go("sponsor_note")


def _mandate_unknown(advice: Advice) -> None:
    texts = session.texts()
    if advice.mandate is None:
        parts.note(texts("strategy.mandate_unknown"))
    elif advice.mandate_unknown:
        fields = texts.listing([texts(f"strategy.mandate_field.{f}") for f in advice.mandate_unknown])
        parts.note(texts("strategy.mandate_partly", fields=fields))
    else:
        return
    if st.button(texts("strategy.describe_mandate")):
        session.go("mandate")


# ---------------------------------------------------------------- diagnosis


def _diagnoses(opened: Engagement) -> None:
    """The findings in one line each; their evidence and what people make of them have a page of their own."""
    texts, found = session.texts(), session.diagnosis(opened)
    findings = () if found is None else found.findings
    if not findings:
        parts.section(texts("strategy.diagnosis_none"))
        parts.note(texts("strategy.diagnosis_none_why"))
        return
    parts.section(texts.plural("diagnosis.found", len(findings)))
    st.html("<ul class='sf-findings'>" + "".join(_finding(f) for f in findings) + "</ul>")
    parts.note(texts("strategy.diagnosis_note"))
    if st.button(texts("strategy.to_diagnosis")):
        session.go("diagnosis")


def _finding(judged: Judged) -> str:
    texts, decided = session.texts(), judged.said.decided
    sure = "" if judged.diagnosis is None else texts(f"strategy.confidence.{judged.diagnosis.confidence}")
    said = " · ".join([sure, *([texts(f"diagnosis.state.{decided}")] if decided else [])])
    name = escape(diagnosis_words.finding(judged))
    told = f"<s>{name}</s>" if decided == "rejected" else f"<b>{name}</b>"
    return f"<li>{told} <span class='sf-muted'>{escape(said)}</span></li>"


# ---------------------------------------------------------------- why


def _why(results: Results, advice: Advice) -> None:
    texts = session.texts()
    chosen = advice.recommendation.strategy(advice.recommendation.recommended)
    heaviest = chosen.contributions[0]
    parts.section(texts("strategy.why", reason=words.lower_first(words.signal(heaviest.signal, heaviest.value))))
    frame = _contributions(results, chosen)
    parts.chart(
        "contributions",
        (results.engagement.id, results.engagement.revision, results.wave.id),
        lambda: charts.spec(charts.contributions(frame, charts.Look(texts=texts))),
    )
    parts.note(texts("strategy.why_note"))
    if advice.drivers:
        st.subheader(texts("strategy.drivers"), anchor=False)
        parts.bullets([_driver(results, advice, driver) for driver in advice.drivers])


def _driver(results: Results, advice: Advice, driver: Driver) -> str:
    texts, points = session.texts(), session.texts().number(driver.points)
    if isinstance(driver.about, Part):
        what = diagnosis_words.part(advice.state, driver.about)
        return texts("strategy.driver", what=words.upper_first(what), points=points)
    topic = results.pack.prose[texts.language].items[driver.about].topic
    level = words.item_level(results.score.item(driver.about))
    return texts("strategy.item", topic=topic, points=points, level=level)


def _contributions(results: Results, chosen: Assessment) -> pd.DataFrame:
    known = {c.signal for c in chosen.contributions}
    rows = [
        {
            "reason": words.signal(c.signal, c.value),
            "source": words.known_source(results, c.signal),
            "points": c.points,
            "most": c.most,
        }
        for c in chosen.contributions
    ]
    rows += [
        {"reason": words.signal(s, 0), "source": words.unknown_source(s), "points": None, "most": None}
        for s in WEIGHTS[chosen.id]
        if s not in known
    ]
    return pd.DataFrame(rows, columns=["reason", "source", "points", "most"])


# ---------------------------------------------------------------- all six


def _all(results: Results, recommendation: Recommendation) -> None:
    texts = session.texts()
    heading = "strategy.all_tie" if recommendation.near_ties else "strategy.all_ranked"
    if recommendation.recommended in WEIGHTS and _far_ahead(recommendation):
        heading = "strategy.all_clear"
    parts.section(texts(heading))
    frame = _strategies(recommendation)
    parts.chart(
        "strategies",
        (results.engagement.id, results.engagement.revision, results.wave.id),
        lambda: charts.spec(charts.strategies(frame, charts.Look(texts=texts))),
    )
    if recommendation.supporting:
        names = texts.listing([texts(f"strategy.{s}").lower() for s in recommendation.supporting])
        parts.lead(texts("strategy.supporting", names=names))
    parts.note(texts("strategy.all_note", least=texts.percent(EVID_MIN), full=texts.percent(EVID_FULL)))
    lacking = [s for s in recommendation.strategies if not s.assessable]
    if lacking:
        parts.bullets(
            [
                texts("strategy.needs", name=texts(f"strategy.{s.id}").lower(), missing=texts.listing(_missing(s)))
                for s in lacking
            ]
        )


def _far_ahead(recommendation: Recommendation) -> bool:
    """Whether every other strategy, outside the mandate too, is further behind than one worth doing alongside."""
    fits = sorted((s.fit or 0.0 for s in recommendation.strategies if s.assessable), reverse=True)
    best = recommendation.strategy(recommendation.recommended).fit or 0.0
    return best == fits[0] and (len(fits) == 1 or best - fits[1] > SUPPORT[1])


def _missing(strategy: Assessment) -> list[str]:
    known = {c.signal for c in strategy.contributions}
    return [words.signal(s, 0).lower() for s in WEIGHTS[strategy.id] if s not in known]


def _strategies(recommendation: Recommendation) -> pd.DataFrame:
    texts = session.texts()
    return pd.DataFrame(
        [
            {
                "title": texts(f"strategy.{s.id}"),
                "fit": s.fit if s.assessable else None,
                "evidence": s.evidence,
                "excluded": texts(f"strategy.reason.{s.excluded[0]}") if s.excluded else None,
                "recommended": s.id == recommendation.recommended,
                "near_tie": s.id in recommendation.near_ties,
            }
            for s in recommendation.strategies
        ]
    )


# ---------------------------------------------------------------- what would change it, and are we ready


def _changes(recommendation: Recommendation) -> None:
    texts = session.texts()
    parts.section(texts("strategy.changes"))
    share, draws = texts.percent(recommendation.stability), texts.number(DRAWS, 0)
    parts.lead(texts(f"strategy.stability.{recommendation.stability_band}", share=share, n=draws))
    if not recommendation.counterfactuals:
        parts.note(texts("strategy.changes_none"))
        return
    cards = "".join(
        f"<li>{escape(texts('strategy.if', changes=counterfactual.condition(c)))}"
        f"<b>{escape(counterfactual.consequence(c))}</b></li>"
        for c in recommendation.counterfactuals
    )
    st.html(f"<ul class='sf-ifs'>{cards}</ul>")


def _gates(advice: Advice) -> None:
    texts, gate, chosen = session.texts(), advice.recommendation.gate, advice.recommendation.recommended
    if gate is None or chosen is None or chosen == HOLD_AND_MEASURE:
        return
    parts.section(_gate_heading(gate))
    st.html("<ul class='sf-gates'>" + "".join(_gate_row(advice, chosen, p) for p in PRECONDITIONS) + "</ul>")
    if gate.short:
        worst = max(gate.short, key=lambda p: gate.short[p])
        name, following = words.precondition(worst), words.precondition_rungs(worst, advice.readiness[worst])[1]
        parts.lead(texts("strategy.gate.first", name=name, next=words.lower_first(following)))
    if advice.recommendation.first_step:
        name = texts(f"strategy.{advice.recommendation.first_step}").lower()
        parts.lead(texts("strategy.gate.first_step", name=name))
    if gate.unknown and st.button(texts("strategy.gate.assess")):
        session.go("mandate", p="readiness")


def _gate_heading(gate: Gate) -> str:
    texts = session.texts()
    if gate.colour is None:
        return texts("strategy.gate.unknown")
    if gate.colour == "red" and len(gate.short) > 1:
        return texts("strategy.gate.red_many")
    return texts(f"strategy.gate.{gate.colour}")


def _gate_row(advice: Advice, chosen: StrategyId, precondition: str) -> str:
    texts = session.texts()
    least = texts.number(GATES[chosen][PRECONDITIONS.index(precondition)], 0)
    level, gate = advice.readiness[precondition], advice.recommendation.strategy(chosen).gate
    name = escape(words.precondition(precondition))
    if level is None:
        said = texts("strategy.gate.row_unknown", least=least)
        return f"<li><span aria-hidden='true'>–</span>{name}<span class='sf-muted'>{escape(said)}</span></li>"
    short = gate.short.get(precondition)
    colour = "green" if short is None else "amber" if short < 1 else "red"
    mark, style = MARKS[colour]
    said = texts("strategy.gate.row", level=texts.short(level), least=least)
    word = texts("strategy.gate.ready") if short is None else texts("strategy.gate.short", short=texts.short(short))
    return (
        f"<li><span class='{style}' aria-hidden='true'>{mark}</span>{name}"
        f"<span class='sf-muted'>{escape(said)} · {escape(word)}</span></li>"
    )


def _table(recommendation: Recommendation) -> pd.DataFrame:
    texts = session.texts()
    rows = [
        (
            texts(f"strategy.{s.id}"),
            texts.number(s.fit, 2) if s.fit is not None and s.assessable else texts("common.not_assessed"),
            texts.percent(s.evidence),
            _status(recommendation, s),
        )
        for s in sorted(recommendation.strategies, key=lambda s: (not s.assessable, -(s.fit or 0)))
    ]
    return pd.DataFrame(rows, columns=[texts(f"strategy.table.{c}") for c in ("strategy", "fit", "evidence", "status")])


def _status(recommendation: Recommendation, strategy: Assessment) -> str:
    texts, said = session.texts(), []
    if strategy.id == recommendation.recommended:
        said.append(texts("strategy.status.recommended"))
    if strategy.id in recommendation.near_ties:
        said.append(texts("strategy.status.near_tie"))
    elif strategy.id in recommendation.supporting:
        said.append(texts("strategy.status.supporting"))
    if strategy.excluded:
        reasons = texts.listing([texts(f"strategy.reason.{r}") for r in strategy.excluded])
        said.append(texts("strategy.status.excluded", reason=reasons))
    if not strategy.assessable:
        said.append(texts("strategy.status.not_assessable"))
    elif strategy.provisional:
        said.append(texts("strategy.status.provisional"))
    return ", ".join(said)
