"""Where the organisation stands: overall level, gaps to the targets, who sees what, and what it rests on."""

from contextlib import suppress
from html import escape

import pandas as pd
import streamlit as st

from assessment.config import AD_CUTS, CI_N, COVERAGE_MIN, GAP_CUTS, OVERALL_WEIGHT_MIN
from assessment.engagement import ItemId
from assessment.report import export
from assessment.scoring import findings
from assessment.scoring.agreement import agreement_band
from assessment.scoring.levels import level
from assessment.scoring.result import CriterionScore, PerspectiveScore
from assessment.service import Results
from assessment.store.protocol import StoreError
from assessment.strategy.recommend import document
from pages.ui import charts, parts, session, waves, words

LEVELS = (1, 2, 3, 4, 5)
PRINT = "<script>setTimeout(() => window.print(), 300); // {nonce}</script>"


def render() -> None:
    """Draw the result of the open engagement, or say how to get one."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.maturity"), texts("maturity.none"), (texts("start.begin"), "begin"))
        return
    results = session.results(opened)
    if opened.mode != "solo" and results.wave.closed_at is None:
        parts.empty(texts("page.maturity"), texts("maturity.open"), (texts("error.to_start"), "start"))
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
    parts.message(texts("maturity.lead_too_little"), _missing(results))
    _left_out(results)
    if results.own is None:
        parts.note(texts("maturity.too_few_answers"))
        return
    parts.next_step(
        texts("maturity.next_answer"), texts("maturity.next_answer_why"), (texts("maturity.to_answer"), "answer")
    )


def _full(results: Results) -> None:
    texts = session.texts()
    parts.message(*_message(results))
    _left_out(results)
    _overall(results)
    _not_assessed(results)
    _gaps(results)
    _profile(results)
    _basis(results)
    _subscales(results)
    _agreement(results)
    _figures(results)
    _settings(results)
    _take_away(results)
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
        criterion=_name(results, leading),
        score=texts.number(shown.score),
        target=texts.number(shown.target),
    )
    return [lead, _why_first(results, leading), _whose(results, leading)]


def _why_first(results: Results, leading: CriterionScore) -> str:
    texts, wider = session.texts(), findings.wider_gap(results.score, leading)
    if wider is not None:
        return texts("maturity.why_weight", other=_name(results, wider), lower=_lower(results, leading))
    return texts("maturity.why_widest", gap=texts.number(findings.as_shown(leading).gap))


def _whose(results: Results, leading: CriterionScore | None) -> str:
    texts, only = session.texts(), findings.seen_only_from(results.score)
    if only is not None:
        key = "maturity.alone" if results.own is not None else "maturity.only_from"
        return texts(key, perspective=_perspective(only))
    other = findings.notable_difference(leading) if leading is not None else None
    if leading is None or other is None:
        return ""
    leaders, others = leading.perspectives["leadership"].score, leading.perspectives[other].score
    delta = words.difference(leaders or 0, others or 0)
    key = "maturity.sees_brighter" if delta > 0 else "maturity.sees_darker"
    return texts(key, delta=texts.number(abs(delta)), other=_perspective(other))


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
                mean=_step(overall.uncapped_level),
                level=_step(overall.level),
                criterion=_lower(results, weakest),
            )
        )


def _ladder(own: int | None, said: str) -> None:
    label = escape(session.texts()("maturity.levels"))
    rungs = "".join(_rung(step, said if step == own else None) for step in LEVELS)
    st.html(f'<ol class="sf-ladder" aria-label="{label}">{rungs}</ol>')


def _rung(step: int, said: str | None) -> str:
    own = "" if said is None else f"<small>{escape(said)}</small>"
    return f'<li class="sf-l{step}"{" aria-current=true" if own else ""}>{escape(_step(step))}{own}</li>'


def _left_out(results: Results) -> None:
    texts, k = session.texts(), results.score.k
    for group in results.score.left_out:
        roles = texts.listing([texts(f"role.{role}") for role in group.roles])
        parts.hidden(texts.plural("maturity.left_out", group.n, roles=roles, k=k))
    for name, criteria in findings.hidden_perspectives(results.score).items():
        if len(criteria) < len(results.score.criteria):
            areas = texts.listing([words.lower_first(words.name_of(results.pack, c)) for c in criteria])
            parts.hidden(texts("maturity.hidden", perspective=texts(f"perspective.{name}"), areas=areas, k=k))


def _not_assessed(results: Results) -> None:
    texts = session.texts()
    if not findings.not_assessed(results.score):
        return
    parts.hidden(_missing(results))
    if results.own is None:
        parts.note(texts("maturity.too_few_answers"))
        return
    parts.note(texts("maturity.needed", least=texts.percent(COVERAGE_MIN)))
    unassessed = [c.id for c in findings.not_assessed(results.score)]
    open_items = [i for c in unassessed for i in _asked(results, c) if ItemId(i) not in results.own]
    if open_items and st.button(texts("maturity.to_answer"), key="answer_rest"):
        session.go("answer")


def _asked(results: Results, criterion_id: str) -> list[str]:
    items = [i.id for i in results.pack.items_of(criterion_id)]
    return items if results.asked is None else [i for i in items if i in results.asked]


def _missing(results: Results) -> str:
    texts = session.texts()
    areas = [
        texts("maturity.area_answered", area=_lower(results, c), answered=c.answered, of=c.applicable)
        if len(_asked(results, c.id)) >= results.pack.min_items
        else texts("maturity.area_not_asked", area=_lower(results, c))
        for c in findings.not_assessed(results.score)
    ]
    return texts("maturity.not_assessed", areas=texts.listing(areas))


# ---------------------------------------------------------------- gaps and profile


def _gaps(results: Results) -> None:
    texts = session.texts()
    parts.section(_gaps_claim(results))
    frame = pd.DataFrame(
        [
            {"title": _name(results, c), "score": c.score, "target": c.target, "weight": c.weight}
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
        return texts("maturity.gaps_weight", criterion=_lower(results, leading), other=_lower(results, wider))
    gap = texts.number(findings.as_shown(leading).gap)
    if findings.weighs_most(results.score, leading):
        return texts("maturity.gaps_both", gap=gap)
    return texts("maturity.gaps_widest", criterion=_lower(results, leading), gap=gap)


def _profile(results: Results) -> None:
    texts = session.texts()
    parts.section(_profile_claim(results))
    order = findings.by_difference(results.score)
    frame = pd.DataFrame([row for c in order for row in _profile_rows(results, c)])
    look = charts.Look(texts=texts)
    parts.chart("profile", _about(results), lambda: charts.spec(charts.profile(frame, look, k=results.score.k)))
    key = "maturity.profile_note_one" if results.own is not None else "maturity.profile_note"
    parts.note(texts(key, n=max(CI_N, results.score.k)))
    perception = findings.perception(results.score)
    if perception is not None and perception.brighter and perception.darker:
        areas = texts.listing([words.lower_first(words.name_of(results.pack, c)) for c in perception.darker])
        parts.note(texts("maturity.profile_darker_too", other=_perspective(perception.other), areas=areas))
    outsider = findings.outsider(results.score)
    if outsider is not None and outsider.score is not None:
        theirs = outsider.perspectives["consultant"].score or 0
        delta = words.difference(theirs, outsider.score)
        key = "maturity.consultant_above" if delta > 0 else "maturity.consultant_below"
        parts.note(texts(key, delta=texts.number(abs(delta)), criterion=_lower(results, outsider)))


def _profile_claim(results: Results) -> str:
    texts, seen = session.texts(), findings.perception(results.score)
    if results.own is not None:
        return _nearest_claim(results)
    if seen is None:
        only = findings.seen_only_from(results.score)
        return texts("maturity.profile_only", perspective=_perspective(only)) if only else _nearest_claim(results)
    if not seen.brighter and not seen.darker:
        return texts("maturity.profile_same", other=_perspective(seen.other), cut=texts.number(GAP_CUTS[0], 2))
    brighter = len(seen.brighter) >= len(seen.darker)
    return texts(
        "maturity.profile_brighter" if brighter else "maturity.profile_darker",
        n=len(seen.brighter if brighter else seen.darker),
        of=seen.compared,
        other=_perspective(seen.other),
    )


def _nearest_claim(results: Results) -> str:
    texts, reached = session.texts(), findings.on_target(results.score)
    if reached:
        return texts.plural("maturity.profile_reached", len(reached), of=len(results.score.criteria))
    nearest = findings.nearest_target(results.score)[0]
    shown = findings.as_shown(nearest)
    return texts(
        "maturity.profile_nearest",
        criterion=_lower(results, nearest),
        score=texts.number(shown.score),
        target=texts.number(shown.target),
    )


def _profile_rows(results: Results, criterion: CriterionScore) -> list[dict[str, object]]:
    row = {
        "title": _name(results, criterion),
        "weight": criterion.weight,
        "score": criterion.score,
        "target": criterion.target,
        "note": _basis_of(criterion),
    }
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


# ---------------------------------------------------------------- what the figures rest on


def _basis_of(criterion: CriterionScore) -> str | None:
    if not criterion.applicable:
        return None
    texts = session.texts()
    share = texts.percent(criterion.dk_share or 0)
    return texts("maturity.basis_of", n=criterion.answered, of=criterion.applicable, share=share)


def _basis(results: Results) -> None:
    texts = session.texts()
    unknown = findings.much_unknown(results.score)
    if unknown:
        first = unknown[0]
        share = texts.percent(first.dk_share or 0)
        key = "maturity.basis_unknown" if results.own is None else "maturity.basis_unknown_own"
        parts.section(texts(key, criterion=_lower(results, first), share=share))
        parts.note(texts("maturity.basis_unknown_note"))
    else:
        answered = texts.percent(findings.answered_share(results.score) or 0)
        parts.section(texts("maturity.basis", share=answered))
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("maturity.column.criterion"): _name(results, c),
                    texts("maturity.column.score"): _number(c.score, 1),
                    texts("maturity.column.answered"): texts("maturity.of", n=c.answered, of=c.applicable),
                    texts("maturity.column.unknown"): _share(c.dk_share),
                }
                for c in results.score.criteria
            ]
        )
    )


def _subscales(results: Results) -> None:
    texts, lowest = session.texts(), findings.lowest_subscale(results.score)
    if lowest is None or lowest.score is None:
        return
    score = texts.number(lowest.score)
    if findings.subscales_even(results.score):
        parts.section(texts("maturity.subscales_even", score=score))
    else:
        name = words.lower_first(texts(f"subscale.{lowest.id}"))
        parts.section(texts("maturity.subscales", name=name, score=score))
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("maturity.column.subscale"): texts(f"subscale.{s.id}"),
                    texts("maturity.column.score"): _number(s.score, 1),
                    texts("maturity.column.step"): _step(None if s.score is None else level(s.score)),
                }
                for s in results.score.subscales
            ]
        )
    )
    parts.note(texts("maturity.subscales_note"))


def _agreement(results: Results) -> None:
    texts, agreement = session.texts(), findings.agreement(results.score)
    if not agreement:
        return
    least = agreement[0]
    apart = texts.number(least.ad_m)
    if findings.disagrees(least):
        area = words.lower_first(words.name_of(results.pack, least.criterion))
        who = texts(f"perspective.{least.perspective}")
        parts.section(texts("maturity.disagree", who=who, area=area, apart=apart))
    else:
        parts.section(texts("maturity.agree", apart=apart))
    known = [p for p in findings.perspectives_present(results.score) if any(a.perspective == p for a in agreement)]
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("maturity.column.criterion"): _name(results, c),
                    **{texts(f"perspective.{p}"): _agreed(c.perspectives.get(p)) for p in known},
                }
                for c in results.score.criteria
            ]
        )
    )
    parts.note(texts("maturity.agreement_note", cut=texts.number(AD_CUTS[1])))
    split = [words.name_of(results.pack, i.id) for i in findings.split_items(results.score)]
    if split:
        parts.note(texts("maturity.split", topics=texts.listing([words.quoted(s) for s in split])))


def _agreed(view: PerspectiveScore | None) -> str:
    texts = session.texts()
    if view is None or view.ad_m is None:
        return texts("maturity.agreement_unknown")
    return texts(f"maturity.agreement.{agreement_band(view.ad_m)}", apart=texts.number(view.ad_m, 2))


# ---------------------------------------------------------------- the figures, the settings, to take away


def _figures(results: Results) -> None:
    texts = session.texts()
    with st.expander(texts("common.figures")):
        parts.table(pd.DataFrame([_scores(results, c) for c in results.score.criteria]))
        parts.table(pd.DataFrame([_views(results, c) for c in results.score.criteria]))


def _scores(results: Results, criterion: CriterionScore) -> dict[str, str]:
    texts = session.texts()
    shown = None if criterion.score is None else findings.as_shown(criterion, 2)
    cells = {
        "score": _number(criterion.score),
        "step": _step(criterion.level),
        "index": _number(criterion.index, 0),
        "target": _number(criterion.target),
        "gap": _number(None if shown is None else float(shown.gap)),
        "weight": texts.number(criterion.weight, 0),
        "priority": _number(None if shown is None else float(shown.priority)),
    }
    named = {texts(f"maturity.column.{column}"): cell for column, cell in cells.items()}
    return {texts("maturity.column.criterion"): _name(results, criterion), **named}


def _views(results: Results, criterion: CriterionScore) -> dict[str, str]:
    texts = session.texts()
    return {
        texts("maturity.column.criterion"): _name(results, criterion),
        texts("maturity.column.answered"): texts("maturity.of", n=criterion.answered, of=criterion.applicable),
        texts("maturity.column.unknown"): _share(criterion.dk_share),
        **{
            texts(f"perspective.{name}"): _view(criterion.perspectives.get(name))
            for name in findings.perspectives_present(results.score)
        },
    }


def _view(view: PerspectiveScore | None) -> str:
    texts = session.texts()
    if view is None or (view.score is None and not view.hidden):
        return texts("common.not_assessed")
    if view.score is None:
        return texts("maturity.hidden_short")
    return texts("maturity.view", score=texts.number(view.score, 2), n=texts.number(view.n or 0, 0))


def _settings(results: Results) -> None:
    texts, settings = session.texts(), results.settings
    if any(s.set_after_results for s in settings.values()):
        said = "maturity.settings_after"
    else:
        said = "maturity.settings_before" if settings else "maturity.settings_standard"
    parts.note(texts(said))
    if st.button(texts("maturity.to_targets"), key="to_targets"):
        session.go("targets")


def _take_away(results: Results) -> None:
    texts = session.texts()
    table = export.Taken(results.engagement, results.wave, results.pack, results.score, results.own)
    with st.container(key="take_away"):
        parts.section(texts("maturity.take_away"))
        pulse = results.pack.id == "pulse"
        parts.note(texts("maturity.take_away_note_pulse" if pulse else "maturity.take_away_note"))
        with st.container(horizontal=True):
            st.download_button(
                texts("maturity.csv"),
                lambda: export.result_csv(table, texts),
                export.file_name(table, "csv"),
                "text/csv",
                on_click="ignore",
                key="csv",
            )
            st.download_button(
                texts("maturity.json"),
                lambda: _document(results),
                export.file_name(table, "json"),
                "application/json",
                on_click="ignore",
                key="json",
            )
            pressed = st.button(texts("maturity.print"), key="print")
    if pressed:
        _print()


def _print() -> None:
    # the browser runs a script again only when it differs from the one before
    times = (session.kept("printed") or 0) + 1
    session.keep("printed", times)
    st.html(PRINT.format(nonce=times), unsafe_allow_javascript=True)


def _document(results: Results) -> bytes:
    # made when it is asked for: the strategy takes up to a second, and runs outside the page then
    advice = session.service().advice(results.engagement.id, results.wave.id)
    recommendation = None if advice is None else document(advice.recommendation)
    own = results.own
    taken = export.Taken(results.engagement, results.wave, results.pack, results.score, own, recommendation)
    return export.result_json(taken)


# ---------------------------------------------------------------- the pulse


def _pulse(results: Results) -> None:
    """A dot for each criterion and no more: one question is too little for a level, an index or a strategy."""
    texts, lowest = session.texts(), findings.lowest(results.score)
    score = texts.short(lowest[0].score or 0)
    if len(lowest) == len(findings.scored(results.score)):
        lead = texts("maturity.pulse_even", score=score)
    else:
        areas = texts.listing([_lower(results, c) for c in lowest])
        lead = texts("maturity.pulse_lead", areas=areas, score=score)
    parts.message(lead, texts("maturity.pulse_why"))
    _left_out(results)
    _not_assessed(results)
    order = findings.lowest_first(results.score)
    if len(lowest) == len(order):
        parts.section(texts("maturity.pulse_order_even", score=score))
    else:
        highest = texts.short(order[-1].score or 0)
        parts.section(texts("maturity.pulse_order", criterion=_lower(results, order[-1]), score=highest))
    frame = pd.DataFrame([row for c in order for row in _profile_rows(results, c)]).assign(target=None)
    look = charts.Look(texts=texts)
    parts.chart("pulse", _about(results), lambda: charts.spec(charts.profile(frame, look, k=results.score.k)))
    parts.note(texts("maturity.pulse_note"))
    parts.figures(pd.DataFrame([_views(results, c) for c in results.score.criteria]))
    _take_away(results)
    if results.own is not None:
        waves.offer_full_set(results)


# ---------------------------------------------------------------- words


def _about(results: Results) -> tuple[object, ...]:
    return results.engagement.id, results.engagement.revision, results.wave.id


def _name(results: Results, criterion: CriterionScore) -> str:
    return words.name_of(results.pack, criterion.id)


def _lower(results: Results, criterion: CriterionScore) -> str:
    return words.lower_first(_name(results, criterion))


def _perspective(name: str) -> str:
    return session.texts()(f"maturity.seen.{name}")


def _step(step: int | None) -> str:
    texts = session.texts()
    return texts("common.not_assessed") if step is None else f"{step} {texts(f'level.{step}')}"


def _number(value: float | None, digits: int = 2) -> str:
    texts = session.texts()
    return texts("common.not_assessed") if value is None else texts.number(value, digits)


def _share(value: float | None) -> str:
    texts = session.texts()
    return texts("common.not_assessed") if value is None else texts.percent(value)
