"""Where engagements are kept: one protocol, one implementation for each database, the same contract tests for all."""

from assessment.store.protocol import (
    AlreadyThere,
    Busy,
    ChangedSince,
    Closed,
    Damaged,
    Gone,
    LinkUnusable,
    NewerDatabase,
    NotADatabase,
    NotFound,
    Saving,
    Store,
    StoreError,
    Unwritable,
)
from assessment.store.sqlite import SqliteStore

__all__ = [
    "AlreadyThere",
    "Busy",
    "ChangedSince",
    "Closed",
    "Damaged",
    "Gone",
    "LinkUnusable",
    "NewerDatabase",
    "NotADatabase",
    "NotFound",
    "Saving",
    "SqliteStore",
    "Store",
    "StoreError",
    "Unwritable",
]
