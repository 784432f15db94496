"""What every store does with actions, and that it lets no action pass for a quick win."""

import sqlite3
from collections.abc import Callable
from uuid import uuid4

import pytest

from assessment.engagement import QUICK_WIN_ESSENTIALS, Action, ActionId, EngagementId, Kpi, KpiId, Process, StreamMap
from assessment.store import AlreadyThere, Closed, Gone, NotFound, Store
from assessment.store.database import ConstraintError
from assessment.store.records import Records
from tests.store.situations import TUESDAY, someone_answering

WRITES: dict[str, Callable[[Store, EngagementId, ActionId], object]] = {
    "add_actions": lambda s, e, a: s.add_actions(e, [an_action()]),
    "change_action": lambda s, e, a: s.change_action(e, a, {"title": "Noe annet"}),
    "remove_action": lambda s, e, a: s.remove_action(e, a),
}


def an_action(**fields: object) -> Action:
    return Action.model_validate({"id": uuid4().hex, "title": "Felles sjekkliste"} | fields)


def with_an_action(store: Store, **fields: object) -> tuple[EngagementId, Action]:
    engagement, _, _ = someone_answering(store)
    action = an_action(**fields)
    store.add_actions(engagement, [action])
    return engagement, action


def with_a_quick_win(store: Store) -> tuple[EngagementId, Action]:
    engagement, _, _ = someone_answering(store)
    action = an_action(quick_win=True, figure=3, owner="Salg", due_on="2026-06-01", kpi_id=a_kpi(store, engagement))
    store.add_actions(engagement, [action])
    return engagement, action


def a_kpi(store: Store, engagement: EngagementId) -> KpiId:
    kpi = Kpi.model_validate({"id": uuid4().hex, "name": "Tilbudstid", "better": "down"})
    store.add_kpi(engagement, kpi)
    return kpi.id


def references(store: Store, engagement: EngagementId) -> dict[str, str]:
    """One of each that an action may refer to."""
    process = Process.model_validate({"id": uuid4().hex, "name_nb": "Tilbud"})
    store.add_processes(engagement, [process])
    stages = [{"id": uuid4().hex, "position": n, "name": name} for n, name in enumerate(("Behov", "Tilbud"))]
    store.begin_stream(engagement, StreamMap.model_validate({"stages": stages}))
    one, other = (str(stage["id"]) for stage in stages)
    kpi = a_kpi(store, engagement)
    return {"kpi_id": kpi, "process_id": process.id, "stage_id": one, "to_stage_id": other}


