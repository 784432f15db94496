"""Goals: a wish is a draft until nothing lacks, KPIs help to make it a goal, and what speaks against it is said."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId, Goal, KpiId, KpiPoint
from assessment.service import Service
from assessment.settings import settings
from assessment.store import SqliteStore
from pages.ui import session
from tests.core.test_plan_goals import QUOTE_DAYS, points
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told

TODAY = datetime.now(UTC).date()
WHAT = {"nb": "Hva vil dere oppnå?", "en": "What do you want to reach?"}
KPI = {"nb": "Hvilket nøkkeltall viser om dere kommer dit?", "en": "Which key figure shows whether you get there?"}
UNIT = {"nb": "Hvilken enhet måles det i?", "en": "In which unit is it measured?"}
BASELINE = {"nb": "Hvor står dere i dag? (nullpunkt)", "en": "Where are you today? (baseline)"}
TARGET = {"nb": "Hvilket tall skal dere nå?", "en": "Which figure are you to reach?"}
OWNER = {"nb": "Hvem eier målet?", "en": "Who owns the goal?"}
ADOPT = {"nb": "Gjør det til et mål", "en": "Make it a goal"}


def field(page: AppTest, label: str) -> Any:
    kinds = ("text_input", "selectbox")
    return next(box for kind in kinds for box in page.main.get(kind) if box.label == label)


def only(service: Service, engagement: EngagementId) -> Goal:
    found = service.goals(engagement)
    (goal,) = (*found.goals, *found.drafts)
    return goal


def a_goal(service: Service, engagement: EngagementId, **about: Any) -> Goal:
    """A goal that nothing lacks, or the draft of one where something is said to be None."""
    whole = {"text": "Raskere & <bedre>", "target_value": 3.0, "unit": "dager", "baseline_value": 10.0}
    said = whole | {"due_on": TODAY + timedelta(days=90), "owner": "Salg"} | about
    goal_id = service.begin_goal(engagement)
    service.describe_goal(engagement, goal_id, {k: v for k, v in said.items() if v is not None})
    if None not in said.values():
        service.adopt_goal(engagement, goal_id)
    goal = service.goals(engagement).find(goal_id)
    assert goal is not None
    return goal


def quote_time(service: Service, engagement: EngagementId, *, frozen: bool = True) -> KpiId:
    """A KPI with the baseline of method §4.2: mean 10, natural variation from 4 to 16."""
    kpi_id, series = service.add_kpi(engagement, "K06", "nb"), points(QUOTE_DAYS)
    written: dict[date, KpiPoint | None] = {point.on: point for point in series}
    SqliteStore(settings().database).write_kpi_points(engagement, kpi_id, written)
    if frozen:
        service.freeze_baseline(engagement, kpi_id, series[-1].on)
    return kpi_id


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("goals", lang=lang)) == [button]


@pytest.mark.parametrize(("lang", "rule"), [("nb", "Et mål har et tall"), ("en", "A goal has a figure")])
def test_with_none_it_says_what_a_goal_is_and_offers_one(app: OpenApp, solo: MakeSolo, lang: str, rule: str) -> None:
    page = app("goals", solo("none"), lang=lang)

    assert rule in words(page)
    assert buttons(page) == [{"nb": "Nytt mål", "en": "New goal"}[lang]]
    assert never_shown(page) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_wish_is_a_draft_until_nothing_lacks(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("none")
    page = press(app("goals", engagement, lang=lang), {"nb": "Nytt mål", "en": "New goal"}[lang])
    draft = only(service, engagement)
    assert (draft.draft, page.query_params["p"]) == (True, draft.id)
    for label, typed in ((WHAT, "Raskere tilbud"), (UNIT, "dager"), (BASELINE, "10"), (OWNER, "Salgsleder")):
        field(page, label[lang]).set_value(typed).run()
    assert 'role="status">✓' in words(page)
    lacks = {"nb": "tallet dere skal nå og frist", "en": "the figure to reach and due date"}[lang]
    assert lacks in words(page)
    assert ADOPT[lang] not in buttons(page)

    page = press(page, {"nb": "La det være et utkast", "en": "Leave it a draft"}[lang])
    assert lacks in words(page)
    assert {"nb": "Ett utkast er ikke et mål ennå", "en": "One draft is not a goal yet"}[lang] in words(page)
    assert service.goals(engagement).goals == ()

    page = press(page, {"nb": "Åpne", "en": "Open"}[lang])
    field(page, TARGET[lang]).set_value("5").run()
    page.main.date_input[0].set_value(TODAY + timedelta(days=60)).run()
    assert service.goals(engagement).goals == ()
    page = press(page, ADOPT[lang])

    (goal,) = service.goals(engagement).goals
    assert (goal.text, goal.target_value, goal.due_on) == ("Raskere tilbud", 5.0, TODAY + timedelta(days=60))
    said = {"nb": "Fra 10 til 5\u00a0dager innen", "en": "From 10 to 5\u00a0dager by"}[lang]
    assert said in words(page)
    assert never_shown(page, goal.id) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_kpi_fills_in_unit_and_baseline_and_stands_beside(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement = solo("none")
    kpi_id, draft = quote_time(service, engagement), service.begin_goal(engagement)
    page = app("goals", engagement, lang=lang, p=draft)

    field(page, KPI[lang]).set_value(kpi_id).run()

    goal = only(service, engagement)
    assert (goal.kpi_id, goal.unit, goal.baseline_value) == (
        kpi_id,
        {"nb": "arbeidsdager", "en": "working days"}[lang],
        10.0,
    )
    assert field(page, BASELINE[lang]).value == "10"
    assert {"nb": "og er frosset", "en": "is frozen"}[lang] in words(page)
    assert UNIT[lang] not in {box.label for box in page.main.text_input}
    (chart,) = page.main.get("vega_lite_chart")
    field(page, TARGET[lang]).set_value("3,5" if lang == "nb" else "3.5").run()
    assert page.main.get("vega_lite_chart")[0].proto.spec == chart.proto.spec  # no target is drawn
    page.sidebar.segmented_control[0].set_value("en" if lang == "nb" else "nb").run()
    assert {"nb": "Measured in working days", "en": "Måles i arbeidsdager"}[lang] in words(page)

    field(page, KPI["en" if lang == "nb" else "nb"]).set_value("").run()
    assert (only(service, engagement).kpi_id, only(service, engagement).baseline_value) == (None, 10.0)


@pytest.mark.parametrize(("frozen", "count", "says"), [(False, 12, "ikke frosset"), (True, 8, "foreløpig")])
def test_a_baseline_that_is_not_firm_is_marked(
    app: OpenApp, solo: MakeSolo, service: Service, frozen: bool, count: int, says: str
) -> None:
    engagement = solo("none")
    kpi_id, draft = quote_time(service, engagement, frozen=frozen), service.begin_goal(engagement)
    last = points(QUOTE_DAYS)[count:]
    SqliteStore(settings().database).write_kpi_points(engagement, kpi_id, {point.on: None for point in last})

    service.measure_goal_by(engagement, draft, kpi_id, "nb")

    assert says in words(app("goals", engagement, p=draft))


def test_another_baseline_than_the_kpis_is_offered_the_mean(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    kpi_id, draft = quote_time(service, engagement), service.begin_goal(engagement)
    service.measure_goal_by(engagement, draft, kpi_id, "nb")
    page = app("goals", engagement, p=draft)
    assert "Bruk snittet som nullpunkt" not in buttons(page)
    field(page, BASELINE["nb"]).set_value("12").run()

    page = press(page, "Bruk snittet som nullpunkt")

    assert (only(service, engagement).baseline_value, field(page, BASELINE["nb"]).value) == (10.0, "10")


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize(
    ("about", "nb", "en"),
    [
        ({"target_value": 5.0}, "innenfor naturlig variasjon", "within natural variation"),
        ({"target_value": 20.0}, "i uønsket retning", "in the wrong direction"),
        ({"target_value": 10.0}, "det samme som nullpunktet", "the same as the baseline"),
        ({"due_on": TODAY - timedelta(days=1)}, "Fristen er gått ut", "The due date has passed"),
        ({"due_on": TODAY + timedelta(days=400)}, "etter at mandatet er slutt", "after the mandate ends"),
    ],
)
def test_what_speaks_against_a_goal_is_said_in_the_list_and_on_its_own_page(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, about: dict[str, Any], nb: str, en: str
) -> None:
    engagement = solo("none")
    service.save_mandate(engagement, {"horizon_months": 12})
    kpi_id = quote_time(service, engagement)
    sound = a_goal(service, engagement)
    service.measure_goal_by(engagement, sound.id, kpi_id, "nb")
    said = {"nb": nb, "en": en}[lang]
    assert "◆" not in words(app("goals", engagement, lang=lang))

    service.describe_goal(engagement, sound.id, about)

    for step in ("", sound.id):
        page = app("goals", engagement, lang=lang, p=step)
        assert said in words(page)
        assert never_shown(page, sound.id) == []


def test_a_goal_that_would_lack_something_keeps_what_it_had(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    goal = a_goal(service, engagement)
    page = app("goals", engagement, p=goal.id)

    for label in (WHAT, UNIT, BASELINE, TARGET, OWNER):
        field(page, label["nb"]).set_value("").run()
        assert "Et mål må ha dette" in told(page)
    page.main.date_input[0].set_value(None).run()
    assert "Et mål må ha dette" in told(page)

    assert only(service, engagement) == goal


def test_an_owner_is_a_function(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("goals", engagement, p=service.begin_goal(engagement))

    field(page, OWNER["nb"]).set_value("Ola Hansen").run()

    assert "Dette ligner navnet på en person" in words(page)


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_removed_can_be_brought_back(app: OpenApp, solo: MakeSolo, service: Service, whole: bool) -> None:
    engagement = solo("none")
    goal = a_goal(service, engagement) if whole else a_goal(service, engagement, owner=None)

    page = press(app("goals", engagement, p=goal.id), "Ta bort")
    assert "er tatt bort" in words(page)
    assert service.goals(engagement).find(goal.id) is None
    page = press(page, "Angre")

    assert only(service, engagement) == goal
    assert "er tatt bort" not in words(page)


def test_what_is_not_written_is_said(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    goal = a_goal(service, engagement)
    page = app("goals", engagement, p=goal.id)

    with kept_busy(database, monkeypatch):
        service._store.close()
        field(page, OWNER["nb"]).set_value("Økonomi").run()
        assert "Ikke lagret." in told(page)

    assert only(service, engagement) == goal


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("step", ["", "demo-goal-1", "demo-goal-3"])
def test_who_may_only_read_sees_goals_and_no_drafts(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch, lang: str, step: str
) -> None:
    demo = service.open_demo()
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("goals", demo, lang=lang, p=step)

    assert "Kunden får tilbudet innen fem arbeidsdager" in words(page)
    assert "Teknisk avdeling får hele behovet" not in everything(page)
    assert [*page.main.selectbox, *page.main.text_input, *page.main.date_input] == []
    assert not {"Åpne", "Open", "Nytt mål", "New goal"} & set(buttons(page))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_has_goals_judged_by_their_kpis_and_a_draft(app: OpenApp, service: Service, lang: str) -> None:
    page = app("goals", service.open_demo(), lang=lang)

    lead = {"nb": "2 mål, 1 med endring i ønsket retning", "en": "2 goals, 1 with a change in the right direction"}
    assert lead[lang] in words(page)
    stands = re.findall(
        r"(?:Tilbudstid|Ordrefeil fra salg|Quote lead time|Sales-origin order error rate): (.)", words(page)
    )
    assert stands == ["◆", "●"]
    assert never_shown(page) == []
