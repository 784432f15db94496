"""Why a strategy has its fit: points per signal, and per questionnaire item behind a signal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assessment.config import T
from assessment.strategy.model import SIGNALS, STRATEGIES, FloatArray, StrategyId


@dataclass(frozen=True)
class Contribution:
    """What one signal adds to a fit: `points` of `most`, the points it would give at value 1."""

    signal: str
    value: float
    most: float

    @property
    def points(self) -> float:
        """100 * weight * signal / sum of the weights present."""
        return self.most * self.value


def contributions(
    strategy: StrategyId, signals: Mapping[str, float | None], weights: FloatArray
) -> tuple[Contribution, ...]:
    """The signals behind a fit, largest points first; they add up to the fit.

    A missing signal is left out and its weight shared among the others. Source: method §6.6.
    """
    row = dict(zip(SIGNALS, weights[STRATEGIES.index(strategy)].tolist(), strict=True))
    known = {name: value for name, value in signals.items() if value is not None and row[name] > 0}
    total = sum(row[name] for name in known)
    parts = [Contribution(name, value, 100 * row[name] / total) for name, value in known.items()]
    return tuple(sorted(parts, key=lambda c: (-c.points, -c.most)))


def item_shares(
    contribution: Contribution, item_means: Mapping[str, Mapping[str, float]], items: Collection[str]
) -> dict[tuple[str, str], float]:
    """Points each item gives within the contribution of a need signal, by (perspective, item).

    `item_means` holds the item means a perspective's score rests on; `items` are those of the signal's criterion or
    sub-scale. Perspectives weigh equally, items equally within one. The shares add up to the contribution of that
    score; an item above the model target counts negative. Where the need is clamped the shares are scaled
    proportionally: a criterion above the target gives nothing through any item. Empty when no item is known.

    Source: method §6.6.
    """
    seen = {g: {i: m for i, m in means.items() if i in items} for g, means in item_means.items()}
    seen = {g: means for g, means in seen.items() if means}
    raw = {
        (g, i): (T - mean) / ((T - 1) * len(seen) * len(means))
        for g, means in seen.items()
        for i, mean in means.items()
    }
    need = sum(raw.values())
    clamped = min(max(need, 0.0), 1.0)
    scale = contribution.most * (1.0 if need == clamped else clamped / need)
    return {key: scale * share for key, share in raw.items()}
