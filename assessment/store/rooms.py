"""The tables of the workshop room.

What happens in a room raises the room's own revision and not the engagement's: no result depends on it, and a step
every few minutes must not have every result scored anew.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from assessment.engagement import EngagementId
from assessment.store.database import Database
from assessment.store.protocol import Closed, Gone
from assessment.store.tables import (
    Tables,
    all_rows,
    change_row,
    insert_row,
    instant,
    one_row,
    owned_row,
    refuse_deleted,
    row_of,
    unless_taken,
)
from assessment.workshop.records import Ballot, BallotOutcome, Beat, Room, RoomId, RoomStep, StepId, Vote, VoterId

_JSON: Final = frozenset({"questions", "agreed", "outcome"})
_ROOMS: Final = "SELECT * FROM rooms WHERE engagement_id = ? ORDER BY closed_at IS NOT NULL, opened_at DESC, id"
_BY_CODE: Final = "SELECT * FROM rooms WHERE code_hash = ?"
_STEPS: Final = "SELECT * FROM room_steps WHERE room_id = ? ORDER BY position, id"
_BALLOTS: Final = """
    SELECT room_ballots.* FROM room_ballots JOIN room_steps ON room_steps.id = step_id WHERE room_id = ?
    ORDER BY position, step_id, round
"""
_BALLOT: Final = "SELECT * FROM room_ballots WHERE step_id = ? AND round = ?"
_VOTES: Final = "SELECT * FROM room_votes WHERE step_id = ? AND round = ?"
_VOTED: Final = "SELECT count(DISTINCT voter) FROM room_votes WHERE step_id = ? AND round = ?"
_OWN: Final = "SELECT question, value FROM room_votes WHERE step_id = ? AND round = ? AND voter = ?"
_CAST: Final = """
    INSERT INTO room_votes (step_id, round, voter, question, value) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (step_id, round, voter, question) DO UPDATE SET value = excluded.value
"""
_WITHDRAW: Final = "DELETE FROM room_votes WHERE step_id = ? AND round = ? AND voter = ? AND question = ?"
_JOIN: Final = "INSERT INTO room_phones (room_id, voter) VALUES (?, ?) ON CONFLICT DO NOTHING"
_BEAT: Final = """
    SELECT revision, (
        SELECT count(DISTINCT voter) FROM room_votes WHERE room_votes.step_id = rooms.step_id
        AND round = (SELECT max(round) FROM room_ballots WHERE room_ballots.step_id = rooms.step_id)
    ) FROM rooms WHERE id = ?
