"""What a store keeps, on whatever database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from pydantic import TypeAdapter

from assessment.config import PAGE_SECONDS_STEP
from assessment.engagement import (
    Answer,
    AnsweredCount,
    AnswerValue,
    Cells,
    CriterionSetting,
    Engagement,
    EngagementId,
    EngagementSummary,
    ItemId,
    Line,
    Link,
    LinkId,
    MemberRole,
    ReadinessAnswer,
    Response,
    ResponseId,
    ResponseProgress,
    Wave,
    WaveAnswers,
    WaveId,
)
from assessment.store.actions import ActionTables
from assessment.store.branding import BrandingTables
from assessment.store.database import Database
from assessment.store.decisions import DecisionTables
from assessment.store.diagnoses import DiagnosisTables
from assessment.store.follow_up import FollowUpTables
from assessment.store.goals import GoalTables
from assessment.store.history import HistoryTables
from assessment.store.kpis import KpiTables
from assessment.store.mandates import MandateTables
from assessment.store.payback import PaybackTables
from assessment.store.privacy import PrivacyTables
from assessment.store.processes import ProcessTables
from assessment.store.protocol import (
    Closed,
    LinkUnusable,
    NotFound,
    Saving,
    StoreError,
)
from assessment.store.rooms import RoomTables
from assessment.store.stream import StreamTables
from assessment.store.tables import (
    all_rows,
    insert_row,
    instant,
    one_row,
    row_of,
    unless_taken,
)
from assessment.store.waste import WasteTables

_CHUNK: Final = 500
_NAME: Final[TypeAdapter[str]] = TypeAdapter(Line)
_MEMBER_ROLE: Final[TypeAdapter[MemberRole]] = TypeAdapter(MemberRole)

# The statements of the answering itself, by SQL: through `table.upsert` each answer costs six times as much.
_UPSERT_ANSWER: Final = """
    INSERT INTO answers (response_id, item_id, answer, na_reason) VALUES (?, ?, ?, ?)
    ON CONFLICT (response_id, item_id) DO UPDATE SET answer = excluded.answer, na_reason = excluded.na_reason
"""
_INSERT_RESPONSE: Final = 'INSERT INTO responses (id, wave_id, role, team, "view") VALUES (?, ?, ?, ?, ?)'
_CLEAR_ANSWER: Final = "DELETE FROM answers WHERE response_id = ? AND item_id = ?"
_UPSERT_RETROSPECTIVE: Final = """
    INSERT INTO retrospective_answers (response_id, item_id, answer) VALUES (?, ?, ?)
    ON CONFLICT (response_id, item_id) DO UPDATE SET answer = excluded.answer
"""
_ADD_SECONDS: Final = """
    INSERT INTO page_times (response_id, page, seconds) VALUES (?, ?, ?)
    ON CONFLICT (response_id, page) DO UPDATE SET seconds = page_times.seconds + excluded.seconds
"""
_WAVE_ANSWERS: Final = """
    SELECT response_id, item_id, answer, na_reason FROM answers JOIN responses ON responses.id = response_id
    WHERE wave_id = ?
"""
_WAVE_RETROSPECTIVE: Final = """
    SELECT response_id, item_id, answer FROM retrospective_answers JOIN responses ON responses.id = response_id
    WHERE wave_id = ?
"""
_WAVE_SECONDS: Final = """
    SELECT response_id, page, seconds FROM page_times JOIN responses ON responses.id = response_id WHERE wave_id = ?
"""
# A line a response, put together by the database: a row an answer would take as long as the whole calculation after it.
_ANSWER_LINES: Final = """
    SELECT role, team, "view", coalesce(group_concat(item_id, ' '), ''), coalesce(group_concat(answer, ' '), '')
    FROM responses LEFT JOIN answers ON response_id = responses.id
    WHERE wave_id = ? GROUP BY responses.id ORDER BY responses.id
