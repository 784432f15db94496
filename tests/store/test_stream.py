"""What every store does with value streams. Nothing here knows which database is behind."""

from collections.abc import Callable

import pytest

from assessment.engagement import EngagementId, Handoff, Pool, PoolId, Removed, Stage, StageId, StreamMap
from assessment.store import AlreadyThere, Closed, Gone, NotFound, Store
from tests.store.situations import TUESDAY, WEDNESDAY, a_wave, an_engagement

NOBODY = EngagementId("nobody")
QUOTE, PRICE, ORDER = StageId("quote"), StageId("price"), StageId("order")
SELLERS, PRESALES = PoolId("sellers"), PoolId("presales")


def a_stage(id_: StageId, position: int, **fields: object) -> Stage:
    return Stage.model_validate({"id": id_, "position": position, "name": id_.title()} | fields)


def a_pool(id_: PoolId, position: int, **fields: object) -> Pool:
    return Pool.model_validate({"id": id_, "position": position, "name": id_.title()} | fields)


def a_stream() -> StreamMap:
    """A quote with a step within it, the order after it, and who works there."""
    told = {"department": "Salg", "wait_h": 45, "wait_side": "own_other_dept", "complete_accurate_share": 0.75}
    return StreamMap(
        stages=(
            a_stage(QUOTE, 0, code="V4", volume_month=45, conversion_share=0.89, wip=22, **told).model_copy(
                update={"work": {SELLERS: 3.0, PRESALES: None}}
            ),
            a_stage(PRICE, 0, parent_stage_id=QUOTE).model_copy(update={"work": {SELLERS: 0.5}}),
            a_stage(ORDER, 1),
        ),
        pools=(a_pool(SELLERS, 0, fte=5, hours_month=130, flow_share=0.65), a_pool(PRESALES, 1)),
        handoffs=(
            Handoff(
                from_stage_id=QUOTE,
                to_stage_id=ORDER,
                complete_accurate_sender_share=0.9,
                fix_h=2.5,
                clear_content=True,
                clear_deadline=False,
            ),
        ),
    )


@pytest.fixture
def engagement(store: Store) -> EngagementId:
    """An engagement with a value stream."""
    made = an_engagement()
    store.create_engagement(made, a_wave(made.id))
    store.begin_stream(made.id, a_stream())
    return made.id


WRITES: dict[str, Callable[[Store, EngagementId], object]] = {
    "begin_stream": lambda s, e: s.begin_stream(e, a_stream()),
    "add_stage": lambda s, e: s.add_stage(e, a_stage(StageId("new"), 1)),
    "change_stage": lambda s, e: s.change_stage(e, QUOTE, {"wait_h": 30}),
    "change_stages": lambda s, e: s.change_stages(e, {QUOTE: {"wait_h": 30}, ORDER: {"reentry_share": 0.1}}),
    "order_stages": lambda s, e: s.order_stages(e, [ORDER, QUOTE]),
    "remove_stage": lambda s, e: s.remove_stage(e, QUOTE),
    "set_work": lambda s, e: s.set_work(e, QUOTE, {PRESALES: 2.0}),
    "remove_work": lambda s, e: s.remove_work(e, QUOTE, [PRESALES]),
    "add_pool": lambda s, e: s.add_pool(e, a_pool(PoolId("new"), 2)),
    "change_pool": lambda s, e: s.change_pool(e, PRESALES, {"fte": 1}),
    "remove_pool": lambda s, e: s.remove_pool(e, PRESALES),
    "save_handoff": lambda s, e: s.save_handoff(e, QUOTE, ORDER, {"fix_h": 1}),
    "remove_handoff": lambda s, e: s.remove_handoff(e, QUOTE, ORDER),
    "put_back": lambda s, e: s.put_back(e, Removed(pools=(a_pool(PoolId("back"), 3),))),
}
# what a write to a part of another engagement must not reach
OF_A_PART = [name for name in WRITES if name not in ("begin_stream", "add_stage", "add_pool", "put_back")]


def test_a_stream_is_read_back_as_it_was_told(store: Store, engagement: EngagementId) -> None:
    told = store.stream_map(engagement)
    assert sorted(told.stages, key=lambda s: s.id) == sorted(a_stream().stages, key=lambda s: s.id)
    assert (told.pools, told.handoffs) == (a_stream().pools, a_stream().handoffs)


def test_an_engagement_has_no_stream_at_first(store: Store) -> None:
    made = an_engagement()
    store.create_engagement(made, a_wave(made.id))
    assert store.stream_map(made.id) == StreamMap()
    with pytest.raises(NotFound):
        store.stream_map(NOBODY)


