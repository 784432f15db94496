"""Levels, index and the overall score. Source: method §3.4."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assessment.config import LEVEL_CUTS, OVERALL_WEIGHT_MIN
from assessment.scoring.answers import SLACK


@dataclass(frozen=True)
class Overall:
    """The overall score and its level, or the reason there is none.

    uncapped_level: what the mean alone would give. capped_by: the weakest criterion, when it lowers the level.
    weight_share: share of the weight the scored criteria carry, 0 to 1. reason: None when there is a score.
    """

    score: float | None
    index: float | None
    level: int | None
    uncapped_level: int | None
    capped_by: str | None
    weight_share: float
    reason: Literal["no_scores", "too_little_weight"] | None


def level(score: float) -> int:
    """Maturity level 1 to 5 of a score: a score on a cut belongs to the level above.

    Compared on the unrounded score, with room for the last bits only: 7.5 / 3 computed as a sum of thirds is 2.5.
    """
    return 1 + sum(score >= cut - SLACK for cut in LEVEL_CUTS)


def index(score: float) -> float:
    """The score on a scale of 0 to 100."""
    return 100 * (score - 1) / 4


def overall(ids: Sequence[str], scores: Sequence[float | None], weights: Sequence[int]) -> Overall:
    """Weighted mean of the scored criteria, its level held to one above that of the weakest.

    None when the scored criteria carry under 70 % of the weight. A criterion of weight 0 neither counts nor caps; of
    equally weak ones the first is named.

    Raises: ValueError when all weights are 0.
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("at least one weight must be above 0")
    scored = [(s, w, i) for i, s, w in zip(ids, scores, weights, strict=True) if s is not None and w > 0]
    share = sum(w for _, w, _ in scored) / total
    if not scored or share < OVERALL_WEIGHT_MIN - SLACK:
        reason: Literal["no_scores", "too_little_weight"] = "too_little_weight" if scored else "no_scores"
        return Overall(None, None, None, None, None, share, reason)
    combined = sum(w * s for s, w, _ in scored) / sum(w for _, w, _ in scored)
    weakest, _, weakest_id = min(scored, key=lambda entry: entry[0])
    uncapped, cap = level(combined), level(weakest) + 1
    capped_by = weakest_id if cap < uncapped else None
    return Overall(combined, index(combined), min(uncapped, cap), uncapped, capped_by, share, None)
