"""What the authority would answer at each moment, and when each site works.

    answer steps + outages  ->  AnswerTimeline, and the downtime that follows from an answer

Before this: a lab, a drill or a few lines of your own. After this: `fleet.expected` and
`fleet.sampled` let a population of caches live through it. Nothing here knows about caches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import pairwise
from math import inf, isclose, isfinite

from failover_kit.errors import ConfigurationError, Problem

from .curve import Curve

MAX_TTL = 2_147_483_647    # RFC 2181 section 8
NO_ANSWER = "no answer"    # where a user goes who is told that there is no address, or told nothing


class Authority(Enum):
    """What stands in the place of an answer when the name servers cannot be reached."""

    UNREACHABLE = "unreachable"


UNREACHABLE = Authority.UNREACHABLE
Answer = str | None | Mapping[str | None, float] | Authority


@dataclass(frozen=True)
class AnswerStep:
    """From `at` (seconds) to the next step, this is what a resolver that asks is told.

    `answer` is one of
      "us-east-1"                              a site, by any label you like;
      {"us-east-1": 0.9, "us-west-2": 0.1}     each site with its chance (weighted records);
      None                                     no such name or no address: an answer, and kept as one;
      UNREACHABLE                              no reply at all, so there is nothing to keep.
    `ttl` is in seconds; None stands for the fleet's own.
    """

    at: float
    answer: Answer
    ttl: int | None = None

    @property
    def reachable(self) -> bool:
        return self.answer is not UNREACHABLE

    @property
    def told(self) -> dict[str, float]:
        """Each thing one may be told, with its chance; empty when the authority is unreachable."""
        if not self.reachable:
            return {}
        chances = self.answer if isinstance(self.answer, Mapping) else {self.answer: 1.0}
        return {NO_ANSWER if site is None else site: chance for site, chance in chances.items() if chance > 0}

    def problems(self) -> list[Problem]:
        where, found = f"answer step at {self.at} s", []
        if not isinstance(self.answer, (str, Mapping, Authority, type(None))):
            return [Problem(where, f"the answer is {self.answer!r}, must be a site's label, {{label: chance}}, None "
                                   "or UNREACHABLE")]
        if not isfinite(self.at):
            found.append(Problem(where, "the time must be a finite number of seconds"))
        if self.ttl is not None and not (isinstance(self.ttl, int) and 0 <= self.ttl <= MAX_TTL):
            found.append(Problem(where, f"TTL is {self.ttl}, must be a whole number, 0 to {MAX_TTL}"))
        chances = self.answer if isinstance(self.answer, Mapping) else {}
        if isinstance(self.answer, Mapping) and not isclose(sum(chances.values()), 1, abs_tol=1e-9):
            found.append(Problem(where, f"the chances add up to {sum(chances.values()):g}, must be 1"))
        if any(chance < 0 for chance in chances.values()):
            found.append(Problem(where, f"a chance is below 0 in {dict(chances)}"))
        if "" in (chances or (self.answer,)):
            found.append(Problem(where, "a site has no name", "Give every site a label, such as 'us-east-1'."))
        if NO_ANSWER in (chances or (self.answer,)):
            found.append(Problem(where, f"no site may be called {NO_ANSWER!r}", "Say None where there is no address."))
        return found


@dataclass(frozen=True)
class AnswerTimeline:
    """What the authority would answer from 0 to `until` seconds, and when each site is down.

    steps:    in order of time, the first at 0.
    until:    seconds; the end of the story.
    outages:  {site: [(from, to), ...]} in seconds. A site without an entry always works;
              `math.inf` is an outage that outlasts the story.
    Raises ConfigurationError with every fault found.
    """

    steps: Sequence[AnswerStep]
    until: float
    outages: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "outages", {site: _merged(spans) for site, spans in self.outages.items()})
        if problems := self._problems():
            raise ConfigurationError(problems)

    def _problems(self) -> list[Problem]:
        found = [problem for step in self.steps for problem in step.problems()]
        times = [step.at for step in self.steps]
        if not times or times[0] != 0:
            found.append(Problem("answer timeline", f"starts at {times[0] if times else 'no step'}, must start at 0 s",
                                 "Add AnswerStep(0, SITE) in front."))
        if any(later <= earlier for earlier, later in pairwise(times)):
            found.append(Problem("answer timeline", f"steps at {times} s are not in order of time"))
        if not (isfinite(self.until) and self.until > max(times, default=0)):
            found.append(Problem("answer timeline", f"ends at {self.until} s, must end after its last step"))
        for site, spans in self.outages.items():
            found += [Problem(f"outage of {site}", f"from {start} s to {end} s is not a stretch of time")
                      for start, end in spans if not start < end]
        return found

    @classmethod
    def failover(cls, primary: str, secondary: str, *, fails_at: float, switches_at: float,
                 recovers_at: float = inf, returns_at: float | None = None,
                 ttl: int | None = None, until: float = 1800.0) -> AnswerTimeline:
        """The usual story: the primary dies, the answer changes, perhaps it comes back, the answer too.

        fails_at, recovers_at:    seconds between which the primary is down.
        switches_at, returns_at:  seconds at which the answer changes to the secondary, and back.
        """
        steps = [AnswerStep(0, primary, ttl), AnswerStep(switches_at, secondary, ttl)]
        if returns_at is not None:
            steps.append(AnswerStep(returns_at, primary, ttl))
        return cls(steps, until, {primary: [(fails_at, recovers_at)]})

    @property
    def sites(self) -> tuple[str, ...]:
        """Every site that is ever answered, in order of appearance."""
        told = dict.fromkeys(site for step in self.steps for site in step.told)
        return tuple(site for site in told if site != NO_ANSWER)

    @cached_property
    def edges(self) -> list[float]:
        """Every moment (seconds, 0 to `until`) at which an answer or the state of a site changes."""
        moments = {0.0, self.until, *(step.at for step in self.steps)}
        moments |= {moment for spans in self.outages.values() for span in spans for moment in span}
        return sorted(moment for moment in moments if 0 <= moment <= self.until)

    def is_down(self, label: str, at: float) -> bool:
        """Whether a request sent to this site at this moment fails. Having no answer always fails."""
        return label == NO_ANSWER or any(start <= at < end for start, end in self.outages.get(label, ()))

    def lost_at(self, label: str) -> Curve:
        """Seconds lost so far by somebody who goes to `label` all the time."""
        return self._lost(lambda moment, step: self.is_down(label, moment))

    def lost_asking(self, stale: str | None = None) -> Curve:
        """Seconds lost so far by somebody who asks afresh for each request.

        Where the authority cannot be reached they go to the site `stale`, if there is one.
        """
        def share_lost(moment: float, step: AnswerStep) -> float:
            if step.reachable:
                return sum(chance * self.is_down(site, moment) for site, chance in step.told.items())
            return self.is_down(stale or NO_ANSWER, moment)
        return self._lost(share_lost)

    def _lost(self, share_lost: Callable[[float, AnswerStep], float]) -> Curve:
        lost, steps = Curve([0.0], [0.0]), list(self.steps)
        for start, end in pairwise(self.edges):
            step = next(step for step in reversed(steps) if step.at <= start)
            lost.add(end, lost.ys[-1] + (end - start) * share_lost((start + end) / 2, step))
        return lost


def _merged(spans: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The same stretches in order, those that touch joined. Impossible ones are left for `_problems`."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] and start < end:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
