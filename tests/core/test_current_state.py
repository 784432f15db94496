"""The current state as evidence: the method's worked example, what is left out, and whose part a signal is."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from assessment.engagement import EngagementId, KpiPoint, Process
from assessment.mapping.current_state import CurrentState, Part, level
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.strategy.signals import signals
from assessment.strategy.situation import Situation


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "state.db"))


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")


@pytest.fixture
def worked(service: Service, engagement: EngagementId) -> CurrentState:
    """The value stream of method §5."""
    service.begin_stream(engagement, "nb", worked=True)
    return service.current_state(engagement)


def named(state: CurrentState, signal: str) -> dict[tuple[str, ...], float]:
    """The parts of a signal by the codes of their stages."""
    codes = {s.id: s.code or "" for s in state.stream.told.stages}
    return {tuple(codes.get(i, i) for i in part.ids): share for part, share in state.parts(signal).items()}  # type: ignore[call-overload]


def points(service: Service, engagement: EngagementId, code: str, values: list[float], baseline: int) -> None:
    kpi = service.add_kpi(engagement, code, "nb")
    days = [date(2025, 1, 31) + timedelta(days=30 * i) for i in range(len(values))]
    service.set_points(engagement, kpi, {day: KpiPoint(on=day, value=v) for day, v in zip(days, values, strict=True)})
    service.freeze_baseline(engagement, kpi, days[baseline - 1])


def test_nothing_mapped_is_nothing_known(service: Service, engagement: EngagementId) -> None:
    state = service.current_state(engagement)

    assert set(vars(state.flow).values()) == {None}
    assert {k: v for k, v in state.facts().items() if v} == {}
    assert state.facts()["has_customer_rating"] is None
    assert all(not state.parts(signal) for signal in ("conc", "bn", "fneed", "dInt", "defect", "waste", "dis"))


def test_the_worked_value_stream_gives_the_signals_the_method_prints(worked: CurrentState) -> None:
    found = signals(Situation(flow=worked.flow))

    printed = {"fneed": 0.60, "waitint": 0.194, "waitext": 0.406, "bn": 1, "dInt": 0.375, "dExt": 0.5625}
    for name, value in printed.items():
        assert found[name] == pytest.approx(value, abs=5e-4), name
    assert found["defect"] == pytest.approx(0.575, abs=5e-4)


def test_the_hand_offs_of_the_worked_stream_are_told_apart_as_printed(worked: CurrentState) -> None:
    assert set(named(worked, "dInt")) == {("V2", "V3"), ("V5", "V6")}
    assert set(named(worked, "dExt")) == {("V1", "V2"), ("V3", "V4"), ("V4", "V5"), ("V6", "V7")}


def test_parts_weigh_by_what_the_signal_is_made_of_and_add_up_to_one(worked: CurrentState) -> None:
    inside, across = named(worked, "dInt"), named(worked, "dExt")
    assert inside == pytest.approx({("V2", "V3"): 0.20 / 0.30, ("V5", "V6"): 0.10 / 0.30})
    assert across[("V1", "V2")] == pytest.approx(0.30 / 0.90)
    assert named(worked, "waitint") == pytest.approx({("V3",): 30 / 45, ("V6",): 15 / 45})
    assert named(worked, "fneed")[("V5",)] == pytest.approx(60 / 225)
    assert [part.kind for part in worked.parts("bn")] == ["pool"]
    for signal in ("dInt", "dExt", "fneed", "waitint", "waitext", "defect", "bn"):
        assert sum(worked.parts(signal).values()) == pytest.approx(1)


def test_one_hand_off_that_nobody_judged_leaves_the_mean_of_its_kind_unknown(
    service: Service, engagement: EngagementId, worked: CurrentState
) -> None:
    stage = worked.stream.chain[1]
    service.change_stage(engagement, stage.id, {"complete_accurate_share": None})

    flow = service.current_state(engagement).flow

    assert flow.ca_internal is None
    assert flow.ca_external == pytest.approx(0.775)
    assert flow.rty is None
    assert flow.stages is None


def test_pain_of_two_processes_is_a_share_of_all_pain(
    service: Service, engagement: EngagementId, tmp_path: Path
) -> None:
    service.add_catalogue_processes(engagement, ("quoting", "qualification", "handover", "coaching", "reporting"))
    listed = service.processes(engagement).processes
    for process, pain in zip(listed, (1, 3, 2, 0), strict=False):
        service.describe_process(engagement, process.id, {"pain": pain})

    state = service.current_state(engagement)

    assert state.flow.processes == 4  # the fifth is not rated
    assert state.flow.top2_pain_share == pytest.approx(5 / 6)
    assert sorted(state.parts("conc").values()) == pytest.approx([2 / 5, 3 / 5])


def test_processes_without_any_pain_have_no_worst(service: Service, engagement: EngagementId) -> None:
    service.add_catalogue_processes(engagement, ("quoting", "qualification"))
    for process in service.processes(engagement).processes:
        service.describe_process(engagement, process.id, {"pain": 0})

    assert service.current_state(engagement).flow.top2_pain_share is None
    assert service.current_state(engagement).parts("conc") == {}


def test_disputed_hours_are_those_of_the_processes_the_sides_class_apart(
    service: Service, engagement: EngagementId
) -> None:
    service.add_catalogue_processes(engagement, ("quoting", "inbound_call_centre"))
    one, other = service.processes(engagement).processes
    for process, hours, client in ((one, 300, "core"), (other, 100, "support")):
        service.describe_process(engagement, process.id, {"hours_month": hours})
        service.judge_process(engagement, process.id, "consultant", "support")
        service.judge_process(engagement, process.id, "client", client)  # type: ignore[arg-type]
    before = service.current_state(engagement)
    service.compare_classes(engagement)
    after = service.current_state(engagement)

    assert before.flow.disputed_share is None  # nobody has seen it yet
    assert after.flow.disputed_share == pytest.approx(0.75)
    assert after.parts("dis") == {Part("process", (one.id,)): 1}
    assert after.facts()["class_agreement"] == 0.5
    assert isinstance(one, Process)


def test_a_forecast_error_is_a_share_and_where_it_stands_not_its_last_point(
    service: Service, engagement: EngagementId
) -> None:
    points(service, engagement, "K08", [30, 34, 28, 32, 30, 26, 31, 29, 33, 27, 30, 30], 12)

    facts = service.current_state(engagement).facts()

    assert facts["forecast_error"] == pytest.approx(0.30)
    assert facts["has_customer_rating"] is False  # other figures are there, this one is not
    assert facts["chart_signals"] == {}


def test_a_chart_counts_as_unpredictable_only_for_what_got_worse(service: Service, engagement: EngagementId) -> None:
    calm = [10.0, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9]
    points(service, engagement, "K06", [*calm, 30.0], 12)  # quotes take longer
    points(service, engagement, "K09", [*calm, 0.0], 12)  # errors become fewer

    state = service.current_state(engagement)

    late = next(r for r in state.kpis if r.kpi.code == "K06")
    assert state.facts()["chart_signals"] == {late.kpi.id: ("R1",)}


def test_a_confirmed_change_explains_what_got_worse(service: Service, engagement: EngagementId) -> None:
    calm = [10.0, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9]
    points(service, engagement, "K06", [*calm, 30.0, 31, 29, 30, 31, 29], 12)
    reading = service.kpis(engagement)[0]
    service.confirm_change(engagement, reading.kpi.id, reading.points[12].on, "Ny kontrolløkt")

    assert service.current_state(engagement).facts()["chart_signals"] == {}
    assert level(service.kpis(engagement)[0]) == pytest.approx(30)


@pytest.mark.parametrize(("values", "quality", "provisional"), [([10] * 6, None, True), ([10] * 12, "C", True)])
def test_few_points_and_estimates_are_provisional(
    service: Service, engagement: EngagementId, values: list[float], quality: str | None, provisional: bool
) -> None:
    points(service, engagement, "K08", values, len(values))
    reading = service.kpis(engagement)[0]
    service.edit_kpi(engagement, reading.kpi.id, {"quality": quality})

    assert ("K08" in service.current_state(engagement).provisional) is provisional


def test_core_time_is_held_against_the_organisations_own_goal_and_a_draft_is_none(
    service: Service, engagement: EngagementId
) -> None:
    points(service, engagement, "K04", [40.0, 42] * 6, 12)
    kpi = service.kpis(engagement)[0].kpi
    goal = service.begin_goal(engagement)
    service.measure_goal_by(engagement, goal, kpi.id, "nb")
    told = {"text": "Mer tid til kunder", "target_value": 55, "due_on": date(2027, 1, 1), "owner": "Salgsledelsen"}
    service.describe_goal(engagement, goal, told)
    state = service.current_state(engagement)

    assert state.core_time_target(service._store.goals(engagement)) is None
    service.adopt_goal(engagement, goal)
    assert state.core_time_target(service._store.goals(engagement)) == pytest.approx(0.55)
    assert state.facts()["core_time_share"] == pytest.approx(0.41)


def test_twelve_points_of_a_counted_figure_are_not_provisional(service: Service, engagement: EngagementId) -> None:
    points(service, engagement, "K08", [10.0, 12] * 6, 12)

    assert service.current_state(engagement).provisional == ()
