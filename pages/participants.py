"""Who is to answer: the round of answering, how far each role has come, and the links that invite."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.engagement import FOLLOWING, REACTION, Engagement, Wave, WaveLabel
from assessment.links import Batch, batches
from assessment.scoring.answers import PERSPECTIVES
from assessment.service import RoleProgress
from assessment.store.protocol import StoreError
from assessment.wording import words
from pages.ui import errors, inviting, parts, session

SELLERS, SURROUNDINGS = PERSPECTIVES["sellers"], PERSPECTIVES["surroundings"]
GUARDED = (*SELLERS, *SURROUNDINGS)
LABELS: tuple[WaveLabel, ...] = ("T0", "T1", "T2", "T3", "pulse")
# the rounds that do not ask the full set
PACKS: Final[Mapping[WaveLabel, str]] = {"pulse": "pulse", "T1": REACTION}
LIVE_S = 3.0


def render() -> None:
    """Draw the round of answering, or the links of the address."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.participants"), texts("participants.none"), (texts("start.begin"), "begin"))
        return
    if opened.mode != "anonymous":
        to = ("participants.to_answer", "answer") if opened.mode == "consensus" else ("start.begin", "begin")
        parts.empty(texts("page.participants"), texts(f"participants.{opened.mode}"), (texts(to[0]), to[1]))
        return
    wave = session.service().waves(opened.id)[-1]
    invited = batches(session.service().invitations(opened.id))
    chosen = next((batch for batch in invited if session.step() in {m.link.id for m in batch.members}), None)
    if chosen is not None:
        inviting.show(opened, wave, chosen)
        return
    parts.where(opened.name, *_about(wave))
    parts.title(texts("page.participants"))
    if wave.closed_at is None:
        _live(opened, wave)
    else:
        _progress(opened, wave)
    _promise(opened, wave)
    _links(opened, wave, invited)
    inviting.form(opened, wave)
    _paper(wave)
    _sharing(opened)
    if wave.closed_at is None:
        _closing(opened, wave)
    else:
        _afterwards(opened, wave)
    if session.oidc() and session.may("own"):
        _members(opened)


def _about(wave: Wave) -> list[str]:
    texts = session.texts()
    since = texts("participants.open_since", date=inviting.day_of(wave.opened_at))
    until = texts("participants.closed_on", date=inviting.day_of(wave.closed_at)) if wave.closed_at else since
    return [texts(f"wave.{wave.label}"), until]


# ---------------------------------------------------------------- progress


@st.fragment(run_every=LIVE_S)
def _live(opened: Engagement, wave: Wave) -> None:
    """Progress that follows those who answer: two small queries every few seconds, a new chart when a count changes."""
    try:
        _progress(opened, wave)
    except StoreError as error:  # deleted or revoked since: this runs outside the shell's error boundary
        st.warning(errors.sentence(error))


def _progress(opened: Engagement, wave: Wave) -> None:
    texts = session.texts()
    rows = session.service().progress(opened.id, wave.id)
    begun, complete = sum(r.begun for r in rows), sum(r.complete for r in rows)
    if not begun:
        parts.message(texts("participants.nobody" if wave.closed_at is None else "participants.nobody_came"))
    elif wave.closed_at is None:
        parts.message(_counts("counts", begun, complete), texts("participants.live"))
    else:
        parts.message(_counts("closed_counts", begun, complete))
    if not rows:
        return
    parts.section(_claim(rows, wave))
    frame = _frame(rows, wave.k)
    about = (wave.k, *(tuple(row) for row in frame.itertuples(index=False)))
    parts.chart(
        "role_progress", about, lambda: charts.spec(charts.role_progress(frame, charts.Look(session.texts()), wave.k))
    )
    parts.note(texts("participants.how_to_read"))
    parts.figures(_table(rows, wave.k))


def _counts(key: str, begun: int, complete: int) -> str:
    texts = session.texts()
    return texts.plural(f"participants.{key}", begun, complete=texts.number(complete, 0))


def _missing(rows: Sequence[RoleProgress], roles: Sequence[str], k: int) -> int:
    """How many more a perspective needs before any of it can be shown."""
    return max(0, k - sum(row.complete for row in rows if row.role in roles))


def _claim(rows: Sequence[RoleProgress], wave: Wave) -> str:
    texts = session.texts()
    for perspective, roles in (("sellers", SELLERS), ("surroundings", SURROUNDINGS)):
        if missing := _missing(rows, roles, wave.k):
            if wave.closed_at is not None:
                return texts(f"participants.too_few.{perspective}")
            return texts.plural(f"participants.claim.{perspective}", missing)
    return texts("participants.claim.ready")


