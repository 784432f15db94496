"""What the tables of a database hold, as counts and hashes that two copies of it have in common."""

import hashlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assessment.store._sqlite_utils import Database
from assessment.store.database import Database as AnyDatabase
from assessment.store.migrations import MIGRATIONS


class Fingerprint(BaseModel):
    """Rows of a table, and the SHA-256 of them all with the names of their columns."""

    model_config = ConfigDict(frozen=True)

    rows: int
    hash: str


def fingerprints(db: Database) -> dict[str, Fingerprint]:
    """Each table's, by name; SQLite's own tables left out."""
    return {name: fingerprint(db, name) for name in sorted(db.table_names()) if not name.startswith("sqlite_")}


def counts(db: Database) -> dict[str, int]:
    """Rows of each table, by name; SQLite's own tables left out."""
    return {name: db.table(name).count for name in sorted(db.table_names()) if not name.startswith("sqlite_")}


def applied(db: Database) -> list[str]:
    """The migrations a database has had, in their order."""
    return [migration.name for migration in MIGRATIONS.applied(db)]


def pending(db: Database) -> list[str]:
    """The migrations this program would apply to it, in their order."""
    return [migration.name for migration in MIGRATIONS.pending(db)]


def whole(db: Database) -> list[str]:
    """What SQLite finds wrong with the file and with references between rows, a line each; none when it is whole."""
    pages = [row[0] for row in db.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    references = db.execute("PRAGMA foreign_key_check").fetchall()
    return pages + [f"{table} refers to rows of {parent} that are not there" for table, _, parent, _ in references]


def connected(path: Path) -> Database:
    """The file as it is: nothing is made, migrated or switched to another journal."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=20, isolation_level=None)
    return Database(connection, recursive_triggers=False, execute_plugins=False)


def differing(told: Mapping[str, Fingerprint], found: Mapping[str, Fingerprint]) -> list[str]:
    """The tables that are not the same in both, by name."""
    return sorted(name for name in told.keys() | found.keys() if told.get(name) != found.get(name))


def fingerprint(db: AnyDatabase, name: str) -> Fingerprint:
    """Of one table; the same for the same rows in either kind of database."""
    table = db.table(name)
    order = ", ".join(f'"{column}"' for column in table.pks)  # "rowid" where a table has no key of its own
    names = list(table.columns_dict)
    digest, rows = hashlib.sha256(repr(names).encode()), 0
    columns = ", ".join(f'"{column}"' for column in names)
    sql = f'SELECT {columns} FROM "{name}" ORDER BY {order}'  # noqa: S608  names from the schema itself
    for row in getattr(db, "stream", db.execute)(sql):
        digest.update(repr(tuple(row)).encode())
        rows += 1
    return Fingerprint(rows=rows, hash=digest.hexdigest())
