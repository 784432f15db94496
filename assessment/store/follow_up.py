"""What the benefits have given, in the table of the payback's lines."""

from collections.abc import Mapping, Sequence
from typing import Final

from assessment.engagement import BenefitLine, EngagementId, RealisedBenefit
from assessment.store.database import Database
from assessment.store.tables import Tables, all_rows, one_row, row_of

_REALISED: Final = """
    SELECT line, realised_amount AS amount, realised_measured_on AS measured_on, realised_note AS note, signed_by,
        realised_on AS signed_on
    FROM payback_lines WHERE engagement_id = ? ORDER BY line
"""
_SAVE: Final = """
    INSERT INTO payback_lines (
        engagement_id, line, realised_amount, realised_measured_on, realised_note, signed_by, realised_on
    ) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (engagement_id, line) DO UPDATE SET
        realised_amount = excluded.realised_amount, realised_measured_on = excluded.realised_measured_on,
        realised_note = excluded.realised_note, signed_by = excluded.signed_by, realised_on = excluded.realised_on
"""
_SAVED: Final = ("line", "amount", "measured_on", "note", "signed_by", "signed_on")


class FollowUpTables(Tables):
    """The part of `Store` that keeps what has come of the work."""

    def realised_benefits(self, engagement_id: EngagementId) -> Sequence[RealisedBenefit]:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            found = _told(db, engagement_id)
        return [told for told in found if told != RealisedBenefit(line=told.line)]

    def change_realised_benefit(
        self, engagement_id: EngagementId, line: BenefitLine, fields: Mapping[str, object]
    ) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            before = next((t for t in _told(db, engagement_id) if t.line == line), RealisedBenefit(line=line))
            after = RealisedBenefit.model_validate({**before.model_dump(), **fields})
            row = row_of(after)
            db.execute(_SAVE, [engagement_id, *(row[name] for name in _SAVED)])


def _told(db: Database, engagement_id: str) -> list[RealisedBenefit]:
    return [RealisedBenefit.model_validate(row) for row in all_rows(db, _REALISED, [engagement_id])]
