"""Who is let in: this machine without a word, everybody else with a session of ours, and nobody else."""

import json
import logging
import re
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.access import LOCAL_HEADER, Limit, access, hash_secret, link_session_cookie, same_origin, verify_secret
from assessment.access.keys import new_key, plain
from assessment.access.middleware import is_open, route_of
from assessment.access.origin import safe_path
from assessment.access.sessions import SESSION_S, Sessions
from assessment.cli import main
from assessment.engagement import EngagementId, LinkId
from assessment.packs import LANGUAGES
from assessment.store import SqliteStore
from tests.access.visitor import ELSEWHERE, SECRET, Visitor, cookies_set

# every path of the product and of Streamlit 1.67 that is not open
PATHS = (
    *("/", "/maturity", "/start", "/answer", "/participants", "/index.html", "/static/js/x.js", "/media/a.csv"),
    *("/_stcore/host-config", "/_stcore/upload_file/a/b", "/_stcore/metrics", "/_stcore/script-health-check"),
    *("/component/x/y", "/auth/login", "/oauth2callback", "/app/static/x", "/_stcore/health/", "/_stcore/agent"),
    *("/s", "/s/", "/r", "/f/", "/static-r/", "/sign-in/", "/s/../maturity", "/s//x", "/s/.x", "/s/a\\b", "/S/a"),
)
LOCAL_HOSTS = ("localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost")


def here(host: str = "localhost:8501", client: str = "127.0.0.1") -> Visitor:
    """Somebody at this machine."""
    return Visitor(client, f"http://{host}")


# ---------------------------------------------------------------- this machine


@pytest.mark.parametrize("host", LOCAL_HOSTS)
@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "127.0.0.2", "::ffff:127.0.0.1"])
def test_this_machine_needs_no_sign_in(host: str, client: str) -> None:
    visitor = here(host, client)

    assert visitor.get("/maturity").text == f"{SECRET} local"
    assert visitor.socket(origin=f"http://{host}")["type"] == "websocket.accept"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "localhost.", "0", ""])
def test_another_host_name_that_leads_here_is_not_local(host: str) -> None:
    assert here().get("/maturity", host=host).status_code == 403
    assert here().socket(host=host)["type"] == "websocket.close"


@pytest.mark.parametrize(
    "header",
    ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "x-real-ip", "via", "cf-connecting-ip"],
)
def test_what_a_proxy_has_passed_on_is_not_local(header: str) -> None:
    passed = {header: "127.0.0.1"}

    assert here().get("/maturity", **passed).status_code == 403
    assert here().socket(**passed)["type"] == "websocket.close"


def test_two_host_names_are_not_local() -> None:
    answer = here().ask("GET", "/", [("host", "localhost"), ("host", "evil.example")])  # type: ignore[arg-type]

    assert answer.status_code == 403


def test_an_address_elsewhere_is_not_local_whatever_name_it_uses() -> None:
    assert Visitor(ELSEWHERE, "http://localhost:8501").get("/maturity").status_code == 403
    assert Visitor("testclient", "http://localhost:8501").get("/maturity").status_code == 403


def test_nobody_becomes_local_by_saying_so(key: str) -> None:
    assert Visitor().get("/", **{LOCAL_HEADER: "1"}).status_code == 303
    visitor = Visitor()
    visitor.sign_in(key)
    assert visitor.get("/", **{LOCAL_HEADER: "anything"}).text == f"{SECRET} key"
    assert here().get("/", **{LOCAL_HEADER: "anything"}).text == f"{SECRET} local"


def test_this_machine_signs_in_too_where_that_is_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("always", "allways"):
        monkeypatch.setenv("SALGSFLYT_SIGN_IN", word)
        access.cache_clear()
        access.__wrapped__.__globals__["settings"].cache_clear()
        assert here().get("/maturity").status_code == 403


