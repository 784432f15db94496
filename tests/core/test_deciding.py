"""The choice of strategy: weights that change the ranking when somebody says so, and decisions that say why."""

from datetime import date
from pathlib import Path

import pytest

from assessment.advice import Advice
from assessment.deciding import (
    fit_then,
    followed,
    moved_since,
    needs_reason,
    ranked,
    shares,
    tried,
)
from assessment.engagement import Answer, EngagementId, WaveId
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import NotFound
from assessment.strategy.model import WEIGHTS

DAY = date(2026, 3, 2)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "deciding.db"))


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    """A leader who finds the agreements with other departments weak, and the flow inside sales less so."""
    begun = service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")
    sheet = service.sheet(begun)
    assert sheet is not None
    weak = {"C5.4": 1, "C5.5": 1}
    service.answer(sheet.response_id, {i.id: Answer(value=weak.get(i.id, 3)) for i in sheet.items})  # type: ignore[arg-type,misc]
    return begun


def advised(service: Service, engagement: EngagementId) -> Advice:
    found = service.advice(engagement)
    assert found is not None
    return found


def wave_of(service: Service, engagement: EngagementId) -> WaveId:
    return service.results(engagement).wave.id


def decide(service: Service, engagement: EngagementId, strategy: str, reason: str | None = None) -> int:
    wave = wave_of(service, engagement)
    return service.decide_strategy(
        engagement,
        wave,
        strategy,  # type: ignore[arg-type]
        decided_by="Salgsdirektør",
        decided_on=DAY,
        reason=reason,
    )


# ---------------------------------------------------------------- weights


def test_weights_hold_everywhere_only_once_they_are_used(service: Service, engagement: EngagementId) -> None:
    ours = advised(service, engagement)
    assert (ours.recommendation.recommended, ours.own_weights) == ("S4", False)
    other = {"S4": {"n2": 1.0}}

    assert tried(ours, other).recommended != "S4"
    assert advised(service, engagement).recommendation == ours.recommendation

    service.use_weights(engagement, other)
    used = advised(service, engagement)
    assert used.own_weights
    assert used.recommendation == tried(ours, other)
    assert tried(used, {}) == ours.recommendation


def test_using_weights_gives_back_those_before_and_ours_are_kept_as_none(
    service: Service, engagement: EngagementId
) -> None:
    assert service.use_weights(engagement, {"S1": {"bn": 3, "conc": 1}}) == {}
    before = service.use_weights(engagement, WEIGHTS)

    assert before == {"S1": {"bn": 0.75, "conc": 0.25, "few": 0.0, "pk": 0.0}}
    assert not advised(service, engagement).own_weights
    service.use_weights(engagement, before)
    assert advised(service, engagement).recommendation.weights["S1"] == {"bn": 0.75, "conc": 0.25}


@pytest.mark.parametrize("weights", [{"S1": {"bn": 0.0, "conc": 0.0}}, {"S1": {"bn": -1.0}}, {"S9": {"bn": 1.0}}])
def test_weights_that_cannot_be_used_change_nothing(
    service: Service, engagement: EngagementId, weights: dict[str, dict[str, float]]
) -> None:
    with pytest.raises(ValueError, match=r"weights must be|unknown"):
        service.use_weights(engagement, weights)

    assert not advised(service, engagement).own_weights


def test_shares_add_up_to_one_and_keep_every_sign_of_ours() -> None:
    found = shares({"S5": {"n7": 2, "waste": 2}})

    assert found["S5"] == {"n7": 0.5, "waste": 0.5, "defect": 0.0, "fneed": 0.0}
    assert found["S1"] == pytest.approx(WEIGHTS["S1"])
    assert all(sum(row.values()) == pytest.approx(1) for row in found.values())


