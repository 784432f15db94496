"""The rules D01 to D12, at their limits and with their confidence."""

from typing import Any

import pytest

from assessment.strategy.diagnosis import Bottleneck, Diagnosis, Facts, diagnose
from assessment.strategy.situation import Flow, Situation


def rules(**facts: Any) -> dict[str, Diagnosis]:
    return {d.rule: d for d in diagnose(Facts(**facts))}


def scored(**levels: float) -> Situation:
    subscales = {key: levels.pop(key) for key in ("C5i", "C5e", "SYS") if key in levels}
    return Situation(criteria=levels, subscales=subscales)


def test_nothing_known_fires_nothing() -> None:
    assert diagnose(Facts()) == ()


@pytest.mark.parametrize(
    ("rule", "fires", "silent"),
    [
        ("D01", {"situation": Situation(readiness={"P2": 2.9})}, {"situation": Situation(readiness={"P2": 3.0})}),
        ("D01", {"dk_shares": {"C3": 0.30}}, {"dk_shares": {"C3": 0.29}}),
        ("D02", {"situation": scored(C3=2.5)}, {"situation": scored(C3=2.6)}),
        ("D02", {"class_agreement": 0.69}, {"class_agreement": 0.70}),
        ("D03", {"situation": scored(C4=2.5)}, {"situation": scored(C4=2.6)}),
        ("D03", {"core_time_share": 0.3, "core_time_target": 0.4}, {"core_time_share": 0.3}),
        ("D04", {"situation": scored(C5i=2.5)}, {"situation": scored(C5i=2.6)}),
        (
            "D04",
            {"situation": Situation(flow=Flow(ca_internal=0.8))},
            {"situation": Situation(flow=Flow(ca_internal=0.81))},
        ),
        ("D05", {"situation": scored(C5e=2.5)}, {"situation": scored(C5e=2.6)}),
        (
            "D05",
            {"situation": Situation(flow=Flow(ca_external=0.8))},
            {"situation": Situation(flow=Flow(ca_external=0.81))},
        ),
        ("D06", {"situation": scored(C6=2.5)}, {"situation": scored(C6=2.6), "management_support": {"C6m": 1.0}}),
        ("D07", {"situation": scored(C7=2.5)}, {"situation": scored(C7=2.6)}),
        (
            "D07",
            {"situation": Situation(flow=Flow(waste_share=0.2))},
            {"situation": Situation(flow=Flow(waste_share=0.19))},
        ),
        ("D07", {"situation": Situation(flow=Flow(rty=0.85, stages=1))}, {"situation": Situation(flow=Flow(rty=0.85))}),
        ("D08", {"situation": Situation(flow=Flow(rho_max=0.9))}, {"situation": Situation(flow=Flow(rho_max=0.89))}),
        ("D09", {"situation": scored(C2=2.5)}, {"situation": scored(C2=2.6)}),
        ("D09", {"has_customer_rating": False}, {"has_customer_rating": True}),
        ("D10", {"situation": scored(C1=2.5), "training_planned": True}, {"situation": scored(C1=2.5)}),
        (
            "D10",
            {"situation": scored(C1=2.5), "training_planned": True},
            {"situation": scored(C1=2.6), "training_planned": True},
        ),
        (
            "D11",
            {"gaps": {"C1": {"sellers": 0.75}, "C2": {"sellers": -0.8}}},
            {"gaps": {"C1": {"sellers": 2.0, "surroundings": 2.0}}},
        ),
        ("D11", {"split_items": ["C3.1"]}, {"split_items": []}),
        ("D12", {"forecast_error": 0.21}, {"forecast_error": 0.20}),
        ("D12", {"chart_signals": {"K06": ["R1"]}}, {"chart_signals": {"K06": []}}),
    ],
)
def test_rule_at_its_limit(rule: str, fires: dict[str, Any], silent: dict[str, Any]) -> None:
    assert rule in rules(**fires)
    assert rule not in rules(**silent)


def test_confidence_is_high_only_when_both_sources_bear_it_out() -> None:
    both = Situation(criteria={"C7": 2.0}, flow=Flow(waste_share=0.3))
    assert rules(situation=both)["D07"].confidence == "high"
    assert rules(situation=both, provisional=["waste_share"])["D07"].confidence == "medium"
    assert rules(situation=both, provisional=["waste_share", "C7"])["D07"].confidence == "low"
    apart = rules(situation=Situation(criteria={"C7": 2.0}, flow=Flow(waste_share=0.1)))["D07"]
    assert apart.confidence == "medium"
    assert [e.id for e in apart.against] == ["waste_share"]


def test_management_and_support_say_which() -> None:
    got = rules(situation=scored(C6=2.3), management_support={"C6m": 2.8, "C6s": 1.8})["D06"]
    assert [e.id for e in got.evidence] == ["C6", "C6s"]
    assert [e.id for e in got.against] == ["C6m"]


def test_bottleneck_names_the_pool_with_and_without_rework() -> None:
    got = rules(bottleneck=Bottleneck("presales", 1.02, 0.95))["D08"]
    assert [(e.id, e.value, e.about) for e in got.evidence] == [
        ("rho_max", 1.02, "presales"),
        ("rho_without_rework", 0.95, "presales"),
    ]
    assert [e.id for e in rules(bottleneck=Bottleneck("sellers", 0.92, 0.84))["D08"].against] == ["rho_without_rework"]


def test_training_on_sand_needs_both() -> None:
    got = rules(situation=scored(C1=2.0), training_planned=True)["D10"]
    assert [e.id for e in got.evidence] == ["Q02", "C1"]
