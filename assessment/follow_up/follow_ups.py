"""Use cases of the follow-up: the verdict of each KPI, and what was expected against what has been realised."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from assessment.business_case.cases import Benefit, expected_benefits
from assessment.current_state.xmr import State
from assessment.engagement import BenefitLine, Currency, EngagementId, RealisedBenefit
from assessment.follow_up.timeline import Event, events
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.mapping.kpis import KpiReading, Kpis
from assessment.payback import BESIDE

# why a benefit does not count as realised, in the order to put it right
Hindrance = Literal["amount", "owner", "kpi", "insufficient", "stable_no_change", "signal_worse", "lapsed"]
Stage = Literal["not_yet", "claimed", "realised", "fallen_back"]

_CLAIMED: Final = frozenset({"amount", "measured_on", "note"})


class NotRealised(ValueError):  # noqa: N818 - named by what is wrong
    """A benefit nobody can sign for yet, and why."""

    def __init__(self, why: Hindrance) -> None:
        super().__init__(why)
        self.why = why


class SignedFor(ValueError):  # noqa: N818 - named by what is wrong
    """What somebody has signed for stays as it is until the signature is withdrawn."""


@dataclass(frozen=True)
class BenefitFollowUp:
    """A benefit as it was expected, and what has come of it. kpi: the one that shows it; None where none does."""

    benefit: Benefit
    told: RealisedBenefit
    kpi: KpiReading | None

    @property
    def hindrance(self) -> Hindrance | None:
        """Why it cannot count as realised, the first reason there is.

        It needs an amount, an owner to sign, and a KPI that is better and has stayed so. Source: method §4.3.
        """
        if self.told.amount is None:
            return "amount"
        if self.benefit.told.owner is None:
            return "owner"
        if self.kpi is None:
            return "kpi"
        state = state_of(self.kpi)
        if state != "signal_better":
            return state
        return "lapsed" if lapsed(self.kpi) else None

    @property
    def stage(self) -> Stage:
        """How far it has come. fallen_back: somebody signed for it, and it does not count any more."""
        if self.told.signed_by is not None:
            return "realised" if self.hindrance is None else "fallen_back"
        return "not_yet" if self.told.amount is None else "claimed"

    @property
    def summed(self) -> bool:
        """Whether its amounts enter the sums; one that overlaps others stands beside them (method §7.1)."""
        return self.benefit.told.line != BESIDE


@dataclass(frozen=True)
class FollowUp:
    """How an assessment's work is going.

    kpis: those with points. benefits: those that something is expected of or claimed for.
    """

    kpis: tuple[KpiReading, ...]
    benefits: tuple[BenefitFollowUp, ...]
    currency: Currency

    @property
    def expected(self) -> float:
        """What the summed benefits are expected to give in a full year, before any share is credited to the work."""
        return sum(b.benefit.value or 0.0 for b in self.benefits if b.benefit.standing == "summed")

    @property
    def realised(self) -> float:
        """What the realised benefits give in a full year."""
        return sum(b.told.amount or 0.0 for b in self.benefits if b.summed and b.stage == "realised")

    @property
    def share(self) -> float | None:
        """Realised of expected; None when nothing is expected."""
        return self.realised / self.expected if self.expected > 0 else None

    def find(self, line: str | None) -> BenefitFollowUp | None:
        """The benefit of this line, or None."""
        return next((b for b in self.benefits if b.benefit.told.line == line), None)


class FollowUps(Kpis):
    """The follow-up of an assessment."""

    @requires("read")
    def follow_up(self, engagement_id: EngagementId) -> FollowUp:
        """What the KPIs say now, and what has come of each benefit."""
        readings, payback = self.kpis(engagement_id), self._store.payback(engagement_id)
        told = {realised.line: realised for realised in self._store.realised_benefits(engagement_id)}
        by_id = {reading.kpi.id: reading for reading in readings}
        benefits = [
            BenefitFollowUp(
                benefit=benefit,
                told=told.get(benefit.told.line) or RealisedBenefit(line=benefit.told.line),
                kpi=by_id.get(benefit.told.kpi_id) if benefit.told.kpi_id is not None else None,
            )
            for benefit in expected_benefits(payback)
            if benefit.value is not None or benefit.told.line in told
        ]
        return FollowUp(tuple(r for r in readings if r.points), tuple(benefits), payback.terms.currency)

    @requires("run")
    def claim_benefit(self, engagement_id: EngagementId, line: BenefitLine, given: Mapping[str, object]) -> None:
        """Say what a benefit has given, up to which day, and how one knows; what is not given stays.

        Raises: SignedFor; ValueError.
        """
        if given.keys() - _CLAIMED:
            raise ValueError("a benefit is signed for by sign_benefit")
        if any(t.line == line and t.signed_by for t in self._store.realised_benefits(engagement_id)):
            raise SignedFor(line)
        fields = {name: filled(value) for name, value in given.items()}
        self._store.change_realised_benefit(engagement_id, line, fields)

    @requires("run")
    def sign_benefit(self, engagement_id: EngagementId, line: BenefitLine, signed_by: str) -> None:
        """Let a benefit count as realised, on its owner's word.

        Raises: NotRealised while the KPI does not show it or something is missing; ValueError without a name.
        """
        found = self.follow_up(engagement_id).find(line)
        hindrance = "amount" if found is None else found.hindrance
        if hindrance is not None:
            raise NotRealised(hindrance)
        if filled(signed_by) is None:
            raise ValueError("who signs has a name")
        signature = {"signed_by": signed_by, "signed_on": self._clock().date()}
        self._store.change_realised_benefit(engagement_id, line, signature)

    @requires("run")
    def withdraw_benefit(self, engagement_id: EngagementId, line: BenefitLine) -> RealisedBenefit:
        """Let a benefit count as realised no more, and return it as it was, so that `restore_benefit` can undo this."""
        told = {realised.line: realised for realised in self._store.realised_benefits(engagement_id)}
        self._store.change_realised_benefit(engagement_id, line, {"signed_by": None, "signed_on": None})
        return told.get(line) or RealisedBenefit(line=line)

    @requires("run")
    def restore_benefit(self, engagement_id: EngagementId, before: RealisedBenefit) -> None:
        """Undo `withdraw_benefit`; the KPI still decides whether it counts."""
        self._store.change_realised_benefit(engagement_id, before.line, before.model_dump(exclude={"line"}))

    @requires("read")
    def timeline(self, engagement_id: EngagementId) -> tuple[Event, ...]:
        """What has happened in the assessment and what is agreed to happen, oldest first."""
        return events(self._store, self.engagement(engagement_id).id)


def state_of(reading: KpiReading) -> State:
    """How a KPI stands; without points there is too little to say anything (method §4.3)."""
    return "insufficient" if reading.series is None else reading.series.state


def lapsed(reading: KpiReading) -> bool:
    """Whether a KPI was better and is back in natural variation."""
    return reading.series is not None and reading.series.lapsed
