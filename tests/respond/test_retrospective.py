"""How it was before: asked after the full set in the measurement after three months, and kept apart from it."""

from pathlib import Path

import pytest

from assessment.engagement import Answer, ItemId
from assessment.packs import builtin
from assessment.respondents import course, profile
from tests.respond.conftest import Phone, surface_of
from tests.respond.invited import Survey

BEFORE = "Slik var det før"


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    return Survey(tmp_path / "t2.db", label="T2")


def begun(survey: Survey, phone: Phone) -> str:
    token = survey.link()
    phone.get(f"/s/{token}")
    phone.post(f"/s/{token}", data={"role": "S"})
    return token


@pytest.mark.parametrize(("label", "pack", "asked"), [("T0", "full", 7), ("T2", "full", 8), ("T2", "pulse", 1)])
def test_only_the_full_set_after_three_months_asks_it(tmp_path: Path, label: str, pack: str, asked: int) -> None:
    survey = Survey(tmp_path / "x.db", pack=pack, label=label)
    phone = Phone(surface_of(survey))
    token = begun(survey, phone)

    page = phone.get(f"/s/{token}/{asked}").text

    assert (BEFORE in page) == (asked == 8)
    assert phone.get(f"/s/{token}/{asked + 1}").status_code == 404


def test_the_answers_are_kept_apart_and_come_back(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    phone.post(f"/s/{token}/1", data={"C1.1": "4"})
    reply = phone.post(f"/s/{token}/8", data={"PU1": "2", "PU2": "DK"})
    saved = phone.post(f"/s/{token}/save", json={"item": "PU3", "value": 1})

    assert reply.headers["location"] == f"/s/{token}/thanks"
    assert saved.json() == {"state": "saved"}
    (response,) = survey.store.responses(survey.wave)
    assert {i: a.value for i, a in response.answers.items()} == {"C1.1": 4}
    assert {i: a.value for i, a in response.retrospective.items()} == {"PU1": 2, "PU2": "DK", "PU3": 1}
    page = phone.get(f"/s/{token}/8").text
    assert 'name="PU1" value="2" checked' in page
    assert page.count("checked") == 3


@pytest.mark.parametrize("given", [{"item": "PU1", "value": "NA"}, {"item": "PU8", "value": 1}])
def test_what_is_not_asked_is_refused(survey: Survey, phone: Phone, given: dict[str, object]) -> None:
    token = begun(survey, phone)

    assert phone.post(f"/s/{token}/save", json=given).status_code == 422
    assert survey.store.responses(survey.wave)[0].retrospective == {}


def test_a_measurement_that_does_not_ask_it_takes_no_answer_to_it(tmp_path: Path) -> None:
    survey = Survey(tmp_path / "t0.db")
    phone = Phone(surface_of(survey))
    token = begun(survey, phone)

    assert phone.post(f"/s/{token}/save", json={"item": "PU1", "value": 1}).status_code == 422


def test_ones_own_profile_is_of_today_only() -> None:
    way = course("full", "S", True)
    today = {ItemId(i.id): Answer(value=4) for i in builtin("full").items if i.id in builtin("full").shown_to("S")}
    before = {ItemId(i.id): Answer(value=1) for i in builtin("pulse").items}

    assert profile(way, {**today, **before}) == profile(course("full", "S"), today)
    assert way.minutes(1, "nb") > course("full", "S").minutes(1, "nb")
