"""CSV and XLSX files as rows of text, with every problem of a file found at once."""

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from assessment.files import InputError, Problem

_FOUND_LENGTH: Final = 40
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,3})?", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One row: its line in the file (the header is 1) and a cell for each column, without space around it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file's header and its rows; rows without any text are left out.

    problems: one for each row that does not fit the header. Such rows are not among `rows`, since their cells may have
    moved.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    def at(
        self, row: int, column: str, expected: str, found: str, key: str = "cell", more: str = "", **fields: object
    ) -> Problem:
        """The problem of one bad cell: file, row, column, what was expected and what stands there.

        key: for files that a page reads too, and says the problem of in the reader's language.
        """
        sentence = f"{self.name}: row {row}, column {column}: expected {expected}, found {shown(found)}{more}"
        return Problem(sentence, key, row=row, column=column, found=_plain(found), **fields)

    def column(self, name: str) -> tuple[str, ...] | None:
        """The cells of the first column with this name; None without one."""
        if name not in self.columns:
            return None
        place = self.columns.index(name)
        return tuple(row.cells[place] for row in self.rows)


def read_table(path: Path) -> Table:
    """The table in a file; see `table_in`. Raises: InputError also when the file cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        words = f"{path}: expected a file that can be read: {error.strerror}"
        raise InputError([Problem(words, "unreadable")]) from error
    return table_in(str(path), content)


def table_in(name: str, content: bytes, unpacked_max: int | None = None, separators: str = ",;") -> Table:
    """The table in a CSV file (UTF-8 with or without BOM) or in the first sheet of an .xlsx file.

    separators: what may stand between the cells of a CSV file; of those the header has as many of, the first.

    Numbers in a spreadsheet become the text of the number (3 and 3.0 both "3"), dates ISO dates, formulas the text of
    the formula; they are not computed. Columns at the end without name and content are left out.
    unpacked_max: the most bytes a workbook may hold once it is unpacked, asked before anything is.
    Raises: InputError when there is no table in it, or no header.
    """
    spreadsheet = Path(name).suffix.lower() == ".xlsx"
    raw = _spreadsheet(name, content, unpacked_max) if spreadsheet else list(records(name, content, separators))
    numbered = [Row(number, tuple(cell.strip() for cell in cells)) for number, cells in raw]
    if not numbered or not any(numbered[0].cells):
        words = f"{name}: row 1: expected a header with the names of the columns, found nothing"
        raise InputError([Problem(words, "header")])
    return _fitted(name, numbered[0], numbered[1:], may_end_early=spreadsheet)


def column_problems(table: Table, required: Collection[str], optional: Collection[str], expected: str) -> list[Problem]:
    """One for each column that is missing, unknown, without name or there twice.

    expected: the words for what a column may be called.
    """
    problems = [
        Problem(f"{table.name}: row 1: expected a column {name}, found none", "column_missing", column=name)
        for name in required
        if name not in table.columns
    ]
    for place, name in enumerate(table.columns, 1):
        if not name:
            words = f"{table.name}: row 1, column {place}: expected {expected}, found no name"
            problems.append(Problem(words, "column_nameless", number=place))
        elif name not in required and name not in optional:
            words = f"{table.name}: row 1, column {shown(name)}: unknown column, expected {expected}"
            problems.append(Problem(words, "column_unknown", column=_plain(name)))
        elif name in table.columns[: place - 1]:
            words = f"{table.name}: row 1, column {name}: expected once, found again as column {place}"
            problems.append(Problem(words, "column_twice", column=name, number=place))
    return problems


def shown(found: str) -> str:
    """Text from a file as part of a one-line sentence: quoted, shortened, line ends and control signs escaped."""
    return f"'{_plain(found)}'" if found else "nothing"


def _plain(found: str) -> str:
    short = found if len(found) <= _FOUND_LENGTH else found[:_FOUND_LENGTH] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def number(found: str, low: float, high: float) -> float | None:
    """The number a cell holds, within limits, both inclusive; None when it holds no such number.

    Written with a decimal point and without separators between thousands; a spreadsheet may add an exponent.
    """
    value = float(found) if _NUMBER.fullmatch(found) else None
    return value if value is not None and low <= value <= high else None


def records(
    name: str, content: bytes, separators: str, encodings: Sequence[str] = ("utf-8-sig",)
) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file, each with the line it begins on, as `table_in` reads them.

    encodings: what the file may be written in, the first that fits. Raises: InputError, also underway.
    """
    text = _text(name, content, encodings)
    first = next(io.StringIO(text, newline=None), "")
    separator = max(separators, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from _lines(reader)
    except csv.Error as error:
        words = f"{name}: row {reader.line_num}: expected cells of a CSV file: {error}"
        raise InputError([Problem(words, "cells", row=reader.line_num)]) from error


def _text(name: str, content: bytes, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    words = f"{name}: expected text in UTF-8, found another encoding or no text"
    raise InputError([Problem(words, "encoding")])


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; quoted cells may run over several lines."""
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _spreadsheet(name: str, content: bytes, unpacked_max: int | None) -> list[tuple[int, list[str]]]:
    import openpyxl  # 0.3 s, which a CSV file need not wait for

    try:
        # a few kilobytes can unpack to gigabytes; a part is never read beyond the size it states here
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if unpacked_max is None or size <= unpacked_max:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # the stated size may be wrong, and openpyxl would believe it
            return [
                (number, [_cell(v) for v in row]) for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
            ]
    except Exception as error:  # a broken workbook raises whatever the part it is broken in raises
        words = f"{name}: expected an Excel workbook (.xlsx), found a file that is none"
        raise InputError([Problem(words, "workbook")]) from error
    raise InputError(
        [Problem(f"{name}: expected at most {unpacked_max} bytes once unpacked, found {size}", "unpacked")]
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, int | str):
        return str(value)
    # an array formula is an object with its text, a date or time of day has its own ISO text
    return str(getattr(value, "text", None) or value)


def _fitted(name: str, header: Row, rows: Sequence[Row], *, may_end_early: bool) -> Table:
    """The table with every row as wide as its header.

    may_end_early: a spreadsheet leaves out the empty cells at the end of a row; in a text file they are missing.
    """
    filled = [row for row in rows if any(row.cells)]
    width = _last_filled(header.cells)
    problems, fitted = [], []
    for row in filled:
        short = len(row.cells) < width and not may_end_early
        if short or _last_filled(row.cells) > width:
            words = f"{name}: row {row.number}: expected {width} cells as in the header, found {len(row.cells)}"
            problems.append(Problem(words, "row_width", row=row.number, expected=width, found=len(row.cells)))
        else:
            fitted.append(Row(row.number, (row.cells + ("",) * width)[:width]))
    return Table(name, header.cells[:width], tuple(fitted), tuple(problems))


def _last_filled(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, 1) if cell), default=0)
