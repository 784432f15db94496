"""The only reader of environment variables."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Settings:
    """What an installation can decide.

    database: SALGSFLYT_DATABASE, a file; `data/salgsflyt.db` in the product's folder by default.
    """

    database: Path


@cache
def settings() -> Settings:
    """The installation's settings, read once a process."""
    return Settings(database=Path(os.environ.get("SALGSFLYT_DATABASE") or ROOT / "data" / "salgsflyt.db"))
