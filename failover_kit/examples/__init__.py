"""Zones to try things on, shipped with the kit: the course's shop, one full of mistakes, and a raw AWS CLI export.

    "examples-zone.json"  ->  the path of that file
"""

from __future__ import annotations

from pathlib import Path

from ..errors import LabError

NAMES = ("examples-zone.json", "mistakes-zone.json", "shop-records.json", "shop-health-checks.json",
         "naive-design.json", "reference-design.json")


def path(name: str) -> Path:
    """Where an example is. Raises LabError for a name that is not in NAMES."""
    if name not in NAMES:
        raise LabError(f"There is no example {name!r}. The kit ships {', '.join(NAMES)}.")
    return Path(__file__).parent / name
