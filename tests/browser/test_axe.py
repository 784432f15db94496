"""axe-core finds nothing serious on any page, in both themes and both widths."""

import pytest
from playwright.sync_api import expect

from assessment.engagement import ItemId, ReadinessAnswer
from assessment.packs import builtin
from assessment.service import Service
from tests.browser.axe import violations
from tests.browser.conftest import MakeSolo, NewReader
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser

SERIOUS = ("serious", "critical")
# Streamlit's own faults that neither our style nor our script can mend, with the reason
EXCLUDED = (
    '[data-testid="stSidebarNavItems"]',  # its <ul> has <header> and <div> between the list and the items
)
# the themes' backgrounds, from .streamlit/config.toml: proof that the page has taken on the theme
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 25, 30)"}
LOOKS = {"nb": ((1280, "light"), (390, "dark")), "en": ((390, "light"), (1280, "dark"))}


@pytest.mark.parametrize(
    "page",
    [
        "",
        "begin",
        "answer",
        "answer?p=review",
        "mandate",
        "mandate?p=readiness",
        "targets",
        "kpis",
        "maturity",
        "items",
        "strategy",
        "actions",
    ],
)
def test_a_page_of_ones_own_assessment_is_accessible(
    new_reader: NewReader, make_solo: MakeSolo, service: Service, page: str
) -> None:
    engagement = make_solo(answered=33 if page in ("maturity", "items", "strategy", "actions") else 6)
    service.answer_readiness(engagement, ReadinessAnswer(item_id=ItemId("P1"), value=2))
    service.save_mandate(engagement, {"scope": "all_sales", "owner": "SL"})
    reader = new_reader()
    address, _, step = page.partition("?p=")
    reader.open(address, engagement, **({"p": step} if step else {}))
    _unfold(reader)
    _assert_accessible(reader)


@pytest.mark.parametrize("page", ["answer", "maturity", "items", "strategy", "actions", "method"])
def test_a_page_of_the_example_is_accessible(new_reader: NewReader, service: Service, page: str) -> None:
    reader = new_reader(language="en")
    reader.open(page, service.open_demo())
    _unfold(reader)
    _assert_accessible(reader)


def test_an_answer_with_its_reason_and_a_deletion_on_its_way_are_accessible(
    new_reader: NewReader, make_solo: MakeSolo
) -> None:
    reader, engagement = new_reader(), make_solo("Halvveis AS", answered=0)
    reader.open("answer", engagement)
    reader.choose(builtin("full").items[0], "NA")
    expect(reader.page.get_by_label(reader.texts("answer.reason"), exact=True)).to_be_visible()
    _assert_accessible(reader)
    reader.open()
    row = reader.page.locator(f'[class*="st-key-mine_{engagement}"]')
    row.get_by_role("button", name=reader.texts("start.delete"), exact=True).click()
    expect(reader.main.get_by_role("button", name=reader.texts("start.delete_yes"), exact=True)).to_be_visible()
    _assert_accessible(reader)


def test_a_key_figure_with_its_chart_and_all_its_fields_is_accessible(new_reader: NewReader, service: Service) -> None:
    reader = new_reader()
    demo = service.open_demo()
    reader.open("kpis", demo, p=service.kpis(demo)[0].kpi.id)
    reader.on(reader.texts("page.kpis"))
    _unfold(reader)
    _assert_accessible(reader)


@pytest.mark.parametrize("view", ["stream", "stages", "pools", "what_if", "handoffs"])
def test_the_value_stream_with_all_its_fields_is_accessible(new_reader: NewReader, service: Service, view: str) -> None:
    reader = new_reader()
    demo = service.open_demo()
    told = service.stream(demo)
    steps = {"stages": told.chain[3].id, "pools": told.told.pools[0].id, "what_if": "what_if"}
    step = {"p": steps[view]} if view in steps else {}
    page = "handoffs" if view == "handoffs" else "stream"
    reader.open(page, demo, **step)
    reader.on(reader.texts(f"page.{page}"))
    _unfold(reader)
    _assert_accessible(reader)


@pytest.mark.parametrize("view", ["processes", "process", "classes", "waste", "wasted"])
def test_processes_and_waste_with_all_their_fields_are_accessible(
    new_reader: NewReader, service: Service, view: str
) -> None:
    reader = new_reader()
    demo = service.open_demo()
    steps = {
        "process": service.processes(demo).processes[0].id,
        "classes": "classes",
        "wasted": service.waste(demo).rows[0].id,
    }
    page = "waste" if view.startswith("waste") else "processes"
    reader.open(page, demo, **({"p": steps[view]} if view in steps else {}))
    reader.on(reader.texts(f"page.{page}"))
    _unfold(reader)
    _assert_accessible(reader)


@pytest.mark.parametrize("view", ["goals", "goal", "draft", "mandate"])
def test_goals_and_the_mandate_with_all_their_fields_are_accessible(
    new_reader: NewReader, service: Service, view: str
) -> None:
    reader = new_reader()
    demo = service.open_demo()
    found = service.goals(demo)
    steps = {"goal": found.goals[0].id, "draft": found.drafts[0].id}
    page = "mandate" if view == "mandate" else "goals"
    reader.open(page, demo, **({"p": steps[view]} if view in steps else {}))
    reader.on(reader.texts(f"page.{page}"))
    _assert_accessible(reader)


@pytest.mark.parametrize("step", ["", "edit"])
def test_the_note_to_the_sponsor_is_accessible(
    new_reader: NewReader, make_solo: MakeSolo, service: Service, step: str
) -> None:
    reader, engagement = new_reader(), make_solo(answered=33)
    service.save_mandate(engagement, {"scope": "named", "processes_in_scope": 0, "owner": "SL", "horizon_months": 1})
    advice = service.advice(engagement)
    assert advice is not None
    assert advice.recommendation.mandate_conflict is not None
    reader.open("sponsor_note", engagement, **({"p": step} if step else {}))
    reader.on(reader.texts("page.sponsor_note"))
    _assert_accessible(reader)


@pytest.mark.parametrize("page", ["processes", "processes?p=client", "waste", "stream", "handoffs", "kpis"])
def test_a_page_of_the_current_state_with_nothing_on_it_is_accessible(
    new_reader: NewReader, make_solo: MakeSolo, page: str
) -> None:
    reader = new_reader()
    address, _, step = page.partition("?p=")
    reader.open(address, make_solo(answered=0), **({"p": step} if step else {}))
    _assert_accessible(reader)


def _unfold(reader: Reader) -> None:
    folded = reader.main.locator("details:not([open]) summary")
    for _ in range(folded.count()):
        folded.first.click()
    expect(folded).to_have_count(0)


def _assert_accessible(reader: Reader) -> None:
    for width, scheme in LOOKS[reader.language]:
        reader.page.emulate_media(color_scheme=scheme)
        reader.page.set_viewport_size({"width": width, "height": 900})
        expect(reader.page.locator(".stApp")).to_have_css("background-color", BACKGROUND[scheme])
        reader.drawn()
        found = violations(reader.page, exclude=EXCLUDED)
        faults = [
            f"{width} {scheme}: {violation['id']}: {node['target']} {node['failureSummary'][:300]}"
            for violation in found
            if violation["impact"] in SERIOUS
            for node in violation["nodes"]
        ]
        assert faults == []
