"""The privacy notice: before anybody answers, in both languages, and as the owner has said."""

from datetime import date

import pytest

from assessment.packs import Language
from assessment.texts import texts
from tests.respond.conftest import Phone
from tests.respond.invited import CLOSED, Survey


@pytest.mark.parametrize("language", ["nb", "en"])
def test_it_is_one_click_from_the_first_page_and_says_what_the_owner_said(
    survey: Survey, phone: Phone, language: Language
) -> None:
    survey.store.change_privacy(
        survey.engagement,
        {"controller": "Fjord & Co <b>", "contact": "post@fjord.example", "erase_on": date(2027, 1, 31)},
    )
    address, t = f"/s/{survey.link()}", texts(language)
    assert 'href="?privacy=1"' in phone.get(f"{address}?lang={language}").text

    page = phone.get(f"{address}?privacy=1&lang={language}").text

    assert t("privacy.erased_on", day=t.day(date(2027, 1, 31))) in page
    assert "Fjord &amp; Co &lt;b&gt;" in page
    assert "post@fjord.example" in page
    assert f"lang={'en' if language == 'nb' else 'nb'}" in page


def test_without_the_owners_words_the_organisation_answers_and_the_installations_months_hold(
    survey: Survey, phone: Phone
) -> None:
    page, t = phone.get(f"/s/{survey.link()}?privacy=1").text, texts("nb")

    assert t("privacy.controller", name="Fjordvind AS") in page
    assert t.plural("privacy.erased_after", 24) in page
    assert t("privacy.no_contact") in page


def test_the_owners_months_stand_in_place_of_the_installations(survey: Survey, phone: Phone) -> None:
    survey.store.change_privacy(survey.engagement, {"retention_months": 1})
    page = phone.get(f"/s/{survey.link()}?privacy=1").text
    assert texts("nb").plural("privacy.erased_after", 1) in page


def test_it_can_be_read_when_the_round_is_closed(survey: Survey, phone: Phone) -> None:
    token = survey.link()
    survey.store.close_wave(survey.wave, CLOSED)
    assert texts("nb")("privacy.notice") in phone.get(f"/s/{token}?privacy=1").text
