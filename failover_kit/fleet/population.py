"""The fleet: how many resolvers, of which kinds, asked how often.

    Fleet + AnswerTimeline  ->  FleetReport, by computing (`expected`) or by drawing lots (`sample`)

Before this: `answers` and `behaviours`. After this: lessons and figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from math import floor, inf, isclose, isfinite

from failover_kit.errors import ConfigurationError, Problem

from .answers import MAX_TTL, AnswerTimeline
from .behaviours import Behaviour, Member, honest
from .dice import sampler
from .expected import MemberCurves
from .report import Downtime, FleetReport


@dataclass(frozen=True)
class Fleet:
    """A population of resolvers, and the users behind them.

    size:        resolvers. Each has as many users behind it as any other.
    ttl:         seconds; of answers for which the timeline states none.
    behaviours:  {behaviour: share of the fleet}; the shares add up to 1.
    demand:      requests per second at one resolver, at random times (Poisson); or
                 {requests per second: share of the fleet}.
    warm:        True: the fleet has been at work for long when the timeline begins. False: all caches
                 are empty, as after a fleet-wide restart.
    Raises ConfigurationError with every fault found.

    >>> outage = AnswerTimeline.failover("us-east-1", "us-west-2", fails_at=300, switches_at=385)
    >>> Fleet(ttl=60).expected(outage).downtime.maximum    # 85 s until the switch, and one TTL
    145.0
    """

    size: int = 1_000_000
    ttl: int = 60
    behaviours: Mapping[Behaviour, float] = field(default_factory=lambda: {honest(): 1.0})
    demand: float | Mapping[float, float] = 1.0
    warm: bool = True

    def __post_init__(self):
        object.__setattr__(self, "behaviours", dict(self.behaviours))    # a copy: the fleet stays as it was checked
        if problems := [*self._number_problems(), *self._share_problems()]:
            raise ConfigurationError(problems)

    @property
    def demands(self) -> Mapping[float, float]:
        """{requests per second: share of the fleet}"""
        return self.demand if isinstance(self.demand, Mapping) else {self.demand: 1.0}

    def _number_problems(self) -> Iterator[Problem]:
        if not (isinstance(self.size, int) and self.size >= 1):
            yield Problem("fleet", f"size is {self.size}, must be a whole number of resolvers, 1 or more")
        if not (isinstance(self.ttl, int) and 0 <= self.ttl <= MAX_TTL):
            yield Problem("fleet", f"ttl is {self.ttl}, must be a whole number of seconds, 0 to {MAX_TTL}")
        for demand in self.demands:
            if not 0 <= demand < inf:
                yield Problem("fleet", f"demand is {demand}, must be 0 or more requests per second")

    def _share_problems(self) -> Iterator[Problem]:
        for what, shares in (("behaviours", self.behaviours), ("demand", self.demands)):
            for name, share in shares.items():
                if not (isfinite(share) and share >= 0):
                    yield Problem("fleet", f"the share of {getattr(name, 'name', name)} is {share}, must be 0 or more")
            if not shares:
                yield Problem("fleet", f"{what} is empty", "Give at least one, with share 1.")
            elif not isclose(total := sum(shares.values()), 1, abs_tol=1e-9):
                yield Problem("fleet", f"the shares of {what} add up to {total:g}, must be 1")
        for thing in self.behaviours:
            if not isinstance(thing, Behaviour):
                yield Problem("fleet", f"{getattr(thing, '__name__', thing)!r} is not a behaviour",
                              "Call one of the functions that make them: honest(), minimum_ttl(300), browser() ...")
        names = [behaviour.name for behaviour in self.behaviours if isinstance(behaviour, Behaviour)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem("fleet", f"two behaviours are named {name!r}", "Reports go by name: give one another name.")

    def expected(self, timeline: AnswerTimeline, step: float = 1.0) -> FleetReport:
        """What this fleet lives through on average, computed. Costs the same at any size.

        step: seconds between the times of the report.

        The distribution of downtime is computed too for the plain failover (`spell.one_spell`). On other
        timelines it is drawn when it is asked for; its mean is always computed.
        """
        _check_step(step, timeline)
        kinds = [(member.behaviour.name, share, MemberCurves(member, timeline, step).report(self.size * share))
                 for member, share in self._kinds()]
        return FleetReport.of_kinds(kinds, self.size, partial(self._expected_downtime, timeline, step))

    def sample(self, timeline: AnswerTimeline, seed: int, step: float = 1.0,
               executor: Executor | None = None) -> FleetReport:
        """What one fleet of this size lives through, every resolver drawing its own lots.

        seed:      the same seed gives the same report, with or without workers, however many. Where numpy is not
                   installed, other dice are thrown, and all of them here: a report equal in distribution, later.
        executor:  where to run; anything with the `map` of `concurrent.futures.Executor`. None: here.
        """
        _check_step(step, timeline)
        return sampler()(self._members(), timeline, seed, step, executor.map if executor else map)

    def _kinds(self) -> list[tuple[Member, float]]:
        """Each kind of member with its share of the fleet."""
        return [(Member(behaviour, demand, self.ttl, self.warm), share * portion)
                for behaviour, share in self.behaviours.items()
                for demand, portion in self.demands.items() if share * portion > 0]

    def _members(self) -> list[tuple[Member, int]]:
        """Each kind with its whole number of members: the shares rounded down, the rest to the largest remainders."""
        wanted = [(member, self.size * share) for member, share in self._kinds()]
        by_remainder = sorted(range(len(wanted)), key=lambda index: floor(wanted[index][1]) - wanted[index][1])
        missing = self.size - sum(floor(count) for _, count in wanted)
        extra = set(by_remainder[:missing])
        return [(member, floor(count) + (index in extra)) for index, (member, count) in enumerate(wanted)
                if floor(count) + (index in extra) > 0]

    def _expected_downtime(self, timeline: AnswerTimeline, step: float, name: str) -> Downtime:
        """Of the users of one behaviour, or of all where no name is given."""
        kinds = [(member, share) for member, share in self._kinds() if name in ("", member.behaviour.name)]
        total = sum(share for _, share in kinds)
        return Downtime.mixed([(share / total, MemberCurves(member, timeline, step).downtime())
                               for member, share in kinds])


def _check_step(step: float, timeline: AnswerTimeline) -> None:
    if not 0 < step <= timeline.until:
        raise ConfigurationError(Problem("fleet report", f"step is {step} s, must be above 0 and at most "
                                                         f"the {timeline.until} s of the timeline"))
