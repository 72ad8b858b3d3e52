"""Stretches of time in words.

    5400 s  ->  "1 h 30 min"
"""

from __future__ import annotations

from math import inf


def spell_seconds(seconds: float) -> str:
    """A duration as people say it; inf is "everything", which is how much data has no limit of age.

    >>> [spell_seconds(seconds) for seconds in (0, 7.25, 95, 5400, 86400, inf)]
    ['0 s', '7.2 s', '1 min 35 s', '1 h 30 min', '24 h', 'everything']
    """
    if seconds == inf:
        return "everything"
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 and seconds % 1 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
