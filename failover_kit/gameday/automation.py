"""What happens without anybody: sites that grow, data that follows the DNS answer, a failback that is held.

    status changes, where users are sent  ->  orders to the Incident

Before this: incident.py. Beside it: people.py, who are slower and see more.
"""

from __future__ import annotations

from ..health import Status, StatusChange
from .incident import Incident


class Automation:
    """Scripts that listen to the health checks and to the DNS answer."""

    def __init__(self, incident: Incident):
        self.incident = incident
        self._promoting: str | None = None
        self._target = incident.design.home

    def look(self, news: list) -> None:
        """Act on what happened just now."""
        incident, design = self.incident, self.incident.design
        alarmed = any(isinstance(event, StatusChange) and event.status is Status.UNHEALTHY for event in news)
        target = incident.goes_to()
        moved, self._target = target != self._target, target
        if not (alarmed or moved):
            return
        for site in design.others:
            needed = target == site or incident.stage.served(design.home) < 1
            if needed and design.capacity_of(site).scales == "automatic":
                incident.scale(site)
        if moved and target != design.home:
            self._hold()
        if moved and design.data.has_one_writer and design.data.promotion == "automatic":
            self._follow(target)

    def _hold(self) -> None:
        """Keep users where they are until the data has come back: the answer by itself would go home too soon."""
        incident = self.incident
        if incident.design.data.failback == "held" and incident.design.switch and not incident.held:
            incident.held = True
            incident.stage.turn_switch(False, "automation")

    def _follow(self, target: str) -> None:
        """Promote the site that users are sent to, if they still are when everything is ready."""
        incident = self.incident
        if target in (incident.writer, self._promoting):
            return
        self._promoting = target

        def promote() -> None:
            self._promoting = None
            if incident.goes_to() == target:
                incident.promote(target, "automation")
        incident.stage.at(incident.now + incident.promotion_wait(), promote)
