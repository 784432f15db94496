"""The product itself, served by uvicorn and asked over HTTP: what is refused, what is let in, and what is logged."""

import http.client
import json
import re
import socket as sockets
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from assessment.access import front
from assessment.access.keys import KeyFile
from tests.serving import ROOT, Server

# what Streamlit 1.67 and the product answer at this machine
PATHS = (
    *("/", "/maturity", "/begin", "/nothing", "/_stcore/host-config", "/_stcore/stream", "/_stcore/metrics"),
    *("/_stcore/script-health-check", "/media/x", "/static/x", "/index.html", "/favicon.png", "/manifest.json"),
)
AWAY = {"Host": "sales.example"}


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile(tmp_path_factory.mktemp("served") / "served.db")


@pytest.fixture(scope="module")
def server(key_file: KeyFile) -> Iterator[Server]:
    started = Server(key_file.path.parent / "served.db").start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def key(key_file: KeyFile) -> str:
    return key_file.renew()


@pytest.fixture(scope="module")
def reader(server: Server, key: str) -> dict[str, str]:
    return signed_in(server, key)


def ask(
    server: Server, method: str, path: str, headers: dict[str, str] | None = None, **form: str
) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of one answer, the first of each name."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    sent = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    line.request(method, path, body=urlencode(form) or None, headers=sent | (headers or {}))
    answer = line.getresponse()
    text = answer.read().decode("utf-8", "replace")
    line.close()
    return answer.status, text, {name.lower(): value for name, value in reversed(answer.getheaders())}


def signed_in(server: Server, key: str) -> dict[str, str]:
    """The headers of somebody elsewhere who has signed in."""
    status, _, headers = ask(server, "POST", "/sign-in", AWAY | {"Origin": "http://sales.example"}, key=key)
    assert status == 303
    return AWAY | {"Cookie": headers["set-cookie"].partition(";")[0]}


def socket(server: Server, headers: dict[str, str]) -> int:
    """The status a socket gets: 101 when it opens."""
    given = dict(headers)
    host = given.pop("Host", f"127.0.0.1:{server.port}")
    origin = given.pop("Origin", f"http://{host}")
    raw = sockets.create_connection(("127.0.0.1", server.port))
    try:
        with connect(f"ws://{host}/_stcore/stream", sock=raw, origin=origin, additional_headers=given, proxy=None):  # type: ignore[arg-type]
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_this_machine_is_let_in_without_a_word(server: Server) -> None:
    status, text, _ = ask(server, "GET", "/")

    assert status == 200
    assert "<title>Streamlit" in text
    assert socket(server, {}) == 101
    assert socket(server, {"Host": f"localhost:{server.port}"}) == 101


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("passed", [AWAY, {"X-Forwarded-For": "203.0.113.7"}, {"Host": "127.0.0.1.evil.example"}])
def test_nobody_else_is_let_in_anywhere(path: str, passed: dict[str, str], server: Server, key: str) -> None:
    status, text, _ = ask(server, "GET", path, passed)

    assert status == 303
    assert text == ""


def test_a_socket_is_refused_as_well(server: Server, key: str) -> None:
    for passed in (AWAY, {"X-Forwarded-For": "203.0.113.7"}, {"Origin": "http://evil.example"}):
        assert socket(server, passed) == 403


def test_health_and_links_are_open(server: Server) -> None:
    assert ask(server, "GET", "/_stcore/health", AWAY)[0] == 200
    assert "<title>Streamlit" not in ask(server, "GET", "/s/unknown", AWAY)[1]


def test_the_key_lets_in_by_page_and_by_socket(server: Server, key: str) -> None:
    headers = signed_in(server, key)

    status, text, sent = ask(server, "GET", "/maturity", headers)
    assert status == 200
    assert "<title>Streamlit" in text
    assert sent["referrer-policy"] == "same-origin"
    assert socket(server, headers) == 101
    assert socket(server, headers | {"Origin": "http://evil.example"}) == 403


def test_wrong_keys_are_held_up(server: Server, key: str) -> None:
    tries = AWAY | {"Origin": "http://sales.example", "X-Forwarded-For": "203.0.113.99"}

    answers = [ask(server, "POST", "/sign-in", tries, key=f"wrong{n}")[0] for n in range(6)]

    assert answers == [403] * 5 + [429]


