"""A PostgreSQL server for any number of processes: connections, transactions, migrations, and what fails of them."""

import asyncio
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from assessment.recording import current
from assessment.store import watch
from assessment.store.database import Database
from assessment.store.postgres_connection import PostgresDatabase, Shapes
from assessment.store.postgres_migrations import OWN, RECORDING, STEPS, TABLE, statements, watching
from assessment.store.protocol import (
    Damaged,
    ForeignDatabase,
    NewerDatabase,
    Overloaded,
    StoreError,
    Try,
    Unreachable,
    Unwritable,
)
from assessment.store.readiness import Reason
from assessment.store.tables import Tables

# any number that nobody else locks: one process migrates, the others wait and find it done
_MIGRATING: Final = 0x5A16
_TRYING: Final = 0x5A17
# on the thread of an event loop nobody else is served while a call waits
_LOOP_WAIT_S: Final = 1.0
_DOWN_S: Final = 2.0
Again = Literal["none", "same", "any"]
_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
# A timeout must not end a commit that waits for its standby: PostgreSQL would say that it is done, and it is on one
# server only.
_COMMIT: Final = "SET LOCAL statement_timeout = 0; COMMIT"
# PostgreSQL's error codes, appendix A of its manual; 0A000: a statement prepared before a migration
_UNWRITABLE: Final = {"53100", "42501"}
_STANDBY: Final = "25006"
_SLOW: Final = {"57014", "55P03", "53300"}
_AGAIN: Final = {"40001", "40P01", "0A000"}
_DAMAGED: Final = {"XX001", "XX002"}
_NAMES: Final = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
"""

_REFERENCES: Final = """
    SELECT child.relname, held.conname, parent.relname, own.attname, theirs.attname
    FROM pg_constraint AS held
    JOIN pg_class AS child ON child.oid = held.conrelid
    JOIN pg_class AS parent ON parent.oid = held.confrelid
    CROSS JOIN LATERAL unnest(held.conkey, held.confkey) AS pair (own, theirs)
    JOIN pg_attribute AS own ON own.attrelid = held.conrelid AND own.attnum = pair.own
    JOIN pg_attribute AS theirs ON theirs.attrelid = held.confrelid AND theirs.attnum = pair.theirs
    WHERE held.contype = 'f' AND child.relnamespace = current_schema()::regnamespace
    ORDER BY child.relname, held.conname, own.attnum
