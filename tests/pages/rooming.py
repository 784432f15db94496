"""A workshop room for the tests of its pages: opened, at a step, and voted in by phones."""

from collections.abc import Mapping

from assessment.engagement import EngagementId
from assessment.service import Service
from assessment.settings import settings
from assessment.store import SqliteStore
from assessment.workshop.phones import Phones
from assessment.workshop.records import StepKind
from assessment.workshop.rooms import RoomView
from pages.ui import session


def at_step(service: Service, engagement: EngagementId, kind: StepKind) -> RoomView:
    """Open the room, if none is, and go to the step of this kind."""
    service.open_room(engagement)
    steps = room_of(service, engagement).steps
    service.go_to_step(engagement, next(step.id for step in steps if step.kind == kind))
    return room_of(service, engagement)


def room_of(service: Service, engagement: EngagementId) -> RoomView:
    """The open room."""
    view = service.room(engagement)
    assert view is not None
    return view


def vote(service: Service, engagement: EngagementId, *people: Mapping[str, str]) -> None:
    """Let each vote with a phone of their own in the open ballot."""
    view = room_of(service, engagement)
    assert view.code is not None
    assert view.ballot is not None
    phones = Phones(SqliteStore(settings().database), session.installation()._secret())
    room = phones.find(view.code)
    assert room is not None
    for given in people:
        key = phones.new_key(view.code)
        phones.join(room, key)
        if view.ballot.kind != "dots":
            phones.vote(room, key, view.step.id, view.ballot.round, given)
            continue
        for action, dots in given.items():
            for _ in range(int(dots)):
                phones.place_dot(room, key, view.step.id, view.ballot.round, action, 1)


def pulse(service: Service, engagement: EngagementId, *levels: int) -> None:
    """Open the pulse, and let each person answer every question of it with their level and guess one above."""
    at_step(service, engagement, "pulse")
    service.open_ballot(engagement, "pulse")
    ballot = room_of(service, engagement).ballot
    assert ballot is not None
    asked = [q.id for q in ballot.questions if not q.id.startswith("guess.")]
    guesses = {"guess.level": "4", "guess.lowest": "C3"}
    vote(service, engagement, *(dict.fromkeys(asked, str(level)) | guesses for level in levels))
