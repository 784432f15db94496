"""The processes: which there are, how each one is described, and whether it is core, management or support."""

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from assessment.engagement import Engagement, Process
from assessment.mapping import process_catalogue
from assessment.mapping.owners import may_be_a_person
from assessment.mapping.processes import SIDES, ProcessList, missing
from assessment.store.protocol import AlreadyThere
from assessment.wording import process_words
from pages.ui import choices, errors, fields, parts, process_classes, session, undo, used_in
from pages.ui.process_classes import CLASSES_STEP

STRUCTURE: Final = "process_structure"
PAIN: Final = (0, 1, 2, 3)
ONCE: Final = "once"


def render() -> None:
    """Draw the step of the address: one process, one side's classes, the disagreements, or all processes."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.processes"), texts("processes.none"), (texts("start.begin"), "begin"))
        return
    found, step, may_run = session.service().processes(opened.id), session.step(), session.may("run")
    chosen = found.find(step)
    if chosen is not None and may_run:
        _one(opened, found, chosen)
    elif step in SIDES and found.waiting and may_run:
        process_classes.judge(opened, found, step)
    elif step in (CLASSES_STEP, *SIDES) and found.comparison is not None:
        process_classes.disagreements(opened, found)
    else:
        _all(opened, found)


# ---------------------------------------------------------------- all of them


def _all(opened: Engagement, found: ProcessList) -> None:
    texts, may_run = session.texts(), session.may("run")
    parts.where(*process_classes.about(opened, found))
    parts.title(texts("page.processes"))
    if not found.processes:
        _empty(opened)
        return
    parts.message(*_message(found))
    complete = sum(not missing(process) for process in found.processes)
    parts.section(texts.plural("processes.listed", len(found.processes), complete=texts.number(complete, 0)))
    if may_run:
        choices.open_one(
            texts("processes.open"),
            f"process_open_{opened.id}",
            {p.id: process_words.name_of(p) for p in found.processes},
        )
    parts.table(pd.DataFrame([_row(process) for process in found.processes]))
    if may_run:
        _undo(opened)
        _add(opened, found)
    process_classes.progress(opened, found)
    used_in.findings(opened, "processes")
    parts.next_step(
        texts("processes.next"),
        texts("processes.next_why"),
        (texts("processes.to_waste"), "waste"),
        (texts("processes.to_maturity"), "maturity"),
    )


def _empty(opened: Engagement) -> None:
    texts = session.texts()
    parts.message(texts("processes.lead_empty"), texts("processes.what"))
    if not session.may("run"):
        return
    catalogue = tuple(process_catalogue.catalogue())
    st.button(
        texts("processes.add_all", n=len(catalogue)), type="primary", on_click=_take_over, args=(opened, catalogue)
    )
    parts.note(texts("processes.add_all_note"))
    _undo(opened)
    _add(opened, ProcessList((), 0, {}, 0, None, ()))


def _message(found: ProcessList) -> list[str]:
    texts = session.texts()
    if found.comparison is not None:
        return process_words.sentences(found)
    counted = texts.plural("processes.counted", len(found.processes))
    lead = texts("processes.lead_hours", counted=counted, hours=texts.short(found.hours_month))
    return [lead if found.hours_month else texts("processes.lead", counted=counted), texts("processes.lead_why")]


def _row(process: Process) -> dict[str, str]:
    texts, lacks = session.texts(), missing(process)
    hours = process.hours_month
    row = {
        "process": process_words.name_of(process),
        "class": process_words.said(process),
        "hours": texts("common.unknown") if hours is None else texts.short(hours),
        "frequency": texts(f"choice.frequency.{process.frequency}") if process.frequency else texts("common.unknown"),
        "lacks": texts.listing([texts(f"processes.lacks.{field}") for field in lacks]) or texts("processes.complete"),
    }
    return {texts(f"processes.column.{name}"): value for name, value in row.items()}


def _add(opened: Engagement, found: ProcessList) -> None:
    texts, taken = session.texts(), {process.code for process in found.processes}
    parts.section(texts("processes.add"))
    words = process_catalogue.words(session.language())
    labels = {code: words[code].name for code in process_catalogue.catalogue() if code not in taken}
    if labels:
        key = session.widget_key(f"process_catalogue_{opened.id}")
        st.selectbox(
            texts("processes.from_catalogue"),
            list(labels),
            index=None,
            key=key,
            format_func=labels.__getitem__,
            placeholder=texts("processes.choose"),
            on_change=lambda: _take_over(opened, (session.widget(key),)),
        )
    fields.text(texts("processes.own"), f"process_own_{opened.id}", "", lambda typed: _add_own(opened, typed))
    parts.note(texts("processes.own_note"))
    fields.refused(STRUCTURE)


def _take_over(opened: Engagement, codes: tuple[str, ...]) -> None:
    if errors.guarded(STRUCTURE, lambda: session.service().add_catalogue_processes(opened.id, codes)):
        session.renew_widgets()  # what was chosen is no choice any more


def _add_own(opened: Engagement, typed: str) -> None:
    if typed:
        try:
            added = session.service().add_own_process(opened.id, typed, session.language())
        except AlreadyThere as taken:
            raise fields.Refused("fields.name_taken") from taken
        session.go_to_step(added)


def _undo(opened: Engagement) -> None:
    texts = session.texts()
    undo.offer(
        STRUCTURE,
        opened,
        lambda removed: texts("processes.removed", name=process_words.name_of(removed)),
        lambda engagement_id, removed: session.service().restore_process(engagement_id, removed),
    )


# ---------------------------------------------------------------- one of them


def _one(opened: Engagement, found: ProcessList, process: Process) -> None:
    texts, service, language = session.texts(), session.service(), session.language()
    called, name = process_words.name_of(process), f"process_{process.id}"
    parts.where(*process_classes.about(opened, found))
    parts.title(texts("page.processes"))
    process_classes.back()
    parts.section(called)
    _doubts(process, called)

    def storing(field: str) -> Callable[[object], object]:
        return lambda value: service.describe_process(opened.id, process.id, {field: value})

    def rename(typed: str) -> None:
        try:
            service.rename_process(opened.id, process.id, typed, language)
        except AlreadyThere as taken:
            raise fields.Refused("fields.name_taken") from taken

    fields.text(texts("processes.field.name"), f"{name}_name", called, rename, needed=process.code is None)
    if process.code is not None:
        parts.note(texts("processes.suggested"))
    left, right = st.columns(2)
    for at, field in enumerate(process_catalogue.WORDS):
        with right if at % 2 else left:
            value = getattr(process, field) or process_catalogue.suggested(process, field, language)
            fields.text(texts(f"processes.field.{field}"), f"{name}_{field}", value, storing(field))
    with left:
        choices.one(
            st.selectbox,
            texts("processes.field.frequency"),
            f"{name}_frequency",
            choices.frequencies(ONCE),
            process.frequency,
            storing("frequency"),
        )
        fields.text(texts("processes.field.owner"), f"{name}_owner", process.owner or "", storing("owner"))
        _ask_for_function(process.owner)
    with right:
        fields.number(texts("processes.field.hours"), f"{name}_hours", process.hours_month, storing("hours_month"))
        choices.one(
            st.segmented_control,
            texts("processes.field.pain"),
            f"{name}_pain",
            {level: texts(f"processes.pain.{level}") for level in PAIN},
            process.pain,
            storing("pain"),
        )
        mandate = texts("processes.field.in_mandate")
        choices.yes_or_no(mandate, f"{name}_mandate", process.in_mandate, storing("in_mandate"))
    fields.saved()
    _beside(opened, found, process)


def _doubts(process: Process, called: str) -> None:
    """Say why the name, or what is done only once, may not be a process; the reader decides."""
    texts, kind = session.texts(), process_catalogue.not_a_process(called)
    if kind is not None:
        parts.banner(texts(f"processes.looks_like.{kind}", name=called), texts(f"processes.looks_like.{kind}_why"))
    if process.frequency == ONCE:
        parts.banner(texts("processes.once"), texts("processes.once_why"))


def _ask_for_function(owner: str | None) -> None:
    texts = session.texts()
    parts.note(texts("choice.owner_person" if owner and may_be_a_person(owner) else "choice.owner_note"))


def _beside(opened: Engagement, found: ProcessList, process: Process) -> None:
    """Go on to the next process, or take this one out."""
    texts, place = session.texts(), found.processes.index(process)
    with st.container(horizontal=True):
        if place + 1 < len(found.processes):
            following = found.processes[place + 1]
            label = texts("processes.following", name=process_words.name_of(following))
            st.button(label, type="primary", on_click=session.go_to_step, args=(following.id,))
        st.button(texts("processes.remove"), type="tertiary", on_click=_remove, args=(opened, process))
    fields.refused(STRUCTURE)


def _remove(opened: Engagement, process: Process) -> None:
    def remove() -> None:
        undo.remember(STRUCTURE, opened.id, session.service().remove_process(opened.id, process.id))

    if errors.guarded(STRUCTURE, remove):
        session.go_to_step("")
