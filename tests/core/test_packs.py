"""Question packs: what the built-in ones hold, what pins them, and a loader that tells every problem at once."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.packs import LANGUAGES, QUESTIONS, ROLES, PackError, builtin, builtin_ids, load

PACK = """
id = "{id}"
version = "1.0.0"
min_items = 1
allows_na = true
anchored = [1, 3, 5]
subscales = {{ half = ["A1"] }}

[[criteria]]
id = "A"

[[items]]
id = "A1"
criterion = "A"
roles = ["SL", "S"]

[[items]]
id = "A2"
criterion = "A"
roles = ["SL"]
"""
PROSE = """
title = "Title"
language = "{language}"

[criteria.A]
title = "A"
about = "About A"

[items."A1"]
stem = "First?"
topic = "First"
anchors = ["one", "three", "five"]

[items."A2"]
stem = "Second?"
topic = "Second"
anchors = ["one", "three", "five"]
"""

Change = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small pack without problems."""
    made = tmp_path / "small"
    made.mkdir()
    (made / "pack.toml").write_text(PACK.format(id="small"), encoding="utf-8")
    for language in LANGUAGES:
        (made / f"{language}.toml").write_text(PROSE.format(language=language), encoding="utf-8")
    return made


@pytest.fixture
def change(folder: Path) -> Change:
    """Replace words in one of the pack's files: `change("pack", before, after)`."""

    def replace(file: str, before: str, after: str) -> None:
        path = folder / f"{file}.toml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    return replace


def problems(folder: Path) -> list[str]:
    """What the loader says, with the folder's own path left out."""
    with pytest.raises(PackError) as refused:
        load(folder)
    return [problem.replace(f"{folder}/", "") for problem in refused.value.problems]


# ---------------------------------------------------------------- what the built-in packs hold (method §2.3)


def test_four_packs_come_with_the_product() -> None:
    assert builtin_ids() == ("full", "pulse", "reaction", "readiness")
    assert [builtin(i).id for i in builtin_ids()] == ["full", "pulse", "reaction", "readiness"]


def test_the_full_set_has_33_questions_in_seven_criteria() -> None:
    pack = builtin("full")

    assert Counter(i.criterion for i in pack.items) == {"C1": 4, "C2": 5, "C3": 4, "C4": 5, "C5": 5, "C6": 5, "C7": 5}
    assert len(pack.items) == 33
    assert {c.id: (c.weight, c.target) for c in pack.criteria} == {f"C{n}": (1, 4.0) for n in range(1, 8)}


def test_each_role_is_asked_as_many_questions_as_the_method_says() -> None:
    pack = builtin("full")

    assert {role: len(pack.shown_to(role)) for role in ROLES} == {
        "SL": 32,
        "S": 32,
        "OP": 28,
        "OD": 13,
        "TM": 8,
        "K": 33,
    }


def test_the_sub_scales_are_those_of_the_method() -> None:
    assert dict(builtin("full").subscales) == {
        "C5i": ("C5.1", "C5.2", "C5.3"),
        "C5e": ("C5.4", "C5.5"),
        "C6m": ("C6.1", "C6.2"),
        "C6s": ("C6.3", "C6.4"),
        "SYS": ("C6.5",),
    }


def test_the_pulse_asks_once_about_each_criterion_on_three_described_levels() -> None:
    pack = builtin("pulse")

    assert [i.criterion for i in pack.items] == [c.id for c in builtin("full").criteria]
    assert (pack.anchored, pack.allows_na) == ((1, 3, 5), False)
    assert pack.values() == (1, 2, 3, 4, 5, "DK")


def test_readiness_asks_about_the_seven_preconditions() -> None:
    assert [i.id for i in builtin("readiness").items] == [f"P{n}" for n in range(1, 8)]


@pytest.mark.parametrize("pack_id", builtin_ids())
def test_every_question_is_worded_in_both_languages_and_differently(pack_id: str) -> None:
    pack = builtin(pack_id)

    for item in pack.items:
        nb, en = (pack.prose[language].items[item.id] for language in ("nb", "en"))
        assert len(nb.anchors) == len(en.anchors) == len(pack.anchored)
        assert nb.stem != en.stem
        assert bool(nb.help) == bool(en.help)


def test_a_pack_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(PackError, match="'none': not found, expected one of full, pulse, reaction, readiness"):
        builtin("none")


# ---------------------------------------------------------------- what pins a pack


def test_the_same_content_has_the_same_hash_wherever_it_lies(tmp_path: Path) -> None:
    copy = shutil.copytree(QUESTIONS / "full", tmp_path / "full")
    text = (copy / "pack.toml").read_text(encoding="utf-8")
    (copy / "pack.toml").write_text(f"# a remark\n\n{text}", encoding="utf-8")

    assert load(copy).hash == builtin("full").hash
    assert re.fullmatch(r"[0-9a-f]{64}", builtin("full").hash)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("nb", "First?", "Another?"),
        ("en", '"three"', '"thre"'),
        ("pack", 'roles = ["SL"]', 'roles = ["S"]'),
        ("pack", "1.0.0", "1.0.1"),
    ],
)
def test_a_changed_word_is_another_hash(folder: Path, change: Change, file: str, before: str, after: str) -> None:
    unchanged = load(folder).hash
    change(file, before, after)

    assert load(folder).hash != unchanged


