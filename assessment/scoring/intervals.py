"""Confidence intervals from respondent scores. Source: method §3.6 and §3.7."""

from dataclasses import dataclass

import numpy as np

from assessment.scoring.answers import Floats

Interval = tuple[float, float]


@dataclass(frozen=True)
class WelchInterval:
    """95 % interval of a difference of two means; df is None when neither group varies."""

    low: float
    high: float
    df: float | None


def t_interval(scores: Floats, centre: float) -> Interval:
    """Two-sided 95 % t-interval from the spread of respondent scores, centred elsewhere and clipped to 1 to 5.

    centre: the item-first mean of the perspective, which may differ from the mean of the scores.
    Raises: ValueError under two scores.
    """
    error, df = _squared_error(scores), len(scores) - 1
    half = quantile(df) * error**0.5
    return max(1.0, centre - half), min(5.0, centre + half)


@dataclass(frozen=True)
class Spread:
    """How much a group's respondent scores differ: their number, and the squared standard error of their mean."""

    n: int
    squared_error: float


def spread(scores: Floats) -> Spread:
    """The spread of respondent scores. Raises: ValueError under two scores."""
    return Spread(len(scores), _squared_error(scores))


def welch_interval(first: Floats, second: Floats, difference: float) -> WelchInterval:
    """95 % Welch interval of first minus second, centred on `difference`, the one of the item-first means.

    Raises: ValueError when a group has under two scores.
    """
    errors = _squared_error(first), _squared_error(second)
    error = sum(errors)
    if error == 0:
        return WelchInterval(difference, difference, None)
    df = error**2 / (errors[0] ** 2 / (len(first) - 1) + errors[1] ** 2 / (len(second) - 1))
    half = quantile(df) * error**0.5
    return WelchInterval(difference - half, difference + half, df)


def quantile(df: float) -> float:
    """Student's t that 97.5 % lie below."""
    # imported when first asked for: 0.2 s that every start and every command without an interval is spared
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


def _squared_error(scores: Floats) -> float:
    if len(scores) < 2:
        raise ValueError("an interval needs two scores")
    # sorted, so that the same scores in another order give the same last bits
    return float(np.var(np.sort(scores), ddof=1)) / len(scores)
