"""Diagnosis and strategy: the recommendation, what it rests on, what the mandate excludes, and what is unknown."""

import pytest

from assessment.engagement import ItemId, ReadinessAnswer
from assessment.service import Service
from assessment.texts import texts
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import never_shown
from tests.pages.test_maturity import readable

INTERFACES = {"C5_4": 1, "C5_5": 1}


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("strategy", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_with_nothing_answered_it_leads_to_the_questions(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page = press(app("strategy", solo("none"), lang=lang), texts(lang)("strategy.to_answer"))

    assert len(page.main.radio) == 4


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_half_answered_it_says_what_it_is_built_on(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page = app("strategy", solo("none", **{f"C{c}_{n}": 2 for c in (5, 7) for n in range(1, 6)}), lang=lang)

    say = texts(lang)
    assert say("strategy.table.evidence") in readable(words(page))
    assert say("strategy.status.not_assessable") in readable(words(page))
    assert never_shown(page) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_done_it_leads_with_the_strategy_its_reasons_and_the_questions_behind(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    page, say = app("strategy", engagement, lang=lang), texts(lang)

    text = readable(words(page))
    assert say("strategy.lead", name=say("strategy.S4").lower()) in text
    assert say("strategy.S4.say") in text
    assert say("strategy.drivers") in text
    assert say("strategy.mandate_unknown") in text
    assert len(page.main.get("vega_lite_chart")) == 2
    advice = service.advice(engagement)
    assert advice is not None
    assert say.percent(advice.recommendation.stability or 0) in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_when_all_is_well_it_says_hold_and_draws_no_reasons(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page, say = app("strategy", solo("all", value=5), lang=lang), texts(lang)

    text = readable(words(page))
    assert say("strategy.S0.say") in text
    assert say("strategy.diagnosis_none") in text
    assert len(page.main.get("vega_lite_chart")) == 1


def test_what_the_mandate_excludes_is_shown_with_its_reason(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    service.save_mandate(engagement, {"scope": "all_sales", "owner": "SL", "may_change_system": False})

    text = readable(words(app("strategy", engagement)))

    say = texts("nb")
    assert say("strategy.conflict") in text  # the diagnosis points to another department
    for reason in ("no_department_in_scope", "may_not_challenge", "owner_not_top_management"):
        assert say(f"strategy.reason.{reason}") in text


def test_a_mandate_said_in_part_names_what_is_not_said(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", **INTERFACES)
    service.save_mandate(engagement, {"scope": "company"})

    text = readable(words(app("strategy", engagement)))

    say = texts("nb")
    missing = ("processes_in_scope", "horizon_months", "owner")
    assert say(
        "strategy.mandate_partly", fields=say.listing([say(f"strategy.mandate_field.{f}") for f in missing])
    ) in (text)


def test_preconditions_that_fall_short_close_the_gate(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    assert texts("nb")("strategy.gate.unknown") in readable(words(app("strategy", engagement)))
    for n in range(1, 8):
        service.answer_readiness(engagement, ReadinessAnswer(item_id=ItemId(f"P{n}"), value=1 if n == 1 else 5))

    text = readable(words(app("strategy", engagement)))

    say = texts("nb")
    assert say("strategy.gate.red") in text
    assert say("strategy.gate.unknown") not in text
    assert "▲" in text


def test_a_pulse_gives_no_strategy_and_leads_to_the_full_set(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", pack="pulse", value=3)
    page = press(app("strategy", engagement), texts("nb")("strategy.pulse_go"))

    sheet = service.sheet(engagement)
    assert sheet is not None
    assert sheet.pack.id == "full"
    assert len(page.main.radio) == 4


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("wave", ["demo-T0", "demo-T2", "demo-T3"])
def test_every_measurement_of_the_example_has_its_advice(app: OpenApp, service: Service, wave: str, lang: str) -> None:
    page = app("strategy", service.open_demo(), lang=lang, w=wave)

    advice = service.advice(service.open_demo(), wave)
    assert advice is not None
    assert texts(lang)(f"strategy.{advice.recommendation.recommended}.say") in readable(words(page))
    assert never_shown(page) == []


def test_the_reader_goes_on_to_what_to_do(app: OpenApp, solo: MakeSolo) -> None:
    page = press(app("strategy", solo("all")), "Gå til neste steg")

    assert page.main.title[0].value == "Neste steg"
