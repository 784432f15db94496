"""The shell's way in: help that works as written, and refusals without a traceback."""

import json
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from assessment.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
NAMES = [import_module(f"assessment.headless.{module}").NAME for module in COMMANDS]
# what another program, or somebody at a terminal, reads line by line is not JSON
LINES = ("invite", "demo", "open-handover", "migrate", "copy", "erase-expired", "audit")
# they need a database or a backup to begin with: test_backups.py and test_copying.py in tests/store and
# test_privacy.py make them
INSTALLATION = ("backup", "verify", "restore", "copy", "export")
READING = ("score", "recommend", "check-pack", "open-handover", "verify", "restore")  # those that take a file


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command writes goes to an installation of the test's own."""
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(tmp_path / "cli.db"))


def shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m assessment` with these arguments, in the product's folder."""
    return subprocess.run(
        [sys.executable, "-m", "assessment", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_help_lists_every_command_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    shown = capsys.readouterr().out
    assert left.value.code == 0
    for module, name in zip(COMMANDS, NAMES, strict=True):
        assert name in shown
        assert import_module(f"assessment.headless.{module}").HELP in " ".join(shown.split())


@pytest.mark.parametrize("name", [name for name in NAMES if name not in INSTALLATION])
def test_the_example_in_the_help_works_as_written(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    example = shown.partition("example: ")[2]

    python, module, package, *arguments = shlex.split(example)
    done = shell(*arguments)

    assert (left.value.code, python, module, package, arguments[0]) == (0, "python", "-m", "assessment", name)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert done.stdout if name in LINES else isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["score"], ["score", "x.csv", "--nonsense"], ["check-packs"]])
def test_what_it_does_not_know_is_refused_without_a_traceback(arguments: list[str]) -> None:
    done = shell(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "usage: python -m assessment" in done.stderr


@pytest.mark.parametrize("name", READING)
def test_a_file_that_is_not_there_is_a_sentence_and_exit_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([name, "no/such/file"])

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert [line for line in said.err.splitlines() if "no/such/file" not in line] == []
    assert said.err
