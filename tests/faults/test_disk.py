"""A disk without room, and one that may not be written: real ones, small file systems in memory."""

import subprocess
from pathlib import Path

import pytest

from tests.faults.conftest import SORRY, Phone, is_sorry
from tests.respond.invited import Survey
from tests.serving import Server


def test_a_full_disk_loses_nothing_confirmed_and_writing_goes_on_when_there_is_room(small_disk: Path) -> None:
    survey = Survey(small_disk / "salgsflyt.db")
    server = Server(survey.database).start()
    try:
        phone = Phone(server, survey)
        assert phone.save().status_code == 200
        filler = _fill(small_disk)
        # the log that SQLite writes ahead has some room of its own
        refused = next(reply for reply in (phone.save() for _ in range(3000)) if reply.status_code != 200)

        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "15"
        for language in ("nb", "en"):
            form = phone.client.post(
                f"{phone.root}/1", data={"shown": "1"}, headers={"Cookie": f"{_cookies(phone)}; sf_lang={language}"}
            )
            assert form.status_code == 503
            assert SORRY[language] in form.text
        assert phone.client.get(f"{phone.root}/1").status_code == 200  # what is there can be read

        filler.unlink()
        assert phone.save().status_code == 200
        assert phone.kept(survey) == phone.confirmed
    finally:
        server.stop()


@pytest.mark.faults
def test_a_disk_that_may_only_be_read_is_said_and_writing_goes_on_when_it_may(small_disk: Path) -> None:
    survey = Survey(small_disk / "salgsflyt.db")
    server = Server(survey.database).start()
    phone = Phone(server, survey)
    assert phone.save().status_code == 200
    server.stop()
    survey.store.close()
    # its log lies beside the database, so it is elsewhere while the disk is locked
    on_other_disk = ReadOnly(survey.database, server.port)
    _remount(small_disk, "ro")
    try:
        on_other_disk.start()
        assert phone.save().status_code == 503
        is_sorry(phone, "nb")
        is_sorry(phone, "en")

        _remount(small_disk, "rw")
        assert phone.save().status_code == 200
        assert phone.kept(survey) == phone.confirmed
    finally:
        on_other_disk.stop()


class ReadOnly(Server):
    """A server on a database reached through a link, beside which its log is written."""

    def __init__(self, database: Path, port: int) -> None:
        linked = database.parent.parent / "linked.db"
        linked.symlink_to(database)
        (database.parent.parent / "secret.key").write_bytes((database.parent / "secret.key").read_bytes())
        super().__init__(linked, port)


def _fill(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"x" * size)
            except OSError:
                size //= 2
    return filler


def _cookies(phone: Phone) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in phone.client.cookies.jar)


def _remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)
