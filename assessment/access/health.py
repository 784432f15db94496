"""`/healthz` and `/readyz`: for what keeps the server alive and what sends it readers; open, without contents."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_HEADERS: Final = {"cache-control": "no-store"}
KEPT_S: Final = 1.0


def health(not_ready: Callable[[], str | None]) -> list[Route]:
    """The two routes.

    not_ready: why the server is not ready, as a code, or None; asked in a thread, at most once in KEPT_S seconds
    however often anybody asks.
    """
    known: tuple[float, str | None] = (-KEPT_S, None)
    asking = asyncio.Lock()

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_HEADERS)

    async def ready(_: Request) -> Response:
        nonlocal known
        async with asking:
            if time.monotonic() - known[0] >= KEPT_S:
                reason = await asyncio.to_thread(not_ready)
                known = (time.monotonic(), reason)
        reason = known[1]
        if reason is None:
            return JSONResponse({"status": "ready"}, headers=_HEADERS)
        return JSONResponse({"status": "not ready", "reason": reason}, 503, headers=_HEADERS)

    return [Route("/healthz", alive), Route("/readyz", ready)]
