"""One resolver and one of its users, request by request: a slow and plain model to compare the fleet with.

It shares no code with failover_kit.fleet. Every request of the crowd is an event on a heap; the cache looks
at the clock and nothing else. A warm cache is one that really lived for a while before 0, from a start that
may fall anywhere in its cycle.
"""

import heapq
import random
from dataclasses import dataclass, field
from math import inf

NOBODY = "no answer"


@dataclass
class World:
    """steps: [(from, {label: chance} or {} where nobody replies, TTL)]; outages: {label: [(from, to)]}."""

    steps: list
    until: float
    outages: dict = field(default_factory=dict)

    def step(self, now):
        return [step for step in self.steps if step[0] <= max(now, 0)][-1]

    def down(self, label, now):
        return label == NOBODY or any(start <= now < end for start, end in self.outages.get(label, []))

    @classmethod
    def of(cls, timeline, ttl):
        """The raw numbers of a failover_kit.fleet.AnswerTimeline; `ttl` where it states none."""
        return cls([(step.at, step.told, ttl if step.ttl is None else step.ttl) for step in timeline.steps],
                   timeline.until, timeline.outages)

    def edges(self):
        outages = [edge for spans in self.outages.values() for span in spans for edge in span]
        return [*outages, *(at for at, _, _ in self.steps), 0.0]


@dataclass
class Life:
    """What is seen of one member."""

    views: list = field(default_factory=list)     # at each probe: {label: chance}
    lost: float = 0.0                             # seconds of downtime
    queries: int = 0                              # at the authority, from 0 on


class Resolver:
    def __init__(self, world, hold, stale, rng, life):
        self.world, self.hold, self.stale, self.rng, self.life = world, hold, stale, rng, life
        self.label, self.expires = None, -inf

    def request(self, now):
        """Somebody in the crowd asks."""
        if now < self.expires:
            return
        _, told, ttl = self.world.step(now)
        if not told:
            if self.stale and self.label not in (None, NOBODY):
                self.expires = now + 30
            return
        self.life.queries += now >= 0
        label, = self.rng.choices(list(told), list(told.values()))
        hold = self.hold(ttl, label)
        if hold > 0:
            self.label, self.expires = label, now + hold

    def view(self, now):
        """({label: chance} of a request now, whether anybody replied)"""
        if now < self.expires:
            return {self.label: 1.0}, True
        _, told, _ = self.world.step(now)
        if told:
            return told, True
        if self.stale and self.label not in (None, NOBODY):
            return {self.label: 1.0}, True
        return {NOBODY: 1.0}, False


class User:
    """Keeps what the resolver said for `keeps` seconds; goes through to it if nobody had replied."""

    def __init__(self, resolver, keeps, rng):
        self.resolver, self.keeps, self.rng = resolver, keeps, rng
        self.label, self.expires = None, -inf

    def request(self, now):
        if self.keeps and now >= self.expires:
            view, replied = self.resolver.view(now)
            self.label = self.rng.choices(list(view), list(view.values()))[0] if replied else None
            self.expires = now + self.keeps

    def view(self, now):
        if now < self.expires and self.label is not None:
            return {self.label: 1.0}
        return self.resolver.view(now)[0]


def live(world, *, hold=lambda ttl, label: ttl, demand=0.2, stale=False, keeps=0.0, user_demand=0.1, warm=True,
         probes=(), rng=random):
    """One member, from long before 0 if warm, to the end."""
    life, order = Life(), 0
    resolver = Resolver(world, hold, stale, rng, life)
    user = User(resolver, keeps, rng)
    begin = user_begin = 0.0
    if warm and demand and world.steps[0][1]:
        _, told, ttl = world.steps[0]
        cycle = sum(chance * hold(ttl, label) for label, chance in told.items()) + 1 / demand
        begin = -200 - 10 / demand - (cycle * rng.random() if cycle < inf else 0)
        user_begin = -100 - ((keeps + 1 / user_demand) * rng.random() if keeps < inf else 0)
    agenda = [*((time, -1, "probe") for time in probes), *((edge, -2, "edge") for edge in world.edges())]
    heapq.heapify(agenda)

    def again(now, rate, what):
        nonlocal order
        order += 1
        if rate > 0:
            heapq.heappush(agenda, (now + rng.expovariate(rate), order, what))

    again(begin, demand, "crowd")
    again(user_begin, user_demand if keeps else 0, "user")
    last, view = 0.0, {}
    while agenda:
        now, _, what = heapq.heappop(agenda)
        if now > world.until:
            break
        if now > last:    # the view has not changed since
            life.lost += (now - last) * sum(chance for label, chance in view.items() if world.down(label, last))
            last = now
        if what == "crowd":
            resolver.request(now)
            again(now, demand, "crowd")
        elif what == "user":
            user.request(now)
            again(now, user_demand, "user")
        elif what == "probe":
            life.views.append(user.view(now))
        if what in ("crowd", "user"):
            for expires in (resolver.expires, user.expires):
                if now < expires < inf:
                    heapq.heappush(agenda, (expires, 0, "expiry"))
        view = user.view(now)
    life.lost += (world.until - last) * sum(chance for label, chance in view.items() if world.down(label, last))
    return life
