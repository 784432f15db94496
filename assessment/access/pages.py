"""The door's own pages: no script, no file beside them, both languages."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import parse_qs, urlencode

from starlette.responses import HTMLResponse

from assessment.packs import LANGUAGES, Language
from assessment.texts import SCANDINAVIAN, Texts, texts

# design.md: the phone's own font, ink on white, petrol for what can be done, targets of 44 px and more
_STYLE: Final = (
    ":root{color-scheme:light dark;--bg:#fff;--ink:#14222b;--muted:#4c5b65;--edge:#7a8790;--accent:#0b5566;--on:#fff;"
    "--stop:#8c1128;--stopbg:#fcecee}"
    "@media(prefers-color-scheme:dark){:root{--bg:#10191e;--ink:#e9f0f2;--muted:#aebcc3;--edge:#7f919b;"
    "--accent:#7cc7d4;--on:#0c1a1f;--stop:#f4717c;--stopbg:#3a1d22}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}"
    "main,header{max-width:34rem;margin:auto;padding:1rem}header{display:flex;justify-content:space-between;"
    "align-items:center;font-weight:700}h1{font-size:1.75rem;line-height:1.25;margin:1rem 0 .5rem}"
    "a{color:var(--accent);display:inline-flex;align-items:center;min-height:44px;font-weight:400}"
    "label{display:block;font-weight:600;margin:1rem 0 .25rem}"
    "input{width:100%;min-height:48px;padding:0 .75rem;font:inherit;color:inherit;background:var(--bg);"
    "border:1px solid var(--edge);border-radius:.375rem}"
    "button{min-height:48px;margin:1rem 0;padding:0 1.5rem;font:inherit;font-weight:600;color:var(--on);"
    "background:var(--accent);border:0;border-radius:.375rem}"
    ":focus-visible{outline:3px solid var(--accent);outline-offset:2px}"
    "code{display:block;overflow-wrap:anywhere;padding:.75rem;border:1px solid var(--edge);border-radius:.375rem}"
    ".note{color:var(--muted);font-size:.9375rem}"
    ".stop{color:var(--stop);background:var(--stopbg);padding:.75rem;border-radius:.375rem;margin:1rem 0 0}"
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS: Final[Mapping[str, str]] = {
    "cache-control": "no-store",
    # same-origin, not no-referrer: with that a browser would not say which page posts a form
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
COMMAND: Final = "python -m assessment access-key"
_NAMES: Final[Mapping[Language, str]] = {"nb": "Norsk", "en": "English"}


class Page:
    """What a request asks for of a page: its language, and where to go afterwards."""

    def __init__(self, headers: Mapping[str, str], query: bytes) -> None:
        asked = {name: values[-1] for name, values in parse_qs(query.decode("latin-1")).items()}
        self.next = asked.get("next")
        self.language = language(headers.get("accept-language", ""), asked.get("lang"))

    @property
    def texts(self) -> Texts:
        """The words in the reader's language."""
        return texts(self.language)

    def answer(self, path: str, title: str, body: str, status: int = 200, **headers: str) -> HTMLResponse:
        """The whole page. path: its own address, for the other language. body: markup; title: words."""
        other: Language = "en" if self.language == "nb" else "nb"
        query = {"lang": other} | ({"next": self.next} if self.next else {})
        switch = f'<a href="{path}?{escape(urlencode(query))}" lang="{other}" hreflang="{other}">{_NAMES[other]}</a>'
        product = escape(self.texts("common.product"))
        return HTMLResponse(
            f'<!doctype html><html lang="{self.language}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
            f"<title>{escape(title)} · {product}</title><style>{_STYLE}</style>"
            f"<header><span>{product}</span>{switch}</header>"
            f"<main><h1>{escape(title)}</h1>{body}</main></html>",
            status,
            headers={**HEADERS, **headers},
        )

    def address(self, path: str) -> str:
        """A path of the door's with language and destination kept, ready for an attribute."""
        query = {"lang": self.language} | ({"next": self.next} if self.next else {})
        return escape(f"{path}?{urlencode(query)}")


def language(accepted: str, asked: str | None = None) -> Language:
    """The language asked for, else the browser's first that is ours: Scandinavians read Norwegian, others English."""
    if asked in LANGUAGES:
        return "nb" if asked == "nb" else "en"
    for wanted in accepted.lower().split(","):
        code = wanted.strip()[:2]
        if code == "en" or code in SCANDINAVIAN:
            return "en" if code == "en" else "nb"
    return "en" if accepted else "nb"


