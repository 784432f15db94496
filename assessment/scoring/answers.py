"""The answers of one survey as arrays: one row a respondent, one column an item of the pack."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from assessment.packs import ROLES, Pack

Mode = Literal["anonymous", "solo", "consensus"]
Answer = int | str | None
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int8]
Bools = NDArray[np.bool_]
Texts = NDArray[np.str_]

MODES: Final[tuple[Mode, ...]] = ("anonymous", "solo", "consensus")
MISSING: Final = 0
DK: Final = -1
NA: Final = -2
CODES: Final[Mapping[Answer, int]] = {None: MISSING, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, "DK": DK, "NA": NA}

PERSPECTIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "leadership": ("SL", "TM"),
    "sellers": ("S",),
    "surroundings": ("OP", "OD"),
}
CONSULTANT: Final = "consultant"
PROTECTED: Final = ("S", "OP", "OD")
OPEN: Final = ("SL", "TM", "K")

# Shares such as 3 of 5 against 0.60 are not exact in binary floating point.
SLACK: Final = 1e-9


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """Roles, teams and answer codes of n respondents on the m items of a pack, columns in the pack's order.

    roles: (n,) codes of method §2.2. teams: (n,) names, or None when nobody was asked.
    values: (n, m) int8; 1 to 5, or MISSING, DK, NA. shown: (n, m), whether the respondent was asked.

    Raises: ValueError for shapes that differ, an unknown role or code, or an answer to an item not shown.
    """

    roles: Texts
    teams: Texts | None
    values: Codes
    shown: Bools

    def __post_init__(self) -> None:
        people = len(self.roles)
        if self.values.shape != self.shown.shape or self.values.shape[0] != people:
            raise ValueError(f"{people} roles, values {self.values.shape}, shown {self.shown.shape}")
        if self.teams is not None and len(self.teams) != people:
            raise ValueError(f"{people} roles, {len(self.teams)} teams")
        if not np.isin(self.roles, ROLES).all():
            raise ValueError(f"roles must be among {', '.join(ROLES)}")
        if ((self.values < NA) | (self.values > 5)).any():
            raise ValueError("answer codes must be -2 to 5")
        if ((self.values != MISSING) & ~self.shown).any():
            raise ValueError("an item that was not shown has an answer")

    @property
    def respondents(self) -> int:
        """Number of rows, those without answers included."""
        return len(self.roles)

    @property
    def answered(self) -> Bools:
        """(n, m), whether the cell holds 1 to 5."""
        return self.values >= 1

    def select(self, rows: Bools | Ints) -> "AnswerTable":
        """The table of some respondents only; items stay."""
        teams = None if self.teams is None else self.teams[rows]
        # turned, so that the picked rows lie in memory item by item as well
        return AnswerTable(self.roles[rows], teams, self.values.T[:, rows].T, self.shown.T[:, rows].T)


def shown_items(pack: Pack, roles: Texts, mode: Mode, columns: Collection[str] | None = None) -> Bools:
    """(n, m), which items each respondent was asked.

    In anonymous mode by role; in solo and consensus mode everybody was asked every item. `columns` narrows this to the
    items that were in use at all (None: the whole pack).
    """
    in_use = np.array([columns is None or item.id in columns for item in pack.items], dtype=np.bool_)
    shown = np.broadcast_to(in_use, (len(roles), len(pack.items))).copy(order="F")
    if mode == "anonymous":
        for role in ROLES:
            asked = pack.shown_to(role)
            shown[roles == role] &= np.array([item.id in asked for item in pack.items], dtype=np.bool_)
    return shown


def answer_table(
    pack: Pack,
    roles: Sequence[str],
    answers: Sequence[Mapping[str, Answer]],
    *,
    mode: Mode,
    teams: Sequence[str | None] | None = None,
    columns: Collection[str] | None = None,
) -> AnswerTable:
    """The table of responses given as item id -> 1..5, "DK", "NA" or None.

    Items a response does not name are unanswered. A team of None becomes "", a team of its own. In anonymous mode an
    answer to an item the role is not shown is refused.

    Raises: ValueError for an item outside the pack or an answer outside the scale.
    """
    position = {item.id: column for column, item in enumerate(pack.items)}
    values = np.zeros((len(roles), len(pack.items)), dtype=np.int8)
    for row, response in enumerate(answers):
        for item_id, answer in response.items():
            if item_id not in position:
                raise ValueError(f"item '{item_id}' is not in pack '{pack.id}'")
            if isinstance(answer, bool | float) or answer not in CODES:
                raise ValueError(f"item '{item_id}': answer {answer!r} is outside 1 to 5, DK, NA")
            values[row, position[item_id]] = CODES[answer]
    role_codes = np.array(list(roles), dtype=np.str_)
    team_names = None if teams is None else np.array([team or "" for team in teams], dtype=np.str_)
    return AnswerTable(role_codes, team_names, values, shown_items(pack, role_codes, mode, columns))


def stored_table(
    pack: Pack,
    roles: Sequence[str],
    names: Sequence[str],
    values: Sequence[str],
    *,
    mode: Mode,
    teams: Sequence[str | None] | None = None,
    columns: Collection[str] | None = None,
) -> AnswerTable:
    """The table of responses as a store keeps them by column, for any number of them; else as `answer_table`.

    names and values: by response, the ids of the answered items and the answers (1 to 5, DK, NA), apart by spaces.

    Raises: ValueError for an item outside the pack or an answer outside the scale.
    """
    rows, places = cells(names, {item.id: column for column, item in enumerate(pack.items)})
    # a character an answer, each at its code's distance from "0", so that all are read at once
    said = " ".join(filter(None, values)).replace("DK", "/").replace("NA", ".").encode()
    codes = np.frombuffer(said, dtype=np.uint8)[::2].astype(np.int8) - ord("0")
    if len(said) != max(0, 2 * len(rows) - 1):
        raise ValueError("an answer is outside 1 to 5, DK, NA")
    table = np.zeros((len(roles), len(pack.items)), dtype=np.int8, order="F")  # scoring goes item by item
    table[rows, places] = codes
    role_codes = np.array(list(roles), dtype=np.str_)
    team_names = None if teams is None else np.array([team or "" for team in teams], dtype=np.str_)
    return AnswerTable(role_codes, team_names, table, shown_items(pack, role_codes, mode, columns))


def cells(names: Sequence[str], columns: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Row and column of every name in lines of names apart by spaces. Raises: ValueError for one without a column."""
    # most lines are alike, so each kind is read once
    kinds = {line: kind for kind, line in enumerate(dict.fromkeys(names))}
    read = [line.split() for line in kinds]
    if unknown := {name for line in read for name in line} - columns.keys():
        raise ValueError(f"'{min(unknown)}' is not among {len(columns)} columns")
    places = np.array([columns[name] for line in read for name in line], dtype=np.int64)
    lengths = np.array([len(line) for line in read], dtype=np.int64)
    kind = np.array([kinds[line] for line in names], dtype=np.int64)
    rows = np.repeat(np.arange(len(names)), lengths[kind])
    # where each line's names begin among `places`, less where they begin among all cells
    shift = (np.cumsum(lengths) - lengths)[kind] - (np.cumsum(lengths[kind]) - lengths[kind])
    return rows, places[np.arange(len(rows)) + shift[rows]]


def membership(pack: Pack) -> Floats:
    """(m, criteria) of 0 and 1: which item belongs to which criterion."""
    return np.array([[item.criterion == c.id for c in pack.criteria] for item in pack.items], dtype=np.float64)


def totals(cells: Bools | Codes, members: Floats) -> Floats:
    """(n, criteria) sums of each respondent's cells over the items of each criterion, as `membership` gives them."""
    # by addition: a matrix product takes twice the CPU, most of it threads that wait for each other
    sums = np.zeros((members.shape[1], len(cells)))
    for item, criterion in np.argwhere(members):
        sums[criterion] += members[item, criterion] * cells[:, item]
    return sums.T


def subscale_membership(pack: Pack) -> Floats:
    """(m, sub-scales) of 0 and 1, sub-scales in the pack's order; (m, 0) for a pack without any."""
    rows = [[item.id in members for members in pack.subscales.values()] for item in pack.items]
    return np.array(rows, dtype=np.float64).reshape(len(pack.items), len(pack.subscales))


def optional(value: Any) -> float | None:
    """A float, or None for NaN, which stands for "not assessed" inside arrays only."""
    return None if np.isnan(value) else float(value)
