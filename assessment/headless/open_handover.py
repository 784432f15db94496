"""`open-handover`: an assessment that was handed over, in the configured database."""

import argparse
import sys
from pathlib import Path

from assessment.files import InputError
from assessment.headless.installation import opened
from assessment.report.handover import HandOvers

NAME = "open-handover"
HELP = "Make an assessment in the configured database of one that was handed over, and print its id."
EXAMPLE = "python -m assessment open-handover data/examples/handover.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the document."""
    parser.add_argument("file", metavar="HANDOVER.json", type=Path, help="what the handover command has printed")


def run(args: argparse.Namespace) -> str:
    """The id, on a line of its own. Raises: InputError with every problem."""
    try:
        content = args.file.read_bytes()
    except FileNotFoundError as error:
        raise InputError([f"{args.file}: the file is missing"]) from error
    except OSError as error:
        raise InputError([f"{args.file}: cannot be read ({error.strerror})"]) from error
    with opened() as store:
        hand_overs = HandOvers(store)
        try:
            made = hand_overs.open_handover(content)
        except InputError as error:
            raise InputError([f"{args.file}: {problem}" for problem in error.problems]) from error
        if hand_overs.engagement(made).mode == "anonymous":
            print(
                "what each respondent answered did not come along, so the measurements show no result here;"
                " their published results stand in the file, under waves and result",
                file=sys.stderr,
            )
        return f"{made}\n"
