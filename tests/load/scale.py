"""How many respondents an installation takes: one server process and two replicas on the same database, side by side.

The phones are this process and each replica is one of its own. Without a pause the figure to hold on to is respondents
per CPU-second of the replicas; with a limit on what each may use, respondents per second are what the limit allows,
whatever else the machine does. Every answer is counted afterwards.
"""

import asyncio
import os
import random
import resource
import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.load.measure import LINUX, Row, cpu_s, memory_mib, table
from tests.load.player import Player, Timings
from tests.load.respond import lost_answers
from tests.respond.invited import Survey
from tests.serving import Server

REPLICAS: Final = (1, 2)
ROUNDS: Final = 3
RESPONDENTS, AT_ONCE = 150, 40
ROOMS: Final = (300, 1_000)
JOIN_S: Final = 10.0
THINK_S: Final = (1.0, 3.0)
P95_MS: Final = 50.0
RATIO: Final = 1.7
# each replica's share of a core, so small that two of them and the phones never want more than there is
SHARE: Final = 0.2
TURN_S: Final = 0.02
LIMITED_S: Final = 12.0
FILES: Final = 8_192  # a connection is an open file, and a thousand are more than many systems allow at first


@dataclass(frozen=True)
class Played:
    """Some respondents played to the end. cpu_s: of all replicas together."""

    respondents: int
    wall_s: float
    cpu_s: float
    timings: Timings


class Installation:
    """Some replicas on one database."""

    def __init__(self, name: str, database: Path, replicas: int) -> None:
        self.name, self.database = f"{name}, {replicas} replica{'s' * (replicas > 1)}", database
        self.servers = [Server(database).start() for _ in range(replicas)]
        self.at_start_mib = self.memory_mib()

    def memory_mib(self) -> float:
        """Memory of its largest process."""
        return max(memory_mib(_pid(server)) for server in self.servers)

    def cpu_s(self) -> float:
        """CPU that its processes have used so far."""
        return sum(cpu_s(_pid(server)) for server in self.servers)

    def stop(self) -> None:
        """End its processes."""
        for server in self.servers:
            server.stop()

    async def play(
        self, survey: Survey, count: int, *, by_choice: bool, at_once: int = 10_000, over_s: float = 0.0, think: bool
    ) -> Played:
        """Let so many answer everything, each by one replica, in turns."""
        token, timings, room = survey.link(), Timings(), asyncio.Semaphore(at_once)
        players = [Player(self.servers[n % len(self.servers)].port, token, "S", timings, seed=n) for n in range(count)]

        async def one(number: int, player: Player) -> None:
            await asyncio.sleep(over_s * number / count)
            async with room:
                await player.play(pack=survey.pack.id, by_choice=by_choice, think=_pause if think else None)

        began, before = time.monotonic(), self.cpu_s()
        await asyncio.gather(*(one(n, player) for n, player in enumerate(players)))
        played = Played(count, time.monotonic() - began, self.cpu_s() - before, timings)
        if timings.lost or lost_answers(survey, players):
            raise RuntimeError(f"{self.name} has lost requests or answers")
        return played


def rows() -> list[Row]:
    """The installations' figures, measured turn about so that what else the machine does falls on all of them."""
    if not LINUX:
        return [Row("respondents and replicas", (), "", note="measured on Linux only")]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, FILES)), hard))
    with tempfile.TemporaryDirectory() as folder, _installed(Path(folder)) as installations:
        found = [
            *_rates(installations, by_choice=False),
            *_rates(installations, by_choice=True),
            *_limited(installations),
        ]
        for room in ROOMS:
            found += [_crowd(one, room) for one in installations]
        return found + [_memory(one) for one in installations]


@contextmanager
def _installed(folder: Path) -> Iterator[list[Installation]]:
    installations: list[Installation] = []
    try:
        for replicas in REPLICAS:
            installations.append(Installation("SQLite", folder / f"sqlite-{replicas}.db", replicas))
            for _ in range(2):  # the first respondents wait for what is imported and read once
                asyncio.run(_survey_of(installations[-1], 20, by_choice=True))
        yield installations
    finally:
        for one in installations:
            one.stop()


async def _survey_of(one: Installation, count: int, *, by_choice: bool, at_once: int = AT_ONCE) -> Played:
    return await one.play(Survey(one.database), count, by_choice=by_choice, at_once=at_once, think=False)


