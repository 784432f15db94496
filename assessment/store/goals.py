"""The table of goals and drafts of goals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assessment.engagement import EngagementId, Goal, GoalId
from assessment.store.database import Database
from assessment.store.tables import Tables, change_row, insert_row, owned_row, row_of


class GoalTables(Tables):
    """The part of `Store` that keeps goals."""

    def goals(self, engagement_id: EngagementId) -> Sequence[Goal]:
        return [_goal(row) for row in self._owned("goals", engagement_id, "rowid")]

    def add_goals(self, engagement_id: EngagementId, goals: Iterable[Goal]) -> None:
        added = list(goals)
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            for goal in added:
                _check_kpi(db, engagement_id, goal.kpi_id)
                insert_row(db, "goals", {"engagement_id": engagement_id, **row_of(goal)}, "goal", goal.id)

    def change_goal(self, engagement_id: EngagementId, goal_id: GoalId, fields: Mapping[str, object]) -> None:
        if "id" in fields:
            raise ValueError("a goal keeps its id")
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            told = _one(db, engagement_id, goal_id)
            _check_kpi(db, engagement_id, Goal.model_validate({**told.model_dump(), **fields}).kpi_id)
            change_row(db, "goals", told, goal_id, fields)

    def remove_goal(self, engagement_id: EngagementId, goal_id: GoalId) -> Goal:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            removed = _one(db, engagement_id, goal_id)
            db.execute("DELETE FROM goals WHERE id = ?", [goal_id])
        return removed


def _one(db: Database, engagement_id: str, goal_id: str) -> Goal:
    return _goal(owned_row(db, "goals", "goal", engagement_id, goal_id))


def _goal(row: Mapping[str, Any]) -> Goal:
    return Goal.model_validate({name: row[name] for name in Goal.model_fields})


def _check_kpi(db: Database, engagement_id: str, kpi_id: str | None) -> None:
    if kpi_id is not None:
        owned_row(db, "kpis", "kpi", engagement_id, kpi_id)
