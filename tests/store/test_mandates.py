"""What every store does with the versions of a mandate, and with the note to the sponsor."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.engagement import EngagementId, Mandate, NoteWords
from assessment.store import AlreadyThere, Closed, NotFound, SqliteStore, Store
from assessment.store._sqlite_utils import Database
from assessment.store.migrations import MIGRATIONS
from tests.store.situations import MONDAY, TUESDAY, WEDNESDAY, someone_answering

WRITES: dict[str, Callable[[Store, EngagementId], object]] = {
    "begin_mandate": lambda s, e: s.begin_mandate(e, [a_mandate(created_at=MONDAY)]),
    "set_note_words": lambda s, e: s.set_note_words(e, "S4", "nb", some_words()),
    "drop_note_words": lambda s, e: s.drop_note_words(e, "S4", "nb", "shows"),
}


def a_mandate(**fields: object) -> Mandate:
    return Mandate.model_validate({"scope": "named"} | fields)


def some_words(**fields: object) -> NoteWords:
    return NoteWords.model_validate({"section": "shows", "words": "Slik er det", "mandate_version": 1} | fields)


def test_processes_and_counterparts_are_read_back_as_they_were(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    full = a_mandate(
        process_ids=("b", "a"),
        processes_in_scope=2,
        departments=("Leveranse", "Kundesenter", "Økonomi"),
        counterparts={"Leveranse": "Leveransesjef", "Kundesenter": None},
        budget_nok=250_000,
        hours=40,
    )

    saved = store.save_mandate(engagement, full, MONDAY)

    assert store.mandate(engagement) == saved
    assert saved.same_content(full)
    assert saved.process_ids == ("a", "b")
    assert saved.departments_with_counterpart == ("Leveranse", "Kundesenter")


@pytest.mark.parametrize(
    "change",
    [
        {"process_ids": ("a",), "processes_in_scope": 1},
        {"counterparts": {"Leveranse": "Leveransesjef"}},
        {"counterparts": {}},
    ],
)
def test_other_processes_or_counterparts_are_a_new_version(store: Store, change: dict[str, object]) -> None:
    engagement, _, _ = someone_answering(store)
    first = store.save_mandate(
        engagement, a_mandate(departments=("Leveranse",), counterparts={"Leveranse": None}), MONDAY
    )

    second = store.save_mandate(engagement, first.model_copy(update=change | {"reason": "Styret"}), TUESDAY)

    assert [v.version for v in store.mandates(engagement)] == [1, 2]
    assert store.mandates(engagement) == [first, second]
    assert (second.created_at, second.reason) == (TUESDAY, "Styret")


@pytest.mark.parametrize(
    "fields",
    [
        {"process_ids": ("a",), "processes_in_scope": 2},
        {"process_ids": ("a",)},
        {"departments": ("Leveranse",), "counterparts": {"Økonomi": "Økonomisjef"}},
    ],
)
def test_a_mandate_that_contradicts_itself_cannot_be_made(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        a_mandate(**fields)


def test_a_whole_past_is_stored_once(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    past = [a_mandate(created_at=MONDAY), a_mandate(scope="company", created_at=TUESDAY, reason="Styret")]

    store.begin_mandate(engagement, past)

    assert [(v.version, v.scope, v.created_at) for v in store.mandates(engagement)] == [
        (1, "named", MONDAY),
        (2, "company", TUESDAY),
    ]
    with pytest.raises(AlreadyThere):
        store.begin_mandate(engagement, past)
    with pytest.raises(ValueError):
        store.begin_mandate(engagement, [a_mandate()])
    assert len(store.mandates(engagement)) == 2


def test_own_words_are_kept_by_strategy_language_and_section(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    norwegian, english = some_words(), some_words(words="So it is", section="decide")

    store.set_note_words(engagement, "S4", "nb", some_words(words="Først"))
    store.set_note_words(engagement, "S4", "nb", norwegian)
    store.set_note_words(engagement, "S4", "en", english)

    assert store.note_words(engagement, "S4", "nb") == [norwegian]
    assert store.note_words(engagement, "S4", "en") == [english]
    assert store.note_words(engagement, "S6", "nb") == []
    store.drop_note_words(engagement, "S4", "nb", "decide")
    store.drop_note_words(engagement, "S4", "nb", "shows")
    assert store.note_words(engagement, "S4", "nb") == []
    assert store.note_words(engagement, "S4", "en") == [english]


@pytest.mark.parametrize("write", WRITES)
def test_every_write_raises_the_revision_and_none_reaches_a_deleted_engagement(store: Store, write: str) -> None:
    engagement, _, _ = someone_answering(store)
    before = store.revision(engagement)
    WRITES[write](store, engagement)
    assert store.revision(engagement) > before

    other, _, _ = someone_answering(store)
    store.delete_engagement(other, TUESDAY)
    with pytest.raises(Closed):
        WRITES[write](store, other)
    assert (store.mandate(other), store.note_words(other, "S4", "nb")) == (None, [])


def test_an_engagement_that_is_not_there_has_no_mandate_and_no_note(store: Store) -> None:
    nobody = EngagementId("nobody")
    for ask in (
        lambda: store.mandates(nobody),
        lambda: store.begin_mandate(nobody, []),
        lambda: store.note_words(nobody, "S4", "nb"),
        lambda: store.set_note_words(nobody, "S4", "nb", some_words()),
    ):
        with pytest.raises(NotFound):
            ask()


def test_what_was_saved_before_counterparts_were_asked_for_still_counts(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    store = SqliteStore(path)
    engagement, _, _ = someone_answering(store)
    store.close()
    with sqlite3.connect(path) as db:  # as m012 and everything before it left it
        db.execute("DROP TABLE mandate_processes")
        db.execute("DROP TABLE sponsor_notes")
        db.execute("ALTER TABLE mandate_departments DROP COLUMN presumed")
        db.execute("DROP TABLE goals")
        db.execute("""
            CREATE TABLE goals (id TEXT PRIMARY KEY, engagement_id TEXT, text TEXT, target_value REAL,
                baseline_value REAL, unit TEXT, due_on TEXT, owner TEXT, kpi_id TEXT)
        """)
        of = (engagement,)
        db.execute("INSERT INTO goals VALUES ('g', ?, 'Raskere', 6, 10, 'dager', '2026-09-01', 'Salg', NULL)", of)
        db.execute(
            "INSERT INTO mandates (engagement_id, version, created_at) VALUES (?, 1, '2026-03-02T00:00:00Z')", of
        )
        db.execute("INSERT INTO mandate_departments VALUES (?, 1, 0, 'Leveranse', NULL)", of)
        db.execute(f"DELETE FROM {MIGRATIONS.migrations_table} WHERE name = 'm013_mandate_and_goals'")

    store = SqliteStore(path)

    mandate = store.mandate(engagement)
    assert mandate is not None
    assert (mandate.counterparts, mandate.departments_with_counterpart) == ({"Leveranse": None}, ("Leveranse",))
    (goal,) = store.goals(engagement)
    assert (goal.id, goal.draft, goal.target_value) == ("g", False, 6)
    later = store.save_mandate(engagement, mandate.model_copy(update={"hours": 10.0}), WEDNESDAY)
    assert later.departments_with_counterpart == ("Leveranse",)
    store.close()
    assert not MIGRATIONS.pending(Database(path))
