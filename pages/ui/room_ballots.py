"""Voting in a room: opening a round, how many have voted, what the room agrees on together, and voting again."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from assessment.engagement import Engagement
from assessment.results import Results
from assessment.scoring import findings
from assessment.wording import room_words
from assessment.workshop.records import GUESS_LEVEL, GUESS_LOWEST, Ballot, BallotKind, Question
from assessment.workshop.rooms import RoomView
from pages.ui import choices, fields, parts, room_parts, session

VOTING: Final = "room_voting"


def measured(opened: Engagement) -> Results | None:
    """The result the room talks about: of the full set, and of a round that is closed; None where there is none yet."""
    results = session.results(opened)
    still_open = opened.mode == "anonymous" and results.wave.closed_at is None
    if still_open or results.pack.id != "full" or not findings.scored(results.score):
        return None
    return results


def counted(view: RoomView) -> str:
    """How many phones are here and how many have voted, with whether that is enough to show anything."""
    texts, ballot = session.texts(), view.ballot
    here = texts.plural("workshop.joined", view.joined)
    if ballot is None or ballot.revealed_at is not None or ballot.together:
        return here
    said = texts("workshop.voted", n=texts.number(view.voted, 0), of=texts.number(max(view.joined, view.voted), 0))
    short = "" if view.voted >= view.k else texts("workshop.needs", k=view.k)
    return " ".join(filter(None, [said, short]))


def draw(
    opened: Engagement, view: RoomView, kind: BallotKind, questions: Sequence[Question], *, ready: bool = True
) -> None:
    """Draw where the voting stands: the button that begins it, what to wait for, or what it gave.

    questions: of a new round. ready: whether there is anything to begin.
    """
    texts, ballot = session.texts(), view.ballot
    if ballot is not None and ballot.revealed_at is None:
        _waiting(opened, ballot)
    elif ballot is not None:
        room_parts.given(ballot, room_parts.before(view, ballot, measured(opened)))
    if ballot is None or ballot.revealed_at is not None:
        with st.container(horizontal=True):
            if ballot is None or kind != "pulse":
                label = texts(f"workshop.begin.{kind}")
                act = _beginning(opened, kind, questions)
                st.button(label, key=f"room_begin_{kind}", disabled=not ready, on_click=write, args=(act,))
            if ballot is not None:
                again = session.service().revote
                st.button(texts("workshop.revote"), key="room_revote", on_click=write, args=(lambda: again(opened.id),))
    fields.refused(VOTING)


def _beginning(opened: Engagement, kind: BallotKind, questions: Sequence[Question]) -> Callable[[], object]:
    return lambda: session.service().open_ballot(opened.id, kind, questions)


def write(act: Callable[[], object]) -> None:
    """Do something with the voting, and keep what went wrong for the line below it."""
    fields.write(VOTING, act, say=False)


def _waiting(opened: Engagement, ballot: Ballot) -> None:
    texts = session.texts()
    if not ballot.together:
        parts.note(texts(f"workshop.waiting.{ballot.kind}"))
        return
    parts.note(texts("workshop.together"))
    for asked in ballot.questions:
        if asked.id not in (GUESS_LEVEL, GUESS_LOWEST):
            _agree(opened, ballot, asked)
    fields.saved()


def _agree(opened: Engagement, ballot: Ballot, asked: Question) -> None:
    labels = {value: room_words.option(ballot.kind, asked.id, value) for value in ballot.options(asked.id)}
    choices.one(
        st.segmented_control,
        room_words.question(ballot.kind, asked),
        f"agree_{ballot.step_id}_{ballot.round}_{asked.id}",
        labels,
        ballot.agreed.get(asked.id),
        lambda value: session.service().agree(opened.id, {asked.id: value}),
    )
