"""The brief for a training: the steps to train on, what to remove first, and the days to measure."""

from datetime import date
from pathlib import Path

import pytest

from assessment import training_brief as brief
from assessment.engagement import EngagementId, TrainingBrief
from assessment.service import Service
from assessment.store import SqliteStore


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "brief.db"))


@pytest.fixture
def demo(service: Service) -> EngagementId:
    return service.open_demo()


def test_what_is_added_is_kept_by_section_and_empty_words_are_none(service: Service, demo: EngagementId) -> None:
    service.change_training_brief(demo, {"steps": " Møte én ", "last_day": date(2026, 12, 3)})
    service.change_training_brief(demo, {"obstacles": "  "})

    assert service.training_brief(demo) == TrainingBrief(steps="Møte én", last_day=date(2026, 12, 3))


def test_the_hand_offs_that_fail_most_come_first(service: Service, demo: EngagementId) -> None:
    found = brief.weak_handoffs(service.stream(demo))

    shares = [i.receiver_share for i in found]
    assert shares == [0.70, 0.75, 0.80]


def test_a_hand_off_without_a_fault_or_without_a_judgement_is_not_weak(service: Service, demo: EngagementId) -> None:
    for stage in service.stream(demo).chain:
        service.change_stage(demo, stage.id, {"complete_accurate_share": 1.0})
    told = service.stream(demo).interfaces
    for interface in told:
        agreed = dict.fromkeys(("clear_content", "clear_deadline", "clear_receiver", "clear_feedback"), True)
        service.change_handoff(demo, interface.told.from_stage_id, interface.told.to_stage_id, agreed)

    assert brief.weak_handoffs(service.stream(demo)) == ()


def test_obstacles_are_the_lowest_questions_around_sales(service: Service, demo: EngagementId) -> None:
    result = service.results(demo).score
    found = brief.obstacles(result)

    means = [i.mean for i in result.items if i.criterion in ("C6", "C7")]
    assert [i.mean for i in found] == sorted(m for m in means if m is not None)[: brief.SHOWN]


def test_the_foundation_comes_strongest_first(service: Service, demo: EngagementId) -> None:
    assert [i.id for i in brief.foundation(service.results(demo).score)] == ["C1.1", "C1.3", "C1.2", "C1.4"]


def test_only_waste_within_the_mandate_can_be_removed_first(service: Service, demo: EngagementId) -> None:
    largest = brief.worst_waste(service.waste(demo))
    assert largest is not None
    assert largest.hours_month == 120

    for row in service.waste(demo).rows:
        service.describe_waste(demo, row.id, {"in_mandate": False})
    assert brief.worst_waste(service.waste(demo)) is None


def test_measuring_days_follow_the_last_day_also_at_the_end_of_a_month() -> None:
    days = brief.measuring_days(date(2026, 11, 30))

    assert days.before == (date(2026, 11, 9), date(2026, 11, 16))
    assert days.behaviour == date(2027, 2, 28)
    assert days.results == (date(2027, 5, 30), date(2027, 11, 30))
