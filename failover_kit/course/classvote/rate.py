"""How many requests are taken in: a bucket that fills at a steady rate, and of which each request takes one drop.

    now (seconds)  ->  Bucket.takes  ->  may this one pass?
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Bucket:
    """`burst` requests at once, and `per_second` in the long run."""

    per_second: float
    burst: float
    _level: float = field(init=False)
    _at: float = field(init=False, default=float("-inf"))

    def __post_init__(self) -> None:
        self._level = self.burst

    def takes(self, now: float) -> bool:
        """Take a drop at `now`, in seconds of any clock that only goes forward; False when the bucket is empty."""
        self._level = min(self.burst, self._level + max(0.0, now - self._at) * self.per_second)
        self._at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True