def _rates(installations: Sequence[Installation], *, by_choice: bool) -> list[Row]:
    """Respondents per CPU-second without a pause between their requests."""
    figures: dict[str, list[float]] = {one.name: [] for one in installations}
    for _ in range(ROUNDS):
        for one in installations:
            played = asyncio.run(_survey_of(one, RESPONDENTS, by_choice=by_choice))
            figures[one.name].append(played.respondents / played.cpu_s)
    way, least = ("choice by choice", 40.0) if by_choice else ("page by page", 80.0)
    return [Row(f"{name}: {way}", tuple(found), "respondents/CPU-s", least=least) for name, found in figures.items()]


def _limited(installations: Sequence[Installation]) -> list[Row]:
    """Respondents per second when each replica may use only its share of a core, and how one and two compare."""
    figures: dict[str, list[float]] = {one.name: [] for one in installations}
    used: dict[str, list[float]] = {one.name: [] for one in installations}  # share of a core, of each replica
    for _ in range(ROUNDS):
        for one in installations:
            with _held_back(one.servers):
                played = asyncio.run(_survey_of(one, round(LIMITED_S * 15 * len(one.servers)), by_choice=False))
            figures[one.name].append(played.respondents / played.wall_s)
            used[one.name].append(played.cpu_s / played.wall_s / len(one.servers))
    found, (alone, together) = [], installations
    for one in installations:
        note = f"each used {100 * statistics.median(used[one.name]):.0f} % of a core"
        found.append(
            Row(
                f"{one.name}: each held to {SHARE:.0%} of a core", tuple(figures[one.name]), "respondents/s", None, note
            )
        )
    ratios = tuple(two / one for one, two in zip(figures[alone.name], figures[together.name], strict=True))
    shares = zip(used[alone.name], used[together.name], strict=True)
    each = tuple(ratio * one / two for ratio, (one, two) in zip(ratios, shares, strict=True))
    return [
        *found,
        Row("... two replicas against one", ratios, "x", least=RATIO),
        Row("... for the same CPU of each", each, "x", least=RATIO),
    ]


@contextmanager
def _held_back(servers: Sequence[Server]) -> Iterator[None]:
    """Let each process run for its share of every turn only: it is stopped for the rest, all of them at other times."""
    over = threading.Event()

    def hold(server: Server, late_s: float) -> None:
        over.wait(late_s)
        while not over.is_set():
            before = cpu_s(_pid(server))
            os.kill(_pid(server), signal.SIGCONT)
            over.wait(SHARE * TURN_S)
            os.kill(_pid(server), signal.SIGSTOP)
            # what it got more or less than its share, on a busy machine, is made up for
            over.wait(max(0.0, (cpu_s(_pid(server)) - before) / SHARE - SHARE * TURN_S))
        os.kill(_pid(server), signal.SIGCONT)

    holders = [
        threading.Thread(target=hold, args=(server, n * TURN_S / len(servers))) for n, server in enumerate(servers)
    ]
    for holder in holders:
        holder.start()
    try:
        yield
    finally:
        over.set()
        for holder in holders:
            holder.join()


def _crowd(one: Installation, count: int) -> Row:
    """So many people at the same time answer one page, with thought before each choice, and each choice is saved."""
    survey = Survey(one.database, pack="pulse")
    played = asyncio.run(one.play(survey, count, by_choice=True, over_s=JOIN_S, think=True))
    share = played.cpu_s / played.wall_s / len(one.servers)
    note = f"p50 {played.timings.percentile(0.5):.1f}, p99 {played.timings.percentile(0.99):.1f} ms, "
    note += f"{100 * share:.0f} % of a core each"
    return Row(f"{one.name}: {count} at once, p95", (played.timings.percentile(0.95),), "ms", P95_MS, note)


def _memory(one: Installation) -> Row:
    return Row(
        f"{one.name}: memory of a process after all this",
        (one.memory_mib(),),
        "MiB",
        None,
        f"{one.at_start_mib:.0f} MiB at its start",
    )


async def _pause() -> None:
    await asyncio.sleep(random.uniform(*THINK_S))


def _pid(server: Server) -> int:
    assert server.process is not None
    return server.process.pid


if __name__ == "__main__":
    print(table(rows()))
