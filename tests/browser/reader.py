"""Somebody in front of a browser: what they open, click and read, and what no page may do to them."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Locator, Page, expect

from assessment.engagement import EngagementId
from assessment.packs import Item, Language, Pack, builtin
from assessment.texts import keys, texts
from tests.serving import Server

# every page by its address, and whether it is about an open assessment
PAGES = {
    "": False,
    "begin": False,
    "participants": True,
    "keying": True,
    "answer": True,
    "mandate": True,
    "targets": True,
    "import_answers": False,
    "kpis": True,
    "processes": True,
    "stream": True,
    "import_events": True,
    "handoffs": True,
    "waste": True,
    "maturity": True,
    "items": True,
    "perceptions": True,
    "strategy": True,
    "sponsor_note": True,
    "goals": True,
    "plan": True,
    "actions": True,
    "change": True,
    "workshop": True,
    "report": True,
    "method": False,
}
IDLE = '[data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
# ids of criteria, items, strategies, diagnoses, rules and preconditions: readers meet their names
CODES = re.compile(r"\b(?:C[1-7](?:\.\d|[iems])?|S[0-6]|D(?:0[1-9]|1[0-2])|P[1-7]|Q\d\d|T[0-3]|[a-z]+_[a-z_]+)\b")
KEYS = re.compile(r"\b[a-z_]+(?:\.[\w<>=]+)+")
ENGLISH = re.compile(
    r"\b(?:Saved|Next|Target|Answer|Download|Choose|Clear|Loading|Running|Press|Show|Select|Search|results?|options?)\b"
)


class Reader:
    """One browser tab on the product."""

    def __init__(self, page: Page, server: Server, language: Language) -> None:
        self.page, self.server, self.language, self.texts = page, server, language, texts(language)

    # ------------------------------------------------------------------ going about

    def open(self, page: str = "", engagement: str | None = None, **query: str) -> None:
        """Go to the address of a page and wait until it is drawn."""
        given = {"e": engagement, "lang": self.language, **query}
        asked = urlencode({key: value for key, value in given.items() if value is not None})
        self.page.goto(f"{self.server.address}/{page}?{asked}")
        self.drawn()

    def drawn(self) -> None:
        """Wait until the server has finished the page and the shell's script, the last thing in it, has run."""
        self.page.locator(".stMain h1").first.wait_for()
        self.page.wait_for_function("() => window.salgsflytStep !== undefined")
        self.page.locator(f".stApp{IDLE}").wait_for()

    def on(self, heading: str) -> None:
        """Wait for the page with this name and make sure that it keeps the house's rules for every page."""
        expect(self.page.locator(".stMain h1")).to_have_text(heading)
        self.drawn()
        self.assert_a_proper_page()

    def press(self, label: str, *, exact: bool = True) -> None:
        """Click the page's button with this label."""
        self.main.get_by_role("button", name=label, exact=exact).click()

    @property
    def main(self) -> Locator:
        """The page itself, without menu and frame."""
        return self.page.locator(".stMain")

    @property
    def query(self) -> str:
        """What the address asks for, after the host."""
        return self.page.url.removeprefix(self.server.address)

    @property
    def engagement(self) -> EngagementId:
        """The assessment of the address."""
        return EngagementId(parse_qs(urlsplit(self.page.url).query)["e"][0])

    def lose_the_server(self) -> None:
        """End the server as a power cut would, and wait until the page has noticed."""
        self.server.kill()
        self.page.locator('.stApp:not([data-test-connection-state="CONNECTED"])').wait_for()

    def get_the_server_back(self) -> None:
        """Start it again on the same port and wait until the page has begun anew from what is on disk."""
        with self.page.expect_event("load"):
            self.server.start()
        self.drawn()

    # ------------------------------------------------------------------ answering

    def question(self, item: Item, pack: Pack | None = None) -> Locator:
        """The group of choices of a question."""
        words = (pack or builtin("full")).prose[self.language].items[item.id]
        return self.page.get_by_role("radiogroup", name=words.stem)

    def card(self, item: Item, value: int | str, pack: Pack | None = None) -> Locator:
        """One choice of a question, as it stands on the page."""
        pack = pack or builtin("full")
        return self.question(item, pack).get_by_test_id("stRadioOption").nth(pack.values().index(value))

    def label(self, item: Item, value: int | str, pack: Pack | None = None) -> str:
        """The words a choice is offered in."""
        pack = pack or builtin("full")
        if isinstance(value, str):
            return self.texts(f"answer.{value}")
        anchors = dict(zip(pack.anchored, pack.prose[self.language].items[item.id].anchors, strict=True))
        return anchors.get(value) or self.texts(f"answer.between.{value}")

    def choose(self, item: Item, value: int | str, pack: Pack | None = None) -> None:
        """Click a choice and wait until the page says that it is saved."""
        card = self.card(item, value, pack)
        expect(card).to_have_text(self.label(item, value, pack))
        card.click()
        expect(self.saved(item, pack)).to_have_text(f"✓ {self.texts('common.saved')}")

    def saved(self, item: Item, pack: Pack | None = None) -> Locator:
        """The line below a question that says whether its answer is on disk."""
        after = "xpath=following::p[contains(concat(' ', @class, ' '), ' sf-saved ')][1]"
        return self.question(item, pack).locator(after)

    def assert_chosen(self, item: Item, value: int | str, pack: Pack | None = None) -> None:
        """The question shows this answer, and no other."""
        chosen = self.question(item, pack).locator('[data-testid="stRadioOption"][data-selected="true"]')
        expect(chosen).to_have_text([self.label(item, value, pack)])

    # ------------------------------------------------------------------ what holds on every page

    def assert_a_proper_page(self) -> None:
        """No sideways scroll, the right language, one heading of the first rank, and neither ids nor text keys."""
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        assert self.page.locator(".stMain h1").count() == 1
        assert self.sideways_scroll() <= 0, f"{self.query} is wider than the window"
        said = self.words()
        assert CODES.findall(said) == [], f"{self.query} shows ids"
        assert _known(KEYS.findall(said)) == [], f"{self.query} shows text keys"
        if self.language == "nb" and "/method" not in self.query:  # the titles of its sources are English
            assert ENGLISH.findall(said) == [], f"{self.query} is partly English"

    def words(self) -> str:
        """Every visible word of the page and the menu, charts included."""
        shown = [area.inner_text() for area in self.page.locator(".stMain, .stSidebar").all()]
        drawn = self.page.locator(".stMain svg text").all_text_contents()
        # an icon is a word of its font, such as "keyboard_arrow_right", and nobody sees the word
        icons = set(self.page.locator('[data-testid="stIconMaterial"]').all_text_contents())
        # what is said in the other language too, and says so
        other = self.page.locator(f'.stMain [lang]:not([lang="{self.language}"])').all_inner_texts()
        left_out = icons | {line for part in other for line in part.split("\n")}
        return "\n".join(line for part in (*shown, *drawn) for line in part.split("\n") if line not in left_out)

    def sideways_scroll(self) -> int:
        """How many pixels the document or the page in it can be scrolled sideways."""
        return int(
            self.page.evaluate(
                "() => Math.max(...[document.scrollingElement, document.querySelector('.stMain')]"
                ".map((e) => e.scrollWidth - e.clientWidth))"
            )
        )


def rising(pack: Pack) -> Iterator[tuple[Item, int]]:
    """Every item with an answer that rises through the questionnaire from the first rung to the last."""
    for number, item in enumerate(pack.items):
        yield item, 1 + number * 5 // len(pack.items)


def _known(candidates: list[str]) -> list[str]:
    areas = {key.split(".")[0] for key in keys("nb")}
    return [c for c in candidates if c.split(".")[0] in areas]
