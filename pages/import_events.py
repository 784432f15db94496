"""Fill the value stream from an event log or a CRM's stage history: choose, look, confirm; nothing is kept before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar
from zlib import crc32

import pandas as pd
import streamlit as st

from assessment.current_state.event_log import HOWS, How, StageFigures, Summary, days_covered
from assessment.engagement import Engagement, Stage
from assessment.files import InputError
from assessment.files.event_log import EXAMPLE, UPLOAD_MAX, EventLog
from assessment.mapping import event_log as events
from assessment.mapping.event_log import Offer
from assessment.mapping.stream import Stream, process_time_h
from assessment.wording import stream_words, words
from pages.ui import fields, parts, problems, session

One = TypeVar("One")

ROWS_NAMED: Final = 5
WRITE, UNDO = "events", "events_undo"


def render() -> None:
    """Draw the file, what is in it, and what of it could be taken over."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.import_events"), texts("stream.none"), (texts("start.begin"), "begin"))
        return
    stream = session.stream(opened)
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.import_events"))
    parts.message(texts("events.lead"), texts("events.nothing_yet"))
    parts.note(texts("events.columns"))
    with st.container(horizontal=True):
        st.download_button(
            texts("events.example"), EXAMPLE.read_bytes, EXAMPLE.name, "text/csv", on_click="ignore", key="example"
        )
        if st.button(texts("events.back"), key="events_back"):
            session.go("stream")
    file = st.file_uploader(
        texts("events.file", size=texts.number(UPLOAD_MAX / 1e6, 0)),
        type=["csv", "txt"],
        max_upload_size=UPLOAD_MAX // 1_000_000,
        key="events_file",
    )
    _undo(opened)
    if file is None:
        session.drop("events_read")
        return
    read = _read(opened, file.file_id, file.name, file.getvalue)
    if isinstance(read, InputError):
        problems.show("import.problems", read)
        return
    _what(read)
    choices = _match(read, stream)
    if stream.chain:
        _figures(opened, stream, read, choices, file.file_id)
    else:
        _begin(opened, read, choices)


# ---------------------------------------------------------------- the file


def _read(opened: Engagement, file_id: str, name: str, content: Callable[[], bytes]) -> EventLog | InputError:
    """What the file says, read once for each file: a large one takes seconds."""
    kept = session.kept("events_read")
    if kept is not None and kept[0] == (opened.id, file_id):
        return kept[1]
    bar = st.progress(0.0, text=session.texts()("events.reading"))
    try:
        read: EventLog | InputError = session.service().read_events(opened.id, name, content(), bar.progress)
    except InputError as error:
        read = error
    bar.empty()
    session.keep("events_read", ((opened.id, file_id), read))
    return read


def _what(log: EventLog) -> None:
    """How much there is, and everything about it that one should know."""
    texts, (first, last) = session.texts(), days_covered(log.visits)
    cases = texts.plural("events.cases", log.cases)
    parts.section(texts.plural("events.found", len(log.visits), cases=cases))
    lines = [texts("events.period", first=texts.day(first), last=texts.day(last))]
    lines.append(texts("events.hours" if log.timed else "events.days"))
    if log.twice:
        lines.append(texts.plural("events.twice", log.twice))
    if log.backwards:
        rows = texts.listing([str(row) for row in log.backwards[:ROWS_NAMED]])
        lines.append(texts.plural("events.backwards", len(log.backwards), rows=rows))
    if log.unread:
        lines.append(texts("events.unread", columns=texts.listing([words.quoted(c) for c in log.unread])))
    if log.people:
        lines.append(texts("events.people", columns=texts.listing([words.quoted(c) for c in log.people])))
    parts.bullets(lines)


# ---------------------------------------------------------------- which stage is which


def _match(log: EventLog, stream: Stream) -> tuple[str, ...]:
    """Ask which stage each stage of the log is; those of the same name are found."""
    texts, found = session.texts(), events.suggested(log, stream)
    unknown = found.count(events.OUT)
    labels = {stage.id: stream_words.stage_name(stage) for stage in stream.chain}
    labels |= {} if stream.chain else {events.NEW: texts("events.new")}
    labels |= {events.END: texts("events.end"), events.OUT: texts("events.out")}
    parts.section(texts.plural("events.match_unknown", unknown) if unknown else texts("events.match"))
    chosen = list(found)
    with st.expander(texts("events.match_open"), expanded=bool(unknown) or not stream.chain):
        parts.note(texts("events.match_note"))
        for column, at in _by_twos(events.in_order(log)):
            with column:
                name = log.names[at]
                asked = words.quoted(name)
                chosen[at] = parts.choice(st.selectbox, f"events_{name}", asked, labels, first=found[at])
    return tuple(chosen)


def _begin(opened: Engagement, log: EventLog, choices: Sequence[str]) -> None:
    texts = session.texts()
    names = [log.names[at] for at in events.in_order(log) if choices[at] == events.NEW]
    parts.note(texts("events.begin_note"))
    if names:
        label = texts.plural("events.begin", len(names))
        st.button(label, type="primary", key="events_begin", on_click=_lay_out, args=(opened, names))
    fields.refused(WRITE)


def _lay_out(opened: Engagement, names: Sequence[str]) -> None:
    fields.write(WRITE, lambda: session.service().begin_from_events(opened.id, names), say=False)


# ---------------------------------------------------------------- from and to


