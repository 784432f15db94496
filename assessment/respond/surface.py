"""The respondent's addresses: `/s/{token}` and what lies under it, before anything of Streamlit is asked."""

import hashlib
import json
import logging
import secrets
import traceback
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final

from assessment.engagement import DECLINABLE, DECLINED, ItemId, Response
from assessment.packs import LANGUAGES, Language
from assessment.respond import http, pages
from assessment.respond.http import Receive, Refused, Reply, Request, Scope, Send
from assessment.respond.writer import Writer
from assessment.respondents import (
    Course,
    Invitation,
    Respondents,
    Standing,
    given_by,
    new_key,
    profile,
    saving,
    value_of,
)
from assessment.store.protocol import Closed, NotFound, StoreError
from assessment.texts import texts

Application = Callable[[Scope, Receive, Send], object]

_PREFIX: Final = "/s/"
_ASSETS: Final = {asset.path: asset for asset in (pages.STYLE, pages.SCRIPT, pages.ROOM_SCRIPT)}
_KEY_DAYS: Final = 180
LANGUAGE_COOKIE: Final = "sf_lang"
_SAVED: Final = http.document(b'{"state":"saved"}')
_TEAM_MAX: Final = 3  # digits
_AGAIN_S: Final = b"15"  # the longest pause of the script (respond.js)

_log = logging.getLogger("salgsflyt")


