"""The waste register: where hours in sales go without doing the customer any good, and what they are a share of."""

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.engagement import Engagement, WasteCode, WasteRow
from assessment.mapping.owners import may_be_a_person
from assessment.mapping.waste import WASTES, WasteRegister, row_cost_nok
from assessment.wording import money, stream_words, waste_words, words
from pages.ui import choices, errors, fields, parts, session, undo, used_in

STRUCTURE: Final = "waste_structure"


def render() -> None:
    """Draw the row of the address, or the whole register."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.waste"), texts("waste.none"), (texts("start.begin"), "begin"))
        return
    register = session.service().waste(opened.id)
    chosen = register.find(session.step())
    if chosen is not None and session.may("run"):
        _one(opened, register, chosen)
    else:
        _all(opened, register)


# ---------------------------------------------------------------- the register


def _all(opened: Engagement, register: WasteRegister) -> None:
    texts, may_run = session.texts(), session.may("run")
    parts.where(*_about(opened, register))
    parts.title(texts("page.waste"))
    parts.message(*waste_words.message(register))
    _counted_twice(register)
    if register.hours_month:
        _chart(register)
    if may_run:
        _undo(opened)
        _add(opened)
    if not register.rows:
        return
    parts.section(texts.plural("waste.listed", len(register.rows)))
    if may_run:
        choices.open_one(
            texts("waste.open"), f"waste_open_{opened.id}", {r.id: waste_words.called(r) for r in register.rows}
        )
    parts.table(pd.DataFrame([_row(register, row) for row in register.rows]))
    used_in.findings(opened, "waste")
    parts.next_step(
        texts("waste.next"),
        texts("waste.next_why"),
        (texts("waste.to_strategy"), "strategy"),
        (texts("waste.to_processes"), "processes"),
    )


def _about(opened: Engagement, register: WasteRegister) -> list[str]:
    texts = session.texts()
    facts = [opened.name, texts("common.fictional") if opened.fictional else ""]
    if register.available_h is not None:
        facts.append(texts(f"waste.of.{register.basis}", hours=texts.short(register.available_h)))
    return facts


def _counted_twice(register: WasteRegister) -> None:
    if not register.counted_twice_h:
        return
    texts = session.texts()
    hours, available = texts.short(register.hours_month), texts.short(register.available_h or 0.0)
    why = texts(f"waste.twice_why.{register.basis}", over=texts.short(register.counted_twice_h))
    parts.banner(texts("waste.twice", hours=hours, available=available), why)


def _chart(register: WasteRegister) -> None:
    texts, most = session.texts(), register.largest
    parts.section(texts("waste.claim_even") if most is None else texts("waste.claim", name=waste_words.name(most)))
    frame = waste_words.bars(register)
    about = tuple(tuple(row) for row in frame.itertuples(index=False))
    parts.chart("waste_hours", about, lambda: charts.spec(charts.waste_hours(frame, charts.Look(texts))))
    parts.note(texts("waste.how_to_read"))


def _row(register: WasteRegister, row: WasteRow) -> dict[str, str]:
    texts, hours, cost = session.texts(), row.hours_month, row_cost_nok(row)
    stage = register.stages.get(row.stage_id) if row.stage_id else None
    said = [texts("common.unknown") if hours is None else texts.short(hours)]
    if cost is not None:
        said.append(money.amount(cost, register.currency))
    if row.frequency:
        said.append(words.lower_first(texts(f"choice.frequency.{row.frequency}")))
    cells = {
        "waste": waste_words.called(row) + (f" ({stream_words.stage_name(stage)})" if stage else ""),
        "hours": ", ".join(said),
        "cause": row.cause or texts("common.unknown"),
        "owner": row.owner or texts("common.unknown"),
        "in_mandate": texts("common.unknown")
        if row.in_mandate is None
        else texts("choice.yes" if row.in_mandate else "choice.no"),
    }
    return {texts(f"waste.column.{name}"): value for name, value in cells.items()}


def _add(opened: Engagement) -> None:
    texts = session.texts()
    parts.section(texts("waste.add"))
    key = session.widget_key(f"waste_add_{opened.id}")
    labels = _kinds()
    st.selectbox(
        texts("waste.kind"),
        list(labels),
        index=None,
        key=key,
        format_func=labels.__getitem__,
        placeholder=texts("waste.choose"),
        on_change=lambda: _begin(opened, session.widget(key)),
    )
    parts.note(texts("waste.rule"))
    fields.refused(STRUCTURE)


def _begin(opened: Engagement, code: WasteCode) -> None:
    def add() -> None:
        session.go_to_step(session.service().add_waste(opened.id, code))

    errors.guarded(STRUCTURE, add)


def _undo(opened: Engagement) -> None:
    texts = session.texts()
    undo.offer(
        STRUCTURE,
        opened,
        lambda removed: texts("waste.removed", name=waste_words.called(removed)),
        lambda engagement_id, removed: session.service().restore_waste(engagement_id, removed),
    )


# ---------------------------------------------------------------- one row


def _one(opened: Engagement, register: WasteRegister, row: WasteRow) -> None:
    texts, name = session.texts(), f"waste_{row.id}"
    parts.where(*_about(opened, register))
    parts.title(texts("page.waste"))
    st.button(texts("waste.back"), type="tertiary", on_click=session.go_to_step, args=("",))
    parts.section(waste_words.called(row))
    _counted_twice(register)

    def storing(field: str) -> Callable[[object], object]:
        return lambda value: session.service().describe_waste(opened.id, row.id, {field: value})

    key = session.widget_key(f"{name}_code")
    labels = _kinds()
    st.selectbox(
        texts("waste.kind"),
        list(labels),
        index=list(labels).index(row.code),
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: fields.write(f"{name}_code", lambda: storing("code")(session.widget(key))),
    )
    fields.refused(f"{name}_code")
    parts.note(texts("waste.rule"))
    says = row.description or ""
    fields.text(texts("waste.field.description"), f"{name}_description", says, storing("description"))
    fields.text(texts("waste.field.cause"), f"{name}_cause", row.cause or "", storing("cause"))
    left, right = st.columns(2)
    with left:
        fields.number(texts("waste.field.hours"), f"{name}_hours", row.hours_month, storing("hours_month"))
        cost = texts("waste.field.hourly_cost", currency=money.label(register.currency))
        fields.number(cost, f"{name}_cost", row.hourly_cost_nok, storing("hourly_cost_nok"))
        often = texts("waste.field.frequency")
        labels_often = choices.frequencies()
        choices.one(st.selectbox, often, f"{name}_often", labels_often, row.frequency, storing("frequency"))
    with right:
        if register.stages:
            stage = texts("waste.field.stage")
            names = {id_: stream_words.stage_name(found) for id_, found in register.stages.items()}
            choices.one(st.selectbox, stage, f"{name}_stage", names, row.stage_id, storing("stage_id"))
        fields.text(texts("waste.field.owner"), f"{name}_owner", row.owner or "", storing("owner"))
        person = row.owner is not None and may_be_a_person(row.owner)
        parts.note(texts("choice.owner_person" if person else "choice.owner_note"))
        mandate = texts("waste.field.in_mandate")
        choices.yes_or_no(mandate, f"{name}_mandate", row.in_mandate, storing("in_mandate"))
    fields.saved()
    with st.container(horizontal=True):
        st.button(texts("waste.done"), type="primary", on_click=session.go_to_step, args=("",))
        st.button(texts("waste.remove"), type="tertiary", on_click=_remove, args=(opened, row))
    fields.refused(STRUCTURE)


def _remove(opened: Engagement, row: WasteRow) -> None:
    def remove() -> None:
        undo.remember(STRUCTURE, opened.id, session.service().remove_waste(opened.id, row.id))

    if errors.guarded(STRUCTURE, remove):
        session.go_to_step("")


def _kinds() -> dict[str, str]:
    """The eight wastes by name, each with an example from sales."""
    texts = session.texts()
    return {code: f"{waste_words.name(code)}: {texts(f'waste.example.{code}')}" for code in WASTES}
