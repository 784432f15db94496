"""The use cases of the payback: the worked example through the service, overlaps refused, figures taken over."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.business_case.cases import BENEFITS, Impossible, one_off_cost
from assessment.business_case.offers import offers
from assessment.engagement import EngagementId, Kpi, KpiPoint, PaybackTerms, Stage, StreamMap, WasteRow
from assessment.mapping.owners import may_be_a_person
from assessment.payback import INPUTS, LESS_IS_MORE, Case, Payback, cash_flow, histogram, payback
from assessment.service import Beginning, Service
from assessment.store import SqliteStore

ROOT = Path(__file__).parents[2]
WRITTEN: dict[str, Any] = json.loads((ROOT / "data" / "examples" / "payback.json").read_text(encoding="utf-8"))
COSTS = {"consultant_cost": 600_000, "own_hours": 800, "own_hour_cost": 600, "training_cost": 150_000}
ALL_COSTS = COSTS | {"systems_cost": 100_000, "running_cost": 120_000}


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "payback.db"))


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")


def tell_all(service: Service, engagement: EngagementId, **changed: object) -> None:
    """The worked example of method §7.3, every line owned."""
    for name, value in (WRITTEN["inputs"] | changed).items():
        low, likely, high = value if isinstance(value, list) else (None, value, None)
        service.tell_input(engagement, name, {"low": low, "likely": likely, "high": high})
    for line in BENEFITS:
        service.describe_benefit(engagement, line, {"owner": "Salgsleder"})
    service.set_payback_terms(engagement, ALL_COSTS)


def result_of(service: Service, engagement: EngagementId) -> Payback:
    found = service.business_case(engagement).result
    assert found is not None
    return found


def test_the_worked_example_through_the_service(service: Service, engagement: EngagementId) -> None:
    tell_all(service, engagement)

    found = service.business_case(engagement)
    result = result_of(service, engagement)

    assert one_off_cost(found.terms) == 1_330_000
    assert result.npv == pytest.approx(1_904_883, abs=1)
    assert result.payback_months == pytest.approx(16.7, abs=0.05)
    assert [round(p / 1e6, 2) for p in (result.p10, result.p50, result.p90, result.all_low)] == [
        0.91,
        1.76,
        2.78,
        -1.46,
    ]
    assert found.total == pytest.approx(2_794_000)
    assert result.growth_flag
    assert {b.told.line: b.standing for b in found.benefits} == dict.fromkeys(BENEFITS, "summed") | {"B7": "beside"}
    assert found.flow is not None
    assert [round(found.flow.likely[12 * year]) for year in range(4)] == [-1_330_000, -611_800, 944_600, 2_501_000]


def test_a_line_without_an_owner_is_shown_and_not_summed(service: Service, engagement: EngagementId) -> None:
    tell_all(service, engagement)
    service.describe_benefit(engagement, "B1b", {"owner": "  "})

    found = service.business_case(engagement)

    line = found.benefit("B1b")
    assert line is not None
    assert (line.standing, line.value) == ("unowned", pytest.approx(900_000))
    assert found.total == pytest.approx(1_894_000)
    assert result_of(service, engagement).growth_share == pytest.approx(0.08)


def test_a_result_says_what_it_waits_for(service: Service, engagement: EngagementId) -> None:
    empty = service.business_case(engagement)
    assert (empty.begun, empty.result, empty.flow) == (False, None, None)
    assert empty.lacks == ("benefit", "costs", "attribution")
    for name, likely in {"orders": 100, "error_rate_cut": 0.08, "error_cost": 15_000}.items():
        service.tell_input(engagement, name, {"likely": likely})
    assert service.business_case(engagement).lacks == ("owner", "costs", "attribution")
    service.describe_benefit(engagement, "B3", {"owner": "Leveranse"})
    service.set_payback_terms(engagement, {"running_cost": 0})
    assert service.business_case(engagement).lacks == ("attribution",)

    service.tell_input(engagement, "attribution", {"likely": 1})

    result = result_of(service, engagement)
    assert (result.lines["B3"], result.payback_months, len(result.outcomes)) == (120_000, 0, 1)


@pytest.mark.parametrize(("first", "second"), [("to_selling", "to_cost"), ("to_cost", "to_selling")])
def test_an_hour_is_used_once(service: Service, engagement: EngagementId, first: str, second: str) -> None:
    service.tell_input(engagement, first, {"low": 0.2, "likely": 0.3, "high": 0.6})
    service.tell_input(engagement, second, {"high": 0.4})

    with pytest.raises(Impossible) as refused:
        service.tell_input(engagement, second, {"likely": 0.41})

    assert refused.value.why == "hours"
    assert service.business_case(engagement).inputs[second].likely is None


def test_a_divisor_is_not_nothing(service: Service, engagement: EngagementId) -> None:
    with pytest.raises(Impossible) as refused:
        service.tell_input(engagement, "hours_per_quote", {"likely": 0})
    assert refused.value.why == "limits"


@pytest.mark.parametrize(
    ("name", "value", "problem", "not_assessed"),
    [
        ("error_cost", [3, 2, 1], "order", {"B3"}),
        ("error_cost", [1, 3, 2], "order", {"B3"}),
        ("hours_per_quote", [16, 20, 28], "order", {"B1b"}),
        ("turnover_after", [0.30, 0.20, 0.15], "turnover", {"B5", "B6"}),
    ],
)
def test_figures_against_each_other_are_kept_and_not_counted(
    service: Service,
    engagement: EngagementId,
    name: str,
    value: list[float],
    problem: str,
    not_assessed: set[str],
) -> None:
    tell_all(service, engagement, **{name: value})

    found = service.business_case(engagement)

    assert found.problems == {name: problem}
    assert {b.told.line for b in found.benefits if b.standing == "not_assessed"} == not_assessed
    assert found.inputs[name].low == value[0]


def test_an_unsure_range_spreads_the_outcomes(service: Service, engagement: EngagementId) -> None:
    tell_all(service, engagement)
    before = result_of(service, engagement)

    service.tell_input(engagement, "attribution", {"unsure": True})

    after = result_of(service, engagement)
    assert after.p90 - after.p10 > before.p90 - before.p10
    assert after.npv == before.npv


def test_a_figure_is_taken_over_with_its_source_and_given_back(service: Service, engagement: EngagementId) -> None:
    kpi = service.add_kpi(engagement, "K01", "nb")
    service.edit_kpi(engagement, kpi, {"quality": "A", "period": "quarter"})
    points = [(date(2026, 3, 31), 20, 100), (date(2026, 6, 30), 40, 100)]
    given = [KpiPoint(on=on, value=100 * won / of, numerator=won, denominator=of) for on, won, of in points]
    service.set_points(engagement, kpi, {point.on: point for point in given})
    service.tell_input(engagement, "win_rate", {"low": 0.1, "likely": 0.2})
    assert service.business_case(engagement).inputs["win_rate"].likely == 0.2  # nothing is taken silently

    before = service.take_over(engagement, "win_rate")

    told = service.business_case(engagement).inputs["win_rate"]
    assert (told.low, told.likely, told.source, told.quality) == (None, 0.3, "K01", "A")
    service.tell_input(engagement, "win_rate", {"high": 0.4})
    assert service.business_case(engagement).inputs["win_rate"].source == "K01"
    service.tell_input(engagement, "win_rate", {"likely": 0.35})
    assert service.business_case(engagement).inputs["win_rate"].source is None
    service.restore_input(engagement, before)
    assert service.business_case(engagement).inputs["win_rate"] == before
    with pytest.raises(ValueError):
        service.take_over(engagement, "margin_ratio")


def a_kpi(code: str, *points: tuple[float, float | None, float | None], **about: object) -> tuple[Kpi, Any]:
    kpi = Kpi.model_validate({"id": code, "code": code, "name": code, "better": "down"} | about)
    made = [
        KpiPoint(on=date(2026, n, 1), value=value, numerator=num, denominator=den)
        for n, (value, num, den) in enumerate(points, 1)
    ]
    return kpi, tuple(made)


def test_key_figures_come_before_the_stream_and_count_a_year() -> None:
    orders = a_kpi("K09", (8, 8, 100), (10, 12, 120), period="month", quality="B")
    costs = a_kpi("K10", (40_000, None, None), (60_000, None, None), period="month")
    stage = Stage.model_validate(
        {"id": "s", "code": "V5", "name": "B", "position": 1, "volume_month": 40, "conversion_share": 0.4}
    )
    decided = a_kpi("K01", *[(25, 10, 40)] * 12, period="month")

    alone = offers((), StreamMap(stages=(stage,)), ())
    found = offers((orders, costs, decided), StreamMap(stages=(stage,)), ())

    assert {name: offer.value for name, offer in alone.items()} == {"opportunities": 480, "win_rate": 0.4}
    assert {name: offer.value for name, offer in found.items()} == {
        "orders": 1320,
        "error_cost": 5_000,
        "opportunities": 480,
        "win_rate": 0.25,
    }
    assert (found["win_rate"].whole_year, found["orders"].whole_year, found["orders"].points) == (True, False, 2)


def test_hours_are_those_of_waste_within_the_mandate_and_outside_errors() -> None:
    rows = [
        WasteRow.model_validate(
            {"id": str(n), "code": code, "hours_month": 10, "in_mandate": within, "hourly_cost_nok": c}
        )
        for n, (code, within, c) in enumerate([("W4", True, 600), ("W7", True, 700), ("W5", False, None)])
    ]

    found = offers((), StreamMap(), rows)

    assert (found["freed_hours"].value, found["hourly_cost"].value) == (120, 650)


def test_the_currency_is_a_label_everywhere_and_converts_nothing(service: Service, engagement: EngagementId) -> None:
    tell_all(service, engagement)
    before = result_of(service, engagement)
    service.add_kpi(engagement, "K10", "nb")

    service.set_payback_terms(engagement, {"currency": "SEK"})

    assert result_of(service, engagement) == before
    assert service.waste(engagement).currency == "SEK"
    assert [kpi.currency for kpi in service.kpis(engagement)] == ["SEK"]


def test_the_example_agrees_with_what_it_was_taken_from_and_names_no_person(service: Service) -> None:
    found = service.business_case(service.open_demo())

    taken = {name: told for name, told in found.inputs.items() if told.source}
    assert len(taken) == 4
    assert all(told.likely == found.offers[name].value for name, told in taken.items())
    most = found.inputs["freed_hours"].high
    assert most is not None
    assert most <= found.offers["freed_hours"].value
    assert {b.standing for b in found.benefits} == {"summed", "unowned", "beside", "not_assessed"}
    assert not any(may_be_a_person(b.told.owner) for b in found.benefits if b.told.owner)
    assert found.result is not None
    assert (round(found.result.npv, -3), found.result.growth_flag) == (709_000, False)
    assert found.result.all_low < 0


# ---------------------------------------------------------------- laws of the flow and the distribution

EXAMPLE = {k: tuple(v) if isinstance(v, list) else (v, v, v) for k, v in WRITTEN["inputs"].items()}
AMOUNT = st.integers(0, 10_000_000).map(float)


@given(AMOUNT, AMOUNT, st.sampled_from([(0.5, 1.0, 1.0), (1.0,), (0.0, 1.0), (0.25, 1.0, 1.0, 1.0)]))
def test_the_flow_begins_with_the_outlay_and_crosses_zero_in_the_payback_month(
    once: float, running: float, ramp: tuple[float, ...]
) -> None:
    case = Case(EXAMPLE, one_off_cost=once, running_cost=running, ramp_in=ramp, draws=100)
    result = payback(case)

    flow = cash_flow(case, result)

    assert len(flow.likely) == 12 * len(ramp) + 1
    assert flow.likely[0] == flow.p10[0] == flow.p90[0] == -once
    assert all(low <= high + 1e-6 for low, high in zip(flow.p10, flow.p90, strict=True))
    back = result.payback_months
    if back is None:
        assert flow.likely[-1] < 1e-6
    elif back > 0:
        assert flow.likely[int(back)] <= 1e-3
        assert min(flow.likely[int(back) + 1 :], default=0.0) >= -1e-3


def test_a_histogram_holds_every_outcome_once() -> None:
    result = payback(Case(EXAMPLE, one_off_cost=1_330_000, running_cost=120_000))

    steps = histogram(result.outcomes, 40)

    assert sum(step.share for step in steps) == pytest.approx(1)
    assert (steps[0].low, steps[-1].high) == (result.outcomes.min(), result.outcomes.max())
    assert all(one.high == other.low for one, other in pairwise(steps))


def test_every_input_that_lessens_the_benefit_is_known_to() -> None:
    base = {name: triple[1] for name, triple in EXAMPLE.items()}

    def total(values: dict[str, float]) -> float:
        inputs = {name: (value, value, value) for name, value in values.items()}
        return payback(Case(inputs, one_off_cost=0, running_cost=0, draws=100)).npv

    for name in INPUTS:
        up = total(base | {name: base[name] * 1.01}) - total(base)
        assert (up < 0) == (name in LESS_IS_MORE), name


def test_costs_that_nobody_has_told_are_not_nothing() -> None:
    assert one_off_cost(PaybackTerms()) is None
    assert one_off_cost(PaybackTerms(own_hours=100)) is None
    assert one_off_cost(PaybackTerms(training_cost=0)) == 0
