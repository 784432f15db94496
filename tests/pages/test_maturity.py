"""The maturity page in its states: none, half, done, many respondents, a pulse, and a store that fails."""

import json
import re
from pathlib import Path

import pytest

from assessment.engagement import EngagementId
from assessment.guard import requires
from assessment.results import Measurements
from assessment.service import Service
from assessment.store.protocol import Damaged, Unwritable
from assessment.strategy.recommend import document
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words

CODES = re.compile(r"\b(C\d(\.\d)?|C5[ie]|C6[ms]|SYS|PU\d|S[0-6]|T[0-3]|DK|NA)\b|\bNone\b|\bnan\b")


def readable(text: str) -> str:
    """The page's words without markup."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)>.*?</\1>", " ", text, flags=re.S))


@pytest.mark.parametrize(
    ("lang", "says", "button"),
    [("nb", "Ingen vurdering", "Start en vurdering"), ("en", "No assessment", "Begin an assessment")],
)
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, says: str, button: str) -> None:
    page = app("maturity", lang=lang)

    assert says in words(page)
    assert button in buttons(page)


@pytest.mark.parametrize(("lang", "button"), [("nb", "Svar på spørsmålene"), ("en", "Answer the questions")])
def test_with_nothing_answered_it_sends_the_reader_to_the_questions(
    app: OpenApp, solo: MakeSolo, lang: str, button: str
) -> None:
    page = app("maturity", solo("none"), lang=lang)

    assert "60" in words(page)
    assert buttons(page) == [button]
    assert press(page, button).main.get("radio")


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_with_too_little_answered_it_says_which_areas_lack_what(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page = app("maturity", solo("none", C5_1=2), lang=lang)

    text = readable(words(page))
    assert {"nb": "flyt og grensesnitt (1 av 5 besvart)", "en": "flow and interfaces (1 of 5 answered)"}[lang] in text
    assert not page.main.get("vega_lite_chart")
    assert "aria-current" not in words(page)


def test_half_answered_names_what_is_not_assessed_and_shows_no_overall(app: OpenApp, solo: MakeSolo) -> None:
    engagement = solo("none", **{f"C1_{i}": 2 for i in range(1, 5)})

    text = readable(words(app("maturity", engagement)))

    assert "Samlet nivå er ikke vurdert" in text
    assert "Ikke vurdert: verdi for kunden (0 av 5 besvart)" in text
    assert "Grunnlag for salgstrening er viktigst å løfte: nivå 2,0 mot mål 4,0." in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_done_alone_it_leads_with_the_widest_gap_and_whose_view_it_is(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page = app("maturity", solo("all", value=3, C5_4=1, C5_5=1), lang=lang)

    text = readable(words(page))
    lead = {
        "nb": "Flyt og grensesnitt er viktigst å løfte: nivå 2,2 mot mål 4,0.",
        "en": "Flow and interfaces: lift this first, from level 2.2 towards target 4.0.",
    }
    assert lead[lang] in text
    assert {"nb": "Du har svart alene", "en": "You have answered alone"}[lang] in text
    assert "aria-current=true" in words(page)
    assert len(page.main.get("vega_lite_chart")) == 2


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("answers", ["none", "half", "all"])
def test_no_code_reaches_the_reader(app: OpenApp, solo: MakeSolo, answers: str, lang: str) -> None:
    text = readable(words(app("maturity", solo(answers), lang=lang)))

    assert CODES.findall(text) == []


def test_the_organisations_name_is_text_and_never_markup(app: OpenApp, solo: MakeSolo) -> None:
    assert "Fjordvik &amp; &lt;Sønn&gt;" in words(app("maturity", solo("all")))


def test_the_weakest_link_is_named_when_it_holds_the_level_down(app: OpenApp, solo: MakeSolo) -> None:
    weak = {f"C3_{i}": 1 for i in range(1, 5)}

    text = readable(words(app("maturity", solo("all", value=4, **weak))))

    assert "Snittet alene ville gitt 4 Styrt. Samlet nivå stopper på 2 Gryende" in text
    assert "det svakeste området, tydelige prosesser" in text


def test_at_the_target_it_does_not_invent_a_gap(app: OpenApp, solo: MakeSolo) -> None:
    text = readable(words(app("maturity", solo("all", value=4))))

    assert "Dere er der dere vil være: 7 av 7 områder" in text


def test_much_dont_know_is_a_finding(app: OpenApp, solo: MakeSolo) -> None:
    text = readable(words(app("maturity", solo("all", value=3, C5_1="DK", C5_2="DK"))))

    assert "Du vet ikke på 40\u00a0% av spørsmålene om flyt og grensesnitt" in text


def test_the_first_look_is_remembered_so_later_targets_are_marked(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("all")
    service.set_criterion(engagement, "C2", weight=2, target=4.0)
    assert "satt før noen så resultatet" in words(app("maturity", engagement))

    service.set_criterion(engagement, "C5", weight=3, target=4.0)

    assert service.engagement(engagement).results_seen_at is not None
    assert "endret etter at resultatet ble sett" in words(app("maturity", engagement))


def test_nothing_answered_is_no_look_at_a_result(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    app("maturity", engagement)

    assert service.engagement(engagement).results_seen_at is None


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_many_respondents_are_read_by_perspective(app: OpenApp, service: Service, lang: str) -> None:
    text = readable(words(app("maturity", service.open_demo(), lang=lang, w="demo-T0")))

    assert {
        "nb": "Ledelsen ser 2 av 7 områder klart lysere enn",
        "en": "Leadership sees 2 of 7 areas clearly brighter than",
    }[lang] in text
    assert CODES.findall(text) == []


def test_another_measurement_can_be_chosen(app: OpenApp, service: Service) -> None:
    page = app("maturity", service.open_demo())
    latest = words(page)

    page.segmented_control[0].set_value("demo-T0").run()

    assert "januar 2026" in words(page)
    assert words(page) != latest


def test_a_wave_of_another_assessment_falls_back_to_the_latest(app: OpenApp, solo: MakeSolo) -> None:
    assert "33 spørsmål besvart" in words(app("maturity", solo("all"), w="demo-T0"))


@pytest.mark.parametrize(("lang", "button"), [("nb", "Svar på hele settet"), ("en", "Answer the full set")])
def test_a_pulse_is_a_first_impression_that_leads_to_the_full_set(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, button: str
) -> None:
    engagement = solo("all", pack="pulse", value=3, PU5=1)
    page = app("maturity", engagement, lang=lang)

    text = readable(words(page))
    assert {"nb": "Pulsen peker mot flyt og grensesnitt: 1", "en": "The pulse points to flow and interfaces: 1"}[
        lang
    ] in text
    assert "sf-ladder" not in re.sub(r"<style>.*?</style>", "", words(page), flags=re.S)
    assert len(page.main.get("vega_lite_chart")) == 1

    press(page, button)

    sheet = service.sheet(engagement)
    assert sheet is not None
    assert sheet.pack.id == "full"


def test_what_is_taken_away_is_offered_in_both_forms(app: OpenApp, solo: MakeSolo) -> None:
    page = app("maturity", solo("all"))

    assert [b.label for b in page.main.get("download_button")] == ["Last ned regneark (CSV)", "Last ned datafil (JSON)"]


def test_printing_asks_the_browser_and_only_then(app: OpenApp, solo: MakeSolo) -> None:
    page = app("maturity", solo("all"))
    assert "window.print()" not in words(page)

    press(page, "Skriv ut siden")
    assert "window.print()" in words(page)

    assert "window.print()" not in words(page.run())


@pytest.mark.parametrize(
    ("lang", "why", "says"),
    [
        ("nb", Unwritable, "Vi fikk ikke lagret"),
        ("en", Unwritable, "It was not saved"),
        ("nb", Damaged, "kan ikke leses. Stopp Salgsflyt"),
        ("en", Damaged, "cannot be read. Stop Salgsflyt"),
    ],
)
def test_a_store_that_fails_is_a_sentence(
    app: OpenApp,
    solo: MakeSolo,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    why: type[Damaged | Unwritable],
    says: str,
) -> None:
    engagement = solo("all")

    def fail(*_: object) -> None:
        raise why(Path("pages.db"))

    monkeypatch.setattr(Measurements, "results", requires("read")(fail))

    assert says in words(app("maturity", engagement, lang=lang))


def test_a_result_can_be_read_where_nothing_can_be_written(
    app: OpenApp, solo: MakeSolo, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("all")

    def fail(_: Service, engagement_id: EngagementId) -> None:
        raise Unwritable(Path("pages.db"))

    monkeypatch.setattr(Service, "results_were_seen", requires("read")(fail))

    assert "er viktigst å løfte" in words(app("maturity", engagement))


def test_the_data_file_holds_the_recommendation_the_strategy_page_shows(solo: MakeSolo, service: Service) -> None:
    from pages.ui.take_away import data_file

    engagement = solo("all")
    results, advice = service.results(engagement), service.advice(engagement)
    assert advice is not None

    assert f'"recommended": "{document(advice.recommendation)["recommended"]}"'.encode() in data_file(results, service)


def test_the_data_file_says_whose_weights_the_recommendation_is_made_by(solo: MakeSolo, service: Service) -> None:
    from pages.ui.take_away import data_file

    engagement = solo("all")
    results = service.results(engagement)
    assert b'"own_weights": false' in data_file(results, service)

    service.use_weights(engagement, {"S5": {"n7": 1.0}})

    told = json.loads(data_file(results, service))["recommendation"]
    assert told["own_weights"]
    assert told["weights"]["S5"] == {"n7": 1.0}
