"""What if a number of the value stream were another: kept in the tab, shown beside today's figures."""

import pandas as pd
import streamlit as st

from assessment.engagement import Engagement, Stage
from assessment.mapping.stream import POOL_FIELDS, STAGE_FIELDS, Change, Field, Stream
from assessment.wording import stream_words, words
from pages.ui import fields, parts, session, stream_charts

VALUE = "what_if_value"
QUALITY = "complete_accurate_share"


def draw(opened: Engagement, stream: Stream) -> None:
    """Draw the choice of a number, the changes so far, and what follows beside today."""
    texts = session.texts()
    parts.section(texts("stream.what_if"))
    parts.note(texts("stream.what_if_why"))
    _choose(opened, stream)
    changes = _changes(opened, stream)
    if not changes:
        return
    _list(opened, stream, changes)
    try:
        then = session.service().what_if(opened.id, changes)
    except ValueError:  # a share of more than all: the volumes that follow grow beyond reason
        parts.note(texts("stream.what_if_impossible"))
        return
    parts.section(_claim(stream, then))
    stream_charts.loads(then, stream.flow)
    parts.note(texts("stream.what_if_note"))
    columns = [texts(f"stream.column.{name}") for name in ("figure", "today", "then")]
    today, new = stream_words.flow_figures(stream), stream_words.flow_figures(then)
    parts.table(
        pd.DataFrame([(texts(f"stream.flow.{name}"), today[name], new[name]) for name in today], columns=columns)
    )
    if _times(then) != _times(stream):
        parts.section(texts("stream.what_if_chain"))
        stream_charts.strip(then, then.chain)


def take(opened: Engagement, change: Change, show: bool = False) -> None:
    """Remember a change in this tab; show: and go to what follows from it."""
    session.keep(_name(opened), {**(session.kept(_name(opened)) or {}), change.about: change})
    if show:
        session.go_to_step("what_if")


def _choose(opened: Engagement, stream: Stream) -> None:
    texts = session.texts()
    subjects = {s.id: stream_words.stage_name(s) for s in stream.chain} | {p.id: p.name for p in stream.told.pools}
    # what is asked first is what frees the bottleneck
    first = stream.lever.change.stage_id if stream.lever else stream.chain[0].id
    one, two, three = st.columns(3)
    with one:
        subject = parts.choice(st.selectbox, "what_if_of", texts("stream.what_if_of"), subjects, first=first)
    if subject not in subjects:
        return
    numbers = _numbers(stream, subject)
    labels = {name: _field_name(stream, change) for name, change in numbers.items()}
    with two:
        chosen = parts.choice(
            st.selectbox,
            f"what_if_field_{subject}",
            texts("stream.what_if_field"),
            labels,
            first=QUALITY if QUALITY in labels else next(iter(labels)),
        )
    if chosen not in numbers:
        return
    change = numbers[chosen]
    kept = (session.kept(_name(opened)) or {}).get(change.about)
    now = stream_words.figure(change.field, stream_words.today(stream, change))
    with three:
        fields.number(
            texts("stream.what_if_value"),
            f"{VALUE}_{subject}_{chosen}",
            kept.value if kept else None,
            lambda value: _set(opened, change, value),
            share=change.field in stream_words.SHARES,
            placeholder=texts("stream.what_if_today", value=now),
            stored=False,
        )


def _numbers(stream: Stream, subject: str) -> dict[str, Change]:
    """The numbers of a stage or a pool that can be another, by a name for each; their values are not set yet."""
    stage, pool = stream.stage(subject), stream.pool(subject)
    if isinstance(stage, Stage):
        found = {field: Change(field, 0.0, stage_id=stage.id) for field in STAGE_FIELDS}
        work: Field = "process_time_h"
        return {**found, **{p: Change(work, 0.0, stage_id=stage.id, pool_id=p) for p in stage.work}}
    assert pool is not None
    return {field: Change(field, 0.0, pool_id=pool.id) for field in POOL_FIELDS}


def _field_name(stream: Stream, change: Change) -> str:
    texts = session.texts()
    if change.field == "process_time_h":
        return texts("stream.field.work", pool=stream_words.name_of(stream, change.pool_id))
    return texts(f"stream.field.{change.field}")


def _set(opened: Engagement, change: Change, value: float | None) -> None:
    if value is None:
        _drop(opened, change)
    else:
        take(opened, Change(change.field, value, change.stage_id, change.pool_id))


def _drop(opened: Engagement, change: Change) -> None:
    kept = dict(session.kept(_name(opened)) or {})
    kept.pop(change.about, None)
    session.keep(_name(opened), kept)
    session.renew_widgets()


def _reset(opened: Engagement) -> None:
    session.drop(_name(opened))
    session.renew_widgets()


def _changes(opened: Engagement, stream: Stream) -> list[Change]:
    """The changes of this tab to what is still there."""
    kept: dict[object, Change] = session.kept(_name(opened)) or {}
    return [
        c
        for c in kept.values()
        if (c.stage_id is None or stream.stage(c.stage_id)) and (c.pool_id is None or stream.pool(c.pool_id))
    ]


def _list(opened: Engagement, stream: Stream, changes: list[Change]) -> None:
    texts = session.texts()
    for number, change in enumerate(changes):
        before = stream_words.figure(change.field, stream_words.today(stream, change))
        said = texts(
            "stream.what_if_change",
            name=stream_words.change_name(stream, change),
            field=words.lower_first(texts(f"stream.field.{change.field}")),
            before=before,
            after=stream_words.figure(change.field, change.value),
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            parts.lead(said)
            st.button(
                texts("stream.what_if_drop"),
                key=f"drop_{number}",
                type="tertiary",
                on_click=_drop,
                args=(opened, change),
            )
    st.button(texts("stream.what_if_reset"), key="what_if_reset", on_click=_reset, args=(opened,))


def _claim(stream: Stream, then: Stream) -> str:
    texts, before, after = session.texts(), stream.flow.bottleneck, then.flow.bottleneck
    loads = stream_words.load_of(stream, before), stream_words.load_of(then, after)
    if before != after:
        return texts("stream.what_if_moved", before=loads[0], after=loads[1])
    if before is None or loads[0] == loads[1]:
        return texts("stream.what_if_same")
    shares = [words.share(s.flow.pool(before).rho) for s in (stream, then)]
    pool = stream_words.name_of(stream, before)
    return texts("stream.what_if_stays", pool=pool, before=shares[0], after=shares[1])


def _times(stream: Stream) -> list[tuple[object, ...]]:
    return [(s.wait_h, *s.work.values()) for s in stream.chain]


def _name(opened: Engagement) -> str:
    return f"what_if_{opened.id}"
