"""`erase-expired`: what the running server does by itself, for cron where it does not run."""

import argparse

from assessment.headless.installation import installed

NAME = "erase-expired"
HELP = "Erase for good what has been kept long enough, announce what soon will have been, and forget old audit events."
EXAMPLE = "python -m assessment erase-expired"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whether to look only."""
    parser.add_argument("--dry-run", action="store_true", help="print what is to be erased and when; change nothing")


def run(args: argparse.Namespace) -> str:
    """How many were erased, or a line for each that is to be: the day and its id. Raises: InputError."""
    with installed() as service:
        if args.dry_run:
            return "".join(f"{day}  {engagement_id}\n" for engagement_id, day in service.expiring())
        return f"erased {service.tidy()}\n"
