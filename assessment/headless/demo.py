"""`demo`: the fictional engagement, in the configured database."""

import argparse

from assessment.headless.installation import installed

NAME = "demo"
HELP = "Make the fictional engagement in the configured database, unless it is there, and print its id."
EXAMPLE = "python -m assessment demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing: SALGSFLYT_DATABASE says where."""


def run(args: argparse.Namespace) -> str:
    """The id, on a line of its own."""
    with installed() as service:
        return f"{service.open_demo()}\n"
