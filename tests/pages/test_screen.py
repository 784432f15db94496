"""The projector: one message a step, nothing that identifies, and nothing of a vote before it is shown."""

import re

import pytest

from assessment.service import Service
from assessment.workshop.records import STANDARD_STEPS, Question, StepKind
from pages.shell import READABLE
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, words
from tests.pages.reading import everything, never_shown
from tests.pages.rooming import at_step, pulse, vote


@pytest.mark.parametrize(
    ("lang", "says", "button"),
    [
        ("nb", "Intet arbeidsmøte er åpent", "Gå til arbeidsmøtet"),
        ("en", "No workshop is open", "Go to the workshop"),
    ],
)
def test_without_a_room_it_leads_to_where_one_is_opened(
    app: OpenApp, solo: MakeSolo, lang: str, says: str, button: str
) -> None:
    page = app("screen", solo("all"), lang=lang)

    assert says in words(page)
    assert buttons(page) == [button]


@pytest.mark.parametrize("kind", list(STANDARD_STEPS))
def test_every_step_has_a_title_and_no_control(app: OpenApp, service: Service, kind: StepKind) -> None:
    engagement = service.open_demo()
    view = at_step(service, engagement, kind)

    for lang, name in (("nb", "Eksempelfjord"), ("en", "Eksempelfjord")):
        page = app("screen", engagement, lang=lang)
        assert never_shown(page, view.room.id, view.step.id) == []
        assert len(page.main.get("title")) == 1
        assert buttons(page) == []
        assert not [kind for kind in ("text_area", "text_input", "selectbox", "multiselect") if page.main.get(kind)]
        assert (name in words(page)) == (kind == "frame")


@pytest.mark.parametrize(("lang", "says"), [("nb", "Vi fortsetter kl."), ("en", "We go on at")])
def test_covered_it_shows_the_organisation_and_when_it_goes_on(
    app: OpenApp, service: Service, lang: str, says: str
) -> None:
    engagement = service.open_demo()
    at_step(service, engagement, "result")
    service.hide_screen(engagement)

    page = app("screen", engagement, lang=lang)

    assert page.main.title[0].value == "Eksempelfjord Ventilteknikk AS"
    assert re.search(rf"{re.escape(says)} \d\d:\d\d", words(page))
    assert not page.main.get("vega_lite_chart")
    assert "Høyest" not in words(page)


def test_before_it_is_shown_a_vote_is_a_number_and_nothing_else(
    app: OpenApp, service: Service, group: MakeGroup
) -> None:
    engagement = group({"S": 6, "SL": 2})
    pulse(service, engagement, 2, 2, 3)
    few = everything(app("screen", engagement))
    vote(service, engagement, *({"PU1": "5"} for _ in range(4)))

    many = everything(app("screen", engagement))

    assert "3 av 3 har svart. Det må være minst 5 svar" in few
    assert "7 av 7 har svart." in many
    # nothing differs but the number and what it is enough for
    assert set(few.splitlines()) ^ set(many.splitlines()) <= {
        line for line in [*few.splitlines(), *many.splitlines()] if "har svart" in line
    }
    assert "sf-lines" not in many


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_shown_it_has_a_dot_for_each_area_and_the_guess_beside(
    app: OpenApp, service: Service, group: MakeGroup, lang: str
) -> None:
    engagement = group({"S": 6, "SL": 2})
    pulse(service, engagement, 2, 2, 3, 3, 4, 4)
    service.reveal(engagement)

    said = words(app("screen", engagement, lang=lang))

    assert said.count("<b>3,0</b>" if lang == "nb" else "<b>3.0</b>") == 7
    guessed = {"nb": "Dere gjettet", "en": "You guessed"}[lang]
    assert guessed in said


def test_with_fewer_than_k_nothing_is_shown(app: OpenApp, service: Service, group: MakeGroup) -> None:
    engagement = group({"S": 6, "SL": 2})
    pulse(service, engagement, 2, 2, 3, 3)
    service.reveal(engagement)

    said = words(app("screen", engagement))

    assert "Færre enn 5 svarte" in said
    assert "sf-lines" not in said
    assert "Dere gjettet" not in said


def test_dots_are_ranked_once_they_are_shown(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    at_step(service, engagement, "quick_wins")
    service.open_ballot(engagement, "dots", [Question(id="a", nb="Frist"), Question(id="b", nb="Sjekkliste <b>")])
    vote(service, engagement, *({"b": "3"} for _ in range(5)), {"a": "1"})
    assert "prikker</b>" not in words(app("screen", engagement))
    service.reveal(engagement)

    said = words(app("screen", engagement))

    assert said.index("Sjekkliste &lt;b&gt;") < said.index("Frist")
    assert "15 prikker" in said


@pytest.mark.parametrize(("people", "drawn"), [(12, 37), (21, 0)])
def test_every_dot_is_drawn_or_none(app: OpenApp, service: Service, people: int, drawn: int) -> None:
    engagement = service.open_demo()
    at_step(service, engagement, "quick_wins")
    service.open_ballot(engagement, "dots", [Question(id="a", nb="Frist"), Question(id="b", nb="Sjekkliste")])
    vote(service, engagement, *({"b": "3"} for _ in range(people)), {"a": "1"})
    service.reveal(engagement)

    said = words(app("screen", engagement))

    assert f"{3 * people} prikker" in said
    assert said.count("●") == drawn


def test_a_question_chosen_shows_the_two_ends_side_by_side(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    view = at_step(service, engagement, "result")
    assert app("screen", engagement).main.get("vega_lite_chart")
    service.describe_step(engagement, view.step.id, {"outcome": "Tydelige prosesser"})

    for lang in ("nb", "en"):  # chosen in one language, it is chosen in the other
        page = app("screen", engagement, lang=lang)
        assert words(page).count("sf-ends") == 1
        assert not page.main.get("vega_lite_chart")


def test_who_may_only_see_results_has_no_screen() -> None:
    assert not {"workshop", "screen"} & READABLE
