"""The main job, from opening the app to Monday's list, as a sales leader with nothing prepared does it."""

import csv
import io
import json
import re

import pytest
from playwright.sync_api import Download, Request, expect

from assessment.engagement import EngagementId
from assessment.packs import Language, builtin
from assessment.service import Service
from assessment.strategy.model import STRATEGIES, WEIGHTS
from tests.browser.conftest import MakeSolo, NewReader
from tests.browser.reader import PAGES, Reader, rising

pytestmark = pytest.mark.browser

ORGANISATION = "Fjordvik & <Sønn> AS"


@pytest.mark.parametrize(("width", "language"), [(1280, "nb"), (390, "en")])
def test_a_leader_goes_from_the_front_page_to_next_steps(
    new_reader: NewReader, service: Service, width: int, language: Language
) -> None:
    reader = new_reader(width, language)
    reader.open()
    reader.on(reader.texts("common.product"))
    _begin(reader)
    reader.on(builtin("full").prose[language].criteria["C1"].title)
    engagement = reader.engagement
    _answer_everything(reader)
    _read_the_result(reader, service, engagement)
    _read_the_items(reader, service, engagement)
    _change_a_target(reader, service, engagement)
    _describe_mandate_and_readiness(reader, service, engagement)
    _read_the_strategy(reader, service, engagement)
    _read_the_next_steps(reader)
    _read_the_method(reader)


@pytest.mark.parametrize(("width", "language"), [(390, "nb"), (1280, "en")])
def test_a_leader_in_a_hurry_takes_the_pulse(
    new_reader: NewReader, service: Service, width: int, language: Language
) -> None:
    reader, pack = new_reader(width, language), builtin("pulse")
    reader.open()
    _begin(reader, "pulse")
    reader.on(pack.prose[language].title)
    for item, value in rising(pack):
        reader.choose(item, value, pack)
    reader.assert_a_proper_page()
    reader.press(reader.texts("answer.review"))
    reader.on(reader.texts("answer.review_title"))
    reader.press(reader.texts("answer.see_result"))
    reader.on(reader.texts("page.maturity"))
    lowest = pack.prose[language].criteria["C1"].title.lower()
    expect(reader.page.locator(".st-key-message .sf-lead")).to_contain_text(re.compile(re.escape(lowest), re.I))
    reader.open("strategy", reader.engagement)
    expect(reader.main).to_contain_text(reader.texts("strategy.pulse"))
    reader.assert_a_proper_page()


@pytest.mark.parametrize(("width", "language"), [(390, "nb"), (1280, "en")])  # the walk has the other two
def test_every_page_of_the_example_keeps_the_rules(new_reader: NewReader, width: int, language: Language) -> None:
    reader = new_reader(width, language)
    reader.open()
    reader.press(reader.texts("start.demo"))
    reader.on(reader.texts("page.maturity"))
    expect(reader.main).to_contain_text(reader.texts("common.fictional"))
    for page in PAGES:
        reader.open(page, "demo")
        reader.on(reader.texts(f"page.{page}") if page else reader.texts("common.product"))


def test_a_page_that_needs_an_assessment_says_so_and_leads_to_one(new_reader: NewReader) -> None:
    reader = new_reader(390)
    for page in (page for page, about_one in PAGES.items() if about_one):
        reader.open(page)
        reader.on(reader.texts(f"page.{page}"))
        expect(reader.main.get_by_role("button", name=reader.texts("start.begin"), exact=True)).to_be_visible()


