"""The baseline KPIs: which ones are followed and how they stand, and what one of them does over time."""

from typing import Final

import pandas as pd
import streamlit as st

from assessment.engagement import Engagement, EngagementId
from assessment.mapping import kpi_catalogue
from assessment.mapping.kpis import KpiReading
from assessment.wording import kpi_words as words
from pages.ui import errors, kpi_chart, kpi_input, parts, session, undo, used_in

DIRECTIONS: Final = ("down", "up")


def render() -> None:
    """Draw the KPI of the step, or all that are followed."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.kpis"), texts("kpis.none"), (texts("start.begin"), "begin"))
        return
    readings = session.kpis(opened)
    chosen = next((r for r in readings if r.kpi.id == session.step()), None)
    if chosen is None:
        _all(opened, readings)
    else:
        _one(opened, chosen)


# ---------------------------------------------------------------- all of them


def _all(opened: Engagement, readings: tuple[KpiReading, ...]) -> None:
    texts, may_run = session.texts(), session.may("run")
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.kpis"))
    if not readings:
        parts.message(texts("kpis.lead_empty"), texts("kpis.team_only"))
    else:
        changed = sum(r.series is not None and r.series.state.startswith("signal") for r in readings)
        parts.message(
            texts.plural("kpis.lead", len(readings), changed=texts.plural("kpis.changed", changed)),
            texts("kpis.team_only"),
        )
        parts.section(texts("kpis.followed"))
        for reading in readings:
            _line(reading)
        used_in.findings(opened, "kpis")
    if may_run:
        _restore(opened)
        _add(opened, readings)


def _line(reading: KpiReading) -> None:
    texts, said = session.texts(), words.said(reading)
    facts = [words.standing(reading)]
    if reading.points:
        last = reading.points[-1]
        facts.append(texts("kpis.latest", value=words.with_unit(last.value, said.unit), day=texts.day(last.on)))
    facts.append(texts.plural("kpis.points", len(reading.points)))
    with st.container(key=f"kpi_{reading.kpi.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.html(f'<p class="sf-name">{parts.escape(said.name)}</p>')
            parts.note(" · ".join(facts))
        st.button(texts("kpis.open"), key=f"open_{reading.kpi.id}", on_click=session.go_to_step, args=(reading.kpi.id,))


def _add(opened: Engagement, readings: tuple[KpiReading, ...]) -> None:
    texts, taken = session.texts(), {r.kpi.code for r in readings}
    catalogue = kpi_catalogue.words(session.language())
    labels = {code: found.name for code, found in catalogue.items() if code not in taken}
    parts.section(texts("kpis.add"))
    if labels:
        code = parts.choice(st.selectbox, "kpi_code", texts("kpis.catalogue"), labels, placeholder=texts("kpis.choose"))
        if code is not None:
            found = catalogue[code]
            parts.lead(found.definition)
            parts.note(texts("kpis.formula", formula=found.formula))
            parts.note(texts("kpis.source", source=found.source))
            parts.note(texts("kpis.pitfall", pitfall=found.pitfall))
            st.button(texts("kpis.add_this"), type="primary", on_click=_follow, args=(opened, code))
    with st.expander(texts("kpis.own")), st.form("kpi_own", border=False):
        keys = session.widget_key("kpi_own_name"), session.widget_key("kpi_own_better")
        st.text_input(texts("kpis.own_name"), key=keys[0], max_chars=200)
        st.radio(
            texts("kpis.better"), DIRECTIONS, key=keys[1], format_func=lambda better: texts(f"kpis.better.{better}")
        )
        st.form_submit_button(texts("kpis.add_this"), on_click=_follow_own, args=(opened, keys))
    parts.saved("kpi_add", done=False)


def _follow(opened: Engagement, code: str) -> None:
    errors.guarded("kpi_add", lambda: session.service().add_kpi(opened.id, code, session.language()))


def _follow_own(opened: Engagement, keys: tuple[str, str]) -> None:
    name, better = (session.widget(key) for key in keys)
    if not name.strip():
        session.keep("unsaved_kpi_add", session.texts()("kpis.own_name_missing"))
        return
    if errors.guarded("kpi_add", lambda: session.service().add_own_kpi(opened.id, name, better)):
        session.renew_widgets()


def _restore(opened: Engagement) -> None:
    """Offer to undo the latest removal."""
    texts = session.texts()
    undo.offer("kpi_add", opened, lambda removed: texts("kpis.removed", name=words.said(removed).name), _put_back)


def _put_back(engagement_id: EngagementId, removed: KpiReading) -> None:
    session.service().restore_kpi(engagement_id, removed.kpi, removed.points)


# ---------------------------------------------------------------- one of them


def _one(opened: Engagement, reading: KpiReading) -> None:
    texts, said = session.texts(), words.said(reading)
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "", said.name)
    parts.title(texts("page.kpis"))
    st.button(texts("kpis.back"), key="kpi_back", type="tertiary", on_click=session.go_to_step, args=("",))
    parts.message(*words.sentences(reading))
    parts.section(said.name)
    _about(reading)
    if reading.points:
        kpi_chart.draw(reading)
        _signals(reading)
        _figures(reading)
        used_in.findings(opened, "kpis", reading.kpi.id)
    if session.may("run"):
        kpi_input.render(opened, reading)


def _about(reading: KpiReading) -> None:
    texts, said, kpi = session.texts(), words.said(reading), reading.kpi
    if said.definition:
        parts.lead(said.definition)
    known = [
        texts(f"kpis.better.{kpi.better}"),
        said.source_system and texts("kpis.source", source=said.source_system),
        kpi.owner and texts("kpis.owned", owner=kpi.owner),
        kpi.extracted_on and texts("kpis.extracted", day=texts.day(kpi.extracted_on)),
        texts(f"kpis.quality.{kpi.quality}") if kpi.quality else texts("kpis.quality.unknown"),
    ]
    parts.note(" · ".join(fact for fact in known if fact))
    if said.pitfall:
        parts.note(texts("kpis.pitfall", pitfall=said.pitfall))
    if reading.thin:
        parts.banner(texts.plural("kpis.thin", len(reading.thin)), texts("kpis.thin_why"))


def _signals(reading: KpiReading) -> None:
    """Every signal by its rule, with the day it began to hold."""
    texts, found = session.texts(), reading.series
    assert found is not None
    lines = [
        texts(f"kpis.rule.{mark.kind}.long", day=texts.day(reading.points[i].on), side=texts(f"kpis.side.{mark.side}"))
        for i, marks in words.named_marks(found).items()
        for mark in marks
    ]
    lines += [
        texts("kpis.segment", day=texts.day(reading.points[s.first].on), reason=reading.points[s.first].note or "")
        for s in found.segments[1:]
    ]
    if lines:
        st.subheader(texts("kpis.signals"), anchor=False)
        parts.bullets(lines)


def _figures(reading: KpiReading) -> None:
    texts, unit, named = session.texts(), words.said(reading).unit, words.rules(reading)
    rows = []
    for i, point in enumerate(reading.points):
        parts_of = ""
        if point.numerator is not None and point.denominator is not None:
            whole = words.figure(point.numerator), words.figure(point.denominator)
            parts_of = texts("kpis.parts_of", numerator=whole[0], denominator=whole[1])
        noted = "; ".join(note for note in (named.get(i), point.note) if note)
        rows.append(
            {
                texts("kpis.column.date"): texts.day(point.on),
                texts("kpis.column.value"): words.with_unit(point.value, unit),
                texts("kpis.column.parts"): parts_of,
                texts("kpis.column.note"): noted,
            }
        )
    frame = pd.DataFrame(rows)
    parts.figures(frame.loc[:, (frame != "").any()])
