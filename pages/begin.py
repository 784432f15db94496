"""Begin an assessment: organisation, who answers, planned training, and which questions."""

from typing import Any

import streamlit as st

from assessment.config import K_MAX, K_MIN
from assessment.packs import ROLES, builtin
from assessment.service import Beginning, GroupBeginning
from pages.ui import handed, parts, session

# the consultant's own rating is a comparison beside others' answers, never an assessment alone (method §2.2)
ANSWERING = [role for role in ROLES if role != "K"]


def render() -> None:
    """Draw the form, and begin when it is complete; below it, the way in for what was begun elsewhere."""
    _form()
    handed.offer()


def _form() -> None:
    texts = session.texts()
    parts.title(texts("page.begin"))
    parts.message(texts("begin.lead"))
    organisation = st.text_input(
        texts("begin.organisation"), key="begin_organisation", max_chars=80, help=texts("begin.organisation_help")
    )
    who = _choice(
        "who",
        {who: texts(f"begin.who.{who}") for who in ("alone", "team", "group")},
        first="alone",
        captions=[texts(f"begin.who.{who}_note", k=K_MIN) for who in ("alone", "team", "group")],
    )
    role = _choice("role", {role: texts(f"role.{role}") for role in ANSWERING}) if who == "alone" else None
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
    if who == "group":
        _group(organisation, training, pack_id)
        return
    view = _view(role) if pack_id == "full" and role else "all"
    if st.button(texts("begin.start"), type="primary"):
        asked = {"organisation": organisation.strip(), "training": training}
        if _incomplete(**asked if who == "team" else asked | {"role": role}):
            return
        beginning = Beginning(
            organisation=organisation,
            role=role,
            training_planned=training,
            pack_id=pack_id,
            view=view,
            mode="consensus" if who == "team" else "solo",
        )
        engagement_id = session.service().begin(beginning, session.language())
        session.open_engagement(engagement_id, "answer")


def _choice(name: str, labels: dict[str, str], **more: Any) -> Any:
    return parts.choice(st.radio, f"begin_{name}", session.texts()(f"begin.{name}"), labels, **more)


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


def _group(organisation: str, training: str | None, pack_id: str) -> None:
    """Draw what is asked when several people answer, and begin."""
    texts = session.texts()
    k = st.select_slider(
        texts("begin.k"), range(K_MIN, K_MAX + 1), value=K_MIN, key="begin_k", help=texts("begin.k_help")
    )
    by_team = st.checkbox(texts("begin.by_team"), key="begin_by_team")
    if st.button(texts("begin.invite"), type="primary"):
        if _incomplete(organisation=organisation.strip(), training=training):
            return
        engagement_id = session.service().begin_group(
            GroupBeginning(organisation=organisation, training_planned=training, pack_id=pack_id, k=k, by_team=by_team),
            session.language(),
        )
        session.open_engagement(engagement_id, "participants")


def _incomplete(**given: str | None) -> bool:
    """Whether something is missing; then it is said what."""
    missing = [name for name, value in given.items() if not value]
    if missing:
        st.warning(" ".join(session.texts()(f"begin.missing.{name}") for name in missing))
    return bool(missing)
