"""What a reader takes away: the result as a spreadsheet, as a data file, or on paper."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from assessment.report import export
from assessment.results import Results
from assessment.service import Service
from pages.ui import parts, session

Content = TypeVar("Content", str, bytes)
PRINT = "<script>setTimeout(() => window.print(), 300); // {nonce}</script>"


def draw(results: Results) -> None:
    """Draw what can be taken away from a result."""
    # the files are made when they are asked for, outside the run: nobody could tell there who is asking
    texts, service = session.texts(), session.service()
    table = export.taken_from(results)
    with st.container(key="take_away"):
        parts.section(texts("maturity.take_away"))
        pulse = results.pack.id == "pulse"
        parts.note(texts("maturity.take_away_note_pulse" if pulse else "maturity.take_away_note"))
        with st.container(horizontal=True):
            st.download_button(
                texts("maturity.csv"),
                noted(lambda: export.result_csv(table, texts)),
                export.file_name(table, "csv"),
                "text/csv",
                on_click="ignore",
                key="csv",
            )
            st.download_button(
                texts("maturity.json"),
                noted(lambda: data_file(results, service)),
                export.file_name(table, "json"),
                "application/json",
                on_click="ignore",
                key="json",
            )
            to_documents()
            pressed = st.button(texts("maturity.print"), key="print")
    if pressed:
        print_page()


def noted(make: Callable[[], Content], count: int = 1) -> Callable[[], Content]:
    """What makes a file of the open engagement when it is asked for, and keeps in the audit log that it was."""
    # as for the making itself: outside the run nobody could tell who is asking
    service, opened = session.service(), session.engagement()

    def made() -> Content:
        if opened is not None:
            service.exported(opened.id, count)
        return make()

    return made


def to_documents() -> None:
    """A button to what is made for others to read, for who has the page."""
    if session.has_page("report") and st.button(session.texts()("documents.open"), key="to_documents"):
        session.go("report")


def as_text(name: str, note: str, content: str, file_name: str, edit: tuple[str, str]) -> None:
    """Draw what can be done with a page of words: change them, take them away as a text file, print them.

    name: of the widgets. edit: the button's label and the step it leads to, for who may change the words.
    """
    texts = session.texts()
    with st.container(key="take_away"):
        parts.note(note)
        with st.container(horizontal=True):
            if session.may("run"):
                label, step = edit
                st.button(label, key=f"{name}_edit", on_click=session.go_to_step, args=(step,))
            st.download_button(
                texts("sponsor_note.download"),
                noted(lambda: content),
                file_name,
                "text/plain",
                on_click="ignore",
                key=f"{name}_text",
            )
            to_documents()
            pressed = st.button(texts("maturity.print"), key="print")
    if pressed:
        print_page()


def print_page() -> None:
    """Let the browser print the page, from where it can be kept as PDF."""
    # the browser runs a script again only when it differs from the one before
    times = (session.kept("printed") or 0) + 1
    session.keep("printed", times)
    st.html(PRINT.format(nonce=times), unsafe_allow_javascript=True)


def data_file(results: Results, service: Service) -> bytes:
    """The result as a JSON file, with the recommendation and the weights it was made by where there is one."""
    advice = service.advice(results.engagement.id, results.wave.id)
    return export.result_json(export.taken_from(results, advice))
