"""The table of waste."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assessment.engagement import EngagementId, WasteRow, WasteRowId
from assessment.store.database import Database
from assessment.store.tables import Tables, change_row, insert_row, owned_row, row_of


class WasteTables(Tables):
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
            told = _one(db, engagement_id, row_id)
            _check_stage(db, engagement_id, WasteRow.model_validate({**told.model_dump(), **fields}).stage_id)
            change_row(db, "waste_rows", told, row_id, fields)

    def remove_waste_row(self, engagement_id: EngagementId, row_id: WasteRowId) -> WasteRow:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            removed = _one(db, engagement_id, row_id)
            db.execute("DELETE FROM waste_rows WHERE id = ?", [row_id])
        return removed


def _one(db: Database, engagement_id: str, row_id: str) -> WasteRow:
    return _row(owned_row(db, "waste_rows", "waste_row", engagement_id, row_id))


def _row(row: Mapping[str, Any]) -> WasteRow:
    return WasteRow.model_validate({name: row[name] for name in WasteRow.model_fields})


def _check_stage(db: Database, engagement_id: str, stage_id: str | None) -> None:
    if stage_id is not None:
        owned_row(db, "stages", "stage", engagement_id, stage_id)
