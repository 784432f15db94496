"""The use cases: what a leader does with an assessment, on any store."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from assessment.config import SCORING_VERSION
from assessment.demo import ensure
from assessment.engagement import (
    Answer,
    CriterionSetting,
    Engagement,
    EngagementId,
    EngagementSummary,
    ItemId,
    Mandate,
    ReadinessAnswer,
    Response,
    ResponseId,
    TrainingPlanned,
    View,
    Wave,
    WaveId,
)
from assessment.packs import Item, Language, Pack, Role, builtin
from assessment.scoring.answers import answer_table
from assessment.scoring.result import Result
from assessment.scoring.score import score
from assessment.store.protocol import AlreadyThere, NotFound, Store
from assessment.strategy import situation as decided
from assessment.strategy.contributions import item_shares
from assessment.strategy.diagnosis import Diagnosis, Facts, diagnose
from assessment.strategy.model import NEEDS
from assessment.strategy.recommend import Recommendation, recommend
from assessment.strategy.training import Verdict, verdict

UNDO_DAYS = 30
DRIVERS = 5
NA_REASONS = ("not_done", "others", "too_small", "other")


class Beginning(BaseModel):
    """What somebody says when an assessment begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    role: Role
    training_planned: TrainingPlanned
    pack_id: Literal["full", "pulse"] = "full"
    view: View = "all"


@dataclass(frozen=True)
class Overview:
    """One line of the list of assessments; `answered` of `total` is the latest wave's only response in solo mode."""

    engagement: Engagement
    waves: int
    respondents: int
    answered: int
    total: int
    changed_on: date

    @property
    def finished(self) -> bool:
        """Whether a result is worth opening first: everything answered, or answers gathered from many."""
        return self.respondents > 1 or self.answered >= self.total


@dataclass(frozen=True)
class Sheet:
    """A questionnaire on its way: the questions one person is shown and what is answered so far."""

    response_id: ResponseId
    pack: Pack
    items: tuple[Item, ...]
    answers: Mapping[ItemId, Answer]

    @property
    def total(self) -> int:
        """How many questions are shown."""
        return len(self.items)

    @property
    def pages(self) -> tuple[str, ...]:
        """Criterion ids, one a page; a pack of one item a criterion is a single page."""
        criteria = tuple(dict.fromkeys(i.criterion for i in self.items))
        return criteria if self.pack.min_items > 1 else criteria[:1]

    def items_on(self, page: str) -> tuple[Item, ...]:
        """The questions of a page, in shown order."""
        return tuple(i for i in self.items if i.criterion == page or len(self.pages) == 1)

    def first_unanswered_page(self) -> str | None:
        """Where to continue, or None when everything is answered."""
        return next((p for p in self.pages if any(i.id not in self.answers for i in self.items_on(p))), None)


@dataclass(frozen=True)
class Results:
    """A scored wave with what a reader must know beside the numbers.

    own: the answers behind a solo result, by item; None when many people answered. asked: the items they were asked.
    waves: those with results to show, in order.
    """

    engagement: Engagement
    wave: Wave
    waves: tuple[Wave, ...]
    pack: Pack
    score: Result
    respondents: int
    own: Mapping[ItemId, Answer] | None
    asked: frozenset[str] | None
    settings: Mapping[str, CriterionSetting]


@dataclass(frozen=True)
class Driver:
    """An item's part in the fit of the recommended strategy, in points of 100, over all perspectives."""

    item_id: str
    points: float


@dataclass(frozen=True)
class Advice:
    """Diagnosis and strategy, with the evidence they rest on.

    mandate_unknown: fields nobody has filled in; they exclude nothing. drivers: the items that weigh most.
    """

    recommendation: Recommendation
    diagnoses: tuple[Diagnosis, ...]
    training: Verdict
    mandate: Mandate | None
    mandate_unknown: tuple[str, ...]
    readiness: Mapping[str, float | None]
    drivers: tuple[Driver, ...]


def utc_now() -> datetime:
    """The time, as records hold it."""
    return datetime.now(UTC)


def random_id() -> str:
    """An id of 128 random bits: it tells nothing, and nobody guesses another one."""
    return secrets.token_urlsafe(16)


