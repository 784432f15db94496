"""The use cases: what a leader does with an assessment, on any store."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assessment.actor import Need, known_as
from assessment.config import K_MAX, K_MIN, SCORING_VERSION
from assessment.demo import ensure
from assessment.engagement import (
    Answer,
    CriterionSetting,
    Engagement,
    EngagementId,
    EngagementSummary,
    ItemId,
    Link,
    LinkId,
    LinkPurpose,
    Mandate,
    MemberRole,
    Mode,
    ReadinessAnswer,
    Response,
    ResponseId,
    TrainingPlanned,
    View,
    Wave,
    WaveId,
    WaveLabel,
)
from assessment.files.gathered import Gathered
from assessment.guard import permitted, requires
from assessment.links import Invitation, Invited, installation_secret, is_token_of, token_hash, token_of
from assessment.mapping.kpis import Kpis
from assessment.mapping.processes import Processes
from assessment.mapping.stream import ValueStreams
from assessment.mapping.waste import Wastes
from assessment.packs import ROLES, Item, Language, Pack, Role, builtin
from assessment.scoring.anonymity import DisclosureError
from assessment.scoring.answers import AnswerTable, answer_table
from assessment.scoring.change import Change, change, check_waves
from assessment.scoring.result import Result
from assessment.scoring.score import score
from assessment.scoring.sensitivity import Screened, Sensitivity, screened, sensitivity
from assessment.store.protocol import AlreadyThere, Closed, NotFound, Store, WaveOpen
from assessment.strategy import situation as decided
from assessment.strategy.contributions import item_shares
from assessment.strategy.diagnosis import Diagnosis, Facts, diagnose
from assessment.strategy.model import NEEDS
from assessment.strategy.recommend import Recommendation, recommend
from assessment.strategy.training import Verdict, verdict
from assessment.use_cases import random_id, utc_now

UNDO_DAYS = 30
DRIVERS = 5
# of the deleted ones only those one can restore
_LISTED: tuple[tuple[bool, Need], ...] = ((False, "read"), (True, "own"))
_TEAM_ROLE: Role = "TM"
NA_REASONS = ("not_done", "others", "too_small", "other")


class Beginning(BaseModel):
    """What somebody says when an assessment begins.

    mode: one person, or a team that agrees on each answer together. role: the person's; a team speaks for all its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    role: Role | None = None
    training_planned: TrainingPlanned
    pack_id: Literal["full", "pulse"] = "full"
    view: View = "all"
    mode: Literal["solo", "consensus"] = "solo"

    @model_validator(mode="after")
    def _one_person_has_a_role(self) -> Self:
        if (self.role is None) != (self.mode == "consensus"):
            raise ValueError("one person answers in a role, a team in none")
        return self


class GroupBeginning(BaseModel):
    """What somebody says when several people are to answer.

    k: the smallest group whose answers are shown. by_team: groups are roles within teams; fixed for the first wave.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    training_planned: TrainingPlanned
    pack_id: Literal["full", "pulse"] = "full"
    k: Annotated[int, Field(ge=K_MIN, le=K_MAX)] = K_MIN
    by_team: bool = False


@dataclass(frozen=True)
class Gathering:
    """What somebody says of answers gathered elsewhere: which measurement, from which day, and how to group them."""

    label: WaveLabel
    gathered_on: date
    by_team: bool = False


@dataclass(frozen=True)
class RoleProgress:
    """How many of a role have begun and have answered everything they are shown; never what they answered.

    invited: how many its links have room for; None when a link takes any number, or lets people choose their role.
    """

    role: Role
    begun: int
    complete: int
    invited: int | None


@dataclass(frozen=True)
class Overview:
    """One line of the list of assessments; `answered` of `total` is the latest wave's only response in solo mode.

    gathering: many people answer and the latest wave is open.
    """

    engagement: Engagement
    waves: int
    respondents: int
    answered: int
    total: int
    changed_on: date
    gathering: bool

    @property
    def finished(self) -> bool:
        """Whether a result is worth opening first: everything answered, or answers gathered from many."""
        return not self.gathering and (self.engagement.mode == "anonymous" or self.answered >= self.total)


@dataclass(frozen=True)
class Sheet:
    """A questionnaire on its way: the questions one person is shown and what is answered so far.

    together: a team agrees on the answers.
    """

    response_id: ResponseId
    pack: Pack
    items: tuple[Item, ...]
    answers: Mapping[ItemId, Answer]
    together: bool = False

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

    own: the answers of one person, or those a team agreed on, by item; None when many people answered. asked: the
    items they were asked.
    waves: those with results to show, in order. respondents: everybody who answered, the excluded among them.
    sensitivity: what careless answering does to the score; None unless many people answered.
    """

    engagement: Engagement
    wave: Wave
    waves: tuple[Wave, ...]
    pack: Pack
    score: Result
    sensitivity: Sensitivity | None
    respondents: int
    own: Mapping[ItemId, Answer] | None
    asked: frozenset[str] | None
    settings: Mapping[str, CriterionSetting]


