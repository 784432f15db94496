"""`recommend`: a strategy for a situation, with its reasons, its limits and what would change it."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assessment.headless import InputError
from assessment.strategy.recommend import document, recommend
from assessment.strategy.situation import SituationError, key_path, parse

NAME = "recommend"
HELP = "Recommend a strategy for a situation, and say why, how surely, and what would change it."
EXAMPLE = "python -m assessment recommend data/examples/situation.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the situation document."""
    parser.add_argument("file", metavar="SITUATION.json", type=Path, help="criteria, flow, mandate and readiness")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The recommendation as a document. Raises: InputError with all of them."""
    content = _read(args.file)
    problems = list(_twice(content))
    try:
        situation = parse(content)
    except SituationError as error:
        problems += error.problems
    if problems:
        raise InputError([f"{args.file}: {problem}" for problem in problems])
    return document(recommend(situation))


class _Object(dict[str, Any]):
    """A JSON object that remembers keys it was given twice; a dict alone would keep the last and say nothing."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        keys = [key for key, _ in pairs]
        self.twice = sorted({key for key in keys if keys.count(key) > 1}) if len(self) < len(keys) else []


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_Object)
    except FileNotFoundError as error:
        raise InputError([f"{file}: the file is missing"]) from error
    except OSError as error:
        raise InputError([f"{file}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise InputError([f"{file}: expected UTF-8 text, byte {error.start + 1} is not"]) from error
    except json.JSONDecodeError as error:
        raise InputError(
            [f"{file}: line {error.lineno}, column {error.colno}: not valid JSON ({error.msg})"]
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or brackets thousands deep
        raise InputError([f"{file}: expected a situation document, this cannot be read as one"]) from error


def _twice(content: Any) -> Iterator[str]:
    waiting: list[tuple[Any, str]] = [(content, "")]
    while waiting:  # a loop, because a document may nest as deep as the interpreter's stack allows
        value, path = waiting.pop(0)
        if isinstance(value, _Object):
            yield from (f"{key_path(path, key)}: expected once, stands more than once" for key in value.twice)
            waiting += [(inner, key_path(path, key)) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(inner, path) for inner in value]
