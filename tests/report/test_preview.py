"""What a document looks like before it is taken away, read from the file itself."""

from datetime import date

import pytest

from assessment.report.preview import Page, Sheet, Slide, preview, weight
from tests.report import files

PNG = b"\x89PNG\r\n"


def quiet(page: int, of: int) -> None:
    """Nobody waits for it."""


def test_pages_are_pictures_with_their_words() -> None:
    drawing: list[tuple[int, int]] = []
    shown = preview(files.pdf("Funn", "Plan"), "pages", "nb", lambda page, of: drawing.append((page, of)))

    assert all(isinstance(page, Page) and page.picture.startswith(PNG) for page in shown)
    assert [page.text for page in shown if isinstance(page, Page)] == ["Funn", "Plan"]
    assert drawing == [(1, 2), (2, 2)]
    assert weight(shown) == sum(len(page.picture) for page in shown if isinstance(page, Page))


def test_slides_are_their_titles_and_notes() -> None:
    deck = files.pptx(("Salget stopper ved overleveringen", "Spør salgssjefen"), ("Plan", ""))
    shown = preview(deck, "slides", "nb", quiet)

    assert shown == (Slide("Salget stopper ved overleveringen", "Spør salgssjefen"), Slide("Plan", ""))


@pytest.mark.parametrize(
    ("language", "cells"),
    [
        ("nb", ("Timer", "1\u00a0234,5", "40", "", "0,25", "12\u00a0%")),
        ("en", ("Timer", "1,234.5", "40", "", "0.25", "12%")),
    ],
)
def test_sheets_are_read_as_their_reader_would(language: str, cells: tuple[str, ...]) -> None:
    content = files.xlsx(
        {"Tall": [["Om tallene"], [None], ["Hva", "Tall"], ["Timer", 1234.5, 40, None, 0.25, 0.12]]}, {"F": "0 %"}
    )

    assert preview(content, "sheets", language, quiet) == (
        Sheet("Tall", ("Om tallene",), ("Hva", "Tall", "", "", "", ""), (cells,), 1),
    )  # type: ignore[arg-type]


def test_a_sheet_is_its_first_rows_and_says_how_many_there_are() -> None:
    rows: list[list[object]] = [["Nummer", "Dag"], *([n, date(2026, 3, 2)] for n in range(30))]
    (shown,) = preview(files.xlsx({"Lang": rows}), "sheets", "nb", quiet)

    assert isinstance(shown, Sheet)
    assert (shown.above, shown.head) == ((), ("Nummer", "Dag"))
    assert (len(shown.rows), shown.of, shown.rows[1]) == (11, 30, ("1", "2. mars 2026"))


def test_an_empty_sheet_has_nothing_in_it() -> None:
    assert preview(files.xlsx({"Tom": []}), "sheets", "nb", quiet) == (Sheet("Tom", (), ("",), (), 0),)


def test_what_only_programs_read_is_shown_as_nothing() -> None:
    assert preview(b"{}", "none", "nb", quiet) == ()