def test_a_stream_is_begun_once_and_whole_or_not_at_all(store: Store, engagement: EngagementId) -> None:
    before = store.stream_map(engagement)
    with pytest.raises(AlreadyThere):
        store.begin_stream(engagement, StreamMap(stages=(a_stage(StageId("other"), 0),)))
    assert store.stream_map(engagement) == before


@pytest.mark.parametrize("write", [name for name in WRITES if name != "begin_stream"])
def test_every_write_raises_the_revision(store: Store, engagement: EngagementId, write: str) -> None:
    before = store.revision(engagement)
    WRITES[write](store, engagement)
    assert store.revision(engagement) > before


@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_written_to_a_deleted_engagement(store: Store, engagement: EngagementId, write: str) -> None:
    before = store.stream_map(engagement)
    store.delete_engagement(engagement, WEDNESDAY)
    with pytest.raises(Closed):
        WRITES[write](store, engagement)
    assert store.stream_map(engagement) == before


@pytest.mark.parametrize("write", WRITES)
def test_an_engagement_that_is_not_there_is_refused(store: Store, write: str) -> None:
    with pytest.raises(NotFound):
        WRITES[write](store, NOBODY)


@pytest.mark.parametrize("write", OF_A_PART)
def test_a_part_of_another_engagement_is_out_of_reach(store: Store, engagement: EngagementId, write: str) -> None:
    other = an_engagement()
    store.create_engagement(other, a_wave(other.id))
    before = store.stream_map(engagement)
    with pytest.raises(Gone):
        WRITES[write](store, other.id)
    assert store.stream_map(engagement) == before
    assert store.revision(other.id) == 0


def test_a_field_is_changed_and_the_others_stay(store: Store, engagement: EngagementId) -> None:
    (before,) = (s for s in store.stream_map(engagement).stages if s.id == QUOTE)
    store.change_stage(engagement, QUOTE, {"complete_accurate_share": 0.95, "wip": None})
    (after,) = (s for s in store.stream_map(engagement).stages if s.id == QUOTE)
    assert after == before.model_copy(update={"complete_accurate_share": 0.95, "wip": None})


