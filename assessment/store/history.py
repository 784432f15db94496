"""The tables of the history, and how a change is taken back."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from assessment.engagement import EngagementId
from assessment.recording import Change, ChangedRow, ChangeId, Row, current
from assessment.store.database import ConstraintError, Database
from assessment.store.protocol import ChangedSince
from assessment.store.tables import Tables, all_rows, one_row
from assessment.store.watch import BLIND, OWNER, TRACKED, columns_of, told

_CHANGES: Final = "SELECT * FROM changes WHERE engagement_id = ?{} ORDER BY id DESC LIMIT ? OFFSET ?"
_COUNT: Final = "SELECT count(*) FROM changes WHERE engagement_id = ?{}"
_WITH_ROWS_OF: Final = " AND id IN (SELECT change_id FROM changed_rows WHERE table_name IN ({}))"
_TABLES: Final = """
    SELECT DISTINCT table_name FROM changed_rows JOIN changes ON changes.id = change_id WHERE engagement_id = ?
"""
_TO_UNDO: Final = """
    SELECT * FROM changes WHERE engagement_id = ? AND undoes IS NULL AND undone = 0 AND lasting = 0
    ORDER BY id DESC LIMIT 1
"""
# the latest undoing that still holds, while nothing else has been changed after it
_TO_REDO: Final = """
    SELECT undoing.* FROM changes AS undoing JOIN changes AS undone_one ON undone_one.id = undoing.undoes
    WHERE undoing.engagement_id = ? AND undone_one.undoes IS NULL AND undoing.undone = 0 AND undoing.id > (
        SELECT coalesce(max(id), 0) FROM changes AS made
        WHERE made.engagement_id = undoing.engagement_id AND made.undoes IS NULL
    ) ORDER BY undoing.id DESC LIMIT 1
"""
_LAST_SEEN: Final = """
    SELECT table_name, row_key, before FROM changed_rows JOIN changes ON changes.id = change_id
    WHERE engagement_id = ? AND after IS NULL AND table_name IN ({})
    ORDER BY change_id, position
