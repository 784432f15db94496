"""Whether the SQLite database can be worked with now, found out without writing to it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from assessment.store.fingerprints import applied, connected
from assessment.store.sqlite_file import KNOWN_MIGRATIONS

# what keeps the server from being ready, as `/readyz` names it
Reason = Literal["database", "migrations_pending", "database_newer", "disk_full"]


def not_ready(database: Path, free_mb: int) -> Reason | None:
    """Why the server should be sent nobody; None when it is ready.

    A database that is not there yet, or not migrated, is made ready by the start of the server, a moment later.

    free_mb: the least free space beside the database, in MB.
    """
    try:
        with closing(connected(database)) as db:
            db.execute("PRAGMA busy_timeout = 1000").fetchall()
            db.execute("SELECT 1 FROM engagements LIMIT 1").fetchall()
            has = set(applied(db))
        free = shutil.disk_usage(database.absolute().parent).free
    except (sqlite3.Error, OSError):
        return "database"
    if has - KNOWN_MIGRATIONS:
        return "database_newer"
    if has != KNOWN_MIGRATIONS:
        return "migrations_pending"
    return "disk_full" if free < free_mb * 1_000_000 else None
