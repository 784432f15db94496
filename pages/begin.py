"""Begin an assessment: organisation, role, planned training, and which questions."""

from typing import Any

import streamlit as st

from assessment.packs import ROLES, builtin
from assessment.service import Beginning
from pages.ui import parts, session

# the consultant's own rating is a comparison beside others' answers, never an assessment alone (method §2.2)
ANSWERING = [role for role in ROLES if role != "K"]


def render() -> None:
    """Draw the form, and begin when it is complete."""
    texts = session.texts()
    parts.title(texts("page.begin"))
    parts.message(texts("begin.lead"))
    organisation = st.text_input(
        texts("begin.organisation"), key="begin_organisation", max_chars=80, help=texts("begin.organisation_help")
    )
    role = _choice("role", {role: texts(f"role.{role}") for role in ANSWERING})
    training = _choice(
        "training",
        {planned: texts(f"begin.training.{planned}") for planned in ("yes", "no", "unknown")},
        horizontal=True,
        help=texts("begin.training_help"),
    )
    pack_id = _choice(
        "set",
        {pack: texts(f"begin.set.{pack}") for pack in ("full", "pulse")},
        first="full",
        captions=[texts("begin.set.full_note"), texts("begin.set.pulse_note")],
    )
    view = _view(role) if pack_id == "full" and role else "all"
    if st.button(texts("begin.start"), type="primary"):
        missing = _missing(organisation, role, training)
        if missing:
            st.warning(" ".join(texts(f"begin.missing.{m}") for m in missing))
            return
        engagement_id = session.service().begin(
            Beginning(organisation=organisation, role=role, training_planned=training, pack_id=pack_id, view=view),
            session.language(),
        )
        session.open_engagement(engagement_id, "answer")


def _choice(name: str, labels: dict[str, str], first: str | None = None, **more: Any) -> Any:
    """One question; what is chosen is kept, so that a change of language loses nothing."""
    key, options = session.widget_key(f"begin_{name}"), list(labels)
    chosen = session.kept(f"begin_{name}") or first
    return st.radio(
        session.texts()(f"begin.{name}"),
        options,
        index=options.index(chosen) if chosen else None,
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: session.keep(f"begin_{name}", session.widget(key)),
        **more,
    )


def _view(role: str) -> str:
    texts, pack = session.texts(), builtin("full")
    counts = {"role": len(pack.shown_to(role)), "all": len(pack.items)}
    chosen: str = _choice(
        "view",
        {view: texts(f"begin.view.{view}", n=counts[view]) for view in counts},
        first="role",
        captions=[texts("begin.view.role_note"), texts("begin.view.all_note")],
    )
    return chosen


def _missing(organisation: str, role: str | None, training: str | None) -> list[str]:
    given = {"organisation": organisation.strip(), "role": role, "training": training}
    return [name for name, value in given.items() if not value]
