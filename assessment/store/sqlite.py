"""The store in one SQLite file, written to by any number of threads and processes at once."""

from assessment.store.records import Records
from assessment.store.sqlite_file import SqliteFile


class SqliteStore(Records, SqliteFile):
    """`Store` in a SQLite file."""
