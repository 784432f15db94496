"""Points of a KPI as people write them: from a file, a pasted table or a form, with every problem found at once."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from assessment.engagement import Kpi, KpiPoint
from assessment.files import InputError, Problem
from assessment.files.formulas import is_formula
from assessment.files.people import names_person
from assessment.files.tables import Row, Table, number, shown, table_in
from assessment.mapping import kpi_catalogue
from assessment.packs import LANGUAGES, Language
from assessment.texts import half_up, texts

UPLOAD_MAX: Final = 1_000_000
UNPACKED_MAX: Final = 20_000_000
ROWS_MAX: Final = 2_000
NOTE_MAX: Final = 2_000
EARLIEST: Final = date(1990, 1, 1)
# pasted cells have tabs between them, and a row of one's own may have decimal commas: 05.01.2026;9,5
_SEPARATORS: Final = "\t;,"
_LARGEST: Final = 1e15
_CASES_MAX: Final = 1e9

Part = Literal["date", "value", "numerator", "denominator", "n", "note"]
Cells = Mapping[Part, str]
_FIGURES: Final[tuple[Part, ...]] = ("value", "numerator", "denominator", "n")

# What a column may be called in either language; a KPI's own words for value, numerator and denominator count too.
_NAMES: Final[Mapping[Part, tuple[str, ...]]] = {
    "date": ("dato", "date", "periode", "period"),
    "value": ("verdi", "value"),
    "numerator": ("teller", "numerator"),
    "denominator": ("nevner", "denominator"),
    "n": ("antall", "n", "count"),
    "note": ("merknad", "note", "kommentar", "comment"),
}

_DAY: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPACED: Final = re.compile(r"-?[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")
_SPACES: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2212": "-"})


@dataclass(frozen=True)
class Expected:
    """What the points of a KPI must be.

    language: of the reader, whose decimal sign is understood first. scale: what a ratio is multiplied by.
    words: what the KPI itself calls value, numerator and denominator. ratio: whether it has the two. latest: the last
    day there can be.
    """

    language: Language
    scale: float
    floor: float | None
    words: Mapping[str, Part]
    ratio: bool
    latest: date


def expected(kpi: Kpi, language: Language, latest: date) -> Expected:
    """What the points of this KPI must be for this reader."""
    words: dict[str, Part] = {}
    for one in LANGUAGES:
        said = kpi_catalogue.said(kpi, one)
        named: tuple[tuple[str, Part], ...] = (
            (said.name, "value"),
            (said.numerator, "numerator"),
            (said.denominator, "denominator"),
        )
        words |= {name.casefold(): part for name, part in named if name}
    ratio = bool(kpi_catalogue.said(kpi, language).denominator)
    return Expected(language, kpi_catalogue.scale(kpi), kpi.floor_value, words, ratio, latest)


def points_in(name: str, content: bytes, wanted: Expected) -> tuple[KpiPoint, ...]:
    """The points of a file or a pasted table by date; a first row that begins with a date is no heading.

    Columns: date and value, or date, numerator and denominator; optional n and note. Headings in either language.
    Raises: InputError with everything that is wrong with it at once; also for a column that names a person.
    """
    if len(content) > UPLOAD_MAX:
        raise InputError([Problem(f"{name}: expected at most {UPLOAD_MAX} bytes", "too_large")])
    table = _named(table_in(name, content, UNPACKED_MAX, _SEPARATORS), wanted)
    if len(table.rows) > ROWS_MAX:
        words = f"{name}: expected at most {ROWS_MAX} rows of points, found {len(table.rows)}"
        raise InputError([Problem(words, "too_many", found=len(table.rows), most=ROWS_MAX)])
    problems = [*_heading_problems(table), *table.problems]
    if not table.rows and not table.problems:
        problems.append(Problem(f"{name}: expected at least one row of points, found none", "points_none"))
    points, first = [], dict[date, int]()
    for row in table.rows if not _heading_problems(table) else ():
        point, wrong = _point(dict(zip(table.columns, row.cells, strict=True)), wanted)  # type: ignore[arg-type]
        problems += [_placed(table, row, *one) for one in wrong]
        if point is not None and point.on in first:
            problems.append(_placed(table, row, "date", "point_twice", {"first": first[point.on]}))
        elif point is not None:
            first[point.on] = row.number
            points.append(point)
    if problems:
        raise InputError(problems)
    return tuple(sorted(points, key=lambda point: point.on))


def point_of(cells: Cells, wanted: Expected) -> KpiPoint:
    """The point of a form's fields. Raises: InputError with every problem."""
    point, wrong = _point(cells, wanted)
    if point is None:
        found = [(f"{part}: {key}", key, {"found": cells.get(part, ""), **more}) for part, key, more in wrong]
        raise InputError([Problem(sentence, key, **more) for sentence, key, more in found])
    return point


