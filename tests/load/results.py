"""What the results page costs as more people have answered: a closed wave read, scored and drawn in a reader's tab."""

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from assessment.engagement import Answer, Engagement, EngagementId, ItemId, Response, Wave
from assessment.packs import Role, builtin
from assessment.store import SqliteStore
from assessment.store.protocol import Store
from tests.load.browser_tab import Tab
from tests.load.measure import LINUX, Row, cpu_s, memory_mib, table
from tests.serving import Server

SIZES: Final = (10, 1_000, 10_000, 100_000)
LIMIT_S: Final = 2.0
RUNS: Final = 5
ROLES: Final[tuple[Role, ...]] = ("S", "S", "S", "S", "S", "OP", "OP", "OD", "OD", "SL", "TM")
CLOSED_AT: Final = datetime(2026, 3, 30, 16, tzinfo=UTC)


def rows() -> list[Row]:
    """By number of respondents the first look, which reads and scores every answer: seconds, CPU and what is sent."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "results.db"
        store = SqliteStore(database)
        warming = answered_by(store, 50)
        server = Server(database).start()
        try:
            Tab(server.address, "maturity", {"e": warming, "lang": "nb"}).close()  # imports what the page needs
            return [row for size in SIZES for row in _looks(server, store, size)]
        finally:
            server.stop()


def _looks(server: Server, store: Store, size: int) -> list[Row]:
    """Each look is the first one: a write in between, and everything is read and scored anew."""
    assert server.process is not None
    engagement = answered_by(store, size)
    seconds, spent, sent = [], [], []
    for _ in range(RUNS):
        store.set_criterion_settings(engagement, {})
        began, before = time.perf_counter(), cpu_s(server.process.pid) if LINUX else 0.0
        tab = Tab(server.address, "maturity", {"e": engagement, "lang": "nb"})
        seconds.append(time.perf_counter() - began)
        spent.append(cpu_s(server.process.pid) - before if LINUX else 0.0)
        if tab.alerts or not tab.charts:
            raise RuntimeError(f"the page shows no result: {tab.alerts}")
        sent.append(tab.received / 1024)
        tab.close()
    people = f"{size:,}".replace(",", " ")
    return [
        Row(f"results page, {people} respondents, first look", tuple(seconds), "s", LIMIT_S),
        Row("... server CPU", tuple(spent) if LINUX else (), "s"),
        Row("... sent to the browser", tuple(sent), "KiB"),
        Row("... memory of the server afterwards", (memory_mib(server.process.pid),) if LINUX else (), "MiB"),
    ]


def answered_by(store: Store, people: int) -> EngagementId:
    """A closed wave of the full set that so many have answered, made in bulk; seeded, so always the same."""
    pack, engagement_id = builtin("full"), EngagementId(f"bench-{people}")
    begun = CLOSED_AT - timedelta(days=14)
    engagement = Engagement(id=engagement_id, name="Bench", language="nb", mode="anonymous", created_at=begun)
    wave = Wave.model_validate(
        {
            "id": f"{engagement_id}-T0",
            "engagement_id": engagement_id,
            "label": "T0",
            "position": 1,
            "opened_at": begun,
            "closed_at": CLOSED_AT,
            "pack_id": pack.id,
            "pack_version": pack.version,
            "pack_hash": pack.hash,
            "scoring_version": "1.0",
        }
    )
    store.add_closed_wave(wave, _responses(wave, people), engagement)
    return engagement_id


def _responses(wave: Wave, people: int) -> Iterator[Response]:
    """Roles as in a sales organisation; now and then don't know or not applicable, an item or the rest left out."""
    draw, pack = random.Random(str(wave.id)), builtin(wave.pack_id)
    values = [Answer(value=level) for level in (1, 2, 3, 4, 5)]
    odd = [Answer(value="DK"), Answer(value="NA", na_reason="not_my_role"), None]
    for number in range(people):
        role = ROLES[number % len(ROLES)]
        leaning, asked = draw.choice((0, 0, 1)), pack.shown_to(role)
        last = draw.randrange(len(pack.items)) if draw.random() < 0.05 else len(pack.items)
        answers = {}
        for place, item in enumerate(pack.items):
            answer = odd[draw.randrange(3)] if draw.random() < 0.05 else values[min(4, draw.randrange(4) + leaning)]
            if item.id in asked and answer is not None and place <= last:
                answers[ItemId(item.id)] = answer
        seconds = {c.id: 5 * draw.randrange(2, 30) for c in pack.criteria}
        # constructed, not validated: checking a record a person would be most of the time of making them
        yield Response.model_construct(
            id=f"{draw.getrandbits(128):032x}",
            wave_id=wave.id,
            role=role,
            team=None,
            view="role",
            answers=answers,
            retrospective={},
            page_seconds=seconds,
        )


if __name__ == "__main__":
    print(table(rows()))
