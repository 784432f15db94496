"""A respondent without a browser: one connection, kept open, and everything the server has confirmed to it."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from assessment.engagement import ResponseId
from assessment.packs import Item, Role
from assessment.respondents import course, response_of

# A phone gives up on a reply after a while, and a server that is down refuses at once.
_PATIENCE_S = 180.0
_AGAIN_S = 0.02


class Refused(Exception):  # noqa: N818 - named by what happened
    """A reply that no respondent should get."""


@dataclass
class Reply:
    """Status, headers by lower-case name and body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Timings:
    """Seconds from request to whole reply, by kind; `lost` counts requests that got none."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    lost: int = 0

    def add(self, kind: str, seconds: float) -> None:
        self.taken.setdefault(kind, []).append(seconds)

    def percentile(self, share: float, *kinds: str) -> float:
        """Milliseconds that this share of the replies stayed under."""
        ordered = sorted(t for kind, times in self.taken.items() if not kinds or kind in kinds for t in times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Player:
    """Plays one respondent. A request without a reply is sent again, as a phone's owner or script would.

    confirmed: the answers the server has said are on disk.
    """

    def __init__(self, port: int, token: str, role: Role, timings: Timings, seed: int) -> None:
        self.port, self.token, self.role, self.timings = port, token, role, timings
        self.random = random.Random(seed)
        self.cookies: dict[str, str] = {}
        self.confirmed: dict[str, str] = {}
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def response(self) -> ResponseId:
        """The id under which the server keeps this respondent's answers."""
        return response_of(next(v for k, v in self.cookies.items() if k.startswith("sf_r_")))

    async def play(self, *, pack: str, by_choice: bool, think: Callable[[], Awaitable[None]] | None = None) -> None:
        """Open the link, answer everything, see the thanks page."""
        pages = course(pack, self.role).pages
        await self._expect("open", "GET", "", 200)
        await self._expect("begin", "POST", "", 303, urlencode({"role": self.role}))
        for number, items in enumerate(pages, 1):
            await self._expect("page", "GET", f"/{number}", 200)
            given: dict[str, str] = {}
            for item in items:
                if think is not None:
                    await think()
                given[item.id] = await self._choose(item, number, save=by_choice)
            if think is not None:
                await think()
            await self._expect("post", "POST", f"/{number}", 303, urlencode({"shown": int(time.time()), **given}))
            self.confirmed |= given
        await self._expect("thanks", "GET", "/thanks", 200)
        await self.close()

    async def _choose(self, item: Item, page: int, *, save: bool) -> str:
        value = self.random.choice(("1", "2", "3", "4", "5", "DK"))
        if save:
            body = json.dumps({"item": item.id, "value": value, "page": page})
            await self._expect("save", "POST", "/save", 200, body, "application/json")
            self.confirmed[item.id] = value
        return value

    async def _expect(
        self,
        kind: str,
        method: str,
        path: str,
        status: int,
        body: str = "",
        content: str = "application/x-www-form-urlencoded",
    ) -> Reply:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            begun = time.monotonic()
            try:
                reply = await self._send(method, path, body, content)
            except (OSError, asyncio.IncompleteReadError):
                self.timings.lost += 1
                await self.close()
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(_AGAIN_S)
                continue
            self.timings.add(kind, time.monotonic() - begun)
            if reply.status != status:
                raise Refused(f"{kind}: {reply.status}")
            for line in reply.headers.get("set-cookie", "").split("\n"):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies |= {name: value} if name else {}
            return reply

    async def _send(self, method: str, path: str, body: str, content: str) -> Reply:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        encoded = body.encode()
        writer.write(
            f"{method} /s/{self.token}{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n"
            f"Cookie: {cookies}\r\nContent-Type: {content}\r\nContent-Length: {len(encoded)}\r\n"
            "Sec-Fetch-Site: same-origin\r\n\r\n".encode()
            + encoded
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(": ")
            known = headers.get(name.lower())
            headers[name.lower()] = value if known is None else f"{known}\n{value}"
        return Reply(
            int(head[0].split()[1]), headers, await reader.readexactly(int(headers.get("content-length") or 0))
        )

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            writer, self._streams = self._streams[1], None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
