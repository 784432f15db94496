"""Whatever is sent to the respondents' addresses: no server error, none of it back as markup, and nobody gets in."""

import tempfile
from pathlib import Path
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.respond.conftest import Phone, surface_of
from tests.respond.invited import Survey

MARK = "<zq onload=1>"
_folder = tempfile.TemporaryDirectory()
_survey = Survey(Path(_folder.name) / "fuzz.db")
_surface = surface_of(_survey)
_token = _survey.link()

odd = st.one_of(
    st.text(max_size=40),
    st.sampled_from([MARK, f'"{MARK}', "..", "%00", "\x00", "1", "99", "save", "thanks", "erase", "erased", "/", ""]),
)
paths = st.lists(odd, max_size=4).map(lambda parts: "/".join(quote(p, safe="") for p in parts))
latin = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
bodies = st.one_of(
    st.binary(max_size=300),
    st.dictionaries(odd, odd, max_size=6).map(
        lambda d: "&".join(f"{quote(k)}={quote(v)}" for k, v in d.items()).encode()
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | odd,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["item", "value", "page"]), inner),
        max_leaves=8,
    ).map(lambda value: repr(value).replace("'", '"').encode("utf-8", "replace")),
)
kinds = st.one_of(
    st.sampled_from(["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", ""]),
    latin,
)
methods = st.sampled_from(["GET", "POST", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])


@settings(max_examples=300, deadline=None)
@given(
    begun=st.booleans(),
    ours=st.booleans(),
    method=methods,
    path=paths,
    query=paths,
    body=bodies,
    kind=kinds,
    cookie=latin,
)
def test_no_request_breaks_the_server_or_is_echoed(
    begun: bool, ours: bool, method: str, path: str, query: str, body: bytes, kind: str, cookie: str
) -> None:
    phone = Phone(_surface)
    if begun:
        phone.get(f"/s/{_token}")
        phone.post(f"/s/{_token}", data={"role": "S"})
    headers = {"content-type": kind.encode("latin-1"), "x-odd": cookie.encode("latin-1")}
    if not begun:
        headers["cookie"] = cookie.encode("latin-1")
    prefix = f"/s/{_token}/" if ours else "/s/"
    reply = phone.send(method, f"{prefix}{path}?{query}&lang={query}", content=body, headers=headers)

    assert reply.status_code < 500
    assert "<zq" not in reply.text
    assert "<zq" not in str(reply.headers)
    for response in _survey.store.responses(_survey.wave):
        assert {str(a.value) for a in response.answers.values()} <= {"1", "2", "3", "4", "5", "DK", "NA"}


@settings(max_examples=100, deadline=None)
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=24, max_size=24))
def test_no_guessed_token_opens_anything(guess: str) -> None:
    assert Phone(_surface).get(f"/s/{guess}").status_code == 404
