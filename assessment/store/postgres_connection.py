"""A PostgreSQL connection as the areas' SQL sees it (`database.py`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, cast

import psycopg

from assessment.store.database import ConstraintError, Cursor, Row
from assessment.store.postgres_migrations import ROWID

_TYPES: Final[Mapping[str, type]] = {"text": str, "bigint": int, "double precision": float, "bytea": bytes}
_COLUMNS: Final = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position
"""
_KEY: Final = """
    SELECT column_name FROM information_schema.key_column_usage AS used
    JOIN information_schema.table_constraints AS held USING (constraint_schema, constraint_name)
    WHERE used.table_schema = current_schema() AND used.table_name = ? AND constraint_type = 'PRIMARY KEY'
        AND held.table_name = used.table_name
    ORDER BY used.ordinal_position
"""
_AT_ONCE: Final = 1000

Shapes = dict[str, tuple[dict[str, type], list[str]]]


class PostgresDatabase:
    """One connection, inside a transaction. shapes: what is known of the tables, by name, for all connections."""

    def __init__(self, connection: psycopg.Connection, shapes: Shapes) -> None:
        self.connection, self._shapes = connection, shapes

    @property
    def conn(self) -> "PostgresDatabase":
        """Itself: nothing faster lies under it."""
        return self

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Make a statement. Raises: ConstraintError, psycopg.Error."""
        with _refusals():
            return cast(Cursor, self.connection.execute(_translated(sql), parameters))

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Make a statement once for each of these values, without waiting for each."""
        if given := list(rows):
            with _refusals():
                self.connection.cursor().executemany(_translated(sql), given)

    def stream(self, sql: str, /) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, however many, without having them all in memory."""
        with self.connection.cursor(name="stream") as cursor:
            cursor.itersize = _AT_ONCE
            yield from cursor.execute(_translated(sql))

    def table(self, name: str, /) -> "PostgresTable":
        """A table."""
        return PostgresTable(self, name)

    def shape(self, name: str) -> tuple[dict[str, type], list[str]]:
        """The types of a table's columns and the names of its key's, asked once."""
        if name not in self._shapes:
            found = self.execute(_COLUMNS, [name]).fetchall()
            columns = {column: _TYPES.get(kind, str) for column, kind in found if column != ROWID}
            self._shapes[name] = columns, [column for (column,) in self.execute(_KEY, [name]).fetchall()]
        return self._shapes[name]


class PostgresTable:
    """A table by its name."""

    def __init__(self, db: PostgresDatabase, name: str) -> None:
        self._db, self.name = db, name

    @property
    def columns_dict(self) -> Mapping[str, type]:
        """The Python type of each column, but for the order in which rows came."""
        return self._db.shape(self.name)[0]

    @property
    def pks(self) -> list[str]:
        """The names of the key's columns."""
        return self._db.shape(self.name)[1]

    def insert(self, row: Row, /) -> None:
        """Add a row."""
        self._db.execute(_insert(self.name, tuple(row)), list(row.values()))

    def insert_all(self, rows: Iterable[Row], /) -> None:
        """Add rows of the same columns."""
        self._each(list(rows), "")

    def upsert(self, row: Row, /, *, pk: str | Sequence[str]) -> None:
        """Add a row, or replace these columns of the one with the same key."""
        self.upsert_all([row], pk=pk)

    def upsert_all(self, rows: Iterable[Row], /, *, pk: str | Sequence[str]) -> None:
        """The same with each row."""
        given = list(rows)
        key = (pk,) if isinstance(pk, str) else tuple(pk)
        new = ", ".join(f'"{name}" = excluded."{name}"' for name in (given[0] if given else ()) if name not in key)
        self._each(given, f" ON CONFLICT ({_listed(key)}) DO {f'UPDATE SET {new}' if new else 'NOTHING'}")

    def update(self, key: Any, fields: Row, /) -> None:
        """Replace these columns of the row with this key."""
        if fields:
            new = ", ".join(f'"{name}" = ?' for name in fields)
            sql = f'UPDATE "{self.name}" SET {new} WHERE {self._is_key()}'  # noqa: S608  names of ours
            self._db.execute(sql, [*fields.values(), *_values(key)])

    def delete(self, key: Any, /) -> None:
        """Take out the row with this key."""
        self.delete_where(self._is_key(), _values(key))

    def delete_where(self, where: str, values: Sequence[Any], /) -> None:
        """Take out every row of which this is true."""
        self._db.execute(f'DELETE FROM "{self.name}" WHERE {where}', values)  # noqa: S608

    def _is_key(self) -> str:
        return " AND ".join(f'"{name}" = ?' for name in self.pks)

    def _each(self, rows: Sequence[Row], conflict: str) -> None:
        if rows:
            sql = _insert(self.name, tuple(rows[0])) + conflict
            self._db.executemany(sql, [list(row.values()) for row in rows])


@lru_cache(maxsize=1024)
def _translated(sql: str) -> bytes:
    """The areas' SQL in PostgreSQL's words; bytes, since psycopg's typing takes those for a statement made here."""
    return sql.replace("%", "%%").replace("?", "%s").replace("group_concat(", "string_agg(").encode()


@lru_cache(maxsize=512)
def _insert(table: str, columns: tuple[str, ...]) -> str:
    places = ", ".join("?" * len(columns))
    return f'INSERT INTO "{table}" ({_listed(columns)}) VALUES ({places})'  # noqa: S608


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _values(key: Any) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.IntegrityError as error:
        raise ConstraintError(str(error), taken=isinstance(error, psycopg.errors.UniqueViolation)) from error
    except psycopg.DataError as error:
        if error.sqlstate is None:  # the driver's own word for a NUL in a text, which SQLite keeps
            raise ValueError(str(error)) from error
        raise
