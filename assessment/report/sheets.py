"""Sheets of a workbook: typed columns, named tables, formulas with their values, and text that no spreadsheet runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from assessment.branding import CONTRAST_MIN, contrast
from assessment.files.formulas import as_text
from assessment.packs import Language

Kind = Literal["text", "number", "whole", "share", "day", "amount"]

_WIDTHS: Final[Mapping[Kind, float]] = {
    "text": 30.0,
    "number": 12.0,
    "whole": 11.0,
    "share": 12.0,
    "day": 14.0,
    "amount": 16.0,
}
_FORMATS: Final[Mapping[Kind, str]] = {"number": "#,##0.00", "whole": "#,##0", "share": "0 %", "text": "@"}
_DAYS: Final[Mapping[Language, str]] = {"nb": "dd.mm.yyyy", "en": "d mmm yyyy"}
_FOOTER_MOST: Final = 250  # Excel refuses a file with a longer one


@dataclass(frozen=True)
class Column:
    """A column: its id, its heading, what it holds, and how wide it is in characters."""

    id: str
    title: str
    kind: Kind = "text"
    width: float | None = None


@dataclass(frozen=True)
class Formula:
    """What a cell works out, with the value it has now, for viewers that do not calculate.

    text: {id} is the cell of that column in the same row; in a total, {id} is that column of the whole table.
    """

    text: str
    value: float


Cell = str | float | date | Formula | None


@dataclass(frozen=True)
class Placed:
    """Where the rows of a table stand, from 0; `column` gives a chart's reference to one of its columns."""

    sheet: str
    first: int
    last: int
    places: Mapping[str, int] = field(repr=False)

    def column(self, id_: str) -> list[str | int]:
        """The cells of a column, as charts want them."""
        return [self.sheet, self.first, self.places[id_], self.last, self.places[id_]]

    def area(self, id_: str) -> str:
        """The cells of a column, as formulas of the same sheet want them."""
        return str(xl_range_abs(self.first, self.places[id_], self.last, self.places[id_]))


@dataclass(frozen=True)
class Style:
    """How a workbook looks. colour: of headings and bars, "#rrggbb". currency: beside every amount."""

    language: Language
    colour: str
    currency: str

    def number_format(self, kind: Kind) -> str:
        """The number format of a kind of cell; the spreadsheet of each reader puts in its own signs."""
        if kind == "day":
            return _DAYS[self.language]
        if kind == "amount":
            unit = f'"{self.currency}"'
            return f"#,##0 {unit}" if self.language == "nb" else f"{unit} #,##0"
        return _FORMATS[kind]


