"""`classify`: two independent classifications of processes to their agreement and what rests on it."""

import argparse
from pathlib import Path
from typing import Any, Final

from assessment.current_state.classification import CLASSES, Classified, Comparison, ProcessClass, compare
from assessment.files import InputError
from assessment.files.tables import Row, Table, column_problems, number, read_table

NAME: Final = "classify"
HELP: Final = "Compare how consultant and client class processes: core, management or support."
EXAMPLE: Final = "python -m assessment classify data/examples/classes.csv"

_COLUMNS: Final = ("process", "consultant", "client", "hours_month")
_CLASS_WORDS: Final = ", ".join(CLASSES[:-1]) + f" or {CLASSES[-1]}"
_LARGEST: Final = 1e9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file of classes."""
    parser.add_argument("file", metavar="CLASSES", help="CSV or XLSX: process, consultant, client, hours_month")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The document of headless.md for a file of classes. Raises: InputError with all problems at once."""
    table = read_table(Path(args.file))
    missing = column_problems(table, _COLUMNS, (), ", ".join(_COLUMNS[:-1]) + f" or {_COLUMNS[-1]}")
    problems: list[str] = [*missing, *table.problems]
    if not table.rows and not table.problems:
        problems.append(f"{table.name}: row 2: expected at least one process, found none")
    processes = [_classified(table, row, problems) for row in table.rows]
    problems += _process_problems(table)
    if problems:
        raise InputError(problems)
    return document(compare(processes))


def document(result: Comparison) -> dict[str, Any]:
    """A comparison under the keys of headless.md."""
    return {
        "agreement": result.agreement,
        "kappa": result.kappa,
        "kappa_ci95": result.kappa_ci95,
        "disputed": result.disputed,
        "disputed_share": result.disputed_share,
        "core_share": {"consultant": result.core_share_consultant, "client": result.core_share_client},
    }


def _classified(table: Table, row: Row, problems: list[str]) -> Classified:
    """The process in a row; cells that cannot be used are told in `problems`."""
    cells = dict(zip(table.columns, row.cells, strict=True))
    hours = number(cells.get("hours_month", "0"), 0.0, _LARGEST)
    if hours is None:
        words = f"a number from 0 to {_LARGEST:.10g} with a decimal point"
        problems.append(table.at(row.number, "hours_month", words, cells["hours_month"]))
    return Classified(
        process=cells.get("process", ""),
        consultant=_class(table, row, "consultant", cells, problems),
        client=_class(table, row, "client", cells, problems),
        hours_month=hours or 0.0,
    )


def _class(table: Table, row: Row, column: str, cells: dict[str, str], problems: list[str]) -> ProcessClass:
    found = cells.get(column)
    for known in CLASSES:
        if found == known:
            return known
    if found is not None:  # else the column is missing, which has been said once
        problems.append(table.at(row.number, column, _CLASS_WORDS, found))
    return CLASSES[-1]


def _process_problems(table: Table) -> list[str]:
    first: dict[str, int] = {}
    problems: list[str] = []
    for row, name in zip(table.rows, table.column("process") or (), strict=False):
        if not name:
            problems.append(table.at(row.number, "process", "the id or name of a process", name))
        elif name in first:
            problems.append(table.at(row.number, "process", f"a process once (first in row {first[name]})", name))
        else:
            first[name] = row.number
    return problems