def day_in(cell: str) -> date | None:
    """The date in a cell, as 2026-01-31 or 31.1.2026."""
    found = _DAY.fullmatch(cell)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        # fromisoformat alone would also take 20260131 and week dates
        return date.fromisoformat(cell) if _ISO.fullmatch(cell) else None
    except ValueError:
        return None


def number_in(cell: str, language: Language) -> float | Literal["number", "ambiguous", "formula"]:
    """The number in a cell as the language writes it, or what is wrong with it.

    The other language's decimal sign is understood where it cannot part thousands; where it can, nobody guesses.
    """
    text = cell.translate(_SPACES).strip()
    if is_formula(text) and text[0] not in "+-":
        return "formula"
    if _SPACED.fullmatch(text):
        text = text.replace(" ", "")
    decimal, group = (",", ".") if language == "nb" else (".", ",")
    if decimal in text and group in text and text.rindex(group) > text.rindex(decimal):
        decimal, group = group, decimal
    if group in text and decimal not in text:
        grouped = re.fullmatch(rf"-?[1-9][0-9]{{0,2}}(\{group}[0-9]{{3}})+", text)
        if grouped and language == "nb" and text.count(group) == 1:
            return "ambiguous"
        if not grouped:
            decimal, group = group, decimal
    whole = text.split(decimal)[0]
    if group in whole and not re.fullmatch(rf"-?[0-9]{{1,3}}(\{group}[0-9]{{3}})+", whole):
        return "number"
    value = number(text.replace(group, "").replace(decimal, "."), -_LARGEST, _LARGEST)
    return "number" if value is None else value


_Wrong = tuple[Part, str, dict[str, Any]]


def _named(table: Table, wanted: Expected) -> Table:
    """The table under our names for its columns; without a heading, by how many there are."""
    if table.columns and day_in(table.columns[0]) is not None:
        width = len(table.columns)
        named = ("date", "numerator", "denominator") if width == 3 and wanted.ratio else ("date", "value", "note")
        return replace(table, columns=(*named[:width], *table.columns[3:]), rows=(Row(1, table.columns), *table.rows))
    known = {name: part for part, names in _NAMES.items() for name in names} | dict(wanted.words)
    return replace(table, columns=tuple(known.get(c.casefold(), c) for c in table.columns))


def _heading_problems(table: Table) -> list[Problem]:
    columns, problems = table.columns, []
    for place, name in enumerate(columns, 1):
        said, again = f"{table.name}: row 1, column {shown(name)}", name in columns[: place - 1]
        if not name:
            words = f"{table.name}: row 1, column {place}: expected a name, found none"
            problems.append(Problem(words, "column_nameless", number=place))
        elif name not in _NAMES and names_person(name):
            problems.append(Problem(f"{said}: figures of single persons are not read", "person", column=name))
        elif name not in _NAMES:
            words = f"{said}: unknown column, expected {', '.join(_NAMES)}"
            problems.append(Problem(words, "point_column", column=name))
        elif again:
            problems.append(Problem(f"{said}: expected once", "point_column_twice", number=place))
    if "date" not in columns:
        problems.append(Problem(f"{table.name}: row 1: expected a column date, found none", "point_no_date"))
    if "value" not in columns and not {"numerator", "denominator"} <= {*columns}:
        words = f"{table.name}: row 1: expected a column value, or numerator and denominator, found neither"
        problems.append(Problem(words, "point_no_value"))
    return problems


