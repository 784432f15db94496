"""`copy`: an installation's records from SQLite to PostgreSQL, or back."""

import argparse

from assessment.headless.tables import aligned
from assessment.store.copying import copy

NAME = "copy"
HELP = "Copy every record from one database into an empty one, a file or PostgreSQL, and compare them row by row."
EXAMPLE = "python -m assessment copy --from data/salgsflyt.db --to postgresql://salgsflyt@db.example.no/salgsflyt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take both places."""
    parser.add_argument(
        "--from", dest="source", metavar="URL_OR_FILE", required=True, help="what is read, and only read"
    )
    parser.add_argument("--to", dest="target", metavar="URL_OR_FILE", required=True, help="a database without a record")


def run(args: argparse.Namespace) -> str:
    """Rows and hash of each table, the same on both sides. Raises: InputError, and then nothing is kept."""
    told = copy(args.source, args.target)
    rows = [("table", "rows", "sha256"), *((name, table.rows, table.hash[:16]) for name, table in told.items())]
    return f"{aligned(rows)}copied, and both sides hold the same\n"
