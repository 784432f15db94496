"""What a room should talk about, by worked numbers."""

import pytest

from assessment.packs import Criterion, Item, Pack, Structure
from assessment.scoring.answers import answer_table
from assessment.scoring.result import Result
from assessment.scoring.score import score
from assessment.workshop.agenda import Topic, WidestGap, agenda

CRITERIA = ("A", "B", "C", "D")
LEADERS, SELLERS = ("SL",) * 2, ("S",) * 5


def a_pack() -> Pack:
    structure = Structure(
        id="room",
        version="1.0.0",
        min_items=1,
        allows_na=False,
        anchored=(1, 2, 3, 4, 5),
        criteria=tuple(Criterion(id=c) for c in CRITERIA),
        items=tuple(Item(id=f"{c}{n}", criterion=c, roles=("S", "SL")) for c in CRITERIA for n in (1, 2)),
    )
    return Pack.of(structure, {})


def scored(leaders: dict[str, int], sellers: list[dict[str, int]], k: int = 5) -> Result:
    """Two leaders who say the same, and sellers."""
    people = [*[leaders] * 2, *sellers]
    table = answer_table(a_pack(), [*LEADERS, *["S"] * len(sellers)], people, mode="anonymous")
    return score(table, a_pack(), mode="anonymous", k=k)


def both(criterion: str, value: int) -> dict[str, int]:
    return {f"{criterion}1": value, f"{criterion}2": value}


def seller(**values: int) -> dict[str, int]:
    return {item: value for c, v in values.items() for item, value in both(c, v).items()}


def test_topics_are_ranked_by_spread_times_gap() -> None:
    # A: leaders 4, sellers 2,2,2,3,3 (2.4): gap 1.6; of 4,4,2,2,2,3,3 mean 20/7, AD_M 0.7347
    # B: leaders 3, sellers 1,1,3,5,5 (3.0): gap 0.0; of 3,3,1,1,3,5,5 mean 3, AD_M 8/7
    # C: leaders 5, sellers 4 (4.0): gap 1.0; of 5,5,4x5 mean 30/7, AD_M 20/49
    leaders = seller(A=4, B=3, C=5, D=2)
    sellers = [seller(A=a, B=b, C=4, D=2) for a, b in ((2, 1), (2, 1), (2, 3), (3, 5), (3, 5))]
    found = agenda(scored(leaders, sellers))

    assert [t.criterion_id for t in found.topics] == ["A", "C", "B", "D"]
    first, second, third, _ = found.topics
    assert (first.spread, first.gap, first.weight) == pytest.approx((0.7347, 1.6, 1.1755), abs=1e-4)
    assert (second.spread, second.gap, second.weight) == pytest.approx((0.4082, 1.0, 0.4082), abs=1e-4)
    assert (third.spread, third.weight) == pytest.approx((8 / 7, 0.0))
    assert (found.highest, found.lowest) == ("C", "D")
    assert found.perception == WidestGap("A", "sellers", pytest.approx(1.6))  # type: ignore[arg-type]
    assert found.disagreement == "B1"
    # the third is a disagreement by itself: 1.14 is over 0.80
    assert found.suggested == ("A", "C", "B")
    assert found.items == ("A1", "C1", "B1")


def test_a_third_that_calls_for_nothing_is_not_suggested() -> None:
    leaders = seller(A=5, B=4, C=3, D=2)
    sellers = [seller(A=2, B=3, C=3, D=2)] * 5
    found = agenda(scored(leaders, sellers))

    assert found.suggested == ("A", "B")
    assert [t.weight for t in found.topics[2:]] == [0.0, 0.0]
    # where all say the same nothing is voted on again
    assert found.items == ("A1", "B1")


def test_leaders_who_see_it_darker_count_as_much() -> None:
    found = agenda(scored(seller(A=1, B=3, C=3, D=3), [seller(A=3, B=3, C=3, D=3)] * 5))

    assert found.perception == WidestGap("A", "sellers", pytest.approx(-2.0))  # type: ignore[arg-type]
    assert found.topics[0].gap == pytest.approx(2.0)


def test_what_is_hidden_is_not_on_the_agenda() -> None:
    # four sellers are used nowhere, so that there is one perspective of two people and no agreement to see
    found = agenda(scored(seller(A=4, B=3, C=2, D=1), [seller(A=1, B=5, C=1, D=5)] * 4))

    assert (found.highest, found.lowest) == ("A", "D")
    assert (found.disagreement, found.perception, found.topics, found.suggested, found.items) == (
        None,
        None,
        (),
        (),
        (),
    )


def test_without_a_second_perspective_it_is_by_spread() -> None:
    people = [seller(A=a, B=b, C=3, D=3) for a, b in ((2, 1), (3, 1), (3, 5), (3, 5), (4, 3))]
    table = answer_table(a_pack(), ["S"] * 5, people, mode="anonymous")
    found = agenda(score(table, a_pack(), mode="anonymous", k=5))

    assert found.topics[0] == Topic("B", pytest.approx(1.6), None)  # type: ignore[arg-type]
    assert [t.criterion_id for t in found.topics] == ["B", "A", "C", "D"]
    assert found.topics[0].weight is None
    assert found.suggested == ("B", "A")


def test_an_empty_survey_has_no_agenda() -> None:
    table = answer_table(a_pack(), [], [], mode="anonymous")
    found = agenda(score(table, a_pack(), mode="anonymous"))

    assert (found.highest, found.lowest, found.topics, found.items) == (None, None, (), ())