@dataclass(frozen=True)
class Comparison:
    """Two measurements and what changed between them.

    waves: those that can be compared, in order. change: None where the two hold nearly the same rows, so that to
    subtract them would single somebody out.
    """

    first: Results
    last: Results
    waves: tuple[Wave, ...]
    change: Change | None


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


class Service(Kpis, ValueStreams, Processes, Wastes):
    """What can be done with assessments, subject by subject."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = utc_now,
        new_id: Callable[[], str] = random_id,
        secret: Callable[[], bytes] = installation_secret,
    ) -> None:
        super().__init__(store, clock, new_id)
        self._secret = secret

    # ------------------------------------------------------------------ the list

    @requires("begin")
    def engagements(self) -> list[Overview]:
        """The reader's assessments, last changed first; deleted ones they can still restore at the end."""
        roles = self._store.memberships(self._actor.subject) if self._actor.subject is not None else {}
        summaries: list[EngagementSummary] = []
        for deleted, need in _LISTED:
            found = self._store.engagements(deleted=deleted)
            summaries += [
                s for s in found if need in self._actor.by_name(s.engagement.owner, roles.get(s.engagement.id))
            ]
        return [self._overview(s) for s in summaries]

    @requires("begin")
    def begin(self, beginning: Beginning, language: Language) -> EngagementId:
        """Make an assessment for one person, or for a team that answers together, and return its id."""
        pack = builtin(beginning.pack_id)
        engagement = Engagement(
            id=EngagementId(self._new_id()),
            name=beginning.organisation,
            language=language,
            mode=beginning.mode,
            training_planned=beginning.training_planned,
            owner=self._actor.subject,
            created_at=self._clock(),
        )
        wave = self._wave(engagement.id, pack, "pulse" if pack.id == "pulse" else "T0", 1)
        # a team is asked everything, and the role of its row is not looked at
        role, view = (beginning.role, beginning.view) if beginning.role else (_TEAM_ROLE, "all")
        response = Response.model_validate({"id": self._new_id(), "wave_id": wave.id, "role": role, "view": view})
        self._store.create_engagement(engagement, wave, response)
        return engagement.id

    @requires("begin")
    def begin_group(self, beginning: GroupBeginning, language: Language) -> EngagementId:
        """Make an assessment that several people answer anonymously, with its first wave open, and return its id."""
        pack = builtin(beginning.pack_id)
        engagement = self._group(beginning, language)
        label: WaveLabel = "pulse" if pack.id == "pulse" else "T0"
        wave = self._wave(engagement.id, pack, label, 1, k=engagement.k, by_team=beginning.by_team)
        self._store.create_engagement(engagement, wave)
        return engagement.id

    @requires("begin")
    def begin_with_answers(
        self, beginning: GroupBeginning, gathered: Gathered, gathering: Gathering, language: Language
    ) -> EngagementId:
        """Make an assessment of answers gathered elsewhere, and return its id; all of it is kept or nothing."""
        engagement = self._group(beginning, language)
        wave = self._gathered_wave(engagement, gathered.pack, gathering, 1)
        self._store.add_closed_wave(wave, self._responses(wave, gathered), engagement)
        return engagement.id

    @requires("own")
    def delete(self, engagement_id: EngagementId) -> None:
        """Take an assessment out of sight; `restore` undoes it for UNDO_DAYS days."""
        self._store.delete_engagement(engagement_id, self._clock())

    @requires("own")
    def restore(self, engagement_id: EngagementId) -> None:
        """Undo a deletion."""
        self._store.restore_engagement(engagement_id)

    @requires("install")
    def tidy(self) -> int:
        """Erase for good what was deleted more than UNDO_DAYS days ago, and say how many assessments that was."""
        return self._store.purge_deleted(self._clock() - timedelta(days=UNDO_DAYS))

    # ------------------------------------------------------------------ who may see what

    @requires("read")
    def may(self, engagement_id: EngagementId) -> frozenset[Need]:
        """What the reader may do with an assessment."""
        return permitted(self._actor, self._store, engagement_id, self._clock())

    @requires("run")
    def members(self, engagement_id: EngagementId) -> Mapping[str, MemberRole]:
        """Who else was let in, by the name they sign in with."""
        return self._store.members(engagement_id)

    @requires("own")
    def add_member(self, engagement_id: EngagementId, subject: str, role: MemberRole) -> None:
        """Let somebody in, or change what they may do. Raises: ValueError without a name."""
        self._store.add_member(engagement_id, known_as(subject), role, self._clock())

    @requires("own")
    def remove_member(self, engagement_id: EngagementId, subject: str) -> None:
        """Let somebody in no more."""
        self._store.remove_member(engagement_id, known_as(subject))

    # ------------------------------------------------------------------ answering

    @requires("run")
    def sheet(self, engagement_id: EngagementId) -> Sheet | None:
        """The questionnaire to answer, or None where answers are gathered from many people."""
        mode = self.engagement(engagement_id).mode
        if mode == "anonymous":
            return None
        given = [(w, r) for w in self._store.waves(engagement_id) for r in self._store.responses(w.id)]
        wave, response = given[-1]  # a wave whose response a crash has kept from being made is not there yet
        pack = builtin(wave.pack_id)
        asked = _asked(pack, response)
        items = tuple(i for i in pack.items if i.id in asked)
        return Sheet(response.id, pack, items, response.answers, together=mode == "consensus")

    @requires("run")
    def answer(self, response_id: ResponseId, answers: Mapping[ItemId, Answer]) -> None:
        """Put answers on disk; when this returns they survive a crash. Raises: Closed, NotFound, Unwritable, Busy."""
        self._store.save_answers(response_id, answers)

    @requires("run")
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

    # ------------------------------------------------------------------ many people

    @requires("read")
    def waves(self, engagement_id: EngagementId) -> tuple[Wave, ...]:
        """The rounds of answering, in order."""
        return tuple(self._store.waves(self.engagement(engagement_id).id))

    @requires("run")
    def open_wave(
        self, engagement_id: EngagementId, label: WaveLabel, *, pack_id: str = "full", by_team: bool = False
    ) -> Wave:
        """Open the next round of answering. Raises: WaveOpen while one is open."""
        engagement, last = self.engagement(engagement_id), self.waves(engagement_id)[-1]
        if last.closed_at is None:
            raise WaveOpen("wave", last.id)
        wave = self._wave(engagement.id, builtin(pack_id), label, last.position + 1, k=engagement.k, by_team=by_team)
        self._store.add_wave(wave)
        return wave

    @requires("run")
    def add_answers(self, engagement_id: EngagementId, gathered: Gathered, gathering: Gathering) -> Wave:
        """Keep answers gathered elsewhere as a closed wave, all or none. Raises: WaveOpen while one is open."""
        engagement, last = self.engagement(engagement_id), self.waves(engagement_id)[-1]
        if last.closed_at is None:
            raise WaveOpen("wave", last.id)
        if engagement.mode != "anonymous":
            raise ValueError("answers of many belong in an assessment that many answer")
        wave = self._gathered_wave(engagement, gathered.pack, gathering, last.position + 1)
        self._store.add_closed_wave(wave, self._responses(wave, gathered))
        return wave

    @requires("run")
    def close_wave(self, engagement_id: EngagementId, wave_id: WaveId) -> None:
        """End a round of answering, for good: publishing and then taking more would tell what the late ones said."""
        self._store.close_wave(self._own_wave(engagement_id, wave_id).id, self._clock())

    @requires("run")
    def invite(self, engagement_id: EngagementId, invitation: Invitation) -> tuple[Invited, ...]:
        """Make links: to answer the open wave, to read the results, or to facilitate.

        Who may only run an assessment invites to answer it and nothing more.
        Raises: Closed without an open wave; ValueError to answer what several people do not answer each by themselves.
        """
        engagement, now = self.engagement(engagement_id), self._clock()
        if invitation.purpose == "answer" and engagement.mode != "anonymous":
            raise ValueError("answered by one, or together in a room")
        if invitation.purpose not in self._given_out(engagement_id):
            raise NotFound("engagement", engagement_id)
        wave = self.waves(engagement_id)[-1] if invitation.purpose == "answer" else None
        if wave is not None and wave.closed_at is not None:
            raise Closed("wave", wave.id)
        links = [
            Link(
                id=link_id,
                engagement_id=engagement.id,
                wave_id=wave.id if wave else None,
                purpose=invitation.purpose,
                token_hash=token_hash(token_of(self._secret(), link_id)),
                pin_hash=invitation.pin_hash,
                role=invitation.role,
                team=invitation.team,
                max_uses=invitation.max_uses,
                created_at=now,
                expires_at=invitation.expires_at,
            )
            for link_id in (LinkId(self._new_id()) for _ in range(invitation.count))
        ]
        self._store.add_links(links)
        return tuple(self._invited(link, now) for link in links)

    @requires("run")
    def invitations(self, engagement_id: EngagementId) -> tuple[Invited, ...]:
        """The links the reader could have made, with their tokens, newest first."""
        now, theirs = self._clock(), self._given_out(engagement_id)
        links = self._store.links(self.engagement(engagement_id).id)
        return tuple(self._invited(link, now) for link in links if link.purpose in theirs)

    @requires("run")
    def revoke(self, engagement_id: EngagementId, link_ids: Sequence[LinkId]) -> None:
        """Let nobody begin by these links any more. Raises: NotFound when one is not the assessment's."""
        own = {invited.link.id for invited in self.invitations(engagement_id)}
        for link_id in link_ids:
            if link_id not in own:
                raise NotFound("link", link_id)
        self._store.revoke_links(link_ids, self._clock())

    @requires("token")
    def link(self, token: str) -> Invited | None:
        """The link a token opens, whatever its state; None for a token nobody has made, or of a deleted assessment."""
        found = self._store.link_by_hash(token_hash(token))
        if found is None or not is_token_of(self._secret(), found, token):
            return None
        if self._store.engagement(found.engagement_id).deleted_at is not None:
            return None
        return self._invited(found, self._clock())

    @requires("run")
    def progress(self, engagement_id: EngagementId, wave_id: WaveId) -> tuple[RoleProgress, ...]:
        """How far each role has come, those that are invited or have begun; counts only, at any time."""
        wave = self._own_wave(engagement_id, wave_id)
        pack, counts = builtin(wave.pack_id), self._store.progress(wave_id)
        links = [link for link in self._store.links(engagement_id) if link.wave_id == wave_id]
        rows = []
        for role in ROLES:
            mine = [c for c in counts if c.role == role]
            total = {"role": len(pack.shown_to(role)), "all": len(pack.items)}
            begun = sum(c.responses for c in mine)
            complete = sum(c.responses for c in mine if c.answered >= total[c.view])
            if begun or any(link.role == role for link in links):
                rows.append(RoleProgress(role, begun, complete, self._room(links, role)))
        return tuple(rows)

    # ------------------------------------------------------------------ targets, mandate, readiness

    @requires("read")
    def criterion_settings(self, engagement_id: EngagementId) -> dict[str, CriterionSetting]:
        """Weights and targets somebody chose, by criterion; the pack's own hold for the others."""
        return {s.criterion_id: s for s in self._store.criterion_settings(engagement_id)}

    @requires("run")
    def set_criterion(self, engagement_id: EngagementId, criterion_id: str, *, weight: int, target: float) -> None:
        """Choose a criterion's weight and target. Raises: ValueError when no criterion would have a weight left."""
        weights = {c.id: c.weight for c in builtin("full").criteria}
        weights |= {s.criterion_id: s.weight for s in self._store.criterion_settings(engagement_id)}
        if not any((weights | {criterion_id: weight}).values()):
            raise ValueError("at least one criterion needs a weight above 0")
        late = self.engagement(engagement_id).results_seen_at is not None
        setting = CriterionSetting(criterion_id=criterion_id, weight=weight, target=target, set_after_results=late)
        self._store.set_criterion_settings(engagement_id, {criterion_id: setting})

    @requires("run")
    def replace_criterion_settings(self, engagement_id: EngagementId, settings: Mapping[str, CriterionSetting]) -> None:
        """Use exactly these settings; criteria left out go back to the pack's own."""
        everyone = {c.id: settings.get(c.id) for c in builtin("full").criteria}
        self._store.set_criterion_settings(engagement_id, everyone)

    @requires("read")
    def mandate(self, engagement_id: EngagementId) -> Mandate | None:
        """The mandate as last described, or None."""
        return self._store.mandate(engagement_id)

    @requires("run")
    def save_mandate(self, engagement_id: EngagementId, given: Mapping[str, object]) -> Mandate:
        """Describe the mandate; what it said before about anything not given stays."""
        before = self._store.mandate(engagement_id)
        kept = before.model_dump(exclude={"version", "created_at", "reason"}) if before else {}
        return self._store.save_mandate(engagement_id, Mandate.model_validate({**kept, **given}), self._clock())

    @requires("read")
    def readiness(self, engagement_id: EngagementId) -> dict[ItemId, ReadinessAnswer]:
        """The joint answers to the preconditions."""
        return {a.item_id: a for a in self._store.readiness(engagement_id)}

    @requires("run")
    def answer_readiness(self, engagement_id: EngagementId, answer: ReadinessAnswer) -> None:
        """Put the joint answer to one precondition on disk."""
        self._store.set_readiness(engagement_id, {answer.item_id: answer})

    # ------------------------------------------------------------------ results

    @requires("read")
    def results(self, engagement_id: EngagementId, wave_id: str | None = None) -> Results:
        """The scored wave: the one asked for, or the latest with answers.

        A wave that many people answer is scored when it is closed; while it is open its answers are not even read, and
        the result is that of nobody (method §3.8.5).
        Raises: NotFound when the wave is not one of the assessment's.
        """
        engagement = self.engagement(engagement_id)
        answered = self._answered(engagement)
        wave = next((w for w in answered if w.id == wave_id), None) if wave_id else [*answered][-1]
        if wave is None:
            raise NotFound("wave", str(wave_id))
        return _results(engagement, wave, answered, self.criterion_settings(engagement_id))

    @requires("run")
    def shareable(self, engagement_id: EngagementId) -> tuple[tuple[Wave, bool], ...]:
        """The closed waves that somebody has answered by a link, each with whether its result is shared with them."""
        asked = {link.wave_id for link in self._store.links(engagement_id)}
        closed = [w for w in self.waves(engagement_id) if w.closed_at is not None and w.id in asked]
        answered = [w for w in closed if any(count.answered for count in self._store.progress(w.id))]
        return tuple((w, self._store.shared(w.id) is not None) for w in answered)

    @requires("run")
    def share_results(self, engagement_id: EngagementId, wave_id: WaveId) -> None:
        """Show those who answered a closed wave the whole group's criterion scores, exactly as `results` has them.

        The copy they are shown stays true: a closed wave takes no answer and loses none, and weights and targets do
        not enter a criterion's score.
        Raises: NotFound, also when nobody has answered; ValueError while it is open, or where not many people answer.
        """
        wave = self._own_wave(engagement_id, wave_id)
        if self.engagement(engagement_id).mode != "anonymous" or wave.closed_at is None:
            raise ValueError("only what many have answered is shared, and when it is closed")
        shown = self.results(engagement_id, wave.id).score.criteria
        self._store.share(wave.id, {criterion.id: criterion.score for criterion in shown})

    @requires("run")
    def unshare_results(self, engagement_id: EngagementId, wave_id: WaveId) -> None:
        """Show those who answered nothing of the group any more."""
        self._store.unshare(self._own_wave(engagement_id, wave_id).id)

    @requires("read")
    def results_were_seen(self, engagement_id: EngagementId) -> None:
        """Remember that results were shown: targets and weights set from now on are marked as set after."""
        self._store.mark_results_seen(engagement_id, self._clock())

    @requires("read")
    def comparison(
        self, engagement_id: EngagementId, first_wave_id: str | None = None, last_wave_id: str | None = None
    ) -> Comparison | None:
        """Two measurements side by side, those asked for or the first and the latest; None with fewer than two.

        A measurement is a wave with a score; only those that asked the latest one's set of questions are compared.
        A wave that cannot be chosen is passed over.
        """
        engagement, settings = self.engagement(engagement_id), self.criterion_settings(engagement_id)
        answered = self._answered(engagement)
        asked = [w for w in answered if w.pack_id == [*answered][-1].pack_id]
        measured = [r for r in (_results(engagement, w, answered, settings) for w in asked) if _scored(r)]
        if len(measured) < 2:
            return None
        first = next((r for r in measured[:-1] if r.wave.id == first_wave_id), measured[0])
        later = measured[measured.index(first) + 1 :]
        last = next((r for r in later if r.wave.id == last_wave_id), later[-1])
        found = None
        with suppress(DisclosureError):
            _check_apart(first, last, answered)
            found = change(first.score, last.score, reworded=first.wave.pack_hash != last.wave.pack_hash)
        return Comparison(first, last, tuple(r.wave for r in measured), found)

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

    @requires("begin")
    def open_demo(self) -> EngagementId:
        """The id of the fictional engagement, made the first time."""
        return ensure(self._store)

    # ------------------------------------------------------------------ parts

    def _wave(
        self,
        engagement_id: EngagementId,
        pack: Pack,
        label: WaveLabel,
        position: int,
        *,
        k: int = K_MIN,
        by_team: bool = False,
    ) -> Wave:
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
            k=k,
            by_team=by_team,
        )

    def _answered(self, engagement: Engagement) -> dict[Wave, tuple[Response, ...]]:
        """The waves with results to show, in order, each with its answers; the first one where none has any."""
        # in the order they were answered: answers from a file may be older than what is here
        waves = sorted(self._store.waves(engagement.id), key=lambda w: (w.closed_at or w.opened_at, w.position))
        many = engagement.mode == "anonymous"
        if many:
            waves = [w for w in waves if w.closed_at is not None] or waves[:1]
        # while others answer, nobody sees anything of it: not even when there is nothing else to show
        live = {w for w in waves if many and w.closed_at is None}
        answered = {w: () if w in live else tuple(self._store.responses(w.id)) for w in waves}
        shown = [w for w in waves if any(r.answers for r in answered[w])] or waves[:1]
        return {w: answered[w] for w in shown}

    def _group(self, beginning: GroupBeginning, language: Language) -> Engagement:
        return Engagement(
            id=EngagementId(self._new_id()),
            name=beginning.organisation,
            language=language,
            mode="anonymous",
            k=beginning.k,
            training_planned=beginning.training_planned,
            owner=self._actor.subject,
            created_at=self._clock(),
        )

    def _gathered_wave(self, engagement: Engagement, pack: Pack, gathering: Gathering, position: int) -> Wave:
        wave = self._wave(engagement.id, pack, gathering.label, position, k=engagement.k, by_team=gathering.by_team)
        day = datetime(gathering.gathered_on.year, gathering.gathered_on.month, gathering.gathered_on.day, tzinfo=UTC)
        return wave.model_copy(update={"opened_at": day, "closed_at": day})

    def _responses(self, wave: Wave, gathered: Gathered) -> list[Response]:
        rows = [
            Response.model_validate(
                {
                    "id": self._new_id(),
                    "wave_id": wave.id,
                    "role": role,
                    "team": team,
                    "answers": {item: {"value": value} for item, value in answers.items()},
                }
            )
            for role, team, answers in gathered.people()
        ]
        # by random id: the order of the file may be that of a list of names
        return sorted(rows, key=lambda response: response.id)

    def _own_wave(self, engagement_id: EngagementId, wave_id: WaveId) -> Wave:
        wave = next((w for w in self.waves(engagement_id) if w.id == wave_id), None)
        if wave is None:
            raise NotFound("wave", wave_id)
        return wave

    def _given_out(self, engagement_id: EngagementId) -> tuple[LinkPurpose, ...]:
        """The kinds of link the reader may make: only an owner decides who else gets in."""
        return ("answer", "results", "facilitate") if "own" in self.may(engagement_id) else ("answer",)

    def _invited(self, link: Link, now: datetime) -> Invited:
        token = token_of(self._secret(), link.id)
        return Invited(link, link.state(now), token if token_hash(token) == link.token_hash else None)

    def _room(self, links: Sequence[Link], role: Role) -> int | None:
        """How many can answer in a role by these links, those who have included; None for any number."""
        room = 0
        for link in links:
            if link.state(self._clock()) in ("revoked", "expired"):
                room += link.uses if link.role == role else 0
            elif link.role is None or (link.role == role and link.max_uses is None):
                return None
            elif link.role == role:
                room += link.max_uses or 0
        return room

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
            gathering=summary.engagement.mode == "anonymous" and summary.wave.closed_at is None,
        )

    def _levels(self, engagement_id: EngagementId) -> dict[str, float | None]:
        known = self.readiness(engagement_id)
        values = {i.id: known[ItemId(i.id)].value if i.id in known else None for i in builtin("readiness").items}
        return {i: float(v) if isinstance(v, int) else None for i, v in values.items()}


