"""What every store does with the choice of strategy and the brief for a training."""

from collections.abc import Callable
from datetime import date

import pytest

from assessment.engagement import EngagementId, StrategyDecision, TrainingBrief, WaveId
from assessment.store import AlreadyThere, Closed, NotFound, Store
from tests.store.situations import TUESDAY, someone_answering


def a_decision(wave: WaveId, **fields: object) -> StrategyDecision:
    known = {"number": 1, "wave_id": wave, "strategy": "S1", "recommended": "S1", "decided_by": "Styret"}
    return StrategyDecision.model_validate(known | {"decided_on": date(2026, 3, 3), "basis": "{}"} | fields)


WRITES: dict[str, Callable[[Store, EngagementId, WaveId], object]] = {
    "set_strategy_weights": lambda s, e, w: s.set_strategy_weights(e, {"S1": {"bn": 1.0}}),
    "add_strategy_decision": lambda s, e, w: s.add_strategy_decision(e, a_decision(w)),
    "remove_strategy_decision": lambda s, e, w: s.remove_strategy_decision(e, 1),
    "change_training_brief": lambda s, e, w: s.change_training_brief(e, {"steps": "a"}),
}


def test_weights_replace_those_before_and_none_are_the_models(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    assert store.strategy_weights(engagement) == {}

    store.set_strategy_weights(engagement, {"S1": {"bn": 0.5, "conc": 0.5}, "S5": {"n7": 1.0}})
    store.set_strategy_weights(engagement, {"S1": {"bn": 0.25, "conc": 0.75}})
    assert store.strategy_weights(engagement) == {"S1": {"bn": 0.25, "conc": 0.75}}

    store.set_strategy_weights(engagement, {})
    assert store.strategy_weights(engagement) == {}


def test_every_decision_stays_in_order(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    first = a_decision(wave)
    against = a_decision(wave, number=2, strategy="S6", outside=True, reason="Styret vil det")
    mapped = a_decision(wave, number=3, strategy="S0", recommended=None, reason="Vi måler først")

    for decision in (first, against, mapped):
        store.add_strategy_decision(engagement, decision)
    assert store.strategy_decisions(engagement) == [first, against, mapped]
    with pytest.raises(AlreadyThere):
        store.add_strategy_decision(engagement, a_decision(wave, number=2))

    store.remove_strategy_decision(engagement, 3)
    assert store.strategy_decisions(engagement) == [first, against]


def test_a_decision_rests_on_a_measurement_of_its_own_assessment(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    _, others, _ = someone_answering(store)

    with pytest.raises(NotFound):
        store.add_strategy_decision(engagement, a_decision(others))
    assert store.strategy_decisions(engagement) == []


@pytest.mark.parametrize("fields", [{"strategy": "S2"}, {"outside": True}, {"recommended": None}])
def test_who_goes_another_way_says_why(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="says why"):
        a_decision(WaveId("w"), **fields)


def test_a_brief_is_kept_field_by_field(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    assert store.training_brief(engagement) == TrainingBrief()

    store.change_training_brief(engagement, {"steps": "Møte én", "last_day": date(2026, 4, 9)})
    store.change_training_brief(engagement, {"steps": None, "obstacles": "CRM"})

    assert store.training_brief(engagement) == TrainingBrief(last_day=date(2026, 4, 9), obstacles="CRM")


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_each_write_counts_and_is_refused_where_there_is_nothing_to_write_to(
    store: Store, write: Callable[[Store, EngagementId, WaveId], object]
) -> None:
    engagement, wave, _ = someone_answering(store)
    before = store.engagement(engagement).revision

    write(store, engagement, wave)
    assert store.engagement(engagement).revision == before + 1

    with pytest.raises(NotFound):
        write(store, EngagementId("nowhere"), wave)
    store.delete_engagement(engagement, TUESDAY)
    with pytest.raises(Closed):
        write(store, engagement, wave)


def test_reading_of_no_engagement_is_refused(store: Store) -> None:
    for read in (store.strategy_weights, store.strategy_decisions, store.training_brief):
        with pytest.raises(NotFound):
            read(EngagementId("nowhere"))
