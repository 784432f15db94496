"""How changes come into the history: triggers see every row, and whoever is behind the call is written beside it.

The triggers are of the connection (TEMP) and not of the file, because they call a function of ours: in the file they
would keep sqlite-utils, Datasette and every other program from writing to it, and stand in the way of migrations that
rebuild a table.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from weakref import WeakSet

from assessment.recording import ChangedRow, ChangeId, Recording, Row, current
from assessment.store._sqlite_utils import Database as SqliteDatabase
from assessment.store.database import Database

# What people decide and type. Never what respondents answer, nor who has access.
TRACKED: Final = (
    "criterion_settings",
    "readiness_answers",
    "mandates",
    "mandate_departments",
    "mandate_processes",
    "sponsor_notes",
    "kpis",
    "kpi_points",
    "processes",
    "stages",
    "pools",
    "stage_pools",
    "handoffs",
    "waste_rows",
    "findings",
    "diagnosis_signatures",
    "goals",
    "payback_lines",
    "payback_inputs",
    "payback_terms",
    "actions",
    "strategy_weights",
    "strategy_decisions",
    "training_briefs",
)
# Judged apart and blind to each other: until both are shown, not even the history knows (method §5.6).
BLIND: Final = ("class_consultant", "class_client")
SHOWN: Final = "classes_shown_at"
OWNER: Final = "engagement_id"

_KEEP_CHANGE: Final = """
    INSERT INTO changes (engagement_id, changed_at, actor, subject, undoes)
    SELECT id, ?, ?, ?, ? FROM engagements WHERE id = ? RETURNING id
"""
_KEEP_ROW: Final = "INSERT INTO changed_rows VALUES (?, ?, ?, ?, ?, ?)"

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode

# connections that have their triggers
_watched: WeakSet[SqliteDatabase] = WeakSet()


def prepare(db: SqliteDatabase) -> None:
    """Give a connection the function that the triggers call."""
    db.conn.create_function("noted", -1, _noted)


def begin(db: SqliteDatabase) -> None:
    """Before a transaction: see to it that what it changes is noted, if somebody is behind it."""
    recording = current()
    if recording is None:
        return
    if db not in _watched:
        _watch(db)
        _watched.add(db)
    recording.noted.clear()


def keep(db: Database) -> None:
    """At the end of a transaction: write in the history what it has changed."""
    recording = current()
    if recording is not None and recording.noted:
        _keep(db, recording)


def columns_of(db: Database, table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a table and those of its key, without the engagement; none for a table that is not there."""
    known = db.table(table)
    columns, key = tuple(known.columns_dict), known.pks
    return tuple(name for name in columns if name != OWNER), tuple(c for c in columns if c in key and c != OWNER)


def told(table: str, row: Row) -> Row:
    """What of a row may be kept and read by anybody who runs the engagement."""
    if table != "processes" or row.get(SHOWN) is not None:
        return row
    return {name: value for name, value in row.items() if name not in BLIND}


def _watch(db: SqliteDatabase) -> None:
    for table in TRACKED:
        columns, key = columns_of(db, table)
        if not columns:
            continue
        about = json.dumps([table, columns, key])
        old, new = (", ".join(f'{side}."{name}"' for name in columns) for side in ("OLD", "NEW"))
        for event, values in (("INSERT", new), ("UPDATE", f"{old}, {new}"), ("DELETE", old)):
            db.execute(
                f"CREATE TEMP TRIGGER noted_{event}_{table} AFTER {event} ON main.{table}"
                f" BEGIN SELECT noted('{event}', '{about}', {values}); END"
            )


def _noted(event: str, about: str, *values: Any) -> None:
    """Called by a trigger with the event, `about` as `_watch` wrote it, and the row before, after or both."""
    recording = current()
    if recording is None:
        return
    table, columns, key = _read(about)
    note(recording, event, table, columns, key, values)


def note(
    recording: Recording, event: str, table: str, columns: Sequence[str], key: Sequence[str], values: Sequence[Any]
) -> None:
    """Add a row to what is noted. values: the columns before and after, or one of them, as the event has them."""
    rows = [dict(zip(columns, values[i : i + len(columns)], strict=True)) for i in range(0, len(values), len(columns))]
    before = told(table, rows[0]) if event != "INSERT" else None
    after = told(table, rows[-1]) if event != "DELETE" else None
    if before is not None and after is not None:
        changed = [name for name in columns if before.get(name) != after.get(name)]
        if not changed:
            return
        before, after = ({name: row.get(name) for name in changed} for row in (before, after))
    recording.noted.append(ChangedRow(table, {name: rows[0][name] for name in key}, before, after))


@lru_cache(maxsize=256)
def _read(about: str) -> tuple[str, list[str], list[str]]:
    table, columns, key = json.loads(about)
    return table, columns, key


def _keep(db: Database, recording: Recording) -> None:
    execute = db.conn.execute  # with everything that is typed: sqlite-utils' own adds a tenth
    if recording.change_id is None:
        actor, at = recording.actor, recording.at.isoformat(timespec="microseconds")
        values = (at, actor.kind, actor.subject, recording.undoes, recording.engagement_id)
        made = execute(_KEEP_CHANGE, values).fetchall()
        if not made:  # an engagement that is erased takes its history with it
            return
        recording.change_id = ChangeId(made[0][0])
    rows = [
        (recording.change_id, position, row.table, _json(row.key), _json(row.before), _json(row.after))
        for position, row in enumerate(recording.noted, start=recording.kept)
    ]
    db.conn.executemany(_KEEP_ROW, rows)
    recording.kept += len(rows)
    if any(map(_lasts, recording.noted)):
        execute("UPDATE changes SET lasting = 1 WHERE id = ?", (recording.change_id,))


def _lasts(changed: ChangedRow) -> bool:
    """Whether it cannot be undone: what both sides have seen of each other, they cannot judge blind again."""
    seen = changed.before is not None and changed.after is not None and SHOWN in changed.after
    return changed.table == "processes" and seen


def _json(row: Mapping[str, Any] | None) -> str | None:
    return None if row is None else _encode(row)
