"""How often somebody may try a secret."""

import hmac
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from typing import Final

from assessment.links import installation_secret, key_for
from assessment.store.protocol import StoreError, Tries, Try

EACH_PER_WINDOW: Final = 5
ALL_PER_WINDOW: Final = 30
WINDOW_S: Final = 60.0


class Limit:
    """Tries at a secret in the last minute, of each name and of all together.

    Only tries that were let through are remembered, so the limit on them all is also the limit on memory. It keeps the
    processor for others too: checking one secret costs 64 MiB and a few tens of milliseconds.

    clock: seconds that never go back. what, shared: the secret that is tried, and where the tries of all replicas are
    counted; None, or one that cannot be reached: they are counted in this process.
    """

    def __init__(
        self,
        each: int = EACH_PER_WINDOW,
        everybody: int = ALL_PER_WINDOW,
        clock: Callable[[], float] = time.monotonic,
        *,
        what: str = "",
        shared: Callable[[], Tries | None] = lambda: None,
    ) -> None:
        self._each, self._everybody, self._clock = each, everybody, clock
        self._what, self._shared = what, shared
        self._tries: deque[Try] = deque()
        self._lock = Lock()

    def wait(self, name: str) -> float:
        """Seconds until the name may try; 0 when it may now, and then this try is counted."""
        return self._asked(name, count=True)

    def left(self, name: str) -> float:
        """Seconds until the name may try, without counting one; for where only failed tries are."""
        return self._asked(name, count=False)

    def _asked(self, name: str, *, count: bool) -> float:
        shared = self._shared()
        if shared is not None:
            # an address is somebody's, and nothing in the database is to tell whose
            who = hmac.digest(key_for(installation_secret(), "tries"), name.encode(), "sha256").hex()
            try:
                return shared.tried(self._what, who, WINDOW_S, partial(self._judged, who), count)
            except StoreError:
                pass  # where answers cannot be checked either, a limit of this process alone will do
        with self._lock:
            now = self._clock()
            while self._tries and self._tries[0][0] <= now - WINDOW_S:
                self._tries.popleft()
            left = self._judged(name, self._tries, now)
            if count and not left:
                self._tries.append((now, name))
            return left

    def _judged(self, name: str, tries: Sequence[Try], now: float) -> float:
        """Seconds until the name may try. tries: when and by whom, oldest first, of the last minute."""
        mine = [at for at, who in tries if who == name]
        over = [mine[-self._each]] if len(mine) >= self._each else []
        if len(tries) >= self._everybody:
            over.append(tries[0][0])
        return max(over) + WINDOW_S - now if over else 0.0
