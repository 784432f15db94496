"""Hand-offs: by cost, both sides' view, clarity, and the matrix of who hands over to whom."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId, StageId
from assessment.service import Service
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import never_shown, told
from tests.pages.test_stream import field

DEAR = "demo-V6~demo-V7"


@pytest.fixture
def demo(service: Service) -> EngagementId:
    return service.open_demo()


def rows(page: AppTest) -> list[str]:
    """The rows of the table of hand-offs, the first thing in each."""
    (table,) = re.findall(r'<table class="sf-table"><thead>.*?</table>', words(page), re.S)
    return [re.sub("<[^>]+>", "", row) for row in re.findall(r'<th scope="row">(.*?)</th>', table)]


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("handoffs", lang=lang)) == [button]


@pytest.mark.parametrize(("lang", "button"), [("nb", "Gå til verdistrømmen"), ("en", "Go to the value stream")])
def test_without_a_chain_it_leads_to_the_value_stream(app: OpenApp, solo: MakeSolo, lang: str, button: str) -> None:
    assert buttons(app("handoffs", solo("none"), lang=lang)) == [button]


def test_with_no_figures_it_says_what_to_ask(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    service.begin_stream(engagement, "nb", worked=False)
    page = app("handoffs", engagement)
    assert "Spør begge sider hver for seg" in words(page)
    assert len(rows(page)) == 7
    assert never_shown(page) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_dearest_hand_off_comes_first(app: OpenApp, demo: EngagementId, lang: str) -> None:
    page = app("handoffs", demo, lang=lang)
    assert never_shown(page) == []
    said = words(page)
    figure = {"nb": "19,2\u00a0t: 16 saker × 20\u00a0% × 6\u00a0t", "en": "19.2\u00a0h: 16 cases × 20% × 6\u00a0h"}[
        lang
    ]
    assert figure in said
    assert {
        "nb": "⇄ Kontrakt og ordre → Overlevering og leveranse",
        "en": "⇄ Contract and order → Handover and delivery",
    }[lang] == rows(page)[0]
    assert {"nb": "15 prosentpoeng fra hverandre", "en": "15 percentage points apart"}[lang] in said
    assert {"nb": "1 av 4: mangler avtalt frist", "en": "1 of 4: without agreed deadline"}[lang] in said


def test_the_matrix_has_a_cell_for_each_hand_off_and_marks_the_interfaces(app: OpenApp, demo: EngagementId) -> None:
    (matrix,) = re.findall(r'<table class="sf-table sf-matrix">.*?</table>', words(app("handoffs", demo)), re.S)
    assert matrix.count('<td class="sf-crosses">') == 7
    assert matrix.count('<td class="sf-self">') == 8
    assert matrix.count("<td></td>") == 64 - 15
    assert "⇄ 19" in matrix


def test_names_are_words_and_never_markup(app: OpenApp, demo: EngagementId, service: Service) -> None:
    service.change_stage(demo, StageId("demo-V6"), {"name": "<b>Ordre</b>"})
    assert "<b>Ordre</b>" not in words(app("handoffs", demo))


def test_both_sides_are_saved_each_where_they_belong(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = app("handoffs", demo, p=DEAR)
    field(page, f"{DEAR}_complete_accurate_sender_share").set_value("90").run()
    field(page, f"{DEAR}_complete_accurate_receiver_share").set_value("60").run()
    field(page, f"{DEAR}_fix_h").set_value("3").run()
    stream = service.stream(demo)
    stage = stream.stage("demo-V6")
    assert stage is not None
    assert stage.complete_accurate_share == 0.6
    (told_of,) = (h for h in stream.told.handoffs if h.from_stage_id == "demo-V6")
    assert (told_of.complete_accurate_sender_share, told_of.fix_h) == (0.9, 3)
    assert 'role="status">✓ Lagret' in words(page)
    assert "19,2" in words(page)  # 16 × 40 % × 3


def test_a_point_of_clarity_is_yes_no_or_not_asked(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = app("handoffs", demo, p=DEAR)
    assert [c.value for c in page.main.segmented_control] == ["yes", "no", "no", "no"]
    page.main.segmented_control[1].set_value("yes").run()
    page.main.segmented_control[3].set_value("unasked").run()
    (told_of,) = (h for h in service.stream(demo).told.handoffs if h.from_stage_id == "demo-V6")
    points = (told_of.clear_content, told_of.clear_deadline, told_of.clear_receiver, told_of.clear_feedback)
    assert points == (True, False, True, None)


def test_a_figure_that_cannot_be_is_told(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page, before = app("handoffs", demo, p=DEAR), service.stream(demo).told
    field(page, f"{DEAR}_fix_h").set_value("seks").run()
    assert "Skriv et tall" in told(page)
    assert service.stream(demo).told == before


def test_a_hand_off_outside_the_order_is_added_and_taken_out_again(
    app: OpenApp, demo: EngagementId, service: Service
) -> None:
    page = app("handoffs", demo, p="new")
    page.main.selectbox[1].set_value("demo-V7").run()
    page.main.selectbox[2].set_value("demo-V4").run()
    page = press(page, "Legg til")
    assert page.query_params["p"] == "demo-V7~demo-V4"
    for name, typed in {"volume_month": "10", "complete_accurate_receiver_share": "50", "fix_h": "8"}.items():
        field(page, f"demo-V7~demo-V4_{name}").set_value(typed).run()
    assert rows(page)[0] == "⇄ Overlevering og leveranse → Løsning og tilbud"
    page = press(page, "Fjern denne overleveringen")
    assert len(rows(page)) == 7
    page = press(page, "Angre: hent overleveringen tilbake")
    assert len(rows(page)) == 8
    assert service.stream(demo).interfaces[0].rework_h == 40


def test_neighbours_cannot_be_taken_out_here(app: OpenApp, demo: EngagementId) -> None:
    assert "Fjern denne overleveringen" not in buttons(app("handoffs", demo, p=DEAR))


def test_who_may_only_read_fills_in_nothing(app: OpenApp, demo: EngagementId, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "reader@a.no"))
    page = app("handoffs", demo)
    assert (len(page.main.text_input), len(page.main.selectbox)) == (0, 0)
    assert len(rows(page)) == 7