"""


class HistoryTables(Tables):
    """The part of `Store` that tells what has been changed, and takes it back."""

    def changes(
        self, engagement_id: EngagementId, tables: Sequence[str] | None = None, *, limit: int, offset: int = 0
    ) -> Sequence[Change]:
        sql, asked = _of_tables(_CHANGES, engagement_id, tables)
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return [_change(db, row) for row in all_rows(db, sql, [*asked, limit, offset])]

    def count_changes(self, engagement_id: EngagementId, tables: Sequence[str] | None = None) -> int:
        sql, asked = _of_tables(_COUNT, engagement_id, tables)
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            counted = db.execute(sql, asked).fetchone()
        return int(counted[0])

    def changed_tables(self, engagement_id: EngagementId) -> frozenset[str]:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return frozenset(name for (name,) in db.execute(_TABLES, [engagement_id]).fetchall())

    def to_undo(self, engagement_id: EngagementId) -> Change | None:
        return self._next(_TO_UNDO, engagement_id)

    def to_redo(self, engagement_id: EngagementId) -> Change | None:
        return self._next(_TO_REDO, engagement_id)

    def undo_change(self, engagement_id: EngagementId, change_id: ChangeId) -> None:
        recording = current()
        if recording is None:
            raise ValueError("somebody undoes a change")
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            offered = [row for sql in (_TO_UNDO, _TO_REDO) for row in all_rows(db, sql, [engagement_id])]
            row = next((row for row in offered if row["id"] == change_id), None)
            if row is None:
                raise ChangedSince("change", str(change_id))
            recording.undoes = change_id
            for changed in reversed(_change(db, row).rows):
                _take_back(db, engagement_id, change_id, changed)
            db.execute("UPDATE changes SET undone = 1 WHERE id = ?", [change_id])
            db.execute("UPDATE changes SET undone = 0 WHERE id = ?", [row["undoes"]])

    def rows_behind(
        self, engagement_id: EngagementId, tables: Sequence[str]
    ) -> Mapping[str, Mapping[tuple[Any, ...], Row]]:
        last_seen = _LAST_SEEN.format(_places(tables))
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            found: dict[str, dict[tuple[Any, ...], Row]] = {table: {} for table in tables}
            for table, key, before in db.execute(last_seen, [engagement_id, *tables]).fetchall():
                found[table][tuple(json.loads(key).values())] = json.loads(before)
            for table in tables:
                columns, key = columns_of(db, table)
                sql = f"SELECT {', '.join(map(_quoted, columns))} FROM {table} WHERE {OWNER} = ?"  # noqa: S608
                for row in all_rows(db, sql, [engagement_id]):
                    found[table][tuple(row[name] for name in key)] = told(table, row)
        return found

    def _next(self, sql: str, engagement_id: EngagementId) -> Change | None:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            found = all_rows(db, sql, [engagement_id])
            return _change(db, found[0]) if found else None


def _of_tables(sql: str, engagement_id: str, tables: Sequence[str] | None) -> tuple[str, list[object]]:
    """The statement for all changes, or for those with a row of one of these tables, and its first values."""
    if tables is None:
        return sql.format(""), [engagement_id]
    return sql.format(_WITH_ROWS_OF.format(_places(tables))), [engagement_id, *tables]


def _places(tables: Sequence[str]) -> str:
    if not set(tables) <= set(TRACKED):
        raise ValueError("only tracked tables have a history")
    return ", ".join("?" * len(tables)) or "NULL"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _change(db: Database, row: Mapping[str, Any]) -> Change:
    rows = db.execute(
        "SELECT table_name, row_key, before, after FROM changed_rows WHERE change_id = ? ORDER BY position", [row["id"]]
    )
    return Change(
        id=ChangeId(row["id"]),
        at=datetime.fromisoformat(row["changed_at"]),
        actor=row["actor"],
        subject=row["subject"],
        undoes=row["undoes"],
        undone=bool(row["undone"]),
        lasting=bool(row["lasting"]),
        rows=tuple(
            ChangedRow(table, json.loads(key), _read(before), _read(after))
            for table, key, before, after in rows.fetchall()
        ),
    )


def _read(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)


def _take_back(db: Database, engagement_id: str, change_id: ChangeId, changed: ChangedRow) -> None:
    """Let a row be as before a change. Raises: ChangedSince when it is not as the change left it."""
    columns, _ = columns_of(db, changed.table)
    owner = {OWNER: engagement_id} if OWNER in db.table(changed.table).columns_dict else {}
    where = " AND ".join(f'"{name}" = ?' for name in (*owner, *changed.key))
    key = [*owner.values(), *changed.key.values()]
    now = all_rows(db, f"SELECT * FROM {changed.table} WHERE {where}", key)  # noqa: S608
    if not _as_left(now, changed) or not set(changed.before or changed.after or ()) <= set(columns):
        raise ChangedSince("change", str(change_id))
    try:
        if changed.before is None:
            db.execute(f"DELETE FROM {changed.table} WHERE {where}", key)  # noqa: S608
        elif changed.after is None:
            db.table(changed.table).insert({**owner, **changed.before})
        else:
            given = ", ".join(f'"{name}" = ?' for name in changed.before)
            db.execute(f"UPDATE {changed.table} SET {given} WHERE {where}", [*changed.before.values(), *key])  # noqa: S608
    except (ConstraintError, sqlite3.IntegrityError) as error:
        # what it belongs to has gone, or another has taken its place
        raise ChangedSince("change", str(change_id)) from error


def _as_left(now: Sequence[Row], changed: ChangedRow) -> bool:
    if changed.after is None:
        return not now
    # a row that is taken out takes with it what has been judged of it since, and that is nowhere else
    judged = changed.before is None and any(now and now[0].get(name) and name not in changed.after for name in BLIND)
    return bool(now) and not judged and all(now[0].get(name) == value for name, value in changed.after.items())