"""
_RETROSPECTIVE_LINES: Final = """
    SELECT coalesce(group_concat(item_id, ' '), ''), coalesce(group_concat(answer, ' '), '')
    FROM responses LEFT JOIN retrospective_answers ON response_id = responses.id
    WHERE wave_id = ? GROUP BY responses.id ORDER BY responses.id
"""
_SECONDS_LINES: Final = """
    SELECT coalesce(group_concat(page, ' '), ''), coalesce(group_concat(CAST(seconds AS TEXT), ' '), '')
    FROM responses LEFT JOIN page_times ON response_id = responses.id AND seconds < ?
    WHERE wave_id = ? GROUP BY responses.id ORDER BY responses.id
"""
_PROGRESS: Final = """
    SELECT role, "view", answered, count(*) AS responses FROM (
        SELECT role, "view", (SELECT count(*) FROM answers WHERE answers.response_id = responses.id) AS answered
        FROM responses WHERE wave_id = ?
    ) AS counted GROUP BY role, "view", answered ORDER BY role, "view", answered
"""
_WHERE_FROM: Final = """
    SELECT responses.id, wave_id, engagement_id FROM responses JOIN waves ON waves.id = wave_id
    WHERE responses.id IN ({})
"""
_REVOKE: Final = "UPDATE links SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
_NOTE_PURGED: Final = """
    INSERT INTO audit_log (at, actor, kind, engagement_id, count)
    SELECT ?, 'system', 'erased', id, 1 FROM engagements WHERE deleted_at < ?
"""
_SUMMARIES: Final = """
    SELECT engagements.*, latest.*, (SELECT count(*) FROM responses WHERE wave_id = latest.id),
        first.id, first.role, first."view", (SELECT count(*) FROM answers WHERE answers.response_id = first.id)
    FROM engagements
    JOIN waves AS latest ON latest.engagement_id = engagements.id AND latest.position =
        (SELECT max(position) FROM waves WHERE waves.engagement_id = engagements.id)
    LEFT JOIN responses AS first ON first.id = (SELECT min(id) FROM responses WHERE wave_id = latest.id)
    WHERE (engagements.deleted_at IS NOT NULL) = ?
    ORDER BY changed_on DESC, created_at DESC, engagements.id
