"""The table of what documents look like."""

from collections.abc import Mapping

from assessment.engagement import Branding, EngagementId
from assessment.store.database import Database
from assessment.store.tables import Tables, all_rows, one_row


class BrandingTables(Tables):
    """The part of `Store` that keeps who documents come from."""

    def branding(self, engagement_id: EngagementId) -> Branding:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return _branding(db, engagement_id)

    def change_branding(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            changed = Branding.model_validate({**_branding(db, engagement_id).model_dump(), **fields})
            row = {"engagement_id": engagement_id, **changed.model_dump()}
            db.table("branding").upsert(row, pk="engagement_id")


def _branding(db: Database, engagement_id: str) -> Branding:
    rows = all_rows(db, "SELECT sender, colour, logo, template FROM branding WHERE engagement_id = ?", [engagement_id])
    return Branding.model_validate(rows[0]) if rows else Branding()
