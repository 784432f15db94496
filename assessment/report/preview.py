"""What a document looks like before it is taken away, read from the very file."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from assessment.packs import Language
from assessment.texts import Texts
from assessment.texts import texts as texts_of

Kind = Literal["pages", "slides", "sheets", "none"]

SCALE: Final = 1.5  # of 72 to an inch: an A4 page is 892 pixels wide, as much as a page of ours is
ROWS_MAX: Final = 12
COLUMNS_MAX: Final = 12
WHOLE_FROM: Final = 10_000  # decimals of large amounts tell nobody anything


@dataclass(frozen=True)
class Page:
    """A page as a PNG picture, and the words on it for who does not see it."""

    picture: bytes
    text: str


@dataclass(frozen=True)
class Slide:
    """What a slide says first, and what its speaker says."""

    title: str
    notes: str


@dataclass(frozen=True)
class Sheet:
    """The first rows of a sheet's table, as its reader sees them.

    above: what stands over the table. head: its columns. of: how many rows there are below them.
    """

    name: str
    above: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    of: int


Preview = tuple[Page, ...] | tuple[Slide, ...] | tuple[Sheet, ...]


def preview(content: bytes, kind: Kind, language: Language, drawing: Callable[[int, int], None]) -> Preview:
    """The pages, the slides or the sheets of a document; nothing for one that programs read.

    drawing: is told before each page which it is, of how many.
    For one thread at a time: PDFium, which draws the pages, knows no other.
    """
    match kind:
        case "pages":
            return tuple(_pages(content, drawing))
        case "slides":
            return tuple(_slides(content))
        case "sheets":
            return tuple(_sheets(content, texts_of(language)))
    return ()


def weight(shown: Preview) -> int:
    """Roughly how many bytes it takes up."""
    return sum(len(part.picture) for part in shown if isinstance(part, Page))


def _pages(content: bytes, drawing: Callable[[int, int], None]) -> Iterable[Page]:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        for number, page in enumerate(document, start=1):
            drawing(number, len(document))
            drawn = io.BytesIO()
            page.render(scale=SCALE).to_pil().save(drawn, "PNG")
            yield Page(drawn.getvalue(), page.get_textpage().get_text_bounded().replace("\r\n", "\n").strip())


def _slides(content: bytes) -> Iterable[Slide]:
    from pptx import Presentation

    for slide in Presentation(io.BytesIO(content)).slides:
        title = slide.shapes.title
        notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        yield Slide("" if title is None else title.text_frame.text, "" if notes is None else notes.text)


def _sheets(content: bytes, texts: Texts) -> Iterable[Sheet]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for sheet in book.worksheets:
        width, height = min(sheet.max_column, COLUMNS_MAX), min(sheet.max_row, ROWS_MAX)
        cells = sheet.iter_rows(max_row=height, max_col=width)
        rows = [tuple(_cell(cell.value, cell.number_format, texts) for cell in row) for row in cells]
        # one cell alone is a title, and what follows the titles is the head of the table
        head = next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), len(rows) - 1)
        above = tuple(cell for row in rows[:head] for cell in row if cell)
        below = tuple(row for row in rows[head + 1 :] if any(row))
        yield Sheet(sheet.title, above, rows[head], below, sheet.max_row - head - 1)


def _cell(value: Any, number_format: str, texts: Texts) -> str:
    if isinstance(value, datetime | date):
        return texts.short_day(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    if "%" in number_format:
        return texts.percent(value)
    if float(value).is_integer() or abs(value) >= WHOLE_FROM:
        return texts.number(value, 0)
    return texts.number(value, 2 if abs(value) < 1 else 1)
