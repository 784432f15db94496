"""The current state in figures as evidence: what the model of diagnosis and strategy takes of it, and what weighs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log
from statistics import fmean
from typing import Any, Final, Literal

from assessment.engagement import EngagementId, Goal, Stage
from assessment.guard import requires
from assessment.mapping import kpi_catalogue
from assessment.mapping.kpis import KpiReading, Kpis
from assessment.mapping.processes import Processes, ProcessList
from assessment.mapping.stream import Interface, Stream, ValueStreams
from assessment.mapping.waste import WasteRegister, Wastes
from assessment.strategy.diagnosis import Bottleneck
from assessment.strategy.situation import Flow

Kind = Literal["process", "pool", "stage", "handoff", "waste"]
WORST: Final = 2  # processes whose pain points together say how concentrated the pain is (method §6.1)
_RULES: Final[Mapping[str, str]] = {"point": "R1", "step": "R1", "few": "R2", "run": "R3"}
_SIDES: Final = {"waitint": "own_internal", "waitext": "own_other_dept"}


@dataclass(frozen=True)
class Part:
    """A process, pool, stage, hand-off or row of waste behind a signal. ids: of a hand-off both stages, else one."""

    kind: Kind
    ids: tuple[str, ...]


@dataclass(frozen=True)
class CurrentState:
    """What is mapped of today's situation: key figures, value stream, processes and waste; each may be empty."""

    kpis: tuple[KpiReading, ...]
    stream: Stream
    processes: ProcessList
    waste: WasteRegister

    @cached_property
    def flow(self) -> Flow:
        """The flow figures of the model; None where a figure behind one is missing.

        processes: those whose pain is rated. Hand-offs of one kind have a mean only when all of them are judged.
        Source: method §6.1.
        """
        seen, rated = self.stream.flow, self._pains
        full = None if seen.bottleneck is None else seen.pool(seen.bottleneck)
        pains, comparison = sum(rated.values()), self.processes.comparison
        worst = sum(sorted(rated.values(), reverse=True)[:WORST])
        return Flow(
            processes=len(rated) or None,
            top2_pain_share=worst / pains if pains else None,
            rho_max=None if full is None else full.rho,
            flow_efficiency=seen.flow_efficiency,
            internal_wait_share=seen.internal_wait_share,
            ca_internal=_mean(self._received("dInt")),
            ca_external=_mean(self._received("dExt")),
            rty=seen.rty,
            stages=len(self.stream.chain) if seen.rty is not None else None,
            waste_share=self.waste.share,
            disputed_share=None if comparison is None else comparison.disputed_share,
        )

    def facts(self) -> dict[str, Any]:
        """What a diagnosis may rest on beside the questionnaire, as fields of `Facts`.

        The customer's rating is missed only once there are key figures at all. A chart signals unpredictability by
        what is worse since the last confirmed change: what is better, or explained, is no surprise.
        Source: method §6.2.
        """
        full = self.stream.flow.bottleneck
        use, pool = (None, None) if full is None else (self.stream.flow.pool(full), self.stream.pool(full))
        comparison = self.processes.comparison
        error, core_time = self._coded("K08"), self._coded("K04")
        return {
            "class_agreement": None if comparison is None else comparison.agreement,
            "core_time_share": None if core_time is None else _as_share(core_time),
            "bottleneck": Bottleneck(pool.id, use.rho, use.rho_without_rework)
            if use is not None and pool is not None and use.rho is not None
            else None,
            "has_customer_rating": self._coded("K12") is not None if self._measured else None,
            "forecast_error": None if error is None else _as_share(error),
            "chart_signals": {r.kpi.id: rules for r in self._measured if (rules := _unexplained(r))},
        }

    def core_time_target(self, goals: Iterable[Goal]) -> float | None:
        """The organisation's own target for core time, as a share: that of the first goal measured by it; None without.

        A draft is no goal.
        """
        found = self._coded("K04")
        if found is None:
            return None
        own = [g.target_value for g in goals if not g.draft and g.kpi_id == found.kpi.id]
        return None if not own or own[0] is None else own[0] / kpi_catalogue.scale(found.kpi)

    @property
    def provisional(self) -> tuple[str, ...]:
        """The evidence that rests on estimates or on too few points for limits that hold."""
        thin = [r for r in self._measured if _is_provisional(r)]
        return tuple(id_ for r in thin for id_ in (r.kpi.id, r.kpi.code) if id_ is not None)

    def parts(self, signal: str) -> Mapping[Part, float]:
        """The share each part has in a signal, adding up to 1; empty when no one part is behind it.

        Pain, waiting, waste and disputed hours by their size; defects by what each hand-off loses, on the scale on
        which its signal adds up: of the mean of several, or of the yield of all.
        Source: method §6.6, which does this for the items of a questionnaire.
        """
        weights = {part: weight for part, weight in self._weights(signal) if weight > 0}
        total = sum(weights.values())
        return {part: weight / total for part, weight in weights.items()}

    def _weights(self, signal: str) -> Iterable[tuple[Part, float]]:
        chain = self.stream.chain
        match signal:
            case "conc":
                worst = sorted(self._pains.items(), key=lambda pain: -pain[1])[:WORST]
                return [(Part("process", (id_,)), pain) for id_, pain in worst]
            case "bn":
                full = self.stream.flow.bottleneck
                return [] if full is None else [(Part("pool", (full,)), 1.0)]
            case "fneed":
                return [(Part("stage", (s.id,)), s.wait_h or 0.0) for s in chain]
            case "waitint" | "waitext":
                side = _SIDES[signal]
                return [(Part("stage", (s.id,)), s.wait_h or 0.0) for s in chain[1:] if s.wait_side == side]
            case "dInt" | "dExt":
                return [(part, 1 - (share or 0.0)) for part, share in self._received(signal).items()]
            case "defect":
                return [(Part("stage", (s.id,)), _loss(s)) for s in chain]
            case "waste":
                return [(Part("waste", (row.id,)), row.hours_month or 0.0) for row in self.waste.rows]
            case "dis":
                apart = self.processes.disagreements
                return [(Part("process", (d.process.id,)), d.process.hours_month or 0.0) for d in apart]
        return []

    def _received(self, signal: str) -> dict[Part, float | None]:
        """The receivers' %C&A of the hand-offs inside sales (dInt) or across departments (dExt)."""
        return {
            Part("handoff", (i.told.from_stage_id, i.told.to_stage_id)): i.receiver_share
            for i in self.stream.interfaces
            if _kind(self.stream, i) == signal
        }

    @property
    def _pains(self) -> dict[str, int]:
        return {p.id: p.pain for p in self.processes.processes if p.pain is not None}

    @property
    def _measured(self) -> list[KpiReading]:
        return [r for r in self.kpis if r.series is not None]

    def _coded(self, code: str) -> KpiReading | None:
        return next((r for r in self._measured if r.kpi.code == code), None)


