"""The store in a PostgreSQL database."""

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from assessment.recording import Recording, current
from assessment.store.postgres_server import PostgresServer
from assessment.store.protocol import Overloaded, Unreachable
from assessment.store.records import Records

_Store = TypeVar("_Store", bound=type)
# Making it twice leaves what making it once does, but for the seconds on a page, which may then count double.
_SAME: Final = frozenset({"save_all", "save_answers", "cast_votes", "join_room"})


def _again(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The call made once more when the server was lost or changed in the middle of it.

    A read, or a write that has surely left nothing; where a commit's answer was lost, only what may be done twice.
    """

    @functools.wraps(call)
    def tried(store: PostgresServer, *arguments: Any, **named: Any) -> Any:
        if getattr(store._joined, "db", None) is not None:  # a part of a transaction is not made again alone
            return call(store, *arguments, **named)
        given = [list(argument) if isinstance(argument, Iterator) else argument for argument in arguments]
        recording = current()
        before = _kept(recording)
        try:
            return call(store, *given, **named)
        except (Unreachable, Overloaded) as lost:
            if lost.again != "any" and not (lost.again == "same" and name in _SAME):
                raise
        if recording is not None:
            recording.engagement_id, recording.change_id, recording.kept, recording.undoes = before
        return call(store, *given, **named)

    return tried


def _kept(recording: Recording | None) -> tuple[Any, ...]:
    if recording is None:
        return ()
    return recording.engagement_id, recording.change_id, recording.kept, recording.undoes


def _tried_again(store: _Store) -> _Store:
    for name, call in inspect.getmembers(Records, inspect.isfunction):
        if not name.startswith("_") and name != "together":
            setattr(store, name, _again(name, call))
    return store


@_tried_again
class PostgresStore(Records, PostgresServer):
    """`Store` in a PostgreSQL database."""
