"""Carries one site's writes to another, later: the reason why a failover loses data.

    log of the source  ->  batches, each on its way for `lag_seconds`  ->  log of the target

Nothing here waits. `pump(now)` does what is due, however seldom or often it is called.
Before this: store.py. After this: report.py counts what a failover cost.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..errors import ConfigurationError, FailoverKitError, Problem
from .store import Store
from .writes import Write


class NotCaughtUp(FailoverKitError):
    """A planned switch that would lose data."""


@dataclass(frozen=True)
class Delivery:
    """One batch that arrived."""

    sent_at: float               # seconds
    arrived_at: float
    oldest_at: float             # when the source got the oldest write in it
    writes: int

    @property
    def lag(self) -> float:
        """How far behind the target was just before this batch arrived, in seconds."""
        return self.arrived_at - self.oldest_at


class Replication:
    """Asynchronous, in order, one way.

    A batch holds at most `batch` writes and leaves at least `interval_seconds` after the one before, so the link can
    carry `writes_per_second`; users who write faster than that leave the target further and further behind.
    A batch that is on its way when the link goes down is lost, and is sent again when the link is back.
    One thread at a time may pump it.
    """

    def __init__(self, source: Store, target: Store, *, lag_seconds: float | Callable[[float], float] = 1.0,
                 batch: int = 100, interval_seconds: float = 1.0, outages: Iterable[tuple[float, float]] = (),
                 since: float = 0.0):
        """
        Args:
            lag_seconds: from sending to arrival; or a function of the second of sending, as for a lag that varies
                (`lambda sent: rng.expovariate(0.5)` with a seeded generator).
            batch: writes in one batch, at most.
            interval_seconds: from one sending to the next, at least.
            outages: (from, to) in seconds, when the link is down; `cut` and `restore` add to them.
            since: when the link is set up, in seconds; nothing leaves before.

        Raises ConfigurationError, naming everything that is wrong.
        """
        lag = lag_seconds if callable(lag_seconds) else lambda sent: lag_seconds
        outages = sorted(outages)
        where = f"replication {source.site} -> {target.site}"
        problems = [Problem(where, what, fix) for wrong, what, fix in (
            (source is target, "both ends are one store", "Give two stores."),
            (not callable(lag_seconds) and not lag_seconds >= 0, f"lag_seconds is {lag_seconds}", "Use 0 or more."),
            (batch < 1, f"batch is {batch}", "Use 1 or more."),
            (not interval_seconds >= 0, f"interval_seconds is {interval_seconds}", "Use 0 or more."),
            *((not start < end, f"an outage from {start} to {end} s", "The end comes after the start.")
              for start, end in outages)) if wrong]
        if problems:
            raise ConfigurationError(problems)
        self.source, self.target, self.batch, self.interval_seconds = source, target, batch, interval_seconds
        self.deliveries: list[Delivery] = []
        self.stopped = False
        self._lag = lag
        self._lags: dict[float, float] = {}   # drawn once for each sending, so that pumping often changes nothing
        self._outages = outages
        self._position = 0                    # of the last write in the source's log that the target has
        self._free_at = since                 # when the next batch may leave
        self._last_arrival = -math.inf        # batches do not overtake one another
        self._idle_until = -math.inf          # nothing arrives before this

    @property
    def writes_per_second(self) -> float:
        """The most that the link can carry."""
        return self.batch / self.interval_seconds if self.interval_seconds else math.inf

    def pump(self, now: float) -> int:
        """Deliver every batch that has arrived by `now`; returns how many writes that were.

        Raises StaleEpoch if the target has been promoted above the source: stop this replication.
        """
        delivered = 0
        while not self.stopped and now >= self._idle_until and (due := self._next()):
            sent, arrived, writes = due
            if arrived > now:
                self._idle_until = arrived
                break
            delivered += len(self.target.apply(writes, self.source.epoch, arrived))
            self.deliveries.append(Delivery(sent, arrived, writes[0].stored_at, len(writes)))
            self._position, self._last_arrival = writes[-1].position, arrived
            self._free_at = sent + self.interval_seconds
        return delivered

    def next_arrival(self) -> float | None:
        """When `pump` will next have something to deliver, in seconds; None if nothing is on its way."""
        due = None if self.stopped else self._next()
        return None if due is None or due[1] == math.inf else due[1]

    def waiting(self) -> list[Write]:
        """Writes that the source has acknowledged and the target does not have: what a failover would lose now."""
        return self.target.missing(self.source.log_since(self._position))

    def lag(self, now: float) -> float:
        """How far behind the target is, in seconds: the age of the oldest write that it misses; 0 if it has all."""
        waiting = self.waiting()
        return max(0.0, now - waiting[0].stored_at) if waiting else 0.0

    def cut(self, now: float) -> None:
        """The link goes down, or the source dies. What is on its way is lost."""
        self.pump(now)
        self._outages = sorted([*self._outages, (now, math.inf)])

    def restore(self, now: float) -> None:
        """The link is back, whatever had taken it down. Outages that are still to come stay planned."""
        self.pump(now)
        self._idle_until = -math.inf
        self._outages = [(start, now if start <= now < end else end) for start, end in self._outages]

    def stop(self) -> None:
        """End this replication for good."""
        self.stopped = True

    def _next(self) -> tuple[float, float, list[Write]] | None:
        """The next batch: when it leaves, when it arrives, what is in it."""
        while first := self.source.log_since(self._position, limit=1):
            if self.target.missing(first):
                sent, arrived = self._trip(max(self._free_at, first[0].stored_at))
                return sent, arrived, self.target.missing(self.source.log_since(self._position, self.batch, until=sent))
            self._position = first[0].position
        return None

    def _trip(self, sent: float) -> tuple[float, float]:
        """The first trip from `sent` on that meets no outage: (leaves, arrives); both inf if there is none."""
        for start, end in self._outages:
            if sent < end and self._arrival(sent) >= start:
                sent = end
        return sent, self._arrival(sent)

    def _arrival(self, sent: float) -> float:
        if sent == math.inf:
            return math.inf
        if sent not in self._lags:
            self._lags[sent] = self._lag(sent)
        return max(self._last_arrival, sent + self._lags[sent])


def fail_over(replication: Replication, epoch: int, now: float, lease_until: float = math.inf, *,
              fence: bool = False) -> None:
    """Unplanned: promote the target as it is. What has not arrived is lost, unless the old primary comes back.

    With `fence`, the old primary is told to step down first, so it must be one that can be reached. Without, it is
    left to itself: if it is alive, users whose answers are old go on writing there.
    Raises StaleEpoch if either store has seen `epoch` already: somebody else promoted.
    Source: Aurora User Guide, "Recovering an Aurora global database from an unplanned outage".
    """
    replication.pump(now)
    if fence:
        replication.source.step_down(epoch)     # after the last batch, which would tell the target of the new epoch
    replication.target.promote(epoch, now, lease_until)
    replication.stop()


def switch_over(replication: Replication, epoch: int, now: float, lease_until: float = math.inf) -> None:
    """Planned: promote the target once it has everything, so that nothing is lost.

    First let the source step down (`source.step_down(source.epoch)`), then pump until this succeeds.
    Raises NotCaughtUp while it would lose something.
    """
    source, target = replication.source, replication.target
    replication.pump(now)
    if not source.state.read_only:
        raise NotCaughtUp(f"{source.site} still takes writes, so {target.site} can't catch up. "
                          f"Call step_down({source.epoch}) on the store of {source.site} first.")
    if waiting := replication.waiting():
        raise NotCaughtUp(f"{target.site} misses {len(waiting)} writes of {source.site}, the oldest "
                          f"{replication.lag(now):g} s old. Pump until none is waiting, then switch.")
    target.promote(epoch, now, lease_until)
    source.step_down(epoch)
    replication.stop()


def rejoin(old: Store, new: Store) -> list[Write]:
    """Make the old primary a replica of the new one; returns the writes that it has to give up.

    Those were acknowledged to users, and the new primary never had them. They leave the store, not the world:
    hand the list to somebody who can decide, or write them again at the new primary.
    """
    old.step_down(new.epoch)
    orphans = new.missing(old.history())
    old.discard(orphans)
    return orphans