@pytest.mark.parametrize(
    "fields",
    [
        {"wait_h": -1},
        {"complete_accurate_share": 1.1},
        {"volume_month": float("inf")},
        {"name": " "},
        {"id": "x"},
        {"position": 3},
        {"parent_stage_id": ORDER},
        {"colour": "blue"},
        {"wait_side": "nobody"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    store: Store, engagement: EngagementId, fields: dict[str, object]
) -> None:
    before, revision = store.stream_map(engagement), store.revision(engagement)
    with pytest.raises(ValueError):
        store.change_stage(engagement, QUOTE, fields)
    with pytest.raises(ValueError):
        store.change_stages(engagement, {ORDER: {"wait_h": 1}, QUOTE: fields})
    assert (store.stream_map(engagement), store.revision(engagement)) == (before, revision)


def test_several_stages_are_changed_at_once_and_what_they_were_undoes_it(
    store: Store, engagement: EngagementId
) -> None:
    told, revision = store.stream_map(engagement), store.revision(engagement)
    before = store.change_stages(engagement, {QUOTE: {"wait_h": 30, "reentry_share": 0.2}, ORDER: {"wip": 4}})
    assert before == {QUOTE: {"wait_h": 45, "reentry_share": None}, ORDER: {"wip": None}}
    assert store.revision(engagement) == revision + 1
    stages = {stage.id: stage for stage in store.stream_map(engagement).stages}
    assert (stages[QUOTE].wait_h, stages[QUOTE].reentry_share, stages[ORDER].wip) == (30, 0.2, 4)
    store.change_stages(engagement, before)
    assert store.stream_map(engagement) == told


def test_of_several_stages_none_is_changed_when_one_is_gone(store: Store, engagement: EngagementId) -> None:
    before = store.stream_map(engagement)
    with pytest.raises(Gone):
        store.change_stages(engagement, {QUOTE: {"wait_h": 30}, StageId("nowhere"): {"wait_h": 30}})
    assert store.stream_map(engagement) == before


def test_a_stage_is_added_between_others(store: Store, engagement: EngagementId) -> None:
    store.add_stage(engagement, a_stage(StageId("new"), 1))
    stages = store.stream_map(engagement).stages
    assert [s.id for s in stages if s.parent_stage_id is None] == [QUOTE, "new", ORDER]


def test_an_order_names_every_sibling(store: Store, engagement: EngagementId) -> None:
    store.order_stages(engagement, [ORDER, QUOTE])
    assert [s.id for s in store.stream_map(engagement).stages if s.parent_stage_id is None] == [ORDER, QUOTE]
    for order in ([ORDER], [ORDER, QUOTE, PRICE], [ORDER, QUOTE, QUOTE]):
        with pytest.raises(Gone):
            store.order_stages(engagement, order)


def test_pools_keep_the_hours_that_are_not_named(store: Store, engagement: EngagementId) -> None:
    store.set_work(engagement, QUOTE, {PRESALES: 2.0})
    (quote,) = (s for s in store.stream_map(engagement).stages if s.id == QUOTE)
    assert quote.work == {SELLERS: 3.0, PRESALES: 2.0}
    with pytest.raises(ValueError):
        store.set_work(engagement, QUOTE, {PRESALES: -1.0})
    with pytest.raises(Gone):
        store.set_work(engagement, QUOTE, {PoolId("nobody"): 1.0})


def test_two_pools_never_have_one_name(store: Store, engagement: EngagementId) -> None:
    with pytest.raises(AlreadyThere):
        store.add_pool(engagement, a_pool(PoolId("again"), 3, name="Sellers"))
    with pytest.raises(AlreadyThere):
        store.change_pool(engagement, PRESALES, {"name": "Sellers"})


@pytest.mark.parametrize(
    "remove",
    [
        lambda s, e: s.remove_stage(e, QUOTE),
        lambda s, e: s.remove_stage(e, PRICE),
        lambda s, e: s.remove_stage(e, ORDER),
        lambda s, e: s.remove_work(e, QUOTE, [SELLERS, PRESALES]),
        lambda s, e: s.remove_pool(e, SELLERS),
        lambda s, e: s.remove_handoff(e, QUOTE, ORDER),
    ],
    ids=["stage", "step", "last stage", "work", "pool", "handoff"],
)
def test_what_is_taken_out_can_be_put_back(
    store: Store, engagement: EngagementId, remove: Callable[[Store, EngagementId], Removed]
) -> None:
    before = store.stream_map(engagement)
    removed = remove(store, engagement)
    assert store.stream_map(engagement) != before
    store.put_back(engagement, removed)
    assert store.stream_map(engagement) == before
    if removed.stages or removed.pools or removed.handoffs:
        with pytest.raises(AlreadyThere):
            store.put_back(engagement, removed)


def test_a_stage_takes_its_steps_and_hand_offs_with_it(store: Store, engagement: EngagementId) -> None:
    store.remove_stage(engagement, QUOTE)
    told = store.stream_map(engagement)
    assert ([s.id for s in told.stages], told.handoffs) == ([ORDER], ())


def test_what_belongs_to_a_part_that_has_gone_since_stays_away(store: Store, engagement: EngagementId) -> None:
    removed = store.remove_stage(engagement, QUOTE)
    store.remove_stage(engagement, ORDER)
    store.remove_pool(engagement, SELLERS)
    store.put_back(engagement, removed)
    told = store.stream_map(engagement)
    assert ({s.id for s in told.stages}, told.handoffs) == ({QUOTE, PRICE}, ())
    assert {s.id: set(s.work) for s in told.stages} == {QUOTE: {PRESALES}, PRICE: set()}


def test_a_step_is_not_put_back_into_a_stage_that_has_gone(store: Store, engagement: EngagementId) -> None:
    removed = store.remove_stage(engagement, PRICE)
    store.remove_stage(engagement, QUOTE)
    with pytest.raises(Gone):
        store.put_back(engagement, removed)


def test_a_hand_off_is_made_when_it_is_first_told_of(store: Store, engagement: EngagementId) -> None:
    store.save_handoff(engagement, ORDER, QUOTE, {})
    store.save_handoff(engagement, ORDER, QUOTE, {"clear_receiver": True})
    store.save_handoff(engagement, ORDER, QUOTE, {"fix_h": 3})
    (made,) = (h for h in store.stream_map(engagement).handoffs if h.from_stage_id == ORDER)
    assert (made.clear_receiver, made.fix_h, made.clear_content) == (True, 3, None)
    with pytest.raises(ValueError):
        store.save_handoff(engagement, QUOTE, QUOTE, {})


def test_a_stream_goes_with_its_engagement(store: Store, engagement: EngagementId) -> None:
    store.delete_engagement(engagement, TUESDAY)
    assert store.purge_deleted(WEDNESDAY) == 1
    with pytest.raises(NotFound):
        store.stream_map(engagement)
