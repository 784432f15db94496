"""What every area of tables shares: transactions, what may be written to, and records as rows."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from typing import Any, Final

from pydantic import BaseModel

from assessment.engagement import EngagementId
from assessment.recording import current
from assessment.store.database import ConstraintError, Database
from assessment.store.protocol import AlreadyThere, Closed, Gone, Kind, NotFound

_TAKEN: Final = {sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE}


class Tables:
    """What the areas are written on; a database of one kind says how it reads and writes.

    Two writers never decide on what the other is changing: a write begins with `_open_engagement`, which holds the
    engagement's row until the end of the transaction, and reads what it decides on after that.
    """

    _clock: Callable[[], datetime]
    _joined: threading.local  # .db: the connection of the transaction that this thread is inside

    def _reading(self) -> AbstractContextManager[Database]:
        """A transaction that sees one state of the database throughout."""
        raise NotImplementedError

    def _writing(self) -> AbstractContextManager[Database]:
        """A transaction that is kept, durably, or leaves nothing."""
        raise NotImplementedError

    def _went_in(self, db: Database) -> None:
        """Go on counting after rows that have been put in with numbers of their own."""

    def _empty_log(self) -> None:
        """Overwrite what the database's log still holds of erased rows, where that can be done."""
        raise NotImplementedError

    def _leave_nothing(self) -> None:
        """Give back the room of a whole engagement that was erased, and take what may lie between rows."""
        raise NotImplementedError

    def _references(self, db: Database) -> list[tuple[str, str, str, str, str]]:
        """Each column that refers to another table: table, name of the reference, other table, own and other column."""
        raise NotImplementedError

    @contextmanager
    def together(self) -> Iterator[None]:
        with self._writing() as db:
            self._joined.db = db
            try:
                yield
            finally:
                self._joined.db = None

    # What may be written to, and that it has been

    def _open_engagement(self, db: Database, engagement_id: str) -> None:
        """Count a write to the engagement, or raise why there can be none."""
        counted = db.execute(
            "UPDATE engagements SET revision = revision + 1, changed_on = ? WHERE id = ? AND deleted_at IS NULL",
            [self._today(), engagement_id],
        )
        if counted.rowcount == 0:
            refuse_deleted(one_row(db, "engagement", engagement_id))
        if recording := current():
            recording.engagement_id = engagement_id

    def _open_wave(self, db: Database, wave_id: str) -> None:
        self._open_engagement(db, one_row(db, "wave", wave_id)["engagement_id"])
        if one_row(db, "wave", wave_id)["closed_at"] is not None:
            raise Closed("wave", wave_id)

    def _open_response(self, db: Database, response_id: str) -> None:
        self._open_wave(db, one_row(db, "response", response_id)["wave_id"])

    def _owned(self, table: str, engagement_id: EngagementId, order: str) -> list[dict[str, Any]]:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            sql = f"SELECT * FROM {table} WHERE engagement_id = ? ORDER BY {order}"  # noqa: S608  names of ours
            return all_rows(db, sql, [engagement_id])

    def _today(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()


# Rows and records

_BY_ID: Final[Mapping[Kind, str]] = {
    "engagement": "SELECT * FROM engagements WHERE id = ?",
    "wave": "SELECT * FROM waves WHERE id = ?",
    "response": "SELECT * FROM responses WHERE id = ?",
    "link": "SELECT * FROM links WHERE id = ?",
}


def one_row(db: Database, kind: Kind, id_: str) -> dict[str, Any]:
    found = all_rows(db, _BY_ID[kind], [id_])
    if not found:
        raise NotFound(kind, id_)
    return found[0]


def owned_row(db: Database, table: str, kind: Kind, engagement_id: str, id_: str) -> dict[str, Any]:
    """A row of a table, if it is the engagement's. Raises: Gone."""
    found = all_rows(db, f"SELECT * FROM {table} WHERE id = ? AND engagement_id = ?", [id_, engagement_id])  # noqa: S608
    if not found:
        raise Gone(kind, id_)
    return found[0]


def change_row(db: Database, table: str, told: BaseModel, id_: str, fields: Mapping[str, object]) -> None:
    """Replace these fields of a record's row, checked as a whole. Raises: pydantic's ValueError."""
    changed = row_of(type(told).model_validate({**told.model_dump(), **fields}))
    db.table(table).update(id_, {name: changed[name] for name in fields})


def all_rows(db: Database, sql: str, parameters: Sequence[object]) -> list[dict[str, Any]]:
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def unless_taken(kind: Kind, id_: str) -> Iterator[None]:
    """Say so when what is inserted inside is there already."""
    try:
        yield
    except ConstraintError as error:
        if error.taken:
            raise AlreadyThere(kind, id_) from error
        raise
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode in _TAKEN:
            raise AlreadyThere(kind, id_) from error
        raise


def insert_row(db: Database, table: str, row: dict[str, Any], kind: Kind, id_: str) -> None:
    with unless_taken(kind, id_):
        db.table(table).insert(row)


def refuse_deleted(row: Mapping[str, Any]) -> None:
    if row["deleted_at"] is not None:
        raise Closed("engagement", row["id"])


def row_of(record: BaseModel, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The record's fields as a database keeps them: times as text that sorts, flags as 0 and 1."""
    return {name: _plain(value) for name, value in record if name not in leave_out}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a time needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
