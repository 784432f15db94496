"""What is said of a KPI: its points typed, pasted or from a file, its baseline, its changes and its description."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from assessment.engagement import Engagement, KpiPoint
from assessment.files import InputError, Problem
from assessment.mapping.kpi_points import EARLIEST, NOTE_MAX, UPLOAD_MAX, Part
from assessment.mapping.kpis import KpiReading, PointsPreview
from assessment.wording import kpi_words as words
from pages.ui import errors, parts, problems, session, undo

NEW: Final = "new"
PREVIEWED: Final = 12
PERIODS: Final = ("week", "month", "quarter", "year")
QUALITIES: Final = ("A", "B", "C")
DIRECTIONS: Final = ("down", "up")
LINE_MAX: Final = 200


def render(opened: Engagement, reading: KpiReading) -> None:
    """Draw everything that can be said of the KPI; each thing is on disk when it is said."""
    texts = session.texts()
    parts.section(texts("kpis.input"))
    parts.note(texts("kpis.team_only"))
    _typed(opened, reading)
    _undo(opened, reading)
    with st.expander(texts("kpis.many"), expanded=not reading.points):
        _many(opened, reading)
    if len(reading.points) > 1:
        _baseline(opened, reading)
        _change(opened, reading)
    with st.expander(texts("kpis.describe")):
        _description(opened, reading)
    _removal(opened, reading)


def _attempt(what: str, write: Callable[[], object]) -> bool:
    """Write and remember what went wrong for the line below; a value that cannot be is refused in words."""
    try:
        return errors.guarded(what, write)
    except ValueError:
        session.keep(f"unsaved_{what}", session.texts()("kpis.refused"))
        session.renew_widgets()
        return False


def _day_format() -> str:
    return "DD.MM.YYYY" if session.language() == "nb" else "DD/MM/YYYY"


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


# ---------------------------------------------------------------- one point


def _typed(opened: Engagement, reading: KpiReading) -> None:
    """A form for a new point, or for one that is there."""
    texts, said, days = session.texts(), words.said(reading), {p.on.isoformat(): p for p in reading.points}
    labels = {NEW: texts("kpis.point.new")}
    labels |= {
        day: texts("kpis.point.known", day=texts.day(p.on), value=words.with_unit(p.value, said.unit))
        for day, p in reversed(days.items())
    }
    chosen = NEW
    if days:
        chosen = parts.choice(st.selectbox, f"kpi_point_{reading.kpi.id}", texts("kpis.point.which"), labels, first=NEW)
    point = days.get(chosen)
    keys: dict[Part, str] = {}
    with st.form(f"kpi_point_form_{chosen}", border=False):

        def ask(part: Part, label: str, most: int, value: str = "") -> None:
            keys[part] = session.widget_key(f"kpi_{reading.kpi.id}_{chosen}_{part}")
            st.text_input(label, value=value, key=keys[part], max_chars=most)

        keys["date"] = session.widget_key(f"kpi_{reading.kpi.id}_{chosen}_date")
        today = _today()
        st.date_input(
            texts("kpis.point.date"),
            value=point.on if point else today,
            min_value=EARLIEST,
            max_value=max(today, point.on) if point else today,
            key=keys["date"],
            format=_day_format(),
        )
        if said.denominator:
            for part, what in (("numerator", said.numerator), ("denominator", said.denominator)):
                ask(part, texts(f"kpis.point.{part}", what=what), 30, _written(point, part))
            ask("value", texts("kpis.point.value_alone", unit=said.unit), 30, _written(point, "value"))
        else:
            label = texts("kpis.point.value", unit=said.unit) if said.unit else texts("kpis.column.value")
            ask("value", label, 30, _written(point, "value"))
        ask("note", texts("kpis.point.note"), NOTE_MAX, (point and point.note) or "")
        st.form_submit_button(
            texts("kpis.point.save"), type="primary", on_click=_save_point, args=(opened, reading, keys, point)
        )
    if point is not None:
        st.button(
            texts("kpis.point.remove"),
            type="tertiary",
            key="kpi_point_remove",
            on_click=_set,
            args=(opened, reading, {point.on: None}),
        )
    parts.saved("kpi_points", done=session.kept("kpi_points_saved") == reading.kpi.id)


def _written(point: KpiPoint | None, part: str) -> str:
    """A value as it may be typed again; a ratio's is computed, and is left to its parts."""
    value = getattr(point, part) if point else None
    if point is None or value is None or (part == "value" and point.denominator is not None):
        return ""
    text = f"{value:.12g}"
    return text.replace(".", ",") if session.language() == "nb" and "e" not in text else text


