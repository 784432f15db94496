"""Intervals and reliability: the worked numbers of method §3.6 and §3.7."""

import numpy as np
import pytest

from assessment.scoring.intervals import t_interval, welch_interval
from assessment.scoring.reliability import cronbach_alpha, feldt_interval, mcdonald_omega, reporting


def test_the_t_interval_of_six_scores():
    scores = np.array([2.0, 2.4, 2.6, 2.8, 3.0, 3.2])
    assert t_interval(scores, scores.mean()) == pytest.approx((2.21, 3.12), abs=0.005)


def test_an_interval_stays_on_the_scale():
    assert t_interval(np.array([1.0, 1.0, 1.0, 1.0, 3.0]), 1.2)[0] == 1
    assert t_interval(np.array([5.0, 5.0, 5.0, 5.0, 3.0]), 4.8)[1] == 5


def test_the_welch_interval_of_leaders_and_sellers():
    leaders = np.array([3.0, 3.2, 3.4, 3.6, 3.8])
    sellers = np.array([1.6, 1.8, 2.0, 2.0, 2.2, 2.4, 2.4, 2.4])
    interval = welch_interval(leaders, sellers, 1.30)
    assert (interval.low, interval.high) == pytest.approx((0.89, 1.71), abs=0.005)
    assert interval.df == pytest.approx(8.3, abs=0.05)


def test_groups_without_spread_have_an_interval_without_width():
    interval = welch_interval(np.full(5, 3.0), np.full(5, 2.0), 1.0)
    assert (interval.low, interval.high, interval.df) == (1.0, 1.0, None)


def test_one_score_has_no_interval():
    with pytest.raises(ValueError, match="two scores"):
        t_interval(np.array([3.0]), 3.0)


def test_alpha_of_the_fixture():
    rows = np.array([(2, 3, 2, 3), (3, 3, 3, 4), (1, 2, 2, 2), (4, 4, 3, 5), (2, 2, 1, 3), (3, 4, 4, 4)], dtype=float)
    assert cronbach_alpha(rows) == pytest.approx(0.940, abs=5e-4)


def test_alpha_is_not_assessed_when_nobody_differs():
    assert cronbach_alpha(np.full((6, 4), 3.0)) is None
    assert cronbach_alpha(np.array([[1.0, 2.0]])) is None


@pytest.mark.parametrize(("people", "low", "high"), [(60, 0.71, 0.87), (20, 0.62, 0.91)])
def test_the_feldt_interval_of_eighty(people, low, high):
    assert feldt_interval(0.80, people, 5) == pytest.approx((low, high), abs=0.005)


def test_omega_of_the_fixture():
    assert mcdonald_omega([0.7, 0.6, 0.8, 0.65, 0.75]) == pytest.approx(0.829, abs=5e-4)


@pytest.mark.parametrize(("people", "rule"), [(29, "none"), (30, "indicative"), (99, "indicative"), (100, "full")])
def test_reliability_waits_for_enough_people(people, rule):
    assert reporting(people) == rule
