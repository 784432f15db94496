"""Two measurements side by side: the finding, the noise, what cannot be compared, and what is never shown."""

import pytest

from assessment.engagement import Answer, EngagementId, ItemId
from assessment.packs import builtin
from assessment.service import Service
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, words
from tests.pages.test_maturity import CODES, readable


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str) -> None:
    assert buttons(app("change", lang=lang)) == [{"nb": "Start en vurdering", "en": "Begin an assessment"}[lang]]


def test_one_measurement_is_no_change(app: OpenApp, solo: MakeSolo, group: MakeGroup) -> None:
    for engagement in (solo("all"), group({"S": 6})):
        page = app("change", engagement)

        assert "Endring vises når to målinger" in words(page)
        assert buttons(page) == ["Se resultatet"]


def test_a_pulse_and_a_full_set_are_not_two_measurements_of_the_same(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("all", pack="pulse")
    service.continue_with_full_set(engagement)
    sheet = service.sheet(engagement)
    assert sheet is not None
    service.answer(sheet.response_id, {ItemId(i.id): Answer(value=3) for i in sheet.items})

    assert "Endring vises når to målinger" in words(app("change", engagement))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_demo_leads_with_what_moved_most_and_says_what_the_rest_may_be(
    app: OpenApp, service: Service, lang: str
) -> None:
    text = readable(words(app("change", service.open_demo(), lang=lang)))

    title = builtin("full").prose[lang].criteria["C1"].title
    assert {"nb": f"{title} har løftet seg mest: fra 2,2 til 2,9", "en": f"{title} has risen most"}[lang] in text
    assert {"nb": "kan være tilfeldig", "en": "may be chance"}[lang] in text
    assert {"nb": "trolig endring", "en": "probably a change"}[lang] in text
    assert {"nb": "ikke koblet person for person", "en": "not linked person by person"}[lang] in text
    assert CODES.findall(text) == []


def test_two_measurements_in_between_have_no_finding_to_lead_with(app: OpenApp, service: Service) -> None:
    text = words(app("change", service.open_demo(), **{"from": "demo-T0", "w": "demo-T2"}))

    assert "Ingen områder har endret seg mer enn tilfeldigheter alene kan gi" in text
    assert "Størst bevegelse er +0,3" in text or "Størst bevegelse er +0,4" in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_three_months_after_both_differences_are_told_with_why(app: OpenApp, service: Service, lang: str) -> None:
    demo = service.open_demo()

    text = words(app("change", demo, lang=lang, **{"from": "demo-T0", "w": "demo-T2"}))

    assert {"nb": "endret målestokk", "en": "response shift"}[lang] in text
    assert {"nb": "Slik var det før", "en": "How it was before"}[lang] in text
    assert {"nb": "+0,7", "en": "+0.7"}[lang] in text
    assert {"nb": "endret målestokk", "en": "response shift"}[lang] not in words(app("change", demo, lang=lang))


def test_the_reader_chooses_the_measurements_and_the_address_remembers(app: OpenApp, service: Service) -> None:
    page = app("change", service.open_demo())
    assert [s.value for s in page.main.get("selectbox")] == ["demo-T0", "demo-T3"]

    page.main.get("selectbox")[0].set_value("demo-T2").run()

    assert page.query_params["from"] in ("demo-T2", ["demo-T2"])
    assert page.query_params["w"] in ("demo-T3", ["demo-T3"])
    assert "T2" not in words(page)


def test_a_measurement_that_is_not_there_falls_back_to_the_first_and_the_last(app: OpenApp, service: Service) -> None:
    page = app("change", service.open_demo(), **{"from": "nothing", "w": "demo-T0"})

    assert [s.value for s in page.main.get("selectbox")] == ["demo-T0", "demo-T3"]


def test_what_the_first_measurement_hid_is_neither_in_the_change_nor_in_the_page(
    app: OpenApp, group: MakeGroup, service: Service
) -> None:
    engagement = group({"S": 4, "SL": 2}, {"S": 8, "SL": 2}, value=(2, 4))

    text = words(app("change", engagement))

    assert "Selgerne er bare med i" in text
    assert "4 svar er utelatt, fordi gruppen (Selger) har færre enn 5." in text
    found = service.comparison(engagement)
    assert found is not None
    assert found.change is not None
    assert all(set(c.views) <= {"leadership"} for c in found.change.criteria)


def test_nearly_the_same_rows_twice_are_not_compared(app: OpenApp, group: MakeGroup) -> None:
    engagement = group({"S": 8}, {"S": 9}, value=(None, None))

    text = words(app("change", engagement))

    assert "De to målingene har nesten de samme svarene" in text
    assert "har løftet seg" not in text
    assert "2,0" not in text


def test_a_changed_questionnaire_is_flagged(app: OpenApp, group: MakeGroup) -> None:
    engagement = group({"S": 8}, {"S": 8}, value=(2, 3), first_hash="an older one")

    assert "Spørreskjemaet er endret mellom målingene" in words(app("change", engagement))


def test_an_open_measurement_is_no_second_one(app: OpenApp, group: MakeGroup) -> None:
    engagement: EngagementId = group({"S": 8}, {"S": 8}, value=(2, 4), closed=(True, False))

    assert "Endring vises når to målinger" in words(app("change", engagement))
