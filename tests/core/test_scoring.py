"""Scores: the worked numbers of method §3.1 to §3.7, and laws that hold for every survey."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from assessment.packs import ROLES, builtin
from assessment.scoring.anonymity import publication
from assessment.scoring.answers import DK, MISSING, NA, AnswerTable, answer_table, shown_items
from assessment.scoring.levels import index, level, overall
from assessment.scoring.result import document
from assessment.scoring.score import score

FULL = builtin("full")
ITEM = {item.id: column for column, item in enumerate(FULL.items)}
C5 = ("C5.1", "C5.2", "C5.3", "C5.4", "C5.5")


def scored(mode, *people, **options):
    """The result of people given as (role, {item: answer})."""
    table = answer_table(FULL, [role for role, _ in people], [answers for _, answers in people], mode=mode)
    return score(table, FULL, mode=mode, **options)


def spread(total: int, people: int) -> list[dict[str, int]]:
    """C5 answers of some people that sum to a total."""
    low, more = divmod(total, people * 5)
    flat = [low + 1] * more + [low] * (people * 5 - more)
    return [dict(zip(C5, flat[p * 5 : p * 5 + 5], strict=True)) for p in range(people)]


def test_a_group_score_takes_item_means_first():
    support = {**dict.fromkeys(C5[:3], 3), **dict.fromkeys(C5[3:], 2)}
    other = dict.fromkeys(C5[3:], 1)
    result = scored("solo", *[("OP", support)] * 3, *[("OD", other)] * 2)
    assert result.criterion("C5").score == pytest.approx(2.44)


def test_perspectives_weigh_equally_and_the_pooled_mean_is_a_detail():
    people = [("S", a) for a in spread(84, 8)] + [("OP", a) for a in spread(108, 9)]
    people += [("SL", a) for a in spread(34, 2)] + [("TM", a) for a in spread(15, 1)]
    c5 = scored("solo", *people).criterion("C5")
    assert [c5.perspectives[name].score for name in c5.seen_from] == pytest.approx([49 / 15, 2.10, 2.40])
    assert c5.score == pytest.approx(2.59, abs=0.005)
    assert c5.pooled == pytest.approx(2.41, abs=0.005)
    assert c5.score_range == pytest.approx((2.10, 49 / 15))


def test_overall_index_level_and_priorities_of_the_example():
    scores, weights = (2.25, 2.80, 1.75, 2.60, 2.10, 2.90, 2.40), (1, 2, 1, 2, 3, 1, 1)
    found = overall([c.id for c in FULL.criteria], scores, weights)
    assert found.score == pytest.approx(2.40)
    assert found.index == pytest.approx(35.0)
    assert (found.level, found.capped_by) == (2, None)


def test_the_weakest_criterion_caps_the_overall_level_unless_it_is_not_relevant():
    found = overall(["A", "B", "C"], (4.0, 4.0, 1.2), (3, 3, 1))
    assert (found.level, found.uncapped_level, found.capped_by) == (2, 4, "C")
    found = overall(["A", "B", "C"], (4.0, 4.0, 1.2), (3, 3, 0))
    assert (found.level, found.capped_by) == (4, None)


def test_overall_needs_seventy_percent_of_the_weight():
    ids = [f"C{n}" for n in range(1, 11)]
    assert overall(ids, [3.0] * 7 + [None] * 3, [1] * 10).score == 3
    found = overall(ids, [3.0] * 6 + [None] * 4, [1] * 10)
    assert (found.score, found.level, found.reason) == (None, None, "too_little_weight")
    assert overall(ids, [None] * 10, [1] * 10).reason == "no_scores"
    with pytest.raises(ValueError, match="weight"):
        overall(ids, [3.0] * 10, [0] * 10)


@pytest.mark.parametrize(
    ("value", "expected"), [(1.0, 1), (1.499, 1), (1.5, 2), (2.4996, 2), (2.5, 3), (3.5, 4), (4.4999, 4), (4.5, 5)]
)
def test_a_score_on_a_cut_belongs_to_the_level_above(value, expected):
    assert level(value) == expected


def test_the_last_bits_of_a_sum_do_not_decide_a_level():
    just_under = (1.4 + 2.8 + 3.3) / 3  # 2.5 in exact arithmetic
    assert just_under < 2.5
    assert level(just_under) == 3


def test_the_index_runs_from_nought_to_a_hundred():
    assert (index(1), index(3), index(5)) == (0, 50, 100)


def test_the_interval_of_six_sellers():
    answers = [dict(zip(C5, row, strict=True)) for row in SIX]
    sellers = scored("solo", *[("S", a) for a in answers]).criterion("C5").perspectives["sellers"]
    assert sellers.score == pytest.approx(2.667, abs=5e-4)
    assert sellers.ci95 == pytest.approx((2.21, 3.12), abs=0.005)


SIX = [(2, 2, 2, 2, 2), (2, 2, 2, 3, 3), (2, 2, 3, 3, 3), (2, 3, 3, 3, 3), (3, 3, 3, 3, 3), (3, 3, 3, 3, 4)]


def test_four_sellers_have_no_interval_and_in_anonymous_mode_k_decides():
    people = [("S", dict(zip(C5, row, strict=True))) for row in SIX]
    assert scored("solo", *people[:4]).criterion("C5").perspectives["sellers"].ci95 is None
    assert scored("anonymous", *people).criterion("C5").perspectives["sellers"].ci95 is not None
    assert scored("anonymous", *people, ("S", {}), k=7).criterion("C5").perspectives["sellers"].hidden


def test_leaders_and_sellers_see_the_example_differently():
    leaders = [("SL", a) for n in (15, 16, 17, 18, 19) for a in spread(n, 1)]
    sellers = [("S", a) for n in (8, 9, 10, 10, 11, 12, 12, 12) for a in spread(n, 1)]
    c5 = scored("solo", *leaders, *sellers).criterion("C5")
    gap = c5.perception_gap["sellers"]
    assert gap.delta == pytest.approx(1.30)
    assert gap.band == "large"
    assert (gap.welch.low, gap.welch.high) == pytest.approx((0.89, 1.71), abs=0.005)
    assert scored("solo", *leaders[:4], *sellers).criterion("C5").perception_gap["sellers"].welch is None


@pytest.mark.parametrize(("leader", "seller", "band"), [(3, 3, "small"), (3, 2, "notable"), (1, 3, "large")])
def test_a_gap_is_banded_whatever_its_sign(leader, seller, band):
    result = scored("solo", ("SL", dict.fromkeys(C5, leader)), ("S", dict.fromkeys(C5, seller)))
    assert result.criterion("C5").perception_gap["sellers"].band == band


def test_a_person_needs_sixty_percent_of_the_applicable_items_for_the_interval():
    four = [("S", dict.fromkeys(C5, n)) for n in (1, 2, 3, 4)]
    counts = dict(zip(C5, (2, 3, "DK", "NA", 2), strict=True))  # 3 of 4 applicable
    too_few = dict(zip(C5, (2, "DK", "DK", 3, "NA"), strict=True))  # 2 of 4
    fifth, none = (
        scored("solo", *four, ("S", answers)).criterion("C5").perspectives["sellers"] for answers in (counts, too_few)
    )
    assert (fifth.n, none.n) == (5, 5)
    half = float(stdtrit(4, 0.975)) * np.std([1, 2, 3, 4, 7 / 3], ddof=1) / 5**0.5
    assert fifth.ci95 == pytest.approx((max(1, fifth.score - half), min(5, fifth.score + half)))
    assert none.ci95 is None


def test_three_of_five_items_are_sixty_percent():
    three, two = dict.fromkeys(C5[:3], 4), dict.fromkeys(C5[:2], 4)
    assert scored("solo", ("S", three)).criterion("C5").score == 4
    assert scored("solo", ("S", two)).criterion("C5").score is None


def test_an_item_needs_two_answers_unless_the_group_is_one_person():
    one, other = dict.fromkeys(C5, 4), dict.fromkeys(C5[:3], 2)
    both = scored("solo", ("S", one), ("S", other))
    assert both.criterion("C5").score == pytest.approx(3.0)  # C5.4 and C5.5 have one answer each
    assert both.item("C5.4").n == 1
    assert scored("solo", ("S", one), ("SL", other)).criterion("C5").score == pytest.approx(3.2 - 0.2)


def test_one_leader_is_too_few_in_anonymous_mode():
    people = [("S", dict.fromkeys(C5, 2))] * 5
    assert scored("anonymous", *people, ("SL", dict.fromkeys(C5, 4))).criterion("C5").seen_from == ("sellers",)
    assert scored("anonymous", *people, *[("SL", dict.fromkeys(C5, 4))] * 2).criterion("C5").score == 3


def test_consensus_is_one_row_without_perspectives():
    c5 = scored("consensus", ("K", dict.fromkeys(C5, 4))).criterion("C5")
    assert (c5.score, dict(c5.perspectives), c5.seen_from, dict(c5.perception_gap)) == (4, {}, (), {})
    with pytest.raises(ValueError, match="one row"):
        scored("consensus", ("S", {}), ("S", {}))


def test_the_consultant_is_compared_and_never_counted():
    people = [("S", dict.fromkeys(C5, 2))] * 5
    with_consultant = scored("anonymous", *people, ("K", {"C5.1": 5, "C5.2": "DK"}))
    c5 = with_consultant.criterion("C5")
    assert (c5.score, c5.dk_share, c5.consultant_gap) == (2, 0, 3)
    assert document(with_consultant)["criteria"][4]["perspectives"]["consultant"] == {"n": 1, "score": 5.0}
    assert with_consultant.item("C5.1").n == 5
    assert with_consultant.respondents == 6


def test_subscales_need_only_the_items_they_have():
    result = scored("solo", ("S", {"C6.5": 2, **dict.fromkeys(C5[:2], 3), "C5.4": 1}))
    found = {subscale.id: subscale.score for subscale in result.subscales}
    assert found == {"C5i": 3, "C5e": None, "C6m": None, "C6s": None, "SYS": 2}


def test_dont_know_is_a_finding_and_not_applicable_leaves_the_denominator():
    people = [("S", dict(zip(C5, (2, 3, "DK", "NA", 2), strict=True)))]
    c5 = scored("solo", *people).criterion("C5")
    assert (c5.answered, c5.applicable, c5.dk_share, c5.coverage) == (3, 4, 0.25, 0.75)


def test_gap_and_priority_follow_target_and_weight():
    c5 = scored("solo", ("S", dict.fromkeys(C5, 2)), weights={"C5": 3}, targets={"C5": 3.5}).criterion("C5")
    assert (c5.gap, c5.priority, c5.target, c5.weight) == (1.5, 4.5, 3.5, 3)
    assert scored("solo", ("S", dict.fromkeys(C5, 5))).criterion("C5").gap == 0


@pytest.mark.parametrize(("answer", "band"), [(1, "<=2"), (2, "<=2"), (3, "3"), (4, ">=4"), (5, ">=4")])
def test_an_answer_given_by_all_is_shown_as_a_band(answer, band):
    people = [("S", dict.fromkeys(C5, answer))] * 12
    item = scored("anonymous", *people).item("C5.1")
    assert (item.mean, item.band, item.distribution) == (None, band, None)
    open_item = scored("solo", *people).item("C5.1")
    assert (open_item.mean, open_item.band, sum(open_item.distribution)) == (answer, None, 12)


def test_a_distribution_needs_twice_k():
    people = [("S", {"C5.1": 2 + n % 2}) for n in range(10)]
    assert scored("anonymous", *people).item("C5.1").distribution == (0, 5, 5, 0, 0)
    assert scored("anonymous", *people[:9]).item("C5.1").distribution is None


def test_agreement_waits_for_k_answers_also_among_leaders():
    people = [("SL", dict.fromkeys(C5, n)) for n in (2, 3, 4, 3)]
    few = scored("anonymous", *people)
    assert few.criterion("C5").perspectives["leadership"].ad_m is None
    assert few.item("C5.1").ad_m is None
    assert few.item("C5.1").mean == 3
    assert scored("solo", *people).criterion("C5").perspectives["leadership"].ad_m == pytest.approx(0.5)
    enough = scored("anonymous", *people, ("SL", dict.fromkeys(C5, 3)))
    assert enough.criterion("C5").perspectives["leadership"].ad_m == pytest.approx(0.4)


def test_an_answer_outside_the_scale_or_the_pack_is_refused():
    for answers in ({"C5.1": 6}, {"C5.1": True}, {"C5.1": 3.0}, {"C9.1": 3}):
        with pytest.raises(ValueError):
            scored("solo", ("S", answers))
    with pytest.raises(ValueError, match="not shown"):
        scored("anonymous", ("OD", {"C1.1": 3}))


@pytest.mark.parametrize("mode", ["anonymous", "solo"])
def test_a_survey_nobody_answered_has_no_scores(mode):
    for result in (scored(mode), scored(mode, ("S", {}), ("SL", {}))):
        assert {c.score for c in result.criteria} == {None}
        assert (result.overall.score, result.overall.reason) == (None, "no_scores")
        assert {i.n for i in result.items} == {0}


@st.composite
def surveys(draw, mode="anonymous"):
    """Surveys of up to 40 people in any roles, answers of every kind."""
    sizes = {role: draw(st.integers(0, 9)) for role in ROLES}
    roles = np.array([role for role, n in sizes.items() for _ in range(n)] or ["S"])
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    answers = rng.choice(
        [MISSING, DK, NA, 1, 2, 3, 4, 5], size=(len(roles), len(FULL.items)), p=[0.06] * 3 + [0.164] * 5
    )
    shown = shown_items(FULL, roles, mode)
    teams = rng.choice(["", "North", "South"], size=len(roles))
    return AnswerTable(roles, teams, np.where(shown, answers, MISSING).astype(np.int8), shown)


def replaced(table: AnswerTable, values: np.ndarray) -> AnswerTable:
    return dataclasses.replace(table, values=values.astype(np.int8))


quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(surveys("solo"), st.data())
def test_raising_one_answer_never_lowers_a_score(table, data):
    rows, columns = np.nonzero((table.values >= 1) & (table.values <= 4))
    if not len(rows):
        return
    cell = data.draw(st.integers(0, len(rows) - 1))
    values = table.values.copy()
    values[rows[cell], columns[cell]] += 1
    before, after = score(table, FULL, mode="solo"), score(replaced(table, values), FULL, mode="solo")
    pairs = [(a.score, b.score) for a, b in zip(before.criteria, after.criteria, strict=True)]
    pairs += [(a.score, b.score) for a, b in zip(before.subscales, after.subscales, strict=True)]
    pairs += [(before.overall.score, after.overall.score), (before.overall.level, after.overall.level)]
    for low, high in pairs:
        assert (low is None) == (high is None)
        assert low is None or high >= low - 1e-12


@quick
@given(surveys("solo"), st.sampled_from([c.id for c in FULL.criteria]))
def test_not_applicable_everywhere_in_one_criterion_leaves_the_others_alone(table, criterion):
    values = table.values.copy()
    values[:, [item.criterion == criterion for item in FULL.items]] = NA
    before, after = score(table, FULL, mode="solo"), score(replaced(table, values), FULL, mode="solo")
    assert after.criterion(criterion).score is None
    assert [c for c in before.criteria if c.id != criterion] == [c for c in after.criteria if c.id != criterion]


@quick
@given(surveys(), st.sampled_from(["anonymous", "solo"]), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_respondents_changes_nothing(table, mode, by_team, random):
    order = list(range(table.respondents))
    random.shuffle(order)
    shuffled = table.select(np.array(order))
    before = score(table, FULL, mode=mode, by_team=by_team)
    after = score(shuffled, FULL, mode=mode, by_team=by_team)
    assert document(before) == document(after)


@quick
@given(surveys(), st.booleans(), st.integers(5, 7), st.randoms(use_true_random=False))
def test_answers_that_are_not_used_leave_no_trace(table, by_team, k, random):
    unused = table.answered & ~publication(table, mode="anonymous", k=k, by_team=by_team).used
    values = table.values.copy()
    values[unused] = [random.randint(1, 5) for _ in range(int(unused.sum()))]
    options = {"mode": "anonymous", "k": k, "by_team": by_team}
    assert score(table, FULL, **options) == score(replaced(table, values), FULL, **options)


@quick
@given(surveys(), st.booleans())
def test_no_item_is_published_from_fewer_than_k_protected_people(table, by_team):
    view = publication(table, mode="anonymous", by_team=by_team)
    for roles in (("S",), ("OP", "OD"), ("S", "OP", "OD")):
        cells = view.used[np.isin(table.roles, roles)].sum(axis=0)
        assert ((cells == 0) | (cells >= 5)).all()


@quick
@given(surveys(), st.sampled_from(["anonymous", "solo"]))
def test_everything_stays_on_its_scale(table, mode):
    result = score(table, FULL, mode=mode)
    views = [v for c in result.criteria for v in c.perspectives.values()]
    scores = [x.score for x in (*result.criteria, *result.subscales, *views, result.overall)]
    scores += [end for v in views if v.ci95 for end in v.ci95]
    assert all(1 <= s <= 5 for s in scores if s is not None)
    shares = [c.dk_share for c in result.criteria] + [c.coverage for c in result.criteria]
    shares += [getattr(i, name) for i in result.items for name in ("rwg", "rwg_star", "consensus")]
    assert all(-1e-12 <= s <= 1 + 1e-12 for s in shares if s is not None)
    assert all(0 <= i.ad_m <= 2 for i in result.items if i.ad_m is not None)
