"""A line through points.  (times, values)  ->  the value at any time.

Everything the fleet computes is such a line: how much downtime a site has had so far, how many
lookups a cache has made so far. Plain lists, so that it works where numpy is not installed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise


class Curve:
    """Straight between its points, level before the first and after the last.

    `xs` never go down. Two points with equal x are a jump; the curve then has the later value.

    >>> Curve([0, 10], [0, 5])(4)
    2.0
    """

    __slots__ = ("xs", "ys")

    def __init__(self, xs: Iterable[float], ys: Iterable[float]):
        self.xs, self.ys = list(xs), list(ys)

    def add(self, x: float, y: float) -> None:
        """Go on to the point (x, y)."""
        self.xs.append(x)
        self.ys.append(y)

    def extend(self, xs: Iterable[float], ys: Iterable[float]) -> None:
        """Go on to these points."""
        self.xs.extend(xs)
        self.ys.extend(ys)

    def __call__(self, x: float) -> float:
        after = bisect_right(self.xs, x)
        if after == 0:
            return self.ys[0]
        if after == len(self.xs):
            return self.ys[-1]
        x0, x1, y0, y1 = self.xs[after - 1], self.xs[after], self.ys[after - 1], self.ys[after]
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    def along(self, xs: Iterable[float]) -> list[float]:
        """The values at many places that never go down: one walk over the points."""
        values, points, levels, after, last = [], self.xs, self.ys, 0, len(self.xs)
        for x in xs:
            while after < last and points[after] <= x:
                after += 1
            if after == 0 or after == last:
                values.append(levels[after and -1])
            else:
                x0, y0 = points[after - 1], levels[after - 1]
                values.append(y0 + (levels[after] - y0) * (x - x0) / (points[after] - x0))
        return values

    @property
    def rise(self) -> tuple[float, float]:
        """Where it begins to go up and where it stops; (0, 0) if it never does."""
        steps = [(x0, x1) for (x0, y0), (x1, y1) in pairwise(zip(self.xs, self.ys, strict=True)) if y1 > y0]
        return (steps[0][0], steps[-1][1]) if steps else (0.0, 0.0)


def running_integral(xs: Sequence[float], ys: Sequence[float], scale: Sequence[float]) -> Curve:
    """The area so far under `ys`, drawn over `scale` (which never goes down), as a curve over `xs`."""
    pieces = ((y0 + y1) / 2 * (s1 - s0) for (y0, y1), (s0, s1) in zip(pairwise(ys), pairwise(scale), strict=True))
    return Curve(xs, accumulate(pieces, initial=0.0))
