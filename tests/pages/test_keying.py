"""Paper: a stack of sheets typed in, one line each, and questionnaires to print."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId, Response
from assessment.links import Invitation
from assessment.service import GroupBeginning, Service
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, never_shown, told

SAVE, BACK = "Lagre arket", "Slett det siste arket"


def group(service: Service, **about: object) -> EngagementId:
    """A survey that has just begun."""
    known = {"organisation": "Fjordvik & <Sønn>", "training_planned": "yes"}
    return service.begin_group(GroupBeginning.model_validate(known | about), "nb")


def kept(service: Service, engagement: EngagementId) -> list[Response]:
    return list(service._store.responses(service.waves(engagement)[-1].id))


def typed(page: AppTest, line: str) -> AppTest:
    """Type a line, as the field sends it after a pause."""
    return page.main.text_input(key="keying_line").set_value(line).run()


def role(page: AppTest, chosen: str) -> AppTest:
    return next(b for b in page.main.selectbox if str(b.key).startswith("keying_role")).set_value(chosen).run()


def marks(page: AppTest) -> list[str]:
    """What stands beside each question."""
    return re.findall(r"<b>([^<]*)</b></li>", words(page))


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("keying", lang=lang)) == [button]


def test_paper_is_for_many_and_for_an_open_measurement(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    assert "der flere svarer hver for seg" in words(app("keying", solo("none")))

    engagement = group(service)
    service.close_wave(engagement, service.waves(engagement)[-1].id)

    assert "Målingen er lukket, så den tar ikke imot flere ark" in words(app("keying", engagement))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_participants_lead_to_paper_while_the_measurement_is_open(app: OpenApp, service: Service, lang: str) -> None:
    engagement = group(service)
    page = press(
        app("participants", engagement, lang=lang), {"nb": "Skriv ut eller tast inn", "en": "Print or key in"}[lang]
    )
    assert page.main.title[0].value == {"nb": "Tast inn fra papir", "en": "Key in from paper"}[lang]
    assert never_shown(page) == []

    service.close_wave(engagement, service.waves(engagement)[-1].id)
    assert "to_paper" not in [b.key for b in app("participants", engagement, lang=lang).button]


def test_a_stack_of_sheets_is_typed_in(app: OpenApp, service: Service) -> None:
    engagement = group(service)
    page = role(app("keying", engagement), "S")

    page = typed(page, "3420-")
    assert "5 av 32 er tastet. Neste er spørsmål 6: " in words(page)
    assert marks(page)[:6] == ["3", "4", "2", "Vet ikke", "Ikke aktuelt hos oss", ""]
    assert words(page).count('aria-current="step"') == 1
    page = typed(page, "3420-" + "1" * 26 + ".")
    assert "Trykk Enter for å lagre" in words(page)
    page = press(page, SAVE)

    (first,) = kept(service, engagement)
    assert first.role == "S"
    assert [first.answers[i].value for i in ("C1.1", "C1.4", "C2.1", "C7.4")] == [3, "DK", "NA", 1]
    assert "C7.5" not in first.answers
    assert "1 ark er tastet inn" in words(page)
    assert page.main.text_input(key="keying_line").value == ""
    assert marks(page) == [""] * 32  # nothing of it is shown again, and the role stays

    page = press(typed(page, "5" * 32), SAVE)
    assert "2 ark er tastet inn" in words(page)
    page = press(page, BACK)
    assert kept(service, engagement) == [first]
    assert "Det siste arket er slettet. 1 ark er tastet inn" in words(page)
    assert BACK not in buttons(page)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_is_wrong_is_told_and_nothing_is_kept(app: OpenApp, service: Service, lang: str) -> None:
    engagement, save = group(service), {"nb": SAVE, "en": "Save the sheet"}[lang]
    page = role(app("keying", engagement, lang=lang), "S")

    page = press(typed(page, "3" * 6 + "<" + "3" * 25), save)
    assert {"nb": "«&lt;» er ikke et svar her", "en": "“&lt;” is not an answer here"}[lang] in words(page)
    assert {"nb": "Spørsmål 7 (", "en": "Question 7 ("}[lang] in words(page)
    page = typed(page, "3" * 34)
    assert {"nb": "2 tegn mer enn", "en": "2 characters more than"}[lang] in words(page)
    missing = {"nb": "1 spørsmål mangler", "en": "1 question is missing"}[lang]
    page = typed(page, "3" * 31)
    assert missing not in words(page)  # not before it was to be saved
    page = press(page, save)
    assert missing in words(page)
    page = press(typed(page, "." * 32), save)
    assert {"nb": "Arket har ingen svar", "en": "The sheet has no answers"}[lang] in words(page)

    assert kept(service, engagement) == []
    assert never_shown(page) == []


def test_a_team_is_chosen_among_those_with_a_link_or_written(app: OpenApp, service: Service) -> None:
    engagement = group(service, by_team=True)
    page = role(app("keying", engagement), "S")
    assert not [b for b in page.main.selectbox if str(b.key).startswith("keying_team")]
    page = page.main.text_input(key="keying_other_team").set_value(" Sør ").run()
    page = press(typed(page, "3" * 32), SAVE)
    assert [r.team for r in kept(service, engagement)] == ["Sør"]

    service.invite(engagement, Invitation(role="S", team="Nord"))
    page = press(typed(role(app("keying", engagement), "S"), "4" * 32), SAVE)
    assert sorted(str(r.team) for r in kept(service, engagement)) == ["Nord", "Sør"]


def test_a_role_is_asked_its_own_questions(app: OpenApp, service: Service) -> None:
    page = app("keying", group(service))

    counts = {chosen: len(marks(role(page, chosen))) for chosen in ("SL", "S", "TM", "K")}

    assert counts == {"SL": 32, "S": 32, "TM": 8, "K": 33}


def test_a_measurement_closed_meanwhile_keeps_nothing(app: OpenApp, service: Service) -> None:
    engagement = group(service)
    page = typed(role(app("keying", engagement), "S"), "3" * 32)
    service.close_wave(engagement, service.waves(engagement)[-1].id)

    page = press(page, SAVE)

    assert "Målingen er lukket" in words(page)
    assert kept(service, engagement) == []


def test_what_is_not_written_is_said_and_stays_typed(
    app: OpenApp, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = group(service)
    page = typed(role(app("keying", engagement), "S"), "3" * 32)

    with kept_busy(database, monkeypatch):
        service._store.close()
        page = press(page, SAVE)
        assert "Ikke lagret." in told(page)

    assert page.main.text_input(key="keying_line").value == "3" * 32
    assert kept(service, engagement) == []
    page = press(page, SAVE)
    assert "1 ark er tastet inn" in words(page)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_questionnaires_are_offered_in_both_languages(app: OpenApp, service: Service, lang: str) -> None:
    page = app("keying", group(service, pack_id="pulse"), lang=lang)

    assert [b.label for b in page.main.get("download_button")] == {
        "nb": ["Last ned på norsk (PDF)", "Last ned på engelsk (PDF)"],
        "en": ["Download in Norwegian (PDF)", "Download in English (PDF)"],
    }[lang]
    without_na = {"nb": "ikke aktuelt", "en": "not applicable"}[lang]
    assert without_na not in words(page)


def test_who_may_only_read_has_no_paper(app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    engagement = group(service)
    service.add_member(engagement, "viewer@a.no", "viewer")
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("keying", engagement)

    assert not page.main.text_input
    assert not page.main.get("download_button")
