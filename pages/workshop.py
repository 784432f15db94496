"""The workshop as the facilitator leads it: agenda and clock, what screen and phones show, and each step's tools."""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from assessment.engagement import Engagement, Wave
from assessment.store.protocol import StoreError
from assessment.use_cases import utc_now
from assessment.wording import room_words
from assessment.workshop.records import seconds_since
from assessment.workshop.rooms import RoomView
from pages.ui import choices, errors, fields, parts, room_agenda, room_ballots, room_parts, room_tools, session, undo

DO: Final = "room_do"
CLOSING: Final = "room_closing"
PARKING: Final = "room_park"
LIVE_S: Final = 2.0
DAYS_BEFORE: Final = 3
SCRIPT: Final = (Path(__file__).parent / "ui" / "room.js").read_text(encoding="utf-8")


def render() -> None:
    """Draw the open room of the engagement, or what a workshop is and whether all is ready for one."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.workshop"), texts("workshop.none"), (texts("start.begin"), "begin"))
        return
    view = session.service().room(opened.id)
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.workshop"))
    if view is None:
        _before(opened)
    else:
        _lead(opened, view)


# ---------------------------------------------------------------- before


def _before(opened: Engagement) -> None:
    texts = session.texts()
    parts.message(texts("workshop.lead"), texts("workshop.what"))
    st.button(texts("workshop.open"), type="primary", key="room_open", on_click=_do, args=(_open, opened))
    fields.refused(DO)
    parts.section(texts("workshop.before"))
    rows = "".join(_row(ready, said) for ready, said in _ready(opened))
    st.html(f"<ul class='sf-findings'>{rows}</ul>")
    parts.note(texts("workshop.before_note"))
    parts.section(texts("workshop.agenda_heading"))
    parts.bullets(room_agenda.standard())


def _open(opened: Engagement) -> None:
    session.service().open_room(opened.id)


def _row(ready: bool, said: str) -> str:
    texts = session.texts()
    mark, style = ("✓", "sf-ready") if ready else ("◆", "sf-warn")
    aloud = texts("workshop.ready" if ready else "workshop.not_ready")
    return (
        f"<li><span class='{style}' aria-hidden='true'>{mark}</span> "
        f"<span class='sf-aloud'>{escape(aloud)}</span>{escape(said)}</li>"
    )


def _ready(opened: Engagement) -> list[tuple[bool, str]]:
    """What should be there before a workshop, each with whether it is (method §8.1)."""
    texts, service = session.texts(), session.service()
    measured = [wave for wave in service.waves(opened.id) if wave.measures_maturity]
    answered = _answered(measured[-1] if measured else None, opened)
    points = sum(bool(reading.points) for reading in session.kpis(opened))
    kpis = texts.plural("workshop.ready.kpis", points) if points else texts("workshop.ready.no_kpis")
    found = service.processes(opened.id)
    done = found.shown + found.judged["consultant"]
    classes = texts("workshop.ready.classes", n=texts.number(done, 0), of=texts.number(len(found.processes), 0))
    all_done = bool(found.processes) and done == len(found.processes)
    return [answered, (points > 0, kpis), (all_done, classes if found.processes else texts("workshop.ready.no_list"))]


def _answered(wave: Wave | None, opened: Engagement) -> tuple[bool, str]:
    texts = session.texts()
    if opened.mode != "anonymous" or wave is None:
        seen = session.results(opened)
        known = bool(seen.own)
        return known, texts("workshop.ready.own" if known else "workshop.ready.no_answers")
    if wave.closed_at is None:
        return False, texts("workshop.ready.open")
    days = (utc_now() - wave.closed_at).days
    return days >= DAYS_BEFORE, texts.plural("workshop.ready.closed", days)


# ---------------------------------------------------------------- the open room


def _lead(opened: Engagement, view: RoomView) -> None:
    with st.container(key="room_bar"):
        _clock(view)
        _buttons(opened, view)
        fields.refused(DO)
        _live(opened, view.room.revision)
    agenda, step = st.columns([1, 3], gap="large")
    with agenda, st.container(key="room_agenda"):
        room_agenda.draw(opened, view)
    with step:
        _step(opened, view)
    _around(opened, view)


def _clock(view: RoomView) -> None:
    """How long the step and the whole have lasted; a script counts on, so that nothing is asked of the server."""
    texts = session.texts()
    planned = sum(step.minutes for step in view.steps if not step.skipped)
    told = {
        "step": (view.elapsed_s, view.step.minutes, texts("workshop.clock.step")),
        "all": (seconds_since(view.room.opened_at, utc_now()), planned, texts("workshop.clock.all")),
    }
    said = "".join(
        f"<p class='sf-clock' data-clock='{name}'><span>{escape(label)}</span> "
        f"<b>{escape(_time(seconds, minutes))}</b></p>"
        for name, (seconds, minutes, label) in told.items()
    )
    st.html(f"<div class='sf-clocks' role='timer' aria-live='off'>{said}</div>")
    about = {
        "clocks": {name: [seconds, minutes] for name, (seconds, minutes, _) in told.items()},
        "left": texts("workshop.clock.left", left="#", of="@"),
        "over": texts("workshop.clock.over", over="#", of="@"),
        "step": view.step.id,
    }
    st.html(SCRIPT.replace("{about}", json.dumps(about, ensure_ascii=False)), unsafe_allow_javascript=True)


def _time(seconds: int, minutes: int) -> str:
    texts, left = session.texts(), minutes * 60 - seconds
    minute, second = divmod(abs(left), 60)
    key, value = ("workshop.clock.left", "left") if left >= 0 else ("workshop.clock.over", "over")
    return texts(key, **{value: f"{minute}:{second:02}", "of": str(minutes)})


def _buttons(opened: Engagement, view: RoomView) -> None:
    """What leads the meeting; Reveal and Next come first for whoever uses the keyboard."""
    texts, service = session.texts(), session.service()
    voting = view.ballot is not None and view.ballot.revealed_at is None
    taken = [step.id for step in view.steps if not step.skipped or step.id == view.step.id]
    at = taken.index(view.step.id)
    with st.container(horizontal=True, key="room_buttons"):
        if voting:
            _button("workshop.reveal", "room_reveal", lambda: service.reveal(opened.id), primary=True)
        if at + 1 < len(taken):
            _button("workshop.next", "room_next", lambda: service.next_step(opened.id), primary=not voting)
        if at:
            _button("workshop.previous", "room_previous", lambda: service.previous_step(opened.id))
        if view.room.hidden:
            _button("workshop.show", "room_show", lambda: service.show_screen(opened.id))
        else:
            _button("workshop.cover", "room_cover", lambda: service.hide_screen(opened.id))
        st.link_button(texts("workshop.to_screen"), room_parts.own_address("screen"))


def _button(label: str, key: str, act: Callable[[], object], *, primary: bool = False) -> None:
    kind = "primary" if primary else "secondary"
    st.button(session.texts()(label), key=key, type=kind, on_click=_do, args=(act,))  # type: ignore[arg-type]


def _do(act: Callable[..., object], *about: object) -> None:
    fields.write(DO, lambda: act(*about), say=False)


@st.fragment(run_every=LIVE_S)
def _live(opened: Engagement, seen: int) -> None:
    """How many are here and have voted, asked again every few seconds; the page only when the room has moved."""
    try:
        count = session.service().room(opened.id)
    except StoreError as error:  # deleted or revoked since: this runs outside the shell's error boundary
        st.warning(errors.sentence(error))
        return
    if count is None or count.room.revision != seen:
        st.rerun(scope="app")
    parts.note(room_ballots.counted(count))


# ---------------------------------------------------------------- the step


def _step(opened: Engagement, view: RoomView) -> None:
    texts, service, step = session.texts(), session.service(), view.step
    parts.section(room_words.title(step))
    if step.text:
        parts.lead(*step.text.splitlines())
    elif step.kind != "own":
        parts.lead(texts(f"workshop.do.{step.kind}"))

    def storing(field: str) -> Callable[[str], object]:
        return lambda typed: service.describe_step(opened.id, step.id, {field: typed})

    room_tools.draw(opened, view)
    name = f"room_{step.id}"
    if step.kind == "own":
        choices.paragraph(texts("workshop.own_text"), f"{name}_text", step.text or "", storing("text"))
    outcome = texts(f"workshop.outcome.{step.kind}")
    choices.paragraph(outcome, f"{name}_outcome_{view.room.revision}", step.outcome or "", storing("outcome"))
    choices.paragraph(texts("workshop.note"), f"{name}_note", step.note or "", storing("note"))
    _park(opened)
    fields.saved()


def _park(opened: Engagement) -> None:
    """A field for what comes up and must wait; the one just parked can be taken back."""
    texts, service = session.texts(), session.service()

    def park(typed: str) -> None:
        if typed:
            undo.remember(PARKING, opened.id, (service.park_idea(opened.id, typed), typed))

    # a field of its own for each idea, so that it is empty when one is parked
    name = f"{PARKING}_{len(service.plan(opened.id).parked)}"
    fields.text(texts("workshop.park"), name, "", park, placeholder=texts("workshop.park_hint"))
    undo.offer(
        PARKING,
        opened,
        lambda parked: texts("workshop.parked", idea=parked[1]),
        lambda engagement_id, parked: service.remove_action(engagement_id, parked[0]),
    )
    fields.refused(PARKING)


# ---------------------------------------------------------------- around it: the way in, the net, the end


def _around(opened: Engagement, view: RoomView) -> None:
    texts = session.texts()
    with st.expander(texts("workshop.joining"), expanded=view.step.kind == "frame"):
        _reach(view)
        _wifi(opened, view)
    with st.expander(texts("workshop.settings")):
        key, service = session.widget_key("room_consensus"), session.service()
        st.toggle(
            texts("workshop.consensus"),
            value=view.room.consensus,
            key=key,
            on_change=lambda: _do(lambda: service.set_consensus(opened.id, session.widget(key))),
        )
        parts.note(texts("workshop.consensus_why", k=opened.k))
    _closing(opened)


def _reach(view: RoomView) -> None:
    texts, at = session.texts(), room_parts.reach()
    if not at.ready:
        parts.banner(*_alone(at))
    if view.code is None:
        parts.hidden(texts("workshop.no_code"))
    else:
        room_parts.join(view.room, view.code)


def _alone(at: room_parts.Reach) -> tuple[str, str]:
    """Why no phone gets in, and what to do."""
    texts = session.texts()
    if at.on_network:
        return texts("workshop.alone"), texts("workshop.alone_why", address=at.base)
    return texts("workshop.alone_nowhere"), texts("workshop.alone_nowhere_why")


def _wifi(opened: Engagement, view: RoomView) -> None:
    texts, room = session.texts(), view.room
    with st.form(f"room_wifi_{room.id}", border=False):
        name = session.widget_key("room_wifi_name")
        password = session.widget_key("room_wifi_password")
        left, right = st.columns(2)
        with left:
            st.text_input(texts("workshop.wifi_name"), value=room.wifi_name or "", key=name, max_chars=32)
        with right:
            st.text_input(texts("workshop.wifi_key"), value=room.wifi_password or "", key=password, max_chars=63)
        st.form_submit_button(texts("workshop.wifi_save"), on_click=_save_wifi, args=(opened, name, password))


def _save_wifi(opened: Engagement, name: str, password: str) -> None:
    typed = [(session.widget(key) or "").strip() or None for key in (name, password)]
    _do(lambda: session.service().set_wifi(opened.id, *typed))


def _closing(opened: Engagement) -> None:
    texts = session.texts()
    with st.container(key="next"):
        st.subheader(texts("workshop.close_heading"), anchor=False)
        parts.note(texts("workshop.close_why"))
        if session.kept(CLOSING) == opened.id:
            st.html(f"<p>{escape(texts('workshop.close_sure'))}</p>")
            with st.container(horizontal=True):
                st.button(
                    texts("workshop.close"), type="primary", key="room_close_yes", on_click=_close, args=(opened,)
                )
                st.button(texts("common.cancel"), key="room_close_no", on_click=session.drop, args=(CLOSING,))
        else:
            st.button(texts("workshop.close"), key="room_close", on_click=session.keep, args=(CLOSING, opened.id))


def _close(opened: Engagement) -> None:
    session.drop(CLOSING)
    _do(lambda: session.service().close_room(opened.id))
