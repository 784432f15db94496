"""`access-key`: the key that others sign in with."""

import argparse
from typing import Any

from assessment.access.keys import KeyFile, hash_secret, new_key, plain
from assessment.files import InputError
from assessment.settings import settings

NAME = "access-key"
HELP = "Make the access key that readers elsewhere sign in with, print it once, and end the sessions of the one before."
EXAMPLE = "python -m assessment access-key"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing: the database says where the hash belongs."""


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The key, which is kept nowhere, and the file its hash is in. Raises: InputError when that cannot be written.

    With DATABASE_URL no file: the hash is for the setting that all replicas share.
    """
    if settings().database_url is not None:
        key = new_key()
        return {"key": key, "SALGSFLYT_ACCESS_KEY_HASH": hash_secret(plain(key))}
    file = KeyFile(settings().database)
    try:
        return {"key": file.renew(), "hash_file": str(file.path)}
    except OSError as error:
        raise InputError([f"{file.path} cannot be written: {error.strerror}"]) from error
