"""The respondents' pages on a phone: with and without a script, with the network cut and back, in both languages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from assessment.packs import Language
from assessment.texts import texts
from tests.browser.axe import violations
from tests.respond.invited import Survey, share
from tests.serving import Server

pytestmark = pytest.mark.browser

NewPhone = Callable[..., Page]


@pytest.fixture(scope="module")
def survey(server: Server) -> Survey:
    return Survey(server.database, name="Fjordvind Fornybar og Nettjenester AS")


@pytest.fixture
def new_phone(browser: Browser, server: Server) -> Iterator[NewPhone]:
    """Hand somebody a phone: `new_phone(width=320, scheme="dark", script=False)`. None may meet a script error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def unlock(width: int = 390, scheme: Any = "light", *, script: bool = True) -> Page:
        contexts.append(
            browser.new_context(
                viewport={"width": width, "height": 844},
                color_scheme=scheme,
                has_touch=True,
                java_script_enabled=script,
                base_url=server.address,
            )
        )
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("request", lambda r: None if r.url.startswith(server.address) else complaints.append(r.url))
        return page

    yield unlock
    for context in contexts:
        context.close()
    assert not complaints


def begin(page: Page, survey: Survey, **link: object) -> str:
    """Open a link for a seller and begin; its token."""
    token = survey.link(**({"role": "S"} | link))
    page.goto(f"/s/{token}")
    page.locator("button.go").click()
    expect(page.locator("fieldset")).to_have_count(4)
    return token


def choice(page: Page, item: str, value: object) -> Locator:
    return page.locator(f'label:has(input[name="{item}"][value="{value}"])')


def chosen(page: Page) -> dict[str, str]:
    return {c.get_attribute("name") or "": c.input_value() for c in page.locator("input:checked").all()}


def kept(survey: Survey, page: Page) -> dict[str, str]:
    """What is on disk of the answers this page belongs to."""
    short = page.locator("#answers").get_attribute("data-answer") or "none"
    (response,) = (r for r in survey.store.responses(survey.wave) if r.id.startswith(short))
    return {item: str(a.value) for item, a in response.answers.items()}


