"""What holds for all tests."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from assessment.store import SqliteStore, sqlite_file
from assessment.store._sqlite_utils import Database

# a busy machine is no fault of the code: a law is about results, and the benchmarks are about time
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

if TYPE_CHECKING:
    from tests.postgres import Server

MakeDatabase = Callable[[Path], Path]


@pytest.fixture(scope="session")
def make_database(tmp_path_factory: pytest.TempPathFactory) -> MakeDatabase:
    """Put a database without engagements at a path: made once and copied, as the migrations outlast most tests."""
    made = tmp_path_factory.mktemp("migrated") / "salgsflyt.db"
    store = SqliteStore(made)
    store.engagements()
    store.close()
    return lambda path: Path(shutil.copy(made, path))


@pytest.fixture(scope="session")
def postgres() -> Iterator["Server"]:
    """A PostgreSQL server of this process's own, with as many databases as are asked for."""
    from tests.postgres import serving

    with serving() as server:
        yield server


@pytest.fixture(scope="module", autouse=True)
def quick_databases(make_database: MakeDatabase) -> Iterator[None]:
    """New databases are copies, and no commit waits for the disk: both are the business of the store's own tests."""
    connect, prepare = sqlite_file._connect, sqlite_file._prepare

    def connected(path: Path, *, foreign_keys: bool = True) -> Database:
        db = connect(path, foreign_keys=foreign_keys)
        db.execute("PRAGMA synchronous = OFF")
        return db

    def prepared(path: Path) -> None:
        if path.parent.is_dir() and not path.exists():
            # whole at once, and by one of two processes only: a copy on top of an open database damages it
            with tempfile.TemporaryDirectory(dir=path.parent) as beside, suppress(FileExistsError):
                os.link(make_database(Path(beside, path.name)), path)
        prepare(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_file, "_connect", connected)
        patch.setattr(sqlite_file, "_prepare", prepared)
        yield
