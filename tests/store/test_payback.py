"""What every store does with the payback."""

from collections.abc import Callable

import pytest

from assessment.engagement import EngagementId, Kpi, KpiId, PaybackInput, PaybackLine, PaybackTerms, PaybackTold
from assessment.store import AlreadyThere, Closed, Gone, NotFound, Store
from tests.store.situations import TUESDAY, someone_answering

WRITES: dict[str, Callable[[Store, EngagementId], object]] = {
    "change_payback_line": lambda s, e: s.change_payback_line(e, "B1a", {"owner": "Salgsleder"}),
    "change_payback_input": lambda s, e: s.change_payback_input(e, "sellers", {"likely": 8}),
    "change_payback_terms": lambda s, e: s.change_payback_terms(e, {"currency": "SEK"}),
    "begin_payback": lambda s, e: s.begin_payback(e, WHOLE),
}
WHOLE = PaybackTold(
    lines=(PaybackLine(line="B1a", owner="Salgsleder", evidence="E2"), PaybackLine(line="B7")),
    inputs=(
        PaybackInput(name="hours_per_quote", low=28, likely=20, high=16, unsure=True),
        PaybackInput(name="orders", likely=1318, source="K09", quality="B"),
    ),
    terms=PaybackTerms(currency="EUR", own_hours=420, own_hour_cost=65, discount_rate=0.1, growth_reason="Ny region"),
)


def an_engagement(store: Store) -> EngagementId:
    return someone_answering(store)[0]


def a_kpi(store: Store, engagement: EngagementId, name: str) -> KpiId:
    kpi = Kpi.model_validate({"id": name, "name": name, "better": "up"})
    store.add_kpi(engagement, kpi)
    return kpi.id


def test_nothing_is_told_at_first_and_a_whole_payback_is_read_back_as_it_was(store: Store) -> None:
    engagement = an_engagement(store)
    assert store.payback(engagement) == PaybackTold()

    store.begin_payback(engagement, WHOLE)

    assert store.payback(engagement) == WHOLE
    with pytest.raises(AlreadyThere):
        store.begin_payback(engagement, PaybackTold())
    assert store.payback(engagement) == WHOLE


def test_fields_that_are_not_given_stay(store: Store) -> None:
    engagement = an_engagement(store)
    store.begin_payback(engagement, WHOLE)

    store.change_payback_line(engagement, "B1a", {"evidence": None})
    store.change_payback_input(engagement, "orders", {"high": 1400})
    store.change_payback_terms(engagement, {"years": 5})

    told = store.payback(engagement)
    assert told.lines[0] == PaybackLine(line="B1a", owner="Salgsleder")
    assert told.inputs[1] == WHOLE.inputs[1].model_copy(update={"high": 1400})
    assert told.terms == WHOLE.terms.model_copy(update={"years": 5})


def test_a_range_may_be_told_in_any_order(store: Store) -> None:
    engagement = an_engagement(store)

    store.change_payback_input(engagement, "sellers", {"low": 9})
    store.change_payback_input(engagement, "sellers", {"likely": 8})

    assert store.payback(engagement).inputs == (PaybackInput(name="sellers", low=9, likely=8),)


@pytest.mark.parametrize(
    "write",
    [
        lambda s, e: s.change_payback_line(e, "B9", {"owner": "a"}),
        lambda s, e: s.change_payback_line(e, "B1a", {"evidence": "E4"}),
        lambda s, e: s.change_payback_input(e, "sellers", {"likely": float("nan")}),
        lambda s, e: s.change_payback_terms(e, {"currency": "USD"}),
        lambda s, e: s.change_payback_terms(e, {"years": 0}),
        lambda s, e: s.change_payback_terms(e, {"training_cost": -1}),
        lambda s, e: s.change_payback_terms(e, {"no_such": 1}),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    store: Store, write: Callable[[Store, EngagementId], object]
) -> None:
    engagement = an_engagement(store)
    revision = store.revision(engagement)

    with pytest.raises(ValueError):
        write(store, engagement)

    assert (store.payback(engagement), store.revision(engagement)) == (PaybackTold(), revision)


def test_a_line_points_to_a_kpi_of_its_own_engagement_and_outlives_it(store: Store) -> None:
    engagement, other = an_engagement(store), an_engagement(store)
    own, foreign = a_kpi(store, engagement, "own"), a_kpi(store, other, "foreign")

    store.change_payback_line(engagement, "B3", {"kpi_id": own, "owner": "Leveranse"})
    with pytest.raises(Gone):
        store.change_payback_line(engagement, "B3", {"kpi_id": foreign})
    assert store.payback(engagement).lines[0].kpi_id == own

    store.remove_kpi(engagement, own)
    assert store.payback(engagement).lines == (PaybackLine(line="B3", owner="Leveranse"),)


@pytest.mark.parametrize("write", WRITES)
def test_every_write_raises_the_revision_and_none_reaches_a_deleted_engagement(store: Store, write: str) -> None:
    engagement = an_engagement(store)
    before = store.revision(engagement)
    WRITES[write](store, engagement)
    assert store.revision(engagement) > before

    engagement = an_engagement(store)
    store.delete_engagement(engagement, TUESDAY)
    with pytest.raises(Closed):
        WRITES[write](store, engagement)
    assert store.payback(engagement) == PaybackTold()


def test_an_engagement_that_is_not_there_has_no_payback(store: Store) -> None:
    for ask in (store.payback, *(lambda e, w=w: w(store, e) for w in WRITES.values())):
        with pytest.raises(NotFound):
            ask(EngagementId("nobody"))
