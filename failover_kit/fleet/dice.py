"""Who draws the lots.  numpy, or its absence  ->  sampler()  ->  `sampled.sample` or `one_by_one.sample`"""

from __future__ import annotations

from collections.abc import Callable

from .report import FleetReport


def sampler() -> Callable[..., FleetReport]:
    """The sampler for this Python; decided at the call, as numpy is loaded only by who draws."""
    try:
        from .sampled import sample
    except ModuleNotFoundError as missing:
        if missing.name != "numpy":
            raise
        from .one_by_one import sample
    return sample
