"""One page for the sponsor when the diagnosis points outside the mandate: what it shows, and what to decide."""

from collections.abc import Callable, Mapping
from typing import Final, get_args

import streamlit as st

from assessment.advice import Advice
from assessment.engagement import Engagement, Mandate, NoteSection, NoteWords
from assessment.report.export import named_file
from assessment.results import Results
from assessment.strategy.model import StrategyId
from assessment.wording import note_words, words
from pages.ui import choices, decided, fields, parts, session, take_away

SECTIONS: Final[tuple[NoteSection, ...]] = get_args(NoteSection)
EDIT: Final = "edit"
BOX: Final = 144


def render() -> None:
    """Draw the note of the open engagement, its wording where one edits it, or say that there is nothing to write."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.sponsor_note"), texts("sponsor_note.none"), (texts("start.begin"), "begin"))
        return
    results, advice = session.results(opened), session.advice(opened)
    outside = advice.recommendation.mandate_conflict if advice is not None else None
    if advice is None or outside is None:
        to_strategy = (texts("sponsor_note.to_strategy"), "strategy")
        parts.empty(texts("page.sponsor_note"), texts("sponsor_note.no_conflict"), to_strategy)
        return
    own = session.service().note_words(opened.id, outside, session.language())
    note = note_words.standard(advice, outside) | {section: said.words for section, said in own.items()}
    parts.where(*words.about(results))
    parts.title(texts("page.sponsor_note"))
    if session.step() == EDIT and session.may("run"):
        _edit(opened, advice.mandate, outside, note, own)
    else:
        _show(opened, results, advice, note)


# ---------------------------------------------------------------- the note


def _show(opened: Engagement, results: Results, advice: Advice, note: Mapping[NoteSection, str]) -> None:
    texts = session.texts()
    parts.lead(texts("sponsor_note.lead"))
    decided.own_weights(advice)
    for section in SECTIONS:
        parts.section(texts(f"sponsor_note.section.{section}"))
        st.html("<p>" + "<br>".join(parts.escape(line) for line in note[section].splitlines()) + "</p>")
    take_away.as_text(
        "note",
        texts("sponsor_note.take_away"),
        _as_text(results, note),
        named_file(opened.name, texts("sponsor_note.file"), "txt"),
        (texts("sponsor_note.edit"), EDIT),
    )
    with st.container(key="next", horizontal=True):
        parts.links((texts("sponsor_note.to_strategy"), "strategy"), (texts("strategy.describe_mandate"), "mandate"))


def _as_text(results: Results, note: Mapping[NoteSection, str]) -> str:
    texts = session.texts()
    blocks = [f"{texts('page.sponsor_note')}\n{' · '.join(words.about(results))}"]
    blocks += [f"{texts(f'sponsor_note.section.{section}')}\n{note[section]}" for section in SECTIONS]
    return "\n\n".join(blocks) + "\n"


def _edit(
    opened: Engagement,
    mandate: Mandate | None,
    outside: StrategyId,
    note: Mapping[NoteSection, str],
    own: Mapping[NoteSection, NoteWords],
) -> None:
    texts, now = session.texts(), mandate.version if mandate else 0
    parts.lead(texts("sponsor_note.editing"))
    language = session.language()
    for section in SECTIONS:

        def store(said: str, section: NoteSection = section) -> None:
            session.service().write_note(opened.id, outside, language, section, said)
            if not said.strip():
                session.renew_widgets()  # the tool's words are back

        name = f"note_{outside}_{section}"
        choices.paragraph(texts(f"sponsor_note.section.{section}"), name, note[section], store, height=BOX)
        if section in own:
            if own[section].mandate_version != now:
                parts.note(texts("sponsor_note.older_mandate"))
            ours = texts("sponsor_note.ours", section=texts(f"sponsor_note.section.{section}"))
            st.button(ours, key=f"ours_{section}", type="tertiary", on_click=_ours, args=(name, store))
    fields.saved()
    st.button(texts("sponsor_note.done"), type="primary", key="note_done", on_click=session.go_to_step, args=("",))


def _ours(name: str, store: Callable[[str], None]) -> None:
    fields.write(name, lambda: store(""))


# ---------------------------------------------------------------- our words for it
