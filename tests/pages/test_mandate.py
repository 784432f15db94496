"""Mandate and preconditions: both optional, what is not said stays unknown, and every change says why."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessment.engagement import EngagementId, Mandate
from assessment.packs import builtin
from assessment.service import Service
from assessment.settings import settings
from assessment.store import SqliteStore
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, never_shown, told
from tests.store.situations import MONDAY

SAVE = {"nb": "Lagre mandatet", "en": "Save the mandate"}
PROCESSES = {"nb": "Hvor mange salgsprosesser er med?", "en": "How many sales processes are included?"}
HORIZON = {"nb": "Hvor mange måneder har dere på dere?", "en": "How many months do you have?"}
REASON = {"nb": "Hvorfor endres mandatet?", "en": "Why does the mandate change?"}
DEPARTMENT = {"nb": "Avdeling", "en": "Department"}
CONTACT = {"nb": "Kontakt i avdeling", "en": "Contact in department"}


def field(page: AppTest, label: str) -> Any:
    kinds = ("text_input", "radio", "segmented_control", "multiselect")
    return next(box for kind in kinds for box in page.main.get(kind) if box.label == label)


def has(page: AppTest, label: str) -> bool:
    return label in {box.label for box in page.main.text_input}


def saved(service: Service, engagement: EngagementId) -> Mandate:
    mandate = service.mandate(engagement)
    assert mandate is not None
    return mandate


def with_processes(service: Service, engagement: EngagementId, *names: str) -> list[str]:
    return [service.add_own_process(engagement, name, "nb") for name in names]


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("mandate", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_with_nothing_said_it_says_that_nothing_is_known(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    engagement = solo("none")
    page = app("mandate", engagement, lang=lang)

    known = {"nb": "mandatet er ikke beskrevet · 0 av 7", "en": "the mandate is not described · 0 of 7"}[lang]
    assert known in words(page)
    assert [r.value for r in page.main.radio] == [None] * 2
    assert {t.value for t in page.main.text_input} == {""}
    assert [s.value for s in page.main.segmented_control[1:]] == [None] * 4
    assert not has(page, REASON[lang])
    readiness = app("mandate", engagement, lang=lang, p="readiness")
    assert [r.value for r in readiness.main.radio] == [None] * 7


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_is_said_is_saved_and_shown_again(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("none")
    page = app("mandate", engagement, lang=lang)
    page.main.radio[0].set_value("sales_plus")
    field(page, PROCESSES[lang]).set_value("3")
    field(page, f"{DEPARTMENT[lang]} 1").set_value(" Leveranse ")
    field(page, f"{CONTACT[lang]} 1").set_value("Leveransesjef").run()
    field(page, f"{DEPARTMENT[lang]} 2").set_value("Økonomi")
    field(page, HORIZON[lang]).set_value("9")
    page.main.radio[1].set_value("TM")
    for place, value in ((1, True), (2, False)):
        page.main.segmented_control[place].set_value(value)
    field(page, {"nb": "Budsjett (kr)", "en": "Budget (NOK)"}[lang]).set_value("250 000").run()

    page = press(page, SAVE[lang])

    mandate = saved(service, engagement)
    assert (mandate.scope, mandate.processes_in_scope, mandate.horizon_months) == ("sales_plus", 3, 9)
    assert (mandate.departments, mandate.counterparts) == (("Leveranse", "Økonomi"), {"Leveranse": "Leveransesjef"})
    assert (mandate.owner, mandate.budget_nok, mandate.hours) == ("TM", 250_000, None)
    assert (mandate.may_change_process, mandate.may_change_system) == (True, False)
    assert (mandate.may_change_model, mandate.may_change_organisation) == (None, None)
    assert 'role="status">✓' in words(page)
    again = app("mandate", engagement, lang=lang)
    assert (again.main.radio[0].value, field(again, HORIZON[lang]).value) == ("sales_plus", "9")
    assert field(again, f"{DEPARTMENT[lang]} 2").value == "Økonomi"
    lacks = {"nb": "Ingen kontakt ennå i Økonomi", "en": "No contact yet in Økonomi"}[lang]
    assert lacks in words(again)
    assert 'role="status">✓' not in words(again)
    assert never_shown(again) == []


def test_what_is_not_said_is_never_a_no(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all")
    page = app("mandate", engagement)
    page.main.radio[0].set_value("company")

    press(page, SAVE["nb"])

    mandate, advice = saved(service, engagement), service.advice(engagement)
    assert (mandate.owner, mandate.horizon_months, mandate.processes_in_scope) == (None, None, None)
    assert (mandate.may_change_system, mandate.may_change_organisation) == (None, None)
    assert advice is not None
    assert [s.id for s in advice.recommendation.strategies if s.excluded] == []


def test_a_department_named_twice_is_named_once_and_an_emptied_one_is_out(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("none")
    page = app("mandate", engagement)
    for place, name in ((1, "Leveranse"), (2, "Økonomi"), (3, "Leveranse")):
        field(page, f"Avdeling {place}").set_value(name).run()
    field(page, "Avdeling 2").set_value("").run()

    press(page, SAVE["nb"])

    assert saved(service, engagement).departments == ("Leveranse",)


# ---------------------------------------------------------------- reasons and versions


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_change_needs_a_reason_and_nothing_typed_is_lost_meanwhile(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement = solo("none")
    service.save_mandate(engagement, {"scope": "named", "horizon_months": 6})
    page = app("mandate", engagement, lang=lang)
    assert not has(page, REASON[lang])
    field(page, HORIZON[lang]).set_value("12").run()

    page = press(page, SAVE[lang])
    refusal = {"nb": "Skriv i én setning hvorfor", "en": "Write in one sentence why"}[lang]
    assert refusal in told(page)
    assert saved(service, engagement).version == 1
    other = "en" if lang == "nb" else "nb"
    page.sidebar.segmented_control[0].set_value(other).run()
    assert field(page, HORIZON[other]).value == "12"
    field(page, REASON[other]).set_value("Styret ga mer tid").run()
    page.sidebar.segmented_control[0].set_value(lang).run()
    assert field(page, REASON[lang]).value == "Styret ga mer tid"
    page = press(page, SAVE[lang])

    mandate = saved(service, engagement)
    assert (mandate.version, mandate.horizon_months, mandate.reason) == (2, 12, "Styret ga mer tid")
    listed = {"nb": ("2 versjoner", "Måneder: fra 6 til 12"), "en": ("2 versions", "Months: from 6 to 12")}[lang]
    assert all(line in words(page) for line in (*listed, "Styret ga mer tid"))


def test_without_a_change_nothing_is_saved(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    assert "Ingenting er endret" in told(press(app("mandate", engagement), SAVE["nb"]))
    assert service.mandate(engagement) is None


@pytest.mark.parametrize(
    ("typed", "says"), [("2,5", "helt antall måneder"), ("200", "helt antall måneder"), ("mye", "Skriv et tall")]
)
def test_a_figure_that_cannot_be_is_refused_and_stays_where_it_was_typed(
    app: OpenApp, solo: MakeSolo, service: Service, typed: str, says: str
) -> None:
    engagement = solo("none")
    page = app("mandate", engagement)
    page.main.radio[0].set_value("named")
    field(page, HORIZON["nb"]).set_value(typed).run()
    assert says in told(page)

    page = press(page, SAVE["nb"])

    assert "Rett feltet" in told(page)
    assert field(page, HORIZON["nb"]).value == typed
    assert service.mandate(engagement) is None
    field(page, HORIZON["nb"]).set_value("9").run()
    press(page, SAVE["nb"])
    assert saved(service, engagement).horizon_months == 9


def test_changes_can_be_discarded_and_brought_back(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    service.save_mandate(engagement, {"horizon_months": 6})
    page = app("mandate", engagement)
    field(page, HORIZON["nb"]).set_value("12").run()

    page = press(page, "Forkast endringene")
    assert field(page, HORIZON["nb"]).value == "6"
    assert "lagt til side" in words(page)
    page = press(page, "Angre")

    assert field(page, HORIZON["nb"]).value == "12"
    assert "lagt til side" not in words(page)
    assert saved(service, engagement).version == 1


def test_an_earlier_version_is_taken_up_as_a_new_one(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    one, other = with_processes(service, engagement, "Tilbud", "Ordre")
    first = {"scope": "named", "process_ids": (one, other), "processes_in_scope": 2, "departments": ("Leveranse",)}
    service.save_mandate(engagement, first)
    service.save_mandate(
        engagement,
        {"scope": "company", "departments": (), "process_ids": (one,), "processes_in_scope": 1, "reason": "Styret"},
    )
    service.remove_process(engagement, other)  # type: ignore[arg-type]
    page = app("mandate", engagement)
    assert "1 som ikke lenger står på listen" in words(page)
    field(page, HORIZON["nb"]).set_value("12").run()

    page = press(page, "Ta opp igjen versjon 1")

    assert (page.main.radio[0].value, field(page, "Avdeling 1").value) == ("named", "Leveranse")
    assert (field(page, "Hvilke prosesser er med?").value, field(page, HORIZON["nb"]).value) == ([one], "")
    assert "lagt til side" in words(page)
    field(page, REASON["nb"]).set_value("Styret angret").run()
    press(page, SAVE["nb"])
    mandate = saved(service, engagement)
    assert (mandate.version, mandate.scope, mandate.departments) == (3, "named", ("Leveranse",))
    assert (mandate.process_ids, mandate.reason) == ((one,), "Styret angret")


# ---------------------------------------------------------------- processes and departments


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_processes_are_picked_from_the_list_and_counted(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement = solo("none")
    one, other = with_processes(service, engagement, "Tilbud & pris", "Ordre")
    service.save_mandate(engagement, {"processes_in_scope": 6})
    page = app("mandate", engagement, lang=lang)
    assert not has(page, PROCESSES[lang])
    assert {"nb": "6 prosesser uten å si hvilke", "en": "6 processes without saying which"}[lang] in words(page)

    picked = field(page, {"nb": "Hvilke prosesser er med?", "en": "Which processes are included?"}[lang])
    assert picked.options == ["Tilbud & pris", "Ordre"]
    picked.set_value([other]).run()
    assert {"nb": "1 prosess er med", "en": "1 process is included"}[lang] in words(page)
    field(page, REASON[lang]).set_value("Bare ordre").run()
    page = press(page, SAVE[lang])

    mandate = saved(service, engagement)
    assert (mandate.process_ids, mandate.processes_in_scope) == ((other,), 1)
    assert never_shown(page, one, other) == []


def test_what_the_process_list_says_of_the_mandate_can_be_taken_over_and_is_held_against_it(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("none")
    one, other = with_processes(service, engagement, "Tilbud", "Ordre")
    service.describe_process(engagement, one, {"in_mandate": True})  # type: ignore[arg-type]
    service.describe_process(engagement, other, {"in_mandate": False})  # type: ignore[arg-type]
    page = press(app("mandate", engagement), "Ta med den ene som prosesslisten har innenfor mandatet")
    assert field(page, "Hvilke prosesser er med?").value == [one]
    assert "sier noe annet" not in words(page)

    field(page, "Hvilke prosesser er med?").set_value([other]).run()

    assert "Prosesslisten sier noe annet om mandatet for: Tilbud og Ordre." in words(page)


def test_a_department_from_before_contacts_were_asked_for_still_counts(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("all", value=4, C5_4=1, C5_5=1)
    before = Mandate(scope="all_sales", departments=("Leveranse",), counterparts={"Leveranse": None})
    SqliteStore(settings().database).save_mandate(engagement, before, MONDAY)
    page = app("mandate", engagement)
    assert "Leveranse ble ført opp som avdeling med kontakt før vi spurte" in words(page)

    field(page, HORIZON["nb"]).set_value("9").run()
    field(page, REASON["nb"]).set_value("Mer tid").run()
    press(page, SAVE["nb"])

    advice = service.advice(engagement)
    assert advice is not None
    assert advice.recommendation.strategy("S4").excluded == ()


# ---------------------------------------------------------------- preconditions


@pytest.mark.parametrize("value", [1, 5, "DK", "NA"])
def test_a_precondition_is_on_disk_when_the_page_says_saved(
    app: OpenApp, solo: MakeSolo, service: Service, value: int | str
) -> None:
    engagement = solo("none")
    page = app("mandate", engagement, p="readiness")

    page.main.radio[0].set_value(value).run()

    assert {item: a.value for item, a in service.readiness(engagement).items()} == {"P1": value}
    assert words(page).count('role="status">✓') == 1
    assert "1 av 7" in words(page)


def test_changing_language_midway_keeps_the_preconditions(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("mandate", engagement, p="readiness")
    page.main.radio[0].set_value(4).run()
    page.main.radio[1].set_value("DK").run()

    page.sidebar.segmented_control[0].set_value("en").run()

    assert [r.value for r in page.main.radio[:3]] == [4, "DK", None]
    anchors = builtin("readiness").prose["en"].items["P1"].anchors
    assert page.main.radio[0].options[:5] == list(anchors)
    assert {item: a.value for item, a in service.readiness(engagement).items()} == {"P1": 4, "P2": "DK"}


def test_going_to_the_preconditions_and_back_keeps_what_is_typed(app: OpenApp, solo: MakeSolo) -> None:
    page = app("mandate", solo("none"))
    field(page, HORIZON["nb"]).set_value("9").run()

    page.main.segmented_control[0].set_value("readiness").run()
    assert len(page.main.radio) == 7
    page.main.segmented_control[0].set_value("").run()

    assert field(page, HORIZON["nb"]).value == "9"


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_shows_its_mandate_and_how_it_changed(app: OpenApp, service: Service, lang: str) -> None:
    page = app("mandate", service.open_demo(), lang=lang)

    given = {"nb": "mandatet er beskrevet · 7 av 7", "en": "the mandate is described · 7 of 7"}[lang]
    assert given in words(page)
    assert field(page, f"{DEPARTMENT[lang]} 2").value == "Økonomi"
    assert len(field(page, {"nb": "Hvilke prosesser er med?", "en": "Which processes are included?"}[lang]).value) == 8
    scope = {
        "nb": "Omfang: fra alt i salg til salg og avdelinger rundt",
        "en": "Scope: from all of sales to sales and the departments around it",
    }[lang]
    assert scope in words(page)
    assert never_shown(page) == []


def test_what_is_not_written_is_said_and_can_be_said_again(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    page, readiness = app("mandate", engagement), app("mandate", engagement, p="readiness")

    with kept_busy(database, monkeypatch):
        service._store.close()
        readiness.main.radio[0].set_value(3).run()
        assert "Ikke lagret." in told(readiness)
        page.main.radio[0].set_value("named")
        page = press(page, SAVE["nb"])
        assert "holder databasen" in told(page)
    assert (service.mandate(engagement), service.readiness(engagement)) == (None, {})

    press(page, SAVE["nb"])

    assert saved(service, engagement).scope == "named"
