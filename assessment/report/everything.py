"""Everything that belongs to one assessment as a zip, without what anonymity and safety forbid anybody to read."""

import csv
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from assessment.engagement import Engagement, EngagementId
from assessment.files.formulas import as_text
from assessment.guard import requires
from assessment.packs import Language
from assessment.recording import Row
from assessment.report.handover import HandOvers
from assessment.store.watch import BLIND, SHOWN
from assessment.texts import texts

# What each person answered or voted: nobody may read it, with or without a name beside it (method §3.8). One person's
# or one team's own answers are theirs.
OF_MANY: Final = frozenset({"responses", "answers", "retrospective_answers", "page_times"})
VOTES: Final = frozenset({"room_votes", "room_phones"})
# What opens something, or could be guessed from its hash
SECRETS: Final[Mapping[str, frozenset[str]]] = {
    "links": frozenset({"token_hash", "pin_hash"}),
    "rooms": frozenset({"code_hash", "wifi_password"}),
}


class Everything(HandOvers):
    """An assessment as its owner can take it away, whole."""

    @requires("own")
    def export_everything(self, engagement_id: EngagementId, language: Language) -> bytes:
        """A zip: data.json with every row, tables/*.csv with the same, results/*.json, and a note in this language.

        Where many answer, their published results stand in place of what each of them answered; an open measurement has
        none. Pictures and templates are base64 in data.json and not in the tables. Raises: NotFound.
        """
        engagement = self.engagement(engagement_id)
        self._note("exported_everything", engagement.id)
        tables = dict(self._readable(engagement))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _about(engagement, language))
            archive.writestr("data.json", json.dumps(tables, ensure_ascii=False, indent=1, default=_coded))
            for name, rows in tables.items():
                if rows:
                    archive.writestr(f"tables/{name}.csv", _table(rows))
            for name, result in self._publications(engagement):
                archive.writestr(f"results/{name}.json", json.dumps(result, ensure_ascii=False, indent=1))
        return packed.getvalue()

    def _readable(self, engagement: Engagement) -> Iterator[tuple[str, list[Row]]]:
        left_out = VOTES | (OF_MANY if engagement.mode == "anonymous" else frozenset())
        for name, rows in self._store.everything(engagement.id).items():
            if name not in left_out:
                yield name, [_without_secrets(name, row) for row in rows]

    def _publications(self, engagement: Engagement) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if engagement.mode != "anonymous":
            return
        for wave in self._store.waves(engagement.id):
            published = wave.closed_at is not None and wave.measures_maturity and self._published(engagement, wave)
            if published:
                yield f"{wave.position}-{wave.label}", published


def _without_secrets(table: str, row: Row) -> Row:
    hidden = SECRETS.get(table, frozenset())
    if table == "processes" and row[SHOWN] is None:
        hidden = frozenset(BLIND)
    return {name: value for name, value in row.items() if name not in hidden}


def _about(engagement: Engagement, language: Language) -> str:
    t = texts(language)
    left_out = ["secrets", "votes", "blind", *(["answers"] if engagement.mode == "anonymous" else [])]
    lines = [
        t("privacy.export.title", name=engagement.name),
        t("privacy.export.holds"),
        t("privacy.export.left_out"),
        *(f"- {t(f'privacy.export.without.{what}')}" for what in left_out),
    ]
    return "\n\n".join(lines) + "\n"


def _coded(value: object) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"no value of a database: {type(value).__name__}")
    return b64encode(value).decode()


def _table(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    written = csv.writer(out)
    columns = [name for name in rows[0] if not any(isinstance(row[name], bytes) for row in rows)]
    written.writerow(columns)
    for row in rows:
        written.writerow([as_text(v) if isinstance(v := row[name], str) else v for name in columns])
    return "\ufeff" + out.getvalue()  # the mark tells Excel that it is UTF-8
