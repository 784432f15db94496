"""What every store does with goals, and that it lets no wish pass for one."""

import sqlite3
from collections.abc import Callable
from uuid import uuid4

import pytest

from assessment.engagement import GOAL_ESSENTIALS, EngagementId, Goal, GoalId, Kpi
from assessment.store import AlreadyThere, Closed, Gone, NotFound, Store
from assessment.store.database import ConstraintError
from assessment.store.records import Records
from tests.store.situations import TUESDAY, someone_answering

WRITES: dict[str, Callable[[Store, EngagementId, GoalId], object]] = {
    "add_goals": lambda s, e, g: s.add_goals(e, [a_goal()]),
    "change_goal": lambda s, e, g: s.change_goal(e, g, {"target_value": 4}),
    "remove_goal": lambda s, e, g: s.remove_goal(e, g),
}


def a_goal(**fields: object) -> Goal:
    """A whole goal, no draft."""
    whole = {"text": "Raskere", "target_value": 5, "baseline_value": 10, "unit": "dager", "due_on": "2026-12-31"}
    return Goal.model_validate({"id": uuid4().hex, "draft": False, "owner": "Salg"} | whole | fields)


def a_draft(**fields: object) -> Goal:
    return Goal.model_validate({"id": uuid4().hex} | fields)


def with_a_goal(store: Store, **fields: object) -> tuple[EngagementId, Goal]:
    engagement, _, _ = someone_answering(store)
    goal = a_goal(**fields)
    store.add_goals(engagement, [goal])
    return engagement, goal


def a_kpi(store: Store, engagement: EngagementId) -> str:
    kpi = Kpi.model_validate({"id": uuid4().hex, "name": "Tilbudstid", "better": "down"})
    store.add_kpi(engagement, kpi)
    return kpi.id


def test_goals_and_drafts_are_read_back_as_they_were_in_the_order_they_came(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    goal, draft = a_goal(kpi_id=a_kpi(store, engagement)), a_draft()

    store.add_goals(engagement, [goal, draft])

    assert store.goals(engagement) == [goal, draft]


def test_several_are_added_whole_or_not_at_all(store: Store) -> None:
    engagement, goal = with_a_goal(store)

    with pytest.raises(AlreadyThere):
        store.add_goals(engagement, [a_goal(), a_goal(id=goal.id)])

    assert store.goals(engagement) == [goal]


def test_a_draft_becomes_a_goal_when_nothing_lacks(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    draft = a_draft(**a_goal().model_dump(exclude={"id", "draft", "owner"}))
    store.add_goals(engagement, [draft])

    with pytest.raises(ValueError):
        store.change_goal(engagement, draft.id, {"draft": False})
    assert store.goals(engagement) == [draft]

    store.change_goal(engagement, draft.id, {"owner": "Salg", "draft": False})
    (goal,) = store.goals(engagement)
    assert (goal.draft, goal.lacks) == (False, ())


@pytest.mark.parametrize("field", GOAL_ESSENTIALS)
def test_a_goal_never_loses_what_makes_it_one(store: Store, field: str) -> None:
    engagement, goal = with_a_goal(store)
    revision = store.revision(engagement)

    with pytest.raises(ValueError):
        store.change_goal(engagement, goal.id, {field: None})

    assert (store.goals(engagement), store.revision(engagement)) == ([goal], revision)
    assert isinstance(store, Records)
    with pytest.raises((sqlite3.IntegrityError, ConstraintError), match=r"(?i)check"), store._writing() as db:
        db.execute(f"UPDATE goals SET {field} = NULL")


@pytest.mark.parametrize("fields", [{"id": "other"}, {"target_value": "mye"}, {"due_on": "snart"}])
def test_what_cannot_be_is_refused_and_changes_nothing(store: Store, fields: dict[str, object]) -> None:
    engagement, goal = with_a_goal(store)

    with pytest.raises(ValueError):
        store.change_goal(engagement, goal.id, fields)

    assert store.goals(engagement) == [goal]


def test_a_goal_has_a_kpi_of_its_own_engagement_and_outlives_it(store: Store) -> None:
    engagement, goal = with_a_goal(store)
    other, _, _ = someone_answering(store)
    own, foreign = a_kpi(store, engagement), a_kpi(store, other)

    store.change_goal(engagement, goal.id, {"kpi_id": own})
    for write in (
        lambda: store.change_goal(engagement, goal.id, {"kpi_id": foreign}),
        lambda: store.add_goals(engagement, [a_goal(kpi_id=foreign)]),
    ):
        with pytest.raises(Gone):
            write()
    assert store.goals(engagement) == [goal.model_copy(update={"kpi_id": own})]

    store.remove_kpi(engagement, own)  # type: ignore[arg-type]
    assert store.goals(engagement) == [goal]


def test_what_is_removed_can_be_put_back(store: Store) -> None:
    engagement, goal = with_a_goal(store)

    removed = store.remove_goal(engagement, goal.id)

    assert (removed, store.goals(engagement)) == (goal, [])
    store.add_goals(engagement, [removed])
    assert store.goals(engagement) == [goal]


@pytest.mark.parametrize("write", WRITES)
def test_every_write_raises_the_revision_and_none_reaches_a_deleted_engagement(store: Store, write: str) -> None:
    engagement, goal = with_a_goal(store)
    before = store.revision(engagement)
    WRITES[write](store, engagement, goal.id)
    assert store.revision(engagement) > before

    engagement, goal = with_a_goal(store)
    store.delete_engagement(engagement, TUESDAY)
    with pytest.raises(Closed):
        WRITES[write](store, engagement, goal.id)
    assert store.goals(engagement) == [goal]


@pytest.mark.parametrize("write", ["change_goal", "remove_goal"])
def test_a_goal_of_another_engagement_is_gone(store: Store, write: str) -> None:
    engagement, _ = with_a_goal(store)
    other, goal = with_a_goal(store)
    for target in (goal.id, GoalId("nothing")):
        with pytest.raises(Gone):
            WRITES[write](store, engagement, target)
    assert store.goals(other) == [goal]


def test_an_engagement_that_is_not_there_has_no_goals(store: Store) -> None:
    for ask in (store.goals, lambda e: store.add_goals(e, [])):
        with pytest.raises(NotFound):
            ask(EngagementId("nobody"))
