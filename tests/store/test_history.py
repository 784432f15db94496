"""What every store keeps of changes in every table people decide in, and that undoing brings back the same rows."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from assessment.actor import LOCAL, Actor
from assessment.engagement import Answer, EngagementId, Process, ProcessId
from assessment.recording import Change, recording
from assessment.store import ChangedSince, NotFound, SqliteStore, Store
from assessment.store.database import Database
from assessment.store.records import Records
from assessment.store.watch import TRACKED, columns_of
from tests.store.situations import MONDAY, TUESDAY, WEDNESDAY, an_engagement, item, someone_answering

KARI = Actor("oidc", "kari@example.no")

# what has to be there for a row of each table, and the row; then what changes of it
PARENTS: dict[str, dict[str, Any]] = {
    "kpis": {"id": "kpi", "name": "Tilbudstid", "better": "down"},
    "processes": {"id": "p", "code": "quoting"},
    "stages": {"id": "v4", "position": 4, "name": "Tilbud"},
    "pools": {"id": "pool", "name": "Teknisk", "fte": 1.0},
    "mandates": {"version": 1, "created_at": "2026-03-02", "reason": "a"},
}
ROWS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "criterion_settings": ({"criterion_id": "C1", "weight": 1, "target": 4.0, "set_after_results": 0}, {"target": 3.5}),
    "readiness_answers": ({"item_id": "P1", "answer": "3", "evidence": "E1"}, {"answer": "DK", "evidence": None}),
    "mandates": (
        {"version": 2, "created_at": "2026-03-03", "budget_nok": 0.1 + 0.2},
        {"budget_nok": None, "owner": "TM"},
    ),
    "mandate_departments": ({"version": 1, "position": 0, "department": "Økonomi"}, {"counterpart": "Leder"}),
    "kpis": ({"id": "own", "name": "Årlig vekst ☂", "better": "up"}, {"owner": "Salg", "floor_value": -1 / 3}),
    "kpi_points": ({"kpi_id": "kpi", "date": "2026-03-02", "value": 9.0, "starts_segment": 0}, {"value": 1e-17}),
    "processes": ({"id": "q", "name_nb": "Tilbud", "pain": 2}, {"pain": None, "name_nb": 'Et "tilbud"'}),
    "stages": (
        {"id": "v4a", "position": 1, "name": "Pris", "parent_stage_id": "v4"},
        {"wait_h": 2.5, "name": "Priser"},
    ),
    "pools": ({"id": "new", "name": "Selgere", "position": 2}, {"flow_share": 0.7}),
    "stage_pools": ({"stage_id": "v4", "pool_id": "pool", "process_time_h": 2.0}, {"process_time_h": None}),
    "handoffs": ({"from_stage_id": "v4", "to_stage_id": "v5"}, {"clear_content": 0}),
    "waste_rows": ({"id": "w", "code": "W4", "stage_id": "v4"}, {"stage_id": None, "in_mandate": 1}),
    "mandate_processes": ({"version": 1, "process_id": "p"}, {}),
    "sponsor_notes": (
        {"strategy": "S6", "language": "nb", "section": "shows", "words": "a", "mandate_version": 1},
        {"words": "b"},
    ),
    "findings": ({"wave_id": "of the engagement", "rule": "D08", "note": "a"}, {"note": None, "wording": "b"}),
    "diagnosis_signatures": (
        {"wave_id": "of the engagement", "signed_by": "TM", "signed_at": "2026-03-02", "basis": "[]"},
        {"signed_by": "SL"},
    ),
    "goals": (
        {"id": "g", "draft": 1, "text": "Raskere", "target_value": 6.0, "baseline_value": 10.0, "unit": "dager"}
        | {"due_on": "2026-09-01", "owner": "SL", "kpi_id": "kpi"},
        {"kpi_id": None, "target_value": 5.0},
    ),
    "payback_lines": ({"line": "B2", "kpi_id": "kpi"}, {"evidence": "E2"}),
    "payback_terms": (
        {"discount_rate": 0.08, "currency": "NOK", "first_year_share": 0.5, "years": 3},
        {"currency": "SEK", "own_hours": 800.0},
    ),
    "payback_inputs": ({"input": "churn_cut", "low": 0.0, "likely": 0.015, "high": 0.03}, {"likely": 0.02}),
    "actions": (
        {"id": "a", "position": 0, "quick_win": 0, "parked": 0, "title": "Sjekkliste", "status": "planned"}
        | {"process_id": "p"},
        {"status": "done", "done_on": "2026-03-04", "process_id": None},
    ),
    "strategy_weights": ({"strategy": "S1", "signal": "conc", "weight": 0.4}, {"weight": 0.5}),
    "strategy_decisions": (
        {"number": 1, "wave_id": "of the engagement", "strategy": "S1", "decided_by": "TM", "recommended": "S1"}
        | {"decided_on": "2026-03-02", "outside": 0, "basis": "{}"},
        {"decided_by": "SL"},
    ),
    "training_briefs": ({"last_day": "2026-03-02"}, {"steps": "Prosessen først"}),
}


def row_and_change(store: Store, engagement: EngagementId, table: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `ROWS` has for a table, with the engagement's wave where it needs one."""
    row, fields = ROWS[table]
    return {name: store.waves(engagement)[0].id if name == "wave_id" else value for name, value in row.items()}, fields


