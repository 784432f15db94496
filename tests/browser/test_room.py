"""A phone in the workshop room: it follows the room by itself, keeps taps through a lost network, and comes back."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assessment.engagement import EngagementId
from assessment.links import server_secret
from assessment.service import Service
from assessment.store import SqliteStore
from assessment.texts import texts
from assessment.workshop.phones import Phones
from assessment.workshop.records import Question
from tests.serving import Server
from tests.store.situations import someone_answering

pytestmark = pytest.mark.browser

nb = texts("nb")
ACTIONS = [Question(id="a", nb="Sjekkliste", en="Checklist"), Question(id="b", nb="Ring kunden", en="Call")]


class Facilitator:
    """Who runs the room, at another process than the one the phones reach."""

    def __init__(self, server: Server) -> None:
        secret, store = server_secret(server.database), SqliteStore(server.database)
        self.service = Service(store, secret=lambda: secret)
        self.engagement: EngagementId = someone_answering(store)[0]
        self.service.open_room(self.engagement)
        self._phones = Phones(store, secret)

    @property
    def code(self) -> str:
        """What is on the screen."""
        view = self.service.room(self.engagement)
        assert view is not None
        assert view.code is not None
        return view.code

    def others_vote(self, people: int, given: dict[str, str]) -> None:
        """So many others vote."""
        room = self._phones.find(self.code)
        assert room is not None
        for _ in range(people):
            self._phones.vote(room, self._phones.new_key(self.code), room.step_id, 1, given)


@pytest.fixture
def facilitator(server: Server) -> Facilitator:
    return Facilitator(server)


@pytest.fixture
def new_phone(browser: Browser, server: Server) -> Iterator[Callable[[], Page]]:
    """Hand somebody a phone; none may meet a script error or wide content."""
    complaints: list[str] = []
    contexts = []

    def unlock() -> Page:
        viewport = {"width": 390, "height": 844}
        contexts.append(browser.new_context(viewport=viewport, has_touch=True, base_url=server.address))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
        return page

    yield unlock
    for context in contexts:
        context.close()
    assert not complaints


def accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_phone_follows_the_room(facilitator: Facilitator, new_phone: Callable[[], Page]) -> None:
    service, engagement, phone = facilitator.service, facilitator.engagement, new_phone()
    phone.goto("/w")
    accessible(phone)
    phone.get_by_label(nb("phone.join.code")).fill(facilitator.code.lower())
    phone.get_by_role("button", name=nb("phone.join.go")).click()
    expect(phone.get_by_text(nb("phone.wait.lead"))).to_be_visible()

    service.next_step(engagement)
    service.open_ballot(engagement, "pulse")
    expect(phone.locator("fieldset")).to_have_count(9)
    expect(phone.locator("h1")).to_be_focused()
    accessible(phone)
    phone.locator('input[name="PU1"][value="4"]').check()
    expect(phone.locator("#state")).to_contain_text(nb("respond.state.saved"))
    phone.get_by_role("button", name=nb("phone.send")).click()
    expect(phone.locator(".note")).to_contain_text("1 har svart")
    facilitator.others_vote(9, {"PU1": "2"})
    expect(phone.locator("#voted")).to_have_text("10")

    service.reveal(engagement)
    expect(phone.locator(".own li")).to_have_count(9)
    expect(phone.locator(".own")).to_contain_text(nb("phone.room", words=f"2,2 {nb('level.2')}"))
    accessible(phone)
    service.close_room(engagement)
    expect(phone.locator("h1")).to_have_text(nb("phone.over.title"))


def test_dots_wait_for_the_network_and_the_keyboard_keeps_its_place(
    facilitator: Facilitator, new_phone: Callable[[], Page]
) -> None:
    phone = new_phone()
    facilitator.service.open_ballot(facilitator.engagement, "dots", ACTIONS)
    phone.goto(f"/w?c={facilitator.code}&lang=nb")
    more = phone.get_by_role("button", name=nb("phone.dots.more", name="Sjekkliste"))
    less = phone.get_by_role("button", name=nb("phone.dots.less", name="Sjekkliste"))
    accessible(phone)
    for left in (2, 1):
        more.click()
        expect(phone.locator("form b")).to_have_text(nb.plural("phone.dots.left", left))
    more.press("Enter")
    expect(less).to_be_focused()  # the other one can be pressed no more

    phone.context.set_offline(True)
    less.press("Enter")
    expect(phone.locator("#state")).to_contain_text(nb("respond.state.keep_open"))
    phone.context.set_offline(False)
    expect(phone.locator("form b")).to_have_text(nb.plural("phone.dots.left", 1))


def test_a_server_that_comes_back_finds_the_phones_where_the_room_is(
    facilitator: Facilitator, new_phone: Callable[[], Page], server: Server
) -> None:
    phone = new_phone()
    phone.goto(f"/w/{facilitator.code}")
    expect(phone.locator("h1")).to_have_text(nb("phone.step.frame"))
    server.stop()
    facilitator.service.next_step(facilitator.engagement)
    server.start()
    expect(phone.locator("h1")).to_have_text(nb("phone.step.pulse"))


def test_a_phone_without_a_script_comes_anew_by_itself(
    facilitator: Facilitator, browser: Browser, server: Server
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=server.address)
    phone = context.new_page()
    phone.goto(f"/w/{facilitator.code}")
    expect(phone.locator("h1")).to_have_text(nb("phone.step.frame"))
    facilitator.service.open_ballot(facilitator.engagement, "dots", ACTIONS)

    more = phone.get_by_role("button", name=nb("phone.dots.more", name="Sjekkliste"))
    more.click()
    expect(phone.locator("form b")).to_have_text(nb.plural("phone.dots.left", 2))
    context.close()
