"""In front of the door: hosts, proxies, other sites, sizes and the headers of every reply."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assessment.access import FrontMiddleware, front
from assessment.settings import SettingsError, settings
from tests.looping import run


async def _told(request: Request) -> PlainTextResponse:
    body = await request.body()
    return PlainTextResponse(f"{request.client and request.client.host} {request.url.scheme} {len(body)}")


APP = Starlette(
    routes=[Route("/{rest:path}", _told, methods=["GET", "POST", "PUT", "DELETE"])],
    middleware=[Middleware(FrontMiddleware)],
)


def ask(
    method: str = "GET",
    path: str = "/",
    headers: Mapping[str, str] | None = None,
    client: str = "203.0.113.7",
    **more: Any,
) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(APP, raise_app_exceptions=False, client=(client, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://sales.example") as line:
            return await line.request(method, path, headers=headers, **more)

    return run(go())


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Any:
    def choose(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"SALGSFLYT_{name.upper()}", value)
        settings.cache_clear()

    return choose


def test_every_reply_carries_the_headers_it_does_not_set_itself() -> None:
    answer = ask()
    assert {name: answer.headers[name] for name in front.ALWAYS} == dict(front.ALWAYS)
    assert (
        "strict-transport-security" not in answer.headers
    )  # a browser ignores it over http, and a laptop must not send it


def test_a_browser_is_held_to_https_once_it_came_by_it() -> None:
    answer = ask(headers={"x-forwarded-proto": "https"}, client="127.0.0.1")
    assert answer.headers["strict-transport-security"] == front.HSTS


@pytest.mark.parametrize("host", ["evil.example", "sales.example.evil.example", "sales.example@evil.example", ""])
def test_a_host_that_is_not_ours_gets_nothing(setting: Any, host: str) -> None:
    setting(address="https://sales.example")
    answer = ask(headers={"host": host})
    assert answer.status_code == 400
    assert "203.0.113.7 http" not in answer.text
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["sales.example", "SALES.example:8443", "127.0.0.1:8501", "localhost"])
def test_our_own_names_are_answered(setting: Any, host: str) -> None:
    setting(address="https://sales.example")
    assert ask(headers={"host": host}).status_code == 200


def test_hosts_of_ones_own_replace_the_address(setting: Any) -> None:
    setting(address="https://sales.example", hosts="a.example, B.example")
    assert [ask(headers={"host": h}).status_code for h in ("a.example", "b.example", "sales.example")] == [
        200,
        200,
        400,
    ]


def test_what_watches_over_the_server_needs_no_name(setting: Any) -> None:
    setting(address="https://sales.example")
    assert ask(path="/_stcore/health", headers={"host": "10.0.0.9:8501"}).status_code == 200


FORWARDED = {"x-forwarded-for": "198.51.100.1, 192.0.2.9", "x-forwarded-proto": "https"}


def test_a_stranger_is_not_believed_about_who_asks_or_how() -> None:
    assert ask(headers=FORWARDED).text.startswith("203.0.113.7 http ")


def test_a_trusted_proxy_is_believed_about_what_it_has_seen_itself(setting: Any) -> None:
    setting(proxies="203.0.113.0/24")
    # what stands before the last is what the client says: whoever guesses keys could be somebody new at each try
    assert ask(headers=FORWARDED).text.startswith("192.0.2.9 https ")


def test_a_proxy_behind_a_proxy_is_looked_through(setting: Any) -> None:
    setting(proxies="203.0.113.7, 192.0.2.9")
    assert ask(headers=FORWARDED).text.startswith("198.51.100.1 https ")


@pytest.mark.parametrize("said", ["unknown", "<b>", "", "192.0.2.9:99999, x"])
def test_an_address_that_is_none_changes_nobody(said: str) -> None:
    assert ask(headers={"x-forwarded-for": said}, client="127.0.0.1").text.startswith("127.0.0.1 ")


def test_a_proxy_that_is_no_address_stops_the_start(setting: Any) -> None:
    setting(proxies="nginx")
    with pytest.raises(SettingsError, match="SALGSFLYT_PROXIES"):
        settings()


OTHER_SITES = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://evil.example"},
    {"origin": "http://sales.example.evil.example"},
)


@pytest.mark.parametrize("headers", OTHER_SITES)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_another_site_changes_nothing(method: str, headers: Mapping[str, str]) -> None:
    assert ask(method, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": "http://sales.example"}])
def test_our_own_pages_and_programs_are_let_through(headers: Mapping[str, str]) -> None:
    assert ask("POST", headers=headers, content=b"abc").text.endswith(" 3")


def test_a_body_larger_than_any_of_ours_is_refused_by_what_it_says_and_by_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(front, "BODY_MAX", 1000)

    async def parts() -> Any:
        for _ in range(20):
            yield b"x" * 100

    assert ask("POST", content=b"x" * 1001).status_code == 413
    assert ask("POST", content=parts()).status_code == 413
    assert ask("POST", content=b"x" * 1000).status_code == 200
    assert ask("POST", headers={"content-length": "9" * 5000}, content=b"").status_code == 413


def test_a_body_that_does_not_come_is_not_awaited_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PART_S", 0.05)

    said: list[Any] = []
    parts = iter([{"type": "http.request", "body": b"x", "more_body": True}])

    async def receive() -> Any:
        try:
            return next(parts)
        except StopIteration:
            await asyncio.sleep(5)

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "scheme": "http",
        "headers": [(b"host", b"sales.example")],
        "client": ("203.0.113.7", 1),
        "server": ("sales.example", 80),
    }
    run(APP(scope, receive, send))
    assert said[0]["status"] == 408
