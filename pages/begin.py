"""Begin an assessment: organisation, role, planned training, and which questions."""

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
    role = st.radio(
        texts("begin.role"), ANSWERING, index=None, key="begin_role", format_func=lambda r: texts(f"role.{r}")
    )
    training = st.radio(
        texts("begin.training"),
        ["yes", "no", "unknown"],
        index=None,
        key="begin_training",
        horizontal=True,
        format_func=lambda t: texts(f"begin.training.{t}"),
        help=texts("begin.training_help"),
    )
    pack_id = st.radio(
        texts("begin.set"),
        ["full", "pulse"],
        key="begin_pack",
        format_func=lambda p: texts(f"begin.set.{p}"),
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


def _view(role: str) -> str:
    texts, pack = session.texts(), builtin("full")
    counts = {"role": len(pack.shown_to(role)), "all": len(pack.items)}
    return st.radio(
        texts("begin.view"),
        ["role", "all"],
        key="begin_view",
        format_func=lambda v: texts(f"begin.view.{v}", n=counts[v]),
        captions=[texts("begin.view.role_note"), texts("begin.view.all_note")],
    )


def _missing(organisation: str, role: str | None, training: str | None) -> list[str]:
    given = {"organisation": organisation.strip(), "role": role, "training": training}
    return [name for name, value in given.items() if not value]
