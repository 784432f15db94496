"""Answers gathered elsewhere: looked at, every problem told, and nothing kept before it is confirmed."""

import io
from html import unescape

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from assessment.engagement import EngagementId
from assessment.files.gathered import gathered
from assessment.packs import Language, builtin
from assessment.report.template import template_csv, template_xlsx
from assessment.service import Service
from assessment.texts import texts
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, press, words
from tests.pages.test_maturity import CODES, readable

FULL = builtin("full")


def sheet(*rows: str, separator: str = ",") -> bytes:
    """A file of sellers (or the role of each row) who answer the first area."""
    header = ["role", "respondent", "C1.1", "C1.2", "C1.3", "C1.4"]
    return "\n".join(separator.join(line) for line in [header, *(row.split() for row in rows)]).encode()


SIX = sheet(*(f"S name{n} {1 + n % 3} 2 3 DK" for n in range(6)))


def upload(page: AppTest, content: bytes, name: str = "svar.csv") -> AppTest:
    return page.main.get("file_uploader")[0].set_value([(name, content, "text/csv")]).run()


def test_it_can_be_done_without_an_assessment_open(app: OpenApp, service: Service) -> None:
    page = app("import_answers")
    page.text_input[0].set_value("Fjordvik & <Sønn>").run()
    page = upload(page, SIX)

    text = readable(words(page))
    assert "Filen har svar fra 6 personer" in text
    assert '<th scope="row">Selger</th><td>6</td>' in words(page)
    assert "29 spørsmål har ingen kolonne i filen" in text
    assert "name1" not in text
    assert service.engagements() == []  # nothing is kept yet

    press(page, "Les inn 6 svar")

    (kept,) = service.engagements()
    assert (kept.engagement.name, kept.engagement.mode, kept.respondents) == ("Fjordvik & <Sønn>", "anonymous", 6)
    assert service.results(kept.engagement.id).score.criterion("C1").perspectives["sellers"].n == 6


def test_without_a_name_nothing_is_kept(app: OpenApp, service: Service) -> None:
    page = press(upload(app("import_answers"), SIX), "Les inn 6 svar")

    assert "Skriv navnet på organisasjonen først." in words(page)
    assert service.engagements() == []


def test_it_adds_a_closed_measurement_to_the_open_assessment(app: OpenApp, group: MakeGroup, service: Service) -> None:
    engagement = group({"S": 8})

    press(upload(app("import_answers", engagement), SIX), "Les inn 6 svar")

    waves = service.waves(engagement)
    assert len(waves) == 2
    assert waves[1].closed_at is not None
    assert service.results(engagement, waves[1].id).respondents == 6


def test_an_open_measurement_has_to_be_closed_first(app: OpenApp, group: MakeGroup) -> None:
    page = app("import_answers", group({"S": 8}, closed=(False,)))

    assert "Lukk den før du leser inn svar" in words(page)
    assert buttons(page) == ["Gå til deltakerne"]


def test_ones_own_assessment_is_left_alone(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    own: EngagementId = solo("all")
    page = app("import_answers", own)
    page.text_input[0].set_value("Fjordvik").run()

    press(upload(page, SIX), "Les inn 6 svar")

    assert len(service.engagements()) == 2
    assert len(service.waves(own)) == 1


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_problem_is_told_at_once_in_the_readers_language(app: OpenApp, service: Service, lang: str) -> None:
    page = upload(app("import_answers", lang=lang), sheet("X a 3 3 3 3", "OD b 2 2 2 2", "S a dk 3 =1+1 3", "S a 3"))

    text = unescape(readable(words(page)))
    says = {
        "nb": ("Filen har 9 feil. Ingenting er lest inn.", "ikke et svar", "er ikke en rolle", "har allerede svart"),
        "en": (
            "The file has 9 problems. Nothing was read in.",
            "is not an answer",
            "is not a role",
            "already answered",
        ),
    }
    assert all(part in text for part in says[lang]), text
    assert {"nb": "Rad 4, kolonne C1.1: «dk»", "en": "Row 4, column C1.1: ‘dk’"}[lang] in text
    assert not [b for b in buttons(page) if b.startswith(("Les inn", "Read in"))]
    assert service.engagements() == []


def test_what_will_be_used_nowhere_is_said_before_it_is_kept(app: OpenApp) -> None:
    page = upload(app("import_answers"), sheet("S a 3 3 3 3", "S b 3 3 3 3", "SL c 3 3 3 3"))

    assert "2 svar vil ikke brukes, fordi gruppen (Selger) har færre enn 5." in words(page)


def test_a_workbook_reads_like_a_text_file_and_a_bomb_is_refused(app: OpenApp) -> None:
    book = openpyxl.Workbook()
    for line in SIX.decode().splitlines():
        book.active.append(line.split(","))
    file = io.BytesIO()
    book.save(file)
    assert "Filen har svar fra 6 personer" in words(upload(app("import_answers"), file.getvalue(), "svar.xlsx"))

    assert "ikke et Excel-regneark" in words(upload(app("import_answers"), b"PK not one", "svar.xlsx"))


def test_the_page_shows_no_codes_until_there_is_a_file_to_correct(app: OpenApp) -> None:
    assert CODES.findall(readable(words(app("import_answers")))) == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_template_filled_in_is_read_in(form: str, language: Language) -> None:
    made = template_csv(FULL, texts(language)) if form == "csv" else template_xlsx(FULL, texts(language))
    row = ["S", "Nord", *("3" if item.id in FULL.shown_to("S") else "" for item in FULL.items)]
    if form == "csv":
        made += {"nb": ";", "en": ","}[language].join(row).encode()
    else:
        book = openpyxl.load_workbook(io.BytesIO(made))
        answers, explained = book.worksheets
        assert explained.max_row == 2
        assert [cell.value for cell in explained[1]] == [cell.value for cell in answers[1]]
        answers.append(row)
        file = io.BytesIO()
        book.save(file)
        made = file.getvalue()

    (person,) = gathered(f"mal.{form}", made, FULL).people()

    assert person[:2] == ("S", "Nord")
    assert set(person[2].values()) == {3}