def test_no_page_asks_anything_of_another_machine(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader, elsewhere = new_reader(), []

    def note(request: Request) -> None:
        if not request.url.startswith((reader.server.address, "data:", "blob:")):
            elsewhere.append(request.url)

    reader.page.on("request", note)
    engagement = make_solo()
    for page in PAGES:
        reader.open(page, engagement)
    assert not set(elsewhere)


# ---------------------------------------------------------------- the steps of the walk


def _begin(reader: Reader, pack_id: str = "full") -> None:
    texts, page = reader.texts, reader.page
    reader.press(texts("start.begin"))
    reader.on(texts("page.begin"))
    reader.press(texts("begin.start"))  # with nothing filled in, the page says what is missing
    expect(reader.main).to_contain_text(texts("begin.missing.organisation"))
    page.get_by_label(texts("begin.organisation"), exact=True).fill(ORGANISATION)
    for question, choice in (
        ("begin.role", "role.SL"),
        ("begin.training", "begin.training.yes"),
        ("begin.set", f"begin.set.{pack_id}"),
    ):
        page.get_by_role("radiogroup", name=texts(question)).get_by_text(texts(choice), exact=True).click()
    if pack_id == "full":
        everything = texts("begin.view.all", n=len(builtin("full").items))
        page.get_by_role("radiogroup", name=texts("begin.view")).get_by_text(everything, exact=True).click()
    reader.drawn()
    reader.press(texts("begin.start"))


def _answer_everything(reader: Reader) -> None:
    texts, pack = reader.texts, builtin("full")
    for number, criterion in enumerate(pack.criteria, start=1):
        reader.on(pack.prose[reader.language].criteria[criterion.id].title)
        expect(reader.main).to_contain_text(texts("answer.page_of", page=number, pages=len(pack.criteria)))
        for item, value in rising(pack):
            if item.criterion == criterion.id:
                reader.choose(item, value)
        last = number == len(pack.criteria)
        reader.press(texts("answer.review" if last else "answer.next"))
    reader.on(texts("answer.review_title"))
    expect(reader.main).to_contain_text(texts("answer.review_none_missing"))
    reader.press(texts("answer.see_result"))


def _read_the_result(reader: Reader, service: Service, engagement: EngagementId) -> None:
    texts = reader.texts
    reader.on(texts("page.maturity"))
    overall = service.results(engagement).score.overall
    said = texts("maturity.overall", score=texts.number(overall.score or 0), index=texts.number(overall.index or 0, 0))
    own = reader.page.locator(".sf-ladder [aria-current]")
    expect(own).to_contain_text(said)
    expect(own).to_contain_text(texts(f"level.{overall.level}"))
    charts = reader.page.locator(".stVegaLiteChart svg")
    expect(charts).to_have_count(2)
    drawn = " ".join(charts.all_text_contents())
    for criterion in builtin("full").prose[reader.language].criteria.values():
        expect(reader.main).to_contain_text(criterion.title)
        assert criterion.title in drawn
    expect(reader.main.get_by_text(texts("common.figures"))).to_be_visible()
    _take_it_away(reader, engagement)


def _take_it_away(reader: Reader, engagement: EngagementId) -> None:
    texts, pack = reader.texts, builtin("full")
    with reader.page.expect_download() as taken:
        reader.press(texts("maturity.json"))
    document = json.loads(_content(taken.value))
    assert document["engagement"]["name"] == ORGANISATION
    assert document["pack"] == {"id": "full", "version": pack.version, "hash": pack.hash}
    assert {i: a["value"] for i, a in document["own_answers"].items()} == {i.id: v for i, v in rising(pack)}
    assert document["recommendation"]
    with reader.page.expect_download() as taken:
        reader.press(texts("maturity.csv"))
    assert taken.value.suggested_filename == "salgsflyt-fjordvik-sonn-as-t0.csv"
    delimiter = ";" if reader.language == "nb" else ","
    rows = list(csv.DictReader(io.StringIO(_content(taken.value)), delimiter=delimiter))
    questions = [row for row in rows if row[texts("export.kind")] == texts("export.kind.item")]
    assert [row[texts("export.own")] for row in questions] == [str(value) for _, value in rising(pack)]
    assert {row[texts("export.hash")] for row in rows} == {pack.hash}


def _content(download: Download) -> str:
    return download.path().read_text(encoding="utf-8-sig")


def _read_the_items(reader: Reader, service: Service, engagement: EngagementId) -> None:
    texts, pack = reader.texts, builtin("full")
    reader.press(texts("maturity.to_items"))
    reader.on(texts("page.items"))
    lowest = "C1"  # the answers rise through the questionnaire
    for item in pack.items_of(lowest):
        prose = pack.prose[reader.language].items[item.id]
        heading = reader.main.get_by_role("heading", name=prose.stem)
        ladder = heading.locator("xpath=following::ol[1]")
        expect(ladder.locator("li")).to_have_count(5)
        given = service.results(engagement).own[item.id].value
        own = ladder.locator("li").filter(has_text=texts("items.own"))
        expect(own).to_contain_text(prose.anchors[given - 1])
        expect(ladder.locator(".sf-nextrung")).to_contain_text(prose.anchors[given])


def _change_a_target(reader: Reader, service: Service, engagement: EngagementId) -> None:
    texts, page = reader.texts, reader.page
    reader.open("targets", engagement)
    reader.on(texts("page.targets"))
    expect(reader.main).to_contain_text(texts("targets.standard"))
    first = page.locator(".st-key-target_C5")
    first.get_by_role("radio", name=texts("targets.weight.3"), exact=True).click()
    expect(reader.main).to_contain_text(texts("targets.set_after"))
    slider = first.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(first).to_contain_text(texts.number(4.5))
    reader.press(texts("targets.to_result"))
    reader.on(texts("page.maturity"))
    expect(reader.main).to_contain_text(texts("maturity.settings_after"))
    chosen = service.criterion_settings(engagement)["C5"]
    assert (chosen.weight, chosen.target, chosen.set_after_results) == (3, 4.5, True)


def _describe_mandate_and_readiness(reader: Reader, service: Service, engagement: EngagementId) -> None:
    texts, page = reader.texts, reader.page
    reader.open("mandate", engagement)
    reader.on(texts("page.mandate"))
    scope = page.get_by_role("radiogroup", name=texts("mandate.scope"))
    scope.get_by_text(texts("mandate.scope.all_sales"), exact=True).click()
    page.get_by_label(texts("mandate.processes"), exact=True).fill("6")
    page.get_by_label(texts("mandate.horizon"), exact=True).fill("9")
    owner = page.get_by_role("radiogroup", name=texts("mandate.owner"))
    owner.get_by_text(texts("mandate.owner.SL"), exact=True).click()
    reader.press(texts("mandate.save"))
    expect(reader.main).to_contain_text(texts("mandate.saved"))
    pack = builtin("readiness")
    reader.main.get_by_role("radiogroup", name=texts("mandate.view")).get_by_text(texts("mandate.readiness")).click()
    reader.choose(pack.items[0], 2, pack)
    reader.assert_a_proper_page()
    mandate = service.mandate(engagement)
    assert mandate is not None
    assert (mandate.scope, mandate.processes_in_scope, mandate.horizon_months, mandate.owner) == (
        "all_sales",
        6,
        9,
        "SL",
    )
    assert [a.value for a in service.readiness(engagement).values()] == [2]


def _read_the_strategy(reader: Reader, service: Service, engagement: EngagementId) -> None:
    texts, page = reader.texts, reader.page
    reader.press(texts("mandate.to_strategy"))
    reader.on(texts("page.strategy"))
    advice = service.advice(engagement)
    assert advice is not None
    chosen = advice.recommendation.recommended
    assert chosen is not None
    lead = page.locator(".st-key-message .sf-lead")
    expect(lead).to_have_text(texts("strategy.lead", name=texts(f"strategy.{chosen}").lower()))
    ranking = page.locator(".stVegaLiteChart svg").last
    expect(ranking).to_contain_text(texts(f"strategy.{chosen}"))
    drawn = ranking.text_content() or ""
    assert [s for s in WEIGHTS if texts(f"strategy.{s}") not in drawn] == []
    page.get_by_text(texts("common.figures")).click()
    table = reader.main.locator(".sf-table")
    expect(table.locator("tbody tr")).to_have_count(len(WEIGHTS))
    expect(table).to_contain_text(texts("strategy.reason.owner_not_top_management"))
    expect(page.locator(".sf-ifs li")).to_have_count(len(advice.recommendation.counterfactuals))
    assert advice.recommendation.counterfactuals
    expect(page.locator(".sf-gates li")).to_have_count(7)


def _read_the_next_steps(reader: Reader) -> None:
    texts = reader.texts
    reader.press(texts("strategy.to_actions"))
    reader.on(texts("page.actions"))
    for topic in ("training", "quick", "rungs", "document", "train", "measure"):
        expect(reader.main.get_by_role("heading", name=texts(f"actions.{topic}"), exact=True)).to_be_visible()


def _read_the_method(reader: Reader) -> None:
    reader.open("method")
    reader.on(reader.texts("page.method"))
    for strategy in STRATEGIES:
        expect(reader.main).to_contain_text(reader.texts(f"strategy.{strategy}"))
