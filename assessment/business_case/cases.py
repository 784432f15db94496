"""Use cases of the payback: what is told of benefits and costs, what may be taken over, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from assessment.business_case.offers import Offer, offered, offers
from assessment.engagement import (
    BenefitLine,
    Currency,
    EngagementId,
    Kpi,
    PaybackInput,
    PaybackLine,
    PaybackTerms,
    PaybackTold,
)
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.payback import (
    BESIDE,
    INPUTS,
    LESS_IS_MORE,
    LINES,
    Case,
    CashFlow,
    Payback,
    Triple,
    benefit_lines,
    cash_flow,
    conflicts,
    payback,
)
from assessment.use_cases import UseCases

BENEFITS: Final[tuple[BenefitLine, ...]] = get_args(BenefitLine)
ATTRIBUTION: Final = "attribution"
COSTS: Final = ("consultant_cost", "training_cost", "systems_cost", "other_cost")
_VALUES: Final = frozenset({"low", "likely", "high"})
_POOL: Final = ("to_selling", "to_cost")
_ROUNDING: Final = 1e-9

Problem = Literal["order", "turnover", "hours"]
Lack = Literal["benefit", "owner", "costs", "attribution"]
Standing = Literal["summed", "beside", "unowned", "not_assessed"]


class Impossible(ValueError):  # noqa: N818 - named by what is wrong
    """A value the payback cannot count with. why: hours (more than all of them), limits (outside what can be)."""

    def __init__(self, why: Literal["hours", "limits"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Benefit:
    """A benefit line: what is told of it, which inputs it lacks, and its full-year value before attribution."""

    told: PaybackLine
    lacking: tuple[str, ...]
    value: float | None

    @property
    def standing(self) -> Standing:
        """Whether it is summed, shown beside since it overlaps others, left out without an owner, or not assessed."""
        if self.value is None:
            return "not_assessed"
        if self.told.line == BESIDE:
            return "beside"
        return "unowned" if self.told.owner is None else "summed"


@dataclass(frozen=True)
class BusinessCase:
    """The payback of an assessment.

    inputs: those told, by name. problems: inputs that stand against themselves or another, which no line counts.
    benefits: all lines in the order of the method. kpis: those of the assessment, for a line to point to.
    lacks: why there is no result; result and flow are None exactly then.
    """

    terms: PaybackTerms
    inputs: Mapping[str, PaybackInput]
    problems: Mapping[str, Problem]
    offers: Mapping[str, Offer]
    benefits: tuple[Benefit, ...]
    kpis: tuple[Kpi, ...]
    lacks: tuple[Lack, ...]
    result: Payback | None
    flow: CashFlow | None

    @property
    def begun(self) -> bool:
        """Whether anything is told that a benefit could be worked out from."""
        return bool(self.inputs)

    @property
    def has_amounts(self) -> bool:
        """Whether a change of currency would put another label on something."""
        told = {name for name, value in self.terms if value is not None}
        return self.begun or not told.isdisjoint({*COSTS, "own_hour_cost", "running_cost"})

    @property
    def total(self) -> float | None:
        """What the summed lines come to in a full year, before attribution; None when none is summed."""
        summed = [b.value for b in self.benefits if b.standing == "summed" and b.value is not None]
        return sum(summed) if summed else None

    def benefit(self, line: str | None) -> Benefit | None:
        """The line of this id, or None."""
        return next((b for b in self.benefits if b.told.line == line), None)


class BusinessCases(UseCases):
    """The payback of an assessment."""

    @requires("read")
    def business_case(self, engagement_id: EngagementId) -> BusinessCase:
        """What is told, what is known elsewhere, and what it pays back as far as that can be said."""
        opened = self.engagement(engagement_id).id
        kpis, stream = self._store.kpis(opened), self._store.stream_map(opened)
        known = offers(kpis, stream, self._store.waste_rows(opened))
        return _case(self._store.payback(opened), known, tuple(kpi for kpi, _ in kpis))

    @requires("read")
    def currency(self, engagement_id: EngagementId) -> Currency:
        """The label of every amount of the assessment."""
        return self._store.payback(self.engagement(engagement_id).id).terms.currency

    @requires("run")
    def tell_input(self, engagement_id: EngagementId, name: str, given: Mapping[str, object]) -> None:
        """Say something of an input; what is not given stays, and None is not known.

        What is typed over a value that was taken over rests on no other figure any more. Raises: Impossible.
        """
        low, high = INPUTS[name]
        values = [v for f, v in given.items() if f in _VALUES and isinstance(v, int | float)]
        if not all(low <= value <= high for value in values):
            raise Impossible("limits")
        if name in _POOL and values:
            beside = self._told(engagement_id).get(_POOL[1 - _POOL.index(name)])
            if max(values) + _most(beside) > 1 + _ROUNDING:
                raise Impossible("hours")
        own = {"source": None, "quality": None} if offered(name) in given else {}
        self._store.change_payback_input(engagement_id, name, {**given, **own})

    @requires("run")
    def take_over(self, engagement_id: EngagementId, name: str) -> PaybackInput:
        """Take an input from where it is known, and return it as it was, so that `restore_input` can undo this.

        Raises: ValueError when nothing is offered.
        """
        opened = self.engagement(engagement_id).id
        found = self.business_case(opened)
        offer = found.offers.get(name)
        if offer is None:
            raise ValueError("nothing to take over")
        before = found.inputs.get(name) or PaybackInput(name=name)
        # a range around another value is no range around this one
        around = {"low": None, "high": None} if offered(name) == "likely" else {}
        known = {"source": offer.source, "quality": offer.quality}
        self._store.change_payback_input(opened, name, {**around, offered(name): offer.value, **known})
        return before

    @requires("run")
    def restore_input(self, engagement_id: EngagementId, before: PaybackInput) -> None:
        """Undo `take_over`."""
        self._store.change_payback_input(engagement_id, before.name, before.model_dump(exclude={"name"}))

    @requires("run")
    def describe_benefit(self, engagement_id: EngagementId, line: BenefitLine, given: Mapping[str, object]) -> None:
        """Say who owns a benefit, what shows it and how it is evidenced; what is not given stays.

        Raises: Gone for a KPI of another assessment, ValueError.
        """
        self._store.change_payback_line(engagement_id, line, {f: filled(value) for f, value in given.items()})

    @requires("run")
    def set_payback_terms(self, engagement_id: EngagementId, given: Mapping[str, object]) -> None:
        """Say what the work costs or how its payback is counted; what is not given stays. Raises: ValueError."""
        self._store.change_payback_terms(engagement_id, {f: filled(value) for f, value in given.items()})

    def _told(self, engagement_id: EngagementId) -> Mapping[str, PaybackInput]:
        return {told.name: told for told in self._store.payback(engagement_id).inputs}


def expected_benefits(told: PaybackTold) -> tuple[Benefit, ...]:
    """What each line is expected to give in a full year, without what it comes to: that takes thousands of draws."""
    triples = _triples(told)
    return _benefits(told, _without(triples, _problems(triples)))


def _triples(told: PaybackTold) -> Mapping[str, Triple]:
    named = {i.name: i for i in told.inputs}
    return {name: triple for name in INPUTS if (triple := _triple(named.get(name))) is not None}


def _without(triples: Mapping[str, Triple], problems: Mapping[str, Problem]) -> dict[str, Triple]:
    return {name: triple for name, triple in triples.items() if name not in problems}


def _case(told: PaybackTold, known: Mapping[str, Offer], kpis: tuple[Kpi, ...]) -> BusinessCase:
    inputs = {i.name: i for i in told.inputs if i.unsure or any(getattr(i, field) is not None for field in _VALUES)}
    triples = _triples(told)
    problems = _problems(triples)
    counted = _without(triples, problems)
    benefits = _benefits(told, counted)
    lacks = _lacks(told.terms, benefits, counted)
    case = None if lacks else _counted(told.terms, benefits, counted, inputs)
    result = None if case is None else payback(case)
    return BusinessCase(
        terms=told.terms,
        inputs=inputs,
        problems=problems,
        offers=known,
        benefits=benefits,
        kpis=kpis,
        lacks=lacks,
        result=result,
        flow=None if case is None or result is None else cash_flow(case, result),
    )


def _triple(told: PaybackInput | None) -> Triple | None:
    """Low, likely and high by benefit; where only the likely value is told it is certain."""
    if told is None or told.likely is None:
        return None
    low = told.likely if told.low is None else told.low
    return (low, told.likely, told.likely if told.high is None else told.high)


def _most(told: PaybackInput | None) -> float:
    return max((v for v in (told.low, told.likely, told.high) if v is not None), default=0.0) if told else 0.0


def _problems(triples: Mapping[str, Triple]) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    for name, (low, _, high) in triples.items():
        if (low < high) if name in LESS_IS_MORE else (low > high):
            found[name] = "order"
    between: Mapping[str, Problem] = {"to_selling": "hours", "turnover_after": "turnover"}
    for name, _ in conflicts(triples):
        low, likely, high = triples[name]
        straight = low <= likely <= high or low >= likely >= high
        found.setdefault(name, between[name] if straight and name in between else "order")
    return found


def _benefits(told: PaybackTold, counted: Mapping[str, Triple]) -> tuple[Benefit, ...]:
    likely = {name: np.array([triple[1]]) for name, triple in counted.items()}
    values, lines = benefit_lines(likely), {line.line: line for line in told.lines}
    found = []
    for line in BENEFITS:
        value = values[line]
        lacking = tuple(name for name in LINES[line] if name not in counted)
        about = lines.get(line) or PaybackLine(line=line)
        found.append(Benefit(about, lacking, None if value is None else float(value[0])))
    return tuple(found)


def _lacks(terms: PaybackTerms, benefits: tuple[Benefit, ...], counted: Mapping[str, Triple]) -> tuple[Lack, ...]:
    standings = {benefit.standing for benefit in benefits}
    lacks: list[Lack] = []
    if "summed" not in standings:
        lacks.append("owner" if "unowned" in standings else "benefit")
    if one_off_cost(terms) is None and terms.running_cost is None:
        lacks.append("costs")
    if ATTRIBUTION not in counted:
        lacks.append("attribution")
    return tuple(lacks)


def _counted(
    terms: PaybackTerms,
    benefits: tuple[Benefit, ...],
    counted: Mapping[str, Triple],
    inputs: Mapping[str, PaybackInput],
) -> Case:
    return Case(
        inputs=counted,
        one_off_cost=one_off_cost(terms) or 0.0,
        running_cost=terms.running_cost or 0.0,
        discount_rate=terms.discount_rate,
        ramp_in=(terms.first_year_share, *(1.0,) * (terms.years - 1)),
        unowned=frozenset(b.told.line for b in benefits if b.told.owner is None),
        unsure=frozenset(name for name, told in inputs.items() if told.unsure),
    )


def own_work_cost(terms: PaybackTerms) -> float | None:
    """What the own hours cost, hours × hourly cost; None while either is unknown."""
    if terms.own_hours is None or terms.own_hour_cost is None:
        return None
    return terms.own_hours * terms.own_hour_cost


def one_off_cost(terms: PaybackTerms) -> float | None:
    """What the work costs once, as far as it is told; None when nothing is."""
    told = [*(getattr(terms, name) for name in COSTS), own_work_cost(terms)]
    known = [cost for cost in told if cost is not None]
    return sum(known) if known else None
