"""`python -m assessment recommend`: one document out, or every problem at once."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from assessment.cli import main

ROOT = Path(__file__).parent.parent.parent
ARCHETYPES: dict[str, Any] = json.loads((ROOT / "tests" / "fixtures" / "archetypes.json").read_text(encoding="utf-8"))


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(ARCHETYPES["C"]["situation"])


def run(capsys: pytest.CaptureFixture[str], path: Path, content: Any = None) -> tuple[int, str, list[str]]:
    if content is not None:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    status = main(["recommend", str(path)])
    out, err = capsys.readouterr()
    return status, out, err.splitlines()


def test_the_example_of_the_help_gives_the_contracts_document(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, ROOT / "data" / "examples" / "situation.json")
    got = json.loads(out)
    assert (status, err) == (0, [])
    assert list(got) == [
        *("recommended", "gate", "first_step", "near_ties", "supporting", "mandate_conflict"),
        *("signals", "strategies", "counterfactuals", "stability"),
    ]
    assert (got["recommended"], got["gate"]) == ("S4", {"colour": "green", "short": {}})
    assert [s["id"] for s in got["strategies"]] == ["S1", "S2", "S3", "S4", "S5", "S6"]
    assert set(got["strategies"][0]) == {"id", "fit", "evidence", "assessable", "excluded", "contributions"}
    assert got["counterfactuals"][0] == {
        "changes": [{"input": "C5e", "from": 1.4, "to": 3.1}],
        "recommended": "S5",
    }


def test_flow_may_be_unknown_key_by_key(capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any) -> None:
    document["flow"] = {"rho_max": None, "processes": 10.0}
    status, out, _ = run(capsys, tmp_path / "s.json", document)
    assert status == 0
    assert json.loads(out)["signals"]["bn"] is None


def test_a_subscale_nobody_scored_is_null(capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any) -> None:
    document["subscales"]["SYS"] = None
    status, out, _ = run(capsys, tmp_path / "s.json", document)
    assert status == 0
    assert json.loads(out)["strategies"][5]["evidence"] == pytest.approx(0.75)


def test_byte_order_mark_is_no_problem(capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any) -> None:
    assert run(capsys, tmp_path / "s.json", "\ufeff" + json.dumps(document))[0] == 0


def test_all_problems_come_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any) -> None:
    document["criteria"] |= {"C1": 0.9, "C2": True, "C9": 3}
    del document["criteria"]["C3"]
    document["flow"] |= {"rty": 1.2, "processes": 2.5, "rho_max": -0.1}
    document["mandate"] |= {"scope": "all", "departments": ["delivery", 3, " "], "may_challenge": "no", "owner": None}
    document["readiness"] |= {"P1": None}
    document["targets"] = {"C1": 5}
    status, out, err = run(capsys, tmp_path / "s.json", document)
    assert (status, out) == (2, "")
    places = [line.removeprefix(f"{tmp_path / 's.json'}: ").split(":")[0] for line in err]
    assert sorted(places) == sorted(
        [
            *("criteria.C1", "criteria.C2", "criteria.C3", "criteria.C9"),
            *("flow.rty", "flow.processes", "flow.rho_max", "targets"),
            *("mandate.scope", "mandate.departments[2]", "mandate.departments[3]"),
            *("mandate.may_challenge", "mandate.owner", "readiness.P1"),
        ]
    )
    assert all("expected" in line for line in err)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_numbers_that_are_none_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any, number: str
) -> None:
    text = json.dumps(document).replace('"rho_max": 0.8', f'"rho_max": {number}')
    status, out, err = run(capsys, tmp_path / "s.json", text)
    assert (status, out, len(err)) == (2, "", 1)
    assert "flow.rho_max: expected a number from 0 to 1000000000 or null" in err[0]


def test_a_key_given_twice_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any) -> None:
    text = json.dumps(document).replace('"C1": 3.0', '"C1": 3.0, "C1": 2.0')
    status, out, err = run(capsys, tmp_path / "s.json", text)
    assert (status, out) == (2, "")
    assert err == [f"{tmp_path / 's.json'}: criteria.C1: expected once, stands more than once"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        '"a"',
        "[" * 100_000,
        '{"a":' * 900 + "1" + "}" * 900,
        "1" * 5000,
        '{"criteria": []}',
        '{"\\ud800\\n": 1}',
    ],
)
def test_what_is_no_situation_is_refused_without_a_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "s.json"
    status, out, err = run(capsys, file, content) if content else (file.touch(), run(capsys, file))[1]
    assert (status, out) == (2, "")
    assert err
    assert all(line.startswith(f"{file}: ") for line in err)


def test_a_file_that_is_missing_or_no_text_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, tmp_path / "none.json")[0] == 2
    assert run(capsys, tmp_path)[0] == 2
    (tmp_path / "latin.json").write_bytes('{"a": "å"}'.encode("latin-1"))
    assert run(capsys, tmp_path / "latin.json")[0] == 2


def test_a_department_name_that_cannot_be_written_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any
) -> None:
    document["mandate"]["departments"] = ["\ud800"]
    status, _, err = run(capsys, tmp_path / "s.json", document)
    assert status == 2
    assert "mandate.departments[1]: expected a name" in err[0]
