"""Where the organisation stands: overall level, gaps to the targets, who sees what, and what it rests on."""

from contextlib import suppress
from html import escape

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.config import CI_N, COVERAGE_MIN, GAP_CUTS, OVERALL_WEIGHT_MIN
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.result import CriterionScore
from assessment.store.protocol import StoreError
from assessment.wording import words
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
    parts.message(texts("maturity.lead_too_little"), evidence.missing(results))
    evidence.left_out(results)
    if results.own is None:
        parts.note(texts("maturity.too_few_answers"))
        return
    parts.next_step(
        texts("maturity.next_answer"), texts("maturity.next_answer_why"), (texts("maturity.to_answer"), "answer")
    )


def _full(results: Results) -> None:
    texts = session.texts()
    parts.message(*_message(results))
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


def _message(results: Results) -> list[str]:
    """The finding, what makes it the first one, and whose view it is."""
    texts, leading = session.texts(), findings.leading_gap(results.score)
    if leading is None:
        n, of = len(findings.on_target(results.score)), len(results.score.criteria)
        return [texts("maturity.lead_on_target", n=n, of=of), _whose(results, None)]
    shown = findings.as_shown(leading)
    lead = texts(
        "maturity.lead",
        criterion=words.criterion(results, leading),
        score=texts.number(shown.score),
        target=texts.number(shown.target),
    )
    return [lead, _why_first(results, leading), _whose(results, leading)]


def _why_first(results: Results, leading: CriterionScore) -> str:
    texts, wider = session.texts(), findings.wider_gap(results.score, leading)
    if wider is not None:
        return texts(
            "maturity.why_weight", other=words.criterion(results, wider), lower=words.criterion_lower(results, leading)
        )
    return texts("maturity.why_widest", gap=texts.number(findings.as_shown(leading).gap))


def _whose(results: Results, leading: CriterionScore | None) -> str:
    texts, only = session.texts(), findings.seen_only_from(results.score)
    if only is not None:
        key = "maturity.alone" if results.own is not None else "maturity.only_from"
        return texts(key, perspective=words.seen(only))
    other = findings.notable_difference(leading) if leading is not None else None
    if leading is None or other is None:
        return ""
    leaders, others = leading.perspectives["leadership"].score, leading.perspectives[other].score
    delta = words.difference(leaders or 0, others or 0)
    key = "maturity.sees_brighter" if delta > 0 else "maturity.sees_darker"
    return texts(key, delta=texts.number(abs(delta)), other=words.seen(other))


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
    key = "maturity.how_weighted" if findings.weights_differ(results.score) else "maturity.how_equal"
    n = len([c for c in findings.scored(results.score) if c.weight])
    parts.note(texts(key, score=score, index=index, n=n))
    if overall.capped_by is not None and overall.uncapped_level is not None:
        weakest = results.score.criterion(overall.capped_by)
        parts.note(
            texts(
                "maturity.capped",
                mean=words.step(overall.uncapped_level),
                level=words.step(overall.level),
                criterion=words.criterion_lower(results, weakest),
            )
        )


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
    parts.section(_gaps_claim(results))
    frame = pd.DataFrame(
        [
            {"title": words.criterion(results, c), "score": c.score, "target": c.target, "weight": c.weight}
            for c in (*findings.by_priority(results.score), *findings.not_assessed(results.score))
        ]
    )
    look = charts.Look(texts=texts)
    parts.chart("gaps", _about(results), lambda: charts.spec(charts.gaps(frame, look)))
    parts.note(texts("maturity.gaps_note"))


def _gaps_claim(results: Results) -> str:
    texts, leading = session.texts(), findings.leading_gap(results.score)
    if leading is None:
        return texts("maturity.gaps_none")
    wider = findings.wider_gap(results.score, leading)
    if wider is not None:
        return texts(
            "maturity.gaps_weight",
            criterion=words.criterion_lower(results, leading),
            other=words.criterion_lower(results, wider),
        )
    gap = texts.number(findings.as_shown(leading).gap)
    if findings.weighs_most(results.score, leading):
        return texts("maturity.gaps_both", gap=gap)
    return texts("maturity.gaps_widest", criterion=words.criterion_lower(results, leading), gap=gap)


