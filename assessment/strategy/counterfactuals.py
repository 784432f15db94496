"""What would have to be different for another recommendation: the smallest changes to the input that flip it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from assessment.config import CA_REF, DIS_REF, FE_REF, PROCESSES_MIN, WASTE_REF
from assessment.strategy.fit import OUTCOMES, outcomes, rank
from assessment.strategy.mandate import allowed_row, reaches_departments
from assessment.strategy.model import (
    C5_SHARES,
    FLOW_PROCESSES_MIN,
    FLOW_STEP,
    HORIZON_MIN_MONTHS,
    INPUTS,
    LEVEL_STEP,
    LEVELS,
    NEAREST,
    PAIR_STEPS,
    SCALE,
    SCOPES,
    WIDE_SCOPES,
    BoolArray,
    FloatArray,
    OutcomeId,
    StrategyId,
)
from assessment.strategy.signals import COLUMN, c5_follows, follow_c5, signal_matrix
from assessment.strategy.situation import Mandate, Situation

ANY_DEPARTMENT: Final = "any"
"""Stands in a counterfactual for whichever department would be named."""

_FLOW_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "rho_max": (0.5, 1.2),
    "flow_efficiency": (0.0, FE_REF),
    "internal_wait_share": (0.0, 1.0),
    "ca_internal": (1 - CA_REF, 1.0),
    "ca_external": (1 - CA_REF, 1.0),
    "rty": (0.0, 1.0),
    "waste_share": (0.0, WASTE_REF),
    "disputed_share": (0.0, DIS_REF),
}


_MORE_IS_BETTER: Final = (*LEVELS, "flow_efficiency", "ca_internal", "ca_external", "rty")
_LESS_IS_BETTER: Final = ("rho_max", "waste_share", "disputed_share")


@dataclass(frozen=True)
class Change:
    """One input of the situation document, what it is and what it would be."""

    input: str
    before: Any
    after: Any

    @property
    def direction(self) -> Literal["better", "worse"] | None:
        """Whether the input would be better or worse; None for a mandate term or a share that is neither."""
        if self.input not in _MORE_IS_BETTER and self.input not in _LESS_IS_BETTER:
            return None
        return "better" if (self.after > self.before) == (self.input in _MORE_IS_BETTER) else "worse"


@dataclass(frozen=True)
class Counterfactual:
    """A smallest change that gives another recommendation (None: map first).

    `kind` says how it was found: one measured input, a mandate term, or two measured inputs together. `distance` is
    the sum of |change| / range, None for a mandate term. `mandate_conflict` is the conflict the changed situation has.
    """

    kind: Literal["single", "mandate", "pair"]
    changes: tuple[Change, ...]
    recommended: OutcomeId | None
    mandate_conflict: StrategyId | None
    distance: float | None


def counterfactuals(situation: Situation, weights: FloatArray) -> tuple[Counterfactual, ...]:
    """The three nearest single changes, then every mandate change that flips; if neither, the nearest pair; else none.

    Searched are the known inputs: criteria and sub-scales outward in steps of 0.1 until the end of the scale, flow
    figures on whole hundredths within the range in which their signal moves, mandate terms one at a time. An input
    appears once, with its nearest flip; upward wins at equal distance, and the order of the inputs between inputs.
    The counts `processes` and `stages` are facts about the map, not findings, and stay. When a sub-scale changes, C5
    follows if it did before. Pairs are two measured inputs, both changed, each on 11 points over its range, nearest by
    the sum of the two distances.

    Source: method §6.6.
    """
    search = _Search(situation, weights)
    found = (*search.singles()[:NEAREST], *search.mandate_changes())
    return found or search.pairs()[:1]


def mandate_changes(mandate: Mandate) -> tuple[Mapping[str, Any], ...]:
    """Each mandate term changed by itself, as new values by field.

    Scope to each other value; the owner and the right to challenge to the opposite; the horizon and the number of
    processes across the limit that matters (6 months, two processes), keeping a project at one process or more. Taking
    the departments away narrows a scope beyond sales too, for such a scope means that other departments take part;
    giving one leaves the scope.

    Source: method §6.4, §6.6.
    """
    long, several = mandate.horizon_months >= HORIZON_MIN_MONTHS, mandate.processes_in_scope >= FLOW_PROCESSES_MIN
    departments: dict[str, Any] = {} if reaches_departments(mandate) else {"departments": (ANY_DEPARTMENT,)}
    if mandate.departments:
        departments["departments"] = ()
    if mandate.scope in WIDE_SCOPES:
        departments["scope"] = "all_sales"
    changes: list[Mapping[str, Any]] = [{"scope": scope} for scope in SCOPES if scope != mandate.scope]
    if mandate.processes_in_scope < 1:
        changes.append({"processes_in_scope": 1})
    changes += [
        {"processes_in_scope": FLOW_PROCESSES_MIN - 1 if several else FLOW_PROCESSES_MIN},
        departments,
        {"horizon_months": HORIZON_MIN_MONTHS - 1 if long else HORIZON_MIN_MONTHS},
        {"may_challenge": not mandate.may_challenge},
        {"owner": "SL" if mandate.owner == "TM" else "TM"},
    ]
    return tuple(changes)


class _Search:
    """One situation and the batches evaluated around it; candidates are tried as rows of one array, not one by one."""

    def __init__(self, situation: Situation, weights: FloatArray) -> None:
        self.situation, self.weights = situation, weights
        self.row, self.allowed = situation.row(), allowed_row(situation.mandate)
        self.given = situation.inputs()
        self.follows = c5_follows(self.row)
        self.now = outcomes(self.row, self.allowed, weights)[0]
        ranges = {key: _range(key, situation) for key in INPUTS if self.given[key] is not None}
        self.ranges = {key: limits for key, limits in ranges.items() if limits is not None}

    def singles(self) -> tuple[Counterfactual, ...]:
        """The nearest flip of each measured input, nearest first."""
        grids = {key: self._outward(key) for key in self.ranges}
        if not grids:
            return ()
        values = np.concatenate(list(grids.values()))
        columns = np.repeat([COLUMN[key] for key in grids], [len(grid) for grid in grids.values()])
        batch = np.repeat(self.row, len(values), axis=0)
        batch[np.arange(len(values)), columns] = values
        reached = self._outcomes(batch, np.isin(columns, [COLUMN[key] for key in C5_SHARES]))
        found = []
        for key in grids:
            flips = np.flatnonzero((columns == COLUMN[key]) & (reached != self.now))
            if len(flips):  # a grid runs outward: the first flip is the nearest
                changed = {key: float(values[flips[0]])}
                found.append(self._measured("single", changed, batch[flips[0]], reached[flips[0]]))
        return _nearest_first(found)

    def pairs(self) -> tuple[Counterfactual, ...]:
        """The nearest flip of each pair of measured inputs, nearest first."""
        pairs = [pair for pair in combinations(self.ranges, 2) if not self._overwrites(pair)]
        if not pairs:
            return ()
        grids = {key: np.linspace(*limits, PAIR_STEPS).round(10) for key, limits in self.ranges.items()}
        firsts = np.concatenate([np.repeat(grids[a], PAIR_STEPS) for a, _ in pairs])
        seconds = np.concatenate([np.tile(grids[b], PAIR_STEPS) for _, b in pairs])
        number = np.repeat(np.arange(len(pairs)), PAIR_STEPS**2)
        columns = np.array([[COLUMN[a], COLUMN[b]] for a, b in pairs])[number]
        every = np.arange(len(number))
        batch = np.repeat(self.row, len(number), axis=0)
        batch[every, columns[:, 0]], batch[every, columns[:, 1]] = firsts, seconds
        subscale = np.isin(columns, [COLUMN[key] for key in C5_SHARES])
        reached = self._outcomes(batch, subscale[:, 0] | subscale[:, 1])
        distance = self._distances(columns[:, 0], firsts) + self._distances(columns[:, 1], seconds)
        both = (self._moves(columns[:, 0], firsts) & self._moves(columns[:, 1], seconds)) & (reached != self.now)
        found = []
        for index in np.unique(number[both]):
            flips = np.flatnonzero(both & (number == index))
            nearest = flips[distance[flips].round(9).argmin()]
            changed = {pairs[index][0]: float(firsts[nearest]), pairs[index][1]: float(seconds[nearest])}
            found.append(self._measured("pair", changed, batch[nearest], reached[nearest]))
        return _nearest_first(found)

    def mandate_changes(self) -> tuple[Counterfactual, ...]:
        """Every change of one mandate term that flips the recommendation."""
        mandate = self.situation.mandate
        if mandate is None:
            return ()
        found = []
        for change in mandate_changes(mandate):
            allowed = allowed_row(replace(mandate, **change))
            reached = outcomes(self.row, allowed, self.weights)[0]
            if reached != self.now:
                changes = tuple(Change(key, getattr(mandate, key), value) for key, value in change.items())
                found.append(self._counterfactual("mandate", changes, self.row, allowed, reached, None))
        return tuple(found)

    def _outward(self, key: str) -> FloatArray:
        """Values to try for one input, nearest first, upward before downward at the same distance."""
        current, (low, high) = self.row[0, COLUMN[key]], self.ranges[key]
        if key in LEVELS:
            offsets = np.arange(1, round((high - low) / LEVEL_STEP) + 1) * LEVEL_STEP
            steps = np.concatenate([current + offsets, current - offsets])
            values = np.append(steps[(steps > low) & (steps < high)], [low, high])
        else:
            inside = np.arange(np.ceil(low / FLOW_STEP - 1e-9), np.floor(high / FLOW_STEP + 1e-9) + 1) * FLOW_STEP
            values = np.append(inside, [low, high])
        values = np.unique(values.round(10))[::-1]
        values = values[np.abs(values - current) > 1e-9]
        ordered: FloatArray = values[np.argsort(np.abs(values - current).round(9), kind="stable")]
        return ordered

    def _overwrites(self, pair: tuple[str, str]) -> bool:
        """A C5 that follows its sub-scales cannot be changed beside one of them."""
        return self.follows and "C5" in pair and any(key in C5_SHARES for key in pair)

    def _outcomes(self, batch: FloatArray, subscale_changed: BoolArray) -> NDArray[np.intp]:
        if self.follows and subscale_changed.any():
            changed = batch[subscale_changed]
            follow_c5(changed)
            batch[subscale_changed] = changed
        return outcomes(batch, self.allowed, self.weights)

    def _moves(self, columns: NDArray[np.intp], values: FloatArray) -> BoolArray:
        moved: BoolArray = np.abs(values - self.row[0, columns]) > 1e-9
        return moved

    def _distances(self, columns: NDArray[np.intp], values: FloatArray) -> FloatArray:
        widths = np.array([np.diff(self.ranges.get(key, SCALE))[0] for key in INPUTS])
        distances: FloatArray = np.abs(values - self.row[0, columns]) / widths[columns]
        return distances

    def _measured(
        self, kind: Literal["single", "pair"], changed: Mapping[str, float], row: FloatArray, reached: np.intp
    ) -> Counterfactual:
        columns = np.array([COLUMN[key] for key in changed])
        distance = float(self._distances(columns, np.array(list(changed.values()))).sum())
        changes = tuple(Change(key, self.given[key], value) for key, value in changed.items())
        return self._counterfactual(kind, changes, row[None, :], self.allowed, reached, distance)

    def _counterfactual(
        self,
        kind: Literal["single", "mandate", "pair"],
        changes: tuple[Change, ...],
        row: FloatArray,
        allowed: BoolArray,
        reached: np.intp,
        distance: float | None,
    ) -> Counterfactual:
        conflict = rank(signal_matrix(row), allowed, self.weights).mandate_conflict
        return Counterfactual(kind, changes, OUTCOMES[int(reached)], conflict, distance)


def _range(key: str, situation: Situation) -> tuple[float, float] | None:
    """The range an input is searched over and its distance measured in; None when it is not searched."""
    if key in LEVELS:
        return SCALE
    if key == "top2_pain_share":  # two of m processes never hold less than 2/m of the pain points
        processes = situation.flow.processes
        return None if processes is None or processes < PROCESSES_MIN else (2 / processes, 1.0)
    return _FLOW_RANGES.get(key)


def _nearest_first(found: Iterable[Counterfactual]) -> tuple[Counterfactual, ...]:
    return tuple(sorted(found, key=lambda c: round(c.distance or 0.0, 9)))
