"""Which site takes writes when, in the course of a disaster.

    Played (its promotions)  ->  {site: [(from, does it take writes?), ...]}

Before this: play.py. After this: users.py refuses writes by it; losses.py finds the same with real stores.
"""

from __future__ import annotations

from math import inf

from .play import Played


def writers(played: Played) -> dict[str, list[tuple[float, bool]]]:
    """{site: [(from, does it take writes?), ...]}: who would take a write when, in a design with one writer."""
    design = played.design
    sites = (design.home, *design.others)
    if not design.data.has_one_writer:
        return {site: [(-inf, True)] for site in sites}
    found = {site: [(-inf, site == design.home)] for site in sites}
    old = design.home
    for promotion in played.promotions:
        if promotion.old_stopped_at is not None:
            found[old].append((promotion.old_stopped_at, False))
        elif design.data.tells_the_old_writer:
            found[old].append((max(promotion.at, played.mended_at), False))
        found[promotion.site].append((promotion.at, True))
        old = promotion.site
    return {site: sorted(changes) for site, changes in found.items()}