def _status(row: RoleProgress, rows: Sequence[RoleProgress], k: int) -> str:
    texts = session.texts()
    if row.role not in GUARDED:
        return texts("participants.status.open")
    if row.complete >= k:
        return texts("participants.status.enough")
    if row.role in SURROUNDINGS and not _missing(rows, SURROUNDINGS, k):
        return texts("participants.status.together")
    return texts("participants.status.missing", n=k - row.complete)


def _frame(rows: Sequence[RoleProgress], k: int) -> pd.DataFrame:
    texts = session.texts()
    return pd.DataFrame(
        {
            "title": texts(f"role.{row.role}"),
            "begun": row.begun,
            "complete": row.complete,
            "room": row.invited,
            "said": texts("participants.said", complete=row.complete, begun=row.begun),
            "status": _status(row, rows, k),
            "guarded": row.role in GUARDED,
        }
        for row in rows
    )


def _table(rows: Sequence[RoleProgress], k: int) -> pd.DataFrame:
    texts = session.texts()
    return pd.DataFrame(
        {
            texts("participants.column.role"): texts(f"role.{row.role}"),
            texts("participants.column.begun"): row.begun,
            texts("participants.column.complete"): row.complete,
            texts("participants.column.room"): texts("participants.any_number") if row.invited is None else row.invited,
            texts("participants.column.status"): _status(row, rows, k),
        }
        for row in rows
    )


def _promise(opened: Engagement, wave: Wave) -> None:
    texts = session.texts()
    with st.expander(texts("participants.k_title")):
        by_team = [texts("participants.k_teams", k=wave.k)] if wave.by_team else []
        promises = [
            texts("participants.k", k=wave.k, others=wave.k - 1),
            texts("participants.k_open"),
            *by_team,
            texts("participants.k_small", k=wave.k),
        ]
        parts.bullets(promises)


# ---------------------------------------------------------------- links


def _links(opened: Engagement, wave: Wave, invited: Sequence[Batch]) -> None:
    """The links that work, and in small print those that no longer do."""
    texts = session.texts()
    ours = [batch for batch in invited if batch.first.wave_id in (None, wave.id)]
    working = [b for b in ours if b.state == "active" and (b.first.wave_id is None or wave.closed_at is None)]
    parts.section(texts.plural("participants.links", len(working)) if working else texts("participants.no_link"))
    if not working and wave.closed_at is None:
        parts.note(texts("participants.no_links"))
    for batch in working:
        _link(opened, batch)
    ended = [batch for batch in ours if batch not in working]
    if ended:
        with st.expander(texts("participants.ended")):
            parts.bullets([" · ".join([inviting.name(batch), *_facts(batch)]) for batch in ended])


