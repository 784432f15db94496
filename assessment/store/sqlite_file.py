"""One SQLite file for any number of threads and processes: connections and transactions."""

import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from assessment.store import watch
from assessment.store._sqlite_utils import Database
from assessment.store.database import Database as AnyDatabase
from assessment.store.migrations import MIGRATIONS
from assessment.store.protocol import (
    Busy,
    Damaged,
    NewerDatabase,
    NotADatabase,
    StoreError,
    Unwritable,
)
from assessment.store.tables import Tables

# Longer than any of our transactions by far; a page that has waited this long is better off with an error.
BUSY_TIMEOUT_S: Final = 20.0
# More threads than this at the same moment open connections of their own and close them again.
_IDLE_MAX: Final = 8
_UNWRITABLE: Final = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
}

_REFERENCES: Final = """
    SELECT tables.name, refers.id, refers."table", refers."from", refers."to"
    FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS refers
    WHERE tables.type = 'table' ORDER BY tables.name, refers.id, refers.seq
"""

# One at a time in a process: closing a file of ours drops every lock that SQLite holds on it in this process.
_preparing = threading.Lock()
# Connections inherited through fork() must not even be closed in the child, so they are kept from the collector.
_inherited: list["_Connections"] = []

KNOWN_MIGRATIONS: Final = frozenset(migration.name for migration in MIGRATIONS.pending(Database(memory=True)))


class _Connections:
    """Idle connections to one file, for one process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = _identity(path)
        self.process = os.getpid()
        self._idle: deque[Database] = deque()  # its append and pop need no lock, so no fork can inherit one held

    def current(self) -> bool:
        """Whether the path still leads to the file these belong to, in the process that opened them."""
        return self.process == os.getpid() and self.file == _identity(self.path)

    def take(self) -> Database:
        try:
            return self._idle.pop()
        except IndexError:
            return _connect(self.path)

    def give_back(self, db: Database) -> None:
        if len(self._idle) < _IDLE_MAX:
            self._idle.append(db)
        else:
            db.close()

    def close(self) -> None:
        while True:
            try:
                self._idle.pop().close()
            except IndexError:
                return


class SqliteFile(Tables):
    """A SQLite file, made with its folder at the first call and then the owner's alone (0600).

    A call borrows a connection for its own use, so calls from any thread may overlap; a call opens one only when none
    is idle, as opening costs ten times what saving an answer does. If the file is replaced or the process forks, the
    next call opens anew. Migrations run at the first call of a process, once, however many processes start together.

    path: the file. clock: tells the day of a change.

    Raises, from any call: Unwritable, NotADatabase, Damaged, NewerDatabase, Busy.
    """

    def __init__(self, path: Path | str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = Path(path).absolute()
        self._clock = clock
        self._connections: _Connections | None = None
        self._joined = threading.local()  # .db: the connection of the transaction that this thread is inside

    def prepare(self) -> None:
        """Make the file if need be and bring its tables up to date, as the first call would."""
        with self._connection():
            pass

    def close(self) -> None:
        if self._connections is not None and self._connections.process == os.getpid():
            self._connections.close()

    def _empty_log(self) -> None:
        """Overwrite what the write-ahead log still holds; if somebody is reading, the next checkpoint does."""
        with self._connection() as db:
            # it keeps writers out while it waits for readers, so it must not wait for long
            db.execute("PRAGMA busy_timeout = 200").fetchall()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}").fetchall()

    def _leave_nothing(self) -> None:
        """Write the file anew without what was erased, and overwrite what the log still holds.

        Erased rows are overwritten at once (`secure_delete`); this gives their room back. It keeps writers waiting for
        about a second per 100 MB. Where there is no room for a copy of the database, or another is writing for long,
        the next erasure does it.
        """
        with suppress(StoreError), self._connection() as db, suppress(sqlite3.OperationalError):
            db.execute("VACUUM")
        self._empty_log()

    def _references(self, db: AnyDatabase) -> list[tuple[str, str, str, str, str]]:
        return [tuple(row) for row in db.execute(_REFERENCES).fetchall()]

    # Connections and transactions

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        joined: Database | None = getattr(self._joined, "db", None)
        if joined is not None:
            yield joined
            return
        # IMMEDIATE takes the write lock at once: a deferred transaction that reads first and then writes fails with
        # "database is locked" whenever another writer came between, without waiting (374 of 400 with 8 writers)
        with self._connection() as db:
            watch.begin(db)
            with _transaction(db, "BEGIN IMMEDIATE"):
                yield db
                watch.keep(db)

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        joined: Database | None = getattr(self._joined, "db", None)
        if joined is not None:
            yield joined
            return
        # one snapshot for all queries of a call
        with self._connection() as db, _transaction(db, "BEGIN"):
            yield db

    @contextmanager
    def _connection(self) -> Iterator[Database]:
        connections = self._connections
        if connections is None or not connections.current():
            connections = self._prepared()
        try:
            db = connections.take()
            try:
                yield db
            except sqlite3.Error:
                db.close()  # what state it is in is not worth finding out
                raise
            except BaseException:
                connections.give_back(db)
                raise
            connections.give_back(db)
        except sqlite3.Error as error:
            raise _ours(error, self.path) from error

    def _prepared(self) -> _Connections:
        with _preparing:
            old = self._connections
            if old is not None and old.current():
                return old  # another thread has just done it
            if old is not None and old.process == os.getpid():
                old.close()
            elif old is not None:
                _inherited.append(old)
            _prepare(self.path)
            self._connections = _Connections(self.path)
            return self._connections


@contextmanager
def _transaction(db: Database, begin: str) -> Iterator[None]:
    db.execute(begin)
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.execute("COMMIT")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path, *, foreign_keys: bool = True) -> Database:
    # mode=rw: a file that is not there is made by _prepare only, closed to others.
    # check_same_thread: a connection serves one thread at a time, not always the same one.
    # isolation_level: we say BEGIN ourselves.
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None
    )
    db = Database(connection, recursive_triggers=False, execute_plugins=False)
    try:
        db.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        # "Saved" must hold through a power cut as well: under WAL, NORMAL survives a killed process only. FULL costs
        # 0.2 ms of CPU and one fsync for each commit.
        db.execute("PRAGMA synchronous = FULL")
        # erased answers are overwritten, not merely unlinked
        db.execute("PRAGMA secure_delete = ON").fetchall()
        watch.prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(path: Path) -> None:
    """Make the file if need be, and bring its tables up to date."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unwritable(path, error.strerror or "") from error
    # the folder too: the write-ahead log lies beside the file
    if not path.is_file() or not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK | os.X_OK):
        raise Unwritable(path)
    try:
        # without foreign keys: rebuilding a table drops the old one, which would cascade to everything under it
        db = _connect(path, foreign_keys=False)
        try:
            _migrate(db, path)
        finally:
            db.close()
    except sqlite3.Error as error:
        raise _ours(error, path) from error


