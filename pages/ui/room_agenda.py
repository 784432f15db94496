"""The room's agenda beside the step: where it is, what is done, and how it is changed."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from assessment.engagement import Engagement
from assessment.wording import room_words
from assessment.workshop.records import MINUTES_MAX, STANDARD_STEPS, RoomStep, StepId
from assessment.workshop.rooms import RoomView
from pages.ui import fields, session, undo

CHANGED: Final = "room_agenda"
CHOSEN: Final = "room_agenda_chosen"


def standard() -> list[str]:
    """The nine steps with their minutes, as a list of sentences."""
    texts = session.texts()
    return [
        texts("workshop.agenda.row", title=texts(f"phone.step.{kind}"), n=minutes)
        for kind, minutes in STANDARD_STEPS.items()
    ]


def draw(opened: Engagement, view: RoomView) -> None:
    """Draw the agenda: a press goes to a step, or begins it anew."""
    texts = session.texts()
    planned = sum(step.minutes for step in view.steps if not step.skipped)
    st.subheader(texts("workshop.agenda", n=texts.number(planned, 0)), anchor=False)
    for number, step in enumerate(view.steps, start=1):
        st.button(
            _label(view, number, step),
            key=f"room_step_{step.id}",
            type="secondary" if step.id == view.step.id else "tertiary",
            on_click=_write,
            args=(_going(opened, step),),
        )
    with st.expander(texts("workshop.agenda.change")):
        _change(opened, view)
    undo.offer(
        CHANGED,
        opened,
        lambda step: texts("workshop.agenda.removed", title=room_words.title(step)),
        lambda engagement_id, step: session.service().restore_step(engagement_id, step),
    )
    fields.refused(CHANGED)


def _going(opened: Engagement, step: RoomStep) -> Callable[[], object]:
    return lambda: session.service().go_to_step(opened.id, step.id)


def _label(view: RoomView, number: int, step: RoomStep) -> str:
    texts = session.texts()
    # markup in a title of one's own is words, not markup
    title = "".join(f"\\{sign}" if sign in "\\`*_[]#$:~<>" else sign for sign in room_words.title(step))
    said = texts("workshop.agenda.step", number=number, title=title, n=step.minutes)
    if step.skipped:
        return texts("workshop.agenda.skipped", step=said)
    if step.id == view.step.id:
        return texts("workshop.agenda.now", step=said)
    return f"✓ {said}" if step.outcome else said


def _write(act: Callable[[], object]) -> None:
    fields.write(CHANGED, act, say=False)


def _change(opened: Engagement, view: RoomView) -> None:
    texts = session.texts()
    labels = {step.id: room_words.title(step) for step in view.steps}
    kept = session.kept(CHOSEN)
    chosen = kept if kept in labels else view.step.id
    key = session.widget_key(f"room_change_{chosen}")
    st.selectbox(
        texts("workshop.agenda.which"),
        list(labels),
        index=list(labels).index(chosen),
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: session.keep(CHOSEN, session.widget(key)),
    )
    _one(opened, view, next(step for step in view.steps if step.id == chosen))
    name = f"room_own_{len(view.steps)}"
    fields.text(texts("workshop.agenda.add"), name, "", lambda typed: _add(opened, typed))


def _add(opened: Engagement, typed: str) -> None:
    if typed:
        session.keep(CHOSEN, session.service().add_own_step(opened.id, typed))


def _one(opened: Engagement, view: RoomView, step: RoomStep) -> None:
    texts, service = session.texts(), session.service()

    def rename(typed: str) -> None:
        ours = typed == texts(f"phone.step.{step.kind}")
        service.describe_step(opened.id, step.id, {"title": "" if ours else typed})

    name = f"room_agenda_{step.id}"
    needed = step.kind == "own"
    fields.text(texts("workshop.agenda.title"), f"{name}_title", room_words.title(step), rename, needed=needed)
    fields.number(texts("workshop.agenda.minutes"), f"{name}_minutes", step.minutes, _minutes(opened, step))
    with st.container(horizontal=True):
        _moves(opened, view, step)
        if step.skipped:
            _press("workshop.agenda.take", "take", lambda: service.skip_step(opened.id, step.id, skipped=False))
        else:
            _press("workshop.agenda.skip", "skip", lambda: service.skip_step(opened.id, step.id))
        if step.kind == "own" and step.id != view.step.id:
            _press("workshop.agenda.remove", "remove", lambda: _remove(opened, step))


def _minutes(opened: Engagement, step: RoomStep) -> Callable[[float | None], object]:
    def store(given: float | None) -> None:
        if given is None or given != int(given) or not 1 <= given <= MINUTES_MAX:
            raise fields.Refused("workshop.agenda.no_minutes")
        session.service().set_step_minutes(opened.id, step.id, int(given))

    return store


def _moves(opened: Engagement, view: RoomView, step: RoomStep) -> None:
    order = [one.id for one in view.steps]
    at = order.index(step.id)
    for places, name, there in ((-1, "earlier", at > 0), (1, "later", at < len(order) - 1)):
        if there:
            moved = _moved(order, at, places)
            _press(f"workshop.agenda.{name}", name, _ordering(opened, moved))


def _moved(order: list[StepId], at: int, places: int) -> list[StepId]:
    rest = [*order[:at], *order[at + 1 :]]
    return [*rest[: at + places], order[at], *rest[at + places :]]


def _ordering(opened: Engagement, order: list[StepId]) -> Callable[[], object]:
    return lambda: session.service().order_steps(opened.id, order)


def _press(label: str, key: str, act: Callable[[], object]) -> None:
    st.button(session.texts()(label), key=f"room_{key}", on_click=_write, args=(act,))


def _remove(opened: Engagement, step: RoomStep) -> None:
    undo.remember(CHANGED, opened.id, session.service().remove_step(opened.id, step.id))
