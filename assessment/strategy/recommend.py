"""The recommendation: everything a page, a report or the command shows about one situation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from assessment.config import EVID_FULL
from assessment.strategy.contributions import Contribution, contributions
from assessment.strategy.counterfactuals import Counterfactual, counterfactuals
from assessment.strategy.fit import Ranking, evidence_matrix, fit_matrix, is_assessable, rank
from assessment.strategy.gates import Gate, first_step, gate
from assessment.strategy.mandate import Reason, allowed_row, exclusions
from assessment.strategy.model import (
    DRAWS,
    MODEL_VERSION,
    SEED,
    SIGNALS,
    SIZE,
    SLACK,
    STRATEGIES,
    FloatArray,
    OutcomeId,
    StrategyId,
    Weights,
    weight_matrix,
)
from assessment.strategy.signals import signal_matrix
from assessment.strategy.situation import Situation
from assessment.strategy.stability import Band, band, stability


@dataclass(frozen=True)
class Assessment:
    """One strategy in one situation.

    `fit` 0 to 100, None when no signal of it is present; `evidence` 0 to 1. Assessable: enough evidence to be ranked;
    provisional: assessable on less than .75. `excluded` gives every reason why it is outside the mandate.
    """

    id: StrategyId
    fit: float | None
    evidence: float
    assessable: bool
    provisional: bool
    excluded: tuple[Reason, ...]
    contributions: tuple[Contribution, ...]
    gate: Gate


@dataclass(frozen=True)
class Recommendation:
    """What to do, why, how sure that is and what would change it.

    `recommended`: S1..S6, S0 hold and measure, or None for map first. `gate` is that of a recommended strategy;
    `first_step` is set when it is red. `mandate_known` is False when nothing was excluded because no mandate is given.
    """

    model_version: str
    weights: Weights
    recommended: OutcomeId | None
    near_ties: tuple[StrategyId, ...]
    supporting: tuple[StrategyId, ...]
    mandate_conflict: StrategyId | None
    conflict_margin: float | None
    mandate_known: bool
    gate: Gate | None
    first_step: StrategyId | None
    signals: Mapping[str, float | None]
    strategies: tuple[Assessment, ...]
    counterfactuals: tuple[Counterfactual, ...]
    stability: float
    stability_band: Band

    def strategy(self, strategy: StrategyId) -> Assessment:
        """The assessment of one strategy."""
        return self.strategies[STRATEGIES.index(strategy)]


def recommend(
    situation: Situation, *, weights: Weights | None = None, draws: int = DRAWS, seed: int = SEED
) -> Recommendation:
    """The recommendation for a situation, complete or not.

    Raises: ValueError for weights that cannot be used.
    Source: method §6.
    """
    matrix = weight_matrix(weights)
    row, allowed = situation.row(), allowed_row(situation.mandate)
    signals = signal_matrix(row)
    ranking = rank(signals, allowed, matrix)
    strategies = _assessments(situation, signals, matrix)
    own_gate, step = _readiness(situation, ranking, strategies)
    share = stability(row, allowed, matrix, draws=draws, seed=seed)
    return Recommendation(
        model_version=MODEL_VERSION,
        weights={
            s: {n: w for n, w in zip(SIGNALS, r.tolist(), strict=True) if w}
            for s, r in zip(STRATEGIES, matrix, strict=True)
        },
        recommended=ranking.recommended,
        near_ties=ranking.near_ties,
        supporting=ranking.supporting,
        mandate_conflict=ranking.mandate_conflict,
        conflict_margin=ranking.conflict_margin,
        mandate_known=situation.mandate is not None,
        gate=own_gate,
        first_step=step,
        signals=_named(signals),
        strategies=strategies,
        counterfactuals=counterfactuals(situation, matrix),
        stability=share,
        stability_band=band(share),
    )


def document(recommendation: Recommendation) -> dict[str, Any]:
    """The recommendation in the shape of headless.md: plain values, numbers not rounded.

    Of several reasons for an exclusion the first stands. Strategies come in the order S1 to S6.
    """
    r = recommendation
    return {
        "recommended": r.recommended,
        "gate": None if r.gate is None else {"colour": r.gate.colour, "short": dict(r.gate.short)},
        "first_step": r.first_step,
        "near_ties": list(r.near_ties),
        "supporting": list(r.supporting),
        "mandate_conflict": r.mandate_conflict,
        "signals": dict(r.signals),
        "strategies": [
            {
                "id": s.id,
                "fit": s.fit,
                "evidence": s.evidence,
                "assessable": s.assessable,
                "excluded": next(iter(s.excluded), None),
                "contributions": {c.signal: c.points for c in s.contributions},
            }
            for s in r.strategies
        ],
        "counterfactuals": [
            {
                "changes": [{"input": c.input, "from": c.before, "to": c.after} for c in found.changes],
                "recommended": found.recommended,
            }
            for found in r.counterfactuals
        ],
        "stability": r.stability,
    }


def _assessments(situation: Situation, signals: FloatArray, matrix: FloatArray) -> tuple[Assessment, ...]:
    fits, evidence = fit_matrix(signals, matrix)[0], evidence_matrix(signals, matrix)[0]
    assessable, reasons, named = is_assessable(evidence), exclusions(situation.mandate), _named(signals)
    return tuple(
        Assessment(
            id=strategy,
            fit=None if np.isnan(fits[i]) else float(fits[i]),
            evidence=float(evidence[i]),
            assessable=bool(assessable[i]),
            provisional=bool(assessable[i] and evidence[i] < EVID_FULL - SLACK),
            excluded=reasons[strategy],
            contributions=contributions(strategy, named, matrix),
            gate=gate(strategy, situation.readiness),
        )
        for i, strategy in enumerate(STRATEGIES)
    )


def _readiness(
    situation: Situation, ranking: Ranking, strategies: tuple[Assessment, ...]
) -> tuple[Gate | None, StrategyId | None]:
    """Gate of the recommended strategy and, when it is red, what to begin with."""
    chosen = next((s for s in strategies if s.id == ranking.recommended), None)
    if chosen is None:
        return None, None
    if chosen.gate.colour != "red":
        return chosen.gate, None
    candidates = [s for s in strategies if s.assessable and not s.excluded]
    candidates.sort(key=lambda s: (-(s.fit or 0.0), SIZE[s.id]))
    return chosen.gate, first_step([s.id for s in candidates], situation.readiness)


def _named(signals: FloatArray) -> dict[str, float | None]:
    return {name: None if np.isnan(v) else float(v) for name, v in zip(SIGNALS, signals[0], strict=True)}
