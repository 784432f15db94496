"""In front of everything: who may come in, and nothing of a link in any log."""

import logging
import re
import secrets
import traceback
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assessment.access import pages
from assessment.access.door import access
from assessment.access.origin import foreign_socket, safe_path

# Open to anybody: links, which are secrets themselves, the way in, what respondents' pages are made of, and the health
# checks, which say "ok" or a word for what is wrong.
OPEN: Final = re.compile(r"/(?:[srfw]|static-r)/.+|/w|/sign-in|/sign-out|/_stcore/health|/healthz|/readyz")
# addresses that are a page: worth coming back to after signing in
_PAGE: Final = re.compile(r"/[a-z_]*")
# a room's code also comes in the address it is typed or scanned at: /w?c=…
_SECRET_PATH: Final = re.compile(r"/(s/|r/|f/|w/|w/?\?(?:[^\s\"']*&)?c=)[^\s/?&\"']+")
UNAUTHORISED: Final = 4401
FORBIDDEN: Final = 403
_log: Final = logging.getLogger("salgsflyt")


class AccessMiddleware:
    """Lets in who may come in: somebody at this machine, a session of ours, or anybody where it is open to all.

    Others are sent to sign in; a socket is closed before it opens. An error in a route becomes a page with a reference
    number, which the log explains without the address or any value.

    oidc: whether people sign in through an identity provider, which the pages then demand.
    """

    def __init__(self, app: ASGIApp, oidc: Callable[[], bool] = lambda: False) -> None:
        self._app, self._oidc = app, oidc
        self._warned = False
        for name in ("uvicorn.access", "uvicorn.error"):
            logging.getLogger(name).addFilter(without_tokens)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answered(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        door, oidc = access(), self._oidc()
        actor = door.judge(scope, oidc=oidc)
        if actor is not None or oidc:
            await self._app(door.passed(scope, actor), receive, send)
        else:
            await self._refused(scope)(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        door, oidc = access(), self._oidc()
        actor = door.judge(scope, oidc=oidc)
        foreign = foreign_socket(Headers(scope=scope))
        if foreign or (actor is None and not oidc):
            await receive()  # the server's "connect", which a close must follow
            await send({"type": "websocket.close", "code": FORBIDDEN if foreign else UNAUTHORISED})
        else:
            await self._app(door.passed(scope, actor), receive, send)

    def _refused(self, scope: Scope) -> Response:
        if access().key_file.hashed() is None:
            if not self._warned:
                self._warned = True
                _log.warning("refused somebody who is not at this machine: no access key is set, see README")
            return pages.not_configured(Headers(scope=scope), scope["query_string"])
        if scope["method"] not in ("GET", "HEAD"):
            return Response(status_code=401, headers=pages.HEADERS)
        return RedirectResponse(_sign_in(scope), 303, headers=pages.HEADERS)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._http(scope, receive, sending)
        except Exception as error:  # noqa: BLE001  the boundary of every route
            reference = secrets.token_hex(2).upper()
            said = (reference, scope["method"], _written(scope["path"]), _where(error))
            _log.error("reference %s: %s %s: %s", *said, extra={"reference": reference})
            if not begun:
                await pages.failed(Headers(scope=scope), scope["query_string"], reference)(scope, receive, send)


def is_open(path: str) -> bool:
    """Whether anybody may ask for the path; one that could mean another path may not."""
    return OPEN.fullmatch(path) is not None and not re.search(r"//|\\|/\.", path)


def route_of(path: str) -> str:
    """The path for a log, with what opens something left out."""
    return _SECRET_PATH.sub(r"/\1…", path)


def _written(path: str) -> str:
    # as it was sent: a line end in an address would begin a line that nobody has logged
    return route_of(quote(path, errors="replace"))


def without_tokens(record: logging.LogRecord) -> bool:
    """Leave the tokens of links out of what the server itself logs, whatever log level somebody has chosen."""
    record.msg = route_of(str(record.msg))
    if isinstance(record.args, tuple):
        record.args = tuple(route_of(arg) if isinstance(arg, str) else arg for arg in record.args)
    return True


def _sign_in(scope: Scope) -> str:
    if not _PAGE.fullmatch(scope["path"]):
        return "/sign-in"
    query = scope["query_string"].decode("latin-1")
    wanted = safe_path(quote(scope["path"]) + (f"?{query}" if query else ""))
    return "/sign-in" if wanted == "/" else f"/sign-in?{urlencode({'next': wanted})}"


def _where(error: Exception) -> str:
    """What kind of error, and where in the code: neither its message nor any value, which may be somebody's answer."""
    innermost = traceback.extract_tb(error.__traceback__)[:-9:-1]
    return " < ".join([type(error).__name__, *(f"{at.filename}:{at.lineno} {at.name}" for at in innermost)])
