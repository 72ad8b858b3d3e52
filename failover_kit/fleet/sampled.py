"""The seeded sample: every resolver of the fleet lives through the timeline, drawing its own lots.

    dice + spans  ->  each resolver's refreshes, all resolvers at once  ->  FleetReport

Time does not tick here. In a round every resolver goes from one refresh to its next, wherever that is:
the answer is held for exactly its time, and the wait for the next request is drawn from the exponential
distribution. So nothing is rounded to a grid, and the work is one round a TTL, not one a second.

The fleet is cut into chunks of CHUNK resolvers, each with dice of its own, so that it does not matter
which worker throws them. Before this: `rules`. Beside it: `expected`, and `one_by_one` where there is no numpy.
After: `ledger`, `report`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf

import numpy as np

from .answers import AnswerTimeline
from .behaviours import Member
from .ledger import Ledger, Tally
from .report import Downtime, FleetReport
from .rules import Rules
from .spans import SteadyState

CHUNK = 32_768    # resolvers; part of the result, as another size would hand out other dice


@dataclass(frozen=True)
class Chunk:
    """A number of resolvers of one kind, with all that a worker needs to run them."""

    member: Member
    size: int
    timeline: AnswerTimeline
    step: float      # seconds between the times of the report
    seed: np.random.SeedSequence


def run_chunk(chunk: Chunk) -> Tally:
    """Let the members of one chunk live from 0 to the end of the timeline."""
    rng = np.random.Generator(np.random.PCG64(chunk.seed))
    rules = Rules(chunk.member, chunk.timeline, chunk.step)
    ledger = Ledger(rules, chunk.size)
    resolvers = Resolvers(chunk.size, rules, ledger, rng)
    if rules.keeps:
        _users_on_top(resolvers, rules, ledger, rng)
    else:
        resolvers.live(np.full(chunk.size, rules.until), np.ones(chunk.size, bool))
    return ledger.tally(rng)


class Resolvers:
    """The caches of a chunk: what each holds or held last, until when, and when a request next fills it."""

    def __init__(self, size: int, rules: Rules, ledger: Ledger, rng: np.random.Generator):
        self.rules, self.ledger, self.rng = rules, ledger, rng
        self.now = np.full(size, float(rules.begin))
        self.label, self.expiry = np.full(size, rules.none), self.now.copy()
        if rules.warm:
            steady = SteadyState.of(rules.spans[0], rules.member.demand)
            shares = np.cumsum([steady.holding.get(label, 0.0) for label in rules.labels])
            drawn = np.searchsorted(shares, rng.random(size), side="right")
            holds = drawn <= rules.none
            last_held = rules.draw(rules.kept, np.zeros(size, np.intp), rng) if rules.spans[0].kept else self.label
            self.label = np.where(holds, drawn, last_held)
            left = rules.holds[0, self.label]
            left[left < inf] *= rng.random(np.count_nonzero(left < inf))    # it may be anywhere in its hold
            self.expiry[holds] += left[holds]
        self.fill = rules.next_fill(self.label, self.expiry, rng)

    def live(self, until: np.ndarray, seen: np.ndarray) -> None:
        """Go on, each to its own time `until`, and book it for the users who are looking (`seen`)."""
        who = np.flatnonzero(self.now < until)
        while who.size:
            label, start, fill, end = self.label[who], self.now[who], self.fill[who], until[who]
            stop = np.minimum(fill, end)
            expired = np.clip(self.expiry[who], start, stop)
            if self.rules.unkept.ys[-1] > 0:
                self.ledger.wait_in_vain(expired, stop)
            look = np.flatnonzero(seen[who])
            if look.size == who.size:
                self.ledger.hold(who, label, start, expired)
                self.ledger.wait(who, label, expired, stop)
            elif look.size:
                self.ledger.hold(who[look], label[look], start[look], expired[look])
                self.ledger.wait(who[look], label[look], expired[look], stop[look])
            self.now[who] = stop
            who = who[fill < end]
            self._refresh(who)

    def _refresh(self, who: np.ndarray) -> None:
        """A request comes, now. Where nobody replies the old label stays, and is served stale."""
        now = self.now[who]
        span = self.rules.span_at(now)
        replied = self.rules.reachable[span]
        label = np.where(replied, self.rules.draw(self.rules.kept, span, self.rng), self.label[who])
        self.ledger.query(now[replied])
        expiry = now + self.rules.holds[span, label]
        self.label[who], self.expiry[who] = label, expiry
        self.fill[who] = self.rules.next_fill(label, expiry, self.rng)

    def say(self, who: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a user who asks now is told, and whether there was any reply."""
        now, label = self.now[who], self.label[who]
        span = self.rules.span_at(now)
        reachable = self.rules.reachable[span]
        as_held = (now < self.expiry[who]) | (~reachable & self.rules.stale & (label != self.rules.none))
        fresh = np.where(reachable, self.rules.draw(self.rules.told, span, self.rng), self.rules.none)
        return np.where(as_held, label, fresh), as_held | reachable


