"""Targets and weights: saved on change, marked before or after the result, and brought back."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.service import Service
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, never_shown


def weights(page: AppTest) -> list[object]:
    """The weight shown for each area."""
    return [control.value for control in page.main.get("button_group")]


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("targets", lang=lang)) == [button]


@pytest.mark.parametrize(("lang", "says"), [("nb", "standard: mål 4,0"), ("en", "standard: target 4.0")])
def test_untouched_it_shows_the_standard(app: OpenApp, solo: MakeSolo, lang: str, says: str) -> None:
    page = app("targets", solo("none"), lang=lang)

    assert says in words(page)
    assert weights(page) == [1] * 7
    assert [slider.value for slider in page.main.select_slider] == [4.0] * 7


def test_a_change_is_on_disk_at_once(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("targets", engagement)

    page.main.get("button_group")[4].set_value(3).run()
    page.main.select_slider[0].set_value(3.5).run()

    settings = service.criterion_settings(engagement)
    assert {c: (s.weight, s.target) for c, s in settings.items()} == {"C5": (3, 4.0), "C1": (1, 3.5)}
    assert "satt før resultatet ble sett" in words(page)
    assert weights(app("targets", engagement)) == [1, 1, 1, 1, 3, 1, 1]


def test_a_change_after_the_result_was_seen_says_so(app: OpenApp, solo: MakeSolo) -> None:
    engagement = solo("all")
    app("maturity", engagement)
    page = app("targets", engagement)

    page.main.get("button_group")[0].set_value(2).run()

    assert "endret etter at resultatet ble sett" in words(page)


def test_the_last_area_cannot_be_left_out(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("targets", engagement)
    for area in range(7):
        page.main.get("button_group")[area].set_value(0).run()

    assert "Minst ett område må være relevant" in page.warning[0].value
    assert sorted(service.criterion_settings(engagement)) == [f"C{n}" for n in range(1, 7)]
    assert weights(page) == [0, 0, 0, 0, 0, 0, 1]
    assert not page.run().warning


def test_the_standard_comes_back_and_so_do_ones_own(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("targets", engagement)
    assert "Tilbake til standard" not in buttons(page)
    page.main.get("button_group")[1].set_value(3).run()

    page = press(page, "Tilbake til standard")
    assert service.criterion_settings(engagement) == {}
    assert weights(page) == [1] * 7

    page = press(page, "Angre: hent tilbake mine mål og vekter")
    assert {c: s.weight for c, s in service.criterion_settings(engagement).items()} == {"C2": 3}
    assert weights(page) == [1, 3, 1, 1, 1, 1, 1]


def test_changing_language_midway_keeps_them(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("targets", engagement)
    page.main.get("button_group")[2].set_value(0).run()
    page.main.select_slider[6].set_value(2.5).run()
    before = service.criterion_settings(engagement)

    page.sidebar.segmented_control[0].set_value("en").run()

    assert weights(page) == [1, 1, 0, 1, 1, 1, 1]
    assert page.main.select_slider[6].value == 2.5
    assert service.criterion_settings(engagement) == before
    assert page.main.title[0].value == "Targets and weights"


def test_the_example_shows_its_own(app: OpenApp, service: Service) -> None:
    page = app("targets", service.open_demo())

    assert weights(page) == [1, 2, 1, 2, 3, 1, 1]
    assert [slider.value for slider in page.main.select_slider] == [3.5, 4.0, 3.5, 4.0, 4.0, 3.5, 3.5]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_is_not_written_is_said(
    app: OpenApp,
    solo: MakeSolo,
    service: Service,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
) -> None:
    engagement = solo("none")
    page = app("targets", engagement, lang=lang)
    page.main.get("button_group")[0].set_value(2).run()
    reset = next(b for b in buttons(page) if "standard" in b)

    with kept_busy(database, monkeypatch):
        service._store.close()
        page.main.get("button_group")[0].set_value(3).run()
        assert "pages.db" in page.warning[0].value
        page = press(page, reset)
        assert "pages.db" in page.warning[0].value
        assert never_shown(page) == []
    assert {c: s.weight for c, s in service.criterion_settings(engagement).items()} == {"C1": 2}
