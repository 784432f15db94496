"""What holds on every page: one heading, no inner language, both languages, and a sentence when the store fails."""

import re
import sqlite3
from pathlib import Path

import pytest

from assessment.service import Service
from pages.shell import MENU
from tests.pages.conftest import MakeSolo, OpenApp, buttons, words
from tests.pages.reading import everything, never_shown, spoil, told

PAGES = [address for members in MENU.values() for address in members]
WITH_STORE = [page for page in PAGES if page not in ("begin", "method")]


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_a_key_or_an_id_in_any_state(
    app: OpenApp, solo: MakeSolo, service: Service, page: str, lang: str
) -> None:
    engagements = [None, solo("none"), solo("half"), solo("all"), solo("all", pack="pulse"), service.open_demo()]

    for engagement in engagements:
        opened = app(page, engagement, lang=lang)

        ids = engagement if engagement and len(engagement) > 10 else ""
        assert never_shown(opened, ids) == []
        assert len(opened.main.get("title")) == 1
        assert len(everything(opened)) > 100


@pytest.mark.parametrize("page", PAGES)
def test_the_languages_differ_and_the_menu_follows(app: OpenApp, solo: MakeSolo, page: str) -> None:
    engagement = solo("half")
    norwegian, english = app(page, engagement, lang="nb"), app(page, engagement, lang="en")

    if page != "start":  # the product has the same name everywhere
        assert norwegian.main.title[0].value != english.main.title[0].value
    assert everything(norwegian) != everything(english)
    assert not {"Vurdering", "Tilbake", "Neste", "Lagre"} & set(everything(english).split())


@pytest.mark.parametrize("page", WITH_STORE)
@pytest.mark.parametrize(("lang", "says"), [("nb", "er ikke en database"), ("en", "is not a database")])
def test_a_file_that_is_no_database_is_a_sentence(
    app: OpenApp, database: Path, page: str, lang: str, says: str
) -> None:
    database.write_text("Kjære dagbok. " * 100, encoding="utf-8")

    opened = app(page, "some-engagement", lang=lang)

    assert says in told(opened)
    assert buttons(opened)[-1] == {"nb": "Gå til oversikten", "en": "Go to the overview"}[lang]
    assert database.read_text(encoding="utf-8").startswith("Kjære dagbok")


@pytest.mark.parametrize("page", WITH_STORE)
def test_a_place_that_cannot_be_written_is_a_sentence(
    app: OpenApp, database: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    database.write_text("a file, where the setting says there is a folder", encoding="utf-8")
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(database / "inside.db"))

    assert "kan skrives til" in told(app(page, "some-engagement"))


@pytest.mark.parametrize("page", WITH_STORE)
def test_a_database_that_is_lost_underway_is_a_sentence(
    app: OpenApp, solo: MakeSolo, database: Path, page: str
) -> None:
    opened = app(page, solo("half"))
    assert 'role="alert"' not in words(opened)
    spoil(database)

    assert "er ikke en database" in told(opened.run())


@pytest.mark.parametrize("page", [page for page in WITH_STORE if page != "start"])
def test_an_address_that_leads_nowhere_is_a_sentence_and_is_let_go(app: OpenApp, page: str) -> None:
    opened = app(page, "no-such-engagement")
    assert "Vi finner ikke denne vurderingen" in told(opened)

    (onward,) = [button for button in opened.button if button.label == "Gå til oversikten"]
    onward.click().run()
    assert "e" not in opened.query_params
    assert 'role="alert"' not in words(opened)


@pytest.mark.parametrize("page", [page for page in WITH_STORE if page != "start"])
def test_a_deleted_assessment_is_not_shown(app: OpenApp, solo: MakeSolo, service: Service, page: str) -> None:
    engagement = solo("all")
    service.delete(engagement)

    assert "Vi finner ikke denne vurderingen" in told(app(page, engagement))


def test_what_is_not_ours_is_a_number_and_the_log_never_repeats_what_was_typed(
    app: OpenApp, solo: MakeSolo, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engagement = solo("all")
    with sqlite3.connect(database) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE engagements SET name = 'Hemmelig Kunde', mode = 'neither'")

    said = told(app("maturity", engagement))

    reference = re.findall(r"\b[0-9A-F]{4}\b", said)
    assert len(reference) == 1
    assert f"reference {reference[0]}" in caplog.text
    assert "in render" in caplog.text
    assert "Hemmelig" not in caplog.text + said
