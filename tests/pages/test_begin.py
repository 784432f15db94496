"""Beginning: what must be said, what a role sees, and where it leads."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Radio

from assessment.packs import ROLES
from assessment.report.handover import HandOvers
from assessment.service import Service
from tests.pages.conftest import OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, told

START = {"nb": "Begynn å svare", "en": "Begin answering"}


def choice(page: AppTest, name: str) -> Radio[Any]:
    """One of the questions with choices, by its name."""
    return next(r for r in page.radio if str(r.key).startswith(f"begin_{name}_"))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_is_missing_is_said_and_nothing_is_made(app: OpenApp, service: Service, lang: str) -> None:
    page = press(app("begin", lang=lang), START[lang])

    warning = page.warning[0].value
    assert warning.count(".") >= 3  # organisation, role, training: a sentence each
    assert service.engagements() == []


def test_a_name_of_blanks_is_no_name(app: OpenApp, service: Service) -> None:
    page = app("begin")
    page.text_input[0].set_value("   ")
    choice(page, "role").set_value("SL")
    choice(page, "training").set_value("no").run()

    page = press(page, START["nb"])

    assert page.warning[0].value == "Skriv navnet på virksomheten, så kan du begynne."
    assert service.engagements() == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_is_said_is_what_the_assessment_holds(app: OpenApp, service: Service, lang: str) -> None:
    page = app("begin", lang=lang)
    page.text_input[0].set_value(" Fjordvik AS ")
    choice(page, "role").set_value("S")
    choice(page, "training").set_value("unknown").run()
    choice(page, "view").set_value("all").run()

    page = press(page, START[lang])

    (overview,) = service.engagements()
    engagement = overview.engagement
    assert (engagement.name, engagement.language, engagement.training_planned) == ("Fjordvik AS", lang, "unknown")
    assert page.query_params["e"] in (engagement.id, [engagement.id])
    assert overview.total == 33
    assert len(page.main.radio) == 4  # the first area's questions


def test_a_role_sees_its_own_questions_unless_it_asks_for_all(app: OpenApp, service: Service) -> None:
    page = app("begin")
    page.text_input[0].set_value("Fjordvik")
    choice(page, "training").set_value("no")
    choice(page, "role").set_value("TM").run()

    assert "8 spørsmål" in everything(page)
    assert "33 spørsmålene" in everything(page)
    press(page, START["nb"])

    assert service.engagements()[0].total == 8


def test_the_pulse_has_no_choice_of_questions(app: OpenApp, service: Service) -> None:
    page = app("begin")
    page.text_input[0].set_value("Fjordvik")
    choice(page, "training").set_value("no")
    choice(page, "role").set_value("TM")
    choice(page, "set").set_value("pulse").run()
    assert len(page.radio) == 4

    page = press(page, START["nb"])

    assert service.engagements()[0].total == 7
    assert len(page.main.radio) == 7


def test_the_consultant_is_no_role_to_begin_with(app: OpenApp) -> None:
    assert len(choice(app("begin"), "role").options) == len(ROLES) - 1


def test_changing_language_midway_keeps_what_was_said(app: OpenApp) -> None:
    page = app("begin")
    page.text_input[0].set_value("Fjordvik")
    choice(page, "role").set_value("OP").run()

    page.sidebar.segmented_control[0].set_value("en").run()

    assert buttons(page) == [START["en"]]
    assert page.text_input[0].value == "Fjordvik"
    assert choice(page, "role").value == "OP"


def test_a_store_that_cannot_be_written_is_a_sentence(
    app: OpenApp, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = app("begin")
    page.text_input[0].set_value("Fjordvik")
    choice(page, "training").set_value("no")
    choice(page, "role").set_value("SL").run()

    with kept_busy(database, monkeypatch):
        assert "holder databasen" in told(press(page, START["nb"]))
    assert service.engagements() == []
    assert "Traceback" not in words(page)


@pytest.mark.parametrize(
    ("lang", "open_", "refused"),
    [("nb", "Åpne vurderingen", "Filen kan ikke åpnes"), ("en", "Open the assessment", "The file cannot be opened")],
)
def test_a_hand_over_file_becomes_an_assessment_or_is_refused_whole(
    app: OpenApp, service: Service, lang: str, open_: str, refused: str
) -> None:
    content = service.beside(HandOvers).hand_over(service.open_demo())
    page = app("begin", lang=lang)

    damaged = page.main.get("file_uploader")[0].set_value([("x.json", content[:-40], "application/json")]).run()
    damaged = press(damaged, open_)
    assert refused in words(damaged)
    assert len(service.engagements()) == 1

    whole = damaged.main.get("file_uploader")[0].set_value([("x.json", content, "application/json")]).run()
    page = press(whole, open_)
    assert len(service.engagements()) == 2
    assert page.query_params["e"] not in ("demo", ["demo"])
