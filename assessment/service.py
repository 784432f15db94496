"""The use cases: what a leader does with an assessment, on any store."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assessment.actor import Need, known_as
from assessment.branding import Brandings
from assessment.business_case.cases import BusinessCases
from assessment.config import K_MAX, K_MIN, SCORING_VERSION
from assessment.deciding import Deciding
from assessment.demo import ensure
from assessment.diagnoses import Diagnoses
from assessment.engagement import (
    REACTION,
    Answer,
    CriterionSetting,
    Engagement,
    EngagementId,
    EngagementSummary,
    ItemId,
    Link,
    LinkId,
    LinkPurpose,
    MemberRole,
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
from assessment.follow_up.follow_ups import FollowUps
from assessment.guard import permitted, requires
from assessment.history import Histories
from assessment.keying import Keying
from assessment.links import Invitation, Invited, installation_secret, is_token_of, token_hash, token_of
from assessment.mapping.event_log import EventLogs
from assessment.packs import ROLES, Item, Language, Pack, Role, builtin
from assessment.plan.actions import Actions
from assessment.plan.goals import GoalSetting
from assessment.plan.mandates import Mandates
from assessment.privacy import Privacies
from assessment.reaction import Reactions
from assessment.results import asked_of
from assessment.store.protocol import AlreadyThere, Closed, NotFound, Store, WaveOpen
from assessment.training_brief import TrainingBriefs
from assessment.use_cases import random_id, utc_now
from assessment.workshop.rooms import Rooms

UNDO_DAYS = 30
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


class Service(
    Diagnoses,
    Deciding,
    EventLogs,
    Mandates,
    GoalSetting,
    Actions,
    BusinessCases,
    TrainingBriefs,
    Reactions,
    FollowUps,
    Histories,
    Brandings,
    Privacies,
    Rooms,
    Keying,
):
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
        self._note("deleted", engagement_id)

    @requires("own")
    def restore(self, engagement_id: EngagementId) -> None:
        """Undo a deletion."""
        self._store.restore_engagement(engagement_id)
        self._note("restored", engagement_id)

    @requires("install")
    def tidy(self) -> int:
        """Erase for good what was deleted more than UNDO_DAYS days ago and what has been kept long enough.

        Also announces what soon will have been, and forgets old audit events. Returns how many assessments were erased.
        Any number of replicas may do it at the same time.
        """
        self._forget_old_events()
        purged = self._store.purge_deleted(self._clock() - timedelta(days=UNDO_DAYS))
        return purged + self._erase_expired()

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
        self._note("member_added", engagement_id)

    @requires("own")
    def remove_member(self, engagement_id: EngagementId, subject: str) -> None:
        """Let somebody in no more."""
        self._store.remove_member(engagement_id, known_as(subject))
        self._note("member_removed", engagement_id)

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
        asked = asked_of(pack, response.role, response.view)
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
        """Open the next round of answering.

        Raises: WaveOpen while one is open; ValueError when the questions right after a training go by another label, or
        where not many people answer.
        """
        engagement, last = self.engagement(engagement_id), self.waves(engagement_id)[-1]
        if last.closed_at is None:
            raise WaveOpen("wave", last.id)
        if (label == "T1") != (pack_id == REACTION) or (pack_id == REACTION and engagement.mode != "anonymous"):
            raise ValueError("the reaction to a training is asked of many, right after it, and nothing else is")
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
        self._note("links_made", engagement_id, len(links))
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
        self._note("links_revoked", engagement_id, len(link_ids))

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

    # ------------------------------------------------------------------ targets, readiness

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
    def readiness(self, engagement_id: EngagementId) -> dict[ItemId, ReadinessAnswer]:
        """The joint answers to the preconditions."""
        return {a.item_id: a for a in self._store.readiness(engagement_id)}

    @requires("run")
    def answer_readiness(self, engagement_id: EngagementId, answer: ReadinessAnswer) -> None:
        """Put the joint answer to one precondition on disk."""
        self._store.set_readiness(engagement_id, {answer.item_id: answer})

    # ------------------------------------------------------------------ results

    @requires("run")
    def shareable(self, engagement_id: EngagementId) -> tuple[tuple[Wave, bool], ...]:
        """The closed waves that somebody has answered by a link, each with whether its result is shared with them."""
        asked = {link.wave_id for link in self._store.links(engagement_id)}
        measured = [w for w in self.waves(engagement_id) if w.measures_maturity]
        closed = [w for w in measured if w.closed_at is not None and w.id in asked]
        answered = [w for w in closed if any(count.answered for count in self._store.progress(w.id))]
        return tuple((w, self._store.shared(w.id) is not None) for w in answered)

    @requires("run")
    def share_results(self, engagement_id: EngagementId, wave_id: WaveId) -> None:
        """Show those who answered a closed wave the whole group's criterion scores, exactly as `results` has them.

        The copy they are shown stays true: a closed wave takes no answer and loses none, and weights and targets do
        not enter a criterion's score.
        Raises: NotFound, also when nobody has answered or it measures no maturity; ValueError while it is open, or
        where not many people answer.
        """
        wave = self._own_wave(engagement_id, wave_id)
        if self.engagement(engagement_id).mode != "anonymous" or wave.closed_at is None:
            raise ValueError("only what many have answered is shared, and when it is closed")
        shown = self.results(engagement_id, wave.id).score.criteria
        self._store.share(wave.id, {criterion.id: criterion.score for criterion in shown})
        self._note("shared", engagement_id)

    @requires("run")
    def unshare_results(self, engagement_id: EngagementId, wave_id: WaveId) -> None:
        """Show those who answered nothing of the group any more."""
        self._store.unshare(self._own_wave(engagement_id, wave_id).id)
        self._note("unshared", engagement_id)

    @requires("read")
    def results_were_seen(self, engagement_id: EngagementId) -> None:
        """Remember that results were shown: targets and weights set from now on are marked as set after."""
        self._store.mark_results_seen(engagement_id, self._clock())

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
        first = summary.first
        total = len(pack.items) if first is None or first.view == "all" else len(pack.shown_to(first.role))
        return Overview(
            engagement=summary.engagement,
            waves=summary.wave.position,
            respondents=summary.responses,
            answered=first.answered if first else 0,
            total=total,
            changed_on=summary.changed_on,
            gathering=summary.engagement.mode == "anonymous" and summary.wave.closed_at is None,
        )
