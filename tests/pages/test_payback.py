"""The payback page: the answer first, benefits told as ranges, figures taken over with one click, nothing twice."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.service import Service
from pages.ui import session
from tests.core.test_business_case import tell_all
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told

CODES = re.compile(r"\bB[1-7][ab]?\b|\bE[0-3]\b|\bW[1-8]\b")
NB = "\u00a0"


def field(page: AppTest, key: str) -> AppTest:
    """The box whose key has this in it: boxes of one figure share their labels with those of the others."""
    kinds = ("text_input", "selectbox", "checkbox", "text_area")
    return next(box for kind in kinds for box in page.main.get(kind) if key in str(box.key))


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("payback", lang=lang)) == [button]


@pytest.mark.parametrize(
    ("lang", "lead", "first"),
    [
        ("nb", "Hva er forbedringen verdt?", "Høyere tilslagsprosent"),
        ("en", "What is the improvement worth?", "Higher win rate"),
    ],
)
def test_with_nothing_told_one_button_leads_to_the_first_benefit(
    app: OpenApp, solo: MakeSolo, lang: str, lead: str, first: str
) -> None:
    page = app("payback", solo("none"), lang=lang)
    assert lead in words(page)
    assert len(buttons(page)) == 1

    page = press(page, buttons(page)[0])

    assert page.main.header[0].value == first
    assert len(page.main.text_input) == 3 * 4 + 1
    assert never_shown(page) == CODES.findall(everything(page)) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_with_some_told_it_says_what_is_missing(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("none")
    for name, likely in {"orders": 100, "error_rate_cut": 0.08, "error_cost": 15_000}.items():
        service.tell_input(engagement, name, {"likely": likely})

    page = app("payback", engagement, lang=lang)

    for part in {
        "nb": ("Gevinsten kan ikke regnes ut ennå", "Hva arbeidet koster", f"120{NB}000{NB}kr", "mangler gevinsteier"),
        "en": ("cannot be worked out yet", "What the work costs", f"NOK{NB}120,000", "no benefit owner"),
    }[lang]:
        assert part in words(page)
    assert len(page.main.get("vega_lite_chart")) == 1
    assert never_shown(page) == CODES.findall(everything(page)) == []


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        (
            "nb",
            (
                f"Sannsynlig nåverdi er 1,9{NB}mill.{NB}kr, og pengene er tilbake etter 16,7 måneder",
                f"mellom 914{NB}000{NB}kr (P10) og 2,8{NB}mill.{NB}kr (P90)",
                f"i pluss er over 95{NB}%. Slår alle de forsiktige anslagene til samtidig, er nåverdien −1,5{NB}mill.",
                f"15,5{NB}% mer nysalg, og det krever særskilt begrunnelse",
            ),
        ),
        (
            "en",
            (
                f"The likely net present value is NOK{NB}1.9{NB}m, and the money is back after 16.7 months",
                f"between NOK{NB}914,000 (P10) and NOK{NB}2.8{NB}m (P90)",
                f"is over 95%. If every cautious estimate comes true at once, the net present value is NOK{NB}−1.5",
                "15.5% more new sales, and that calls for a justification of its own",
            ),
        ),
    ],
)
def test_with_all_told_the_answer_comes_first(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, parts: tuple[str, ...]
) -> None:
    engagement = solo("none")
    tell_all(service, engagement)

    page = app("payback", engagement, lang=lang)

    text = words(page)
    for part in parts:
        assert part in text
    assert len(page.main.get("vega_lite_chart")) == 4
    assert page.main.html[1].value.count("<p") == 3  # the answer stands before everything but where one is
    assert never_shown(page) == CODES.findall(everything(page)) == []


def test_growth_is_justified_in_place(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    tell_all(service, engagement)
    page = app("payback", engagement)

    field(page, "payback_growth").set_value("Ny region fra mars").run()

    assert service.business_case(engagement).terms.growth_reason == "Ny region fra mars"
    assert "Ny region fra mars" in words(page)


def test_a_benefit_is_saved_as_it_is_typed(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("payback", engagement, p="B3")
    for key, typed in {
        "orders_likely": "100",
        "error_rate_cut_low": "2",
        "error_rate_cut_likely": "8",
        "error_cost_likely": "15 000",
        "B3_owner": "Leveransesjef",
    }.items():
        field(page, key).set_value(typed).run()
        assert 'role="status">✓' in words(page)
    field(page, "error_rate_cut_unsure").set_value(True).run()
    field(page, "B3_evidence").set_value("E2").run()

    found = service.business_case(engagement)
    line = found.benefit("B3")
    assert line is not None
    assert (line.value, line.told.owner, line.told.evidence) == (120_000, "Leveransesjef", "E2")
    cut = found.inputs["error_rate_cut"]
    assert (cut.low, cut.likely, cut.unsure) == (0.02, 0.08, True)
    page.sidebar.segmented_control[0].set_value("en").run()
    assert field(page, "error_rate_cut_likely").value == "8"
    assert f"NOK{NB}120,000 in a full year" in words(page)
    assert press(page, "Next: Fewer customers leave").main.header[0].value == "Fewer customers leave"


def test_an_hour_that_is_used_twice_is_refused_in_a_sentence(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    service.tell_input(engagement, "to_cost", {"likely": 0.3})
    page = app("payback", engagement, p="B1b")

    field(page, "to_selling_likely").set_value("71").run()
    assert "En time kan bare brukes én gang" in told(page)
    field(page, "hours_per_quote_likely").set_value("0").run()
    assert "Tallet må være større enn 0" in told(page)

    assert service.business_case(engagement).inputs.keys() == {"to_cost"}


def test_figures_in_the_wrong_order_are_said_and_put_right(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    tell_all(service, engagement, hours_per_quote=[16, 20, 28])
    assert "Det gjelder Timer per tilbud" in words(app("payback", engagement))
    page = app("payback", engagement, p="B1b")
    assert "Det forsiktige tallet skal gi minst gevinst" in words(page)

    field(page, "hours_per_quote_low").set_value("28").run()
    field(page, "hours_per_quote_high").set_value("16").run()

    assert "Det forsiktige tallet skal gi minst gevinst" not in words(page)
    assert f"900{NB}000{NB}kr i et fullt år" in words(page)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_known_figure_is_offered_taken_over_and_given_back(app: OpenApp, service: Service, lang: str) -> None:
    demo = service.open_demo()
    service.tell_input(demo, "orders", {"likely": 900})
    page = app("payback", demo, lang=lang, p="B3")
    offer = {
        "nb": f"Fra Ordrefeil fra salg, 10 målepunkter, regnet om til et år, kvalitet B: 1{NB}318",
        "en": "From Sales-origin order error rate, 10 data points, made into a year, quality B: 1,318",
    }[lang]
    assert offer in words(page)

    page = press(page, {"nb": f"Bruk 1{NB}318", "en": "Use 1,318"}[lang])

    assert service.business_case(demo).inputs["orders"].likely == 1318
    assert field(page, "orders_likely").value == "1318"
    assert offer not in words(page)
    page = press(page, {"nb": "Angre", "en": "Undo"}[lang])
    assert service.business_case(demo).inputs["orders"].likely == 900
    assert field(page, "orders_likely").value == "900"
    assert offer in words(page)


def test_costs_are_summed_and_a_new_currency_converts_nothing(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("payback", engagement, p="costs")
    field(page, "currency").set_value("SEK").run()
    assert "Alle beløp i vurderingen" not in words(page)  # there are none
    for key, typed in {"consultant_cost": "100000", "own_hours": "100", "own_hour_cost": "650"}.items():
        field(page, f"_{key}").set_value(typed).run()
    assert f"Arbeidet koster 165{NB}000{NB}SEK én gang" in words(page)

    field(page, "currency").set_value("EUR").run()

    assert "Alle beløp i vurderingen står nå i EUR" in words(page)
    assert f"165{NB}000{NB}EUR" in words(page)
    field(page, "years").set_value(5).run()
    field(page, "discount_rate").set_value("").run()
    assert "Her må det stå et tall" in told(page)
    terms = service.business_case(engagement).terms
    assert (terms.years, terms.discount_rate, terms.currency) == (5, 0.08, "EUR")


@pytest.mark.parametrize(
    ("lang", "waste", "kpi"), [("nb", "26 325 SEK", "SEK per årsverk"), ("en", "SEK 26,325", "SEK")]
)
def test_waste_and_key_figures_have_the_same_currency(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, waste: str, kpi: str
) -> None:
    engagement = solo("none")
    row = service.add_waste(engagement, "W4")
    service.describe_waste(engagement, row, {"hours_month": 40.5, "hourly_cost_nok": 650})
    figure = service.add_kpi(engagement, "K02", "nb")
    service.set_payback_terms(engagement, {"currency": "SEK"})

    assert waste.replace(" ", NB) in words(app("waste", engagement, lang=lang))
    assert kpi in everything(app("kpis", engagement, lang=lang, p=figure))


def test_an_owner_is_a_function(app: OpenApp, solo: MakeSolo) -> None:
    page = app("payback", solo("none"), p="B1a")

    field(page, "B1a_owner").set_value("Ola Hansen").run()

    assert "Dette ligner navnet på en person" in words(page)


def test_what_is_not_written_is_said(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    page = app("payback", engagement, p="B3")

    with kept_busy(database, monkeypatch):
        service._store.close()
        field(page, "orders_likely").set_value("100").run()
        assert "Ikke lagret." in told(page)

    assert not service.business_case(engagement).begun


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("step", ["", "B1a", "costs"])
def test_who_may_only_read_sees_the_result_and_changes_nothing(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch, lang: str, step: str
) -> None:
    demo = service.open_demo()
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("payback", demo, lang=lang, p=step)

    assert {"nb": f"709{NB}000{NB}kr", "en": f"NOK{NB}709,000"}[lang] in words(page)
    assert [*page.main.selectbox, *page.main.text_input, *page.main.checkbox, *page.main.text_area] == []
    assert len(page.main.get("vega_lite_chart")) == 4


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_without_ranges_there_is_one_outcome_and_it_is_said(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement = solo("none")
    certain = {"orders": 100, "error_rate_cut": 0.08, "error_cost": 15_000, "attribution": 1}
    for name, likely in certain.items():
        service.tell_input(engagement, name, {"likely": likely})
    service.describe_benefit(engagement, "B3", {"owner": "Leveranse"})
    service.set_payback_terms(engagement, {"consultant_cost": 900_000})

    text = words(page := app("payback", engagement, lang=lang))

    assert {"nb": "kommer ikke tilbake på 3 år", "en": "does not come back within 3 years"}[lang] in text
    assert {"nb": "bare ett utfall", "en": "only one outcome"}[lang] in text
    assert {"nb": "går ikke i null", "en": "does not break even"}[lang] in text
    assert len(page.main.get("vega_lite_chart")) == 2
