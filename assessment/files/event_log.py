"""An event log or a CRM's stage history: from the rows of a file to visits, with every problem found at once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

import numpy as np

from assessment.config import WORK_ZONE
from assessment.current_state.event_log import STILL_THERE, Ints, Visits
from assessment.files import InputError, Problem
from assessment.files.people import names_person
from assessment.files.tables import records, shown
from assessment.settings import ROOT

EXAMPLE: Final = ROOT / "data" / "examples" / "stage_history.csv"
UPLOAD_MAX: Final = 40_000_000
ROWS_MAX: Final = 500_000
STAGES_MAX: Final = 40
NAME_MAX: Final = 200
EARLIEST: Final = date(1990, 1, 1)

Part = Literal["case", "stage", "entered", "left"]

# What a column may be called, letters and digits only; where several fit, the one named first here is meant.
NAMES: Final[Mapping[Part, tuple[str, ...]]] = {
    "case": (
        *("case", "sak", "case id", "saks id", "saksid", "case number", "saksnummer", "saksnr"),
        *("opportunity id", "deal id", "lead id", "record id", "mulighet id", "mulighets id", "salgsmulighet id"),
        *("opportunity", "deal", "lead", "salgsmulighet", "mulighet", "id"),
    ),
    "stage": (
        *("stage", "steg", "etappe", "fase", "stage name", "deal stage", "sales stage", "opportunity stage"),
        *("salgsfase", "salgssteg", "fasenavn", "to stage", "ny fase", "phase", "activity", "aktivitet", "status"),
    ),
    "entered": (
        *("entered", "inn", "entered on", "entered at", "date entered", "entered date", "kom inn", "inn dato"),
        *("start", "started", "start date", "start time", "startdato", "starttid", "startet", "from", "from date"),
        *("fra", "fra dato", "begin", "begin date"),
    ),
    "left": (
        *("left", "ut", "left on", "left at", "date left", "exited", "exit", "date exited", "exit date", "exited on"),
        *("gikk ut", "ut dato", "forlatt", "end", "ended", "end date", "end time", "slutt", "sluttdato", "slutttid"),
        *("sluttet", "completed", "complete timestamp", "to", "to date", "til", "til dato"),
    ),
}
# Excel in Windows writes this where it does not write UTF-8; what is Latin-1 text reads the same in it
_ENCODINGS: Final = ("utf-8-sig", "cp1252")
_SEPARATORS: Final = ";,\t"
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].+)?", re.DOTALL)
_DAY: Final = re.compile(
    r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?:,?[T ] *([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?)?"
)
_ZONE: Final = ZoneInfo(WORK_ZONE)
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - the wall's clock has no zone
_TOLD_EVERY: Final = 4_000


@dataclass(frozen=True, eq=False)
class EventLog:
    """What a log says, without the ids of its cases.

    names: of the stages, by their numbers in `visits`. cases: how many. unread: columns that are not read; people:
    those of them that look as if they told people apart. twice: rows that say what another one says. backwards: the
    lines of rows where the case left before it came. Neither are among the visits. timed: whether moments have a time.
    """

    visits: Visits
    names: tuple[str, ...]
    cases: int
    unread: tuple[str, ...]
    people: tuple[str, ...]
    twice: int
    backwards: tuple[int, ...]
    timed: bool


def event_log(name: str, content: bytes, latest: date, progress: Callable[[float], None]) -> EventLog:
    """The log in a CSV file: columns case, stage, entered and left, in any order and by the names of NAMES.

    Separated by semicolon, comma or tab, in UTF-8 or Windows' Latin-1. A moment is 2026-01-31 or 31.01.2026, with or
    without a time of day; one with a zone is read as it was where the work is done. An empty `left` is a case that is
    there yet. latest: the last day there can be. progress: told how far one has come, 0 to 1.
    Raises: InputError with everything that is wrong with it at once; then nothing is read.
    """
    if len(content) > UPLOAD_MAX:
        raise InputError([Problem(f"{name}: expected at most {UPLOAD_MAX} bytes", "too_large")])
    lines = records(name, content, _SEPARATORS, _ENCODINGS)
    _, header = next(lines, (1, []))
    columns = [cell.strip() for cell in header]
    if not any(columns):
        words = f"{name}: row 1: expected a header with the names of the columns, found nothing"
        raise InputError([Problem(words, "header")])
    places = _places(name, columns)
    rows = _Rows(name, places, len(columns), latest)
    expected = max(1, content.count(b"\n"))
    for count, (line, cells) in enumerate(lines, start=1):
        if count % _TOLD_EVERY == 0:
            progress(min(0.9, 0.9 * count / expected))
        if count > ROWS_MAX:
            words = f"{name}: expected at most {ROWS_MAX} rows, found {expected}"
            raise InputError([Problem(words, "too_many", found=expected, most=ROWS_MAX)])
        rows.take(line, cells)
    found = rows.log([c for at, c in enumerate(columns) if c and at not in places.values()])
    progress(1.0)
    return found


def moment_in(cell: str) -> datetime | None:
    """The moment in a cell as the wall's clock shows it where the work is done; None when it is none."""
    day = _DAY.fullmatch(cell)
    try:
        if day:
            return datetime(*(int(day[n] or 0) for n in (3, 2, 1, 4, 5, 6)))  # type: ignore[arg-type] # noqa: DTZ001
        # fromisoformat alone would also take 20260131 and week dates
        found = datetime.fromisoformat(cell) if _ISO.fullmatch(cell) else None
    except ValueError:
        return None
    return found.astimezone(_ZONE).replace(tzinfo=None) if found and found.tzinfo else found


