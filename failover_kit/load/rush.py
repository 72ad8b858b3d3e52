"""What happens when all users arrive at a standby.

    Standby + Clients  ->  Rush: load, goodput, queue and failures, step by step

The crowd flows like a liquid (its expected course), so a million users cost no more than ten, and no dice are thrown.
Before this: capacity.py, clients.py. After this: figures draw it, game day judges designs with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from operator import add, sub
from typing import NamedTuple

from .clients import Clients, Retry, refuse


@dataclass(frozen=True, kw_only=True)
class Standby:
    """The site that takes over. It serves in order of arrival, and can't tell that a client has left."""

    capacity: float                          # requests/s
    queue_limit: float = math.inf            # requests that may wait; any more are turned away at once
    scaled_capacity: float | None = None     # requests/s once more servers have started
    scaled_at: float = math.inf              # when they have, in seconds; inf: the call to scale fails as well

    def __post_init__(self) -> None:
        refuse("Standby", ("capacity", self.capacity, self.capacity > 0, "Use a number above 0."),
               ("queue_limit", self.queue_limit, self.queue_limit >= 0, "Use 0 or more."),
               ("scaled_capacity", self.scaled_capacity, self.scaled_capacity is None or self.scaled_capacity > 0,
                "Use a number above 0, or None."))

    def capacity_at(self, now: float) -> float:
        return self.scaled_capacity if self.scaled_capacity is not None and now >= self.scaled_at else self.capacity


@dataclass(frozen=True)
class Rush:
    """The course of it. Every series has one number for each step; rates are in requests per second."""

    step: float                      # seconds
    demand: float                    # what these users ask for when all is well
    offered: Sequence[float]         # attempts that arrive
    goodput: Sequence[float]         # answers in time
    wasted: Sequence[float]          # answers to clients who have left
    failures: Sequence[float]        # timeouts, and requests turned away
    queue: Sequence[float]           # requests that wait
    thinking: Sequence[float]        # users who want nothing at the moment

    @property
    def times(self) -> list[float]:
        return [number * self.step for number in range(len(self.offered))]

    @property
    def recovered_at(self) -> float | None:
        """When requests stopped failing for good (down to 0.1 % of the demand), in seconds; None: they never did."""
        failing = [number for number, rate in enumerate(self.failures) if rate > self.demand / 1000]
        if not failing:
            return 0.0
        return None if failing[-1] == len(self.failures) - 1 else (failing[-1] + 1) * self.step

    def answered(self, since: float = 0.0) -> float:
        """Answers in time, as a share of the demand, from `since` (seconds) to the end of the run."""
        refuse("answered", ("since", since, 0 <= since < len(self.goodput) * self.step, "Use a moment of the run."))
        chosen = self.goodput[int(since / self.step):]
        return sum(chosen) / len(chosen) / self.demand


def rush(standby: Standby, clients: Clients, seconds: float = 600.0, step: float = 0.25) -> Rush:
    """Let the clients in, all of them with a request in hand, and follow them for `seconds`.

    Timeouts and waits are rounded to whole steps. Raises ConfigurationError if `step` does not fit.
    """
    refuse("rush", ("step", step, 0 < step <= seconds, f"Use a number above 0, up to the run's {seconds:g} s."))
    steps, timeout = round(seconds / step), max(1, round(clients.timeout / step))
    crowd, line = _Crowd(clients, steps, step), _Line()
    course: list[tuple[float, ...]] = []
    for i in range(steps):
        asking = crowd.ask(i)
        offered, budget = sum(asking), standby.capacity_at(i * step) * step
        admitted = min(offered, max(0.0, standby.queue_limit + budget - line.length))
        turned_away = [0.0] * len(asking)
        if admitted < offered:
            turned_away = [number * (1 - admitted / offered) for number in asking]
            asking = list(map(sub, asking, turned_away))
        line.join(admitted, asking)
        good, wasted = line.serve(budget, timeout)
        late = line.leave(timeout, len(asking))
        crowd.thinking += good
        crowd.fail(i, turned_away, crowd.when_turned_away)
        crowd.fail(i, late, crowd.when_late)
        failed = sum(turned_away) + sum(late)
        course.append((offered / step, good / step, wasted / step, failed / step, line.length, crowd.thinking))
    return Rush(step, clients.demand, *zip(*course, strict=True))


