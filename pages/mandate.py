"""What the improvement work may do and whether it can start: the mandate and the seven preconditions, both optional."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from assessment.engagement import Engagement, ItemId, Mandate, ReadinessAnswer
from assessment.packs import builtin
from assessment.plan.mandates import Version
from assessment.wording import mandate_words
from assessment.wording.process_words import name_of
from pages.ui import errors, mandate_form, parts, session, used_in

READINESS: Final = "readiness"
VIEWS: Final = ("", READINESS)


def render() -> None:
    """Draw the mandate or, at its step, the preconditions, with what is known, and say what is not."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.mandate"), texts("mandate.none"), (texts("start.begin"), "begin"))
        return
    versions, readiness = session.service().mandate_versions(opened.id), session.service().readiness(opened.id)
    mandate = versions[0].mandate if versions else None
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "", _known(mandate, readiness))
    parts.title(texts("page.mandate"))
    parts.message(texts("mandate.lead"), texts("mandate.why"))
    view = READINESS if session.step() == READINESS else ""
    _choose_view(view)
    if view == READINESS:
        _readiness(opened, readiness)
        used_in.findings(opened, "mandate", READINESS)
    else:
        parts.section(texts("mandate.heading"))
        mandate_form.draw(opened, mandate)
        _versions(opened, versions)
    parts.next_step(texts("mandate.next"), texts("mandate.next_why"), (texts("mandate.to_strategy"), "strategy"))


def _choose_view(view: str) -> None:
    texts, key = session.texts(), session.widget_key(f"mandate_view_{view}")
    st.segmented_control(
        texts("mandate.view"),
        VIEWS,
        default=view,
        required=True,
        format_func=lambda one: texts("mandate.readiness" if one == READINESS else "mandate.heading"),
        key=key,
        label_visibility="collapsed",
        on_change=lambda: session.go_to_step(session.widget(key) or ""),
    )


def _known(mandate: Mandate | None, readiness: Mapping[ItemId, ReadinessAnswer]) -> str:
    texts = session.texts()
    about_mandate = texts("mandate.unknown") if mandate is None else texts("mandate.given")
    return f"{about_mandate} · {texts('mandate.readiness_known', n=len(readiness), total=7)}"


# ---------------------------------------------------------------- how the mandate has changed


def _versions(opened: Engagement, versions: tuple[Version, ...]) -> None:
    texts = session.texts()
    if not versions:
        return
    parts.section(texts.plural("mandate.versions", len(versions)))
    names = {p.id: name_of(p) for p in session.service().processes(opened.id).processes}
    for version in versions:
        _version(opened, version, versions[0].mandate, names)


def _version(opened: Engagement, version: Version, latest: Mandate, names: dict[str, str]) -> None:
    texts, said = session.texts(), version.mandate
    day = texts.day(said.created_at) if said.created_at else texts("common.unknown")
    key = "mandate.version_now" if said.version == latest.version else "mandate.version"
    st.html(f'<p class="sf-name">{parts.escape(texts(key, n=texts.number(said.version, 0), day=day))}</p>')
    if said.reason:
        parts.note(texts("mandate.version_reason", reason=said.reason))
    if version.differences:
        parts.bullets(mandate_words.changes(version, names))
    if said.version != latest.version:
        st.button(
            texts("mandate.take_up", n=texts.number(said.version, 0)),
            key=f"mandate_take_up_{said.version}",
            on_click=mandate_form.take_up,
            args=(opened, latest, said, set(names)),
        )


# ---------------------------------------------------------------- preconditions


def _readiness(opened: Engagement, readiness: Mapping[ItemId, ReadinessAnswer]) -> None:
    texts = session.texts()
    parts.section(texts("mandate.readiness"))
    parts.lead(texts("mandate.readiness_why"))
    with st.container(key="sheet"):
        for item in builtin("readiness").items:
            _precondition(opened, readiness.get(ItemId(item.id)), item.id)


def _precondition(opened: Engagement, answer: ReadinessAnswer | None, item_id: str) -> None:
    texts, pack = session.texts(), builtin("readiness")
    words = pack.prose[texts.language].items[item_id]
    options, key = list(pack.values()), session.widget_key(f"readiness_{opened.id}_{item_id}")
    labels = {
        value: words.anchors[value - 1] if isinstance(value, int) else texts(f"answer.{value}") for value in options
    }
    st.radio(
        parts.question(words),
        options,
        index=options.index(answer.value) if answer else None,
        key=key,
        format_func=lambda value: labels[value],
        on_change=_save_precondition,
        args=(opened, item_id, key),
    )
    parts.saved(item_id, answer is not None)


def _save_precondition(opened: Engagement, item_id: str, key: str) -> None:
    answer = ReadinessAnswer(item_id=ItemId(item_id), value=session.widget(key))
    errors.guarded(item_id, lambda: session.service().answer_readiness(opened.id, answer))
