"""The value stream: the worked table of the method, what is not known, and laws of flow and load."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.current_state import value_stream as vs
from assessment.headless.stream import Reader

ROOT = Path(__file__).parents[2]
SHARES = st.floats(0, 1)
AMOUNTS = st.floats(0, 1e6)


@pytest.fixture
def example() -> vs.ValueStream:
    return Reader([]).stream(json.loads((ROOT / "data" / "examples" / "stream.json").read_text(encoding="utf-8")))


@st.composite
def streams(draw: st.DrawFn) -> vs.ValueStream:
    pools = tuple(vs.Pool(name, draw(AMOUNTS), draw(AMOUNTS), draw(SHARES)) for name in "ab")
    sides = st.sampled_from([None, *vs.WAIT_SIDES])
    stages = tuple(
        vs.Stage(
            id=f"V{number}",
            work=tuple(vs.Work(pool, draw(AMOUNTS)) for pool in draw(st.sampled_from(["", "a", "b", "ab"]))),
            wait_h=draw(AMOUNTS),
            complete_accurate=draw(SHARES),
            volume=draw(AMOUNTS),
            wait_side=draw(sides),
            wip=draw(st.none() | AMOUNTS),
        )
        for number in range(draw(st.integers(1, 5)))
    )
    return vs.ValueStream(stages, pools, draw(SHARES))


def test_flow_metrics_of_the_worked_table(example: vs.ValueStream) -> None:
    assert vs.process_time_h(example) == pytest.approx(25)
    assert vs.lead_time_h(example) == pytest.approx(250)
    assert vs.flow_efficiency(example) == pytest.approx(0.10)
    assert vs.flow_efficiency_own(example) == pytest.approx(25 / 190)
    assert vs.rolled_throughput_yield(example) == pytest.approx(0.2198, abs=5e-5)
    assert vs.ca_geo(example) == pytest.approx(0.8275, abs=5e-5)
    assert vs.conversion(example) == pytest.approx(0.08)
    assert vs.internal_wait_share(example) == pytest.approx(45 / 139)


def test_load_and_utilisation_of_the_worked_table(example: vs.ValueStream) -> None:
    found = {
        p.id: (p.load_without_rework_h, p.load_h, p.capacity_h, p.rho_without_rework, p.rho)
        for p in vs.pool_loads(example)
    }
    expected = {
        "marketing": (40, 40, 60, 0.67, 0.67),
        "call_centre": (60, 69, 80, 0.75, 0.86),
        "sellers": (355, 389.625, 422.5, 0.84, 0.92),
        "presales": (90, 96.75, 95, 0.95, 1.02),
        "sales_support": (24, 25.2, 40, 0.60, 0.63),
        "delivery": (192, 211.2, 240, 0.80, 0.88),
        "customer_service": (20.8, 21.84, 40, 0.52, 0.55),
    }
    assert list(found) == list(expected)
    for pool, (plain, load, capacity, rho_plain, rho) in expected.items():
        assert found[pool][:3] == pytest.approx((plain, load, capacity))
        assert found[pool][3:] == pytest.approx((rho_plain, rho), abs=0.0051)


def test_presales_is_the_bottleneck_and_better_input_frees_it(example: vs.ValueStream) -> None:
    assert vs.bottleneck(vs.pool_loads(example)) == "presales"
    stages = tuple(replace(s, complete_accurate=0.95) if s.id == "V3" else s for s in example.stages)
    presales = vs.pool_loads(replace(example, stages=stages))[3]
    assert (presales.load_h, presales.rho) == (pytest.approx(92.25), pytest.approx(0.971, abs=5e-4))


def test_little_finds_more_quotes_than_volume_and_time_explain(example: vs.ValueStream) -> None:
    (check,) = vs.little_checks(example)
    assert (check.stage, check.warns) == ("V4", True)
    assert check.expected_wip == pytest.approx(13.8, abs=0.05)
    assert check.deviation == pytest.approx(0.59, abs=0.005)


def test_utilisation_has_a_word_that_changes_at_the_cut() -> None:
    words = [vs.utilisation_band(rho) for rho in (0, 0.69, 0.70, 0.85, 0.99, 1.0, 2)]
    assert words == ["slack", "slack", "ok", "strained", "strained", "overload", "overload"]


def test_nothing_to_divide_by_is_not_assessed() -> None:
    stage = vs.Stage("V1", (), wait_h=0, complete_accurate=0, volume=0, wip=3)
    empty = vs.ValueStream((stage,), (vs.Pool("a", 0, 100, 1), vs.Pool("b", 1, 100, 1)))
    loads = vs.pool_loads(empty)
    assert (vs.flow_efficiency(empty), vs.flow_efficiency_own(empty), vs.conversion(empty)) == (None, None, None)
    assert (vs.internal_wait_share(empty), vs.ca_geo(empty), vs.bottleneck(loads)) == (None, 0, None)
    assert [load.rho for load in loads] == [None, 0]
    assert vs.little_checks(empty) == (vs.Little("V1", 0, None),)


def test_waiting_before_the_first_stage_is_in_the_lead_time_and_not_in_the_share() -> None:
    first = vs.Stage("V1", (), wait_h=10, complete_accurate=1, volume=1, wait_side="own_internal")
    second = replace(first, id="V2", wait_side="own_other_dept")
    stream = vs.ValueStream((first, second), ())
    assert (vs.lead_time_h(stream), vs.internal_wait_share(stream)) == (20, 0)


@given(streams())
def test_flow_efficiency_is_a_share_and_leaving_the_customer_out_never_lowers_it(stream: vs.ValueStream) -> None:
    whole, own = vs.flow_efficiency(stream), vs.flow_efficiency_own(stream)
    assert whole is None or 0 <= whole <= 1
    assert own is None or 0 <= own <= 1
    assert whole is None or own is None or own >= whole - 1e-12


@given(streams(), SHARES)
def test_adding_rework_never_lowers_utilisation(stream: vs.ValueStream, other: float) -> None:
    less, more = sorted((stream.rework_fraction, other))
    before = vs.pool_loads(replace(stream, rework_fraction=less))
    after = vs.pool_loads(replace(stream, rework_fraction=more))
    for low, high in zip(before, after, strict=True):
        assert (low.rho is None) == (high.rho is None)
        assert low.rho is None or high.rho is None or high.rho >= low.rho
        assert low.rho is None or low.rho_without_rework is None or low.rho >= low.rho_without_rework
