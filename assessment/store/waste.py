"""The table of waste."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from assessment.engagement import EngagementId, WasteRow, WasteRowId
from assessment.store._sqlite_utils import Database
from assessment.store.protocol import Gone
from assessment.store.sqlite_file import SqliteFile, all_rows, insert_row, row_of

_ONE: Final = "SELECT * FROM waste_rows WHERE id = ? AND engagement_id = ?"
_STAGE: Final = "SELECT 1 FROM stages WHERE id = ? AND engagement_id = ?"


class WasteTables(SqliteFile):
    """The part of `Store` that keeps the waste register."""

    def waste_rows(self, engagement_id: EngagementId) -> Sequence[WasteRow]:
        return [_row(row) for row in self._owned("waste_rows", engagement_id, "rowid")]

    def add_waste_rows(self, engagement_id: EngagementId, rows: Iterable[WasteRow]) -> None:
        added = list(rows)
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            for row in added:
                _check_stage(db, engagement_id, row.stage_id)
                insert_row(db, "waste_rows", {"engagement_id": engagement_id, **row_of(row)}, "waste_row", row.id)

    def change_waste_row(self, engagement_id: EngagementId, row_id: WasteRowId, fields: Mapping[str, object]) -> None:
        if "id" in fields:
            raise ValueError("a row keeps its id")
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            changed = WasteRow.model_validate({**_one(db, engagement_id, row_id).model_dump(), **fields})
            _check_stage(db, engagement_id, changed.stage_id)
            db.table("waste_rows").update(row_id, {name: row_of(changed)[name] for name in fields})

    def remove_waste_row(self, engagement_id: EngagementId, row_id: WasteRowId) -> WasteRow:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            removed = _one(db, engagement_id, row_id)
            db.execute("DELETE FROM waste_rows WHERE id = ?", [row_id])
        return removed


def _one(db: Database, engagement_id: str, row_id: str) -> WasteRow:
    rows = all_rows(db, _ONE, [row_id, engagement_id])
    if not rows:
        raise Gone("waste_row", row_id)
    return _row(rows[0])


def _row(row: Mapping[str, Any]) -> WasteRow:
    return WasteRow.model_validate({name: row[name] for name in WasteRow.model_fields})


def _check_stage(db: Database, engagement_id: str, stage_id: str | None) -> None:
    if stage_id is not None and db.execute(_STAGE, [stage_id, engagement_id]).fetchone() is None:
        raise Gone("stage", stage_id)