class CurrentStates(Kpis, ValueStreams, Processes, Wastes):
    """Today's situation in figures, subject by subject and all together."""

    @requires("read")
    def current_state(self, engagement_id: EngagementId) -> CurrentState:
        """All that is mapped."""
        return CurrentState(
            self.kpis(engagement_id),
            self.stream(engagement_id),
            self.processes(engagement_id),
            self.waste(engagement_id),
        )


def level(reading: KpiReading) -> float | None:
    """Where a KPI stands, in its unit: the mean since it last shifted, or else of its latest limits; None unmeasured.

    A single point is not where something stands: it varies.
    """
    if reading.series is None:
        return None
    found = reading.series
    return found.segments[-1].chart.centre if found.shift is None else found.shift.after


def _as_share(reading: KpiReading) -> float | None:
    value = level(reading)
    return None if value is None else value / kpi_catalogue.scale(reading.kpi)


def _is_provisional(reading: KpiReading) -> bool:
    few = reading.series is None or reading.series.segments[-1].chart.provisional or len(reading.points) == 1
    return few or reading.kpi.quality == "C"


def _unexplained(reading: KpiReading) -> tuple[str, ...]:
    if reading.series is None:
        return ()
    worse = "lower" if reading.kpi.better == "up" else "upper"
    since = reading.series.segments[-1].first
    rules = [_RULES[m.kind] for m in reading.series.marks if m.side == worse and m.index >= since]
    return tuple(sorted(set(rules)))


def _kind(stream: Stream, interface: Interface) -> str | None:
    """Which signal a hand-off belongs to; None when it is neither inside sales nor between it and another department.

    For whom the receiver's cases wait tells. A wait for the customer tells nothing of the two, nor does a pair of
    stages that do not follow each other: there their departments tell. Where nobody has said for whom cases wait, the
    hand-off lies outside, like the last one of the method's example, from delivery to customer service.
    Source: method §5.2, §6.1 with its worked example.
    """
    receiver = stream.stage(interface.told.to_stage_id)
    side = receiver.wait_side if receiver is not None else None
    if side is None:
        return None
    if side == "customer" or not interface.neighbours:
        return "dExt" if interface.crosses else "dInt"
    return "dInt" if side == "own_internal" else "dExt"


def _mean(shares: Mapping[Part, float | None]) -> float | None:
    known = [share for share in shares.values() if share is not None]
    return fmean(known) if known and len(known) == len(shares) else None


def _loss(stage: Stage) -> float:
    """What a stage takes from the yield, on the scale on which stages add up; passing on nothing takes most."""
    share = stage.complete_accurate_share
    return 0.0 if share is None else -log(max(share, 1e-6))
