"""Next steps: what to do on Monday, what to document, what to train and what to measure."""

from html import escape

import streamlit as st

from assessment.advice import Advice
from assessment.deciding import followed
from assessment.proposals import LOWEST
from assessment.results import Results
from assessment.scoring import findings
from assessment.strategy.model import HOLD_AND_MEASURE, OutcomeId
from assessment.wording import words
from pages.ui import decided, parts, session, waves


def render() -> None:
    """Draw what follows from the recommendation of the open engagement, or say what it needs."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.actions"), texts("actions.none"), (texts("start.begin"), "begin"))
        return
    results, advice = session.results(opened), session.advice(opened)
    if advice is None:
        _not_yet(results)
        return
    parts.where(*words.about(results))
    parts.title(texts("page.actions"))
    waves.choose(results)
    decisions = session.service().strategy_decisions(opened.id)
    chosen = followed(advice, decisions)
    _message(advice, chosen)
    decided.notes(advice, decisions)
    _training(results, advice)
    if chosen is not None:
        parts.section(texts("actions.quick"))
        parts.bullets(words.follows(chosen, "quick"))
        _to_plan()
    _rungs(results)
    for topic in ("document", "train", "measure") if chosen is not None else ():
        parts.section(texts(f"actions.{topic}"))
        more = [texts("actions.again")] if topic == "measure" and chosen != HOLD_AND_MEASURE else []
        parts.bullets([*words.follows(chosen, topic), *more])
    _next(advice)


def _not_yet(results: Results) -> None:
    texts = session.texts()
    if results.pack.id == "full":
        parts.empty(texts("page.actions"), texts("strategy.nothing"), (texts("strategy.to_answer"), "answer"))
        return
    parts.title(texts("page.actions"))
    parts.lead(texts("strategy.pulse"))
    waves.offer_full_set(results)


def _message(advice: Advice, chosen: OutcomeId | None) -> None:
    texts = session.texts()
    gate = next((s.gate for s in advice.recommendation.strategies if s.id == chosen), None)
    if gate is not None and gate.colour == "red":
        worst = max(gate.short, key=lambda p: gate.short[p])
        now, following = words.precondition_rungs(worst, advice.readiness[worst])
        parts.message(
            texts("actions.lead_gate", name=words.precondition(worst)),
            texts("actions.gate_why", now=now, next=words.lower_first(following)),
        )
    elif chosen is None:
        parts.message(texts("strategy.lead_map_first"), texts("strategy.map_first_why"))
    else:
        parts.message(
            texts("actions.lead", first=words.lower_first(words.follows(chosen, "quick")[0])),
            texts("actions.lead_why", name=texts(f"strategy.{chosen}")),
        )


def _next(advice: Advice) -> None:
    texts = session.texts()
    to_strategy = (texts("actions.to_strategy"), "strategy")
    if advice.mandate_unknown or None in advice.readiness.values():
        to_mandate = (texts("actions.to_mandate"), "mandate")
        parts.next_step(texts("actions.next"), texts("actions.next_why"), to_mandate, to_strategy)
    else:
        parts.next_step(
            texts("actions.next_share"),
            texts("actions.next_share_why"),
            (texts("actions.to_maturity"), "maturity"),
            to_strategy,
        )


def _to_plan() -> None:
    """The way to where proposals become actions."""
    if session.has_page("plan") and st.button(session.texts()("actions.to_plan"), key="to_plan"):
        session.go("plan")


def _training(results: Results, advice: Advice) -> None:
    texts = session.texts()
    planned = {"yes": "planned", "no": "not_planned"}.get(results.engagement.training_planned or "", "planned_unknown")
    parts.section(texts("actions.training"))
    st.subheader(texts(f"actions.training.{advice.training}"), anchor=False)
    foundation = results.score.criterion("C1").score
    level = "" if foundation is None else texts.number(foundation)
    parts.lead(texts(f"actions.training.{advice.training}_why", level=level))
    parts.note(texts(f"actions.training.{planned}"))


def _rungs(results: Results) -> None:
    """The lowest items with the description of the next rung; an item without a level to stand on is left out."""
    texts, prose = session.texts(), results.pack.prose[session.language()].items
    lowest = findings.lowest_items(results.score, LOWEST)
    if not lowest:
        return
    parts.section(texts("actions.rungs"))
    now, then, rows = escape(texts("actions.rung_now")), escape(texts("actions.rung_next")), []
    for item in lowest:
        at = findings.rung(item) or 1
        following, anchors = findings.next_rung(results.pack, at) or at, prose[item.id].anchors
        rows.append(
            f"<li><b>{escape(prose[item.id].stem)}</b>"
            f"<p><span class='sf-muted'>{now}:</span> {escape(anchors[at - 1])}</p>"
            f"<p><span class='sf-ready'>{then}:</span> {escape(anchors[following - 1])}</p></li>"
        )
    st.html(f"<ul class='sf-findings'>{''.join(rows)}</ul>")
