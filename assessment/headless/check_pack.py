"""`check-pack`: is a folder a question pack we can use?"""

import argparse
from pathlib import Path
from typing import Any

from assessment.files import InputError
from assessment.packs import PackError, load

NAME = "check-pack"
HELP = "Check a question pack and print what identifies it, or every problem it has."
EXAMPLE = "python -m assessment check-pack questions/full"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder that holds pack.toml, nb.toml and en.toml."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="folder with pack.toml, nb.toml and en.toml")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Id, version, hash and size of the pack. Raises: InputError with all of them."""
    try:
        pack = load(args.folder.resolve())
    except PackError as error:
        raise InputError(error.problems) from error
    return {
        "id": pack.id,
        "version": pack.version,
        "hash": pack.hash,
        "criteria": len(pack.criteria),
        "items": len(pack.items),
        "languages": sorted(pack.prose),
    }
