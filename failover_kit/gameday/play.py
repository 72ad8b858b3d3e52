"""Lets a disaster happen to a design: what breaks, what automation does about it, what people do, each in its time.

    Design + Disaster + seed  ->  Played (the timeline, and what was where when)

Before this: automation.py, people.py. After this: users.py and losses.py work out what users and data lived through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..fleet_view import Faults
from ..health import Status
from ..timeline import Timeline
from ..zone import HostedZone
from .automation import Automation
from .design import Design
from .disasters import Disaster
from .incident import Incident, Promotion
from .people import People
from .stage import Stage


@dataclass(frozen=True)
class Played:
    """What happened, in story time (seconds). Lists of pairs say what was so from each moment on."""

    design: Design
    disaster: Disaster
    seed: int
    timeline: Timeline
    calm_statuses: Mapping[str, Status]
    zones: list[tuple[float, HostedZone]]
    histories: Mapping[str, list[tuple[float, Faults]]]      # of each site: its faults
    capacity: Mapping[str, list[tuple[float, float]]]        # of each site: the share of the load that it can carry
    promotions: tuple[Promotion, ...]
    milestones: Mapping[str, float]                          # "paged", "at the keyboard", "decided", "record sent", ...
    mended_at: float


def play(design: Design, disaster: Disaster, seed: int = 0) -> Played:
    """Let it happen. The same arguments give the same story on any machine."""
    stage = Stage(design, seed)
    try:
        incident = Incident(stage, disaster)
        people, automation = People(incident), Automation(incident)
        mended_at = []

        def mend() -> None:
            if not incident.mended:
                incident.mend()

        def look(news: list) -> None:
            automation.look(news)
            people.look(news)
            if incident.mended and not mended_at:
                mended_at.append(stage.now)
                people.after_mending()

        for stroke in disaster.strokes:
            stage.at(stroke.at, (lambda stroke=stroke: incident.strike(stroke)) if stroke.fault else mend)
        stage.run(disaster.until, look)
        return Played(design, disaster, seed, stage.timeline, stage.calm_statuses, stage.zones, stage.histories,
                      stage.capacity, tuple(incident.promotions), incident.milestones, *(mended_at or [disaster.until]))
    finally:
        stage.close()
