"""CSV and XLSX files as rows of text, with every problem of a file found at once."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from assessment.headless import InputError

_FOUND_LENGTH: Final = 40
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Row:
    """One row: its line in the file (the header is 1) and a cell for each column, without space around it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file's header and its rows; rows without any text are left out.

    problems: a sentence for each row that does not fit the header. Such rows are not among `rows`, since their cells
    may have moved.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[str, ...]

    def at(self, row: int, column: str, expected: str, found: str) -> str:
        """The sentence for one bad cell: file, row, column, what was expected and what stands there."""
        return f"{self.name}: row {row}, column {column}: expected {expected}, found {shown(found)}"

    def column(self, name: str) -> tuple[str, ...] | None:
        """The cells of the first column with this name; None without one."""
        if name not in self.columns:
            return None
        place = self.columns.index(name)
        return tuple(row.cells[place] for row in self.rows)


def read_table(path: Path) -> Table:
    """The table in a CSV file (, or ; as separator, UTF-8 with or without BOM) or in the first sheet of an .xlsx file.

    Numbers in a spreadsheet become the text of the number (3 and 3.0 both "3"), dates ISO dates, formulas the text of
    the formula; they are not computed. Columns at the end without name and content are left out.
    Raises: InputError when the file cannot be read or has no header.
    """
    spreadsheet = path.suffix.lower() == ".xlsx"
    raw = _spreadsheet(path) if spreadsheet else _text_file(path)
    numbered = [Row(number, tuple(cell.strip() for cell in cells)) for number, cells in raw]
    if not numbered or not any(numbered[0].cells):
        raise InputError([f"{path}: row 1: expected a header with the names of the columns, found nothing"])
    return _fitted(str(path), numbered[0], numbered[1:], may_end_early=spreadsheet)


def column_problems(table: Table, required: Collection[str], optional: Collection[str], expected: str) -> list[str]:
    """A sentence for each column that is missing, unknown, without name or there twice.

    expected: the words for what a column may be called.
    """
    problems = [
        f"{table.name}: row 1: expected a column {name}, found none" for name in required if name not in table.columns
    ]
    for place, name in enumerate(table.columns):
        if not name:
            problems.append(f"{table.name}: row 1, column {place + 1}: expected {expected}, found no name")
        elif name not in required and name not in optional:
            problems.append(f"{table.name}: row 1, column {shown(name)}: unknown column, expected {expected}")
        elif name in table.columns[:place]:
            problems.append(f"{table.name}: row 1, column {name}: expected once, found again as column {place + 1}")
    return problems


def shown(found: str) -> str:
    """Text from a file as part of a one-line sentence: quoted, shortened, line ends and control signs escaped."""
    if not found:
        return "nothing"
    short = found if len(found) <= _FOUND_LENGTH else found[:_FOUND_LENGTH] + "…"
    return f"'{''.join(c if c.isprintable() else c.encode('unicode_escape').decode() for c in short)}'"


def number(found: str, low: float, high: float) -> float | None:
    """The number a cell holds, within limits, both inclusive; None when it holds no such number.

    Written with a decimal point and without separators between thousands; a spreadsheet may add an exponent.
    """
    value = float(found) if _NUMBER.fullmatch(found) else None
    return value if value is not None and low <= value <= high else None


def is_formula(found: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return found.startswith(_FORMULA_STARTS)


def _text_file(path: Path) -> list[tuple[int, list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError([f"{path}: expected a file that can be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise InputError([f"{path}: expected text in UTF-8, found another encoding or no text"]) from error
    first = text.splitlines()[0] if text else ""
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(_lines(reader))
    except csv.Error as error:
        raise InputError([f"{path}: row {reader.line_num}: expected cells of a CSV file: {error}"]) from error


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; quoted cells may run over several lines."""
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _spreadsheet(path: Path) -> list[tuple[int, list[str]]]:
    import openpyxl  # 0.3 s, which a CSV file need not wait for

    try:
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # the stated size may be wrong, and openpyxl would believe it
            return [
                (number, [_cell(v) for v in row]) for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
            ]
    except OSError as error:
        raise InputError([f"{path}: expected a file that can be read: {error.strerror or error}"]) from error
    except Exception as error:  # a broken workbook raises whatever the part it is broken in raises
        raise InputError([f"{path}: expected an Excel workbook (.xlsx), found a file that is none"]) from error


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
            problems.append(
                f"{name}: row {row.number}: expected {width} cells as in the header, found {len(row.cells)}"
            )
        else:
            fitted.append(Row(row.number, (row.cells + ("",) * width)[:width]))
    return Table(name, header.cells[:width], tuple(fitted), tuple(problems))


def _last_filled(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, 1) if cell), default=0)
