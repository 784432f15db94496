"""Choosing the strategy: two of them side by side, the weights behind them, and what was chosen, by whom and why."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, cast

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.advice import Advice
from assessment.deciding import fit_then, needs_reason, outside, ranked, shares, tried
from assessment.engagement import Engagement, EngagementId, Strategy, StrategyDecision
from assessment.results import Results
from assessment.strategy.model import HOLD_AND_MEASURE, SIZE, STRATEGIES, StrategyId, Weights
from assessment.strategy.recommend import Assessment, Recommendation
from assessment.wording import strategy_words, words
from pages.ui import advised, decided, fields, parts, session, undo, waves

DECIDED: Final = "strategy_decided"
WEIGHED: Final = "strategy_weighed"
TRIED: Final = "weights_tried"
TOPICS: Final = ("quick", "document", "train", "measure")
WEAK: Final = 0.25  # a signal that reaches less of its points speaks against

Numbers = dict[StrategyId, dict[str, float]]


def render() -> None:
    """Draw the choice for the open engagement, or say what it needs."""
    texts = session.texts()
    found = advised.needed(texts("page.decision"), texts("decision.none"))
    if found is None:
        return
    opened, results, advice = found
    decisions = session.service().strategy_decisions(opened.id)
    parts.where(*words.about(results))
    parts.title(texts("page.decision"))
    waves.choose(results)
    _message(advice, decisions)
    _compare(opened, results, advice)
    _decide(opened, results, advice)
    _earlier(decisions)
    _weights(opened, advice)
    parts.next_step(
        texts("decision.next"),
        texts("decision.next_why"),
        (texts("strategy.to_actions"), "actions"),
        (texts("decision.to_strategy"), "strategy"),
    )


def _message(advice: Advice, decisions: tuple[StrategyDecision, ...]) -> None:
    texts = session.texts()
    if not decisions:
        recommended = strategy_words.named(advice.recommendation.recommended)
        parts.message(texts("decision.lead_open"), texts("decision.lead_recommended", name=recommended))
    else:
        parts.message(texts("decision.lead", name=texts(f"strategy.{decisions[0].strategy}")))
    decided.notes(advice, decisions)


# ---------------------------------------------------------------- two side by side


def _compare(opened: Engagement, results: Results, advice: Advice) -> None:
    texts, labels = session.texts(), {s: session.texts()(f"strategy.{s}") for s in STRATEGIES}
    first, second = _standard(advice.recommendation)
    parts.section(texts("decision.compare"))
    chosen = []
    for column, name, standard in zip(st.columns(2), ("one", "other"), (first, second), strict=True):
        with column:
            picked = parts.choice(
                st.selectbox, f"compare_{name}_{opened.id}", texts(f"decision.{name}"), labels, first=standard
            )
            chosen.append(advice.recommendation.strategy(picked))
    one, other = chosen
    if one.id == other.id:
        parts.note(texts("decision.same"))
        return
    parts.table(_facts(one, other))
    _chart(results, advice, one, other)
    for column, strategy, rival in zip(st.columns(2), (one, other), (other, one), strict=True):
        with column:
            _card(advice, strategy, rival)


def _standard(recommendation: Recommendation) -> tuple[StrategyId, StrategyId]:
    """The recommended and the next best; where none is recommended, the two that fit best."""
    order = sorted(
        recommendation.strategies,
        key=lambda s: (s.id != recommendation.recommended, not s.assessable, -(s.fit or 0.0), SIZE[s.id]),
    )
    return order[0].id, order[1].id


def _facts(one: Assessment, other: Assessment) -> pd.DataFrame:
    texts = session.texts()
    told = {"fit": _fit, "evidence": _evidence, "gate": _gate, "size": _size, "mandate": _within}
    rows = [(texts(f"decision.fact.{fact}"), say(one), say(other)) for fact, say in told.items()]
    names = [texts(f"strategy.{s.id}") for s in (one, other)]
    return pd.DataFrame(rows, columns=[texts("decision.fact"), *names])


def _fit(strategy: Assessment) -> str:
    return words.number(strategy.fit if strategy.assessable else None, 1)


def _evidence(strategy: Assessment) -> str:
    texts, share = session.texts(), session.texts().percent(strategy.evidence)
    return texts("decision.provisional", share=share) if strategy.provisional else share


def _gate(strategy: Assessment) -> str:
    return session.texts()(f"decision.gate.{strategy.gate.colour or 'unknown'}")


def _size(strategy: Assessment) -> str:
    return session.texts()("decision.size", n=SIZE[strategy.id], of=len(SIZE))


def _within(strategy: Assessment) -> str:
    texts = session.texts()
    if not strategy.excluded:
        return texts("decision.within")
    return texts("decision.outside", reasons=_reasons(strategy))


def _reasons(strategy: Assessment) -> str:
    texts = session.texts()
    return texts.listing([texts(f"strategy.reason.{reason}") for reason in strategy.excluded])


def _chart(results: Results, advice: Advice, one: Assessment, other: Assessment) -> None:
    texts, frame = session.texts(), _signals(results, advice, one, other)
    names = (texts(f"strategy.{one.id}"), texts(f"strategy.{other.id}"))
    st.subheader(texts("decision.chart"), anchor=False)
    parts.chart(
        "contribution_pair",
        (results.engagement.id, results.engagement.revision, results.wave.id, *names),
        lambda: charts.spec(charts.contribution_pair(frame, charts.Look(texts=texts), names)),
    )
    parts.note(texts("decision.chart_note"))


def _signals(results: Results, advice: Advice, one: Assessment, other: Assessment) -> pd.DataFrame:
    known = [{c.signal: c for c in strategy.contributions} for strategy in (one, other)]
    weighed = [advice.recommendation.weights[s.id] for s in (one, other)]
    rows = []
    for signal in dict.fromkeys((*weighed[0], *weighed[1])):
        found = known[0].get(signal) or known[1].get(signal)
        points = [side[signal].points if signal in side else None for side in known]
        rows.append(
            {
                "reason": words.signal(signal, 0 if found is None else found.value),
                "source": words.unknown_source(signal) if found is None else words.known_source(results, signal),
                "one": points[0],
                "other": points[1],
                "known": found is not None,
            }
        )
    return pd.DataFrame(rows)


def _card(advice: Advice, strategy: Assessment, rival: Assessment) -> None:
    """What follows from a strategy, and what speaks against it."""
    texts = session.texts()
    st.subheader(texts(f"strategy.{strategy.id}"), anchor=False)
    parts.lead(texts(f"strategy.{strategy.id}.say"))
    _listed(texts("decision.against"), _against(advice, strategy, rival) or [texts("decision.against_nothing")])
    for topic in TOPICS:
        _listed(texts(f"actions.{topic}"), words.follows(strategy.id, topic))


def _listed(name: str, lines: list[str]) -> None:
    st.html(f'<p class="sf-name">{parts.escape(name)}</p>')
    parts.bullets(lines)


def _against(advice: Advice, strategy: Assessment, rival: Assessment) -> list[str]:
    texts, found = session.texts(), list[str]()
    if strategy.excluded:
        found.append(texts("decision.against_mandate", reasons=_reasons(strategy)))
    if not strategy.assessable:
        found.append(texts("decision.against_unknown", share=texts.percent(strategy.evidence)))
    elif strategy.provisional:
        found.append(texts("decision.against_provisional", share=texts.percent(strategy.evidence)))
    if strategy.assessable and rival.assessable:
        behind = words.difference(rival.fit or 0.0, strategy.fit or 0.0)
        if behind > 0:
            found.append(texts("decision.against_fit", points=texts.number(behind)))
    if SIZE[strategy.id] > SIZE[rival.id]:
        found.append(texts("decision.against_size"))
    if strategy.gate.short:
        names = texts.listing([words.lower_first(words.precondition(p)) for p in strategy.gate.short])
        found.append(texts("decision.against_gate", names=names))
    if strategy.gate.unknown:
        found.append(texts.plural("decision.against_gate_unknown", len(strategy.gate.unknown)))
    weak = [c for c in strategy.contributions if c.value < WEAK]
    if weak:
        heaviest = max(weak, key=lambda c: c.most)
        points = {"points": texts.number(heaviest.points), "most": texts.short(heaviest.most)}
        found.append(texts("decision.against_signal", signal=words.signal(heaviest.signal, 0), **points))
    return found


# ---------------------------------------------------------------- deciding


def _decide(opened: Engagement, results: Results, advice: Advice) -> None:
    if not session.may("run"):
        return
    texts, recommendation = session.texts(), advice.recommendation
    parts.section(texts("decision.decide"))
    labels = {s: texts(f"strategy.{s}") for s in (*STRATEGIES, HOLD_AND_MEASURE)}
    name = f"decide_{opened.id}"
    chosen = parts.choice(st.selectbox, name, texts("decision.strategy"), labels, first=recommendation.recommended)
    if chosen is None:
        return
    why = needs_reason(recommendation, chosen)
    if chosen != recommendation.recommended:
        parts.note(f"◆ {texts('decision.other_than', name=strategy_words.named(recommendation.recommended))}")
    if outside(recommendation, chosen):
        reasons = _reasons(recommendation.strategy(chosen))
        parts.note(f"◆ {texts('decision.against_mandate', reasons=reasons)}")
    # of their own keys: what was typed stays when it could not be stored
    keys = {field: f"{name}_{field}" for field in ("by", "on", "why")}
    with st.form(f"{name}_form", border=False):
        st.text_input(texts("decision.by"), key=keys["by"], max_chars=200, placeholder=texts("decision.by_example"))
        st.date_input(
            texts("decision.on"),
            value=_today(),
            max_value=_today(),
            key=keys["on"],
            format="DD.MM.YYYY" if session.language() == "nb" else "DD/MM/YYYY",
        )
        label = texts("decision.reason_needed" if why else "decision.reason")
        st.text_area(label, key=keys["why"], max_chars=2000, height=96)
        st.form_submit_button(
            texts("decision.save"), type="primary", on_click=_store, args=(opened.id, results, chosen, why, keys)
        )
    fields.refused(DECIDED)
    _undo(opened)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _store(engagement_id: EngagementId, results: Results, chosen: Strategy, why: bool, keys: Mapping[str, str]) -> None:
    by, on, reason = ((session.widget(keys[field]) or "") for field in ("by", "on", "why"))

    def store() -> None:
        if not by.strip():
            raise fields.Refused("decision.nobody")
        if why and not reason.strip():
            raise fields.Refused("decision.no_reason")
        number = session.service().decide_strategy(
            engagement_id, results.wave.id, chosen, decided_by=by, decided_on=on or _today(), reason=reason
        )
        undo.remember(DECIDED, engagement_id, number)
        for field in ("by", "why"):
            session.empty_widget(keys[field])

    fields.write(DECIDED, store, say=False)


def _undo(opened: Engagement) -> None:
    texts = session.texts()
    undo.offer(
        DECIDED,
        opened,
        lambda _: f"✓ {texts('decision.saved')}",
        lambda engagement_id, number: session.service().undo_strategy_decision(engagement_id, number),
    )


def _earlier(decisions: tuple[StrategyDecision, ...]) -> None:
    """Everything that was chosen, newest first."""
    if not decisions:
        return
    texts, rows = session.texts(), []
    parts.section(texts.plural("decision.listed", len(decisions)))
    for made in decisions:
        about = f"{made.decided_by}, {texts.day(made.decided_on)}"
        then = texts("decision.recommended_then", name=_with_fit(made, made.recommended))
        why = f"<p>{parts.escape(made.reason)}</p>" if made.reason else ""
        rows.append(
            f"<li><b>{parts.escape(_with_fit(made, made.strategy))}</b> "
            f"<span class='sf-muted'>{parts.escape(about)}</span>"
            f"<p class='sf-muted'>{parts.escape(then)}</p>{why}</li>"
        )
    st.html(f"<ul class='sf-findings'>{''.join(rows)}</ul>")


def _with_fit(decision: StrategyDecision, strategy: Strategy | None) -> str:
    """A strategy with the fit it had then."""
    texts, fit = session.texts(), fit_then(decision, strategy)
    name = texts("decision.map_first" if strategy is None else f"strategy.{strategy}")
    return name if fit is None else texts("decision.with_fit", name=name, fit=texts.number(fit))


# ---------------------------------------------------------------- the weights


def _weights(opened: Engagement, advice: Advice) -> None:
    """The weights, ours and one's own, and what one's own do to the ranking; they hold when somebody says so."""
    texts, may_run = session.texts(), session.may("run")
    kept = _tried(opened.id)
    used = {s: dict(w) for s, w in advice.recommendation.weights.items()}
    now = shares(kept or used)
    parts.section(texts("decision.weights"))
    parts.note(texts("decision.weights_why"))
    labels = {s: texts(f"strategy.{s}") for s in STRATEGIES}
    strategy = cast(
        StrategyId,
        parts.choice(
            st.selectbox, f"weights_of_{opened.id}", texts("decision.weights_of"), labels, first=STRATEGIES[0]
        ),
    )
    ours = shares({})
    if may_run:
        _numbers(opened.id, strategy, (kept or now)[strategy], now)
    columns = [texts(f"decision.weight.{column}") for column in ("signal", "ours", "yours")]
    rows = [
        (words.signal(signal, 0), texts.percent(ours[strategy][signal], 1), texts.percent(share, 1))
        for signal, share in now[strategy].items()
    ]
    parts.table(pd.DataFrame(rows, columns=columns))
    _ranking(advice, now, changed=kept is not None)
    if may_run:
        _weights_buttons(opened, advice, kept)


def _tried(engagement_id: EngagementId) -> Numbers | None:
    """Weights somebody is trying out, as they were typed; None when nobody is."""
    kept = session.kept(TRIED)
    return kept[1] if kept is not None and kept[0] == engagement_id else None


def _numbers(engagement_id: EngagementId, strategy: StrategyId, typed: Mapping[str, float], now: Numbers) -> None:
    texts = session.texts()
    tried_on = _tried(engagement_id) is not None
    for column, (signal, value) in zip(st.columns(len(typed)), typed.items(), strict=True):

        def store(given: float | None, signal: str = signal) -> None:
            numbers = {s: {n: round(100 * w, 1) for n, w in row.items()} for s, row in now.items()}
            numbers = _tried(engagement_id) or numbers
            changed = {**numbers[strategy], signal: given or 0.0}
            if not sum(changed.values()):
                raise fields.Refused("decision.weights_zero")
            session.keep(TRIED, (engagement_id, {**numbers, strategy: changed}))

        shown = value if tried_on else round(100 * value, 1)
        with column:
            name = f"weight_{engagement_id}_{strategy}_{signal}"
            fields.number(words.signal(signal, 0), name, shown, store, stored=False, placeholder=texts.number(0, 0))


def _ranking(advice: Advice, now: Numbers, *, changed: bool) -> None:
    """Rank and fit of each strategy by our weights and by these."""
    texts = session.texts()
    ours = tried(advice, {}) if advice.own_weights else advice.recommendation
    yours = tried(advice, now) if changed else advice.recommendation
    if yours.recommended == ours.recommended:
        said = texts("decision.ranking_same", name=strategy_words.named(ours.recommended))
    else:
        then, after = strategy_words.named(ours.recommended), strategy_words.named(yours.recommended)
        said = texts("decision.ranking_other", ours=then, yours=after)
    st.html(f'<p role="status">{parts.escape(said)}</p>')
    order = sorted(STRATEGIES, key=lambda s: (ranked(yours).get(s, len(STRATEGIES) + 1), SIZE[s]))
    rows = [(texts(f"strategy.{s}"), _place(ours, s), _place(yours, s)) for s in order]
    columns = [texts(f"decision.rank.{column}") for column in ("strategy", "ours", "yours")]
    parts.table(pd.DataFrame(rows, columns=columns))


def _place(recommendation: Recommendation, strategy: StrategyId) -> str:
    texts, place = session.texts(), ranked(recommendation).get(strategy)
    if place is None:
        return texts("common.not_assessed")
    fit = texts.number(recommendation.strategy(strategy).fit or 0.0)
    return texts("decision.place", place=texts.number(place, 0), fit=fit)


def _weights_buttons(opened: Engagement, advice: Advice, kept: Numbers | None) -> None:
    texts = session.texts()
    with st.container(horizontal=True):
        if kept is not None:
            st.button(
                texts("decision.use"), key="weights_use", type="primary", on_click=_use, args=(opened.id, kept, kept)
            )
        if kept is not None or advice.own_weights:
            st.button(texts("decision.ours"), key="weights_ours", on_click=_use, args=(opened.id, {}, kept))
    fields.refused(WEIGHED)
    if kept is not None:
        parts.note(texts("decision.trying"))
    key = "decision.weights_used" if advice.own_weights else "decision.weights_ours"
    undo.offer(WEIGHED, opened, lambda _: f"✓ {texts(key)}", _put_back)


def _use(engagement_id: EngagementId, weights: Numbers, kept: Numbers | None) -> None:
    def use() -> None:
        before = session.service().use_weights(engagement_id, weights)
        undo.remember(WEIGHED, engagement_id, (before, kept))
        session.drop(TRIED)
        session.renew_widgets()  # the fields show what holds now

    fields.write(WEIGHED, use, say=False)


def _put_back(engagement_id: EngagementId, before: tuple[Weights, Numbers | None]) -> None:
    weights, kept = before
    session.service().use_weights(engagement_id, weights)
    if kept is not None:
        session.keep(TRIED, (engagement_id, kept))
    session.renew_widgets()
