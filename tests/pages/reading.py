"""Everything a page puts before a reader's eyes, and what must never be among it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from assessment.store import SqliteStore, sqlite_file
from assessment.texts import keys
from pages.ui import session
from tests.pages.conftest import words
from tests.pages.test_maturity import CODES, readable

# the parts of Streamlit's messages that are words; the others are ids, styles and states
_WORDS = {"label", "body", "help", "placeholder", "captions", "options", "content", "default_value", "value"}
_KEYS = frozenset(keys("nb"))


def everything(test: AppTest) -> str:
    """All words of page and menu: headings, text, labels, choices, captions, help and placeholders."""
    assert not test.exception, test.exception
    shown = [readable(text) for block in (test.main, test.sidebar) for text in _walk(block)]
    return "\n".join(shown)


def never_shown(test: AppTest, *ids: str) -> list[str]:
    """What of our inner language has leaked: codes, keys of texts, ids of records. Empty is right."""
    text = everything(test)
    # "None; each department ..." is English, as an answer of the packs has it
    found = [match.group() for match in CODES.finditer(text.replace("None; ", "").replace("None of ", ""))]
    found += [token for token in re.findall(r"[a-z_]+(?:\.\w+)+", text) if token in _KEYS]
    found += [mark for mark in ("Traceback", "Error(", "{", "}", *ids) if mark and mark in text]
    return found


def told(test: AppTest) -> str:
    """The page's alert: what went wrong, as a sentence; fails when there is none."""
    alerts = re.findall(r'role="alert">(.*?)</p>', words(test), re.S)
    assert alerts
    assert never_shown(test) == []
    return " ".join(alerts)


def spoil(database: Path) -> None:
    """Put something else where the database lay, as a careless backup might."""
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    database.write_text("Kjære dagbok, dette er ingen database. " * 40, encoding="utf-8")


@contextmanager
def kept_busy(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another program that holds the write lock: reading works and writing does not."""
    # nobody waits twenty seconds in a test
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_S", 0.05)
    SqliteStore(database).engagements()
    # the connections that the pages keep would go on with the patience they were opened with
    session.installation()._store.close()
    other = sqlite_file._connect(database)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def _walk(block: Any) -> Iterator[str]:
    if block is None:
        return
    proto = getattr(block, "proto", None)
    if isinstance(proto, Message):
        yield from _strings(proto)
    for child in getattr(block, "children", {}).values():
        yield from _walk(child)


def _strings(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        for one in values:
            if isinstance(one, Message):
                yield from _strings(one)
            elif isinstance(one, str) and field.name in _WORDS:
                yield one