def _of_engagement(db: Database, table: str, engagement: str) -> dict[str, Any]:
    return {"engagement_id": engagement} if "engagement_id" in db.table(table).columns_dict else {}


def with_parents(store: Records) -> EngagementId:
    """A stored engagement with what the rows of `ROWS` refer to, kept in no history."""
    engagement, _, _ = someone_answering(store)
    with store._writing() as db:
        for table, row in (*PARENTS.items(), ("stages", {"id": "v5", "position": 5, "name": "Ordre"})):
            db.table(table).insert({"engagement_id": engagement, **row})
    return engagement


@contextmanager
def changing(store: Records, engagement: EngagementId, actor: Actor = LOCAL) -> Iterator[Database]:
    """A change somebody makes, straight in the tables."""
    with recording(actor, WEDNESDAY), store._writing() as db:
        store._open_engagement(db, engagement)
        yield db


def everything(store: Records) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every tracked table, in an order of its own."""
    with store._reading() as db:
        columns = {table: ", ".join(f'"{name}"' for name in db.table(table).columns_dict) for table in TRACKED}
        return {t: sorted(db.execute(f"SELECT {columns[t]} FROM {t}").fetchall(), key=repr) for t in TRACKED}


def undo(store: Store, engagement: EngagementId, *, redo: bool = False) -> None:
    change = store.to_redo(engagement) if redo else store.to_undo(engagement)
    assert change is not None
    with recording(LOCAL, WEDNESDAY):
        store.undo_change(engagement, change.id)


@pytest.fixture
def file(store: Store) -> Records:
    assert isinstance(store, Records)
    return store


# ---------------------------------------------------------------- every table


def test_every_tracked_table_is_tried() -> None:
    assert ROWS.keys() == set(TRACKED)


@pytest.mark.parametrize("table", TRACKED)
def test_an_undoing_brings_back_the_same_rows_and_another_one_does_it_again(file: Records, table: str) -> None:
    engagement = with_parents(file)
    row, fields = row_and_change(file, engagement, table)
    with file._reading() as db:
        _, key = columns_of(db, table)
        owner = _of_engagement(db, table, engagement)
    at = {**owner, **{name: row[name] for name in key}}
    where, values = " AND ".join(f"{name} = ?" for name in at), [*at.values()]
    states = [everything(file)]

    def write(change: Callable[[Database], object]) -> None:
        with changing(file, engagement) as db:
            change(db)
        assert everything(file) != states[-1]
        states.append(everything(file))

    given = ", ".join(f"{name} = ?" for name in fields)
    write(lambda db: db.table(table).insert(owner | row))
    if fields:
        write(lambda db: db.execute(f"UPDATE {table} SET {given} WHERE {where}", [*fields.values(), *values]))
    write(lambda db: db.execute(f"DELETE FROM {table} WHERE {where}", values))

    assert file.count_changes(engagement, [table]) == (3 if fields else 2)
    assert file.changed_tables(engagement) == {table}
    for state in reversed(states[:-1]):
        undo(file, engagement)
        assert everything(file) == state
    assert file.to_undo(engagement) is None
    for state in states[1:]:
        undo(file, engagement, redo=True)
        assert everything(file) == state
    assert file.to_redo(engagement) is None


def test_a_change_says_who_when_and_the_fields_from_and_to(file: Records) -> None:
    engagement = with_parents(file)
    with changing(file, engagement, KARI) as db:
        db.execute("UPDATE kpis SET owner = 'Salg', name = 'Tilbudstid' WHERE id = 'kpi'")
        db.execute("UPDATE kpis SET name = name")

    (change,) = file.changes(engagement, limit=9)

    assert (change.actor, change.subject, change.at) == ("oidc", "kari@example.no", WEDNESDAY)
    (row,) = change.rows  # what is written as it was is no change
    assert (row.table, row.key, row.before, row.after) == ("kpis", {"id": "kpi"}, {"owner": None}, {"owner": "Salg"})


def test_transactions_of_one_call_are_one_change_and_a_refused_one_is_none(file: Records) -> None:
    engagement = with_parents(file)

    with recording(LOCAL, WEDNESDAY):
        with file._writing() as db:
            file._open_engagement(db, engagement)
            db.execute("UPDATE kpis SET owner = 'a'")
        with suppress(ZeroDivisionError), file._writing() as db:
            db.execute("UPDATE kpis SET owner = 'b'")
            raise ZeroDivisionError
        with file._writing() as db:
            file._open_engagement(db, engagement)
            db.execute("UPDATE pools SET fte = 3")

    (change,) = file.changes(engagement, limit=9)
    assert [row.after for row in change.rows] == [{"owner": "a"}, {"fte": 3.0}]


def test_without_anybody_behind_it_nothing_is_kept(file: Records) -> None:
    engagement = with_parents(file)
    with changing(file, engagement) as db:
        db.execute("UPDATE kpis SET owner = 'a'")

    with file._writing() as db:
        db.execute("UPDATE kpis SET owner = 'b'")

    assert file.count_changes(engagement) == 1


def test_what_respondents_answer_is_never_kept(file: Records) -> None:
    engagement, _, response = someone_answering(file)

    with recording(KARI, WEDNESDAY):
        file.save_answers(response, {item(1): Answer(value=3)})
        file.save_page_seconds(response, "C1", 20)
        file.erase_response(response)

    assert file.count_changes(engagement) == 0
    assert not {"responses", "answers", "page_times", "links", "members", "engagements"} & set(TRACKED)
    assert not [table for table in TRACKED if table.startswith("room")]  # what is voted and said in a workshop


def test_the_file_can_be_written_to_by_other_programs(tmp_path: Path) -> None:
    file = SqliteStore(tmp_path / "salgsflyt.db")
    engagement = with_parents(file)
    with changing(file, engagement) as db:
        db.execute("UPDATE kpis SET owner = 'a'")

    with sqlite3.connect(file.path) as other:
        other.execute("UPDATE kpis SET owner = 'b'")
        assert other.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone() == (0,)
    other.close()


def test_pages_are_newest_first_and_of_the_tables_asked_for(file: Records) -> None:
    engagement = with_parents(file)
    for table in ("kpis", "pools", "kpis"):
        with changing(file, engagement) as db:
            db.execute(f"UPDATE {table} SET name = name || '!'")

    def tables(*asked: str, **page: int) -> list[str]:
        changes = file.changes(engagement, list(asked) or None, **{"limit": 9, **page})
        return [change.rows[0].table for change in changes]

    assert tables() == ["kpis", "pools", "kpis"]
    assert tables(limit=1, offset=1) == ["pools"]
    assert tables("kpis") == ["kpis", "kpis"]
    assert [file.count_changes(engagement, t) for t in (None, ["kpis"], ["goals"])] == [3, 2, 0]
    with pytest.raises(ValueError):
        file.changes(engagement, ["answers"], limit=9)


# ---------------------------------------------------------------- cascades


def test_what_goes_with_a_row_comes_back_with_it(file: Records) -> None:
    engagement = with_parents(file)
    with file._writing() as db:
        for table in ("kpi_points", "goals", "payback_lines", "stage_pools", "handoffs", "waste_rows", "stages"):
            db.table(table).insert(_of_engagement(db, table, engagement) | ROWS[table][0])
    before = everything(file)

    with changing(file, engagement) as db:
        db.execute("DELETE FROM kpis")
        db.execute("DELETE FROM stages WHERE id = 'v4'")
    gone = everything(file)
    assert (gone["kpi_points"], gone["stage_pools"], gone["handoffs"]) == ([], [], [])
    undo(file, engagement)

    assert everything(file) == before


def test_erasing_an_engagement_takes_its_history_and_leaves_the_others(file: Records) -> None:
    erased, kept = with_parents(file), an_engagement()
    with changing(file, erased) as db:
        db.execute("UPDATE kpis SET owner = 'a'")
    undo(file, erased)
    other, _, _ = someone_answering(file)
    with changing(file, other) as db:
        db.table("kpis").insert({"engagement_id": other, "id": "k2", "name": kept.name, "better": "up"})
    file.delete_engagement(erased, MONDAY)

    with recording(LOCAL, WEDNESDAY):  # even where somebody is behind it, no trigger fails
        assert file.purge_deleted(TUESDAY) == 1

    with file._reading() as db:
        assert db.execute("SELECT DISTINCT engagement_id FROM changes").fetchall() == [(other,)]
        assert db.execute("SELECT count(*) FROM changed_rows").fetchone() == (1,)


# ---------------------------------------------------------------- refusals


def test_what_is_not_as_the_change_left_it_is_not_undone(file: Records) -> None:
    engagement = with_parents(file)
    with changing(file, engagement) as db:
        db.execute("UPDATE pools SET fte = 3")
        db.execute("UPDATE kpis SET owner = 'a'")
    with file._writing() as db:
        db.execute("UPDATE pools SET fte = 4")
    before, revision = everything(file), file.revision(engagement)

    with pytest.raises(ChangedSince):
        undo(file, engagement)

    assert (everything(file), file.revision(engagement), file.count_changes(engagement)) == (before, revision, 1)


@pytest.mark.parametrize(
    "since",
    [
        "DELETE FROM kpis",  # what the point belongs to
        "INSERT INTO kpi_points (kpi_id, date, value) VALUES ('kpi', '2026-03-02', 7)",  # its place
    ],
)
def test_what_is_needed_may_have_gone_or_been_taken(file: Records, since: str) -> None:
    engagement = with_parents(file)
    with file._writing() as db:
        db.table("kpi_points").insert(ROWS["kpi_points"][0])
    with changing(file, engagement) as db:
        db.execute("DELETE FROM kpi_points")
    with file._writing() as db:
        db.execute(since)

    with pytest.raises(ChangedSince):
        undo(file, engagement)


def test_only_the_last_change_is_undone_and_only_in_its_own_engagement(file: Records) -> None:
    engagement = with_parents(file)
    other, _, _ = someone_answering(file)
    for owner in ("a", "b"):
        with changing(file, engagement) as db:
            db.execute("UPDATE kpis SET owner = ?", [owner])
    last, first = file.changes(engagement, limit=9)

    with recording(LOCAL, WEDNESDAY):
        for at, change in ((engagement, first), (other, last)):
            with pytest.raises(ChangedSince):
                file.undo_change(at, change.id)
        file.undo_change(engagement, last.id)
        with pytest.raises(ChangedSince):
            file.undo_change(engagement, last.id)  # undone by another window
    with pytest.raises(ValueError):
        file.undo_change(engagement, first.id)  # by nobody


def test_after_another_change_what_was_undone_is_not_done_again(file: Records) -> None:
    engagement = with_parents(file)
    for sql in ("UPDATE kpis SET owner = 'a'", "UPDATE pools SET fte = 2"):
        with changing(file, engagement) as db:
            db.execute(sql)
    undo(file, engagement)
    with changing(file, engagement) as db:
        db.execute("UPDATE pools SET fte = 5")

    assert file.to_redo(engagement) is None
    undo(file, engagement)
    undo(file, engagement)  # past the one that was undone before
    assert [change.undone for change in file.changes(engagement, limit=9)] == [False, False, True, False, True, True]


def test_an_engagement_that_is_not_there_has_no_history(store: Store) -> None:
    nobody = EngagementId("nobody")
    asked: list[Callable[[], object]] = [
        lambda: store.changes(nobody, limit=1),
        lambda: store.count_changes(nobody),
        lambda: store.changed_tables(nobody),
        lambda: store.to_undo(nobody),
        lambda: store.to_redo(nobody),
        lambda: store.rows_behind(nobody, ["kpis"]),
    ]
    for ask in asked:
        with pytest.raises(NotFound):
            ask()


# ---------------------------------------------------------------- blind classes


def with_a_process(store: Store) -> tuple[EngagementId, ProcessId]:
    engagement, _, _ = someone_answering(store)
    process = Process(id=ProcessId("p"), code="quoting")
    with recording(KARI, MONDAY):
        store.add_processes(engagement, [process])
        store.judge_process(engagement, process.id, "consultant", "core")
    with recording(KARI, TUESDAY):
        store.judge_process(engagement, process.id, "client", "support")
    return engagement, process.id


def told(store: Store, engagement: EngagementId) -> str:
    """All that can be read of the history, and all that is kept of it."""
    behind = store.rows_behind(engagement, ["processes"])["processes"]
    assert isinstance(store, Records)
    with store._reading() as db:
        kept = db.execute("SELECT before, after FROM changed_rows").fetchall()
    return f"{store.changes(engagement, limit=99)} {behind} {json.dumps(kept)}"


def test_what_is_judged_blind_is_nowhere_in_the_history(store: Store) -> None:
    engagement, process = with_a_process(store)
    with recording(KARI, WEDNESDAY):
        store.change_process(engagement, process, {"pain": 2})
        removed = store.remove_process(engagement, process)
        store.add_processes(engagement, [removed])

    said = told(store, engagement)

    assert removed.class_consultant == "core"
    assert "pain" in said
    assert not any(word in said for word in ("class_consultant", "class_client", "'core'", '"core', "support"))


def test_from_when_the_classes_are_shown_they_are_told_and_that_is_for_good(store: Store) -> None:
    engagement, process = with_a_process(store)
    with recording(KARI, WEDNESDAY):
        store.show_classes(engagement, WEDNESDAY)
    shown: Change = store.changes(engagement, limit=1)[0]
    offered = store.to_undo(engagement)

    assert shown.lasting
    assert offered is not None
    assert offered.id != shown.id
    with recording(KARI, WEDNESDAY), pytest.raises(ChangedSince):
        store.undo_change(engagement, shown.id)
    with recording(KARI, WEDNESDAY), pytest.raises(ChangedSince):  # it has been judged since it was added
        store.undo_change(engagement, offered.id)
    with recording(KARI, WEDNESDAY):
        store.remove_process(engagement, process)
    undo(store, engagement)
    (back,) = store.processes(engagement)
    assert (back.class_consultant, back.class_client, back.classes_shown_at) == ("core", "support", WEDNESDAY)


def test_a_process_brought_back_is_judged_again(store: Store) -> None:
    engagement, process = with_a_process(store)
    with recording(KARI, WEDNESDAY):
        store.remove_process(engagement, process)

    undo(store, engagement)

    (back,) = store.processes(engagement)
    assert (back.id, back.class_consultant, back.class_client) == (process, None, None)


# ---------------------------------------------------------------- several at once


def test_two_who_write_at_once_each_have_their_own_changes(file: Records) -> None:
    engagement = with_parents(file)
    with file._writing() as db:
        db.table("pools").insert({"engagement_id": engagement, "id": "pool2", "name": "Selgere"})

    def write(pool: str, subject: str) -> None:
        for n in range(20):
            with changing(file, engagement, Actor("oidc", subject)) as db:
                db.execute("UPDATE pools SET fte = ? WHERE id = ?", [n + 0.5, pool])

    writers = [Thread(target=write, args=about) for about in (("pool", "a@a.no"), ("pool2", "b@a.no"))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    changes = file.changes(engagement, limit=99)
    assert len(changes) == 40
    mine = {"a@a.no": "pool", "b@a.no": "pool2"}
    assert all([row.key["id"] for row in change.rows] == [mine[str(change.subject)]] for change in changes)
