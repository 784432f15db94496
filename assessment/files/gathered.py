"""Answers gathered elsewhere, ready to be looked at before they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from assessment.files import InputError, Problem
from assessment.files.answers import answers_in
from assessment.files.tables import Table, table_in
from assessment.packs import ROLES, Pack
from assessment.scoring.anonymity import Group, publication
from assessment.scoring.answers import CODES, DK, MISSING, AnswerTable

# the largest organisation we have heard of answering at once is a few thousand people: 2 MB as text
UPLOAD_MAX: Final = 5_000_000
UNPACKED_MAX: Final = 50_000_000
ROWS_MAX: Final = 5_000
TEAM_MAX: Final = 200
_ANSWERS: Final = {code: answer for answer, code in CODES.items() if answer is not None}


@dataclass(frozen=True)
class Preview:
    """What a file holds, as it may be told before anybody has decided to keep it: counts and never an answer.

    roles: rows by role, in the roles' order. answered, unknown: shares of the questions the rows were asked, 0 to 1.
    left_out: groups whose answers will be used nowhere. absent: items the file has no column for. has_teams: whether
    groups by team can be asked for.
    """

    roles: Mapping[str, int]
    rows: int
    answered: float
    unknown: float
    left_out: tuple[Group, ...]
    absent: tuple[str, ...]
    has_teams: bool


@dataclass(frozen=True, eq=False)
class Gathered:
    """The answers of a file without problems."""

    pack: Pack
    table: AnswerTable

    def people(self) -> list[tuple[str, str | None, dict[str, int | str]]]:
        """Role, team and answers of each row, by item id; the names in a column `respondent` are not among them."""
        ids = [item.id for item in self.pack.items]
        teams = self.table.teams if self.table.teams is not None else [""] * self.table.respondents
        return [
            (str(role), str(team) or None, {ids[c]: _ANSWERS[int(row[c])] for c in np.flatnonzero(row != MISSING)})
            for role, team, row in zip(self.table.roles, teams, self.table.values, strict=True)
        ]

    def preview(self, *, k: int, by_team: bool = False) -> Preview:
        """What will be kept, and what of it will be used nowhere."""
        table = self.table
        asked = max(int(table.shown.sum()), 1)
        view = publication(table, mode="anonymous", k=k, by_team=by_team)
        return Preview(
            roles={role: n for role in ROLES if (n := int((table.roles == role).sum()))},
            rows=table.respondents,
            answered=int(table.answered.sum()) / asked,
            unknown=int((table.values == DK).sum()) / asked,
            left_out=view.left_out,
            absent=tuple(item.id for column, item in enumerate(self.pack.items) if not table.shown[:, column].any()),
            has_teams=table.teams is not None,
        )


def gathered(name: str, content: bytes, pack: Pack) -> Gathered:
    """The answers in an uploaded CSV or XLSX file, in the columns of the `score` command.

    Raises: InputError with everything that is wrong with it at once.
    """
    if len(content) > UPLOAD_MAX:
        raise InputError([Problem(f"{name}: expected at most {UPLOAD_MAX} bytes", "too_large")])
    table = table_in(name, content, UNPACKED_MAX)
    if len(table.rows) > ROWS_MAX:
        words = f"{name}: expected at most {ROWS_MAX} rows of answers, found {len(table.rows)}"
        raise InputError([Problem(words, "too_many", found=len(table.rows), most=ROWS_MAX)])
    answers, problems = answers_in(table, pack, "anonymous")
    problems = [*table.problems, *problems, *_team_problems(table)]
    if answers is None or problems:
        raise InputError(problems)
    return Gathered(pack, answers)


def _team_problems(table: Table) -> list[Problem]:
    return [
        table.at(row.number, "team", f"at most {TEAM_MAX} characters", team, "team", most=TEAM_MAX)
        for row, team in zip(table.rows, table.column("team") or (), strict=False)
        if len(team) > TEAM_MAX
    ]
