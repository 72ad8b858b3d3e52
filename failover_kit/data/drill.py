"""Fails over under load, with data: users write through an outage, and every write is accounted for.

    DataScenario + seed  ->  two stores, a replication, users with cached answers  ->  DataDrill with its reports

Virtual time, real files. Before this: replication.py, report.py.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from ..errors import ConfigurationError, Problem
from .fencing import Leadership, LeaseHeld, WriteRefused
from .replication import NotCaughtUp, Replication, fail_over, rejoin, switch_over
from .report import DataReport, compare
from .store import Store
from .writes import Read

FAULTS = {"crash": "the site is gone, users get no answer",
          "partition": "the site serves its users, but nobody else can reach it: no checker, no other site",
          "slow": "the site does what it is asked, but the answer comes after the user has given up"}
FENCES = {"none": "nobody tells the old primary",
          "epoch": "the old primary is told to step down as soon as it can be reached",
          "lease": "as epoch; besides, the old primary stops by itself when it can't renew its lease"}
FAILBACKS = {"none": "users stay where they are",
             "automatic": "DNS moves users back once checks pass, wherever the data is",
             "held": "DNS waits until replication has run the other way"}
POLL = 1.0      # seconds between two looks at a replication that has to catch up


@dataclass(frozen=True, kw_only=True)
class DataScenario:
    """What happens to the shop's data, and when. Times are seconds from the start."""

    users: int = 40
    writes_per_second: float = 10.0       # by all users together
    shared_keys: int = 5                  # keys that everybody writes, such as a stock level
    shared_share: float = 0.2             # of the writes; the others go to keys of the user's own
    own_keys: int = 20                    # keys of each user, such as orders
    retry_seconds: float = 5.0            # a user whose write got no answer sends it again after so long
    patience: float = 300.0               # seconds until a user gives up on a write
    idempotent: bool = True               # stores carry out a request once, however often it is sent
    replicated: bool = True               # False: a standby with empty hands
    lag_seconds: float = 2.0              # of the replication, as its batch and interval
    batch: int = 100
    interval_seconds: float = 1.0
    fault: str = "crash"                  # see FAULTS
    fault_at: float = 120.0
    detection_seconds: float = 75.0       # from the fault to another DNS answer and to the order to promote
    ttl: float = 60.0                     # seconds that users keep an answer
    fence: str = "epoch"                  # see FENCES
    lease_seconds: float = 30.0           # with fence="lease"
    repaired_at: float = 400.0
    failback: str = "none"                # see FAILBACKS
    ends_at: float = 700.0

    def __post_init__(self) -> None:
        problems = [Problem("DataScenario", f"{name} is {value!r}, must be one of {', '.join(known)}")
                    for name, known in (("fault", FAULTS), ("fence", FENCES), ("failback", FAILBACKS))
                    if (value := getattr(self, name)) not in known]
        problems += [Problem("DataScenario", f"{name} is {value}, must be above 0")
                     for name in ("users", "writes_per_second", "shared_keys", "own_keys", "retry_seconds",
                                  "lease_seconds")
                     if not (value := getattr(self, name)) > 0]
        promoted = self.fault_at + max(self.detection_seconds, self.lease_seconds if self.fence == "lease" else 0)
        if not 0 <= self.fault_at <= promoted < self.repaired_at < self.ends_at:
            problems.append(Problem("DataScenario", f"fault at {self.fault_at:g} s, failover by {promoted:g} s, "
                                    f"repair at {self.repaired_at:g} s, end at {self.ends_at:g} s",
                                    "Give them in this order."))
        if problems:
            raise ConfigurationError(problems)


class Step(NamedTuple):
    """One line of what happened."""

    at: float
    text: str


@dataclass
class DataDrill:
    """The outcome of one run."""

    scenario: DataScenario
    steps: list[Step] = field(default_factory=list)
    after_failover: DataReport | None = None     # old primary against new, when the old one was repaired
    after_failback: DataReport | None = None     # replica against primary, at the end; None if users stayed
    acknowledged: int = 0                        # writes that a user was told about
    unanswered: int = 0                          # attempts that got no answer, or too late
    refusals: dict[str, int] = field(default_factory=dict)   # attempts that a store refused: reason -> number
    given_up: int = 0                            # writes that a user stopped trying
    promoted_at: float | None = None
    caught_up_at: float | None = None            # when the repaired site had everything and took over again
    orphans: int = 0                             # writes that the repaired site gave up to rejoin

    @property
    def refused(self) -> int:
        return sum(self.refusals.values())