# ---------------------------------------------------------------- problems, all at once


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("pack", 'id = "small"', 'id = "other"', "pack.toml: id 'other' must be the folder's name 'small'"),
        ("pack", 'id = "A2"', 'id = "A1"', "pack.toml: item 'A1' stands 2 times"),
        ("pack", 'criterion = "A"', 'criterion = "B"', "pack.toml: item 'A1': criterion 'B' does not exist"),
        ("pack", '["SL", "S"]', '["SL", "K"]', "pack.toml: item 'A1': role K is asked every item and is not listed"),
        ("pack", "min_items = 1", "min_items = 3", "pack.toml: criterion 'A' has 2 items, min_items is 3"),
        ("pack", 'half = ["A1"]', 'half = ["A9"]', "pack.toml: subscale 'half': item 'A9' does not exist"),
        ("pack", "[1, 3, 5]", "[1, 5, 3]", "pack.toml: anchored must list levels in rising order, each once"),
        ("pack", 'id = "A"', 'id = "A"\ncolour = 1', "pack.toml: criteria A colour: Extra inputs are not permitted"),
        ("pack", '["SL"]', '["BOSS"]', "pack.toml: items A2 roles 0: Input should be"),
        ("pack", '["SL"]', "[]", "pack.toml: items A2 roles: Tuple should have at least 1 item"),
        ("pack", "allows_na = true", "", "pack.toml: allows_na: Field required"),
        ("nb", 'language = "nb"', 'language = "en"', "nb.toml: language is 'en', expected 'nb'"),
        ("nb", '[items."A2"]', '[items."A3"]', "nb.toml: item 'A2' has no text"),
        ("nb", '[items."A2"]', '[items."A3"]', "nb.toml: item 'A3' is not in pack.toml"),
        ("nb", "[criteria.A]", "[criteria.B]", "nb.toml: criterion 'A' has no text"),
        ("en", '["one", "three", "five"]', '["one", "five"]', "en.toml: item 'A1' has 2 anchors, expected 3"),
        ("en", '["one", "three", "five"]', '["one", "one", "five"]', "en.toml: item 'A1': anchor 'one' stands twice"),
        ("en", "First?", "<b>First</b>?", "en.toml: item 'A1': markup is not allowed in prose"),
        ("en", 'stem = "First?"\n', "", "en.toml: items A1 stem: Field required"),
        ("en", 'title = "Title"', "title = Title", "en.toml: not valid TOML"),
    ],
)
def test_a_problem_is_told_with_file_and_id(
    folder: Path, change: Change, file: str, before: str, after: str, says: str
) -> None:
    change(file, before, after)

    assert [p for p in problems(folder) if p.startswith(says)] != []


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "en.toml").unlink()

    assert problems(folder) == ["en.toml: the file is missing"]


def test_a_file_that_is_not_text_is_named(folder: Path) -> None:
    (folder / "en.toml").write_bytes(b"\xff\xfe\x00")

    assert [p.split(" (")[0] for p in problems(folder)] == ["en.toml: cannot be read"]


def test_a_folder_that_is_not_there_lacks_all_three(tmp_path: Path) -> None:
    assert problems(tmp_path / "none") == [f"{name}.toml: the file is missing" for name in ("pack", "nb", "en")]


def test_every_problem_of_every_file_is_told_at_once(folder: Path, change: Change) -> None:
    change("pack", 'criterion = "A"', 'criterion = "B"')
    change("pack", '["SL"]', '["SL", "K"]')
    change("pack", 'half = ["A1"]', 'half = ["A9"]')
    change("nb", '[items."A2"]', '[items."A3"]')
    change("nb", '["one", "three", "five"]', '["one"]')
    change("en", 'language = "en"', 'language = "nb"')

    assert sorted(problems(folder)) == [
        "en.toml: language is 'nb', expected 'en'",
        "nb.toml: item 'A1' has 1 anchors, expected 3",
        "nb.toml: item 'A2' has no text",
        "nb.toml: item 'A3' is not in pack.toml",
        "pack.toml: item 'A1': criterion 'B' does not exist",
        "pack.toml: item 'A2': role K is asked every item and is not listed",
        "pack.toml: subscale 'half': item 'A9' does not exist",
    ]


# ---------------------------------------------------------------- check-pack


def check_pack(folder: Path) -> subprocess.CompletedProcess[str]:
    """The command, as somebody who writes a pack runs it."""
    return subprocess.run(
        [sys.executable, "-m", "assessment", "check-pack", str(folder)],
        cwd=QUESTIONS.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_pack_prints_what_identifies_the_pack(folder: Path) -> None:
    done = check_pack(folder)

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "id": "small",
        "version": "1.0.0",
        "hash": load(folder).hash,
        "criteria": 1,
        "items": 2,
        "languages": ["en", "nb"],
    }


def test_check_pack_prints_nothing_but_the_problems_of_a_broken_pack(folder: Path, change: Change) -> None:
    change("pack", 'criterion = "A"', 'criterion = "B"')
    change("nb", '[items."A2"]', '[items."A3"]')

    done = check_pack(folder)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"{folder}/{problem}" for problem in problems(folder)]
    assert len(done.stderr.splitlines()) == 3
