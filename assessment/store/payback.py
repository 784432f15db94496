"""The tables of the payback."""

from collections.abc import Mapping
from typing import Any

from assessment.engagement import BenefitLine, EngagementId, PaybackInput, PaybackLine, PaybackTerms, PaybackTold
from assessment.store.database import Database
from assessment.store.protocol import AlreadyThere
from assessment.store.tables import Tables, all_rows, one_row, owned_row, row_of

_LINES = "SELECT line, owner, kpi_id, evidence FROM payback_lines WHERE engagement_id = ? ORDER BY line"
_INPUTS = """
    SELECT input AS name, low, likely, high, unsure, source, quality FROM payback_inputs
    WHERE engagement_id = ? ORDER BY input
"""


class PaybackTables(Tables):
    """The part of `Store` that keeps the payback."""

    def payback(self, engagement_id: EngagementId) -> PaybackTold:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return _told(db, engagement_id)

    def begin_payback(self, engagement_id: EngagementId, told: PaybackTold) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            if _told(db, engagement_id) != PaybackTold():
                raise AlreadyThere("payback", engagement_id)
            for line in told.lines:
                _save_line(db, engagement_id, line)
            for named in told.inputs:
                _save_input(db, engagement_id, named)
            _save_terms(db, engagement_id, told.terms)

    def change_payback_line(self, engagement_id: EngagementId, line: BenefitLine, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            known = {told.line: told for told in _told(db, engagement_id).lines}
            before = known.get(line) or PaybackLine(line=line)
            _save_line(db, engagement_id, PaybackLine.model_validate({**before.model_dump(), **fields}))

    def change_payback_input(self, engagement_id: EngagementId, name: str, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            known = {told.name: told for told in _told(db, engagement_id).inputs}
            before = known.get(name) or PaybackInput(name=name)
            _save_input(db, engagement_id, PaybackInput.model_validate({**before.model_dump(), **fields}))

    def change_payback_terms(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            before = _told(db, engagement_id).terms
            _save_terms(db, engagement_id, PaybackTerms.model_validate({**before.model_dump(), **fields}))


def _told(db: Database, engagement_id: str) -> PaybackTold:
    terms = all_rows(db, "SELECT * FROM payback_terms WHERE engagement_id = ?", [engagement_id])
    return PaybackTold(
        lines=tuple(PaybackLine.model_validate(row) for row in all_rows(db, _LINES, [engagement_id])),
        inputs=tuple(PaybackInput.model_validate(row) for row in all_rows(db, _INPUTS, [engagement_id])),
        terms=_terms(terms[0]) if terms else PaybackTerms(),
    )


def _terms(row: Mapping[str, Any]) -> PaybackTerms:
    return PaybackTerms.model_validate({name: row[name] for name in PaybackTerms.model_fields})


def _save_line(db: Database, engagement_id: str, line: PaybackLine) -> None:
    if line.kpi_id is not None:
        owned_row(db, "kpis", "kpi", engagement_id, line.kpi_id)
    _save(db, "payback_lines", {"engagement_id": engagement_id, **row_of(line)}, "line")


def _save_input(db: Database, engagement_id: str, named: PaybackInput) -> None:
    row = row_of(named)
    _save(db, "payback_inputs", {"engagement_id": engagement_id, "input": row.pop("name"), **row}, "input")


def _save_terms(db: Database, engagement_id: str, terms: PaybackTerms) -> None:
    _save(db, "payback_terms", {"engagement_id": engagement_id, **row_of(terms)})


def _save(db: Database, table: str, row: Mapping[str, object], *beside: str) -> None:
    """Insert a row, or replace these columns of the one with the same key; a table may have more columns."""
    names, key = list(row), ", ".join(("engagement_id", *beside))
    new = ", ".join(f"{name} = excluded.{name}" for name in names)
    places = ", ".join("?" * len(names))
    db.execute(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places}) ON CONFLICT ({key}) DO UPDATE SET {new}",  # noqa: S608
        list(row.values()),
    )
