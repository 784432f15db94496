"""`python -m assessment payback`: one document out, or every problem at once."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from assessment.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "data" / "examples" / "payback.json"
WRITTEN: dict[str, Any] = json.loads(EXAMPLE.read_text(encoding="utf-8"))


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(WRITTEN)


def run(capsys: pytest.CaptureFixture[str], path: Path, content: Any = None) -> tuple[int, str, list[str]]:
    if content is not None:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    status = main(["payback", str(path)])
    out, err = capsys.readouterr()
    return status, out, err.splitlines()


def test_the_example_of_the_help_gives_the_contracts_document(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, EXAMPLE)
    got = json.loads(out)
    assert (status, err) == (0, [])
    assert list(got) == [
        *("lines", "sum", "attributed", "npv", "payback_months", "break_even_attribution"),
        *("growth_share", "growth_flag", "p10", "p50", "p90", "p_positive", "all_low", "all_high", "tornado"),
    ]
    assert list(got["lines"]) == ["B1a", "B1b", "B2", "B3", "B4", "B5", "B6", "B7"]
    assert set(got["tornado"][0]) == {"input", "low", "high", "swing"}
    assert got["npv"] == pytest.approx(1_904_883, abs=1)
    assert [round(got[p] / 1e6, 2) for p in ("p10", "p50", "p90")] == [0.91, 1.76, 2.78]


def test_what_is_not_said_has_the_methods_defaults(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any
) -> None:
    short = {key: document[key] for key in ("inputs", "one_off_cost", "running_cost")}
    assert run(capsys, tmp_path / "c.json", short) == run(capsys, EXAMPLE)


def test_an_input_that_is_null_is_not_assessed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any
) -> None:
    document["inputs"]["orders"] = None
    status, out, _ = run(capsys, tmp_path / "c.json", document)
    assert (status, json.loads(out)["lines"]["B3"]) == (0, None)


def test_whole_numbers_may_be_written_with_a_point(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any
) -> None:
    document |= {"draws": 20000.0, "seed": 20240101.0}
    assert run(capsys, tmp_path / "c.json", document) == run(capsys, EXAMPLE)


def test_all_problems_come_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any) -> None:
    document["inputs"] |= {
        "win_rate": 1.2,
        "margin_ratio": [0.2, "0.3", -0.1],
        "orders": True,
        "sellers": -1,
        "hours": 3,
        "hours_per_quote": 0,
        "error_cost": [1, 2],
        "churn_cut": [0, 0.03, 0.01],
        "to_cost": [0.1, 0.2, 0.5],
        "turnover_after": [0.3, 0.2, 0.1],
        "order_value": {},
    }
    del document["inputs"]["attribution"], document["running_cost"]
    document |= {"one_off_cost": -1, "discount_rate": 8, "ramp_in": [0.5, 2], "draws": 99, "seed": 1.5}
    document |= {"pert_lambda": "4", "new_sales_revenue": -1, "tax": 0.22}
    file = tmp_path / "c.json"
    status, out, err = run(capsys, file, document)
    assert (status, out) == (2, "")
    assert sorted(line.removeprefix(f"{file}: ").split(":")[0] for line in err) == sorted(
        [
            *("inputs.win_rate", "inputs.margin_ratio[2]", "inputs.margin_ratio[3]", "inputs.orders"),
            *("inputs.sellers", "inputs.hours", "inputs.hours_per_quote", "inputs.error_cost", "inputs.churn_cut"),
            *("inputs.to_selling", "inputs.turnover_after", "inputs.order_value", "inputs.attribution"),
            *("running_cost", "one_off_cost", "discount_rate", "ramp_in[2]", "draws", "seed", "pert_lambda"),
            *("new_sales_revenue", "tax"),
        ]
    )
    assert all("expected" in line for line in err)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
@pytest.mark.parametrize("key", ["one_off_cost", "draws", "seed"])
def test_numbers_that_are_none_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any, key: str, number: str
) -> None:
    text = json.dumps(document | {key: "HERE"}).replace('"HERE"', number)
    status, out, err = run(capsys, tmp_path / "c.json", text)
    assert (status, out, len(err)) == (2, "", 1)
    assert f": {key}: expected a" in err[0]


@pytest.mark.parametrize("draws", [99, 200_001, 1000.5, None, "many", True])
def test_draws_are_a_whole_number_from_100_to_200000(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any, draws: Any
) -> None:
    status, _, err = run(capsys, tmp_path / "c.json", document | {"draws": draws})
    assert (status, len(err)) == (2, 1)
    assert "draws: expected a whole number from 100 to 200000" in err[0]


@pytest.mark.parametrize("ramp", [[], 1, {}, None, [0.5, None], [1] * 51])
def test_ramp_in_is_a_list_of_yearly_shares(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any, ramp: Any
) -> None:
    status, _, err = run(capsys, tmp_path / "c.json", document | {"ramp_in": ramp})
    assert (status, len(err)) == (2, 1)
    assert "ramp_in" in err[0]


def test_a_key_given_twice_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any) -> None:
    text = json.dumps(document).replace('"sellers": 10', '"sellers": 10, "sellers": 12')
    status, out, err = run(capsys, tmp_path / "c.json", text)
    assert (status, out) == (2, "")
    assert err == [f"{tmp_path / 'c.json'}: inputs.sellers: expected once, stands more than once"]


@pytest.mark.parametrize(
    "content", ["{", "[]", "null", "3", '"a"', "[" * 100_000, "1" * 5000, '{"inputs": []}', '{"\\ud800\\n": 1}', " "]
)
def test_what_is_no_case_is_refused_without_a_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "c.json"
    status, out, err = run(capsys, file, content)
    assert (status, out) == (2, "")
    assert err
    assert all(line.startswith(f"{file}: ") for line in err)


def test_the_smallest_and_largest_numbers_give_a_document(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, document: Any
) -> None:
    huge = dict.fromkeys(("opportunities", "order_value", "freed_hours", "sellers", "ramp_months_before"), 1e12)
    tiny = {"hours_per_quote": 1e-6, "attribution": 1e-300, "win_rate_gain": [0, 1e-320, 1e-310]}
    for revenue in (1e-320, 0):
        case = document | {"inputs": document["inputs"] | huge | tiny, "new_sales_revenue": revenue}
        assert run(capsys, tmp_path / "c.json", case)[0] == 0
    nearly_nothing = {"attribution": 1, "orders": 1e-320, "error_rate_cut": 1, "error_cost": 1}
    assert run(capsys, tmp_path / "c.json", document | {"inputs": nearly_nothing})[0] == 0