def _save_point(opened: Engagement, reading: KpiReading, keys: dict[Part, str], point: KpiPoint | None) -> None:
    day = session.widget(keys["date"])
    cells = {part: session.widget(key).strip() for part, key in keys.items() if part != "date"}
    cells["date"] = day.isoformat() if isinstance(day, dt.date) else ""
    language = session.language()

    def write() -> None:
        before = session.service().type_point(
            opened.id, reading.kpi.id, cells, language, instead_of=point.on if point else None
        )
        _kept(reading, before)

    try:
        _attempt("kpi_points", write)
    except InputError as error:
        said = [problems.said(p) for p in error.problems if isinstance(p, Problem)]
        session.keep("unsaved_kpi_points", " ".join(said))


def _set(opened: Engagement, reading: KpiReading, points: dict[dt.date, KpiPoint | None]) -> None:
    _attempt(
        "kpi_points",
        lambda: _kept(reading, session.service().set_points(opened.id, reading.kpi.id, points)),
    )


def _kept(reading: KpiReading, before: object) -> None:
    """Remember what undoes a write of points, and begin the forms anew."""
    session.keep("kpi_undo", (reading.kpi.id, before))
    session.keep("kpi_points_saved", reading.kpi.id)
    session.drop(f"kpi_point_{reading.kpi.id}")
    session.renew_widgets()


def _undo(opened: Engagement, reading: KpiReading) -> None:
    before = session.kept("kpi_undo")
    if before and before[0] == reading.kpi.id:
        st.button(
            session.texts()("kpis.undo_points"),
            type="tertiary",
            key="kpi_undo",
            on_click=_set,
            args=(opened, reading, before[1]),
        )


# ---------------------------------------------------------------- many points


def _many(opened: Engagement, reading: KpiReading) -> None:
    """A pasted table or a file: looked at before anything of it is kept."""
    texts, said, renewed = session.texts(), words.said(reading), session.kept("renewed") or 0
    needs = "kpis.many.ratio" if said.denominator else "kpis.many.value"
    parts.note(texts(needs, numerator=said.numerator, denominator=said.denominator))
    parts.note(texts("kpis.many.person"))
    # what is pasted is no words of ours, and a change of language must not lose it
    pasted = st.text_area(
        texts("kpis.many.paste"), key=f"kpi_paste_{reading.kpi.id}_{renewed}", placeholder=texts("kpis.many.example")
    )
    file = st.file_uploader(
        texts("kpis.many.file", size=texts.number(UPLOAD_MAX / 1e6, 0)),
        type=["csv", "xlsx"],
        max_upload_size=UPLOAD_MAX // 1_000_000,
        key=f"kpi_file_{reading.kpi.id}_{renewed}",
    )
    if file is not None:
        name, content = file.name, file.getvalue()
    elif pasted.strip():
        name, content = texts("kpis.many.pasted"), pasted.strip("\n").encode()
    else:
        return
    try:
        found = session.service().preview_points(opened.id, reading.kpi.id, name, content, session.language())
    except InputError as error:
        problems.show("kpis.problems", error)
        return
    _preview(opened, reading, found)