def test_places_follow_the_fit_and_what_cannot_be_assessed_has_none(service: Service, engagement: EngagementId) -> None:
    recommendation = advised(service, engagement).recommendation
    places = ranked(recommendation)

    assert "S1" not in places  # without process data
    order = sorted(places, key=lambda s: places[s])
    fits = [recommendation.strategy(s).fit or 0.0 for s in order]
    assert fits == sorted(fits, reverse=True)
    assert places[order[0]] == 1


# ---------------------------------------------------------------- decisions


def test_what_is_recommended_needs_no_reason_and_is_followed(service: Service, engagement: EngagementId) -> None:
    advice = advised(service, engagement)
    assert not needs_reason(advice.recommendation, "S4")
    assert followed(advice, ()) == "S4"

    decide(service, engagement, "S4", "  ")

    (made,) = service.strategy_decisions(engagement)
    assert (made.strategy, made.recommended, made.outside, made.reason) == ("S4", "S4", False, None)
    assert fit_then(made, "S4") == pytest.approx(advice.recommendation.strategy("S4").fit, abs=1e-5)
    assert fit_then(made, "S0") is None


def test_something_else_needs_a_reason_and_is_followed_from_then_on(service: Service, engagement: EngagementId) -> None:
    with pytest.raises(ValueError, match="says why"):
        decide(service, engagement, "S0")
    assert service.strategy_decisions(engagement) == ()

    decide(service, engagement, "S4")
    decide(service, engagement, "S0", "Vi venter til etter sommeren")

    newest, oldest = service.strategy_decisions(engagement)
    assert (newest.strategy, newest.number, oldest.strategy) == ("S0", 2, "S4")
    assert followed(advised(service, engagement), (newest, oldest)) == "S0"

    service.undo_strategy_decision(engagement, 2)
    assert service.strategy_decisions(engagement) == (oldest,)


def test_outside_the_mandate_needs_a_reason_and_is_remembered_as_such(
    service: Service, engagement: EngagementId
) -> None:
    service.save_mandate(engagement, {"scope": "all_sales", "owner": "SL"})
    advice = advised(service, engagement)
    assert needs_reason(advice.recommendation, "S4")

    decide(service, engagement, "S4", "Oppdragsgiver utvider")

    assert service.strategy_decisions(engagement)[0].outside


def test_a_recommendation_that_has_moved_since_is_known(service: Service, engagement: EngagementId) -> None:
    decide(service, engagement, "S4")
    (made,) = service.strategy_decisions(engagement)
    assert not moved_since(made, advised(service, engagement))

    service.save_mandate(engagement, {"scope": "all_sales", "owner": "SL"})

    assert moved_since(made, advised(service, engagement))


def test_the_same_basis_is_the_same_text_and_own_weights_are_in_it(service: Service, engagement: EngagementId) -> None:
    decide(service, engagement, "S4")
    decide(service, engagement, "S4")
    service.use_weights(engagement, {"S4": {"n5e": 1.0}})
    decide(service, engagement, "S4")

    weighed, again, first = service.strategy_decisions(engagement)
    assert first.basis == again.basis != weighed.basis
    assert '"own_weights": {"S4": {"n5e": 1.0}}' in weighed.basis


def test_nothing_is_decided_before_there_is_advice_or_on_anothers_wave(
    service: Service, engagement: EngagementId
) -> None:
    empty = service.begin(Beginning(organisation="Annet", role="SL", training_planned="no"), "nb")
    with pytest.raises(ValueError, match="nothing to choose"):
        decide(service, empty, "S0", "a")
    with pytest.raises(NotFound):
        service.decide_strategy(engagement, wave_of(service, empty), "S4", decided_by="a", decided_on=DAY)


def test_the_example_chose_against_the_recommendation_of_its_first_measurement(service: Service) -> None:
    demo = service.open_demo()
    (made,) = service.strategy_decisions(demo)
    early = service.advice(demo, made.wave_id)
    assert early is not None

    assert made.recommended == early.recommendation.recommended != made.strategy
    for strategy in early.recommendation.strategies:
        assert fit_then(made, strategy.id) == pytest.approx(strategy.fit, abs=0.06)
