"""The table of actions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from assessment.engagement import Action, ActionId, EngagementId
from assessment.store.database import Database
from assessment.store.protocol import Kind
from assessment.store.tables import Tables, change_row, insert_row, owned_row, row_of

# column of what an action refers to: the table and the kind of it
_REFERS: Final[Mapping[str, tuple[str, Kind]]] = {
    "kpi_id": ("kpis", "kpi"),
    "process_id": ("processes", "process"),
    "stage_id": ("stages", "stage"),
    "to_stage_id": ("stages", "stage"),
}


class ActionTables(Tables):
    """The part of `Store` that keeps actions."""

    def actions(self, engagement_id: EngagementId) -> Sequence[Action]:
        return [_action(row) for row in self._owned("actions", engagement_id, "position, rowid")]

    def add_actions(self, engagement_id: EngagementId, actions: Iterable[Action]) -> None:
        added = list(actions)
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            for action in added:
                _check_references(db, engagement_id, action)
                insert_row(db, "actions", {"engagement_id": engagement_id, **row_of(action)}, "action", action.id)

    def change_action(self, engagement_id: EngagementId, action_id: ActionId, fields: Mapping[str, object]) -> None:
        if fields.keys() & {"id", "source"}:
            raise ValueError("an action keeps its id and where it came from")
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            told = _one(db, engagement_id, action_id)
            _check_references(db, engagement_id, Action.model_validate({**told.model_dump(), **fields}))
            change_row(db, "actions", told, action_id, fields)

    def remove_action(self, engagement_id: EngagementId, action_id: ActionId) -> Action:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            removed = _one(db, engagement_id, action_id)
            db.execute("DELETE FROM actions WHERE id = ?", [action_id])
        return removed


def _one(db: Database, engagement_id: str, action_id: str) -> Action:
    return _action(owned_row(db, "actions", "action", engagement_id, action_id))


def _action(row: Mapping[str, Any]) -> Action:
    return Action.model_validate({name: row[name] for name in Action.model_fields})


def _check_references(db: Database, engagement_id: str, action: Action) -> None:
    for field, (table, kind) in _REFERS.items():
        if (id_ := getattr(action, field)) is not None:
            owned_row(db, table, kind, engagement_id, id_)