def _placed(table: Table, row: Row, part: Part, key: str, more: Mapping[str, Any]) -> Problem:
    found = dict(zip(table.columns, row.cells, strict=True)).get(part, "")
    return table.at(row.number, part, key.replace("point_", ""), found, key, **more)


def _point(cells: Cells, wanted: Expected) -> tuple[KpiPoint | None, list[_Wrong]]:
    """The point of one row, or what is wrong with its cells."""
    wrong: list[_Wrong] = []
    on = day_in(cells.get("date", ""))
    if on is None:
        wrong.append(("date", "point_date", {}))
    elif not EARLIEST <= on <= wanted.latest:
        wrong.append(("date", "point_future" if on > wanted.latest else "point_early", {"year": EARLIEST.year}))
    figures: dict[Part, float | None] = {part: _figure(cells, part, wanted, wrong) for part in _FIGURES}
    wrong += _ratio_problems(cells, figures, wanted)
    if len(cells.get("note", "")) > NOTE_MAX:
        wrong.append(("note", "point_note", {"most": NOTE_MAX}))
    numerator, denominator, value = figures["numerator"], figures["denominator"], figures["value"]
    if not wrong and numerator is not None and denominator is not None:
        value = wanted.scale * numerator / denominator
    if not wrong and wanted.floor is not None and value is not None and value < wanted.floor:
        least = {"floor": texts(wanted.language).short(wanted.floor)}
        wrong.append(("value" if numerator is None else "numerator", "point_floor", least))
    if wrong or on is None or value is None:
        return None, wrong
    cases, note = figures["n"], cells.get("note", "").strip() or None
    n = None if cases is None else int(cases)
    return KpiPoint(on=on, value=value, numerator=numerator, denominator=denominator, n=n, note=note), []


def _figure(cells: Cells, part: Part, wanted: Expected, wrong: list[_Wrong]) -> float | None:
    cell = cells.get(part, "")
    if not cell:
        return None
    if part == "value" and wanted.scale == 100:
        cell = cell.removesuffix("%").strip()
    found = number_in(cell, wanted.language)
    if isinstance(found, str):
        wrong.append((part, f"point_{found}", {}))
        return None
    if part == "n" and not (found.is_integer() and 0 <= found <= _CASES_MAX):
        wrong.append((part, "point_n", {}))
        return None
    return found


def _ratio_problems(cells: Cells, figures: Mapping[Part, float | None], wanted: Expected) -> Iterator[_Wrong]:
    numerator, denominator, value = figures["numerator"], figures["denominator"], figures["value"]
    given: Collection[Part] = [part for part in ("numerator", "denominator") if cells.get(part)]
    if len(given) == 1:
        yield ("denominator" if given == ["numerator"] else "numerator"), "point_half", {}
    elif not given and not cells.get("value"):
        yield "value", "point_empty", {}
    elif denominator is not None and denominator <= 0:
        yield "denominator", "point_zero", {}
    elif numerator is not None and denominator is not None and value is not None:
        computed = wanted.scale * numerator / denominator
        digits = _digits(cells["value"])
        if half_up(computed, digits) != half_up(value, digits):
            yield "value", "point_differs", {"computed": texts(wanted.language).number(computed, digits)}


def _digits(cell: str) -> int:
    """How many decimals a cell is written with."""
    found: Sequence[str] = re.findall(r"[.,]([0-9]+)%?\s*$", cell.strip())
    return min(len(found[0]), 6) if found else 0
