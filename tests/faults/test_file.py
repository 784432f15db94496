"""The database held by another process, and bytes of it damaged."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.conftest import Phone, is_sorry
from tests.respond.invited import Survey
from tests.serving import Server

HELD_S = 3
_HOLD = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""
PAGE = 4096


@pytest.mark.faults
def test_an_answer_waits_while_another_process_holds_the_database(tmp_path: Path) -> None:
    survey = Survey(tmp_path / "salgsflyt.db")
    server = Server(survey.database).start()
    try:
        phone = Phone(server, survey)
        command = [sys.executable, "-c", _HOLD, str(survey.database), str(HELD_S)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            begun = time.monotonic()
            assert phone.client.get(f"{phone.root}/1").status_code == 200  # reading does not wait
            assert time.monotonic() - begun < HELD_S / 2
            assert phone.save().status_code == 200
            assert time.monotonic() - begun > HELD_S / 2
        assert phone.kept(survey) == phone.confirmed
    finally:
        server.stop()


@pytest.mark.faults
@pytest.mark.parametrize("where", ["header", "middle"])
@pytest.mark.parametrize("when", ["at start", "while running"])
def test_a_damaged_database_is_said_and_answering_goes_on_when_it_is_put_right(
    tmp_path: Path, where: str, when: str
) -> None:
    survey = Survey(tmp_path / "salgsflyt.db")
    server = Server(survey.database).start()
    try:
        phone = Phone(server, survey)
        assert phone.save().status_code == 200
        if when == "at start":
            server.stop()
        survey.store._empty_log()
        survey.store.close()
        whole = survey.database.read_bytes()
        _damage(survey.database, where)
        if when == "at start":
            server.start()

        assert phone.save().status_code == 503
        is_sorry(phone, "nb")
        is_sorry(phone, "en")

        # as an administrator puts a backup in its place: a new file, none of the old log
        server.stop()
        for beside in ("-wal", "-shm"):
            survey.database.with_name(survey.database.name + beside).unlink(missing_ok=True)
        survey.database.write_bytes(whole)
        server.start()
        assert phone.kept(survey) == phone.confirmed
        assert phone.save().status_code == 200
    finally:
        server.stop()


def _damage(database: Path, where: str) -> None:
    with database.open("r+b") as file:
        file.seek(0 if where == "header" else PAGE)
        file.write(b"\xff" * (PAGE if where == "header" else database.stat().st_size - PAGE))
