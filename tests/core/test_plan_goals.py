"""The use cases of goals: a wish becomes a goal when nothing lacks, and what speaks against a target is said."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engagement import GOAL_ESSENTIALS, EngagementId, Goal, GoalId, Kpi, KpiId, KpiPoint, Mandate
from assessment.mapping.kpis import KpiReading, reading
from assessment.plan.goals import doubts, horizon_end, limits
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import Gone

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
QUOTE_DAYS = (9, 11, 8, 10, 12, 9, 10, 13, 9, 8, 11, 10)  # the worked example of method §4.2
AFTER = (7, 6, 8, 6, 7, 5, 6, 7)


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "goals.db")


@pytest.fixture
def service(store: SqliteStore) -> Service:
    return Service(store, clock=lambda: NOW)


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")


def points(values: tuple[float, ...], segment_at: int | None = None) -> tuple[KpiPoint, ...]:
    first = date(2026, 1, 4)
    return tuple(
        KpiPoint(on=first + timedelta(weeks=i), value=value, starts_segment=i == segment_at)
        for i, value in enumerate(values)
    )


def measured(values: tuple[float, ...], better: str = "down", segment_at: int | None = None) -> KpiReading:
    kpi = Kpi.model_validate({"id": "k", "name": "Tilbudstid", "better": better, "floor_value": 0})
    return reading(kpi, points(values, segment_at))


def a_goal(**fields: Any) -> Goal:
    return Goal.model_validate({"id": "g"} | fields)


def quote_time(service: Service, store: SqliteStore, engagement: EngagementId) -> KpiId:
    """A KPI of the catalogue with the worked example's baseline."""
    kpi_id = service.add_kpi(engagement, "K06", "nb")
    store.write_kpi_points(engagement, kpi_id, {point.on: point for point in points(QUOTE_DAYS)})
    return kpi_id


def only(service: Service, engagement: EngagementId) -> Goal:
    found = service.goals(engagement)
    (goal,) = (*found.goals, *found.drafts)
    return goal


def test_a_draft_becomes_a_goal_only_when_nothing_lacks(service: Service, engagement: EngagementId) -> None:
    goal_id = service.begin_goal(engagement)
    said = {
        "text": "Raskere",
        "target_value": 5.0,
        "unit": "dager",
        "baseline_value": 10.0,
        "due_on": date(2026, 12, 1),
    }
    assert only(service, engagement).lacks == GOAL_ESSENTIALS
    service.describe_goal(engagement, goal_id, said)

    with pytest.raises(ValueError):
        service.adopt_goal(engagement, goal_id)
    found = service.goals(engagement)
    assert (found.goals, [d.lacks for d in found.drafts]) == ((), [("owner",)])

    service.describe_goal(engagement, goal_id, {"owner": " Salgsleder "})
    service.adopt_goal(engagement, goal_id)
    found = service.goals(engagement)
    assert ([g.owner for g in found.goals], found.drafts) == (["Salgsleder"], ())


def test_a_goal_keeps_everything_and_a_draft_may_lose_it(service: Service, engagement: EngagementId) -> None:
    goal_id = service.begin_goal(engagement)
    service.describe_goal(engagement, goal_id, {"text": "Raskere"})
    service.describe_goal(engagement, goal_id, {"text": "  "})
    assert only(service, engagement).text is None
    for field in ("draft", "kpi_id"):
        with pytest.raises(ValueError):
            service.describe_goal(engagement, goal_id, {field: None})


def test_a_kpi_gives_unit_and_baseline(service: Service, store: SqliteStore, engagement: EngagementId) -> None:
    kpi_id, goal_id = quote_time(service, store, engagement), service.begin_goal(engagement)

    service.measure_goal_by(engagement, goal_id, kpi_id, "nb")
    goal = only(service, engagement)
    assert (goal.kpi_id, goal.unit, goal.baseline_value) == (kpi_id, "arbeidsdager", 10.0)

    service.measure_goal_by(engagement, goal_id, None, "nb")
    goal = only(service, engagement)
    assert (goal.kpi_id, goal.unit, goal.baseline_value) == (None, "arbeidsdager", 10.0)
    with pytest.raises(Gone):
        service.measure_goal_by(engagement, goal_id, KpiId("elsewhere"), "nb")


