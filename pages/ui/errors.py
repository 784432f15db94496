"""Errors of ours as sentences, and everything else as a reference number in the log."""

import logging
import secrets
import traceback
from collections.abc import Callable

import streamlit as st

from assessment.store.protocol import NotFound, StoreError
from pages.ui import parts, session

_log = logging.getLogger("salgsflyt")


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
        reference = secrets.token_hex(2).upper()
        # the kind and the lines of code, never the message: pydantic's repeats what somebody has typed
        lines = "".join(traceback.format_tb(error.__traceback__))
        _log.error("reference %s: %s\n%s", reference, type(error).__name__, lines)
        words = texts("error.unexpected", reference=reference)
    st.html(f'<p role="alert">{parts.escape(words)}</p>')
    if st.button(texts("error.to_start"), type="primary"):
        if isinstance(error, NotFound):  # not while drawing: the run that the click starts must still find the button
            session.forget_engagement()
        session.go("start")