@dataclass(frozen=True)
class _Intent:
    """What a user wants done, however many attempts it takes."""

    user: int
    key: str                         # to write
    look: str                        # the key that the user reads first
    request: str
    since: float


def run_data_drill(scenario: DataScenario, seed: int = 0, *, in_memory: bool = False) -> DataDrill:
    """Play the scenario. The same seed gives the same result on any machine.

    The stores are temporary files; `in_memory` does without, for a sweep of hundreds of runs.
    """
    path = ":memory:" if in_memory else None
    with (Store("us-east-1", path, idempotent=scenario.idempotent) as east,
          Store("us-west-2", path, idempotent=scenario.idempotent, read_only=True) as west):
        return _Run(scenario, random.Random(seed), east, west).play()


class _Run:
    def __init__(self, scenario: DataScenario, rng: random.Random, east: Store, west: Store):
        self.scenario, self.rng, self.east, self.west = scenario, rng, east, west
        self.drill = DataDrill(scenario)
        self.link = self._replicate(east, west, since=0.0)
        if not scenario.replicated:
            self.link.stop()
        self.leadership = Leadership(east.site, scenario.lease_seconds if scenario.fence == "lease" else None)
        east.renew(self.leadership.until)
        self.epochs = {east.site: 1, west.site: 1}            # what the web servers of a site put on each write
        self.broken = False                                   # while the fault lasts
        self.reads: list[Read] = []
        self.moves = {user: [(-math.inf, east)] for user in range(scenario.users)}   # when a user sees which answer
        self.agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = count()

    def play(self) -> DataDrill:
        plan = self.scenario
        now, number = self.rng.expovariate(plan.writes_per_second), 0
        while now < plan.ends_at:
            user, number = self.rng.randrange(plan.users), number + 1
            self.at(now, self.attempt(_Intent(user, self.pick(user), self.pick(user), f"request-{number}", now)))
            now += self.rng.expovariate(plan.writes_per_second)
        if plan.fence == "lease":
            self.at(0.0, self.renew)
        self.at(plan.fault_at, self.fail)
        self.at(plan.fault_at + plan.detection_seconds, self.switch_dns(self.west))
        self.at(plan.fault_at + plan.detection_seconds, self.promote)
        self.at(plan.repaired_at, self.repair)
        while self.agenda and self.agenda[0][0] <= plan.ends_at:
            now, _, action = heapq.heappop(self.agenda)
            self.link.pump(now)
            action(now)
        if plan.failback != "none" and self.drill.after_failover:
            ends = (self.east, self.west) if self.east.state.read_only else (self.west, self.east)
            self.drill.after_failback = compare(*ends, reads=self.reads)
        return self.drill

    # users

    def pick(self, user: int) -> str:
        if self.rng.random() < self.scenario.shared_share:
            return f"stock-{self.rng.randrange(self.scenario.shared_keys)}"
        return f"order-{user}-{self.rng.randrange(self.scenario.own_keys)}"

    def attempt(self, intent: _Intent) -> Callable[[float], None]:
        def act(now: float) -> None:
            store = next(site for since, site in reversed(self.moves[intent.user]) if since <= now)
            if self.cannot("users", store):
                self.drill.unanswered += 1
                return self.try_again(intent, now)
            if now == intent.since:
                self.reads.append(store.read(intent.look, now))
            carried = None if self.scenario.fence == "none" else self.epochs[store.site]
            try:
                store.write(intent.key, f"by user {intent.user}", now, epoch=carried, writer=f"user-{intent.user}",
                            request=intent.request)
            except WriteRefused as refusal:
                reason = type(refusal).__name__
                self.drill.refusals[reason] = self.drill.refusals.get(reason, 0) + 1
                return self.try_again(intent, now)
            if self.broken and self.scenario.fault == "slow" and store is self.east:
                self.drill.unanswered += 1
                return self.try_again(intent, now)
            self.drill.acknowledged += 1
        return act

    def try_again(self, intent: _Intent, now: float) -> None:
        if now + self.scenario.retry_seconds - intent.since > self.scenario.patience:
            self.drill.given_up += 1
        else:
            self.at(now + self.scenario.retry_seconds, self.attempt(intent))

    # operators

    def fail(self, now: float) -> None:
        self.broken = True
        if self.cannot("sites", self.east):
            self.link.cut(now)
        self.note(now, f"{self.east.site}: {self.scenario.fault} ({FAULTS[self.scenario.fault]})")

    def promote(self, now: float) -> None:
        reachable, fenced = not self.cannot("sites", self.east), self.scenario.fence != "none"
        if reachable and fenced:
            self.east.step_down(self.leadership.epoch)
            self.leadership.release(self.east.site, now)
        try:
            epoch = self.leadership.take(self.west.site, self.west.epoch, now)
        except LeaseHeld as wait:
            self.note(now, str(wait))
            self.at(self.leadership.until, self.promote)
            return
        fail_over(self.link, epoch, now, fence=reachable and fenced)
        self.epochs[self.west.site], self.drill.promoted_at = epoch, now
        self.note(now, f"{self.west.site} promoted, epoch {epoch}")

    def repair(self, now: float) -> None:
        plan, drill = self.scenario, self.drill
        self.broken = False
        self.note(now, f"{self.east.site} repaired")
        drill.after_failover = compare(self.east, self.west, reads=self.reads,
                                       failed_at=plan.fault_at if plan.fault == "crash" else None)
        self.reads = []
        if plan.failback == "held":
            drill.orphans = len(rejoin(self.east, self.west))
            self.link = self._replicate(self.west, self.east, since=now)
            self.at(now + POLL, self.catch_up)
        elif plan.fence != "none":
            self.east.step_down(self.leadership.epoch)
        if plan.failback == "automatic":
            self.at(now + plan.detection_seconds, self.switch_dns(self.east))

    def catch_up(self, now: float) -> None:
        """Replication runs back while users write on; when it is only its own lag behind, the primary stops."""
        if self.link.lag(now) <= self.scenario.lag_seconds + 2 * self.scenario.interval_seconds:
            self.west.step_down(self.west.epoch)
        try:
            switch_over(self.link, self.west.epoch + 1, now)
        except NotCaughtUp:
            self.at(now + POLL, self.catch_up)
            return
        self.epochs[self.east.site], self.drill.caught_up_at = self.east.epoch, now
        self.note(now, f"{self.east.site} has caught up and is primary again, epoch {self.east.epoch}")
        self.switch_dns(self.east)(now)

    def renew(self, now: float) -> None:
        """The old primary renews its lease, as long as it can reach the place that grants it."""
        if self.leadership.holder == self.east.site and not self.cannot("sites", self.east):
            self.east.renew(self.leadership.renew(self.east.site, now))
            self.at(now + self.scenario.lease_seconds / 3, self.renew)

    def switch_dns(self, store: Store) -> Callable[[float], None]:
        def act(now: float) -> None:
            self.note(now, f"DNS answers {store.site}")
            for moves in self.moves.values():
                moves.append((now + self.rng.random() * self.scenario.ttl, store))
        return act

    # the world

    def cannot(self, who: str, store: Store) -> bool:
        """Whether users, or other sites, can't reach the store now."""
        cut_off = {"crash": ("users", "sites"), "partition": ("sites",), "slow": ()}[self.scenario.fault]
        return self.broken and store is self.east and who in cut_off

    def at(self, when: float, action: Callable[[float], None]) -> None:
        heapq.heappush(self.agenda, (when, next(self.order), action))

    def note(self, now: float, text: str) -> None:
        self.drill.steps.append(Step(now, text))

    def _replicate(self, source: Store, target: Store, since: float) -> Replication:
        plan = self.scenario
        return Replication(source, target, lag_seconds=plan.lag_seconds, batch=plan.batch,
                           interval_seconds=plan.interval_seconds, since=since)
