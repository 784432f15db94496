"""What a change pays back: benefit lines, cash flow, uncertainty and which input matters most.

Pure and seeded. An input is a triple low, likely, high by benefit, so its numbers may fall; equal numbers are certain.
Source: method §7.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assessment.config import (
    DISCOUNT,
    GROWTH_GUARD,
    PERT_DRAWS,
    PERT_LAMBDA,
    PERT_LAMBDA_UNSURE,
    PERT_SEED,
    RAMP,
)

FloatArray = NDArray[np.float64]
Triple = tuple[float, float, float]

LARGEST: Final = 1e12  # NOK, hours or counts: more than any company has; keeps the arithmetic finite
_ANY: Final = (0.0, LARGEST)
_RATE: Final = (0.0, 1.0)

# The limits of each input. The order is also the order of the draws: moving a key changes every percentile.
INPUTS: Final[Mapping[str, tuple[float, float]]] = {
    "opportunities": _ANY,
    "order_value": _ANY,
    "win_rate": _RATE,
    "win_rate_gain": _RATE,
    "margin_ratio": _RATE,
    "freed_hours": _ANY,
    "to_selling": _RATE,
    "to_cost": _RATE,
    "hours_per_quote": (1e-6, LARGEST),  # a divisor
    "hourly_cost": _ANY,
    "orders": _ANY,
    "error_rate_cut": _RATE,
    "error_cost": _ANY,
    "existing_revenue": _ANY,
    "churn_cut": _RATE,
    "sellers": _ANY,
    "turnover_before": _RATE,
    "turnover_after": _RATE,
    "replacement_cost": _ANY,
    "ramp_months_before": _ANY,
    "ramp_months_after": _ANY,
    "ramp_margin_gap": _ANY,
    "dependent_revenue": _ANY,
    "leave_probability": _RATE,
    "loss_share": _RATE,
    "dependency_cut": _RATE,
    "attribution": _RATE,
}

LINES: Final[Mapping[str, tuple[str, ...]]] = {
    "B1a": ("opportunities", "win_rate_gain", "order_value", "margin_ratio"),
    "B1b": ("freed_hours", "to_selling", "hours_per_quote", "win_rate", "order_value", "margin_ratio"),
    "B2": ("freed_hours", "to_cost", "hourly_cost"),
    "B3": ("orders", "error_rate_cut", "error_cost"),
    "B4": ("existing_revenue", "churn_cut", "margin_ratio"),
    "B5": (
        *("sellers", "turnover_before", "turnover_after", "replacement_cost"),
        *("ramp_months_before", "ramp_margin_gap"),
    ),
    "B6": (
        *("sellers", "turnover_before", "turnover_after"),
        *("ramp_months_before", "ramp_months_after", "ramp_margin_gap"),
    ),
    "B7": ("dependent_revenue", "leave_probability", "loss_share", "margin_ratio", "dependency_cut"),
}
BESIDE: Final = "B7"  # overlaps B4 and B5, so it never enters the sum
SHARES: Final = frozenset(key for key, limits in INPUTS.items() if limits == _RATE)
# the larger these are, the smaller the benefit
LESS_IS_MORE: Final = frozenset({"hours_per_quote", "turnover_after", "ramp_months_after"})
_ROUNDING: Final = 1e-9  # .7 + .2 + .1 is not 1 in binary; no share is meant this precisely


@dataclass(frozen=True)
class Case:
    """What a change is expected to give and to cost; lines whose inputs are absent are not assessed.

    `inputs` holds keys of `INPUTS`, attribution always among them; costs are NOK, `running_cost` per year. `ramp_in`
    is the share of the full-year benefit in each year. `new_sales_revenue` None is opportunities x win rate x order
    value. Lines in `unowned` have no benefit owner: shown, not summed. Inputs in `unsure` are drawn flatter.
    """

    inputs: Mapping[str, Triple]
    one_off_cost: float
    running_cost: float
    discount_rate: float = DISCOUNT
    ramp_in: tuple[float, ...] = RAMP
    draws: int = PERT_DRAWS
    seed: int = PERT_SEED
    pert_lambda: float = PERT_LAMBDA
    new_sales_revenue: float | None = None
    unowned: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Swing:
    """The NPV with one input at its low and its high, all others likely; `swing` is the distance between them."""

    input: str
    low: float
    high: float
    swing: float


@dataclass(frozen=True)
class Payback:
    """The likely case, its spread and its drivers, in NOK; `lines`, `sum` and `attributed` are per full year.

    `payback_months` is None when the money never comes back within the years of the case, 0 when none is owed.
    `break_even_attribution` may exceed 1; None when there is no benefit to attribute. `growth_share` and
    `growth_flag` are None when neither B1a nor B1b is summed or the revenue is unknown. `outcomes` is the NPV of
    each draw; a single one when nothing is uncertain.
    """

    lines: Mapping[str, float | None]
    sum: float
    attributed: float
    npv: float
    payback_months: float | None
    break_even_attribution: float | None
    growth_share: float | None
    growth_flag: bool | None
    p10: float
    p50: float
    p90: float
    p_positive: float
    all_low: float
    all_high: float
    tornado: tuple[Swing, ...]
    outcomes: FloatArray = field(repr=False, compare=False)


@dataclass(frozen=True)
class CashFlow:
    """What has come back less what has been paid, at the end of each month from 0, not discounted, in NOK.

    p10, p90: where one in ten draws is worse or better.
    """

    likely: tuple[float, ...]
    p10: tuple[float, ...]
    p90: tuple[float, ...]


def conflicts(inputs: Mapping[str, Triple]) -> Iterator[tuple[str, str]]:
    """Inputs that contradict themselves or each other: the key, and what was expected.

    Hours are one pool, so what goes to selling and to cost is at most all of it, at the largest values of both.
    Source: method §7.1.
    """
    for key, (low, likely, high) in inputs.items():
        if not (low <= likely <= high or low >= likely >= high):
            yield key, f"expected low, likely and high in rising or falling order, got {low:g}, {likely:g}, {high:g}"
    if {"to_selling", "to_cost"} <= inputs.keys():
        used = max(inputs["to_selling"]) + max(inputs["to_cost"])
        if used > 1 + _ROUNDING:
            yield "to_selling", f"expected at most 1 together with to_cost at the largest values, got {used:g}"
    if {"turnover_before", "turnover_after"} <= inputs.keys():
        for position, before in enumerate(inputs["turnover_before"]):
            after = inputs["turnover_after"][position]
            if after > before:
                place = ("low", "likely", "high")[position]
                yield "turnover_after", f"expected at most turnover_before ({before:g}) at {place}, got {after:g}"


def benefit_lines(values: Mapping[str, FloatArray]) -> dict[str, FloatArray | None]:
    """NOK per full year by line, before attribution; None when an input of the line is absent.

    Values are arrays of one shape, an element a case. Freed hours are one pool, B1 is new sales and B4 existing
    customers, extra volume is won at the old rate, and B5 + B6 are exactly the old less the new cost of replacing
    and ramping up sellers: avoided hires at the old ramp, remaining hires at the difference.

    Source: method §7.1.
    """
    return {
        line: _FORMULAS[line](values) if all(key in values for key in keys) else None for line, keys in LINES.items()
    }


def _avoided_hires(v: Mapping[str, FloatArray]) -> FloatArray:
    return v["sellers"] * (v["turnover_before"] - v["turnover_after"])


def _remaining_hires(v: Mapping[str, FloatArray]) -> FloatArray:
    return v["sellers"] * v["turnover_before"] - _avoided_hires(v)


def _growth_by_win_rate(v: Mapping[str, FloatArray]) -> FloatArray:
    return v["opportunities"] * v["win_rate_gain"] * v["order_value"]


def _growth_by_time(v: Mapping[str, FloatArray]) -> FloatArray:
    return v["freed_hours"] * v["to_selling"] / v["hours_per_quote"] * v["win_rate"] * v["order_value"]


_FORMULAS: Final[Mapping[str, Callable[[Mapping[str, FloatArray]], FloatArray]]] = {
    "B1a": lambda v: _growth_by_win_rate(v) * v["margin_ratio"],
    "B1b": lambda v: _growth_by_time(v) * v["margin_ratio"],
    "B2": lambda v: v["freed_hours"] * v["to_cost"] * v["hourly_cost"],
    "B3": lambda v: v["orders"] * v["error_rate_cut"] * v["error_cost"],
    "B4": lambda v: v["existing_revenue"] * v["churn_cut"] * v["margin_ratio"],
    "B5": lambda v: _avoided_hires(v) * (v["replacement_cost"] + v["ramp_months_before"] * v["ramp_margin_gap"]),
    "B6": lambda v: _remaining_hires(v) * (v["ramp_months_before"] - v["ramp_months_after"]) * v["ramp_margin_gap"],
    "B7": lambda v: (
        v["dependent_revenue"] * v["leave_probability"] * v["loss_share"] * v["margin_ratio"] * v["dependency_cut"]
    ),
}


def payback(case: Case) -> Payback:
    """What a case pays back, how surely, and what it hangs on.

    The inputs must be within `INPUTS` and without `conflicts`. The same case gives the same numbers.

    Source: method §7.
    """
    moving = _moving(case)
    grid = _grid(case, moving)
    sums = _sum(case, grid)
    npvs = _npv(case, sums * grid["attribution"])
    likely = {key: values[:1] for key, values in grid.items()}
    lines = {k: None if line is None else float(line[0]) for k, line in benefit_lines(likely).items()}
    attributed = float(sums[0] * grid["attribution"][0])
    share, flag = _growth(case, likely)
    drawn = _draw(case)
    outcomes = _npv(case, _sum(case, drawn) * drawn["attribution"])
    p10, p50, p90 = (float(p) for p in np.quantile(outcomes, (0.1, 0.5, 0.9)))
    return Payback(
        lines=lines,
        sum=float(sums[0]),
        attributed=attributed,
        npv=float(npvs[0]),
        payback_months=_months(case, attributed),
        break_even_attribution=_break_even(case, float(sums[0])),
        growth_share=share,
        growth_flag=flag,
        p10=p10,
        p50=p50,
        p90=p90,
        p_positive=float((outcomes > 0).mean()),
        all_low=float(npvs[1]),
        all_high=float(npvs[2]),
        tornado=_tornado(moving, npvs),
        outcomes=outcomes,
    )


def cash_flow(case: Case, result: Payback) -> CashFlow:
    """How the money comes back month by month, evenly within each year, as `payback_months` counts.

    The flow rises with the benefit alone, so the percentiles of the NPV are those of the flow.
    Source: method §7.1, §7.3.
    """
    ramped, yearly = _factors(case)
    costs = case.running_cost * yearly + case.one_off_cost
    p10, p90 = (((npv + costs) / ramped if ramped else 0.0) for npv in (result.p10, result.p90))
    return CashFlow(*(_by_month(case, attributed) for attributed in (result.attributed, p10, p90)))


@dataclass(frozen=True)
class Step:
    """The share of the outcomes from one amount up to another."""

    low: float
    high: float
    share: float


def histogram(outcomes: FloatArray, count: int) -> tuple[Step, ...]:
    """The outcomes in so many steps of equal width, from the lowest to the highest."""
    found, edges = np.histogram(outcomes, count)
    shares, ends = (found / len(outcomes)).tolist(), edges.tolist()
    return tuple(Step(*step) for step in zip(ends[:-1], ends[1:], shares, strict=True))


def document(result: Payback) -> dict[str, Any]:
    """The result as headless.md writes it, so without the draws."""
    told = {name: value for name, value in vars(result).items() if name != "outcomes"}
    return {**told, "lines": dict(result.lines), "tornado": [vars(swing) for swing in result.tornado]}


def _summed(case: Case) -> list[str]:
    return [
        line
        for line, keys in LINES.items()
        if line != BESIDE and line not in case.unowned and all(key in case.inputs for key in keys)
    ]


def _moving(case: Case) -> list[str]:
    """The uncertain inputs the sum hangs on; those only of B7 move nothing."""
    used = {key for line in _summed(case) for key in LINES[line]} | {"attribution"}
    return [key for key in INPUTS if key in used and case.inputs[key][0] != case.inputs[key][2]]


def _grid(case: Case, moving: list[str]) -> dict[str, FloatArray]:
    """Every case that is not drawn, in one batch: likely, all low, all high, then low and high of each moving input."""
    grid = {}
    for key, (low, likely, high) in case.inputs.items():
        values = np.full(3 + 2 * len(moving), likely, dtype=np.float64)
        values[1:3] = low, high
        if key in moving:
            at = 3 + 2 * moving.index(key)
            values[at : at + 2] = low, high
        grid[key] = values
    return grid


def _draw(case: Case) -> dict[str, FloatArray]:
    """Beta-PERT draws of the uncertain inputs in the order of `INPUTS`; a certain one is a batch of one, not drawn.

    Source: method §7.2 (Vose).
    """
    rng = np.random.default_rng(case.seed)
    drawn = {}
    for key in (k for k in INPUTS if k in case.inputs):
        low, likely, high = sorted(case.inputs[key])
        if low == high:
            drawn[key] = np.array([likely], dtype=np.float64)
            continue
        weight = PERT_LAMBDA_UNSURE if key in case.unsure else case.pert_lambda
        alpha = 1 + weight * (likely - low) / (high - low)
        beta = 1 + weight * (high - likely) / (high - low)
        drawn[key] = low + (high - low) * rng.beta(alpha, beta, case.draws)
    return drawn


def _sum(case: Case, values: Mapping[str, FloatArray]) -> FloatArray:
    total = np.zeros_like(values["attribution"])
    for line in _summed(case):
        total = total + _FORMULAS[line](values)  # not +=: a batch of one grows when a drawn line joins
    return total


def _factors(case: Case) -> tuple[float, float]:
    """Today's value of one krone of full-year benefit, ramped in, and of one krone a year; flows are at year-end."""
    today = [(1 + case.discount_rate) ** -year for year in range(1, len(case.ramp_in) + 1)]
    return math.fsum(r * t for r, t in zip(case.ramp_in, today, strict=True)), math.fsum(today)


