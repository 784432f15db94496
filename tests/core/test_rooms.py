"""The workshop room: its agenda, what is voted on in it, and what is never shown of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from assessment.actor import Actor
from assessment.engagement import Engagement, EngagementId, ProcessId
from assessment.packs import builtin
from assessment.service import Service
from assessment.store import AlreadyThere, Closed, NotFound, SqliteStore
from assessment.store.protocol import Gone
from assessment.workshop import codes
from assessment.workshop.phones import Phones
from assessment.workshop.records import (
    GUESS_LEVEL,
    GUESS_LOWEST,
    STANDARD_STEPS,
    Ballot,
    BallotOutcome,
    Question,
    Vote,
    VoterId,
)
from assessment.workshop.rooms import RoomView
from assessment.workshop.tally import tally
from tests.core.test_service import Clock
from tests.store.situations import MONDAY, a_wave, an_engagement, someone_answering

SECRET = b"s" * 32
PULSE = [f"PU{n}" for n in range(1, 8)]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "salgsflyt.db")


@pytest.fixture
def service(store: SqliteStore, clock: Clock) -> Service:
    return Service(store, clock, secret=lambda: SECRET)


@pytest.fixture
def phones(store: SqliteStore, clock: Clock) -> Phones:
    return Phones(store, SECRET, clock)


@pytest.fixture
def engagement(store: SqliteStore) -> EngagementId:
    return someone_answering(store)[0]


def shown(service: Service, engagement: EngagementId) -> RoomView:
    found = service.room(engagement)
    assert found is not None
    return found


def voting(phones: Phones, view: RoomView, people: Sequence[Mapping[str, str]]) -> list[str]:
    """Everybody votes in the latest round with a phone of their own; their keys."""
    assert view.code is not None
    assert view.ballot is not None
    keys = [phones.new_key(view.code) for _ in people]
    room = phones.find(view.code)
    assert room is not None
    for key, given in zip(keys, people, strict=True):
        phones.vote(room, key, view.step.id, view.ballot.round, given)
    return keys


def a_ballot(kind: str, *ids: str) -> Ballot:
    asked = [{"id": id_, "nb": "x"} for id_ in ids]
    return Ballot.model_validate({"step_id": "s", "round": 1, "kind": kind, "questions": asked, "opened_at": MONDAY})


def counted(ballot: Ballot, *people: Mapping[str, str], k: int = 5) -> BallotOutcome:
    votes = [
        Vote(step_id=ballot.step_id, round=1, question=q, voter=VoterId(str(n)), value=v)
        for n, given in enumerate(people)
        for q, v in given.items()
    ]
    return tally(ballot, votes, k)


# ---------------------------------------------------------------------- the agenda


def test_a_room_begins_with_the_nine_steps_of_ninety_minutes(service: Service, engagement: EngagementId) -> None:
    service.open_room(engagement)

    view = shown(service, engagement)
    assert [s.kind for s in view.steps] == list(STANDARD_STEPS)
    assert sum(s.minutes for s in view.steps) == 90
    assert (view.step.kind, view.elapsed_s, view.left_s, view.ballot) == ("frame", 0, 300, None)
    assert codes.as_code(view.code or "") == view.code
    assert service.open_room(engagement) == view.room.id  # one is open at a time


def test_the_room_goes_on_over_what_is_skipped_and_back_and_again(
    service: Service, engagement: EngagementId, clock: Clock
) -> None:
    service.open_room(engagement)
    pulse, result = (s.id for s in shown(service, engagement).steps[1:3])
    service.skip_step(engagement, pulse)

    service.next_step(engagement)
    assert shown(service, engagement).step.id == result
    clock.now += timedelta(seconds=70)
    assert shown(service, engagement).elapsed_s == 70

    service.go_to_step(engagement, result)  # once more
    assert shown(service, engagement).elapsed_s == 0
    service.previous_step(engagement)
    service.previous_step(engagement)
    assert shown(service, engagement).step.kind == "frame"
    service.go_to_step(engagement, pulse)  # taken after all
    assert (shown(service, engagement).step.kind, shown(service, engagement).step.skipped) == ("pulse", False)
    service.skip_step(engagement, pulse)
    assert shown(service, engagement).step.id == result


def test_the_last_step_has_no_next(service: Service, engagement: EngagementId) -> None:
    service.open_room(engagement)
    last = shown(service, engagement).steps[-1].id
    service.go_to_step(engagement, last)
    before = shown(service, engagement).room

    service.next_step(engagement)
    assert shown(service, engagement).room == before


def test_an_own_step_comes_next_and_goes_and_comes_back(service: Service, engagement: EngagementId) -> None:
    service.open_room(engagement)
    own = service.add_own_step(engagement, "Kundens stemme", minutes=8)
    service.describe_step(engagement, own, {"text": "Tre kunder sier", "note": " ", "outcome": "Notert"})

    steps = shown(service, engagement).steps
    assert [s.kind for s in steps[:3]] == ["frame", "own", "pulse"]
    assert (steps[1].title, steps[1].minutes, steps[1].text, steps[1].note) == (
        "Kundens stemme",
        8,
        "Tre kunder sier",
        None,
    )
    removed = service.remove_step(engagement, own)
    assert len(shown(service, engagement).steps) == 9
    service.restore_step(engagement, removed)
    assert shown(service, engagement).steps == steps


def test_what_is_ours_is_skipped_and_not_taken_out(service: Service, engagement: EngagementId) -> None:
    service.open_room(engagement)
    ours = shown(service, engagement).steps[3].id
    own = service.add_own_step(engagement, "Eget")

    with pytest.raises(ValueError, match="own step"):
        service.remove_step(engagement, ours)
    with pytest.raises(ValueError, match="title"):
        service.describe_step(engagement, own, {"title": " "})
    service.go_to_step(engagement, own)
    with pytest.raises(ValueError, match="own step"):
        service.remove_step(engagement, own)


def test_steps_are_taken_in_another_order_and_length(service: Service, engagement: EngagementId) -> None:
    service.open_room(engagement)
    steps = [s.id for s in shown(service, engagement).steps]
    service.order_steps(engagement, steps[::-1])
    service.set_step_minutes(engagement, steps[0], 12)

    view = shown(service, engagement)
    assert [s.id for s in view.steps] == steps[::-1]
    assert view.step.minutes == 12
    with pytest.raises(ValueError, match="every step"):
        service.order_steps(engagement, steps[:-1])
    with pytest.raises(ValueError):
        service.set_step_minutes(engagement, steps[0], 0)


def test_the_screen_is_covered_and_the_net_is_told(service: Service, engagement: EngagementId) -> None:
    service.open_room(engagement)
    service.set_wifi(engagement, "Møterom 4", "hemmelig;ord")
    service.hide_screen(engagement)
    room = shown(service, engagement).room
    assert (room.hidden, room.wifi_name, room.wifi_password) == (True, "Møterom 4", "hemmelig;ord")

    service.set_wifi(engagement, "", "hemmelig")
    service.show_screen(engagement)
    room = shown(service, engagement).room
    assert (room.hidden, room.wifi_name, room.wifi_password) == (False, None, None)


def test_a_room_that_is_over_is_there_to_read_and_takes_nothing(
    service: Service, phones: Phones, engagement: EngagementId
) -> None:
    first = service.open_room(engagement)
    code = shown(service, engagement).code
    service.close_room(engagement)

    assert service.room(engagement) is None
    with pytest.raises(Gone):
        service.next_step(engagement)
    over = service.room(engagement, first)
    assert over is not None
    assert over.code == code
    room = phones.find(code or "")
    assert room is not None
    assert phones.view(room, None).over
    with pytest.raises(Closed):
        phones.join(room, phones.new_key(code or ""))
    assert service.open_room(engagement) != first
    assert [r.id for r in service.rooms(engagement)][1:] == [first]


def test_an_erased_room_leaves_nothing(service: Service, store: SqliteStore, engagement: EngagementId) -> None:
    room = service.open_room(engagement)
    service.open_ballot(engagement, "pulse")
    service.delete_room(engagement, room)

    assert (service.rooms(engagement), store.room_steps(room), store.ballots(room)) == ((), [], [])


def test_only_who_runs_the_assessment_reaches_its_room(service: Service, store: SqliteStore) -> None:
    engagement, _, _ = someone_answering(store)
    service.open_room(engagement)

    with pytest.raises(NotFound):
        service.for_actor(Actor("oidc", "somebody else")).room(engagement)


def test_a_room_survives_a_new_server(
    service: Service, phones: Phones, engagement: EngagementId, tmp_path: Path
) -> None:
    service.open_room(engagement)
    service.next_step(engagement)
    service.open_ballot(engagement, "pulse")
    [key] = voting(phones, shown(service, engagement), [{"PU1": "4"}])
    before = shown(service, engagement)

    again = SqliteStore(tmp_path / "salgsflyt.db")
    restarted = Service(again, Clock(), secret=lambda: SECRET)
    assert shown(restarted, engagement) == before
    phone = Phones(again, SECRET, Clock())
    assert phone.knows(before.code or "", key)
    assert phone.view(before.room, key).own == {"PU1": "4"}
    restarted.reveal(engagement)
    assert shown(restarted, engagement).ballot is not None


# ---------------------------------------------------------------------- the code


def test_a_code_has_no_two_signs_that_look_alike() -> None:
    assert not set(codes.ALPHABET) & set("0O1IL2Z5S8B")
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 25


@pytest.mark.parametrize("typed", ["acd-efg", " ACD EFG", "AcDeFg"])
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert codes.as_code(typed) == "ACDEFG"


@pytest.mark.parametrize("typed", ["", "ACDEF", "ACDEFGH", "ACDEF0", "' OR 1=1", "ÆCDEFG"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert codes.as_code(typed) is None


def test_a_code_that_is_taken_is_another_rooms(store: SqliteStore, engagement: EngagementId) -> None:
    other, _, _ = someone_answering(store)
    ids = iter([*(f"a{n}" for n in range(9)), "same", *(f"b{n}" for n in range(9)), "same", *"cdefghijkl"])
    service = Service(store, Clock(), lambda: next(ids), secret=lambda: SECRET)
    service.open_room(other)

    assert service.open_room(engagement) == "l"


def test_the_database_alone_opens_no_room(service: Service, store: SqliteStore, engagement: EngagementId) -> None:
    service.open_room(engagement)
    view = shown(service, engagement)

    elsewhere = Service(store, Clock(), secret=lambda: b"o" * 32)
    assert shown(elsewhere, engagement).code is None
    assert (view.code or "").encode() not in store.path.read_bytes()
    assert Phones(store, b"o" * 32).find(view.code or "") is None


def test_a_key_is_for_one_code_and_made_by_us(phones: Phones) -> None:
    key = phones.new_key("ACDEFG")
    assert phones.knows("ACDEFG", key)
    assert not phones.knows("ACDEFH", key)
    assert not phones.knows("ACDEFG", key[:-1] + ("A" if key[-1] != "A" else "C"))
    assert not phones.knows("ACDEFG", None)


# ---------------------------------------------------------------------- voting


def test_before_it_is_revealed_nobody_reads_more_than_how_many(
    service: Service, phones: Phones, store: SqliteStore, engagement: EngagementId
) -> None:
    service.open_room(engagement)
    service.open_ballot(engagement, "pulse")
    keys = voting(phones, shown(service, engagement), [{"PU1": str(v)} for v in (1, 2, 3, 4, 5)])

    view = shown(service, engagement)
    assert (view.voted, view.ballot and view.ballot.outcome) == (5, None)
    other = phones.view(view.room, phones.new_key(view.code or ""))
    assert (other.own, other.voted) == ({}, 5)
    assert phones.view(view.room, keys[1]).own == {"PU1": "2"}
    assert not [name for name in dir(store) if name.endswith("votes") and name not in ("own_votes", "cast_votes")]


def test_a_vote_is_changed_until_it_is_revealed_and_then_the_round_is_over(
    service: Service, phones: Phones, engagement: EngagementId
) -> None:
    service.open_room(engagement)
    service.open_ballot(engagement, "pulse")
    view = shown(service, engagement)
    keys = voting(phones, view, [{"PU1": "1"}] * 5)
    phones.vote(view.room, keys[0], view.step.id, 1, {"PU1": "5"})
    service.reveal(engagement)

    outcome = shown(service, engagement).ballot.outcome  # type: ignore[union-attr]
    assert outcome is not None
    assert (outcome.voted, outcome.of("PU1").mean) == (5, 1.8)  # type: ignore[union-attr]
    for late in (keys[1], phones.new_key(view.code or "")):
        with pytest.raises(Closed):
            phones.vote(view.room, late, view.step.id, 1, {"PU1": "3"})
    with pytest.raises(Closed):
        service.reveal(engagement)


def test_a_new_round_begins_empty_and_the_first_stays_beside_it(
    service: Service, phones: Phones, engagement: EngagementId
) -> None:
    service.open_room(engagement)
    service.open_ballot(engagement, "items", [Question(id="C5.1")])
    with pytest.raises(Closed):
        service.revote(engagement)
    with pytest.raises(AlreadyThere):
        service.open_ballot(engagement, "items", [Question(id="C5.2")])
    voting(phones, shown(service, engagement), [{"C5.1": str(v)} for v in (1, 1, 2, 5, 5)])
    service.reveal(engagement)
    service.revote(engagement)

    view = shown(service, engagement)
    assert (view.voted, [b.round for b in view.rounds]) == (0, [1, 2])
    voting(phones, view, [{"C5.1": "3"}, *({"C5.1": "2"} for _ in range(5))])
    service.reveal(engagement)
    means = [b.outcome.of("C5.1").mean for b in shown(service, engagement).rounds]  # type: ignore[union-attr]
    assert means == [pytest.approx(2.8), pytest.approx(13 / 6)]


@pytest.mark.parametrize(
    "given", [{"PU1": "6"}, {"PU1": "NA"}, {"C1.1": "3"}, {GUESS_LOWEST: "C9"}, {GUESS_LEVEL: "DK"}]
)
def test_what_is_not_asked_is_not_counted(
    service: Service, phones: Phones, engagement: EngagementId, given: dict[str, str]
) -> None:
    service.open_room(engagement)
    service.open_ballot(engagement, "pulse")

    with pytest.raises(ValueError, match="not an answer"):
        voting(phones, shown(service, engagement), [given])
    assert shown(service, engagement).voted == 0


def test_each_phone_has_three_dots(service: Service, phones: Phones, engagement: EngagementId) -> None:
    service.open_room(engagement)
    service.open_ballot(engagement, "dots", [Question(id="a", nb="En"), Question(id="b", nb="To", en="Two")])
    view = shown(service, engagement)
    key = phones.new_key(view.code or "")
    for question, by in (("a", 1), ("a", 1), ("b", 1), ("b", 1), ("a", -1), ("b", 1), ("b", -1)):
        phones.place_dot(view.room, key, view.step.id, 1, question, by)

    seen = phones.view(view.room, key)
    assert (seen.own, seen.dots_left) == ({"a": "1", "b": "1"}, 1)
    phones.place_dot(view.room, key, view.step.id, 1, "a", -1)
    phones.place_dot(view.room, key, view.step.id, 1, "a", -1)
    assert phones.view(view.room, key).own == {"b": "1"}


def test_actions_and_processes_are_asked_by_their_names(service: Service, engagement: EngagementId) -> None:
    action = service.begin_action(engagement)
    service.describe_action(engagement, action, {"title": "Ring kunden"})
    service.add_catalogue_processes(engagement, ("quoting",))
    process = service.processes(engagement).processes[0].id
    service.open_room(engagement)

    service.open_ballot(engagement, "dots", [Question(id=action)])
    assert shown(service, engagement).ballot.questions[0].words("en") == "Ring kunden"  # type: ignore[union-attr]
    service.next_step(engagement)
    service.open_ballot(engagement, "classes", [Question(id=process)])
    asked = shown(service, engagement).ballot.questions[0]  # type: ignore[union-attr]
    assert (asked.nb, asked.en) == ("Tilbudsarbeid", "Quoting")
    service.next_step(engagement)
    with pytest.raises(ValueError, match="words"):
        service.open_ballot(engagement, "dots", [Question(id="gone")])
    with pytest.raises(Gone):
        service.open_ballot(engagement, "classes", [Question(id="gone")])
    with pytest.raises(ValueError, match="full set"):
        service.open_ballot(engagement, "items", [Question(id="PU1")])


def test_a_room_that_agrees_types_one_answer_and_no_phone_votes(
    service: Service, phones: Phones, engagement: EngagementId
) -> None:
    service.open_room(engagement)
    service.set_consensus(engagement, True)
    service.open_ballot(engagement, "items", [Question(id="C5.1"), Question(id="C5.2")])
    with pytest.raises(Closed):
        voting(phones, shown(service, engagement), [{"C5.1": "3"}])
    service.agree(engagement, {"C5.1": "3", "C5.2": "4"})
    service.agree(engagement, {"C5.2": None})
    with pytest.raises(ValueError, match="not an answer"):
        service.agree(engagement, {"C5.1": "7"})
    service.reveal(engagement)

    outcome = shown(service, engagement).ballot.outcome  # type: ignore[union-attr]
    assert outcome is not None
    assert (outcome.agreed, outcome.voted) == ({"C5.1": "3"}, 0)
    with pytest.raises(Closed):
        service.agree(engagement, {"C5.1": "4"})


def test_nothing_is_agreed_on_where_phones_vote(service: Service, engagement: EngagementId) -> None:
    service.open_room(engagement)
    service.open_ballot(engagement, "pulse")
    service.set_consensus(engagement, True)  # from the next ballot on

    with pytest.raises(Closed):
        service.agree(engagement, {"PU1": "3"})


# ---------------------------------------------------------------------- what is shown


def test_four_answers_show_nothing_and_five_a_mean() -> None:
    ballot = a_ballot("pulse", "PU1", "PU2")
    few = counted(ballot, *[{"PU1": v, "PU2": "DK"} for v in ("1", "2", "3", "4")])
    assert few.questions[0].model_dump(exclude={"id"}, exclude_none=True) == {}

    # the fifth does not know the one question, so that it still has four
    five = counted(ballot, *[{"PU1": v, "PU2": "2"} for v in ("1", "2", "3", "4")], {"PU1": "DK", "PU2": "3"})
    assert five.of("PU1") == few.of("PU1")
    second = five.of("PU2")
    assert second is not None
    assert (second.n, second.mean, second.distribution) == (5, pytest.approx(2.2), None)


def test_the_distribution_needs_twice_k() -> None:
    ballot = a_ballot("items", "C5.1")
    nine = counted(ballot, *[{"C5.1": "2"}] * 5, *[{"C5.1": "4"}] * 4)
    ten = counted(ballot, *[{"C5.1": "2"}] * 5, *[{"C5.1": "4"}] * 5)
    assert nine.questions[0].distribution is None
    assert ten.questions[0].distribution == (0, 5, 0, 5, 0)


def test_where_all_say_the_same_a_band_is_shown() -> None:
    same = counted(a_ballot("items", "C5.1"), *[{"C5.1": "5"}] * 12).questions[0]
    assert (same.mean, same.band, same.distribution) == (None, ">=4", None)


def test_the_engagements_own_k_holds(store: SqliteStore, clock: Clock, phones: Phones) -> None:
    made: Engagement = an_engagement(k=7)
    store.create_engagement(made, a_wave(made.id))
    service = Service(store, clock, secret=lambda: SECRET)
    service.open_room(made.id)
    service.open_ballot(made.id, "pulse")
    voting(phones, shown(service, made.id), [{"PU1": "3"}] * 6)
    service.reveal(made.id)

    outcome = shown(service, made.id).ballot.outcome  # type: ignore[union-attr]
    assert outcome is not None
    assert (outcome.k, all(q.too_few for q in outcome.questions)) == (7, True)


def test_how_many_chose_an_option_is_shown_from_twice_k_and_not_where_all_did() -> None:
    ballot = a_ballot("classes", "p")
    core, support = {"p": "core"}, {"p": "support"}
    assert counted(ballot, *[core] * 4).questions[0].too_few
    nine = counted(ballot, *[core] * 5, *[support] * 4).questions[0]
    assert (nine.n, nine.leading, nine.counts) == (9, "core", None)
    ten = counted(ballot, *[core] * 6, *[support] * 4).questions[0]
    assert (ten.leading, ten.counts) == ("core", {"core": 6, "support": 4})
    split = counted(ballot, *[core] * 3, *[support] * 3).questions[0]
    assert (split.n, split.leading) == (6, None)
    alike = counted(ballot, *[core] * 12).questions[0]
    assert (alike.leading, alike.counts) == ("core", None)


def test_dots_are_added_up_from_k_voters_on() -> None:
    ballot = a_ballot("dots", "a", "b", "c")
    one, other = {"a": "2", "b": "1"}, {"a": "3"}
    assert counted(ballot, *[one] * 4).questions[0].too_few
    five = counted(ballot, *[one] * 4, other)
    assert [q.dots for q in five.questions] == [11, 4, 0]


def test_items_no_seller_is_asked_in_the_survey_are_voted_on_by_all() -> None:
    asked = next(i.id for i in builtin("full").items if "S" not in i.roles)
    outcome = counted(a_ballot("items", asked), *[{asked: v} for v in ("1", "2", "3", "4", "5")])
    assert outcome.questions[0].mean == 3


# ---------------------------------------------------------------------- classes


def test_what_most_chose_becomes_the_clients_class_where_that_side_has_not_judged(
    service: Service, phones: Phones, engagement: EngagementId
) -> None:
    service.add_catalogue_processes(engagement, ("quoting", "forecasting", "crm_upkeep", "complaints"))
    found = service.processes(engagement).processes
    ids = {p.code or "": p.id for p in found}
    for process in ids.values():
        service.judge_process(engagement, process, "consultant", "core")
    service.judge_process(engagement, ids["complaints"], "client", "core")
    service.open_room(engagement)
    service.open_ballot(engagement, "classes", [Question(id=id_) for id_ in ids.values()])
    most = {ids["quoting"]: "core", ids["forecasting"]: "management", ids["complaints"]: "support"}
    split = [{**most, ids["crm_upkeep"]: c} for c in ("core", "support", "core", "support", "management")]
    voting(phones, shown(service, engagement), split)
    assert service.take_over_classes(engagement) == {}  # nothing is revealed
    assert service.processes(engagement).shown == 0
    service.reveal(engagement)

    with_all = service.take_over_classes(engagement)
    assert with_all == {ids["quoting"]: "core", ids["forecasting"]: "management"}
    after = {ProcessId(p.id): p for p in service.processes(engagement).processes}
    assert after[ids["forecasting"]].class_client == "management"
    assert after[ids["complaints"]].class_client == "core"
    assert after[ids["crm_upkeep"]].classes_shown_at is None
    assert [d.process.id for d in service.processes(engagement).disagreements] == [ids["forecasting"]]
