"""How users behave who do not get an answer.

    failures in a row  ->  how long until the next attempt, or none

Before this: nothing. After this: rush.py lets a crowd of them loose on a standby.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import ConfigurationError, Problem


def refuse(where: str, *rules: tuple[str, object, bool, str]) -> None:
    """Raise ConfigurationError for every rule (name, value, whether it is fine, what to do) that is broken."""
    if problems := [Problem(where, f"{name} is {value}", fix) for name, value, fine, fix in rules if not fine]:
        raise ConfigurationError(problems)


@dataclass(frozen=True, kw_only=True)
class Retry:
    """When a client whose request failed asks again.

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (this is its "full jitter").
    """

    attempts: int | None = None      # in all; 1: never again; None: until it works
    base_seconds: float = 0.0        # wait before the second attempt
    factor: float = 1.0              # each further wait is so many times the one before
    cap_seconds: float = 60.0        # but never longer than this
    jitter: bool = False             # wait a random part of that time, evenly from 0 to all of it

    def __post_init__(self) -> None:
        refuse("Retry",
               ("attempts", self.attempts, self.attempts is None or self.attempts >= 1, "Use 1 or more, or None."),
               ("base_seconds", self.base_seconds, self.base_seconds >= 0, "Use 0 or more."),
               ("factor", self.factor, self.factor >= 1, "Use 1 or more: waits do not shrink."),
               ("cap_seconds", self.cap_seconds, 0 <= self.cap_seconds < math.inf, "Use a number of seconds."))

    def wait(self, failures: int) -> float | None:
        """The longest wait after so many failures in a row, in seconds; None: the client gives up.

        >>> [BACKOFF.wait(failures) for failures in (1, 2, 3, 7)]
        [1.0, 2.0, 4.0, 60.0]
        """
        if failures == self.attempts:
            return None
        return min(self.cap_seconds, self.base_seconds * self.factor ** (failures - 1))


NEVER = Retry(attempts=1)
AT_ONCE = Retry()
BACKOFF = Retry(base_seconds=1.0, factor=2.0)
BACKOFF_WITH_JITTER = Retry(base_seconds=1.0, factor=2.0, jitter=True)


@dataclass(frozen=True, kw_only=True)
class Clients:
    """A crowd of users. Each does one thing at a time: thinks, asks, waits for the answer, or waits to ask again."""

    users: float
    think_seconds: float = 10.0      # mean time between an answer and the next request
    timeout: float = 2.0             # seconds a client waits for an answer
    retry: Retry = AT_ONCE
    arrive_over: float = 0.0         # seconds over which they come, evenly: the TTL, or 0 for all at once

    def __post_init__(self) -> None:
        refuse("Clients", *((name, getattr(self, name), getattr(self, name) > 0, "Use a number above 0.")
                            for name in ("users", "think_seconds", "timeout")),
               ("arrive_over", self.arrive_over, self.arrive_over >= 0, "Use 0 or more."))

    @property
    def demand(self) -> float:
        """Requests per second while every one is answered at once."""
        return self.users / self.think_seconds
