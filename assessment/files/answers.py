"""Answers gathered elsewhere: from the cells of a file to the arrays that are scored. Source: headless.md."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from assessment.files import Problem
from assessment.files.formulas import is_formula
from assessment.files.tables import Table, column_problems
from assessment.packs import ROLES, Pack
from assessment.scoring.answers import CODES, MISSING, AnswerTable, Bools, Codes, Mode, shown_items

_ROLES_WORDS: Final = ", ".join(ROLES[:-1]) + f" or {ROLES[-1]}"
_BAD: Final = 100  # outside every answer code


def answers_in(table: Table, pack: Pack, mode: Mode, by_team: bool = False) -> tuple[AnswerTable | None, list[Problem]]:
    """The answers in a file, or everything that is wrong with it.

    Columns: role, optional respondent and team, one for each item of the pack that was asked. Rows that do not fit the
    header are the table's own problems and not among these.
    """
    items = [item.id for item in pack.items if item.id in table.columns]
    problems = _header_problems(table, pack, mode, by_team)
    problems += _row_count_problems(table, mode)
    roles = table.column("role")
    if roles is None or mode == "consensus":
        # a consensus row speaks for all roles, so what stands under role is not looked at; K is asked everything
        known = np.full(len(table.rows), "K")
    else:
        known = np.array([role if role in ROLES else "K" for role in roles], dtype=np.str_)
    values = _codes(table, pack, items)
    asked = shown_items(pack, known, mode, items)
    wrong = _value_problems(table, pack, values, asked)
    if roles is not None and mode != "consensus":
        wrong += _role_problems(table, roles)
    wrong += _respondent_problems(table)
    problems += [problem for _, problem in sorted(wrong, key=lambda entry: entry[0])]
    if problems or table.problems:
        return None, problems
    teams = table.column("team")
    return AnswerTable(known, None if teams is None else np.array(teams, dtype=np.str_), values, asked), []


def _header_problems(table: Table, pack: Pack, mode: Mode, by_team: bool) -> list[Problem]:
    required = ([] if mode == "consensus" else ["role"]) + (["team"] if by_team else [])
    ids = [item.id for item in pack.items]
    words = f"role, respondent, team or an item id of pack {pack.id} ({ids[0]} to {ids[-1]})"
    problems = column_problems(table, required, ["role", "respondent", "team", *ids], words)
    if not any(item_id in table.columns for item_id in ids):
        none = f"{table.name}: row 1: expected at least one column with an item id of pack {pack.id}, found none"
        problems.append(Problem(none, "no_items"))
    return problems


def _row_count_problems(table: Table, mode: Mode) -> list[Problem]:
    count = len(table.rows) + len(table.problems)
    if count == 0:
        return [Problem(f"{table.name}: row 2: expected at least one row of answers, found none", "no_rows")]
    if mode == "consensus" and count != 1:
        words = f"{table.name}: row 3: expected exactly one row of answers in consensus mode, found {count}"
        return [Problem(words, "one_row", found=count)]
    return []


def _codes(table: Table, pack: Pack, items: list[str]) -> Codes:
    """(n, items of the pack) answer codes, _BAD where the cell holds nothing that may be answered."""
    code = {str(value): CODES[value] for value in pack.values()} | {"": MISSING}
    position = {item.id: column for column, item in enumerate(pack.items)}
    values = np.full((len(table.rows), len(pack.items)), MISSING, dtype=np.int8)
    for item_id in items:
        cells = table.column(item_id) or ()
        values[:, position[item_id]] = [code.get(cell, _BAD) for cell in cells]
    return values


def _value_problems(table: Table, pack: Pack, values: Codes, asked: Bools) -> list[tuple[int, Problem]]:
    *others, last = (str(value) for value in pack.values())
    words = f"{', '.join(others)}, {last} or nothing"
    wrong = []
    for row, column in np.argwhere((values == _BAD) | ((values != MISSING) & ~asked)):
        number, item = table.rows[row].number, pack.items[column]
        found = table.rows[row].cells[table.columns.index(item.id)]
        if values[row, column] != _BAD:
            role = table.rows[row].cells[table.columns.index("role")]
            nothing = f"nothing, since role {role} is not shown this item"
            wrong.append((number, table.at(number, item.id, nothing, found, "not_shown", role=role)))
        else:
            formula = " (a formula is never read)" if is_formula(found) else ""
            wrong.append((number, table.at(number, item.id, words, found, "value", formula)))
    return wrong


def _role_problems(table: Table, roles: Sequence[str]) -> list[tuple[int, Problem]]:
    return [
        (row.number, table.at(row.number, "role", _ROLES_WORDS, role, "role"))
        for row, role in zip(table.rows, roles, strict=True)
        if role not in ROLES
    ]


def _respondent_problems(table: Table) -> list[tuple[int, Problem]]:
    """A respondent who stands in two rows would count twice; empty cells are nobody in particular."""
    first: dict[str, int] = {}
    wrong = []
    for row, name in zip(table.rows, table.column("respondent") or (), strict=False):
        if name in first:
            expected = f"a respondent once (first in row {first[name]})"
            problem = table.at(row.number, "respondent", expected, name, "respondent", first=first[name])
            wrong.append((row.number, problem))
        elif name:
            first[name] = row.number
    return wrong
