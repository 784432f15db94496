"""Agreement within a group: the table of method §3.5 and what it means."""

import numpy as np
import pytest

from assessment.scoring import agreement


def counts(*answers: int) -> np.ndarray:
    return np.bincount(answers, minlength=6)[1:]


TABLE = [
    ((3, 3, 3, 3, 3), 3.0, 0.00, 1.00, 1.00, 1.000),
    ((2, 2, 3, 3, 4), 2.8, 0.64, 0.65, 0.86, 0.739),
    ((2, 2, 2, 4, 4), 2.8, 0.96, 0.40, 0.76, 0.601),
    ((1, 2, 3, 4, 5), 3.0, 1.20, 0.00, 0.50, 0.434),
    ((1, 1, 1, 5, 5, 5), 3.0, 2.00, 0.00, 0.00, 0.000),
]


@pytest.mark.parametrize(("answers", "mean", "ad_m", "rwg", "rwg_star", "consensus"), TABLE)
def test_the_table_of_the_method_comes_out(answers, mean, ad_m, rwg, rwg_star, consensus):
    given = counts(*answers)
    assert agreement.mean(given) == pytest.approx(mean)
    assert agreement.ad_m(given) == pytest.approx(ad_m)
    assert agreement.rwg(given) == pytest.approx(rwg)
    assert agreement.rwg_star(given) == pytest.approx(rwg_star)
    assert agreement.consensus(given) == pytest.approx(consensus, abs=5e-4)


def test_many_items_at_once_give_what_each_gives_alone():
    together = agreement.consensus(np.array([counts(*row[0]) for row in TABLE]))
    assert together == pytest.approx([float(agreement.consensus(counts(*row[0]))) for row in TABLE])


def test_consensus_agrees_with_the_example_of_agrmt():
    assert agreement.consensus(np.array([30, 40, 210, 130, 530, 50, 10])) == pytest.approx(0.7256876, abs=5e-8)


@pytest.mark.parametrize("answer", [1, 2, 3, 4, 5])
def test_consensus_is_one_when_all_answer_the_same(answer):
    assert agreement.consensus(counts(*[answer] * 7)) == 1


def test_one_answer_agrees_with_nobody():
    for figure in (agreement.ad_m, agreement.rwg, agreement.rwg_star, agreement.consensus):
        assert np.isnan(figure(counts(4)))
        assert np.isnan(figure(counts()))
    assert agreement.mean(counts(4)) == 4
    assert np.isnan(agreement.mean(counts()))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((1, 1, 1, 3, 3, 3, 3, 5, 5, 5), True),  # 30 % at each end is enough
        ((1, 1, 3, 3, 3, 3, 3, 5, 5, 5), False),
        ((1, 2, 4, 5), False),  # four answers are too few to speak of two views
        ((2, 2, 3, 4, 4), True),
        ((3, 3, 3, 3, 3), False),
    ],
)
def test_a_split_needs_three_in_ten_at_both_ends_and_five_answers(answers, expected):
    assert bool(agreement.split(counts(*answers))) is expected


@pytest.mark.parametrize(
    ("deviation", "band"), [(0.0, "high"), (0.5, "high"), (0.51, "adequate"), (0.8, "adequate"), (0.81, "disagreement")]
)
def test_deviations_have_the_bands_of_burke_and_dunlap(deviation, band):
    assert agreement.agreement_band(deviation) == band


@pytest.mark.parametrize(("value", "band"), [(0.70, "high"), (0.69, "medium"), (0.45, "medium"), (0.434, "scattered")])
def test_a_flat_spread_is_called_scattered(value, band):
    assert agreement.consensus_band(value) == band
