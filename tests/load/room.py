"""300 phones in a workshop room, over real HTTP: what they cost the server while they wait, and how long it takes from
the reveal until each of them has the page that shows it.

The phones are this process and the server is another one; each has a connection for the events and one for pages, as a
browser has. Their pause before they fetch (up to 0.3 s, room.js) is part of the figure.
"""

import asyncio
import random
import tempfile
import time
from pathlib import Path
from typing import Final

from assessment.engagement import EngagementId
from assessment.links import server_secret
from assessment.service import Service
from assessment.store import SqliteStore
from tests.load.measure import LINUX, Row, cpu_s, table
from tests.serving import Server
from tests.store.situations import someone_answering

PHONES: Final = 300
IDLE_S: Final = 10.0
PAUSE_S: Final = 0.3
GIVE_UP_S: Final = 30.0
VOTES: Final = "&".join(f"PU{n}=3" for n in range(1, 8))


class Phone:
    """A phone in the room: joins, listens, votes, and fetches the page when it is told that something has changed."""

    def __init__(self, port: int, code: str) -> None:
        self._port, self._path = port, f"/w/{code}"
        self._cookie = ""
        self._revision: str | None = None
        self.revealed_at: float | None = None

    async def join(self) -> None:
        """Come in by the code and get a key."""
        head, _ = await self._ask("GET", self._path)
        self._cookie = next(line.split(": ", 1)[1].split(";")[0] for line in head if line.startswith("set-cookie"))

    async def vote(self, step: str) -> None:
        """Answer the pulse."""
        await self._ask("POST", self._path, f"step={step}&round=1&{VOTES}")

    async def listen(self, ready: "asyncio.Semaphore") -> None:
        """Hear the events until the revealed page is here. ready: released when the first one is heard."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"GET {self._path}/events HTTP/1.1\r\nHost: x\r\nCookie: {self._cookie}\r\n\r\n".encode())
        while self.revealed_at is None:
            line = (await reader.readline()).decode()
            if not line:
                raise ConnectionError("the server has ended the events")
            if not line.startswith("data: "):
                continue
            revision = line.split()[1]
            if self._revision is None:
                ready.release()
            elif revision != self._revision:
                await asyncio.sleep(random.uniform(0, PAUSE_S))
                _, page = await self._ask("GET", self._path)
                if ".revealed" in page:
                    self.revealed_at = time.monotonic()
            self._revision = revision
        writer.close()

    async def _ask(self, method: str, path: str, body: str = "") -> tuple[list[str], str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        asked = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", f"Cookie: {self._cookie}"]
        asked += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", body]
        writer.write("\r\n".join(asked).encode())
        head, _, text = (await reader.read()).decode().partition("\r\n\r\n")
        writer.close()
        return head.split("\r\n"), text


def rows() -> list[Row]:
    """What 300 phones cost while they wait, and how soon they have what is revealed."""
    with tempfile.TemporaryDirectory() as folder:
        idle, spent, waits = asyncio.run(_workshop(Path(folder) / "room.db"))
    late = sorted(waits)[int(0.95 * len(waits))]
    return [
        Row(f"{PHONES} phones that wait for {IDLE_S:g} s", () if idle is None else (idle,), "of a core", 0.5),
        Row(f"Reveal to the page, {PHONES} phones", tuple(waits), "s"),
        Row("... of 95 % of them", (late,), "s", 2.0),
        Row("... server CPU for all of them", () if spent is None else (spent,), "s"),
    ]


async def _workshop(database: Path) -> tuple[float | None, float | None, list[float]]:
    """The server's CPU share while everybody waits and seconds for the reveal, and each phone's wait for the page."""
    server = Server(database).start()
    try:
        service, engagement = _opened(database)
        view = service.room(engagement)
        if view is None or view.code is None:
            raise RuntimeError("the room is not open")
        phones = [Phone(server.port, view.code) for _ in range(PHONES)]
        for phone in phones:
            await phone.join()
        ready = asyncio.Semaphore(0)
        listening = [asyncio.create_task(phone.listen(ready)) for phone in phones]
        for _ in phones:
            await ready.acquire()
        await asyncio.gather(*(phone.vote(view.step.id) for phone in phones))
        await asyncio.sleep(2.0)  # the number of votes has gone round
        idle, before = await _idle(server), _cpu(server)
        revealed = time.monotonic()
        await asyncio.to_thread(service.reveal, engagement)
        await asyncio.wait_for(asyncio.gather(*listening), GIVE_UP_S)
        spent = None if before is None else (_cpu(server) or 0.0) - before
        return idle, spent, [phone.revealed_at - revealed for phone in phones if phone.revealed_at is not None]
    finally:
        server.stop()


async def _idle(server: Server) -> float | None:
    """The share of a core that the server uses while nothing happens; None where it cannot be read."""
    before, began = _cpu(server), time.monotonic()
    await asyncio.sleep(IDLE_S)
    after = _cpu(server)
    return None if before is None or after is None else (after - before) / (time.monotonic() - began)


def _cpu(server: Server) -> float | None:
    return cpu_s(server.process.pid) if LINUX and server.process is not None else None


def _opened(database: Path) -> tuple[Service, EngagementId]:
    """A room whose pulse is open, on the server's database and with its secret."""
    store = SqliteStore(database)
    engagement, _, _ = someone_answering(store)
    service = Service(store, secret=lambda: server_secret(database))
    service.open_room(engagement)
    service.next_step(engagement)
    service.open_ballot(engagement, "pulse")
    return service, engagement


if __name__ == "__main__":
    print(table(rows()))
