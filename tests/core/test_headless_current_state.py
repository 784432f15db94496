"""`xmr`, `stream` and `classify` from the shell: one document out, or every problem at once."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from assessment.cli import main

EXAMPLES = Path(__file__).parents[2] / "data" / "examples"
STREAM: dict[str, Any] = json.loads((EXAMPLES / "stream.json").read_text(encoding="utf-8"))
SIX = "date,value\n" + "".join(f"2026-0{month}-01,{month}\n" for month in range(1, 7))


class Shell:
    """Commands on a file with given content."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys, self._folder = capsys, folder

    def document(self, command: str, file: Path | str | Any, *options: str) -> Any:
        """What the command prints; it has to succeed."""
        status, out, err = self._run(command, file, *options)
        assert (status, err) == (0, "")
        return json.loads(out)

    def problems(self, command: str, file: Path | str | Any, *options: str) -> list[str]:
        """What the command refuses, without the file's name."""
        status, out, err = self._run(command, file, *options)
        assert (status, out) == (2, "")
        assert "Traceback" not in err
        return [line.removeprefix(f"{self._folder / 'input'}: ") for line in err.splitlines()]

    def _run(self, command: str, file: Path | str | Any, *options: str) -> tuple[int, str, str]:
        path = self._folder / "input"
        if isinstance(file, Path):
            path = file
        else:
            path.write_text(file if isinstance(file, str) else json.dumps(file), encoding="utf-8")
        status = main([command, str(path), *options])
        return status, *self._capsys.readouterr()


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(capsys, tmp_path)


@pytest.fixture
def stream() -> dict[str, Any]:
    return copy.deepcopy(STREAM)


def test_xmr_gives_the_contracts_document(shell: Shell) -> None:
    got = shell.document("xmr", EXAMPLES / "points.csv", "--baseline", "12", "--good", "down", "--floor", "0")
    assert list(got) == ["centre", "upper", "lower", "range_limit", "provisional", "signals", "state"]
    assert got["signals"] == [{"rule": "R2", "at": 7, "side": "lower"}, {"rule": "R3", "at": 8, "side": "lower"}]
    assert (got["centre"], got["provisional"], got["state"]) == (10, False, "signal_better")


def test_xmr_without_a_baseline_has_no_signals(shell: Shell) -> None:
    got = shell.document("xmr", EXAMPLES / "points.csv")
    assert (got["centre"], got["signals"], got["state"]) == (8.6, [], "stable_no_change")


def test_xmr_takes_negative_numbers_and_a_negative_floor(shell: Shell) -> None:
    got = shell.document("xmr", "date;value\n2026-01-01;-5\n2026-01-02;-4.5\n", "--floor", "-5")
    assert (got["lower"], got["state"]) == (-5, "insufficient")


def test_xmr_tells_all_problems_at_once(shell: Shell) -> None:
    content = "date,value\n2026-01-01,1\n2026-01-01,=2+2\n20260103,nan\n2026-02-30,-1\n2026-01-04,\n2025-01-01,1e999\n"
    said = shell.problems("xmr", content, "--baseline", "0", "--floor", "0")
    assert [line.partition(": expected")[0] for line in said] == [
        *("--baseline", "--good"),
        *(f"row {row}, column date" for row in (3, 4, 5, 7)),
        *(f"row {row}, column value" for row in (3, 4, 5, 6, 7)),
    ]


@pytest.mark.parametrize(
    ("content", "options", "place"),
    [
        (SIX, ("--baseline", "7", "--good", "up"), "--baseline: expected at most the 6 points"),
        (SIX, ("--baseline", "3"), "--good: expected up or down"),
        (SIX, ("--good", "sideways"), "--good: expected up or down"),
        (SIX, ("--floor", "2"), "row 2, column value: expected a number with a decimal point, at least the floor 2"),
        (SIX, ("--floor", "inf"), "--floor: expected a number"),
        ("date,value\n", (), "row 2: expected at least one point"),
        ("date,value\n2026-01-01\n", (), "row 2: expected 2 cells"),
        ("date,value,team\n2026-01-01,1,a\n", (), "row 1, column 'team': unknown column"),
    ],
)
def test_xmr_refuses(shell: Shell, content: str, options: tuple[str, ...], place: str) -> None:
    (line,) = shell.problems("xmr", content, *options)
    assert line.startswith(place)


