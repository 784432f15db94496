"""Privacy: how long it is kept, what respondents are told, all of it as a file, what was done to it, and the end."""

from datetime import date, timedelta
from typing import Any, Final, Literal

import streamlit as st

from assessment.audit import AuditEvent
from assessment.config import RETENTION_MONTHS_MAX
from assessment.engagement import Engagement
from assessment.privacy import NotTheName, Retention
from assessment.report.everything import Everything
from assessment.report.export import named_file
from assessment.respond.notice import notice
from assessment.store.protocol import StoreError
from assessment.use_cases import utc_now
from pages.ui import errors, fields, parts, session
from pages.ui.inviting import clock, day_of

YEARS_MAX: Final = 10
RULE: Final = "privacy_rule"
ERASE: Final = "privacy_erase"
Rule = Literal["installation", "months", "day"]


def render() -> None:
    """Draw the privacy of the open assessment: all of it to its owner, to others how long it is kept."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.privacy"), texts("privacy.none"), (texts("start.begin"), "begin"))
        return
    retention = session.service().retention(opened.id)
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.privacy"))
    day = retention.erased_on
    lead = texts("privacy.lead_day", day=texts.day(day)) if day else texts("privacy.lead_never")
    parts.message(lead, texts("privacy.what_goes") if day else "")
    if session.may("own"):
        if not opened.fictional:
            _rule(opened, retention)
        if opened.mode == "anonymous":
            _who(opened, retention)
        fields.saved()
        _export(opened)
    else:
        parts.note(texts("privacy.owner_only"))
    if opened.mode == "anonymous":
        _notice(opened, retention)
    if session.may("own"):
        _audit(opened)
        _erasing(opened)


# ---------------------------------------------------------------- how long


def _rule(opened: Engagement, retention: Retention) -> None:
    texts, told = session.texts(), retention.told
    parts.section(texts("privacy.how_long"))
    now: Rule = "day" if told.erase_on else "months" if told.retention_months else "installation"
    name = f"privacy_rule_{opened.id}"
    labels: dict[Rule, str] = {
        "installation": texts.plural("privacy.rule.installation", retention.usual_months),
        "months": texts("privacy.rule.months"),
        "day": texts("privacy.rule.day"),
    }
    chosen: Rule = parts.choice(st.radio, name, texts("privacy.rule"), labels, now)
    if chosen == "installation":
        if now != "installation":
            st.button(texts("privacy.keep_rule"), key="privacy_ours", on_click=_to_ours, args=(opened,))
        fields.refused(RULE)
    elif chosen == "months":
        _months(opened, told.retention_months)
    else:
        _day(opened, told.erase_on)
    parts.note(texts("privacy.counted"))


def _to_ours(opened: Engagement) -> None:
    _change(opened, {"retention_months": None, "erase_on": None})


def _months(opened: Engagement, months: int | None) -> None:
    texts, key = session.texts(), session.widget_key(f"privacy_months_{opened.id}")
    st.number_input(
        texts("privacy.months"),
        min_value=1,
        max_value=RETENTION_MONTHS_MAX,
        value=months,
        step=1,
        key=key,
        placeholder=texts("common.unknown"),
        on_change=lambda: _change(opened, {"retention_months": session.widget(key)}),
    )
    fields.refused(RULE)


def _day(opened: Engagement, day: date | None) -> None:
    texts, tomorrow = session.texts(), utc_now().date() + timedelta(days=1)
    key = session.widget_key(f"privacy_day_{opened.id}")
    st.date_input(
        texts("privacy.field.erase_on"),
        value=day,
        min_value=min(tomorrow, day or tomorrow),
        max_value=max(tomorrow.replace(year=tomorrow.year + YEARS_MAX, day=1), day or tomorrow),
        key=key,
        format="DD.MM.YYYY" if texts.language == "nb" else "DD/MM/YYYY",
        on_change=lambda: _change(opened, {"erase_on": session.widget(key)}),
    )
    fields.refused(RULE)


def _change(opened: Engagement, given: dict[str, Any]) -> None:
    session.drop("retention")  # what every page announces
    fields.write(RULE, lambda: session.service().change_privacy(opened.id, given))


# ---------------------------------------------------------------- what those who answer are told


def _who(opened: Engagement, retention: Retention) -> None:
    texts, service = session.texts(), session.service()
    for field in ("controller", "contact"):
        fields.text(
            texts(f"privacy.field.{field}"),
            f"privacy_{field}_{opened.id}",
            getattr(retention.told, field) or "",
            lambda typed, field=field: service.change_privacy(opened.id, {field: typed}),  # type: ignore[misc]
            placeholder=opened.name if field == "controller" else texts("privacy.contact_hint"),
        )


def _notice(opened: Engagement, retention: Retention) -> None:
    texts, wave = session.texts(), session.service().waves(opened.id)[-1]
    parts.section(texts("privacy.notice"))
    parts.note(texts("privacy.notice_why"))
    for heading, text in notice(retention.told, opened, wave, texts):
        st.html(f'<p class="sf-name">{parts.escape(heading)}</p><p>{parts.escape(text)}</p>')


# ---------------------------------------------------------------- all of it as a file


def _export(opened: Engagement) -> None:
    texts, language = session.texts(), session.language()
    # made when it is asked for, outside the run: nobody could tell there who is asking
    everything = session.service().beside(Everything)
    parts.section(texts("privacy.export"))
    parts.note(texts("privacy.export_note_many" if opened.mode == "anonymous" else "privacy.export_note"))
    st.download_button(
        texts("privacy.export_do"),
        lambda: everything.export_everything(opened.id, language),
        named_file(opened.name, texts("privacy.export_file"), "zip"),
        "application/zip",
        on_click="ignore",
        key="export_everything",
    )


# ---------------------------------------------------------------- what was done


def _audit(opened: Engagement) -> None:
    texts = session.texts()
    found = session.service().audit_page(opened.id, _page())
    parts.section(texts("privacy.audit"))
    parts.note(texts("privacy.audit_note"))
    if not found.events:
        parts.note(texts("privacy.audit_none"))
        return
    parts.bullets([_told(event) for event in found.events])
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.page > 1:
            st.button(texts("history.newer"), on_click=session.go_to_step, args=(str(found.page - 1),))
        if found.page < found.pages:
            st.button(texts("history.older"), on_click=session.go_to_step, args=(str(found.page + 1),))


def _told(event: AuditEvent) -> str:
    texts = session.texts()
    what = texts(f"privacy.did.{event.kind}")
    counted = f"{what} ({texts.number(event.count, 0)})" if event.count > 1 else what
    who = event.subject or texts(f"privacy.who.{event.actor}")
    return f"{day_of(event.at)}, {clock(event.at)}: {counted} · {who}"


def _page() -> int:
    asked = session.step() or ""
    return int(asked) if asked.isdecimal() and 1 <= len(asked) <= 4 and int(asked) else 1


# ---------------------------------------------------------------- the end


def _erasing(opened: Engagement) -> None:
    texts = session.texts()
    parts.section(texts("privacy.erase"))
    parts.note(texts("privacy.erase_what"))
    with st.form("privacy_erase", border=False):
        typed = st.text_input(
            texts("privacy.erase_type", name=opened.name), max_chars=200, placeholder="", autocomplete="off"
        )
        if st.form_submit_button(texts("privacy.erase_do")):
            _erase(opened, typed)
    parts.saved(ERASE, done=False)


def _erase(opened: Engagement, typed: str) -> None:
    try:
        session.service().erase(opened.id, typed)
    except NotTheName:
        session.keep(f"unsaved_{ERASE}", session.texts()("privacy.erase_other_name"))
        return
    except StoreError as error:
        session.keep(f"unsaved_{ERASE}", session.texts()("answer.not_saved", why=errors.sentence(error)))
        return
    session.forget_engagement()
    session.keep("erased", opened.name)
    session.go("start")
