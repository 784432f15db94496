"""What the mandate keeps out: the fit of an excluded strategy is still shown, it just cannot be recommended."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from assessment.strategy.model import (
    FLOW_PROCESSES_MIN,
    HORIZON_MIN_MONTHS,
    STRATEGIES,
    WIDE_SCOPES,
    BoolArray,
    StrategyId,
)
from assessment.strategy.situation import Mandate

Reason = Literal[
    "no_process_in_scope",
    "scope_is_named_processes",
    "horizon_too_short",
    "fewer_than_two_processes",
    "no_department_in_scope",
    "may_not_challenge",
    "owner_not_top_management",
]


def exclusions(mandate: Mandate | None) -> Mapping[StrategyId, tuple[Reason, ...]]:
    """Every reason why a strategy is outside the mandate, by strategy; empty for those within.

    Without a mandate nothing is excluded: nobody has said no yet. S5 is always within.
    Source: method §6.4.
    """
    if mandate is None:
        return dict.fromkeys(STRATEGIES, ())
    tests: Mapping[StrategyId, tuple[tuple[bool, Reason], ...]] = {
        "S1": ((mandate.processes_in_scope < 1, "no_process_in_scope"),),
        "S2": (
            (mandate.scope == "named", "scope_is_named_processes"),
            (mandate.horizon_months < HORIZON_MIN_MONTHS, "horizon_too_short"),
        ),
        "S3": ((mandate.processes_in_scope < FLOW_PROCESSES_MIN, "fewer_than_two_processes"),),
        "S4": ((not reaches_departments(mandate), "no_department_in_scope"),),
        "S5": (),
        "S6": (
            (not mandate.may_challenge, "may_not_challenge"),
            (mandate.owner != "TM", "owner_not_top_management"),
        ),
    }
    return {strategy: tuple(reason for applies, reason in tests[strategy] if applies) for strategy in STRATEGIES}


def reaches_departments(mandate: Mandate | None) -> bool:
    """Whether work may cross a department line; if not, S5 shows no interface actions.

    A scope beyond sales reaches departments even when none is named. Source: method §6.4.
    """
    return mandate is None or bool(mandate.departments) or mandate.scope in WIDE_SCOPES


def allowed_row(mandate: Mandate | None) -> BoolArray:
    """Which strategies the mandate allows, in the order of STRATEGIES."""
    reasons = exclusions(mandate)
    return np.array([not reasons[strategy] for strategy in STRATEGIES])
