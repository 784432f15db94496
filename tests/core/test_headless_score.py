"""`python -m assessment score`: the contract of headless.md, on real files and bad ones."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from assessment.cli import main
from assessment.headless.score import EXAMPLE
from assessment.packs import builtin

ROOT = Path(__file__).parents[2]
EXAMPLE_FILE = ROOT / "data" / "examples" / "answers.csv"
FULL = builtin("full")


@pytest.fixture
def answers(tmp_path):
    """Writes a file of answers and returns its path."""

    def write(text: str, name: str = "answers.csv", encoding: str = "utf-8") -> str:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


@pytest.fixture
def run(capsys):
    """Runs the command in this process: (exit status, document or None, problems)."""

    def command(*arguments: str):
        status = main(["score", *arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err.splitlines()

    return command


@pytest.fixture
def problems(run):
    """The problems of a run that must fail in the way bad input fails."""

    def command(*arguments: str) -> list[str]:
        status, document, lines = run(*arguments)
        assert (status, document) == (2, None)
        assert lines
        return lines

    return command


def seller_rows(count: int = 5) -> str:
    return "role,C5.1,C5.2,C5.3\n" + "".join(f"S,{1 + n % 5},2,3\n" for n in range(count))


def test_the_example_in_the_help_works_from_a_shell():
    command = EXAMPLE.replace("python", sys.executable, 1).split()
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    document = json.loads(finished.stdout)
    assert finished.stderr == ""
    assert document["criteria"][1]["weight"] == 2
    assert document["criteria"][0]["target"] == 3.5


def test_the_document_has_the_shape_of_the_contract(run):
    status, document, lines = run(str(EXAMPLE_FILE))
    assert (status, lines) == (0, [])
    assert list(document) == [
        *("pack", "mode", "k", "respondents", "published_groups", "left_out"),
        *("criteria", "subscales", "overall", "items"),
    ]
    assert document["pack"] == {"id": "full", "version": FULL.version, "hash": FULL.hash}
    assert document["published_groups"] == [
        {"roles": ["S"], "n": 8},
        {"roles": ["OP", "OD"], "n": 9},
        {"roles": ["SL"], "n": 2},
        {"roles": ["TM"], "n": 1},
        {"roles": ["K"], "n": 1},
    ]
    assert list(document["criteria"][0]) == [
        *("id", "score", "index", "level", "target", "gap", "weight", "priority", "dk_share"),
        *("seen_from", "perspectives", "perception_gap"),
    ]
    views = document["criteria"][0]["perspectives"]
    assert list(views) == ["leadership", "sellers", "surroundings", "consultant"]
    assert list(views["sellers"]) == ["n", "score", "ci95", "ad_m", "consensus", "hidden"]
    assert list(views["consultant"]) == ["n", "score"]
    assert views["surroundings"]["hidden"] is True
    assert not any(isinstance(v, int | float) for v in views["surroundings"].values() if v is not True)
    assert list(document["subscales"]) == ["C5i", "C5e", "C6m", "C6s", "SYS"]
    assert list(document["overall"]) == ["score", "index", "level", "capped_by"]
    keys = {"id", "n", "mean", "ad_m", "rwg", "rwg_star", "consensus", "split"}
    assert all(set(item) - {"band"} == keys for item in document["items"])
    assert [item["id"] for item in document["items"]] == [item.id for item in FULL.items]


def test_separator_bom_quotes_and_line_ends_do_not_matter(run, answers):
    plain = run(answers(seller_rows()))[1]
    assert run(answers(seller_rows().replace(",", ";")))[1] == plain
    assert run(answers(seller_rows(), encoding="utf-8-sig"))[1] == plain
    assert run(answers(seller_rows().replace("\n", "\r\n") + ",,,\r\n"))[1] == plain
    assert run(answers(seller_rows().replace("S,", '"S", ')))[1] == plain


def test_a_spreadsheet_gives_what_the_csv_gives(run, answers, tmp_path):
    book = openpyxl.Workbook()
    for n, line in enumerate(seller_rows().splitlines()):
        cells = line.split(",")
        book.active.append(cells if n == 0 else [cells[0], float(cells[1]), int(cells[2]), cells[3]])
    book.save(tmp_path / "answers.xlsx")
    assert run(str(tmp_path / "answers.xlsx"))[1] == run(answers(seller_rows()))[1]


def test_spreadsheet_cells_that_are_no_answers_are_named(problems, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["role", "C5.1", "C5.2", "C5.3", "C5.4"])
    book.active.append([None, None])
    book.active.append(["S", 3.5, True, "=1+2", None])
    book.active.append(["S", 3, 3, 3, 3, "beside the table"])
    book.save(tmp_path / "answers.xlsx")
    found = problems(str(tmp_path / "answers.xlsx"))
    assert len(found) == 4
    assert "row 4: expected 5 cells" in found[0]
    for line, column, value in zip(found[1:], ("C5.1", "C5.2", "C5.3"), ("3.5", "TRUE", "=1+2"), strict=True):
        assert (
            f"answers.xlsx: row 3, column {column}: expected 1, 2, 3, 4, 5, DK, NA or nothing, found '{value}'" in line
        )
    assert "formula" in found[3]


def test_all_problems_of_options_and_file_are_told_at_once(problems, answers):
    file = answers(
        "role,respondent,C1.1,C1.1,C8.1,C5.1,\nX,a,3,3,3,3,1\nOD,b,2,2,1,9,1\nS,a,dk,3,3,=SUM(A1),1\nS,c,3\n"
    )
    found = problems(
        *(file, "--k", "4", "--weights", "C2=4,C9=1,C3", "--targets", "C1=1.5,C1=3,C2=nan", "--mode", "anonymous"),
        *("--by", "role"),
    )
    expected = [
        "--k: expected a whole number from 5 to 10, found '4'",
        "--weights 'C2': expected a whole number from 0 to 3, found '4'",
        "--weights 'C9': unknown criterion, expected one of C1, C2, C3, C4, C5, C6, C7",
        "--weights: expected criterion=number, as in C2=2,C5=3, found 'C3'",
        "--targets 'C1': expected a number from 2 to 5, found '1.5'",
        "--targets 'C2': expected a number from 2 to 5, found 'nan'",
        "--by: expected team, found 'role'",
        "row 2: expected 6 cells as in the header, found 7",
        "row 3: expected 6 cells as in the header, found 7",
        "row 4: expected 6 cells as in the header, found 7",
        "row 5: expected 6 cells as in the header, found 3",
        "row 1, column C1.1: expected once, found again as column 4",
        "row 1, column 'C8.1': unknown column, "
        "expected role, respondent, team or an item id of pack full (C1.1 to C7.5)",
    ]
    assert [line.removeprefix(f"{file}: ") for line in found] == expected


def test_every_bad_cell_is_named_with_row_and_column(problems, answers):
    file = answers("role,respondent,C1.1,C5.1\nX,a,3,3\nOD,b,2,9\nS,a,dk,=SUM(A1)\n,d,3,3\n")
    found = [line.removeprefix(f"{file}: ") for line in problems(file)]
    assert found == [
        "row 2, column role: expected SL, S, OP, OD, TM or K, found 'X'",
        "row 3, column C1.1: expected nothing, since role OD is not shown this item, found '2'",
        "row 3, column C5.1: expected 1, 2, 3, 4, 5, DK, NA or nothing, found '9'",
        "row 4, column C1.1: expected 1, 2, 3, 4, 5, DK, NA or nothing, found 'dk'",
        "row 4, column C5.1: expected 1, 2, 3, 4, 5, DK, NA or nothing, found '=SUM(A1)' (a formula is never read)",
        "row 4, column respondent: expected a respondent once (first in row 2), found 'a'",
        "row 5, column role: expected SL, S, OP, OD, TM or K, found nothing",
    ]


@pytest.mark.parametrize("value", ["0", "6", "3.0", "3,5", "-1", "NaN", "inf", "na", "1 2", "³", "x" * 500])
def test_only_the_answers_of_the_contract_are_answers(problems, answers, value):
    (line,) = problems(answers(f'role;C5.1;C5.2\nS;"{value}";3\n'))
    assert "row 2, column C5.1: expected 1, 2, 3, 4, 5, DK, NA or nothing" in line
    assert len(line) < 300


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "row 1: expected a header"),
        (b"\xef\xbb\xbf", "row 1: expected a header"),
        (b"\n\n", "row 1: expected a header"),
        (b"role,C1.1\n", "row 2: expected at least one row"),
        (b"role,C1.1\n,\n", "row 2: expected at least one row"),
        (b"C1.1,C1.2\n3,3\n", "expected a column role, found none"),
        (b"role,respondent\nS,a\n", "expected at least one column with an item id"),
        (b"role,P1\nS,3\n", "unknown column"),
        (b"role,,C1.1\nS,,3\n", "column 2: expected role, respondent, team"),
        ("role,C1.1\nS,3\nsælger,3\n".encode("latin-1"), "expected text in UTF-8"),
        ("role,C1.1\nS,3\n".encode("utf-16"), "expected text in UTF-8"),
        (b'role,C1.1\nS,"3\n', "expected cells of a CSV file"),
        (b"role,C1.1\nS,3\x00\n", "column C1.1"),
        (b"role,C1.1\nS," + b"3" * 200_000 + b"\n", "expected cells of a CSV file"),
    ],
)
def test_files_that_hold_no_table_are_refused_in_one_line(problems, tmp_path, content, words):
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    found = problems(str(path))
    assert any(words in line for line in found), found
    assert all(line.startswith(str(path)) for line in found)


def test_files_that_cannot_be_read_are_refused(problems, tmp_path):
    assert "No such file" in problems(str(tmp_path / "nowhere.csv"))[0]
    assert "directory" in problems(str(tmp_path))[0]
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert "expected an Excel workbook" in problems(str(tmp_path / "broken.xlsx"))[0]
    (tmp_path / "empty.xlsx").write_bytes(b"")
    assert "expected an Excel workbook" in problems(str(tmp_path / "empty.xlsx"))[0]
    openpyxl.Workbook().save(tmp_path / "blank.xlsx")
    assert "expected a header" in problems(str(tmp_path / "blank.xlsx"))[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--k", "11"], "--k: expected a whole number from 5 to 10"),
        (["--k", "five"], "--k"),
        (["--mode", "open"], "--mode: expected anonymous, solo or consensus"),
        (["--pack", "none"], "--pack"),
        (["--weights", "C1=0,C2=0,C3=0,C4=0,C5=0,C6=0,C7=0"], "--weights: expected at least one weight above 0"),
        (["--weights", "C1=1.5"], "--weights 'C1': expected a whole number"),
        (["--weights", "C1=1,C1=2"], "--weights 'C1': expected once"),
        (["--weights", ""], "--weights: expected criterion=number"),
        (["--targets", "C1=6"], "--targets 'C1': expected a number from 2 to 5"),
        (["--targets", "C1=inf"], "--targets 'C1': expected a number from 2 to 5"),
        (["--by", "team"], "expected a column team"),
        (["--mode", "consensus"], "expected exactly one row"),
    ],
)
def test_bad_options_are_refused_in_one_line(problems, answers, options, words):
    (line,) = problems(answers(seller_rows()), *options)
    assert words in line


def test_in_consensus_mode_one_row_speaks_for_all_and_its_role_is_not_read(run, answers):
    for text in ("role,C5.1,C5.2,C5.3\nwhoever,2,3,4\n", "C5.1,C5.2,C5.3\n2,3,4\n"):
        _, document, _ = run(answers(text), "--mode", "consensus")
        c5 = document["criteria"][4]
        assert (c5["score"], c5["perspectives"], c5["seen_from"]) == (3, {}, [])
        assert document["published_groups"] == []


def test_solo_mode_hides_nobody_and_asks_everybody_everything(run, answers):
    _, document, _ = run(answers("role,C1.1,C1.2,C1.3\nOD,3,4,2\n"), "--mode", "solo")
    assert document["criteria"][0]["score"] == 3
    assert document["criteria"][0]["perspectives"]["surroundings"]["hidden"] is False
    assert document["criteria"][1]["perspectives"]["surroundings"]["score"] is None


def test_pulse_and_readiness_are_packs_of_their_own(run, problems, answers):
    pulse = "role," + ",".join(f"PU{n}" for n in range(1, 8)) + "\n"
    _, document, _ = run(answers(pulse + "S,1,2,3,4,5,3,DK\n"), "--pack", "pulse", "--mode", "solo")
    assert [c["score"] for c in document["criteria"]] == [1, 2, 3, 4, 5, 3, None]
    assert document["subscales"] == {}
    (line,) = problems(answers(pulse + "S,1,2,3,4,5,3,NA\n"), "--pack", "pulse", "--mode", "solo")
    assert "expected 1, 2, 3, 4, 5, DK or nothing" in line
    ready = answers("role,P1,P2,P3\nTM,4,2,3\n")
    assert run(ready, "--pack", "readiness", "--mode", "consensus")[1]["criteria"][0]["score"] == 4


def test_teams_divide_groups_only_when_asked(run, answers):
    rows = "role,team,C5.1,C5.2,C5.3\n" + "S,Nord,3,2,2\n" * 9 + "S,Sør,3,4,2\n" * 6 + "S,Vest,2,3,3\n" * 3
    file = answers(rows)
    assert run(file)[1]["published_groups"] == [{"roles": ["S"], "n": 18}]
    assert run(file, "--by", "team")[1]["published_groups"] == [{"roles": ["S"], "n": 9}, {"roles": ["S"], "n": 9}]


def test_free_text_may_look_like_a_formula(run, answers):
    assert run(answers("role,respondent,team,C5.1\nS,=1+1,-Nord,3\n"))[0] == 0


def test_a_row_without_answers_is_a_person_who_answers_nothing(run, answers):
    document = run(answers(seller_rows(4) + "S,,,\n"))[1]
    assert document["published_groups"] == [{"roles": ["S"], "n": 5}]
    assert document["items"][18]["n"] == 0
