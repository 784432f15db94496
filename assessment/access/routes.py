"""The way in and the way out: `/sign-in` and `/sign-out`."""

import asyncio
import math
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessment.access import pages
from assessment.access.door import access, cookies_of
from assessment.access.origin import safe_path, same_origin, who
from assessment.access.sessions import LINK_COOKIE, OWNER_COOKIE, SESSION_S, cookie

_LONGEST_FORM: Final = 4096


async def sign_in(request: Request) -> Response:
    """Ask for the access key, or let in who has it."""
    page = pages.Page(request.headers, request.scope["query_string"])
    door = access()
    if door.key_file.hashed() is None:
        return pages.not_configured(request.headers, request.scope["query_string"])
    if request.method != "POST":
        return pages.sign_in(page)
    if not same_origin(request.headers):
        return pages.from_elsewhere(page)
    typed = await _typed(request)
    if seconds := door.limit.wait(who(request.scope)):
        return pages.too_often(page, math.ceil(seconds))
    async with door.checks:
        right = typed is not None and await asyncio.to_thread(door.opens, typed)
    if not right:
        await asyncio.to_thread(door.note, "refused")
        return pages.wrong_key(page)
    door.sessions.end(cookies_of(request.scope))
    await asyncio.to_thread(door.note, "signed_in")
    response = RedirectResponse(safe_path(page.next), 303, headers=pages.HEADERS)
    # always a new session, never one that was there before: nobody can have planted it
    _set(response, OWNER_COOKIE, door.sessions.owner(), request)
    _set(response, LINK_COOKIE, "", request, seconds=0)
    return response


async def sign_out(request: Request) -> Response:
    """Ask whether to sign out, or end the session here and in the browser."""
    page = pages.Page(request.headers, request.scope["query_string"])
    if request.method != "POST":
        return pages.sign_out(page)
    if not same_origin(request.headers):
        return pages.from_elsewhere(page)
    access().sessions.end(cookies_of(request.scope))
    response = pages.signed_out(page)
    for name in (OWNER_COOKIE, LINK_COOKIE):
        _set(response, name, "", request, seconds=0)
    return response


def routes() -> list[Route]:
    """The door's own routes."""
    return [
        Route("/sign-in", sign_in, methods=["GET", "POST"]),
        Route("/sign-out", sign_out, methods=["GET", "POST"]),
    ]


def _set(response: Response, name: str, value: str, request: Request, seconds: int = SESSION_S) -> None:
    secure = request.url.scheme == "https"
    response.headers.append("set-cookie", cookie(name, value, secure=secure, seconds=seconds))


async def _typed(request: Request) -> str | None:
    """The key in the form, or None when there is none or the form is larger than any of ours."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return None
    return parse_qs(body.decode("utf-8", "replace")).get("key", [None])[-1]
