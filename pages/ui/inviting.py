"""Make links and hand them out: the form, and one link or batch of codes with all one needs to share it."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from html import escape
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from assessment.access import hash_secret
from assessment.engagement import Engagement, LinkPurpose, Wave
from assessment.links import COUNT_MAX, LOCAL_ADDRESS, Batch, Invitation, address, end_of, origin, table
from assessment.packs import LANGUAGES, ROLES, Language
from assessment.settings import settings
from assessment.store.protocol import StoreError
from assessment.texts import texts as texts_of
from pages.ui import errors, parts, qr, session, take_away

ANY_ROLE = "any"
DAYS = 30
PIN_DIGITS = (4, 12)
LOCAL = ("localhost", "127.0.0.1", "::1")


def name(batch: Batch) -> str:
    """What a link is for, in the words of the list."""
    texts, link = session.texts(), batch.first
    if link.purpose != "answer":
        return texts(f"participants.about.{link.purpose}")
    role = texts(f"role.{link.role}") if link.role else texts("participants.any_role")
    return f"{role} · {link.team}" if link.team else role


def zone() -> tzinfo:
    """The reader's time zone."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def day_of(moment: datetime) -> str:
    """The day of a moment, where the reader is."""
    return session.texts().day(moment.astimezone(zone()))


def clock(moment: datetime) -> str:
    """The time of day of a moment, where the reader is."""
    local = moment.astimezone(zone())
    return f"{local:%H.%M}" if session.language() == "nb" else f"{local:%H:%M}"


def last_day(expires_at: datetime) -> str:
    """The last whole day a link works, where the reader is."""
    return session.texts().day(expires_at.astimezone(zone()) - timedelta(seconds=1))


def base() -> str:
    """Where others reach this server: as the installation says, else where the reader has reached it."""
    return settings().address or origin(st.context.url or LOCAL_ADDRESS)


# ---------------------------------------------------------------- the form


def form(opened: Engagement, wave: Wave) -> None:
    """Draw the choices for a new link, and make it."""
    texts = session.texts()
    purposes: list[LinkPurpose] = ["answer"] if wave.closed_at is None else []
    purposes += ["results", "facilitate"] if session.may("own") else []
    if not purposes:
        return
    parts.section(texts("participants.make"))
    with st.container(key="make"):
        _choices(opened, wave, purposes)


def _choices(opened: Engagement, wave: Wave, purposes: list[LinkPurpose]) -> None:
    texts = session.texts()
    labels = {purpose: texts(f"participants.purpose.{purpose}") for purpose in purposes}
    purpose = parts.choice(
        st.segmented_control,
        f"make_for_{len(labels)}",
        texts("participants.make_for"),
        labels,
        first=purposes[0],
        required=True,
    )
    given = _answering(wave) if purpose == "answer" else _pin(purpose)
    last = st.date_input(
        texts("participants.expires"),
        value=_today() + timedelta(days=DAYS),
        min_value=_today(),
        key=f"expires_{purpose}",
        format="DD.MM.YYYY" if texts.language == "nb" else "DD/MM/YYYY",
    )
    several = given.get("count", 1) != 1
    if st.button(
        texts("participants.create_codes" if several else "participants.create"),
        # with the round closed, the result is what comes first
        type="primary" if wave.closed_at is None else "secondary",
        key="create",
    ):
        _create(opened, purpose, given, last if isinstance(last, date) else None)


def _today() -> date:
    return datetime.now(zone()).date()


def _answering(wave: Wave) -> dict[str, object]:
    texts = session.texts()
    roles = {role: texts(f"role.{role}") for role in ROLES if role != "K"}
    roles |= {ANY_ROLE: texts("participants.any_role"), "K": texts("role.K")}
    role = parts.choice(st.selectbox, "link_role", texts("participants.role"), roles, first=ROLES[0])
    how = parts.choice(
        st.radio,
        "link_how",
        texts("participants.how"),
        {how: texts(f"participants.how.{how}") for how in ("shared", "codes")},
        first="shared",
        captions=[texts("participants.how.shared_note"), texts("participants.how.codes_note")],
    )
    given: dict[str, object] = {"role": None if role == ANY_ROLE else role}
    if how == "codes":
        number = st.number_input(texts("participants.how_many"), 2, COUNT_MAX, 20, step=1, key="link_count")
        given |= {"count": int(number), "max_uses": 1}
    else:
        most = st.number_input(
            texts("participants.most"),
            min_value=1,
            max_value=COUNT_MAX,
            value=None,
            step=1,
            key="link_most",
            placeholder=texts("participants.any_number"),
        )
        given["max_uses"] = int(most) if most else None
    if wave.by_team:
        team = st.text_input(
            texts("participants.team"), key="link_team", max_chars=80, help=texts("participants.team_help")
        )
        given["team"] = team.strip() or None
    return given


def _pin(purpose: LinkPurpose) -> dict[str, object]:
    texts = session.texts()
    pin = st.text_input(
        texts("participants.pin"), key=f"pin_{purpose}", max_chars=PIN_DIGITS[1], help=texts("participants.pin_help")
    )
    return {"pin": pin.strip()}


