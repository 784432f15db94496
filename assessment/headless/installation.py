"""The configured installation, for commands that need its database."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from assessment.audit import AuditEvent, AuditKind
from assessment.files import InputError
from assessment.service import Service
from assessment.settings import settings
from assessment.store import Store, StoreError
from assessment.store.opening import configured
from assessment.store.upgrades import steps_left
from assessment.texts import texts
from assessment.use_cases import utc_now


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


def noted(kind: AuditKind) -> None:
    """Keep in the audit log what a command has done with the database's file, where that has one and can be written.

    A file of another version is left as it is: to write in it would be to upgrade it.
    """
    if steps_left(settings().database):
        return
    with suppress(StoreError):
        configured().note(AuditEvent(at=utc_now(), actor="command", kind=kind))


@contextmanager
def installed() -> Iterator[Service]:
    """The use cases on the configured database. Raises: InputError when it cannot be read or written."""
    with opened() as store:
        yield Service(store)
