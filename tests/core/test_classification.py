"""Two classifications of the same processes: the worked twenty, the undefined cases, and symmetry."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.current_state.classification import CLASSES, Classified, compare

ROOT = Path(__file__).parents[2]
PROCESSES = st.lists(
    st.builds(Classified, st.text(max_size=3), st.sampled_from(CLASSES), st.sampled_from(CLASSES), st.floats(0, 1e4)),
    min_size=1,
    max_size=25,
)


@pytest.fixture
def twenty() -> list[Classified]:
    with (ROOT / "data" / "examples" / "classes.csv").open(encoding="utf-8", newline="") as file:
        return [
            Classified(r["process"], r["consultant"], r["client"], float(r["hours_month"]))  # type: ignore[arg-type]
            for r in csv.DictReader(file)
        ]


def test_the_worked_comparison_of_twenty_processes(twenty: list[Classified]) -> None:
    found = compare(twenty)
    assert (found.agreement, found.expected_agreement) == (0.75, pytest.approx(0.3425))
    assert found.kappa == pytest.approx(0.62, abs=0.005)
    assert found.kappa_se == pytest.approx(0.147, abs=5e-4)
    assert found.kappa_ci95 == pytest.approx((0.33, 0.91), abs=0.005)
    assert found.disputed == ("contracting", "coaching", "inbound_call_centre", "order_entry", "reporting")


def test_the_quarrel_about_words_moves_the_core_share(twenty: list[Classified]) -> None:
    found = compare(twenty)
    assert sum(p.hours_month for p in twenty) == 2000
    assert (found.core_share_consultant, found.core_share_client) == (pytest.approx(0.35), pytest.approx(0.525))
    assert found.disputed_share == pytest.approx(0.25)


def test_kappa_is_not_defined_when_both_put_everything_in_one_class() -> None:
    found = compare([Classified("a", "core", "core", 10), Classified("b", "core", "core", 5)])
    assert (found.agreement, found.kappa, found.kappa_se, found.kappa_ci95) == (1, None, None, None)
    assert (found.disputed, found.disputed_share, found.core_share_client) == ((), 0, 1)


def test_without_hours_there_are_no_shares() -> None:
    found = compare([Classified("a", "core", "support", 0)])
    assert (found.disputed_share, found.core_share_consultant, found.core_share_client) == (None, None, None)


def test_the_interval_is_not_clipped() -> None:
    found = compare([Classified("a", "core", "core", 1), Classified("b", "core", "support", 1)])
    assert found.kappa_ci95 is not None
    assert found.kappa_ci95[1] > 1


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ValueError):
        compare([])


@given(PROCESSES)
def test_agreement_is_symmetric(processes: list[Classified]) -> None:
    one = compare(processes)
    other = compare([replace(p, consultant=p.client, client=p.consultant) for p in processes])
    assert (one.agreement, one.kappa, one.kappa_ci95, one.disputed, one.disputed_share) == (
        *(other.agreement, other.kappa, other.kappa_ci95, other.disputed, other.disputed_share),
    )
    assert (one.core_share_consultant, one.core_share_client) == (other.core_share_client, other.core_share_consultant)


@given(PROCESSES)
def test_kappa_is_one_only_without_dispute(processes: list[Classified]) -> None:
    found = compare(processes)
    assert found.kappa is None or found.kappa <= 1
    assert found.kappa != 1 or not found.disputed
