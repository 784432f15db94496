"""The whole script of method §8.1: a facilitator, a screen, twelve phones, and the server killed in the middle."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from assessment.engagement import EngagementId
from assessment.links import server_secret
from assessment.packs import LANGUAGES, Language
from assessment.service import Service
from assessment.store import SqliteStore
from assessment.texts import texts
from assessment.workshop.records import STANDARD_STEPS
from assessment.workshop.rooms import RoomView
from tests.browser.conftest import NewReader
from tests.browser.reader import Reader
from tests.serving import Server

pytestmark = pytest.mark.browser

PHONES = 12


class Room:
    """Everybody in the room, and what is on disk of it."""

    def __init__(self, server: Server, facilitator: Reader, screen: Reader, phones: list[Page]) -> None:
        self.server, self.facilitator, self.screen, self.phones = server, facilitator, screen, phones
        secret = server_secret(server.database)
        self.service = Service(SqliteStore(server.database), secret=lambda: secret)
        self.engagement: EngagementId = self.service.open_demo()
        self.texts = facilitator.texts

    @property
    def view(self) -> RoomView:
        """The room as it is on disk."""
        view = self.service.room(self.engagement)
        assert view is not None
        return view

    def open(self) -> None:
        """The facilitator opens the room and the screen, and everybody joins by its code, half of them in English."""
        self.facilitator.open("workshop", self.engagement)
        self.facilitator.press(self.texts("workshop.open"))
        expect(self.button("workshop.next")).to_be_visible()
        self.screen.open("screen", self.engagement)
        for number, phone in enumerate(self.phones):
            phone.goto(f"/w/{self.view.code}?lang={'en' if number % 2 else 'nb'}")
        self.counted(self.texts.plural("workshop.joined", PHONES))

    def button(self, key: str) -> Locator:
        """One of the facilitator's buttons."""
        return self.facilitator.main.get_by_role("button", name=self.texts(key), exact=True)

    def begins(self, kind: str) -> None:
        """The facilitator opens a ballot, or the same once more."""
        self.button(f"workshop.{kind}").click()
        expect(self.button("workshop.reveal")).to_be_visible()

    def goes_to(self, kind: str) -> None:
        """On to the next step, on the facilitator's page and on the screen."""
        self.button("workshop.next").click()
        title = self.texts(f"phone.step.{kind}")
        expect(self.facilitator.main.get_by_role("heading", name=title, exact=True, level=2)).to_be_visible()
        expect(self.screen.main.locator("h1")).to_have_text(title)

    def votes(self, choose: Callable[[int, Page], None]) -> None:
        """Every phone answers what it is asked and sends it."""
        for number, phone in enumerate(self.phones):
            expect(phone.locator("form#vote")).to_be_visible()
            choose(number, phone)
            phone.locator("form#vote button.go").click()
            expect(phone.locator(".note").first).to_be_visible()

    def counted(self, words: str) -> None:
        """The facilitator and the screen say how many, and nothing else of it."""
        expect(self.facilitator.main.get_by_text(words).first).to_be_visible()
        expect(self.screen.main.get_by_text(words).first).to_be_visible()

    def all_voted(self) -> str:
        joined = self.texts.number(self.view.joined, 0)
        return self.texts("workshop.voted", n=self.texts.number(PHONES, 0), of=joined)

    def reveals(self) -> None:
        """What was voted is shown on every phone."""
        self.button("workshop.reveal").click()
        expect(self.button("workshop.revote")).to_be_visible()
        for phone in self.phones:
            expect(phone.locator(".own li").first).to_be_visible()


