"""What was just taken out in this tab, and the button that puts it back."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from assessment.engagement import Engagement, EngagementId
from pages.ui import errors, parts, session


def remember(name: str, engagement_id: EngagementId, removed: object) -> None:
    """Keep what was taken out, so that `offer` can put it back. name: of the list it was taken out of."""
    session.keep(f"{name}_removed", (engagement_id, removed))


def forget(name: str) -> None:
    """What was taken out can no longer be put back: something has taken its place."""
    session.drop(f"{name}_removed")


def offer(
    name: str, opened: Engagement, said: Callable[[Any], str], restore: Callable[[EngagementId, Any], object]
) -> None:
    """Say what was taken out, with the button that puts it back; nothing where nothing was.

    said: the sentence about it. restore: puts it back. What fails is told by `fields.refused` under this name.
    """
    removed = session.kept(f"{name}_removed")
    if removed is None or removed[0] != opened.id:
        return
    with st.container(key=f"{name}_removed", horizontal=True, vertical_alignment="center"):
        st.html(f'<p role="status">{parts.escape(said(removed[1]))}</p>')
        label = session.texts()("common.undo")
        st.button(label, key=f"{name}_put_back", on_click=_put_back, args=(name, restore, removed))


def _put_back(name: str, restore: Callable[[EngagementId, Any], object], removed: tuple[EngagementId, Any]) -> None:
    if errors.guarded(name, lambda: restore(*removed)):
        forget(name)
