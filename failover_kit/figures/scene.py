"""The lab as a picture of who talks to whom, at any moment of a run.

    Lab + moment  ->  scene  ->  topology model (see topology.py)

Everything is read from the lab's timeline, so the same picture can be drawn live, and again afterwards, step by step.
"""

from __future__ import annotations

from ..health import Observation, Outcome, Status, StatusChange
from ..lab import Lab, LabSite
from ..monitor import CheckerFlip
from ..timeline import AnswerChange, Fault, Request, Resolved, Timeline

ROWS = {"resolvers": (1, 0), "dns": (2, 0), "users": (0, 1), "checkers": (2, 1)}     # (column, row)
VISITOR = "visitor"     # Lab.visit's: one request by hand, not one of the people who use the shop


def without_service(timeline: Timeline, at: float = float("inf")) -> list[str]:
    """The users whose last request, up to and including `at`, failed."""
    last = {request.user: request.ok for request in timeline.of(Request, until=at) if request.user != VISITOR}
    return [user for user, ok in last.items() if not ok]


def scene(lab: Lab, at: float | None = None, *, answer: str | None = None, title: str = "") -> dict:
    """A topology model of the lab at lab time `at` (default: now).

    `answer` replaces the addresses that the name servers give, for two events at one moment. The picture fits labs
    with one checked name: users, their resolvers, the name servers, the checkers, and up to three sites.
    """
    seen = _Seen(lab, lab.now if at is None else at, answer)
    nodes = {
        "users": {"label": "Users", "kind": "client", "note": seen.users, "at": ROWS["users"]},
        "resolvers": {"label": "Their resolvers", "kind": "resolver", "note": seen.caches, "at": ROWS["resolvers"]},
        "dns": {"label": "Name servers", "kind": "dns", "note": seen.answer, "at": ROWS["dns"]}}
    if seen.watched:
        nodes["checkers"] = {"label": "Health checkers", "kind": "checker", "note": seen.checkers,
                             "at": ROWS["checkers"]}
    for row, site in enumerate(lab.sites, start=1):
        fault = seen.faults.get(site.name)
        nodes[site.name] = {"kind": "site", "state": "fault" if fault else "healthy", "note": fault or site.address,
                            "at": (1, row), **({"role": role} if (role := role_of(lab, site)) else {})}
    edges = [{"from": "users", "to": "resolvers", "state": "query", "label": "where is it?"},
             {"from": "resolvers", "to": "dns", "state": "query", "label": f"keeps {seen.ttl} s" if seen.ttl else ""},
             *([{"from": "checkers", "to": "dns", "state": "check", "label": seen.status}] if seen.watched else []),
             *({"from": "users", "to": site.name, "state": seen.traffic(site)} for site in lab.sites),
             *({"from": "checkers", "to": site.name, "state": seen.probes(site)} for site in seen.watched)]
    return {"title": title, "nodes": nodes, "edges": edges}


class _Seen:
    """What the events up to one moment add up to."""

    def __init__(self, lab: Lab, at: float, answer: str | None):
        self._timeline, self._at = lab.timeline, at
        name_of = {site.address: site.name for site in lab.sites}
        answered = self._last(AnswerChange)
        self.ttl = answered.ttl if answered else None
        self._addresses = answer if answer is not None else ", ".join(answered.after) if answered else ""
        self.answer = f"answer: {name_of.get(self._addresses, self._addresses)}" if self._addresses else ""
        self.faults: dict[str, str] = {}
        for event in self._of(Fault):
            self.faults.update({event.site: event.fault}) if event.begins else self.faults.pop(event.site, None)
        self._requests = {request.user: request for request in self._of(Request) if request.user != VISITOR}
        checks = [check for check in lab.service.monitor.checks if check.ip_address in name_of]
        self.watched = [site for site in lab.sites if any(check.ip_address == site.address for check in checks)]
        self._check_of = {site.name: check for site in self.watched for check in checks
                          if check.ip_address == site.address}
        main = next(iter(self._check_of.values()), None)
        self.status = f"says {self._status_of(main).value}" if main else ""
        self.checkers = self._views_of(main) if main else ""

    def _of(self, kind: type) -> list:
        return self._timeline.of(kind, until=self._at)

    def _last(self, kind: type, wanted=lambda event: True):
        return next((event for event in reversed(self._of(kind)) if wanted(event)), None)

    def _status_of(self, check) -> Status:
        change = self._last(StatusChange, lambda event: event.health_check_id == check.id)
        return change.status if change else Status.HEALTHY

    def _views_of(self, check) -> str:
        views = dict.fromkeys(check.checkers, Status.HEALTHY)
        views.update((flip.checker, flip.status) for flip in self._of(CheckerFlip) if flip.health_check_id == check.id)
        return f"{list(views.values()).count(Status.HEALTHY)} of {len(views)} say healthy"

    @property
    def users(self) -> str:
        if not self._requests:
            return ""
        served = sum(request.ok for request in self._requests.values())
        return f"{served} of {len(self._requests)} are served"

    @property
    def caches(self) -> str:
        kept = {event.user: event for event in self._of(Resolved)
                if event.source == "upstream" and event.user != VISITOR}
        fresh = [event for event in kept.values() if event.at + event.ttl > self._at]
        old = sum(", ".join(event.values) != self._addresses for event in fresh)
        return f"{old} of {len(fresh)} are outdated" if old else "all are up to date" if fresh else "nothing kept yet"

    def traffic(self, site: LabSite) -> str:
        """How the users' last requests to this site went."""
        went = [request.ok for request in self._requests.values() if request.site == site.name]
        return "idle" if not went else "traffic" if all(went) else "blocked"

    def probes(self, site: LabSite) -> str:
        """How the last probe of this site ended."""
        check = self._check_of[site.name]
        probe = self._last(Observation, lambda event: event.health_check_id == check.id)
        return "blocked" if probe and probe.outcome is Outcome.FAIL else "check"


def role_of(lab: Lab, site: LabSite) -> str | None:
    """The site's part in a failover pair of the zone: "primary", "secondary", or None."""
    return next((record.failover.value.lower() for group in lab.zone.groups.values() for record in group
                 if record.failover and site.address in (record.values or ())), None)
