"""In front of the door: names we answer to, who speaks for others, what may be sent, what each reply says."""

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assessment.access import pages
from assessment.access.origin import LOCAL_HOSTS, host_name
from assessment.settings import Settings, settings

# Streamlit's own limit on a file is 40 MB (.streamlit/config.toml); the form around it needs a little more
BODY_MAX: Final = 41 * 1024 * 1024
# between two parts of a body; a phone in a lift is slow, somebody who holds on to our memory is slower
PART_S: Final = 30.0
# what watches over the server asks by whatever address it has
_WATCHED: Final = frozenset({"/_stcore/health", "/healthz", "/readyz"})
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

# Streamlit's page: its markup starts with a script of its own, and ours (pages/ui/*.js) are filled with words at each
# run, so inline scripts and styles cannot be told from others; nothing may come from, or go to, another site.
STREAMLIT_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' data: blob:; "
    "worker-src 'self' blob:; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
ALWAYS: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "content-security-policy": STREAMLIT_POLICY,
    # addresses name engagements: they are nobody else's business
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
HSTS: Final = "max-age=31536000; includeSubDomains"


class FrontMiddleware:
    """Refuses a request for another host, one another site makes a browser send, and one too large or too slow.

    A proxy is believed about who asked and by which scheme only at the addresses it is trusted at; the headers are
    left in place, since any of them shows that somebody else asked (assessment/access/origin.py). Every reply gets
    the headers it does not set itself.

    chosen: gives the settings, called at each request.
    """

    def __init__(self, app: ASGIApp, chosen: Callable[[], Settings] = settings) -> None:
        self._app, self._chosen = app, chosen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = _as_the_proxy_says(scope, self._chosen())
        headers = Headers(scope=scope)
        hosts = self._chosen().trusted_hosts
        known = not hosts or scope["path"] in _WATCHED or _asked_for(headers, hosts)
        if scope["type"] == "websocket":
            await (self._app if known else _closed)(scope, receive, send)
            return
        sending = _with_headers(send, secure=scope["scheme"] == "https")
        if not known:
            await pages.wrong_host(headers, scope["query_string"])(scope, receive, sending)
        elif scope["method"] not in _READS and from_another_site(headers):
            await pages.refused_from_elsewhere(headers, scope["query_string"])(scope, receive, sending)
        elif _length(headers) > BODY_MAX:
            await pages.too_large(headers, scope["query_string"])(scope, receive, sending)
        else:
            await self._app(scope, _bounded(receive), sending)


def from_another_site(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another site made it send this; programs say nothing of it.

    The first lock on every route that changes something, Streamlit's and those still to come too; routes with a form
    of their own ask for more. Source: OWASP, Cross-Site Request Forgery Prevention, Fetch Metadata.
    """
    if (site := headers.get("sec-fetch-site")) is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    # a page of ours with Referrer-Policy no-referrer says "null" (assessment/respond/http.py)
    return origin not in (None, "null") and urlsplit(origin).netloc != headers.get("host")


def _asked_for(headers: Headers, hosts: tuple[str, ...]) -> bool:
    given = headers.getlist("host")
    return len(given) == 1 and host_name(given[0]) in {*hosts, *LOCAL_HOSTS}


def _as_the_proxy_says(scope: Scope, chosen: Settings) -> Scope:
    """The request with client and scheme as a trusted proxy tells them; unchanged from anybody else.

    The last address is the one the proxy has seen itself: those before it are what the client says.
    """
    headers, client = Headers(scope=scope), scope.get("client")
    if client is None or not _trusted(client[0], chosen.proxies):
        return scope
    told: dict[str, Any] = {}
    schemes = {"http": "http", "https": "https"} if scope["type"] == "http" else {"http": "ws", "https": "wss"}
    if (scheme := schemes.get(headers.get("x-forwarded-proto", "").strip().lower())) is not None:
        told["scheme"] = scheme
    chain = [a.strip() for line in headers.getlist("x-forwarded-for") for a in line.split(",")]
    seen = next((a for a in reversed(chain) if not _trusted(a, chosen.proxies)), None)
    if seen is not None and _is_address(seen):
        told["client"] = (seen, 0)
    return {**scope, **told}


def _trusted(address: str, proxies: tuple[str, ...]) -> bool:
    if not _is_address(address):
        return False
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False) for network in proxies)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _length(headers: Headers) -> int:
    said = headers.get("content-length", "")
    # longer than any number of bytes we could count is too large, whatever it says
    return (int(said) if len(said) < 16 else BODY_MAX + 1) if said.isascii() and said.isdecimal() else 0


def _bounded(receive: Receive) -> Receive:
    """The body in parts, none awaited for ever and not more of them than BODY_MAX. Raises: HTTPException."""
    read, whole = 0, False

    async def receiving() -> Message:
        nonlocal read, whole
        if whole:  # then only the end of the connection is awaited, for as long as events are listened to
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), PART_S)
        except TimeoutError as error:
            raise HTTPException(408) from error
        read += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if read > BODY_MAX:
            raise HTTPException(413)
        return message

    return receiving


def _with_headers(send: Send, *, secure: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("strict-transport-security", HSTS)
        await send(message)

    return sending


async def _closed(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()  # the server's "connect", which a close must follow
    await send({"type": "websocket.close", "code": 403})
