"""A long event log: read from the file and summed up, as the page does before it shows anything."""

import random
import time
from datetime import date, datetime, timedelta

from assessment.current_state.event_log import chain_order, summary
from assessment.files.event_log import event_log
from tests.load.measure import Row

ROWS, RUNS, LIMIT_S = 200_000, 5, 5.0
STAGES = ("Lead", "Qualification", "Needs", "Quote", "Negotiation", "Order", "Delivery", "Follow-up")


def rows() -> list[Row]:
    """Seconds from the bytes of a file to the figures of each stage."""
    content, figures = _history(), []
    for _ in range(RUNS):
        began = time.perf_counter()
        log = event_log("history.csv", content, date(2026, 12, 31), lambda _: None)
        order = chain_order(log.visits, len(log.names))
        found = summary(log.visits, [order.index(stage) for stage in range(len(log.names))], len(order))
        figures.append(time.perf_counter() - began)
        if sum(stage.finished + stage.still_there for stage in found.stages) != ROWS:
            raise RuntimeError("the log has lost rows")
    note = f"{len(content) / 1e6:.0f} MB with four columns that are not read"
    return [Row("event log, 200 000 rows", tuple(figures), "s", LIMIT_S, note)]


def _history() -> bytes:
    """A CRM's stage history of two years; seeded, so always the same."""
    draw, ends = random.Random(1), datetime.fromisoformat("2025-12-31T16:00")
    lines, case = ["Opportunity ID,Account Name,Owner,Stage Name,Start Date,End Date,Amount,Source"], 0
    while len(lines) <= ROWS:
        case += 1
        came = datetime.fromisoformat("2024-01-01T08:00") + timedelta(hours=draw.random() * 17_000)
        for stage in STAGES:
            left = came + timedelta(hours=draw.expovariate(1 / 60))
            said = "" if left > ends else f"{left:%Y-%m-%d %H:%M}"
            about = f"OPP-{case:07d},Company {case} AS,Seller {case % 9}"
            lines.append(f"{about},{stage},{came:%Y-%m-%d %H:%M},{said},{draw.randrange(10**6)},Web")
            if not said or draw.random() < 0.15:
                break
            came = left + timedelta(hours=draw.expovariate(1 / 40))
            if came > ends:
                break
    return "\n".join(lines[: ROWS + 1]).encode()
