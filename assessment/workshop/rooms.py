"""Use cases of the workshop room: its agenda and clock, what is voted on, and when it is shown. Source: method §8.1."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from assessment.current_state.classification import ProcessClass
from assessment.engagement import EngagementId, ProcessId
from assessment.guard import requires
from assessment.mapping import process_catalogue
from assessment.mapping.given import filled
from assessment.mapping.processes import Processes
from assessment.packs import builtin
from assessment.store.protocol import AlreadyThere, Closed, Gone
from assessment.workshop.codes import code_hash, code_of
from assessment.workshop.records import (
    CLASSES_MAX,
    STANDARD_STEPS,
    Ballot,
    BallotKind,
    Question,
    Room,
    RoomId,
    RoomStep,
    StepId,
    pulse_questions,
    seconds_since,
    standard_steps,
)
from assessment.workshop.tally import tally

OWN_MINUTES: Final = 5
# two rooms of an installation with the same code of 244 million: another id, and five in a row do not happen
_TRIES: Final = 5
_TOLD: Final = frozenset({"title", "text", "note", "outcome"})


@dataclass(frozen=True)
class RoomView:
    """A room as the facilitator and the screen see it; of votes nothing but how many before they are revealed.

    code: what opens it on a phone; None when another installation secret made it. step: where the room is.
    elapsed_s: seconds since it began. rounds: the ballots of this step, the first one first. ballots: those of the
    whole room. voted: phones that have answered in the latest round of this step. joined: phones that have come.
    """

    room: Room
    code: str | None
    steps: tuple[RoomStep, ...]
    step: RoomStep
    elapsed_s: int
    ballots: tuple[Ballot, ...]
    voted: int
    joined: int
    k: int

    @property
    def rounds(self) -> tuple[Ballot, ...]:
        """The ballots of this step, the first one first."""
        return tuple(b for b in self.ballots if b.step_id == self.step.id)

    @property
    def ballot(self) -> Ballot | None:
        """The latest ballot of this step, None where there has been none."""
        return next(reversed(self.rounds), None)

    @property
    def left_s(self) -> int:
        """Seconds left of the step; below 0 when it has taken longer."""
        return self.step.minutes * 60 - self.elapsed_s


class Rooms(Processes):
    """The workshop room of an assessment. One is open at a time.

    Every change of an open room raises Gone when there is none.
    """

    _secret: Callable[[], bytes]

    @requires("run")
    def open_room(self, engagement_id: EngagementId) -> RoomId:
        """Open a room with the nine steps and return its id; the one that is open, when there is one."""
        engagement, now = self.engagement(engagement_id), self._clock()
        for _ in range(_TRIES):
            if found := self._open(engagement_id):
                return found.id
            steps = standard_steps(tuple(StepId(self._new_id()) for _ in STANDARD_STEPS))
            room = Room(
                id=RoomId(self._new_id()),
                engagement_id=engagement.id,
                opened_at=now,
                step_id=steps[0].id,
                step_began_at=now,
                consensus=engagement.mode == "consensus",
            )
            try:
                self._store.open_room(room, self._hash(room.id), steps)
            except AlreadyThere:
                continue  # somebody opened one at the same time, or the code is another room's
            return room.id
        raise AlreadyThere("room", engagement_id)

    @requires("run")
    def room(self, engagement_id: EngagementId, room_id: RoomId | None = None) -> RoomView | None:
        """The open room, or the one asked for, over or not; None where there is none."""
        known = self.rooms(engagement_id)
        room = next((r for r in known if (r.closed_at is None if room_id is None else r.id == room_id)), None)
        if room is None:
            return None
        steps, ballots = tuple(self._store.room_steps(room.id)), tuple(self._store.ballots(room.id))
        latest = next((b for b in reversed(ballots) if b.step_id == room.step_id), None)
        return RoomView(
            room=room,
            code=self._code(room),
            steps=steps,
            step=next(s for s in steps if s.id == room.step_id),
            elapsed_s=seconds_since(room.step_began_at, room.closed_at or self._clock()),
            ballots=ballots,
            voted=self._store.voted(latest.step_id, latest.round) if latest else 0,
            joined=self._store.joined(room.id),
            k=self.engagement(engagement_id).k,
        )

    @requires("run")
    def rooms(self, engagement_id: EngagementId) -> tuple[Room, ...]:
        """The assessment's rooms: the open one, then those that are over, the latest first."""
        return tuple(self._store.rooms(self.engagement(engagement_id).id))

    @requires("run")
    def close_room(self, engagement_id: EngagementId) -> None:
        """End the workshop; its code opens nothing more. What is not revealed by then never is."""
        self._change(engagement_id, closed_at=self._clock())

    @requires("run")
    def delete_room(self, engagement_id: EngagementId, room_id: RoomId) -> None:
        """Erase a room with everything that was said and voted in it, for good. Raises: Gone."""
        self._store.delete_room(engagement_id, room_id)
        self._note("room_erased", engagement_id)

    # ------------------------------------------------------------------ the agenda

    @requires("run")
    def go_to_step(self, engagement_id: EngagementId, step_id: StepId) -> None:
        """Go to a step, or begin it anew; its clock starts. Who goes to a step that was skipped takes it after all."""
        room = self._opened(engagement_id)
        if self._step(room, step_id).skipped:
            self._store.change_room_step(engagement_id, room.id, step_id, {"skipped": False})
        self._change(engagement_id, step_id=step_id, step_began_at=self._clock())

    @requires("run")
    def next_step(self, engagement_id: EngagementId) -> None:
        """Go on to the next step that is not skipped; at the end nothing happens."""
        self._move(engagement_id, +1)

    @requires("run")
    def previous_step(self, engagement_id: EngagementId) -> None:
        """Go back to the step before that is not skipped; at the beginning nothing happens."""
        self._move(engagement_id, -1)

    @requires("run")
    def skip_step(self, engagement_id: EngagementId, step_id: StepId, *, skipped: bool = True) -> None:
        """Pass over a step when going on, or no longer; from the one the room is in it goes on at once."""
        room = self._opened(engagement_id)
        self._store.change_room_step(engagement_id, room.id, step_id, {"skipped": skipped})
        if skipped and step_id == room.step_id:
            self.next_step(engagement_id)

    @requires("run")
    def order_steps(self, engagement_id: EngagementId, step_ids: Sequence[StepId]) -> None:
        """Take the steps in this order. Raises: ValueError unless each is there once."""
        room = self._opened(engagement_id)
        if sorted(step_ids) != sorted(s.id for s in self._store.room_steps(room.id)):
            raise ValueError("an order has every step once")
        self._store.order_room_steps(engagement_id, room.id, step_ids)

    @requires("run")
    def set_step_minutes(self, engagement_id: EngagementId, step_id: StepId, minutes: int) -> None:
        """Give a step another length. Raises: ValueError."""
        self._store.change_room_step(engagement_id, self._opened(engagement_id).id, step_id, {"minutes": minutes})

    @requires("run")
    def describe_step(self, engagement_id: EngagementId, step_id: StepId, given: Mapping[str, object]) -> None:
        """Say a step's title, text, note or outcome; what is not given stays, and empty words are none.

        Raises: ValueError, also for an own step without a title.
        """
        kept = {field: filled(value) for field, value in given.items()}
        room = self._opened(engagement_id)
        if kept.keys() - _TOLD:
            raise ValueError("only words are said here")
        if self._step(room, step_id).kind == "own" and kept.get("title", "") is None:
            raise ValueError("an own step has a title")
        self._store.change_room_step(engagement_id, room.id, step_id, kept)

    @requires("run")
    def add_own_step(self, engagement_id: EngagementId, title: str, minutes: int = OWN_MINUTES) -> StepId:
        """Add a step of one's own after the one the room is in, and return its id. Raises: ValueError."""
        room = self._opened(engagement_id)
        order = [s.id for s in self._store.room_steps(room.id)]
        made = {"id": self._new_id(), "position": len(order), "kind": "own", "title": title, "minutes": minutes}
        step = RoomStep.model_validate(made)
        self._store.add_room_step(engagement_id, room.id, step)
        order.insert(order.index(room.step_id) + 1, step.id)
        self._store.order_room_steps(engagement_id, room.id, order)
        return step.id

    @requires("run")
    def remove_step(self, engagement_id: EngagementId, step_id: StepId) -> RoomStep:
        """Take out an own step, and return it as it was, so that `restore_step` can undo this.

        Raises: ValueError for one of ours, which is skipped instead, for the step the room is in, and for one that
        something was voted on in.
        """
        room = self._opened(engagement_id)
        voted_on = any(b.step_id == step_id for b in self._store.ballots(room.id))
        if self._step(room, step_id).kind != "own" or step_id == room.step_id or voted_on:
            raise ValueError("only an own step that nothing has happened in is taken out")
        return self._store.remove_room_step(engagement_id, room.id, step_id)

    @requires("run")
    def restore_step(self, engagement_id: EngagementId, step: RoomStep) -> None:
        """Undo `remove_step`. Raises: AlreadyThere."""
        room = self._opened(engagement_id)
        order = [s.id for s in self._store.room_steps(room.id)]
        self._store.add_room_step(engagement_id, room.id, step)
        order.insert(step.position, step.id)
        self._store.order_room_steps(engagement_id, room.id, order)

    # ------------------------------------------------------------------ the screen

    @requires("run")
    def set_wifi(self, engagement_id: EngagementId, name: str | None, password: str | None = None) -> None:
        """Say which net the phones join; no name: none is shown. No password is an open net. Raises: ValueError."""
        called = name or None
        self._change(engagement_id, wifi_name=called, wifi_password=(password or None) if called else None)

    @requires("run")
    def hide_screen(self, engagement_id: EngagementId) -> None:
        """Cover the screen."""
        self._change(engagement_id, hidden=True)

    @requires("run")
    def show_screen(self, engagement_id: EngagementId) -> None:
        """Uncover the screen."""
        self._change(engagement_id, hidden=False)

    @requires("run")
    def set_consensus(self, engagement_id: EngagementId, consensus: bool) -> None:
        """Agree on one answer together from the next ballot on, or vote on phones; one that is open stays as it is."""
        self._change(engagement_id, consensus=consensus)

    # ------------------------------------------------------------------ voting

    @requires("run")
    def open_ballot(self, engagement_id: EngagementId, kind: BallotKind, questions: Sequence[Question] = ()) -> None:
        """Begin a round of voting in this step.

        questions: for "items" ids of the full set, for "classes" of processes, for "dots" of actions, or proposals with
        their words; a pulse has its own.
        Raises: AlreadyThere while one is open; Gone for a process that is not there; ValueError.
        """
        room = self._opened(engagement_id)
        rounds = self._rounds(room)
        if rounds and rounds[-1].revealed_at is None:
            raise AlreadyThere("room", room.step_id)
        asked = self._asked(engagement_id, kind, questions)
        if len({q.id for q in asked}) != len(asked):
            raise ValueError("a question is asked once")
        ballot = Ballot(
            step_id=room.step_id,
            round=len(rounds) + 1,
            kind=kind,
            questions=asked,
            together=room.consensus,
            opened_at=self._clock(),
        )
        self._store.open_ballot(engagement_id, room.id, ballot)

    @requires("run")
    def agree(self, engagement_id: EngagementId, answers: Mapping[str, str | None]) -> None:
        """Keep what the room agrees on, by question, beside what it agreed on before; None takes it back.

        Raises: Closed where phones vote, or when it is revealed; Gone without a ballot; ValueError.
        """
        room = self._opened(engagement_id)
        ballot = self._latest(room)
        if any(value is not None and value not in ballot.options(id_) for id_, value in answers.items()):
            raise ValueError("not an answer to this")
        agreed = {id_: value for id_, value in ({**ballot.agreed, **answers}).items() if value is not None}
        self._store.agree_on_ballot(engagement_id, room.id, ballot.step_id, ballot.round, agreed)

    @requires("run")
    def reveal(self, engagement_id: EngagementId) -> None:
        """Show what this step's ballot gave, on every screen and phone; the round is over for good.

        Raises: Closed when it is revealed already; Gone without one.
        """
        room, k = self._opened(engagement_id), self.engagement(engagement_id).k
        ballot = self._latest(room)
        made = partial(tally, k=k)
        self._store.reveal_ballot(engagement_id, room.id, ballot.step_id, ballot.round, self._clock(), made)

    @requires("run")
    def revote(self, engagement_id: EngagementId) -> None:
        """Ask the same once more, beside the round before. Raises: Closed before that is revealed."""
        ballot = self._latest(self._opened(engagement_id))
        if ballot.revealed_at is None:
            raise Closed("room", ballot.step_id)
        self.open_ballot(engagement_id, ballot.kind, ballot.questions)

    @requires("run")
    def take_over_classes(self, engagement_id: EngagementId) -> Mapping[ProcessId, ProcessClass]:
        """Let what most of the room chose be the client's class, of the processes that side has not judged; compare.

        Each process by the latest round that was revealed; of one with two equal classes, or too few answers, nothing.
        Before anything is revealed nothing is compared either, since that is for good. Returns: what was taken over.
        """
        room, open_ = self._opened(engagement_id), self.judgements(engagement_id, "client")
        chosen: dict[str, ProcessClass] = {}
        for ballot in self._store.ballots(room.id):
            if ballot.kind == "classes" and ballot.outcome is not None:
                agreed = ballot.outcome.agreed or {}
                found = {q.id: agreed.get(q.id, q.leading) for q in ballot.outcome.questions}
                chosen |= {id_: class_ for id_, class_ in found.items() if class_ is not None}  # type: ignore[misc]  # the ballot's options
        taken = {id_: chosen[id_] for id_, judged in open_.items() if judged is None and id_ in chosen}
        for process_id, class_ in taken.items():
            self.judge_process(engagement_id, process_id, "client", class_)
        if chosen:
            self.compare_classes(engagement_id)
        return taken

    # ------------------------------------------------------------------ parts

    def _open(self, engagement_id: EngagementId) -> Room | None:
        return next((r for r in self.rooms(engagement_id) if r.closed_at is None), None)

    def _opened(self, engagement_id: EngagementId) -> Room:
        found = self._open(engagement_id)
        if found is None:
            raise Gone("room", engagement_id)
        return found

    def _change(self, engagement_id: EngagementId, **fields: object) -> None:
        self._store.change_room(engagement_id, self._opened(engagement_id).id, fields)

    def _step(self, room: Room, step_id: StepId) -> RoomStep:
        found = next((s for s in self._store.room_steps(room.id) if s.id == step_id), None)
        if found is None:
            raise Gone("room", step_id)
        return found

    def _move(self, engagement_id: EngagementId, by: int) -> None:
        room = self._opened(engagement_id)
        steps = [s for s in self._store.room_steps(room.id) if not s.skipped or s.id == room.step_id]
        place = next(n for n, s in enumerate(steps) if s.id == room.step_id) + by
        if 0 <= place < len(steps):
            self._change(engagement_id, step_id=steps[place].id, step_began_at=self._clock())

    def _rounds(self, room: Room) -> list[Ballot]:
        return [b for b in self._store.ballots(room.id) if b.step_id == room.step_id]

    def _latest(self, room: Room) -> Ballot:
        rounds = self._rounds(room)
        if not rounds:
            raise Gone("room", room.step_id)
        return rounds[-1]

    def _asked(
        self, engagement_id: EngagementId, kind: BallotKind, questions: Sequence[Question]
    ) -> tuple[Question, ...]:
        """The questions with the words they need."""
        if kind == "pulse":
            return pulse_questions()
        if kind == "items":
            if {q.id for q in questions} - {i.id for i in builtin("full").items}:
                raise ValueError("not an item of the full set")
            return tuple(Question(id=q.id) for q in questions)
        if kind == "classes":
            if len(questions) > CLASSES_MAX:
                raise ValueError(f"each marks {CLASSES_MAX} processes at most")
            return tuple(self._process_question(engagement_id, ProcessId(q.id)) for q in questions)
        titles = {a.id: a.title for a in self._store.actions(engagement_id)}
        named = tuple(q if q.nb or q.en else Question(id=q.id, nb=titles.get(q.id)) for q in questions)  # type: ignore[call-overload]
        if any(q.words("nb") is None for q in named):
            raise ValueError("what gets dots has words")
        return named

    def _process_question(self, engagement_id: EngagementId, process_id: ProcessId) -> Question:
        process = self._process(engagement_id, process_id)
        return Question(
            id=process.id, nb=process_catalogue.name(process, "nb"), en=process_catalogue.name(process, "en")
        )

    def _code(self, room: Room) -> str | None:
        found = self._store.room_by_code(self._hash(room.id))
        return code_of(self._secret(), room.id) if found is not None and found.id == room.id else None

    def _hash(self, room_id: RoomId) -> str:
        return code_hash(self._secret(), code_of(self._secret(), room_id))
