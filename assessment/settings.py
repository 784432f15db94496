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
    secret: SALGSFLYT_SECRET, what links and sessions are made from; by default `secret.key` beside the database.
    address: SALGSFLYT_ADDRESS, where others reach the server, as in https://salgsflyt.example.no; by default where
    the page that shows a link is itself.
    sign_in_always: SALGSFLYT_SIGN_IN=always, this machine must sign in too, as it must behind a proxy on it.
    """

    database: Path
    secret: str | None = None
    address: str | None = None
    sign_in_always: bool = False


@cache
def settings() -> Settings:
    """The installation's settings, read once a process."""
    return Settings(
        database=Path(os.environ.get("SALGSFLYT_DATABASE") or ROOT / "data" / "salgsflyt.db"),
        secret=os.environ.get("SALGSFLYT_SECRET") or None,
        address=os.environ.get("SALGSFLYT_ADDRESS") or None,
        # anything but the default's name closes the door: a misspelt "always" must not leave it open
        sign_in_always=os.environ.get("SALGSFLYT_SIGN_IN", "away") not in ("", "away"),
    )
