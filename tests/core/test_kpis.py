"""The use cases of the baseline KPIs on a real file."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assessment.engagement import EngagementId, KpiId, KpiPoint
from assessment.mapping.kpis import KpiReading
from assessment.service import Beginning, Service
from assessment.store import AlreadyThere, NotFound, SqliteStore

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
BEFORE = (9, 11, 8, 10, 12, 9, 10, 13, 9, 8, 11, 10)
AFTER = (7, 6, 8, 6, 7, 5, 6, 7)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "kpis.db"), clock=lambda: NOW)


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")


def day(number: int) -> date:
    return date(2026, 1, 5) + timedelta(weeks=number)


def measured(service: Service, engagement: EngagementId, values: tuple[float, ...], code: str = "K06") -> KpiId:
    kpi = service.add_kpi(engagement, code, "nb")
    service.set_points(engagement, kpi, {day(i): KpiPoint(on=day(i), value=v) for i, v in enumerate(values)})
    return kpi


def only(service: Service, engagement: EngagementId) -> KpiReading:
    (reading,) = service.kpis(engagement)
    return reading


def test_a_kpi_of_the_catalogue_comes_with_its_direction_and_floor_and_once(
    service: Service, engagement: EngagementId
) -> None:
    service.add_kpi(engagement, "K02", "en")
    assert (only(service, engagement).kpi.name, only(service, engagement).kpi.floor_value) == (
        "Revenue per sales FTE",
        None,
    )
    service.add_kpi(engagement, "K01", "nb")
    own = service.add_own_kpi(engagement, "Møter", "up")
    assert [r.kpi.code for r in service.kpis(engagement)] == ["K01", "K02", None]
    assert [r.series for r in service.kpis(engagement)] == [None, None, None]
    with pytest.raises(AlreadyThere):
        service.add_kpi(engagement, "K01", "nb")
    with pytest.raises(ValueError):
        service.add_own_kpi(engagement, "  ", "up")
    with pytest.raises(ValueError):
        service.edit_kpi(engagement, own, {"code": "K03"})


def test_the_worked_example_is_read_and_its_limits_stay_when_it_is_frozen(
    service: Service, engagement: EngagementId
) -> None:
    kpi = measured(service, engagement, BEFORE)
    service.freeze_baseline(engagement, kpi, day(11))
    before = only(service, engagement).series
    service.set_points(engagement, kpi, {day(12 + i): KpiPoint(on=day(12 + i), value=v) for i, v in enumerate(AFTER)})

    reading = only(service, engagement)
    assert reading.frozen == 12
    assert before is not None
    assert reading.series is not None
    assert reading.series.state == "signal_better"
    assert reading.series.segments[0].chart.upper == before.segments[0].chart.upper
    service.freeze_baseline(engagement, kpi, None)
    assert only(service, engagement).frozen is None
    with pytest.raises(ValueError):
        service.freeze_baseline(engagement, kpi, day(-1))


def test_a_change_needs_a_reason_and_something_before_it(service: Service, engagement: EngagementId) -> None:
    kpi = measured(service, engagement, BEFORE + AFTER)
    for on, reason in ((day(12), " "), (day(0), "frister"), (day(99), "frister")):
        with pytest.raises(ValueError):
            service.confirm_change(engagement, kpi, on, reason)

    service.confirm_change(engagement, kpi, day(12), "frister")
    found = only(service, engagement)
    assert [p.note for p in found.points if p.starts_segment] == ["frister"]
    assert found.series is not None
    assert len(found.series.segments) == 2
    service.withdraw_change(engagement, kpi, day(12))
    assert only(service, engagement).series != found.series


def test_what_is_set_can_be_undone_and_a_point_below_the_floor_is_refused(
    service: Service, engagement: EngagementId
) -> None:
    kpi = measured(service, engagement, BEFORE[:2])
    known = only(service, engagement).points
    changes = {day(1): None, day(2): KpiPoint(on=day(2), value=3, note="ny")}

    before = service.set_points(engagement, kpi, changes)
    assert [p.on for p in only(service, engagement).points] == [day(0), day(2)]
    service.set_points(engagement, kpi, before)
    assert only(service, engagement).points == known
    with pytest.raises(ValueError, match="floor"):
        service.set_points(engagement, kpi, {day(3): KpiPoint(on=day(3), value=-1)})


def test_a_point_moved_to_another_day_keeps_that_a_change_was_confirmed_there(
    service: Service, engagement: EngagementId
) -> None:
    kpi = measured(service, engagement, BEFORE[:3])
    service.confirm_change(engagement, kpi, day(1), "frister")
    undo = service.type_point(engagement, kpi, {"date": "14.01.2026", "value": "7,5"}, "nb", instead_of=day(1))

    found = only(service, engagement).points
    assert [(p.on, p.value, p.starts_segment) for p in found][1] == (date(2026, 1, 14), 7.5, True)
    assert len(found) == 3
    service.set_points(engagement, kpi, undo)
    assert [p.on for p in only(service, engagement).points] == [day(0), day(1), day(2)]


def test_a_preview_keeps_nothing_and_a_replaced_point_keeps_its_note(
    service: Service, engagement: EngagementId
) -> None:
    kpi = measured(service, engagement, BEFORE[:2])
    service.confirm_change(engagement, kpi, day(1), "frister")
    table = f"dato;verdi\n{day(1)};5\n{day(2)};6".encode()

    found = service.preview_points(engagement, kpi, "limt inn", table, "nb")

    assert (found.added, found.replaced, len(only(service, engagement).points)) == (1, 1, 2)
    assert (found.points[0].note, found.points[0].starts_segment) == ("frister", True)


def test_shares_of_few_cases_are_told_and_money_is_not(service: Service, engagement: EngagementId) -> None:
    rate, cost = service.add_kpi(engagement, "K01", "nb"), service.add_kpi(engagement, "K03", "nb")
    for kpi in (rate, cost):
        for on, cases in ((day(0), "9"), (day(1), "10")):
            cells = {"date": on.isoformat(), "numerator": "3", "denominator": cases}
            service.type_point(engagement, kpi, cells, "nb")  # type: ignore[arg-type]

    thin = {r.kpi.code: [p.on for p in r.thin] for r in service.kpis(engagement)}
    assert thin == {"K01": [day(0)], "K03": []}


def test_a_ratio_follows_its_unit(service: Service, engagement: EngagementId) -> None:
    kpi = service.add_own_kpi(engagement, "Møter per uke", "up")
    service.edit_kpi(engagement, kpi, {"numerator": "møter", "denominator": "uker"})
    service.type_point(engagement, kpi, {"date": "2026-01-05", "numerator": "3", "denominator": "4"}, "nb")
    assert only(service, engagement).points[0].value == 0.75
    service.edit_kpi(engagement, kpi, {"unit": "%"})
    assert only(service, engagement).points[0].value == 75.0


def test_words_of_the_catalogue_come_back_when_a_field_is_emptied(service: Service, engagement: EngagementId) -> None:
    kpi = service.add_kpi(engagement, "K06", "nb")
    service.edit_kpi(engagement, kpi, {"unit": "timer", "owner": " Salgsleder "})
    assert (only(service, engagement).kpi.unit, only(service, engagement).kpi.owner) == ("timer", "Salgsleder")
    service.edit_kpi(engagement, kpi, {"unit": "  "})
    assert only(service, engagement).kpi.unit is None
    for bad in ({"name": " "}, {"better": "sideways"}, {"quality": "D"}):
        with pytest.raises(ValueError):
            service.edit_kpi(engagement, kpi, bad)


def test_a_floor_above_a_point_is_refused(service: Service, engagement: EngagementId) -> None:
    kpi = service.add_own_kpi(engagement, "Avvik", "down")
    service.set_points(engagement, kpi, {day(0): KpiPoint(on=day(0), value=-1)})
    with pytest.raises(ValueError, match="floor"):
        service.edit_kpi(engagement, kpi, {"floor_value": 0})


def test_removing_is_undone_with_everything(service: Service, engagement: EngagementId) -> None:
    kpi = measured(service, engagement, BEFORE)
    removed = service.remove_kpi(engagement, kpi)
    assert service.kpis(engagement) == ()
    service.restore_kpi(engagement, removed.kpi, removed.points)
    assert only(service, engagement) == removed


def test_another_engagements_kpi_is_not_there(service: Service, engagement: EngagementId) -> None:
    kpi = measured(service, engagement, BEFORE)
    other = service.begin(Beginning(organisation="Annen", role="SL", training_planned="no"), "nb")
    with pytest.raises(NotFound):
        service.set_points(other, kpi, {})
    with pytest.raises(NotFound):
        service.remove_kpi(other, kpi)


def test_the_example_has_a_changed_and_a_provisional_kpi(service: Service) -> None:
    quote, errors = service.kpis(service.open_demo())
    assert quote.series is not None
    assert errors.series is not None
    assert (quote.series.state, errors.series.state) == ("signal_better", "stable_no_change")
    assert errors.series.segments[0].chart.provisional
    for point in errors.points:
        assert point.value == pytest.approx(100 * (point.numerator or 0) / (point.denominator or 1))
