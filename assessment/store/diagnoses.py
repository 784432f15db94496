"""The tables of the diagnosis: what was said of each finding, and who vouches for the whole."""

from collections.abc import Mapping, Sequence

from assessment.engagement import Finding, SignOff, WaveId
from assessment.store.database import Database
from assessment.store.tables import Tables, all_rows, one_row, row_of


class DiagnosisTables(Tables):
    """The part of `Store` that keeps what people make of a diagnosis."""

    def findings(self, wave_id: WaveId) -> Sequence[Finding]:
        with self._reading() as db:
            one_row(db, "wave", wave_id)
            return _findings(db, wave_id)

    def change_finding(self, wave_id: WaveId, rule: str, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            engagement_id = one_row(db, "wave", wave_id)["engagement_id"]
            self._open_engagement(db, engagement_id)
            known = next((f for f in _findings(db, wave_id) if f.rule == rule), Finding(rule=rule))
            changed = Finding.model_validate({**known.model_dump(), **fields, "rule": rule})
            row = {"engagement_id": engagement_id, "wave_id": wave_id, **row_of(changed)}
            db.table("findings").upsert(row, pk=("wave_id", "rule"))

    def signed(self, wave_id: WaveId) -> SignOff | None:
        with self._reading() as db:
            one_row(db, "wave", wave_id)
            rows = all_rows(db, "SELECT * FROM diagnosis_signatures WHERE wave_id = ?", [wave_id])
        return SignOff.model_validate({name: rows[0][name] for name in SignOff.model_fields}) if rows else None

    def sign_diagnosis(self, wave_id: WaveId, sign_off: SignOff | None) -> None:
        with self._writing() as db:
            engagement_id = one_row(db, "wave", wave_id)["engagement_id"]
            self._open_engagement(db, engagement_id)
            db.execute("DELETE FROM diagnosis_signatures WHERE wave_id = ?", [wave_id])
            if sign_off is not None:
                row = {"engagement_id": engagement_id, "wave_id": wave_id, **row_of(sign_off)}
                db.table("diagnosis_signatures").insert(row)


def _findings(db: Database, wave_id: str) -> list[Finding]:
    rows = all_rows(db, "SELECT * FROM findings WHERE wave_id = ? ORDER BY rule", [wave_id])
    return [Finding.model_validate({name: row[name] for name in Finding.model_fields}) for row in rows]
