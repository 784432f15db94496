"""Nobody reaches another's engagement: every use case, by every id, for every kind of reader."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NewType, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from assessment.actor import LOCAL, Actor
from assessment.engagement import (
    Answer,
    EngagementId,
    ItemId,
    Link,
    LinkId,
    MemberRole,
    ReadinessAnswer,
    ResponseId,
    WaveId,
)
from assessment.files.gathered import gathered
from assessment.guard import Unguarded, named_ids, requires
from assessment.packs import builtin
from assessment.service import Beginning, Gathering, GroupBeginning, Service
from assessment.store import NotFound, SqliteStore

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
BEGINNING = Beginning(organisation="Fjordvik", role="SL", training_planned="no")
GROUP = GroupBeginning(organisation="Fjordvik", training_planned="no")
OWNER, STRANGER = Actor("oidc", "owner@a.no"), Actor("oidc", "stranger@b.no")
METHODS = {name: f for name, f in inspect.getmembers(Service, inspect.isfunction) if not name.startswith("_")}
IDS = {EngagementId: "engagement", WaveId: "wave", ResponseId: "response", LinkId: "link"}
# not through the door: it is the door
OUTSIDE = {"for_actor", "beside"}
NO_ID = {name for name, f in METHODS.items() if not named_ids(f)} - OUTSIDE


@dataclass
class House:
    """An installation where the owner has an engagement with everything in it."""

    service: Service
    store: SqliteStore
    engagement: EngagementId
    wave: WaveId
    response: ResponseId
    now: list[datetime]

    def link(self, purpose: str, *, revoked: bool = False, expires_at: datetime | None = None) -> LinkId:
        """A link to the engagement."""
        id_ = LinkId(f"{purpose}-{len(self.store.links(self.engagement))}")
        wave = self.wave if purpose == "answer" else None
        made = Link.model_validate(
            {
                "id": id_,
                "engagement_id": self.engagement,
                "wave_id": wave,
                "purpose": purpose,
                "token_hash": f"{len(self.store.links(self.engagement)):064x}",
                "created_at": NOW,
                "expires_at": expires_at,
                "revoked_at": NOW if revoked else None,
            }
        )
        self.store.add_links([made])
        return id_

    def holder(self, purpose: str, **about: Any) -> Actor:
        """Somebody who has come by such a link."""
        scope: Any = purpose
        return Actor("link", engagement=self.engagement, scope=scope, link=self.link(purpose, **about))

    def member(self, role: MemberRole) -> Actor:
        """Somebody who was let in."""
        self.service.for_actor(OWNER).add_member(self.engagement, f" {role.upper()}@a.no", role)
        return Actor("oidc", f"{role}@a.no")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store, now = SqliteStore(tmp_path / "house.db"), [NOW]
    service = Service(store, clock=lambda: now[0], secret=lambda: b"s" * 32)
    engagement = service.for_actor(OWNER).begin(BEGINNING, "nb")
    wave = store.waves(engagement)[0].id
    yield House(service, store, engagement, wave, store.responses(wave)[0].id, now)
    store.close()


def arguments(house: House, method: Callable[..., Any]) -> dict[str, Any]:
    """Arguments that name the owner's engagement; the rest is whatever comes, for nobody gets as far as to use it."""
    ids = {
        "engagement": house.engagement,
        "wave": house.wave,
        "response": house.response,
        "link": house.link("answer"),
    }
    named = named_ids(method)
    return {
        name: [ids[named[name][0]]]
        if name in named and named[name][1]
        else ids[named[name][0]]
        if name in named
        else None
        for name in inspect.signature(method).parameters
        if name != "self"
    }


def strangers(house: House) -> list[Actor]:
    """Everybody who has no business with the owner's engagement."""
    other = house.service.for_actor(STRANGER).begin(BEGINNING, "nb")
    house.service.for_actor(STRANGER).add_member(other, "viewer@b.no", "viewer")
    elsewhere = Link.model_validate(
        {"id": "x", "engagement_id": other, "purpose": "facilitate", "token_hash": "f" * 64, "created_at": NOW}
    )
    house.store.add_links([elsewhere])
    return [
        STRANGER,
        Actor("oidc", "viewer@b.no"),
        Actor("oidc", "OWNER@a.no"),  # a name is told apart as it is kept
        Actor("oidc"),
        Actor("link"),
        Actor("link", engagement=other, scope="facilitate", link=LinkId("x")),
        Actor("link", engagement=house.engagement, scope="facilitate", link=LinkId("never made")),
        Actor("link", engagement=house.engagement, scope="facilitate"),
        house.holder("results", revoked=True),
        house.holder("facilitate", expires_at=NOW),
    ]


# ---------------------------------------------------------------- every method


@pytest.mark.parametrize("name", sorted(METHODS.keys() - OUTSIDE))
def test_every_use_case_says_who_may_call_it(name: str) -> None:
    assert hasattr(METHODS[name], "requirement"), f"{name}: say @requires(…) (assessment/guard.py)"


