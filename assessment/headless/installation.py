"""The configured installation, for commands that need its database."""

from collections.abc import Iterator
from contextlib import contextmanager

from assessment.files import InputError
from assessment.service import Service
from assessment.settings import settings
from assessment.store import Store, StoreError
from assessment.store.opening import configured
from assessment.texts import texts


@contextmanager
def opened() -> Iterator[Store]:
    """The configured database. Raises: InputError when it cannot be read or written."""
    try:
        yield configured()
    except StoreError as error:
        raise InputError([f"{settings().place}: {texts('en')(f'error.{error.key}', **error.fields)}"]) from error


def on_a_file(instead: str) -> None:
    """Go on only where the database is a file. Raises: InputError, which says what is made instead."""
    if settings().database_url is not None:
        raise InputError([f"DATABASE_URL is set, and this is for a database in a file; for PostgreSQL {instead}"])


@contextmanager
def installed() -> Iterator[Service]:
    """The use cases on the configured database. Raises: InputError when it cannot be read or written."""
    with opened() as store:
        yield Service(store)
