"""Diagnosis: the rules D01 to D12 on whatever evidence there is, each with what speaks for and against it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from assessment.config import DK_FLAG, GAP_CUTS
from assessment.strategy.model import (
    CLASS_AGREEMENT_MIN,
    DEFECT_SIGNAL,
    FORECAST_ERROR,
    GAPS_MIN,
    LOW_LEVEL,
    P2_MIN,
    RHO_STRAINED,
    SLACK,
    WASTE_SHARE,
)
from assessment.strategy.signals import signals
from assessment.strategy.situation import Situation

Source = Literal["questionnaire", "measured"]
Confidence = Literal["high", "medium", "low"]
RuleId = Literal["D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "D10", "D11", "D12"]


@dataclass(frozen=True)
class Bottleneck:
    """The resource pool with the highest load over capacity; without rework when that is known."""

    pool: str
    rho: float
    rho_without_rework: float | None = None


@dataclass(frozen=True)
class Facts:
    """What a diagnosis may rest on; whatever is absent or None is not known and fires nothing.

    `situation`: criteria, sub-scales C5i and C5e, flow and readiness P2. `management_support`: C6m and C6s.
    `dk_shares` by criterion. `gaps`: leadership minus the other perspective, by criterion and perspective.
    `split_items`: items with a split view. `class_agreement`: share of processes consultant and client class alike.
    `core_time_share` (K04) with its own target, `forecast_error` (K08) as a share, `has_customer_rating`: K12 is
    measured. `chart_signals`: rules R1 to R3 that hold on a baseline chart, by KPI. `provisional`: ids of evidence from
    fewer than k people, or of figures that are provisional.
    """

    situation: Situation = field(default_factory=Situation)
    management_support: Mapping[str, float | None] = field(default_factory=dict)
    dk_shares: Mapping[str, float | None] = field(default_factory=dict)
    training_planned: bool | None = None
    gaps: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    split_items: Collection[str] = ()
    class_agreement: float | None = None
    core_time_share: float | None = None
    core_time_target: float | None = None
    bottleneck: Bottleneck | None = None
    has_customer_rating: bool | None = None
    forecast_error: float | None = None
    chart_signals: Mapping[str, Collection[str]] = field(default_factory=dict)
    provisional: Collection[str] = ()


@dataclass(frozen=True)
class Evidence:
    """One fact under a rule: where it comes from, its value, and the limit it is held against (None: a plain fact).

    `id` is a criterion, sub-scale, precondition, signal, flow figure, KPI, item or context question. `about` names what
    it belongs to: a perspective, a pool or a chart rule.
    """

    source: Source
    id: str
    value: float | bool
    threshold: float | None
    fires: bool
    about: str | None = None


@dataclass(frozen=True)
class Diagnosis:
    """A rule that fired: the evidence for it, and known evidence under the same rule that does not bear it out."""

    rule: RuleId
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    confidence: Confidence


def diagnose(facts: Facts) -> tuple[Diagnosis, ...]:
    """The rules that fire, in order.

    Confidence is high when questionnaire and measured data both bear the rule out, medium when one source does, low
    when all that does is provisional or from fewer than k people; provisional evidence does not count as agreement.
    Limits are inclusive as the method writes them. Readiness and context count as questionnaire.

    Source: method §6.2.
    """
    found = []
    for rule, known in known_evidence(facts).items():
        fired = tuple(e for e in known if e.fires)
        if fired:
            against = tuple(e for e in known if not e.fires)
            found.append(Diagnosis(rule, fired, against, _confidence(fired, facts.provisional)))
    return tuple(found)


def known_evidence(facts: Facts) -> Mapping[RuleId, tuple[Evidence, ...]]:
    """All that is known under each rule, in order; empty where nothing is, so that the rule cannot be tried."""
    return {rule: tuple(test(facts)) for rule, test in _RULES.items()}


def _confidence(fired: tuple[Evidence, ...], provisional: Collection[str]) -> Confidence:
    solid = {e.source for e in fired if e.id not in provisional}
    if not solid:
        return "low"
    return "high" if len(solid) == 2 else "medium"


def _at_most(source: Source, name: str, value: float | None, limit: float, about: str | None = None) -> list[Evidence]:
    return [] if value is None else [Evidence(source, name, value, limit, value <= limit + SLACK, about)]


def _at_least(source: Source, name: str, value: float | None, limit: float, about: str | None = None) -> list[Evidence]:
    return [] if value is None else [Evidence(source, name, value, limit, value >= limit - SLACK, about)]


def _below(source: Source, name: str, value: float | None, limit: float) -> list[Evidence]:
    return [] if value is None else [Evidence(source, name, value, limit, value < limit - SLACK)]


def _low(facts: Facts, name: str) -> list[Evidence]:
    levels = {**facts.situation.criteria, **facts.situation.subscales}
    return _at_most("questionnaire", name, levels.get(name), LOW_LEVEL)


def _not_measurable(facts: Facts) -> Iterator[Evidence]:
    yield from _below("questionnaire", "P2", facts.situation.readiness.get("P2"), P2_MIN)
    for criterion, share in facts.dk_shares.items():
        yield from _at_least("questionnaire", criterion, share, DK_FLAG, "dk_share")


def _undefined_core(facts: Facts) -> Iterator[Evidence]:
    yield from _low(facts, "C3")
    yield from _below("measured", "class_agreement", facts.class_agreement, CLASS_AGREEMENT_MIN)


def _resources_leak(facts: Facts) -> Iterator[Evidence]:
    yield from _low(facts, "C4")
    if facts.core_time_target is not None:
        yield from _below("measured", "K04", facts.core_time_share, facts.core_time_target)


def _internal_flow(facts: Facts) -> Iterator[Evidence]:
    yield from _low(facts, "C5i")
    yield from _at_least("measured", "dInt", signals(facts.situation)["dInt"], DEFECT_SIGNAL)


def _interfaces(facts: Facts) -> Iterator[Evidence]:
    yield from _low(facts, "C5e")
    yield from _at_least("measured", "dExt", signals(facts.situation)["dExt"], DEFECT_SIGNAL)


def _management_support(facts: Facts) -> Iterator[Evidence]:
    """C6 decides; C6m and C6s only say which of the two it is."""
    criterion = _low(facts, "C6")
    yield from criterion
    if any(e.fires for e in criterion):
        for name in ("C6m", "C6s"):
            yield from _at_most("questionnaire", name, facts.management_support.get(name), LOW_LEVEL)


def _waste(facts: Facts) -> Iterator[Evidence]:
    yield from _low(facts, "C7")
    yield from _at_least("measured", "defect", signals(facts.situation)["defect"], DEFECT_SIGNAL)
    yield from _at_least("measured", "waste_share", facts.situation.flow.waste_share, WASTE_SHARE)


def _bottleneck(facts: Facts) -> Iterator[Evidence]:
    """Held against the pool when it is named; a load that is fine without rework stands as evidence against."""
    named = facts.bottleneck
    if named is None:
        yield from _at_least("measured", "rho_max", facts.situation.flow.rho_max, RHO_STRAINED)
        return
    yield from _at_least("measured", "rho_max", named.rho, RHO_STRAINED, named.pool)
    without = named.rho_without_rework
    yield from _at_least("measured", "rho_without_rework", without, RHO_STRAINED, named.pool)


def _customer_value(facts: Facts) -> Iterator[Evidence]:
    yield from _low(facts, "C2")
    if facts.has_customer_rating is not None:
        yield Evidence("measured", "K12", facts.has_customer_rating, None, not facts.has_customer_rating)


def _training_on_sand(facts: Facts) -> Iterator[Evidence]:
    """Both must hold: training is planned, and its foundation is weak."""
    foundation = _low(facts, "C1")
    if facts.training_planned and any(e.fires for e in foundation):
        yield Evidence("questionnaire", "Q02", True, None, True)
        yield from foundation


def _two_realities(facts: Facts) -> Iterator[Evidence]:
    """Gaps count from two criteria on; a split view counts by itself."""
    notable = {
        criterion: {group: gap for group, gap in gaps.items() if abs(gap) >= GAP_CUTS[0] - SLACK}
        for criterion, gaps in facts.gaps.items()
    }
    enough = sum(bool(gaps) for gaps in notable.values()) >= GAPS_MIN
    for criterion, gaps in notable.items():
        for group, gap in gaps.items():
            yield Evidence("questionnaire", criterion, gap, GAP_CUTS[0], enough, group)
    for item in facts.split_items:
        yield Evidence("questionnaire", item, True, None, True, "split")


def _unpredictable(facts: Facts) -> Iterator[Evidence]:
    if facts.forecast_error is not None:
        fires = facts.forecast_error > FORECAST_ERROR + SLACK
        yield Evidence("measured", "K08", facts.forecast_error, FORECAST_ERROR, fires)
    for kpi, rules in facts.chart_signals.items():
        for rule in rules:
            yield Evidence("measured", kpi, True, None, True, rule)


_RULES: Final[Mapping[RuleId, Callable[[Facts], Iterator[Evidence]]]] = {
    "D01": _not_measurable,
    "D02": _undefined_core,
    "D03": _resources_leak,
    "D04": _internal_flow,
    "D05": _interfaces,
    "D06": _management_support,
    "D07": _waste,
    "D08": _bottleneck,
    "D09": _customer_value,
    "D10": _training_on_sand,
    "D11": _two_realities,
    "D12": _unpredictable,
}
