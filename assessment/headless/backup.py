"""`backup`: the database as one file that proves itself, made while people answer."""

import argparse
from pathlib import Path

from assessment.headless.installation import noted, on_a_file
from assessment.headless.tables import aligned
from assessment.settings import settings
from assessment.store.backups import Manifest, backup

NAME = "backup"
HELP = "Copy the database into a new file, also while Salgsflyt runs, with a count and a hash of every table."
EXAMPLE = "python -m assessment backup salgsflyt.backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file to make."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to make; there may be none of that name")


def run(args: argparse.Namespace) -> str:
    """What the backup holds, a line a table. Raises: InputError."""
    on_a_file("use pg_dump (docs/postgres.md)")
    made = backup(settings().database, args.file)
    noted("backup_made")
    return f"{contents(made)}backed up {settings().database} to {args.file}\n"


def contents(manifest: Manifest) -> str:
    """Rows and hash of each table, as lines."""
    return aligned([("table", "rows", "sha256"), *((n, t.rows, t.hash[:16]) for n, t in manifest.tables.items())])
