"""Change between two measurements: the worked numbers of method §8.3, and laws that hold for every pair of surveys."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.packs import Pack, builtin
from assessment.scoring.anonymity import DisclosureError
from assessment.scoring.answers import AnswerTable, answer_table, shown_items
from assessment.scoring.change import Change, change, check_waves, detectable
from assessment.scoring.result import Result
from assessment.scoring.score import score

FULL, PULSE = builtin("full"), builtin("pulse")
C1 = ("C1.1", "C1.2", "C1.3", "C1.4")


def measured(*people: tuple[str, list[int]], pack: Pack = FULL, mode: str = "anonymous") -> Result:
    """The result of people given as (role, answers to the four questions of the first criterion)."""
    answers = [dict(zip(C1, given, strict=False)) for _, given in people]
    return score(answer_table(pack, [role for role, _ in people], answers, mode=mode), pack, mode=mode)


def sellers(*scores: float) -> list[tuple[str, list[int]]]:
    """Sellers with these mean answers to four questions, in quarters."""
    return [("S", [int(4 * s // 4) + (q < round(4 * (s % 1))) for q in range(4)]) for s in scores]


def c1(first: Result, last: Result) -> Change:
    return change(first, last).criterion("C1")


def test_eight_people_each_time_can_tell_two_thirds_of_a_level_from_chance() -> None:
    assert detectable(8, 8) == pytest.approx(0.64, abs=0.005)  # method §8.3


def test_the_larger_the_groups_the_smaller_a_change_can_be_told() -> None:
    assert detectable(50, 50) < detectable(20, 20) < detectable(8, 8) < detectable(3, 3)
    assert detectable(1, 1) is None
    assert detectable(1, 2) is None  # a band of 9 levels says nothing on a scale of five
    assert detectable(0, 8) is None


def test_a_change_with_its_welch_band_by_hand() -> None:
    # 2.0 2.0 2.25 2.5 2.5 2.75 (mean 7/3, s² .09167, s²/n .015278) to 3.0 3.0 3.25 3.5 3.5 3.75: one level up, df 10
    before, after = measured(*sellers(2, 2, 2.25, 2.5, 2.5, 2.75)), measured(*sellers(3, 3, 3.25, 3.5, 3.5, 3.75))

    found = c1(before, after)

    assert (found.first, found.last) == pytest.approx((7 / 3, 10 / 3))
    assert found.delta == pytest.approx(1.0)
    assert found.noise is not None
    assert found.noise.measured
    assert found.noise.half_width == pytest.approx(2.2281 * (2 * 0.0152778) ** 0.5, abs=1e-4)
    assert found.verdict == "clear"


def test_a_change_within_the_band_may_be_chance() -> None:
    found = c1(measured(*sellers(1, 2, 3, 4, 5)), measured(*sellers(2, 2, 3, 4, 5)))

    assert found.delta == pytest.approx(0.2)
    assert found.verdict == "within"


def test_perspectives_weigh_equally_and_their_noise_is_joined() -> None:
    leaders = [("SL", [2] * 4), ("SL", [3] * 4)]
    before = measured(*sellers(*[2.0] * 4, *[3.0] * 4), *leaders)
    after = measured(*sellers(*[3.0] * 4, *[4.0] * 4), *leaders)

    found = c1(before, after)

    assert found.delta == pytest.approx(0.5)  # sellers +1, leadership 0
    assert set(found.views) == {"sellers", "leadership"}
    # sellers s²/n = .2857/8 each time, measured; leadership .36/2 each time, assumed with df 2
    squares, dfs = (2 * 0.285714 / 8, 2 * 0.36 / 2), (14, 2)
    df = sum(squares) ** 2 / sum(s**2 / d for s, d in zip(squares, dfs, strict=True))
    assert found.noise is not None
    assert not found.noise.measured
    assert df == pytest.approx(2.85, abs=0.02)
    assert found.noise.half_width == pytest.approx(3.28 * sum(squares) ** 0.5 / 2, abs=0.01)
    assert found.views["sellers"].verdict == "clear"


def test_too_few_for_an_interval_get_the_words_of_the_method() -> None:
    leaders_before = [("SL", [2] * 4)] * 4
    leaders_after = [("SL", [4] * 4)] * 4

    found = c1(measured(*leaders_before), measured(*leaders_after))

    assert found.noise is not None
    assert not found.noise.measured
    assert found.verdict == "indicated"  # two levels, past the band and past half a level, but never "clear"


def test_one_person_before_and_after_is_described_and_no_more() -> None:
    found = c1(measured(("TM", [2] * 4), mode="solo"), measured(("TM", [5] * 4), mode="solo"))

    assert found.noise is None
    assert found.verdict == "descriptive"


def test_only_perspectives_that_are_in_both_are_compared_and_the_others_are_named() -> None:
    leaders = [("SL", [4] * 4)] * 2
    found = c1(measured(*sellers(*[2.0] * 8), *leaders), measured(*sellers(*[3.0] * 8)))

    assert found.delta == pytest.approx(1.0)
    assert (found.first, found.last) == pytest.approx((2.0, 3.0))  # not 3.0, the mean that leadership was part of
    assert (found.only_first, found.only_last) == (("leadership",), ())


def test_without_a_perspective_in_common_there_is_no_figure_but_a_reason() -> None:
    found = c1(measured(("SL", [4] * 4), ("SL", [4] * 4)), measured(*sellers(*[3.0] * 8)))

    assert (found.first, found.delta, found.verdict, found.missing) == (None, None, None, "no_common_view")
    assert change(measured(*sellers(*[3.0] * 8)), measured(*sellers(*[3.0] * 8))).criterion("C2").missing == (
        "not_assessed"
    )


def test_a_group_hidden_in_one_measurement_is_in_no_change() -> None:
    # four sellers are used nowhere, so nothing of the later eight is set against them
    leaders = [("SL", [3] * 4)] * 2
    found = c1(measured(*sellers(*[1.0] * 4), *leaders), measured(*sellers(*[4.0] * 8), *leaders))

    assert set(found.views) == {"leadership"}
    assert found.only_last == ("sellers",)


def test_the_teams_joint_answer_is_compared_without_a_band() -> None:
    found = c1(measured(("S", [2] * 4), mode="consensus"), measured(("S", [3] * 4), mode="consensus"))

    assert found.delta == pytest.approx(1.0)
    assert found.verdict == "descriptive"


def test_other_questions_are_not_compared() -> None:
    pulse = score(answer_table(PULSE, ["S"], [{"PU1": 3}], mode="solo"), PULSE, mode="solo")

    found = change(pulse, measured(("S", [3] * 4), mode="solo"))

    assert {c.missing for c in found.criteria} == {"other_questions"}
    assert found.reworded


def test_a_question_that_was_added_or_taken_out_is_flagged_and_the_change_only_described() -> None:
    before, after = measured(*sellers(*[2.0] * 8)), measured(*sellers(*[3.0] * 8))
    fewer = dataclasses.replace(before, items=tuple(i for i in before.items if i.id != "C1.4"), pack_hash="older")

    found = change(fewer, after)

    assert found.reworded
    assert (found.criterion("C1").added, found.criterion("C1").removed) == (("C1.4",), ())
    assert found.criterion("C1").verdict == "descriptive"
    assert change(after, fewer).criterion("C1").removed == ("C1.4",)


def test_the_frozen_questionnaire_decides_whether_words_have_changed() -> None:
    one = measured(*sellers(*[2.0] * 8))

    assert not change(one, one).reworded
    assert change(one, one, reworded=True).reworded


# ---------------------------------------------------------------- laws

_answers = st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=1, max_size=9)
_groups = st.fixed_dictionaries(dict.fromkeys(("S", "SL", "K"), _answers))
LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survey(groups: dict[str, list[list[int]]]) -> Result:
    return measured(*[(role, given) for role, people in groups.items() for given in people])


@LAW
@given(_groups, _groups)
def test_to_look_back_is_the_same_change_with_the_other_sign(one, other) -> None:
    forth, back = change(survey(one), survey(other)), change(survey(other), survey(one))

    for a, b in zip(forth.criteria, back.criteria, strict=True):
        assert a.verdict == b.verdict
        assert a.only_first == b.only_last
        if a.delta is not None:
            assert a.delta == pytest.approx(-b.delta)
            assert (a.noise is None) == (b.noise is None)
            assert a.noise is None or a.noise.half_width == pytest.approx(b.noise.half_width)


@LAW
@given(_groups)
def test_nothing_changed_is_no_change(one) -> None:
    for criterion in change(survey(one), survey(one)).criteria:
        assert criterion.delta in (None, 0.0)
        assert criterion.verdict in (None, "within", "descriptive")


@LAW
@given(_groups, _groups)
def test_only_groups_large_enough_twice_are_ever_called_clear(one, other) -> None:
    for criterion in change(survey(one), survey(other)).criteria:
        for view in criterion.views.values():
            if view.verdict == "clear":
                assert min(view.n_first, view.n_last) >= 5
        if criterion.verdict == "clear":
            assert all(view.noise is not None and view.noise.measured for view in criterion.views.values())


@LAW
@given(_groups, _groups)
def test_the_change_printed_is_the_mean_of_the_perspectives_changes(one, other) -> None:
    for criterion in change(survey(one), survey(other)).criteria:
        if criterion.views:
            deltas = [view.delta for view in criterion.views.values()]
            assert criterion.delta == pytest.approx(sum(deltas) / len(deltas))


# ---------------------------------------------------------------- subtraction across measurements


def rows(people: int, seed: int = 1) -> AnswerTable:
    roles = np.array(["S"] * people)
    shown = shown_items(FULL, roles, "anonymous")
    values = np.where(shown, np.random.default_rng(seed).integers(1, 6, shown.shape), 0).astype(np.int8)
    return AnswerTable(roles, None, values, shown)


def test_the_same_answers_with_one_person_more_are_refused() -> None:
    nine = rows(9)

    with pytest.raises(DisclosureError):
        check_waves(nine, nine.select(np.arange(8)), k=5)
    with pytest.raises(DisclosureError):
        check_waves(nine.select(np.arange(1, 9)), nine, k=5)


def test_the_same_answers_with_five_more_and_other_answers_pass() -> None:
    many = rows(14)

    check_waves(many, many.select(np.arange(9)), k=5)
    check_waves(rows(9, seed=1), rows(8, seed=2), k=5)
    check_waves(many, many, k=5)


def test_two_who_answered_alike_are_two_people() -> None:
    twins = rows(1).select(np.zeros(6, dtype=np.int64))

    with pytest.raises(DisclosureError):
        check_waves(twins, twins.select(np.arange(5)), k=5)