def _asked(pack: Pack, response: Response) -> frozenset[str]:
    return pack.shown_to("K" if response.view == "all" else response.role)


def _score(engagement: Engagement, wave: Wave, table: AnswerTable, settings: Mapping[str, CriterionSetting]) -> Result:
    return score(
        table,
        builtin(wave.pack_id),
        mode=engagement.mode,
        k=wave.k,
        weights={c: s.weight for c, s in settings.items()},
        targets={c: s.target for c, s in settings.items()},
        by_team=wave.by_team,
    )


def _screened(mode: Mode, pack: Pack, responses: Sequence[Response]) -> Screened:
    """The answers that count; every number on a screen, in an export or in a comparison comes from here."""
    table = answer_table(
        pack,
        [r.role for r in responses],
        [{i: a.value for i, a in r.answers.items()} for r in responses],
        mode=mode,
        teams=[r.team for r in responses],
        # one person alone decides which questions are in use; of many, each role is asked its own
        columns=_asked(pack, responses[0]) if mode == "solo" else None,
    )
    return screened(table, pack, [r.page_seconds for r in responses], mode=mode)


def _results(
    engagement: Engagement,
    wave: Wave,
    answered: Mapping[Wave, Sequence[Response]],
    settings: Mapping[str, CriterionSetting],
) -> Results:
    """One wave scored. answered: the waves with results to show, in order, with their answers."""
    responses, pack, many = answered[wave], builtin(wave.pack_id), engagement.mode == "anonymous"
    kept = _screened(engagement.mode, pack, responses)
    scored = _score(engagement, wave, kept.table, settings)
    return Results(
        engagement=engagement,
        wave=wave,
        waves=tuple(answered),
        pack=pack,
        score=scored,
        sensitivity=sensitivity(kept, scored, pack, by_team=wave.by_team) if many else None,
        respondents=len(responses),
        own=None if many else responses[0].answers,
        asked=None if many else _asked(pack, responses[0]),
        settings=settings,
    )


def _check_apart(first: Results, last: Results, answered: Mapping[Wave, Sequence[Response]]) -> None:
    if first.engagement.mode == "anonymous":
        k, by_team = max(first.wave.k, last.wave.k), (first.wave.by_team, last.wave.by_team)
        for one, other in product(_published(first, answered), _published(last, answered)):
            check_waves(one, other, k=k, by_team=by_team)


def _published(results: Results, answered: Mapping[Wave, Sequence[Response]]) -> list[AnswerTable]:
    """The answers behind the result, and behind the line without the flagged where it is shown."""
    kept = _screened("anonymous", results.pack, answered[results.wave])
    line = results.sensitivity is not None and results.sensitivity.without is not None
    return [kept.table, kept.unflagged] if line else [kept.table]


def _scored(results: Results) -> bool:
    return any(c.score is not None for c in results.score.criteria)


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
    few = scored.respondents < scored.k
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
