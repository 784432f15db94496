"""`xmr`: a series of points to a process behaviour chart."""

import argparse
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from assessment.current_state.xmr import GOOD, Chart, Good, chart
from assessment.files import InputError
from assessment.files.tables import Table, column_problems, number, read_table, shown

NAME: Final = "xmr"
HELP: Final = "Natural limits of a series of points, and what the points after a baseline signal."
EXAMPLE: Final = "python -m assessment xmr data/examples/points.csv --baseline 12 --good down --floor 0"

_COLUMNS: Final = ("date", "value")
_LARGEST: Final = 1e15
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options; values are checked in `run`, so that all problems are told at once."""
    parser.add_argument("file", metavar="POINTS", help="CSV or XLSX with the columns date and value, oldest first")
    parser.add_argument("--baseline", metavar="N", help="points the limits are frozen at (default: all)")
    parser.add_argument("--good", metavar="up|down", help="the direction that is better; required with --baseline")
    parser.add_argument("--floor", metavar="0", help="the least value there can be")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The document of headless.md for a file of points.

    Raises: InputError with the problems of options and file together.
    """
    problems: list[str] = []
    baseline = _baseline(args.baseline, problems)
    good = _good(args.good, args.baseline is not None, problems)
    floor = _floor(args.floor, problems)
    values = _values(Path(args.file), floor, problems)
    if baseline is not None and values is not None and baseline > len(values):
        problems.append(f"--baseline: expected at most the {len(values)} points in {args.file}, found {baseline}")
    if problems or values is None:
        raise InputError(problems)
    return document(chart(values, baseline=baseline, floor=floor, good=good))


def document(result: Chart) -> dict[str, Any]:
    """A chart under the keys of headless.md."""
    return asdict(result)


def _baseline(text: str | None, problems: list[str]) -> int | None:
    if text is None or (_WHOLE.fullmatch(text) and int(text) > 0):
        return None if text is None else int(text)
    problems.append(f"--baseline: expected a whole number from 1, found {shown(text)}")
    return None


def _good(text: str | None, required: bool, problems: list[str]) -> Good | None:
    for good in GOOD:
        if text == good:
            return good
    if required or text is not None:
        reason = "" if text is not None else ", since --baseline is given"
        problems.append(f"--good: expected up or down{reason}, found {shown(text or '')}")
    return None


def _floor(text: str | None, problems: list[str]) -> float | None:
    if text is None or (value := number(text, -_LARGEST, _LARGEST)) is not None:
        return None if text is None else value
    problems.append(f"--floor: expected a number with a decimal point, found {shown(text)}")
    return None


def _values(path: Path, floor: float | None, problems: list[str]) -> list[float] | None:
    """The values in a file, or None when it cannot be read as points; what is wrong is told in `problems`."""
    try:
        table = read_table(path)
    except InputError as error:
        problems += error.problems
        return None
    missing = column_problems(table, _COLUMNS, (), "date or value")
    problems += [*missing, *table.problems]
    if not table.rows and not table.problems:
        problems.append(f"{table.name}: row 2: expected at least one point, found none")
    if not missing:
        problems += _date_problems(table)
    values = []
    least = -_LARGEST if floor is None else floor
    words = "a number with a decimal point" + ("" if floor is None else f", at least the floor {floor:g}")
    for row, cell in zip(table.rows, table.column("value") or (), strict=False):
        value = number(cell, least, _LARGEST)
        if value is None:
            problems.append(table.at(row.number, "value", words, cell))
        values.append(value or 0.0)
    return values if not missing and not table.problems else None


def _date_problems(table: Table) -> list[str]:
    problems: list[str] = []
    latest: date | None = None
    for row, cell in zip(table.rows, table.column("date") or (), strict=True):
        on = _date(cell)
        if on is None:
            problems.append(table.at(row.number, "date", "a date as in 2026-01-31", cell))
        elif latest is not None and on <= latest:
            problems.append(table.at(row.number, "date", f"a date after {latest.isoformat()}", cell))
        latest = on or latest
    return problems


def _date(cell: str) -> date | None:
    try:  # fromisoformat alone would also take 20260131 and week dates
        return date.fromisoformat(cell) if _DATE.fullmatch(cell) else None
    except ValueError:
        return None