class Surface:
    """Answers under `/s/` and `/static-r/`, and hands everything else to the application behind it.

    Reads run where they are asked for: one takes less than handing it to a thread (60 against 200 µs). Writes wait for
    the disk, or for another process that is writing, and go through the Writer.

    respondents: gives the use cases, called at the first request.
    """

    def __init__(self, app: Application, respondents: Callable[[], Respondents]) -> None:
        self._app, self._open = app, respondents
        self._people: Respondents | None = None
        self._writer: Writer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith((_PREFIX, "/static-r/")):
            await self._app(scope, receive, send)  # type: ignore[misc]  # an ASGI application is awaited
            return
        try:
            request = Request.of(scope)
        except Refused as error:
            request = Request(scope["method"], scope["path"], {}, dict(scope["headers"]), False, {})
            reply = refusal(error.status)
        else:
            reply = await self._reply(request, receive)
        await reply.send(request, send)

    async def _reply(self, request: Request, receive: Receive) -> Reply:
        asset = _ASSETS.get(request.path)
        if asset is not None:
            return asset.reply(request)
        try:
            return await self._page(request, receive)
        except Refused as error:
            return refusal(error.status, language_of(request, None))
        except StoreError as error:
            # a full disk or a locked file: the phone keeps its answers and tries again
            _log.error("respond: %s", type(error).__name__)
            return trouble(language_of(request, None))
        except Exception as error:  # noqa: BLE001 - the last line: a reader gets a page, the log a reference
            reference = secrets.token_hex(2).upper()
            # the frames and the kind, never the message or the address: they can hold an answer or a token
            _log.error(
                "reference %s: %s\n%s",
                reference,
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
                extra={"reference": reference},
            )
            return trouble(language_of(request, None), reference)

    async def _page(self, request: Request, receive: Receive) -> Reply:
        _, _, token, *rest = request.path.split("/")
        what = "/".join(rest)
        if self._people is None:
            self._people = self._open()
            self._writer = Writer(self._people)
        invitation = self._people.invitation(token) if request.path.startswith(_PREFIX) else None
        if invitation is None:
            return _unknown(request)
        visit = _Visit(self._people, request, invitation, f"{_PREFIX}{token}")
        if request.method == "POST":
            request.refuse_other_sites()
            body = await http.body_of(receive)
            return visit.remembering(await self._posted(visit, what, body))
        if request.method not in ("GET", "HEAD"):
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED, visit.language)
        return visit.remembering(visit.shown(what))

    async def _posted(self, visit: "_Visit", what: str, body: bytes) -> Reply:
        try:
            if what == "save":
                return await self._choice(visit, body)
            given = http.form_of(visit.request, body)
            if what == "":
                return await self._begin(visit, given)
            if what == "erase":
                return await self._erase(visit)
            if http.PAGE_NUMBER.fullmatch(what):
                return await self._answers(visit, int(what), given)
        except Closed:
            visit.people.look_again(visit.invitation)
            return visit.stopped("closed") if what != "save" else http.document(b'{"state":"closed"}', 410)
        except NotFound:
            # erased in another window, or by another process, since it was looked up
            return http.see_other(visit.root) if what != "save" else http.document(b'{"state":"gone"}', 404)
        return refusal(HTTPStatus.METHOD_NOT_ALLOWED, visit.language)

    async def _begin(self, visit: "_Visit", given: dict[str, str]) -> Reply:
        invitation, key = visit.invitation, visit.key
        if key is None:
            return visit.no_cookie()
        standing = visit.standing
        if standing in ("closed", "revoked"):
            return visit.stopped(standing)
        if given.get("anew") and visit.begun is not None:
            key = new_key()
        elif visit.begun is not None:
            return http.see_other(f"{visit.root}/{visit.next_page()}")
        role = next((r for r in invitation.roles() if r == given.get("role") or len(invitation.roles()) == 1), None)
        if role in DECLINABLE and given.get("decline"):
            role = DECLINED
        if role is None:
            return http.page(
                pages.start(invitation, visit.language, missing=True),
                422,
            )
        begun = await self._writer.do(
            visit.people.begin, invitation, key, role, _team(invitation, given.get("team", ""))
        )
        if begun != "open":
            return visit.stopped(begun)
        return http.see_other(f"{visit.root}/1").with_cookies([visit.key_cookie(key)])

    async def _answers(self, visit: "_Visit", number: int, given: dict[str, str]) -> Reply:
        key, way = visit.key, visit.course()
        if visit.standing in ("closed", "revoked"):
            return visit.stopped(visit.standing)
        if key is None or way is None:
            return http.see_other(visit.root)
        if number > len(way.pages):
            return _unknown(visit.request)
        items, pack = way.pages[number - 1], way.pack_of(number)
        understood = {ItemId(i.id): value_of(pack, given[i.id]) for i in items if i.id in given}
        answers = {item: answer for item, answer in understood.items() if answer is not None}
        ignored = len(answers) < len(understood) or any(name not in _FORM and name not in understood for name in given)
        seconds = _since(given.get("shown", ""), visit.people.now())
        if answers or seconds is not None:
            before = pack != way.pack
            name = items[0].criterion if len(way.pages) > 1 and not before else pack.id
            page = None if seconds is None else name
            await self._writer.save(saving(key, answers, page, seconds or 0.0, retrospective=before))
        return visit.going_on(number, len(way.pages), given, ignored)

    async def _choice(self, visit: "_Visit", body: bytes) -> Reply:
        key = visit.key
        if visit.request.content_type() != b"application/json":
            return http.document(b'{"state":"refused"}', HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if visit.standing in ("closed", "revoked"):
            return http.document(b'{"state":"closed"}', HTTPStatus.GONE)
        way = visit.course()
        if key is None or way is None:
            return http.document(b'{"state":"gone"}', HTTPStatus.NOT_FOUND)
        try:
            given = json.loads(body)
            item, value = given["item"], str(given["value"])
        except (ValueError, LookupError, TypeError, RecursionError):
            return http.document(b'{"state":"refused"}', HTTPStatus.BAD_REQUEST)
        number = way.page_of(item)
        pack = way.pack if number is None else way.pack_of(number)
        answer = value_of(pack, value)
        if answer is None or number is None:
            return http.document(b'{"state":"refused"}', HTTPStatus.UNPROCESSABLE_ENTITY)
        await self._writer.save(saving(key, {ItemId(item): answer}, retrospective=pack != way.pack))
        return _SAVED

    async def _erase(self, visit: "_Visit") -> Reply:
        if visit.standing == "closed":
            return visit.stopped("closed")
        if visit.key is not None:
            await self._writer.do(visit.people.erase, visit.invitation, visit.key)
        forgotten = http.cookie(visit.request, visit.cookie_name, "", _PREFIX, 0)
        return http.see_other(f"{visit.root}/erased").with_cookies([forgotten])


class _Visit:
    """One request by one link: who it is from, and the pages that only read."""

    def __init__(self, people: Respondents, request: Request, invitation: Invitation, root: str) -> None:
        self.people, self.request, self.invitation, self.root = people, request, invitation, root
        # by wave, so that a second link to the same survey continues the same answers
        self.cookie_name = f"sf_r_{hashlib.sha256(invitation.wave.id.encode()).hexdigest()[:10]}"
        self.key = request.cookies.get(self.cookie_name) or None
        self.language = language_of(request, invitation.engagement.language)
        self.standing: Standing = invitation.standing(people.now())
        self._begun: Response | None = None
        self._looked = False

    @property
    def begun(self) -> Response | None:
        """The reader's own response, looked up once."""
        if not self._looked:
            self._begun, self._looked = self.people.begun(self.invitation, self.key), True
        return self._begun

    def course(self) -> Course | None:
        """The reader's questions, None before they have begun."""
        return None if self.key is None else self.people.course(self.invitation, self.key)

    def next_page(self) -> str:
        """Where a reader who has begun goes on."""
        response = self.begun
        if response is None:
            return ""
        return str(self.invitation.course(response.role).first_unanswered(given_by(response)) or "thanks")

    def remembering(self, reply: Reply) -> Reply:
        """The reply, with the language chosen by address kept for the next pages."""
        chosen = self.request.query.get("lang")
        if chosen not in LANGUAGES:
            return reply
        return reply.with_cookies([http.cookie(self.request, LANGUAGE_COOKIE, chosen, _PREFIX, _KEY_DAYS * 86400)])

    def key_cookie(self, key: str) -> bytes:
        """The cookie that is all a reader has to come back with."""
        return http.cookie(self.request, self.cookie_name, key, _PREFIX, _KEY_DAYS * 86400)

    # ------------------------------------------------------------------ pages that read

    def shown(self, what: str) -> Reply:
        """The page at an address below the link."""
        if what == "erased":
            t = texts(self.language)
            words = (t("respond.erased.title"), t("respond.erased.lead"))
            return http.page(pages.message(self.language, *words, organisation=self._organisation, forget=True))
        if what == "" and "privacy" in self.request.query and self.standing != "revoked":
            return http.page(pages.privacy(self.invitation, self.people.privacy(self.invitation), self.language))
        if what == "thanks" and self.standing != "revoked":
            return self._thanks()
        if what == "erase" and self.standing != "closed":
            return http.page(pages.erase(self.invitation, self.language)) if self.begun else http.see_other(self.root)
        if self.standing in ("closed", "revoked"):
            return self.stopped(self.standing)
        if what == "":
            return self._start()
        if http.PAGE_NUMBER.fullmatch(what):
            return self._questions(int(what))
        return _unknown(self.request)

    def _start(self) -> Reply:
        if self.begun is None and self.standing != "open":
            return self.stopped(self.standing)
        begun = (self.root, self.next_page()) if self.begun else None
        reply = http.page(pages.start(self.invitation, self.language, begun=begun, may_begin=self.standing == "open"))
        if self.key is not None:
            return reply
        # Already here and not when they begin: if the reply to that gets lost on the way, the same key comes again and
        # a link for one person is not used up by nobody.
        return reply.with_cookies([self.key_cookie(new_key())])

    def _questions(self, number: int) -> Reply:
        response = self.begun
        if response is None:
            return http.see_other(self.root)
        if number > len(self.invitation.course(response.role).pages):
            return _unknown(self.request)
        return http.page(
            pages.question_page(
                self.invitation,
                response.role,
                number,
                self.language,
                given_by(response),
                answer_id=response.id[:12],
                shown_at=int(self.people.now().timestamp()),
                ignored="ignored" in self.request.query,
            )
        )

    def _thanks(self) -> Reply:
        response = self.begun
        if response is None:
            return http.see_other(self.root)
        way, given = self.invitation.course(response.role), given_by(response)
        return http.page(
            pages.thanks(
                self.invitation,
                self.language,
                profile(way, response.answers),
                self.people.group(self.invitation),
                missing=way.missing(given),
                first_missing=way.first_unanswered(given),
                is_open=self.standing != "closed",
            )
        )

    def going_on(self, number: int, last: int, given: dict[str, str], ignored: bool) -> Reply:
        """The next page after a form, or the same one when something was not understood or the language changes."""
        language = given.get("lang")
        if language in LANGUAGES:
            return http.see_other(f"{self.root}/{number}?lang={language}")
        if ignored:
            return http.see_other(f"{self.root}/{number}?ignored=1")
        if given.get("back"):
            return http.see_other(f"{self.root}/{max(1, number - 1)}")
        return http.see_other(f"{self.root}/{number + 1 if number < last else 'thanks'}")

    # ------------------------------------------------------------------ why nobody gets further

    @property
    def _organisation(self) -> str:
        return self.invitation.engagement.name

    def stopped(self, why: Standing) -> Reply:
        """The page for a link that lets nobody in, or a survey that is over."""
        t, begun = texts(self.language), self.begun is not None
        link, wave = self.invitation.link, self.invitation.wave
        more, links = [], []
        if why == "closed":
            when = wave.closed_at or self.invitation.engagement.deleted_at or self.people.now()
            lead = t("respond.closed.lead", day=t.day(when))
            more.append(t("respond.closed.note"))
            if begun and wave.measures_maturity:
                seen = "respond.closed.group" if self.people.group(self.invitation) else "respond.closed.profile"
                links.append((f"{self.root}/thanks", t(seen)))
        elif why == "expired":
            lead = t("respond.expired.lead", day=t.day(link.expires_at or self.people.now()))
        else:
            lead = t(f"respond.{why}.lead")
            if why == "used_up":
                more.append(t("respond.used_up.note"))
            elif begun:
                more.append(t("respond.revoked.note"))
                links.append((f"{self.root}/erase", t("respond.erase.link")))
        title = t(f"respond.{why}.title")
        return http.page(
            pages.message(self.language, title, lead, *more, organisation=self._organisation, links=tuple(links)),
            HTTPStatus.GONE,
        )

    def no_cookie(self) -> Reply:
        """The page for a browser that has not kept the key."""
        t = texts(self.language)
        return http.page(
            pages.message(
                self.language,
                t("respond.no_cookie.title"),
                t("respond.no_cookie.lead"),
                organisation=self._organisation,
                links=((self.root, t("respond.no_cookie.again")),),
            ),
            HTTPStatus.FORBIDDEN,
        )


_FORM: Final = frozenset({"shown", "lang", "back"})


def language_of(request: Request, engagement: Language | None) -> Language:
    """What was asked for in the address, else what was chosen before, else the engagement's own."""
    for asked in (request.query.get("lang"), request.cookies.get(LANGUAGE_COOKIE), engagement):
        if asked in LANGUAGES:
            return asked
    return "nb"


def _team(invitation: Invitation, given: str) -> str | None:
    """The team chosen, by its place in the list that was shown; None for anything else."""
    if not given.isdecimal() or not given.isascii() or len(given) > _TEAM_MAX:
        return None
    return invitation.teams[int(given)] if int(given) < len(invitation.teams) else None


def _since(shown: str, now: datetime) -> float | None:
    """Seconds since a page was made, or None when the form does not say so believably."""
    if not (shown.isdecimal() and shown.isascii() and len(shown) < 12):
        return None
    seconds = now.timestamp() - int(shown)
    return seconds if seconds >= -1 else None


def _unknown(request: Request) -> Reply:
    language = language_of(request, None)
    t = texts(language)
    return http.page(
        pages.message(language, t("respond.unknown.title"), t("respond.unknown.lead")), HTTPStatus.NOT_FOUND
    )


def refusal(status: HTTPStatus, language: Language = "nb") -> Reply:
    """The page for a request that none of our pages sends."""
    t = texts(language)
    return http.page(pages.message(language, t("respond.refused.title"), t("respond.refused.lead")), status)


def trouble(language: Language, reference: str | None = None) -> Reply:
    """The page for when it is our fault, with the number the log explains, or the database cannot be used."""
    t = texts(language)
    more = [t("respond.trouble.reference", reference=reference)] if reference else []
    text = pages.message(language, t("respond.trouble.title"), t("respond.trouble.lead"), *more)
    if reference:
        return http.page(text, HTTPStatus.INTERNAL_SERVER_ERROR)
    return http.page(text, HTTPStatus.SERVICE_UNAVAILABLE).with_headers(((b"retry-after", _AGAIN_S),))