def _preview(opened: Engagement, reading: KpiReading, found: PointsPreview) -> None:
    texts, unit = session.texts(), words.said(reading).unit
    changes = texts("kpis.many.changes", added=texts.number(found.added, 0), replaced=texts.number(found.replaced, 0))
    parts.lead(texts.plural("kpis.many.found", len(found.points)), changes)
    if found.as_shares:
        parts.banner(texts("kpis.many.as_shares"), texts("kpis.many.as_shares_why"))
    if found.thin:
        parts.banner(texts.plural("kpis.thin", len(found.thin)), texts("kpis.thin_why"))
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("kpis.column.date"): texts.day(point.on),
                    texts("kpis.column.value"): words.with_unit(point.value, unit),
                    texts("kpis.column.note"): point.note or "",
                }
                for point in found.points[:PREVIEWED]
            ]
        )
    )
    if len(found.points) > PREVIEWED:
        parts.note(texts("kpis.many.more", n=texts.number(len(found.points) - PREVIEWED, 0)))
    st.button(
        texts.plural("kpis.many.confirm", len(found.points)),
        type="primary",
        key="kpi_confirm",
        on_click=_set,
        args=(opened, reading, {point.on: point for point in found.points}),
    )


# ---------------------------------------------------------------- baseline and changes


def _baseline(opened: Engagement, reading: KpiReading) -> None:
    texts, found = session.texts(), reading.series
    first = reading.points[: found.segments[0].count] if found else ()
    labels = {"": texts("kpis.baseline.open")}
    labels |= {
        point.on.isoformat(): texts.plural("kpis.baseline.until", n, day=texts.day(point.on))
        for n, point in enumerate(first, start=1)
    }
    frozen, key = reading.frozen, session.widget_key(f"kpi_baseline_{reading.kpi.id}")
    st.subheader(texts("kpis.baseline"), anchor=False)
    parts.note(texts("kpis.baseline.why"))
    st.selectbox(
        texts("kpis.baseline.ask"),
        list(labels),
        index=min(frozen, len(first)) if frozen else 0,
        format_func=labels.__getitem__,
        key=key,
        on_change=_freeze,
        args=(opened, reading, key),
    )
    parts.saved("kpi_baseline", done=frozen is not None)


def _freeze(opened: Engagement, reading: KpiReading, key: str) -> None:
    chosen = session.widget(key)
    until = dt.date.fromisoformat(chosen) if chosen else None
    _attempt("kpi_baseline", lambda: session.service().freeze_baseline(opened.id, reading.kpi.id, until))


def _change(opened: Engagement, reading: KpiReading) -> None:
    """The confirmed changes, and a form for another: when, and why one knows."""
    texts, found = session.texts(), reading.series
    assert found is not None
    st.subheader(texts("kpis.change"), anchor=False)
    parts.note(texts("kpis.change.why"))
    starts = {segment.first for segment in found.segments}
    for place in sorted(starts - {0}):
        day = reading.points[place].on
        st.button(
            texts("kpis.change.withdraw", day=texts.day(day)),
            type="tertiary",
            key=f"kpi_withdraw_{day.isoformat()}",
            on_click=_withdraw,
            args=(opened, reading, day),
        )
    days = {p.on.isoformat(): texts.day(p.on) for i, p in enumerate(reading.points) if i not in starts}
    if days:
        _confirm_form(opened, reading, days)
    parts.saved("kpi_change", done=len(starts) > 1)


def _confirm_form(opened: Engagement, reading: KpiReading, days: dict[str, str]) -> None:
    texts, kpi, at = session.texts(), reading.kpi, _suggested(reading, days)
    # another suggestion is another widget: what the browser keeps of the old one nobody has chosen
    keys = session.widget_key(f"kpi_change_{kpi.id}_{at}"), session.widget_key(f"kpi_reason_{kpi.id}")
    with st.form("kpi_change_form", border=False):
        st.selectbox(texts("kpis.change.from"), list(days), index=at, format_func=days.__getitem__, key=keys[0])
        st.text_input(texts("kpis.change.reason"), key=keys[1], max_chars=LINE_MAX)
        st.form_submit_button(texts("kpis.change.confirm"), on_click=_confirm, args=(opened, reading, keys))


