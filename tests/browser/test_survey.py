"""A consultant's way: begin, invite, watch the counter, close, and read who sees what; and who is kept out."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from assessment.engagement import Answer, EngagementId, ItemId
from assessment.links import Invitation, server_secret
from assessment.packs import Language, Role
from assessment.respondents import Respondents, new_key, saving
from assessment.service import GroupBeginning, Service
from assessment.store import SqliteStore
from tests.browser.axe import violations
from tests.browser.conftest import PATIENCE_MS, NewReader
from tests.browser.reader import Reader
from tests.browser.test_axe import EXCLUDED, SERIOUS
from tests.serving import Server

pytestmark = pytest.mark.browser

ORGANISATION = "Fjordvik & <Sønn> AS"
# leaders who see it brighter than the sellers do, and three of the surroundings, whom nobody may see
PEOPLE: tuple[tuple[Role, int, int], ...] = (("S", 7, 2), ("SL", 2, 4), ("OP", 3, 1))


@pytest.fixture(scope="module")
def people(server: Server) -> Respondents:
    """What phones do, without a phone for each."""
    return Respondents(SqliteStore(server.database), server_secret(server.database))


def answer(people: Respondents, token: str, role: Role, level: int) -> None:
    """Somebody answers everything they are asked with this level, and one question with the next."""
    invitation, key = people.invitation(token), new_key()
    assert invitation is not None
    assert people.begin(invitation, key, role, None) == "open"
    way = people.course(invitation, key)
    assert way is not None
    given = {ItemId(item.id): Answer.model_validate({"value": level}) for item in way.items}
    people.save([saving(key, given | {ItemId(way.items[0].id): Answer.model_validate({"value": level + 1})})])


def group(service: Service, server: Server) -> tuple[EngagementId, str]:
    """A survey that is open, and a link to it."""
    inviting = Service(SqliteStore(server.database), secret=lambda: server_secret(server.database))
    engagement = service.begin_group(GroupBeginning(organisation=ORGANISATION, training_planned="no"), "nb")
    (invited,) = inviting.invite(engagement, Invitation())
    assert invited.token is not None
    return engagement, invited.token


@pytest.mark.parametrize(("width", "language"), [(1280, "nb"), (390, "en")])
def test_a_consultant_invites_watches_closes_and_reads(
    new_reader: NewReader, people: Respondents, browser: Browser, server: Server, width: int, language: Language
) -> None:
    reader = new_reader(width, language)
    t, main = reader.texts, reader.main
    reader.open("begin")
    main.get_by_role("textbox", name=t("begin.organisation"), exact=True).fill(ORGANISATION)
    main.get_by_text(t("begin.who.group"), exact=True).click()
    main.get_by_text(t("begin.training.no"), exact=True).click()
    reader.press(t("begin.invite"))
    reader.on(t("page.participants"))
    expect(main).to_contain_text(t("participants.nobody"))

    main.get_by_role("combobox").first.click()
    reader.page.get_by_role("option", name=t("participants.any_role")).click()
    reader.press(t("participants.create"))
    expect(main.locator(".sf-qr")).to_be_visible()
    reader.assert_a_proper_page()
    address = main.get_by_test_id("stCode").first.inner_text().strip()
    token = address.rpartition("/")[2]
    assert address == f"{server.address}/s/{token}"
    mail = main.get_by_role("link", name=t(f"participants.mail.{language}")).get_attribute("href") or ""
    assert mail.startswith("mailto:?subject=")
    reader.press(t("participants.back"))

    _answer_on_a_phone(browser, address, language)
    expect(main.locator(".st-key-message")).to_contain_text(t.plural("participants.counts", 1, complete="0"))
    for role, count, level in PEOPLE:
        for _ in range(count):
            answer(people, token, role, level)
    expect(main.locator(".st-key-message")).to_contain_text(t.plural("participants.counts", 13, complete="12"))
    reader.open("maturity", reader.engagement)
    expect(main).to_contain_text(t("maturity.open"))
    reader.press(t("answer.to_participants"))
    reader.on(t("page.participants"))

    reader.press(t("participants.close"))
    main.locator(".st-key-confirm").get_by_role("button", name=t("participants.close")).click()
    expect(main).to_contain_text(t("participants.after_close"))
    main.get_by_text(t("participants.share"), exact=True).click()
    expect(main.locator(".sf-saved").first).to_contain_text(t("common.saved"))
    reader.press(t("answer.see_result"))
    reader.on(t("page.maturity"))
    reader.open("perceptions", reader.engagement)
    reader.on(t("page.perceptions"))
    expect(main.locator(".sf-lead")).to_contain_text(t("perceptions.seen.sellers"))
    assert re.search(r"\b3\b", main.get_by_role("row", name=t("role.OP")).inner_text())
    expect(main.get_by_role("row", name=t("role.OP"))).to_contain_text(t("perceptions.group_left_out", k=5))


def _answer_on_a_phone(browser: Browser, address: str, language: Language) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    phone.set_default_timeout(PATIENCE_MS)
    page = phone.new_page()
    page.goto(f"{address}?lang={language}")
    page.locator('label:has(input[value="S"])').click()
    page.locator("button.go").click()
    page.locator(".card").nth(2).click()
    expect(page.locator("fieldset i").first).to_contain_text("✓")
    phone.close()


@pytest.mark.parametrize("state", ["open", "link", "codes", "closed", "perceptions", "import_answers", "change"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_of_a_survey_are_proper_and_accessible(
    new_reader: NewReader, service: Service, people: Respondents, server: Server, state: str, width: int, scheme: str
) -> None:
    engagement, token = group(service, server)
    for role, count, level in PEOPLE:
        for _ in range(count):
            answer(people, token, role, level)
    inviting = Service(SqliteStore(server.database), secret=lambda: server_secret(server.database))
    step = {}
    if state == "link":
        step = {"p": inviting.invitations(engagement)[0].link.id}
    elif state == "codes":
        step = {"p": inviting.invite(engagement, Invitation(role="S", count=4, max_uses=1))[0].link.id}
    elif state in ("closed", "perceptions", "import_answers"):
        service.close_wave(engagement, service.waves(engagement)[-1].id)
    reader = new_reader(width, "nb", scheme)
    page = state if state in ("perceptions", "import_answers", "change") else "participants"
    reader.open(page, service.open_demo() if state == "change" else engagement, **step)
    reader.on(reader.texts(f"page.{page}"))
    _unfold_and_check(reader)


def _unfold_and_check(reader: Reader) -> None:
    folded = reader.main.locator("details:not([open]) summary")
    for _ in range(folded.count()):
        folded.first.click()
    expect(folded).to_have_count(0)
    reader.assert_a_proper_page()
    found = violations(reader.page, exclude=EXCLUDED)
    serious = [v for v in found if v["impact"] in SERIOUS]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in serious] == []


def test_links_of_an_owner_let_in_to_one_assessment_and_say_when_they_end(
    new_reader: NewReader, service: Service, server: Server, browser: Browser
) -> None:
    inviting = Service(SqliteStore(server.database), secret=lambda: server_secret(server.database))
    engagement, _ = group(service, server)
    (link,) = inviting.invite(engagement, Invitation(purpose="results"))
    guest = browser.new_context()
    guest.set_default_timeout(PATIENCE_MS)
    page = guest.new_page()
    page.goto(f"{server.address}/r/{link.token}")
    expect(page.locator(".stMain h1")).to_be_visible()
    assert f"e={engagement}" in page.url
    inviting.revoke(engagement, [link.link.id])
    _assert_ended(page, f"{server.address}/r/{link.token}")
    guest.close()


def _assert_ended(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator(".stApp").count() == 0
