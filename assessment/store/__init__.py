"""Where engagements are kept: one protocol, one implementation for each database, the same contract tests for all."""

from assessment.store.protocol import (
    AlreadyThere,
    Busy,
    Closed,
    NewerDatabase,
    NotADatabase,
    NotFound,
    Store,
    StoreError,
    Unwritable,
)
from assessment.store.sqlite import SqliteStore

__all__ = [
    "AlreadyThere",
    "Busy",
    "Closed",
    "NewerDatabase",
    "NotADatabase",
    "NotFound",
    "SqliteStore",
    "Store",
    "StoreError",
    "Unwritable",
]
