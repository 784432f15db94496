"""The value stream from lead to satisfied customer: the chain to scale, where it is full and why, and what if."""

import pandas as pd
import streamlit as st

from assessment.engagement import Engagement
from assessment.mapping.stream import PoolUse, Stream, process_time_h
from assessment.wording import stream_words, words
from pages.ui import fields, parts, session, stream_charts, stream_editing, stream_what_if, used_in

VIEWS = ("chain", "stages", "pools", "what_if")


def render() -> None:
    """Draw the value stream of the open engagement in the view of the address, or offer to begin one."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.stream"), texts("stream.none"), (texts("start.begin"), "begin"))
        return
    stream = session.stream(opened)
    if not stream.chain:
        _begin(opened)
        return
    counted = texts.plural("stream.stages", len(stream.chain))
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "", counted)
    parts.title(texts("page.stream"))
    parts.message(*stream_words.message(stream))
    may_edit = session.may("run")
    view = _view(stream, may_edit)
    with st.container(horizontal=True, vertical_alignment="center"):
        _choose_view(stream, view, may_edit)
        _to_events()
    if view == "stages":
        stream_editing.stages(opened, stream)
    elif view == "pools":
        stream_editing.pools(opened, stream)
    elif view == "what_if":
        stream_what_if.draw(opened, stream)
    else:
        _overview(opened, stream)


def _begin(opened: Engagement) -> None:
    texts = session.texts()
    if not session.may("run"):
        parts.empty(texts("page.stream"), texts("stream.read_only"), (texts("error.to_start"), "start"))
        return
    parts.where(opened.name)
    parts.title(texts("page.stream"))
    parts.message(texts("stream.begin"), texts("stream.begin_why"))
    with st.container(horizontal=True):
        st.button(texts("stream.begin_empty"), type="primary", on_click=_lay_out, args=(opened, False))
        st.button(texts("stream.begin_worked"), on_click=_lay_out, args=(opened, True))
    fields.refused("stream_begin")
    parts.note(texts("stream.begin_worked_note"))
    _to_events()
    stream_editing.undo(opened)


def _lay_out(opened: Engagement, worked: bool) -> None:
    begin = session.service().begin_stream
    fields.write("stream_begin", lambda: begin(opened.id, session.language(), worked=worked), say=False)


# ---------------------------------------------------------------- the key message


# ---------------------------------------------------------------- the views


def _view(stream: Stream, may_edit: bool) -> str:
    step = session.step()
    if may_edit and stream.stage(step) is not None:
        return "stages"
    if may_edit and (stream.pool(step) is not None or step == "pools"):
        return "pools"
    return "what_if" if step == "what_if" else "chain"


def _choose_view(stream: Stream, view: str, may_edit: bool) -> None:
    texts = session.texts()
    offered = [v for v in VIEWS if may_edit or v in ("chain", "what_if")]
    first = {"stages": stream.chain[0].id, "pools": next((p.id for p in stream.told.pools), "pools")}
    key = session.widget_key(f"stream_view_{view}")
    st.segmented_control(
        texts("stream.view"),
        offered,
        default=view,
        required=True,
        key=key,
        format_func=lambda v: texts(f"stream.view.{v}"),
        label_visibility="collapsed",
        on_change=lambda: session.go_to_step(first.get(session.widget(key), session.widget(key))),
    )


def _to_events() -> None:
    """The way to fill the figures from a log, for those who may."""
    if session.has_page("import_events") and st.button(session.texts()("stream.to_events"), key="to_events"):
        session.go("import_events")


# ---------------------------------------------------------------- the whole chain


def _overview(opened: Engagement, stream: Stream) -> None:
    texts = session.texts()
    stream_editing.undo(opened)
    parts.section(stream_words.chain_claim(stream))
    stream_charts.strip(stream, stream.chain)
    parts.note(texts("stream.chain_note"))
    _load(opened, stream)
    _little(stream)
    _figures(stream)
    used_in.findings(opened, "stream")
    parts.next_step(texts("stream.next"), texts("stream.next_why"), (texts("stream.to_handoffs"), "handoffs"))


def _load(opened: Engagement, stream: Stream) -> None:
    if not stream.told.pools:
        return
    texts, use = session.texts(), stream_words.fullest(stream)
    parts.section(stream_words.load_claim(stream, use))
    if use is not None:
        _why(opened, stream, use)
    stream_charts.loads(stream)
    parts.note(texts("stream.load_note"))


def _why(opened: Engagement, stream: Stream, use: PoolUse) -> None:
    texts, lever = session.texts(), stream.lever
    parts.lead(*stream_words.bottleneck_why(stream, use))
    if lever is not None:
        st.button(texts("stream.try"), key="try_lever", on_click=stream_what_if.take, args=(opened, lever.change, True))


def _little(stream: Stream) -> None:
    """What time and volume say of the counted cases: a warning where they differ much, else a line."""
    texts = session.texts()
    warnings, agree = [], []
    for check in stream.flow.little:
        stage = stream.stage(check.stage)
        if stage is None or check.deviation is None:
            continue
        about = {
            "stage": stream_words.stage_name(stage),
            "expected": texts.number(check.expected_wip, 1),
            "wip": texts.short(stage.wip or 0.0),
        }
        if check.warns:
            key = "stream.little_more" if check.deviation > 0 else "stream.little_fewer"
            hours = texts.short((stage.wait_h or 0.0) + (process_time_h(stage) or 0.0))
            volume, deviation = texts.short(stage.volume_month or 0.0), texts.percent(abs(check.deviation))
            warnings.append(texts(key, **about, hours=hours, volume=volume, deviation=deviation))
        else:
            agree.append(texts("stream.little_agrees", **about))
    if warnings:
        parts.banner(texts("stream.little"), " ".join(warnings))
    for said in agree:
        parts.note(said)


def _figures(stream: Stream) -> None:
    texts = session.texts()
    with st.expander(texts("common.figures")):
        parts.table(pd.DataFrame([_stage_row(row) for row in _told(stream)]))
        key, today = texts("stream.column.figure"), texts("stream.column.today")
        rows = stream_words.flow_figures(stream).items()
        parts.table(pd.DataFrame([{key: texts(f"stream.flow.{name}"), today: value} for name, value in rows]))
        if stream.told.pools:
            parts.table(pd.DataFrame([_pool_row(stream, use) for use in stream.flow.pools]))


def _told(stream: Stream) -> list[dict[str, str]]:
    texts, rows = session.texts(), []
    for stage in stream.chain:
        volume = stream_words.figure("volume_month", stage.volume_month)
        if stage.volume_month is not None and stage.conversion_share is not None:
            volume = texts("stream.moving_on", volume=volume, share=texts.percent(stage.conversion_share))
        wait, work = (stream_words.figure("wait_h", hours) for hours in (stage.wait_h, process_time_h(stage)))
        rows.append(
            {
                "stage": stream_words.stage_name(stage),
                "department": stage.department or texts("common.unknown"),
                "times": f"{wait} + {work}",
                "share": stream_words.figure("complete_accurate_share", stage.complete_accurate_share),
                "volume": volume,
            }
        )
    return rows


def _stage_row(row: dict[str, str]) -> dict[str, str]:
    return {session.texts()(f"stream.column.{name}"): value for name, value in row.items()}


def _pool_row(stream: Stream, use: PoolUse) -> dict[str, str]:
    texts = session.texts()
    hours = [texts("common.not_assessed") if h is None else texts.short(h) for h in (use.load_h, use.capacity_h)]
    row = {
        "pool": stream_words.name_of(stream, use.id),
        "hours": texts("stream.hours_known", load=hours[0], capacity=hours[1]),
        "plain": words.share(use.rho_without_rework),
        "load": words.share(use.rho),
    }
    return {texts(f"stream.column.{name}"): value for name, value in row.items()}
