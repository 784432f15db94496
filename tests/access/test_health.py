"""The health checks and the log: what they say, to whom, and what neither ever says."""

import io
import json
import logging
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessment import faults, logs
from assessment.access import AccessMiddleware, health
from assessment.store.readiness import not_ready
from tests.access.visitor import ELSEWHERE
from tests.conftest import MakeDatabase
from tests.looping import run

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def ready(database: Path, make_database: MakeDatabase) -> Path:
    """The installation with a database that is up to date."""
    return make_database(database)


def asked(database: Path, path: str, times: int = 1) -> list[httpx.Response]:
    """What somebody elsewhere, without a key, is told."""
    app = Starlette(routes=health(lambda: not_ready(database, 200)), middleware=[Middleware(AccessMiddleware)])

    async def go() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, client=(ELSEWHERE, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://sales.example") as client:
            return [await client.get(path) for _ in range(times)]

    return run(go())


def test_both_answer_without_a_key_and_are_kept_by_no_cache(ready: Path) -> None:
    for path, said in (("/healthz", {"status": "ok"}), ("/readyz", {"status": "ready"})):
        [answer] = asked(ready, path)
        assert (answer.status_code, answer.json()) == (200, said)
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM _sqlite_migrations WHERE name LIKE 'm001%'", "migrations_pending"),
        ("INSERT INTO _sqlite_migrations VALUES (999, 'salgsflyt', 'm999', '')", "database_newer"),
        ("ALTER TABLE engagements RENAME TO others", "database"),
    ],
)
def test_what_is_wrong_with_the_database_is_a_503_and_a_word(ready: Path, statement: str, reason: str) -> None:
    with closing(sqlite3.connect(ready)) as db:
        db.execute(statement)
        db.commit()
    [answer] = asked(ready, "/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reason": reason})
    assert asked(ready, "/healthz")[0].status_code == 200


def test_no_database_and_no_disk_are_told_apart(ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not_ready(tmp_path / "none.db", 200) == "database"
    assert not (tmp_path / "none.db").exists()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 10**8, 10**8))
    assert (not_ready(ready, 200), not_ready(ready, 50)) == ("disk_full", None)


def test_the_database_is_asked_once_a_second_however_often_anybody_asks(ready: Path) -> None:
    times: list[int] = []
    app = Starlette(routes=health(lambda: times.append(1)))

    async def go() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sales.example") as client:
            for _ in range(50):
                assert (await client.get("/readyz")).status_code == 200

    run(go())
    assert 1 <= len(times) < 50


@pytest.fixture
def written() -> io.StringIO:
    """What a handler writes as JSON lines."""
    return io.StringIO()


def test_an_error_in_the_log_has_the_readers_reference_and_nothing_anybody_typed(written: io.StringIO) -> None:
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    log = logging.getLogger("salgsflyt")
    log.addHandler(handler)
    typed = "svarte " + "5"  # put together, since a log shows the line of code
    try:
        try:
            raise ValueError(typed)
        except ValueError as error:
            reference = faults.logged(error)
            log.exception("something else")
    finally:
        log.removeHandler(handler)
    first, second = (json.loads(line) for line in written.getvalue().splitlines())
    assert (first["reference"], first["level"], first["logger"]) == (reference, "error", "salgsflyt")
    assert second["error"] == "ValueError"
    assert any("test_health.py" in line for line in second["where"])
    assert typed not in written.getvalue()


def test_the_servers_access_log_does_not_say_who_asked(written: io.StringIO) -> None:
    record = logging.LogRecord(
        "uvicorn.access", logging.INFO, "", 0, '%s - "%s %s" %d', (ELSEWHERE, "GET", "/healthz", 200), None
    )
    assert logs.without_address(record)
    assert record.getMessage() == '- - "GET /healthz" 200'
