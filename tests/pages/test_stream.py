"""The value stream: begun, told stage by stage, saved as typed, undone, and asked what if."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId
from assessment.service import Service
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told

BEGIN = {"nb": "Begynn med åtte etapper", "en": "Begin with eight stages"}
LEAD = {"nb": "Flaskehalsen er Teknisk: 102\u00a0% belastet", "en": "The bottleneck is Teknisk: 102% loaded"}


def field(page: AppTest, name: str, lang: str = "nb") -> Any:
    """The text field of this name, whatever has renewed its key."""
    (found,) = [f for f in page.main.text_input if re.fullmatch(rf"{re.escape(name)}_{lang}_\d+", f.key)]
    return found


def charts(page: AppTest) -> list[str]:
    """What the page's charts say aloud."""
    return [json.loads(chart.proto.spec)["description"] for chart in page.main.get("vega_lite_chart")]


@pytest.fixture
def demo(service: Service) -> EngagementId:
    return service.open_demo()


# ---------------------------------------------------------------- begin


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("stream", lang=lang)) == [button]


@pytest.mark.parametrize(("lang", "first"), [("nb", "Leadmottak"), ("en", "Lead intake")])
def test_an_empty_stream_is_begun_in_the_readers_language(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, first: str
) -> None:
    engagement = solo("none")
    page = press(app("stream", engagement, lang=lang), BEGIN[lang])
    assert never_shown(page) == []
    stream = service.stream(engagement)
    assert (stream.chain[0].name, stream.flow.bottleneck) == (first, None)
    missing = {"nb": "Mangler ennå: ventetid for 8 etapper", "en": "Still missing: waiting of 8 stages"}[lang]
    assert missing in words(page)
    assert first in charts(page)[0]