def test_actions_are_read_back_as_they_were_by_position(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    said = {"strategy": "S3", "effort_h": 4.5, "role_consequences": "Ny eier", "source": "S3.quick.1"}
    later = an_action(position=2, status="done", done_on="2026-03-02", **said, **references(store, engagement))
    first = an_action(position=1, title=None, parked=True)

    store.add_actions(engagement, [later, first])

    assert store.actions(engagement) == [first, later]


def test_several_are_added_whole_or_not_at_all(store: Store) -> None:
    engagement, action = with_an_action(store)

    with pytest.raises(AlreadyThere):
        store.add_actions(engagement, [an_action(), an_action(id=action.id)])

    assert store.actions(engagement) == [action]


def test_a_proposal_is_taken_over_once_in_each_engagement(store: Store) -> None:
    engagement, action = with_an_action(store, source="S3.quick.1")
    with pytest.raises(AlreadyThere):
        store.add_actions(engagement, [an_action(source="S3.quick.1")])
    store.add_actions(engagement, [an_action(), an_action()])  # those without a source are as many as they like

    other, taken = with_an_action(store, source="S3.quick.1")
    assert store.actions(other) == [taken]
    assert action in store.actions(engagement)


@pytest.mark.parametrize("field", QUICK_WIN_ESSENTIALS)
def test_a_quick_win_never_loses_what_makes_it_one(store: Store, field: str) -> None:
    engagement, action = with_a_quick_win(store)

    with pytest.raises(ValueError):
        store.change_action(engagement, action.id, {field: None})

    assert store.actions(engagement) == [action]
    assert isinstance(store, Records)
    with pytest.raises((sqlite3.IntegrityError, ConstraintError), match=r"(?i)check"), store._writing() as db:
        db.execute(f"UPDATE actions SET {field} = NULL")


def test_a_quick_win_whose_kpi_is_taken_out_is_a_plain_action(store: Store) -> None:
    engagement, action = with_a_quick_win(store)
    assert action.kpi_id is not None

    store.remove_kpi(engagement, action.kpi_id)

    assert store.actions(engagement) == [action.model_copy(update={"kpi_id": None, "quick_win": False})]


def test_an_action_outlives_what_it_touches(store: Store) -> None:
    engagement, action = with_an_action(store)
    refers = references(store, engagement)
    store.change_action(engagement, action.id, refers)

    store.remove_process(engagement, refers["process_id"])  # type: ignore[arg-type]
    store.remove_stage(engagement, refers["stage_id"])  # type: ignore[arg-type]
    store.remove_stage(engagement, refers["to_stage_id"])  # type: ignore[arg-type]
    store.remove_kpi(engagement, refers["kpi_id"])  # type: ignore[arg-type]

    assert store.actions(engagement) == [action]


@pytest.mark.parametrize("field", ["kpi_id", "process_id", "stage_id", "to_stage_id"])
def test_what_an_action_refers_to_is_of_its_own_engagement(store: Store, field: str) -> None:
    engagement, action = with_an_action(store)
    other, _, _ = someone_answering(store)
    foreign = references(store, other)[field]

    for write in (
        lambda: store.change_action(engagement, action.id, {field: foreign}),
        lambda: store.add_actions(engagement, [an_action(**{field: foreign})]),
    ):
        with pytest.raises(Gone):
            write()
    assert store.actions(engagement) == [action]


@pytest.mark.parametrize(
    "fields",
    [{"id": "other"}, {"source": "S1.quick.1"}, {"due_on": "snart"}, {"status": "done"}, {"effort_h": -1}],
)
def test_what_cannot_be_is_refused_and_changes_nothing(store: Store, fields: dict[str, object]) -> None:
    engagement, action = with_an_action(store)

    with pytest.raises(ValueError):
        store.change_action(engagement, action.id, fields)

    assert store.actions(engagement) == [action]


def test_what_is_removed_can_be_put_back_where_it_was(store: Store) -> None:
    engagement, action = with_an_action(store, position=1)
    later = an_action(position=2)
    store.add_actions(engagement, [later])

    removed = store.remove_action(engagement, action.id)

    assert (removed, store.actions(engagement)) == (action, [later])
    store.add_actions(engagement, [removed])
    assert store.actions(engagement) == [action, later]


@pytest.mark.parametrize("write", WRITES)
def test_every_write_raises_the_revision_and_none_reaches_a_deleted_engagement(store: Store, write: str) -> None:
    engagement, action = with_an_action(store)
    before = store.revision(engagement)
    WRITES[write](store, engagement, action.id)
    assert store.revision(engagement) > before

    engagement, action = with_an_action(store)
    store.delete_engagement(engagement, TUESDAY)
    with pytest.raises(Closed):
        WRITES[write](store, engagement, action.id)
    assert store.actions(engagement) == [action]


@pytest.mark.parametrize("write", ["change_action", "remove_action"])
def test_an_action_of_another_engagement_is_gone(store: Store, write: str) -> None:
    engagement, _ = with_an_action(store)
    other, action = with_an_action(store)
    for target in (action.id, ActionId("nothing")):
        with pytest.raises(Gone):
            WRITES[write](store, engagement, target)
    assert store.actions(other) == [action]


def test_an_engagement_that_is_not_there_has_no_actions(store: Store) -> None:
    for ask in (store.actions, lambda e: store.add_actions(e, [])):
        with pytest.raises(NotFound):
            ask(EngagementId("nobody"))
