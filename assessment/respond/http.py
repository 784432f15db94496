"""Requests read and replies written by hand, at a tenth of what a framework's objects cost a page of this size."""

import re
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# a page's form is under 500 bytes
BODY_MAX: Final = 16_384
_FIELDS_MAX: Final = 100

_POLICY: Final = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", _POLICY),
)


class Refused(Exception):  # noqa: N818 - named by what happened
    """A request that none of our pages sends."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(frozen=True)
class Request:
    """What a page needs to know of a request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    secure: bool
    cookies: Mapping[str, str]

    @classmethod
    def of(cls, scope: Scope) -> "Request":
        """The request of an ASGI scope; the last of equal headers counts."""
        headers = dict(scope["headers"])
        return cls(
            method=scope["method"],
            path=scope["path"],
            query=_fields(scope["query_string"]) if scope["query_string"] else {},
            headers=headers,
            secure=scope.get("scheme") == "https",  # what a trusted proxy says is in it (assessment/access/front.py)
            cookies=_cookies(headers.get(b"cookie", b"")),
        )

    @property
    def compresses(self) -> bool:
        """Whether the browser understands gzip."""
        return b"gzip" in self.headers.get(b"accept-encoding", b"")

    def content_type(self) -> bytes:
        """The kind of the body, without parameters."""
        return self.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()

    def refuse_other_sites(self) -> None:
        """Let through what our own pages send. Raises: Refused.

        The cookie is SameSite=Lax, so another site's POST comes without it; this is the second lock. Under our
        Referrer-Policy a browser calls the origin of our own forms "null", and over plain HTTP it sends no
        Sec-Fetch-Site: then the cookie alone decides.
        """
        fetched = self.headers.get(b"sec-fetch-site")
        if fetched is not None:
            if fetched not in (b"same-origin", b"none"):
                raise Refused(HTTPStatus.FORBIDDEN)
            return
        origin = self.headers.get(b"origin", b"null")
        if origin != b"null" and _host(origin) != self.headers.get(b"host", b"").decode("latin-1").lower():
            raise Refused(HTTPStatus.FORBIDDEN)


def _host(origin: bytes) -> str | None:
    try:
        return urlsplit(origin.decode("latin-1").lower()).netloc
    except ValueError:
        return None


def _fields(encoded: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS_MAX)
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST) from error
    return dict(pairs)


def _cookies(header: bytes) -> dict[str, str]:
    if not header:
        return {}
    pairs = (part.partition("=") for part in header.decode("latin-1").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


async def body_of(receive: Receive) -> bytes:
    """The body. Raises: Refused when it is longer than any of ours."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        if len(body) > BODY_MAX:
            break
        message = await receive()
        body += message.get("body", b"")
    if len(body) > BODY_MAX:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body


def form_of(request: Request, body: bytes) -> dict[str, str]:
    """The fields of a form, the last of equal names. Raises: Refused for another kind of body."""
    if body and request.content_type() != b"application/x-www-form-urlencoded":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return _fields(body)


@dataclass(frozen=True)
class Reply:
    """What goes back. `body` is not compressed yet unless a header says so."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    def with_cookies(self, cookies: Iterable[bytes]) -> "Reply":
        """The reply, setting these cookies too."""
        return self.with_headers((b"set-cookie", cookie) for cookie in cookies)

    def with_headers(self, headers: Iterable[tuple[bytes, bytes]]) -> "Reply":
        """The reply, with these headers too."""
        return Reply(self.status, (*self.headers, *headers), self.body)

    async def send(self, request: Request, send: Send) -> None:
        """Send it, compressed where that is understood and worth it."""
        body, headers = self.body, [*self.headers, *ALWAYS]
        if len(body) > _WORTH_COMPRESSING and request.compresses and _MAY_COMPRESS in headers:
            # 40 µs a page; level 1 takes 26 and leaves 7 % more
            packer = zlib.compressobj(6, zlib.DEFLATED, 31)
            body = packer.compress(body) + packer.flush()
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


_WORTH_COMPRESSING: Final = 500
_MAY_COMPRESS: Final = (b"vary", b"accept-encoding")
_PRIVATE: Final = (b"cache-control", b"no-store, private")


def page(text: str, status: int = 200) -> Reply:
    """A page for this reader only."""
    kind = (b"content-type", b"text/html; charset=utf-8")
    return Reply(status, (kind, _PRIVATE, _MAY_COMPRESS), text.encode())


def document(content: bytes, status: int = 200) -> Reply:
    """A JSON document."""
    return Reply(status, ((b"content-type", b"application/json"), _PRIVATE), content)


def see_other(where: str) -> Reply:
    """Go on there with a GET, so that a reload sends nothing again."""
    return Reply(303, ((b"location", where.encode("latin-1")), _PRIVATE))


def cookie(request: Request, name: str, value: str, path: str, max_age: int) -> bytes:
    """A cookie that no script reads and no other site's form carries."""
    secure = "; Secure" if request.secure else ""
    return f"{name}={value}; Path={path}; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}".encode()


class Asset:
    """A file that never changes under its name: packed once, kept by browsers for a year."""

    def __init__(self, name: str, kind: str, content: bytes, digest: str) -> None:
        stem, _, suffix = name.rpartition(".")
        self.path = f"/static-r/{stem}.{digest}.{suffix}"
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        headers = (
            (b"content-type", f"{kind}; charset=utf-8".encode()),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"vary", b"Accept-Encoding"),
        )
        self._plain = Reply(200, headers, content)
        self.packed = packer.compress(content) + packer.flush()
        self._packed = Reply(200, (*headers, (b"content-encoding", b"gzip")), self.packed)

    def reply(self, request: Request) -> Reply:
        """The file, packed for those who understand it."""
        return self._packed if request.compresses else self._plain


PAGE_NUMBER: Final = re.compile(r"[1-9][0-9]?")
