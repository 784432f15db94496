"""One action of the plan with its fields, saved as they are typed, and what the plan's pages say of an action."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from assessment.engagement import Action, Engagement
from assessment.mapping import process_catalogue
from assessment.mapping.owners import may_be_a_person
from assessment.plan.actions import STATUSES, Plan
from assessment.proposals import strategy_lines
from assessment.strategy.model import HOLD_AND_MEASURE, STRATEGIES
from assessment.wording import kpi_words, plan_words, stream_words, words
from pages.ui import choices, errors, fields, parts, session, undo

STRUCTURE: Final = "plan_structure"
VIEW: Final = "plan_view"
YEARS_AHEAD: Final = 10
BETWEEN: Final = ">"  # no id has it

Storing = Callable[[str], Callable[[Any], object]]


def draw(opened: Engagement, plan: Plan, action: Action) -> None:
    """Draw an action with its fields."""
    texts = session.texts()
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.plan"))
    st.button(texts("plan.back"), key="plan_back", type="tertiary", on_click=_back)
    edit(opened, plan, action)


def edit(opened: Engagement, plan: Plan, action: Action) -> None:
    """Draw the fields of an action."""
    texts = session.texts()
    parts.section(plan_words.called(action))
    _stands(opened, plan, action)

    def storing(field: str) -> Callable[[Any], object]:
        return lambda value: session.service().describe_action(opened.id, action.id, {field: value})

    name = f"plan_{action.id}"
    fields.text(texts("plan.field.title"), f"{name}_title", action.title or "", storing("title"))
    left, right = st.columns(2)
    with left:
        _who_and_when(opened, action, name, storing)
    with right:
        _gives(opened, action, name, storing)
        _touches(opened, plan, action, name, storing)
    _consequences(action, name, storing)
    fields.saved()
    _quick_win(opened, action)
    with st.container(horizontal=True):
        st.button(texts("plan.ready"), type="primary", key="plan_done", on_click=_back)
        st.button(texts("plan.remove"), type="tertiary", key="plan_remove", on_click=_remove, args=(opened, action))
    fields.refused(STRUCTURE)


def _back() -> None:
    session.go_to_step(session.kept(VIEW) or "")


def _stands(opened: Engagement, plan: Plan, action: Action) -> None:
    """Say first what must be known before anything is changed: overdue, or outside the mandate."""
    texts, parked = session.texts(), plan.parking(action.id)
    if action.overdue(plan.today) and action.due_on is not None:
        parts.banner(texts("plan.is_overdue", day=texts.day(action.due_on)), texts("plan.is_overdue_why"))
    if parked is not None:
        parts.banner(texts("plan.is_parked"), plan_words.why_outside(parked))
        if not parked.reasons:
            offer_move_in(opened, action)


def _who_and_when(opened: Engagement, action: Action, name: str, storing: Storing) -> None:
    texts = session.texts()
    ask_status(opened, action, texts("plan.field.status"))
    fields.text(texts("plan.field.owner"), f"{name}_owner", action.owner or "", storing("owner"))
    person = action.owner is not None and may_be_a_person(action.owner)
    parts.note(texts("goals.owner_person" if person else "choice.owner_note"))
    _due(action, f"{name}_due", storing("due_on"))
    fields.number(texts("plan.field.effort_h"), f"{name}_effort", action.effort_h, storing("effort_h"))
    strategies = {id_: texts(f"strategy.{id_}") for id_ in (*STRATEGIES, HOLD_AND_MEASURE)}
    _one_or_none(texts("plan.field.strategy"), f"{name}_strategy", strategies, action.strategy, storing("strategy"))


def ask_status(opened: Engagement, action: Action, label: str, **more: Any) -> None:
    """Ask how far an action has come, and move it there."""
    texts = session.texts()
    labels = {status: texts(f"plan.status.{status}") for status in STATUSES}
    move: Callable[[Any], object] = lambda to: session.service().move_action(opened.id, action.id, to)  # noqa: E731
    choices.one(st.selectbox, label, f"plan_{action.id}_status_{action.status}", labels, action.status, move, **more)


def _due(action: Action, name: str, store: Callable[[Any], object]) -> None:
    key, today = session.widget_key(name), dt.datetime.now(dt.UTC).date()
    st.date_input(
        session.texts()("plan.field.due_on"),
        value=action.due_on,
        min_value=min(today.replace(year=today.year - YEARS_AHEAD, day=1), action.due_on or today),
        max_value=max(today.replace(year=today.year + YEARS_AHEAD, day=1), action.due_on or today),
        key=key,
        format="DD.MM.YYYY" if session.language() == "nb" else "DD/MM/YYYY",
        on_change=lambda: fields.write(name, lambda: store(session.widget(key))),
    )
    fields.refused(name)


def _gives(opened: Engagement, action: Action, name: str, storing: Storing) -> None:
    """The figure of an action and the KPI that shows it."""
    texts = session.texts()
    named = {reading.kpi.id: kpi_words.said(reading) for reading in session.kpis(opened)}
    kpi = named.get(action.kpi_id) if action.kpi_id else None
    if named:
        labels = {id_: said.name for id_, said in named.items()}
        _one_or_none(texts("plan.field.kpi"), f"{name}_kpi", labels, action.kpi_id, storing("kpi_id"))
    else:
        parts.note(texts("plan.no_kpis"))
    fields.number(texts("plan.field.figure"), f"{name}_figure", action.figure, storing("figure"))
    if kpi is not None and kpi.unit:
        parts.note(texts("goals.unit_of_kpi", unit=kpi.unit))
    else:
        fields.text(texts("plan.field.unit"), f"{name}_unit", action.unit or "", storing("unit"))


def _touches(opened: Engagement, plan: Plan, action: Action, name: str, storing: Storing) -> None:
    texts = session.texts()
    if plan.processes:
        named = {id_: process_catalogue.name(p, session.language()) for id_, p in plan.processes.items()}
        _one_or_none(texts("plan.field.process"), f"{name}_process", named, action.process_id, storing("process_id"))
    if not plan.stages:
        return
    places = {str(id_): stream_words.stage_name(stage) for id_, stage in plan.stages.items()}
    places |= {f"{a}{BETWEEN}{b}": texts("plan.handoff", one=places[a], other=places[b]) for a, b in plan.handoffs}

    def store(place: str) -> None:
        stage, _, to_stage = place.partition(BETWEEN)
        given = {"stage_id": stage, "to_stage_id": to_stage}
        session.service().describe_action(opened.id, action.id, given)

    _one_or_none(texts("plan.field.stage"), f"{name}_stage", places, _place(action), store)


def _place(action: Action) -> str | None:
    between = action.stage_id and action.to_stage_id
    return f"{action.stage_id}{BETWEEN}{action.to_stage_id}" if between else action.stage_id


def _one_or_none(
    label: str, name: str, labels: Mapping[Any, str], value: str | None, store: Callable[[Any], object]
) -> None:
    """Ask for one of some choices, which can be taken back."""
    offered = {**labels, "": session.texts()("plan.nothing")} if value in labels else labels
    choices.one(st.selectbox, label, name, offered, value, store)


def _consequences(action: Action, name: str, storing: Storing) -> None:
    """What follows for roles and training, with what the strategy's actions use to need."""
    texts = session.texts()
    for field, topic in (("role_consequences", "document"), ("training_need", "train")):
        said = getattr(action, field) or ""
        choices.paragraph(texts(f"plan.field.{field}"), f"{name}_{field}", said, storing(field))
        lines = strategy_lines(action.strategy, topic, texts) if action.strategy else []
        if lines:
            parts.note(texts(f"plan.usual.{topic}", what=" ".join(lines)))


