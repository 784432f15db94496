"""How often somebody may try a secret."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

EACH_PER_WINDOW: Final = 5
ALL_PER_WINDOW: Final = 30
WINDOW_S: Final = 60.0


class Limit:
    """Tries at a secret in the last minute, of each name and of all together, in this process.

    Only tries that were let through are remembered, so the limit on them all is also the limit on memory. It keeps the
    processor for others too: checking one secret costs 64 MiB and a few tens of milliseconds.

    clock: seconds that never go back.
    """

    def __init__(
        self, each: int = EACH_PER_WINDOW, everybody: int = ALL_PER_WINDOW, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each, self._everybody, self._clock = each, everybody, clock
        self._tries: deque[tuple[float, str]] = deque()
        self._lock = Lock()

    def wait(self, name: str) -> float:
        """Seconds until the name may try; 0 when it may now, and then this try is counted."""
        with self._lock:
            left = self._left(name)
            if not left:
                self._tries.append((self._clock(), name))
            return left

    def left(self, name: str) -> float:
        """Seconds until the name may try, without counting one; for where only failed tries are."""
        with self._lock:
            return self._left(name)

    def _left(self, name: str) -> float:
        now = self._clock()
        while self._tries and self._tries[0][0] <= now - WINDOW_S:
            self._tries.popleft()
        mine = [at for at, who in self._tries if who == name]
        over = [at[0] for at in (mine[-self._each :],) if len(mine) >= self._each]
        if len(self._tries) >= self._everybody:
            over.append(self._tries[0][0])
        return max(over) + WINDOW_S - now if over else 0.0
