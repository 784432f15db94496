"""What an upgrade would do to the SQLite database, tried on a copy of it."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assessment.files import InputError
from assessment.store.fingerprints import applied, connected, counts, pending, whole
from assessment.store.sqlite_file import KNOWN_MIGRATIONS, SqliteFile


@dataclass(frozen=True)
class Upgrade:
    """What migrating does. steps: migrations, in order. before, after: rows by table. wrong: what it leaves broken."""

    steps: list[str]
    before: dict[str, int]
    after: dict[str, int]
    wrong: list[str]


def rehearse(database: Path) -> Upgrade:
    """Migrate a copy made for the purpose beside the database; the database itself is read only.

    Raises: NewerDatabase, NotADatabase, Unwritable, InputError when a migration fails on what it finds.
    """
    with _in_words(database), tempfile.TemporaryDirectory(dir=database.absolute().parent, prefix=".upgrade.") as beside:
        copy = Path(beside, database.name)
        copy.touch(0o600)
        with closing(connected(database)) as source, closing(connected(copy)) as target:
            source.conn.backup(target.conn)
            steps, before = pending(target), counts(target)
        migrated = SqliteFile(copy)
        migrated.prepare()
        migrated.close()
        with closing(connected(copy)) as target:
            return Upgrade(steps, before, counts(target), whole(target))


def upgrade(database: Path) -> Upgrade:
    """Migrate the database, in one transaction. Raises: as `rehearse`."""
    with _in_words(database):
        with closing(connected(database)) as db:
            steps, before = pending(db), counts(db)
        migrated = SqliteFile(database)
        migrated.prepare()
        migrated.close()
        with closing(connected(database)) as db:
            return Upgrade(steps, before, counts(db), whole(db))


def newer_than_program(database: Path) -> list[str]:
    """The migrations of a database that this program does not know; none for a file that is not there yet."""
    if not database.is_file() or not database.stat().st_size:
        return []
    try:
        with closing(connected(database)) as db:
            return sorted(set(applied(db)) - KNOWN_MIGRATIONS)
    except sqlite3.Error:  # locked, or no database at all: every page says which, in the reader's words
        return []


def steps_left(database: Path) -> list[str]:
    """The migrations that a database has not had; all of them for a file that is no database of ours."""
    with _in_words(database), closing(connected(database)) as db:
        return pending(db)


@contextmanager
def _in_words(database: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise InputError([f"{database}: cannot be migrated ({error}); it is as it was"]) from error