def test_with_a_sign_in_of_the_organisations_own_nobody_is_let_in_for_sitting_here() -> None:
    visitor = Visitor("127.0.0.1", "http://localhost", oidc=True)

    assert visitor.get("/maturity").text == f"{SECRET} nobody"  # Streamlit asks for the sign-in


# ---------------------------------------------------------------- everybody else


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_refused_without_a_session(path: str, key: str) -> None:
    answer = Visitor().ask("GET", path)

    assert SECRET not in answer.text
    assert answer.status_code == 303
    assert re.match(r"/sign-in(\?next=%2F\w+)?$", answer.headers["location"])


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_is_sent_without_a_session_is_refused(method: str, key: str) -> None:
    assert Visitor().ask(method, "/_stcore/upload_file/a/b").status_code == 401


@pytest.mark.parametrize(
    "path", ["/s/token", "/s/token/1", "/r/token", "/f/token", "/static-r/a.js", "/_stcore/health"]
)
def test_links_and_what_they_need_are_open(path: str, key: str) -> None:
    assert Visitor().get(path).text.startswith(SECRET)


def test_a_socket_without_a_session_is_closed_before_it_opens(key: str) -> None:
    assert Visitor().socket() == {"type": "websocket.close", "code": 4401}


def test_a_socket_from_a_page_of_another_site_is_closed(key: str) -> None:
    visitor = Visitor()
    visitor.sign_in(key)

    assert visitor.socket(origin="http://sales.example")["type"] == "websocket.accept"
    assert visitor.socket(origin="http://evil.example") == {"type": "websocket.close", "code": 403}
    assert here().socket(origin="http://evil.example")["type"] == "websocket.close"
    assert here().socket(origin="null")["type"] == "websocket.close"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_key_the_page_says_how_to_make_one(lang: str) -> None:
    for visit in (Visitor().get(f"/maturity?lang={lang}"), Visitor().get(f"/sign-in?lang={lang}")):
        assert visit.status_code == 403
        assert "python -m assessment access-key" in visit.text
        assert f'<html lang="{lang}">' in visit.text


@given(st.text(st.sampled_from("/\\.srf_a-%"), max_size=12))
def test_no_open_path_leads_somewhere_else(rest: str) -> None:
    for path in (f"/{rest}", f"/s/{rest}"):
        assert not is_open(path) or re.match(r"/([srf]|static-r)/[^/\\]", path)
        assert not is_open(path) or ("/.." not in path and "//" not in path and "\\" not in path)


# ---------------------------------------------------------------- signing in


def test_the_key_opens_and_leads_back_to_the_page(key: str) -> None:
    visitor = Visitor()
    sent = visitor.get("/maturity?e=abc&lang=nb").headers["location"]

    answer = visitor.sign_in(key, sent)

    assert (answer.status_code, answer.headers["location"]) == (303, "/maturity?e=abc&lang=nb")
    assert visitor.get("/maturity").text == f"{SECRET} key"
    assert visitor.socket()["type"] == "websocket.accept"


def test_the_key_may_be_copied_as_people_do(key: str) -> None:
    assert Visitor().sign_in(f"  {key.upper().replace('-', ' ')} ").status_code == 303


@pytest.mark.parametrize("wrong", ["", "x", "x" * 5000, "0" * 28, "\x00", "æøå", "' OR 1=1 --"])
def test_another_key_does_not_open(wrong: str, key: str) -> None:
    visitor = Visitor()

    answer = visitor.sign_in(wrong)

    assert answer.status_code == 403
    assert not answer.headers.get_list("set-cookie")
    assert 'role="alert"' in answer.text
    assert visitor.get("/").status_code == 303


def test_who_comes_in_and_who_is_refused_stands_in_the_audit_log_without_key_or_address(
    key: str, database: Path
) -> None:
    Visitor().sign_in("0" * 28)
    Visitor().sign_in(key)

    told = SqliteStore(database).audit_log(limit=9)

    assert [(e.kind, e.actor, e.subject, e.engagement_id) for e in told] == [
        ("signed_in", "key", None, None),
        ("refused", "key", None, None),
    ]
    held = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
    assert not [secret for secret in (key, "0" * 28, ELSEWHERE) if secret.encode() in held]