@pytest.mark.parametrize("name", sorted(METHODS.keys() - OUTSIDE - NO_ID))
def test_nobody_reaches_anothers_engagement(name: str, house: House) -> None:
    for stranger in strangers(house):
        with pytest.raises(NotFound):
            getattr(house.service.for_actor(stranger), name)(**arguments(house, METHODS[name]))


@pytest.mark.parametrize("name", sorted(METHODS.keys() - OUTSIDE - NO_ID))
def test_each_id_is_judged_by_itself(name: str, house: House) -> None:
    own = house.service.for_actor(STRANGER).begin(BEGINNING, "nb")
    wave = house.store.waves(own)[0].id
    mine = {"engagement": own, "wave": wave, "response": house.store.responses(wave)[0].id}
    for argument in named_ids(METHODS[name]):
        given = arguments(house, METHODS[name])
        for other, (others_kind, others_several) in named_ids(METHODS[name]).items():
            if other != argument and others_kind in mine:
                given[other] = [mine[others_kind]] if others_several else mine[others_kind]
        with pytest.raises(NotFound):
            getattr(house.service.for_actor(STRANGER), name)(**given)


@pytest.mark.parametrize("name", sorted(METHODS.keys() - OUTSIDE))
def test_no_id_comes_in_by_another_name(name: str) -> None:
    hints = get_type_hints(METHODS[name])
    hints.pop("return")
    for argument, hint in hints.items():
        hidden = _kinds(hint)
        if argument in named_ids(METHODS[name]):
            assert hidden <= {named_ids(METHODS[name])[argument][0]}
        else:
            assert not hidden, f"{name}({argument}) holds ids the guard does not see"


def _kinds(hint: Any) -> set[str]:
    """The kinds of id that a value of this type can hold."""
    if isinstance(hint, NewType):
        return {IDS[hint]} if hint in IDS else set()
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return set().union(*(_kinds(h) for h in get_type_hints(hint).values())) if hint is not BaseModel else set()
    if is_dataclass(hint) and isinstance(hint, type):
        known = get_type_hints(hint)
        return set().union(*(_kinds(known[f.name]) for f in fields(hint)))
    return set().union(*(_kinds(part) for part in get_args(hint)))


def test_a_method_that_says_nothing_lets_nobody_in(house: House) -> None:
    class Grown(Service):
        def forgotten(self, engagement_id: EngagementId) -> str:
            return engagement_id

        @requires("read")
        def remembered(self, engagement_id: EngagementId) -> str:
            return engagement_id

    grown = Grown(house.store).for_actor(OWNER)

    assert grown.remembered(house.engagement) == house.engagement  # type: ignore[attr-defined]
    with pytest.raises(Unguarded):
        grown.forgotten(house.engagement)  # type: ignore[attr-defined]
    with pytest.raises(Unguarded):
        grown.for_actor(LOCAL)  # nobody becomes somebody else


def test_what_is_not_theirs_looks_like_what_is_not_there(house: House) -> None:
    def said(engagement: EngagementId) -> str:
        with pytest.raises(NotFound) as refused:
            house.service.for_actor(STRANGER).results(engagement)
        return str(refused.value).replace(engagement, "…")

    assert said(house.engagement) == said(EngagementId("never-made"))


# ---------------------------------------------------------------- who may do what


def needing(*needs: str) -> set[str]:
    """The use cases about one engagement that ask for one of these."""
    return {n for n in METHODS.keys() - OUTSIDE - NO_ID if getattr(METHODS[n], "requirement", None) in needs}


READING = {"results", "advice", "engagement", "results_were_seen", "criterion_settings", "mandate", "readiness"}


def test_a_viewer_and_a_results_link_see_results_and_change_nothing(house: House) -> None:
    assert needing("read") >= READING
    for actor in (house.member("viewer"), house.holder("results")):
        service = house.service.for_actor(actor)
        assert service.results(house.engagement).engagement.id == house.engagement
        before = house.store.revision(house.engagement)
        for name in needing("run", "own"):
            with pytest.raises(NotFound):
                getattr(service, name)(**arguments(house, METHODS[name]))
        links = sum(1 for _ in needing("run", "own"))  # `arguments` makes one for each
        assert house.store.revision(house.engagement) == before + links


def test_a_facilitator_and_a_facilitate_link_run_it_and_do_not_own_it(house: House) -> None:
    for actor in (house.member("facilitator"), house.holder("facilitate")):
        service = house.service.for_actor(actor)
        service.answer(house.response, {ItemId("C1.1"): Answer(value=3)})
        service.answer_readiness(house.engagement, ReadinessAnswer(item_id=ItemId("P1"), value=4))
        for name in needing("own"):
            with pytest.raises(NotFound):
                getattr(service, name)(**arguments(house, METHODS[name]))


