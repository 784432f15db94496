"""Fit, evidence and the choice among strategies, for one situation or for many at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assessment.config import CONFLICT, EVID_MIN, HOLD, SUPPORT, TIE
from assessment.strategy.model import SIZE, SLACK, STRATEGIES, BoolArray, FloatArray, OutcomeId, StrategyId
from assessment.strategy.signals import SIGNAL_COLUMN, signal_matrix

OUTCOMES: Final[tuple[OutcomeId | None, ...]] = (*STRATEGIES, "S0", None)
_HOLD: Final = OUTCOMES.index("S0")
_MAP_FIRST: Final = OUTCOMES.index(None)
_BY_SIZE: Final = np.array(sorted(range(len(STRATEGIES)), key=lambda i: SIZE[STRATEGIES[i]]))


@dataclass(frozen=True)
class Ranking:
    """What is recommended, and what stands beside it; `recommended` None means map first.

    `near_ties` are the others within 5 points of the best, `supporting` those worth doing alongside, both largest fit
    first. `mandate_conflict` is the excluded strategy the diagnosis points to, `conflict_margin` its lead in points.
    """

    recommended: OutcomeId | None
    near_ties: tuple[StrategyId, ...]
    supporting: tuple[StrategyId, ...]
    mandate_conflict: StrategyId | None
    conflict_margin: float | None


def fit_matrix(signals: FloatArray, weights: FloatArray) -> FloatArray:
    """Fits 0 to 100 of many situations; NaN where no signal of the strategy is present.

    Shapes: `signals` situations x signals, `weights` strategies x signals or situations x strategies x signals; result
    situations x strategies. Source: method §6.3.
    """
    present = ~np.isnan(signals)
    reached = _weighted(np.where(present, signals, 0.0), weights)
    possible = _weighted(present.astype(np.float64), weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(possible > 0, np.clip(100 * reached / possible, 0.0, 100.0), np.nan)


def evidence_matrix(signals: FloatArray, weights: FloatArray) -> FloatArray:
    """Share of each strategy's weight whose signals are present, 0 to 1 (situations x strategies)."""
    return np.minimum(_weighted((~np.isnan(signals)).astype(np.float64), weights), 1.0)


def is_assessable(evidence: FloatArray) -> BoolArray:
    """Whether the evidence suffices to rank; S5 stands exactly on the limit with the questionnaire alone."""
    enough: BoolArray = evidence >= EVID_MIN - SLACK
    return enough


def choose(fits: FloatArray, candidates: BoolArray, mean_need: FloatArray) -> NDArray[np.intp]:
    """Index into OUTCOMES of what to recommend in each situation.

    `candidates` are allowed and assessable: what cannot be ranked yet can neither win nor stop "hold and measure".
    Shapes: `fits` and `candidates` situations x strategies, `mean_need` situations. Source: method §6.3.
    """
    ranked = np.where(candidates, fits, -np.inf)[:, _BY_SIZE]
    best = ranked.max(axis=1)
    smallest = _BY_SIZE[(ranked >= best[:, None] - TIE - SLACK).argmax(axis=1)]
    need_limit, fit_limit = HOLD
    hold = (mean_need < need_limit - SLACK) & (best < fit_limit - SLACK)
    return np.where(np.isneginf(best), _MAP_FIRST, np.where(hold, _HOLD, smallest))


def outcomes(
    batch: FloatArray, allowed: BoolArray, weights: FloatArray, drawn: FloatArray | None = None
) -> NDArray[np.intp]:
    """Index into OUTCOMES of the recommendation of many situations.

    `drawn` weights, one set per situation, decide the fits; what is assessable still follows from `weights`, because it
    depends on which data exist and not on how they are weighed. `allowed` is one row, or one per situation.
    """
    signals = signal_matrix(batch)
    candidates = is_assessable(evidence_matrix(signals, weights)) & allowed
    fits = fit_matrix(signals, weights if drawn is None else drawn)
    return choose(fits, candidates, signals[:, SIGNAL_COLUMN["nbar"]])


def rank(signals: FloatArray, allowed: BoolArray, weights: FloatArray) -> Ranking:
    """The ranking of one situation (`signals` 1 x signals).

    Supporting strategies are assessable too. The conflict compares with the best that is allowed and assessable; there
    is none when nothing is. Of several conflicts the largest fit is named. Under hold and measure and under map first
    the lists are empty. Source: method §6.3, §6.4.
    """
    fits, assessable = fit_matrix(signals, weights), is_assessable(evidence_matrix(signals, weights))
    outcome = OUTCOMES[int(choose(fits, assessable & allowed, signals[:, SIGNAL_COLUMN["nbar"]])[0])]
    fit = dict(zip(STRATEGIES, fits[0].tolist(), strict=True))
    order = sorted(
        (s for s, known in zip(STRATEGIES, assessable[0], strict=True) if known), key=lambda s: (-fit[s], SIZE[s])
    )
    within = dict(zip(STRATEGIES, allowed.tolist(), strict=True))
    inside, outside = [s for s in order if within[s]], [s for s in order if not within[s]]
    margin = fit[outside[0]] - fit[inside[0]] if inside and outside else None
    conflict = margin is not None and margin >= CONFLICT - SLACK
    chosen = outcome if outcome in STRATEGIES else None
    others = [s for s in inside if s != chosen] if chosen else []
    least, width = SUPPORT
    return Ranking(
        recommended=outcome,
        near_ties=tuple(s for s in others if fit[s] >= fit[inside[0]] - TIE - SLACK),
        supporting=tuple(
            s for s in others if chosen and fit[s] >= least - SLACK and fit[s] >= fit[chosen] - width - SLACK
        ),
        mandate_conflict=outside[0] if conflict else None,
        conflict_margin=margin if conflict else None,
    )


def _weighted(values: FloatArray, weights: FloatArray) -> FloatArray:
    sums: FloatArray = np.matmul(weights, values[:, :, None])[:, :, 0]
    return sums
