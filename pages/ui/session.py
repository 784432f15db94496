"""The only place that knows `st.session_state`, the address and the caches.

Everything on a page can be rebuilt from address and database: `e` is the engagement, `p` the step of a page, `w` the
wave, `lang` the language. The session only remembers what the address had when the menu, which drops it, was used.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

import streamlit as st

from assessment.access import LOCAL_HEADER, access
from assessment.actor import LOCAL, Actor, Need, known_as
from assessment.advice import Advice
from assessment.business_case.cases import BusinessCase
from assessment.diagnoses import DiagnosisSheet
from assessment.engagement import Engagement, EngagementId
from assessment.follow_up.follow_ups import FollowUp
from assessment.follow_up.timeline import Event
from assessment.mapping.kpis import KpiReading
from assessment.mapping.stream import Stream
from assessment.packs import LANGUAGES, Language
from assessment.privacy import Retention
from assessment.reaction import Reaction
from assessment.results import Comparison, Results
from assessment.service import Service
from assessment.store.opening import configured
from assessment.store.protocol import NotFound, StoreError
from assessment.texts import SCANDINAVIAN, Texts
from assessment.texts import texts as texts_of
from assessment.wording.reader import asked_by
from pages.ui.provider import oidc

if TYPE_CHECKING:
    from assessment.report.jobs import Jobs  # most runs make no document
LEFT_ROOM: Final = "left_room"  # kept by the workshop when its reader goes out of it to another page

_NOBODY = Actor("link")  # a link that opens nothing


@cache
def installation() -> Service:
    """The use cases on the configured database; every thread may share the store."""
    return Service(configured())


@cache
def jobs() -> "Jobs":
    """The documents this process makes and keeps for a while."""
    from assessment.report.jobs import Jobs

    return Jobs()


def service() -> Service:
    """The use cases as far as the reader may use them: what is not theirs is not there."""
    return installation().for_actor(actor() or _NOBODY)


def actor() -> Actor | None:
    """Who reads, asked anew each time since sessions end while sockets stay; None for who has to sign in first."""
    brought = _brought()
    if brought is None:  # a run without a network: nobody else can be there
        return None if access().serves else LOCAL
    known = access().actor(*brought)
    if (known is not None and known.everything) or not (oidc() and st.user.is_logged_in):
        return known
    subject = _subject()
    if subject is None or known is None:
        return Actor("oidc", subject) if subject else known
    return Actor("oidc", subject, engagement=known.engagement, scope=known.scope, link=known.link)


def _brought() -> tuple[dict[str, str], dict[str, str]] | None:
    """What the reader's socket brought for the door: headers and cookies.

    Remembered, since Streamlit forgets them as soon as the socket is gone, and the run that saves the last answer
    before a tab is closed must neither be refused nor be taken for a run without a network.
    """
    headers = st.context.headers
    if headers:
        local = {LOCAL_HEADER: headers.get(LOCAL_HEADER, "")}
        st.session_state["brought"] = (local, st.context.cookies.to_dict())
    return cast(tuple[dict[str, str], dict[str, str]] | None, st.session_state.get("brought"))


def _subject() -> str | None:
    """The name a signed-in person is known by: the address if the provider vouches for it, else the provider's id."""
    email, sub = st.user.get("email"), st.user.get("sub")
    # whoever can type somebody else's address into a profile must not become them
    if email and str(st.user.get("email_verified", True)).lower() != "false":
        return known_as(str(email))
    return f"sub:{sub}" if sub else None


def may(need: Need) -> bool:
    """Whether the reader may do this with the open engagement.

    With none open, or one that cannot be read, nothing is in the way: the page says so itself.
    """
    known, reader = st.session_state.get("engagement"), actor()
    if known is None or (reader is not None and reader.everything):
        return True
    try:
        return need in service().may(EngagementId(known))
    except StoreError:
        return True


def link_has_ended() -> bool:
    """Whether the reader came by a link that opens nothing any more."""
    reader = actor()
    if reader is None or reader.kind != "link" or reader.engagement is None:
        return False
    try:
        return not service().may(reader.engagement)
    except NotFound:
        return True
    except StoreError:  # the page says so itself
        return False