"""


class Records(
    KpiTables,
    StreamTables,
    ProcessTables,
    WasteTables,
    DiagnosisTables,
    MandateTables,
    GoalTables,
    PaybackTables,
    HistoryTables,
    FollowUpTables,
    BrandingTables,
    PrivacyTables,
    DecisionTables,
    ActionTables,
    RoomTables,
):
    """`Store`, but for how the database is reached."""

    # Engagements

    def create_engagement(self, engagement: Engagement, wave: Wave, response: Response | None = None) -> None:
        if wave.engagement_id != engagement.id:
            raise ValueError("the wave belongs to another engagement")
        if response is not None and response.wave_id != wave.id:
            raise ValueError("the response belongs to another wave")
        with self._writing() as db:
            changed = {"changed_on": self._today()}
            insert_row(db, "engagements", row_of(engagement) | changed, "engagement", engagement.id)
            insert_row(db, "waves", row_of(wave), "wave", wave.id)
            if response is not None:
                _insert_responses(db, [response])

    def engagement(self, engagement_id: EngagementId) -> Engagement:
        with self._reading() as db:
            return _engagement(one_row(db, "engagement", engagement_id))

    def engagements(self, *, deleted: bool = False) -> Sequence[EngagementSummary]:
        with self._reading() as db:
            cursor = db.execute(_SUMMARIES, [deleted])
            names = [column[0] for column in cursor.description]
            return [_summary(names, row) for row in cursor]

    def revision(self, engagement_id: EngagementId) -> int:
        with self._reading() as db:
            found = db.execute("SELECT revision FROM engagements WHERE id = ?", [engagement_id]).fetchone()
        if found is None:
            raise NotFound("engagement", engagement_id)
        return int(found[0])

    def mark_results_seen(self, engagement_id: EngagementId, at: datetime) -> None:
        moment = instant(at)
        if self.engagement(engagement_id).results_seen_at is not None:
            return  # every look at the results comes here, and a read waits for nobody
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            db.execute(
                "UPDATE engagements SET results_seen_at = ? WHERE id = ? AND results_seen_at IS NULL",
                [moment, engagement_id],
            )

    def delete_engagement(self, engagement_id: EngagementId, at: datetime) -> None:
        moment = instant(at)
        with self._writing() as db:
            if one_row(db, "engagement", engagement_id)["deleted_at"] is None:
                self._open_engagement(db, engagement_id)
                db.table("engagements").update(engagement_id, {"deleted_at": moment})

    def restore_engagement(self, engagement_id: EngagementId) -> None:
        with self._writing() as db:
            if one_row(db, "engagement", engagement_id)["deleted_at"] is not None:
                db.table("engagements").update(engagement_id, {"deleted_at": None})
                self._open_engagement(db, engagement_id)

    def purge_deleted(self, older_than: datetime) -> int:
        moment = instant(older_than)
        with self._writing() as db:
            db.execute(_NOTE_PURGED, [instant(self._clock()), moment])
            purged = int(db.execute("DELETE FROM engagements WHERE deleted_at < ?", [moment]).rowcount)
        if purged:
            self._leave_nothing()
        return purged

    # Waves and responses

    def add_wave(self, wave: Wave) -> None:
        with self._writing() as db:
            self._open_engagement(db, wave.engagement_id)
            insert_row(db, "waves", row_of(wave), "wave", wave.id)

    def add_closed_wave(self, wave: Wave, responses: Iterable[Response], engagement: Engagement | None = None) -> None:
        added = list(responses)
        if wave.closed_at is None:
            raise ValueError("the wave is open")
        if any(r.wave_id != wave.id for r in added) or (engagement and engagement.id != wave.engagement_id):
            raise ValueError("the wave or a response belongs elsewhere")
        with self._writing() as db:
            if engagement is not None:
                insert_row(
                    db, "engagements", row_of(engagement) | {"changed_on": self._today()}, "engagement", engagement.id
                )
            else:
                self._open_engagement(db, wave.engagement_id)
            insert_row(db, "waves", row_of(wave), "wave", wave.id)
            _insert_responses(db, added)

    def wave(self, wave_id: WaveId) -> Wave:
        with self._reading() as db:
            return Wave.model_validate(one_row(db, "wave", wave_id))

    def waves(self, engagement_id: EngagementId) -> Sequence[Wave]:
        return [Wave.model_validate(row) for row in self._owned("waves", engagement_id, "position")]

    def close_wave(self, wave_id: WaveId, at: datetime) -> None:
        moment = instant(at)
        with self._writing() as db:
            row = one_row(db, "wave", wave_id)
            if row["closed_at"] is None:
                self._open_engagement(db, row["engagement_id"])
                db.execute("UPDATE waves SET closed_at = ? WHERE id = ? AND closed_at IS NULL", [moment, wave_id])

    def add_responses(self, wave_id: WaveId, responses: Iterable[Response]) -> None:
        added = list(responses)
        if any(response.wave_id != wave_id for response in added):
            raise ValueError("a response belongs to another wave")
        with self._writing() as db:
            self._open_wave(db, wave_id)
            _insert_responses(db, added)

    def responses(self, wave_id: WaveId) -> Sequence[Response]:
        with self._reading() as db:
            one_row(db, "wave", wave_id)
            rows = all_rows(db, "SELECT * FROM responses WHERE wave_id = ? ORDER BY id", [wave_id])
            answers: dict[str, dict[ItemId, Answer]] = {row["id"]: {} for row in rows}
            before: dict[str, dict[ItemId, Answer]] = {row["id"]: {} for row in rows}
            seconds: dict[str, dict[str, int]] = {row["id"]: {} for row in rows}
            for response_id, item_id, value, reason in db.execute(_WAVE_ANSWERS, [wave_id]):
                answers[response_id][item_id] = _answer(value, reason)
            for response_id, item_id, value in db.execute(_WAVE_RETROSPECTIVE, [wave_id]):
                before[response_id][item_id] = _answer(value, None)
            for response_id, page, spent in db.execute(_WAVE_SECONDS, [wave_id]):
                seconds[response_id][page] = spent
        return [_response(row, answers[row["id"]], before[row["id"]], seconds[row["id"]]) for row in rows]

    def wave_answers(self, wave_id: WaveId, *, pages_under_s: float) -> WaveAnswers:
        with self._reading() as db:
            one_row(db, "wave", wave_id)
            roles, teams, views, *answers = _columns(db.execute(_ANSWER_LINES, [wave_id]), 5)
            seconds = _columns(db.execute(_SECONDS_LINES, [pages_under_s, wave_id]), 2)
        return WaveAnswers(roles, teams, views, Cells(*answers), Cells(*seconds))

    def wave_retrospective(self, wave_id: WaveId) -> Cells:
        with self._reading() as db:
            one_row(db, "wave", wave_id)
            return Cells(*_columns(db.execute(_RETROSPECTIVE_LINES, [wave_id]), 2))

    def response(self, response_id: ResponseId) -> Response:
        with self._reading() as db:
            row = one_row(db, "response", response_id)
            answers = db.execute("SELECT item_id, answer, na_reason FROM answers WHERE response_id = ?", [response_id])
            given = {item_id: _answer(value, reason) for item_id, value, reason in answers}
            earlier = db.execute(
                "SELECT item_id, answer FROM retrospective_answers WHERE response_id = ?", [response_id]
            )
            before = {item_id: _answer(value, None) for item_id, value in earlier}
            seconds = db.execute("SELECT page, seconds FROM page_times WHERE response_id = ?", [response_id])
            return _response(row, given, before, dict(seconds.fetchall()))

    def save_answers(self, response_id: ResponseId, answers: Mapping[ItemId, Answer | None]) -> None:
        _check_answers(answers)
        with self._writing() as db:
            self._open_response(db, response_id)
            _write_answers(db, response_id, answers)

    def save_page_seconds(self, response_id: ResponseId, page: str, seconds: float) -> None:
        _check_seconds(seconds)
        with self._writing() as db:
            self._open_response(db, response_id)
            db.execute(_ADD_SECONDS, [response_id, page, _rounded(seconds)])

    def save_all(self, savings: Sequence[Saving]) -> Sequence[StoreError | None]:
        for saving in savings:
            _check_answers(saving.answers)
            _check_answers(saving.retrospective)
            _check_seconds(saving.seconds)
        with self._writing() as db:
            asked = [saving.response_id for saving in savings]
            refused: dict[str, StoreError | None] = {}
            # all take the engagements in the same order, or two could wait for each other
            for _, wave_id in sorted({(owner, wave_id) for _, wave_id, owner in _places(db, asked)}):
                refused[wave_id] = self._refused(db, wave_id)
            waves = {id_: wave_id for id_, wave_id, _ in _places(db, asked)}  # erased meanwhile: not there any more
            return [self._save(db, saving, waves, refused) for saving in savings]

    def _refused(self, db: Database, wave_id: str) -> StoreError | None:
        """Why nothing can be written to a wave, None when it can, and then the write is counted."""
        try:
            self._open_wave(db, wave_id)
        except (NotFound, Closed) as refused:
            return refused
        return None

    def _save(
        self, db: Database, saving: Saving, waves: Mapping[str, str], refused: Mapping[str, StoreError | None]
    ) -> StoreError | None:
        if saving.response_id not in waves:
            return NotFound("response", saving.response_id)
        why = refused[waves[saving.response_id]]
        if why is None:
            _write_answers(db, saving.response_id, saving.answers)
            _write_retrospective(db, saving.response_id, saving.retrospective)
            if saving.page is not None:
                db.execute(_ADD_SECONDS, [saving.response_id, saving.page, _rounded(saving.seconds)])
        return why

    def erase_response(self, response_id: ResponseId) -> None:
        with self._writing() as db:
            self._open_response(db, response_id)
            db.execute("DELETE FROM responses WHERE id = ?", [response_id])
        self._empty_log()

    def progress(self, wave_id: WaveId) -> Sequence[AnsweredCount]:
        with self._reading() as db:
            one_row(db, "wave", wave_id)
            return [AnsweredCount.model_validate(row) for row in all_rows(db, _PROGRESS, [wave_id])]

    # Links

    def add_links(self, links: Iterable[Link]) -> None:
        added = list(links)
        with self._writing() as db:
            for engagement_id in sorted({link.engagement_id for link in added}):
                self._open_engagement(db, engagement_id)
            for link in added:
                if (
                    link.wave_id is not None
                    and one_row(db, "wave", link.wave_id)["engagement_id"] != link.engagement_id
                ):
                    raise ValueError("the link's wave belongs to another engagement")
                insert_row(db, "links", row_of(link), "link", link.id)

    def links(self, engagement_id: EngagementId) -> Sequence[Link]:
        return [Link.model_validate(row) for row in self._owned("links", engagement_id, "created_at DESC, id")]

    def link_by_hash(self, token_hash: str) -> Link | None:
        with self._reading() as db:
            found = all_rows(db, "SELECT * FROM links WHERE token_hash = ?", [token_hash])
        return Link.model_validate(found[0]) if found else None

    def revoke_links(self, link_ids: Iterable[LinkId], at: datetime) -> None:
        moment = instant(at)
        with self._writing() as db:
            rows = [row for link_id in link_ids if (row := one_row(db, "link", link_id))["revoked_at"] is None]
            for engagement_id in sorted({row["engagement_id"] for row in rows}):
                self._open_engagement(db, engagement_id)
            db.conn.executemany(_REVOKE, [(moment, row["id"]) for row in rows])

    def begin_response(self, response: Response, link_id: LinkId, at: datetime) -> None:
        with self._writing() as db:
            link = Link.model_validate(one_row(db, "link", link_id))
            if link.state(at) != "active":
                raise LinkUnusable(link.state(at))
            if link.wave_id != response.wave_id or not link.lets_answer_as(response.role):
                raise ValueError("the response is not what the link is for")
            if link.team not in (None, response.team):
                raise ValueError("the response is not from the link's team")
            self._open_wave(db, response.wave_id)
            link = Link.model_validate(one_row(db, "link", link_id))  # another may have had the last use meanwhile
            if link.state(at) != "active":
                raise LinkUnusable(link.state(at))
            _insert_responses(db, [response])
            db.execute("UPDATE links SET uses = uses + 1 WHERE id = ?", [link_id])

    # Settings, readiness

    def criterion_settings(self, engagement_id: EngagementId) -> Sequence[CriterionSetting]:
        return [
            CriterionSetting.model_validate({name: row[name] for name in CriterionSetting.model_fields})
            for row in self._owned("criterion_settings", engagement_id, "criterion_id")
        ]

    def set_criterion_settings(
        self, engagement_id: EngagementId, settings: Mapping[str, CriterionSetting | None]
    ) -> None:
        if any(setting is not None and setting.criterion_id != c for c, setting in settings.items()):
            raise ValueError("a setting stands under another criterion")
        rows = [{"engagement_id": engagement_id, **row_of(s)} for s in settings.values() if s is not None]
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            table = db.table("criterion_settings")
            table.upsert_all(rows, pk=("engagement_id", "criterion_id"))
            for criterion in (c for c, setting in settings.items() if setting is None):
                table.delete_where("engagement_id = ? AND criterion_id = ?", [engagement_id, criterion])

    def readiness(self, engagement_id: EngagementId) -> Sequence[ReadinessAnswer]:
        return [
            ReadinessAnswer(item_id=row["item_id"], value=_value(row["answer"]), evidence=row["evidence"])
            for row in self._owned("readiness_answers", engagement_id, "item_id")
        ]

    def set_readiness(self, engagement_id: EngagementId, answers: Mapping[ItemId, ReadinessAnswer | None]) -> None:
        if any(answer is not None and answer.item_id != item for item, answer in answers.items()):
            raise ValueError("a readiness answer stands under another item")
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            table = db.table("readiness_answers")
            table.upsert_all(
                [
                    {
                        "engagement_id": engagement_id,
                        "item_id": a.item_id,
                        "answer": str(a.value),
                        "evidence": a.evidence,
                    }
                    for a in answers.values()
                    if a is not None
                ],
                pk=("engagement_id", "item_id"),
            )
            for item in (item for item, answer in answers.items() if answer is None):
                table.delete_where("engagement_id = ? AND item_id = ?", [engagement_id, item])

    # Who may see what

    def share(self, wave_id: WaveId, scores: Mapping[str, float | None]) -> None:
        if not scores or any(score is not None and not 1 <= score <= 5 for score in scores.values()):
            raise ValueError("a score is from 1 to 5, and there is one or more")
        rows = [{"wave_id": wave_id, "criterion_id": c, "score": score} for c, score in scores.items()]
        with self._writing() as db:
            self._unshare(db, wave_id)
            db.table("shared_scores").insert_all(rows)

    def unshare(self, wave_id: WaveId) -> None:
        with self._writing() as db:
            self._unshare(db, wave_id)

    def _unshare(self, db: Database, wave_id: WaveId) -> None:
        self._open_engagement(db, one_row(db, "wave", wave_id)["engagement_id"])
        db.table("shared_scores").delete_where("wave_id = ?", [wave_id])

    def shared(self, wave_id: WaveId) -> Mapping[str, float | None] | None:
        with self._reading() as db:
            one_row(db, "wave", wave_id)
            found = db.execute("SELECT criterion_id, score FROM shared_scores WHERE wave_id = ?", [wave_id])
            return dict(found.fetchall()) or None

    def link(self, link_id: LinkId) -> Link:
        with self._reading() as db:
            return Link.model_validate(one_row(db, "link", link_id))

    def members(self, engagement_id: EngagementId) -> Mapping[str, MemberRole]:
        return {row["subject"]: row["role"] for row in self._owned("members", engagement_id, "subject")}

    def memberships(self, subject: str) -> Mapping[EngagementId, MemberRole]:
        with self._reading() as db:
            return dict(db.execute("SELECT engagement_id, role FROM members WHERE subject = ?", [subject]).fetchall())

    def add_member(self, engagement_id: EngagementId, subject: str, role: MemberRole, at: datetime) -> None:
        row = {"subject": _NAME.validate_python(subject), "role": _MEMBER_ROLE.validate_python(role)}
        moment = instant(at)
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            key = ("engagement_id", "subject")
            db.table("members").upsert({"engagement_id": engagement_id, **row, "added_at": moment}, pk=key)

    def remove_member(self, engagement_id: EngagementId, subject: str) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            db.table("members").delete_where("engagement_id = ? AND subject = ?", [engagement_id, subject])


def _insert_responses(db: Database, responses: Sequence[Response]) -> None:
    for r in responses:
        with unless_taken("response", r.id):
            db.execute(_INSERT_RESPONSE, [r.id, r.wave_id, r.role, r.team, r.view])
        db.conn.executemany(_UPSERT_ANSWER, [(r.id, i, str(a.value), a.na_reason) for i, a in r.answers.items()])
        _write_retrospective(db, r.id, r.retrospective)
        db.conn.executemany(_ADD_SECONDS, [(r.id, page, _rounded(s)) for page, s in r.page_seconds.items()])


def _places(db: Database, response_ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """Response, wave and engagement of those of the responses that are there."""
    found: list[tuple[str, str, str]] = db.execute(
        _WHERE_FROM.format(", ".join("?" * len(response_ids)) or "NULL"), response_ids
    ).fetchall()
    return found


def _columns(rows: Iterable[tuple[Any, ...]], count: int) -> list[tuple[Any, ...]]:
    # a chunk at a time: a hundred thousand tuples at once set off the garbage collector again and again
    columns: list[list[Any]] = [[] for _ in range(count)]
    left = iter(rows)
    while chunk := list(islice(left, _CHUNK)):
        for column, values in zip(columns, zip(*chunk, strict=True), strict=True):
            column += values
    return [tuple(column) for column in columns]


def _check_answers(answers: Mapping[ItemId, Answer | None]) -> None:
    if any(not isinstance(answer, Answer | None) for answer in answers.values()):
        raise ValueError("an answer is an Answer or None")


def _check_seconds(seconds: float) -> None:
    if not 0 <= seconds < float("inf"):
        raise ValueError("seconds cannot be negative or endless")


def _rounded(seconds: float) -> int:
    return PAGE_SECONDS_STEP * round(seconds / PAGE_SECONDS_STEP)


def _write_answers(db: Database, response_id: str, answers: Mapping[ItemId, Answer | None]) -> None:
    given = [(response_id, item, str(a.value), a.na_reason) for item, a in answers.items() if a is not None]
    db.conn.executemany(_UPSERT_ANSWER, given)
    cleared = [(response_id, item) for item, answer in answers.items() if answer is None]
    if cleared:
        db.conn.executemany(_CLEAR_ANSWER, cleared)


def _write_retrospective(db: Database, response_id: str, answers: Mapping[ItemId, Answer]) -> None:
    if answers:
        given = [(response_id, item, str(answer.value)) for item, answer in answers.items()]
        db.conn.executemany(_UPSERT_RETROSPECTIVE, given)


def _summary(names: Sequence[str], row: tuple[Any, ...]) -> EngagementSummary:
    """One engagement from its row of `_SUMMARIES`: engagement, latest wave, how many responses, the first or none."""
    end = names.index("id", 1)  # where the wave's columns begin
    engagement = dict(zip(names[:end], row[:end], strict=True))
    wave = dict(zip(names[end:-5], row[end:-5], strict=True))
    responses, first, role, view, answered = row[-5:]
    return EngagementSummary(
        engagement=_engagement(engagement),
        wave=Wave.model_validate(wave),
        responses=responses,
        first=first and ResponseProgress(response_id=first, role=role, view=view, answered=answered),
        changed_on=engagement["changed_on"],
    )


def _engagement(row: Mapping[str, Any]) -> Engagement:
    return Engagement.model_validate({name: row[name] for name in Engagement.model_fields})


def _response(
    row: Mapping[str, Any],
    answers: Mapping[ItemId, Answer],
    retrospective: Mapping[ItemId, Answer],
    seconds: Mapping[str, int],
) -> Response:
    return Response(
        id=row["id"],
        wave_id=row["wave_id"],
        role=row["role"],
        team=row["team"],
        view=row["view"],
        answers=answers,
        retrospective=retrospective,
        page_seconds=seconds,
    )


@lru_cache(maxsize=256)
def _answer(value: str, na_reason: str | None) -> Answer:
    return Answer(value=_value(value), na_reason=na_reason)


def _value(text: str) -> AnswerValue:
    value: AnswerValue = int(text) if text.isdigit() else text  # type: ignore[assignment]  # the table's CHECK
    return value