class _Line:
    """Who waits at the server: for each step, how many of those who came then."""

    def __init__(self) -> None:
        self.length = 0.0
        self.unserved: list[float] = []          # of those who came in step i, how many the server has yet to do
        self.came: list[list[float]] = []        # who they were, by the number of failures behind them
        self.head = 0                            # the oldest step with somebody unserved

    def join(self, admitted: float, batch: list[float]) -> None:
        self.unserved.append(admitted)
        self.came.append(batch)
        self.length += admitted

    def serve(self, budget: float, timeout: int) -> tuple[float, float]:
        """Serve so many requests, oldest first; returns (answers in time, answers to clients who have left)."""
        newest, good, wasted = len(self.unserved) - 1, 0.0, 0.0
        while budget > 0 and self.head <= newest:
            done = min(budget, self.unserved[self.head])
            self.unserved[self.head] -= done
            budget -= done
            if newest - self.head < timeout:
                good += done
            else:
                wasted += done
            if self.unserved[self.head] > 0:
                break
            self.head += 1
        self.length = max(0.0, self.length - good - wasted)
        return good, wasted

    def leave(self, timeout: int, levels: int) -> list[float]:
        """Clients who leave as this step ends, having waited for `timeout` steps. Their requests stay in the line."""
        then = len(self.unserved) - timeout
        if then < 0 or self.unserved[then] <= 0:
            return [0.0] * levels
        share = self.unserved[then] / sum(self.came[then])
        return [number * share for number in self.came[then]]


class _Again(NamedTuple):
    """The next attempt of clients who just failed: from `first` steps on, evenly over `width` steps."""

    level: int                       # failures that they then have behind them
    first: int
    width: int


class _Crowd:
    """Where the clients are who are not in the line: thinking, or waiting to ask again."""

    def __init__(self, clients: Clients, steps: int, step: float) -> None:
        # A refusal comes in the very step of the request, a timeout with the end of a step. Either way the wait is
        # counted from there, and nobody asks twice in one step.
        self.when_turned_away = _plan(clients.retry, step, lambda wait: (max(1, wait), max(1, wait - 1)))
        self.when_late = _plan(clients.retry, step, lambda wait: (1 + wait, 1 + wait))
        self.thinking = 0.0
        self.leaving = 1 - math.exp(-step / clients.think_seconds)       # share of the thinking who ask within a step
        self.arriving_steps = max(1, round(clients.arrive_over / step))
        self.arriving = clients.users / self.arriving_steps
        levels = len(self.when_late)
        rows = steps + max((again.first + again.width for again in self.when_late if again), default=0)
        self.asks = [[0.0] * levels for _ in range(rows)]                # asks[i][n]: with n failures behind them
        self.slopes = [[0.0] * levels for _ in range(rows)]              # spread asks: by how much their rate changes
        self.rates = [0.0] * levels

    def ask(self, i: int) -> list[float]:
        """Who asks in step i, by the number of failures behind them."""
        self.rates = list(map(add, self.rates, self.slopes[i]))
        asking = list(map(add, self.rates, self.asks[i]))
        fresh = self.thinking * self.leaving
        self.thinking -= fresh
        asking[0] += fresh + (self.arriving if i < self.arriving_steps else 0.0)
        return asking

    def fail(self, i: int, failed: list[float], plan: list[_Again | None]) -> None:
        """Clients failed in step i: plan their next attempts. Those who give up think about something else."""
        if not any(failed):
            return
        for number, again in zip(failed, plan, strict=True):
            if again is None:
                self.thinking += number
                continue
            level, first, width = again
            if width == 1:
                self.asks[i + first][level] += number
            else:
                rate = number / width
                self.slopes[i + first][level] += rate
                self.slopes[i + first + width][level] -= rate


def _plan(retry: Retry, step: float, later: Callable[[int], tuple[int, int]]) -> list[_Again | None]:
    """plan[n]: what clients do who fail with n failures behind them; None: they give up.

    `later` turns a wait (in steps) into the step of the next attempt, and into how many steps jitter spreads it over.
    The plan ends where one more failure makes no difference: that entry leads back to itself.
    """
    plan: list[_Again | None] = []
    for n in count():
        seconds = retry.wait(n + 1)
        if seconds is None:
            return [*plan, None]
        settled = retry.attempts is None and retry.wait(n + 2) == seconds
        first, width = later(round(seconds / step))
        level = n if settled else n + 1
        plan.append(_Again(level, 1, width) if retry.jitter else _Again(level, first, 1))
        if settled:
            return plan
