"""The tables of how long an engagement is kept and who did what to it; erasing one, and every row it owns."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from assessment.audit import AuditEvent
from assessment.engagement import EngagementId, Kept, Privacy
from assessment.recording import Row
from assessment.store.database import Database
from assessment.store.tables import Tables, all_rows, instant, one_row, row_of

_TOLD: Final = tuple(Privacy.model_fields)
_RULE: Final = frozenset({"retention_months", "erase_on"})
_PRIVACY: Final = f"SELECT {', '.join(_TOLD)}, announced_on FROM privacy WHERE engagement_id = ?"  # noqa: S608
_KEPT: Final = """
    SELECT id, revision, fictional, created_at, changed_on, controller, contact, retention_months, erase_on,
        announced_on, (SELECT CASE WHEN count(*) = count(closed_at) THEN max(closed_at) END
            FROM waves WHERE waves.engagement_id = engagements.id) AS last_closed_at
    FROM engagements LEFT JOIN privacy ON privacy.engagement_id = engagements.id
"""
_KEPT_ALL: Final = f"{_KEPT} WHERE deleted_at IS NULL OR erase_on IS NOT NULL ORDER BY id"
_KEPT_ONE: Final = f"{_KEPT} WHERE id = ?"
_EVENTS: Final = f"SELECT {', '.join(AuditEvent.model_fields)} FROM audit_log"  # noqa: S608
_NEWEST: Final = "ORDER BY id DESC LIMIT ? OFFSET ?"


class PrivacyTables(Tables):
    """The part of `Store` that knows how long an engagement is kept, erases it, and remembers who did what."""

    def privacy(self, engagement_id: EngagementId) -> Privacy:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return _privacy(db, engagement_id)

    def change_privacy(self, engagement_id: EngagementId, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            changed = Privacy.model_validate({**_privacy(db, engagement_id).model_dump(), **fields})
            # of another rule nobody has been told yet
            anew = {"announced_on": None} if _RULE & fields.keys() else {}
            _keep(db, engagement_id, row_of(changed) | anew)

    def kept(self, engagement_id: EngagementId | None = None) -> Sequence[Kept]:
        with self._reading() as db:
            if engagement_id is None:
                return [_kept(row) for row in all_rows(db, _KEPT_ALL, [])]
            one_row(db, "engagement", engagement_id)
            return [_kept(row) for row in all_rows(db, _KEPT_ONE, [engagement_id])]

    def announce_erasure(self, engagement_id: EngagementId, since: date | None) -> None:
        with self._writing() as db:
            one_row(db, "engagement", engagement_id)
            _keep(db, engagement_id, {"announced_on": since and since.isoformat()})

    def erase_engagement(self, engagement_id: EngagementId, event: AuditEvent, *, revision: int | None = None) -> bool:
        with self._writing() as db:
            sql, values = "DELETE FROM engagements WHERE id = ?", [engagement_id]
            if revision is not None:
                sql, values = f"{sql} AND revision = ?", [*values, revision]  # type: ignore[list-item]
            if not db.execute(sql, values).rowcount:
                return False
            db.table("audit_log").insert(row_of(event))
        self._leave_nothing()
        return True

    def everything(self, engagement_id: EngagementId) -> Mapping[str, Sequence[Row]]:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            owned = _owned(self._references(db))
            return {name: _rows(db, name, owned[name], engagement_id) for name in sorted(owned)}

    def note(self, event: AuditEvent) -> None:
        with self._writing() as db:
            db.table("audit_log").insert(row_of(event))

    def audit_log(
        self, engagement_id: EngagementId | None = None, *, limit: int, offset: int = 0
    ) -> Sequence[AuditEvent]:
        where, of = ("", []) if engagement_id is None else ("WHERE engagement_id = ?", [engagement_id])
        with self._reading() as db:
            rows = all_rows(db, f"{_EVENTS} {where} {_NEWEST}", [*of, limit, offset])
        return [AuditEvent.model_validate(row) for row in rows]

    def count_events(self, engagement_id: EngagementId) -> int:
        with self._reading() as db:
            sql = "SELECT count(*) FROM audit_log WHERE engagement_id = ?"
            return int(db.execute(sql, [engagement_id]).fetchone()[0])

    def forget_events(self, before: datetime) -> int:
        with self._writing() as db:
            return int(db.execute("DELETE FROM audit_log WHERE at < ?", [instant(before)]).rowcount)


def _privacy(db: Database, engagement_id: str) -> Privacy:
    rows = all_rows(db, _PRIVACY, [engagement_id])
    return _told(rows[0]) if rows else Privacy()


def _told(row: Row) -> Privacy:
    return Privacy.model_validate({name: row[name] for name in _TOLD})


def _keep(db: Database, engagement_id: str, fields: Row) -> None:
    db.table("privacy").upsert({"engagement_id": engagement_id, **fields}, pk="engagement_id")


def _kept(row: Row) -> Kept:
    closed, announced = row["last_closed_at"], row["announced_on"]
    return Kept(
        engagement_id=row["id"],
        revision=row["revision"],
        fictional=bool(row["fictional"]),
        created_at=row["created_at"],
        changed_on=date.fromisoformat(row["changed_on"]),
        closed_on=datetime.fromisoformat(closed).date() if closed else None,
        announced_on=date.fromisoformat(announced) if announced else None,
        told=_told(row),
    )


def _rows(db: Database, table: str, where: str, engagement_id: str) -> list[dict[str, Any]]:
    columns, key = (
        ", ".join(f'"{name}"' for name in names) for names in (db.table(table).columns_dict, db.table(table).pks)
    )
    return all_rows(db, f'SELECT {columns} FROM "{table}" WHERE {where} ORDER BY {key}', [engagement_id])  # noqa: S608


def _owned(references: Sequence[tuple[str, str, str, str, str]]) -> dict[str, str]:
    """Each table that an engagement owns, with what its rows have in common; a table of tomorrow is found too."""
    pairs: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for table, name, parent, own, theirs in references:
        pairs.setdefault((table, name, parent), []).append((own, theirs))
    # told by its id and not by reference
    ways = {"engagements": "id = ?", "audit_log": "engagement_id = ?"}
    reached = {"engagements"}
    while reached:
        # by the shortest way: a table can refer to its engagement and to another part of it
        following: dict[str, str] = {}
        for (table, _, parent), columns in pairs.items():
            if parent in reached and table not in ways and table not in following:
                own, theirs = (", ".join(f'"{pair[side]}"' for pair in columns) for side in (0, 1))
                following[table] = f'({own}) IN (SELECT {theirs} FROM "{parent}" WHERE {ways[parent]})'  # noqa: S608
        ways |= following
        reached = set(following)
    return ways
