"""`restore`: a backup in the place of the configured database."""

import argparse
from pathlib import Path

from assessment.headless.backup import contents
from assessment.headless.installation import noted, on_a_file
from assessment.settings import settings
from assessment.store.backups import restore

NAME = "restore"
HELP = "Put a backup in the database's place, once its tables are compared with its manifest. Stop Salgsflyt first."
EXAMPLE = "python -m assessment restore salgsflyt.backup --overwrite"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the backup, and whether a database may be replaced."""
    parser.add_argument("file", metavar="FILE", type=Path, help="what the backup command has made")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace the database that is there, and keep it beside the new one"
    )


def run(args: argparse.Namespace) -> str:
    """What has been restored, a line a table. Raises: InputError with what is wrong, and then nothing is changed."""
    on_a_file("use pg_restore (docs/postgres.md)")
    done = restore(args.file, settings().database, overwrite=args.overwrite)
    noted("backup_restored")
    kept = "" if done.kept is None else f"the database that was there is kept as {done.kept}\n"
    return (
        f"{contents(done.manifest)}{kept}restored {settings().database} as it was"
        f" {done.manifest.made_at:%Y-%m-%d %H:%M:%S} UTC\n"
    )