class Service:
    """What can be done with assessments. The store, the clock and the source of ids are given, so tests decide them."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = utc_now,
        new_id: Callable[[], str] = random_id,
    ) -> None:
        self._store, self._clock, self._new_id = store, clock, new_id

    # ------------------------------------------------------------------ the list

    def engagements(self) -> list[Overview]:
        """Every assessment, last changed first; deleted ones, which can still be restored, at the end."""
        summaries = [*self._store.engagements(), *self._store.engagements(deleted=True)]
        return [self._overview(s) for s in summaries]

    def begin(self, beginning: Beginning, language: Language) -> EngagementId:
        """Make an assessment for one person and return its id."""
        pack = builtin(beginning.pack_id)
        engagement = Engagement(
            id=EngagementId(self._new_id()),
            name=beginning.organisation,
            language=language,
            mode="solo",
            training_planned=beginning.training_planned,
            created_at=self._clock(),
        )
        wave = self._wave(engagement.id, pack, "pulse" if pack.id == "pulse" else "T0", 1)
        response = Response(id=ResponseId(self._new_id()), wave_id=wave.id, role=beginning.role, view=beginning.view)
        self._store.create_engagement(engagement, wave, response)
        return engagement.id

    def delete(self, engagement_id: EngagementId) -> None:
        """Take an assessment out of sight; `restore` undoes it for UNDO_DAYS days."""
        self._store.delete_engagement(engagement_id, self._clock())

    def restore(self, engagement_id: EngagementId) -> None:
        """Undo a deletion."""
        self._store.restore_engagement(engagement_id)

    def tidy(self) -> int:
        """Erase for good what was deleted more than UNDO_DAYS days ago, and say how many assessments that was."""
        return self._store.purge_deleted(self._clock() - timedelta(days=UNDO_DAYS))

    # ------------------------------------------------------------------ answering

    def engagement(self, engagement_id: EngagementId) -> Engagement:
        """The assessment. Raises: NotFound, also for one that is deleted."""
        found = self._store.engagement(engagement_id)
        if found.deleted_at is not None:
            raise NotFound("engagement", engagement_id)
        return found

    def sheet(self, engagement_id: EngagementId) -> Sheet | None:
        """The questionnaire to answer, or None where answers are gathered from many people."""
        if self.engagement(engagement_id).mode != "solo":
            return None
        given = [(w, r) for w in self._store.waves(engagement_id) for r in self._store.responses(w.id)]
        wave, response = given[-1]  # a wave whose response a crash has kept from being made is not there yet
        pack = builtin(wave.pack_id)
        asked = _asked(pack, response)
        return Sheet(response.id, pack, tuple(i for i in pack.items if i.id in asked), response.answers)

    def answer(self, response_id: ResponseId, answers: Mapping[ItemId, Answer]) -> None:
        """Put answers on disk; when this returns they survive a crash. Raises: Closed, NotFound, Unwritable, Busy."""
        self._store.save_answers(response_id, answers)

    def continue_with_full_set(self, engagement_id: EngagementId) -> None:
        """Add the full set to an assessment that began with the pulse; nothing happens when it is there."""
        waves = self._store.waves(engagement_id)
        wave = next((w for w in waves if w.pack_id == "full"), None)
        if wave is None:
            wave = self._wave(engagement_id, builtin("full"), "T0", waves[-1].position + 1)
            self._store.add_wave(wave)
        elif self._store.responses(wave.id):
            return
        role = self._store.responses(waves[0].id)[0].role
        # the wave names its only response, so that two windows at once, or one after a crash here, make it once
        response = Response(id=ResponseId(f"{wave.id}-1"), wave_id=wave.id, role=role, view="all")
        with suppress(AlreadyThere):
            self._store.add_responses(wave.id, [response])

    # ------------------------------------------------------------------ targets, mandate, readiness

    def criterion_settings(self, engagement_id: EngagementId) -> dict[str, CriterionSetting]:
        """Weights and targets somebody chose, by criterion; the pack's own hold for the others."""
        return {s.criterion_id: s for s in self._store.criterion_settings(engagement_id)}

    def set_criterion(self, engagement_id: EngagementId, criterion_id: str, *, weight: int, target: float) -> None:
        """Choose a criterion's weight and target. Raises: ValueError when no criterion would have a weight left."""
        weights = {c.id: c.weight for c in builtin("full").criteria}
        weights |= {s.criterion_id: s.weight for s in self._store.criterion_settings(engagement_id)}
        if not any((weights | {criterion_id: weight}).values()):
            raise ValueError("at least one criterion needs a weight above 0")
        late = self.engagement(engagement_id).results_seen_at is not None
        setting = CriterionSetting(criterion_id=criterion_id, weight=weight, target=target, set_after_results=late)
        self._store.set_criterion_settings(engagement_id, {criterion_id: setting})

    def replace_criterion_settings(self, engagement_id: EngagementId, settings: Mapping[str, CriterionSetting]) -> None:
        """Use exactly these settings; criteria left out go back to the pack's own."""
        everyone = {c.id: settings.get(c.id) for c in builtin("full").criteria}
        self._store.set_criterion_settings(engagement_id, everyone)

    def mandate(self, engagement_id: EngagementId) -> Mandate | None:
        """The mandate as last described, or None."""
        return self._store.mandate(engagement_id)

    def save_mandate(self, engagement_id: EngagementId, given: Mapping[str, object]) -> Mandate:
        """Describe the mandate; what it said before about anything not given stays."""
        before = self._store.mandate(engagement_id)
        kept = before.model_dump(exclude={"version", "created_at", "reason"}) if before else {}
        return self._store.save_mandate(engagement_id, Mandate.model_validate({**kept, **given}), self._clock())

    def readiness(self, engagement_id: EngagementId) -> dict[ItemId, ReadinessAnswer]:
        """The joint answers to the preconditions."""
        return {a.item_id: a for a in self._store.readiness(engagement_id)}

    def answer_readiness(self, engagement_id: EngagementId, answer: ReadinessAnswer) -> None:
        """Put the joint answer to one precondition on disk."""
        self._store.set_readiness(engagement_id, {answer.item_id: answer})

    # ------------------------------------------------------------------ results

    def results(self, engagement_id: EngagementId, wave_id: str | None = None) -> Results:
        """The scored wave: the one asked for, or the latest with answers.

        A wave that many people answer is scored when it is closed; while it is open its answers are not even read, and
        the result is that of nobody (method §3.8.5).
        Raises: NotFound when the wave is not one of the assessment's.
        """
        engagement = self.engagement(engagement_id)
        waves = tuple(self._store.waves(engagement_id))
        solo = engagement.mode == "solo"
        answered = {w.id: tuple(self._store.responses(w.id)) if solo or w.closed_at else () for w in waves}
        shown = tuple(w for w in waves if any(r.answers for r in answered[w.id])) or waves[:1]
        wave = next((w for w in shown if w.id == wave_id), None) if wave_id else shown[-1]
        if wave is None:
            raise NotFound("wave", str(wave_id))
        responses, settings = answered[wave.id], self.criterion_settings(engagement_id)
        return Results(
            engagement=engagement,
            wave=wave,
            waves=shown,
            pack=builtin(wave.pack_id),
            score=_score(engagement, wave, responses, settings),
            respondents=len(responses),
            own=responses[0].answers if solo else None,
            asked=_asked(builtin(wave.pack_id), responses[0]) if solo else None,
            settings=settings,
        )

    def results_were_seen(self, engagement_id: EngagementId) -> None:
        """Remember that results were shown: targets and weights set from now on are marked as set after."""
        self._store.mark_results_seen(engagement_id, self._clock())

    def advice(self, engagement_id: EngagementId, wave_id: str | None = None) -> Advice | None:
        """Diagnosis and strategy on a wave of the full set; None on a pulse, or before a criterion has a score.

        Scores alone steer it: targets and weights are ambitions (method §6.1).
        """
        results = self.results(engagement_id, wave_id)
        criteria = {c.id: c.score for c in results.score.criteria}
        if results.pack.id != "full" or all(s is None for s in criteria.values()):
            return None
        mandate, readiness = self._store.mandate(engagement_id), self._levels(engagement_id)
        situation = decided.Situation(
            criteria=criteria,
            subscales={s.id: s.score for s in results.score.subscales},
            mandate=_decided_mandate(mandate),
            readiness=readiness,
        )
        recommendation = recommend(situation)
        return Advice(
            recommendation=recommendation,
            diagnoses=diagnose(_facts(results, situation)),
            training=verdict(criteria["C1"]),
            mandate=mandate,
            mandate_unknown=_unknown(mandate),
            readiness=readiness,
            drivers=_drivers(results, recommendation),
        )

    # ------------------------------------------------------------------ the example

    def open_demo(self) -> EngagementId:
        """The id of the fictional engagement, made the first time."""
        return ensure(self._store)

    # ------------------------------------------------------------------ parts

    def _wave(self, engagement_id: EngagementId, pack: Pack, label: Any, position: int) -> Wave:
        return Wave(
            id=WaveId(self._new_id()),
            engagement_id=engagement_id,
            label=label,
            position=position,
            opened_at=self._clock(),
            pack_id=pack.id,
            pack_version=pack.version,
            pack_hash=pack.hash,
            scoring_version=SCORING_VERSION,
        )

    def _overview(self, summary: EngagementSummary) -> Overview:
        pack = builtin(summary.wave.pack_id)
        first = summary.progress[0] if summary.progress else None
        total = len(pack.items) if first is None or first.view == "all" else len(pack.shown_to(first.role))
        return Overview(
            engagement=summary.engagement,
            waves=summary.wave.position,
            respondents=len(summary.progress),
            answered=first.answered if first else 0,
            total=total,
            changed_on=summary.changed_on,
        )

    def _levels(self, engagement_id: EngagementId) -> dict[str, float | None]:
        known = self.readiness(engagement_id)
        values = {i.id: known[ItemId(i.id)].value if i.id in known else None for i in builtin("readiness").items}
        return {i: float(v) if isinstance(v, int) else None for i, v in values.items()}


