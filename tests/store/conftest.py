from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment.store import SqliteStore, Store
from tests.store.situations import TUESDAY


@pytest.fixture(params=["sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind, whose clock stands at Tuesday."""
    stores = {"sqlite": lambda: SqliteStore(tmp_path / "new folder" / "salgsflyt.db", clock=lambda: TUESDAY)}
    opened = stores[request.param]()
    yield opened
    opened.close()
