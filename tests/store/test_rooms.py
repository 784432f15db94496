"""What every store does with a workshop room."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import pytest

from assessment.engagement import EngagementId
from assessment.store import AlreadyThere, Closed, NotFound, Store
from assessment.store.protocol import Gone
from assessment.workshop.records import (
    Ballot,
    BallotOutcome,
    QuestionOutcome,
    Room,
    RoomId,
    RoomStep,
    StepId,
    Vote,
    VoterId,
)
from tests.store.situations import MONDAY, TUESDAY, someone_answering

KARI, OLA = VoterId("kari"), VoterId("ola")


def a_step(id_: str, position: int = 0, **fields: object) -> RoomStep:
    return RoomStep.model_validate(
        {"id": id_, "position": position, "kind": "own", "title": id_, "minutes": 5} | fields
    )


def a_room(engagement: EngagementId, id_: str = "room", **fields: object) -> Room:
    known = {"id": id_, "engagement_id": engagement, "opened_at": MONDAY, "step_id": f"{id_}-1"}
    return Room.model_validate(known | {"step_began_at": MONDAY} | fields)


def a_ballot(step: str = "room-1", round_: int = 1, **fields: object) -> Ballot:
    asked = [{"id": "PU1"}, {"id": "p", "nb": "Tilbud", "en": "Quoting"}]
    known = {"step_id": step, "round": round_, "kind": "items", "questions": asked, "opened_at": MONDAY}
    return Ballot.model_validate(known | fields)


def opened(store: Store, id_: str = "room") -> tuple[EngagementId, RoomId]:
    """A room of two steps."""
    engagement, _, _ = someone_answering(store)
    room = a_room(engagement, id_)
    store.open_room(room, f"hash of {id_}", [a_step(f"{id_}-1"), a_step(f"{id_}-2", 1)])
    return engagement, room.id


def counting(ballot: Ballot, votes: Sequence[Vote]) -> BallotOutcome:
    """A tally that shows what it was given."""
    told = tuple(QuestionOutcome(id=v.question, n=1, leading=v.value) for v in votes)
    return BallotOutcome(voted=len({v.voter for v in votes}), k=5, questions=told, agreed=ballot.agreed or None)


def room_of(store: Store, engagement: EngagementId) -> Room:
    return store.rooms(engagement)[0]


STEP = StepId("room-1")
WRITES: Mapping[str, Callable[[Store, EngagementId, RoomId], object]] = {
    "change_room": lambda s, e, r: s.change_room(e, r, {"hidden": True}),
    "add_room_step": lambda s, e, r: s.add_room_step(e, r, a_step("new", 2)),
    "change_room_step": lambda s, e, r: s.change_room_step(e, r, STEP, {"outcome": "Tatt"}),
    "remove_room_step": lambda s, e, r: s.remove_room_step(e, r, StepId("room-2")),
    "order_room_steps": lambda s, e, r: s.order_room_steps(e, r, [StepId("room-2"), STEP]),
    "open_ballot": lambda s, e, r: s.open_ballot(e, r, a_ballot(round_=2)),
    "agree_on_ballot": lambda s, e, r: s.agree_on_ballot(e, r, STEP, 1, {"PU1": "3"}),
    "reveal_ballot": lambda s, e, r: s.reveal_ballot(e, r, STEP, 1, MONDAY, counting),
}


def test_a_room_comes_back_as_it_was(store: Store) -> None:
    engagement, room = opened(store)

    assert store.rooms(engagement) == [a_room(engagement)] == [store.room_by_code("hash of room")]
    assert store.room_by_code("another") is None
    assert [s.id for s in store.room_steps(room)] == ["room-1", "room-2"]
    store.change_room(engagement, room, {"wifi_name": "Møterom", "hidden": True, "step_began_at": TUESDAY})
    changed = room_of(store, engagement)
    assert (changed.wifi_name, changed.hidden, changed.step_began_at, changed.revision) == ("Møterom", True, TUESDAY, 1)


def test_one_room_is_open_at_a_time_and_a_code_is_one_rooms(store: Store) -> None:
    engagement, room = opened(store)
    with pytest.raises(AlreadyThere):
        store.open_room(a_room(engagement, "second"), "another", [])
    elsewhere, _, _ = someone_answering(store)
    with pytest.raises(AlreadyThere):
        store.open_room(a_room(elsewhere, "third"), "hash of room", [])

    store.change_room(engagement, room, {"closed_at": TUESDAY})
    later = a_room(engagement, "second", opened_at=MONDAY - timedelta(days=1))
    store.open_room(later, "another", [])
    assert [r.id for r in store.rooms(engagement)] == ["second", "room"]  # the open one first


@pytest.mark.parametrize("write", WRITES)
def test_every_change_raises_the_rooms_revision_and_not_the_engagements(store: Store, write: str) -> None:
    engagement, room = opened(store)
    store.open_ballot(engagement, room, a_ballot(together=write == "agree_on_ballot"))
    before, results = room_of(store, engagement).revision, store.revision(engagement)

    WRITES[write](store, engagement, room)
    assert room_of(store, engagement).revision == before + 1
    assert store.revision(engagement) == results


@pytest.mark.parametrize("write", WRITES)
def test_what_is_over_deleted_or_anothers_takes_nothing(store: Store, write: str) -> None:
    engagement, room = opened(store)
    store.open_ballot(engagement, room, a_ballot())
    other, _, _ = someone_answering(store)
    with pytest.raises(Gone):
        WRITES[write](store, other, room)
    store.change_room(engagement, room, {"closed_at": TUESDAY})
    with pytest.raises(Closed):
        WRITES[write](store, engagement, room)
    store.delete_engagement(engagement, TUESDAY)
    with pytest.raises(Closed):
        WRITES[write](store, engagement, room)
    with pytest.raises(NotFound):
        WRITES[write](store, EngagementId("nobody"), room)


def test_a_step_of_another_room_is_not_there(store: Store) -> None:
    engagement, room = opened(store)
    opened(store, "other")

    with pytest.raises(Gone):
        store.change_room(engagement, room, {"step_id": "other-1"})
    with pytest.raises(Gone):
        store.change_room_step(engagement, room, StepId("other-1"), {"minutes": 7})
    with pytest.raises(Gone):
        store.open_ballot(engagement, room, a_ballot("other-1"))
    assert room_of(store, engagement).revision == 0  # nothing of it was kept


def test_steps_are_changed_ordered_and_taken_out(store: Store) -> None:
    engagement, room = opened(store)
    store.change_room_step(engagement, room, STEP, {"minutes": 12, "outcome": "Valgt"})
    store.order_room_steps(engagement, room, [StepId("room-2"), STEP])

    assert [(s.id, s.position, s.minutes) for s in store.room_steps(room)] == [("room-2", 0, 5), ("room-1", 1, 12)]
    removed = store.remove_room_step(engagement, room, StepId("room-2"))
    assert [s.id for s in store.room_steps(room)] == ["room-1"]
    store.add_room_step(engagement, room, removed)
    with pytest.raises(AlreadyThere):
        store.add_room_step(engagement, room, removed)
    with pytest.raises(ValueError):
        store.change_room_step(engagement, room, STEP, {"minutes": 0})


def test_a_vote_is_replaced_and_taken_back_and_is_nobodys_but_its_phones(store: Store) -> None:
    engagement, room = opened(store)
    store.open_ballot(engagement, room, a_ballot())
    store.cast_votes(room, STEP, 1, KARI, {"PU1": "2", "p": "3"})
    store.cast_votes(room, STEP, 1, KARI, {"PU1": "4", "p": None})
    store.cast_votes(room, STEP, 1, OLA, {"p": "1"})

    assert store.own_votes(STEP, 1, KARI) == {"PU1": "4"}
    assert (store.voted(STEP, 1), store.voted(STEP, 2)) == (2, 0)
    beat = store.room_beat(room)
    assert beat is not None
    assert (beat.revision, beat.voted) == (1, 2)  # a vote changes no screen
    assert store.room_beat(RoomId("nobody")) is None


def test_what_is_revealed_is_counted_once_and_takes_no_vote_after(store: Store) -> None:
    engagement, room = opened(store)
    store.open_ballot(engagement, room, a_ballot())
    store.cast_votes(room, STEP, 1, KARI, {"PU1": "2"})
    assert store.ballots(room) == [a_ballot()]
    store.reveal_ballot(engagement, room, STEP, 1, TUESDAY, counting)

    [revealed] = store.ballots(room)
    assert revealed.revealed_at == TUESDAY
    assert revealed.outcome is not None
    assert (revealed.outcome.voted, revealed.outcome.questions[0].leading) == (1, "2")
    for late in (KARI, OLA):
        with pytest.raises(Closed):
            store.cast_votes(room, STEP, 1, late, {"PU1": "5"})
    with pytest.raises(Closed):
        store.reveal_ballot(engagement, room, STEP, 1, TUESDAY, counting)
    store.open_ballot(engagement, room, a_ballot(round_=2))
    with pytest.raises(AlreadyThere):
        store.open_ballot(engagement, room, a_ballot(round_=2))
    assert [(b.round, b.revealed_at) for b in store.ballots(room)] == [(1, TUESDAY), (2, None)]


def test_what_fails_to_be_counted_is_not_revealed(store: Store) -> None:
    engagement, room = opened(store)
    store.open_ballot(engagement, room, a_ballot())

    def failing(ballot: Ballot, votes: Sequence[Vote]) -> BallotOutcome:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        store.reveal_ballot(engagement, room, STEP, 1, TUESDAY, failing)
    store.cast_votes(room, STEP, 1, KARI, {"PU1": "2"})
    assert store.ballots(room) == [a_ballot()]


def test_a_ballot_takes_votes_or_what_is_agreed_and_never_both(store: Store) -> None:
    engagement, room = opened(store)
    store.open_ballot(engagement, room, a_ballot(together=True))
    with pytest.raises(Closed):
        store.cast_votes(room, STEP, 1, KARI, {"PU1": "2"})
    store.agree_on_ballot(engagement, room, STEP, 1, {"PU1": "3"})
    assert store.ballots(room)[0].agreed == {"PU1": "3"}

    store.reveal_ballot(engagement, room, STEP, 1, TUESDAY, counting)
    with pytest.raises(Closed):
        store.agree_on_ballot(engagement, room, STEP, 1, {"PU1": "4"})
    store.open_ballot(engagement, room, a_ballot(round_=2))
    with pytest.raises(Closed):
        store.agree_on_ballot(engagement, room, STEP, 2, {"PU1": "4"})


def test_a_room_that_is_over_takes_no_vote_and_no_phone(store: Store) -> None:
    engagement, room = opened(store)
    store.open_ballot(engagement, room, a_ballot())
    store.join_room(room, KARI)
    store.join_room(room, KARI)
    assert store.joined(room) == 1
    store.change_room(engagement, room, {"closed_at": TUESDAY})

    with pytest.raises(Closed):
        store.cast_votes(room, STEP, 1, KARI, {"PU1": "2"})
    with pytest.raises(Closed):
        store.join_room(room, OLA)
    with pytest.raises(Gone):
        store.join_room(RoomId("nobody"), OLA)
    assert store.joined(room) == 1


def test_an_erased_room_takes_its_votes_with_it(store: Store) -> None:
    engagement, room = opened(store)
    store.open_ballot(engagement, room, a_ballot())
    store.cast_votes(room, STEP, 1, KARI, {"PU1": "2"})
    store.change_room(engagement, room, {"closed_at": TUESDAY})
    other, _, _ = someone_answering(store)
    with pytest.raises(Gone):
        store.delete_room(other, room)
    store.delete_room(engagement, room)

    assert (store.rooms(engagement), store.ballots(room), store.own_votes(STEP, 1, KARI)) == ([], [], {})
    assert (store.joined(room), store.room_by_code("hash of room")) == (0, None)
