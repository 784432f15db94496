"""The plan: quick wins that are ones, what the mandate parks, what is proposed once, and three views of it all."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import Action, ActionId, EngagementId
from assessment.service import Service
from assessment.settings import settings
from assessment.store import SqliteStore
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told

TODAY = datetime.now(UTC).date()
LANGS = pytest.mark.parametrize("lang", ["nb", "en"])
WHAT = {"nb": "Hva skal gjøres?", "en": "What is to be done?"}
OWNER = {"nb": "Hvem eier tiltaket?", "en": "Who owns the action?"}
KPI = {"nb": "Hvilket nøkkeltall viser at det virker?", "en": "Which key figure shows that it works?"}
FIGURE = {"nb": "Hvor mye skal det gi?", "en": "How much is it to give?"}
STRATEGY = {"nb": "Hvilken strategi hører det til?", "en": "Which strategy does it serve?"}
QUICK = {"nb": "Gjør det til en rask gevinst", "en": "Make it a quick win"}
OPEN = {"nb": "Åpne", "en": "Open"}
TAKE = {"nb": "Ta inn i planen", "en": "Take into the plan"}
VIEW = {"nb": "Visning", "en": "View"}


def field(page: AppTest, label: str) -> Any:
    kinds = ("text_input", "selectbox", "text_area")
    return next(box for kind in kinds for box in page.main.get(kind) if box.label == label)


def an_action(service: Service, engagement: EngagementId, **said: Any) -> ActionId:
    action_id = service.begin_action(engagement)
    service.describe_action(engagement, action_id, {"title": "Sjekkliste & <mal>"} | said)
    return action_id


def get(service: Service, engagement: EngagementId, action_id: ActionId) -> Action:
    found = service.plan(engagement).find(action_id)
    assert found is not None
    return found


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("plan", lang=lang)) == [button]


@pytest.mark.parametrize(("lang", "rule"), [("nb", "En rask gevinst har et tall"), ("en", "A quick win has a figure")])
def test_with_none_it_says_what_a_quick_win_is_and_offers_an_action(
    app: OpenApp, solo: MakeSolo, lang: str, rule: str
) -> None:
    page = app("plan", solo("none"), lang=lang)

    assert rule in words(page)
    assert buttons(page) == [{"nb": "Nytt tiltak", "en": "New action"}[lang]]
    assert never_shown(page) == []


@LANGS
def test_an_action_is_a_quick_win_when_nothing_lacks(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("none")
    kpi_id = service.add_kpi(engagement, "K06", "nb")
    page = press(app("plan", engagement, lang=lang), {"nb": "Nytt tiltak", "en": "New action"}[lang])
    (action,) = service.plan(engagement).actions
    assert page.query_params["p"] == action.id

    for label, typed in ((WHAT, "Skriftlig svarfrist"), (OWNER, "Salgsleder"), (FIGURE, "2"), (KPI, kpi_id)):
        field(page, label[lang]).set_value(typed).run()
    assert 'role="status">✓' in words(page)
    assert {"nb": "Mangler før det er en rask gevinst: frist.", "en": "a quick win: due date."}[lang] in words(page)
    assert QUICK[lang] not in buttons(page)
    page.main.date_input[0].set_value(TODAY + timedelta(days=30)).run()
    page = press(page, QUICK[lang])
    assert get(service, engagement, action.id).quick_win

    page = press(page, {"nb": "Ferdig", "en": "Done"}[lang])
    assert {"nb": "En rask gevinst, 0 er gjort.", "en": "One quick win, 0 done."}[lang] in words(page)
    page = press(page, OPEN[lang])
    field(page, OWNER[lang]).set_value("").run()
    assert not get(service, engagement, action.id).quick_win
    assert {"nb": "rask gevinst: eier", "en": "quick win: owner"}[lang] in words(page)
    assert never_shown(page, action.id) == []


@LANGS
def test_a_card_is_moved_by_its_status(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("none")
    action_id = an_action(service, engagement)
    page = app("plan", engagement, lang=lang)
    assert {"nb": "Planlagt (1)", "en": "Planned (1)"}[lang] in words(page)

    for status, column in (("done", {"nb": "Gjort (1)", "en": "Done (1)"}), ("doing", {"nb": "I gang", "en": "In"})):
        field(page, {"nb": "Flytt «Sjekkliste & <mal>»", "en": "Move ‘Sjekkliste & <mal>’"}[lang]).set_value(status)
        page.run()
        assert get(service, engagement, action_id).status == status
        assert column[lang] in words(page)


@LANGS
@pytest.mark.parametrize("view", ["board", "list", "timeline"])
def test_overdue_is_said_in_every_view_and_on_its_own_page(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, view: str
) -> None:
    engagement = solo("none")
    late = an_action(service, engagement, due_on=TODAY - timedelta(days=3))
    page = app("plan", engagement, lang=lang, p=view)

    assert {"nb": "Ett tiltak er over fristen", "en": "One action is overdue"}[lang] in words(page)
    drawn = words(page) + str([chart.proto.spec for chart in page.main.get("vega_lite_chart")])
    assert {"nb": ", over fristen", "en": ", overdue"}[lang] in drawn
    assert {"nb": "Fristen var", "en": "It was due on"}[lang] in words(app("plan", engagement, lang=lang, p=late))


@LANGS
def test_the_view_is_in_the_address_and_one_comes_back_to_it(app: OpenApp, service: Service, lang: str) -> None:
    page = app("plan", service.open_demo(), lang=lang)
    chosen = next(box for box in page.main.segmented_control if box.label == VIEW[lang])
    page = chosen.set_value("list").run()
    assert page.query_params["p"] == "list"

    choose = {"nb": "Åpne et tiltak", "en": "Open an action"}[lang]
    page = field(page, choose).set_value("demo-action-4").run()
    assert field(page, WHAT[lang]).value == "Mal for behovet som teknisk avdeling trenger"
    page = press(page, {"nb": "Til planen", "en": "Back to the plan"}[lang])
    assert page.query_params["p"] == "list"


def test_many_actions_are_a_few_cards_and_a_timeline_by_month(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    days = [date(2030, 1 + n % 12, 1 + n % 28) for n in range(200)]
    actions = [Action.model_validate({"id": f"a{n}", "position": n, "due_on": day}) for n, day in enumerate(days)]
    SqliteStore(settings().database).add_actions(engagement, actions)

    page = app("plan", engagement)
    assert "195 til står i listen." in words(page)
    assert len([b for b in buttons(page) if b == "Åpne"]) == 5

    (chart,) = app("plan", engagement, p="timeline").main.get("vega_lite_chart")
    assert "januar 2030" in chart.proto.spec
    assert "17 gjenst\\u00e5r" in chart.proto.spec
    assert len(chart.proto.spec) < 60_000


def test_without_dates_there_is_no_timeline(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    an_action(service, engagement)
    page = app("plan", engagement, p="timeline")
    assert "Ingen tiltak har en frist ennå" in words(page)
    assert page.main.get("vega_lite_chart") == []
    assert page.main.get("download_button") == []


@LANGS
def test_what_lies_outside_the_mandate_is_parked_with_the_reason_and_moved_in_later(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement = solo("none")
    service.save_mandate(engagement, {"scope": "named", "horizon_months": 12})
    action_id = an_action(service, engagement)
    page = app("plan", engagement, lang=lang, p=action_id)

    field(page, STRATEGY[lang]).set_value("S2").run()

    reason = {"nb": "Utenfor mandatet: bare navngitte prosesser er med.", "en": "Outside the mandate: "}[lang]
    move_in = {"nb": "Flytt inn i planen", "en": "Move into the plan"}[lang]
    assert reason in words(page)
    page = app("plan", engagement, lang=lang)
    assert {"nb": "Ett tiltak er parkert", "en": "One action is parked"}[lang] in words(page)
    assert reason in words(page)
    assert move_in not in buttons(page)

    service.save_mandate(engagement, {"scope": "all_sales", "reason": "Utvidet"})
    page = press(app("plan", engagement, lang=lang), move_in)
    assert [action.id for action in service.plan(engagement).actions] == [action_id]
    assert {"nb": "parkert", "en": "parked"}[lang] not in words(page)
    assert never_shown(page, action_id) == []


def test_a_choice_can_be_taken_back(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    action_id = an_action(service, engagement, strategy="S1")
    page = app("plan", engagement, p=action_id)
    assert "Dette hører med til strategien: Hvem som eier prosessen." in words(page)

    field(page, STRATEGY["nb"]).set_value("").run()

    assert get(service, engagement, action_id).strategy is None


@LANGS
def test_a_hand_off_is_what_an_action_touches(app: OpenApp, service: Service, lang: str) -> None:
    demo = service.open_demo()
    label = {
        "nb": "Hvilket steg eller hvilken overlevering berører det?",
        "en": "Which stage or hand-off does it touch?",
    }
    page = app("plan", demo, lang=lang, p="demo-action-5")
    assert field(page, label[lang]).value == "demo-V4"

    for chosen, kept in (
        ("demo-V1>demo-V2", ("demo-V1", "demo-V2")),
        ("demo-V2", ("demo-V2", None)),
        ("", (None,) * 2),
    ):
        field(page, label[lang]).set_value(chosen).run()
        action = get(service, demo, ActionId("demo-action-5"))
        assert (action.stage_id, action.to_stage_id) == kept


@LANGS
def test_a_proposal_is_taken_over_with_one_click_once_and_that_can_be_undone(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement = solo("all")
    page = app("plan", engagement, lang=lang)
    count = buttons(page).count(TAKE[lang])
    assert count > 3
    assert {"nb": "Neste trinn på", "en": "The next step on"}[lang] in words(page)

    page = press(page, TAKE[lang])
    (action,) = service.plan(engagement).actions
    assert action.source is not None
    assert action.title is not None
    assert buttons(page).count(TAKE[lang]) == count - 1
    assert {"nb": "er tatt inn i planen", "en": "is in the plan"}[lang] in words(page)

    page = press(page, {"nb": "Angre", "en": "Undo"}[lang])
    assert (service.plan(engagement).actions, buttons(page).count(TAKE[lang])) == ((), count)


@pytest.mark.parametrize(("answers", "pack"), [("none", "full"), ("all", "pulse")])
def test_without_the_full_set_answered_there_is_nothing_to_propose(
    app: OpenApp, solo: MakeSolo, answers: str, pack: str
) -> None:
    page = app("plan", solo(answers, pack=pack))
    assert "Forslag kommer når" in words(page)
    assert TAKE["nb"] not in buttons(page)


@LANGS
def test_what_is_removed_can_be_brought_back(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("none")
    action_id = an_action(service, engagement, effort_h=4.0)
    before = get(service, engagement, action_id)

    page = press(app("plan", engagement, lang=lang, p=action_id), {"nb": "Ta bort", "en": "Remove"}[lang])
    assert service.plan(engagement).actions == ()
    page = press(page, {"nb": "Angre", "en": "Undo"}[lang])

    assert service.plan(engagement).actions == (before,)
    assert {"nb": "er tatt bort", "en": "is taken out"}[lang] not in words(page)


def test_an_owner_is_a_function(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("plan", engagement, p=an_action(service, engagement))

    field(page, OWNER["nb"]).set_value("Ola Hansen").run()

    assert "Dette ligner navnet på en person" in words(page)


def test_what_is_not_written_is_said(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    action_id = an_action(service, engagement)
    before = get(service, engagement, action_id)
    page, board = app("plan", engagement, p=action_id), app("plan", engagement)

    with kept_busy(database, monkeypatch):
        service._store.close()
        field(page, OWNER["nb"]).set_value("Økonomi").run()
        assert "Ikke lagret." in told(page)
        field(board, "Flytt «Sjekkliste & <mal>»").set_value("done").run()
        assert "Ikke lagret." in told(board)

    assert get(service, engagement, action_id) == before


@LANGS
@pytest.mark.parametrize("step", ["", "list", "timeline", "demo-action-4"])
def test_who_may_only_read_sees_the_plan_and_changes_nothing(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch, lang: str, step: str
) -> None:
    demo = service.open_demo()
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("plan", demo, lang=lang, p=step)

    assert "Nytt CRM-system som henter ordrene selv" in words(page)
    assert [*page.main.selectbox, *page.main.text_input, *page.main.date_input] == []
    never = {*OPEN.values(), *TAKE.values(), "Nytt tiltak", "New action"}
    assert not never & set(buttons(page))


@LANGS
@pytest.mark.parametrize("step", ["", "list", "timeline", "demo-action-2", "demo-action-9"])
def test_the_example_is_whole_in_every_view(app: OpenApp, service: Service, lang: str, step: str) -> None:
    page = app("plan", service.open_demo(), lang=lang, p=step)

    assert never_shown(page, "demo-action") == []
    if step == "list":
        assert {"nb": "2\u00a0%", "en": "2%"}[lang] in words(page)
        assert {"nb": "Behovsavklaring → ", "en": "Needs"}[lang] in everything(page)
    (calendar,) = page.main.get("download_button") or [None]
    assert (calendar is None) == step.startswith("demo-action")


def test_next_steps_lead_to_the_plan(app: OpenApp, service: Service) -> None:
    page = app("actions", service.open_demo())
    assert press(page, "Gå til planen").main.title[0].value == "Plan"
