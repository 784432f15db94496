"""`make bench-respond`: what a respondent costs the server, over real HTTP, with every answer counted afterwards.

The load comes from this process, the server is another one, and the figure to hold on to is respondents per CPU-second
of the server: latency without think time is only queueing.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from assessment.packs import Role
from tests.load.player import Player, Timings
from tests.respond.invited import Survey
from tests.serving import Server

# a workshop of mixed roles; sellers see 32 of the 33 items
ROLES: tuple[Role, ...] = ("S", "S", "S", "S", "SL", "OP", "OP", "OD", "OD", "TM")
FULL = ("S",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rounds and print a line for each; 1 when an answer is missing or a target is not met."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.respond", description=__doc__)
    parser.add_argument("--respondents", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--think", type=float, nargs=2, default=(1.0, 3.0), metavar=("FROM_S", "TO_S"))
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rounds", nargs="+", default=["pages", "choices", "workshop", "kill"])
    args = parser.parse_args(arguments)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in args.rounds:
            kept = asyncio.run(ROUNDS[name](Path(folder) / f"{name}.db", args))
            failures += not kept
    return 1 if failures else 0


async def pages(database: Path, args: argparse.Namespace) -> bool:
    """Everybody posts page by page, without a pause."""
    return await _without_pause(database, args, by_choice=False, target=80)


async def choices(database: Path, args: argparse.Namespace) -> bool:
    """Everybody's script saves each choice by itself, and the form comes after."""
    return await _without_pause(database, args, by_choice=True, target=40)


async def _without_pause(database: Path, args: argparse.Namespace, *, by_choice: bool, target: int) -> bool:
    survey, server = Survey(database), Server(database).start()
    try:
        await _play(survey, server, 20, at_once=20, by_choice=by_choice, roles=FULL)  # warm
        spent, memory, begun = _cpu_seconds(server), _memory_kib(server), time.monotonic()
        _, players = await _play(
            survey, server, args.respondents, at_once=args.at_once, by_choice=by_choice, roles=FULL
        )
        wall, cpu = time.monotonic() - begun, _cpu_seconds(server) - spent
        growth = (_memory_kib(server) - memory) / args.respondents
    finally:
        server.stop()
    lost = lost_answers(survey, players)
    rate = args.respondents / cpu
    _say(
        "choice by choice" if by_choice else "page by page",
        f"{rate:.0f} respondents per CPU-second (at least {target})",
        f"{1000 * cpu / args.respondents:.1f} ms CPU each, {wall:.1f} s in all",
        f"growth {growth:.1f} KiB each, answers missing {lost}",
    )
    return rate >= target and growth < 50 and not lost


async def workshop(database: Path, args: argparse.Namespace) -> bool:
    """300 join within a minute and think before each choice; each choice is saved by itself."""
    survey, server = Survey(database), Server(database).start()
    low, high = args.think

    async def think() -> None:
        await asyncio.sleep(random.uniform(low, high))

    try:
        await _play(survey, server, 5, at_once=5, by_choice=True, roles=ROLES)
        spent, memory, begun = _cpu_seconds(server), _memory_kib(server), time.monotonic()
        timings, players = await _play(survey, server, 300, over=60.0, by_choice=True, roles=ROLES, think=think)
        wall, cpu = time.monotonic() - begun, _cpu_seconds(server) - spent
        growth = (_memory_kib(server) - memory) / 300
    finally:
        server.stop()
    lost, slowest = lost_answers(survey, players), timings.percentile(0.95)
    _say(
        f"300 join in 60 s, {low:g}-{high:g} s of thought",
        f"p50 {timings.percentile(0.5):.1f} ms, p95 {slowest:.1f} ms (under 50), p99 {timings.percentile(0.99):.1f} ms",
        f"save p95 {timings.percentile(0.95, 'save'):.1f}, post p95 {timings.percentile(0.95, 'post'):.1f}, "
        f"page p95 {timings.percentile(0.95, 'open', 'page', 'thanks'):.1f} ms",
        f"server {100 * cpu / wall:.1f} % of a core, growth {growth:.1f} KiB each",
        f"errors {timings.lost}, answers missing {lost}",
    )
    return slowest < 50 and growth < 50 and not timings.lost and not lost


