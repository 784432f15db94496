"""What an installation decides: every problem at once, nothing of a value in it, and a table that is true."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assessment.cli import main
from assessment.settings import DEFAULTS, ROOT, Settings, SettingsError, read, settings
from tests.conftest import MakeDatabase

SECRET = "kort hemmelighet"  # noqa: S105


def test_nothing_set_and_everything_empty_are_the_same() -> None:
    names = [str(field.title) for field in Settings.model_fields.values()]
    assert read({}) == read(dict.fromkeys(names, "")) == Settings()
    assert read({}).database == ROOT / "data" / "salgsflyt.db"


@pytest.mark.parametrize(("told", "closed"), [("always", True), ("alwyas", True), ("away", False)])
def test_a_misspelt_sign_in_closes_the_door(told: str, closed: bool) -> None:
    assert read({"SALGSFLYT_SIGN_IN": told}).sign_in_always is closed


def test_every_problem_is_named_at_once_and_no_value_is_repeated() -> None:
    with pytest.raises(SettingsError) as refused:
        read(
            {
                "SALGSFLYT_SECRET": SECRET,
                "SALGSFLYT_ADDRESS": "salgsflyt",
                "SALGSFLYT_LOG": "xml",
                "SALGSFLYT_DISK_FREE_MB": "0",
            }
        )
    named = [problem.partition(":")[0] for problem in refused.value.problems]
    assert named == ["SALGSFLYT_SECRET", "SALGSFLYT_ADDRESS", "SALGSFLYT_LOG", "SALGSFLYT_DISK_FREE_MB"]
    assert SECRET not in str(refused.value)


def test_the_secret_is_not_in_what_is_printed_of_the_settings() -> None:
    assert SECRET not in repr(read({"SALGSFLYT_SECRET": SECRET * 3}))


def test_the_table_in_the_documentation_is_the_model() -> None:
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| `")]
    assert table == [
        f"| `{field.title}` | {field.description} | {DEFAULTS.get(name, f'`{field.default}`')} |"
        for name, field in Settings.model_fields.items()
    ]


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    """The server's module, as uvicorn imports it."""
    return subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_server_does_not_start_on_settings_it_cannot_use() -> None:
    done = started(SALGSFLYT_LOG="xml", SALGSFLYT_DISK_FREE_MB="-1")
    assert done.returncode == 1
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["SALGSFLYT_LOG", "SALGSFLYT_DISK_FREE_MB"]


def test_the_server_does_not_start_on_a_newer_database(tmp_path: Path, make_database: MakeDatabase) -> None:
    database = make_database(tmp_path / "newer.db")
    with closing(sqlite3.connect(database)) as db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (999, 'salgsflyt', 'm999', '')")
        db.commit()
    done = started(SALGSFLYT_DATABASE=str(database))
    assert done.returncode == 1
    assert "newer version of Salgsflyt" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_command_says_what_is_wrong_with_the_settings_and_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SALGSFLYT_LOG", "xml")
    settings.cache_clear()
    assert main(["migrate"]) == 2
    assert capsys.readouterr().err.startswith("SALGSFLYT_LOG: ")
    monkeypatch.undo()
    settings.cache_clear()