@pytest.fixture
def phones(browser: Browser, server: Server) -> Iterator[list[Page]]:
    """Twelve phones, none of which may meet a script error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    for _ in range(PHONES):
        contexts.append(
            browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, base_url=server.address)
        )
        contexts[-1].new_page().on("pageerror", lambda error: complaints.append(str(error)))
    yield [context.pages[0] for context in contexts]
    for context in contexts:
        context.close()
    assert complaints == []


def each(pattern: Callable[[int, int], int]) -> Callable[[int, Page], None]:
    """Choose in each question: the card that `pattern` gives for the phone and the question."""

    def choose(number: int, phone: Page) -> None:
        questions = phone.locator("fieldset")
        for place in range(questions.count()):
            cards = questions.nth(place).locator("input[type=radio]")
            cards.nth(min(pattern(number, place), cards.count() - 1)).check()

    return choose


def test_a_room_goes_through_the_whole_script(new_reader: NewReader, server: Server, phones: list[Page]) -> None:
    language: Language = "nb"
    facilitator = new_reader(language=language)
    screen = new_reader(width=1920, language=language)
    room, t = Room(server, facilitator, screen, phones), texts(language)
    room.open()
    room.button("workshop.mandate.confirm").click()
    expect(room.button("workshop.mandate.confirm")).to_have_count(0)
    assert room.view.step.outcome == t("workshop.mandate.confirmed")

    # the pulse: nothing but a count until it is shown, also over a power cut
    room.goes_to("pulse")
    room.begins("begin.pulse")
    room.votes(each(lambda phone, question: (phone + question) % 5))
    room.counted(room.all_voted())
    assert screen.main.locator(".sf-lines, .sf-dots").count() == 0
    facilitator.lose_the_server()
    with facilitator.page.expect_event("load"), screen.page.expect_event("load"):
        server.start()
    facilitator.drawn()
    screen.drawn()
    room.counted(room.all_voted())
    room.reveals()
    expect(screen.main.get_by_text(t("workshop.guessed_level", guess="", found="").split()[0]).first).to_be_visible()
    latecomer = phones[0]
    latecomer.context.clear_cookies()
    latecomer.goto(f"/w/{room.view.code}")
    expect(latecomer.locator(".own li").first).to_be_visible()

    # what stands out, and the same question voted on twice
    room.goes_to("result")
    room.begins("begin.items")
    room.votes(each(lambda phone, question: phone % 2))
    room.reveals()
    room.begins("revote")
    room.votes(each(lambda phone, question: 2))
    room.reveals()
    assert [ballot.round for ballot in room.view.rounds] == [1, 2]

    # blind classes: the room's become the client's
    room.goes_to("classify")
    room.begins("begin.classes")
    room.votes(each(lambda phone, question: question % 3))
    room.reveals()

    # a figure typed while a case is told is on the screen
    room.goes_to("walk")
    before = room.service.stream(room.engagement).flow.flow_efficiency
    wait = facilitator.main.get_by_label(t("stream.field.wait_h")).first
    wait.fill("400")
    wait.press("Enter")
    expect(facilitator.main.locator(".sf-saved").get_by_text(t("common.saved")).first).to_be_visible()
    after = room.service.stream(room.engagement).flow.flow_efficiency
    assert before is not None
    assert after is not None
    assert after < before
    expect(screen.main.get_by_text(t.percent(after, 1)).first).to_be_visible()

    room.goes_to("diagnosis")
    room.goes_to("strategy")
    room.goes_to("quick_wins")
    room.begins("begin.dots")
    for phone in phones:
        more = phone.locator("button[name=more]").first
        for given in (1, 2, 3):
            more.click()
            expect(phone.locator(".given").first).to_contain_text("●" * given)
    room.counted(room.all_voted())
    room.reveals()
    room.goes_to("brief")
    assert [step.kind for step in room.view.steps] == list(STANDARD_STEPS)

    room.button("workshop.close").click()
    expect(facilitator.main.get_by_text(t("workshop.close_sure"))).to_be_visible()
    room.button("workshop.close").click()
    over = re.compile("|".join(texts(each_one)("phone.over.title") for each_one in LANGUAGES))
    for phone in phones:
        expect(phone.locator("h1")).to_have_text(over)
    assert room.service.room(room.engagement) is None
