"""An installation goes from SQLite to PostgreSQL and back, and is the same; or nothing is copied."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assessment.actor import LOCAL
from assessment.cli import main
from assessment.engagement import Branding
from assessment.files import InputError
from assessment.links import server_secret
from assessment.recording import recording
from assessment.store import SqliteStore
from assessment.store.copying import IN_ORDER, _parents_first, copy
from assessment.store.fingerprints import connected, fingerprints
from assessment.store.postgres import PostgresStore
from assessment.store.records import Records
from tests.postgres import Server
from tests.store.situations import TUESDAY, a_wave, an_engagement
from tests.store.test_sqlite import _fill_every_table


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a row in every table, history, several rows that have an order, and letters of many kinds."""
    file = tmp_path_factory.mktemp("full") / "full.db"
    store = SqliteStore(file, clock=lambda: TUESDAY)
    engagement = an_engagement(name="Ålesund ☂ Ærlig & sønn")
    store.create_engagement(engagement, a_wave(engagement.id, id="wave"))
    with store._writing() as db:
        _fill_every_table(db, engagement.id)
        for name in ("z", "a", "m"):
            db.table("processes").insert(
                {"engagement_id": engagement.id, "id": name, "name_nb": name, "hours_month": 0.1}
            )
    with recording(LOCAL, TUESDAY):
        store.change_branding(engagement.id, {"sender": "Kvist", "logo": Branding().logo})
        store.change_process(engagement.id, "a", {"pain": 2})
    store.close()
    return file


def test_every_table_is_copied_after_what_it_refers_to(full: Path) -> None:
    order = _parents_first()
    with closing(connected(full)) as db:
        assert {name for name in db.table_names() if not name.startswith(("_", "sqlite_"))} == set(order)
        assert [name for name in order if db.table(name).count == 0] == []
    assert set(order) >= IN_ORDER


def test_there_and_back_is_the_same_and_goes_on(full: Path, postgres: Server, tmp_path: Path) -> None:
    server, back = postgres.database(), tmp_path / "back.db"
    there = copy(str(full), server)
    assert copy(server, str(back)) == there
    assert _records(back) == _records(full)
    store = PostgresStore(server, clock=lambda: TUESDAY)
    _goes_on(store)
    assert [p.id for p in store.processes(store.engagements()[0].engagement.id)] == ["p", "z", "a", "m"]
    store.close()
    _goes_on(SqliteStore(back, clock=lambda: TUESDAY))


def _records(file: Path) -> dict[str, object]:
    with closing(connected(file)) as db:
        return {name: told for name, told in fingerprints(db).items() if not name.startswith("_")}


def _goes_on(store: Records) -> None:
    """The next change gets a number of its own, and can be taken back."""
    engagement = store.engagements()[0].engagement.id
    with recording(LOCAL, TUESDAY):
        store.change_process(engagement, "a", {"pain": 3})
    change = store.to_undo(engagement)
    assert change is not None
    assert change.id == max(c.id for c in store.changes(engagement, limit=99))
    with recording(LOCAL, TUESDAY):
        store.undo_change(engagement, change.id)
    assert [p.pain for p in store.processes(engagement) if p.id == "a"] == [2]


def test_a_database_with_a_record_is_not_written_to(full: Path, postgres: Server) -> None:
    server = postgres.database()
    copy(str(full), server)
    with pytest.raises(InputError) as refused:
        copy(str(full), server)
    assert "is not empty" in refused.value.problems[0]


def test_what_does_not_arrive_as_it_was_read_is_not_kept(
    full: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = postgres.database()
    store = PostgresStore(server)
    store.prepare()

    def damage(self: PostgresStore, db: object) -> None:
        db.execute("UPDATE kpi_points SET value = value + 1e-9")  # type: ignore[attr-defined]

    monkeypatch.setattr(PostgresStore, "_went_in", damage)
    with pytest.raises(InputError) as refused:
        copy(str(full), server)
    assert "kpi_points is not what was read" in refused.value.problems[0]
    assert store.engagements() == []
    store.close()


def test_another_version_is_refused_and_left_alone(full: Path, postgres: Server, tmp_path: Path) -> None:
    for name, sql in (
        ("older.db", "DELETE FROM _sqlite_migrations WHERE name = 'm023_audit_log'"),
        ("newer.db", "UPDATE _sqlite_migrations SET name = 'm999_future' WHERE name = 'm023_audit_log'"),
    ):
        file = tmp_path / name
        file.write_bytes(full.read_bytes())
        with closing(sqlite3.connect(file)) as db:
            db.execute(sql)
            db.commit()
        before = file.read_bytes()
        with pytest.raises(InputError):
            copy(str(file), postgres.database())
        assert file.read_bytes() == before
    for nothing in (str(tmp_path / "none.db"), postgres.database(empty=True)):
        with pytest.raises(InputError):
            copy(nothing, postgres.database())
    assert not (tmp_path / "none.db").exists()


def test_the_command_prints_each_table_and_no_password(
    full: Path, postgres: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["copy", "--from", str(full), "--to", postgres.database()]) == 0
    printed = capsys.readouterr()
    assert "engagements" in printed.out
    nowhere = "postgresql://salgsflyt:hemmelig@127.0.0.1:1/salgsflyt"
    assert main(["copy", "--from", str(full), "--to", nowhere]) == 2
    assert "hemmelig" not in capsys.readouterr().err


def test_links_go_on_working_with_the_secret_of_the_file(tmp_path: Path) -> None:
    made = server_secret(tmp_path / "salgsflyt.db")
    assert server_secret(tmp_path / "elsewhere.db", f"hex:{made.hex()}") == made
    assert server_secret(tmp_path / "elsewhere.db", f"hex:{made.hex()}0") != made
