"""Seconds that count: those in which the machine let the lab run.

    real seconds, less the stalls  ->  Pulse.time()  ->  lab time, waits, and the limits of exchanges

A machine that is busy elsewhere may not run the lab's thread for a while. No packet is read then, and a limit that ran on
would fail a healthy site. So the lab's clock stands still for as long as its thread does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

STEP = 0.02           # real seconds from beat to beat
ALLOWANCE = 0.016     # a beat may be this late before it counts as a stall: some systems' timers tick 64 times a second


class Pulse:
    """Beats in an event loop, and counts the seconds in which it was free to beat. `clock` gives real seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._last = 0.0, clock()             # seconds counted, and the real time of it: one value, read by any thread
        self.stalled = 0.0                    # real seconds that were not counted

    def start(self) -> None:
        """Begin to beat in the running loop, for as long as that runs."""
        self.beat()
        asyncio.get_running_loop().call_later(STEP, self.start)

    def beat(self) -> None:
        """Count the time since the last beat, a stall only up to the allowance."""
        now = self.time()
        self.stalled += self._clock() - self._last[1] - (now - self._last[0])
        self._last = now, self._clock()

    def time(self) -> float:
        """Seconds counted so far. Never runs backwards."""
        counted, at = self._last
        return counted + min(self._clock() - at, STEP + ALLOWANCE)

    async def sleep(self, seconds: float) -> None:
        """Wait until that many seconds have been counted. Lets others run at least once."""
        due = self.time() + seconds
        await asyncio.sleep(max(0.0, seconds))
        while (left := due - self.time()) > 0:
            await asyncio.sleep(left)

    @asynccontextmanager
    async def limit(self, seconds: float) -> AsyncIterator[Limit]:
        """Raises TimeoutError inside the block once it has taken that many counted seconds."""
        async with asyncio.timeout(None) as timeout:
            limit = Limit(self, timeout)
            limit.restart(seconds)
            try:
                yield limit
            finally:
                limit.end()


class Limit:
    """What is left of a limit. It can be started again, for the next part of an exchange."""

    def __init__(self, pulse: Pulse, timeout: asyncio.Timeout):
        self._pulse = pulse
        self._timeout = timeout
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    def restart(self, seconds: float) -> None:
        self.end()
        self._due = self._pulse.time() + seconds
        self._look()

    def _look(self) -> None:
        loop, left = asyncio.get_running_loop(), self._due - self._pulse.time()
        if left > 0:
            self._timer = loop.call_later(left, self._look)
        else:
            self._timeout.reschedule(loop.time())

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
