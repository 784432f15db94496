"""The follow-up: verdicts, what counts as realised and why not, signing and undoing it, and the timeline."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.service import Service
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, never_shown, told

CONFIRM = {"nb": "Bekreft som realisert", "en": "Confirm as realised"}
WITHDRAW = {"nb": "Trekk bekreftelsen tilbake", "en": "Withdraw the confirmation"}
AMOUNT = {"nb": "Hva gir den i et helt år? (kr)", "en": "What does it give in a full year? (NOK)"}


def field(page: AppTest, label: str) -> Any:
    return next(box for box in page.main.text_input if box.label == label)


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("follow_up", lang=lang)) == [button]


@pytest.mark.parametrize(("lang", "says"), [("nb", "Virker tiltakene?"), ("en", "Do the actions work?")])
def test_with_nothing_to_follow_it_says_what_to_begin_with(app: OpenApp, solo: MakeSolo, lang: str, says: str) -> None:
    page = app("follow_up", solo("none"), lang=lang)

    assert says in words(page)
    assert len(buttons(page)) == 2
    assert page.main.get("vega_lite_chart") == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_leads_with_what_is_realised_of_what_was_expected(
    app: OpenApp, service: Service, lang: str
) -> None:
    page = app("follow_up", service.open_demo(), lang=lang)

    said = words(page).replace("\u00a0", " ")
    assert {"nb": "90 000 kr av 1,2 mill. kr i året er realisert (8 %)", "en": "is realised (8%)"}[lang] in said
    assert {"nb": "1 av 2 nøkkeltall har endret seg", "en": "1 of 2 key figures have changed"}[lang] in said
    assert {"nb": "Lavere salgskostnad, bekreftet av Salgsleder", "en": "confirmed by Salgsleder"}[lang] in said
    assert {"nb": "Versjon 2 av mandatet", "en": "Version 2 of the mandate"}[lang] in said
    assert len(page.main.get("vega_lite_chart")) == 2
    assert never_shown(page) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_the_kpi_does_not_show_cannot_be_confirmed_and_the_page_says_why(
    app: OpenApp, service: Service, lang: str
) -> None:
    page = app("follow_up", service.open_demo(), lang=lang, p="B3")

    assert {"nb": "viser bare naturlig variasjon", "en": "natural variation only"}[lang] in words(page)
    assert CONFIRM[lang] not in buttons(page)
    assert never_shown(page) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_confirmation_is_withdrawn_undone_and_given_anew_for_another_amount(
    app: OpenApp, service: Service, lang: str
) -> None:
    demo = service.open_demo()

    def realised() -> float:
        return service.follow_up(demo).realised

    page = press(app("follow_up", demo, lang=lang, p="B2"), WITHDRAW[lang])
    assert realised() == 0
    page = press(page, {"nb": "Angre", "en": "Undo"}[lang])
    assert realised() == 90_000
    page = press(page, WITHDRAW[lang])
    field(page, AMOUNT[lang]).set_value("80 000").run()
    assert 'role="status">✓' in words(page)
    page = press(page, CONFIRM[lang])

    assert realised() == 80_000
    assert WITHDRAW[lang] in buttons(page)
    assert {"nb": "Angre", "en": "Undo"}[lang] not in buttons(page)


def test_what_another_window_has_changed_meanwhile_is_a_sentence(app: OpenApp, service: Service) -> None:
    demo = service.open_demo()
    before = service.withdraw_benefit(demo, "B2")
    page = app("follow_up", demo, p="B2")
    late = app("follow_up", demo, p="B2")
    service.restore_benefit(demo, before)
    field(page, AMOUNT["nb"]).set_value("10").run()
    assert service.follow_up(demo).realised == 90_000

    service.withdraw_benefit(demo, "B2")
    service.describe_benefit(demo, "B2", {"owner": None})
    press(late, CONFIRM["nb"])
    assert service.follow_up(demo).realised == 0


def test_a_benefit_that_fell_back_is_told_on_both_pages(app: OpenApp, service: Service) -> None:
    demo = service.open_demo()
    service.describe_benefit(demo, "B2", {"kpi_id": None})

    assert "Én bekreftet gevinst teller ikke lenger" in words(app("follow_up", demo))
    assert "Gevinsten teller ikke lenger som realisert" in words(app("follow_up", demo, p="B2"))
    assert service.follow_up(demo).realised == 0


def test_a_write_that_fails_says_so_and_keeps_nothing(
    app: OpenApp, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = service.open_demo()
    page = app("follow_up", demo, p="B3")
    with kept_busy(database, monkeypatch):
        field(page, AMOUNT["nb"]).set_value("1").run()
        assert told(page)

    benefit = service.follow_up(demo).find("B3")
    assert benefit is not None
    assert benefit.told.amount == 60_000


def test_who_may_only_read_sees_everything_and_changes_nothing(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = service.open_demo()
    monkeypatch.setattr(session, "actor", lambda: Actor("link", engagement=demo, scope="results"))
    monkeypatch.setattr(session, "may", lambda need: need == "read")
    monkeypatch.setattr(session, "service", lambda: service)

    page = app("follow_up", demo, p="B2")

    assert "realisert (8" in words(page)
    assert WITHDRAW["nb"] not in buttons(page)
    assert page.main.text_input == []
