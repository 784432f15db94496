"""`handover-schema`: what an assessment that is handed over looks like, as JSON Schema."""

import argparse
import json

from assessment.report.handover_file import schema

NAME = "handover-schema"
HELP = "Print the JSON Schema of the document that handover prints and open-handover reads."
EXAMPLE = "python -m assessment handover-schema"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(args: argparse.Namespace) -> str:
    """The schema, a line for each part of it, so that a change shows."""
    return f"{json.dumps(schema(), ensure_ascii=False, indent=2)}\n"