def test_an_owner_the_key_and_this_machine_do_everything(house: House) -> None:
    house.service.for_actor(OWNER).delete(house.engagement)
    house.service.for_actor(OWNER).restore(house.engagement)
    for actor in (Actor("key"), LOCAL):
        assert house.service.for_actor(actor).may(house.engagement) == {"read", "run", "own"}


def test_a_list_holds_what_the_reader_may_see(house: House) -> None:
    theirs = house.service.for_actor(STRANGER).begin(BEGINNING, "nb")
    house.service.open_demo()

    def listed(actor: Actor) -> set[str]:
        return {o.engagement.id for o in house.service.for_actor(actor).engagements()}

    assert listed(OWNER) == listed(house.member("viewer")) == {house.engagement}
    assert listed(STRANGER) == {theirs}
    assert listed(Actor("oidc", "nobody@c.no")) == set()
    assert listed(LOCAL) == {house.engagement, theirs, "demo"}
    viewer = house.member("viewer")
    house.service.for_actor(OWNER).delete(house.engagement)
    assert listed(OWNER) == {house.engagement}  # can still be restored
    assert listed(viewer) == set()


@pytest.mark.parametrize("name", sorted(NO_ID))
def test_a_link_neither_lists_nor_begins(name: str, house: House) -> None:
    for scope in ("results", "facilitate"):
        service = house.service.for_actor(house.holder(scope))
        given = dict.fromkeys(set(inspect.signature(METHODS[name]).parameters) - {"self"})
        with pytest.raises(NotFound):
            getattr(service, name)(**given)


def test_what_somebody_begins_is_theirs(house: House) -> None:
    mine = house.service.for_actor(OWNER)
    answers = gathered("answers.csv", b"role,PU1\nS,3\n", builtin("pulse"))
    gathering = Gathering(label="pulse", gathered_on=NOW.date())
    begun = [
        mine.begin(BEGINNING, "nb"),
        mine.begin_group(GROUP, "nb"),
        mine.begin_with_answers(GROUP, answers, gathering, "nb"),
    ]

    makers = {n for n in NO_ID if get_type_hints(METHODS[n])["return"] is EngagementId} - {"open_demo"}
    assert makers == {"begin", "begin_group", "begin_with_answers"}  # a new one needs its line here
    assert {house.store.engagement(e).owner for e in begun} == {"owner@a.no"}
    assert house.store.engagement(house.service.begin(BEGINNING, "nb")).owner is None


def test_the_installation_is_for_who_runs_it(house: House) -> None:
    with pytest.raises(NotFound):
        house.service.for_actor(OWNER).tidy()
    assert house.service.for_actor(Actor("key")).tidy() == 0


def test_everybody_signed_in_may_look_at_the_example_and_no_more(house: House) -> None:
    demo = house.service.for_actor(STRANGER).open_demo()

    assert house.service.for_actor(STRANGER).may(demo) == {"read"}
    assert house.service.for_actor(STRANGER).results(demo).engagement.fictional
    with pytest.raises(NotFound):
        house.service.for_actor(STRANGER).delete(demo)


# ---------------------------------------------------------------- letting in and out


def test_a_member_is_let_in_changed_and_let_out(house: House) -> None:
    owner, viewer = house.service.for_actor(OWNER), house.member("viewer")
    assert dict(owner.members(house.engagement)) == {"viewer@a.no": "viewer"}

    owner.add_member(house.engagement, "viewer@a.no", "facilitator")
    assert house.service.for_actor(viewer).may(house.engagement) == {"read", "run"}

    owner.remove_member(house.engagement, " Viewer@A.no ")
    with pytest.raises(NotFound):
        house.service.for_actor(viewer).engagement(house.engagement)
    owner.remove_member(house.engagement, "viewer@a.no")  # a second time changes nothing


@pytest.mark.parametrize("subject", ["", "  ", "x" * 201])
def test_a_member_needs_a_name(subject: str, house: House) -> None:
    with pytest.raises(ValueError):
        house.service.for_actor(OWNER).add_member(house.engagement, subject, "viewer")


def test_a_link_ends_when_it_is_revoked_or_expires(house: House) -> None:
    holder = house.holder("results", expires_at=NOW + timedelta(days=1))
    service = house.service.for_actor(holder)
    assert service.may(house.engagement) == {"read"}

    house.now[0] = NOW + timedelta(days=1)
    with pytest.raises(NotFound):
        service.results(house.engagement)

    house.now[0] = NOW
    assert holder.link is not None
    house.store.revoke_links([holder.link], NOW)
    with pytest.raises(NotFound):
        service.results(house.engagement)


def test_somebody_signed_in_may_hold_a_link_too(house: House) -> None:
    link = house.holder("results")
    guest = Actor("oidc", "guest@c.no", engagement=link.engagement, scope=link.scope, link=link.link)

    assert house.service.for_actor(guest).may(house.engagement) == {"read"}
    own = house.service.for_actor(guest).begin(BEGINNING, "nb")
    assert house.service.for_actor(guest).may(own) == {"read", "run", "own"}
