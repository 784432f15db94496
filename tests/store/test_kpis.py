"""What every store does with KPIs and their points."""

from collections.abc import Callable
from datetime import date

import pytest

from assessment.engagement import EngagementId, Kpi, KpiId, KpiPoint
from assessment.store import AlreadyThere, Closed, NotFound, Store
from tests.store.situations import TUESDAY, someone_answering

QUOTE, RATE = KpiId("quote"), KpiId("rate")
JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)
FULL = KpiPoint(on=JANUARY, value=25.5, numerator=5.1, denominator=20, n=20, starts_segment=True, note="frister")


def a_kpi(id_: KpiId = QUOTE, **fields: object) -> Kpi:
    return Kpi.model_validate({"id": id_, "name": "Tilbudstid", "better": "down"} | fields)


def followed(store: Store) -> EngagementId:
    """An engagement that follows one KPI with one point."""
    engagement, _, _ = someone_answering(store)
    store.add_kpi(engagement, a_kpi(), [FULL])
    return engagement


def writes(engagement: EngagementId) -> dict[str, Callable[[Store], object]]:
    return {
        "add_kpi": lambda s: s.add_kpi(engagement, a_kpi(RATE)),
        "save_kpi": lambda s: s.save_kpi(engagement, a_kpi(name="Svar på anbud")),
        "remove_kpi": lambda s: s.remove_kpi(engagement, QUOTE),
        "write_kpi_points": lambda s: s.write_kpi_points(engagement, QUOTE, {JANUARY: None}),
    }


ALL_WRITES = list(writes(EngagementId("nobody")))


def test_what_is_stored_is_read_back_as_it_was_in_order(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    whole = a_kpi(
        RATE,
        code="K01",
        definition="Andel vunnet",
        numerator="vunnet",
        denominator="avgjort",
        unit="%",
        period="month",
        source_system="CRM",
        extracted_on=FEBRUARY,
        owner="Salgsleder",
        quality="A",
        baseline_until_on=JANUARY,
        floor_value=0,
    )
    bare = KpiPoint(on=FEBRUARY, value=30)
    store.add_kpi(engagement, a_kpi(), [])
    store.add_kpi(engagement, whole, [bare, FULL])
    assert store.kpis(engagement) == [(whole, (FULL, bare)), (a_kpi(), ())]


def test_points_are_replaced_and_removed_by_day_and_others_stay(store: Store) -> None:
    engagement = followed(store)
    store.write_kpi_points(engagement, QUOTE, {FEBRUARY: KpiPoint(on=FEBRUARY, value=2)})
    store.write_kpi_points(
        engagement, QUOTE, {JANUARY: KpiPoint(on=JANUARY, value=1), FEBRUARY: None, date(2026, 3, 31): None}
    )
    assert store.kpis(engagement)[0][1] == (KpiPoint(on=JANUARY, value=1),)
    with pytest.raises(ValueError, match="another day"):
        store.write_kpi_points(engagement, QUOTE, {JANUARY: KpiPoint(on=FEBRUARY, value=1)})


def test_a_kpi_is_saved_without_its_points_and_removed_with_them(store: Store) -> None:
    engagement = followed(store)
    store.save_kpi(engagement, a_kpi(name="Svar på anbud", owner="Salgsleder"))
    assert store.kpis(engagement) == [(a_kpi(name="Svar på anbud", owner="Salgsleder"), (FULL,))]
    store.remove_kpi(engagement, QUOTE)
    store.add_kpi(engagement, a_kpi())
    assert store.kpis(engagement) == [(a_kpi(), ())]


def test_a_place_in_the_catalogue_is_taken_once_and_nothing_of_the_second_is_kept(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    store.add_kpi(engagement, a_kpi(code="K06"))
    for again in (a_kpi(RATE, code="K06"), a_kpi()):
        with pytest.raises(AlreadyThere):
            store.add_kpi(engagement, again, [FULL])
    assert store.kpis(engagement) == [(a_kpi(code="K06"), ())]


@pytest.mark.parametrize("write", ALL_WRITES)
def test_every_write_raises_the_revision_and_none_is_made_to_a_deleted_engagement(store: Store, write: str) -> None:
    engagement = followed(store)
    before = store.revision(engagement)
    writes(engagement)[write](store)
    assert store.revision(engagement) > before

    closed = followed_elsewhere(store)
    store.delete_engagement(closed, TUESDAY)
    before = store.revision(closed)
    with pytest.raises(Closed):
        writes(closed)[write](store)
    assert store.revision(closed) == before


def followed_elsewhere(store: Store) -> EngagementId:
    engagement, _, _ = someone_answering(store)
    return engagement


@pytest.mark.parametrize("write", ALL_WRITES)
def test_nothing_is_written_to_what_is_not_there_or_belongs_to_another(store: Store, write: str) -> None:
    engagement, other = followed(store), followed_elsewhere(store)
    with pytest.raises(NotFound):
        writes(EngagementId("nobody"))[write](store)
    if write != "add_kpi":
        before = store.revision(other)
        with pytest.raises(NotFound):
            writes(other)[write](store)
        assert store.revision(other) == before
    assert store.kpis(engagement) == [(a_kpi(), (FULL,))]
    with pytest.raises(NotFound):
        store.kpis(EngagementId("nobody"))
