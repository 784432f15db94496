"""Use cases of the choice of strategy: own weights, what they would do, and what was decided, by whom and why."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from assessment.advice import Advice, Advising
from assessment.engagement import EngagementId, Strategy, StrategyDecision, WaveId
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.strategy.model import SIGNALS, STRATEGIES, WEIGHTS, OutcomeId, StrategyId, Weights, weight_matrix
from assessment.strategy.recommend import Recommendation, recommend

_DIGITS: Final = 6  # a figure that differs by less is the same one, calculated anew


class Deciding(Advising):
    """The choice of strategy of an assessment."""

    @requires("read")
    def strategy_decisions(self, engagement_id: EngagementId) -> tuple[StrategyDecision, ...]:
        """What was chosen, newest first; the first of them holds."""
        return tuple(reversed(self._store.strategy_decisions(self.engagement(engagement_id).id)))

    @requires("run")
    def decide_strategy(
        self,
        engagement_id: EngagementId,
        wave_id: WaveId,
        strategy: Strategy,
        *,
        decided_by: str,
        decided_on: date,
        reason: str | None = None,
    ) -> int:
        """Choose a strategy on what a measurement shows now, and return the decision's number.

        Raises: NotFound; ValueError without a name, without a reason where `needs_reason`, or before there is advice.
        """
        advice = self.advice(engagement_id, wave_id)
        if advice is None:
            raise ValueError("there is nothing to choose a strategy on yet")
        known = self._store.strategy_decisions(engagement_id)
        decision = StrategyDecision(
            number=max((d.number for d in known), default=0) + 1,
            wave_id=wave_id,
            strategy=strategy,
            decided_by=decided_by,
            decided_on=decided_on,
            recommended=advice.recommendation.recommended,
            outside=outside(advice.recommendation, strategy),
            reason=filled(reason),
            basis=basis_of(advice),
        )
        self._store.add_strategy_decision(engagement_id, decision)
        return decision.number

    @requires("run")
    def undo_strategy_decision(self, engagement_id: EngagementId, number: int) -> None:
        """Take back a decision just made; what was chosen before holds again."""
        self._store.remove_strategy_decision(engagement_id, number)

    @requires("run")
    def use_weights(self, engagement_id: EngagementId, weights: Weights) -> Weights:
        """Recommend by these weights from now on, everywhere, and return those that held before; none are ours.

        Weights that are ours are kept as none. Raises: ValueError for weights that cannot be used.
        """
        before = self._store.strategy_weights(engagement_id)
        kept = {s: w for s, w in shares(weights).items() if not _same(w, WEIGHTS[s])} if weights else {}
        self._store.set_strategy_weights(engagement_id, kept)
        return before


def shares(weights: Weights) -> dict[str, dict[str, float]]:
    """The weights of every strategy, each adding up to 1; ours for a strategy that is left out.

    Raises: ValueError for weights that cannot be used.
    """
    rows = zip(STRATEGIES, weight_matrix(weights).tolist(), strict=True)
    named = {s: dict(zip(SIGNALS, row, strict=True)) for s, row in rows}
    return {s: {name: named[s][name] for name in {**WEIGHTS[s], **weights.get(s, {})}} for s in STRATEGIES}


def tried(advice: Advice, weights: Weights) -> Recommendation:
    """The recommendation other weights would give in the same situation; ours with none."""
    return recommend(advice.situation, weights=weights)


def ranked(recommendation: Recommendation) -> dict[StrategyId, int]:
    """The place of each strategy by fit, from 1; of equals the same. Those that cannot be assessed have none."""
    fits = {s.id: s.fit for s in recommendation.strategies if s.assessable and s.fit is not None}
    return {id_: 1 + sum(other > fit for other in fits.values()) for id_, fit in fits.items()}


def outside(recommendation: Recommendation, strategy: Strategy) -> bool:
    """Whether the mandate excludes a strategy; to hold and measure is always within."""
    return any(s.id == strategy and s.excluded for s in recommendation.strategies)


def needs_reason(recommendation: Recommendation, strategy: Strategy) -> bool:
    """Whether who chooses this says why: it is not what is recommended, or lies outside the mandate."""
    return strategy != recommendation.recommended or outside(recommendation, strategy)


def followed(advice: Advice, decisions: Iterable[StrategyDecision]) -> OutcomeId | None:
    """The strategy to act on: the one that was chosen, else the one that is recommended. decisions: newest first."""
    latest = next(iter(decisions), None)
    return advice.recommendation.recommended if latest is None else latest.strategy


def basis_of(advice: Advice) -> str:
    """What a choice rests on, as text: each strategy's fit and evidence, and the weights they were made by."""
    known = {s.id: [_rounded(s.fit), _rounded(s.evidence)] for s in advice.recommendation.strategies}
    weights: dict[str, Any] = {}
    if advice.own_weights:
        used = advice.recommendation.weights
        weights = {s: {n: _rounded(w) for n, w in used[s].items()} for s in used if not _same(used[s], WEIGHTS[s])}
    return json.dumps({"strategies": known, "own_weights": weights}, sort_keys=True)


def moved_since(decision: StrategyDecision, advice: Advice) -> bool:
    """Whether something else is recommended now than when this was chosen."""
    return advice.recommendation.recommended != decision.recommended


def fit_then(decision: StrategyDecision, strategy: Strategy | None) -> float | None:
    """The fit a strategy had when something was chosen; None where it had none, or is to hold and measure."""
    known = json.loads(decision.basis)["strategies"].get(strategy)
    return None if known is None else known[0]


def _same(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return all(round(one.get(n, 0.0) - other.get(n, 0.0), _DIGITS) == 0 for n in {*one, *other})


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
