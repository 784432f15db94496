"""The workshop as the room sees it on a projector: one message and one picture a step, and nothing that identifies."""

import datetime as dt
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from assessment.diagnoses import Judged
from assessment.engagement import Engagement
from assessment.results import Results
from assessment.store.protocol import StoreError
from assessment.use_cases import utc_now
from assessment.wording import (
    brief_words,
    diagnosis_words,
    maturity_words,
    process_words,
    room_words,
    strategy_words,
    stream_words,
    words,
)
from assessment.workshop.agenda import agenda
from assessment.workshop.records import StepKind
from assessment.workshop.rooms import RoomView
from pages import diagnosis, maturity, strategy
from pages.ui import (
    errors,
    inviting,
    parts,
    process_classes,
    room_ballots,
    room_parts,
    room_tools,
    session,
    stream_charts,
)

SCRIPT: Final = (Path(__file__).parent / "ui" / "screen.js").read_text(encoding="utf-8")
SCALE: Final = 1.35
FOLLOW_S: Final = 1.0
FINDINGS_MAX: Final = 4
WINS_MAX: Final = 5
ROWS_MAX: Final = 6


def render() -> None:
    """Draw what the room is to see now, and follow it."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.screen"), texts("workshop.none"), (texts("start.begin"), "begin"))
        return
    view = session.service().room(opened.id)
    with st.container(key="screen"):
        if view is None:
            parts.empty(texts("page.screen"), texts("screen.none"), (texts("screen.to_workshop"), "workshop"))
        else:
            _draw(opened, view)
    drawn = "" if view is None else f"{view.room.id} {view.room.revision}"
    st.html(SCRIPT.replace("{drawn}", drawn), unsafe_allow_javascript=True)
    _follow(opened, _state(opened, view))


@st.fragment(run_every=FOLLOW_S)
def _follow(opened: Engagement, seen: tuple[int, str, int]) -> None:
    """Draw the page anew when the room has moved or a figure was typed; in between only the number of votes changes."""
    try:
        view, now = session.service().room(opened.id), session.service().engagement(opened.id)
    except StoreError as error:  # deleted or revoked since: this runs outside the shell's error boundary
        st.warning(errors.sentence(error))
        return
    if _state(now, view) != seen:
        st.rerun(scope="app")
    if view is not None and not view.room.hidden:
        _count(view)


def _state(opened: Engagement, view: RoomView | None) -> tuple[int, str, int]:
    return (opened.revision, *(("", 0) if view is None else (view.room.id, view.room.revision)))


def _count(view: RoomView) -> None:
    ballot = view.ballot
    if ballot is not None and ballot.revealed_at is None and not ballot.together:
        with st.container(key="screen_count"):
            st.html(f"<p role='status'>{escape(room_ballots.counted(view))}</p>")
    elif view.step.kind == "frame":
        with st.container(key="screen_count"):
            st.html(f"<p role='status'>{escape(session.texts().plural('workshop.joined', view.joined))}</p>")


def _draw(opened: Engagement, view: RoomView) -> None:
    if view.room.hidden:
        with st.container(key="covered"):
            _covered(opened, view)
        return
    ballot = view.ballot
    parts.title(room_words.title(view.step))
    if ballot is not None and ballot.revealed_at is None:
        _voting(opened, view)
    else:
        _STEPS[view.step.kind](opened, view)


def _covered(opened: Engagement, view: RoomView) -> None:
    texts = session.texts()
    parts.title(opened.name)
    until = view.room.step_began_at + dt.timedelta(minutes=view.step.minutes)
    said = texts("screen.soon")
    if until > utc_now():
        said = texts("screen.back_at", time=until.astimezone(inviting.zone()).strftime("%H:%M"))
    parts.lead(said)


def _voting(opened: Engagement, view: RoomView) -> None:
    """What is voted on and the way in; of the votes only how many, which `_follow` draws."""
    texts, ballot = session.texts(), view.ballot
    assert ballot is not None
    if ballot.together:
        parts.message(texts("screen.together"))
        parts.bullets([room_words.question(ballot.kind, asked) for asked in ballot.questions])
        return
    parts.message(texts(f"screen.voting.{ballot.kind}"))
    _join(view)
    results = room_ballots.measured(opened) if ballot.kind == "items" else None
    if results is not None:
        for asked in ballot.questions:
            room_parts.anchors(asked.id, *room_parts.ends(results, asked.id))


def _join(view: RoomView) -> None:
    if view.code is not None:
        room_parts.join(view.room, view.code)


# ---------------------------------------------------------------- the steps


def _frame(opened: Engagement, view: RoomView) -> None:
    texts = session.texts()
    parts.message(opened.name, room_words.mandate(session.service().mandate(opened.id)))
    left, right = st.columns([3, 2], gap="large")
    with left:
        rows = "".join(
            f"<li><span>{escape(room_words.title(step))}</span>"
            f"<b>{escape(texts('screen.minutes', n=step.minutes))}</b></li>"
            for step in view.steps
            if not step.skipped
        )
        st.html(f"<ol class='sf-ranked'>{rows}</ol>")
    with right:
        _join(view)


def _pulse(opened: Engagement, view: RoomView) -> None:
    ballot = view.ballot
    if ballot is None:
        parts.message(session.texts()("screen.soon_pulse"))
        _join(view)
    else:
        _gave(opened, view)


def _gave(opened: Engagement, view: RoomView) -> None:
    ballot = view.ballot
    assert ballot is not None
    room_parts.given(ballot, room_parts.before(view, ballot, room_ballots.measured(opened)))


def _result(opened: Engagement, view: RoomView) -> None:
    results = room_ballots.measured(opened)
    if results is None:
        parts.lead(session.texts()("screen.no_result"))
        return
    if view.ballot is not None:
        parts.message(session.texts()("screen.revote"))
        _gave(opened, view)
        return
    chosen = room_tools.topics_of(results, view.step)
    if chosen:
        parts.message(session.texts().listing([words.name_of(results.pack, c) for c in chosen]))
        for item in room_tools.items_of(results, chosen):
            room_parts.anchors(item, *room_parts.ends(results, item))
        return
    _standing_out(results)


def _standing_out(results: Results) -> None:
    found = agenda(results.score)
    said = room_tools.standing_out(results, found)
    parts.message(*maturity_words.message(results)[:1])
    left, right = st.columns([2, 1], gap="large")
    with left:
        maturity.profile_chart(results, SCALE, only=room_tools.named(found))
    with right:
        parts.bullets(said)


def _classify(opened: Engagement, view: RoomView) -> None:
    found = session.service().processes(opened.id)
    if found.comparison is not None and (view.ballot is None or not found.waiting):
        parts.message(*process_words.sentences(found))
        if found.disagreements:
            rows = [process_classes.told(d) for d in found.disagreements[:ROWS_MAX]]
            parts.table(pd.DataFrame(rows))
    elif view.ballot is not None:
        _gave(opened, view)
    else:
        parts.message(session.texts()("screen.classify"))
        parts.bullets([session.texts()(f"processes.test.{c}") for c in ("core", "management", "support")])


def _walk(opened: Engagement, view: RoomView) -> None:
    told = session.stream(opened)
    if not told.chain:
        parts.lead(session.texts()("screen.no_stream"))
        return
    parts.message(*stream_words.message(told)[:1])
    left, right = st.columns([3, 1], gap="large")
    with left:
        stream_charts.strip(told, told.chain, SCALE)
    with right:
        parts.bullets(room_tools.flow_facts(told))


def _diagnosis(opened: Engagement, view: RoomView) -> None:
    results = room_ballots.measured(opened)
    found = None if results is None else session.diagnosis(opened)
    if results is None or found is None:
        parts.lead(session.texts()("screen.no_result"))
        return
    parts.message(diagnosis_words.message(found)[0])
    shown = [f for f in found.findings if f.said.decided != "rejected"]
    st.html("<ul class='sf-findings'>" + "".join(_finding(results, f) for f in shown[:FINDINGS_MAX]) + "</ul>")
    if len(shown) > FINDINGS_MAX:
        parts.note(session.texts().plural("screen.more_findings", len(shown) - FINDINGS_MAX))
    if found.signed is not None:
        parts.note(session.texts()("screen.signed", date=session.texts().day(found.signed.signed_at)))


def _finding(results: Results, judged: Judged) -> str:
    texts, known = session.texts(), judged.diagnosis
    sure = "" if known is None else texts(f"strategy.confidence.{known.confidence}")
    facts = (
        [] if known is None else diagnosis_words.facts(results.pack, diagnosis.state_of(results), known.evidence)[:2]
    )
    told = "".join(f"<p>{escape(fact)}</p>" for fact in facts)
    name = escape(diagnosis_words.finding(judged))
    return f"<li><b>{name}</b> <span class='sf-muted'>{escape(sure)}</span>{told}</li>"


def _strategy(opened: Engagement, view: RoomView) -> None:
    results = room_ballots.measured(opened)
    advice = None if results is None else session.advice(opened)
    if results is None or advice is None:
        parts.lead(session.texts()("screen.no_result"))
        return
    decisions = session.service().strategy_decisions(opened.id)
    chosen = [session.texts()("decision.lead", name=session.texts()(f"strategy.{decisions[0].strategy}"))]
    parts.message(strategy_words.lead(advice.recommendation), *(chosen if decisions and decisions[0].strategy else []))
    left, right = st.columns([3, 2], gap="large")
    with left:
        strategy.ranking_chart(results, advice.recommendation, SCALE)
    with right:
        if advice.recommendation.counterfactuals:
            strategy.change_cards(advice.recommendation)


def _quick_wins(opened: Engagement, view: RoomView) -> None:
    texts, found = session.texts(), session.service().plan(opened.id)
    parts.message(texts.plural("workshop.wins", len(found.quick_wins)))
    if view.ballot is not None:
        _gave(opened, view)
    if found.quick_wins:
        parts.table(pd.DataFrame([room_tools.win_row(found, action) for action in found.quick_wins[:WINS_MAX]]))


def _brief(opened: Engagement, view: RoomView) -> None:
    texts, results = session.texts(), room_ballots.measured(opened)
    advice = None if results is None else session.advice(opened)
    if results is None or advice is None:
        parts.lead(texts("screen.no_result"))
        return
    parts.message(texts(f"actions.training.{advice.training}"), room_tools.next_date(opened))
    service = session.service()
    decisions, added = service.strategy_decisions(opened.id), service.training_brief(opened.id)
    said = brief_words.said(results, advice, decisions, added, None)
    for column, section in zip(st.columns(2, gap="large"), ("steps", "obstacles"), strict=True):
        with column:
            parts.section(texts(f"training_brief.section.{section}"))
            parts.bullets((said[section] or [texts(f"training_brief.nothing.{section}")])[:FINDINGS_MAX])


def _own(opened: Engagement, view: RoomView) -> None:
    if view.step.text:
        parts.lead(*view.step.text.splitlines())


_STEPS: Final[Mapping[StepKind, Callable[[Engagement, RoomView], None]]] = {
    "frame": _frame,
    "pulse": _pulse,
    "result": _result,
    "classify": _classify,
    "walk": _walk,
    "diagnosis": _diagnosis,
    "strategy": _strategy,
    "quick_wins": _quick_wins,
    "brief": _brief,
    "own": _own,
}
