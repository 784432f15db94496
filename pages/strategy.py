"""Diagnosis and strategy: what is recommended, why, how sure that is, and what would change it."""

from html import escape

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.advice import Advice
from assessment.config import EVID_FULL, EVID_MIN
from assessment.diagnoses import Judged
from assessment.engagement import Engagement
from assessment.results import Results
from assessment.strategy.model import HOLD_AND_MEASURE, PRECONDITIONS, WEIGHTS, StrategyId
from assessment.strategy.recommend import Assessment, Recommendation
from assessment.wording import counterfactual, diagnosis_words, strategy_words, words
from pages.ui import decided, parts, session, waves

MARKS = {"green": ("✓", "sf-ready"), "amber": ("◆", "sf-warn"), "red": ("▲", "sf-stop"), None: ("–", "")}


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
    parts.message(strategy_words.lead(recommendation), *strategy_words.meaning(advice))
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
    parts.banner(texts("strategy.conflict"), strategy_words.conflict_why(recommendation))
    if st.button(texts("strategy.to_note"), key="to_note"):
        session.go("sponsor_note")


def _mandate_unknown(advice: Advice) -> None:
    texts, said = session.texts(), strategy_words.mandate_said(advice)
    if not said:
        return
    parts.note(said)
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
    frame = strategy_words.contribution_rows(results, chosen)
    parts.chart(
        "contributions",
        (results.engagement.id, results.engagement.revision, results.wave.id),
        lambda: charts.spec(charts.contributions(frame, charts.Look(texts=texts))),
    )
    parts.note(texts("strategy.why_note"))
    if advice.drivers:
        st.subheader(texts("strategy.drivers"), anchor=False)
        parts.bullets([strategy_words.driver(results, advice, driver) for driver in advice.drivers])


# ---------------------------------------------------------------- all six


def _all(results: Results, recommendation: Recommendation) -> None:
    texts = session.texts()
    parts.section(strategy_words.all_claim(recommendation))
    ranking_chart(results, recommendation)
    if recommendation.supporting:
        names = texts.listing([texts(f"strategy.{s}").lower() for s in recommendation.supporting])
        parts.lead(texts("strategy.supporting", names=names))
    parts.note(texts("strategy.all_note", least=texts.percent(EVID_MIN), full=texts.percent(EVID_FULL)))
    lacking = [s for s in recommendation.strategies if not s.assessable]
    if lacking:
        parts.bullets(
            [
                texts(
                    "strategy.needs",
                    name=texts(f"strategy.{s.id}").lower(),
                    missing=texts.listing(strategy_words.missing(s)),
                )
                for s in lacking
            ]
        )


def ranking_chart(results: Results, recommendation: Recommendation, scale: float = 1.0) -> None:
    """Draw the six strategies by how well they fit. scale: 1.35 on a projector."""
    frame, look = strategy_words.strategy_rows(recommendation), charts.Look(texts=session.texts(), scale=scale)
    about = (results.engagement.id, results.engagement.revision, results.wave.id, scale)
    parts.chart("strategies", about, lambda: charts.spec(charts.strategies(frame, look)))


# ---------------------------------------------------------------- what would change it, and are we ready


def _changes(recommendation: Recommendation) -> None:
    texts = session.texts()
    parts.section(texts("strategy.changes"))
    parts.lead(strategy_words.stability(recommendation))
    if not recommendation.counterfactuals:
        parts.note(texts("strategy.changes_none"))
        return
    change_cards(recommendation)


def change_cards(recommendation: Recommendation) -> None:
    """Draw what would change the recommendation, a card each."""
    texts = session.texts()
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
    parts.section(strategy_words.gate_heading(gate))
    st.html("<ul class='sf-gates'>" + "".join(_gate_row(advice, chosen, p) for p in PRECONDITIONS) + "</ul>")
    for sentence in strategy_words.gate_first(advice, gate):
        parts.lead(sentence)
    if gate.unknown and st.button(texts("strategy.gate.assess")):
        session.go("mandate", p="readiness")


def _gate_row(advice: Advice, chosen: StrategyId, precondition: str) -> str:
    colour, said = strategy_words.gate_said(advice, chosen, precondition)
    mark, style = MARKS[colour]
    name, shown = escape(words.precondition(precondition)), f"<span aria-hidden='true'>{mark}</span>"
    if style:
        shown = f"<span class='{style}' aria-hidden='true'>{mark}</span>"
    return f"<li>{shown}{name}<span class='sf-muted'>{escape(said)}</span></li>"


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
