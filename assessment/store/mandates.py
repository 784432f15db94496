"""The tables of the mandate with its versions, and of the note to the sponsor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from assessment.engagement import EngagementId, Mandate, NoteSection, NoteWords
from assessment.packs import Language
from assessment.store.database import Database
from assessment.store.protocol import AlreadyThere
from assessment.store.tables import Tables, all_rows, instant, one_row, refuse_deleted, row_of

_APART: Final = frozenset({"process_ids", "departments", "counterparts"})
_VERSIONS: Final = "SELECT * FROM mandates WHERE engagement_id = ? ORDER BY version"
_PROCESSES: Final = "SELECT version, process_id FROM mandate_processes WHERE engagement_id = ?"
_DEPARTMENTS: Final = "SELECT * FROM mandate_departments WHERE engagement_id = ? ORDER BY version, position"
_NOTE: Final = """
    SELECT section, words, mandate_version FROM sponsor_notes WHERE engagement_id = ? AND strategy = ? AND language = ?
"""
_NOTE_KEY: Final = ("engagement_id", "strategy", "language", "section")


class MandateTables(Tables):
    """The part of `Store` that keeps the mandate and what is said of it to the sponsor."""

    def mandate(self, engagement_id: EngagementId) -> Mandate | None:
        return next(reversed(self.mandates(engagement_id)), None)

    def mandates(self, engagement_id: EngagementId) -> Sequence[Mandate]:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return _versions(db, engagement_id)

    def save_mandate(self, engagement_id: EngagementId, mandate: Mandate, at: datetime) -> Mandate:
        moment = instant(at)
        with self._writing() as db:
            refuse_deleted(one_row(db, "engagement", engagement_id))
            latest = next(reversed(_versions(db, engagement_id)), None)
            if latest is not None and latest.same_content(mandate):
                return latest
            self._open_engagement(db, engagement_id)
            latest = next(reversed(_versions(db, engagement_id)), None)  # another may have saved one meanwhile
            numbered = {"version": latest.version + 1 if latest else 1, "created_at": moment}
            saved = Mandate.model_validate(mandate.model_dump() | numbered)
            _insert(db, engagement_id, saved)
            return saved

    def begin_mandate(self, engagement_id: EngagementId, versions: Sequence[Mandate]) -> None:
        if not all(version.created_at for version in versions):
            raise ValueError("a version has a time")
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            if _versions(db, engagement_id):
                raise AlreadyThere("mandate", engagement_id)
            for number, version in enumerate(versions, start=1):
                _insert(db, engagement_id, version.model_copy(update={"version": number}))

    def note_words(self, engagement_id: EngagementId, strategy: str, language: Language) -> Sequence[NoteWords]:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return [NoteWords.model_validate(row) for row in all_rows(db, _NOTE, [engagement_id, strategy, language])]

    def set_note_words(self, engagement_id: EngagementId, strategy: str, language: Language, words: NoteWords) -> None:
        row = {"engagement_id": engagement_id, "strategy": strategy, "language": language, **row_of(words)}
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            db.table("sponsor_notes").upsert(row, pk=_NOTE_KEY)

    def drop_note_words(
        self, engagement_id: EngagementId, strategy: str, language: Language, section: NoteSection
    ) -> None:
        one = " AND ".join(f"{column} = ?" for column in _NOTE_KEY)
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            db.table("sponsor_notes").delete_where(one, [engagement_id, strategy, language, section])


def _versions(db: Database, engagement_id: str) -> list[Mandate]:
    processes: dict[int, list[str]] = {}
    for version, process_id in db.execute(_PROCESSES, [engagement_id]):
        processes.setdefault(version, []).append(process_id)
    departments: dict[int, list[dict[str, Any]]] = {}
    for row in all_rows(db, _DEPARTMENTS, [engagement_id]):
        departments.setdefault(row["version"], []).append(row)
    found = []
    for row in all_rows(db, _VERSIONS, [engagement_id]):
        del row["engagement_id"]
        listed = departments.get(row["version"], [])
        apart = {
            "process_ids": processes.get(row["version"], ()),
            "departments": [one["department"] for one in listed],
            "counterparts": {one["department"]: one["counterpart"] for one in listed if _has_counterpart(one)},
        }
        found.append(Mandate.model_validate(row | apart))
    return found


def _has_counterpart(row: dict[str, Any]) -> bool:
    return row["counterpart"] is not None or bool(row["presumed"])


def _insert(db: Database, engagement_id: str, mandate: Mandate) -> None:
    key = {"engagement_id": engagement_id, "version": mandate.version}
    db.table("mandates").insert(key | row_of(mandate, leave_out=_APART))
    db.table("mandate_processes").insert_all(key | {"process_id": id_} for id_ in mandate.process_ids)
    known = mandate.counterparts
    db.table("mandate_departments").insert_all(
        key
        | {"position": position, "department": name, "counterpart": known.get(name)}
        | {"presumed": int(name in known and known[name] is None)}
        for position, name in enumerate(mandate.departments)
    )
