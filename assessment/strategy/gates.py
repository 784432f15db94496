"""Preconditions: are we ready for what is right? A gate never changes a fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from assessment.strategy.model import GATES, PRECONDITIONS, RED_SHORTFALL, SLACK, StrategyId


@dataclass(frozen=True)
class Gate:
    """Readiness for one strategy: `short` is how many levels each unmet precondition lacks.

    `colour` is None when no precondition is known; `unknown` lists those nobody has judged yet.
    """

    colour: Literal["green", "amber", "red"] | None
    short: Mapping[str, float]
    unknown: tuple[str, ...]


def gate(strategy: StrategyId, readiness: Mapping[str, float | None]) -> Gate:
    """The gate of a strategy, judged on the preconditions that are known.

    Green: all met. Amber: largest shortfall under one level. Red: one level or more. Source: method §6.5.
    """
    short: dict[str, float] = {}
    unknown = []
    for precondition, least in zip(PRECONDITIONS, GATES[strategy], strict=True):
        level = readiness.get(precondition)
        if level is None:
            unknown.append(precondition)
        elif level < least - SLACK:
            short[precondition] = least - level
    largest = max(short.values(), default=0.0)
    colour: Literal["green", "amber", "red"] = "amber" if short else "green"
    if largest >= RED_SHORTFALL - SLACK:
        colour = "red"
    return Gate(None if len(unknown) == len(PRECONDITIONS) else colour, short, tuple(unknown))


def first_step(candidates: Iterable[StrategyId], readiness: Mapping[str, float | None]) -> StrategyId | None:
    """The first of the candidates, best fit first, whose gate is not red; None when all are.

    Source: method §6.5, offered when the recommended strategy's gate is red.
    """
    return next((s for s in candidates if gate(s, readiness).colour != "red"), None)