"""
_CHANGED: Final = "UPDATE rooms SET revision = revision + 1 WHERE id = ?"
# changes nothing, but holds the room: what is revealed meanwhile waits, or this does
_HOLD: Final = "UPDATE rooms SET revision = revision WHERE id = ? RETURNING closed_at"


class RoomTables(Tables):
    """The part of `Store` that keeps workshop rooms."""

    def open_room(self, room: Room, code_hash: str, steps: Sequence[RoomStep]) -> None:
        with self._writing() as db:
            refuse_deleted(one_row(db, "engagement", room.engagement_id))
            insert_row(db, "rooms", row_of(room) | {"code_hash": code_hash}, "room", room.id)
            for step in steps:
                insert_row(db, "room_steps", {"room_id": room.id, **row_of(step)}, "room", step.id)

    def rooms(self, engagement_id: EngagementId) -> Sequence[Room]:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return [_room(row) for row in all_rows(db, _ROOMS, [engagement_id])]

    def room_by_code(self, code_hash: str) -> Room | None:
        with self._reading() as db:
            found = all_rows(db, _BY_CODE, [code_hash])
        return _room(found[0]) if found else None

    def change_room(self, engagement_id: EngagementId, room_id: RoomId, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            room = _open(db, engagement_id, room_id)
            if "step_id" in fields:
                _step(db, room_id, str(fields["step_id"]))
            change_row(db, "rooms", room, room_id, fields)

    def delete_room(self, engagement_id: EngagementId, room_id: RoomId) -> None:
        with self._writing() as db:
            refuse_deleted(one_row(db, "engagement", engagement_id))
            owned_row(db, "rooms", "room", engagement_id, room_id)
            db.execute("DELETE FROM rooms WHERE id = ?", [room_id])
        self._empty_log()

    def room_steps(self, room_id: RoomId) -> Sequence[RoomStep]:
        with self._reading() as db:
            return [_as_step(row) for row in all_rows(db, _STEPS, [room_id])]

    def add_room_step(self, engagement_id: EngagementId, room_id: RoomId, step: RoomStep) -> None:
        with self._writing() as db:
            _open(db, engagement_id, room_id)
            insert_row(db, "room_steps", {"room_id": room_id, **row_of(step)}, "room", step.id)

    def change_room_step(
        self, engagement_id: EngagementId, room_id: RoomId, step_id: StepId, fields: Mapping[str, object]
    ) -> None:
        with self._writing() as db:
            _open(db, engagement_id, room_id)
            change_row(db, "room_steps", _as_step(_step(db, room_id, step_id)), step_id, fields)

    def remove_room_step(self, engagement_id: EngagementId, room_id: RoomId, step_id: StepId) -> RoomStep:
        with self._writing() as db:
            _open(db, engagement_id, room_id)
            step = _as_step(_step(db, room_id, step_id))
            db.execute("DELETE FROM room_steps WHERE id = ?", [step_id])
            return step

    def order_room_steps(self, engagement_id: EngagementId, room_id: RoomId, step_ids: Sequence[StepId]) -> None:
        with self._writing() as db:
            _open(db, engagement_id, room_id)
            for step_id in step_ids:
                _step(db, room_id, step_id)
            placed = list(enumerate(step_ids))
            db.conn.executemany("UPDATE room_steps SET position = ? WHERE id = ?", placed)

    def ballots(self, room_id: RoomId) -> Sequence[Ballot]:
        with self._reading() as db:
            return [_ballot(row) for row in all_rows(db, _BALLOTS, [room_id])]

    def open_ballot(self, engagement_id: EngagementId, room_id: RoomId, ballot: Ballot) -> None:
        with self._writing() as db:
            _open(db, engagement_id, room_id)
            _step(db, room_id, ballot.step_id)
            with unless_taken("room", ballot.step_id):
                db.table("room_ballots").insert(_ballot_row(ballot))

    def agree_on_ballot(
        self, engagement_id: EngagementId, room_id: RoomId, step_id: StepId, round_: int, agreed: Mapping[str, str]
    ) -> None:
        with self._writing() as db:
            _open(db, engagement_id, room_id)
            _unrevealed(db, step_id, round_, together=True)
            sql = "UPDATE room_ballots SET agreed = ? WHERE step_id = ? AND round = ?"
            db.execute(sql, [json.dumps(dict(agreed)), step_id, round_])

    def reveal_ballot(
        self,
        engagement_id: EngagementId,
        room_id: RoomId,
        step_id: StepId,
        round_: int,
        at: datetime,
        tally: Callable[[Ballot, Sequence[Vote]], BallotOutcome],
    ) -> None:
        with self._writing() as db:  # nobody votes while it is counted
            _open(db, engagement_id, room_id)
            ballot = _unrevealed(db, step_id, round_)
            votes = [Vote.model_validate(row) for row in all_rows(db, _VOTES, [step_id, round_])]
            outcome = tally(ballot, votes).model_dump_json()
            sql = "UPDATE room_ballots SET revealed_at = ?, outcome = ? WHERE step_id = ? AND round = ?"
            db.execute(sql, [instant(at), outcome, step_id, round_])

    def cast_votes(
        self, room_id: RoomId, step_id: StepId, round_: int, voter: VoterId, values: Mapping[str, str | None]
    ) -> None:
        with self._writing() as db:
            _refuse_closed(db, room_id)
            _step(db, room_id, step_id)
            _unrevealed(db, step_id, round_, together=False)
            for question, value in values.items():
                key = [step_id, round_, voter, question]
                db.execute(_WITHDRAW if value is None else _CAST, key if value is None else [*key, value])

    def own_votes(self, step_id: StepId, round_: int, voter: VoterId) -> Mapping[str, str]:
        with self._reading() as db:
            return dict(db.execute(_OWN, [step_id, round_, voter]).fetchall())

    def voted(self, step_id: StepId, round_: int) -> int:
        with self._reading() as db:
            return int(db.execute(_VOTED, [step_id, round_]).fetchone()[0])

    def join_room(self, room_id: RoomId, voter: VoterId) -> None:
        with self._writing() as db:
            _refuse_closed(db, room_id)
            db.execute(_JOIN, [room_id, voter])

    def joined(self, room_id: RoomId) -> int:
        with self._reading() as db:
            return int(db.execute("SELECT count(*) FROM room_phones WHERE room_id = ?", [room_id]).fetchone()[0])

    def room_beat(self, room_id: RoomId) -> Beat | None:
        with self._reading() as db:
            found = db.execute(_BEAT, [room_id]).fetchone()
        return None if found is None else Beat(revision=found[0], voted=found[1])


def _open(db: Database, engagement_id: str, room_id: str) -> Room:
    """Count a change of an open room of the engagement, and give it as it was. Raises: Gone, Closed."""
    refuse_deleted(one_row(db, "engagement", engagement_id))
    db.execute(_CHANGED, [room_id])
    room = _room(owned_row(db, "rooms", "room", engagement_id, room_id))
    if room.closed_at is not None:
        raise Closed("room", room_id)
    return room


def _refuse_closed(db: Database, room_id: str) -> None:
    found = db.execute(_HOLD, [room_id]).fetchall()
    if not found:
        raise Gone("room", room_id)
    if found[0][0] is not None:
        raise Closed("room", room_id)


def _step(db: Database, room_id: str, step_id: str) -> dict[str, Any]:
    found = all_rows(db, "SELECT * FROM room_steps WHERE id = ? AND room_id = ?", [step_id, room_id])
    if not found:
        raise Gone("room", step_id)
    return found[0]


def _unrevealed(db: Database, step_id: str, round_: int, *, together: bool | None = None) -> Ballot:
    """The ballot while it goes on. Raises: Gone; Closed when it is revealed, or is answered the other way."""
    found = all_rows(db, _BALLOT, [step_id, round_])
    if not found:
        raise Gone("room", step_id)
    ballot = _ballot(found[0])
    if ballot.revealed_at is not None or together not in (None, ballot.together):
        raise Closed("room", step_id)
    return ballot


def _room(row: Mapping[str, Any]) -> Room:
    return Room.model_validate({name: row[name] for name in Room.model_fields})


def _as_step(row: Mapping[str, Any]) -> RoomStep:
    return RoomStep.model_validate({name: row[name] for name in RoomStep.model_fields})


def _ballot(row: Mapping[str, Any]) -> Ballot:
    told = {name: json.loads(row[name]) for name in _JSON if row[name] is not None}
    return Ballot.model_validate({**row, **told})


def _ballot_row(ballot: Ballot) -> dict[str, Any]:
    told = ballot.model_dump(mode="json", include=set(_JSON))
    return row_of(ballot, leave_out=_JSON) | {n: None if v is None else json.dumps(v) for n, v in told.items()}
