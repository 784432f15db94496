"""Core, management or support: two sides judge blind to each other, and what they disagree on is the result."""

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from assessment.current_state.classification import CLASSES, Comparison
from assessment.engagement import Engagement, Process, ProcessId, Side
from assessment.mapping import process_catalogue
from assessment.mapping.processes import SIDES, Disagreement, ProcessList, class_of
from assessment.wording import process_words, words
from pages.ui import choices, errors, fields, parts, session

CLASSES_STEP: Final = "classes"
ENDING: Final = "process_ending"
COMPARING: Final = "process_comparing"


def about(opened: Engagement, found: ProcessList) -> list[str]:
    """What the page is about: organisation, how many processes, how many hours."""
    texts = session.texts()
    facts = [opened.name, texts("common.fictional") if opened.fictional else ""]
    if found.processes:
        facts.append(texts.plural("processes.counted", len(found.processes)))
    if found.hours_month:
        facts.append(texts("processes.hours", hours=texts.short(found.hours_month)))
    return facts


def back() -> None:
    """A way back to all processes."""
    texts = session.texts()
    st.button(texts("processes.back"), type="tertiary", on_click=session.go_to_step, args=("",))


def progress(opened: Engagement, found: ProcessList) -> None:
    """How far each side has come, and the way to judge, to compare, and to what came of it."""
    texts, may_run = session.texts(), session.may("run")
    parts.section(texts("processes.classes"))
    if found.waiting and may_run:
        parts.lead(texts("processes.blind"))
        of = texts.number(found.waiting, 0)
        parts.bullets([texts(f"processes.judged.{side}", n=found.judged[side], of=of) for side in SIDES])
        with st.container(horizontal=True):
            for side in SIDES:
                st.button(texts(f"processes.judge.{side}"), on_click=session.go_to_step, args=(side,))
        _compare(opened, found)
    if found.comparison is not None:
        st.button(texts("processes.to_classes"), on_click=session.go_to_step, args=(CLASSES_STEP,))
    elif not may_run:
        parts.note(texts("processes.not_compared"))


def _compare(opened: Engagement, found: ProcessList) -> None:
    texts = session.texts()
    if not found.ready:
        return
    if found.ready == found.waiting:
        st.button(texts("processes.compare"), type="primary", on_click=_show, args=(opened,))
    elif session.kept(ENDING) == opened.id:
        with st.container(key="confirm"):
            st.html(f"<p>{parts.escape(texts.plural('processes.end_sure', found.ready))}</p>")
            with st.container(horizontal=True):
                st.button(texts("processes.compare"), type="primary", on_click=_show, args=(opened,))
                st.button(texts("common.cancel"), on_click=session.drop, args=(ENDING,))
    else:
        label = texts.plural("processes.end", found.ready)
        st.button(label, type="tertiary", on_click=session.keep, args=(ENDING, opened.id))
    fields.refused(COMPARING)


def _show(opened: Engagement) -> None:
    session.drop(ENDING)
    if errors.guarded(COMPARING, lambda: session.service().compare_classes(opened.id)):
        session.go_to_step(CLASSES_STEP)


# ---------------------------------------------------------------- one side


def judge(opened: Engagement, found: ProcessList, side: Side) -> None:
    """Ask one side for the class of every process that is still to be compared; nothing of the other side is read."""
    texts, own = session.texts(), session.service().judgements(opened.id, side)
    done = sum(judged is not None for judged in own.values())
    parts.where(*about(opened, found), done=done, of=len(own))
    parts.title(texts("page.processes"))
    back()
    parts.message(texts(f"processes.as.{side}", done=done, of=len(own)), texts("processes.blind"))
    parts.section(texts("processes.test"))
    parts.bullets([texts(f"processes.test.{process_class}") for process_class in CLASSES])
    labels = {process_class: process_words.class_name(process_class) for process_class in CLASSES}
    for process in found.processes:
        name = f"class_{side}_{process.id}"
        if process.id not in own:  # compared in another window, perhaps just before this side's last choice
            fields.refused(name)
            session.drop(f"unsaved_{name}")
        else:
            writing = _judging(opened, process.id, side)
            choices.one(st.segmented_control, process_words.name_of(process), name, labels, own[process.id], writing)
    fields.saved()
    st.button(texts("processes.judged_all"), type="primary", on_click=session.go_to_step, args=("",))


