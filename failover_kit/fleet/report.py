"""What the users of a fleet lived through.

    shares, queries and downtime, from either way of finding them  ->  FleetReport

Before this: `expected` and `sampled` fill it in. After this: figures draw it, lessons read it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from operator import mul

from .curve import Curve

QUERY_PRICE = 0.40                 # USD per million standard queries, Route 53; volume discounts left aside
SECONDS_PER_MONTH = 30 * 24 * 3600


@dataclass(frozen=True)
class Downtime:
    """How much downtime one user suffers: a distribution over the users of the fleet.

    seconds, chance:  the share `chance` of users has at most so many seconds of downtime; straight
                      between points, and a jump where two points share their seconds.
    mean, maximum:    seconds.
    drawn:            True where an expected distribution was in part drawn (mean: computed all the same).
    """

    seconds: Sequence[float]
    chance: Sequence[float]
    mean: float
    maximum: float
    drawn: bool = False

    def percentile(self, percent: float) -> float:
        """Seconds that `percent` (0 to 100) of the users stay within."""
        if not 0 <= percent <= 100:
            raise ValueError(f"percentile {percent} does not exist, ask for 0 to 100")
        wanted = min(percent / 100, self.chance[-1])
        after = bisect_left(self.chance, wanted) if wanted > 0 else bisect_right(self.chance, 0.0) - 1
        if after <= 0 or self.chance[after] == 0:
            return self.seconds[max(after, 0)]
        below, above = self.chance[after - 1], self.chance[after]
        start, end = self.seconds[after - 1], self.seconds[after]
        return start + (end - start) * (wanted - below) / (above - below)

    def share_longer_than(self, seconds: float) -> float:
        """Share of the users with more downtime than this."""
        return 0.0 if seconds >= self.maximum else 1 - (Curve(self.seconds, self.chance)(seconds)
                                                        if seconds >= self.seconds[0] else 0.0)

    @classmethod
    def counted(cls, counts: Mapping[float, float]) -> Downtime:
        """From {seconds: users or share of users with just so much}."""
        total, so_far, seconds, chance = sum(counts.values()), 0.0, [], []
        for value in sorted(counts):
            seconds += [value, value]
            chance += [so_far / total, (so_far := so_far + counts[value]) / total]
        return cls(seconds, chance, sum(value * count for value, count in counts.items()) / total, seconds[-1])

    @classmethod
    def mixed(cls, parts: Sequence[tuple[float, Downtime]]) -> Downtime:
        """Of a fleet made of parts, each with its share."""
        jumps, bends = Counter(), Counter()    # at each number of seconds: added chance, added slope
        for share, part in parts:
            jumps[part.seconds[0]] += share * part.chance[0]
            for x0, x1, p0, p1 in zip(part.seconds, part.seconds[1:], part.chance, part.chance[1:], strict=False):
                if x0 == x1:
                    jumps[x0] += share * (p1 - p0)
                else:
                    bends[x0] += share * (p1 - p0) / (x1 - x0)
                    bends[x1] -= share * (p1 - p0) / (x1 - x0)
        seconds, chance, slope = [], [], 0.0
        for x in sorted(jumps.keys() | bends.keys()):
            so_far = min(1.0, chance[-1] + max(0.0, slope) * (x - seconds[-1])) if seconds else 0.0
            seconds += [x, x]
            chance += [so_far, min(1.0, so_far + jumps[x])]
            slope += bends[x]
        return cls(seconds, chance, sum(share * part.mean for share, part in parts),
                   max(part.maximum for _, part in parts), any(part.drawn for _, part in parts))


@dataclass(frozen=True)
class FleetReport:
    """One fleet against one answer timeline.

    times:               seconds, a step apart; the shares are those at just these moments.
    shares:              {site: [share of users a request of whom would go there]}, with "no answer"
                         for those who would get no address. They add up to 1 at every time.
    down:                share of users whose request would fail: site down, or no answer.
    queries_per_second:  that reach the authority, over the step that begins at each time. What is
                         sent while the authority is unreachable does not reach it.
    mean_downtime:       seconds per user, over the whole timeline.
    by_behaviour:        the same report for each behaviour alone; its queries are those of its share.
    """

    size: float                        # resolvers
    until: float
    times: list[float]
    shares: dict[str, list[float]]
    down: list[float]
    queries_per_second: list[float]
    mean_downtime: float
    find_downtime: Callable[[], Downtime] = field(repr=False, compare=False)
    by_behaviour: dict[str, FleetReport] = field(default_factory=dict)

    @cached_property
    def downtime(self) -> Downtime:
        """Distribution of downtime over users. Worked out when first asked for."""
        return self.find_downtime()

    @property
    def mean_queries_per_second(self) -> float:
        ends = [*self.times[1:], self.until]
        return sum(rate * (end - start) for rate, start, end in
                   zip(self.queries_per_second, self.times, ends, strict=True)) / self.until

    def monthly_queries(self) -> float:
        """Queries in 30 days that go on as this timeline did on average."""
        return self.mean_queries_per_second * SECONDS_PER_MONTH

    def monthly_cost(self, price_per_million: float = QUERY_PRICE) -> float:
        """USD for 30 days of such queries, at a price per million queries."""
        return self.monthly_queries() / 1e6 * price_per_million

    @classmethod
    def mixed(cls, parts: Sequence[tuple[float, FleetReport]], size: float, find_downtime: Callable[[], Downtime],
              by_behaviour: Mapping[str, FleetReport]) -> FleetReport:
        """Of a fleet made of parts, each with its share."""
        weights, reports = zip(*parts, strict=True)

        first = reports[0]
        if len(parts) == 1:
            return replace(first, size=size, find_downtime=find_downtime, by_behaviour=dict(by_behaviour))

        def weighted(rows: Sequence[Sequence[float]]) -> list[float]:
            return [sum(map(mul, weights, column)) for column in zip(*rows, strict=True)]

        return cls(size, first.until, first.times,
                   {label: weighted([report.shares[label] for report in reports]) for label in first.shares},
                   weighted([report.down for report in reports]),
                   [sum(column) for column in zip(*(report.queries_per_second for report in reports), strict=True)],
                   sum(weight * report.mean_downtime for weight, report in parts), find_downtime, dict(by_behaviour))

    @classmethod
    def of_kinds(cls, kinds: Sequence[tuple[str, float, FleetReport]], size: float,
                 find_downtime: Callable[[str], Downtime]) -> FleetReport:
        """Of a fleet made of (behaviour's name, share, report of these alone).

        find_downtime: for a behaviour's name, or for all with "".
        """
        alone, shares = {}, {}
        for name in dict.fromkeys(name for name, _, _ in kinds):
            own = [(share, report) for named, share, report in kinds if named == name]
            shares[name] = sum(share for share, _ in own)
            alone[name] = cls.mixed([(share / shares[name], report) for share, report in own],
                                    size * shares[name], partial(find_downtime, name), {})
        return cls.mixed([(shares[name], report) for name, report in alone.items()],
                         size, partial(find_downtime, ""), alone)
