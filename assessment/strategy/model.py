"""The versioned model: what each strategy weighs, demands and allows. Numbers are expert judgement (method §6)."""

from collections.abc import Mapping
from itertools import chain
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

MODEL_VERSION: Final = "1.0"

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SLACK: Final = 1e-9
"""Limits given in decimals are inclusive or exclusive as written; binary rounding must not move a value across one."""

# Inputs, under the keys of the situation document (headless.md)
CRITERIA: Final = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
SUBSCALES: Final = ("C5i", "C5e", "SYS")
FLOW: Final = (
    "processes",
    "top2_pain_share",
    "rho_max",
    "flow_efficiency",
    "internal_wait_share",
    "ca_internal",
    "ca_external",
    "rty",
    "stages",
    "waste_share",
    "disputed_share",
)
PRECONDITIONS: Final = ("P1", "P2", "P3", "P4", "P5", "P6", "P7")
INPUTS: Final = (*CRITERIA, *SUBSCALES, *FLOW)
LEVELS: Final = (*CRITERIA, *SUBSCALES)
SCALE: Final = (1.0, 5.0)

C5_SHARES: Final = {"C5i": 3 / 5, "C5e": 2 / 5}
C5_TOLERANCE: Final = 0.005

# Signals, method §6.1
NEEDS: Final[Mapping[str, str]] = {
    **{f"n{c[1:]}": c for c in CRITERIA},
    "n5i": "C5i",
    "n5e": "C5e",
    "nsys": "SYS",
}
SIGNALS: Final = (
    *NEEDS,
    *("nbar", "beta", "few", "pk", "conc", "spread", "bn", "fneed"),
    *("waitint", "waitext", "dInt", "dExt", "defect", "waste", "dis"),
)

# Strategies, method §6.3 and §6.5; size orders them from the least to the largest intervention
StrategyId = Literal["S1", "S2", "S3", "S4", "S5", "S6"]
OutcomeId = Literal["S0", "S1", "S2", "S3", "S4", "S5", "S6"]
Weights = Mapping[str, Mapping[str, float]]

STRATEGIES: Final[tuple[StrategyId, ...]] = ("S1", "S2", "S3", "S4", "S5", "S6")
HOLD_AND_MEASURE: Final = "S0"
SIZE: Final[Mapping[str, int]] = {"S1": 1, "S5": 2, "S3": 3, "S4": 4, "S2": 5, "S6": 6}
WEIGHTS: Final[Weights] = {
    "S1": {"conc": 0.45, "bn": 0.30, "few": 0.15, "pk": 0.10},
    "S2": {"beta": 0.35, "nbar": 0.25, "n3": 0.15, "spread": 0.15, "n1": 0.10},
    "S3": {"n5i": 0.40, "waitint": 0.25, "n6": 0.20, "dInt": 0.15},
    "S4": {"n5e": 0.40, "waitext": 0.25, "dExt": 0.20, "n2": 0.15},
    "S5": {"n7": 0.40, "waste": 0.25, "defect": 0.20, "fneed": 0.15},
    "S6": {"nsys": 0.25, "n4": 0.25, "n3": 0.20, "dis": 0.15, "beta": 0.15},
}
GATES: Final[Mapping[str, tuple[int, ...]]] = {  # minimum level of P1..P7
    "S1": (3, 2, 2, 2, 2, 2, 2),
    "S2": (3, 3, 3, 3, 3, 2, 3),
    "S3": (3, 2, 2, 2, 2, 2, 2),
    "S4": (3, 2, 3, 2, 2, 2, 3),
    "S5": (3, 3, 2, 2, 2, 2, 2),
    "S6": (3, 3, 4, 3, 3, 2, 3),
}
RED_SHORTFALL: Final = 1.0

# Mandate, method §6.4
Scope = Literal["named", "all_sales", "sales_plus", "company"]
Owner = Literal["SL", "TM"]
SCOPES: Final[tuple[Scope, ...]] = ("named", "all_sales", "sales_plus", "company")
OWNERS: Final[tuple[Owner, ...]] = ("SL", "TM")
WIDE_SCOPES: Final = ("sales_plus", "company")
HORIZON_MIN_MONTHS: Final = 6
FLOW_PROCESSES_MIN: Final = 2

# Counterfactual search, method §6.6
LEVEL_STEP: Final = 0.1
FLOW_STEP: Final = 0.01
PAIR_STEPS: Final = 11
NEAREST: Final = 3

# Stability, method §6.6
DRAWS: Final = 1000
SEED: Final = 1
WEIGHT_SPREAD: Final = (0.8, 1.2)
LEVEL_SD: Final = 0.2

# Diagnosis, method §6.2
LOW_LEVEL: Final = 2.5
P2_MIN: Final = 3.0
CLASS_AGREEMENT_MIN: Final = 0.70
DEFECT_SIGNAL: Final = 0.5
WASTE_SHARE: Final = 0.20
RHO_STRAINED: Final = 0.90
FORECAST_ERROR: Final = 0.20
GAPS_MIN: Final = 2


def weight_matrix(weights: Weights | None = None) -> FloatArray:
    """Weights as strategies x signals, each row summing to 1; the model's own when none are given.

    A strategy that `weights` leaves out keeps the model's weights. Rows are normalised, so that evidence stays a share.

    Raises: ValueError for an unknown strategy or signal, a weight that is negative or not finite, or a row without any.
    Source: method §6.3.
    """
    chosen = {**WEIGHTS, **(weights or {})}
    unknown = sorted(set(chosen) - set(STRATEGIES)) + sorted(set(chain.from_iterable(chosen.values())) - set(SIGNALS))
    if unknown:
        raise ValueError(f"unknown strategy or signal: {', '.join(unknown)}")
    matrix = np.array([[chosen[s].get(signal, 0.0) for signal in SIGNALS] for s in STRATEGIES], dtype=np.float64)
    if not np.isfinite(matrix).all() or (matrix < 0).any() or (matrix.sum(axis=1) <= 0).any():
        raise ValueError("weights must be finite, not negative, and more than zero together for each strategy")
    shares: FloatArray = matrix / matrix.sum(axis=1, keepdims=True)
    return shares
