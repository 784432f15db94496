"""`export`: everything on one assessment as a zip."""

import argparse
from pathlib import Path

from assessment.engagement import EngagementId
from assessment.files import InputError
from assessment.headless.installation import opened
from assessment.packs import LANGUAGES
from assessment.report.everything import Everything
from assessment.settings import settings
from assessment.store.protocol import NotFound

NAME = "export"
HELP = "Write everything that belongs to an assessment into a new zip, without what nobody may read."
EXAMPLE = "python -m assessment export ENGAGEMENT assessment.zip"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the engagement, the file and the language of the note in it."""
    parser.add_argument("engagement", metavar="ENGAGEMENT", type=EngagementId, help="its id (e= in the address)")
    parser.add_argument("file", metavar="FILE", type=Path, help="the zip to make; there may be none of that name")
    parser.add_argument("--language", choices=LANGUAGES, default="nb", help="of the note in it; nb")


def run(args: argparse.Namespace) -> str:
    """How large the file is. Raises: InputError."""
    with opened() as store:
        try:
            content = Everything(store).export_everything(args.engagement, args.language)
        except NotFound as error:
            raise InputError([f"{args.engagement}: no such engagement in {settings().place}"]) from error
    try:
        with args.file.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise InputError([f"{args.file} cannot be written: {error.strerror}"]) from error
    return f"wrote {len(content)} bytes to {args.file}\n"