def test_classify_gives_the_contracts_document(shell: Shell) -> None:
    got = shell.document("classify", EXAMPLES / "classes.csv")
    assert list(got) == ["agreement", "kappa", "kappa_ci95", "disputed", "disputed_share", "core_share"]
    assert got["kappa_ci95"] == pytest.approx([0.33, 0.91], abs=0.005)
    assert got["core_share"] == {"consultant": 0.35, "client": 0.525}
    assert "inbound_call_centre" in got["disputed"]


def test_classify_keeps_text_that_looks_like_a_formula_where_text_is_free(shell: Shell) -> None:
    got = shell.document("classify", "process,consultant,client,hours_month\n=A1,core,support,1\n")
    assert got["disputed"] == ["=A1"]


def test_classify_tells_all_problems_at_once(shell: Shell) -> None:
    said = shell.problems(
        "classify", "process,consultant,client,hours_month\na,core,,1\na,Core,support,-1\n,core,core,=1\nb,core,core,\n"
    )
    assert [line.partition(": expected")[0] for line in said] == [
        *("row 2, column client", "row 3, column hours_month", "row 3, column consultant", "row 4, column hours_month"),
        *("row 5, column hours_month", "row 3, column process", "row 4, column process"),
    ]


def test_classify_needs_its_columns_and_a_row(shell: Shell) -> None:
    said = shell.problems("classify", "process,client,note\n")
    assert [line.split(":")[0] for line in said] == ["row 1", "row 1", "row 1, column 'note'", "row 2"]


def test_stream_gives_the_contracts_document(shell: Shell) -> None:
    got = shell.document("stream", EXAMPLES / "stream.json")
    assert list(got) == [
        *("process_time_h", "lead_time_h", "flow_efficiency", "flow_efficiency_own", "rty", "ca_geo"),
        *("conversion", "internal_wait_share", "pools", "bottleneck", "little"),
    ]
    assert list(got["pools"][0]) == [
        *("id", "load_h", "load_without_rework_h", "capacity_h", "rho", "rho_without_rework"),
    ]
    assert (got["bottleneck"], [list(row) for row in got["little"]]) == (
        *("presales", [["stage", "expected_wip", "deviation"]]),
    )


def test_stream_fills_in_what_need_not_be_told(shell: Shell, stream: dict[str, Any]) -> None:
    whole = shell.document("stream", stream)
    del stream["rework_fraction"]
    for stage in stream["stages"]:
        for key in ("name", "department", "conversion"):
            del stage[key]
    assert shell.document("stream", stream) == whole


def test_stream_tells_all_problems_at_once(shell: Shell, stream: dict[str, Any]) -> None:
    stream["stages"][0] |= {"complete_accurate": 1.01, "wait_side": "nobody", "colour": "red"}
    stream["stages"][1] |= {"id": "V1", "pools": [{"pool": "nobody", "process_time_h": True}, 3]}
    stream["stages"][2] |= {"volume": None, "wip": -1, "conversion": "half", "name": " "}
    del stream["stages"][3]["wait_h"]
    stream["stages"][4] = []
    stream["pools"][0] |= {"share": 2, "id": "\ud800"}
    stream |= {"rework_fraction": 1e400, "note": "x"}
    said = shell.problems("stream", stream)
    assert {line.split(":")[0] for line in said} == {
        *("stages[1].complete_accurate", "stages[1].wait_side", "stages[1].colour", "stages[1].pools[1].pool"),
        *("stages[2].id", "stages[2].pools[1].pool", "stages[2].pools[1].process_time_h", "stages[2].pools[2]"),
        *("stages[3].volume", "stages[3].wip", "stages[3].conversion", "stages[3].name", "stages[4].wait_h"),
        *("stages[5]", "pools[1].share", "pools[1].id", "rework_fraction", "note"),
    }


@pytest.mark.parametrize("content", ["[]", "{}", "null", '{"stages": [], "pools": []}', '{"stages": 1, "pools": {}}'])
def test_stream_needs_stages(shell: Shell, content: str) -> None:
    assert shell.problems("stream", content)


@pytest.mark.parametrize("content", ["", "{", '{"stages": NaN}', "[" * 100_000, '{"pools": [], "pools": []}'])
def test_stream_refuses_what_is_no_document_in_a_sentence(shell: Shell, content: str) -> None:
    assert shell.problems("stream", content)