class Sheet:
    """A sheet that is written from the top."""

    def __init__(self, book: Workbook, name: str, style: Style, footer: str) -> None:
        self._book, self._style, self.name = book, style, name
        self._sheet: Worksheet = book.add_worksheet(name)
        self._row = 0
        self._frozen = False
        self._widths: dict[int, float] = {}
        self._formats: dict[str, Format] = {}
        self._sheet.hide_gridlines(2)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer(f"&L&8{footer.replace('&', '&&')[:_FOOTER_MOST]}&R&8&P/&N")

    def title(self, words: str, notes: Sequence[str] = ()) -> None:
        """The heading of the sheet, with a sentence or more below it."""
        bold = self._format(bold=True, font_size=16, font_color=self._style.colour)
        self._sheet.write_string(self._row, 0, as_text(words), bold)
        self._row += 1
        for note in notes:
            self.note(note)
        self._row += 1

    def note(self, words: str) -> None:
        """A sentence on a line of its own."""
        self._sheet.write_string(self._row, 0, as_text(words), self._format(font_color="#555555"))
        self._row += 1

    def heading(self, words: str) -> None:
        """The heading of a table below another one."""
        self._sheet.write_string(self._row, 0, as_text(words), self._format(bold=True, font_size=12))
        self._row += 1

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        empty: str,
        total: Mapping[str, Cell] | None = None,
    ) -> Placed | None:
        """A named table that can be filtered, and below it its total; the sentence `empty` when there is no row."""
        if not rows:
            self.note(empty)
            self._row += 1
            return None
        top, last = self._row, self._row + len(rows)
        places = {column.id: place for place, column in enumerate(columns)}
        header = self._format(
            bold=True, font_color=_on(self._style.colour), bg_color=self._style.colour, text_wrap=True, valign="top"
        )
        self._sheet.add_table(
            top,
            0,
            last,
            len(columns) - 1,
            {
                "name": name,
                "style": "Table Style Light 1",
                "columns": [{"header": as_text(column.title), "header_format": header} for column in columns],
            },
        )
        for number, row in enumerate(rows, start=top + 1):
            cells = {id_: xl_rowcol_to_cell(number, place) for id_, place in places.items()}
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._write(number, place, column.kind, value, cells)
        self._row = last + 1
        if total is not None:
            self._total(columns, total, top + 1, last)
        self._fit(columns, top)
        self._row += 1
        return Placed(self.name, top + 1, last, places)

    def chart(
        self,
        kind: Literal["bar", "column", "line"],
        title: str,
        described: str,
        names: Sequence[str | int],
        series: Sequence[tuple[str, Sequence[str | int], str]],
        number_format: str,
    ) -> None:
        """A chart of the sheet's own cells, below what is written so far. series: name, cells and colour of each."""
        chart = self._book.add_chart({"type": kind})
        for name, values, colour in series:
            looks = {"line": {"color": colour, "width": 2.25}} if kind == "line" else {"fill": {"color": colour}}
            chart.add_series({"name": name, "categories": [*names], "values": [*values], **looks})
        chart.set_title({"name": title, "name_font": {"size": 13, "bold": True}, "overlay": False})
        across, along = (chart.set_x_axis, chart.set_y_axis) if kind == "bar" else (chart.set_y_axis, chart.set_x_axis)
        across({"num_format": number_format, "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}})
        # a bar chart counts from below, and people read from above
        along({"reverse": kind == "bar", "label_position": "low"})
        chart.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
        height = max(260, 26 * (int(names[3]) - int(names[1]) + 1) + 120) if kind == "bar" else 320
        chart.set_size({"width": 860, "height": height})
        self._sheet.insert_chart(self._row, 0, chart, {"description": described, "object_position": 2})
        self._row += height // 20 + 2

    def _write(
        self, row: int, place: int, kind: Kind, value: Cell, cells: Mapping[str, str], bold: bool = False
    ) -> None:
        told = self._format(
            num_format=self._style.number_format(kind), valign="top", text_wrap=kind == "text", bold=bold
        )
        match value:
            case None:
                self._sheet.write_blank(row, place, None, told)
            case Formula():
                self._sheet.write_formula(row, place, value.text.format(**cells), told, value.value)
            case str():
                plain = self._format(valign="top", text_wrap=True, bold=bold)
                self._sheet.write_string(row, place, as_text(value), plain)
            case date():
                self._sheet.write_datetime(row, place, value, told)
            case _:
                self._sheet.write_number(row, place, value, told)

    def _total(self, columns: Sequence[Column], total: Mapping[str, Cell], first: int, last: int) -> None:
        whole = {
            column.id: f"{xl_col_to_name(place)}{first + 1}:{xl_col_to_name(place)}{last + 1}"
            for place, column in enumerate(columns)
        }
        for place, column in enumerate(columns):
            if column.id in total:
                self._write(self._row, place, column.kind, total[column.id], whole, bold=True)
        self._row += 1

    def _fit(self, columns: Sequence[Column], top: int) -> None:
        """Column widths, the widest of all tables of the sheet; the first table's heading stays in sight."""
        for place, column in enumerate(columns):
            wide = max(self._widths.get(place, 0.0), column.width or _WIDTHS[column.kind])
            self._widths[place] = wide
            self._sheet.set_column(place, place, wide)
        if not self._frozen:
            self._sheet.freeze_panes(top + 1, 1)
            self._sheet.repeat_rows(top)
            self._frozen = True

    def _format(self, **properties: object) -> Format:
        key = repr(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]


def _on(colour: str) -> str:
    """White or ink, whichever can be read on this colour."""
    return "#FFFFFF" if contrast(colour) >= CONTRAST_MIN else "#14222B"
