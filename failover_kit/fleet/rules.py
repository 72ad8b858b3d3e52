"""The timeline as arrays, so that thousands of caches look things up at once.

    AnswerTimeline + Member  ->  what is told, kept and lost at any array of times

Before this: `spans`. After this: `sampled` lets caches live by it, `ledger` keeps the books.
A label is its number here; the last number is that of NO_ANSWER.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, inf

import numpy as np

from .answers import NO_ANSWER, AnswerTimeline
from .behaviours import STALE_RETRY, Member
from .curve import Curve
from .spans import Span, spans


class Rules:
    """Everything that members of one kind need to know about a timeline."""

    def __init__(self, member: Member, timeline: AnswerTimeline, step: float):
        self.member, self.timeline = member, timeline
        self.until, self.step, self.steps = float(timeline.until), step, ceil(timeline.until / step - 1e-9)
        self.labels = (*timeline.sites, NO_ANSWER)
        self.none = len(self.labels) - 1
        self.stale, self.keeps = member.behaviour.serve_stale, member.behaviour.user_keeps
        self.spans = spans(timeline, member.behaviour, member.ttl)
        self.warm = member.warm and bool(self.spans[0].told)
        self.begin = -self.keeps if self.warm and self.keeps < inf else 0.0    # to know what users keep at 0
        self.starts = np.array([span.start for span in self.spans])
        self.reachable = np.array([bool(span.told) for span in self.spans])
        self.holds = np.array([[span.holds.get(label, 0.0) if span.told else STALE_RETRY for label in self.labels]
                               for span in self.spans])
        self.kept = self._chances([span.kept for span in self.spans])
        self.told = self._chances([span.told for span in self.spans])
        self.lost_at = dict(enumerate(map(timeline.lost_at, self.labels)))
        self.lost_asking = {number: timeline.lost_asking(label) for number, label in enumerate(self.labels)
                            } if self.stale else {None: timeline.lost_asking()}
        self.fillers = self._requests(lambda span: span.kept_share if span.told else 0.0)
        self.stale_fillers = self._requests(lambda span: span.kept_share if span.told else 1.0)
        self.unkept = self._requests(lambda span: 1 - span.kept_share if span.told else 0.0)

    def _chances(self, chances: Sequence[dict[str, float]]) -> np.ndarray:
        """[spans, labels] share of draws below which lies this label or an earlier one."""
        so_far = np.cumsum([[row.get(label, 0.0) for label in self.labels] for row in chances], axis=1)
        return so_far / np.where(so_far[:, -1:] > 0, so_far[:, -1:], 1.0)

    def _requests(self, counted: Callable[[Span], float]) -> Curve:
        """Requests so far at a cache that waits all the time, of those in the share that is `counted`."""
        demand = self.member.demand
        curve = Curve([self.begin, 0.0], [self.begin * demand * counted(self.spans[0]), 0.0])
        for span in self.spans:
            curve.add(span.end, curve.ys[-1] + (span.end - span.start) * demand * counted(span))
        return curve

    def span_at(self, times: np.ndarray) -> np.ndarray:
        """The number of the span that counts at each time."""
        return np.maximum(np.searchsorted(self.starts, times, side="right") - 1, 0)

    def draw(self, chances: np.ndarray, span: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A label for each cache that asks in these spans, by `kept` or `told`."""
        if np.all((chances == 0) | (chances == 1)):    # no dice where only one answer is possible
            return np.argmax(chances, axis=1)[span]
        return (rng.random(span.size)[:, None] >= chances[span]).sum(axis=1)

    def next_fill(self, label: np.ndarray, since: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """When a cache that waits since then is asked by somebody, and keeps what it is told; or infinity."""
        wait = rng.standard_exponential(since.size)    # in requests: exact, however their rate changes with time
        when = _by_requests(self.fillers, since, wait)
        return np.where(label == self.none, when, _by_requests(self.stale_fillers, since, wait)) if self.stale else when


def value_at(curve: Curve, times: np.ndarray) -> np.ndarray:
    return np.interp(times, curve.xs, curve.ys)


def _by_requests(curve: Curve, since: np.ndarray, wait: np.ndarray) -> np.ndarray:
    return np.interp(value_at(curve, since) + wait, curve.ys, curve.xs, right=inf)
