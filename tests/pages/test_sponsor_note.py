"""The note to the sponsor: there when the diagnosis points outside the mandate, in the tool's words or in one's own."""

from pathlib import Path

import pytest

from assessment.actor import Actor
from assessment.engagement import EngagementId
from assessment.service import Service
from assessment.texts import texts
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, never_shown, told
from tests.pages.test_maturity import readable

INTERFACES = {"C5_4": 1, "C5_5": 1}


def conflict(solo: MakeSolo, service: Service) -> EngagementId:
    """The diagnosis points to other departments, and the mandate includes none."""
    engagement = solo("all", value=4, **INTERFACES)
    service.save_mandate(engagement, {"scope": "all_sales", "owner": "SL", "may_change_system": False})
    return engagement


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("sponsor_note", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_without_a_conflict_there_is_nothing_to_write(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    for engagement in (
        solo("none"),
        solo("all", pack="pulse"),
        solo("all", value=4, **INTERFACES),
        service.open_demo(),
    ):
        page = app("sponsor_note", engagement, lang=lang)

        assert texts(lang)("sponsor_note.no_conflict") in readable(words(page))
        assert buttons(page) == [texts(lang)("sponsor_note.to_strategy")]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_banner_of_the_strategy_leads_to_a_note_with_every_reason(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement, say = conflict(solo, service), texts(lang)

    page = press(app("strategy", engagement, lang=lang), say("strategy.to_note"))

    said = readable(words(page))
    assert page.main.title[0].value == say("page.sponsor_note")
    for section in ("shows", "excludes", "possible", "meanwhile", "decide"):
        assert say(f"sponsor_note.section.{section}") in said
    for reason in ("no_department_in_scope", "may_not_challenge", "owner_not_top_management"):
        assert say(f"strategy.reason.{reason}") in said
    assert say("diagnosis.D05").lower() in said.lower()
    assert say("strategy.S4.say") in said
    assert say("actions.S4.quick.1") in said
    assert say("sponsor_note.ask.no_department_in_scope") in said
    assert say("sponsor_note.ask.may_not_challenge") not in said  # what another strategy would need
    assert len(page.main.get("download_button")) == 1
    assert never_shown(page) == []


def test_the_note_prints(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    page = press(app("sponsor_note", conflict(solo, service)), "Skriv ut siden")

    assert "window.print()" in words(page)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_ones_own_words_are_kept_in_their_language_until_ours_are_wanted_again(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement, say = conflict(solo, service), texts(lang)
    page = press(app("sponsor_note", engagement, lang=lang), say("sponsor_note.edit"))
    assert len(page.main.text_area) == 5
    ours = page.main.text_area[4].value

    page.main.text_area[4].set_value("Skal <Leveranse> være med?\nJa & nei").run()
    assert 'role="status">✓' in words(page)
    assert page.main.text_area[4].value == "Skal <Leveranse> være med?\nJa & nei"
    shown = press(page, say("sponsor_note.done"))
    assert "Skal &lt;Leveranse&gt; være med?<br>Ja &amp; nei" in words(shown)
    other = app("sponsor_note", engagement, lang="en" if lang == "nb" else "nb")
    assert "Leveranse" not in words(other)
    section = say("sponsor_note.section.decide")

    page = press(app("sponsor_note", engagement, lang=lang, p="edit"), say("sponsor_note.ours", section=section))

    assert page.main.text_area[4].value == ours
    assert service.note_words(engagement, "S4", lang) == {}  # type: ignore[arg-type]


def test_emptied_words_are_ours_again(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = conflict(solo, service)
    page = app("sponsor_note", engagement, p="edit")
    ours = page.main.text_area[0].value
    page.main.text_area[0].set_value("Noe annet").run()

    page.main.text_area[0].set_value(" ").run()

    assert page.main.text_area[0].value == ours


def test_words_about_an_earlier_mandate_say_so(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = conflict(solo, service)
    service.write_note(engagement, "S4", "nb", "decide", "Skal leveranse være med?")
    page = app("sponsor_note", engagement, p="edit")
    assert "tidligere versjon" not in words(page)

    service.save_mandate(engagement, {"horizon_months": 9, "reason": "Mer tid"})

    page = app("sponsor_note", engagement, p="edit")
    assert words(page).count("tidligere versjon av mandatet") == 1
    assert "Skal leveranse være med?" in words(app("sponsor_note", engagement))


def test_who_may_only_read_sees_the_note_and_cannot_edit_it(
    app: OpenApp, solo: MakeSolo, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = conflict(solo, service)
    service.add_member(engagement, "viewer@a.no", "viewer")
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("sponsor_note", engagement, p="edit")

    assert "Hva vi ber om en beslutning på" in words(page)
    assert (list(page.main.text_area), "Rediger teksten" in buttons(page)) == ([], False)


def test_what_is_not_written_is_said(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = conflict(solo, service)
    page = app("sponsor_note", engagement, p="edit")

    with kept_busy(database, monkeypatch):
        service._store.close()
        page.main.text_area[0].set_value("Noe annet").run()
        assert "Ikke lagret." in told(page)

    assert service.note_words(engagement, "S4", "nb") == {}
