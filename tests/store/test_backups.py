"""Backups of a database in use, and how they are proven, refused and put back."""

import json
import shlex
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from assessment.cli import main
from assessment.files import InputError
from assessment.settings import settings
from assessment.store import SqliteStore, backups
from assessment.store._sqlite_utils import Database
from assessment.store.backups import backup, restore, verify
from assessment.store.fingerprints import connected, fingerprints
from assessment.store.migrations import MIGRATIONS
from assessment.store.upgrades import newer_than_program, rehearse, steps_left, upgrade
from tests.conftest import MakeDatabase
from tests.store.situations import THREE, item, someone_answering

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(tmp_path: Path, make_database: MakeDatabase) -> Path:
    """A database that somebody has answered in, closed."""
    path = make_database(tmp_path / "salgsflyt.db")
    store = SqliteStore(path)
    store.save_answers(someone_answering(store)[2], {item(1): THREE})
    store.close()
    return path


@pytest.fixture
def file(database: Path) -> Path:
    """A backup of it."""
    made = database.with_name("one.backup")
    backup(database, made)
    return made


def content(path: Path) -> dict[str, backups.Fingerprint]:
    """What a database's tables hold."""
    with closing(connected(path)) as db:
        return fingerprints(db)


def test_a_backup_taken_while_somebody_writes_is_one_moment_and_loses_nothing(database: Path) -> None:
    store, done, made = SqliteStore(database), threading.Event(), list[object]()

    def write() -> None:
        while not done.is_set():
            made.append(someone_answering(store))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            before = len(made)
            manifest = backup(database, database.with_name(f"{number}.backup"))
            after = len(made) + 1  # one may be committed and not yet counted here
            assert verify(database.with_name(f"{number}.backup")) == manifest
            assert before + 1 <= manifest.tables["responses"].rows <= after + 1
    finally:
        done.set()
        writer.join()
    assert len(made) > 5


def test_a_restored_database_is_the_one_that_was_backed_up(database: Path, file: Path) -> None:
    told = content(database)
    store = SqliteStore(database)
    someone_answering(store)
    store.close()
    assert content(database) != told

    done = restore(file, database, overwrite=True)

    assert content(database) == told == done.manifest.tables
    assert done.kept is not None
    assert content(done.kept)["responses"].rows == told["responses"].rows + 1
    assert {stat.S_IMODE(made.stat().st_mode) for made in (file, database)} == {0o600}


def test_a_database_is_not_replaced_unless_that_is_said(database: Path, file: Path) -> None:
    before = database.read_bytes()
    with pytest.raises(InputError, match="--overwrite"):
        restore(file, database)
    assert database.read_bytes() == before


def test_a_database_in_use_is_not_replaced(database: Path, file: Path) -> None:
    store = SqliteStore(database)
    store.engagements()
    with pytest.raises(InputError, match="is in use; stop Salgsflyt"):
        restore(file, database, overwrite=True)
    store.close()
    assert restore(file, database, overwrite=True).kept


def test_a_damaged_database_gives_way_with_its_log(database: Path, file: Path) -> None:
    told = content(database)
    database.write_bytes(b"not a database any more" * 400)
    log = database.with_name("salgsflyt.db-wal")
    log.write_bytes(b"a log of the old one")

    done = restore(file, database, overwrite=True)

    assert not log.exists()
    assert content(database) == told
    assert done.kept is not None
    assert done.kept.read_bytes().startswith(b"not a database any more")


def test_every_damaged_byte_is_found(file: Path, tmp_path: Path) -> None:
    good = file.read_bytes()
    damaged = tmp_path / "damaged.backup"
    # the ends, where the archive says what it holds, and every part of what it holds
    for at in {*range(0, len(good), 997), *range(40), *range(len(good) - 160, len(good))}:
        damaged.write_bytes(good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1 :])
        with pytest.raises(InputError, match="damaged"):
            verify(damaged)


def test_a_backup_cut_short_is_found(file: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(InputError, match="damaged"):
        verify(cut)


def test_a_table_that_is_not_what_the_manifest_says_is_named(file: Path, database: Path, tmp_path: Path) -> None:
    manifest, other, forged = verify(file), tmp_path / "other.db", tmp_path / "forged.backup"
    with closing(connected(database)) as source, closing(sqlite3.connect(other)) as target:
        source.conn.backup(target)
        target.execute("DELETE FROM answers")
        target.commit()
    forged.touch()
    backups._pack(manifest, other, forged)
    with pytest.raises(InputError, match="answers does not hold what the manifest says"):
        verify(forged)


@pytest.mark.parametrize("change", [{"format": 2}, {"migrations": ["m001_engagements_and_waves", "m999_later"]}])
def test_a_newer_programs_backup_is_refused_with_a_sentence(
    file: Path, database: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("manifest.json"))
    newer = tmp_path / "newer.backup"
    newer.touch()
    backups._pack(backups.Manifest.model_validate(told | change), database, newer)
    with pytest.raises(InputError, match=r"made by a newer version of Salgsflyt.*update Salgsflyt"):
        restore(newer, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_a_backup_replaces_no_file_and_leaves_nothing_half_made(database: Path, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(InputError, match="never replaces"):
        backup(database, file)
    with pytest.raises(InputError, match="no database"):
        backup(database.with_name("missing.db"), database.with_name("x.backup"))
    with pytest.raises(InputError):
        backup(database, database.parent / "no folder" / "x.backup")
    assert file.read_bytes() == before
    assert sorted(p.name for p in database.parent.iterdir()) == ["one.backup", "salgsflyt.db"]


def test_the_commands_examples_work_one_after_another(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(database))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("backup", "verify", "restore"):
        _, *arguments = shlex.split(import_module(f"assessment.headless.{name}").EXAMPLE)
        done = subprocess.run(
            [sys.executable, *arguments], cwd=database.parent, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert ["answers", "1"] in [line.split()[:2] for line in done.stdout.splitlines()]
    # what was restored was copied before its own making was written down
    assert [(e.kind, e.actor) for e in SqliteStore(database).audit_log(limit=9)] == [("backup_restored", "command")]
    (kept,) = database.parent.glob("salgsflyt.db.replaced-*")
    assert [e.kind for e in SqliteStore(kept).audit_log(limit=9)] == ["backup_made"]


def test_a_backup_before_an_upgrade_upgrades_nothing(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm023_audit_log'")
        db.execute("DROP TABLE audit_log")
        db.commit()
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(database))
    settings.cache_clear()
    assert main(["backup", str(tmp_path / "older.backup")]) == 0
    assert steps_left(database) == ["m023_audit_log"]
    settings.cache_clear()


# Upgrades


def test_a_database_that_is_up_to_date_needs_no_steps(database: Path) -> None:
    assert rehearse(database).steps == []


def test_a_rehearsal_says_what_a_migration_does_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(Database(path)) as db:
        MIGRATIONS.apply(db, stop_before="m004_kpis")
    before = content(path)

    tried = rehearse(path)

    assert content(path) == before
    assert tried.steps[0] == "m004_kpis"
    assert "kpis" in tried.after.keys() - tried.before.keys()
    assert tried.wrong == []
    assert upgrade(path) == tried
    assert content(path).keys() == tried.after.keys()


def test_a_database_newer_than_the_program_is_known(database: Path, tmp_path: Path) -> None:
    assert newer_than_program(database) == []
    assert newer_than_program(tmp_path / "none.db") == []
    with closing(sqlite3.connect(database)) as db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('salgsflyt', 'm999', '')")
        db.commit()
    assert newer_than_program(database) == ["m999"]