def test_the_door_opens_where_nothing_can_be_written(
    key: str, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database.write_bytes(b"somebody else's file, and no database at all")
    assert Visitor().sign_in(key).status_code == 303
    assert "the audit log cannot be written" in caplog.text


def test_the_session_is_for_browsers_only_and_for_this_site(key: str) -> None:
    plainly, secured = Visitor(), Visitor(base="https://sales.example")

    line = cookies_set(plainly.sign_in(key))["sf_session"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={SESSION_S}"} <= set(line.split("; "))
    assert "Secure" not in line.split("; ")
    assert "Secure" in cookies_set(secured.sign_in(key))["sf_session"].split("; ")


def test_signing_in_makes_a_new_session_and_ends_the_one_before(key: str) -> None:
    visitor = Visitor()
    visitor.sign_in(key)
    planted = dict(visitor.cookies)

    visitor.sign_in(key)

    assert visitor.cookies["sf_session"] != planted["sf_session"]
    other = Visitor()
    other.cookies.update(planted)
    assert other.get("/").status_code == 303


@pytest.mark.parametrize(
    "spoilt", [lambda c: c[:-2] + "xx", lambda c: "x" + c, lambda c: "", lambda c: c.split(".")[0]]
)
def test_a_session_somebody_has_made_or_changed_opens_nothing(spoilt: object, key: str) -> None:
    visitor = Visitor()
    visitor.cookies.set("sf_session", spoilt(access().sessions.owner()))  # type: ignore[operator]

    assert visitor.get("/").status_code == 303


def test_a_session_of_a_link_is_not_one_of_the_owner(key: str) -> None:
    visitor = Visitor()
    visitor.cookies.set("sf_session", access().sessions.link(EngagementId("e"), "facilitate", LinkId("l")))

    assert visitor.get("/").status_code == 303


def test_a_session_ends_after_twelve_hours_and_with_another_secret(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = access().sessions.owner()
    assert access().sessions.actor({"sf_session": value})
    assert not Sessions(b"another", access().key_file).actor({"sf_session": value})

    monkeypatch.setattr(access().sessions, "_clock", lambda: time.time() + SESSION_S + 2)
    assert not access().sessions.actor({"sf_session": value})


def test_a_clock_that_is_set_back_throws_nobody_out(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = access().sessions.owner()

    monkeypatch.setattr(access().sessions, "_clock", lambda: time.time() - SESSION_S / 2)

    assert access().sessions.actor({"sf_session": value})


def test_a_new_key_ends_the_sessions_of_the_one_before(key: str) -> None:
    visitor = Visitor()
    visitor.sign_in(key)

    access().key_file.renew()

    assert visitor.get("/").status_code == 303
    assert visitor.sign_in(key).status_code == 403


def test_signing_out_ends_the_session_on_the_server_too(key: str) -> None:
    visitor = Visitor()
    visitor.sign_in(key)
    stolen = dict(visitor.cookies)

    assert visitor.get("/sign-out").status_code == 200
    assert visitor.get("/").text == f"{SECRET} key"  # a link alone does nothing
    answer = visitor.post("/sign-out")

    assert answer.status_code == 200
    assert "sf_session" not in visitor.cookies
    thief = Visitor()
    thief.cookies.update(stolen)
    assert thief.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://sales.example", "sec_fetch_site": "cross-site"},
        {"origin": "http://sales.example", "sec_fetch_site": "same-site"},
        {"origin": "http://sales.example.evil.example"},
    ],
)
def test_a_form_from_another_site_does_nothing(headers: dict[str, str], key: str) -> None:
    visitor = Visitor()
    assert visitor.sign_in(key, **headers).status_code == 403
    visitor.sign_in(key)

    assert visitor.post("/sign-out", **headers).status_code == 403
    assert visitor.get("/").text == f"{SECRET} key"


def test_a_form_that_nobody_vouches_for_is_from_elsewhere() -> None:
    assert not same_origin({"host": "sales.example"})
    assert same_origin({"host": "sales.example", "sec-fetch-site": "same-origin"})


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil",
            "javascript:alert(1)",
            "evil.example",
        ),
        *("/\t/evil.example", "/a\r\nset-cookie: x=y", "", "/" + "a" * 600, " /a", "/\x00", "/é"),
    ],
)
def test_signing_in_never_leads_to_another_site(wanted: str, key: str) -> None:
    assert safe_path(wanted) == "/"
    answer = Visitor().ask(
        "POST", "/sign-in", {"origin": "http://sales.example"}, params={"next": wanted}, data={"key": key}
    )

    assert answer.headers["location"] == "/"