def _profile(results: Results) -> None:
    texts = session.texts()
    parts.section(_profile_claim(results))
    order = findings.by_difference(results.score)
    frame = pd.DataFrame([row for c in order for row in _profile_rows(results, c)])
    look = charts.Look(texts=texts)
    parts.chart("profile", _about(results), lambda: charts.spec(charts.profile(frame, look, k=results.score.k)))
    if results.engagement.mode == "consensus":
        parts.note(texts("maturity.profile_note_team"))
    else:
        key = "maturity.profile_note_one" if results.own is not None else "maturity.profile_note"
        parts.note(texts(key, n=max(CI_N, results.score.k)))
    perception = findings.perception(results.score)
    if perception is not None and perception.brighter and perception.darker:
        areas = texts.listing([words.lower_first(words.name_of(results.pack, c)) for c in perception.darker])
        parts.note(texts("maturity.profile_darker_too", other=words.seen(perception.other), areas=areas))
    outsider = findings.outsider(results.score)
    if outsider is not None and outsider.score is not None:
        theirs = outsider.perspectives["consultant"].score or 0
        delta = words.difference(theirs, outsider.score)
        key = "maturity.consultant_above" if delta > 0 else "maturity.consultant_below"
        parts.note(texts(key, delta=texts.number(abs(delta)), criterion=words.criterion_lower(results, outsider)))


def _profile_claim(results: Results) -> str:
    texts, seen = session.texts(), findings.perception(results.score)
    if results.own is not None:
        return _nearest_claim(results)
    if seen is None:
        only = findings.seen_only_from(results.score)
        return texts("maturity.profile_only", perspective=words.seen(only)) if only else _nearest_claim(results)
    if not seen.brighter and not seen.darker:
        return texts("maturity.profile_same", other=words.seen(seen.other), cut=texts.number(GAP_CUTS[0], 2))
    brighter = len(seen.brighter) >= len(seen.darker)
    return texts(
        "maturity.profile_brighter" if brighter else "maturity.profile_darker",
        n=len(seen.brighter if brighter else seen.darker),
        of=seen.compared,
        other=words.seen(seen.other),
    )


def _nearest_claim(results: Results) -> str:
    texts, reached = session.texts(), findings.on_target(results.score)
    if reached:
        return texts.plural("maturity.profile_reached", len(reached), of=len(results.score.criteria))
    nearest = findings.nearest_target(results.score)[0]
    shown = findings.as_shown(nearest)
    return texts(
        "maturity.profile_nearest",
        criterion=words.criterion_lower(results, nearest),
        score=texts.number(shown.score),
        target=texts.number(shown.target),
    )


def _profile_rows(results: Results, criterion: CriterionScore) -> list[dict[str, object]]:
    row = {
        "title": words.criterion(results, criterion),
        "weight": criterion.weight,
        "score": criterion.score,
        "target": criterion.target,
        "note": evidence.basis_of(criterion),
    }
    if not criterion.perspectives:  # a team that answers together is seen from nowhere in particular: a dot, as of one
        nowhere = dict.fromkeys(("perspective", "n", "lo", "hi"))
        return [row | nowhere | {"value": criterion.score, "hidden": False}]
    return [
        {
            **row,
            "perspective": name,
            "n": view.n,
            "value": view.score,
            "lo": view.ci95[0] if view.ci95 else None,
            "hi": view.ci95[1] if view.ci95 else None,
            "hidden": view.hidden,
        }
        for name, view in criterion.perspectives.items()
    ]


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
    if len(lowest) == len(findings.scored(results.score)):
        lead = texts("maturity.pulse_even", score=score)
    else:
        areas = texts.listing([words.criterion_lower(results, c) for c in lowest])
        lead = texts("maturity.pulse_lead", areas=areas, score=score)
    parts.message(lead, texts("maturity.pulse_why"))
    evidence.left_out(results)
    evidence.not_assessed(results)
    order = findings.lowest_first(results.score)
    if len(lowest) == len(order):
        parts.section(texts("maturity.pulse_order_even", score=score))
    else:
        highest = texts.short(order[-1].score or 0)
        parts.section(texts("maturity.pulse_order", criterion=words.criterion_lower(results, order[-1]), score=highest))
    frame = pd.DataFrame([row for c in order for row in _profile_rows(results, c)]).assign(target=None)
    look = charts.Look(texts=texts)
    parts.chart("pulse", _about(results), lambda: charts.spec(charts.profile(frame, look, k=results.score.k)))
    parts.note(texts("maturity.pulse_note"))
    parts.figures(pd.DataFrame([evidence.views(results, c) for c in results.score.criteria]))
    take_away.draw(results)
    if results.own is not None:
        waves.offer_full_set(results)


def _about(results: Results) -> tuple[object, ...]:
    return results.engagement.id, results.engagement.revision, results.wave.id
