"""The use cases of the plan: what is a quick win, what the mandate parks, and what is proposed once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engagement import (
    QUICK_WIN_ESSENTIALS,
    Action,
    ActionId,
    EngagementId,
    Mandate,
    ProcessId,
    Stage,
    StageId,
)
from assessment.packs import LANGUAGES, Language
from assessment.plan.actions import Plan, Proposal, outside
from assessment.plan.days import months_later
from assessment.proposals import LOWEST, proposals
from assessment.service import Beginning, Service
from assessment.store import AlreadyThere, Gone, SqliteStore

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
IN_TIME, LATE = TODAY + timedelta(days=30), TODAY - timedelta(days=1)
NARROW = Mandate(scope="named", process_ids=(ProcessId("quoting"),), processes_in_scope=1, owner="SL")


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "plan.db")


@pytest.fixture
def service(store: SqliteStore) -> Service:
    return Service(store, clock=lambda: NOW)


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")


def only(service: Service, engagement: EngagementId) -> Action:
    plan = service.plan(engagement)
    (action,) = (*plan.actions, *(parked.action for parked in plan.parked))
    return action


def a_whole_one(service: Service, engagement: EngagementId, **said: Any) -> ActionId:
    """An action with all that makes a quick win."""
    action_id = service.begin_action(engagement)
    whole = {"title": "Skriftlig svarfrist", "figure": 3.0, "owner": "Salg", "due_on": IN_TIME}
    known = service.kpis(engagement)
    kpi_id = known[0].kpi.id if known else service.add_kpi(engagement, "K06", "nb")
    service.describe_action(engagement, action_id, whole | {"kpi_id": kpi_id} | said)
    return action_id


def test_an_action_is_kept_as_it_is_said_and_empty_words_are_none(service: Service, engagement: EngagementId) -> None:
    action_id = service.begin_action(engagement)

    service.describe_action(engagement, action_id, {"title": " Sjekkliste ", "owner": "  ", "effort_h": 4.0})

    action = only(service, engagement)
    assert (action.title, action.owner, action.effort_h, action.status) == ("Sjekkliste", None, 4.0, "planned")


def test_an_idea_waits_on_the_parking_list_until_it_is_moved_in(service: Service, engagement: EngagementId) -> None:
    idea = service.park_idea(engagement, " Felles kalender ")

    (parked,) = service.plan(engagement).parked
    assert (parked.action.id, parked.action.title, parked.reasons) == (idea, "Felles kalender", ())
    service.move_in(engagement, idea)
    assert [action.id for action in service.plan(engagement).actions] == [idea]


@pytest.mark.parametrize("field", QUICK_WIN_ESSENTIALS)
def test_a_quick_win_has_figure_owner_kpi_and_date_or_is_an_action(
    service: Service, engagement: EngagementId, field: str
) -> None:
    action_id = a_whole_one(service, engagement)
    whole = getattr(only(service, engagement), field)
    service.describe_action(engagement, action_id, {field: None})
    assert only(service, engagement).lacks == (field,)
    with pytest.raises(ValueError):
        service.call_quick_win(engagement, action_id, True)

    service.describe_action(engagement, action_id, {field: whole})
    service.call_quick_win(engagement, action_id, True)
    assert service.plan(engagement).quick_wins == (only(service, engagement),)

    service.describe_action(engagement, action_id, {field: None})
    assert (only(service, engagement).quick_win, service.plan(engagement).quick_wins) == (False, ())


@pytest.mark.parametrize("field", ["quick_win", "parked", "status", "done_on", "source", "id", "position"])
def test_where_an_action_stands_is_not_described(service: Service, engagement: EngagementId, field: str) -> None:
    action_id = service.begin_action(engagement)
    before = only(service, engagement)
    with pytest.raises(ValueError):
        service.describe_action(engagement, action_id, {field: getattr(before, field)})


def test_what_is_done_was_done_today_and_what_is_not_has_no_day(service: Service, engagement: EngagementId) -> None:
    action_id = a_whole_one(service, engagement, due_on=LATE)
    assert service.plan(engagement).overdue == (only(service, engagement),)

    service.move_action(engagement, action_id, "done")
    assert (only(service, engagement).done_on, service.plan(engagement).overdue) == (TODAY, ())

    service.move_action(engagement, action_id, "doing")
    assert (only(service, engagement).done_on, len(service.plan(engagement).overdue)) == (None, 1)
    service.move_action(engagement, action_id, "dropped")
    assert service.plan(engagement).overdue == ()


def test_an_action_due_today_is_not_overdue(service: Service, engagement: EngagementId) -> None:
    a_whole_one(service, engagement, due_on=TODAY)
    assert service.plan(engagement).overdue == ()


def test_the_plan_is_by_deadline_with_those_without_last(service: Service, engagement: EngagementId) -> None:
    for title, due_on in (("uten", None), ("sist", IN_TIME), ("først", LATE), ("uten igjen", None)):
        service.describe_action(engagement, service.begin_action(engagement), {"title": title, "due_on": due_on})
    assert [action.title for action in service.plan(engagement).actions] == ["først", "sist", "uten", "uten igjen"]


def test_what_lies_outside_the_mandate_is_parked_until_it_is_moved_in(
    service: Service, engagement: EngagementId
) -> None:
    action_id = a_whole_one(service, engagement)
    service.call_quick_win(engagement, action_id, True)
    service.save_mandate(engagement, {"scope": "named", "horizon_months": 12})
    service.describe_action(engagement, action_id, {"strategy": "S2"})

    (parked,) = service.plan(engagement).parked
    assert (parked.reasons, service.plan(engagement).actions) == (("scope_is_named_processes",), ())
    with pytest.raises(ValueError):
        service.move_in(engagement, action_id)

    service.save_mandate(engagement, {"scope": "all_sales", "reason": "Utvidet"})
    service.describe_action(engagement, action_id, {"owner": "Salgsstøtte"})
    (parked,) = service.plan(engagement).parked  # nobody has moved it in yet
    assert parked.reasons == ()

    service.move_in(engagement, action_id)
    plan = service.plan(engagement)
    assert ([a.id for a in plan.actions], plan.parked, plan.actions[0].quick_win) == ([action_id], (), True)


def test_a_narrower_mandate_parks_what_is_left_to_do_but_not_what_is_over(
    service: Service, engagement: EngagementId
) -> None:
    done, left = a_whole_one(service, engagement, strategy="S2"), a_whole_one(service, engagement, strategy="S2")
    service.move_action(engagement, done, "done")

    service.save_mandate(engagement, {"scope": "named", "horizon_months": 12})

    plan = service.plan(engagement)
    assert ([a.id for a in plan.actions], [p.action.id for p in plan.parked]) == ([done], [left])


def test_a_strategy_taken_back_takes_the_action_off_the_parking_list(
    service: Service, engagement: EngagementId
) -> None:
    service.save_mandate(engagement, {"scope": "named", "horizon_months": 12})
    action_id = a_whole_one(service, engagement, strategy="S2")
    assert len(service.plan(engagement).parked) == 1

    service.describe_action(engagement, action_id, {"strategy": "S5"})

    assert service.plan(engagement).parked == ()


@pytest.mark.parametrize("strategy", ["S1", "S2", "S3", "S4", "S5", "S6", "S0", None])
def test_without_a_mandate_nothing_is_outside(strategy: str | None) -> None:
    action = Action.model_validate({"id": "a", "strategy": strategy, "process_id": "order_entry"})
    assert outside(action, None, {}) == ()
    assert outside(action, Mandate(), {}) == ()


def test_the_mandate_tells_by_process_strategy_and_hand_off() -> None:
    stages = {
        StageId(name): Stage.model_validate({"id": name, "position": n, "name": name, "department": department})
        for n, (name, department) in enumerate((("behov", "Salg"), ("tilbud", "Salg"), ("levering", "Leveranse")))
    }

    def reasons(**said: object) -> tuple[str, ...]:
        return outside(Action.model_validate({"id": "a"} | said), NARROW, stages)

    assert reasons(process_id="quoting") == ()
    assert reasons(process_id="order_entry") == ("process_not_in_scope",)
    assert reasons(strategy="S6") == ("owner_not_top_management",)
    assert reasons(stage_id="behov", to_stage_id="tilbud") == ()
    assert reasons(stage_id="tilbud", to_stage_id="levering") == ("no_department_in_scope",)
    assert reasons(strategy="S4", stage_id="tilbud", to_stage_id="levering") == ("no_department_in_scope",)
    assert reasons(stage_id="levering") == ()


def test_a_proposal_is_taken_over_once_and_comes_back_when_taken_out(
    service: Service, engagement: EngagementId
) -> None:
    proposal = Proposal("S3.quick.1", "Neste steg på hver sak", "S3")
    action_id = service.take_over_proposal(engagement, proposal)
    assert only(service, engagement).model_dump(include={"title", "strategy", "source"}) == {
        "title": proposal.title,
        "strategy": "S3",
        "source": proposal.source,
    }
    with pytest.raises(AlreadyThere):
        service.take_over_proposal(engagement, proposal)

    removed = service.remove_action(engagement, action_id)
    assert service.plan(engagement).sources == frozenset()
    service.take_over_proposal(engagement, proposal)
    service.restore_action(engagement, removed)  # it has been taken over again, so this one is one's own
    assert {a.id: a.source for a in service.plan(engagement).actions}[action_id] is None
    assert service.plan(engagement).sources == {"S3.quick.1"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_proposals_follow_from_the_strategy_and_the_lowest_items(service: Service, language: Language) -> None:
    demo = service.open_demo()
    results, advice = service.results(demo), service.advice(demo)
    assert advice is not None

    chosen = advice.recommendation.recommended

    found = proposals(results, chosen, language)

    assert [p.source for p in found if p.strategy] == [f"{chosen}.quick.1", f"{chosen}.quick.2"]
    assert len([p for p in found if p.why]) == LOWEST
    assert {p.source for p in found} == {p.source for p in proposals(results, chosen, "nb")}
    for proposal in found:  # each is fit to be taken over
        assert Action.model_validate({"id": "a", "title": proposal.title, "source": proposal.source})
    assert [p.strategy for p in proposals(results, None, language)] == [None] * LOWEST


def test_what_is_removed_is_put_back_without_what_has_gone(service: Service, engagement: EngagementId) -> None:
    action_id = a_whole_one(service, engagement)
    service.call_quick_win(engagement, action_id, True)
    removed = service.remove_action(engagement, action_id)
    service.restore_action(engagement, removed)
    assert only(service, engagement) == removed

    service.remove_action(engagement, action_id)
    assert removed.kpi_id is not None
    service.remove_kpi(engagement, removed.kpi_id)
    service.restore_action(engagement, removed)
    assert only(service, engagement) == removed.model_copy(update={"kpi_id": None, "quick_win": False})


def test_one_measures_three_six_and_twelve_months_after_the_latest_measurement(service: Service) -> None:
    plan = service.plan(service.open_demo())
    days = [date(2027, 1, 16), date(2027, 4, 16), date(2027, 10, 16)]
    assert [(m.months, m.on) for m in plan.measuring] == list(zip((3, 6, 12), days, strict=True))
    assert plan.next_measuring == plan.measuring[0]
    assert replace(plan, today=date(2027, 4, 17)).next_measuring == plan.measuring[2]
    assert replace(plan, today=date(2028, 1, 1)).next_measuring is None


def test_with_nothing_measured_there_is_no_day_to_measure_again(service: Service, engagement: EngagementId) -> None:
    assert service.plan(engagement).measuring == ()


def test_the_example_has_each_kind_of_action(service: Service) -> None:
    plan = service.plan(service.open_demo())
    assert {status: len(plan.by_status(status)) for status in ("planned", "doing", "done", "dropped")} == {
        "planned": 3,
        "doing": 2,
        "done": 2,
        "dropped": 1,
    }
    assert (len(plan.quick_wins), [p.reasons for p in plan.parked]) == (
        3,
        [("may_not_challenge", "process_not_in_scope")],
    )


def test_an_action_that_is_not_there_is_gone(service: Service, engagement: EngagementId) -> None:
    nothing = ActionId("nothing")
    for write in (
        lambda: service.describe_action(engagement, nothing, {"title": "x"}),
        lambda: service.move_action(engagement, nothing, "done"),
        lambda: service.call_quick_win(engagement, nothing, False),
        lambda: service.move_in(engagement, nothing),
        lambda: service.remove_action(engagement, nothing),
    ):
        with pytest.raises(Gone):
            write()
    plan: Plan = service.plan(engagement)
    assert plan.find("nothing") is None
    assert plan.parking("nothing") is None


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)), st.integers(0, 240))
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
