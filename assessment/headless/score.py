"""`score`: a file of answers to scores, agreement and perception gaps."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from assessment.config import K_MAX, K_MIN, TARGET_RANGE, WEIGHT_RANGE
from assessment.files import InputError
from assessment.files.answers import answers_in
from assessment.files.tables import Table, read_table, shown
from assessment.packs import Pack, PackError, builtin
from assessment.scoring.answers import MODES, Mode
from assessment.scoring.result import document
from assessment.scoring.score import score

NAME: Final = "score"
HELP: Final = "Score a file of answers: criteria, sub-scales, overall, perspectives and items."
EXAMPLE: Final = "python -m assessment score data/examples/answers.csv --weights C2=2,C5=3 --targets C1=3.5"

_DECIMAL: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,12})?")
_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_Number = TypeVar("_Number", int, float)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options; values are checked in `run`, so that all problems are told at once."""
    parser.add_argument("file", metavar="ANSWERS", help="CSV or XLSX: role, respondent, team, one column an item")
    parser.add_argument("--pack", default="full", metavar="ID", help="question pack (default: full)")
    parser.add_argument("--mode", default="anonymous", metavar="MODE", help="anonymous (default), solo or consensus")
    parser.add_argument(
        "--k", default=str(K_MIN), metavar="K", help=f"smallest group, {K_MIN} to {K_MAX} (default: {K_MIN})"
    )
    parser.add_argument("--weights", metavar="C2=2,C5=3", help="0 not relevant, 1 normal, 2 important, 3 critical")
    parser.add_argument("--targets", metavar="C1=3.5", help="target levels, 2 to 5 (default 4)")
    parser.add_argument("--by", metavar="team", help="team: protected groups by team as well")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The document of headless.md for a file of answers.

    Raises: InputError with the problems of options and file together.
    """
    problems: list[str] = []
    pack = _pack(args.pack, problems)
    mode = _mode(args.mode, problems)
    k = _k(args.k, problems)
    weights = _by_criterion("--weights", args.weights, pack, _weight, problems)
    targets = _by_criterion("--targets", args.targets, pack, _target, problems)
    if pack is not None and not any(({c.id: c.weight for c in pack.criteria} | weights).values()):
        problems.append("--weights: expected at least one weight above 0, found none")
    if args.by not in (None, "team"):
        problems.append(f"--by: expected team, found {shown(args.by)}")
    table = _table(Path(args.file), problems)
    by_team = args.by == "team"
    answers = None
    if table is not None and pack is not None and mode is not None:
        answers, wrong = answers_in(table, pack, mode, by_team)
        problems += wrong
    if problems or answers is None or pack is None or mode is None or k is None:
        raise InputError(problems)
    return document(score(answers, pack, mode=mode, k=k, weights=weights, targets=targets, by_team=by_team))


def _pack(name: str, problems: list[str]) -> Pack | None:
    try:
        return builtin(name)
    except PackError as error:
        problems += [f"--pack: {problem}" for problem in error.problems]
        return None


def _mode(name: str, problems: list[str]) -> Mode | None:
    for mode in MODES:
        if name == mode:
            return mode
    problems.append(f"--mode: expected {', '.join(MODES[:-1])} or {MODES[-1]}, found {shown(name)}")
    return None


def _k(text: str, problems: list[str]) -> int | None:
    if _WHOLE.fullmatch(text.strip()) and K_MIN <= int(text) <= K_MAX:
        return int(text)
    problems.append(f"--k: expected a whole number from {K_MIN} to {K_MAX}, found {shown(text)}")
    return None


def _by_criterion(
    option: str, text: str | None, pack: Pack | None, read: Callable[[str], _Number | str], problems: list[str]
) -> dict[str, _Number]:
    """The numbers of `C1=3,C2=4`; `read` returns the number, or the words for what it expected."""
    given: dict[str, _Number] = {}
    for part in [] if text is None else text.split(","):
        criterion, equals, number = (word.strip() for word in part.partition("="))
        if not equals or not criterion:
            problems.append(f"{option}: expected criterion=number, as in C2=2,C5=3, found {shown(part)}")
            continue
        value = read(number)
        if isinstance(value, str):
            problems.append(f"{option} {shown(criterion)}: expected {value}, found {shown(number)}")
        elif pack is not None and criterion not in (ids := [c.id for c in pack.criteria]):
            problems.append(f"{option} {shown(criterion)}: unknown criterion, expected one of {', '.join(ids)}")
        elif criterion in given:
            problems.append(f"{option} {shown(criterion)}: expected once, found again")
        else:
            given[criterion] = value
    return given


def _weight(text: str) -> int | str:
    low, high = WEIGHT_RANGE
    if _WHOLE.fullmatch(text) and low <= int(text) <= high:
        return int(text)
    return f"a whole number from {low} to {high}"


def _target(text: str) -> float | str:
    low, high = TARGET_RANGE
    if _DECIMAL.fullmatch(text) and low <= float(text) <= high:
        return float(text)
    return f"a number from {low:g} to {high:g}"


def _table(path: Path, problems: list[str]) -> Table | None:
    try:
        table = read_table(path)
    except InputError as error:
        problems += error.problems
        return None
    problems += table.problems
    return table
