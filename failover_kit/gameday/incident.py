"""One disaster happening to one design: the state that automation and people look at, and change.

    Stage + Disaster  ->  Incident: who takes writes, what is mended, held, growing

Before this: stage.py. After this: automation.py and people.py act on it, play.py runs it all.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from ..scenarios import Stroke
from ..timeline import Fault
from .design import Design
from .disasters import Disaster
from .plans import LEASE_SECONDS
from .stage import Stage

WRITE_SHARE = 0.3          # of all requests; the others read [assumption]
NO_DATA = "app_broken"     # how a site fails whose servers run and whose backup is not restored yet


@dataclass(frozen=True)
class Promotion:
    """From `at` (seconds) on, this site takes the writes."""

    at: float
    site: str
    planned: bool = False                # it had everything, so nothing could be lost
    old_stopped_at: float | None = None  # when the site before it stopped taking writes; None: it was not told


class Incident:
    """Times are seconds of story time."""

    def __init__(self, stage: Stage, disaster: Disaster):
        self.stage, self.disaster = stage, disaster
        self.design: Design = stage.design
        self.writer = self.design.home
        self.promotions: list[Promotion] = []
        sites = (self.design.home, *self.design.others)
        self.takes_writes = {self.design.home} if self.design.data.has_one_writer else {*sites}
        self.mended = False
        self.held = False                            # users are kept away from home until somebody lets them back
        self.edited = False                          # the zone is not the design's own
        self.milestones: dict[str, float] = {}       # what people had got to, and when they first did
        self._growing: set[str] = set()
        if self.design.data.copy == "backup":
            for site in self.design.others:
                self._change_faults(site, add={NO_DATA: {}})

    @property
    def now(self) -> float:
        return self.stage.now

    def reached(self, milestone: str) -> None:
        self.milestones.setdefault(milestone, self.now)

    # ---- what breaks ------------------------------------------------------------------------------------------------

    def strike(self, stroke: Stroke) -> None:
        for site in self._targets(stroke.role):
            detail = ", ".join(f"{key}={_short(value)}" for key, value in stroke.options.items())
            self._change_faults(site, add={stroke.fault: dict(stroke.options)},
                                why=Fault(self.now, site, stroke.fault, detail, stroke.options))

    def mend(self) -> None:
        """The cause is gone. Servers that are off stay off, and a site without data stays without."""
        self.mended = True
        struck = {stroke.fault for stroke in self.disaster.strokes if stroke.fault}
        for site in self.stage.histories:
            if struck & {*self.stage.faults(site)}:
                self._change_faults(site, drop=struck, why=Fault(self.now, site, "repaired"))
        if self.design.data.has_one_writer and self.design.data.tells_the_old_writer:
            self.takes_writes = {self.writer}        # the old writer can be reached now

    def _targets(self, role: str) -> tuple[str, ...]:
        home, others = self.design.home, self.design.others
        if self.disaster.is_deploy and self.design.staged_deploys and others:
            return others[-1:]                       # it never gets further
        return {"primary": (home,), "secondary": others}.get(role, (home, *others))

    def _change_faults(self, site: str, add: dict | None = None, drop: set | None = None,
                       why: Fault | None = None) -> None:
        left = {fault: options for fault, options in self.stage.faults(site).items() if fault not in (drop or ())}
        self.stage.set_faults(site, {**left, **(add or {})}, why)

    # ---- what can be seen -------------------------------------------------------------------------------------------

    def goes_to(self) -> str:
        """The site that most users are sent to at the moment."""
        shares = self.stage.shares()
        return max(shares, key=lambda site: shares[site], default=self.design.home)

    def failing(self) -> float:
        """The share of requests that fail for users who ask now: broken sites, refused writes, missing capacity."""
        lost = 0.0
        for site, share in self.stage.shares().items():
            served = self.stage.served(site) * min(1.0, self.stage.capacity_now(site) / share)
            lost += share * (1 - served * (1 - WRITE_SHARE * self.refuses_writes(site)))
        return lost

    def refuses_writes(self, site: str) -> bool:
        return site not in self.takes_writes

    def is_cut_off(self, site: str) -> bool:
        """Whether the other sites cannot reach this one at the moment."""
        return (self.disaster.cuts_link and site == self.design.home and not self.mended
                and self.now >= self.disaster.began_at)

    # ---- what is done -----------------------------------------------------------------------------------------------

    def promotion_wait(self) -> float:
        """Seconds from the order to promote to a store that takes writes; a lease that nobody gives back runs first."""
        return self.design.data.promotion_seconds + max(0.0, self._lease_ends() - self.now)

    def _lease_ends(self) -> float:
        """When a writer that is cut off stops by itself: it cannot renew any more."""
        if self.design.data.fence == "lease" and self.is_cut_off(self.writer):
            return self.disaster.began_at + LEASE_SECONDS
        return -inf

    def promote(self, site: str, who: str, *, planned: bool = False, old_stopped_at: float | None = None) -> None:
        """Let a site take the writes. The one that did is fenced, if the design does that and it can be reached."""
        if site == self.writer:
            return
        data, old = self.design.data, self.writer
        if old_stopped_at is None and data.fence != "none" and not self.is_cut_off(old):
            old_stopped_at = self.now
        elif old_stopped_at is None and data.fence == "lease":
            old_stopped_at = self._lease_ends()
        fate = "has stopped" if old_stopped_at is not None else "was not told to stop"
        what = "the backup is restored" if data.copy == "backup" and not planned else "the data is promoted"
        self.stage.note(f"{what} in {site}, by {who}; {old} {fate}")
        self.promotions.append(Promotion(self.now, site, planned, old_stopped_at))
        self.takes_writes = {site} if old_stopped_at is not None else {*self.takes_writes, site}
        self.writer = site
        if NO_DATA in self.stage.faults(site) and data.copy == "backup":
            self._change_faults(site, drop={NO_DATA})

    def stop_writes(self) -> None:
        """The first half of a planned switch: nobody takes writes."""
        self.takes_writes = set()

    def scale(self, site: str) -> None:
        """Order what a site lacks to carry everything."""
        if site in self._growing or self.stage.capacity_now(site) >= 1:
            return
        self._growing.add(site)
        plan = self.design.capacity_of(site)
        what = "servers are started" if plan.share == 0 else "more servers are ordered"
        self.stage.note(f"{site}: {what}, ready in {plan.scale_seconds:.0f} s")
        self.stage.at(self.now + plan.scale_seconds, lambda: self.stage.set_capacity(site, 1.0))

    def is_growing(self, site: str) -> bool:
        return site in self._growing


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return f"{len(value)} places"
    return f"{value:.0f}" if isinstance(value, float) else str(value)
