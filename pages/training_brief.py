"""The brief for a sales training: whether to train, on which steps, what to remove first and what to measure after."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from assessment.advice import Advice
from assessment.engagement import Engagement, TrainingBrief
from assessment.report.export import named_file
from assessment.results import Results
from assessment.wording import brief_words
from assessment.wording.brief_words import SECTIONS, Section, words
from pages.ui import advised, choices, decided, fields, parts, session, take_away, waves

EDIT: Final = "edit"
LAST_DAY: Final = "training_last_day"


def render() -> None:
    """Draw the brief of the open engagement, what one adds to it, or say what it needs."""
    texts = session.texts()
    found = advised.needed(texts("page.training_brief"), texts("training_brief.none"))
    if found is None:
        return
    opened, results, advice = found
    added = session.service().training_brief(opened.id)
    parts.where(*words.about(results))
    parts.title(texts("page.training_brief"))
    if session.step() == EDIT and session.may("run"):
        _edit(opened, added)
    else:
        waves.choose(results)
        _show(opened, results, advice, added)


# ---------------------------------------------------------------- the brief


def _show(opened: Engagement, results: Results, advice: Advice, added: TrainingBrief) -> None:
    texts, reaction = session.texts(), session.reaction(opened)
    decisions = session.service().strategy_decisions(opened.id)
    said = brief_words.said(results, advice, decisions, added, reaction)
    parts.message(texts(f"actions.training.{advice.training}"), *said["verdict"])
    decided.own_weights(advice)
    _own(added.verdict)
    for section in SECTIONS[1:]:
        parts.section(texts(f"training_brief.section.{section}"))
        parts.bullets(said[section] or [texts(f"training_brief.nothing.{section}")])
        _own(getattr(added, section))
    reacted = [] if reaction is None else brief_words.reacted(reaction)
    if reacted:
        parts.section(texts("training_brief.reaction"))
        parts.bullets(reacted)
    take_away.as_text(
        "brief",
        texts("training_brief.take_away"),
        _as_text(results, advice, said, added, reacted),
        named_file(opened.name, texts("training_brief.file"), "txt"),
        (texts("training_brief.add"), EDIT),
    )
    with st.container(key="next", horizontal=True):
        parts.links((texts("strategy.to_actions"), "actions"), (texts("decision.to_strategy"), "strategy"))


def _own(own: str | None) -> None:
    """What somebody added, as they wrote it."""
    if own:
        st.html("<p>" + "<br>".join(parts.escape(line) for line in own.splitlines()) + "</p>")


def _as_text(
    results: Results, advice: Advice, said: Mapping[Section, list[str]], added: TrainingBrief, reacted: list[str]
) -> str:
    texts = session.texts()
    blocks = [f"{texts('page.training_brief')}\n{' · '.join(words.about(results))}"]
    for section in SECTIONS:
        heading = f"actions.training.{advice.training}" if section == "verdict" else f"training_brief.section.{section}"
        lines = said[section] or [texts(f"training_brief.nothing.{section}")]
        own = getattr(added, section)
        blocks.append("\n".join([texts(heading), *(f"– {line}" for line in lines), *([own] if own else [])]))
    if reacted:
        blocks.append("\n".join([texts("training_brief.reaction"), *(f"– {line}" for line in reacted)]))
    return "\n\n".join(blocks) + "\n"


# ---------------------------------------------------------------- what we say


# ---------------------------------------------------------------- what one adds


def _edit(opened: Engagement, added: TrainingBrief) -> None:
    texts = session.texts()
    parts.lead(texts("training_brief.adding"))
    _last_day(opened, added)
    for section in SECTIONS:
        label, own = texts(f"training_brief.section.{section}"), getattr(added, section) or ""
        choices.paragraph(label, f"brief_{opened.id}_{section}", own, _storing(opened, section))
    fields.saved()
    st.button(texts("sponsor_note.done"), type="primary", key="brief_done", on_click=session.go_to_step, args=("",))


def _storing(opened: Engagement, section: str) -> Callable[[object], object]:
    return lambda given: session.service().change_training_brief(opened.id, {section: given})


def _last_day(opened: Engagement, added: TrainingBrief) -> None:
    key, store = session.widget_key(f"{LAST_DAY}_{opened.id}"), _storing(opened, "last_day")
    st.date_input(
        session.texts()("training_brief.last_day"),
        value=added.last_day,
        min_value=dt.date(2000, 1, 1),
        max_value=dt.date(2099, 12, 31),
        key=key,
        format="DD.MM.YYYY" if session.language() == "nb" else "DD/MM/YYYY",
        on_change=lambda: fields.write(LAST_DAY, lambda: store(session.widget(key))),
    )
    fields.refused(LAST_DAY)
