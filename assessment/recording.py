"""Who is changing something, told from the guard down to the store past every use case between them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NewType

from assessment.actor import Actor

ChangeId = NewType("ChangeId", int)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class ChangedRow:
    """A row of a change: the columns that changed.

    before is None for a row that was not there, after for one that was taken out; the other is then the whole row.
    """

    table: str
    key: Row
    before: Row | None
    after: Row | None


@dataclass(frozen=True)
class Change:
    """What one call has changed, its rows in the order it happened; who did it, and when.

    actor: how they came in. subject: the name they signed in with. undoes: the change that this one took back.
    undone: taken back. lasting: cannot be.
    """

    id: ChangeId
    at: datetime
    actor: Literal["local", "key", "oidc", "link"]
    subject: str | None
    undoes: ChangeId | None
    undone: bool
    lasting: bool
    rows: tuple[ChangedRow, ...]


@dataclass
class Recording:
    """One call of a use case that may change something; the store fills it in.

    noted: what the open transaction has changed. engagement_id: whose it is. change_id: where it is kept, with how many
    rows, once a transaction of the call has changed anything. undoes: the change it takes back.
    """

    actor: Actor
    at: datetime
    engagement_id: str | None = None
    noted: list[ChangedRow] = field(default_factory=list)
    change_id: ChangeId | None = None
    kept: int = 0
    undoes: ChangeId | None = None


_current: ContextVar[Recording | None] = ContextVar("recording", default=None)


def current() -> Recording | None:
    """The call that is being kept in the history; None where nobody is behind it, as when the example is made."""
    return _current.get()


@contextmanager
def recording(actor: Actor, at: datetime) -> Iterator[None]:
    """Keep in the history, as this actor's at this time, what is changed inside."""
    before = _current.set(Recording(actor, at))
    try:
        yield
    finally:
        _current.reset(before)
