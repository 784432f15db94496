"""The follow-up: benefits that count only while their KPI shows them, what lapses, and one axis for what happened."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assessment.current_state.series import series
from assessment.engagement import EngagementId, KpiId, KpiPoint, RealisedBenefit
from assessment.follow_up.follow_ups import NotRealised, SignedFor
from assessment.service import Beginning, Service
from assessment.store import SqliteStore

TODAY = datetime(2026, 6, 10, 9, tzinfo=UTC)
BASELINE = [9, 11, 8, 10, 12, 9, 10, 13, 9, 8, 11, 10]
BETTER = [7, 6, 8, 6, 7, 5, 6, 7]
AS_BEFORE = [10, 11, 9, 12]


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "follow_up.db")


@pytest.fixture
def service(store: SqliteStore) -> Service:
    return Service(store, clock=lambda: TODAY)


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    """Fewer errors are expected to give 48 000 a year, and somebody owns that."""
    begun = service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")
    for name, value in (("orders", 100), ("error_rate_cut", 0.08), ("error_cost", 6000)):
        service.tell_input(begun, name, {"likely": value})
    service.describe_benefit(begun, "B3", {"owner": "Leveransesjef"})
    return begun


def measured(
    service: Service, store: SqliteStore, engagement: EngagementId, values: Sequence[float], starts: int | None = None
) -> KpiId:
    """Follow the benefit by a KPI with these weekly values, the first twelve its frozen baseline."""
    kpi_id, first = service.add_own_kpi(engagement, "Ordrefeil", "down"), date(2026, 1, 4)
    days = [first + timedelta(weeks=n) for n in range(len(values))]
    points = {on: KpiPoint(on=on, value=value) for on, value in zip(days, values, strict=True)}
    store.write_kpi_points(engagement, kpi_id, points)
    if len(values) > 12:
        service.freeze_baseline(engagement, kpi_id, days[11])
    if starts is not None:
        service.confirm_change(engagement, kpi_id, days[starts], "Ny rutine")
    service.describe_benefit(engagement, "B3", {"kpi_id": kpi_id})
    return kpi_id


def test_a_benefit_goes_from_expected_to_claimed_to_realised_and_back(
    service: Service, store: SqliteStore, engagement: EngagementId
) -> None:
    measured(service, store, engagement, BASELINE + BETTER)
    (benefit,) = service.follow_up(engagement).benefits
    assert (benefit.stage, benefit.benefit.value) == ("not_yet", pytest.approx(48_000))

    service.claim_benefit(engagement, "B3", {"amount": 30_000, "measured_on": date(2026, 5, 31), "note": " Regnskap "})
    assert service.follow_up(engagement).benefits[0].stage == "claimed"
    assert service.follow_up(engagement).realised == 0
    service.sign_benefit(engagement, "B3", "Leveransesjef")

    found = service.follow_up(engagement)
    assert found.benefits[0].stage == "realised"
    assert found.benefits[0].told == RealisedBenefit(
        line="B3",
        amount=30_000,
        measured_on=date(2026, 5, 31),
        note="Regnskap",
        signed_by="Leveransesjef",
        signed_on=TODAY.date(),
    )
    assert (found.expected, found.realised, found.share) == (pytest.approx(48_000), 30_000, pytest.approx(0.625))
    with pytest.raises(SignedFor):
        service.claim_benefit(engagement, "B3", {"amount": 90_000})

    taken = service.withdraw_benefit(engagement, "B3")
    assert service.follow_up(engagement).benefits[0].stage == "claimed"
    service.restore_benefit(engagement, taken)
    assert service.follow_up(engagement).benefits[0].told == found.benefits[0].told


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (BASELINE[:4], "insufficient"),
        (BASELINE + AS_BEFORE, "stable_no_change"),
        ([*BASELINE, 20], "signal_worse"),
        (BASELINE + BETTER + AS_BEFORE, "lapsed"),
    ],
)
def test_what_the_kpi_does_not_show_nobody_can_sign_for(
    service: Service, store: SqliteStore, engagement: EngagementId, values: list[float], why: str
) -> None:
    measured(service, store, engagement, values)
    service.claim_benefit(engagement, "B3", {"amount": 30_000})

    with pytest.raises(NotRealised) as refused:
        service.sign_benefit(engagement, "B3", "Leveransesjef")

    assert refused.value.why == why
    assert service.follow_up(engagement).realised == 0


def test_amount_owner_and_kpi_come_first(service: Service, store: SqliteStore, engagement: EngagementId) -> None:
    def hindrance() -> str | None:
        return service.follow_up(engagement).benefits[0].hindrance

    assert hindrance() == "amount"
    service.claim_benefit(engagement, "B3", {"amount": 0})
    assert hindrance() == "kpi"
    service.describe_benefit(engagement, "B3", {"owner": ""})
    assert hindrance() == "owner"
    with pytest.raises(NotRealised):
        service.sign_benefit(engagement, "B3", "Leveransesjef")
    with pytest.raises(ValueError):
        service.claim_benefit(engagement, "B3", {"signed_by": "Noen"})


def test_a_benefit_whose_kpi_falls_back_is_not_counted_any_more_and_comes_back_with_it(
    service: Service, store: SqliteStore, engagement: EngagementId
) -> None:
    kpi_id = measured(service, store, engagement, BASELINE + BETTER)
    service.claim_benefit(engagement, "B3", {"amount": 30_000})
    service.sign_benefit(engagement, "B3", "Leveransesjef")

    later = [date(2026, 7, 5) + timedelta(weeks=n) for n in range(4)]
    worse = {on: KpiPoint(on=on, value=value) for on, value in zip(later, AS_BEFORE, strict=True)}
    store.write_kpi_points(engagement, kpi_id, worse)
    found = service.follow_up(engagement)
    assert (found.benefits[0].stage, found.benefits[0].hindrance, found.realised) == ("fallen_back", "lapsed", 0)

    store.write_kpi_points(engagement, kpi_id, {on: KpiPoint(on=on, value=5) for on in later})
    assert service.follow_up(engagement).benefits[0].stage == "realised"


def test_what_stands_beside_the_sum_is_not_summed(
    service: Service, store: SqliteStore, engagement: EngagementId
) -> None:
    kpi_id = measured(service, store, engagement, BASELINE + BETTER)
    service.describe_benefit(engagement, "B7", {"owner": "Leveransesjef", "kpi_id": kpi_id})
    service.claim_benefit(engagement, "B7", {"amount": 10_000})
    service.sign_benefit(engagement, "B7", "Leveransesjef")

    found = service.follow_up(engagement)

    beside = found.find("B7")
    assert beside is not None
    assert (beside.stage, found.realised, found.expected) == ("realised", 0, pytest.approx(48_000))


# ---------------------------------------------------------------- what lapses


def stands(*values: float, starts: tuple[int, ...] = ()) -> tuple[str, bool]:
    found = series([*BASELINE, *values], good="down", baseline=12, starts=starts)
    return found.state, found.lapsed


def test_better_lapses_when_four_points_neither_signal_nor_stay_on_the_better_side() -> None:
    assert stands(*BETTER) == ("signal_better", False)
    assert stands(*BETTER, *AS_BEFORE[:3]) == ("signal_better", False)
    assert stands(*BETTER, *AS_BEFORE) == ("signal_better", True)
    # one bad week among good ones is natural variation too
    assert stands(*BETTER, 11, 8, 9, 8) == ("signal_better", False)
    assert stands(3.5, 10, 11, 9, 12) == ("signal_better", True)
    assert stands(*AS_BEFORE) == ("stable_no_change", False)


def test_a_confirmed_change_lapses_by_the_limits_from_before_it() -> None:
    assert stands(*BETTER, starts=(12,)) == ("signal_better", False)
    assert stands(*BETTER, 10, 11, 9, 12, starts=(12,))[1]


# ---------------------------------------------------------------- one axis


def test_events_of_all_sources_lie_on_one_axis_oldest_first(
    service: Service, store: SqliteStore, engagement: EngagementId
) -> None:
    kpi_id = measured(service, store, engagement, BASELINE + BETTER, starts=12)
    service.claim_benefit(engagement, "B3", {"amount": 30_000})
    service.sign_benefit(engagement, "B3", "Leveransesjef")
    goal = service.begin_goal(engagement)
    whole = {"text": "Færre feil", "target_value": 4, "unit": "%", "baseline_value": 10, "owner": "Leveranse"}
    service.describe_goal(engagement, goal, {**whole, "due_on": date(2026, 12, 1)})
    assert "goal" not in {event.kind for event in service.timeline(engagement)}
    service.adopt_goal(engagement, goal)

    found = service.timeline(engagement)

    assert [event.on for event in found] == sorted(event.on for event in found)
    told = {(event.kind, event.what, event.about) for event in found}
    assert {("benefit", "signed", "B3"), ("kpi", "confirmed", kpi_id), ("goal", "due", goal)} <= told
    assert [event.what for event in found if event.kind == "wave"] == ["T0"]


def test_a_signal_is_told_where_it_begins_to_hold(
    service: Service, store: SqliteStore, engagement: EngagementId
) -> None:
    measured(service, store, engagement, [*BASELINE, 1, 1, 10, 20])

    signals = [(event.what, event.on) for event in service.timeline(engagement) if event.kind == "kpi"]

    assert signals == [("signal_better", date(2026, 3, 29)), ("signal_worse", date(2026, 4, 12))]


def test_every_use_case_says_who_may_call_it() -> None:
    asked = {
        name: getattr(Service, name).requirement
        for name in ("follow_up", "timeline", "claim_benefit", "sign_benefit", "withdraw_benefit", "restore_benefit")
    }
    assert asked == {"follow_up": "read", "timeline": "read"} | dict.fromkeys(
        ("claim_benefit", "sign_benefit", "withdraw_benefit", "restore_benefit"), "run"
    )
