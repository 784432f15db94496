"""Reliability of an instrument, for pooled data of many organisations. Source: method §3.7.

Inside one organisation everybody rates the same object: when they agree, alpha falls although the instrument is fine.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.special import fdtri

from assessment.config import ALPHA_N
from assessment.scoring.answers import Floats

Reporting = Literal["none", "indicative", "full"]


def cronbach_alpha(rows: Floats) -> float | None:
    """Cronbach's alpha of complete respondents, shape (n, items).

    None under two respondents or items, or when the respondents' sums do not vary.
    """
    people, items = rows.shape
    if people < 2 or items < 2:
        return None
    total = float(np.var(rows.sum(axis=1), ddof=1))
    if total == 0:
        return None
    within = float(np.var(rows, axis=0, ddof=1).sum())
    return float(items / (items - 1) * (1 - within / total))


def feldt_interval(alpha: float, people: int, items: int) -> tuple[float, float]:
    """95 % interval of an alpha. Source: Feldt, as in method §3.7."""
    df = people - 1, (people - 1) * (items - 1)
    return 1 - (1 - alpha) * float(fdtri(*df, 0.975)), 1 - (1 - alpha) * float(fdtri(*df, 0.025))


def mcdonald_omega(loadings: Sequence[float]) -> float:
    """McDonald's omega of one factor from standardised loadings."""
    common = sum(loadings) ** 2
    return common / (common + sum(1 - loading**2 for loading in loadings))


def reporting(people: int) -> Reporting:
    """What may be shown with so many complete respondents.

    none: nothing; indicative: alpha with its Feldt interval, called indicative; full: alpha and omega.
    """
    indicative, full = ALPHA_N
    if people < indicative:
        return "none"
    return "indicative" if people < full else "full"
