"""Whose language the words are in: that of who looks at a page, or that of a document being written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from assessment.packs import Language
from assessment.texts import Texts
from assessment.texts import texts as texts_of

_written: ContextVar[Language | None] = ContextVar("written", default=None)
_asks: list[Callable[[], Language]] = []


def asked_by(language: Callable[[], Language]) -> None:
    """Let this tell the language of whoever looks at a page, from now on."""
    _asks[:] = [language]


@contextmanager
def writing(language: Language) -> Iterator[None]:
    """Write in a language inside, whoever looks on: a document has its own."""
    before = _written.set(language)
    try:
        yield
    finally:
        _written.reset(before)


def language() -> Language:
    """The language of the document being written, or of who looks at the page.

    Raises: LookupError where there is neither.
    """
    written = _written.get()
    if written is not None:
        return written
    if not _asks:
        raise LookupError("nobody reads")
    return _asks[-1]()


def texts() -> Texts:
    """The words in that language."""
    return texts_of(language())
