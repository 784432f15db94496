"""Writes off the event loop, and those that wait at the same time in one transaction."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from assessment.respondents import Respondents
from assessment.store.protocol import Saving, StoreError

_Result = TypeVar("_Result")
_Waiting = list[tuple[Saving, "asyncio.Future[None]"]]


class Writer:
    """One thread that writes for a process.

    A commit waits for the disk, 0.1 to 10 ms of it. While one is under way the next savings gather and then share one:
    a room of people answering at once costs a few commits, not hundreds, and no page waits behind them. One thread,
    because SQLite writes one at a time anyway.
    """

    def __init__(self, people: Respondents) -> None:
        self._people = people
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="respond")
        self._waiting: _Waiting = []
        self._busy = False

    async def do(self, work: Callable[..., _Result], *arguments: object) -> _Result:
        """The result of some other write, done in its turn."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *arguments))

    async def save(self, saving: Saving) -> None:
        """Return when it is on disk. Raises: what the store says of it."""
        loop = asyncio.get_running_loop()
        saved: asyncio.Future[None] = loop.create_future()
        self._waiting.append((saving, saved))
        if not self._busy:
            self._busy = True
            # after what else has arrived in this turn of the loop has been read
            loop.call_soon(self._begin)
        await saved

    def _begin(self) -> None:
        batch, self._waiting = self._waiting, []
        written = asyncio.get_running_loop().run_in_executor(
            self._thread, self._people.save, [saving for saving, _ in batch]
        )
        written.add_done_callback(partial(self._done, batch))

    def _done(self, batch: _Waiting, written: "asyncio.Future[list[StoreError | None]]") -> None:
        failed = written.exception()
        refused = [failed] * len(batch) if failed else written.result()
        for (_, saved), why in zip(batch, refused, strict=True):
            if saved.done():
                continue  # whoever waited has gone; it is saved nevertheless
            if why is None:
                saved.set_result(None)
            else:
                saved.set_exception(why)
        if self._waiting:
            self._begin()
        else:
            self._busy = False