def begin_run() -> None:
    """Take over what the address says, and give the address back what the menu dropped."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state["language"] = asked
    elif "language" not in st.session_state:
        locale = (st.context.locale or "").lower()
        st.session_state["language"] = "nb" if locale.startswith(SCANDINAVIAN) else "en"
    reader = actor()
    if reader is not None and reader.kind == "link" and reader.engagement:
        st.query_params["e"] = reader.engagement  # a link opens this one, whatever the address says
    if "e" in st.query_params:
        st.session_state["engagement"] = st.query_params["e"]
    elif known := st.session_state.get("engagement"):
        st.query_params["e"] = known
    if st.query_params.get("lang") != language():
        st.query_params["lang"] = language()


def language() -> Language:
    """The reader's language: asked for in the address, chosen in the menu, or the browser's."""
    return cast(Language, st.session_state["language"])


asked_by(language)


def use_language(chosen: Language) -> None:
    """Change the language from now on; nothing else on the page changes."""
    st.session_state["language"] = chosen
    st.query_params["lang"] = chosen


def texts() -> Texts:
    """The words in the reader's language."""
    return texts_of(language())


def engagement() -> Engagement | None:
    """The open engagement, or None when none is open. Raises: NotFound when the address names one that is not here."""
    known = st.session_state.get("engagement")
    return service().engagement(EngagementId(known)) if known else None


def keep_in_audit_log() -> None:
    """Keep, once a session, that somebody has come in with their own account, and whose assessment they have opened."""
    reader, known = actor(), st.session_state.get("engagement")
    if reader is None or reader.kind == "local":
        return  # all of it is theirs
    try:
        if reader.kind == "oidc" and kept("arrived") != reader.subject:
            service().signed_in()
            keep("arrived", reader.subject)
        if known is not None and kept("looked_at") != known:
            service().looked_at(EngagementId(known))
            keep("looked_at", known)
    except StoreError:  # the page says so itself
        return


def erasure_announced() -> Retention | None:
    """How long the open engagement is kept, if its erasure is announced and the reader can do something about it.

    Looked up once a session and engagement, and after `drop("retention")`.
    """
    known = st.session_state.get("engagement")
    if known is None or not may("own"):
        return None
    if (told := kept("retention")) is None or told[0] != known:
        try:
            told = (known, service().retention(EngagementId(known)))
        except StoreError:  # the page says so itself
            return None
        keep("retention", told)
    retention: Retention = told[1]
    return retention if retention.soon else None


def forget_engagement() -> None:
    """Leave the open engagement."""
    st.session_state.pop("engagement", None)
    st.query_params.pop("e", None)


def results(opened: Engagement) -> Results:
    """The scored wave of the address (the latest without one), computed once for each state of the engagement."""
    try:
        return _results(opened.id, opened.revision, st.query_params.get("w"))
    except NotFound:  # a wave of another engagement: the address survived a change of engagement
        st.query_params.pop("w", None)
        return _results(opened.id, opened.revision, None)


def comparison(opened: Engagement) -> Comparison | None:
    """The two measurements of the address (the first and the latest without), or None before there are two."""
    return _comparison(opened.id, opened.revision, st.query_params.get("from"), st.query_params.get("w"))


def advice(opened: Engagement) -> Advice | None:
    """Diagnosis and strategy on the scored wave, or None before there is something to build on."""
    return _advice(opened.id, opened.revision, results(opened).wave.id)


def diagnosis(opened: Engagement) -> DiagnosisSheet | None:
    """The diagnosis on the scored wave and what people say of it, or None before there is something to build on."""
    return _diagnosis(opened.id, opened.revision, results(opened).wave.id)


def reaction(opened: Engagement) -> Reaction | None:
    """What those trained said of the training, computed once for each state of the engagement."""
    return _reaction(opened.id, opened.revision)


def kpis(opened: Engagement) -> tuple[KpiReading, ...]:
    """The baseline KPIs with what their points say, computed once for each state of the engagement."""
    return _kpis(opened.id, opened.revision)


def stream(opened: Engagement) -> Stream:
    """The value stream, computed once for each state of the engagement."""
    return _stream(opened.id, opened.revision)


def business_case(opened: Engagement) -> BusinessCase:
    """The payback, computed once for each state of the engagement."""
    return _business_case(opened.id, opened.revision)


def follow_up(opened: Engagement) -> FollowUp:
    """What has come of the work, computed once for each state of the engagement."""
    return _follow_up(opened.id, opened.revision)


def timeline(opened: Engagement) -> tuple[Event, ...]:
    """What happened when, gathered once for each state of the engagement."""
    return _timeline(opened.id, opened.revision)


@st.cache_resource(max_entries=64, show_spinner=False)
def _follow_up(engagement_id: EngagementId, revision: int) -> FollowUp:
    return service().follow_up(engagement_id)


@st.cache_resource(max_entries=64, show_spinner=False)
def _timeline(engagement_id: EngagementId, revision: int) -> tuple[Event, ...]:
    return service().timeline(engagement_id)


