"""A picture of who talks to whom, that changes as the lab does: `Topology(model)`, then `topology.update(model)`.

    model (see figures/topology.py)  ->  topology_svg, topology_alt  ->  the page
"""

from __future__ import annotations

from collections.abc import Mapping

import traitlets

from ..figures.topology import topology_alt, topology_svg
from .base import KitWidget


class Topology(KitWidget, front="topology"):
    """Nodes with their health, and lines for requests, questions and checks. A screen reader hears what changes."""

    svg = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)

    def __init__(self, model: Mapping):
        super().__init__(svg=topology_svg(model), alt=topology_alt(model))

    def update(self, model: Mapping) -> None:
        """Draw this model instead."""
        svg, alt = topology_svg(model), topology_alt(model)
        with self.hold_sync():
            self.svg, self.alt = svg, alt

    def in_words(self) -> str:
        return f"Topology: {self.alt}"

    def still(self) -> dict[str, object]:
        return {"image/svg+xml": self.svg}
