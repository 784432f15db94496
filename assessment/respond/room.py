"""The addresses of a room's phones: `/w`, where the code is typed, and `/w/{code}`."""

import asyncio
import hashlib
import logging
import math
import secrets
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import Final, Protocol

from assessment.packs import LANGUAGES, Language
from assessment.respond import http, room_pages
from assessment.respond.http import Receive, Refused, Reply, Request, Scope, Send
from assessment.respond.room_events import RoomEvents
from assessment.respond.surface import LANGUAGE_COOKIE, Application, language_of, refusal, trouble
from assessment.store.protocol import Closed, Gone, NotFound, StoreError
from assessment.workshop.codes import as_code
from assessment.workshop.phones import Phones, PhoneView
from assessment.workshop.records import Room, StepId

_ROOT: Final = "/w"
_DAY_S: Final = 86_400
_FORM: Final = frozenset({"step", "round", "more", "less", "lang"})

_log = logging.getLogger("salgsflyt")


class Guesses(Protocol):
    """How often a wrong code may be tried (assessment/access/limits.py, which is beside us and not below)."""

    def left(self, name: str) -> float:
        """Seconds until the name may try."""

    def wait(self, name: str) -> float:
        """The same, and this try is counted."""


class RoomSurface:
    """Answers under `/w`, and hands everything else to the application behind it.

    Only wrong codes count as tries, since a whole room comes from one address. A phone that has been in with a code
    carries a key we have signed for it, and is let through while others guess.

    phones: gives the use cases, called at the first request. who: whose try it is.
    """

    def __init__(
        self, app: Application, phones: Callable[[], Phones], guesses: Guesses, who: Callable[[Scope], str]
    ) -> None:
        self._app, self._open, self._guesses, self._who = app, phones, guesses, who
        self._opened: Phones | None = None
        self._events: RoomEvents
        # votes wait for the disk, one after the other, and no page waits behind them
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="room")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (scope["path"] == _ROOT or scope["path"].startswith(f"{_ROOT}/")):
            await self._app(scope, receive, send)  # type: ignore[misc]  # an ASGI application is awaited
            return
        request = Request(scope["method"], scope["path"], {}, dict(scope["headers"]), False, {})
        try:
            request = Request.of(scope)
            reply = await self._page(request, scope, receive, send)
        except Refused as error:
            reply = refusal(error.status, language_of(request, None))
        except StoreError as error:
            _log.error("room: %s", type(error).__name__)
            reply = trouble(language_of(request, None))
        except Exception as error:  # noqa: BLE001 - the last line: a reader gets a page, the log a reference
            reference = secrets.token_hex(2).upper()
            frames = "".join(traceback.format_tb(error.__traceback__))
            # never the message or the address: they can hold a vote or a code
            _log.error("reference %s: %s\n%s", reference, type(error).__name__, frames)
            reply = trouble(language_of(request, None), reference)
        if reply is not None:
            await reply.send(request, send)

    @property
    def _phones(self) -> Phones:
        if self._opened is None:
            self._opened = self._open()
            self._events = RoomEvents(self._opened.beat)
        return self._opened

    async def _page(self, request: Request, scope: Scope, receive: Receive, send: Send) -> Reply | None:
        """The reply, or None when it has been sent as it came about."""
        if request.method not in ("GET", "HEAD", "POST"):
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED, language_of(request, None))
        body = b""
        if request.method == "POST":
            request.refuse_other_sites()
            body = await http.body_of(receive)
        _, _, code, *rest = f"{request.path}//".split("/")[:4]
        given = http.form_of(request, body) if body else {}
        if not code:
            return _remembering(request, self._door(request, given, self._who(scope)))
        room = self._room(request, code, self._who(scope))
        if not isinstance(room, Room):
            return room
        visit = _Visit(self._phones, request, room, code)
        if rest[0] == "events" and request.method == "GET":
            return await self._listening(visit, receive, send)
        if rest[0]:
            return refusal(HTTPStatus.NOT_FOUND, visit.language)
        if request.method == "POST":
            return _remembering(request, await self._voted(visit, given))
        return _remembering(request, await self._shown(visit))

    def _door(self, request: Request, given: dict[str, str], who: str) -> Reply:
        """Where the code is typed, or scanned as `?c=`."""
        typed, language = given.get("c", request.query.get("c", "")), language_of(request, None)
        if not typed:
            return http.page(room_pages.door(language))
        code = as_code(typed)
        room = self._room(request, code or typed, who)
        return http.see_other(f"{_ROOT}/{code}") if isinstance(room, Room) else room

    def _room(self, request: Request, typed: str, who: str) -> Room | Reply:
        code, language = as_code(typed), language_of(request, None)
        known = code is not None and self._phones.knows(code, request.cookies.get(_cookie_name(code)))
        wait = 0.0 if known else self._guesses.left(who)
        if wait:
            tried = http.page(room_pages.door(language, wrong="wait"), HTTPStatus.TOO_MANY_REQUESTS)
            return Reply(tried.status, (*tried.headers, (b"retry-after", str(math.ceil(wait)).encode())), tried.body)
        room = self._phones.find(code) if code is not None else None
        if room is None:
            self._guesses.wait(who)
            return http.page(room_pages.door(language, wrong="unknown"), HTTPStatus.NOT_FOUND)
        return room

    async def _listening(self, visit: "_Visit", receive: Receive, send: Send) -> Reply | None:
        if visit.view.over:
            return Reply(HTTPStatus.NO_CONTENT, ())  # what tells a browser not to come back
        await self._joined(visit)
        await self._events.stream(visit.room.id, receive, send)
        return None

    async def _shown(self, visit: "_Visit") -> Reply:
        if visit.asks_of_privacy:
            return visit.privacy()  # and nothing is stored yet
        reply = visit.page()
        if visit.key is None and not visit.view.over:
            return reply.with_cookies([visit.key_cookie()])
        await self._joined(visit)
        return reply

    async def _joined(self, visit: "_Visit") -> None:
        if visit.key is not None and not visit.view.over and not self._phones.has_joined(visit.room, visit.key):
            await self._write(self._phones.join, visit.room, visit.key)

    async def _voted(self, visit: "_Visit", given: dict[str, str]) -> Reply:
        if given.get("lang") in LANGUAGES:
            return http.see_other(f"{visit.root}?lang={given['lang']}")
        if visit.key is None:
            # the first page was lost on the way, or the browser keeps no cookies: the next page says which
            return http.page(room_pages.no_cookie(visit.language, visit.root), HTTPStatus.FORBIDDEN)
        step, round_ = StepId(given.get("step", "")), given.get("round", "")
        if not (round_.isascii() and round_.isdecimal() and len(round_) < 4):
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            await self._joined(visit)
            dotted = given.get("more") or given.get("less")
            if dotted:
                by = 1 if given.get("more") else -1
                await self._write(self._phones.place_dot, visit.room, visit.key, step, int(round_), dotted, by)
                return http.see_other(visit.root)
            votes = {id_: value for id_, value in given.items() if id_ not in _FORM}
            await self._write(self._phones.vote, visit.room, visit.key, step, int(round_), votes)
        except (Closed, Gone, NotFound):
            return http.see_other(visit.root)  # it was shown, or the workshop ended, while this was on its way
        except ValueError as error:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY) from error
        return http.see_other(f"{visit.root}?done=1" if votes else visit.root)

    async def _write(self, work: Callable[..., None], *arguments: object) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *arguments))


