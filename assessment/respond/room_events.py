"""Telling the phones that something has changed: server-sent events, from one look at the store for all of them."""

import asyncio
import logging
import random
import signal
import time
from collections.abc import Callable
from typing import Final

from assessment.respond.http import ALWAYS, Receive, Send
from assessment.store.protocol import StoreError
from assessment.workshop.records import Beat, RoomId

_LOOK_S: Final = 0.3
_VOTES_S: Final = 1.0  # how often a phone is told how many have voted
_AWAKE_S: Final = 15.0  # a proxy in front ends what says nothing for a minute
_HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    *ALWAYS,
)
_log = logging.getLogger("salgsflyt")


class RoomEvents:
    """The listeners of this process, and for each room with any of them one task that looks what is new.

    It looks in the store and not in this process: the facilitator may be at another replica, or at this one before it
    was restarted. A look takes 0.1 ms, and a listener that waits costs its socket.

    beat: what the store says of a room.
    """

    def __init__(self, beat: Callable[[RoomId], Beat | None]) -> None:
        self._beat = beat
        self._watches: dict[RoomId, _Watch] = {}

    def listeners(self, room_id: RoomId) -> int:
        """How many listen to a room in this process."""
        watch = self._watches.get(room_id)
        return 0 if watch is None else watch.listeners

    async def stream(self, room_id: RoomId, receive: Receive, send: Send) -> None:
        """Send the room's revision and how many have voted, now and whenever they change, until the phone is gone.

        It ends too when the room is erased or the server stops; the browser then comes back by itself, each after a
        pause of its own, so that 300 phones do not come in the same moment.
        """
        watch = self._watches.get(room_id)
        if watch is None:
            watch = self._watches[room_id] = _Watch(self._beat, room_id)
        watch.listeners += 1
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            await _say(send, f"retry: {random.randint(1000, 4000)}\n\n")
            await _tell(watch, gone, send)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            watch.listeners -= 1
            if not watch.listeners:
                watch.stop()
                self._watches.pop(room_id, None)


class _Watch:
    """One room: what was last told of it, and a future that is done when there is something else to tell."""

    def __init__(self, beat: Callable[[RoomId], Beat | None], room_id: RoomId) -> None:
        self._beat, self._room_id = beat, room_id
        self.listeners, self.over = 0, False
        self.told = beat(room_id)
        self._voted_at = 0.0
        self.changed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.ensure_future(self._look())

    def stop(self) -> None:
        self._task.cancel()

    async def _look(self) -> None:
        while not self.over:
            await asyncio.sleep(_LOOK_S)
            try:
                found = self._beat(self._room_id)
            except StoreError as error:  # the phones wait on; what is wrong is told to whoever asks for a page
                _log.error("room: %s", type(error).__name__)
                continue
            self.over = found is None or _stopping()
            if self.over or self._worth_telling(found):
                self.told = found
                waiting, self.changed = self.changed, asyncio.get_running_loop().create_future()
                waiting.set_result(None)

    def _worth_telling(self, found: Beat | None) -> bool:
        if found is None or self.told is None or found.revision != self.told.revision:
            return True
        if found.voted == self.told.voted or time.monotonic() - self._voted_at < _VOTES_S:
            return False
        self._voted_at = time.monotonic()
        return True


async def _tell(watch: _Watch, gone: "asyncio.Future[None]", send: Send) -> None:
    last: Beat | None = None
    while not gone.done() and not watch.over and watch.told is not None:
        if watch.told != last:
            last = watch.told
            await _say(send, f"data: {last.revision} {last.voted}\n\n")
        else:
            await _say(send, ":\n\n")
        await asyncio.wait({gone, watch.changed}, timeout=_AWAKE_S, return_when=asyncio.FIRST_COMPLETED)


async def _say(send: Send, words: str) -> None:
    await send({"type": "http.response.body", "body": words.encode(), "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _stopping() -> bool:
    """Whether the server is asked to end: it waits for every reply to be over, and these would never be."""
    handler = signal.getsignal(signal.SIGTERM)
    return bool(getattr(getattr(handler, "__self__", None), "should_exit", False))