# ---------------------------------------------------------------- trying keys


def test_keys_are_tried_five_times_a_minute(key: str) -> None:
    visitor = Visitor()
    answers = [visitor.sign_in(f"wrong {n}").status_code for n in range(7)]

    assert answers == [403] * 5 + [429] * 2
    held = visitor.sign_in(key)
    assert held.status_code == 429  # the right one too, or the limit would tell
    assert 0 < int(held.headers["retry-after"]) <= 60
    assert Visitor("203.0.113.8").sign_in(key).status_code == 303


def test_one_subscriber_with_many_addresses_is_one() -> None:
    access().key_file.renew()

    answers = [Visitor(f"2001:db8:1:2::{n}").sign_in("x").status_code for n in range(6)]

    assert answers == [403] * 5 + [429]


def test_the_limit_counts_each_and_everybody_and_forgets_after_a_minute() -> None:
    now = [0.0]
    limit = Limit(each=2, everybody=3, clock=lambda: now[0])

    assert [limit.wait("a"), limit.wait("a"), limit.wait("a"), limit.wait("b")] == [0, 0, 60, 0]
    assert limit.wait("c") == 60
    now[0] = 59
    assert (limit.wait("a"), limit.wait("c")) == (1, 1)
    now[0] = 60
    assert limit.wait("a") == 0


def test_to_ask_how_long_counts_as_no_try() -> None:
    limit = Limit(each=1, everybody=3, clock=lambda: 0.0)

    assert [limit.left("a"), limit.left("a"), limit.wait("a"), limit.left("a"), limit.left("b")] == [0, 0, 0, 60, 0]


# ---------------------------------------------------------------- the key


def test_the_command_shows_the_key_once_and_keeps_its_hash_alone(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["access-key"]) == 0

    shown = json.loads(capsys.readouterr().out)
    file = Path(shown["hash_file"])
    assert file == database.parent / "access.key.hash"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("$argon2id$")
    assert access().opens(shown["key"])
    kept = b"".join(f.read_bytes() for f in database.parent.iterdir() if f.is_file())
    assert shown["key"].encode() not in kept
    assert plain(shown["key"]).encode() not in kept


def test_a_key_cannot_be_guessed() -> None:
    keys = {new_key() for _ in range(200)}

    assert len(keys) == 200
    assert all(len(set("".join(keys))) >= 30 and len(plain(k)) == 28 for k in keys)  # 28 of 30 letters: 137 bits


@given(st.text(max_size=300), st.text(max_size=10))
def test_only_the_secret_itself_is_verified(hashed: str, tried: str) -> None:
    assert not verify_secret(hashed, tried)


def test_equal_secrets_have_different_hashes() -> None:
    first, second = hash_secret("1234"), hash_secret("1234")

    assert first != second
    assert verify_secret(first, "1234")
    assert not verify_secret(first, "1235")


# ---------------------------------------------------------------- links