class _Visit:
    """One request of one phone."""

    def __init__(self, phones: Phones, request: Request, room: Room, code: str) -> None:
        self._phones, self._request, self.room = phones, request, room
        self._code = as_code(code) or ""
        self.root = f"{_ROOT}/{self._code}"
        kept = request.cookies.get(_cookie_name(self._code))
        self.key = kept if phones.knows(self._code, kept) else None
        self.view: PhoneView = phones.view(room, self.key)
        self.language: Language = language_of(request, self.view.engagement.language)

    def page(self) -> Reply:
        """Where the room is."""
        query = self._request.query
        text = room_pages.phone(self.view, self.root, self.language, done="done" in query, change="change" in query)
        return http.page(text, HTTPStatus.GONE if self.view.over else HTTPStatus.OK)

    @property
    def asks_of_privacy(self) -> bool:
        """Whether this is about what becomes of the votes."""
        return "privacy" in self._request.query

    def privacy(self) -> Reply:
        """What becomes of the votes, also when the workshop is over."""
        told = self._phones.privacy(self.room)
        return http.page(room_pages.privacy(self.view.engagement, told, self.language))

    def key_cookie(self) -> bytes:
        """The cookie that is all a phone has to come back with."""
        name = _cookie_name(self._code)
        return http.cookie(self._request, name, self._phones.new_key(self._code), _ROOT, _DAY_S)


def _cookie_name(code: str) -> str:
    return f"sf_w_{hashlib.sha256(code.encode()).hexdigest()[:10]}"


def _remembering(request: Request, reply: Reply) -> Reply:
    """The reply, with the language chosen by address kept for the next pages."""
    chosen = request.query.get("lang")
    if chosen not in LANGUAGES:
        return reply
    return reply.with_cookies([http.cookie(request, LANGUAGE_COOKIE, chosen, _ROOT, _DAY_S)])
