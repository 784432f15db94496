"""The waste register: hours by waste, a share of what is known, and no hour twice."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId, WasteRow
from assessment.service import Service
from assessment.settings import settings
from assessment.store import SqliteStore
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told
from tests.store.test_waste import a_stage

CODES = re.compile(r"\bW[1-8]\b")


def row_of(service: Service, engagement: EngagementId) -> WasteRow:
    (row,) = service.waste(engagement).rows
    return row


def listed(service: Service, engagement: EngagementId, code: str, **about: object) -> str:
    """The id of a row of this waste."""
    row = service.add_waste(engagement, code)  # type: ignore[arg-type]
    service.describe_waste(engagement, row, about)
    return row


def processes_of(service: Service, engagement: EngagementId, hours: float) -> None:
    service.describe_process(engagement, service.add_own_process(engagement, "Salg", "nb"), {"hours_month": hours})


def field(page: AppTest, label: str) -> AppTest:
    return next(box for kind in ("text_input", "selectbox") for box in page.main.get(kind) if box.label == label)


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("waste", lang=lang)) == [button]


@pytest.mark.parametrize(
    ("lang", "lead", "rule"),
    [
        ("nb", "Hvor går timene bort?", "En time føres ett sted"),
        ("en", "Where do the hours go?", "An hour is listed in one place"),
    ],
)
def test_with_none_it_offers_the_eight_with_examples(
    app: OpenApp, solo: MakeSolo, lang: str, lead: str, rule: str
) -> None:
    page = app("waste", solo("none"), lang=lang)

    assert lead in words(page)
    assert rule in words(page)
    (kinds,) = page.main.selectbox
    assert len(kinds.options) == 8
    assert all(": " in option for option in kinds.options)
    assert not page.main.get("vega_lite_chart")
    assert never_shown(page) == CODES.findall(everything(page)) == []


def test_a_waste_is_added_by_choosing_it_and_described_as_it_is_typed(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("none")
    page = app("waste", engagement)

    field(page, "Hva slags sløsing?").set_value("W4").run()
    row = row_of(service, engagement)
    assert (row.code, page.query_params["p"]) == ("W4", row.id)
    field(page, "Hva skjer?").set_value("Venter på pris").run()
    assert 'role="status">✓' in words(page)
    field(page, "Hva er årsaken?").set_value("Ingen frist").run()
    field(page, "Timer i måneden, alle til sammen").set_value("40,5").run()
    field(page, "Hva koster en time? (kr)").set_value("650").run()
    field(page, "Hvor ofte skjer det?").set_value("daily").run()
    field(page, "Hvilken funksjon kan gjøre noe med det?").set_value("Innkjøp").run()
    page.main.segmented_control[0].set_value(True).run()
    field(page, "Hva slags sløsing?").set_value("W5").run()

    row = row_of(service, engagement)
    assert (row.code, row.description, row.cause, row.owner) == ("W5", "Venter på pris", "Ingen frist", "Innkjøp")
    assert (row.hours_month, row.hourly_cost_nok, row.frequency, row.in_mandate) == (40.5, 650, "daily", True)
    page.sidebar.segmented_control[0].set_value("en").run()
    assert field(page, "Hours a month, everybody together").value == "40.5"
    assert field(page, "What kind of waste?").value == "W5"
    assert CODES.findall(everything(page)) == []
    page = press(page, "Done")
    assert "Over-processing: Venter på pris" in words(page)
    assert "40.5, NOK\u00a026,325, every day" in words(page)


def test_hours_without_anything_to_compare_with_have_no_share(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    listed(service, engagement, "W7")
    assert "1 sløsing er ført opp, men ingen timer" in words(app("waste", engagement))

    listed(service, engagement, "W4", hours_month=12)

    page = app("waste", engagement)
    assert "12 timer i måneden er ført som sløsing" in words(page)
    assert "Andelen vises når timene er ført på prosessene" in words(page)
    assert "Venting tar flest timer" in words(page)
    assert len(page.main.get("vega_lite_chart")) == 1


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_more_hours_than_there_are_is_said_and_put_right(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement = solo("none")
    processes_of(service, engagement, 100)
    row = listed(service, engagement, "W4", hours_month=130)
    says = {"nb": "130 timer sløsing, men det er bare 100 timer", "en": "130 hours of waste, but there are only 100"}
    for step in ("", row):
        page = app("waste", engagement, lang=lang, p=step)
        assert says[lang] in words(page)
        assert {"nb": "Minst 30 timer er talt to ganger", "en": "At least 30 hours are counted twice"}[lang] in words(
            page
        )
        assert "%" not in words(page).replace("text-wrap", "")

    label = {"nb": "Timer i måneden, alle til sammen", "en": "Hours a month, everybody together"}[lang]
    field(page, label).set_value("25").run()

    assert says[lang] not in words(page)
    share = {"nb": "25\u00a0% av timene i salg", "en": "25% of the hours in sales"}[lang]
    assert share in words(app("waste", engagement, lang=lang))


def test_with_two_alike_none_is_the_largest(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    listed(service, engagement, "W4", hours_month=12)
    listed(service, engagement, "W7", hours_month=12)

    page = app("waste", engagement)

    assert page.main.header[0].value == "Slik fordeler timene seg"
    assert "flest timer\n" not in words(page)
    assert "Mest går til" not in words(page)


def test_a_row_belongs_to_a_stage_where_there_is_a_stream(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    row = listed(service, engagement, "W4", hours_month=12)
    stage = a_stage(SqliteStore(settings().database), engagement, "Tilbud & pris")

    page = app("waste", engagement, p=row)
    field(page, "Hvor i verdistrømmen?").set_value(stage).run()

    assert row_of(service, engagement).stage_id == stage
    assert "Venting (Tilbud &amp; pris)" in words(press(page, "Ferdig"))


def test_an_owner_is_a_function(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("waste", engagement, p=listed(service, engagement, "W4"))

    field(page, "Hvilken funksjon kan gjøre noe med det?").set_value("Ola Hansen").run()

    assert "Dette ligner navnet på en person" in words(page)


def test_what_is_removed_can_be_brought_back(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    before = listed(service, engagement, "W4", hours_month=12)
    kept = row_of(service, engagement)

    page = press(app("waste", engagement, p=before), "Ta bort raden")
    assert "Venting er tatt bort" in words(page)
    assert service.waste(engagement).rows == ()
    page = press(page, "Angre")

    assert row_of(service, engagement) == kept
    assert "er tatt bort" not in words(page)


def test_what_is_not_written_is_said(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    page = app("waste", engagement, p=listed(service, engagement, "W4", hours_month=12))

    with kept_busy(database, monkeypatch):
        service._store.close()
        field(page, "Hva er årsaken?").set_value("Ingen frist").run()
        assert "Ikke lagret." in told(page)

    assert row_of(service, engagement).cause is None


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("step", ["", "demo-waste-1"])
def test_who_may_only_read_sees_and_changes_nothing(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch, lang: str, step: str
) -> None:
    demo = service.open_demo()
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("waste", demo, lang=lang, p=step)

    assert {"nb": "18\u00a0% av timene i salg", "en": "18% of the hours in sales"}[lang] in words(page)
    assert [*page.main.selectbox, *page.main.text_input, *page.main.segmented_control] == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_shows_its_waste_by_hours(app: OpenApp, service: Service, lang: str) -> None:
    page = app("waste", service.open_demo(), lang=lang)

    assert {"nb": "360 av 2\u00a0000 timer", "en": "360 of 2,000 hours"}[lang] in words(page)
    names = re.findall(r'<th scope="row">([\w-]+):', words(page))
    assert (
        names
        == {
            "nb": ["Overproduksjon", "Venting", "Overprosessering", "Feil"],
            "en": ["Over-production", "Waiting", "Over-processing", "Defects"],
        }[lang]
    )
    assert never_shown(page) == CODES.findall(everything(page)) == []
