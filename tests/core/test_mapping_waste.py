"""The use cases of the waste register: shares of known hours, and no hour counted twice."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engagement import EngagementId, WasteRow
from assessment.mapping.owners import may_be_a_person
from assessment.mapping.waste import WASTES, WasteRegister
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import Gone
from tests.store.test_waste import a_stage


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "waste.db")


@pytest.fixture
def service(store: SqliteStore) -> Service:
    return Service(store)


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")


def register(*rows: tuple[str, float | None], available: float | None = None) -> WasteRegister:
    made = tuple(WasteRow.model_validate({"id": f"r{i}", "code": c, "hours_month": h}) for i, (c, h) in enumerate(rows))
    return WasteRegister(made, {}, available, "processes" if available else None)


def listed(service: Service, engagement: EngagementId, code: Any, **about: Any) -> str:
    """The id of a row of this waste."""
    row = service.add_waste(engagement, code)
    service.describe_waste(engagement, row, about)
    return row


def processes_of(service: Service, engagement: EngagementId, hours: float) -> None:
    """Processes that take so many hours a month."""
    id_ = service.add_own_process(engagement, "Salg", "nb")
    service.describe_process(engagement, id_, {"hours_month": hours})


def test_rows_come_by_hours_and_those_without_come_last(service: Service, engagement: EngagementId) -> None:
    unknown = listed(service, engagement, "W1")
    none = listed(service, engagement, "W2", hours_month=0)
    most = listed(service, engagement, "W3", hours_month=20, cause=" Prislisten ligger spredt ", owner="  ")

    rows = service.waste(engagement).rows

    assert [row.id for row in rows] == [most, none, unknown]
    assert (rows[0].cause, rows[0].owner) == ("Prislisten ligger spredt", None)


def test_waste_is_a_share_of_the_hours_of_the_processes(service: Service, engagement: EngagementId) -> None:
    listed(service, engagement, "W4", hours_month=90)
    listed(service, engagement, "W7", hours_month=30)
    before = service.waste(engagement)
    assert (before.available_h, before.basis, before.share) == (None, None, None)

    processes_of(service, engagement, 1000)

    after = service.waste(engagement)
    assert (after.available_h, after.basis, after.share, after.counted_twice_h) == (1000, "processes", 0.12, 0)


def test_the_more_hours_known_are_what_it_is_a_share_of(
    service: Service, store: SqliteStore, engagement: EngagementId
) -> None:
    listed(service, engagement, "W4", hours_month=100)
    processes_of(service, engagement, 40)
    with store._writing() as db:
        pool = {"id": "p", "engagement_id": engagement, "name": "Selgere"}
        db.table("pools").insert(pool | {"fte": 5, "hours_month": 100, "flow_share": 0.5})

    found = service.waste(engagement)

    assert (found.available_h, found.basis, found.share) == (250, "pools", 0.4)


def test_more_hours_than_there_are_is_said_and_is_no_share(service: Service, engagement: EngagementId) -> None:
    processes_of(service, engagement, 100)
    listed(service, engagement, "W4", hours_month=100)
    assert service.waste(engagement).share == 1.0

    listed(service, engagement, "W5", hours_month=30)

    found = service.waste(engagement)
    assert (found.counted_twice_h, found.share) == (30, None)


def test_kinds_add_up_their_rows_and_the_largest_is_named_only_when_it_is_one() -> None:
    found = register(("W4", 10), ("W5", 25), ("W4", 20), ("W6", None), ("W7", 0))

    assert list(found.hours_by_waste.items()) == [("W4", 30), ("W5", 25)]
    assert (found.hours_month, found.largest) == (55, "W4")
    assert register(("W4", 10), ("W5", 10)).largest is None
    assert register(("W4", None)).largest is None
    assert register(("W4", 1)).largest == "W4"


def test_cost_and_mandate_count_what_is_known(service: Service, engagement: EngagementId) -> None:
    assert service.waste(engagement).cost_nok is None
    listed(service, engagement, "W4", hours_month=10, hourly_cost_nok=650, in_mandate=True)
    listed(service, engagement, "W5", hours_month=20, in_mandate=False)
    listed(service, engagement, "W6", hourly_cost_nok=700, in_mandate=True)

    found = service.waste(engagement)

    assert (found.cost_nok, found.in_mandate_h) == (6500, 10)


def test_what_is_removed_comes_back_without_a_stage_that_has_gone(
    service: Service, store: SqliteStore, engagement: EngagementId
) -> None:
    stage = a_stage(store, engagement)
    row = listed(service, engagement, "W4", stage_id=stage, hours_month=5)
    before = service.waste(engagement)
    assert [s.name for s in before.stages.values()] == ["Tilbud"]

    removed = service.remove_waste(engagement, before.rows[0].id)
    with pytest.raises(Gone):
        service.describe_waste(engagement, removed.id, {"hours_month": 6})
    service.restore_waste(engagement, removed)
    assert service.waste(engagement) == before

    removed = service.remove_waste(engagement, removed.id)
    with store._writing() as db:
        db.execute("DELETE FROM stages")
    service.restore_waste(engagement, removed)
    (back,) = service.waste(engagement).rows
    assert (back.id, back.stage_id, back.hours_month) == (row, None, 5)


def test_the_example_wastes_eighteen_per_cent_and_names_no_person(service: Service) -> None:
    found = service.waste(service.open_demo())

    assert (found.share, found.hours_month, found.available_h) == (0.18, 360, 2000)
    assert found.largest == "W6"
    assert all(row.owner and row.cause and not may_be_a_person(row.owner) for row in found.rows)


HOURS = st.none() | st.floats(0, 1e6)


@given(st.lists(st.tuples(st.sampled_from(WASTES), HOURS), max_size=10), st.none() | st.floats(1, 1e6))
def test_a_share_is_a_share_or_is_not_given(rows: list[tuple[str, float | None]], available: float | None) -> None:
    found = register(*rows, available=available)

    assert found.share is None or 0 < found.share <= 1
    assert sum(found.hours_by_waste.values()) == pytest.approx(found.hours_month)
    if available is not None and found.hours_month > available:
        assert found.counted_twice_h > 0
        assert found.share is None
