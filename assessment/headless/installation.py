"""The configured installation, for commands that need its database."""

from collections.abc import Iterator
from contextlib import contextmanager

from assessment.files import InputError
from assessment.service import Service
from assessment.settings import settings
from assessment.store import SqliteStore, StoreError
from assessment.texts import texts


@contextmanager
def opened() -> Iterator[SqliteStore]:
    """The configured database. Raises: InputError when it cannot be read or written."""
    file = settings().database
    try:
        yield SqliteStore(file)
    except StoreError as error:
        raise InputError([f"{file}: {texts('en')(f'error.{error.key}', **error.fields)}"]) from error


@contextmanager
def installed() -> Iterator[Service]:
    """The use cases on the configured database. Raises: InputError when it cannot be read or written."""
    with opened() as store:
        yield Service(store)
