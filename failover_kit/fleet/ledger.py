"""The books of a sample: who was where during which stretch of time, and what it cost them.

    stretches of time, by the thousand  ->  counts for each step of the report, downtime of each user

Before this: `sampled` goes from refresh to refresh. After this: `sampled` adds up the tallies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .curve import Curve
from .rules import Rules, value_at


@dataclass
class Tally:
    """What a chunk of the fleet adds up to. Rows are labels, columns the steps of the report."""

    holding: np.ndarray    # [labels, steps] users who hold this label when the step begins
    waiting: np.ndarray    # [labels, steps] users who hold nothing then, by the label they held last
    queries: np.ndarray    # [steps] at the authority during the step
    lost: np.ndarray       # [users] seconds of downtime


class Ledger:
    """Counts a user in at the first step that begins within a stretch, and out at the first after it."""

    def __init__(self, rules: Rules, users: int):
        self.rules, self.width = rules, rules.steps + 1
        self.holding, self.waiting = np.zeros((2, len(rules.labels) * self.width), np.int64)
        self.queries, self.lost = np.zeros(self.width, np.int64), np.zeros(users)
        self.unkept = np.zeros((2, self.width))    # waiting where answers are not kept: caches, their requests before

    def hold(self, who: np.ndarray, label: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
        """Users `who` hold this label from start to end (seconds)."""
        self._count(self.holding, label, start, end)
        self._lose(self.rules.lost_at, who, label, start, end)

    def wait(self, who: np.ndarray, label: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
        """Users `who`, having held this label, hold nothing from start to end."""
        self._count(self.waiting, label, start, end)
        self._lose(self.rules.lost_asking, who, label, start, end)

    def query(self, at: np.ndarray) -> None:
        at = at[(at >= 0) & (at < self.rules.until)]
        self.queries += np.bincount((at / self.rules.step).astype(np.intp), minlength=self.width)

    def wait_in_vain(self, start: np.ndarray, end: np.ndarray) -> None:
        """Caches wait from start to end: with TTL 0, every request in that time is a query."""
        for moment, sign in ((start, 1), (end, -1)):
            column, before = self._column(moment), value_at(self.rules.unkept, np.maximum(moment, 0))
            self.unkept[0] += sign * np.bincount(column, minlength=self.width)
            self.unkept[1] += sign * np.bincount(column, before, minlength=self.width)

    def tally(self, rng: np.random.Generator) -> Tally:
        """Close the books. The queries of those who waited in vain are drawn here, all of a step at once."""
        edges = np.minimum(np.arange(self.width) * self.rules.step, self.rules.until)
        caches, before = self.unkept.cumsum(axis=1)
        in_vain = rng.poisson(np.maximum(np.diff(value_at(self.rules.unkept, edges) * caches - before), 0))
        holding, waiting = (counts.reshape(-1, self.width).cumsum(axis=1)[:, :-1]
                            for counts in (self.holding, self.waiting))
        return Tally(holding, waiting, self.queries[:-1] + in_vain, self.lost)

    def _column(self, moment: np.ndarray) -> np.ndarray:
        return np.ceil(np.clip(moment, 0, self.rules.until) / self.rules.step).astype(np.intp)

    def _count(self, counts: np.ndarray, label: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
        row = label * self.width
        counts += np.bincount(row + self._column(start), minlength=counts.size)
        counts -= np.bincount(row + self._column(end), minlength=counts.size)

    def _lose(self, curves: Mapping[int | None, Curve], who: np.ndarray, label: np.ndarray, start: np.ndarray,
              end: np.ndarray) -> None:
        """Downtime by the curve for each label; the label None stands for all."""
        for number, curve in curves.items():
            first, last = curve.rise
            touched = (start < last) & (end > first)
            mine = np.flatnonzero(touched if number is None else touched & (label == number))
            if mine.size:
                self.lost[who[mine]] += value_at(curve, end[mine]) - value_at(curve, start[mine])
