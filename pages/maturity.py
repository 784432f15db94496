"""Where the organisation stands: overall level, gaps to the targets, who sees what, and what it rests on."""

from contextlib import suppress
from html import escape

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.config import COVERAGE_MIN, OVERALL_WEIGHT_MIN
from assessment.results import Results
from assessment.scoring import findings
from assessment.store.protocol import StoreError
from assessment.wording import maturity_words, words
from pages.ui import evidence, parts, session, take_away, waves

LEVELS = (1, 2, 3, 4, 5)


def render() -> None:
    """Draw the result of the open engagement, or say how to get one."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.maturity"), texts("maturity.none"), (texts("start.begin"), "begin"))
        return
    results = session.results(opened)
    if opened.mode == "anonymous" and results.wave.closed_at is None:
        parts.still_open(texts("page.maturity"))
        return
    if not findings.answered(results.score):
        why = texts("maturity.nothing", least=texts.percent(COVERAGE_MIN))
        parts.empty(texts("page.maturity"), why, (texts("maturity.to_answer"), "answer"))
        return
    parts.where(*words.about(results), _answered(results))
    parts.title(texts("page.maturity"))
    waves.choose(results)
    scored = bool(findings.scored(results.score))
    if not scored:
        _too_little(results)
    elif results.pack.id == "pulse":
        _pulse(results)
    else:
        _full(results)
    if scored and opened.results_seen_at is None:
        with suppress(StoreError):  # a result can be read where nothing can be written; the next look tries again
            session.service().results_were_seen(opened.id)


def _answered(results: Results) -> str:
    return "" if results.own is None else session.texts().plural("maturity.answered", len(results.own))


def _too_little(results: Results) -> None:
    texts = session.texts()
    parts.message(texts("maturity.lead_too_little"), maturity_words.missing(results))
    evidence.left_out(results)
    if results.own is None:
        parts.note(texts("maturity.too_few_answers"))
        return
    parts.next_step(
        texts("maturity.next_answer"), texts("maturity.next_answer_why"), (texts("maturity.to_answer"), "answer")
    )


def _full(results: Results) -> None:
    texts = session.texts()
    parts.message(*maturity_words.message(results))
    evidence.left_out(results)
    _overall(results)
    evidence.not_assessed(results)
    _gaps(results)
    _profile(results)
    evidence.basis(results)
    evidence.subscales(results)
    evidence.agreement(results)
    evidence.figures(results)
    _settings(results)
    take_away.draw(results)
    parts.next_step(
        texts("maturity.next"),
        texts("maturity.next_why"),
        (texts("maturity.to_strategy"), "strategy"),
        (texts("maturity.to_items"), "items"),
    )


# ---------------------------------------------------------------- the key message


# ---------------------------------------------------------------- the ladder


def _overall(results: Results) -> None:
    texts, overall = session.texts(), results.score.overall
    if overall.score is None or overall.level is None or overall.index is None:
        share, least = texts.percent(overall.weight_share), texts.percent(OVERALL_WEIGHT_MIN)
        _ladder(None, "")
        parts.hidden(texts("maturity.no_overall", share=share, least=least))
        return
    score, index = texts.number(overall.score), texts.number(overall.index, 0)
    _ladder(overall.level, texts("maturity.overall", score=score, index=index))
    for sentence in maturity_words.how(results):
        parts.note(sentence)


def _ladder(own: int | None, said: str) -> None:
    label = escape(session.texts()("maturity.levels"))
    rungs = "".join(_rung(step, said if step == own else None) for step in LEVELS)
    st.html(f'<ol class="sf-ladder" aria-label="{label}">{rungs}</ol>')


def _rung(step: int, said: str | None) -> str:
    own = "" if said is None else f"<small>{escape(said)}</small>"
    return f'<li class="sf-l{step}"{" aria-current=true" if own else ""}>{escape(words.step(step))}{own}</li>'


# ---------------------------------------------------------------- gaps and profile


def _gaps(results: Results) -> None:
    texts = session.texts()
    parts.section(maturity_words.gaps_claim(results))
    frame = pd.DataFrame(maturity_words.gap_rows(results))
    look = charts.Look(texts=texts)
    parts.chart("gaps", _about(results), lambda: charts.spec(charts.gaps(frame, look)))
    parts.note(texts("maturity.gaps_note"))


def _profile(results: Results) -> None:
    parts.section(maturity_words.profile_claim(results))
    profile_chart(results)
    for sentence in maturity_words.profile_notes(results):
        parts.note(sentence)


def profile_chart(results: Results, scale: float = 1.0, only: frozenset[str] | None = None) -> None:
    """Draw every criterion, or only these, with a mark per perspective. scale: 1.35 on a projector."""
    order = [c for c in findings.by_difference(results.score) if only is None or c.id in only]
    frame = pd.DataFrame([row for c in order for row in maturity_words.profile_rows(results, c)])
    look, about = charts.Look(texts=session.texts(), scale=scale), (*_about(results), scale, only)
    parts.chart("profile", about, lambda: charts.spec(charts.profile(frame, look, k=results.score.k)))


# ---------------------------------------------------------------- the figures, the settings, to take away


def _settings(results: Results) -> None:
    texts, settings = session.texts(), results.settings
    if any(s.set_after_results for s in settings.values()):
        said = "maturity.settings_after"
    else:
        said = "maturity.settings_before" if settings else "maturity.settings_standard"
    parts.note(texts(said))
    if st.button(texts("maturity.to_targets"), key="to_targets"):
        session.go("targets")


# ---------------------------------------------------------------- the pulse


def _pulse(results: Results) -> None:
    """A dot for each criterion and no more: one question is too little for a level, an index or a strategy."""
    texts, lowest = session.texts(), findings.lowest(results.score)
    score = texts.short(lowest[0].score or 0)
    parts.message(maturity_words.pulse_lead(results), texts("maturity.pulse_why"))
    evidence.left_out(results)
    evidence.not_assessed(results)
    order = findings.lowest_first(results.score)
    if len(lowest) == len(order):
        parts.section(texts("maturity.pulse_order_even", score=score))
    else:
        highest = texts.short(order[-1].score or 0)
        parts.section(texts("maturity.pulse_order", criterion=words.criterion_lower(results, order[-1]), score=highest))
    frame = pd.DataFrame([row for c in order for row in maturity_words.profile_rows(results, c)]).assign(target=None)
    look = charts.Look(texts=texts)
    parts.chart("pulse", _about(results), lambda: charts.spec(charts.profile(frame, look, k=results.score.k)))
    parts.note(texts("maturity.pulse_note"))
    parts.figures(pd.DataFrame([maturity_words.views(results, c) for c in results.score.criteria]))
    take_away.draw(results)
    if results.own is not None:
        waves.offer_full_set(results)


def _about(results: Results) -> tuple[object, ...]:
    return results.engagement.id, results.engagement.revision, results.wave.id