def test_the_log_holds_neither_key_nor_session_nor_token(server: Server, key: str) -> None:
    headers = signed_in(server, key)
    for method, path in (("GET", "/s/tokentokentokentokentok1"), ("POST", "/s/tokentokentokentokentok1/save")):
        ask(server, method, path, AWAY)
    ask(server, "GET", "/maturity?e=engagementid", AWAY)
    ask(server, "GET", "/%00%ff/s/tokentokentokentokentok1", AWAY)
    socket(server, headers)

    for secret in (key, headers["Cookie"].partition("=")[2], "tokentoken", "engagementid"):
        assert secret not in server.log
    assert not re.search(r"Traceback|Error", server.log)


def test_the_secrets_beside_the_database_are_the_owners_alone(server: Server, key_file: KeyFile, key: str) -> None:
    signed_in(server, key)
    for name in ("access.key.hash", "secret.key", "served.db"):
        assert (key_file.path.parent / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/sign-out", "/r/x", "/f/x", "/s/x", "/s/x/save", "/w", "/w/x", "/_stcore/upload_file/a"],
)
def test_no_route_that_changes_something_listens_to_another_site(server: Server, method: str, path: str) -> None:
    # before any route is looked for, so it holds for one that is made tomorrow
    assert ask(server, method, path, {"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert ask(server, method, path, {"Origin": "https://evil.example"})[0] == 403


@pytest.mark.parametrize("path", ["/", "/sign-in", "/r/x", "/s/x", "/w", "/w/x", "/_stcore/health", "/media/x"])
def test_every_surface_sends_the_headers_of_the_front(server: Server, path: str) -> None:
    headers = ask(server, "GET", path)[2]
    assert front.ALWAYS.keys() <= headers.keys()
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors" in headers["content-security-policy"]


def test_no_page_believes_what_another_site_tells_it(server: Server) -> None:
    # where there is no origin in the list, Streamlit's front end does not listen
    assert json.loads(ask(server, "GET", "/_stcore/host-config")[1])["allowedOrigins"] == []


@pytest.mark.parametrize("path", [*PATHS, "/sign-in", "/s/x", "/w", "/r/x", "/healthz", "/_stcore/health"])
def test_no_other_site_may_read_a_reply(server: Server, reader: dict[str, str], path: str) -> None:
    for headers in (AWAY, reader):
        told = ask(server, "GET", path, headers | {"Origin": "https://evil.example"})[2]
        assert told.get("access-control-allow-origin") is None


@pytest.mark.parametrize("path", ["/", "/sign-in", "/s/x", "/w", "/_stcore/health", "/static/x"])
def test_no_request_is_told_back(server: Server, path: str) -> None:
    status, text, _ = ask(server, "TRACE", path, {"X-Told": "told-back"})
    assert status in (404, 405)
    assert "told-back" not in text


@pytest.mark.parametrize("path", ["/static/", "/static/static/js/", "/media/", "/static-r/"])
def test_no_folder_is_listed(server: Server, path: str) -> None:
    # Streamlit answers an address it does not know with the empty page of its front end
    text = ask(server, "GET", path)[1]
    assert not re.search(r"Index of|\.py\b|<li>", text)


@pytest.mark.parametrize(
    ("framing", "statuses"),
    [
        ("Content-Length: 48\r\nTransfer-Encoding: chunked", ["400"]),
        ("Content-Length: 5\r\nContent-Length: 6", ["400"]),
        ("Transfer-Encoding: xchunked", ["400"]),
    ],
)
def test_where_a_request_ends_has_one_answer(server: Server, framing: str, statuses: list[str]) -> None:
    second = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with sockets.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n0\r\n\r\n{second}".encode())
        answered = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    assert re.findall(r"HTTP/1\.1 (\d+)", answered) == statuses


@pytest.mark.parametrize("path", ["app.py", "requirements.lock", ".streamlit/config.toml", "data/demo/engagement.toml"])
def test_no_file_of_the_folder_is_given_out(server: Server, path: str) -> None:
    kept = (ROOT / path).read_text(encoding="utf-8")
    assert kept.splitlines()[0] not in ask(server, "GET", f"/{path}")[1]
