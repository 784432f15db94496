"""The use cases of the mandate: reasons for a change, versions in comparison, who speaks for a department, the note."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assessment.engagement import EngagementId, Mandate
from assessment.plan.mandates import Difference, NoReason, decided_mandate, differences
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import Gone


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "mandates.db")


@pytest.fixture
def now() -> list[datetime]:
    return [datetime(2026, 3, 2, tzinfo=UTC)]


@pytest.fixture
def service(store: SqliteStore, now: list[datetime]) -> Service:
    return Service(store, clock=lambda: now[0])


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")


def a_mandate(**fields: Any) -> Mandate:
    return Mandate.model_validate(fields)


def test_the_first_needs_no_reason_and_every_change_one(service: Service, engagement: EngagementId) -> None:
    service.save_mandate(engagement, {"scope": "named"})

    for reason in ({}, {"reason": None}, {"reason": "  "}):
        with pytest.raises(NoReason):
            service.save_mandate(engagement, {"scope": "company", **reason})
    assert service.save_mandate(engagement, {"scope": "named"}).version == 1
    changed = service.save_mandate(engagement, {"scope": "company", "reason": " Styret vil det "})

    assert (changed.version, changed.scope, changed.reason) == (2, "company", "Styret vil det")


def test_versions_come_newest_first_with_what_each_changed(
    service: Service, engagement: EngagementId, now: list[datetime]
) -> None:
    assert service.mandate_versions(engagement) == ()
    service.save_mandate(engagement, {"scope": "named", "horizon_months": 6})
    now[0] += timedelta(days=30)
    service.save_mandate(engagement, {"horizon_months": 9, "reason": "Mer tid"})

    second, first = service.mandate_versions(engagement)

    assert (second.mandate.version, second.mandate.created_at) == (2, now[0])
    assert second.differences == (Difference("horizon_months", before=6, after=9),)
    assert (first.mandate.version, first.differences) == (1, ())


def test_an_earlier_version_is_taken_up_as_a_new_one(service: Service, engagement: EngagementId) -> None:
    first = service.save_mandate(engagement, {"scope": "named"})
    service.save_mandate(engagement, {"scope": "company", "reason": "Styret"})

    again = service.save_mandate(engagement, {"scope": first.scope, "reason": "Styret angret"})

    assert (again.version, again.same_content(first)) == (3, True)


def test_processes_come_from_the_list_and_may_leave_it(service: Service, engagement: EngagementId) -> None:
    one, other = (service.add_own_process(engagement, name, "nb") for name in ("Tilbud", "Ordre"))
    with pytest.raises(Gone):
        service.save_mandate(engagement, {"process_ids": ("elsewhere",), "processes_in_scope": 1})
    service.save_mandate(engagement, {"process_ids": (one, other), "processes_in_scope": 2})
    service.remove_process(engagement, one)

    kept = service.save_mandate(engagement, {"hours": 10, "reason": "Timer satt av"})

    assert set(kept.process_ids) == {one, other}
    with pytest.raises(Gone):
        service.save_mandate(
            engagement, {"process_ids": (one, other, "elsewhere"), "processes_in_scope": 3, "reason": "Flere"}
        )


def test_a_department_without_a_counterpart_brings_no_work_into_scope() -> None:
    def excluded_department(**fields: Any) -> bool:
        decided = decided_mandate(a_mandate(scope="all_sales", **fields))
        assert decided is not None
        return not decided.departments

    assert excluded_department()
    assert excluded_department(departments=("Leveranse",))
    assert not excluded_department(departments=("Leveranse",), counterparts={"Leveranse": "Leveransesjef"})
    assert not excluded_department(departments=("Leveranse",), counterparts={"Leveranse": None})


def test_every_field_of_a_mandate_can_be_told_apart() -> None:
    before = a_mandate()
    after = a_mandate(
        scope="company",
        process_ids=("a",),
        processes_in_scope=1,
        departments=("Leveranse",),
        counterparts={"Leveranse": "Leveransesjef"},
        horizon_months=6,
        may_change_process=True,
        may_change_system=False,
        may_change_model=False,
        may_change_organisation=False,
        owner="TM",
        budget_nok=1,
        hours=1,
    )

    told = {difference.field for difference in differences(before, after)}

    assert told == set(Mandate.model_fields) - {"counterparts", "reason", "version", "created_at"}
    assert differences(after, after) == ()


def test_departments_come_go_and_change_counterpart() -> None:
    before = a_mandate(departments=("Leveranse", "Økonomi"), counterparts={"Økonomi": "Økonomisjef"})
    after = a_mandate(
        departments=("Økonomi", "Kundesenter"), counterparts={"Økonomi": "Regnskapssjef", "Kundesenter": "Leder"}
    )

    assert differences(before, after) == (
        Difference("departments", "added", "Kundesenter", after="Leder"),
        Difference("departments", "removed", "Leveranse"),
        Difference("departments", "counterpart", "Økonomi", "Økonomisjef", "Regnskapssjef"),
    )


def test_the_number_of_processes_is_not_told_twice() -> None:
    before = a_mandate(process_ids=("a", "b"), processes_in_scope=2)
    after = a_mandate(process_ids=("b",), processes_in_scope=1)

    assert differences(before, after) == (Difference("process_ids", "removed", "a"),)
    counted = differences(a_mandate(processes_in_scope=3), before)
    assert [d.field for d in counted] == ["processes_in_scope", "process_ids", "process_ids"]


def test_own_words_know_which_mandate_they_were_about(service: Service, engagement: EngagementId) -> None:
    service.write_note(engagement, "S4", "nb", "shows", "Før mandatet")
    service.save_mandate(engagement, {"scope": "named"})
    service.write_note(engagement, "S4", "nb", "decide", " Skal vi? ")

    words = service.note_words(engagement, "S4", "nb")
    assert {section: (w.words, w.mandate_version) for section, w in words.items()} == {
        "shows": ("Før mandatet", 0),
        "decide": ("Skal vi?", 1),
    }
    service.write_note(engagement, "S4", "nb", "shows", "  ")
    assert set(service.note_words(engagement, "S4", "nb")) == {"decide"}
    assert service.note_words(engagement, "S4", "en") == {}
