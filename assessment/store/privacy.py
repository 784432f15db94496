"""The table of who answers for an assessment's answers, and how long they are kept."""

from collections.abc import Mapping
from datetime import date

from assessment.engagement import EngagementId, Privacy
from assessment.store.database import Database
from assessment.store.tables import Tables, all_rows, one_row


class PrivacyTables(Tables):
    """The part of `Store` that keeps what respondents are told, and erases what was to be kept no longer."""

    def privacy(self, engagement_id: EngagementId) -> Privacy:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return _privacy(db, engagement_id)

    def change_privacy(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            changed = Privacy.model_validate({**_privacy(db, engagement_id).model_dump(), **fields})
            row = {"engagement_id": engagement_id, **changed.model_dump(mode="json")}
            db.table("privacy").upsert(row, pk="engagement_id")

    def erase_expired(self, today: date) -> int:
        with self._writing() as db:
            erased = int(
                db.execute(
                    "DELETE FROM engagements WHERE id IN (SELECT engagement_id FROM privacy WHERE erase_on <= ?)",
                    [today.isoformat()],
                ).rowcount
            )
        if erased:
            self._empty_log()
        return erased


def _privacy(db: Database, engagement_id: str) -> Privacy:
    rows = all_rows(db, "SELECT controller, contact, erase_on FROM privacy WHERE engagement_id = ?", [engagement_id])
    return Privacy.model_validate(rows[0]) if rows else Privacy()
