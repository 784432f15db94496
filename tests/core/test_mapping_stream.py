"""Value streams: the worked numbers from what is told, what is not known, changes that can be undone, and what if."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessment.engagement import EngagementId, PoolId, Stage, StageId, StreamMap
from assessment.mapping.stream import Change, Stream, changed, process_time_h
from assessment.service import Beginning, Service
from assessment.store import AlreadyThere, Gone, SqliteStore
from assessment.stream_template import template

SHARES, AMOUNTS = st.floats(0.01, 1), st.floats(0, 1e5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "stream.db")
    yield opened
    opened.close()


@pytest.fixture
def service(store: SqliteStore) -> Service:
    return Service(store)


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")


@pytest.fixture
def worked() -> Stream:
    """The worked stream of the method, each part with the id it has there."""
    return Stream(template("nb", lambda key: key, worked=True))


def stage(stream: Stream, id_: str) -> Stage:
    found = stream.stage(id_)
    assert found is not None
    return found


# ---------------------------------------------------------------- what follows from what is told (method §5.2-5.5)


def test_the_worked_stream_shows_the_worked_numbers(worked: Stream) -> None:
    flow = worked.flow
    assert (flow.process_time_h, flow.lead_time_h) == (pytest.approx(25), pytest.approx(250))
    assert (flow.flow_efficiency, flow.flow_efficiency_own) == (pytest.approx(0.10), pytest.approx(25 / 190))
    assert (flow.rty, flow.ca_geo) == (pytest.approx(0.2198, abs=5e-5), pytest.approx(0.8275, abs=5e-5))
    assert (flow.conversion, flow.internal_wait_share) == (pytest.approx(0.08), pytest.approx(45 / 139))
    loads = {use.id: (round(use.rho_without_rework or 0, 2), round(use.rho or 0, 2)) for use in flow.pools}
    assert loads["presales"] == (0.95, 1.02)
    assert loads["sellers"] == (0.84, 0.92)
    assert worked.missing == {}


def test_the_bottleneck_is_a_pool_and_its_queue_grows(worked: Stream) -> None:
    assert worked.flow.bottleneck == "presales"
    use = worked.flow.pool(PoolId("presales"))
    assert (use.stages, use.band) == (("V4",), "overload")
    assert use.short_cases == pytest.approx(0.81, abs=0.005)
    assert worked.flow.pool(PoolId("sellers")).short_cases is None


def test_quality_upstream_frees_the_bottleneck(worked: Stream) -> None:
    lever = worked.lever
    assert lever is not None
    assert (lever.change.stage_id, lever.change.value) == ("V3", 0.95)
    assert lever.rho == pytest.approx(0.971, abs=5e-4)


def test_the_counted_quotes_are_more_than_time_and_volume_explain(worked: Stream) -> None:
    (check,) = worked.flow.little
    assert (check.stage, check.warns, round(check.deviation or 0, 2)) == ("V4", True, 0.59)


def test_hand_offs_are_sorted_by_what_they_cost(worked: Stream) -> None:
    known = [i for i in worked.interfaces if i.rework_h is not None]
    assert [(i.told.from_stage_id, i.told.to_stage_id) for i in known] == [
        ("V6", "V7"),
        ("V3", "V4"),
        ("V2", "V3"),
        ("V4", "V5"),
        ("V1", "V2"),
    ]
    assert [round(i.rework_h or 0, 1) for i in known] == [19.2, 16.9, 12.0, 10.0, 9.0]
    assert (worked.rework.counted, worked.rework.hours) == (5, pytest.approx(67.075))
    # those nobody has timed come last, by what waits there
    rest = worked.interfaces[5:]
    assert [i.waiting for i in rest] == sorted((i.waiting for i in rest), key=lambda w: -(w or 0))


def test_a_hand_off_has_both_sides_and_its_clarity(worked: Stream) -> None:
    most = worked.interfaces[0]
    assert (most.sender_share, most.receiver_share, most.apart) == (0.95, 0.80, pytest.approx(0.15))
    assert (most.clarity, most.crosses, most.neighbours) == (1, True, True)
    assert worked.interfaces[-1].clarity is None


def test_departments_are_told_apart_whatever_the_capitals(worked: Stream) -> None:
    stages = [
        s.model_copy(update={"department": name})
        for s, name in zip(worked.chain, ["Salg", "salg", None, "Salg"] * 2, strict=True)
    ]
    stream = Stream(StreamMap(stages=tuple(stages)))
    assert not any(i.crosses for i in stream.interfaces)


def test_the_steps_of_the_example_add_up_to_their_stage(worked: Stream) -> None:
    quote = stage(worked, "V4")
    assert worked.steps_sum(quote.id) == (quote.wait_h, quote.work)
    assert len(worked.steps(quote.id)) == 4
    assert worked.steps_sum(StageId("V3")) is None


# ---------------------------------------------------------------- what is not known


def test_an_empty_template_has_a_chain_and_no_figures() -> None:
    empty = Stream(template("en", lambda key: key, worked=False))
    assert [s.name for s in empty.chain][:3] == ["Lead intake", "Qualification", "Needs analysis"]
    flow = empty.flow
    assert {flow.lead_time_h, flow.flow_efficiency, flow.rty, flow.conversion, flow.bottleneck, empty.lever} == {None}
    assert flow.internal_wait_share is None
    assert all(use.rho is None and use.capacity_h is None for use in flow.pools)
    assert (flow.little, empty.rework.counted) == ((), 0)
    assert empty.missing == {
        "wait_h": 8,
        "process_time_h": 8,
        "complete_accurate_share": 8,
        "volume_month": 8,
        "capacity": 7,
    }


@pytest.mark.parametrize(
    ("field", "lost"),
    [
        ("wait_h", {"lead_time_h", "process_time_h", "flow_efficiency", "flow_efficiency_own", "internal_wait_share"}),
        ("complete_accurate_share", {"rty", "ca_geo"}),
        ("volume_month", set()),
        ("conversion_share", set()),
    ],
)
def test_what_rests_on_an_unknown_figure_is_not_shown(worked: Stream, field: str, lost: set[str]) -> None:
    stages = [s.model_copy(update={field: None}) if s.id == "V3" else s for s in worked.told.stages]
    flow = Stream(worked.told.model_copy(update={"stages": tuple(stages)})).flow
    single = {"lead_time_h", "process_time_h", "flow_efficiency", "flow_efficiency_own", "rty", "ca_geo", "conversion"}
    assert {name for name in single | {"internal_wait_share"} if getattr(flow, name) is None} == lost


def test_a_pool_is_unknown_while_one_of_its_stages_is(worked: Stream) -> None:
    def rho(**fields: object) -> dict[str, float | None]:
        stages = [s.model_copy(update=fields) if s.id == "V3" else s for s in worked.told.stages]
        flow = Stream(worked.told.model_copy(update={"stages": tuple(stages)})).flow
        return {use.id: use.rho for use in flow.pools if use.rho is None}

    assert rho(volume_month=None).keys() == {"sellers"}
    assert rho(work={"sellers": None}).keys() == {"sellers"}
    assert rho(complete_accurate_share=None).keys() == {"sellers", "presales"}


def test_work_is_known_when_everybody_who_works_there_is(worked: Stream) -> None:
    quote = stage(worked, "V4")
    assert process_time_h(quote) == 5
    assert process_time_h(quote.model_copy(update={"work": {"sellers": 3.0, "presales": None}})) is None
    assert process_time_h(quote.model_copy(update={"work": {}})) is None


# ---------------------------------------------------------------- what if


def test_what_if_raises_the_quality_and_stores_nothing(service: Service) -> None:
    demo = service.open_demo()
    before = service.stream(demo)
    then = service.what_if(demo, [Change("complete_accurate_share", 0.95, stage_id=StageId("demo-V3"))])
    presales = PoolId("demo-presales")
    assert before.flow.pool(presales).rho == pytest.approx(1.018, abs=5e-4)
    assert then.flow.pool(presales).rho == pytest.approx(0.971, abs=5e-4)
    assert service.stream(demo).told == before.told


def test_what_if_moves_the_bottleneck(worked: Stream) -> None:
    then = Stream(changed(worked.told, [Change("fte", 2, pool_id=PoolId("presales"))]))
    assert (worked.flow.bottleneck, then.flow.bottleneck) == ("presales", "sellers")


def test_what_if_of_a_pools_hours_in_a_stage(worked: Stream) -> None:
    change = Change("process_time_h", 1.0, stage_id=StageId("V4"), pool_id=PoolId("presales"))
    then = Stream(changed(worked.told, [change]))
    assert then.flow.pool(PoolId("presales")).load_h == pytest.approx(96.75 / 2)
    assert stage(then, "V4").work["sellers"] == 3.0


def test_volumes_follow_a_volume_and_a_conversion(worked: Stream) -> None:
    more = Stream(changed(worked.told, [Change("volume_month", 66, stage_id=StageId("V3"))]))
    assert [round(s.volume_month or 0, 1) for s in more.chain] == [200, 120, 66, 49.5, 44, 17.6, 17.6, 17.6]
    fewer = Stream(changed(worked.told, [Change("conversion_share", 0.2, stage_id=StageId("V5"))]))
    assert [s.volume_month for s in fewer.chain] == [200, 120, 60, 45, 40, 8, 8, 8]
    # the steps of a stage have volumes of their own
    assert {s.volume_month for s in more.steps(StageId("V4"))} == {45}


def test_what_cannot_be_is_refused(worked: Stream) -> None:
    with pytest.raises(ValidationError):
        changed(worked.told, [Change("complete_accurate_share", 1.2, stage_id=StageId("V3"))])
    with pytest.raises(Gone):
        changed(worked.told, [Change("wait_h", 1, stage_id=StageId("V9"))])


@given(st.sampled_from([f"V{n}" for n in range(1, 9)]), AMOUNTS, SHARES)
def test_a_better_output_or_a_shorter_wait_never_makes_a_pool_fuller(id_: str, wait: float, share: float) -> None:
    worked = Stream(template("nb", lambda key: key, worked=True))
    now = stage(worked, id_)
    better = max(share, now.complete_accurate_share or 0)
    changes = [
        Change("complete_accurate_share", better, stage_id=now.id),
        Change("wait_h", min(wait, now.wait_h or 0), stage_id=now.id),
    ]
    then = Stream(changed(worked.told, changes))
    for before, after in zip(worked.flow.pools, then.flow.pools, strict=True):
        assert (after.rho or 0) <= (before.rho or 0) + 1e-12
    assert (then.flow.rty or 0) >= (worked.flow.rty or 0) - 1e-12
    assert (then.flow.lead_time_h or 0) <= (worked.flow.lead_time_h or 0) + 1e-9


# ---------------------------------------------------------------- use cases


@pytest.mark.parametrize("worked_figures", [False, True])
def test_a_stream_is_begun_once(service: Service, engagement: EngagementId, worked_figures: bool) -> None:
    service.begin_stream(engagement, "nb", worked=worked_figures)
    stream = service.stream(engagement)
    assert (len(stream.chain), len(stream.told.pools)) == (8, 7)
    assert (stream.flow.bottleneck is not None) == worked_figures
    with pytest.raises(AlreadyThere):
        service.begin_stream(engagement, "nb", worked=True)


def test_pools_left_from_an_earlier_chain_are_used_again(service: Service, engagement: EngagementId) -> None:
    service.begin_stream(engagement, "nb", worked=False)
    first = service.stream(engagement)
    sellers = next(p for p in first.told.pools if p.name == "Selgere")
    service.change_pool(engagement, sellers.id, {"fte": 9})
    for s in first.chain:
        service.remove_stage(engagement, s.id)
    service.begin_stream(engagement, "nb", worked=True)
    stream = service.stream(engagement)
    assert next(p for p in stream.told.pools if p.name == "Selgere").fte == 9
    assert stream.chain[2].work == {sellers.id: 2.0}


def test_stages_are_added_moved_renamed_and_removed(service: Service, engagement: EngagementId) -> None:
    service.begin_stream(engagement, "nb", worked=False)
    first, second = service.stream(engagement).chain[:2]
    new = service.add_stage(engagement, "Innkjøp", after=first.id)
    assert [s.id for s in service.stream(engagement).chain][:3] == [first.id, new, second.id]
    assert stage(service.stream(engagement), new).department == first.department
    service.move_stage(engagement, new, -1)
    service.move_stage(engagement, new, -1)  # it is first already
    assert service.stream(engagement).chain[0].id == new
    service.change_stage(engagement, first.id, {"name": "Svar på henvendelser"})
    renamed = stage(service.stream(engagement), first.id)
    assert (renamed.name, renamed.code) == ("Svar på henvendelser", None)
    service.change_stage(engagement, first.id, {"name": first.name, "code": first.code})
    assert stage(service.stream(engagement), first.id) == first.model_copy(update={"position": 1})
    removed = service.remove_stage(engagement, second.id)
    assert service.stream(engagement).stage(second.id) is None
    service.put_back(engagement, removed)
    assert [s.id for s in service.stream(engagement).chain][:3] == [new, first.id, second.id]


def test_steps_lie_within_their_stage_and_can_be_summed_into_it(service: Service, engagement: EngagementId) -> None:
    service.begin_stream(engagement, "nb", worked=False)
    quote = service.stream(engagement).chain[3]
    sellers, presales = quote.work
    one = service.add_stage(engagement, "Skisse", within=quote.id)
    two = service.add_stage(engagement, "Pris", after=one)
    stream = service.stream(engagement)
    assert ([s.id for s in stream.steps(quote.id)], len(stream.chain)) == ([one, two], 8)
    with pytest.raises(Gone):
        service.use_steps(engagement, quote.id)
    for step, pool, wait in ((one, sellers, 5.0), (two, presales, 40.0)):
        service.staff(engagement, step, [pool])
        service.set_work(engagement, step, pool, 2.0)
        service.change_stage(engagement, step, {"wait_h": wait})
    service.use_steps(engagement, quote.id)
    told = stage(service.stream(engagement), quote.id)
    assert (told.wait_h, told.work) == (45.0, {sellers: 2.0, presales: 2.0})


def test_who_stays_keeps_their_hours_and_who_left_can_come_back(service: Service) -> None:
    demo, quote = service.open_demo(), StageId("demo-V4")
    sellers, presales, delivery = (PoolId(f"demo-{name}") for name in ("sellers", "presales", "delivery"))
    left = service.staff(demo, quote, [sellers, delivery])
    assert stage(service.stream(demo), quote).work == {sellers: 3.0, delivery: None}
    service.put_back(demo, left)
    assert stage(service.stream(demo), quote).work == {sellers: 3.0, presales: 2.0, delivery: None}


def test_what_the_receiver_says_of_a_neighbour_is_the_stages_own_figure(service: Service) -> None:
    demo, sender, receiver = service.open_demo(), StageId("demo-V6"), StageId("demo-V7")
    service.change_handoff(demo, sender, receiver, {"complete_accurate_receiver_share": 0.5, "volume_month": 20})
    service.change_handoff(demo, sender, receiver, {"wait_h": 8, "fix_h": 2})
    stream = service.stream(demo)
    assert stage(stream, sender).complete_accurate_share == 0.5
    assert (stage(stream, receiver).volume_month, stage(stream, receiver).wait_h) == (20, 8)
    (interface,) = (i for i in stream.interfaces if i.told.from_stage_id == sender)
    assert interface.rework_h == pytest.approx(20 * 0.5 * 2)
    assert (interface.told.complete_accurate_receiver_share, interface.told.volume_month) == (None, None)


def test_a_hand_off_outside_the_order_has_its_own_figures(service: Service) -> None:
    demo, back, to = service.open_demo(), StageId("demo-V7"), StageId("demo-V4")
    service.change_handoff(demo, back, to, {})
    fields = {"complete_accurate_receiver_share": 0.9, "volume_month": 10, "fix_h": 30, "wait_h": 5}
    service.change_handoff(demo, back, to, fields)
    most = service.stream(demo).interfaces[0]
    assert (most.told.from_stage_id, most.neighbours, most.rework_h) == (back, False, pytest.approx(30))
    assert stage(service.stream(demo), "demo-V4").volume_month == 45
    removed = service.remove_handoff(demo, back, to)
    assert len(service.stream(demo).interfaces) == 7
    service.put_back(demo, removed)
    assert service.stream(demo).interfaces[0] == most


def test_a_waste_finds_its_stage_again(service: Service, store: SqliteStore) -> None:
    demo, quote = service.open_demo(), StageId("demo-V4")
    with sqlite3.connect(store.path) as db:
        db.execute("INSERT INTO waste_rows (id, engagement_id, code, stage_id) VALUES ('w', ?, 'W4', ?)", (demo, quote))
    removed = service.remove_stage(demo, quote)
    service.put_back(demo, removed)
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT stage_id FROM waste_rows WHERE id = 'w'").fetchall() == [(quote,)]


def test_an_example_made_before_there_were_streams_gets_one_and_keeps_the_rest(
    service: Service, store: SqliteStore
) -> None:
    demo = service.open_demo()
    service.set_criterion(demo, "C1", weight=3, target=5.0)
    with sqlite3.connect(store.path) as db:
        db.execute("DELETE FROM stages")
        db.execute("DELETE FROM pools")
        db.execute("DELETE FROM stage_pools")
        db.execute("DELETE FROM handoffs")
    service.open_demo()
    assert service.stream(demo).flow.bottleneck == "demo-presales"
    assert service.criterion_settings(demo)["C1"].target == 5.0
