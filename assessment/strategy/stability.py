"""How firmly a recommendation stands when weights and scores are a little wrong."""

from typing import Final, Literal

import numpy as np

from assessment.config import STABLE
from assessment.strategy.fit import outcomes
from assessment.strategy.model import (
    DRAWS,
    LEVEL_SD,
    LEVELS,
    SCALE,
    SEED,
    SLACK,
    WEIGHT_SPREAD,
    BoolArray,
    FloatArray,
)
from assessment.strategy.signals import COLUMN, c5_follows, follow_c5

Band = Literal["robust", "fairly_robust", "choose_in_workshop"]

_LEVELS: Final = [COLUMN[key] for key in LEVELS]


def stability(
    row: FloatArray, allowed: BoolArray, weights: FloatArray, *, draws: int = DRAWS, seed: int = SEED
) -> float:
    """Share of draws, 0 to 1, that give the recommendation the undisturbed inputs give.

    Each draw multiplies every weight by U(0.8, 1.2) and adds N(0, 0.2) to every known criterion and sub-scale, kept on
    the scale 1 to 5; C5 follows its sub-scales if it did before. Flow figures, mandate and what is assessable stay.
    Same seed, same answer; 1 000 draws have a standard error near .012.

    Source: method §6.6.
    """
    random = np.random.default_rng(seed)
    drawn = weights * random.uniform(*WEIGHT_SPREAD, size=(draws, *weights.shape))
    shifts = random.normal(0.0, LEVEL_SD, size=(draws, len(_LEVELS)))
    batch = np.repeat(row, draws, axis=0)
    batch[:, _LEVELS] = np.clip(batch[:, _LEVELS] + shifts, *SCALE)
    if c5_follows(row):
        follow_c5(batch)
    undisturbed = outcomes(row, allowed, weights)[0]
    return float((outcomes(batch, allowed, weights, drawn) == undisturbed).mean())


def band(share: float) -> Band:
    """The words a stability gets: robust from .90, fairly robust from .70, below it the workshop chooses."""
    robust, fairly = STABLE
    if share >= robust - SLACK:
        return "robust"
    return "fairly_robust" if share >= fairly - SLACK else "choose_in_workshop"
