"""What is particular to the SQLite file: who may read it, what it refuses to open, and how it is shared."""

import multiprocessing
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from assessment.store import NewerDatabase, NotADatabase, SqliteStore, StoreError, Unwritable
from assessment.store.migrations import MIGRATIONS
from assessment.store.sqlite_file import BUSY_TIMEOUT_S
from tests.store.situations import MONDAY, THREE, TUESDAY, a_wave, an_engagement, item, someone_answering

NOBODY_UID = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "salgsflyt.db"


@pytest.fixture
def others_folder() -> Iterator[Path]:
    """A folder that users other than the one running the tests can get to, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_the_file_and_its_log_are_the_owners_alone(path: Path) -> None:
    store = SqliteStore(path)
    someone_answering(store)
    for file in (path, path.with_name("salgsflyt.db-wal")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_commits_are_made_to_survive_a_power_cut(path: Path) -> None:
    store = SqliteStore(path)
    with store._writing() as db:
        assert db.journal_mode == "wal"
        pragmas = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")}
    assert pragmas == {"synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("content", [b"Dette er et notat, ikke en database.\n" * 40, os.urandom(4096)])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(NotADatabase) as refused:
        SqliteStore(path).engagements()
    assert refused.value.fields["path"] == str(path)
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused_and_left_alone(path: Path) -> None:
    with Database(path) as other:
        other.table("invoices").insert({"id": 1})
    before = path.read_bytes()
    with pytest.raises(NotADatabase):
        SqliteStore(path).engagements()
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.touch()
    assert SqliteStore(path).engagements() == []


def test_a_database_from_a_newer_version_is_refused(path: Path) -> None:
    SqliteStore(path).engagements()
    with Database(path) as db:
        db.table(MIGRATIONS.migrations_table).insert(
            {"migration_set": "salgsflyt", "name": "m999_from_the_future", "applied_at": "2030"}
        )
    with pytest.raises(NewerDatabase) as refused:
        SqliteStore(path).engagements()
    assert refused.value.fields == {"path": str(path), "reason": "m999_from_the_future"}


def test_a_folder_or_a_path_through_a_file_is_unwritable(path: Path, tmp_path: Path) -> None:
    path.touch()
    for impossible in (tmp_path, path / "salgsflyt.db"):
        with pytest.raises(Unwritable):
            SqliteStore(impossible).engagements()


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o755, 0o444), (0o555, 0o666)])
def test_what_cannot_be_written_to_is_unwritable(others_folder: Path, folder_mode: int, file_mode: int) -> None:
    path = others_folder / "salgsflyt.db"
    store = SqliteStore(path)
    someone_answering(store)
    store.close()
    path.chmod(file_mode)
    others_folder.chmod(folder_mode)
    assert _as_an_ordinary_user(lambda: SqliteStore(path).engagements()) == "Unwritable"


def test_a_folder_nobody_may_write_to_cannot_get_a_database(others_folder: Path) -> None:
    others_folder.chmod(0o555)
    assert _as_an_ordinary_user(lambda: SqliteStore(others_folder / "new" / "x.db").engagements()) == "Unwritable"


def test_a_database_that_becomes_read_only_under_way_is_unwritable(path: Path) -> None:
    store = SqliteStore(path)
    _, _, response = someone_answering(store)
    with store._connection() as db:
        db.execute("PRAGMA query_only = ON")  # what SQLite reports when the disk is remounted read-only
    with pytest.raises(Unwritable):
        store.save_answers(response, {item(1): THREE})
    store.save_answers(response, {item(1): THREE})  # and the next call starts afresh


def test_a_replaced_file_is_noticed(path: Path, tmp_path: Path) -> None:
    backup = SqliteStore(tmp_path / "backup.db")
    restored, _, _ = someone_answering(backup)
    backup.close()
    store = SqliteStore(path)
    someone_answering(store)
    store.close()
    shutil.move(tmp_path / "backup.db", path)
    assert [s.engagement.id for s in store.engagements()] == [restored]


def test_a_deleted_file_is_not_written_to_any_longer(path: Path) -> None:
    store = SqliteStore(path)
    someone_answering(store)
    for file in path.parent.glob("salgsflyt.db*"):
        file.unlink()
    assert store.engagements() == []
    assert path.exists()


def test_a_forked_process_opens_its_own_connections(path: Path) -> None:
    store = SqliteStore(path)
    _, _, response = someone_answering(store)
    inherited = store._connections

    def answer() -> None:
        store.save_answers(response, {item(1): THREE})
        assert store._connections is not inherited

    child = multiprocessing.get_context("fork").Process(target=answer)
    child.start()
    child.join(10)
    assert child.exitcode == 0
    store.save_answers(response, {item(2): THREE})
    assert set(store.response(response).answers) == {item(1), item(2)}


def test_a_closed_store_leaves_one_file_and_opens_again(path: Path) -> None:
    store = SqliteStore(path)
    engagement, _, _ = someone_answering(store)
    store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]  # the log is folded in: one file to copy
    assert store.engagement(engagement).id == engagement


def test_a_list_takes_one_query(path: Path) -> None:
    store = SqliteStore(path)
    for _ in range(3):
        someone_answering(store)
    asked: list[str] = []
    with store._connection() as db:
        db.conn.set_trace_callback(asked.append)
    assert len(store.engagements()) == 3
    assert len([sql for sql in asked if "SELECT" in sql and not sql.startswith("--")]) == 1


def test_purging_leaves_no_row_in_any_table(path: Path) -> None:
    store = SqliteStore(path, clock=lambda: TUESDAY)
    engagement = an_engagement()
    store.create_engagement(engagement, a_wave(engagement.id, id="wave"))
    with store._writing() as db:
        _fill_every_table(db, engagement.id)
        empty = [table.name for table in _tables(db) if table.count == 0]
    assert empty == []
    store.delete_engagement(engagement.id, MONDAY)
    assert store.purge_deleted(TUESDAY) == 1
    with store._reading() as db:
        # but that something was done to it, and that it was erased
        assert {table.name: table.count for table in _tables(db) if table.count} == {"audit_log": 2}


def test_erased_answers_are_gone_from_the_disk(path: Path) -> None:
    store = SqliteStore(path)
    engagement = an_engagement(name="Hemmelig Handel AS")
    store.create_engagement(engagement, a_wave(engagement.id))
    store.delete_engagement(engagement.id, MONDAY)
    store.purge_deleted(TUESDAY)
    assert b"Hemmelig" not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_purging_does_not_wait_for_a_reader(path: Path) -> None:
    store = SqliteStore(path)
    engagement, _, _ = someone_answering(store)
    store.delete_engagement(engagement, MONDAY)
    with sqlite3.connect(path, isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM engagements").fetchall()
        began = time.monotonic()
        assert store.purge_deleted(TUESDAY) == 1
        assert time.monotonic() - began < 2
    with store._connection() as db:
        assert db.execute("PRAGMA busy_timeout").fetchone() == (BUSY_TIMEOUT_S * 1000,)


def test_neither_answers_nor_responses_keep_an_order_of_arrival(path: Path) -> None:
    store = SqliteStore(path)
    with store._reading() as db:
        for name in ("responses", "answers", "page_times"):
            with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
                db.execute(f"SELECT rowid FROM {name}")


def test_history_refuses_what_respondents_answer(path: Path) -> None:
    store = SqliteStore(path)
    engagement, _, _ = someone_answering(store)
    row = {"change_id": 1, "position": 0, "table_name": "answers", "row_key": "{}", "after": "{}"}
    with store._writing() as db:
        db.table("changes").insert({"id": 1, "engagement_id": engagement, "changed_at": "2026-03-02", "actor": "key"})
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), store._writing() as db:
        db.table("changed_rows").insert(row)


def test_the_store_comes_without_pandas_and_numpy() -> None:
    seen = "import sys, assessment.store; print(sorted({'pandas', 'numpy', 'scipy', 'altair'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", seen], text=True).strip() == "[]"


def _as_an_ordinary_user(call: Callable[[], object]) -> str:
    """Name of the error the call ends with for somebody whom file permissions bind; root is not."""
    reader, writer = os.pipe()

    def run() -> None:
        if os.geteuid() == 0:
            os.setuid(NOBODY_UID)
        try:
            call()
        except StoreError as error:
            os.write(writer, type(error).__name__.encode())

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join(10)
    os.close(writer)
    with os.fdopen(reader) as said:
        return said.read()


def _tables(db: Database) -> list:
    return [table for table in db.tables if table.name != MIGRATIONS.migrations_table]


def _fill_every_table(db: Database, engagement: str) -> None:
    """One row in each table, with every reference to another table set."""
    of = {"engagement_id": engagement}
    rows: list[tuple[str, dict[str, object]]] = [
        ("responses", {"id": "r", "wave_id": "wave", "role": "S", "view": "role"}),
        ("answers", {"response_id": "r", "item_id": "C1.1", "answer": "3"}),
        ("retrospective_answers", {"response_id": "r", "item_id": "PC1", "answer": "2"}),
        ("page_times", {"response_id": "r", "page": "C1", "seconds": 5}),
        ("shared_scores", {"wave_id": "wave", "criterion_id": "C1", "score": 2.5}),
        ("evidence_grades", {"wave_id": "wave", "item_id": "C1.1", "grade": "E2"}),
        ("criterion_settings", of | {"criterion_id": "C1", "weight": 1, "target": 4.0, "set_after_results": 0}),
        ("readiness_answers", of | {"item_id": "P1", "answer": "3"}),
        ("mandates", of | {"version": 1, "created_at": "2026-03-02"}),
        ("mandate_departments", of | {"version": 1, "position": 0, "department": "Leveranse"}),
        ("mandate_processes", of | {"version": 1, "process_id": "p"}),
        (
            "sponsor_notes",
            of | {"strategy": "S4", "language": "nb", "section": "shows", "words": "a", "mandate_version": 1},
        ),
        ("kpis", of | {"id": "kpi", "name": "Tilbudstid", "better": "down"}),
        ("kpi_points", {"kpi_id": "kpi", "date": "2026-03-02", "value": 9.0}),
        (
            "goals",
            of
            | {"id": "g", "draft": 0, "text": "Raskere", "target_value": 6.0, "baseline_value": 10.0, "unit": "dager"}
            | {"due_on": "2026-09-01", "owner": "SL", "kpi_id": "kpi"},
        ),
        ("processes", of | {"id": "p", "code": "quoting"}),
        ("stages", of | {"id": "v4", "position": 4, "name": "Tilbud"}),
        ("stages", of | {"id": "v4a", "position": 1, "name": "Pris", "parent_stage_id": "v4"}),
        ("pools", of | {"id": "pool", "name": "Teknisk", "fte": 1.0, "hours_month": 130.0, "flow_share": 0.7}),
        ("stage_pools", {"stage_id": "v4", "pool_id": "pool", "process_time_h": 2.0}),
        ("handoffs", {"from_stage_id": "v4", "to_stage_id": "v4a"}),
        ("waste_rows", of | {"id": "w", "code": "W4", "stage_id": "v4"}),
        ("findings", of | {"wave_id": "wave", "rule": "D08", "note": "a"}),
        (
            "diagnosis_signatures",
            of | {"wave_id": "wave", "signed_by": "TM", "signed_at": "2026-03-02", "basis": "[]"},
        ),
        ("strategy_weights", of | {"strategy": "S1", "signal": "bn", "weight": 1.0}),
        (
            "strategy_decisions",
            of
            | {"number": 1, "wave_id": "wave", "strategy": "S1", "recommended": "S1", "outside": 0}
            | {"decided_by": "TM", "decided_on": "2026-03-02", "basis": "{}"},
        ),
        ("training_briefs", of | {"steps": "a"}),
        ("branding", of | {"sender": "Kvist Rådgivning"}),
        ("privacy", of | {"controller": "Fjord AS"}),
        ("audit_log", of | {"at": "2026-03-02", "actor": "local", "kind": "exported", "count": 1}),
        (
            "rooms",
            of
            | {"id": "room", "code_hash": "0", "opened_at": "2026-03-02", "step_id": "step"}
            | {"step_began_at": "2026-03-02", "hidden": 0, "consensus": 0, "revision": 0},
        ),
        ("room_steps", {"id": "step", "room_id": "room", "position": 0, "kind": "pulse", "minutes": 7, "skipped": 0}),
        (
            "room_ballots",
            {"step_id": "step", "round": 1, "kind": "pulse", "questions": "[]", "together": 0, "agreed": "{}"}
            | {"opened_at": "2026-03-02"},
        ),
        ("room_votes", {"step_id": "step", "round": 1, "voter": "v", "question": "PU1", "value": "3"}),
        ("room_phones", {"room_id": "room", "voter": "v"}),
        (
            "payback_lines",
            of | {"line": "B2", "owner": "TM", "kpi_id": "kpi"} | {"realised_on": "2026-09-01", "signed_by": "TM"},
        ),
        ("payback_inputs", of | {"input": "churn_cut", "low": 0.0, "likely": 0.015, "high": 0.03}),
        ("payback_terms", of | {"currency": "SEK", "discount_rate": 0.08, "first_year_share": 0.5, "years": 3}),
        (
            "actions",
            of
            | {"id": "a", "position": 0, "quick_win": 1, "parked": 0, "title": "Sjekkliste", "status": "planned"}
            | {"figure": 2.0, "owner": "Salg", "due_on": "2026-06-01", "kpi_id": "kpi", "process_id": "p"},
        ),
        ("members", of | {"subject": "kari@example.no", "role": "viewer", "added_at": "2026-03-02"}),
        (
            "links",
            of | {"id": "l", "wave_id": "wave", "purpose": "answer", "token_hash": "0", "created_at": "2026-03-02"},
        ),
        ("changes", of | {"id": 1, "changed_at": "2026-03-02", "actor": "oidc", "subject": "kari@example.no"}),
        ("changes", of | {"id": 2, "changed_at": "2026-03-02", "actor": "local", "undoes": 1}),
        ("changed_rows", {"change_id": 1, "position": 0, "table_name": "kpis", "row_key": "{}", "after": "{}"}),
    ]
    for table, row in rows:
        db.table(table).insert(row)