def sign_in(page: Page, problem: str | None = None, status: int = 200, **headers: str) -> HTMLResponse:
    """The page that asks for the access key. problem: what was wrong with the last try, in words."""
    say = page.texts
    alert = f'<p class="stop" role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    wrong = ' aria-invalid="true" aria-describedby="problem note"' if problem else ' aria-describedby="note"'
    body = (
        f'<p>{escape(say("access.why"))}</p>{alert}<form method="post" action="{page.address("/sign-in")}">'
        f'<label for="key">{escape(say("access.key"))}</label>'
        f'<input id="key" name="key" type="password" autocomplete="current-password" autocapitalize="none" '
        f'spellcheck="false" required maxlength="200" autofocus{wrong}>'
        f'<p class="note" id="note">{escape(say("access.key_note"))}</p>'
        f"<button>{escape(say('access.sign_in'))}</button></form>"
    )
    return page.answer("/sign-in", say("access.sign_in"), body, status, **headers)


def wrong_key(page: Page) -> HTMLResponse:
    """The page after a key that is not the access key."""
    return sign_in(page, page.texts("access.wrong"), 403)


def too_often(page: Page, seconds: int) -> HTMLResponse:
    """The page after too many tries."""
    return sign_in(page, page.texts.plural("access.wait", seconds), 429, **{"retry-after": str(seconds)})


def from_elsewhere(page: Page) -> HTMLResponse:
    """The page after a form that no page of ours has sent."""
    return sign_in(page, page.texts("access.elsewhere"), 403)


def sign_out(page: Page) -> HTMLResponse:
    """The page that asks whether to sign out: a link alone must not do it, or any site could."""
    say = page.texts
    body = (
        f'<p>{escape(say("access.sign_out_what"))}</p><form method="post" action="{page.address("/sign-out")}">'
        f"<button>{escape(say('access.sign_out'))}</button></form>"
        f'<p><a href="/">{escape(say("access.stay"))}</a></p>'
    )
    return page.answer("/sign-out", say("access.sign_out"), body)


def signed_out(page: Page) -> HTMLResponse:
    """The page after signing out."""
    say = page.texts
    body = f'<p role="status">{escape(say("access.signed_out_what"))}</p>'
    body += f'<p><a href="{page.address("/sign-in")}">{escape(say("access.again"))}</a></p>'
    return page.answer("/sign-out", say("access.signed_out"), body)


def not_configured(headers: Mapping[str, str], query: bytes) -> HTMLResponse:
    """The page that everybody elsewhere gets until there is a way to sign in: what to do, and no way round it."""
    page = Page(headers, query)
    say = page.texts
    body = f"<p>{escape(say('access.closed_why'))}</p><p>{escape(say('access.closed_how'))}</p><code>{COMMAND}</code>"
    body += f'<p class="note">{escape(say("access.closed_note"))}</p>'
    return page.answer("/", say("access.closed"), body, 403)


def wrong_host(headers: Mapping[str, str], query: bytes) -> HTMLResponse:
    """The page for a name this installation does not answer to: nothing is made from a name somebody else has sent."""
    return _plain(Page(headers, query), "access.wrong_host", "access.wrong_host_what", 400)


def refused_from_elsewhere(headers: Mapping[str, str], query: bytes) -> HTMLResponse:
    """The page for what another site has made a browser send."""
    return _plain(Page(headers, query), "access.other_site", "access.other_site_what", 403)


def too_large(headers: Mapping[str, str], query: bytes) -> HTMLResponse:
    """The page for a request larger than any of ours."""
    return _plain(Page(headers, query), "access.too_large", "access.too_large_what", 413)


def _plain(page: Page, title: str, what: str, status: int) -> HTMLResponse:
    """A page of words only: what is so, and what to do."""
    return page.answer("/", page.texts(title), f"<p>{escape(page.texts(what))}</p>", status)


def failed(headers: Mapping[str, str], query: bytes, reference: str) -> HTMLResponse:
    """The page for an error of ours, with the number the log explains it under."""
    page = Page(headers, query)
    return page.answer(
        "/",
        page.texts("error.title"),
        f'<p role="alert">{escape(page.texts("error.unexpected", reference=reference))}</p>',
        500,
    )
