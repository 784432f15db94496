"""Errors of ours as sentences, and everything else as a reference number in the log."""

from collections.abc import Callable

import streamlit as st

from assessment import faults
from assessment.store.protocol import NotFound, StoreError
from pages.ui import parts, session


def sentence(error: StoreError) -> str:
    """What did not happen, what is safe and what to do, in the reader's language."""
    return session.texts()(f"error.{error.key}", **error.fields)


def guarded(what: str, write: Callable[[], object]) -> bool:
    """Write, remember a failure for the line below the widget it belongs to (`parts.saved`), and say if it went well.

    For callbacks: they run before the page, outside the shell's error boundary.
    """
    try:
        write()
    except StoreError as error:
        session.keep(f"unsaved_{what}", session.texts()("answer.not_saved", why=sentence(error)))
        session.renew_widgets()  # show what is on disk, and let the same choice be tried again
        return False
    session.drop(f"unsaved_{what}")
    return True


def show(error: Exception) -> None:
    """Draw an error in place of a page. What is not ours is logged with a reference number and shown as that number."""
    texts = session.texts()
    parts.title(texts("error.title"))
    if isinstance(error, StoreError):
        words = sentence(error)
    else:
        words = texts("error.unexpected", reference=faults.logged(error))
    st.html(f'<p role="alert">{parts.escape(words)}</p>')
    if st.button(texts("error.to_start"), type="primary"):
        if isinstance(error, NotFound):  # not while drawing: the run that the click starts must still find the button
            session.forget_engagement()
        session.go("start")
