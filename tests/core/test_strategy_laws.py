"""Laws of the strategy model that hold for any situation."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.strategy.contributions import Contribution, contributions, item_shares
from assessment.strategy.counterfactuals import counterfactuals
from assessment.strategy.fit import OUTCOMES, fit_matrix, outcomes, rank
from assessment.strategy.mandate import allowed_row
from assessment.strategy.model import CRITERIA, NEEDS, PRECONDITIONS, SIGNALS, STRATEGIES, SUBSCALES, weight_matrix
from assessment.strategy.recommend import recommend
from assessment.strategy.signals import c5_follows, signal_matrix, signals
from assessment.strategy.situation import Flow, Mandate, Situation

LEVEL = st.integers(100, 500).map(lambda n: n / 100)
SHARE = st.integers(0, 100).map(lambda n: n / 100)
WEIGHTS = weight_matrix()

flows = st.builds(
    Flow,
    processes=st.none() | st.integers(0, 40),
    top2_pain_share=st.none() | SHARE,
    rho_max=st.none() | st.floats(0, 3),
    flow_efficiency=st.none() | SHARE,
    internal_wait_share=st.none() | SHARE,
    ca_internal=st.none() | SHARE,
    ca_external=st.none() | SHARE,
    rty=st.none() | SHARE,
    stages=st.none() | st.integers(0, 20),
    waste_share=st.none() | SHARE,
    disputed_share=st.none() | SHARE,
)
mandates = st.builds(
    Mandate,
    scope=st.sampled_from(["named", "all_sales", "sales_plus", "company"]),
    processes_in_scope=st.integers(0, 12),
    departments=st.sampled_from([(), ("delivery",)]),
    horizon_months=st.integers(0, 24),
    may_challenge=st.booleans(),
    owner=st.sampled_from(["SL", "TM"]),
)


def levels(keys: tuple[str, ...], value: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict.fromkeys(keys, value))


situations = st.builds(
    Situation,
    criteria=levels(CRITERIA, st.none() | LEVEL),
    subscales=levels(SUBSCALES, st.none() | LEVEL),
    flow=flows,
    mandate=st.none() | mandates,
    readiness=levels(PRECONDITIONS, st.none() | LEVEL),
)


@settings(max_examples=60, deadline=None)
@given(situations)
def test_fits_stay_between_0_and_100_and_contributions_add_up(situation: Situation) -> None:
    named = signals(situation)
    fits = fit_matrix(signal_matrix(situation.row()), WEIGHTS)[0]
    for strategy, fit in zip(STRATEGIES, fits, strict=True):
        parts = contributions(strategy, named, WEIGHTS)
        assert np.isnan(fit) == (not parts)
        if parts:
            assert 0 <= fit <= 100
            assert sum(c.points for c in parts) == pytest.approx(fit, abs=1e-9)
            assert sum(c.most for c in parts) == pytest.approx(100)


@settings(max_examples=60, deadline=None)
@given(situations)
def test_signals_stay_between_0_and_1(situation: Situation) -> None:
    assert all(value is None or 0 <= value <= 1 for value in signals(situation).values())


@settings(max_examples=60, deadline=None)
@given(situations, st.sampled_from(CRITERIA), st.floats(0, 4))
def test_raising_a_criterion_never_raises_a_need(situation: Situation, criterion: str, by: float) -> None:
    level = situation.criteria[criterion]
    if level is None:
        return
    raised = replace(situation, criteria={**situation.criteria, criterion: min(5.0, level + by)})
    before, after = signals(situation), signals(raised)
    for name in (*NEEDS, "nbar", "beta"):
        assert before[name] is None or after[name] <= before[name] + 1e-12


@settings(max_examples=30, deadline=None)
@given(situations, mandates, levels(PRECONDITIONS, LEVEL))
def test_mandate_and_readiness_never_change_a_fit(
    situation: Situation, mandate: Mandate, readiness: dict[str, float]
) -> None:
    one = recommend(situation, draws=1)
    other = recommend(replace(situation, mandate=mandate, readiness=readiness), draws=1)
    assert [(s.fit, s.evidence, s.contributions) for s in one.strategies] == [
        (s.fit, s.evidence, s.contributions) for s in other.strategies
    ]


@settings(max_examples=60, deadline=None)
@given(situations)
def test_what_is_recommended_is_allowed_ranked_and_within_the_tie(situation: Situation) -> None:
    got = recommend(situation, draws=1)
    candidates = {s.id: s.fit or 0.0 for s in got.strategies if s.assessable and not s.excluded}
    named = [got.recommended] if got.recommended in STRATEGIES else []
    assert set(named) | set(got.near_ties) | set(got.supporting) <= set(candidates)
    if named:
        assert candidates[named[0]] >= max(candidates.values()) - 5 - 1e-9
        assert got.gate is not None
        assert (got.first_step is None) or got.gate.colour == "red"
    else:
        assert (got.gate, got.first_step, got.near_ties, got.supporting) == (None, None, (), ())
    assert (got.recommended is None) == (not candidates)


@settings(max_examples=40, deadline=None)
@given(situations)
def test_a_batch_and_a_single_situation_agree(situation: Situation) -> None:
    row, allowed = situation.row(), allowed_row(situation.mandate)
    batch = outcomes(np.repeat(row, 7, axis=0), allowed, WEIGHTS)
    assert {OUTCOMES[i] for i in batch.tolist()} == {rank(signal_matrix(row), allowed, WEIGHTS).recommended}


@settings(max_examples=25, deadline=None)
@given(situations)
def test_every_counterfactual_does_flip_when_it_is_made(situation: Situation) -> None:
    now = recommend(situation, draws=1).recommended
    follows = c5_follows(situation.row())
    for found in counterfactuals(situation, WEIGHTS):
        changed = situation
        for change in found.changes:
            assert change.before != change.after
            changed = _changed(changed, change.input, change.after, follows)
        got = recommend(changed, draws=1)
        assert got.recommended == found.recommended != now
        assert got.mandate_conflict == found.mandate_conflict


def _changed(situation: Situation, key: str, value: Any, follows: bool) -> Situation:
    if key in SUBSCALES:
        subscales = {**situation.subscales, key: value}
        criteria = dict(situation.criteria)
        if follows and key != "SYS":
            criteria["C5"] = (3 * subscales["C5i"] + 2 * subscales["C5e"]) / 5
        return replace(situation, subscales=subscales, criteria=criteria)
    if key in CRITERIA:
        return replace(situation, criteria={**situation.criteria, key: value})
    if hasattr(situation.flow, key):
        return replace(situation, flow=replace(situation.flow, **{key: value}))
    assert situation.mandate is not None
    return replace(situation, mandate=replace(situation.mandate, **{key: value}))


item_means = st.dictionaries(
    st.sampled_from(["sellers", "surroundings", "leadership"]),
    st.dictionaries(st.sampled_from(["C7.1", "C7.2", "C7.3", "C1.1"]), LEVEL, min_size=1),
    min_size=1,
)


@settings(max_examples=100, deadline=None)
@given(item_means, st.floats(1, 100))
def test_item_shares_add_up_to_the_contribution(means: dict[str, dict[str, float]], most: float) -> None:
    items = ("C7.1", "C7.2", "C7.3")
    by_perspective = [[m for i, m in group.items() if i in items] for group in means.values()]
    scores = [sum(group) / len(group) for group in by_perspective if group]
    if not scores:
        assert item_shares(Contribution("n7", 0.5, most), means, items) == {}
        return
    value = signals(Situation(criteria={"C7": sum(scores) / len(scores)}))["n7"]
    assert value is not None
    part = Contribution("n7", value, most)
    assert sum(item_shares(part, means, items).values()) == pytest.approx(part.points, abs=1e-9)


def test_every_weight_belongs_to_a_signal_and_each_strategy_has_one_in_all() -> None:
    assert WEIGHTS.shape == (len(STRATEGIES), len(SIGNALS))
    assert WEIGHTS.sum(axis=1) == pytest.approx(1.0)