def test_a_link_session_stands_beside_the_owners_and_gives_way_to_it(key: str) -> None:
    visitor = Visitor()
    line = link_session_cookie(EngagementId("e1"), "results", LinkId("l1"), secure=True)
    assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"} <= set(line.split("; "))
    visitor.cookies.set("sf_link", line.partition(";")[0].partition("=")[2])

    assert visitor.get("/").text == f"{SECRET} link"
    actor = access().sessions.actor(dict(visitor.cookies))
    assert actor is not None
    assert (actor.engagement, actor.scope, actor.link) == ("e1", "results", "l1")

    owner = access().sessions.owner()
    both = access().sessions.actor({**visitor.cookies, "sf_session": owner})
    assert both is not None
    assert both.kind == "key"


# ---------------------------------------------------------------- the pages and the log


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_doors_pages_are_small_and_need_nothing_else(lang: str, key: str) -> None:
    visitor = Visitor()
    asked = [visitor.get(f"/sign-in?lang={lang}&next=/maturity"), visitor.sign_in("x", f"/sign-in?lang={lang}")]
    asked += [visitor.get(f"/sign-out?lang={lang}"), visitor.post(f"/sign-out?lang={lang}")]
    asked += [visitor.sign_in("x", f"/sign-in?lang={lang}") for _ in range(5)][-1:]
    Path(access().key_file.path).unlink()
    asked.append(visitor.get(f"/?lang={lang}"))

    assert [a.status_code for a in asked] == [200, 403, 200, 200, 429, 403]
    for answer in asked:
        assert len(answer.content) <= 6 * 1024
        assert f'<html lang="{lang}">' in answer.text
        assert not re.search(r"<script|<link|<img|@import|url\(|https?://", answer.text)
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [("nb-NO,nb;q=0.9,en;q=0.8", "nb"), ("sv", "nb"), ("en-US,en", "en"), ("de", "en"), ("", "nb")],
)
def test_the_browser_says_the_language(accepted: str, lang: str, key: str) -> None:
    assert f'<html lang="{lang}">' in Visitor().get("/sign-in", accept_language=accepted).text


def test_no_page_repeats_markup_from_the_address(key: str) -> None:
    answer = Visitor().ask("GET", "/sign-in", params={"next": '/"><script>', "lang": "<script>"})

    assert "<script" not in answer.text


def test_an_error_is_a_number_for_the_reader_and_a_place_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = Visitor().get("/s/aB3-secret_token/breaks")

    assert answer.status_code == 500
    reference = re.search(r"[0-9A-F]{4}", answer.text.partition("<main>")[2])
    assert reference
    record = next(r.getMessage() for r in caplog.records if r.name == "salgsflyt")
    assert reference[0] in record
    assert "GET /s/…/breaks: ValueError" in record
    logged = " ".join(
        r.getMessage() + str(r.exc_text) for r in caplog.records if r.name != "httpx"
    )  # the visitor's own
    assert "aB3-secret_token" not in logged
    assert "answered 5" not in logged


def test_an_address_writes_no_line_of_its_own_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert Visitor().get("/s/aB3-secret_token/forged%0Dreference%200000/breaks").status_code == 500

    record = next(r.getMessage() for r in caplog.records if r.name == "salgsflyt")
    assert "/forged%0Dreference%200000/breaks" in record
    assert "\r" not in record


def test_the_servers_own_log_names_no_token() -> None:
    record = logging.LogRecord("uvicorn.access", 20, "", 1, '%s - "%s"', ("1.2.3.4", "GET /s/tok-en_9/2?x=1"), None)
    for kept in logging.getLogger("uvicorn.access").filters:
        assert kept(record) if callable(kept) else kept.filter(record)

    assert record.getMessage() == '1.2.3.4 - "GET /s/…/2?x=1"'
    assert route_of("/r/abc /f/def/1 /maturity") == "/r/… /f/…/1 /maturity"
