"""The catalogue of KPIs, and points as people write them: dates, numbers, ratios, and never a person."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engagement import Kpi, KpiPoint
from assessment.files import InputError, Problem
from assessment.files.people import names_person
from assessment.mapping import kpi_catalogue
from assessment.mapping.kpi_points import (
    ROWS_MAX,
    UPLOAD_MAX,
    day_in,
    expected,
    number_in,
    point_of,
    points_in,
)
from assessment.packs import LANGUAGES, Language
from assessment.texts import texts
from tests.core.test_texts import CODES

TODAY = date(2026, 6, 1)
LEAD_TIME = {"id": "a", "code": "K06", "name": "Tilbudstid", "better": "down", "floor_value": 0}
WIN_RATE = {"id": "b", "code": "K01", "name": "Tilslagsprosent", "better": "up", "floor_value": 0}


def read(content: str, about: dict[str, object] = LEAD_TIME, language: Language = "nb") -> tuple[KpiPoint, ...]:
    """The points of a pasted table."""
    return points_in("limt inn", content.encode(), expected(Kpi.model_validate(about), language, TODAY))


def refused(content: str, about: dict[str, object] = LEAD_TIME, language: Language = "nb") -> list[tuple[str, object]]:
    """The problems of a pasted table: key and row."""
    with pytest.raises(InputError) as error:
        read(content, about, language)
    found = [p for p in error.value.problems if isinstance(p, Problem)]
    assert len(found) == len(error.value.problems)
    return [(problem.key, problem.fields.get("row")) for problem in found]


# ---------------------------------------------------------------- the catalogue


def test_the_catalogue_has_the_17_of_the_method_in_both_languages() -> None:
    codes = [f"K{n:02}" for n in range(1, 18)]
    assert list(kpi_catalogue.catalogue()) == codes
    for language in LANGUAGES:
        assert list(kpi_catalogue.words(language)) == codes
    up = [code for code, entry in kpi_catalogue.catalogue().items() if entry.better == "up"]
    assert up == ["K01", "K02", "K04", "K12", "K16"]


def test_a_ratio_is_one_in_both_languages_and_only_per_cent_are_multiplied() -> None:
    nb, en = kpi_catalogue.words("nb"), kpi_catalogue.words("en")
    for code in nb:
        parts = [bool(part) for words in (nb[code], en[code]) for part in (words.numerator, words.denominator)]
        assert len(set(parts)) == 1
        assert (nb[code].unit == "%") == (en[code].unit == "%")
        if nb[code].unit == "%":
            assert parts[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_of_the_catalogue_hold_a_code_markup_or_a_judgement(language: Language) -> None:
    shown = " ".join(text for w in kpi_catalogue.words(language).values() for text in w.model_dump().values())
    assert CODES.findall(shown) == []
    assert re.findall(r"[<>{}]|dårlig", shown) == []


def test_what_somebody_changed_is_theirs_and_the_rest_follows_the_language() -> None:
    kpi = Kpi.model_validate({**LEAD_TIME, "unit": "virkedager"})
    english = kpi_catalogue.said(kpi, "en")
    assert (english.name, english.subject, english.unit) == ("Quote lead time", "Quote lead time", "virkedager")
    assert kpi_catalogue.said(kpi, "nb").subject == "Tilbudstiden"
    renamed = Kpi.model_validate({**LEAD_TIME, "name": "Svar på anbud"})
    assert kpi_catalogue.said(renamed, "en").subject == "Svar på anbud"
    own = kpi_catalogue.said(Kpi.model_validate({"id": "c", "name": "Møter", "better": "up"}), "en")
    assert (own.name, own.unit, own.pitfall) == ("Møter", "", "")


def test_words_that_only_repeat_the_catalogue_are_not_kept() -> None:
    kpi = Kpi.model_validate(LEAD_TIME)
    assert kpi_catalogue.changed(kpi, "unit", "working days") is None
    assert kpi_catalogue.changed(kpi, "unit", "timer") == "timer"


# ---------------------------------------------------------------- dates and numbers


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-01-05", date(2026, 1, 5)),
        ("05.01.2026", date(2026, 1, 5)),
        ("5.1.2026", date(2026, 1, 5)),
        ("31.02.2026", None),
        ("20260105", None),
        ("2026-W02-1", None),
        ("05.01.26", None),
        ("uke 2", None),
        ("", None),
    ],
)
def test_a_date_is_iso_or_day_month_year(cell: str, day: date | None) -> None:
    assert day_in(cell) == day


@pytest.mark.parametrize(
    ("cell", "norwegian", "english"),
    [
        ("9,5", 9.5, 9.5),
        ("9.5", 9.5, 9.5),
        ("1 234,5", 1234.5, 1234.5),
        ("1\u00a0234", 1234.0, 1234.0),
        ("−3,5", -3.5, -3.5),
        ("1,234", 1.234, 1234.0),
        ("1.234", "ambiguous", 1.234),
        ("0.123", 0.123, 0.123),
        ("1.234,5", 1234.5, 1234.5),
        ("1,234.5", 1234.5, 1234.5),
        ("1.234.567", 1234567.0, "number"),
        ("1 23", "number", "number"),
        ("12,3,4", "number", "number"),
        ("ni", "number", "number"),
        ("nan", "number", "number"),
        ("1e400", "number", "number"),
        ("=A1", "formula", "formula"),
    ],
)
def test_a_number_is_read_as_the_language_writes_it(cell: str, norwegian: object, english: object) -> None:
    assert (number_in(cell, "nb"), number_in(cell, "en")) == (norwegian, english)


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 3)), st.sampled_from(LANGUAGES))
def test_a_number_we_write_is_read_back(value: float, language: Language) -> None:
    assert number_in(texts(language).number(value, 3), language) == value


@given(st.text(max_size=30), st.sampled_from(LANGUAGES))
def test_no_text_makes_the_reader_of_numbers_fall_over(cell: str, language: Language) -> None:
    found = number_in(cell, language)
    assert isinstance(found, float) or found in ("number", "ambiguous", "formula")


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize(
    "content",
    [
        "dato;verdi\n12.01.2026;11\n05.01.2026;9,5",
        "Date,Value\n2026-01-12,11\n2026-01-05,9.5\n",
        "05.01.2026\t9,5\n12.01.2026\t11",
        "05.01.2026;9,5\n12.01.2026;11",
        "\ufeffDato;Tilbudstid\r\n05.01.2026;9,5\r\n;\r\n12.01.2026;11\r\n",
        "dato;Quote lead time\n05.01.2026;9,5\n12.01.2026;11",
    ],
)
def test_points_come_by_date_whatever_the_separators_and_headings(content: str) -> None:
    assert [(p.on, p.value) for p in read(content)] == [(date(2026, 1, 5), 9.5), (date(2026, 1, 12), 11.0)]


def test_a_note_and_the_number_of_cases_are_kept() -> None:
    (point,) = read("dato;verdi;antall;merknad\n05.01.2026;9,5;14;påske")
    assert (point.n, point.note) == (14, "påske")


@pytest.mark.parametrize(
    "content",
    [
        "dato;teller;nevner\n05.01.2026;1;3",
        "dato;vunnet;vunnet og tapt;verdi\n05.01.2026;1;3;33,3 %",
        "date;won;won and lost\n05.01.2026;1;3",
        "05.01.2026\t1\t3",
    ],
)
def test_a_ratio_keeps_its_parts_and_its_value_is_computed(content: str) -> None:
    (point,) = read(content, WIN_RATE)
    assert (point.value, point.numerator, point.denominator) == (pytest.approx(100 / 3), 1.0, 3.0)


def test_every_problem_is_told_at_once_with_its_row() -> None:
    content = (
        "dato;verdi\n32.1.2026;ni\n05.01.2026;=A1\n12.01.2026;\n12.01.2099;-1\n05.01.1970;1\n05.01.2026;8\n05.01.2026;9"
    )
    assert refused(content) == [
        ("point_date", 2),
        ("point_number", 2),
        ("point_formula", 3),
        ("point_empty", 4),
        ("point_future", 5),
        ("point_early", 6),
        ("point_twice", 8),
    ]
    assert refused("dato;verdi\n05.01.2026;-1") == [("point_floor", 2)]
    assert refused("dato;verdi;antall\n05.01.2026;1;2,5") == [("point_n", 2)]
    assert refused(f"dato;verdi;merknad\n05.01.2026;1;{'x' * 2001}") == [("point_note", 2)]
    assert refused("05.01.2026;9\n12.01.2026;ni") == [("point_number", 2)]


def test_a_ratio_that_does_not_add_up_is_refused() -> None:
    assert refused("dato;teller;nevner\n05.01.2026;1;", WIN_RATE) == [("point_half", 2)]
    assert refused("dato;teller;nevner\n05.01.2026;0;0", WIN_RATE) == [("point_zero", 2)]
    assert refused("dato;teller;nevner;verdi\n05.01.2026;1;3;34", WIN_RATE) == [("point_differs", 2)]
    assert refused("dato;teller;nevner\n05.01.2026;-1;3", WIN_RATE) == [("point_floor", 2)]


def test_a_heading_that_cannot_be_used_is_refused() -> None:
    assert refused("dato;sum\n05.01.2026;1") == [("point_column", None), ("point_no_value", None)]
    assert refused("verdi\n1") == [("point_no_date", None)]
    assert refused("dato;verdi;value\n05.01.2026;1;2") == [("point_column_twice", None)]
    assert refused("dato;;verdi\n05.01.2026;1;2") == [("column_nameless", None)]
    assert refused("dato;verdi\n") == [("points_none", None)]


def test_what_is_too_much_is_refused_before_it_is_read() -> None:
    many = "dato;verdi\n" + "\n".join("05.01.2026;1" for _ in range(ROWS_MAX + 1))
    assert refused(many) == [("too_many", None)]
    assert refused("x" * (UPLOAD_MAX + 1)) == [("too_large", None)]


# ---------------------------------------------------------------- never by person


@pytest.mark.parametrize(
    "heading",
    [
        *("Selger", "selgere", "Selgers navn", "Selgernavn", "Navn", "Ansatt", "Ansattnr.", "Ansatt-ID", "Medarbeider"),
        *(
            "Kundeansvarlig",
            "Ansvarlig",
            "E-post",
            "epost",
            "E-mail",
            "email",
            "Name",
            "First name",
            "Sales rep",
            "Rep",
        ),
        *("Seller", "SELLER_NAME", "Salesperson", "Sales Person", "Employee", "employee_id", "Account Manager", "KAM"),
        *("Owner", "User", "Initialer"),
    ],
)
def test_a_column_that_tells_people_apart_is_refused_by_that_reason(heading: str) -> None:
    assert names_person(heading)
    assert ("person", None) in refused(f"dato;{heading};verdi\n05.01.2026;Kari;1")


@pytest.mark.parametrize(
    "heading", ["dato", "verdi", "teller", "nevner", "antall", "merknad", "region", "sum", "report"]
)
def test_other_headings_name_no_person(heading: str) -> None:
    assert not names_person(heading)


def test_people_as_columns_are_no_values_either() -> None:
    assert refused("dato;Kari Nordmann;Ola Nordmann\n05.01.2026;9;8") == [
        ("point_column", None),
        ("point_column", None),
        ("point_no_value", None),
    ]


def test_a_typed_point_is_held_to_the_same() -> None:
    wanted = expected(Kpi.model_validate(WIN_RATE), "en", TODAY)
    point = point_of({"date": "2026-01-05", "numerator": "1", "denominator": "4", "note": " "}, wanted)
    assert point == KpiPoint(on=date(2026, 1, 5), value=25.0, numerator=1, denominator=4)
    with pytest.raises(InputError) as error:
        point_of({"date": "2026-01-05", "numerator": "one"}, wanted)
    assert [p.key for p in error.value.problems if isinstance(p, Problem)] == ["point_number", "point_half"]
