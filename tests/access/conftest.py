from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from assessment.access import access, keys
from assessment.settings import settings


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh installation in a folder of its own, forgotten afterwards."""
    file = tmp_path / "access.db"
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(file))
    for name in ("SALGSFLYT_SECRET", "SALGSFLYT_SIGN_IN", "SALGSFLYT_ADDRESS", "SALGSFLYT_HOSTS", "SALGSFLYT_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    _forget()
    yield file
    _forget()


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of the same kind that cost next to nothing: ours take a quarter of a second each."""
    monkeypatch.setattr(keys, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def key() -> str:
    """The installation's access key."""
    return access().key_file.renew()


def _forget() -> None:
    settings.cache_clear()
    access.cache_clear()