def _judging(opened: Engagement, process_id: ProcessId, side: Side) -> Callable[[object], object]:
    return lambda judged: session.service().judge_process(opened.id, process_id, side, judged)  # type: ignore[arg-type]


# ---------------------------------------------------------------- what they disagree on


def disagreements(opened: Engagement, found: ProcessList) -> None:
    """Draw what the sides disagree on, most hours first, and what they agree on afterwards."""
    texts, comparison = session.texts(), found.comparison
    assert comparison is not None
    parts.where(*about(opened, found))
    parts.title(texts("page.processes"))
    back()
    parts.message(*process_words.sentences(found))
    for disagreement in found.disagreements:
        one_disagreement(opened, disagreement)
    if found.disagreements and session.may("run"):
        fields.saved()
    with st.expander(texts("processes.how_agreed")):
        parts.bullets([*_details(comparison, found.shown), *_without_hours(found)])
    parts.figures(pd.DataFrame([_row(p) for p in found.processes if p.classes_shown_at is not None]))


def one_disagreement(opened: Engagement, disagreement: Disagreement) -> None:
    """Draw what the sides say of a process, and ask what they agree on."""
    texts, process = session.texts(), disagreement.process
    parts.section(process_words.name_of(process))
    facts = [process_words.said(process.model_copy(update={"class_agreed": None}))]
    if process.hours_month is not None:
        facts.append(texts("processes.hours", hours=texts.short(process.hours_month)))
    if process.code is not None:
        entry = process_catalogue.catalogue()[process.code]
        usual = texts("processes.usual", usual=words.lower_first(process_words.class_name(entry.usual_class)))
        facts.append(texts("processes.often_disputed", usual=usual) if entry.disputed else usual)
    parts.lead(". ".join(words.upper_first(fact) for fact in facts) + ".")
    if session.may("run"):
        _agree(opened, process)
    elif process.class_agreed is not None:
        agreed = texts("processes.agreed_on", name=words.lower_first(process_words.class_name(process.class_agreed)))
        parts.note(" ".join([agreed, process.class_reason or ""]))


def told(disagreement: Disagreement) -> dict[str, str]:
    """A disagreement in words: which process, what each side says, what holds, and how many hours rest on it."""
    return _row(disagreement.process)


def _agree(opened: Engagement, process: Process) -> None:
    texts, name = session.texts(), f"agreed_{process.id}"

    def storing(field: str) -> Callable[[object], object]:
        return lambda value: session.service().agree_on_class(opened.id, process.id, {field: value})

    with st.container(key=name):
        choices.one(
            st.segmented_control,
            texts("processes.field.agreed"),
            f"{name}_class",
            {process_class: process_words.class_name(process_class) for process_class in CLASSES},
            process.class_agreed,
            storing("class_agreed"),
        )
        reason = texts("processes.field.reason")
        choices.paragraph(reason, f"{name}_reason", process.class_reason or "", storing("class_reason"))
        decided = process.class_decided_by or ""
        fields.text(texts("processes.field.decided_by"), f"{name}_by", decided, storing("class_decided_by"))


def _details(comparison: Comparison, compared: int) -> list[str]:
    texts = session.texts()
    lines = [texts("processes.agreement", share=texts.percent(comparison.agreement))]
    lines.append(texts("processes.by_chance", share=texts.percent(comparison.expected_agreement)))
    if comparison.kappa is None or comparison.kappa_ci95 is None:
        return [*lines, texts("processes.no_kappa")]
    low, high = comparison.kappa_ci95
    kappa, low_said, high_said = (texts.number(max(-1.0, min(1.0, v)), 2) for v in (comparison.kappa, low, high))
    return [*lines, texts("processes.kappa", kappa=kappa, low=low_said, high=high_said, n=compared)]


def _without_hours(found: ProcessList) -> list[str]:
    bare = sum(p.classes_shown_at is not None and p.hours_month is None for p in found.processes)
    return [session.texts().plural("processes.without_hours", bare)] if bare else []


def _row(process: Process) -> dict[str, str]:
    texts = session.texts()
    hours = process.hours_month
    row = {
        "process": process_words.name_of(process),
        "consultant": process_words.class_name(process.class_consultant) if process.class_consultant else "",
        "client": process_words.class_name(process.class_client) if process.class_client else "",
        "class": process_words.class_name(holds) if (holds := class_of(process)) else texts("processes.open_class"),
        "hours": texts("common.unknown") if hours is None else texts.short(hours),
    }
    return {texts(f"processes.column.{name}"): value for name, value in row.items()}
