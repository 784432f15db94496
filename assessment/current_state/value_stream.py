"""The value stream of sales: lead time, quality through the chain, load on pools and a check by Little's law."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, prod
from typing import Final, Literal, get_args

from assessment.config import LITTLE_HOURS_MONTH, LITTLE_WARN, REWORK_F, RHO_CUTS

WaitSide = Literal["own_internal", "own_other_dept", "customer"]
Band = Literal["slack", "ok", "strained", "overload"]

WAIT_SIDES: Final[tuple[WaitSide, ...]] = get_args(WaitSide)
BANDS: Final[tuple[Band, ...]] = get_args(Band)


@dataclass(frozen=True)
class Work:
    """What one pool does by hand on one case in a stage; hours."""

    pool: str
    process_time_h: float


@dataclass(frozen=True)
class Stage:
    """One step a case passes.

    wait_h: working hours a case waits before the stage; wait_side: on whom, None on nobody in particular.
    complete_accurate: share of what the stage sends on that the receiver can use as it is (%C&A), 0 to 1.
    volume: cases entering a month. wip: cases counted in the stage, None not counted. conversion: share moving on.
    """

    id: str
    work: tuple[Work, ...]
    wait_h: float
    complete_accurate: float
    volume: float
    wait_side: WaitSide | None = None
    wip: float | None = None
    conversion: float | None = None
    name: str = ""
    department: str = ""

    @property
    def process_time_h(self) -> float:
        """Hands-on hours on one case, all pools together."""
        return sum(work.process_time_h for work in self.work)


@dataclass(frozen=True)
class Pool:
    """People who do the same work: positions, available hours a month for each, and the share for this stream."""

    id: str
    fte: float
    hours_month: float
    share: float


@dataclass(frozen=True)
class ValueStream:
    """Stages in the order a case passes them, at least one, and the pools that work in them.

    rework_fraction: the share of a stage's process time repeated when what it received is defective, 0 to 1.
    """

    stages: tuple[Stage, ...]
    pools: tuple[Pool, ...]
    rework_fraction: float = REWORK_F


@dataclass(frozen=True)
class PoolLoad:
    """Hours a month asked of a pool and had from it; `rho` is load over capacity, None without capacity."""

    id: str
    load_h: float
    load_without_rework_h: float
    capacity_h: float
    rho: float | None
    rho_without_rework: float | None


@dataclass(frozen=True)
class Little:
    """Cases expected in a stage by volume and time; `deviation` of the counted ones, 0.25 for a quarter more."""

    stage: str
    expected_wip: float
    deviation: float | None

    @property
    def warns(self) -> bool:
        """Whether stale cases or under-reported waiting are likely (method §5.3)."""
        return self.deviation is not None and abs(self.deviation) > LITTLE_WARN


def process_time_h(stream: ValueStream) -> float:
    """Hands-on hours on a case that passes every stage."""
    return sum(stage.process_time_h for stage in stream.stages)


def lead_time_h(stream: ValueStream) -> float:
    """Working hours from the first wait to the last hand, for a case that passes every stage."""
    return process_time_h(stream) + sum(stage.wait_h for stage in stream.stages)


def flow_efficiency(stream: ValueStream) -> float | None:
    """Share of the lead time in which somebody works on the case.

    Customer-side waiting counts as waiting. None when no stage has a time.

    Units: 0 to 1.
    Source: method §5.2.
    """
    return _ratio(process_time_h(stream), lead_time_h(stream))


def flow_efficiency_own(stream: ValueStream) -> float | None:
    """The flow efficiency when waiting for the customer is left out of the lead time; None when nothing is left."""
    own_wait_h = sum(stage.wait_h for stage in stream.stages if stage.wait_side != "customer")
    hands_on_h = process_time_h(stream)
    return _ratio(hands_on_h, hands_on_h + own_wait_h)


def rolled_throughput_yield(stream: ValueStream) -> float:
    """Share of cases that pass the whole chain without correction at any stage."""
    return prod(stage.complete_accurate for stage in stream.stages)


def ca_geo(stream: ValueStream) -> float:
    """Geometric mean of complete and accurate; unlike the yield it does not fall with the number of stages."""
    return float(rolled_throughput_yield(stream) ** (1 / len(stream.stages)))


def conversion(stream: ValueStream) -> float | None:
    """Volume of the last stage over volume of the first; None when nothing enters."""
    return _ratio(stream.stages[-1].volume, stream.stages[0].volume)


def internal_wait_share(stream: ValueStream) -> float | None:
    """Share of own waiting between stages that stays inside sales; None when no own waiting is recorded.

    Waiting before the first stage, for the customer, or on no side is left out.
    Source: method §5.2.
    """
    between = stream.stages[1:]
    internal_h = sum(stage.wait_h for stage in between if stage.wait_side == "own_internal")
    other_h = sum(stage.wait_h for stage in between if stage.wait_side == "own_other_dept")
    return _ratio(internal_h, internal_h + other_h)


def pool_loads(stream: ValueStream) -> tuple[PoolLoad, ...]:
    """Load, capacity and utilisation of each pool, in the given order.

    A stage repeats part of its work on what it receives defective; the first stage receives from nobody.
    Source: method §5.3.
    """
    incoming = (1.0, *(stage.complete_accurate for stage in stream.stages[:-1]))
    plain = dict.fromkeys((pool.id for pool in stream.pools), 0.0)
    loaded = dict(plain)
    for stage, ca_in in zip(stream.stages, incoming, strict=True):
        for work in stage.work:
            hours = stage.volume * work.process_time_h
            plain[work.pool] += hours
            loaded[work.pool] += hours * (1 + stream.rework_fraction * (1 - ca_in))
    return tuple(_pool_load(pool, loaded[pool.id], plain[pool.id]) for pool in stream.pools)


def bottleneck(loads: Sequence[PoolLoad]) -> str | None:
    """The pool with the highest utilisation, the first of equals; None when no pool is known to be used."""
    used = [(load.rho, load.id) for load in loads if load.rho]
    return max(used, key=lambda entry: entry[0])[1] if used else None


def utilisation_band(rho: float) -> Band:
    """The word for a utilisation: slack, ok, strained or, from 1, overload (method §5.3)."""
    return BANDS[sum(rho >= cut for cut in RHO_CUTS)]


def little_checks(stream: ValueStream) -> tuple[Little, ...]:
    """Little's law for each stage with counted cases, its lead time being wait and process time.

    Valid for averages in a reasonably stable period. Source: method §5.3.
    """
    checks = []
    for stage in (s for s in stream.stages if s.wip is not None):
        expected = stage.volume * (stage.process_time_h + stage.wait_h) / LITTLE_HOURS_MONTH
        relative = _ratio(stage.wip or 0.0, expected)
        checks.append(Little(stage.id, expected, None if relative is None else relative - 1))
    return tuple(checks)


def _pool_load(pool: Pool, load_h: float, plain_h: float) -> PoolLoad:
    capacity_h = pool.fte * pool.hours_month * pool.share
    return PoolLoad(pool.id, load_h, plain_h, capacity_h, _ratio(load_h, capacity_h), _ratio(plain_h, capacity_h))


def _ratio(part: float, whole: float) -> float | None:
    """part / whole; None when there is no whole, or next to none."""
    ratio = part / whole if whole else None
    return ratio if ratio is not None and isfinite(ratio) else None
