"""Files from outside: limits before anything is unpacked, problems with keys, and what is kept of a row."""

import io
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest

from assessment.files import InputError, Problem, gathered
from assessment.files.gathered import ROWS_MAX, UPLOAD_MAX
from assessment.packs import LANGUAGES, builtin
from assessment.scoring.result import document
from assessment.scoring.score import score
from assessment.texts import keys, texts

FULL = builtin("full")


def problems(name: str, content: bytes) -> list[Problem]:
    with pytest.raises(InputError) as refused:
        gathered.gathered(name, content, FULL)
    assert all(isinstance(p, Problem) for p in refused.value.problems)
    return list(refused.value.problems)


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO(workbook([["role", "C1.1"], ["S", 3]]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/filler.bin", b"\0" * (gathered.UNPACKED_MAX + 1))
    assert len(file.getvalue()) < UPLOAD_MAX

    (refused,) = problems("svar.xlsx", file.getvalue())

    assert refused.key == "unpacked"


def test_a_part_that_lies_about_its_size_is_not_read_beyond_it() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<x>" + b" " * 5_000_000 + b"</x>")
    lying = bytearray(file.getvalue())
    at = lying.rindex(b"PK\x01\x02") + 24
    lying[at : at + 4] = (10).to_bytes(4, "little")

    (refused,) = problems("svar.xlsx", bytes(lying))

    assert refused.key == "workbook"


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY e SYSTEM "file:///etc/passwd">',
        '<!ENTITY l0 "ha">'
        + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        + '<!ENTITY e "&l9;">',
    ],
)
def test_a_workbook_fetches_nothing_and_grows_by_no_entity(declared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # what the product has: defusedxml, which openpyxl would rather use, comes with the tests only
    monkeypatch.setattr("openpyxl.worksheet._reader.iterparse", ElementTree.iterparse)
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["role", "C1.1"], ["S", 3]]))) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in source.namelist():
            content = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                assert "<t>S</t>" in content
                content = f"<!DOCTYPE worksheet [{declared}]>" + content.replace("<t>S</t>", "<t>&e;</t>")
            packed.writestr(name, content)

    (refused,) = problems("svar.xlsx", file.getvalue())

    assert refused.key == "workbook"


def test_too_much_is_refused_in_one_line() -> None:
    assert [p.key for p in problems("svar.csv", b"role,C1.1\n" + b"S,3\n" * (UPLOAD_MAX // 4))] == ["too_large"]
    assert [p.key for p in problems("svar.csv", b"role,C1.1\n" + b"S,3\n" * (ROWS_MAX + 1))] == ["too_many"]
    assert [p.key for p in problems("svar.csv", b"role,team,C1.1\nS," + b"x" * 300 + b",3\n")] == ["team"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "header"),
        (b"role,C1.1\n", "no_rows"),
        (b"C1.1\n3\n", "column_missing"),
        (b"role,respondent\nS,a\n", "no_items"),
        (b"role,X1,C1.1\nS,3,3\n", "column_unknown"),
        (b"role,,C1.1\nS,,3\n", "column_nameless"),
        (b"role,C1.1,C1.1\nS,3,3\n", "column_twice"),
        (b"role,C1.1\nS,3,4\n", "row_width"),
        (b"role,C1.1\nS,9\n", "value"),
        (b"role,C1.1\nOD,3\n", "not_shown"),
        (b"role,C1.1\nX,3\n", "role"),
        (b"role,respondent,C1.1\nS,a,3\nS,a,3\n", "respondent"),
        ("role,C1.1\nsælger,3\n".encode("latin-1"), "encoding"),
        (b'role,C1.1\nS,"3\n', "cells"),
    ],
)
def test_every_problem_has_words_in_both_languages(content: bytes, key: str) -> None:
    found = problems("svar.csv", content)

    assert key in [p.key for p in found]
    for problem in found:
        for language in LANGUAGES:
            assert texts(language)(f"import.problem.{problem.key}", **problem.fields)
            assert keys(language)[f"import.problem.{problem.key}"] <= set(problem.fields)


def test_what_is_read_in_scores_as_the_command_scores_the_file() -> None:
    from assessment.headless import score as command
    from assessment.settings import ROOT

    file = ROOT / "data" / "examples" / "answers.csv"
    found = gathered.gathered(file.name, file.read_bytes(), FULL)
    arguments = {"file": str(file), "pack": "full", "mode": "anonymous", "k": "5"} | dict.fromkeys(
        ("weights", "targets", "by")
    )

    assert document(score(found.table, FULL, mode="anonymous")) == command.run(type("Args", (), arguments)())


def test_of_a_row_only_role_team_and_answers_are_kept() -> None:
    rows = b"role,respondent,team,C1.1,C1.2,C1.3\nS,Kari Nordmann,Nord,3,DK,\nS,,,NA,1,2\n"

    people = gathered.gathered("svar.csv", rows, FULL).people()

    assert people == [("S", "Nord", {"C1.1": 3, "C1.2": "DK"}), ("S", None, {"C1.1": "NA", "C1.2": 1, "C1.3": 2})]
    assert "Kari" not in repr(people)


def test_the_preview_counts_and_shows_no_answer() -> None:
    rows = b"role,C1.1,C1.2,C1.3\n" + b"S,3,DK,\n" * 4 + b"SL,1,1,1\n"

    seen = gathered.gathered("svar.csv", rows, FULL).preview(k=5)

    assert dict(seen.roles) == {"SL": 1, "S": 4}
    assert (seen.answered, seen.unknown) == pytest.approx((7 / 15, 4 / 15))
    assert [(g.roles, g.n) for g in seen.left_out] == [(("S",), 4)]
    assert len(seen.absent) == len(FULL.items) - 3
    assert not seen.has_teams
