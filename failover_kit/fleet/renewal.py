"""The expected life of one cache, without drawing a single random number.

    what it is told when  +  how often it is asked  ->  how many fills it has made by any time

A cache is *holding* an answer or *waiting* for the next request. Requests come at random (Poisson),
`demand` a second, so a wait lasts 1/demand seconds on average, and

    fills'(t) = demand * waiting(t)              somebody asks, the cache fills
    waiting(t) = waits begun(t) - fills(t)       a fill ends a wait
    waits begun(t) = those at the start + fills made before t - hold

The number of waits begun depends on fills made at least one `hold` ago, so the equation solves itself
hold after hold: `fills` chases `waits begun`. In renewal theory `fills` is the renewal function and its
slope the renewal density; a cache that has run for long fills 1 / (hold + 1/demand) times a second.

Before this: `spans`. After this: `expected` reads shares off it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import expm1, inf
from operator import add, sub

from .answers import NO_ANSWER
from .behaviours import STALE_RETRY
from .curve import Curve, running_integral
from .spans import Span, SteadyState

CELLS_PER_WAIT = 12    # steps of the solution in one mean wait: error below 0.1 % of a burst
MOST_CELLS = 40_000    # in one story; a rush that is shorter than such a cell is smoothed
ANYTHING = ""          # the one queue of waiting caches whose old answer does not matter


@dataclass(frozen=True)
class Batch:
    """The fills that bring one label during one span, and end one `hold` later."""

    label: str
    queue: str         # where a cache waits once this answer has expired
    fills: Curve       # of the cache so far, of which
    share: float       # brings this label
    start: float
    end: float
    hold: float

    def made(self, by: Sequence[float]) -> list[float]:
        """Fills per cache up to each of these times (seconds, ascending)."""
        first, last = bisect_left(by, self.start), bisect_left(by, self.end)
        before, total = self.fills(self.start), self.fills(self.end)
        return ([0.0] * first + [self.share * (count - before) for count in self.fills.along(by[first:last])]
                + [self.share * (total - before)] * (len(by) - last))

    def expired(self, by: Sequence[float]) -> list[float]:
        return self.made([time - self.hold for time in by])


class CacheLife:
    """Solves the three equations above from `begin` (seconds) to the end of the last span.

    warm:         at `begin` the cache has been told the first answer for ever; else it is empty.
    serve_stale:  during a span without replies a cache with an old site waits STALE_RETRY between
                  tries. Waiting caches then stand in one queue a label, as the label matters.
    """

    def __init__(self, spans: Sequence[Span], demand: float, *, serve_stale: bool = False,
                 warm: bool = True, begin: float = 0.0):
        self.spans, self.demand, self.begin = spans, demand, begin
        self.serve_stale = serve_stale and any(not span.told for span in spans)
        labels = dict.fromkeys(label for span in spans for label in span.told) | {NO_ANSWER: None}
        self.queues = tuple(labels) if self.serve_stale else (ANYTHING,)
        self.waiting_at_begin = dict.fromkeys(self.queues, 0.0) | {self.queue(NO_ANSWER): 1.0}
        self.fills = {queue: Curve([begin], [0.0]) for queue in self.queues}    # that end a wait in this queue
        self.all_fills = Curve([begin], [0.0]) if self.serve_stale else self.fills[ANYTHING]
        self.queries = Curve([begin], [0.0])                                    # that reach the authority
        self.held_for_good: dict[str, float] = {}
        self.batches: list[Batch] = []
        self.warm = warm and bool(spans[0].told)
        if self.warm:
            self._look_back(spans[0])
        steady = self.warm
        for span in spans:
            if span.end > begin:
                steady = steady and self._rhythm(span) == self._rhythm(spans[0])
                self._live_through(span, steady)

    def queue(self, label: str) -> str:
        """Where a cache waits that last held this label."""
        return label if self.serve_stale else ANYTHING

    def waiting(self, queue: str, at: Sequence[float]) -> list[float]:
        """Chance of waiting in this queue at each of these times (seconds, ascending)."""
        return [begun - ended for begun, ended in
                zip(self._waits_begun(queue, at), self.fills[queue].along(at), strict=True)]

    def _waits_begun(self, queue: str, by: Sequence[float]) -> list[float]:
        expired = [batch.expired(by) for batch in self.batches if batch.queue == queue]
        at_begin = self.waiting_at_begin[queue]
        return [at_begin + sum(column) for column in zip(*expired, strict=True)] if expired else [at_begin] * len(by)

    def _look_back(self, span: Span) -> None:
        """Put in the fills from before `begin` that are still held, by the rates of the steady state."""
        steady = SteadyState.of(span, self.demand)
        self.waiting_at_begin = dict.fromkeys(self.queues, 0.0)
        for label, chance in (span.kept or {NO_ANSWER: 1.0}).items():
            self.waiting_at_begin[self.queue(label)] += steady.waiting * chance / (span.kept_share or 1.0)
        if steady.fills_per_second == 0:
            self.held_for_good = dict(steady.holding)
            return
        longest = max(span.holds[label] for label in span.kept)
        rates = {queue: steady.fills_per_second * waiting / steady.waiting
                 for queue, waiting in self.waiting_at_begin.items()}
        for curve, rate in [*((self.fills[queue], rate) for queue, rate in rates.items()),
                            *([(self.all_fills, steady.fills_per_second)] if self.serve_stale else [])]:
            curve.xs.insert(0, self.begin - longest)
            curve.ys.insert(0, -longest * rate)

    def _rhythm(self, span: Span) -> list[tuple]:
        """What a steady cache must go on finding to stay steady: the holds, not where the answers lead."""
        chances: dict[tuple[float, str], float] = {}
        for label, chance in span.told.items():
            kind = span.holds[label], self.queue(label)
            chances[kind] = chances.get(kind, 0.0) + chance
        return sorted((*kind, round(chance, 12)) for kind, chance in chances.items())

    def _live_through(self, span: Span, steady: bool) -> None:
        start = max(span.start, self.begin)
        if span.told:
            rates = dict.fromkeys(self.queues, self.demand * span.kept_share)
            looks_back = self.all_fills.xs[0] < self.begin and start == self.begin
            new = [Batch(label, self.queue(label), self.all_fills, chance / span.kept_share,
                         start - span.holds[label] if looks_back else start, span.end, span.holds[label])
                   for label, chance in span.kept.items()]
        else:
            rates = {queue: self.demand if queue not in (ANYTHING, NO_ANSWER) else 0.0 for queue in self.queues}
            new = [Batch(queue, queue, self.fills[queue], 1.0, start, span.end, STALE_RETRY)
                   for queue, rate in rates.items() if rate]
        self.batches += new
        longest = inf if steady else min((batch.hold for batch in new), default=inf)
        while start < span.end:    # in blocks no longer than a hold: every wait in it is then known beforehand
            end = min(start + longest, span.end)
            self._solve(span, start, end, rates, steady)
            start = end

    def _solve(self, span: Span, start: float, end: float, rates: Mapping[str, float], steady: bool) -> None:
        resolution = min(CELLS_PER_WAIT * self.demand, MOST_CELLS / (self.spans[-1].end - self.begin))
        cells = 1 if steady else 1 + int((end - start) * resolution)
        times = [start + (end - start) * cell / cells for cell in range(cells)] + [end]
        filled = asked = [0.0] * (cells + 1)
        for queue, rate in rates.items():
            begun, curve = self._waits_begun(queue, times), self.fills[queue]
            if steady:    # each fill ends a wait while another begins; by the first rate, or rounding errors grow
                begun[1:] = [begun[0] + rate * self.waiting_at_begin[queue] * (end - start)]
                ended = [curve.ys[-1], curve.ys[-1] + begun[1] - begun[0]]
            else:
                ended = _chase(begun, curve.ys[-1], rate * (end - start) / cells)
            curve.extend(times[1:], ended[1:])
            filled = list(map(add, filled, ended))
            if span.told and not span.kept:    # every request of those who wait is a query
                waited = running_integral(times, list(map(sub, begun, ended)), times)
                asked = [before + self.demand * more for before, more in zip(asked, waited.ys, strict=True)]
        if self.serve_stale:
            self.all_fills.extend(times[1:], filled[1:])
        if span.kept:
            asked = [(count - filled[0]) / span.kept_share for count in filled]
        before = self.queries.ys[-1]
        self.queries.extend(times[1:], [before + more for more in asked[1:]])


def _chase(target: Sequence[float], value: float, pace: float) -> list[float]:
    """Solve value' = rate * (target - value) cell by cell; `pace` is rate times the length of a cell.

    Exact as long as the target is straight within each cell, however high the rate.
    """
    gone = -expm1(-pace)                      # share of the distance covered in one cell
    lag = gone / pace if pace else 1.0        # a target that moves by 1 in the cell drags the value by 1 - lag
    values = [value]
    for before, after in pairwise(target):
        value += gone * (before - value) + (1 - lag) * (after - before)
        values.append(value)
    return values
