"""The times at which the expected curves are computed.

    timeline + step of the report + delays  ->  ascending moments, each with the answer that counts

Before this: `answers`. After this: `expected` computes a share for each moment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from math import ceil
from typing import TypeVar

from .answers import NO_ANSWER, AnswerTimeline

T = TypeVar("T")


class Moments:
    """Times (seconds) at which something is computed, and the step of the timeline that counts at each.

    They are the times `wanted` for the report, and all others at which a curve may bend: where the
    timeline changes, and `delays` after; and `lookback` before each of these. The answer changes in a
    jump, so the time of a change is there twice, with the step before and the step after it.
    """

    def __init__(self, timeline: AnswerTimeline, step: float, delays: Iterable[float] = (), lookback: float = 0.0):
        self.timeline = timeline
        self.wanted = [index * step for index in range(ceil(timeline.until / step - 1e-9))]
        starts = [answer.at for answer in timeline.steps]
        bends = {start + delay for start in starts for delay in delays}
        inside = {*self.wanted, *timeline.edges, *bends}
        inside |= {time - lookback for time in inside}
        self.times, self.steps = [], []    # ascending, both
        for number, (start, end) in enumerate(pairwise([*starts, timeline.until])):
            own = [start, *sorted(time for time in inside if start < time < end), end]
            self.times += own
            self.steps += [number] * len(own)

    def between(self, start: float, end: float) -> range:
        """Indexes of the moments from `start` to `end`, both included."""
        return range(bisect_left(self.times, start), bisect_right(self.times, end))

    def of_step(self, number: int) -> range:
        """Indexes of the moments at which this step of the timeline counts."""
        return range(bisect_left(self.steps, number), bisect_right(self.steps, number))

    def steps_where(self, values: Iterable[float]) -> list[int]:
        """The numbers of the steps in which any of these values is above 0."""
        return sorted({step for step, value in zip(self.steps, values, strict=True) if value > 0})

    def down(self, label: str) -> list[bool]:
        """Whether this site is down between each moment and the next."""
        if label == NO_ANSWER:
            return [True] * len(self.times)
        down = [False] * len(self.times)
        for start, end in self.timeline.outages.get(label, ()):
            hit = range(bisect_left(self.times, start), bisect_left(self.times, end))
            down[hit.start:hit.stop] = [True] * len(hit)
        return down

    def reported(self, values: Sequence[T]) -> list[T]:
        """Of values at each moment those for the report: where a time is there twice, the later."""
        return [values[index] for index in self._places]

    @cached_property
    def _places(self) -> list[int]:
        return [bisect_right(self.times, time) - 1 for time in self.wanted]
