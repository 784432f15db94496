"""Signals: what the evidence says about each way to improve, 0 (no reason) to 1 (full reason)."""

from typing import Final

import numpy as np

from assessment.config import (
    CA_REF,
    DEF_REF,
    DIS_REF,
    FE_REF,
    NEED_HIGH,
    OVERALL_WEIGHT_MIN,
    PEAK_REF,
    PROCESSES_MIN,
    RHO_REF,
    WASTE_REF,
    T,
)
from assessment.strategy.model import (
    C5_SHARES,
    C5_TOLERANCE,
    CRITERIA,
    INPUTS,
    NEEDS,
    SIGNALS,
    SLACK,
    FloatArray,
)
from assessment.strategy.situation import Situation

COLUMN: Final = {key: position for position, key in enumerate(INPUTS)}
SIGNAL_COLUMN: Final = {name: position for position, name in enumerate(SIGNALS)}


def signals(situation: Situation) -> dict[str, float | None]:
    """Every signal by name for one situation; None where its inputs are not known."""
    row = signal_matrix(situation.row())[0]
    return {name: None if np.isnan(value) else float(value) for name, value in zip(SIGNALS, row, strict=True)}


def signal_matrix(batch: FloatArray) -> FloatArray:
    """Signals of many situations at once.

    Shapes: `batch` situations x inputs, result situations x signals; NaN is missing on both sides.
    T is the fixed model target, so nobody's ambition settings steer the strategy.
    Source: method §6.1.
    """
    by_name = {name: _clamp((T - batch[:, COLUMN[key]]) / (T - 1)) for name, key in NEEDS.items()}
    by_name |= _pattern(np.column_stack([by_name[f"n{c[1:]}"] for c in CRITERIA]))
    by_name |= _flow(batch)
    return np.column_stack([by_name[name] for name in SIGNALS])


def c5_follows(row: FloatArray) -> bool:
    """Whether C5 equals (3 * C5i + 2 * C5e) / 5 within 0.005, and so moves when a sub-scale does (`row` 1 x inputs)."""
    return bool(abs(row[0, COLUMN["C5"]] - _composed_c5(row)[0]) <= C5_TOLERANCE + SLACK)


def follow_c5(batch: FloatArray) -> None:
    """Set C5 from its sub-scales, in place."""
    batch[:, COLUMN["C5"]] = _composed_c5(batch)


def _composed_c5(batch: FloatArray) -> FloatArray:
    composed: FloatArray = batch[:, [COLUMN[key] for key in C5_SHARES]] @ np.array(list(C5_SHARES.values()))
    return composed


def _pattern(needs: FloatArray) -> dict[str, FloatArray]:
    """How need is spread over C1..C7: mean, share of high ones, its complement, and how far one sticks out.

    Over the criteria that are known, when they carry as much as the overall score demands (5 of 7), else missing.
    """
    ordered = np.sort(needs, axis=1)  # NaN goes last
    known = (~np.isnan(needs)).sum(axis=1)
    enough = known >= OVERALL_WEIGHT_MIN * needs.shape[1]
    rows, n = np.arange(len(needs)), np.maximum(known, 1)
    median = (ordered[rows, (n - 1) // 2] + ordered[rows, n // 2]) / 2
    high = (needs >= NEED_HIGH - SLACK).sum(axis=1) / n
    patterns = {
        "nbar": np.nansum(needs, axis=1) / n,
        "beta": high,
        "few": 1 - high,
        "pk": _clamp((ordered[rows, n - 1] - median) / PEAK_REF),
    }
    return {name: np.where(enough, values, np.nan) for name, values in patterns.items()}


def _flow(batch: FloatArray) -> dict[str, FloatArray]:
    def known(key: str) -> FloatArray:
        return batch[:, COLUMN[key]]

    rated = np.where(known("processes") >= PROCESSES_MIN, known("processes"), np.nan)
    stages = np.where(known("stages") >= 1, known("stages"), np.nan)
    concentration = _clamp((known("top2_pain_share") - 2 / rated) / (1 - 2 / rated))
    flow_need = _clamp(1 - known("flow_efficiency") / FE_REF)
    slack_limit, slack_width = RHO_REF
    return {
        "conc": concentration,
        "spread": 1 - concentration,
        "bn": _clamp((known("rho_max") - slack_limit) / slack_width),
        "fneed": flow_need,
        "waitint": flow_need * known("internal_wait_share"),
        "waitext": flow_need * (1 - known("internal_wait_share")),
        "dInt": _clamp((1 - known("ca_internal")) / CA_REF),
        "dExt": _clamp((1 - known("ca_external")) / CA_REF),
        "defect": _clamp((1 - known("rty") ** (1 / stages)) / DEF_REF),
        "waste": _clamp(known("waste_share") / WASTE_REF),
        "dis": _clamp(known("disputed_share") / DIS_REF),
    }


def _clamp(values: FloatArray) -> FloatArray:
    return np.clip(values, 0.0, 1.0)
