"""Answering alone: each choice on disk before the page says saved, wherever one comes from and goes."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.engagement import Answer, EngagementId
from assessment.packs import builtin
from assessment.service import Beginning, Service
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, told


def stored(service: Service, engagement: EngagementId) -> dict[str, Answer]:
    """What is on disk."""
    sheet = service.sheet(engagement)
    assert sheet is not None
    return {str(item): answer for item, answer in sheet.answers.items()}


def saved_lines(page: AppTest) -> int:
    """How many questions the page says are saved."""
    return words(page).count('role="status">✓')


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("answer", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_new_sheet_opens_on_the_first_area_with_nothing_chosen(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page = app("answer", solo("none"), lang=lang)

    assert page.main.title[0].value == builtin("full").prose[lang].criteria["C1"].title
    assert [r.value for r in page.main.radio] == [None] * 4
    assert saved_lines(page) == 0


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_choices_are_the_descriptions_in_rising_order_and_nothing_else(
    app: OpenApp, solo: MakeSolo, lang: str
) -> None:
    page = app("answer", solo("none"), lang=lang, p="C3")

    prose = builtin("full").prose[lang].items
    for radio, item in zip(page.main.radio, builtin("full").items_of("C3"), strict=True):
        assert radio.options[:5] == list(prose[item.id].anchors)
        assert len(radio.options) == 7
        assert prose[item.id].stem in radio.label


@pytest.mark.parametrize("value", [1, 5, "DK", "NA"])
def test_a_choice_is_on_disk_when_the_page_says_saved(
    app: OpenApp, solo: MakeSolo, service: Service, value: int | str
) -> None:
    engagement = solo("none")
    page = app("answer", engagement)

    page.main.radio[1].set_value(value).run()

    assert saved_lines(page) == 1
    assert stored(service, engagement) == {"C1.2": Answer.model_validate({"value": value})}
    assert "1 av 33 besvart" in words(page)


def test_an_answer_can_be_changed(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("answer", engagement)
    for value in (2, 5, "DK"):
        page.main.radio[0].set_value(value).run()

    assert stored(service, engagement) == {"C1.1": Answer(value="DK")}


@pytest.mark.parametrize("value", [1, 2, 3, 4, 5, "DK"])
def test_in_the_pulse_every_place_is_told_from_every_other(
    app: OpenApp, solo: MakeSolo, service: Service, value: int | str
) -> None:
    engagement = solo("none", pack="pulse")
    page = app("answer", engagement)

    page.main.radio[0].set_value(value).run()

    assert stored(service, engagement)["PU1"].value == value
    assert page.main.radio[0].value == value
    assert len(set(page.main.radio[0].options)) == 6


def test_a_reason_is_asked_for_only_where_it_does_not_apply(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("answer", engagement)
    assert len(page.main.selectbox) == 0
    page.main.radio[0].set_value("NA").run()

    page.main.selectbox[0].set_value("too_small").run()

    assert stored(service, engagement) == {"C1.1": Answer(value="NA", na_reason="too_small")}
    assert app("answer", engagement, p="C1").main.selectbox[0].value == "too_small"
    page.main.radio[0].set_value(3).run()
    assert stored(service, engagement) == {"C1.1": Answer(value=3)}
    assert len(page.main.selectbox) == 0


def test_half_answered_it_continues_where_something_is_missing(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    first_area = {f"C1_{n}": 3 for n in range(1, 5)}
    page = app("answer", solo("none", **first_area))

    assert page.query_params["p"] in ("C2", ["C2"])
    assert page.main.title[0].value == "Verdi for kunden"


def test_the_address_leads_back_to_the_same_page_in_a_new_session(app: OpenApp, solo: MakeSolo) -> None:
    engagement = solo("all", value=4)

    page = app("answer", engagement, p="C6")

    assert page.main.title[0].value == builtin("full").prose["nb"].criteria["C6"].title
    assert [r.value for r in page.main.radio] == [4] * 5
    assert saved_lines(page) == 5


@pytest.mark.parametrize("step", ["C9", "", "<script>", "PU1"])
def test_a_step_that_does_not_exist_falls_back(app: OpenApp, solo: MakeSolo, step: str) -> None:
    page = app("answer", solo("none"), p=step)

    assert page.query_params["p"] in ("C1", ["C1"])


def test_forward_and_back_lose_nothing(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("answer", engagement)
    page.main.radio[0].set_value(2).run()
    page = press(page, "Neste")
    page.main.radio[0].set_value(5).run()

    page = press(page, "Tilbake")

    assert page.main.radio[0].value == 2
    assert press(page, "Neste").main.radio[0].value == 5
    assert len(stored(service, engagement)) == 2


def test_the_review_names_what_is_missing_and_leads_there(app: OpenApp, solo: MakeSolo) -> None:
    page = app("answer", solo("all", C4_2=None), p="review")
    assert "1 spørsmål står uten svar" in words(page)
    assert builtin("full").prose["nb"].items["C4.2"].stem in words(page)

    page = press(page, "Gå til Ressurser til kjerneprosessene")

    assert [r.value for r in page.main.radio] == [2, None, 2, 2, 2]


def test_the_last_page_leads_to_the_review_and_on_to_the_result(app: OpenApp, solo: MakeSolo) -> None:
    page = press(app("answer", solo("all"), p="C7"), "Se over svarene")
    assert "Alt er besvart" in words(page)

    assert press(page, "Se resultatet").main.title[0].value == "Modenhet"


def test_changing_language_midway_keeps_every_answer(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("answer", engagement)
    for question, value in enumerate((1, 5, "DK", "NA")):
        page.main.radio[question].set_value(value).run()
    before = stored(service, engagement)

    page.sidebar.segmented_control[0].set_value("en").run()

    assert [r.value for r in page.main.radio] == [1, 5, "DK", "NA"]
    assert page.main.title[0].value == builtin("full").prose["en"].criteria["C1"].title
    assert "4 of 33 answered" in words(page)
    assert stored(service, engagement) == before
    page.main.radio[0].set_value(2).run()
    assert stored(service, engagement) == before | {"C1.1": Answer(value=2)}
    page.sidebar.segmented_control[0].set_value("nb").run()
    assert [r.value for r in page.main.radio] == [2, 5, "DK", "NA"]


def test_a_role_is_shown_only_what_it_can_see(app: OpenApp, service: Service) -> None:
    beginning = Beginning(organisation="Fjordvik", role="TM", training_planned="no", view="role")

    page = app("answer", service.begin(beginning, "nb"))

    assert "0 av 8 besvart" in words(page)


def test_the_example_cannot_be_answered(app: OpenApp, service: Service) -> None:
    page = app("answer", service.open_demo())

    assert len(page.main.radio) == 0
    assert buttons(page) == ["Se resultatet"]


def test_an_answer_that_is_not_written_is_said_and_can_be_given_again(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    page = app("answer", engagement)

    with kept_busy(database, monkeypatch):
        service._store.close()
        page.main.radio[0].set_value(3).run()
        assert "Ikke lagret." in told(page)
        assert "holder databasen" in told(page)
    assert stored(service, engagement) == {}
    assert saved_lines(page) == 0

    page.main.radio[0].set_value(4).run()

    assert stored(service, engagement) == {"C1.1": Answer(value=4)}
    assert 'role="alert"' not in words(page)


def test_no_level_name_or_number_is_beside_a_choice(app: OpenApp, solo: MakeSolo) -> None:
    text = everything(app("answer", solo("none")))

    assert not [name for name in ("Tilfeldig", "Gryende", "Definert", "Styrt", "nivå 1") if name in text]
