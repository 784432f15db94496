"""The content policy in a real browser: every page of the menu, its charts, the room and the door, and no violation."""

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from assessment.service import Service
from tests.serving import Server

pytestmark = pytest.mark.browser

# charts, tables, uploads, downloads, the room's screen: what Streamlit loads differently
ADDRESSES = ("start", "maturity", "kpis", "stream", "payback", "import_answers", "workshop", "screen", "report")


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Page:
    context = browser.new_context(locale="nb-NO", reduced_motion="reduce")
    context.set_default_timeout(30_000)
    return context.new_page()


@pytest.fixture
def violations(tab: Page) -> list[str]:
    found: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Cross-Origin" in message.text:
            found.append(message.text)

    tab.on("console", heard)
    return found


def test_no_page_asks_for_what_its_policy_forbids(
    server: Server, service: Service, tab: Page, violations: list[str]
) -> None:
    engagement = service.open_demo()
    for address in ADDRESSES:
        tab.goto(f"{server.address}/{'' if address == 'start' else address}?e={engagement}")
        tab.locator("h1").first.wait_for()
        tab.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        if tab.locator('[data-testid="stVegaLiteChart"]').count():
            tab.locator('[data-testid="stVegaLiteChart"] :is(canvas, svg)').first.wait_for()
    assert violations == []


def test_the_policy_refuses_what_another_site_sends(server: Server, tab: Page, violations: list[str]) -> None:
    tab.goto(server.address)
    tab.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: 'https://evil.example/x'}))")
    tab.wait_for_timeout(300)
    assert any("evil.example" in line for line in violations)


@pytest.mark.parametrize("path", ["/w", "/s/nothing", "/sign-in", "/r/nothing"])
def test_a_page_of_forms_runs_no_script_of_a_strangers(
    server: Server, tab: Page, violations: list[str], path: str
) -> None:
    reply = tab.goto(f"{server.address}{path}")
    assert reply is not None
    assert "unsafe" not in (reply.header_value("content-security-policy") or "unsafe")
    assert violations == []
    tab.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.stolen = 1'}))")
    assert tab.evaluate("window.stolen") is None