def _quick_win(opened: Engagement, action: Action) -> None:
    texts = session.texts()
    if action.quick_win:
        parts.note(texts("plan.is_quick_win"))
        args = (opened, action, False)
        st.button(texts("plan.call_plain"), key="plan_plain", type="tertiary", on_click=_call, args=args)
    elif action.lacks:
        lacks = [words.lower_first(texts(f"plan.lack.{field}")) for field in action.lacks]
        parts.hidden(texts("plan.lacks", what=texts.listing(lacks)))
    else:
        parts.note(texts("plan.could_be_quick_win"))
        st.button(texts("plan.call_quick_win"), key="plan_quick", on_click=_call, args=(opened, action, True))


def _call(opened: Engagement, action: Action, quick_win: bool) -> None:
    fields.write(STRUCTURE, lambda: session.service().call_quick_win(opened.id, action.id, quick_win))


def offer_move_in(opened: Engagement, action: Action) -> None:
    """Offer to move an action that the mandate now holds into the plan."""
    key, label = f"move_in_{action.id}", session.texts()("plan.move_in")
    st.button(label, key=key, on_click=_move_in, args=(opened, action))


def _move_in(opened: Engagement, action: Action) -> None:
    errors.guarded(STRUCTURE, lambda: session.service().move_in(opened.id, action.id))


def _remove(opened: Engagement, action: Action) -> None:
    def remove() -> None:
        undo.remember(STRUCTURE, opened.id, ("removed", session.service().remove_action(opened.id, action.id)))

    if errors.guarded(STRUCTURE, remove):
        _back()


# ---------------------------------------------------------------- words