"""


@dataclass(frozen=True)
class Reach:
    """How the server is reached: the fewest and most connections of a process, and what is waited for, in seconds.

    connect: for one host to answer. wait: for a connection, also while another server takes over. statement: for one
    statement.
    """

    least: int = 1
    most: int = 10
    connect_s: int = 5
    wait_s: int = 10
    statement_s: int = 30


class PostgresServer(Tables):
    """A database on a PostgreSQL server; its tables are made and brought up to date at the first call of a process.

    url: postgresql://…, several hosts by comma; of them the one that can be written to is used, so that a standby that
    takes over is found. clock: tells the day of a change.

    Raises, from any call: Unreachable, Overloaded, ForeignDatabase, NewerDatabase, Unwritable, Damaged.
    """

    def __init__(
        self, url: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC), reach: Reach | None = None
    ) -> None:
        self.reach = reach or Reach()
        self._conninfo = _with_defaults(url, self.reach)
        self.place = _place(url)
        self._clock = clock
        self._pool: ConnectionPool | None = None
        self._process = 0
        self._missed_at = -_DOWN_S
        self._preparing = threading.Lock()
        self._shapes: Shapes = {}
        self._joined = threading.local()

    def prepare(self) -> None:
        """Bring the tables up to date, as the first call would."""
        self._prepared()

    def close(self) -> None:
        if self._pool is not None and self._process == os.getpid():
            self._pool.close()
        self._pool = None

    def _empty_log(self) -> None:
        """Nothing: the server writes over erased rows, in tables and in its log, when it cleans up (docs)."""

    def _leave_nothing(self) -> None:
        """Nothing, for the same reason."""

    def _references(self, db: Database) -> list[tuple[str, str, str, str, str]]:
        return [tuple(row) for row in db.execute(_REFERENCES).fetchall()]

    def tried(
        self, secret: str, who: str, window_s: float, judge: Callable[[Sequence[Try], float], float], count: bool
    ) -> float:
        with self._writing() as db:
            # one after the other for each secret; the clock is the server's, for replicas' own may differ
            db.execute("SELECT pg_advisory_xact_lock(?, ?)", [_TRYING, zlib.crc32(secret.encode()) - 2**31])
            now = float(db.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()[0])
            db.execute("DELETE FROM tries WHERE secret = ? AND tried_at <= ?", [secret, now - window_s])
            tries = db.execute("SELECT tried_at, who FROM tries WHERE secret = ? ORDER BY number", [secret]).fetchall()
            left = judge(tries, now)
            if count and not left:
                db.table("tries").insert({"secret": secret, "who": who, "tried_at": now})
        return left

    def _went_in(self, db: Database) -> None:
        db.execute("SELECT setval(pg_get_serial_sequence('changes', 'id'), max(id)) FROM changes HAVING count(*) > 0")
        db.execute(
            "SELECT setval(pg_get_serial_sequence('audit_log', 'id'), max(id)) FROM audit_log HAVING count(*) > 0"
        )

    @contextmanager
    def _reading(self) -> Iterator[PostgresDatabase]:
        joined: PostgresDatabase | None = getattr(self._joined, "db", None)
        if joined is not None:
            yield joined
            return
        with self._transaction(_READ) as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[PostgresDatabase]:
        joined: PostgresDatabase | None = getattr(self._joined, "db", None)
        if joined is not None:
            yield joined
            return
        recording = current()
        if recording is not None:
            recording.noted.clear()
        with self._transaction(f"{_WRITE}; SET LOCAL {RECORDING} = 'on'" if recording else _WRITE) as db:
            yield db
            if recording is not None:
                _note(db)
                watch.keep(db)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[PostgresDatabase]:
        pool, connection = self._begun(begin)
        again: Again = "any"  # until the server is asked to keep it, everything is undone if it is lost
        try:
            yield PostgresDatabase(connection, self._shapes)
            again = "any" if begin == _READ else "same"
            connection.execute(_COMMIT, prepare=False)
        except psycopg.Error as error:
            _abandon(connection, error)
            raise _ours(error, self.place, again) from error
        except BaseException:
            _abandon(connection)
            raise
        finally:
            pool.putconn(connection)

    def _begun(self, begin: str) -> tuple[ConnectionPool, psycopg.Connection]:
        """A connection with a transaction begun; those that the server has ended meanwhile are thrown away."""
        pool = self._prepared()
        for left in range(self.reach.most, -1, -1):
            try:
                connection = pool.getconn(timeout=self._patience())
            except PoolTimeout as error:
                self._missed_at = time.monotonic()
                raise Unreachable(self.place, str(error)) from error
            try:
                connection.execute(begin.encode(), prepare=False)
            except psycopg.Error as error:
                connection.close()
                pool.putconn(connection)
                if not left:
                    raise _ours(error, self.place) from error
            else:
                return pool, connection
        raise Unreachable(self.place)

    def _patience(self) -> float:
        """Seconds to wait for a connection: on an event loop not long, and hardly at all while the server is away."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self.reach.wait_s
        away = time.monotonic() - self._missed_at < _DOWN_S
        return 0.02 if away else min(_LOOP_WAIT_S, self.reach.wait_s)

    def _prepared(self) -> ConnectionPool:
        pool = self._pool
        if pool is not None and self._process == os.getpid():
            return pool
        with self._preparing:
            if self._pool is None or self._process != os.getpid():  # else another thread has just done it
                self._migrate()
                # a forked process leaves the connections it inherited alone: they are its parent's
                self._pool, self._process = self._opened(), os.getpid()
            return self._pool

    def _opened(self) -> ConnectionPool:
        reach = self.reach
        return ConnectionPool(
            self._conninfo,
            kwargs={"autocommit": True},  # transactions are begun here, each in its own way
            min_size=reach.least,
            max_size=reach.most,
            timeout=reach.wait_s,
            reconnect_timeout=reach.wait_s,
            name="salgsflyt",
            open=True,
        )

    def _migrate(self) -> None:
        try:
            with psycopg.connect(self._conninfo, autocommit=True) as connection:
                db = PostgresDatabase(connection, {})
                db.execute("BEGIN")
                db.execute("SET LOCAL statement_timeout = 0")
                db.execute("SELECT pg_advisory_xact_lock(?)", [_MIGRATING])
                if self._apply(db):
                    connection.execute(watching().encode())
                connection.execute("COMMIT")
        except psycopg.Error as error:
            raise _ours(error, self.place) from error

    def _apply(self, db: PostgresDatabase) -> list[str]:
        """Take the steps that are missing, and say which."""
        tables = {name for (name,) in db.execute(_NAMES).fetchall()}
        if tables and TABLE not in tables:
            raise ForeignDatabase(self.place)
        if not tables:
            db.execute(f"CREATE TABLE {TABLE} (name text NOT NULL PRIMARY KEY, applied_at text NOT NULL)")
        known = {name for (name,) in db.execute(f"SELECT name FROM {TABLE}").fetchall()}  # noqa: S608
        if unknown := sorted(known - STEPS.keys()):
            raise NewerDatabase(self.place, ", ".join(unknown))
        pending = [step for step in STEPS if step not in known]
        for step in pending:
            db.connection.execute(statements(step).encode())
            db.table(TABLE).insert({"name": step, "applied_at": datetime.now(UTC).isoformat()})
        return pending


