"""The history: who changed what, when, from what to what, and the last of it undone."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final, Literal

import streamlit as st

from assessment.engagement import Engagement
from assessment.history import History, Subject
from assessment.recording import Change, ChangeId
from assessment.wording import words
from pages.ui import errors, history_words, parts, session
from pages.ui.inviting import clock, zone

UNDO: Final = "history_undo"
EVERYTHING: Final = "all"
# of one change; a whole value stream is many
LINES: Final = 8


def render() -> None:
    """Draw a page of the history, the last change with what undoing it does, and a filter."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.history"), texts("history.none_open"), (texts("start.begin"), "begin"))
        return
    asked: Subject | Literal["all"] = session.kept(_filter(opened)) or EVERYTHING
    subject = None if asked == EVERYTHING else asked
    found = session.service().history(opened.id, subject, _page())
    if not found.subjects:
        parts.empty(texts("page.history"), texts("history.empty"), (texts("history.to_kpis"), "kpis"))
        return
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.history"))
    parts.message(_lead(found, subject), texts("history.why"))
    _undoing(opened, found)
    _filtering(opened, found)
    local = zone()
    for day, changes in groupby(found.changes, key=lambda change: change.at.astimezone(local).date()):
        parts.section(texts.day(day))
        _changes(list(changes), found)
    _paging(found)


def _lead(found: History, subject: Subject | None) -> str:
    texts = session.texts()
    if subject is None:
        return texts.plural("history.lead", found.count)
    return texts.plural("history.lead_of", found.count, subject=texts(f"history.subject.{subject}"))


# ---------------------------------------------------------------- undoing


def _undoing(opened: Engagement, found: History) -> None:
    texts = session.texts()
    if found.undo is not None:
        parts.section(texts("history.undoing"))
        parts.note(texts("history.puts_back"))
        parts.bullets(
            _shortened([f"{what}: {how}" for what, how in history_words.taking_back(found.undo, found.behind)])
        )
    with st.container(horizontal=True):
        if found.undo is not None:
            st.button(texts("history.undo"), type="primary", on_click=_undo, args=(opened, found.undo.id))
        if found.redo is not None:
            st.button(texts("history.redo"), on_click=_undo, args=(opened, found.redo.id))
    parts.saved(UNDO, done=False)


def _undo(opened: Engagement, change_id: ChangeId) -> None:
    if errors.guarded(UNDO, lambda: session.service().undo_last(opened.id, change_id)):
        session.renew_widgets()  # what other pages show of it
        session.go_to_step("1")


# ---------------------------------------------------------------- the list


def _filter(opened: Engagement) -> str:
    return f"history_of_{opened.id}"


def _filtering(opened: Engagement, found: History) -> None:
    texts = session.texts()
    labels = {EVERYTHING: texts("history.filter_all")}
    labels |= {s: words.upper_first(texts(f"history.subject.{s}")) for s in found.subjects}
    parts.choice(st.selectbox, _filter(opened), texts("history.filter"), labels, EVERYTHING)


def _changes(changes: Sequence[Change], found: History) -> None:
    st.html("<ul class='sf-list'>" + "".join(f"<li>{_change(change, found)}</li>" for change in changes) + "</ul>")


def _change(change: Change, found: History) -> str:
    texts = session.texts()
    about = texts.listing(history_words.subjects(change))
    facts = [clock(change.at), about, history_words.who(change)]
    facts += [texts("history.is_undone")] if change.undone else []
    facts += [texts("history.is_undoing")] if change.undoes else []
    said = [
        f"<b>{parts.escape(words.upper_first(what))}</b> · {parts.escape(how)}"
        for what, how in history_words.lines(change, found.behind)
    ]
    small = parts.escape(" · ".join(facts))
    return "<br>".join(_shortened(said)) + f'<br><span class="sf-note">{small}</span>'


def _shortened(said: list[str]) -> list[str]:
    if len(said) <= LINES:
        return said
    return [*said[: LINES - 1], session.texts().plural("history.more", len(said) - LINES + 1)]


# ---------------------------------------------------------------- pages


def _page() -> int:
    asked = session.step() or ""
    return int(asked) if asked.isdecimal() and 1 <= len(asked) <= 4 and int(asked) else 1


def _paging(found: History) -> None:
    texts, page = session.texts(), found.page
    if found.pages == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if page > 1:
            st.button(texts("history.newer"), on_click=session.go_to_step, args=(str(page - 1),))
        if page < found.pages:
            st.button(texts("history.older"), on_click=session.go_to_step, args=(str(page + 1),))
        parts.note(texts("history.page_of", page=texts.number(page, 0), pages=texts.number(found.pages, 0)))
