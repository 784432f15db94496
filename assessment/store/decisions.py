"""The tables of the choice of strategy: own weights, decisions, and what was added to the brief for a training."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessment.engagement import EngagementId, StrategyDecision, TrainingBrief
from assessment.store.database import Database
from assessment.store.protocol import NotFound
from assessment.store.tables import Tables, all_rows, insert_row, one_row, row_of


class DecisionTables(Tables):
    """The part of `Store` that keeps the choice of strategy."""

    def strategy_weights(self, engagement_id: EngagementId) -> Mapping[str, Mapping[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for row in self._owned("strategy_weights", engagement_id, "strategy, signal"):
            found.setdefault(row["strategy"], {})[row["signal"]] = row["weight"]
        return found

    def set_strategy_weights(self, engagement_id: EngagementId, weights: Mapping[str, Mapping[str, float]]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            db.execute("DELETE FROM strategy_weights WHERE engagement_id = ?", [engagement_id])
            db.table("strategy_weights").insert_all(
                {"engagement_id": engagement_id, "strategy": strategy, "signal": signal, "weight": weight}
                for strategy, signals in weights.items()
                for signal, weight in signals.items()
            )

    def strategy_decisions(self, engagement_id: EngagementId) -> Sequence[StrategyDecision]:
        return [_decision(row) for row in self._owned("strategy_decisions", engagement_id, "number")]

    def add_strategy_decision(self, engagement_id: EngagementId, decision: StrategyDecision) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            if one_row(db, "wave", decision.wave_id)["engagement_id"] != engagement_id:
                raise NotFound("wave", decision.wave_id)
            row = {"engagement_id": engagement_id, **row_of(decision)}
            insert_row(db, "strategy_decisions", row, "decision", str(decision.number))

    def remove_strategy_decision(self, engagement_id: EngagementId, number: int) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            db.execute("DELETE FROM strategy_decisions WHERE engagement_id = ? AND number = ?", [engagement_id, number])

    def training_brief(self, engagement_id: EngagementId) -> TrainingBrief:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return _brief(db, engagement_id)

    def change_training_brief(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            changed = TrainingBrief.model_validate({**_brief(db, engagement_id).model_dump(), **fields})
            db.table("training_briefs").upsert({"engagement_id": engagement_id, **row_of(changed)}, pk="engagement_id")


def _decision(row: Mapping[str, Any]) -> StrategyDecision:
    return StrategyDecision.model_validate({name: row[name] for name in StrategyDecision.model_fields})


def _brief(db: Database, engagement_id: str) -> TrainingBrief:
    rows = all_rows(db, "SELECT * FROM training_briefs WHERE engagement_id = ?", [engagement_id])
    return TrainingBrief.model_validate({k: v for row in rows for k, v in row.items() if k != "engagement_id"})