def test_the_example_figures_are_a_start_when_asked_for(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = press(app("stream", engagement), "Begynn med eksempeltall dere retter")
    assert LEAD["nb"] in words(page)
    assert len(service.stream(engagement).told.handoffs) == 5


def test_a_stream_that_another_window_began_is_not_begun_twice(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("stream", engagement)
    service.begin_stream(engagement, "nb", worked=False)
    press(page, BEGIN["nb"])
    assert len(service.stream(engagement).chain) == 8


# ---------------------------------------------------------------- the whole chain


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_names_its_bottleneck_and_why(app: OpenApp, demo: EngagementId, lang: str) -> None:
    page = app("stream", demo, lang=lang)
    assert never_shown(page) == []
    said = words(page)
    assert LEAD[lang] in said
    for fact in {
        "nb": [
            "flyteffektivitet 10\u00a0%",
            "13\u00a0%",
            "22\u00a0% av sakene",
            "0,8 saker",
            "synker belastningen til 97",
        ],
        "en": ["flow efficiency 10%", "13%", "22% of cases", "0.8 cases", "falls to 97%"],
    }[lang]:
        assert fact in said
    assert {"nb": "13,8", "en": "13.8"}[lang] in said  # Little's law
    strip, loads = charts(page)
    assert {"nb": "Flaskehals: Teknisk 102\u00a0%", "en": "Bottleneck: Teknisk 102%"}[lang] in strip
    assert loads.startswith("Teknisk")


def test_who_may_only_read_sees_the_chain_and_asks_what_if(
    app: OpenApp, demo: EngagementId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "reader@a.no"))
    page = app("stream", demo, p="demo-V4")
    assert page.main.segmented_control[0].options == ["Hele kjeden", "Hva om"]
    assert len(page.main.text_input) == 0
    assert len(app("stream", demo, p="what_if").main.text_input) == 1


# ---------------------------------------------------------------- one stage


def test_a_figure_is_on_disk_and_redraws_the_chain(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = app("stream", demo, p="demo-V3")
    before = charts(page)
    field(page, "demo-V3_share").set_value("95").run()
    stage = service.stream(demo).stage("demo-V3")
    assert stage is not None
    assert stage.complete_accurate_share == 0.95
    assert 'role="status">✓ Lagret' in words(page)
    assert "Flaskehalsen er Teknisk: 97\u00a0% belastet" in words(page)
    assert charts(page) != before
    assert 'role="status">✓' not in words(page.run())


@pytest.mark.parametrize(
    ("name", "typed", "column", "stored"),
    [
        ("demo-V4_wait", "12,5", "wait_h", 12.5),
        ("demo-V4_wait", "", "wait_h", None),
        ("demo-V4_share", "70 %", "complete_accurate_share", 0.7),
        ("demo-V4_vol", "1 250", "volume_month", 1250),
        ("demo-V4_conv", "100", "conversion_share", 1),
        ("demo-V4_wip", "0", "wip", 0),
        ("demo-V4_back", "12", "reentry_share", 0.12),
        ("demo-V4_department", " Tilbudskontoret ", "department", "Tilbudskontoret"),
        ("demo-V4_department", "", "department", None),
        ("demo-V4_name", "Tilbud & <pris>", "name", "Tilbud & <pris>"),
    ],
)
def test_each_field_is_saved_as_it_is_typed(
    app: OpenApp, demo: EngagementId, service: Service, name: str, typed: str, column: str, stored: object
) -> None:
    page = app("stream", demo, p="demo-V4")
    field(page, name).set_value(typed).run()
    assert getattr(service.stream(demo).stage("demo-V4"), column) == stored
    assert not re.search(r'role="alert"', words(page))


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("demo-V4_wait", "mye", "Skriv et tall"),
        ("demo-V4_wait", "-3", "Skriv et tall"),
        ("demo-V4_share", "120", "Skriv prosent"),
        ("demo-V4_share", "0,85", "Skriv prosent"),
        ("demo-V4_vol", "9" * 15, "større enn"),
        ("demo-V4_name", "  ", "Skriv et navn"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_stays_to_be_mended(
    app: OpenApp, demo: EngagementId, service: Service, name: str, typed: str, says: str
) -> None:
    page, before = app("stream", demo, p="demo-V4"), service.stream(demo).told
    field(page, name).set_value(typed).run()
    assert says in told(page)
    assert field(page, name).value == typed
    assert service.stream(demo).told == before
    field(page, name).set_value("7").run()
    assert 'role="alert"' not in words(page)


def test_a_field_that_is_left_and_drawn_anew_shows_what_is_on_disk(app: OpenApp, demo: EngagementId) -> None:
    page = app("stream", demo, p="demo-V4")
    field(page, "demo-V4_wait").set_value("mye").run()
    page.main.pills[0].set_value("demo-V3").run()
    page.main.pills[0].set_value("demo-V4").run()
    assert field(page, "demo-V4_wait").value == "45"
    assert 'role="alert"' not in words(page)


def test_a_figure_is_written_as_each_language_does(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = app("stream", demo, p="demo-V5", lang="nb")
    assert field(page, "demo-V5_demo-sellers").value == "2,5"
    page.sidebar.segmented_control[0].set_value("en").run()
    assert field(page, "demo-V5_demo-sellers", "en").value == "2.5"
    field(page, "demo-V5_vol", "en").set_value("1,250").run()
    stage = service.stream(demo).stage("demo-V5")
    assert stage is not None
    assert stage.volume_month == 1250


def test_who_one_waits_for_and_who_works_here_are_chosen(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = app("stream", demo, p="demo-V4")
    page.main.selectbox[0].set_value("customer").run()
    page.main.multiselect[0].set_value(["demo-sellers", "demo-delivery"]).run()
    stage = service.stream(demo).stage("demo-V4")
    assert stage is not None
    assert (stage.wait_side, stage.work) == ("customer", {"demo-sellers": 3.0, "demo-delivery": None})
    page = press(page, "Angre: sett ressursene tilbake")
    assert field(page, "demo-V4_demo-presales").value == "2"


def test_a_stage_is_moved_renamed_added_and_removed_and_each_is_undone(
    app: OpenApp, demo: EngagementId, service: Service
) -> None:
    def names() -> list[str]:
        return [s.name for s in service.stream(demo).chain]

    before = names()
    page = press(app("stream", demo, p="demo-V3"), "Flytt tidligere")
    assert names()[1:3] == ["Behovsavklaring", "Kvalifisering"]
    page = press(page, "Angre: flytt Behovsavklaring tilbake")
    assert names() == before
    field(page, "demo-V3_name").set_value("Møte").run()
    assert names()[2] == "Møte"
    page = press(page, "Angre: kall den Behovsavklaring igjen")
    assert (names(), field(page, "demo-V3_name").value) == (before, "Behovsavklaring")
    page = press(page, "Fjern Behovsavklaring")
    assert (len(names()), page.query_params["p"]) == (7, "demo-V2")
    page = press(page, "Angre: hent tilbake Behovsavklaring")
    assert names() == before
    assert len(service.stream(demo).told.handoffs) == 5
    page = press(page, "Ny etappe etter denne")
    assert names()[2] == "Ny etappe"
    assert page.main.header[0].value == "Ny etappe"


def test_the_last_stage_taken_out_can_still_be_undone(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    service.begin_stream(engagement, "nb", worked=False)
    for stage in service.stream(engagement).chain[1:]:
        service.remove_stage(engagement, stage.id)
    page = press(app("stream", engagement, p=service.stream(engagement).chain[0].id), "Fjern Leadmottak")
    assert BEGIN["nb"] in buttons(page)
    press(page, "Angre: hent tilbake Leadmottak")
    assert [s.name for s in service.stream(engagement).chain] == ["Leadmottak"]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_steps_of_a_stage_are_a_chain_of_their_own(app: OpenApp, demo: EngagementId, lang: str) -> None:
    page = app("stream", demo, p="demo-V4", lang=lang)
    page = press(page, {"nb": "Se 4 steg", "en": "See 4 steps"}[lang])
    assert never_shown(page) == []
    assert page.query_params["p"] == "demo-V4.1"
    assert len(page.main.pills[0].options) == 4
    (chain,) = charts(page)
    assert {"nb": "Teknisk avklaring", "en": "Technical clarification"}[lang] in chain
    page = press(page, {"nb": "Tilbake til Løsning og tilbud", "en": "Back to Solution and quote"}[lang])
    assert page.query_params["p"] == "demo-V4"


def test_steps_that_differ_from_their_stage_are_told_and_can_be_used(
    app: OpenApp, demo: EngagementId, service: Service
) -> None:
    assert "Bruk summen" not in everything(app("stream", demo, p="demo-V4"))
    service.change_stage(demo, "demo-V4.2", {"wait_h": 30})  # type: ignore[arg-type]
    page = app("stream", demo, p="demo-V4")
    assert "Stegene venter 51\u00a0t" in words(page)
    page = press(page, "Bruk summen av stegene")
    assert field(page, "demo-V4_wait").value == "51"
    assert "Stegene venter" not in words(page)


def test_a_first_step_is_added_in_the_stages_department(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = press(app("stream", demo, p="demo-V7"), "Legg til et steg")
    (step,) = service.stream(demo).steps("demo-V7")  # type: ignore[arg-type]
    assert (step.name, step.department, page.query_params["p"]) == ("Nytt steg", "Leveranse", step.id)


def test_a_stage_that_another_window_has_taken_out_is_a_sentence(
    app: OpenApp, demo: EngagementId, service: Service
) -> None:
    page = app("stream", demo, p="demo-V4")
    service.remove_stage(demo, "demo-V4")  # type: ignore[arg-type]
    field(page, "demo-V4_wait").set_value("3").run()
    assert not page.exception
    assert service.stream(demo).stage("demo-V4") is None


def test_what_is_not_written_is_said_and_can_be_typed_again(
    app: OpenApp, demo: EngagementId, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = app("stream", demo, p="demo-V4")
    with kept_busy(database, monkeypatch):
        service._store.close()
        field(page, "demo-V4_wait").set_value("3").run()
        assert "Ikke lagret." in told(page)
        assert field(page, "demo-V4_wait").value == "45"
    field(page, "demo-V4_wait").set_value("3").run()
    stage = service.stream(demo).stage("demo-V4")
    assert stage is not None
    assert stage.wait_h == 3
    assert 'role="alert"' not in words(page)


# ---------------------------------------------------------------- pools


def test_a_pools_capacity_moves_the_bottleneck(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = app("stream", demo, p="demo-presales")
    field(page, "demo-presales_fte").set_value("2").run()
    assert service.stream(demo).flow.bottleneck == "demo-sellers"
    assert "Selgere: 92\u00a0% belastet" in words(page)


def test_pools_are_added_renamed_and_removed(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = press(app("stream", demo, p="demo-presales"), "Legg til en ressurs")
    page = press(page, "Legg til en ressurs")
    names = [p.name for p in service.stream(demo).told.pools]
    assert names[-2:] == ["Ny ressurs", "Ny ressurs 2"]
    new = service.stream(demo).told.pools[-1].id
    field(page, f"{new}_name").set_value("Selgere").run()
    assert "Navnet er i bruk" in told(page)
    field(page, f"{new}_name").set_value("Innkjøp").run()
    page = press(page, "Fjern Innkjøp")
    page.main.pills[0].set_value("demo-sellers").run()
    page = press(page, "Fjern Selgere")
    assert "Selgere" not in [p.name for p in service.stream(demo).told.pools]
    press(page, "Angre: hent tilbake Selgere")
    assert service.stream(demo).flow.bottleneck == "demo-presales"


def test_without_pools_the_page_says_what_one_is(app: OpenApp, demo: EngagementId, service: Service) -> None:
    for pool in service.stream(demo).told.pools:
        service.remove_pool(demo, pool.id)
    page = app("stream", demo, p="pools")
    assert "Ingen ressurser ennå" in words(page)
    assert len(charts(page)) == 0
    assert "Ingen ressurser ennå" in words(app("stream", demo, p="demo-V4"))
    press(page, "Legg til en ressurs")
    assert len(service.stream(demo).told.pools) == 1


# ---------------------------------------------------------------- what if


def test_what_if_stands_beside_today_and_stores_nothing(app: OpenApp, demo: EngagementId, service: Service) -> None:
    before = service.stream(demo).told
    page = press(app("stream", demo), "Prøv dette i «Hva om»")
    said = words(page)
    assert "Behovsavklaring, brukbart videre (%): 85\u00a0% → 95\u00a0%" in said
    assert "Flaskehalsen er fortsatt Teknisk: 102\u00a0% → 97\u00a0%" in said
    assert charts(page)[0].startswith("Teknisk: ◆ 102\u00a0% → 97\u00a0%")
    assert service.stream(demo).told == before
    page = press(page, "Tilbake til dagens tall")
    assert charts(page) == []


def test_what_if_of_any_number_can_be_chosen_and_taken_away(app: OpenApp, demo: EngagementId) -> None:
    page = app("stream", demo, p="what_if")
    page.main.selectbox[0].set_value("demo-presales").run()
    page.main.selectbox[1].set_value("fte").run()
    assert page.main.text_input[0].placeholder == "I dag: 1"
    page.main.text_input[0].set_value("2").run()
    assert "Da flytter flaskehalsen seg fra Teknisk, 102\u00a0% til Selgere, 92\u00a0%" in [
        h.value for h in page.main.header
    ]
    page.main.selectbox[0].set_value("demo-V4").run()
    page.main.selectbox[1].set_value("wait_h").run()
    page.main.text_input[0].set_value("5").run()
    assert len(charts(page)) == 2  # the chain changes with a time
    assert "venter\u00a05\u00a0t" in charts(page)[1]
    page = press(page, "Ta bort")
    page = press(page, "Ta bort")
    assert charts(page) == []


def test_a_change_to_what_has_gone_is_left_out(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = press(app("stream", demo), "Prøv dette i «Hva om»")
    service.remove_stage(demo, "demo-V3")  # type: ignore[arg-type]
    assert charts(page.run()) == []


def test_what_nobody_can_compute_is_a_sentence(app: OpenApp, demo: EngagementId) -> None:
    page = app("stream", demo, p="what_if")
    page.main.selectbox[0].set_value("demo-V1").run()
    page.main.selectbox[1].set_value("volume_month").run()
    page.main.text_input[0].set_value("999999999").run()
    assert not page.exception
    assert len(charts(page)) == 1