def _migrate(db: Database, path: Path) -> None:
    if db.table_names() and not MIGRATIONS.applied(db):
        raise NotADatabase(path)  # a database, but somebody else's
    _use_wal(db)
    # One transaction around them all. `apply` looks again under the write lock, so of several processes that start
    # together one migrates and the others find it done; on its own it uses deferred transactions and they collide.
    with _transaction(db, "BEGIN IMMEDIATE"):
        unknown = {migration.name for migration in MIGRATIONS.applied(db)} - KNOWN_MIGRATIONS
        if unknown:
            raise NewerDatabase(path, ", ".join(sorted(unknown)))
        if MIGRATIONS.pending(db):
            MIGRATIONS.apply(db)
            if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise sqlite3.IntegrityError("a migration has left rows that refer to nothing")


def _use_wal(db: Database) -> None:
    # the switch does not wait for its lock: of 320 first calls, eight processes at a time, 7 failed without this loop
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            return db.enable_wal()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _ours(error: sqlite3.Error, path: Path) -> StoreError | sqlite3.Error:
    """The error as one of ours if it is about the file; else itself, for it is a fault in the product."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF  # the rest of the bits say details
    if code in _UNWRITABLE:
        return Unwritable(path, str(error))
    if code == sqlite3.SQLITE_NOTADB:
        return NotADatabase(path)
    if code == sqlite3.SQLITE_CORRUPT:
        return Damaged(path, str(error))
    if code == sqlite3.SQLITE_BUSY:
        return Busy(path)
    return error
