"""`verify`: is a backup whole, without restoring it?"""

import argparse
from pathlib import Path

from assessment.headless.backup import contents
from assessment.store.backups import verify

NAME = "verify"
HELP = "Read a backup as a restore would, compare every table with its manifest, and change nothing."
EXAMPLE = "python -m assessment verify salgsflyt.backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the backup."""
    parser.add_argument("file", metavar="FILE", type=Path, help="what the backup command has made")


def run(args: argparse.Namespace) -> str:
    """What the backup holds, a line a table. Raises: InputError with what is wrong with it."""
    manifest = verify(args.file)
    return f"{contents(manifest)}{args.file} is whole, made {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC\n"
