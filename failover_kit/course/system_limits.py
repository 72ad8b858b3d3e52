"""Sets what this process, and all that it starts, may use: the one place that knows of setrlimit.

    {"DATA": 2**30, "NPROC": 64}  ->  set_limits()  ->  the names of those limits that the system took

Windows and a browser's Python have no such limits; other systems each lack some of them.
Source: setrlimit(2), for the names and units.
"""

from __future__ import annotations

from collections.abc import Mapping


def set_limits(wanted: Mapping[str, int]) -> list[str]:
    """Set limits by their names without RLIMIT_, never above a hard limit that holds already."""
    try:
        import resource
    except ImportError:
        return []
    taken = []
    for name, most in wanted.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (most, most))
            taken.append(name)
        except (ValueError, OSError):
            continue                       # this system wants it otherwise
    return taken