def _create(opened: Engagement, purpose: LinkPurpose, given: dict[str, object], last: date | None) -> None:
    texts, pin = session.texts(), str(given.pop("pin", ""))
    if pin and not (pin.isascii() and pin.isdigit() and PIN_DIGITS[0] <= len(pin)):
        st.warning(texts("participants.pin_wrong"))
        return
    if last is not None and last < _today():
        st.warning(texts("participants.past_day"))
        return
    invitation = Invitation.model_validate(
        {
            **given,
            "purpose": purpose,
            "expires_at": end_of(last, zone()) if last else None,
            "pin_hash": hash_secret(pin) if pin else None,
        }
    )
    try:
        made = session.service().invite(opened.id, invitation)
    except StoreError as error:
        st.warning(errors.sentence(error))
        return
    session.go("participants", p=made[0].link.id)


# ---------------------------------------------------------------- one link, or a batch of codes


def show(opened: Engagement, wave: Wave, batch: Batch) -> None:
    """Draw what one needs to hand out these links."""
    texts = session.texts()
    parts.where(opened.name, texts(f"wave.{wave.label}"))
    parts.title(texts("page.participants"))
    st.button(texts("participants.back"), key="back", type="tertiary", on_click=session.go_to_step, args=("",))
    parts.section(name(batch))
    if batch.first.wave_id is not None and (batch.first.wave_id != wave.id or wave.closed_at is not None):
        parts.hidden(texts("participants.state.closed"))
        return
    if batch.state != "active":
        parts.hidden(texts(f"participants.state.{batch.state}"))
        return
    if any(member.token is None for member in batch.members):
        parts.banner(texts("participants.lost"), texts("participants.lost_why"))
        return
    if urlsplit(base()).hostname in LOCAL:
        parts.banner(texts("participants.only_here"), texts("participants.only_here_why", address=base()))
    if len(batch.members) > 1:
        _sheet(opened, batch)
    else:
        _one(opened, wave, batch)


def _address(batch: Batch, token: str | None) -> str:
    return address(base(), batch.first.purpose, token or "")


def _one(opened: Engagement, wave: Wave, batch: Batch) -> None:
    texts, url = session.texts(), _address(batch, batch.members[0].token)
    st.subheader(texts("participants.copy"), anchor=False)
    st.code(url, language=None, wrap_lines=True)
    st.html(f'<img class="sf-qr" alt="{escape(texts("participants.qr"))}" src="{qr.data_uri(url)}">')
    st.subheader(texts("participants.invitation"), anchor=False)
    for language in LANGUAGES:
        subject, body = _letter(opened, wave, batch, url, language)
        st.code(f"{subject}\n\n{body}", language=None, wrap_lines=True)
        st.link_button(texts(f"participants.mail.{language}"), f"mailto:?subject={quote(subject)}&body={quote(body)}")


def _letter(opened: Engagement, wave: Wave, batch: Batch, url: str, language: Language) -> tuple[str, str]:
    """Subject and text of an invitation, in its own language and not the reader's."""
    said, link = texts_of(language), batch.first
    about = f"invitation.{link.purpose}"
    closing = said(f"{about}.note")
    if link.expires_at is not None:
        day = said.day(link.expires_at.astimezone(zone()) - timedelta(seconds=1))
        closing += f" {said('invitation.until', date=day)}"
    if link.purpose == "answer" and not wave.measures_maturity:
        why, subject = said("invitation.reaction.why"), said("invitation.reaction.subject")
    else:
        why, subject = said(f"{about}.why"), said(f"{about}.subject", organisation=opened.name)
    return subject, "\n\n".join([said("invitation.hello"), why, url, closing])


def _sheet(opened: Engagement, batch: Batch) -> None:
    """The codes nobody has used yet: for a mail merge, and as cards to cut out."""
    texts = session.texts()
    unused = [_address(batch, member.token) for member in batch.members if member.state == "active"]
    role, team = batch.first.role, batch.first.team
    named = texts_of(opened.language)(f"role.{role}") if role else ""
    st.subheader(texts.plural("participants.sheet", len(unused)), anchor=False)
    parts.note(texts("participants.sheet_how"))
    st.download_button(
        texts("participants.csv"),
        take_away.noted(lambda: table([(named, team or "", url) for url in unused]), len(unused)),
        file_name=f"salgsflyt-{batch.first.id[:6]}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    about = " · ".join(f for f in (texts(f"role.{role}") if role else "", team) if f)
    cards = "".join(
        f'<li><img alt="" src="{qr.data_uri(url)}"><div><b>{escape(opened.name)}</b>'
        f"<span>{escape(texts_of('nb')('participants.card'))}<br>"
        f'<span lang="en">{escape(texts_of("en")("participants.card"))}</span></span>'
        f"<small>{escape(about)}</small><code>{escape(url)}</code></div></li>"
        for url in unused
    )
    st.html(f'<ul class="sf-sheet">{cards}</ul>')
