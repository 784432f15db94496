"""What the areas' SQL is written against: the part of sqlite-utils' interface that both databases offer.

SQL is written once, with `?` for values, and in words that SQLite and PostgreSQL share. Where they do not share a
word, PostgreSQL's side translates it (`postgres_connection.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]


class ConstraintError(Exception):
    """A constraint of the tables refuses a row. taken: because there is one with the same key."""

    def __init__(self, words: str, *, taken: bool) -> None:
        super().__init__(words)
        self.taken = taken


class Cursor(Protocol):
    """The rows of one statement, as tuples."""

    @property
    def description(self) -> Any:
        """A sequence for each column, its name first."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement has changed."""

    def fetchone(self) -> Any:
        """The next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left, one after the other."""


class Connection(Protocol):
    """What lies under a `Database`, for statements that are made very often."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Make a statement."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Make a statement once for each of these values."""


class Table(Protocol):
    """A table by its name. A key is a value, or a tuple of values in the order of the key's columns."""

    @property
    def columns_dict(self) -> Mapping[str, type]:
        """The Python type of each column, by name and in order; empty for a table that is not there."""

    @property
    def pks(self) -> list[str]:
        """The names of the key's columns."""

    def insert(self, row: dict[str, Any], /) -> object:
        """Add a row."""

    def insert_all(self, rows: Iterable[dict[str, Any]], /) -> object:
        """Add rows of the same columns."""

    def upsert(self, row: dict[str, Any], /, *, pk: Any) -> object:
        """Add a row, or replace these columns of the one with the same key."""

    def upsert_all(self, rows: Iterable[dict[str, Any]], /, *, pk: Any) -> object:
        """The same with each row."""

    def update(self, key: Any, fields: dict[str, Any], /) -> object:
        """Replace these columns of the row with this key."""

    def delete(self, key: Any, /) -> object:
        """Take out the row with this key."""

    def delete_where(self, where: str, values: Sequence[Any], /) -> object:
        """Take out every row of which this is true."""


class Database(Protocol):
    """A connection, inside a transaction."""

    @property
    def conn(self) -> Connection:
        """The connection itself."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Make a statement. Raises: ConstraintError, or sqlite3.IntegrityError."""

    def table(self, name: str, /) -> Table:
        """A table."""