@st.cache_resource(max_entries=64, show_spinner=False)
def _business_case(engagement_id: EngagementId, revision: int) -> BusinessCase:
    return service().business_case(engagement_id)


@st.cache_resource(max_entries=64, show_spinner=False)
def _stream(engagement_id: EngagementId, revision: int) -> Stream:
    return service().stream(engagement_id)


@st.cache_resource(max_entries=64, show_spinner=False)
def _results(engagement_id: EngagementId, revision: int, wave: str | None) -> Results:
    # the revision is in the key only: another process may have written since
    return service().results(engagement_id, wave)


@st.cache_resource(max_entries=64, show_spinner=False)
def _comparison(engagement_id: EngagementId, revision: int, first: str | None, last: str | None) -> Comparison | None:
    return service().comparison(engagement_id, first, last)


@st.cache_resource(max_entries=64, show_spinner=False)
def _advice(engagement_id: EngagementId, revision: int, wave: str) -> Advice | None:
    return service().advice(engagement_id, wave)


@st.cache_resource(max_entries=64, show_spinner=False)
def _diagnosis(engagement_id: EngagementId, revision: int, wave: str) -> DiagnosisSheet | None:
    return service().diagnosis(engagement_id, wave)


@st.cache_resource(max_entries=64, show_spinner=False)
def _reaction(engagement_id: EngagementId, revision: int) -> Reaction | None:
    return service().reaction(engagement_id)


@st.cache_resource(max_entries=64, show_spinner=False)
def _kpis(engagement_id: EngagementId, revision: int) -> tuple[KpiReading, ...]:
    return service().kpis(engagement_id)


@st.cache_resource(max_entries=256, show_spinner=False)
def chart_spec(name: str, about: tuple[object, ...], _build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A chart's specification, built once for what it is about: building costs 130 to 390 ms, drawing 45."""
    return _build()


def document_language() -> Language:
    """The language documents are made in: chosen in the address, or the reader's own."""
    chosen = st.query_params.get("in")
    return cast(Language, chosen) if chosen in LANGUAGES else language()


def choose_document_language(chosen: Language) -> None:
    """Make documents in this language."""
    st.query_params["in"] = chosen


def step() -> str | None:
    """The step of a page that has several, as the address has it."""
    return st.query_params.get("p")


def go_to_step(chosen: str) -> None:
    """Move to a step of this page."""
    st.query_params["p"] = chosen


def choose_waves(first: str, last: str) -> None:
    """Compare these two measurements."""
    st.query_params["from"], st.query_params["w"] = first, last


def choose_wave(chosen: str) -> None:
    """Show another wave on the result pages."""
    st.query_params["w"] = chosen


def register(pages: dict[str, Any]) -> None:
    """Remember this run's pages by address, so that any of them can send the reader on."""
    st.session_state["pages"] = pages


def has_page(page: str) -> bool:
    """Whether the reader's menu has the page."""
    return page in st.session_state.get("pages", {})


def go(page: str, **address: str) -> NoReturn:
    """Send the reader to a page, keeping the open engagement and the language."""
    kept = {"e": st.session_state.get("engagement"), "lang": language(), **address}
    st.switch_page(st.session_state["pages"][page], query_params={k: v for k, v in kept.items() if v})


def open_engagement(engagement_id: str, page: str, **address: str) -> NoReturn:
    """Open an engagement on a page."""
    st.session_state["engagement"] = engagement_id
    go(page, **address)


def keep(name: str, value: object) -> None:
    """Remember something for the next run of this tab, such as what was just deleted and can be undone."""
    st.session_state[f"kept_{name}"] = value


def kept(name: str) -> Any:
    """What `keep` remembered, or None."""
    return st.session_state.get(f"kept_{name}")


def drop(name: str) -> None:
    """Forget what `keep` remembered."""
    st.session_state.pop(f"kept_{name}", None)


def widget(key: str) -> Any:
    """The value of a widget inside its own callback."""
    return st.session_state.get(key)


def empty_widget(key: str) -> None:
    """Let a field of words show nothing; in a callback, or before the field is drawn."""
    st.session_state[key] = ""


def widget_key(name: str) -> str:
    """The key of a widget whose choices are words, seeded from what is stored.

    Another one in each language and after `renew_widgets`: the browser keeps a choice by its key and sends it by its
    words, so under one key it would send Norwegian words to an English page, or go on showing what was not saved.
    """
    return f"{name}_{language()}_{kept('renewed') or 0}"


def renew_widgets() -> None:
    """Let the widgets of `widget_key` show what is stored, whatever the browser shows."""
    keep("renewed", (kept("renewed") or 0) + 1)