def _users_on_top(resolvers: Resolvers, rules: Rules, ledger: Ledger, rng: np.random.Generator) -> None:
    """Each resolver's user keeps what it said; when that has expired, requests go through to the resolver.

    In a round every user goes from one lookup to the next.
    """
    size, keeps, demand = resolvers.now.size, rules.keeps, rules.member.behaviour.user_demand
    everybody, wait = np.ones(size, bool), 1 / demand if demand else inf
    free = np.full(size, float(rules.begin))    # until when a user keeps what the last lookup brought
    if rules.warm and demand and keeps < inf:
        keeping = rng.random(size) < keeps / (keeps + wait)
        free[keeping] += keeps * rng.random(np.count_nonzero(keeping))
    elif rules.warm and demand:
        free[:] = rules.until
        who = np.arange(size)
        ledger.hold(who, resolvers.say(who)[0], np.zeros(size), free)
    through = np.zeros(size, bool)              # whose last lookup had no reply
    while True:
        resolvers.live(np.minimum(free, rules.until), through)
        lookup = np.minimum(free + wait * rng.standard_exponential(size), rules.until)
        resolvers.live(lookup, everybody)
        who = np.flatnonzero(lookup < rules.until)
        if not who.size:
            return
        label, replied = resolvers.say(who)
        free = np.full(size, rules.until)
        free[who] = lookup[who] + keeps
        through = np.zeros(size, bool)
        through[who[~replied]] = True
        who, label = who[replied], label[replied]
        ledger.hold(who, label, lookup[who], np.minimum(free[who], rules.until))


def sample(members: Sequence[tuple[Member, int]], timeline: AnswerTimeline, seed: int, step: float,
           run: Callable[..., Iterable[Tally]] = map) -> FleetReport:
    """So many of each kind of member, as one report. `run` is `map`, or the `map` of an executor."""
    cuts = [(member, min(CHUNK, count - start)) for member, count in members for start in range(0, count, CHUNK)]
    chunks = [Chunk(member, size, timeline, step, dice)
              for (member, size), dice in zip(cuts, np.random.SeedSequence(seed).spawn(len(cuts)), strict=True)]
    tallies: dict[Member, Tally] = {}
    lost: dict[Member, list[np.ndarray]] = {member: [] for member, _ in members}
    for chunk, tally in zip(chunks, run(run_chunk, chunks), strict=True):
        lost[chunk.member].append(tally.lost)
        if chunk.member in tallies:
            so_far = tallies[chunk.member]
            tally = Tally(so_far.holding + tally.holding, so_far.waiting + tally.waiting,
                          so_far.queries + tally.queries, tally.lost)
        tallies[chunk.member] = tally
    size, kinds, by_name = sum(count for _, count in members), [], {}
    for member, count in members:
        tallies[member].lost = np.concatenate(lost[member])
        kinds.append((member.behaviour.name, count / size, _report(tallies[member], Rules(member, timeline, step))))
        by_name.setdefault(member.behaviour.name, []).append(tallies[member].lost)
    return FleetReport.of_kinds(kinds, size, partial(_downtime, by_name))


def _report(tally: Tally, rules: Rules) -> FleetReport:
    times, until, size = np.arange(rules.steps) * rules.step, rules.until, tally.lost.size
    span = rules.span_at(times)
    shares, chances = tally.holding.astype(float), np.diff(rules.told, axis=1, prepend=0.0)    # [spans, labels]
    for label, waiting in enumerate(tally.waiting):    # who waits goes where the answer of the moment leads
        shares += waiting * chances[span].T
        shares[label if rules.stale else rules.none] += waiting * ~rules.reachable[span]
    shares /= size
    down = np.array([[rules.timeline.is_down(label, time) for time in times] for label in rules.labels])
    by_label = {label: row.tolist() for label, row in zip(rules.labels, shares, strict=True)}
    queries = tally.queries / np.diff(np.append(times, until))
    return FleetReport(size, until, times.tolist(), by_label, (shares * down).sum(axis=0).tolist(), queries.tolist(),
                       float(tally.lost.mean()), partial(_downtime, {"": [tally.lost]}, ""))


def _downtime(lost: dict[str, list[np.ndarray]], name: str) -> Downtime:
    """The distribution over the users of this behaviour, or over all if no name is given, to the millisecond."""
    every = lost[name] if name else [seconds for part in lost.values() for seconds in part]
    values, users = np.unique(np.round(np.concatenate(every), 3), return_counts=True)
    return Downtime.counted(dict(zip(values.tolist(), users.tolist(), strict=True)))
