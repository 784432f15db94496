"""What is wrong with a file or a pasted table, all of it at once and in the reader's words."""

from typing import Final

import streamlit as st

from assessment.files import InputError, Problem
from assessment.wording import words
from pages.ui import parts, session

SHOWN: Final = 30


def show(heading: str, error: InputError) -> None:
    """Draw every problem. heading: key of the sentence that says how many there are."""
    texts, found = session.texts(), [p for p in error.problems if isinstance(p, Problem)]
    st.html(f'<p role="alert" class="sf-name">{parts.escape(texts.plural(heading, len(found)))}</p>')
    lines = [said(problem) for problem in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(texts("import.problems_more", n=texts.number(len(found) - SHOWN, 0)))
    parts.bullets(lines)
    parts.note(texts("import.problems_next"))


def said(problem: Problem) -> str:
    """The problem in the reader's words; what stands in the file is quoted, and nothing is said to be nothing."""
    texts, fields = session.texts(), dict(problem.fields)
    found = fields.get("found")
    if isinstance(found, str):
        fields["found"] = words.quoted(found) if found else texts("import.empty")
    sentence = texts(f"import.problem.{problem.key}", **fields)
    # a point may also be typed into a form, which has no rows
    return texts("import.row", row=fields["row"], words=sentence) if _of_a_point(problem) else sentence


def _of_a_point(problem: Problem) -> bool:
    return problem.key.startswith("point_") and "row" in problem.fields