def not_ready(url: str, reach: Reach) -> Reason | None:
    """Why the server should be sent nobody, as `readiness.not_ready` says of a file; None when it is ready."""
    try:
        with psycopg.connect(_with_defaults(url, reach), autocommit=True) as connection:
            db = PostgresDatabase(connection, {})
            if TABLE not in {name for (name,) in db.execute(_NAMES).fetchall()}:
                return "migrations_pending"
            has = {name for (name,) in db.execute(f"SELECT name FROM {TABLE}").fetchall()}  # noqa: S608
    except psycopg.Error:
        return "database"
    if has - STEPS.keys():
        return "database_newer"
    return "migrations_pending" if STEPS.keys() - has else None


def tables_of_records(db: PostgresDatabase) -> list[str]:
    """The names of the tables that hold somebody's records."""
    return sorted(name for (name,) in db.execute(_NAMES).fetchall() if name not in OWN)


def _note(db: PostgresDatabase) -> None:
    """What the triggers have left, in the order it happened, into what is noted of the call."""
    recording = current()
    if recording is None:
        return
    left = db.execute("DELETE FROM noted RETURNING number, depth, event, table_name, before, after").fetchall()
    for event, table, *rows in _children_first(sorted(left, key=lambda row: int(row[0]))):
        columns, key = watch.columns_of(db, table)
        types = db.table(table).columns_dict
        values = [_typed(row[name], types[name]) for row in rows if row is not None for name in columns]
        watch.note(recording, event, table, columns, key, values)


def _children_first(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows with what went or changed because of a row before that row, as in SQLite.

    PostgreSQL follows references when the statement has done its own rows. Taken back in the opposite order, a row is
    there again before what refers to it.
    """
    ordered: list[tuple[Any, ...]] = []
    begun, meant, followed = 0, ("", ""), False  # where the last rows that a statement meant begin
    for _, depth, *row in rows:
        if depth > 1:
            ordered.insert(begun, tuple(row))
            followed = True
            continue
        if followed or (row[0], row[1]) != meant:
            begun, meant, followed = len(ordered), (row[0], row[1]), False
        ordered.append(tuple(row))
    return ordered


def _typed(value: Any, kind: type) -> Any:
    return float(value) if kind is float and value is not None else value  # JSON has one kind of number


def _abandon(connection: psycopg.Connection, error: psycopg.Error | None = None) -> None:
    """Undo what is open; a server that has become a standby is left, so that the writable one is looked for."""
    if error is not None and error.sqlstate == _STANDBY:
        connection.close()
    with suppress(psycopg.Error):
        connection.execute("ROLLBACK")


def _ours(error: psycopg.Error, place: str, again: Again = "none") -> StoreError | psycopg.Error:
    """The error as one of ours if it is about the server; else itself, for it is a fault in the product."""
    state = error.sqlstate or ""
    # the server's words can hold what somebody typed, so only its code goes on
    if state in _AGAIN:
        return Overloaded(place, state, again=again)
    if state in _SLOW:
        return Overloaded(place, state)
    if state in _DAMAGED:
        return Damaged(place, state)
    if state == _STANDBY:
        return Unreachable(place, state, again=again)
    if state in _UNWRITABLE:
        return Unwritable(place, state)
    if isinstance(error, psycopg.OperationalError):
        return Unreachable(place, state or type(error).__name__, again=again)
    return error


def _with_defaults(url: str, reach: Reach) -> str:
    """The connection's address with what the address itself leaves open."""
    told = conninfo_to_dict(url)
    options = f"-c statement_timeout={reach.statement_s * 1000} -c idle_in_transaction_session_timeout=60000"
    defaults: dict[str, str | int] = {
        "target_session_attrs": "read-write",
        "connect_timeout": reach.connect_s,
        "application_name": "salgsflyt",
        "options": options,
        # a server that is gone without a word is noticed in ten seconds
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
    }
    return make_conninfo(url, **{name: value for name, value in defaults.items() if name not in told})


def _place(url: str) -> str:
    """Where the database lies, without who opens it: hosts and name."""
    told = conninfo_to_dict(url)
    return f"{told.get('host') or 'localhost'}/{told.get('dbname') or told.get('user') or ''}"
