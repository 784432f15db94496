"""Somebody who comes to the door: the real middleware and routes, with a page of secrets behind them."""

from collections.abc import Mapping
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assessment.access import LOCAL_HEADER, AccessMiddleware, access, routes
from tests.looping import run

SECRET = "behind the door"  # noqa: S105  what no visitor may see
ELSEWHERE = "203.0.113.7"


async def _secret(request: Request) -> PlainTextResponse:
    if request.url.path.endswith("/breaks"):
        raise ValueError("answered 5 on C1.1")
    actor = access().actor(request.headers, request.cookies)
    return PlainTextResponse(f"{SECRET} {actor.kind if actor else 'nobody'}")


class Visitor:
    """One browser or program at one address, which keeps its cookies."""

    def __init__(self, client: str = ELSEWHERE, base: str = "http://sales.example", *, oidc: bool = False) -> None:
        self.app = Starlette(
            routes=[*routes(), Route("/{rest:path}", _secret, methods=["GET", "POST", "PUT"])],
            middleware=[Middleware(AccessMiddleware, oidc=lambda: oidc)],
        )
        self.client, self.base = client, base
        self.cookies = httpx.Cookies()

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **given: Any) -> httpx.Response:
        """One request, redirects not followed."""

        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(self.client, 4711))
            async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.cookies) as client:
                answer = await client.request(method, path, headers=headers, **given)
                self.cookies = client.cookies
                return answer

        return run(go())

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        return self.ask("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, data: Mapping[str, str] | None = None, **headers: str) -> httpx.Response:
        """A form, from a page of ours unless the headers say otherwise."""
        sent = {"origin": self.base} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, sent, data=data)

    def sign_in(self, key: str, path: str = "/sign-in", **headers: str) -> httpx.Response:
        """The form with a key."""
        return self.post(path, {"key": key}, **headers)

    def socket(self, **headers: str) -> dict[str, Any]:
        """What the server says first to a socket."""
        given = {"host": self.base.partition("://")[2], **{n.replace("_", "-"): v for n, v in headers.items()}}
        if self.cookies:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        said: list[dict[str, Any]] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "websocket.accept"})

        async def receive() -> dict[str, str]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            said.append(message)

        scope = {
            "type": "websocket",
            "path": "/_stcore/stream",
            "query_string": b"",
            "client": (self.client, 4711),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }
        run(AccessMiddleware(app)(scope, receive, send))  # type: ignore[arg-type]
        return said[0]


def cookies_set(answer: httpx.Response) -> dict[str, str]:
    """The Set-Cookie headers by cookie."""
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


__all__ = ["ELSEWHERE", "LOCAL_HEADER", "SECRET", "Visitor", "cookies_set"]