def _suggested(reading: KpiReading, days: dict[str, str]) -> int:
    """Where the points in a row that signal begin, else the first after the baseline."""
    found = reading.series
    since = found.shift.since if found and found.shift else reading.frozen or 0
    day = reading.points[min(since, len(reading.points) - 1)].on.isoformat()
    return list(days).index(day) if day in days else 0


def _confirm(opened: Engagement, reading: KpiReading, keys: tuple[str, str]) -> None:
    day, reason = (session.widget(key) for key in keys)
    if not reason.strip():
        session.keep("unsaved_kpi_change", session.texts()("kpis.change.reason_missing"))
        return
    if _attempt(
        "kpi_change",
        lambda: session.service().confirm_change(opened.id, reading.kpi.id, dt.date.fromisoformat(day), reason),
    ):
        session.renew_widgets()


def _withdraw(opened: Engagement, reading: KpiReading, day: dt.date) -> None:
    _attempt("kpi_change", lambda: session.service().withdraw_change(opened.id, reading.kpi.id, day))


# ---------------------------------------------------------------- description


def _description(opened: Engagement, reading: KpiReading) -> None:
    """The fields of the KPI, each saved when it is left."""
    texts, said, kpi = session.texts(), words.said(reading), reading.kpi

    def save(field: str) -> dict[str, Any]:
        key = session.widget_key(f"kpi_field_{kpi.id}_{field}")
        return {"key": key, "on_change": _edit, "args": (opened, reading, field, key)}

    for field in ("name", "definition", "unit", "numerator", "denominator", "source_system"):
        ask, most = (st.text_area, NOTE_MAX) if field == "definition" else (st.text_input, LINE_MAX)
        ask(texts(f"kpis.field.{field}"), value=getattr(said, field), max_chars=most, **save(field))
    st.text_input(texts("kpis.field.owner"), value=kpi.owner or "", max_chars=LINE_MAX, **save("owner"))
    st.radio(
        texts("kpis.better"),
        DIRECTIONS,
        index=DIRECTIONS.index(kpi.better),
        format_func=lambda better: texts(f"kpis.better.{better}"),
        **save("better"),
    )
    st.radio(
        texts("kpis.field.period"),
        PERIODS,
        index=PERIODS.index(kpi.period) if kpi.period else None,
        format_func=lambda period: texts(f"kpis.period.{period}"),
        **save("period"),
    )
    st.radio(
        texts("kpis.field.quality"),
        QUALITIES,
        index=QUALITIES.index(kpi.quality) if kpi.quality else None,
        format_func=lambda quality: texts(f"kpis.quality.{quality}"),
        **save("quality"),
    )
    st.date_input(
        texts("kpis.field.extracted_on"),
        value=kpi.extracted_on,
        min_value=EARLIEST,
        max_value=max(_today(), kpi.extracted_on or EARLIEST),
        format=_day_format(),
        **save("extracted_on"),
    )
    below = any(point.value < 0 for point in reading.points)
    st.checkbox(texts("kpis.field.floor"), value=kpi.floor_value is not None, disabled=below, **save("floor_value"))
    parts.saved("kpi_fields", done=session.kept("kpi_fields_saved") == kpi.id)


def _edit(opened: Engagement, reading: KpiReading, field: str, key: str) -> None:
    value = session.widget(key)
    if field == "floor_value":
        value = 0.0 if value else None
    if _attempt("kpi_fields", lambda: session.service().edit_kpi(opened.id, reading.kpi.id, {field: value})):
        session.keep("kpi_fields_saved", reading.kpi.id)


def _removal(opened: Engagement, reading: KpiReading) -> None:
    st.button(
        session.texts()("kpis.remove"), type="tertiary", key="kpi_remove", on_click=_remove, args=(opened, reading)
    )


def _remove(opened: Engagement, reading: KpiReading) -> None:
    def remove() -> None:
        undo.remember("kpi_add", opened.id, session.service().remove_kpi(opened.id, reading.kpi.id))
        session.go_to_step("")

    _attempt("kpi_fields", remove)