def _link(opened: Engagement, batch: Batch) -> None:
    texts, id_ = session.texts(), batch.first.id
    with st.container(key=f"link_{id_}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.html(f'<p class="sf-name">{parts.escape(inviting.name(batch))}</p>')
            parts.note(" · ".join(_facts(batch)))
        st.button(texts("participants.open_link"), key=f"show_{id_}", on_click=session.go_to_step, args=(id_,))
        st.button(
            texts("participants.revoke"),
            key=f"revoke_{id_}",
            type="tertiary",
            on_click=session.keep,
            args=("revoking", id_),
        )
    if session.kept("revoking") == id_:
        sure = "revoke_sure" if batch.first.purpose == "answer" else "revoke_sure_pass"
        _confirm(
            texts(f"participants.{sure}", what=inviting.name(batch)),
            texts("participants.revoke"),
            "revoking",
            lambda: session.service().revoke(opened.id, [member.link.id for member in batch.members]),
        )


def _facts(batch: Batch) -> list[str]:
    texts, link = session.texts(), batch.first
    facts = []
    if batch.state != "active":
        facts.append(texts(f"participants.state.{batch.state}"))
    if link.purpose == "answer":
        facts.append(_used(batch))
    if link.pin_hash is not None:
        facts.append(texts("participants.with_pin"))
    if link.expires_at is not None:
        facts.append(texts("participants.until", date=inviting.last_day(link.expires_at)))
    return facts


def _used(batch: Batch) -> str:
    texts, most = session.texts(), batch.max_uses
    if len(batch.members) > 1:
        return texts("participants.codes", uses=batch.uses, n=len(batch.members))
    if most is not None:
        return texts("participants.uses_of", uses=batch.uses, n=most)
    return texts.plural("participants.uses", batch.uses)


def _confirm(sure: str, yes: str, what: str, act: Callable[[], object]) -> None:
    """Ask before something that cannot be undone."""
    texts = session.texts()
    with st.container(key="confirm"):
        st.html(f"<p>{parts.escape(sure)}</p>")
        with st.container(horizontal=True):
            st.button(yes, type="primary", key=f"yes_{what}", on_click=_done, args=(what, act))
            st.button(texts("common.cancel"), key=f"no_{what}", on_click=session.drop, args=(what,))


def _done(what: str, act: Callable[[], object]) -> None:
    session.drop(what)
    act()


def _paper(wave: Wave) -> None:
    """The way to questionnaires on paper, for those whom no link reaches."""
    if wave.closed_at is None:
        texts = session.texts()
        parts.section(texts("keying.offer"))
        parts.note(texts("keying.offer_why"))
        if st.button(texts("keying.to_paper"), key="to_paper"):
            session.go("keying")


# ---------------------------------------------------------------- the round


def _closing(opened: Engagement, wave: Wave) -> None:
    texts = session.texts()
    with st.container(key="next"):
        st.subheader(texts("participants.close_title"), anchor=False)
        parts.note(texts("participants.close_why"))
        if session.kept("closing") == wave.id:
            rows = session.service().progress(opened.id, wave.id)
            _confirm(
                texts("participants.close_sure", n=sum(row.begun - row.complete for row in rows)),
                texts("participants.close"),
                "closing",
                lambda: session.service().close_wave(opened.id, wave.id),
            )
        else:
            st.button(texts("participants.close"), key="close", on_click=session.keep, args=("closing", wave.id))


def _afterwards(opened: Engagement, wave: Wave) -> None:
    texts = session.texts()
    parts.section(texts("participants.next_title"))
    parts.lead(texts("participants.next_why"))
    labels = {label: words.upper_first(texts(f"wave.{label}")) for label in LABELS}
    label = parts.choice(st.selectbox, "next_label", texts("participants.next_label"), labels, first=_next(opened))
    parts.note(texts(f"participants.next.{label}"))
    by_team = st.checkbox(texts("participants.by_team", k=opened.k), key="next_by_team")
    if st.button(texts("participants.open_wave"), key="open_wave"):
        try:
            session.service().open_wave(opened.id, label, pack_id=PACKS.get(label, "full"), by_team=by_team)
        except StoreError as error:
            st.warning(errors.sentence(error))
        else:
            session.go("participants")
    if wave.measures_maturity:
        parts.next_step(
            texts("participants.after_close"),
            texts("participants.after_close_why"),
            (texts("answer.see_result"), "maturity"),
        )
    else:
        parts.next_step(
            texts("participants.after_training"),
            texts("participants.after_training_why"),
            (texts("participants.to_training"), "training_brief"),
        )


def _next(opened: Engagement) -> WaveLabel:
    """The measurement that comes after the latest one that was not a pulse (method §8.3)."""
    measured = [wave.label for wave in session.service().waves(opened.id) if wave.label != "pulse"]
    return FOLLOWING[measured[-1]] if measured else "T0"


def _sharing(opened: Engagement) -> None:
    """What those who answered are shown of each closed round, the earlier ones too: they still have their links."""
    texts, rounds = session.texts(), session.service().shareable(opened.id)
    if not rounds:
        return
    parts.section(texts("participants.share_title"))
    parts.note(texts("participants.share_why"))
    for wave, shared in rounds:
        name, which = f"share_{wave.id}", " · ".join(_about(wave))
        key = session.widget_key(name)
        st.toggle(
            texts("participants.share_of", wave=which) if len(rounds) > 1 else texts("participants.share"),
            value=shared,
            key=key,
            on_change=_share,
            args=(opened, wave, name, key),
        )
        parts.saved(name, shared)


def _share(opened: Engagement, wave: Wave, name: str, key: str) -> None:
    service = session.service()
    change = service.share_results if session.widget(key) else service.unshare_results
    errors.guarded(name, lambda: change(opened.id, wave.id))


# ---------------------------------------------------------------- people who sign in


def _members(opened: Engagement) -> None:
    texts = session.texts()
    parts.section(texts("participants.members"))
    members = session.service().members(opened.id)
    if not members:
        parts.note(texts("participants.members_none"))
    for subject, role in members.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(f'<p class="sf-name">{parts.escape(subject)}</p>')
            parts.note(texts(f"participants.member.{role}"))
            st.button(
                texts("participants.member_remove"),
                key=f"remove_{subject}",
                type="tertiary",
                on_click=session.service().remove_member,
                args=(opened.id, subject),
            )
    with st.form("member", border=False, clear_on_submit=True):
        subject = st.text_input(texts("participants.member_name"), max_chars=200)
        role = st.radio(
            texts("participants.member_role"),
            ["facilitator", "viewer"],
            format_func=lambda name: texts(f"participants.member.{name}"),
            horizontal=True,
            key=session.widget_key("member_role"),
        )
        if st.form_submit_button(texts("participants.member_add")) and subject.strip():
            session.service().add_member(opened.id, subject, role)
            session.go("participants")
