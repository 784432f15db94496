from collections.abc import Iterator

import pytest

from assessment.store import SqliteStore, Store
from assessment.store.postgres import PostgresStore
from assessment.store.postgres_server import Reach
from tests.postgres import Server
from tests.store.situations import TUESDAY


@pytest.fixture(scope="module", autouse=True)
def quick_databases() -> None:
    """Here databases are made and written as in the product."""


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each kind, whose clock stands at Tuesday."""
    if request.param == "sqlite":
        file = request.getfixturevalue("make_database")(request.getfixturevalue("tmp_path") / "salgsflyt.db")
        opened: Store = SqliteStore(file, clock=lambda: TUESDAY)
    else:
        server: Server = request.getfixturevalue("postgres")
        opened = PostgresStore(server.database(), clock=lambda: TUESDAY, reach=Reach(least=0))
    yield opened
    opened.close()
