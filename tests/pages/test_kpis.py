"""Key figures: chosen, given points, read for a leader, and never kept by person."""

import io
import json
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId, KpiId, KpiPoint
from assessment.mapping import kpi_catalogue
from assessment.mapping.kpis import KpiReading
from assessment.service import Service
from assessment.texts import texts
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown
from tests.pages.test_maturity import readable

BEFORE = (9, 11, 8, 10, 12, 9, 10, 13, 9, 8, 11, 10)
AFTER = (7, 6, 8, 6, 7, 5, 6, 7)
MONDAY = date(2025, 1, 6)


def week(number: int) -> date:
    """The Monday so many weeks on."""
    return MONDAY + timedelta(weeks=number)


def followed(service: Service, engagement: EngagementId, values: tuple[float, ...] = (), code: str = "K06") -> KpiId:
    """A KPI of the catalogue with these values, a week each."""
    kpi = service.add_kpi(engagement, code, "nb")
    service.set_points(engagement, kpi, {week(i): KpiPoint(on=week(i), value=v) for i, v in enumerate(values)})
    return kpi


def only(service: Service, engagement: EngagementId) -> KpiReading:
    (reading,) = service.kpis(engagement)
    return reading


def told(test: AppTest) -> str:
    """The page's words as a reader sees them."""
    return unescape(readable(words(test)))


def field(test: AppTest, label: str) -> object:
    """The input with this label, whatever kind it is."""
    kinds = ("text_input", "text_area", "selectbox", "radio", "date_input", "checkbox")
    return next(e for kind in kinds for e in test.main.get(kind) if e.label == label)


def described(page: AppTest) -> str:
    """The accessible name of the page's chart."""
    (chart,) = page.main.get("vega_lite_chart")
    return str(json.loads(chart.proto.spec)["description"])


