"""The page about the tables names each of them, with each of its columns, and nothing that is not there."""

import re
import sqlite3
from pathlib import Path

from assessment.store import SqliteStore

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"
# all but those of SQLite and of sqlite-utils
OURS = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_*' AND name NOT GLOB 'sqlite*'"


def test_every_table_and_column_is_explained_and_none_that_is_not_there(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "x.db")
    store.engagements()
    with sqlite3.connect(store.path) as db:
        tables = [name for (name,) in db.execute(OURS)]
        there = {t: {row[1] for row in db.execute("SELECT * FROM pragma_table_info(?)", [t])} for t in tables}

    parts = re.split(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    explained = {
        name: re.findall(r"^\| `(\w+)` \| \S.*\|$", about, re.M)
        for name, about in zip(parts[::2], parts[1::2], strict=True)
    }
    assert there
    assert {name: set(columns) for name, columns in explained.items()} == there
    assert [name for name, columns in explained.items() if len(set(columns)) < len(columns)] == []
