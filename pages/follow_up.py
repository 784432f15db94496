"""The follow-up: what the KPIs say, what was expected of each benefit and what it gives, and what happened when."""

import datetime as dt
from typing import Final, get_args

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.engagement import Engagement, EngagementId
from assessment.follow_up.follow_ups import BenefitFollowUp, FollowUp, NotRealised, SignedFor, lapsed, state_of
from assessment.follow_up.timeline import Event, Kind
from assessment.wording import kpi_words, money, payback_words, words
from pages.ui import choices, fields, parts, session, undo

SIGNING: Final = "follow_up_signing"
YEARS_BACK: Final = 10
KINDS: Final = get_args(Kind)


def render() -> None:
    """Draw the benefit of the address, or how the work is going."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.follow_up"), texts("follow_up.none"), (texts("start.begin"), "begin"))
        return
    found = session.follow_up(opened)
    chosen = found.find(session.step())
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.follow_up"))
    if chosen is not None and session.may("run"):
        _one(opened, found, chosen)
    else:
        _all(opened, found)


def _all(opened: Engagement, found: FollowUp) -> None:
    texts = session.texts()
    parts.message(*_message(found))
    if not found.kpis and not found.benefits:
        parts.links((texts("follow_up.to_kpis"), "kpis"), (texts("follow_up.to_payback"), "payback"))
    _undo(opened)
    _kpis(found)
    _benefits(opened, found)
    _timeline(opened, found)
    if found.kpis or found.benefits:
        parts.next_step(
            texts("follow_up.next"),
            texts("follow_up.next_why"),
            (texts("follow_up.to_change"), "change"),
            (texts("follow_up.to_kpis"), "kpis"),
        )


def _message(found: FollowUp) -> list[str]:
    texts = session.texts()
    if not found.kpis and not found.benefits:
        return [texts("follow_up.lead_empty"), texts("follow_up.lead_empty_why")]
    states = [state_of(reading) for reading in found.kpis if not lapsed(reading)]
    moved = texts.plural("follow_up.moved", len(found.kpis), better=texts.number(states.count("signal_better"), 0))
    if found.share is None:
        return [moved if found.kpis else texts("follow_up.no_kpis"), texts("follow_up.rule")]
    amounts = {name: money.brief(getattr(found, name), found.currency) for name in ("realised", "expected")}
    lead = texts("follow_up.lead", share=texts.percent(found.share), **amounts)
    return [lead, moved if found.kpis else texts("follow_up.no_kpis"), texts("follow_up.rule")]


# ---------------------------------------------------------------- the verdict of each KPI


def _kpis(found: FollowUp) -> None:
    texts = session.texts()
    if not found.kpis:
        return
    back = [reading for reading in found.kpis if lapsed(reading)]
    parts.section(texts("follow_up.kpis_lapsed" if back else "follow_up.kpis"))
    for reading in found.kpis:
        with st.container(key=f"verdict_{reading.kpi.id}", gap=None):
            st.html(f'<p class="sf-name">{parts.escape(kpi_words.said(reading).name)}</p>')
            standing = texts("follow_up.lapsed") if lapsed(reading) else kpi_words.standing(reading)
            parts.lead(standing)
            parts.note(
                " ".join([kpi_words.sentences(reading)[0], texts("follow_up.lapsed_why") if lapsed(reading) else ""])
            )


# ---------------------------------------------------------------- expected against realised


def _benefits(opened: Engagement, found: FollowUp) -> None:
    texts = session.texts()
    if not found.benefits:
        if found.kpis:
            parts.section(texts("follow_up.no_benefits"))
            parts.note(texts("follow_up.no_benefits_why"))
            parts.links((texts("follow_up.to_payback"), "payback"))
        return
    fallen = [payback_words.line(b.told.line) for b in found.benefits if b.stage == "fallen_back"]
    parts.section(texts("follow_up.benefits"))
    if fallen:
        why = texts("follow_up.fallen_why", lines=texts.listing([words.lower_first(name) for name in fallen]))
        parts.banner(texts.plural("follow_up.fallen", len(fallen)), why)
    _chart(found)
    if session.may("run"):
        labels = {b.told.line: payback_words.line(b.told.line) for b in found.benefits}
        choices.open_one(texts("follow_up.open"), "follow_up_open", labels)
    rows = [_cells(found, benefit) for benefit in found.benefits]
    parts.figures(pd.DataFrame(rows).rename(columns=lambda column: texts(f"follow_up.column.{column}")))


def _chart(found: FollowUp) -> None:
    texts, look = session.texts(), charts.Look(session.texts())
    rows = [
        {
            "title": payback_words.line(b.told.line),
            "note": _stage(b),
            "expected": b.benefit.value,
            "reached": b.told.amount,
            "counted": b.stage == "realised",
            "whole": False,
            "said": _of(found, b.told.amount, b.benefit.value),
        }
        for b in found.benefits
    ]
    if found.expected:
        whole = {"title": texts("follow_up.sum"), "note": texts("follow_up.sum_note"), "counted": True, "whole": True}
        amounts = {"expected": found.expected, "reached": found.realised}
        rows.append(whole | amounts | {"said": _of(found, found.realised, found.expected)})
    frame = pd.DataFrame(rows)
    about = tuple(tuple(row.values()) for row in rows)
    parts.chart("benefits_realised", about, lambda: charts.spec(charts.benefits_realised(frame, look)))
    parts.note(texts("follow_up.chart_note"))


def _of(found: FollowUp, reached: float | None, expected: float | None) -> str:
    """What is reached of what is expected: 90 000 kr av 156 000 kr."""
    texts = session.texts()
    whole = texts("common.not_assessed") if expected is None else money.brief(expected, found.currency)
    if reached is None:
        return texts("follow_up.awaited", expected=whole)
    return texts("follow_up.of", reached=money.brief(reached, found.currency), expected=whole)


def _stage(benefit: BenefitFollowUp) -> str:
    texts, told = session.texts(), benefit.told
    if benefit.stage == "realised" and told.signed_on is not None:
        return texts("follow_up.stage.realised", who=told.signed_by, day=texts.short_day(told.signed_on))
    return texts(f"follow_up.stage.{benefit.stage}")


def _cells(found: FollowUp, benefit: BenefitFollowUp) -> dict[str, str]:
    texts, told = session.texts(), benefit.told
    unknown, currency = texts("common.unknown"), found.currency
    return {
        "benefit": payback_words.line(told.line),
        "expected": unknown if benefit.benefit.value is None else money.amount(benefit.benefit.value, currency),
        "reached": unknown if told.amount is None else money.amount(told.amount, currency),
        "measured_on": unknown if told.measured_on is None else texts.day(told.measured_on),
        "stage": _stage(benefit),
        "kpi": texts("follow_up.no_kpi") if benefit.kpi is None else _verdict(benefit),
        "note": told.note or "",
    }


def _verdict(benefit: BenefitFollowUp) -> str:
    """The KPI of a benefit and how it stands."""
    texts, reading = session.texts(), benefit.kpi
    if reading is None:
        return texts("follow_up.no_kpi_why")
    state = texts("follow_up.lapsed") if lapsed(reading) else kpi_words.standing(reading)
    return texts("follow_up.verdict", name=kpi_words.said(reading).name, state=state)


def _undo(opened: Engagement) -> None:
    """Offer to put back a signature that was just withdrawn."""
    if not session.may("run"):
        return
    texts = session.texts()
    undo.offer(
        SIGNING,
        opened,
        lambda before: texts("follow_up.withdrawn", name=payback_words.line(before.line)),
        lambda engagement_id, before: session.service().restore_benefit(engagement_id, before),
    )
    fields.refused(SIGNING)


# ---------------------------------------------------------------- one of them


def _one(opened: Engagement, found: FollowUp, benefit: BenefitFollowUp) -> None:
    texts, told = session.texts(), benefit.told
    st.button(texts("follow_up.back"), key="follow_up_back", type="tertiary", on_click=session.go_to_step, args=("",))
    parts.section(payback_words.line(told.line))
    expected = benefit.benefit.value
    said = texts("common.not_assessed") if expected is None else money.amount(expected, found.currency)
    parts.lead(texts("follow_up.expected", amount=said), _verdict(benefit))
    if benefit.kpi is not None:
        parts.note(kpi_words.sentences(benefit.kpi)[0])
    _undo(opened)
    if told.signed_by is not None:
        _signed(opened, found, benefit)
        return
    _claim(opened, found, benefit)
    _sign(opened, benefit)


def _claim(opened: Engagement, found: FollowUp, benefit: BenefitFollowUp) -> None:
    texts, told = session.texts(), benefit.told
    name = f"follow_up_{opened.id}_{told.line}"

    def keep(field: str, value: object) -> None:
        try:
            session.service().claim_benefit(opened.id, told.line, {field: value})
        except SignedFor as signed:  # in another window, since this page was drawn
            raise fields.Refused("follow_up.is_signed") from signed

    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = texts("follow_up.amount", currency=money.label(found.currency))
        fields.number(label, f"{name}_amount", told.amount, lambda value: keep("amount", value))
        key, today = session.widget_key(f"{name}_day"), dt.datetime.now(dt.UTC).date()
        st.date_input(
            texts("follow_up.measured_on"),
            value=told.measured_on,
            min_value=min(today.replace(year=today.year - YEARS_BACK, day=1), told.measured_on or today),
            max_value=max(today, told.measured_on or today),
            key=key,
            format="DD.MM.YYYY" if session.language() == "nb" else "DD/MM/YYYY",
            on_change=lambda: fields.write(f"{name}_day", lambda: keep("measured_on", session.widget(key))),
        )
        fields.refused(f"{name}_day")
    choices.paragraph(texts("follow_up.note"), f"{name}_note", told.note or "", lambda value: keep("note", value))
    fields.saved()


def _sign(opened: Engagement, benefit: BenefitFollowUp) -> None:
    """Let the owner sign, or say what is in the way."""
    texts, told = session.texts(), benefit.told
    parts.section(texts("follow_up.sign_title"))
    if benefit.hindrance is not None:
        parts.hidden(texts(f"follow_up.hindrance.{benefit.hindrance}"))
        return
    parts.note(texts("follow_up.sign_why"))
    key = session.widget_key(f"follow_up_{opened.id}_{told.line}_signer")
    st.text_input(texts("follow_up.signer"), value=benefit.benefit.told.owner or "", key=key, max_chars=200)
    st.button(
        texts("follow_up.sign"),
        type="primary",
        key="follow_up_sign",
        on_click=_store_signature,
        args=(opened.id, benefit, key),
    )
    fields.refused(SIGNING)


def _store_signature(engagement_id: EngagementId, benefit: BenefitFollowUp, key: str) -> None:
    def store() -> None:
        name = (session.widget(key) or "").strip()
        if not name:
            raise fields.Refused("fields.no_name")
        try:
            session.service().sign_benefit(engagement_id, benefit.told.line, name)
        except NotRealised as refused:  # a point or an owner has changed since this page was drawn
            raise fields.Refused(f"follow_up.hindrance.{refused.why}") from refused

    if fields.write(SIGNING, store, say=False):
        undo.forget(SIGNING)


def _signed(opened: Engagement, found: FollowUp, benefit: BenefitFollowUp) -> None:
    texts, told = session.texts(), benefit.told
    day = texts("common.unknown") if told.measured_on is None else texts.day(told.measured_on)
    signed_on = texts("common.unknown") if told.signed_on is None else texts.day(told.signed_on)
    amount = money.amount(told.amount or 0.0, found.currency)
    parts.lead(texts("follow_up.signed", amount=amount, day=day, who=told.signed_by, on=signed_on))
    if told.note:
        parts.note(told.note)
    if benefit.hindrance is not None:
        parts.banner(texts("follow_up.not_counted"), texts(f"follow_up.hindrance.{benefit.hindrance}"))
    label = texts("follow_up.withdraw")
    st.button(label, key="follow_up_withdraw", on_click=_withdraw, args=(opened.id, benefit))
    parts.note(texts("follow_up.withdraw_why"))
    fields.refused(SIGNING)


def _withdraw(engagement_id: EngagementId, benefit: BenefitFollowUp) -> None:
    def withdraw() -> None:
        undo.remember(SIGNING, engagement_id, session.service().withdraw_benefit(engagement_id, benefit.told.line))

    fields.write(SIGNING, withdraw, say=False)


# ---------------------------------------------------------------- what happened when


def _timeline(opened: Engagement, found: FollowUp) -> None:
    texts, events = session.texts(), session.timeline(opened)
    if len(events) < 2:
        return
    today = dt.datetime.now(dt.UTC).date()
    parts.section(texts("follow_up.timeline"))
    said = [_said(found, event) for event in events]
    rows = [
        {"title": texts(f"follow_up.kind.{e.kind}"), "number": texts.number(n, 0), "on": e.on, "until": e.until}
        | {"said": f"{words_}, {_when(e)}", "kind": KINDS.index(e.kind)}
        for n, (e, words_) in enumerate(zip(events, said, strict=True), start=1)
    ]
    rows.sort(key=lambda row: row["kind"])
    frame, look = pd.DataFrame(rows), charts.Look(texts)
    about = (today, *(tuple(row.values()) for row in rows))
    parts.chart("engagement_timeline", about, lambda: charts.spec(charts.engagement_timeline(frame, today, look)))
    parts.note(texts("follow_up.timeline_how"))
    parts.table(
        pd.DataFrame(
            {
                texts("follow_up.column.number"): texts.number(n, 0),
                texts("follow_up.column.when"): _when(event),
                texts("follow_up.column.kind"): texts(f"follow_up.kind.{event.kind}"),
                texts("follow_up.column.what"): words_,
            }
            for n, (event, words_) in enumerate(zip(events, said, strict=True), start=1)
        )
    )


def _when(event: Event) -> str:
    texts = session.texts()
    if event.until is None or event.until == event.on:
        return texts.day(event.on)
    return texts("follow_up.from_to", first=texts.day(event.on), last=texts.day(event.until))


def _said(found: FollowUp, event: Event) -> str:
    """An event in words."""
    texts = session.texts()
    if event.kind == "wave":
        return words.upper_first(texts(f"wave.{event.what}"))
    if event.kind == "benefit":
        name = payback_words.line(event.about)
        return texts("follow_up.event.benefit", name=name, who=event.said)
    if event.kind == "decision":
        return texts("follow_up.event.decision", name=texts(f"strategy.{event.what}"), who=event.said)
    if event.kind == "action":
        return texts(f"follow_up.event.action_{event.what}", said=event.said or texts("plan.unnamed"))
    if event.kind != "kpi":
        return texts(f"follow_up.event.{event.kind}", said=event.said, number=event.about)
    name = next((kpi_words.said(r).name for r in found.kpis if r.kpi.id == event.about), "")
    return texts(f"follow_up.event.{event.what}", name=name, said=event.said)
