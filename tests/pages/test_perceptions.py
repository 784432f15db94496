"""Who sees what: gaps by size and sign, agreement, split views, don't know, and what is kept out."""

import pytest

from assessment.service import Service
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, words
from tests.pages.test_maturity import CODES, readable


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str) -> None:
    assert buttons(app("perceptions", lang=lang)) == [{"nb": "Start en vurdering", "en": "Begin an assessment"}[lang]]


def test_one_person_has_one_view(app: OpenApp, solo: MakeSolo) -> None:
    page = app("perceptions", solo("all"))

    assert "det er bare ett syn å vise" in words(page)
    assert buttons(page) == ["Se resultatet"]


def test_nothing_is_shown_while_people_answer(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 8, "SL": 2}, closed=(False,))))

    assert "Målingen er fortsatt åpen" in text
    assert "Selger" not in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_demo_leads_with_the_widest_difference_and_its_test(app: OpenApp, service: Service, lang: str) -> None:
    text = readable(words(app("perceptions", service.open_demo(), lang=lang, w="demo-T0")))

    assert {"nb": "Ledelsen ser ", "en": "Leadership sees "}[lang] in text
    assert {"nb": " nivå lysere enn ", "en": " levels brighter than "}[lang] in text
    assert {"nb": "beskrivende", "en": "descriptive"}[lang] in text  # three leaders are too few to test
    assert {"nb": "Slik er svarene gruppert", "en": "How the answers are grouped"}[lang] in text
    assert CODES.findall(text) == []


def test_a_difference_between_groups_that_are_large_enough_is_tested(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 8, "SL": 6}, value=(None,))))

    assert "med 95 % sikkerhet" in text.replace("\u00a0", " ") or "stort sett det samme" in text


def test_a_darker_view_of_leadership_counts_as_much_as_a_brighter_one(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 8, "SL": 2}, value=({"S": 4, "SL": 2},))))

    assert "2,0 nivå mørkere enn selgerne" in text
    assert "stor forskjell" in text


def test_the_same_view_is_a_finding_too(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 8, "SL": 2}, value=(4,))))

    assert "Ledelsen og selgerne ser stort sett det samme" in text


def test_what_is_left_out_says_why_and_shows_no_figure(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 4, "SL": 2})))

    assert "Bare ledelsen har nok svar til å vises" in text
    assert "nei, færre enn 5" in text
    assert "ja, åpen rolle" in text


def test_nobody_large_enough_is_said_and_not_an_empty_page(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 4, "OP": 3})))

    assert "Målingen er lukket uten nok svar" in text
    assert text.count("nei, færre enn 5") == 2


def test_the_consultant_stands_beside_and_never_in_the_mean(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 8, "SL": 2, "K": 1})))

    assert "Konsulenten mot samlet" in text
    assert "ved siden av, aldri i snittet" in text


def test_the_experts_table_has_every_measure_and_hides_small_groups(app: OpenApp, service: Service) -> None:
    text = words(app("perceptions", service.open_demo(), w="demo-T0"))

    assert all(f'<th scope="col">{name}</th>' in text for name in ("AD", "rwg", "rwg*", "Cns"))
    assert "skjult" in text  # three leaders' don't know


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_nothing_to_say_about_haste_is_one_quiet_sentence(app: OpenApp, service: Service, lang: str) -> None:
    page = app("perceptions", service.open_demo(), lang=lang, w="demo-T0")

    quiet = {"nb": "Ingen besvarelse ser ut til å være gitt i hast.", "en": "No response looks as if it was given in"}
    assert f'<p class="sf-note">{quiet[lang]}' in words(page)
    assert not any("hast" in header.value for header in page.header)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_with_and_without_the_flagged_leads_with_how_little_it_moves(app: OpenApp, group: MakeGroup, lang: str) -> None:
    page = app("perceptions", group({"S": 12, "SL": 2}, value=(None,), careless={"S": 5}), lang=lang)
    text = readable(words(page))

    (heading,) = [h.value for h in page.header if {"nb": "gitt i hast", "en": "given in haste"}[lang] in h.value]
    least = {"nb": "endrer ingen av 7 områder seg med mer enn 0,5", "en": "none of 7 areas moves by more than 0.5"}
    assert least[lang] in heading
    assert {"nb": "Uten de merkede", "en": "Without the flagged"}[lang] in text
    assert {"nb": "Hvem det gjelder, vises aldri", "en": "Who they are is never shown"}[lang] in text
    assert {"nb": "under 2 sekunder", "en": "under 2 seconds"}[lang] in text
    assert CODES.findall(text) == []


@pytest.mark.parametrize(("lang", "most"), [("nb", "seg mest: −1,"), ("en", "moves most: −1.")])
def test_a_result_that_moves_much_names_the_area(app: OpenApp, group: MakeGroup, lang: str, most: str) -> None:
    page = app("perceptions", group({"S": 12}, value=(None,), careless={"S": 6}), lang=lang)

    assert [h.value for h in page.header if most in h.value] != []


def test_when_everybody_answers_alike_there_is_nobody_to_compare_with(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 30, "SL": 2})))

    assert "32 besvarelser kan være gitt i hast" in text
    assert "Resultatet uten dem vises ikke" in text


def test_fewer_than_k_flagged_are_neither_counted_nor_taken_out(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("perceptions", group({"S": 12, "SL": 2}, value=(None,), careless={"S": 3})))

    assert "Færre enn 5 besvarelser kan være gitt i hast" in text
    assert "Resultatet uten dem vises ikke" in text
    assert "Uten de merkede" not in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_who_was_too_fast_is_out_of_every_figure_and_counted(app: OpenApp, group: MakeGroup, lang: str) -> None:
    page = app("perceptions", group({"S": 12, "SL": 2}, value=(None,), careless={"S": 2}, fast=2), lang=lang)
    text = words(page)

    assert {"nb": "2 besvarelser er holdt utenfor", "en": "2 responses are kept out"}[lang] in text
    assert {"nb": "2 besvarelser er ikke med i noe tall", "en": "2 responses are in no figure"}[lang] in text
    assert "<td>10</td>" in text  # the sellers that count