def _asked(pack: Pack, response: Response) -> frozenset[str]:
    return pack.shown_to("K" if response.view == "all" else response.role)


def _score(
    engagement: Engagement, wave: Wave, responses: Sequence[Response], settings: Mapping[str, CriterionSetting]
) -> Result:
    pack = builtin(wave.pack_id)
    table = answer_table(
        pack,
        [r.role for r in responses],
        [{i: a.value for i, a in r.answers.items()} for r in responses],
        mode=engagement.mode,
        teams=[r.team for r in responses],
        # one person alone decides which questions are in use; of many, each role is asked its own
        columns=_asked(pack, responses[0]) if engagement.mode == "solo" else None,
    )
    return score(
        table,
        pack,
        mode=engagement.mode,
        k=wave.k,
        weights={c: s.weight for c, s in settings.items()},
        targets={c: s.target for c, s in settings.items()},
        by_team=wave.by_team,
    )


def _decided_mandate(mandate: Mandate | None) -> decided.Mandate | None:
    """The mandate for the strategy model: what nobody has said excludes nothing.

    The model needs an answer to each question. An unknown one gets the answer that permits most, and the page lists it
    as unknown; assuming the narrowest would show exclusions nobody has decided. To challenge means to change systems,
    models or the organisation: changing the processes themselves is what every strategy does.
    """
    if mandate is None:
        return None
    challenge = [mandate.may_change_system, mandate.may_change_model, mandate.may_change_organisation]
    return decided.Mandate(
        scope=mandate.scope or "company",
        processes_in_scope=2 if mandate.processes_in_scope is None else mandate.processes_in_scope,
        departments=mandate.departments,
        horizon_months=mandate.horizon_months or 12,
        may_challenge=any(challenge) or all(c is None for c in challenge),
        owner=mandate.owner or "TM",
    )


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


