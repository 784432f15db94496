"""The table of processes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from assessment.current_state.classification import ProcessClass
from assessment.engagement import EngagementId, Process, ProcessId, Side
from assessment.store.database import Database
from assessment.store.protocol import Gone
from assessment.store.tables import Tables, change_row, insert_row, instant, owned_row, row_of

_JUDGE: Final[Mapping[Side, str]] = {
    "consultant": "UPDATE processes SET class_consultant = ? WHERE id = ? AND engagement_id = ?",
    "client": "UPDATE processes SET class_client = ? WHERE id = ? AND engagement_id = ?",
}
_SHOW: Final = """
    UPDATE processes SET classes_shown_at = ? WHERE engagement_id = ? AND classes_shown_at IS NULL
        AND class_consultant IS NOT NULL AND class_client IS NOT NULL
"""
_FIXED: Final = frozenset({"id", "code", "class_consultant", "class_client", "classes_shown_at"})


class ProcessTables(Tables):
    """The part of `Store` that keeps processes."""

    def processes(self, engagement_id: EngagementId) -> Sequence[Process]:
        return [_process(row) for row in self._owned("processes", engagement_id, "rowid")]

    def add_processes(self, engagement_id: EngagementId, processes: Iterable[Process]) -> None:
        added = list(processes)
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            for process in added:
                row = {"engagement_id": engagement_id, **row_of(process)}
                insert_row(db, "processes", row, "process", process.id)

    def change_process(self, engagement_id: EngagementId, process_id: ProcessId, fields: Mapping[str, object]) -> None:
        if _FIXED & fields.keys():
            raise ValueError("a process keeps its id, its place in the catalogue and what was judged of it")
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            change_row(db, "processes", _one(db, engagement_id, process_id), process_id, fields)

    def judge_process(
        self, engagement_id: EngagementId, process_id: ProcessId, side: Side, judged: ProcessClass | None
    ) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            if _one(db, engagement_id, process_id).classes_shown_at is not None:
                raise Gone("process", process_id)
            db.execute(_JUDGE[side], [judged, process_id, engagement_id])

    def show_classes(self, engagement_id: EngagementId, at: datetime) -> None:
        moment = instant(at)
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            db.execute(_SHOW, [moment, engagement_id])

    def remove_process(self, engagement_id: EngagementId, process_id: ProcessId) -> Process:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            removed = _one(db, engagement_id, process_id)
            db.execute("DELETE FROM processes WHERE id = ?", [process_id])
        return removed


def _one(db: Database, engagement_id: str, process_id: str) -> Process:
    return _process(owned_row(db, "processes", "process", engagement_id, process_id))


def _process(row: Mapping[str, Any]) -> Process:
    return Process.model_validate({name: row[name] for name in Process.model_fields})
