"""What the improvement work may do and whether it can start: the mandate and the seven preconditions, both optional."""

import streamlit as st

from assessment.engagement import Engagement, ItemId, Mandate, ReadinessAnswer
from assessment.packs import builtin
from assessment.store.protocol import StoreError
from pages.ui import errors, parts, session, used_in

SCOPES = ("named", "all_sales", "sales_plus", "company")
OWNERS = ("SL", "TM")
CHANGES = ("process", "system", "model", "organisation")


def render() -> None:
    """Draw both forms with what is known, and say what is not."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.mandate"), texts("mandate.none"), (texts("start.begin"), "begin"))
        return
    mandate, readiness = session.service().mandate(opened.id), session.service().readiness(opened.id)
    parts.where(opened.name, _known(mandate, readiness))
    parts.title(texts("page.mandate"))
    parts.message(texts("mandate.lead"), texts("mandate.why"))
    parts.section(texts("mandate.heading"))
    _mandate(opened, mandate)
    parts.section(texts("mandate.readiness"))
    parts.lead(texts("mandate.readiness_why"))
    with st.container(key="sheet"):
        for item in builtin("readiness").items:
            _precondition(opened, readiness.get(ItemId(item.id)), item.id)
    used_in.findings(opened, "mandate")
    parts.next_step(texts("mandate.next"), texts("mandate.next_why"), (texts("mandate.to_strategy"), "strategy"))


def _known(mandate: Mandate | None, readiness: dict[ItemId, ReadinessAnswer]) -> str:
    texts = session.texts()
    about_mandate = texts("mandate.unknown") if mandate is None else texts("mandate.given")
    return f"{about_mandate} · {texts('mandate.readiness_known', n=len(readiness), total=7)}"


def _mandate(opened: Engagement, mandate: Mandate | None) -> None:
    texts = session.texts()
    with st.form("mandate_form", border=False):
        scope = st.radio(
            texts("mandate.scope"),
            SCOPES,
            index=SCOPES.index(mandate.scope) if mandate and mandate.scope else None,
            format_func=lambda s: texts(f"mandate.scope.{s}"),
            captions=[texts(f"mandate.scope.{s}_note") for s in SCOPES],
        )
        processes = st.number_input(
            texts("mandate.processes"),
            min_value=0,
            max_value=200,
            step=1,
            value=mandate.processes_in_scope if mandate else None,
            placeholder=texts("common.unknown"),
        )
        departments = st.text_input(
            texts("mandate.departments"),
            value=", ".join(mandate.departments) if mandate else "",
            max_chars=200,
            placeholder=texts("mandate.departments_example"),
            help=texts("mandate.departments_help"),
        )
        horizon = st.number_input(
            texts("mandate.horizon"),
            min_value=1,
            max_value=60,
            step=1,
            value=mandate.horizon_months if mandate else None,
            placeholder=texts("common.unknown"),
        )
        owner = st.radio(
            texts("mandate.owner"),
            OWNERS,
            index=OWNERS.index(mandate.owner) if mandate and mandate.owner else None,
            format_func=lambda o: texts(f"mandate.owner.{o}"),
        )
        changes = st.multiselect(
            texts("mandate.may_change"),
            CHANGES,
            default=[c for c in CHANGES if mandate and getattr(mandate, f"may_change_{c}")],
            format_func=lambda c: texts(f"mandate.may_change.{c}"),
            placeholder=texts("mandate.may_change_none"),
            help=texts("mandate.may_change_help"),
        )
        if st.form_submit_button(texts("mandate.save")):
            given = {
                "scope": scope,
                "processes_in_scope": processes,
                "departments": tuple(dict.fromkeys(d for part in departments.split(",") if (d := part.strip()))),
                "horizon_months": horizon,
                "owner": owner,
                # nothing chosen is "not said": a no that nobody has given would exclude strategies
                **{f"may_change_{c}": c in changes if changes else None for c in CHANGES},
            }
            _store(opened, given)
    if session.kept("mandate_saved"):
        session.drop("mandate_saved")
        st.html(f'<p class="sf-saved" role="status">✓ {parts.escape(texts("mandate.saved"))}</p>')


def _store(opened: Engagement, given: dict[str, object]) -> None:
    try:
        session.service().save_mandate(opened.id, given)
    except StoreError as error:
        st.error(errors.sentence(error))
    else:
        session.keep("mandate_saved", True)
        st.rerun()


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
