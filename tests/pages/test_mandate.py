"""Mandate and preconditions: both optional, saved as said, and what is not said stays unknown."""

from pathlib import Path

import pytest

from assessment.packs import builtin
from assessment.service import Service
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, told

SAVE = {"nb": "Lagre mandatet", "en": "Save the mandate"}


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("mandate", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_with_nothing_said_it_says_that_nothing_is_known(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page = app("mandate", solo("none"), lang=lang)

    assert {"nb": "mandatet er ikke beskrevet · 0 av 7", "en": "the mandate is not described · 0 of 7"}[lang] in words(
        page
    )
    assert [r.value for r in page.main.radio] == [None] * 9
    assert [n.value for n in page.main.number_input] == [None, None]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_is_said_is_saved_and_shown_again(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("none")
    page = app("mandate", engagement, lang=lang)
    page.main.radio[0].set_value("sales_plus")
    page.main.number_input[0].set_value(3)
    page.main.number_input[1].set_value(9)
    page.main.text_input[0].set_value(" Leveranse ,, Økonomi, ")
    page.main.radio[1].set_value("TM")
    page.main.multiselect[0].set_value(["process", "system"])

    page = press(page, SAVE[lang])

    mandate = service.mandate(engagement)
    assert mandate is not None
    assert (mandate.scope, mandate.processes_in_scope, mandate.horizon_months) == ("sales_plus", 3, 9)
    assert (mandate.departments, mandate.owner) == (("Leveranse", "Økonomi"), "TM")
    assert (mandate.may_change_process, mandate.may_change_system) == (True, True)
    assert (mandate.may_change_model, mandate.may_change_organisation) == (False, False)
    assert 'role="status">✓' in words(page)
    again = app("mandate", engagement, lang=lang)
    assert (again.main.radio[0].value, again.main.number_input[1].value) == ("sales_plus", 9)
    assert 'role="status">✓' not in words(again)


def test_what_is_not_said_is_never_a_no(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all")
    page = app("mandate", engagement)
    page.main.radio[0].set_value("company")

    press(page, SAVE["nb"])

    mandate, advice = service.mandate(engagement), service.advice(engagement)
    assert mandate is not None
    assert (mandate.owner, mandate.horizon_months, mandate.processes_in_scope) == (None, None, None)
    assert (mandate.may_change_system, mandate.may_change_organisation) == (None, None)
    assert advice is not None
    assert [s.id for s in advice.recommendation.strategies if s.excluded] == []


def test_a_department_named_twice_is_named_once(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("mandate", engagement)
    page.main.text_input[0].set_value("Leveranse, Leveranse")

    page = press(page, SAVE["nb"])

    mandate = service.mandate(engagement)
    assert mandate is not None
    assert mandate.departments == ("Leveranse",)


@pytest.mark.parametrize("value", [1, 5, "DK", "NA"])
def test_a_precondition_is_on_disk_when_the_page_says_saved(
    app: OpenApp, solo: MakeSolo, service: Service, value: int | str
) -> None:
    engagement = solo("none")
    page = app("mandate", engagement)

    page.main.radio[2].set_value(value).run()

    assert {item: a.value for item, a in service.readiness(engagement).items()} == {"P1": value}
    assert words(page).count('role="status">✓') == 1
    assert "1 av 7" in words(page)


def test_changing_language_midway_keeps_the_preconditions(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("mandate", engagement)
    page.main.radio[2].set_value(4).run()
    page.main.radio[3].set_value("DK").run()

    page.sidebar.segmented_control[0].set_value("en").run()

    assert [r.value for r in page.main.radio[2:5]] == [4, "DK", None]
    anchors = builtin("readiness").prose["en"].items["P1"].anchors
    assert page.main.radio[2].options[:5] == list(anchors)
    assert {item: a.value for item, a in service.readiness(engagement).items()} == {"P1": 4, "P2": "DK"}


def test_the_example_shows_its_mandate(app: OpenApp, service: Service) -> None:
    page = app("mandate", service.open_demo(), lang="en")

    assert "the mandate is described · 7 of 7" in words(page)
    assert page.main.text_input[0].value == "Leveranse, Økonomi"


def test_what_is_not_written_is_said_and_can_be_said_again(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    page = app("mandate", engagement)

    with kept_busy(database, monkeypatch):
        service._store.close()
        page.main.radio[2].set_value(3).run()
        assert "Ikke lagret." in told(page)
        page.main.radio[0].set_value("named")
        page = press(page, SAVE["nb"])
        assert "holder databasen" in page.error[0].value
    assert (service.mandate(engagement), service.readiness(engagement)) == (None, {})

    page = press(page, SAVE["nb"])

    mandate = service.mandate(engagement)
    assert mandate is not None
    assert mandate.scope == "named"
