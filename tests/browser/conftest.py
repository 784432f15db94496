"""A real Chromium on a real server: one browser a session, one server a module, one tab a reader."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from assessment.engagement import Answer, EngagementId, ItemId
from assessment.packs import Language
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from tests.browser import chromium
from tests.browser.reader import Reader, rising
from tests.serving import Server

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
    # one process for all tabs of a profile, which keeps what it has compiled: a page is there in half the time
    "--process-per-site",
)
# a shared machine with two cores draws a page of charts in seconds when the other core is busy too
PATIENCE_MS = 20_000
# Streamlit looks for its server below the address of a deep link before it looks at the root
PROBES = ("/_stcore/health", "/_stcore/host-config")
# what a page says of a server that is down on purpose
DOWN = (
    "ERR_CONNECTION_REFUSED",
    "WebSocket",
    "Client Error",
    "server is not responding",
    "when disconnected from server",
)
# Python's own way to log a fault, and ours (pages/ui/errors.py)
FAULT = re.compile(r"^(?:Traceback|reference) .*", re.MULTILINE)

NewReader = Callable[..., Reader]
MakeSolo = Callable[..., EngagementId]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser; every reader gets a profile of its own in it."""
    path = chromium.find()
    if path is None:
        pytest.skip("no Chromium: run `python tests/browser/chromium.py`")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product on an empty database."""
    started = Server(tmp_path_factory.mktemp("browser") / "salgsflyt.db").start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def service(server: Server) -> Service:
    """The use cases on the server's database, as another process has them."""
    return Service(SqliteStore(server.database))


@pytest.fixture(scope="module")
def profiles(browser: Browser, server: Server) -> Iterator[Callable[[int, Language, str], BrowserContext]]:
    """A browser profile for each width, language and theme, kept for the module: Streamlit is 2.6 MiB to a new one."""
    known: dict[tuple[int, Language, str], BrowserContext] = {}

    def profile(width: int, language: Language, scheme: str) -> BrowserContext:
        if (width, language, scheme) not in known:
            known[width, language, scheme] = browser.new_context(
                viewport={"width": width, "height": 844 if width < 640 else 900},
                locale={"nb": "nb-NO", "en": "en-GB"}[language],
                color_scheme=scheme,
                has_touch=width < 640,
                reduced_motion="reduce",
            )
            known[width, language, scheme].set_default_timeout(PATIENCE_MS)
            # a tab that stays, or the process would end with the last one
            known[width, language, scheme].new_page().goto(f"{server.address}/_stcore/health")
        return known[width, language, scheme]

    yield profile
    for context in known.values():
        context.close()


@pytest.fixture
def new_reader(profiles: Callable[[int, Language, str], BrowserContext], server: Server) -> Iterator[NewReader]:
    """Sit somebody down at a tab of their own: `new_reader(width=390, language="en", scheme="dark")`.

    At the end nobody may have met a script error, an error in the console, or a fault in the server's log.
    """
    tabs: list[Page] = []
    complaints: list[str] = []
    logged = len(server.log)

    def sit(width: int = 1280, language: Language = "nb", scheme: str = "light") -> Reader:
        tab = profiles(width, language, scheme).new_page()
        tabs.append(tab)
        _listen(tab, server.address, complaints)
        return Reader(tab, server, language)

    yield sit
    for tab in tabs:
        tab.close()
    assert not complaints
    assert not FAULT.findall(server.log[logged:]), "the server logged a fault"


def _listen(page: Page, address: str, complaints: list[str]) -> None:
    def heard(message: ConsoleMessage) -> None:
        where = str(message.location.get("url", ""))
        lost = any(sign in message.text for sign in DOWN)
        ours = where.startswith(address) and not where.endswith(PROBES)
        if message.type == "error" and ours and not lost:
            complaints.append(f"{message.text} {where}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))


@pytest.fixture
def make_solo(service: Service) -> MakeSolo:
    """An assessment begun by a sales leader, with the answers of `rising` to the first `answered` questions."""

    def make(name: str = "Fjordvik Sjømat", answered: int = 33, language: Language = "nb") -> EngagementId:
        beginning = Beginning(organisation=name, role="SL", training_planned="yes")
        engagement_id = service.begin(beginning, language)
        sheet = service.sheet(engagement_id)
        assert sheet is not None
        given = {ItemId(item.id): Answer(value=value) for item, value in list(rising(sheet.pack))[:answered]}
        if given:
            service.answer(sheet.response_id, given)
        return engagement_id

    return make