class _Rows:
    """Rows taken one by one: what each says as numbers, or what is wrong with it."""

    def __init__(self, name: str, places: Mapping[Part, int], width: int, latest: date) -> None:
        self._name, self._places, self._width, self._latest = name, places, width, latest
        self._problems: list[Problem] = []
        self._lines: list[int] = []
        self._cases: dict[str, int] = {}
        self._stages: dict[str, str] = {}
        self._rows: list[tuple[int, str, int, int]] = []
        self._moments: dict[str, int | str] = {}

    def take(self, line: int, cells: Sequence[str]) -> None:
        if not any(cells):
            return
        if len(cells) != self._width and (len(cells) < self._width or any(c.strip() for c in cells[self._width :])):
            words = f"{self._name}: row {line}: expected {self._width} cells as in the header, found {len(cells)}"
            problem = Problem(words, "row_width", row=line, expected=self._width, found=len(cells))
            self._problems.append(problem)
            return
        case, stage, entered, left = (cells[self._places[part]].strip() for part in NAMES)
        begun, over = self._moment(entered), self._moment(left) if left else STILL_THERE
        if not case or not 0 < len(stage) <= NAME_MAX or isinstance(begun, str) or isinstance(over, str):
            self._refuse(line, {"case": case, "stage": stage, "entered": entered, "left": left})
            return
        key = stage.casefold()
        # of several spellings always the same, whatever order the rows have
        self._stages[key] = min(self._stages.get(key, stage), stage)
        self._lines.append(line)
        self._rows.append((self._cases.setdefault(case, len(self._cases)), key, begun, over))

    def log(self, unread: Sequence[str]) -> EventLog:
        """What the rows say together. Raises: InputError."""
        if not self._rows and not self._problems:
            words = f"{self._name}: row 2: expected at least one row, found none"
            self._problems.append(Problem(words, "event_rows_none"))
        if len(self._stages) > STAGES_MAX:
            words = f"{self._name}: expected at most {STAGES_MAX} stages, found {len(self._stages)}"
            self._problems.append(Problem(words, "event_stages", found=len(self._stages), most=STAGES_MAX))
        if self._problems:
            raise InputError(self._problems)
        keys = sorted(self._stages)
        number = {key: at for at, key in enumerate(keys)}
        case, stage, entered, left = np.array(
            [(case, number[key], begun, over) for case, key, begun, over in self._rows], dtype=np.int64
        ).T
        backwards = left < entered
        once = _once(case, stage, entered, left) & ~backwards
        if not once.any():
            words = f"{self._name}: expected a row where the case left after it came, found none"
            raise InputError([Problem(words, "event_all_backwards")])
        visits = Visits(case[once], stage[once], entered[once], left[once])
        return EventLog(
            visits=visits,
            names=tuple(self._stages[key] for key in keys),
            cases=len(np.unique(visits.case)),
            unread=tuple(unread),
            people=tuple(column for column in unread if names_person(column)),
            twice=int(np.sum(~once & ~backwards)),
            backwards=tuple(np.asarray(self._lines)[backwards].tolist()),
            timed=bool(np.any(visits.entered % 86_400) or np.any(visits.left[visits.left < STILL_THERE] % 86_400)),
        )

    def _moment(self, cell: str) -> int | str:
        """Seconds on the wall's clock, or the key of what is wrong with the cell."""
        known = self._moments.get(cell)
        if known is None:
            found = moment_in(cell)
            if found is None:
                known = "event_moment" if cell else "event_no_entered"
            elif not EARLIEST <= found.date() <= self._latest:
                known = "event_future" if found.date() > self._latest else "event_early"
            else:
                known = (found - _EPOCH) // timedelta(seconds=1)
            self._moments[cell] = known
        return known

    def _refuse(self, line: int, cells: Mapping[Part, str]) -> None:
        for part, key in self._wrong(cells):
            found = shown(cells[part])
            words = f"{self._name}: row {line}, column {part}: {key.removeprefix('event_')}, found {found}"
            more = {"year": EARLIEST.year, "most": NAME_MAX, "part": part}
            self._problems.append(Problem(words, key, row=line, found=cells[part][:40], **more))

    def _wrong(self, cells: Mapping[Part, str]) -> Iterator[tuple[Part, str]]:
        if not cells["case"]:
            yield "case", "event_no_case"
        if not 0 < len(cells["stage"]) <= NAME_MAX:
            yield "stage", "event_stage_long" if cells["stage"] else "event_no_stage"
        moments: Iterable[Part] = ("entered", "left") if cells["left"] else ("entered",)
        for part in moments:
            found = self._moment(cells[part])
            if isinstance(found, str):
                yield part, found


def _places(name: str, columns: Sequence[str]) -> dict[Part, int]:
    """Where the column of each part is. Raises: InputError for those that are missing or there twice."""
    plain = [" ".join(re.findall(r"[^\W_]+", column.casefold())) for column in columns]
    places: dict[Part, int] = {}
    problems = []
    for part, names in NAMES.items():
        fits = next(([at for at, column in enumerate(plain) if column == n] for n in names if n in plain), [])
        if not fits:
            words = f"{name}: row 1: expected a column {part}, found none"
            problems.append(Problem(words, f"event_column_{part}"))
        elif len(fits) > 1:
            words = f"{name}: row 1, column {columns[fits[0]]}: expected once, found again as column {fits[1] + 1}"
            problems.append(Problem(words, "column_twice", column=columns[fits[0]], number=fits[1] + 1))
        else:
            places[part] = fits[0]
    if problems:
        raise InputError(problems)
    return places


def _once(*columns: Ints) -> np.typing.NDArray[np.bool_]:
    """Which rows are the first that say what they say."""
    order = np.lexsort(columns)
    again = np.all([column[order][1:] == column[order][:-1] for column in columns], axis=0)
    once = np.ones(len(order), dtype=np.bool_)
    once[order[1:]] = ~again
    return once
