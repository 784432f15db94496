"""Question by question: what was answered, and what the next rung looks like."""

from html import escape

import streamlit as st

from assessment.config import COVERAGE_MIN
from assessment.engagement import Answer, ItemId
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.agreement import agreement_band
from assessment.scoring.result import ItemStatistics
from assessment.wording import words
from pages.ui import parts, session, used_in, waves

# one answer alone is tinted as an answer of some weight, so that it is found at a glance
OWN_TINT = 2


def render() -> None:
    """Draw the questions of one criterion, or say how to get answers."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.items"), texts("items.none"), (texts("start.begin"), "begin"))
        return
    results = session.results(opened)
    if opened.mode == "anonymous" and results.wave.closed_at is None:
        parts.still_open(texts("page.items"))
        return
    if not results.own and not findings.answered(results.score):
        why = texts("maturity.nothing", least=texts.percent(COVERAGE_MIN))
        parts.empty(texts("page.items"), why, (texts("maturity.to_answer"), "answer"))
        return
    chosen = _chosen(results)
    parts.where(*words.about(results))
    parts.title(texts("page.items"))
    waves.choose(results)
    _choose(results, chosen)
    parts.message(*_message(results, chosen))
    items = findings.items_of(results.score, chosen)
    asked = [i for i in items if results.asked is None or i.id in results.asked]
    for item in asked:
        _item(results, item)
    if len(asked) < len(items):
        parts.hidden(texts.plural("items.not_asked", len(items) - len(asked)))
    if results.pack.id == "pulse" and results.own is not None:
        waves.offer_full_set(results)
        return
    used_in.findings(results.engagement, "items", chosen)
    parts.next_step(
        texts("items.next"),
        texts("items.next_why"),
        (texts("maturity.to_strategy"), "strategy"),
        (texts("items.to_maturity"), "maturity"),
    )


def _chosen(results: Results) -> str:
    """The criterion of the address, or the one to lift first, or the first one."""
    known = [c.id for c in results.score.criteria]
    step = session.step()
    if step in known:
        return str(step)
    ranked = findings.by_priority(results.score)
    return ranked[0].id if ranked else known[0]


def _choose(results: Results, chosen: str) -> None:
    key = session.widget_key(f"criterion_{results.engagement.id}_{chosen}")
    labels = {c.id: _label(results, c.id) for c in results.score.criteria}
    st.selectbox(
        session.texts()("items.choose"),
        list(labels),
        index=list(labels).index(chosen),
        key=key,
        format_func=labels.__getitem__,
        filter_mode=None,
        on_change=lambda: session.go_to_step(session.widget(key)),
    )


def _label(results: Results, criterion_id: str) -> str:
    texts, score = session.texts(), results.score.criterion(criterion_id).score
    said = texts("common.not_assessed") if score is None else texts("items.level", score=texts.number(score))
    return f"{words.name_of(results.pack, criterion_id)} · {said}"


# ---------------------------------------------------------------- the key message


def _message(results: Results, chosen: str) -> list[str]:
    """What the next rung looks like where the criterion is weakest."""
    texts, weakest = session.texts(), findings.weakest_item(results.score, chosen)
    if weakest is None or weakest.mean is None:
        return [texts("items.lead_none", criterion=words.name_of(results.pack, chosen)), texts("items.lead_none_why")]
    topic = words.quoted(words.name_of(results.pack, weakest.id))
    following = findings.next_rung(results.pack, findings.rung(weakest) or 0)
    if following is None:
        return [texts("items.lead_top", topic=topic), texts("items.lead_top_why")]
    key = "items.lead_own" if results.own is not None else "items.lead_group"
    where = texts("items.lead_team" if _together(results) else key, mean=texts.short(weakest.mean))
    anchor = words.quoted(_anchors(results, weakest)[following])
    return [texts("items.lead", step=following, anchor=anchor), texts("items.lead_why", topic=topic, where=where)]


# ---------------------------------------------------------------- one question


def _item(results: Results, item: ItemStatistics) -> None:
    prose = results.pack.prose[session.language()].items[item.id]
    parts.section(prose.stem)
    own = _own(results, item)
    at = findings.rung(item)
    following = None if at is None else findings.next_rung(results.pack, at)
    rungs = "".join(
        _rung(results, item, step, anchor, at, following) for step, anchor in _anchors(results, item).items()
    )
    st.html(f'<ol class="sf-rungs sf-of{len(results.pack.anchored)}">{rungs}</ol>')
    said = _said(results, item, own, at)
    if at is None:
        parts.hidden(said)
    elif said:
        parts.note(said)


def _rung(results: Results, item: ItemStatistics, step: int, anchor: str, at: int | None, following: int | None) -> str:
    texts, alone = session.texts(), results.own is not None
    shares = None if alone else findings.shares(item)
    first, tint = str(step), OWN_TINT if alone and step == at else 0
    if shares is not None:
        first, tint = texts.percent(shares[step - 1]), findings.heat(shares[step - 1])
    classes, marks = [f"sf-h{tint}"] if tint else [], ""
    if step == at:
        whose = texts("items.team") if _together(results) else texts("items.own" if alone else "items.mean")
        marks = f"<small>● {escape(whose)}</small>"
    if step == following:
        classes.append("sf-nextrung")
        marks = f"<small>→ {escape(texts('items.next_rung'))}</small>"
    return f'<li class="{" ".join(classes)}"><b>{escape(first)}</b><span>{escape(anchor)}</span>{marks}</li>'


def _said(results: Results, item: ItemStatistics, own: Answer | None, at: int | None) -> str:
    if _together(results):
        return _said_by_team(results, own, at)
    return _said_by_one(results, own, at) if results.own is not None else _said_by_many(item)


def _said_by_one(results: Results, own: Answer | None, at: int | None) -> str:
    texts = session.texts()
    if own is None:
        return texts("items.unanswered")
    if own.value == "DK":
        return texts("items.unknown")
    if own.value == "NA":
        reason = texts(f"answer.reason.{own.na_reason}") if own.na_reason else ""
        return texts("items.not_applicable_because", reason=reason) if reason else texts("items.not_applicable")
    if at not in results.pack.anchored:
        return texts("items.between")
    return texts("items.hold") if findings.next_rung(results.pack, at or 0) is None else ""


def _said_by_team(results: Results, own: Answer | None, at: int | None) -> str:
    """As one person's answer, in the words for several."""
    texts = session.texts()
    if own is not None and own.value == "DK":
        return texts("items.unknown_team")
    if own is not None and own.value == "NA":
        reason = texts(f"answer.reason.{own.na_reason}") if own.na_reason else ""
        key = "items.not_applicable_because_team" if reason else "items.not_applicable_team"
        return texts(key, reason=reason)
    if own is not None and at not in results.pack.anchored:
        return texts("items.between_team")
    return _said_by_one(results, own, at)


def _together(results: Results) -> bool:
    return results.engagement.mode == "consensus"


def _said_by_many(item: ItemStatistics) -> str:
    texts, n = session.texts(), session.texts().plural("start.responses", item.n)
    if item.n == 0:
        return texts("items.too_few")
    if item.band is not None:
        return texts("items.band", band=texts(f"export.band.{item.band}"), n=n)
    facts = [texts("items.mean_of", mean=texts.number(item.mean or 0), n=n)]
    if item.ad_m is not None:
        facts.append(texts(f"items.agreement.{agreement_band(item.ad_m)}", apart=texts.number(item.ad_m)))
    if item.split:
        facts.append(texts("items.split"))
    return " ".join(facts)


def _own(results: Results, item: ItemStatistics) -> Answer | None:
    return None if results.own is None else results.own.get(ItemId(item.id))


def _anchors(results: Results, item: ItemStatistics) -> dict[int, str]:
    prose = results.pack.prose[session.language()].items[item.id]
    return dict(zip(results.pack.anchored, prose.anchors, strict=True))