def test_a_kpi_without_points_leaves_the_baseline_as_it_was(service: Service, engagement: EngagementId) -> None:
    goal_id = service.begin_goal(engagement)
    service.describe_goal(engagement, goal_id, {"baseline_value": 7.0})

    service.measure_goal_by(engagement, goal_id, service.add_own_kpi(engagement, "Noe", "up"), "nb")

    goal = only(service, engagement)
    assert (goal.unit, goal.baseline_value) == (None, 7.0)


def test_what_is_removed_comes_back_without_a_kpi_that_has_gone(
    service: Service, store: SqliteStore, engagement: EngagementId
) -> None:
    kpi_id, goal_id = quote_time(service, store, engagement), service.begin_goal(engagement)
    service.measure_goal_by(engagement, goal_id, kpi_id, "nb")

    removed = service.remove_goal(engagement, goal_id)
    service.restore_goal(engagement, removed)
    assert only(service, engagement) == removed

    removed = service.remove_goal(engagement, goal_id)
    service.remove_kpi(engagement, kpi_id)
    service.restore_goal(engagement, removed)
    assert only(service, engagement) == removed.model_copy(update={"kpi_id": None})
    with pytest.raises(Gone):
        service.remove_goal(engagement, GoalId("nothing"))


# ---------------------------------------------------------------- what speaks against it


@pytest.mark.parametrize(
    ("target", "better", "said"),
    [
        (3.0, "down", ()),
        (3.96, "down", ("natural_variation",)),  # the limits of the worked example: 3.95 to 16.05
        (10.0, "down", ("no_change", "natural_variation")),
        (12.0, "down", ("wrong_direction", "natural_variation")),
        (17.0, "down", ("wrong_direction",)),
        (17.0, "up", ()),
        (3.0, "up", ("wrong_direction",)),
    ],
)
def test_a_target_is_held_against_direction_and_natural_variation(
    target: float, better: str, said: tuple[str, ...]
) -> None:
    goal = a_goal(target_value=target, baseline_value=10.0)

    assert doubts(goal, measured(QUOTE_DAYS, better), NOW.date(), None) == said


def test_after_a_confirmed_change_the_limits_since_it_are_in_force() -> None:
    found = limits(measured(QUOTE_DAYS + AFTER, segment_at=len(QUOTE_DAYS)))
    assert found is not None
    assert (found.centre, round(found.lower or 0, 2), round(found.upper or 0, 2)) == (6.5, 2.7, 10.3)
    assert limits(measured(())) is None


def test_too_few_points_tell_nothing_of_natural_variation() -> None:
    goal = a_goal(target_value=9.5, baseline_value=10.0)

    assert doubts(goal, measured(QUOTE_DAYS[:5]), NOW.date(), None) == ()
    assert doubts(goal, None, NOW.date(), None) == ()
    assert doubts(a_goal(), measured(QUOTE_DAYS), NOW.date(), None) == ()


@pytest.mark.parametrize(
    ("due", "ends", "said"),
    [
        (date(2026, 5, 31), None, ("past",)),
        (date(2026, 6, 1), None, ()),
        (date(2026, 9, 1), date(2026, 9, 1), ()),
        (date(2026, 9, 2), date(2026, 9, 1), ("beyond_horizon",)),
        (date(2026, 5, 31), date(2026, 5, 1), ("past",)),
    ],
)
def test_a_day_is_neither_past_nor_beyond_the_mandate(due: date, ends: date | None, said: tuple[str, ...]) -> None:
    assert doubts(a_goal(due_on=due), None, NOW.date(), ends) == said


def test_the_horizon_counts_from_the_first_version_and_by_the_latest(
    service: Service, engagement: EngagementId
) -> None:
    assert service.goals(engagement).ends_on is None
    service.save_mandate(engagement, {"scope": "named"})
    assert service.goals(engagement).ends_on is None

    service.save_mandate(engagement, {"horizon_months": 9, "reason": "Satt av styret"})

    assert service.goals(engagement).ends_on == date(2027, 3, 1)


@given(begun=st.dates(date(2000, 1, 1), date(2090, 12, 31)), months=st.integers(1, 120))
def test_a_horizon_ends_so_many_months_on(begun: date, months: int) -> None:
    at = datetime(begun.year, begun.month, begun.day, tzinfo=UTC)

    ends = horizon_end((Mandate(created_at=at, horizon_months=months),))

    assert ends is not None
    assert (ends.year - begun.year) * 12 + ends.month - begun.month == months
    assert ends.day == begun.day or (ends.day < begun.day and (ends + timedelta(days=1)).day == 1)
