"""The strategy model against the figures the method prints."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assessment.strategy.contributions import item_shares
from assessment.strategy.counterfactuals import Counterfactual
from assessment.strategy.gates import gate
from assessment.strategy.mandate import exclusions, reaches_departments
from assessment.strategy.model import STRATEGIES
from assessment.strategy.recommend import Recommendation, recommend
from assessment.strategy.signals import signals
from assessment.strategy.situation import Flow, Mandate, Situation, parse
from assessment.strategy.stability import band
from assessment.strategy.training import verdict

ARCHETYPES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "fixtures" / "archetypes.json").read_text(encoding="utf-8")
)


def situation(name: str) -> Situation:
    return parse(ARCHETYPES[name]["situation"])


@pytest.fixture(scope="module")
def recommended() -> dict[str, Recommendation]:
    return {name: recommend(situation(name)) for name in ARCHETYPES}


def found(recommendation: Recommendation) -> list[tuple[str, list[tuple[str, Any, Any]], str | None]]:
    def plain(c: Counterfactual) -> tuple[str, list[tuple[str, Any, Any]], str | None]:
        return c.kind, [(change.input, change.before, change.after) for change in c.changes], c.recommended

    return [plain(c) for c in recommendation.counterfactuals]


@pytest.mark.parametrize("name", ARCHETYPES)
def test_archetype_gives_the_printed_fits_and_choice(name: str, recommended: dict[str, Recommendation]) -> None:
    expected, got = ARCHETYPES[name]["expected"], recommended[name]
    assert {s.id: s.fit for s in got.strategies} == pytest.approx(expected["fits"], abs=0.06)
    assert got.recommended == expected["recommended"]
    assert (got.gate and got.gate.colour) == expected["gate"]
    assert list(got.supporting) == expected["supporting"]
    assert got.mandate_conflict == expected["mandate_conflict"]
    assert [s.id for s in got.strategies if s.excluded] == expected["excluded"]


@pytest.mark.parametrize("name", "ABCDEFGH")
def test_stability_is_the_printed_one(name: str, recommended: dict[str, Recommendation]) -> None:
    printed, tolerance = (0.82, 0.05) if name == "H" else (1.0, 0.04)
    assert recommended[name].stability == pytest.approx(printed, abs=tolerance)
    assert recommended[name].stability_band == ("fairly_robust" if name == "H" else "robust")


def test_near_tie_names_the_other_and_takes_the_smaller(recommended: dict[str, Recommendation]) -> None:
    assert recommended["H"].near_ties == ("S3",)
    assert recommended["C"].near_ties == ()


def test_red_gate_offers_the_best_strategy_that_is_not_red(recommended: dict[str, Recommendation]) -> None:
    got = recommended["B_variant"]
    assert got.gate is not None
    assert got.gate.short == pytest.approx({"P3": 1.2})
    assert got.first_step == "S5"
    assert got.strategy("S5").gate.colour == "amber"
    assert got.strategy("S5").gate.short == pytest.approx({"P3": 0.2})
    assert recommended["B"].first_step is None


def test_conflict_carries_its_margin(recommended: dict[str, Recommendation]) -> None:
    assert recommended["C_variant"].conflict_margin == pytest.approx(26.4, abs=0.1)


def test_questionnaire_alone_ranks_all_but_single_processes(recommended: dict[str, Recommendation]) -> None:
    got = recommended["D0"]
    assert {s.id: s.evidence for s in got.strategies} == pytest.approx(
        {"S1": 0.25, "S2": 0.85, "S3": 0.60, "S4": 0.55, "S5": 0.40, "S6": 0.85}
    )
    assert [s.id for s in got.strategies if not s.assessable] == ["S1"]
    assert [s.id for s in got.strategies if s.provisional] == ["S3", "S4", "S5"]


def test_unrankable_fit_does_not_stop_hold_and_measure() -> None:
    got = recommend(replace(situation("G"), flow=Flow()))
    assert got.strategy("S1").fit == pytest.approx(66.4)
    assert got.recommended == "S0"
    assert (got.gate, got.near_ties, got.supporting, got.first_step) == (None, (), (), None)


def test_signals_of_the_worked_value_stream() -> None:
    flow = Flow(
        rho_max=1.018,
        flow_efficiency=0.10,
        internal_wait_share=45 / 139,
        ca_internal=0.85,
        ca_external=0.775,
        rty=0.2198,
        stages=8,
    )
    got = signals(Situation(flow=flow))
    assert {name: got[name] for name in ("fneed", "waitint", "waitext", "bn", "dInt", "dExt", "defect")} == (
        pytest.approx(
            {"fneed": 0.6, "waitint": 0.194, "waitext": 0.406, "bn": 1, "dInt": 0.375, "dExt": 0.5625, "defect": 0.575},
            abs=5e-4,
        )
    )
    assert got["conc"] is got["n1"] is got["nbar"] is None


def test_hand_check_of_archetype_a(recommended: dict[str, Recommendation]) -> None:
    parts = {c.signal: c.points for c in recommended["A"].strategy("S1").contributions}
    assert parts == pytest.approx({"bn": 30.0, "conc": 23.625, "few": 12.857, "pk": 5.333}, abs=1e-3)


def test_contributions_and_item_shares_of_archetype_c(recommended: dict[str, Recommendation]) -> None:
    parts = {c.signal: c for c in recommended["C"].strategy("S4").contributions}
    points = {signal: part.points for signal, part in parts.items()}
    assert points == pytest.approx({"n5e": 34.667, "dExt": 17.5, "waitext": 13.6, "n2": 10.0}, abs=1e-3)
    shares = item_shares(parts["n5e"], {"sellers": {"C5.4": 1.4, "C5.5": 1.4, "C5.1": 3.2}}, ("C5.4", "C5.5"))
    assert shares == pytest.approx({("sellers", "C5.4"): 17.333, ("sellers", "C5.5"): 17.333}, abs=1e-3)


def test_concentration_needs_four_processes_and_pain() -> None:
    assert signals(Situation(flow=Flow(processes=3, top2_pain_share=0.9)))["conc"] is None
    assert signals(Situation(flow=Flow(processes=10)))["spread"] is None
    assert signals(Situation(flow=Flow(processes=10, top2_pain_share=0.62)))["conc"] == pytest.approx(0.525)


def test_patterns_need_five_of_seven_criteria() -> None:
    four = {"C1": 2.0, "C2": 2.0, "C3": 4.0, "C4": 4.0}
    assert signals(Situation(criteria=four))["beta"] is None
    got = signals(Situation(criteria={**four, "C5": 2.5}))
    assert got["beta"] == pytest.approx(0.6)
    assert got["nbar"] == pytest.approx((2 / 3 + 2 / 3 + 0.5) / 5)
    assert got["pk"] == pytest.approx((2 / 3 - 0.5) / 0.5)


def test_counterfactuals_of_archetype_c(recommended: dict[str, Recommendation]) -> None:
    nearest, *_, mandate = found(recommended["C"])
    assert nearest == ("single", [("C5e", 1.4, 3.1)], "S5")
    taken_away = [("departments", ("delivery", "finance"), ()), ("scope", "sales_plus", "all_sales")]
    assert mandate == ("mandate", taken_away, "S5")
    assert recommended["C"].counterfactuals[-1].mandate_conflict == "S4"


def test_counterfactual_of_archetype_a_is_a_pair(recommended: dict[str, Recommendation]) -> None:
    assert found(recommended["A"]) == [("pair", [("top2_pain_share", 0.62, 0.36), ("rho_max", 1.0, 0.78)], "S5")]


def test_a_change_knows_whether_it_is_for_the_better(recommended: dict[str, Recommendation]) -> None:
    directions = {n: [c.direction for c in recommended[n].counterfactuals[0].changes] for n in "ACH"}
    assert directions == {"A": [None, "better"], "C": ["better"], "H": ["better"]}
    assert recommended["H"].counterfactuals[1].changes[0].direction == "worse"


def test_counterfactuals_of_archetype_h(recommended: dict[str, Recommendation]) -> None:
    got = found(recommended["H"])
    assert got[:2] == [("single", [("C7", 1.9, 2.2)], "S3"), ("single", [("C5i", 1.7, 1.4)], "S3")]
    assert len(got) == 3


def test_c5_follows_a_subscale_only_when_it_was_composed_of_them() -> None:
    composed, apart = situation("C"), situation("C")
    apart = replace(apart, criteria={**apart.criteria, "C5": 3.9})
    assert found(recommend(composed))[0] == ("single", [("C5e", 1.4, 3.1)], "S5")
    assert next(c for c in found(recommend(apart)) if c[1][0][0] == "C5e")[2] == "S5"


def test_mandate_reasons() -> None:
    nothing = Mandate("named", 0, (), 5, False, "SL")
    assert exclusions(nothing) == {
        "S1": ("no_process_in_scope",),
        "S2": ("scope_is_named_processes", "horizon_too_short"),
        "S3": ("fewer_than_two_processes",),
        "S4": ("no_department_in_scope",),
        "S5": (),
        "S6": ("may_not_challenge", "owner_not_top_management"),
    }
    everything = Mandate("company", 2, (), 6, True, "TM")
    assert not any(exclusions(everything).values())
    assert not reaches_departments(nothing)
    assert reaches_departments(everything)


def test_without_a_mandate_nothing_is_excluded_and_it_says_so() -> None:
    got = recommend(replace(situation("C_variant"), mandate=None))
    assert got.recommended == "S4"
    assert not got.mandate_known
    assert not any(s.excluded for s in got.strategies)


def test_no_evidence_means_map_first() -> None:
    got = recommend(Situation())
    assert got.recommended is None
    assert got.counterfactuals == ()
    assert got.stability == 1.0
    assert all(s.fit is None and not s.assessable and not s.contributions for s in got.strategies)


def test_gate_colours_at_their_limits() -> None:
    levels: dict[str, float | None] = dict.fromkeys(("P1", "P2", "P3", "P4", "P5", "P6", "P7"), 3.0)
    assert gate("S2", levels).colour == "green"
    assert gate("S2", {**levels, "P1": 2.1}).colour == "amber"
    assert gate("S2", {**levels, "P1": 2.0}).colour == "red"
    assert gate("S2", {**levels, "P1": None}).unknown == ("P1",)
    assert gate("S2", {}).colour is None


@pytest.mark.parametrize(
    ("foundation", "expected"),
    [(None, "unknown"), (2.5, "fix_first"), (2.51, "parallel"), (3.5, "parallel"), (3.51, "train")],
)
def test_when_to_train(foundation: float | None, expected: str) -> None:
    assert verdict(foundation) == expected


def test_stability_words() -> None:
    assert [band(s) for s in (0.9, 0.899, 0.7, 0.699)] == [
        "robust",
        "fairly_robust",
        "fairly_robust",
        "choose_in_workshop",
    ]


def test_own_weights_are_shares_and_wrong_ones_are_refused() -> None:
    got = recommend(situation("D"), weights={"S5": {"n7": 2.0, "waste": 2.0}})
    assert got.weights["S5"] == pytest.approx({"n7": 0.5, "waste": 0.5})
    assert got.strategy("S5").evidence == pytest.approx(1.0)
    for wrong in ({"S9": {"n1": 1.0}}, {"S5": {"n9": 1.0}}, {"S5": {"n7": -1.0}}, {"S5": {}}):
        with pytest.raises(ValueError, match=r"weights must be|unknown"):
            recommend(situation("D"), weights=wrong)


def test_a_recommendation_takes_under_300_milliseconds(recommended: dict[str, Recommendation]) -> None:
    begun = time.process_time()
    recommend(situation("A"))  # the slowest: it needs the pair grid
    assert time.process_time() - begun < 0.3
    assert len(recommended["A"].strategies) == len(STRATEGIES)
