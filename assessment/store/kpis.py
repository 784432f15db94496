"""The tables of the baseline KPIs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from assessment.engagement import EngagementId, Kpi, KpiId, KpiPoint
from assessment.store.database import Database
from assessment.store.protocol import NotFound
from assessment.store.tables import Tables, all_rows, insert_row, one_row, row_of

_KPIS: Final = "SELECT * FROM kpis WHERE engagement_id = ? ORDER BY code IS NULL, code, rowid"
_POINTS: Final = """
    SELECT kpi_points.* FROM kpi_points JOIN kpis ON kpis.id = kpi_id WHERE engagement_id = ? ORDER BY "date"
"""
_DAY: Final = frozenset({"on"})


class KpiTables(Tables):
    """KPIs and their points."""

    def kpis(self, engagement_id: EngagementId) -> Sequence[tuple[Kpi, tuple[KpiPoint, ...]]]:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            rows = all_rows(db, _KPIS, [engagement_id])
            points: dict[str, list[KpiPoint]] = {row["id"]: [] for row in rows}
            for row in all_rows(db, _POINTS, [engagement_id]):
                points[row.pop("kpi_id")].append(KpiPoint.model_validate({"on": row.pop("date"), **row}))
        return [(_kpi(row), tuple(points[row["id"]])) for row in rows]

    def add_kpi(self, engagement_id: EngagementId, kpi: Kpi, points: Iterable[KpiPoint] = ()) -> None:
        rows = [_point_row(kpi.id, point) for point in points]
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            insert_row(db, "kpis", {"engagement_id": engagement_id, **row_of(kpi)}, "kpi", kpi.id)
            db.table("kpi_points").insert_all(rows)

    def save_kpi(self, engagement_id: EngagementId, kpi: Kpi) -> None:
        with self._writing() as db:
            self._open_kpi(db, engagement_id, kpi.id)
            db.table("kpis").update(kpi.id, row_of(kpi))

    def remove_kpi(self, engagement_id: EngagementId, kpi_id: KpiId) -> None:
        with self._writing() as db:
            self._open_kpi(db, engagement_id, kpi_id)
            # a quick win without its KPI is a plain action
            db.execute("UPDATE actions SET quick_win = 0 WHERE kpi_id = ?", [kpi_id])
            db.table("kpis").delete(kpi_id)

    def write_kpi_points(
        self, engagement_id: EngagementId, kpi_id: KpiId, points: Mapping[date, KpiPoint | None]
    ) -> None:
        if any(point is not None and point.on != on for on, point in points.items()):
            raise ValueError("a point stands under another day")
        rows = [_point_row(kpi_id, point) for point in points.values() if point is not None]
        with self._writing() as db:
            self._open_kpi(db, engagement_id, kpi_id)
            table = db.table("kpi_points")
            table.upsert_all(rows, pk=("kpi_id", "date"))
            for on in (on for on, point in points.items() if point is None):
                table.delete_where('kpi_id = ? AND "date" = ?', [kpi_id, on.isoformat()])

    def _open_kpi(self, db: Database, engagement_id: str, kpi_id: str) -> None:
        """Count a write to one of the engagement's KPIs, or raise why there can be none."""
        self._open_engagement(db, engagement_id)
        found = db.execute("SELECT 1 FROM kpis WHERE id = ? AND engagement_id = ?", [kpi_id, engagement_id])
        if found.fetchone() is None:
            raise NotFound("kpi", kpi_id)


def _kpi(row: Mapping[str, Any]) -> Kpi:
    return Kpi.model_validate({name: row[name] for name in Kpi.model_fields})


def _point_row(kpi_id: str, point: KpiPoint) -> dict[str, Any]:
    return {"kpi_id": kpi_id, "date": point.on.isoformat(), **row_of(point, leave_out=_DAY)}
