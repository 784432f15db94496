from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment.access import access
from assessment.settings import settings


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh installation in a folder of its own, forgotten afterwards."""
    file = tmp_path / "access.db"
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(file))
    for name in ("SALGSFLYT_SECRET", "SALGSFLYT_SIGN_IN"):
        monkeypatch.delenv(name, raising=False)
    _forget()
    yield file
    _forget()


@pytest.fixture
def key() -> str:
    """The installation's access key."""
    return access().key_file.renew()


def _forget() -> None:
    settings.cache_clear()
    access.cache_clear()
