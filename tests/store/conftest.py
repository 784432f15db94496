from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment.store import SqliteStore, Store
from tests.conftest import MakeDatabase
from tests.store.situations import TUESDAY


@pytest.fixture(scope="module", autouse=True)
def quick_databases() -> None:
    """Here databases are made and written as in the product."""


@pytest.fixture(params=["sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, make_database: MakeDatabase) -> Iterator[Store]:
    """An empty store of each kind, whose clock stands at Tuesday."""
    stores = {"sqlite": lambda: SqliteStore(make_database(tmp_path / "salgsflyt.db"), clock=lambda: TUESDAY)}
    opened = stores[request.param]()
    yield opened
    opened.close()
