"""The timeline as one kind of cache meets it.

    AnswerTimeline + Behaviour  ->  spans: what it is told, and how long it keeps that

Before this: `answers` and `behaviours`. After this: `renewal` and `sampled` let caches live through spans.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isinf

from .answers import AnswerTimeline
from .behaviours import Behaviour


@dataclass(frozen=True)
class Span:
    """Between `start` and `end` a cache that asks is told this, and keeps each answer so long."""

    start: float
    end: float
    told: Mapping[str, float]     # {label: chance}; empty: nobody replies
    holds: Mapping[str, float]    # {label: seconds}

    @cached_property
    def kept(self) -> dict[str, float]:
        """The chances of answers that are kept at all. TTL 0 means: use it once."""
        return {label: chance for label, chance in self.told.items() if self.holds[label] > 0}

    @cached_property
    def kept_share(self) -> float:
        return sum(self.kept.values())


def spans(timeline: AnswerTimeline, behaviour: Behaviour, ttl: float) -> list[Span]:
    """The timeline as a cache with this behaviour meets it; `ttl` is for steps that state none."""
    ends = [step.at for step in timeline.steps[1:]] + [timeline.until]
    return [Span(step.at, end, step.told, {label: behaviour.keeps(ttl if step.ttl is None else step.ttl, label)
                                           for label in step.told})
            for step, end in zip(timeline.steps, ends, strict=True)]


@dataclass(frozen=True)
class SteadyState:
    """A cache that has been told the same thing for ever: what one finds on looking at it."""

    waiting: float                # share of time
    fills_per_second: float       # only those that are kept
    holding: Mapping[str, float]  # {label: share of time}

    @classmethod
    def of(cls, span: Span, demand: float) -> SteadyState:
        kept = span.kept
        if demand == 0 or not kept:
            return cls(1.0, 0.0, {})
        for_good = {label: chance for label, chance in kept.items() if isinf(span.holds[label])}
        if for_good:
            return cls(0.0, 0.0, {label: chance / sum(for_good.values()) for label, chance in for_good.items()})
        rate = 1 / (1 / demand + sum(chance * span.holds[label] for label, chance in kept.items()))
        return cls(rate / demand, rate * span.kept_share,
                   {label: rate * chance * span.holds[label] for label, chance in kept.items()})
