"""`/r/{token}` and `/f/{token}`: let in who holds a link to read the results or to facilitate, with its PIN."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessment.access import Limit, access, link_session_cookie, same_origin, verify_secret
from assessment.access.pages import HEADERS, Page
from assessment.actor import LinkScope
from assessment.engagement import Link
from assessment.links import ROUTES
from assessment.store.opening import shared_tries

if TYPE_CHECKING:
    from assessment.service import Service

_LONGEST_FORM: Final = 1024
# where a link leads once it has let somebody in
_FIRST: Final[dict[LinkScope, str]] = {"results": "/maturity", "facilitate": "/participants"}


@cache
def _service() -> "Service":
    # numpy and all that calculates: the server's start need not wait for it
    from assessment.service import Service
    from assessment.store.opening import configured

    return Service(configured())


@cache
def _limit() -> Limit:
    return Limit(what="pin", shared=shared_tries)


def routes() -> list[Route]:
    """The addresses of links that open pages; everything under them that is no link gets the page for a typo."""
    return [
        route
        for scope in _FIRST
        for route in (
            Route(f"/{ROUTES[scope]}/{{token}}", _opened(scope), methods=["GET", "POST"]),
            Route(f"/{ROUTES[scope]}/{{rest:path}}", _nothing_here),
        )
    ]


def _opened(scope: LinkScope) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await _open(request, scope)

    return answer


async def _nothing_here(request: Request) -> Response:
    return _unknown(_Page(request))


async def _open(request: Request, scope: LinkScope) -> Response:
    """Let in, ask for the PIN, or say why not."""
    page = _Page(request)
    found = await asyncio.to_thread(_service().link, request.path_params["token"])
    if found is None or found.link.purpose != scope:
        return _unknown(page)
    if found.state != "active":
        return page.say(f"link.{found.state}", 410)
    link = found.link
    if link.pin_hash is not None:
        if request.method != "POST":
            return _ask(page)
        refused = await _refused(request, page, link.pin_hash, link)
        if refused is not None:
            return refused
    await asyncio.to_thread(access().note, "link_opened", "link", link.engagement_id)
    query = urlencode({"e": link.engagement_id, "lang": page.language})
    response = RedirectResponse(f"{_FIRST[scope]}?{query}", 303, headers=HEADERS)
    secure = request.url.scheme == "https"
    cookie = link_session_cookie(link.engagement_id, scope, link.id, secure=secure)
    response.headers.append("set-cookie", cookie)
    return response


async def _refused(request: Request, page: "_Page", hashed: str, link: Link) -> Response | None:
    """Why the PIN that was sent does not open the link; None when it does."""
    if not same_origin(request.headers):
        return _ask(page, page.texts("access.elsewhere"), 403)
    typed = await _typed(request)
    # by link and not by client: a PIN is short, and whoever guesses can do so from many machines
    if seconds := _limit().wait(link.id):
        wait = math.ceil(seconds)
        return _ask(page, page.texts.plural("access.wait", wait), 429, **{"retry-after": str(wait)})
    if await asyncio.to_thread(verify_secret, hashed, typed):
        return None
    await asyncio.to_thread(access().note, "refused", "link", link.engagement_id)
    return _ask(page, page.texts("link.pin_wrong"), 403)


async def _typed(request: Request) -> str:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return ""
    return parse_qs(body.decode("utf-8", "replace")).get("pin", [""])[-1].strip()


class _Page(Page):
    """One of the door's pages at a link's address."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.headers, request.scope["query_string"])
        self.path = escape(request.url.path)

    def say(self, key: str, status: int) -> Response:
        """A page of words only: what is so, and what to do."""
        return self.answer(self.path, self.texts(key), f"<p>{escape(self.texts(f'{key}_what'))}</p>", status)


def _unknown(page: _Page) -> Response:
    return page.say("link.unknown", 404)


def _ask(page: _Page, problem: str | None = None, status: int = 200, **headers: str) -> Response:
    """The page that asks for the PIN. problem: what was wrong with the last try, in words."""
    say = page.texts
    alert = f'<p class="stop" role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    wrong = ' aria-invalid="true" aria-describedby="problem"' if problem else ""
    body = (
        f"<p>{escape(say('link.pin_why'))}</p>{alert}"
        f'<form method="post" action="{page.path}?lang={page.language}"><label for="pin">{escape(say("link.pin"))}'
        '</label><input id="pin" name="pin" inputmode="numeric" pattern="[0-9]*" autocomplete="off" required '
        f'maxlength="12" autofocus{wrong}><button>{escape(say("link.open"))}</button></form>'
    )
    return page.answer(page.path, say("link.pin_title"), body, status, **headers)
