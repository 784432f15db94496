"""`recommend`: a strategy for a situation, with its reasons, its limits and what would change it."""

import argparse
from pathlib import Path
from typing import Any

from assessment.files import InputError
from assessment.headless import documents
from assessment.strategy.recommend import document, recommend
from assessment.strategy.situation import SituationError, parse

NAME = "recommend"
HELP = "Recommend a strategy for a situation, and say why, how surely, and what would change it."
EXAMPLE = "python -m assessment recommend data/examples/situation.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the situation document."""
    parser.add_argument("file", metavar="SITUATION.json", type=Path, help="criteria, flow, mandate and readiness")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The recommendation as a document. Raises: InputError with all of them."""
    content = documents.read(args.file, "situation")
    problems = list(documents.twice(content))
    try:
        situation = parse(content)
    except SituationError as error:
        problems += error.problems
    if problems:
        raise InputError([f"{args.file}: {problem}" for problem in problems])
    return document(recommend(situation))
