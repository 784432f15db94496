"""What a rerun of each page costs the server, with one reader and the example open."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from assessment.engagement import Answer, EngagementId, ItemId, KpiPoint
from assessment.mapping import kpi_catalogue, process_catalogue
from assessment.plan.actions import STATUSES
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from tests.load.browser_tab import Tab
from tests.load.measure import LINUX, Row, cpu_s
from tests.serving import Server

RUNS, WARMING = 40, 6
ACTIONS = 200
ANSWER_MS, PAGE_MS, CHART_MS, EDIT_MS = 15.0, 40.0, 45.0, 150.0
PAGES = (
    "start",
    "stream",
    "handoffs",
    "maturity",
    "items",
    "diagnosis",
    "strategy",
    "decision",
    "payback",
    "plan",
    "actions",
    "follow_up",
    "training_brief",
    "targets",
    "mandate",
    "goals",
    "kpis",
    "processes",
    "waste",
    "history",
    "method",
)
# of an assessment with every key figure of the catalogue, 24 months of each
FULL_PAGES = ("kpis", "diagnosis", "strategy", "goals")
MONTHS = 24


def rows() -> list[Row]:
    """One row a page: milliseconds of server CPU per rerun, all threads."""
    if not LINUX:
        return [Row("rerun of a page, server CPU", (), "ms", note="measured on Linux only")]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        service = Service(SqliteStore(database))
        demo = service.open_demo()
        solo = service.begin(Beginning(organisation="Bench", role="SL", training_planned="yes"), "nb")
        server = Server(database).start()
        try:
            for page in PAGES:  # the first visit imports what the page needs, some of it in the background
                Tab(server.address, page, {"e": demo, "lang": "nb"}).close()
            pages = [_page(server, page, demo) for page in PAGES]
            edits = [_editing(server, service, demo), _estimating(server, service, demo), *_planning(server, service)]
            full = _mapped(service)
            pages += [_page(server, page, full, f"17 key figures, {MONTHS} months") for page in FULL_PAGES]
            return [_answering(server, solo, database), *edits, *pages]
        finally:
            server.stop()


def _answering(server: Server, solo: str, database: Path) -> Row:
    tab = Tab(server.address, "answer", {"e": solo, "lang": "nb", "p": "C5"})
    turn = iter(range(10**6))
    figures = _reruns(server, lambda: tab.choose(0, next(turn) % 5))
    _refuse_alerts(tab)
    saved = sqlite3.connect(database).execute("SELECT count(*) FROM answers WHERE item_id = 'C5.1'").fetchone()[0]
    if not saved:
        raise RuntimeError("the clicks of the benchmark saved nothing")
    tab.close()
    return Row("answer, a click that saves", figures, "ms", ANSWER_MS)


def _editing(server: Server, service: Service, demo: EngagementId) -> Row:
    """A stage's waiting is another each time, so the chart beside its fields is built anew."""
    stage = service.stream(demo).chain[3].id
    tab = Tab(server.address, "stream", {"e": demo, "lang": "nb", "p": stage})
    turn = iter(range(10**6))

    def edit() -> None:
        service.change_stage(demo, stage, {"wait_h": 40.0 + next(turn) / 4})
        tab.rerun()

    figures = _reruns(server, edit)
    _refuse_alerts(tab)
    tab.close()
    return Row("value stream, an edit that redraws", figures, "ms", EDIT_MS, "1 chart")


def _estimating(server: Server, service: Service, demo: EngagementId) -> Row:
    """An input is another each time, so all 20 000 cases are drawn anew."""
    tab = Tab(server.address, "payback", {"e": demo, "lang": "nb", "p": "B1a"})
    turn = iter(range(10**6))

    def edit() -> None:
        service.tell_input(demo, "order_value", {"likely": 400_000.0 + next(turn)})
        tab.rerun()

    figures = _reruns(server, edit)
    _refuse_alerts(tab)
    tab.close()
    return Row("payback, an edit that draws all cases anew", figures, "ms", EDIT_MS)


def _mapped(service: Service) -> EngagementId:
    """An assessment that one leader has answered and mapped in full."""
    made = service.begin(Beginning(organisation="Bench", role="SL", training_planned="yes"), "nb")
    sheet = service.sheet(made)
    assert sheet is not None
    service.answer(sheet.response_id, {ItemId(item.id): Answer(value=2) for item in sheet.items})
    service.begin_stream(made, "nb", worked=True)
    service.add_catalogue_processes(made, tuple(process_catalogue.catalogue()))
    days = [date(2024 + month // 12, month % 12 + 1, 28) for month in range(MONTHS)]
    for code in kpi_catalogue.catalogue():
        kpi = service.add_kpi(made, code, "nb")
        service.set_points(made, kpi, {on: KpiPoint(on=on, value=20.0 + on.month % 5) for on in days})
        service.freeze_baseline(made, kpi, days[MONTHS // 2])
    return made


def _planning(server: Server, service: Service) -> list[Row]:
    """A plan of 200 actions beside every key figure, with proposals, edited each time."""
    busy = _mapped(service)
    for n in range(ACTIONS):
        said = {"title": f"Tiltak {n}", "owner": "Salg", "due_on": date(2025 + n % 4, n % 12 + 1, n % 28 + 1)}
        action = service.begin_action(busy)
        service.describe_action(busy, action, said)
        service.move_action(busy, action, STATUSES[n % len(STATUSES)])
    found = []
    for view in ("board", "list", "timeline", action):
        tab = Tab(server.address, "plan", {"e": busy, "lang": "nb", "p": view})
        turn = iter(range(10**6))

        def edit(tab: Tab = tab, turn: Iterator[int] = turn) -> None:
            service.describe_action(busy, action, {"due_on": date(2026, 1, 1) + timedelta(next(turn))})
            tab.rerun()

        figures = _reruns(server, edit)
        _refuse_alerts(tab)
        tab.close()
        name = "one action" if view == action else view
        found.append(Row(f"plan of {ACTIONS} actions, {name}, an edit", figures, "ms", EDIT_MS))
    return found


def _page(server: Server, page: str, demo: str, about: str = "") -> Row:
    tab = Tab(server.address, page, {"e": demo, "lang": "nb"})
    charts = tab.charts
    figures = _reruns(server, tab.rerun)
    _refuse_alerts(tab)
    tab.close()
    words = "1 chart" if charts == 1 else f"{charts} charts" if charts else ""
    told = ", ".join(filter(None, [words, about]))
    return Row(page, figures, "ms", PAGE_MS + CHART_MS * charts, told)


def _reruns(server: Server, rerun: Callable[[], None]) -> tuple[float, ...]:
    assert server.process is not None
    for _ in range(WARMING):
        rerun()
    figures, before = [], cpu_s(server.process.pid)
    for _ in range(RUNS):
        rerun()
        # what the server does after its last message counts for the rerun that follows
        after = cpu_s(server.process.pid)
        figures.append((after - before) * 1000)
        before = after
    return tuple(figures)


def _refuse_alerts(tab: Tab) -> None:
    if tab.alerts:
        raise RuntimeError(f"the page shows an error: {tab.alerts}")
