"""A document before it is taken away: its pages as pictures, what its slides say, the first rows of its sheets."""

from base64 import b64encode
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from assessment.report.documents import Order
from assessment.report.preview import Page, Preview, Sheet, Slide
from pages.ui import parts, session


def draw(order: Order, shown: Preview) -> None:
    """Draw what there is to see of a document."""
    if pages := [part for part in shown if isinstance(part, Page)]:
        _page(order, pages)
    if slides := [part for part in shown if isinstance(part, Slide)]:
        _slides(order, slides)
    if sheets := [part for part in shown if isinstance(part, Sheet)]:
        _sheet(order, sheets)


def _page(order: Order, pages: Sequence[Page]) -> None:
    texts, slot = session.texts(), f"page_of_{order.document}"
    at = min(session.kept(slot) or 0, len(pages) - 1)
    named = {"page": texts.number(at + 1, 0), "of": texts.number(len(pages), 0)}
    with st.container(key="paging", horizontal=True, vertical_alignment="center"):
        _turn("documents.page_before", slot, at - 1, at == 0)
        _turn("documents.page_after", slot, at + 1, at == len(pages) - 1)
        st.html(f'<p class="sf-note" role="status">{parts.escape(texts("documents.page_of", **named))}</p>')
    alt, source = texts("documents.page_alt", **named), b64encode(pages[at].picture).decode()
    st.html(f'<img class="sf-paper" alt="{parts.escape(alt)}" src="data:image/png;base64,{source}">')
    with st.expander(texts("documents.page_text")):
        lines = "<br>".join(parts.escape(line) for line in pages[at].text.splitlines())
        st.html(f'<p lang="{order.language}">{lines}</p>')


def _turn(key: str, slot: str, to: int, at_the_end: bool) -> None:
    st.button(session.texts()(key), key=key, disabled=at_the_end, on_click=session.keep, args=(slot, to))


def _slides(order: Order, slides: Sequence[Slide]) -> None:
    texts = session.texts()
    parts.note(texts("documents.slides_note"))
    lines = [f"<li><b>{parts.escape(s.title)}</b><br>{'<br>'.join(map(parts.escape, _lines(s)))}</li>" for s in slides]
    st.html(f'<ol class="sf-list" lang="{order.language}">{"".join(lines)}</ol>')


def _lines(slide: Slide) -> list[str]:
    return [line for line in slide.notes.splitlines() if line.strip()]


def _sheet(order: Order, sheets: Sequence[Sheet]) -> None:
    texts, labels = session.texts(), {at: sheet.name for at, sheet in enumerate(sheets, start=1)}
    at = parts.choice(st.selectbox, f"sheet_of_{order.document}", texts("documents.sheet"), labels, first=1)
    sheet = sheets[at - 1]
    for line in sheet.above:
        parts.note(line)
    parts.table(pd.DataFrame(list(sheet.rows), columns=list(sheet.head)))
    if sheet.of > len(sheet.rows):
        shown, of = texts.number(len(sheet.rows), 0), texts.number(sheet.of, 0)
        parts.note(texts("documents.sheet_rows", shown=shown, of=of))
