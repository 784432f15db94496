"""A whole installation from one database into another, of either kind, compared row by row before it is kept."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from assessment.files import InputError
from assessment.store._sqlite_utils import Database as SqliteDatabase
from assessment.store.database import Database
from assessment.store.fingerprints import Fingerprint, fingerprint
from assessment.store.migrations import MIGRATIONS
from assessment.store.protocol import StoreError
from assessment.store.records import Records
from assessment.store.sqlite import SqliteStore
from assessment.store.upgrades import newer_than_program, steps_left
from assessment.texts import texts

# read in the order in which their rows came, which both databases keep
IN_ORDER: Final = frozenset({"kpis", "goals", "processes", "waste_rows", "actions"})
_AT_ONCE: Final = 1000


def copy(source: str, target: str) -> dict[str, Fingerprint]:
    """Copy every record, and say what each table holds on both sides; the source is only read.

    source, target: a file's path, or postgresql://…

    Raises: InputError when either cannot be used, the source is of another version than this program, the target has
    a record, or what was written is not what was read; then nothing is kept.
    """
    _up_to_date(source)
    with _opened(source) as reads, _opened(target) as writes, reads._reading() as from_, writes._writing() as to:
        order = _parents_first()
        if full := [name for name in order if _count(to, name)]:
            raise InputError([f"{_shown(target)}: is not empty: {', '.join(full)}"])
        for name in order:
            _fill(from_, to, name)
        writes._went_in(to)
        told = {name: (fingerprint(from_, name), fingerprint(to, name)) for name in sorted(order)}
        if wrong := [name for name, (read, written) in told.items() if read != written]:
            raise InputError([f"{_shown(target)}: {name} is not what was read; nothing was copied" for name in wrong])
    return {name: written for name, (_, written) in told.items()}


@contextmanager
def _opened(place: str) -> Iterator[Records]:
    store: Records
    if "://" in place:
        from assessment.store.postgres import PostgresStore
        from assessment.store.postgres_server import Reach

        # a table of a large installation takes longer to read than anybody would wait for a page
        store = PostgresStore(place, reach=Reach(least=0, statement_s=0))
    else:
        store = SqliteStore(Path(place))
    try:
        yield store
    except StoreError as error:
        raise InputError([f"{_shown(place)}: {texts('en')(f'error.{error.key}', **error.fields)}"]) from error
    finally:
        store.close()


def _up_to_date(source: str) -> None:
    """Opening a database would make or migrate it, and the source is to stay as it is."""
    if "://" in source:
        from assessment.store.postgres_server import Reach, not_ready

        if not_ready(source, Reach()) == "migrations_pending":
            raise InputError([f"{_shown(source)}: is empty or of an older version; start this version on it first"])
        return
    file = Path(source)
    if not file.is_file():
        raise InputError([f"{file}: there is no database here"])
    if newer := newer_than_program(file):
        raise InputError([f"{file}: was made by a newer version of Salgsflyt ({', '.join(newer)})"])
    if left := steps_left(file):
        raise InputError([f"{file}: is of an older version; run `migrate` first ({', '.join(left)})"])


def _parents_first() -> list[str]:
    """The tables in an order in which each comes after those it refers to."""
    known = SqliteDatabase(memory=True)
    MIGRATIONS.apply(known)
    refers = {
        name: {key.other_table for key in known.table(name).foreign_keys} - {name}
        for name in known.table_names()
        if not name.startswith(("_", "sqlite_"))
    }
    order: list[str] = []
    while refers:
        ready = sorted(name for name, parents in refers.items() if parents <= set(order))
        order += ready
        refers = {name: parents for name, parents in refers.items() if name not in ready}
    return order


def _fill(source: Database, target: Database, name: str) -> None:
    names = [f'"{column}"' for column in source.table(name).columns_dict]
    columns, places = ", ".join(names), ", ".join("?" * len(names))
    sql = f'SELECT {columns} FROM "{name}" ORDER BY {_order(source, name)}'  # noqa: S608  names of the schema
    into = f'INSERT INTO "{name}" ({columns}) VALUES ({places})'  # noqa: S608
    rows = iter(_stream(source)(sql))
    while some := list(islice(rows, _AT_ONCE)):
        target.conn.executemany(into, some)


def _order(db: Database, name: str) -> str:
    if name in IN_ORDER:
        return "rowid"
    key = ", ".join(f'"{column}"' for column in db.table(name).pks)
    return f"parent_stage_id IS NOT NULL, {key}" if name == "stages" else key


def _stream(db: Database) -> Callable[[str], Iterable[tuple[Any, ...]]]:
    """How the rows of a large query are read without having them all in memory."""
    return getattr(db, "stream", db.execute)


def _count(db: Database, name: str) -> int:
    return int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608


def _shown(place: str) -> str:
    """A place without what opens it."""
    return place if "://" not in place else f"postgresql://{place.partition('://')[2].rpartition('@')[2]}"