async def kill(database: Path, args: argparse.Namespace) -> bool:
    """The server is killed again and again while everybody answers."""
    survey, server = Survey(database), Server(database).start()
    lost, timings = await killed(survey, server, args.kills, people=60)
    _say(
        f"killed {args.kills} times under load",
        f"{timings.lost} requests without a reply, each sent again",
        f"answers missing, wrong or twice: {lost}",
    )
    return not lost


async def killed(survey: Survey, server: Server, times: int, people: int) -> tuple[int, Timings]:
    """How many confirmed answers are not there after the server has been killed this often, and the timings."""
    stopped, timings, everybody = asyncio.Event(), Timings(), list[Player]()

    async def keep_answering(seed: int) -> None:
        while not stopped.is_set():
            token = survey.link(max_uses=1) if seed % 2 else shared
            player = Player(server.port, token, "S", timings, seed)
            everybody.append(player)
            await player.play(pack=survey.pack.id, by_choice=bool(seed % 3), think=pause)

    async def pause() -> None:
        await asyncio.sleep(random.uniform(0.0, 0.05))

    shared = survey.link()
    answering = [asyncio.create_task(keep_answering(seed)) for seed in range(people)]
    try:
        for _ in range(times):
            await asyncio.sleep(random.uniform(0.3, 1.0))
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
        stopped.set()
        await asyncio.gather(*answering)
    finally:
        for task in answering:
            task.cancel()
        server.stop()
    return lost_answers(survey, everybody), timings


async def _play(
    survey: Survey,
    server: Server,
    count: int,
    *,
    by_choice: bool,
    roles: Sequence[Role],
    at_once: int = 10_000,
    over: float = 0.0,
    think: Callable[[], Awaitable[None]] | None = None,
) -> tuple[Timings, list[Player]]:
    token, timings, room = survey.link(), Timings(), asyncio.Semaphore(at_once)
    players = [Player(server.port, token, roles[n % len(roles)], timings, seed=n) for n in range(count)]

    async def one(number: int, player: Player) -> None:
        await asyncio.sleep(over * number / count)
        async with room:
            await player.play(pack=survey.pack.id, by_choice=by_choice, think=think)

    await asyncio.gather(*(one(n, p) for n, p in enumerate(players)))
    return timings, players


def lost_answers(survey: Survey, players: Sequence[Player]) -> int:
    """Confirmed answers that are not on disk as confirmed, and responses or uses that are there twice."""
    kept = {r.id: {i: str(a.value) for i, a in r.answers.items()} for r in survey.store.responses(survey.wave)}
    wrong = sum(kept.get(p.response, {}).get(i) != v for p in players for i, v in p.confirmed.items())
    extra = sum(len(kept.get(p.response, {})) - len(p.confirmed) for p in players)
    uses = sum(link.uses for link in survey.store.links(survey.engagement))
    return wrong + extra + abs(uses - len(kept))


def _cpu_seconds(server: Server) -> float:
    """User and system time of the server's process so far."""
    assert server.process is not None
    if Path("/proc/self/stat").exists():
        fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    minutes, seconds = _ps(server, "time").split(":")
    return 60 * int(minutes) + float(seconds)


def _memory_kib(server: Server) -> int:
    return int(_ps(server, "rss"))


def _ps(server: Server, what: str) -> str:
    assert server.process is not None
    shown = subprocess.run(["ps", "-o", f"{what}=", "-p", str(server.process.pid)], capture_output=True, text=True)
    return shown.stdout.strip()


def _say(name: str, *facts: str) -> None:
    print(f"{name}: {'; '.join(facts)}", flush=True)


ROUNDS = {"pages": pages, "choices": choices, "workshop": workshop, "kill": kill}

if __name__ == "__main__":
    sys.exit(main())
