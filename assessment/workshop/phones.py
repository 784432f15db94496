"""The use cases of a phone in the room: come in by the code, see where the room is, vote, change it until it is shown.

Kept apart from `rooms` as `respondents` is from `service`: no phone waits for arrays, and none reaches anything but its
own votes and what has been revealed.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from assessment.engagement import Engagement, Privacy
from assessment.store.protocol import Closed, Store
from assessment.workshop import codes
from assessment.workshop.records import DOTS, Ballot, Beat, Room, RoomId, RoomStep, StepId, seconds_since

_ROOMS_MAX: Final = 64
_SHARED_S: Final = 0.5  # that an assessment has been deleted is not among what a room counts


def utc_now() -> datetime:
    """The time, as records hold it."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Shared:
    """What all phones of a room see alike, at one revision."""

    engagement: Engagement
    steps: tuple[RoomStep, ...]
    ballots: tuple[Ballot, ...]


@dataclass(frozen=True)
class PhoneView:
    """What a phone shows.

    number, of: the place of the step among those that are not skipped. rounds: the ballots of this step, the first one
    first. own: this phone's votes in the latest of them, by question. voted: phones that have answered in it.
    elapsed_s: seconds since the step began.
    """

    engagement: Engagement
    room: Room
    step: RoomStep
    number: int
    of: int
    rounds: tuple[Ballot, ...]
    own: Mapping[str, str]
    voted: int
    elapsed_s: int

    @property
    def ballot(self) -> Ballot | None:
        """The latest ballot of this step, None where there has been none."""
        return self.rounds[-1] if self.rounds else None

    @property
    def open_ballot(self) -> Ballot | None:
        """The ballot this phone may vote in now."""
        found = self.ballot
        return found if found and found.revealed_at is None and not found.together and not self.over else None

    @property
    def over(self) -> bool:
        """Whether the workshop has ended."""
        return self.room.closed_at is not None or self.engagement.deleted_at is not None

    @property
    def dots_left(self) -> int:
        """How many dots the phone still has."""
        return DOTS - sum(int(value) for value in self.own.values())


class Phones:
    """What a phone can do. Any replica can serve the next request; what phones share is kept for a revision, not long.

    secret: what codes and keys are made from. Every method may raise what the store raises about its file.
    """

    def __init__(self, store: Store, secret: bytes, clock: Callable[[], datetime] = utc_now) -> None:
        self._store, self._secret, self._clock = store, secret, clock
        self._shared: dict[RoomId, tuple[int, float, _Shared]] = {}
        self._joined: dict[RoomId, set[str]] = {}

    def find(self, code: str) -> Room | None:
        """The room a code opens, over or not; None for a code that is none of ours."""
        return self._store.room_by_code(codes.code_hash(self._secret, code))

    def new_key(self, code: str) -> str:
        """A key for a phone that has come with the code."""
        return codes.new_key(self._secret, code)

    def knows(self, code: str, key: str | None) -> bool:
        """Whether a phone has been here with this code before."""
        return codes.is_key(self._secret, code, key)

    def has_joined(self, room: Room, key: str) -> bool:
        """Whether this process knows the phone is counted."""
        return codes.voter_of(key) in self._joined.get(room.id, ())

    def join(self, room: Room, key: str) -> None:
        """Count the phone in, once. Raises: Closed when the workshop is over."""
        voter = codes.voter_of(key)
        self._store.join_room(room.id, voter)
        _bounded(self._joined)
        self._joined.setdefault(room.id, set()).add(voter)

    def view(self, room: Room, key: str | None) -> PhoneView:
        """Where the room is, with this phone's own votes."""
        shared = self._of(room)
        step = next(s for s in shared.steps if s.id == room.step_id)
        taken = [s for s in shared.steps if not s.skipped or s.id == step.id]
        rounds = tuple(b for b in shared.ballots if b.step_id == step.id)
        latest = rounds[-1] if rounds else None
        own = self._store.own_votes(step.id, latest.round, codes.voter_of(key)) if latest and key else {}
        return PhoneView(
            engagement=shared.engagement,
            room=room,
            step=step,
            number=taken.index(step) + 1,
            of=len(taken),
            rounds=rounds,
            own=own,
            voted=self._store.voted(step.id, latest.round) if latest and latest.revealed_at is None else 0,
            elapsed_s=seconds_since(room.step_began_at, self._clock()),
        )

    def privacy(self, room: Room) -> Privacy:
        """Who answers for the votes, and how long they are kept."""
        return self._store.privacy(room.engagement_id)

    def vote(self, room: Room, key: str, step_id: StepId, round_: int, given: Mapping[str, str]) -> None:
        """Put on disk what a phone says, by question. Raises: Closed when the round is over; ValueError; Gone."""
        ballot = self._ballot(room, step_id, round_)
        if ballot.kind == "dots" or any(value not in ballot.options(id_) for id_, value in given.items()):
            raise ValueError("not an answer to this")
        self._store.cast_votes(room.id, step_id, round_, codes.voter_of(key), given)

    def place_dot(self, room: Room, key: str, step_id: StepId, round_: int, question: str, by: int) -> None:
        """Give an action one dot more (by 1) or less (by -1); without one left, or to take, nothing happens.

        Raises: Closed when the round is over; ValueError; Gone.
        """
        ballot, voter = self._ballot(room, step_id, round_), codes.voter_of(key)
        if ballot.kind != "dots" or not ballot.options(question):
            raise ValueError("nothing that gets dots")
        placed = {id_: int(value) for id_, value in self._store.own_votes(step_id, round_, voter).items()}
        count = placed.get(question, 0) + by
        if count >= 0 and sum(placed.values()) + by <= DOTS:
            self._store.cast_votes(room.id, step_id, round_, voter, {question: str(count) if count else None})

    def beat(self, room_id: RoomId) -> Beat | None:
        """What a waiting phone is told by; None when the room has been erased."""
        return self._store.room_beat(room_id)

    def _ballot(self, room: Room, step_id: StepId, round_: int) -> Ballot:
        found = next((b for b in self._of(room).ballots if (b.step_id, b.round) == (step_id, round_)), None)
        if found is None:
            raise Closed("room", step_id)
        return found

    def _of(self, room: Room) -> _Shared:
        known = self._shared.get(room.id)
        if known is not None and known[0] == room.revision and known[1] > time.monotonic():
            return known[2]
        shared = _Shared(
            self._store.engagement(room.engagement_id),
            tuple(self._store.room_steps(room.id)),
            tuple(self._store.ballots(room.id)),
        )
        _bounded(self._shared)
        self._shared[room.id] = (room.revision, time.monotonic() + _SHARED_S, shared)
        return shared


def _bounded(known: dict[RoomId, Any]) -> None:
    if len(known) > _ROOMS_MAX:
        known.clear()
