"""Opening an assessment that was handed over in a file."""

import streamlit as st

from assessment.engagement import HANDOVER_BYTES_MAX
from assessment.files import InputError
from pages.ui import parts, session

SHOWN = 10


def offer() -> None:
    """Take a hand-over file and open what it holds, or say why it cannot be."""
    texts = session.texts()
    with st.expander(texts("begin.handed")):
        parts.note(texts("begin.handed_note"))
        size = HANDOVER_BYTES_MAX // 1_000_000
        file = st.file_uploader(
            texts("begin.handed_file", size=texts.number(size, 0)),
            type=["json"],
            max_upload_size=size,
            key="begin_handed_file",
        )
        if file is not None and st.button(texts("begin.handed_open"), type="primary", key="begin_handed_open"):
            _open(file.getvalue())


def _open(content: bytes) -> None:
    from assessment.report.handover import HandOvers  # checks every record anew: only who opens one waits for that

    texts = session.texts()
    try:
        with st.spinner(texts("begin.handed_opening")):
            made = session.service().beside(HandOvers).open_handover(content)
    except InputError as error:
        found = [str(problem) for problem in error.problems]
        st.html(f'<p role="alert">{parts.escape(texts("begin.handed_refused"))}</p>')
        # for whoever made the file, who reads its schema too
        shown = "".join(f"<li>{parts.escape(problem)}</li>" for problem in found[:SHOWN])
        st.html(
            f"<details><summary>{parts.escape(texts('begin.handed_why'))}</summary><ul lang='en'>{shown}</ul></details>"
        )
        return
    session.open_engagement(made, "maturity")
