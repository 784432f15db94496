"""The front page: what this is, begin, the example, and the assessments one has."""

import streamlit as st

from assessment.service import UNDO_DAYS, Overview
from pages.ui import errors, parts, session

SHOWN = 8


def render() -> None:
    """Draw the front page."""
    texts = session.texts()
    parts.title(texts("common.product"))
    parts.message(texts("start.lead"), texts("start.what"))
    with st.container(horizontal=True):
        if st.button(texts("start.begin"), type="primary"):
            session.go("begin")
        if st.button(texts("start.demo")):
            session.open_engagement(session.service().open_demo(), "maturity")
    parts.note(f"{texts('start.demo_note')} {texts('start.privacy')}")
    _mine()


def _mine() -> None:
    texts = session.texts()
    overviews = session.service().engagements()
    parts.section(texts("start.mine"))
    _just_deleted()
    if erased := session.kept("erased"):
        session.drop("erased")
        st.html(f'<p role="status">{parts.escape(texts("privacy.erased", name=erased))}</p>')
    if session.kept("unsaved_list"):
        parts.saved("list", False)
    mine = [o for o in overviews if o.engagement.deleted_at is None]
    if not mine:
        parts.note(texts("start.none"))
    shown = mine if session.kept("all") else mine[:SHOWN]
    for overview in shown:
        _row(overview)
    if len(shown) < len(mine):
        st.button(texts("start.more", n=len(mine)), type="tertiary", on_click=session.keep, args=("all", True))
    deleted = [o for o in overviews if o.engagement.deleted_at is not None]
    if deleted:
        with st.expander(texts("start.recently_deleted", days=UNDO_DAYS)):
            for overview in deleted:
                _deleted_row(overview)


def _row(overview: Overview) -> None:
    texts, engagement = session.texts(), overview.engagement
    with st.container(key=f"mine_{engagement.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.html(f'<p class="sf-name">{parts.escape(engagement.name)}</p>')
            parts.note(" · ".join(_facts(overview)))
        action = "follow" if overview.gathering else "results" if overview.finished else "continue"
        if st.button(texts(f"start.{action}"), key=f"open_{engagement.id}", help=None):
            _open(overview)
        st.button(
            texts("start.delete"),
            key=f"delete_{engagement.id}",
            type="tertiary",
            on_click=session.keep,
            args=("deleting", engagement.id),
        )
    if session.kept("deleting") == engagement.id:
        _confirm(overview)


def _facts(overview: Overview) -> list[str]:
    texts, engagement = session.texts(), overview.engagement
    facts = [texts("common.fictional")] if engagement.fictional else []
    facts.append(texts("start.begun", date=texts.day(engagement.created_at)))
    if engagement.mode == "consensus":
        facts.append(texts("start.together"))
    if engagement.mode == "anonymous":
        gathering = [texts("start.gathering")] if overview.gathering else []
        return [
            *facts,
            texts.plural("start.waves", overview.waves),
            texts.plural("start.responses", overview.respondents),
            *gathering,
        ]
    if overview.finished:
        return [*facts, texts("start.done", total=overview.total)]
    return [*facts, texts("start.progress", answered=overview.answered, total=overview.total)]


def _open(overview: Overview) -> None:
    page = "participants" if overview.gathering else "maturity" if overview.finished else "answer"
    session.open_engagement(overview.engagement.id, page)


def _confirm(overview: Overview) -> None:
    texts, engagement = session.texts(), overview.engagement
    with st.container(key="confirm"):
        st.html(f"<p>{parts.escape(texts('start.delete_sure', name=engagement.name, days=UNDO_DAYS))}</p>")
        with st.container(horizontal=True):
            st.button(texts("start.delete_yes"), type="primary", on_click=_delete, args=(overview,))
            st.button(texts("common.cancel"), on_click=session.drop, args=("deleting",))


def _delete(overview: Overview) -> None:
    if errors.guarded("list", lambda: session.service().delete(overview.engagement.id)):
        session.drop("deleting")
        session.keep("deleted", overview)
        session.forget_engagement()


def _just_deleted() -> None:
    deleted: Overview | None = session.kept("deleted")
    if deleted is None:
        return
    texts = session.texts()
    with st.container(key="deleted", horizontal=True, vertical_alignment="center"):
        st.html(f'<p role="status">{parts.escape(texts("start.deleted", name=deleted.engagement.name))}</p>')
        st.button(texts("common.undo"), on_click=_restore, args=(deleted,))


def _deleted_row(overview: Overview) -> None:
    texts, engagement = session.texts(), overview.engagement
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="sf-name">{parts.escape(engagement.name)}</p>')
        st.button(texts("start.restore"), key=f"restore_{engagement.id}", on_click=_restore, args=(overview,))


def _restore(overview: Overview) -> None:
    if errors.guarded("list", lambda: session.service().restore(overview.engagement.id)):
        session.drop("deleted")
