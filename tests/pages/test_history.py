"""The history page: who changed what from what to what, in words, and the last change undone."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment import history
from assessment.actor import Actor
from assessment.engagement import EngagementId, ItemId, KpiPoint, ReadinessAnswer
from assessment.service import Beginning, Service
from assessment.store._sqlite_utils import Database
from assessment.store.migrations import MIGRATIONS
from assessment.store.watch import OWNER, TRACKED, columns_of
from assessment.texts import texts
from pages.ui import history_words, session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told
from tests.store.test_history import changing, row_and_change, with_parents

UNDO = {"nb": "Angre siste endring", "en": "Undo the last change"}
REDO = {"nb": "Gjør om igjen det som ble angret", "en": "Do again what was undone"}
# ids, places in an order, times and flags that the product sets itself
NOT_TOLD = {
    "id",
    "code",
    "position",
    "parent_stage_id",
    "created_at",
    "version",
    "set_after_results",
    "classes_shown_at",
    "presumed",
    "mandate_version",
    "decided_at",
    "basis",
    "source",
    "wave_id",
    "recommended",
    "outside",
    "decided_on",
}

TOLD = {
    "nb": [
        "Mandatet · Hvor langt rekker arbeidet? Bare navngitte prosesser i salg → Hele virksomheten",
        "Økonomi → Økonomi og Leveranse",
        "Kan endre systemer: ukjent → Nei",
        "Leadmottak · Venter før etappen (timer): 4 → 9,5",
        "Leadmottak → Kvalifisering · Er innholdet avtalt? Ja → Nei",
        "Venting · Hva er årsaken? ukjent → «Ingen <frist>»",
        "Hvor i verdistrømmen? ukjent → Leadmottak",
        "8 etapper · lagt til",
        "på denne maskinen",
    ],
    "en": [
        "Økonomi → Økonomi and Leveranse",
        "May change systems: unknown → No",
        "Lead intake · ",
        "8 stages · added",
        "at this machine",
    ],
}


def listed(page: AppTest) -> list[str]:
    """The changes, newest first, each as a line of text."""
    shown = page.main.get("html")
    items = [item for html in shown for item in re.findall(r"<li>(.*?)</li>", html.value) if "sf-note" in item]
    return [unescape(re.sub(r"<[^>]+>", "", item.replace("<br>", " ¶ "))) for item in items]


@pytest.fixture
def changed(solo: MakeSolo, service: Service) -> EngagementId:
    """An assessment in which everything that has a page has been changed."""
    engagement = solo("none")
    service.set_criterion(engagement, "C1", weight=3, target=4.5)
    service.answer_readiness(engagement, ReadinessAnswer(item_id=ItemId("P1"), value=4))
    service.save_mandate(engagement, {"scope": "named", "departments": ("Økonomi",), "may_change_system": False})
    service.save_mandate(
        engagement, {"scope": "company", "departments": ("Økonomi", "Leveranse"), "reason": "Flere må med"}
    )
    service.begin_stream(engagement, "nb", worked=True)
    stages = service.stream(engagement).told.stages
    service.change_stage(engagement, stages[0].id, {"wait_h": 9.5, "complete_accurate_share": 0.9})
    service.change_handoff(engagement, stages[0].id, stages[1].id, {"clear_content": False})
    row = service.add_waste(engagement, "W4")
    service.describe_waste(engagement, row, {"stage_id": stages[0].id, "frequency": "weekly", "cause": "Ingen <frist>"})
    service.add_catalogue_processes(engagement, ("qualification",))
    return engagement


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("history", lang=lang)) == [button]


@pytest.mark.parametrize(("lang", "button"), [("nb", "Gå til nøkkeltall"), ("en", "Go to key figures")])
def test_with_nothing_changed_it_says_what_comes_here(app: OpenApp, solo: MakeSolo, lang: str, button: str) -> None:
    assert buttons(app("history", solo("all"), lang=lang)) == [button]


def test_each_column_of_each_table_is_told_or_known_not_to_be() -> None:
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    columns = {(t, c) for t in TRACKED for c in set(columns_of(db, t)[0]) - set(columns_of(db, t)[1]) - {OWNER}}

    told_of = {(table, column) for table, fields in history_words.TOLD.items() for column in fields}

    assert sorted((t, c) for t, c in columns - told_of if c not in NOT_TOLD) == []
    assert sorted(told_of - columns) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_everything_is_told_in_words(app: OpenApp, changed: EngagementId, lang: str) -> None:
    page = app("history", changed, lang=lang)

    said = "\n".join(listed(page))
    assert never_shown(page, changed) == []
    # codes, names of tables and columns, and what Python calls nothing
    assert not re.search(r"\b(V\d|W\d|P\d\d|[a-z]+_[a-z_]+|None|null|True|core)\b", said)
    for line in TOLD[lang]:
        assert line in said


@pytest.mark.parametrize("table", TRACKED)
def test_a_row_of_any_table_is_told_added_changed_and_taken_out(
    app: OpenApp, service: Service, database: Path, table: str
) -> None:
    store = service._store
    engagement = with_parents(store)  # type: ignore[arg-type]
    row, fields = row_and_change(store, engagement, table)
    with store._reading() as db:  # type: ignore[attr-defined]
        owner = {OWNER: engagement} if OWNER in db.table(table).columns_dict else {}
    given = ", ".join(f"{name} = ?" for name in fields)
    first = next(iter(row))
    written = [
        (f"INSERT INTO {table} ({', '.join(owner | row)}) VALUES ({', '.join('?' * len(owner | row))})", (owner | row)),
        (f"UPDATE {table} SET {given} WHERE {first} = ?", {**fields, "": row[first]}),
        (f"DELETE FROM {table} WHERE {first} = ?", {first: row[first]}),
    ]
    written = written if fields else [written[0], written[-1]]
    for sql, values in written:
        with changing(store, engagement) as db:  # type: ignore[arg-type]
            db.execute(sql, list(values.values()))

    for lang in ("nb", "en"):
        page = app("history", engagement, lang=lang)
        # departments are told with the version of the mandate they belong to
        assert len(listed(page)) == len(written)
        assert all(" · " in line for line in listed(page))
        assert never_shown(page, engagement) == []
        assert "None" not in everything(page)


def test_many_points_are_counted(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    kpi = service.add_own_kpi(engagement, "Svartid", "down")
    points = [KpiPoint.model_validate({"on": f"2026-{m:02}-28", "value": m}) for m in range(1, 13)]
    service.set_points(engagement, kpi, {point.on: point for point in points})
    service.set_points(engagement, kpi, {points[0].on: points[0].model_copy(update={"value": 7.25})})

    last, many, _ = listed(app("history", engagement))

    assert "Svartid · 12 målepunkter lagt til" in many
    assert "Svartid · Målepunkt 28. januar 2026, verdi: 1 → 7,3" in last


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_last_change_is_undone_and_done_again(
    app: OpenApp, changed: EngagementId, service: Service, lang: str
) -> None:
    service.remove_stage(changed, service.stream(changed).told.stages[0].id)
    page = app("history", changed, lang=lang)
    what = {"nb": "Leadmottak: lagt til", "en": "Lead intake: added"}[lang]
    assert what.split(":")[1] in words(page)

    page = press(page, UNDO[lang])

    assert len(service.stream(changed).told.stages) == 12
    assert {"nb": "angret en endring", "en": "undid a change"}[lang] in listed(page)[0]
    assert {"nb": "· angret", "en": "· undone"}[lang] in listed(page)[1]
    page = press(page, REDO[lang])
    assert len(service.stream(changed).told.stages) == 11
    assert REDO[lang] not in buttons(page)


def test_undoing_to_the_beginning_leaves_no_button(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    service.add_waste(engagement, "W4")

    page = press(app("history", engagement), UNDO["nb"])

    assert buttons(page) == [REDO["nb"]]
    assert "Siste endring kan angres" not in words(page)


def test_what_has_been_changed_since_is_a_sentence(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    row = service.add_waste(engagement, "W4")
    page = app("history", engagement)
    service.describe_waste(engagement, row, {"hours_month": 4.0})  # in another window

    page = press(page, UNDO["nb"])

    assert "endret eller tatt bort etterpå" in told(page)
    assert service.waste(engagement).rows[0].hours_month == 4.0


def test_what_is_not_written_is_said(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("none")
    service.add_waste(engagement, "W4")
    page = app("history", engagement)

    with kept_busy(database, monkeypatch):
        service._store.close()
        page = press(page, UNDO["nb"])
        assert "Ikke lagret." in told(page)

    assert len(service.waste(engagement).rows) == 1


def test_what_is_judged_blind_is_not_told_and_that_it_is_lost_is(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("none")
    service.add_catalogue_processes(engagement, ("qualification",))
    (process,) = service.processes(engagement).processes
    service.judge_process(engagement, process.id, "consultant", "support")
    assert len(listed(app("history", engagement))) == 1
    service.remove_process(engagement, process.id)

    page = app("history", engagement)

    assert "Støtte" not in words(page).replace("støtte?", "")
    assert "må vurderes på nytt" in words(page)


def test_the_classes_that_were_shown_are_told_and_no_longer_undone(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("none")
    service.add_catalogue_processes(engagement, ("qualification",))
    (process,) = service.processes(engagement).processes
    service.judge_process(engagement, process.id, "consultant", "support")
    service.judge_process(engagement, process.id, "client", "core")
    service.compare_classes(engagement)

    page = app("history", engagement)

    assert "Konsulenten: ukjent → Støtte" in listed(page)[0]
    assert UNDO["nb"] in buttons(page)
    offered = words(page).partition("Angrer du den")[2].partition("</ul>")[0]
    assert "tatt bort" in offered
    assert "Støtte" not in offered


def test_it_is_filtered_by_subject_and_turned_page_by_page(
    app: OpenApp, changed: EngagementId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 4)
    page = app("history", changed)
    first = listed(page)
    assert len(first) == 4
    assert "Side 1 av 3" in words(page)

    page = press(page, "Eldre endringer")
    assert not set(first) & set(listed(page))
    assert listed(press(page, "Nyere endringer")) == first

    (subjects,) = page.main.selectbox
    assert subjects.options[0] == "Alt"
    page = subjects.set_value("waste").run()
    assert len(listed(page)) == 2
    assert "2 endringer i sløsing" in words(page)
    assert "Eldre endringer" not in buttons(page)
    page.sidebar.segmented_control[0].set_value("en").run()
    assert "2 changes in waste" in words(page)


def test_who_is_told_by_name_or_by_how_they_came_in(app: OpenApp, service: Service) -> None:
    mine = session.installation().for_actor(Actor("oidc", "kari@a.no"))
    engagement = mine.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")
    mine.add_waste(engagement, "W4")
    session.installation().for_actor(Actor("key")).add_waste(engagement, "W5")
    mine.add_member(engagement, "sub:91f3", "facilitator")
    session.installation().for_actor(Actor("oidc", "sub:91f3")).add_waste(engagement, "W6")

    page = app("history", engagement)

    by = [line.split(" · ")[-1] for line in listed(page)]
    assert by == ["innlogget uten navn", "med tilgangsnøkkelen", "kari@a.no"]
    assert "91f3" not in everything(page)


def test_who_may_only_read_is_sent_to_the_result(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = service.open_demo()
    service.add_waste(demo, "W4")
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("history", demo)

    assert page.main.title[0].value == "Modenhet"
    assert listed(page) == []


def test_processes_that_stay_in_the_mandate_are_no_change(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    service.add_catalogue_processes(engagement, ("quoting", "coaching", "handover"))
    ids = tuple(process.id for process in service.processes(engagement).processes)
    service.save_mandate(engagement, {"process_ids": ids, "processes_in_scope": 3, "budget_nok": 1.0})
    service.save_mandate(engagement, {"budget_nok": 2.0, "reason": "Styret bevilget mer"})

    assert (
        words(app("history", engagement)).count(texts("nb")("history.field.processes")) == 1
    )  # the first version, and not what undoing would do
