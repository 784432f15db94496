"""The store that the settings choose."""

from functools import lru_cache
from typing import TYPE_CHECKING

from assessment.settings import Settings, settings
from assessment.store.protocol import Store, Tries
from assessment.store.readiness import Reason, not_ready
from assessment.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from assessment.store.postgres import PostgresStore


def configured() -> Store:
    """The store of this installation. One on a server is the same for the whole process: it holds connections."""
    chosen = settings()
    return SqliteStore(chosen.database) if chosen.database_url is None else _on_server(chosen)


def shared_tries() -> Tries | None:
    """Where tries at secrets are counted for all replicas; None where one process is all there is."""
    chosen = settings()
    return None if chosen.database_url is None else _on_server(chosen)


def configured_not_ready() -> Reason | None:
    """Why this installation's database should be sent nobody; None when it is ready."""
    chosen = settings()
    if chosen.database_url is None:
        return not_ready(chosen.database, chosen.disk_free_mb)
    from assessment.store.postgres_server import not_ready as server_not_ready

    return server_not_ready(chosen.database_url, _on_server(chosen).reach)


@lru_cache(maxsize=4)
def _on_server(chosen: Settings) -> "PostgresStore":
    # psycopg and its pool: 60 ms that an installation on a file need not wait for
    from assessment.store.postgres import PostgresStore
    from assessment.store.postgres_server import Reach

    reach = Reach(chosen.pool_min, chosen.pool_max, chosen.connect_s, chosen.wait_s, chosen.statement_s)
    return PostgresStore(chosen.database_url or "", reach=reach)
