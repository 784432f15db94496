"""Agreement within a group, from how many gave each answer.

Every function takes counts of shape (..., A), A answer options from 1 to A, and returns an array of shape (...). NaN
stands for "not assessed". Source: method §3.5 and the papers named there.
"""

from typing import Literal

import numpy as np

from assessment.config import AD_CUTS, CNS_CUTS, SPLIT_N, SPLIT_SHARE
from assessment.scoring.answers import SLACK, Bools, Floats, Ints

AgreementBand = Literal["high", "adequate", "disagreement"]
ConsensusBand = Literal["high", "medium", "scattered"]


def mean(counts: Ints) -> Floats:
    """Mean answer; NaN without answers."""
    n = counts.sum(axis=-1)
    return _ratio(counts @ _options(counts), n)


def ad_m(counts: Ints) -> Floats:
    """Average absolute deviation from the mean; NaN under two answers, since one answer agrees with nobody.

    Units: maturity levels. Source: Burke & Dunlap 2002.
    """
    n = counts.sum(axis=-1)
    return np.where(n >= 2, _ratio((counts * _distance(counts)).sum(axis=-1), n), np.nan)


def rwg(counts: Ints) -> Floats:
    """1 minus the sample variance over that of a flat spread, not below 0; NaN under two answers.

    Source: James, Demaree & Wolf 1984.
    """
    options = counts.shape[-1]
    n = counts.sum(axis=-1)
    variance = _ratio(_squares(counts), n - 1)
    return np.where(n >= 2, np.maximum(0.0, 1 - variance / ((options**2 - 1) / 12)), np.nan)


def rwg_star(counts: Ints) -> Floats:
    """1 minus the population variance over the largest possible one, 0 to 1; NaN under two answers. Source: Lindell."""
    options = counts.shape[-1]
    n = counts.sum(axis=-1)
    return np.where(n >= 2, 1 - _ratio(_squares(counts), n) / ((options - 1) ** 2 / 4), np.nan)


def consensus(counts: Ints) -> Floats:
    """1 when all give the same answer, 0 when halves stand at the two ends; NaN under two answers.

    Source: Tastle & Wierman 2007.
    """
    n = counts.sum(axis=-1)
    closeness = 1 - _distance(counts) / (counts.shape[-1] - 1)
    # an option nobody chose may lie the whole scale away from the mean: log2(0), which its share of 0 cancels
    bits = np.log2(np.where(counts > 0, closeness, 1.0))
    return np.where(n >= 2, 1 + _ratio((counts * bits).sum(axis=-1), n), np.nan)


def split(counts: Ints) -> Bools:
    """Whether at least 30 % answer in the two lowest options and 30 % in the two highest, of five answers or more."""
    n = counts.sum(axis=-1)
    enough = SPLIT_SHARE * n - SLACK
    low, high = counts[..., :2].sum(axis=-1), counts[..., -2:].sum(axis=-1)
    flags: Bools = (n >= SPLIT_N) & (low >= enough) & (high >= enough)
    return flags


def agreement_band(deviation: float) -> AgreementBand:
    """The words for an AD_M: high to .50, adequate to .80, else disagreement, a topic for the workshop."""
    high, adequate = AD_CUTS
    if deviation <= high + SLACK:
        return "high"
    return "adequate" if deviation <= adequate + SLACK else "disagreement"


def consensus_band(value: float) -> ConsensusBand:
    """The words for a consensus: high from .70, scattered (as a flat spread) under .45, else medium."""
    high, scattered = CNS_CUTS
    if value >= high - SLACK:
        return "high"
    return "scattered" if value < scattered - SLACK else "medium"


def _options(counts: Ints) -> Floats:
    return np.arange(1, counts.shape[-1] + 1, dtype=np.float64)


def _distance(counts: Ints) -> Floats:
    """How far each option lies from the mean answer; 0 without answers."""
    centre = np.nan_to_num(mean(counts), nan=0.0)[..., np.newaxis]
    return np.where(counts.sum(axis=-1, keepdims=True) > 0, np.abs(_options(counts) - centre), 0.0)


def _squares(counts: Ints) -> Floats:
    return np.asarray((counts * _distance(counts) ** 2).sum(axis=-1), dtype=np.float64)


def _ratio(above: Floats, below: Ints) -> Floats:
    out = np.full(np.shape(below), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=np.asarray(below) > 0), dtype=np.float64)