def _figures(opened: Engagement, stream: Stream, log: EventLog, choices: tuple[str, ...], file_id: str) -> None:
    texts = session.texts()
    found = _summed(stream, log, choices, file_id)
    if not any(stage.cases for stage in found.stages):
        parts.hidden(texts("events.nothing_matched"))
        return
    labels = {how: texts(f"events.how.{how}") for how in HOWS}
    how: How = parts.choice(
        st.segmented_control, "events_how", texts("events.how"), labels, first="median", required=True
    )
    parts.note(texts(f"events.how_why.{how}"))
    offered = events.offers(found, stream, how)
    changes = [offer for offer in offered if offer.differs]
    parts.section(texts.plural("events.changes", len(changes)) if changes else texts("events.no_change"))
    parts.note(texts("events.never"))
    parts.note(texts("events.wip"))
    _odd(found)
    if changes:
        _form(opened, stream, found, changes, f"{crc32(repr((file_id, choices, how)).encode())}")
    fields.refused(WRITE)
    _behind(stream, found)


def _summed(stream: Stream, log: EventLog, choices: tuple[str, ...], file_id: str) -> Summary:
    about = (file_id, choices, tuple(stage.id for stage in stream.chain))
    kept = session.kept("events_summed")
    if kept is None or kept[0] != about:
        kept = (about, events.summed(log, stream, choices))
        session.keep("events_summed", kept)
    return kept[1]


def _odd(found: Summary) -> None:
    texts = session.texts()
    lines = []
    if found.overlapping:
        lines.append(texts.plural("events.overlapping", found.overlapping))
    if found.single:
        lines.append(texts.plural("events.single", found.single))
    if lines:
        parts.bullets(lines)


def _form(opened: Engagement, stream: Stream, found: Summary, changes: Sequence[Offer], about: str) -> None:
    """A tick for each figure, and nothing sent before the button."""
    texts = session.texts()
    keys = {offer: f"events_take_{about}_{offer.stage_id}_{offer.figure}" for offer in changes}
    counted = dict(zip((stage.id for stage in stream.chain), found.stages, strict=True))
    stages = [stage for stage in stream.chain if any(offer.stage_id == stage.id for offer in changes)]
    with st.form("events_take", border=False):
        for column, stage in _by_twos(stages):
            with column:
                _ticks(stage, counted[stage.id], keys)
        st.form_submit_button(texts("events.take"), type="primary", on_click=_take, args=(opened, keys))


def _ticks(stage: Stage, counted: StageFigures, keys: Mapping[Offer, str]) -> None:
    texts = session.texts()
    st.subheader(stream_words.stage_name(stage), anchor=False)
    said = [texts.plural("events.finished", counted.finished)]
    if counted.still_there:
        said.append(texts.plural("events.still_there", counted.still_there))
    if process_time_h(stage) is None:
        said.append(texts("events.no_work"))
    parts.note(" ".join(said))
    for offer, key in keys.items():
        if offer.stage_id == stage.id:
            told, now = (stream_words.figure(offer.figure, value) for value in (offer.told, offer.found))
            name = texts(f"stream.field.{offer.figure}")
            label = texts("events.thin" if offer.thin else "events.change", figure=name, told=told, found=now)
            st.checkbox(label, value=not offer.thin, key=key)


def _take(opened: Engagement, keys: Mapping[Offer, str]) -> None:
    figures: dict[str, dict[str, float]] = {}
    for offer, key in keys.items():
        if session.widget(key):
            figures.setdefault(offer.stage_id, {})[offer.figure] = offer.found
    if not figures:
        session.keep(f"unsaved_{WRITE}", session.texts()("events.nothing_ticked"))
        return

    def store() -> None:
        before = session.service().take_figures(opened.id, figures)
        session.keep("events_undo", (opened.id, before, sum(len(taken) for taken in figures.values())))

    if fields.write(WRITE, store, say=False):
        session.renew_widgets()


def _undo(opened: Engagement) -> None:
    """Say what was taken over in this tab, and draw the button that puts the figures before back."""
    texts, kept = session.texts(), session.kept("events_undo")
    if kept is not None and kept[0] == opened.id:
        _, before, count = kept
        st.html(f'<p class="sf-saved" role="status">✓ {parts.escape(texts.plural("events.taken", count))}</p>')
        with st.container(horizontal=True):
            st.button(texts.plural("events.undo", count), key="events_undo", on_click=_put_back, args=(opened, before))
    fields.refused(UNDO)


def _put_back(opened: Engagement, before: Mapping[str, Mapping[str, object]]) -> None:
    if fields.write(UNDO, lambda: session.service().take_figures(opened.id, before), say=False):
        session.drop("events_undo")
        session.renew_widgets()


def _behind(stream: Stream, found: Summary) -> None:
    """What is behind the figures, stage by stage."""
    texts = session.texts()
    hours = [texts(f"events.column.{part}_{how}") for part in ("hours", "gap") for how in HOWS]
    rows = []
    for stage, counted in zip(stream.chain, found.stages, strict=True):
        told = [counted.hours_in_stage(how) for how in HOWS] + [counted.gap(how) for how in HOWS]
        rows.append(
            {
                texts("stream.column.stage"): stream_words.stage_name(stage),
                texts("events.column.cases"): texts.number(counted.cases, 0),
                texts("events.column.finished"): texts.number(counted.finished, 0),
                texts("events.column.still_there"): texts.number(counted.still_there, 0),
                **dict(zip(hours, (stream_words.figure("wait_h", value) for value in told), strict=True)),
            }
        )
    parts.figures(pd.DataFrame(rows))


def _by_twos(items: Sequence[One]) -> Iterator[tuple[Any, One]]:
    """Each thing with the column it stands in, two beside each other; on a phone they stay in their order."""
    for at in range(0, len(items), 2):
        yield from zip(st.columns(2), items[at : at + 2], strict=False)