def _npv(case: Case, attributed: FloatArray) -> FloatArray:
    ramped, yearly = _factors(case)
    return attributed * ramped - case.running_cost * yearly - case.one_off_cost


def _by_month(case: Case, attributed: float) -> tuple[float, ...]:
    nets = [(ramp * attributed - case.running_cost) / 12 for ramp in case.ramp_in for _ in range(12)]
    return tuple(accumulate(nets, initial=-case.one_off_cost))


def _months(case: Case, attributed: float) -> float | None:
    nets = [ramp * attributed - case.running_cost for ramp in case.ramp_in]
    cumulative = list(accumulate(nets, initial=-case.one_off_cost))
    negative = [year for year, flow in enumerate(cumulative) if flow < 0]
    if not negative:
        return 0.0
    last = negative[-1]
    if last == len(nets):
        return None
    return 12 * (last - cumulative[last] / nets[last])


def _break_even(case: Case, total: float) -> float | None:
    ramped, yearly = _factors(case)
    if total * ramped <= 0:
        return None
    share = (case.one_off_cost + case.running_cost * yearly) / (total * ramped)
    return share if math.isfinite(share) else None


def _growth(case: Case, likely: Mapping[str, FloatArray]) -> tuple[float | None, bool | None]:
    """The growth of new sales that the sum implies, and whether it needs a justification of its own."""
    sources, summed = {"B1a": _growth_by_win_rate, "B1b": _growth_by_time}, _summed(case)
    known = [float(revenue(likely)[0]) for line, revenue in sources.items() if line in summed]
    revenue = case.new_sales_revenue
    if revenue is None and {"opportunities", "win_rate", "order_value"} <= likely.keys():
        revenue = float((likely["opportunities"] * likely["win_rate"] * likely["order_value"])[0])
    if revenue is None or not known:
        return None, None
    growth = math.fsum(known)
    share = growth / revenue if revenue > 0 else math.inf
    flag = growth > (GROWTH_GUARD + _ROUNDING) * revenue
    return (share if math.isfinite(share) else None), flag


def _tornado(moving: list[str], npvs: FloatArray) -> tuple[Swing, ...]:
    pairs = npvs[3:].reshape(-1, 2).tolist()
    swings = [Swing(key, low, high, abs(high - low)) for key, (low, high) in zip(moving, pairs, strict=True)]
    return tuple(sorted(swings, key=lambda swing: -swing.swing))