def proper(page: Page) -> None:
    """No sideways scroll, one heading, nothing under 44 px to hit, and nothing axe objects to."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    expect(page.locator("h1")).to_have_count(1)
    for target in page.locator("a:not(.skip), button:not([hidden]), label, summary").all():
        box = target.bounding_box()
        if box is None or not target.is_visible():
            continue  # folded away until somebody opens it
        assert box["height"] >= 43.5, target.inner_text()
    found = violations(page)
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []


# ---------------------------------------------------------------- the whole way


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("script", [True, False])
def test_a_seller_answers_everything_on_a_phone(
    survey: Survey, new_phone: NewPhone, language: Language, script: bool
) -> None:
    page, t = new_phone(script=script), texts(language)
    token = survey.link(max_uses=1)
    page.goto(f"/s/{token}")
    if language == "en":
        page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.get_by_label(t("role.S"), exact=True).check()
    page.get_by_role("button", name=t("respond.start.begin")).click()
    for number in range(1, 8):
        expect(page.locator("#step")).to_have_text(t("answer.page_of", page=number, pages=7))
        for question in page.get_by_role("group").all():
            question.locator(".card").nth(number % 5).click()
        page.locator("button.go").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("respond.thanks.title"))
    expect(page.locator(".own li")).to_have_count(7)
    expect(page.locator(".note")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_proper_and_axe_finds_nothing(
    survey: Survey, new_phone: NewPhone, tmp_path: Path, width: int, scheme: str
) -> None:
    page = new_phone(width, scheme)
    token = survey.link()
    page.goto(f"/s/{token}")
    proper(page)
    page.get_by_label("Salgsstøtte").check()
    page.locator("button.go").click()
    for path in ("1", "5", "thanks", "erase", "erased", "99"):
        page.goto(f"/s/{token}/{path}")
        proper(page)
    page.goto(f"/s/{token}")
    proper(page)
    page.goto(f"/s/{'A' * 24}")
    proper(page)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_group_stands_beside_ones_own_picture(server: Server, new_phone: NewPhone, width: int) -> None:
    t = texts("nb")
    for scheme, script in (("light", True), ("dark", True), ("light", False)):
        survey, page = Survey(server.database), new_phone(width, scheme, script=script)
        token = begin(page, survey)
        for question in page.get_by_role("group").all():
            question.locator(".card").nth(1).click()
        page.locator("button.go").click()
        scores: dict[str, float | None] = {c.id: 1 + n * 0.66 for n, c in enumerate(survey.pack.criteria)}
        share(survey, scores | {"C1": 2.0, "C4": None})
        page.goto(f"/s/{token}")
        page.get_by_role("link", name=t("respond.closed.group")).click()
        rows = page.locator(".own li")
        expect(rows).to_have_count(7)
        expect(rows.nth(0)).to_contain_text("Du: 2,0 Gryende")
        expect(rows.nth(0)).to_contain_text("Gruppen: 2,0 Gryende")
        expect(rows.nth(3)).to_contain_text(t("respond.thanks.no_group"))
        # the group's mark reaches beyond one's own even where both stand on the same figure
        own, group = rows.nth(0).locator("svg:not(.m) > .k"), rows.nth(0).locator("svg:not(.m) > [href='#g']")
        (inner, outer) = own.bounding_box(), group.bounding_box()
        assert inner is not None
        assert outer is not None
        assert outer["width"] > inner["width"]
        assert abs(inner["x"] + inner["width"] / 2 - outer["x"] - outer["width"] / 2) < 1
        if script:  # axe is one
            proper(page)


def test_the_keyboard_alone_is_enough(survey: Survey, new_phone: NewPhone) -> None:
    page = new_phone()
    begin(page, survey)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator('input[name="C1.1"]').first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator('input[name="C1.1"][value="3"]')).to_be_checked()
    page.keyboard.press("Enter")

    # Enter presses "save and go on", not the first button on the page, which is the language
    expect(page).to_have_url(re.compile(r"/2$"))
    expect(page.locator("html")).to_have_attribute("lang", "nb")


# ---------------------------------------------------------------- saving


def test_a_choice_is_on_disk_before_the_page_says_so(survey: Survey, new_phone: NewPhone) -> None:
    page = new_phone()
    begin(page, survey)
    choice(page, "C1.2", 4).click()
    expect(page.locator("#state")).to_have_text("✓ Lagret")

    assert kept(survey, page) == {"C1.2": "4"}
    page.reload()
    assert chosen(page) == {"C1.2": "4"}


def test_without_a_network_answers_wait_on_the_phone_and_go_when_it_is_back(
    survey: Survey, new_phone: NewPhone
) -> None:
    page, t = new_phone(), texts("nb")
    begin(page, survey)
    page.context.set_offline(True)
    for item, value in (("C1.1", 1), ("C1.2", 2), ("C1.1", 5), ("C1.3", "DK")):
        choice(page, item, value).click()
    expect(page.locator("#state")).to_contain_text(t("respond.state.waiting"))
    assert kept(survey, page) == {}

    page.context.set_offline(False)
    expect(page.locator("#state")).to_have_text("✓ Lagret")
    assert kept(survey, page) == {"C1.1": "5", "C1.2": "2", "C1.3": "DK"}
    assert page.evaluate("localStorage.length") == 0


def test_going_on_without_a_network_waits_and_then_goes(survey: Survey, new_phone: NewPhone) -> None:
    page = new_phone()
    begin(page, survey)
    page.context.set_offline(True)
    choice(page, "C1.1", 2).click()
    page.locator("button.go").click()
    expect(page.locator("#state")).to_contain_text(texts("nb")("respond.state.waiting"))
    expect(page).to_have_url(re.compile(r"/1$"))

    page.context.set_offline(False)
    expect(page).to_have_url(re.compile(r"/2$"))
    assert kept(survey, page) == {"C1.1": "2"}


def test_a_page_closed_without_a_network_sends_what_it_kept_when_opened_again(
    survey: Survey, new_phone: NewPhone
) -> None:
    page = new_phone()
    token = begin(page, survey)
    page.context.set_offline(True)
    choice(page, "C1.1", 3).click()
    expect(page.locator("#state")).to_contain_text(texts("nb")("respond.state.waiting"))
    context = page.context
    page.close()
    context.set_offline(False)

    page = context.new_page()
    page.goto(f"/s/{token}/1")
    expect(page.locator("#state")).to_have_text("✓ Lagret")
    assert chosen(page) == {"C1.1": "3"}
    assert kept(survey, page) == {"C1.1": "3"}


def test_a_lost_reply_is_asked_for_again_and_saves_once(survey: Survey, new_phone: NewPhone) -> None:
    page, lost = new_phone(), list[str]()
    begin(page, survey)

    def lose_the_first(route: Any) -> None:
        if not lost:
            lost.append(route.request.post_data)
            route.fetch()  # it reaches the server, and the reply does not come back
            route.abort()
        else:
            route.continue_()

    page.route("**/save", lose_the_first)
    choice(page, "C1.4", 1).click()
    expect(page.locator("#state")).to_have_text("✓ Lagret")

    assert len(lost) == 1
    assert kept(survey, page) == {"C1.4": "1"}


def test_a_survey_that_closes_meanwhile_says_so(server: Server, new_phone: NewPhone) -> None:
    survey = Survey(server.database)
    page = new_phone()
    begin(page, survey)
    survey.store.close_wave(survey.wave, survey.store.engagement(survey.engagement).created_at)
    choice(page, "C1.1", 3).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(texts("nb")("respond.closed.title"))


def test_two_links_in_one_browser_are_one_respondent(survey: Survey, new_phone: NewPhone) -> None:
    page, other = new_phone(), survey.link(role="S")
    begin(page, survey)
    choice(page, "C1.1", 4).click()
    expect(page.locator("#state")).to_have_text("✓ Lagret")
    page.goto(f"/s/{other}")
    page.get_by_role("link", name=texts("nb")("respond.start.continue")).click()

    assert chosen(page) == {"C1.1": "4"}


def test_erased_answers_leave_nothing_on_the_phone(survey: Survey, new_phone: NewPhone) -> None:
    page, t = new_phone(), texts("nb")
    token = begin(page, survey)
    choice(page, "C1.1", 4).click()
    expect(page.locator("#state")).to_have_text("✓ Lagret")
    page.evaluate("localStorage.setItem('sf:left', '{}')")
    page.goto(f"/s/{token}/erase")
    page.get_by_role("button", name=t("respond.erase.do")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("respond.erased.title"))

    assert page.evaluate("localStorage.length") == 0
    assert [c["name"] for c in page.context.cookies() if c["name"].startswith("sf_r_")] == []
