"""The seeded sample without numpy: one resolver after the other lives through the timeline, drawing its own lots.

    dice + spans  ->  each resolver's refreshes, one at a time  ->  FleetReport

The rules are those of `sampled`, the dice are others: one seed tells two stories, equal in distribution. This one takes
about forty times as long. It is for places that have no numpy, such as a browser.

Before this: `spans`. Beside it: `sampled`. After: `report`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate, pairwise
from math import ceil, exp, inf, sqrt
from random import Random

from .answers import NO_ANSWER, AnswerTimeline
from .behaviours import STALE_RETRY, Member
from .curve import Curve
from .report import Downtime, FleetReport
from .spans import Span, SteadyState, spans

MANY = 50.0      # queries expected in a step, from which on their number is drawn from the normal distribution


class Kind:
    """What members of one kind need to know about the timeline, and the books that are kept on them."""

    def __init__(self, member: Member, timeline: AnswerTimeline, step: float, dice: Random):
        self.member, self.timeline, self.step, self.dice = member, timeline, step, dice
        self.until, self.steps = float(timeline.until), ceil(timeline.until / step - 1e-9)
        self.labels = (*timeline.sites, NO_ANSWER)
        self.stale, self.keeps = member.behaviour.serve_stale, member.behaviour.user_keeps
        self.spans = spans(timeline, member.behaviour, member.ttl)
        self.warm = member.warm and bool(self.spans[0].told)
        self.begin = -self.keeps if self.warm and self.keeps < inf else 0.0    # to know what users keep at 0
        self.steady = SteadyState.of(self.spans[0], member.demand)
        self.starts = [span.start for span in self.spans]
        self.lost_at = {label: timeline.lost_at(label) for label in self.labels}
        self.lost_asking = {label: timeline.lost_asking(label if self.stale else None) for label in self.labels}
        self.fillers = self._requests(lambda span: span.kept_share if span.told else 0.0)
        self.stale_fillers = self._requests(lambda span: span.kept_share if span.told else 1.0)
        self.unkept = self._requests(lambda span: 1 - span.kept_share if span.told else 0.0)
        self.holding, self.waiting = ({label: [0] * (self.steps + 1) for label in self.labels} for _ in range(2))
        self.queries = [0] * (self.steps + 1)
        self.in_vain = [0.0] * (self.steps + 1), [0.0] * (self.steps + 1)    # caches; their requests so far
        self.lost: list[float] = []

    def _requests(self, counted: Callable[[Span], float]) -> Curve:
        """Requests so far at a cache that waits all the time, of those in the share that is `counted`."""
        demand = self.member.demand
        curve = Curve([self.begin, 0.0], [self.begin * demand * counted(self.spans[0]), 0.0])
        for span in self.spans:
            curve.add(span.end, curve.ys[-1] + (span.end - span.start) * demand * counted(span))
        return curve

    def span_at(self, time: float) -> Span:
        return self.spans[max(bisect_right(self.starts, time) - 1, 0)]

    def draw(self, chances: Mapping[str, float]) -> str:
        """A label; no dice where only one answer is possible."""
        if len(chances) == 1:
            return next(iter(chances))
        return self.dice.choices(list(chances), list(chances.values()))[0]

    def next_fill(self, label: str, since: float) -> float:
        """When a cache that waits since then is asked by somebody, and keeps what it is told; or infinity."""
        curve = self.stale_fillers if self.stale and label != NO_ANSWER else self.fillers
        reached = curve(since) + self.dice.expovariate(1.0)     # in requests: exact, however their rate changes
        after = bisect_right(curve.ys, reached)
        if after == len(curve.ys):
            return inf
        (x0, x1), (y0, y1) = curve.xs[after - 1:after + 1], curve.ys[after - 1:after + 1]
        return x0 + (x1 - x0) * (reached - y0) / (y1 - y0)

    # ---- the books ----------------------------------------------------------------------------------------------

    def hold(self, label: str, start: float, end: float) -> None:
        """The user in hand holds this label from start to end (seconds)."""
        self._count(self.holding[label], start, end)
        self._lose(self.lost_at[label], start, end)

    def wait(self, label: str, start: float, end: float) -> None:
        """The user in hand, having held this label, holds nothing from start to end."""
        self._count(self.waiting[label], start, end)
        self._lose(self.lost_asking[label], start, end)

    def query(self, at: float) -> None:
        if 0 <= at < self.until:
            self.queries[int(at / self.step)] += 1

    def wait_in_vain(self, start: float, end: float) -> None:
        """A cache waits from start to end: with TTL 0, every request in that time is a query."""
        for moment, sign in ((start, 1), (end, -1)):
            column = self._column(moment)
            self.in_vain[0][column] += sign
            self.in_vain[1][column] += sign * self.unkept(max(moment, 0.0))

    def _column(self, moment: float) -> int:
        return ceil(min(max(moment, 0.0), self.until) / self.step)

    def _count(self, counts: list[int], start: float, end: float) -> None:
        counts[self._column(start)] += 1
        counts[self._column(end)] -= 1

    def _lose(self, curve: Curve, start: float, end: float) -> None:
        if end > start:
            self.lost[-1] += curve(end) - curve(start)

    # ---- what became of them ------------------------------------------------------------------------------------

    def report(self) -> FleetReport:
        """Close the books. The queries of those who waited in vain are drawn here, all of a step at once."""
        size, times = len(self.lost), [step * self.step for step in range(self.steps)]
        told = [self.span_at(time).told for time in times]
        shares = {label: [count / size for count in accumulate(self.holding[label][:-1])] for label in self.labels}
        for label in self.labels:       # who waits goes where the answer of the moment leads
            for step, waiting in enumerate(accumulate(self.waiting[label][:-1])):
                leads = told[step] or {label if self.stale else NO_ANSWER: 1.0}
                for site, chance in leads.items() if waiting else ():
                    shares[site][step] += waiting * chance / size
        down = [sum(row[step] for label, row in shares.items() if self.timeline.is_down(label, time))
                for step, time in enumerate(times)]
        ends = [*times[1:], self.until]
        asked = [count + more for count, more in zip(self.queries, self._asked_in_vain([*times, self.until]), strict=False)]
        return FleetReport(size, self.until, times, shares, down,
                           [count / (end - start) for count, start, end in zip(asked, times, ends, strict=True)],
                           sum(self.lost) / size, partial(downtime_of, self.lost))

    def _asked_in_vain(self, edges: Sequence[float]) -> list[int]:
        caches, before = map(accumulate, self.in_vain)
        so_far = [self.unkept(edge) * count - asked for edge, count, asked in zip(edges, caches, before, strict=True)]
        return [poisson(max(later - sooner, 0.0), self.dice) for sooner, later in pairwise(so_far)]


class Resolver:
    """One cache: what it holds or held last, until when, and when a request next fills it."""

    def __init__(self, kind: Kind):
        self.kind, self.now, self.label, self.expiry = kind, float(kind.begin), NO_ANSWER, float(kind.begin)
        if kind.warm:
            self._has_been_at_work()
        self.fill = kind.next_fill(self.label, self.expiry)

    def _has_been_at_work(self) -> None:
        kind, first = self.kind, self.kind.spans[0]
        lot = kind.dice.random()
        for label, share in kind.steady.holding.items():
            lot -= share
            if lot < 0:
                left = first.holds[label]
                self.label = label      # it may be anywhere in its hold
                self.expiry += left * kind.dice.random() if left < inf else left
                return
        if first.kept:
            self.label = kind.draw(first.kept)

    def live(self, until: float, seen: bool) -> None:
        """Go on to the time `until`, and book it if the user is looking (`seen`)."""
        kind = self.kind
        while self.now < until:
            stop = min(self.fill, until)
            expired = min(max(self.expiry, self.now), stop)
            if kind.unkept.ys[-1] > 0:
                kind.wait_in_vain(expired, stop)
            if seen:
                kind.hold(self.label, self.now, expired)
                kind.wait(self.label, expired, stop)
            self.now = stop
            if self.fill >= until:
                return
            self._refresh()

    def _refresh(self) -> None:
        """A request comes, now. Where nobody replies the old label stays, and is served stale."""
        span = self.kind.span_at(self.now)
        if span.told:
            self.label = self.kind.draw(span.kept)
            self.kind.query(self.now)
        self.expiry = self.now + (span.holds[self.label] if span.told else STALE_RETRY)
        self.fill = self.kind.next_fill(self.label, self.expiry)

    def say(self) -> tuple[str, bool]:
        """What a user who asks now is told, and whether there was any reply."""
        told = self.kind.span_at(self.now).told
        stale = not told and self.kind.stale and self.label != NO_ANSWER
        if self.now < self.expiry or stale:
            return self.label, True
        return (self.kind.draw(told), True) if told else (NO_ANSWER, False)


def _one_life(kind: Kind) -> None:
    """One resolver from its beginning to the end, with a user who asks it, or who keeps what it said."""
    kind.lost.append(0.0)
    resolver = Resolver(kind)
    if not kind.keeps:
        resolver.live(kind.until, True)
        return
    dice, demand, keeps = kind.dice, kind.member.behaviour.user_demand, kind.keeps
    free, through = kind.begin, False     # until when the user keeps the last reply; whether it never came
    if kind.warm and demand and keeps < inf:
        if dice.random() < keeps / (keeps + 1 / demand):
            free += keeps * dice.random()
    elif kind.warm and demand:
        free = kind.until
        kind.hold(resolver.say()[0], 0.0, free)
    while True:
        resolver.live(min(free, kind.until), through)
        lookup = min(free + (dice.expovariate(demand) if demand else inf), kind.until)
        resolver.live(lookup, True)
        if lookup >= kind.until:
            return
        label, replied = resolver.say()
        free, through = lookup + keeps, not replied
        if replied:
            kind.hold(label, lookup, min(free, kind.until))


def sample(members: Sequence[tuple[Member, int]], timeline: AnswerTimeline, seed: int, step: float,
           run: Callable[..., object] = map) -> FleetReport:
    """So many of each kind of member, as one report. `run` is there for likeness with `sampled`: nothing is shared out."""
    dice, kinds = Random(seed), []
    size = sum(count for _, count in members)
    for member, count in members:
        kind = Kind(member, timeline, step, dice)
        for _ in range(count):
            _one_life(kind)
        kinds.append(kind)
    by_name: dict[str, list[float]] = {"": []}
    for kind in kinds:
        for name in ("", kind.member.behaviour.name):
            by_name.setdefault(name, []).extend(kind.lost)
    return FleetReport.of_kinds([(kind.member.behaviour.name, len(kind.lost) / size, kind.report()) for kind in kinds],
                                size, partial(_downtime, by_name))


def _downtime(by_name: Mapping[str, Sequence[float]], name: str) -> Downtime:
    return downtime_of(by_name[name])


def downtime_of(lost: Sequence[float]) -> Downtime:
    """The distribution over these users, to the millisecond."""
    return Downtime.counted(Counter(round(seconds, 3) for seconds in lost))


def poisson(mean: float, dice: Random) -> int:
    """A number from the Poisson distribution: by its definition, or for many by the normal one that it nears."""
    if mean > MANY:
        return max(round(dice.gauss(mean, sqrt(mean))), 0)
    enough, product, number = exp(-mean), dice.random(), 0
    while product > enough:
        product *= dice.random()
        number += 1
    return number
