"""Where the organisation wants to be and what matters most: a target and a weight for each criterion."""

import streamlit as st

from assessment.engagement import CriterionSetting, Engagement
from assessment.packs import Criterion, builtin
from assessment.store.protocol import StoreError
from pages.ui import errors, parts, session

WEIGHTS = (0, 1, 2, 3)
TARGETS = (2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)


def render() -> None:
    """Draw the settings, each saved when it is changed."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.targets"), texts("targets.none"), (texts("start.begin"), "begin"))
        return
    settings = session.service().criterion_settings(opened.id)
    parts.where(opened.name, texts(_when(opened, settings)))
    parts.title(texts("page.targets"))
    parts.message(texts("targets.lead"), texts("targets.why"))
    for criterion in builtin("full").criteria:
        _criterion(opened, criterion, settings)
    if refused := session.kept("targets_refused"):
        session.drop("targets_refused")
        st.warning(refused)
    _reset(opened, settings)
    parts.next_step(texts("targets.next"), texts("targets.next_why"), (texts("targets.to_result"), "maturity"))


def _when(opened: Engagement, settings: dict[str, CriterionSetting]) -> str:
    if any(s.set_after_results for s in settings.values()):
        return "targets.set_after"
    return "targets.set_before" if settings else "targets.standard"


def _criterion(opened: Engagement, criterion: Criterion, settings: dict[str, CriterionSetting]) -> None:
    texts, current = session.texts(), settings.get(criterion.id)
    weight, target = (current.weight, current.target) if current else (criterion.weight, criterion.target)
    with st.container(key=f"target_{criterion.id}"):
        parts.section(builtin("full").prose[texts.language].criteria[criterion.id].title)
        left, right = st.columns(2)
        keys = (
            session.widget_key(f"weight_{opened.id}_{criterion.id}"),
            session.widget_key(f"goal_{opened.id}_{criterion.id}"),
        )
        with left:
            st.segmented_control(
                texts("targets.weight"),
                WEIGHTS,
                default=weight,
                required=True,
                key=keys[0],
                format_func=lambda w: texts(f"targets.weight.{w}"),
                on_change=_save,
                args=(opened, criterion, keys),
            )
        with right:
            st.select_slider(
                texts("targets.target"),
                TARGETS,
                value=target,
                key=keys[1],
                format_func=lambda t: f"{texts.number(t)} {texts(f'level.{min(5, int(t + 0.5))}')}",
                on_change=_save,
                args=(opened, criterion, keys),
            )


def _save(opened: Engagement, criterion: Criterion, keys: tuple[str, str]) -> None:
    weight, target = (session.widget(key) for key in keys)
    try:
        session.service().set_criterion(opened.id, criterion.id, weight=weight, target=target)
    except StoreError as error:
        session.keep("targets_refused", errors.sentence(error))
        session.renew_widgets()
    except ValueError:  # every criterion left out: nothing would remain to score
        session.keep("targets_refused", session.texts()("targets.all_zero"))
        session.renew_widgets()


def _reset(opened: Engagement, settings: dict[str, CriterionSetting]) -> None:
    texts, before = session.texts(), session.kept("targets_before")
    with st.container(horizontal=True):
        if settings:
            st.button(texts("targets.reset"), type="tertiary", on_click=_use, args=(opened, {}, settings))
        if before:
            st.button(texts("targets.undo"), type="tertiary", on_click=_use, args=(opened, before, None))


def _use(opened: Engagement, chosen: dict[str, CriterionSetting], before: dict[str, CriterionSetting] | None) -> None:
    try:
        session.service().replace_criterion_settings(opened.id, chosen)
    except StoreError as error:  # a callback runs outside the shell's error boundary
        session.keep("targets_refused", errors.sentence(error))
        return
    session.keep("targets_before", before)
    session.renew_widgets()
