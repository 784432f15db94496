"""`handover`: an assessment as a file that opens in another installation."""

import argparse

from assessment.demo import DEMO_ID
from assessment.engagement import EngagementId
from assessment.files import InputError
from assessment.headless.installation import opened
from assessment.report.handover import HandOvers
from assessment.service import Service
from assessment.settings import settings
from assessment.store.protocol import NotFound, WaveOpen

NAME = "handover"
HELP = "Print an assessment as one JSON document that opens in another installation."
EXAMPLE = "python -m assessment handover demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the engagement."""
    parser.add_argument(
        "engagement",
        metavar="ENGAGEMENT",
        type=EngagementId,
        help="its id (e= in the address of its pages), or demo",
    )


def run(args: argparse.Namespace) -> str:
    """The document. Raises: InputError."""
    with opened() as store:
        if args.engagement == DEMO_ID:
            Service(store).open_demo()
        try:
            return f"{HandOvers(store).hand_over(args.engagement).decode()}\n"
        except NotFound as error:
            raise InputError([f"{args.engagement}: no such engagement in {settings().place}"]) from error
        except WaveOpen as error:
            raise InputError(
                [f"{args.engagement}: people are answering, and what they say may not leave; close the measurement"]
            ) from error