# ---------------------------------------------------------------- states


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("kpis", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_with_none_chosen_the_catalogue_explains_itself_before_one_is_added(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement, say = solo("none"), texts(lang)
    page = app("kpis", engagement, lang=lang)
    assert say("kpis.lead_empty") in told(page)
    assert len(field(page, say("kpis.catalogue")).options) == 17

    page = field(page, say("kpis.catalogue")).set_value("K06").run()
    quote = kpi_catalogue.words(lang)["K06"]
    assert quote.pitfall in told(page)
    page = press(page, say("kpis.add_this"))

    assert only(service, engagement).kpi.code == "K06"
    assert quote.name in words(page)
    assert say("kpis.open") in buttons(page)
    assert len(field(page, say("kpis.catalogue")).options) == 16
    assert never_shown(page, only(service, engagement).kpi.id) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_ones_own_needs_a_name_and_a_direction(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement, say = solo("none"), texts(lang)
    page = app("kpis", engagement, lang=lang)
    add = [b for b in page.main.get("button") if b.label == say("kpis.add_this")][-1]
    page = add.click().run()
    assert say("kpis.own_name_missing") in words(page)
    assert service.kpis(engagement) == ()

    field(page, say("kpis.own_name")).set_value("Møter & <befaringer>")
    field(page, say("kpis.better")).set_value("up")
    page = [b for b in page.main.get("button") if b.label == say("kpis.add_this")][-1].click().run()

    assert (only(service, engagement).kpi.name, only(service, engagement).kpi.better) == ("Møter & <befaringer>", "up")
    assert say("kpis.state.insufficient") in told(page)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_list_says_how_each_stands_and_opens_it(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement, say = solo("none"), texts(lang)
    kpi = followed(service, engagement, BEFORE + AFTER)
    service.freeze_baseline(engagement, kpi, week(11))
    followed(service, engagement, BEFORE, "K05")
    followed(service, engagement, (), "K01")

    page = app("kpis", engagement, lang=lang)
    text = told(page)
    assert text.count(say("kpis.state.signal_better")) == 1
    assert text.count(say("kpis.state.stable_no_change")) == 1
    assert text.count(say("kpis.state.insufficient")) == 1
    assert say.plural("kpis.changed", 1) in text

    page = next(b for b in page.main.get("button") if b.key == f"open_{kpi}").click().run()
    assert page.query_params["p"] in (kpi, [kpi])
    assert len(page.main.get("vega_lite_chart")) == 1
    page = press(page, say("kpis.back"))
    assert not page.main.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("lang", "says", "rule"),
    [
        (
            "nb",
            "Tilbudstiden har falt fra om lag 10 til om lag 6,5\u00a0arbeidsdager; "
            "endringen er større enn naturlig variasjon.",
            "åtte målepunkter på rad ligger under midtlinjen",
        ),
        (
            "en",
            "Quote lead time has fallen from about 10 to about 6.5\u00a0working days; "
            "the change is larger than natural variation.",
            "eight points in a row lie below the centre line",
        ),
    ],
)
def test_the_example_shows_the_worked_chart_and_reads_it_for_a_leader(
    app: OpenApp, service: Service, lang: str, says: str, rule: str
) -> None:
    engagement = service.open_demo()
    assert len(service.kpis(engagement)) == 2

    page = app("kpis", engagement, lang=lang, p="demo-quote-lead-time")

    assert says in told(page)
    assert rule in told(page)
    assert texts(lang)("kpis.rule.few") in described(page)
    assert never_shown(page) == []
    other = app("kpis", engagement, lang=lang, p="demo-order-errors")
    assert texts(lang)("chart.limits_provisional") in described(other)
    assert texts(lang)("kpis.say.freeze") in told(other)


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("count", [0, 1, 5, 12])
def test_a_kpi_of_any_length_is_a_page(app: OpenApp, solo: MakeSolo, service: Service, count: int, lang: str) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement, BEFORE[:count])

    page = app("kpis", engagement, lang=lang, p=kpi)

    assert never_shown(page, kpi) == []
    assert len(page.main.get("vega_lite_chart")) == bool(count)
    assert (texts(lang)("kpis.say.freeze") in told(page)) == (count == 12)


def test_one_point_beyond_a_limit_is_an_event_and_no_trend(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement, (*BEFORE, 20))
    service.freeze_baseline(engagement, kpi, week(11))

    text = told(app("kpis", engagement, p=kpi))

    assert "Tilbudstiden skilte seg ut 31. mars 2025: 20\u00a0arbeidsdager er mer enn naturlig variasjon." in text
    assert "har steget" not in text


# ---------------------------------------------------------------- points


def test_a_point_is_typed_changed_removed_and_brought_back(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement)
    page = app("kpis", engagement, p=kpi)

    field(page, "Dato (perioden slutter)").set_value(week(0))
    field(page, "Verdi (arbeidsdager)").set_value("9,5")
    page = press(page, "Lagre målepunktet")
    assert only(service, engagement).points == (KpiPoint(on=week(0), value=9.5),)
    assert "✓ Lagret" in words(page)

    page = field(page, "Nytt målepunkt, eller ett som skal endres").set_value(week(0).isoformat()).run()
    assert field(page, "Verdi (arbeidsdager)").value == "9,5"
    field(page, "Verdi (arbeidsdager)").set_value("1 000,25")
    field(page, "Dato (perioden slutter)").set_value(week(1))
    page = press(page, "Lagre målepunktet")
    assert [(p.on, p.value) for p in only(service, engagement).points] == [(week(1), 1000.25)]

    page = press(page, "Angre siste endring av målepunkter")
    assert [(p.on, p.value) for p in only(service, engagement).points] == [(week(0), 9.5)]

    page = field(page, "Nytt målepunkt, eller ett som skal endres").set_value(week(0).isoformat()).run()
    page = press(page, "Fjern målepunktet")
    assert only(service, engagement).points == ()
    press(page, "Angre siste endring av målepunkter")
    assert only(service, engagement).points == (KpiPoint(on=week(0), value=9.5),)


@pytest.mark.parametrize(("lang", "says"), [("nb", "«mange» er ikke et tall."), ("en", "‘many’ is not a number.")])
def test_what_is_typed_wrong_is_said_where_it_is_typed(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, says: str
) -> None:
    engagement, say = solo("none"), texts(lang)
    kpi = followed(service, engagement)
    page = app("kpis", engagement, lang=lang, p=kpi)
    unit = kpi_catalogue.words(lang)["K06"].unit

    field(page, say("kpis.point.value", unit=unit)).set_value({"nb": "mange", "en": "many"}[lang])
    page = press(page, say("kpis.point.save"))

    assert says in told(page)
    assert only(service, engagement).points == ()


def test_a_ratio_asks_for_its_parts_and_computes_the_value(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement, (), "K01")
    page = app("kpis", engagement, p=kpi)

    field(page, "Teller: vunnet").set_value("2")
    field(page, "Nevner: vunnet og tapt").set_value("8")
    page = press(page, "Lagre målepunktet")

    (point,) = only(service, engagement).points
    assert (point.value, point.numerator, point.denominator) == (25.0, 2.0, 8.0)
    assert "1 målepunkt bygger på færre enn ti tilfeller" in told(page)
    assert "2 av 8" in told(page)


@pytest.mark.parametrize(
    ("lang", "pasted"),
    [("nb", "05.01.2026\t9,5\n12.01.2026\t11\n"), ("en", "date,value\n2026-01-05,9.5\n2026-01-12,11\n")],
)
def test_a_pasted_table_is_looked_at_before_it_is_kept(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, pasted: str
) -> None:
    engagement, say = solo("none"), texts(lang)
    kpi = followed(service, engagement)
    page = app("kpis", engagement, lang=lang, p=kpi)

    page = field(page, say("kpis.many.paste")).set_value(pasted).run()
    assert say.plural("kpis.many.found", 2) in told(page)
    assert only(service, engagement).points == ()

    page = press(page, say.plural("kpis.many.confirm", 2))
    assert [p.value for p in only(service, engagement).points] == [9.5, 11.0]
    assert field(page, say("kpis.many.paste")).value == ""


@pytest.mark.parametrize(
    ("lang", "heading", "says"),
    [("nb", "Selger", "arbeidsmiljøloven §§ 9-1 og 9-2"), ("en", "Employee", "Working Environment Act §§ 9-1 and 9-2")],
)
def test_a_table_by_person_is_refused_with_the_reason(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, heading: str, says: str
) -> None:
    engagement, say = solo("none"), texts(lang)
    kpi = followed(service, engagement)
    page = app("kpis", engagement, lang=lang, p=kpi)

    page = field(page, say("kpis.many.paste")).set_value(f"date;{heading};value\n2026-01-05;Kari;9").run()

    assert says in told(page)
    assert "Kari" not in told(page)
    assert say.plural("kpis.many.confirm", 1) not in buttons(page)


def test_every_problem_of_a_file_is_told_at_once(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement)
    rows = "dato;verdi\n32.01.2026;9\n05.01.2026;ni\n12.01.2026;=A1\n19.01.2026;-2\n19.01.2099;1\n26.01.2026;1.234\n"
    page = app("kpis", engagement, p=kpi)

    page = page.main.get("file_uploader")[0].set_value([("punkter.csv", rows.encode(), "text/csv")]).run()

    text = told(page)
    assert "Tabellen har 6 feil. Ingenting er tatt inn." in text
    for said in ("Rad 2: «32.01.2026» er ikke en dato", "Rad 3: «ni» er ikke et tall", "Rad 4: «=A1» er en formel"):
        assert said in text
    assert "Rad 5: «-2» er under 0" in text
    assert "Rad 6: «19.01.2099» er fram i tid" in text
    assert "Rad 7: «1.234» kan leses på to måter" in text
    assert only(service, engagement).points == ()


def test_a_workbook_is_read_like_a_text_file(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement, (), "K01")
    book = openpyxl.Workbook()
    for line in (["Dato", "Tilslagsprosent"], [week(0), 0.25], [week(1), 0.5]):
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    page = app("kpis", engagement, p=kpi)

    page = page.main.get("file_uploader")[0].set_value([("punkter.xlsx", file.getvalue(), "")]).run()

    assert "Alle verdiene ligger mellom 0 og 1" in told(page)
    press(page, "Ta inn 2 målepunkter")
    assert [(p.on, p.value) for p in only(service, engagement).points] == [(week(0), 0.25), (week(1), 0.5)]


# ---------------------------------------------------------------- baseline, changes, description


def test_a_frozen_baseline_and_a_confirmed_change_give_new_limits(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement, BEFORE + AFTER)
    page = app("kpis", engagement, p=kpi)

    page = field(page, "Nullpunktsmålingen går til og med").set_value(week(11).isoformat()).run()
    assert only(service, engagement).kpi.baseline_until_on == week(11)
    assert "har falt fra om lag 10 til om lag 6,5" in told(page)

    assert field(page, "Nye grenser fra og med").value == week(12).isoformat()
    page = press(page, "Bekreft endringen")
    assert "Endringen mangler begrunnelse" in told(page)
    field(page, "Hva ble endret?").set_value("Skriftlige frister")
    page = press(page, "Bekreft endringen")

    text = told(page)
    assert "Dere har bekreftet en endring fra 31. mars 2025: Skriftlige frister" in text
    assert "har falt fra om lag 10 til om lag 6,5" in text
    assert "Midtlinje 6,5" in described(page)
    assert "Grensene er foreløpige" in text

    press(page, "Trekk tilbake endringen fra 31. mars 2025")
    assert not any(point.starts_segment for point in only(service, engagement).points)


def test_the_description_is_saved_field_by_field_and_languages_do_not_mix(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement, BEFORE)
    page = app("kpis", engagement, p=kpi)

    page = field(page, "Eier av tallet (rolle)").set_value("Salgsleder").run()
    page = field(page, "Hvor godt er tallet?").set_value("B").run()
    page = field(page, "Enhet").set_value("virkedager").run()
    page = field(page, "Når ble tallene hentet ut?").set_value(week(12)).run()

    kept = only(service, engagement).kpi
    assert (kept.owner, kept.quality, kept.unit, kept.extracted_on) == ("Salgsleder", "B", "virkedager", week(12))
    assert (kept.definition, kept.source_system) == (None, None)
    english = told(app("kpis", engagement, lang="en", p=kpi))
    assert "Owner: Salgsleder" in english
    assert "virkedager" in english
    assert kpi_catalogue.words("en")["K06"].definition in english

    page = field(page, "Navn").set_value(" ").run()
    assert "Det kunne ikke lagres slik" in told(page)
    assert only(service, engagement).kpi.name == "Tilbudstid"


def test_a_removed_kpi_can_be_brought_back_with_its_points(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    before = followed(service, engagement, BEFORE) and only(service, engagement)

    page = press(app("kpis", engagement, p=before.kpi.id), "Fjern nøkkeltallet")
    assert service.kpis(engagement) == ()
    assert "Tilbudstid er fjernet." in words(page)

    press(page, "Angre")
    assert only(service, engagement) == before


# ---------------------------------------------------------------- what goes wrong, and who may look


def test_what_cannot_be_saved_says_so_and_keeps_the_page(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    kpi = followed(service, engagement, BEFORE)
    page = app("kpis", engagement, p=kpi)

    with kept_busy(database, monkeypatch):
        page = field(page, "Nullpunktsmålingen går til og med").set_value(week(5).isoformat()).run()
        assert "Et annet program holder databasen" in told(page)
        assert field(page, "Nullpunktsmålingen går til og med").value == ""

    assert only(service, engagement).kpi.baseline_until_on is None


def test_who_may_only_read_sees_the_chart_and_changes_nothing(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = service.open_demo()
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "reader@a.no"))

    listed = app("kpis", engagement)
    assert buttons(listed)[:2] == ["Vis", "Vis"]
    opened = app("kpis", engagement, p="demo-quote-lead-time")

    assert len(opened.main.get("vega_lite_chart")) == 1
    assert buttons(opened) == ["Alle nøkkeltall"]
    assert not opened.main.get("text_input")
    assert len(everything(opened)) > 100
