"""The history as a use case: whose changes are kept, as whom, in pages and by subject, and undone one by one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessment import history
from assessment.actor import LOCAL, Actor
from assessment.engagement import EngagementId, Link, LinkId
from assessment.history import SUBJECTS, TABLES
from assessment.service import Beginning, Service
from assessment.store import NotFound, SqliteStore
from assessment.store.watch import TRACKED

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
OWNER = Actor("oidc", "owner@a.no")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "history.db")
    yield opened
    opened.close()


@pytest.fixture
def service(store: SqliteStore) -> Service:
    ticks = (NOW + timedelta(minutes=n) for n in range(10_000))
    return Service(store, clock=lambda: next(ticks)).for_actor(LOCAL)


def begun(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")


def test_every_tracked_table_has_a_subject_and_only_one() -> None:
    assert sorted(table for subject in SUBJECTS for table in TABLES[subject]) == sorted(TRACKED)


def test_who_changes_something_is_kept_by_how_they_came_in(store: SqliteStore) -> None:
    service = Service(store, clock=lambda: NOW)
    engagement = begun(service.for_actor(OWNER))
    link = Link.model_validate(
        {"id": "x", "engagement_id": engagement, "purpose": "facilitate", "token_hash": "f" * 64, "created_at": NOW}
    )
    store.add_links([link])
    holder = Actor("link", engagement=engagement, scope="facilitate", link=LinkId("x"))
    for actor in (OWNER, LOCAL, Actor("key"), holder):
        service.for_actor(actor).add_waste(engagement, "W4")
    service.add_waste(engagement, "W4")  # nobody

    changes = service.for_actor(OWNER).history(engagement).changes

    assert [(c.actor, c.subject) for c in changes] == [
        ("link", None),
        ("key", None),
        ("local", None),
        ("oidc", "owner@a.no"),
    ]
    assert {c.at for c in changes} == {NOW}


def test_who_may_only_read_sees_no_history(store: SqliteStore) -> None:
    service = Service(store)
    mine = service.for_actor(OWNER)
    engagement = begun(mine)
    mine.add_member(engagement, "viewer@a.no", "viewer")

    with pytest.raises(NotFound):
        service.for_actor(Actor("oidc", "viewer@a.no")).history(engagement)


def test_reading_and_making_the_example_leave_no_history(service: Service) -> None:
    demo = service.open_demo()
    service.results(demo)

    found = service.history(demo)

    assert (found.changes, found.subjects, found.undo, found.redo, found.pages) == ((), (), None, None, 1)


def test_a_history_comes_in_pages_and_by_subject(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    engagement = begun(service)
    row = service.add_waste(engagement, "W4")
    for hours in (1.0, 2.0):
        service.describe_waste(engagement, row, {"hours_month": hours})
    service.save_mandate(engagement, {"scope": "company"})

    first, last, beyond = (service.history(engagement, page=n) for n in (1, 2, 9))

    assert (first.page, first.pages, first.count, first.subjects) == (1, 2, 4, ("mandate", "waste"))
    assert [len(page.changes) for page in (first, last)] == [2, 2]
    assert beyond == last
    assert service.history(engagement, "waste").count == 3
    assert service.history(engagement, "goals").changes == ()


def test_undoing_again_and_again_goes_back_to_the_beginning_and_forward_again(service: Service) -> None:
    engagement = service.open_demo()
    before = service.stream(engagement).told
    service.remove_stage(engagement, before.stages[3].id)
    service.change_stage(engagement, before.stages[0].id, {"wait_h": 99.0})
    after = service.stream(engagement).told

    while (change := service.history(engagement).undo) is not None:
        service.undo_last(engagement, change.id)
    assert service.stream(engagement).told == before
    while (change := service.history(engagement).redo) is not None:
        service.undo_last(engagement, change.id)
    assert service.stream(engagement).told == after


def test_an_undone_version_of_the_mandate_gives_way_to_the_one_before(service: Service) -> None:
    engagement = begun(service)
    first = service.save_mandate(engagement, {"scope": "named", "departments": ("Økonomi",)})
    service.save_mandate(
        engagement, {"scope": "company", "departments": ("Økonomi", "Leveranse"), "reason": "Flere må med"}
    )

    change = service.history(engagement).undo
    assert change is not None
    service.undo_last(engagement, change.id)

    assert service.mandate(engagement) == first


def test_an_undoing_counts_as_a_write(service: Service) -> None:
    engagement = begun(service)
    service.add_waste(engagement, "W4")
    revision = service.engagement(engagement).revision
    change = service.history(engagement).undo
    assert change is not None

    service.undo_last(engagement, change.id)

    assert service.engagement(engagement).revision > revision
