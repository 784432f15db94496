"""What becomes of the answers: who answers for them, when all of it is erased, and what those who answer are told."""

import datetime as dt
from typing import Final

import streamlit as st

from assessment.engagement import Engagement, Privacy
from assessment.respond.notice import notice
from assessment.use_cases import utc_now
from pages.ui import fields, parts, session

YEARS_MAX: Final = 10
DAY: Final = "privacy_day"


def render() -> None:
    """Draw the day of erasure and, where others answer, who answers for it and the notice they can read."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.privacy"), texts("privacy.none"), (texts("start.begin"), "begin"))
        return
    told = session.service().privacy(opened.id)
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.privacy"))
    no_day = texts("privacy.lead_no_day")
    lead = texts("privacy.lead_day", day=texts.day(told.erase_on)) if told.erase_on else no_day
    parts.message(lead, texts("privacy.what_goes"))
    if session.may("own"):
        _day(opened, told)
        if opened.mode == "anonymous":
            _who(opened, told)
        fields.saved()
    else:
        parts.note(texts("privacy.owner_only"))
    if opened.mode == "anonymous":
        parts.section(texts("privacy.notice"))
        parts.note(texts("privacy.notice_why"))
        wave = session.service().waves(opened.id)[-1]
        for heading, text in notice(told, opened, wave, texts):
            st.html(f'<p class="sf-name">{parts.escape(heading)}</p><p>{parts.escape(text)}</p>')


def _day(opened: Engagement, told: Privacy) -> None:
    texts, service, tomorrow = session.texts(), session.service(), utc_now().date() + dt.timedelta(days=1)

    def store(day: dt.date | None) -> None:
        fields.write(DAY, lambda: service.change_privacy(opened.id, {"erase_on": day}))

    key = session.widget_key(f"privacy_day_{opened.id}")
    st.date_input(
        texts("privacy.field.erase_on"),
        value=told.erase_on,
        min_value=min(tomorrow, told.erase_on or tomorrow),
        max_value=max(tomorrow.replace(year=tomorrow.year + YEARS_MAX, day=1), told.erase_on or tomorrow),
        key=key,
        format="DD.MM.YYYY" if texts.language == "nb" else "DD/MM/YYYY",
        help=texts("privacy.erase_on_help"),
        on_change=lambda: store(session.widget(key)),
    )
    fields.refused(DAY)
    if told.erase_on:
        st.button(
            texts("privacy.no_day_after_all"),
            key="privacy_no_day",
            on_click=lambda: store(None),
        )


def _who(opened: Engagement, told: Privacy) -> None:
    texts, service = session.texts(), session.service()
    for field in ("controller", "contact"):
        fields.text(
            texts(f"privacy.field.{field}"),
            f"privacy_{field}_{opened.id}",
            getattr(told, field) or "",
            lambda typed, field=field: service.change_privacy(opened.id, {field: typed}),  # type: ignore[misc]
            placeholder=opened.name if field == "controller" else texts("privacy.contact_hint"),
        )