def _drivers(results: Results, recommendation: Recommendation) -> tuple[Driver, ...]:
    """The DRIVERS items that give the recommended strategy most points, through every need it weighs (method §6.6)."""
    strategy = next((s for s in recommendation.strategies if s.id == recommendation.recommended), None)
    points: dict[str, float] = {}
    for contribution in strategy.contributions if strategy else ():
        scored = NEEDS.get(contribution.signal)
        if scored is None:
            continue
        members = results.pack.subscales.get(scored) or [i.id for i in results.pack.items_of(scored)]
        shares = item_shares(contribution, _item_means(results.score), members)
        for (_, item_id), share in shares.items():
            points[item_id] = points.get(item_id, 0.0) + share
    heaviest = sorted((i for i in points if points[i] > 0), key=lambda i: -points[i])[:DRIVERS]
    return tuple(Driver(i, points[i]) for i in heaviest)


def _facts(results: Results, situation: decided.Situation) -> Facts:
    """What the questionnaire knows for the diagnosis; answers from fewer than k people are provisional evidence."""
    scored, planned = results.score, results.engagement.training_planned
    few = results.respondents < scored.k
    return Facts(
        situation=situation,
        management_support={s.id: s.score for s in scored.subscales},
        dk_shares={c.id: c.dk_share for c in scored.criteria},
        training_planned={"yes": True, "no": False}.get(planned or ""),
        gaps={c.id: {who: gap.delta for who, gap in c.perception_gap.items()} for c in scored.criteria},
        split_items=[i.id for i in scored.items if i.split],
        # Q02 only counts together with a level, and can be no surer than it
        provisional=["Q02", *(c.id for c in scored.criteria), *(s.id for s in scored.subscales)] if few else (),
    )
