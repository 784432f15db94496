"""What every store does with the waste register, and with what it needs to know of stages and pools."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from assessment.engagement import EngagementId, StageId, WasteRow, WasteRowId
from assessment.store import AlreadyThere, Closed, Gone, NotFound, Store
from assessment.store.records import Records
from tests.store.situations import TUESDAY, someone_answering

WRITES: dict[str, Callable[[Store, EngagementId, WasteRowId], object]] = {
    "add_waste_rows": lambda s, e, r: s.add_waste_rows(e, [a_row()]),
    "change_waste_row": lambda s, e, r: s.change_waste_row(e, r, {"hours_month": 4}),
    "remove_waste_row": lambda s, e, r: s.remove_waste_row(e, r),
}


def a_row(**fields: object) -> WasteRow:
    return WasteRow.model_validate({"id": uuid4().hex, "code": "W4"} | fields)


def with_a_row(store: Store, **fields: object) -> tuple[EngagementId, WasteRow]:
    """A stored engagement with one row."""
    engagement, _, _ = someone_answering(store)
    row = a_row(**fields)
    store.add_waste_rows(engagement, [row])
    return engagement, row


def a_stage(
    store: Store, engagement: EngagementId, name: str = "Tilbud", position: int = 1, parent: str = ""
) -> StageId:
    """A stage put straight into the table: what draws the value stream is another subject's."""
    assert isinstance(store, Records)
    id_ = uuid4().hex
    row = {"id": id_, "engagement_id": engagement, "position": position, "name": name}
    with store._writing() as db:
        db.table("stages").insert(row | {"parent_stage_id": parent or None})
    return StageId(id_)


def test_a_row_is_read_back_as_it_was(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    full = a_row(
        stage_id=a_stage(store, engagement),
        description="a",
        hours_month=7.5,
        hourly_cost_nok=650.0,
        frequency="weekly",
        cause="b",
        owner="Salgsstøtte",
        in_mandate=True,
    )
    bare = a_row(code="W8")

    store.add_waste_rows(engagement, [full, bare])

    assert store.waste_rows(engagement) == [full, bare]


def test_several_are_added_whole_or_not_at_all(store: Store) -> None:
    engagement, row = with_a_row(store)

    with pytest.raises(AlreadyThere):
        store.add_waste_rows(engagement, [a_row(), a_row(id=row.id)])

    assert store.waste_rows(engagement) == [row]


def test_fields_that_are_not_given_stay(store: Store) -> None:
    engagement, row = with_a_row(store, hours_month=3.0, cause="a")

    store.change_waste_row(engagement, row.id, {"code": "W5", "in_mandate": False})

    assert store.waste_rows(engagement) == [row.model_copy(update={"code": "W5", "in_mandate": False})]


@pytest.mark.parametrize("fields", [{"id": "other"}, {"code": "W9"}, {"code": None}, {"hours_month": -1}])
def test_what_cannot_be_is_refused_and_changes_nothing(store: Store, fields: dict[str, object]) -> None:
    engagement, row = with_a_row(store)
    revision = store.revision(engagement)

    with pytest.raises(ValueError):
        store.change_waste_row(engagement, row.id, fields)

    assert (store.waste_rows(engagement), store.revision(engagement)) == ([row], revision)


def test_a_row_points_to_a_stage_of_its_own_engagement_and_outlives_it(store: Store) -> None:
    engagement, row = with_a_row(store)
    other, _, _ = someone_answering(store)
    own, foreign = a_stage(store, engagement), a_stage(store, other)

    store.change_waste_row(engagement, row.id, {"stage_id": own})
    for write in (
        lambda: store.change_waste_row(engagement, row.id, {"stage_id": foreign}),
        lambda: store.add_waste_rows(engagement, [a_row(stage_id=foreign)]),
    ):
        with pytest.raises(Gone):
            write()

    assert store.waste_rows(engagement) == [row.model_copy(update={"stage_id": own})]
    assert isinstance(store, Records)
    with store._writing() as db:
        db.execute("DELETE FROM stages WHERE id = ?", [own])
    assert store.waste_rows(engagement) == [row]


def test_what_is_removed_can_be_put_back(store: Store) -> None:
    engagement, row = with_a_row(store, hours_month=3.0)

    removed = store.remove_waste_row(engagement, row.id)

    assert (removed, store.waste_rows(engagement)) == (row, [])
    store.add_waste_rows(engagement, [removed])
    assert store.waste_rows(engagement) == [row]


@pytest.mark.parametrize("write", WRITES)
def test_every_write_raises_the_revision_and_none_reaches_a_deleted_engagement(store: Store, write: str) -> None:
    engagement, row = with_a_row(store)
    before = store.revision(engagement)
    WRITES[write](store, engagement, row.id)
    assert store.revision(engagement) > before

    engagement, row = with_a_row(store)
    store.delete_engagement(engagement, TUESDAY)
    with pytest.raises(Closed):
        WRITES[write](store, engagement, row.id)
    assert store.waste_rows(engagement) == [row]


@pytest.mark.parametrize("write", ["change_waste_row", "remove_waste_row"])
def test_a_row_of_another_engagement_is_gone(store: Store, write: str) -> None:
    engagement, _ = with_a_row(store)
    other, row = with_a_row(store)
    for target in (row.id, WasteRowId("nothing")):
        with pytest.raises(Gone):
            WRITES[write](store, engagement, target)
    assert store.waste_rows(other) == [row]


def test_an_engagement_that_is_not_there_has_no_waste(store: Store) -> None:
    nobody = EngagementId("nobody")
    asked = (store.waste_rows, lambda e: store.add_waste_rows(e, []))
    for ask in asked:
        with pytest.raises(NotFound):
            ask(nobody)
