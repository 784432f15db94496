"""Diagnosis and strategy on a measurement and on the current state in figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessment.engagement import EngagementId, Goal, ItemId, Mandate
from assessment.guard import requires
from assessment.mapping.current_state import CurrentState, CurrentStates, Part
from assessment.packs import builtin
from assessment.plan.mandates import decided_mandate
from assessment.results import Measurements, Results
from assessment.scoring.result import Result
from assessment.strategy import situation as decided
from assessment.strategy.contributions import item_shares
from assessment.strategy.diagnosis import Diagnosis, Evidence, Facts, RuleId, diagnose, known_evidence
from assessment.strategy.model import NEEDS
from assessment.strategy.recommend import Recommendation, recommend
from assessment.strategy.training import Verdict, verdict

DRIVERS = 6


@dataclass(frozen=True)
class Driver:
    """What an item (over all perspectives) or a part of the current state gives the recommended strategy's fit.

    about: the id of an item, or a part. points: of 100.
    """

    about: str | Part
    points: float


@dataclass(frozen=True)
class Advice:
    """Diagnosis and strategy, with the evidence they rest on.

    evidence: all that is known under each rule, whether or not it fires. mandate_unknown: fields nobody has filled in;
    they exclude nothing. drivers: the items and parts of the current state that weigh most.
    situation: what the recommendation rests on. own_weights: it is made by the organisation's weights, not by ours.
    """

    recommendation: Recommendation
    diagnoses: tuple[Diagnosis, ...]
    evidence: Mapping[RuleId, tuple[Evidence, ...]]
    training: Verdict
    mandate: Mandate | None
    mandate_unknown: tuple[str, ...]
    readiness: Mapping[str, float | None]
    state: CurrentState
    drivers: tuple[Driver, ...]
    situation: decided.Situation
    own_weights: bool


class Advising(Measurements, CurrentStates):
    """What follows for the organisation."""

    @requires("read")
    def advice(self, engagement_id: EngagementId, wave_id: str | None = None) -> Advice | None:
        """Diagnosis and strategy on a wave of the full set; None on a pulse, or before a criterion has a score.

        Scores alone steer it: targets and weights are ambitions (method §6.1).
        """
        results = self.results(engagement_id, wave_id)
        criteria = {c.id: c.score for c in results.score.criteria}
        if results.pack.id != "full" or all(s is None for s in criteria.values()):
            return None
        mandate, readiness = self._store.mandate(engagement_id), self._levels(engagement_id)
        state = self.current_state(engagement_id)
        situation = decided.Situation(
            criteria=criteria,
            subscales={s.id: s.score for s in results.score.subscales},
            flow=state.flow,
            mandate=decided_mandate(mandate),
            readiness=readiness,
        )
        goals = self._store.goals(engagement_id)
        weights = self._store.strategy_weights(engagement_id)
        recommendation, facts = recommend(situation, weights=weights), _facts(results, situation, state, goals)
        return Advice(
            recommendation=recommendation,
            diagnoses=diagnose(facts),
            evidence=known_evidence(facts),
            training=verdict(criteria["C1"]),
            mandate=mandate,
            mandate_unknown=_unknown(mandate),
            readiness=readiness,
            state=state,
            drivers=_drivers(results, state, recommendation),
            situation=situation,
            own_weights=bool(weights),
        )

    def _levels(self, engagement_id: EngagementId) -> dict[str, float | None]:
        known = {answer.item_id: answer for answer in self._store.readiness(engagement_id)}
        values = {i.id: known[ItemId(i.id)].value if i.id in known else None for i in builtin("readiness").items}
        return {i: float(v) if isinstance(v, int) else None for i, v in values.items()}


def _unknown(mandate: Mandate | None) -> tuple[str, ...]:
    asked = ("scope", "processes_in_scope", "horizon_months", "owner")
    return tuple(field for field in asked if mandate is None or getattr(mandate, field) is None)


def _item_means(result: Result) -> dict[str, dict[str, float]]:
    """Item means by perspective, of the perspectives that entered the criterion's score."""
    means: dict[str, dict[str, float]] = {}
    for item in result.items:
        for perspective, mean in item.perspective_means.items():
            if mean is not None and perspective in result.criterion(item.criterion).seen_from:
                means.setdefault(perspective, {})[item.id] = mean
    return means


def _drivers(results: Results, state: CurrentState, recommendation: Recommendation) -> tuple[Driver, ...]:
    """The DRIVERS items and parts that give the recommended strategy most points.

    Items through every need it weighs (method §6.6), parts through every signal of the current state.
    """
    strategy = next((s for s in recommendation.strategies if s.id == recommendation.recommended), None)
    means, points = _item_means(results.score), dict[str | Part, float]()
    for contribution in strategy.contributions if strategy else ():
        scored = NEEDS.get(contribution.signal)
        if scored is None:
            for part, share in state.parts(contribution.signal).items():
                points[part] = points.get(part, 0.0) + contribution.points * share
            continue
        members = results.pack.subscales.get(scored) or [i.id for i in results.pack.items_of(scored)]
        for (_, item_id), share in item_shares(contribution, means, members).items():
            points[item_id] = points.get(item_id, 0.0) + share
    heaviest = sorted((about for about in points if points[about] > 0), key=lambda about: -points[about])[:DRIVERS]
    return tuple(Driver(about, points[about]) for about in heaviest)


def _facts(results: Results, situation: decided.Situation, state: CurrentState, goals: Iterable[Goal]) -> Facts:
    """What is known for the diagnosis; answers from fewer than k people are provisional evidence."""
    scored, planned = results.score, results.engagement.training_planned
    few = scored.respondents < scored.k
    return Facts(
        situation=situation,
        management_support={s.id: s.score for s in scored.subscales},
        dk_shares={c.id: c.dk_share for c in scored.criteria},
        training_planned={"yes": True, "no": False}.get(planned or ""),
        gaps={c.id: {who: gap.delta for who, gap in c.perception_gap.items()} for c in scored.criteria},
        split_items=[i.id for i in scored.items if i.split],
        # Q02 only counts together with a level, and can be no surer than it
        provisional=[
            *state.provisional,
            *(["Q02", *(c.id for c in scored.criteria), *(s.id for s in scored.subscales)] if few else ()),
        ],
        core_time_target=state.core_time_target(goals),
        **state.facts(),
    )
