"""Lets people work through a runbook in the lab, step by step, while users wait.

    steps + minutes of each + what struck us-east-1  ->  Drilled (who was served when, where users failed)

us-west-2 serves nobody at first: it is a pilot light, or holds nothing but backups. Used by two tasks of this lesson.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from failover_kit import Lab
from failover_kit.timeline import Request

NAME, STANDBY = "app.example.com", "west.example.com"
FAULT_AT, USERS, GAP = 600.0, 8, 15.0      # seconds; users; seconds between two requests of a user
SHORT_TTL = 10

STEPS = {
    "lower the TTL": "set the TTL of app.example.com to 10 s; it still points at us-east-1",
    "promote": "let the database of us-west-2 take writes",
    "start": "start the servers of us-west-2; they need a database that takes writes",
    "build": "build servers in us-west-2; their database is empty, so the shop's pages are errors",
    "restore": "load the last backup into the servers that were built in us-west-2",
    "visit": "open west.example.com as a user would; if the page is not good, stop here",
    "edit": "point app.example.com at us-west-2",
    "restart": "restart the servers of us-east-1",
    "write": "write a report for the management",
}


STANDBYS = {       # what us-west-2 is -> its description, and the two steps that bring it to life, in order
    "pilot light": ("us-west-2 is a pilot light: its database follows that of us-east-1, its servers are off",
                    ("promote", "start")),
    "backup and restore": ("in us-west-2 there is nothing but the backups of the database", ("build", "restore")),
}


@dataclass(frozen=True)
class Drilled:
    """What a drill showed."""

    waits: Mapping[str, float]         # user -> seconds from the fault to the next good page; only those who got one
    users: int                         # who failed at all
    failed_at_standby: int             # requests that went to us-west-2 and failed
    last_failure: str                  # where the last failing request went and what it got; "" when all are served
    stopped: bool                      # a visit showed a bad page, and people stopped there

    @property
    def recovery(self) -> float | None:
        """Seconds from the fault to the last user who is served again; None: somebody never was."""
        return max(self.waits.values()) if len(self.waits) == self.users else None


def drill_runbook(steps: Sequence[str], minutes: Mapping[str, int], *, fault: str, ttl: int, seed: int) -> Drilled:
    """One night: `fault` strikes us-east-1, and people begin with the first step at once. KeyError: an unknown step."""
    with Lab.virtual(seed=seed) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        lab.simple(NAME, east, ttl=ttl)
        lab.simple(STANDBY, west)
        west.fail("crash")
        lab.users(USERS, every=GAP, start_within=ttl)
        lab.at(FAULT_AT, lambda: east.fail(fault))
        lab.run(FAULT_AT)
        promoted = stopped = False
        for step in steps:
            lab.run(minutes=minutes[step])
            if step == "promote":
                promoted = True
            elif step in ("start", "build"):
                west.repair()
                if step == "build" or not promoted:
                    west.fail("http_500")
            elif step == "restore" and "crash" not in west.site.active:
                west.repair()
            elif step == "lower the TTL":
                now = lab.explain(NAME).values
                lab.simple(NAME, *now, ttl=SHORT_TTL)
            elif step == "edit":
                lab.simple(NAME, west, ttl=SHORT_TTL)
            elif step == "visit" and not lab.visit(STANDBY).ok:
                stopped = True
                break
        lab.run(ttl + 4 * GAP)
        return _read(lab, stopped)


def _read(lab: Lab, stopped: bool) -> Drilled:
    failed, waits, last, at_standby = set(), {}, {}, 0
    for request in lab.timeline.of(Request, FAULT_AT):
        if request.user == "visitor":
            continue
        last[request.user] = request
        at_standby += not request.ok and request.site == "us-west-2"
        if not request.ok:
            failed.add(request.user)
            waits.pop(request.user, None)
        elif request.user in failed:
            waits.setdefault(request.user, request.at - FAULT_AT)
    bad = next((f"{request.site}: {request.detail}" for request in last.values() if not request.ok), "")
    return Drilled(waits, len(failed), at_standby, bad, stopped)
