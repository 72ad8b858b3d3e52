"""What the API keeps beside the lab's own zones and checks: references, versions, tags, and changes on their way.

    Route53 (zones, checks) + Account  <->  operations/

Pure: time comes from `now`, chance from a seed; `later` is asked to do something once its moment has come. Without
`later`, changes reach the name servers with the next request after they are due.
Source: Route 53 API Reference, ChangeInfo, HostedZone, HealthCheck.
"""

from __future__ import annotations

import string
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from ..healthcheck import HealthCheck
from ..service import Route53
from ..timeline import Note
from ..zone import HostedZone
from .control_panel import ControlPanel
from .protocol import AwsError

PROPAGATION = 2.0                            # [model] seconds of lab time; Route 53 takes up to 60, mostly less
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)     # what the lab's calendar shows when its clock shows zero
ID_LETTERS = string.ascii_uppercase + string.digits

Later = Callable[[float, Callable[[], None]], None]      # seconds from now, what to do then


@dataclass
class Change:
    """A change of a zone on its way to the name servers."""

    id: str                                  # "C0123456789ABCDEFGHI"
    submitted: float                         # seconds of lab time
    due: float
    comment: str | None
    publish: Callable[[float], None] | None  # None: the name servers have it


@dataclass
class ZoneNote:
    """What a hosted zone has beside its record sets."""

    caller_reference: str
    comment: str | None = None


@dataclass
class CheckNote:
    """What a health check has beside its settings."""

    caller_reference: str
    check: HealthCheck                       # as of this version
    version: int = 1


class Account:
    """One AWS account: the lab's Route 53, and what only its API needs to know."""

    def __init__(self, service: Route53, now: Callable[[], float], *, later: Later | None = None,
                 propagation: float = PROPAGATION, epoch: datetime = EPOCH, seed: int = 0):
        self.service = service
        self.now = now
        self.propagation = propagation
        self.epoch = epoch
        self.random = Random(seed)
        self.panel = ControlPanel()
        self.alarms: dict[str, dict[str, Any]] = {}                 # name -> CloudWatchAlarmConfiguration
        self.tags: dict[tuple[str, str], dict[str, str]] = {}       # (resource type, id) -> key -> value
        self.changes: dict[str, Change] = {}
        self.zone_references: set[str] = set()                      # of every zone that was ever created here
        self.check_references: dict[str, str] = {}                  # the same for checks -> id
        self._later = later
        self._pending: list[Change] = []
        self._zone_notes: dict[str, ZoneNote] = {}
        self._check_notes: dict[str, CheckNote] = {}

    # ---- time, names --------------------------------------------------------------------------------------------

    def date(self, at: float) -> datetime:
        """A moment of lab time in the calendar."""
        return self.epoch + timedelta(seconds=at)

    def fresh_id(self, first: str) -> str:
        """An id for a new zone ("Z...") or change ("C...")."""
        return first + "".join(self.random.choices(ID_LETTERS, k=19))

    def fresh_uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    # ---- zones --------------------------------------------------------------------------------------------------

    def zone(self, zone_id: str) -> HostedZone:
        """The zone with this id, with changes that are still on their way. Raises AwsError."""
        if zone_id not in self.service.zones:
            raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {zone_id}")
        return self.service.zones[zone_id]

    def zone_note(self, zone: HostedZone) -> ZoneNote:
        return self._zone_notes.setdefault(zone.id, ZoneNote(caller_reference=zone.id))

    def submit(self, zone_id: str, zone: HostedZone | None, comment: str | None = None) -> dict[str, Any]:
        """Take a zone as changed (None: deleted) and send the change to the name servers. Returns its ChangeInfo."""
        now, name = self.now(), (zone or self.zone(zone_id)).name
        publish = self.service.accept_zone(zone_id, zone)
        change = Change(self.fresh_id("C"), now, now + self.propagation, comment, publish)
        self.changes[change.id] = change
        self._pending.append(change)
        if zone is None:
            self._zone_notes.pop(zone_id, None)
            self.tags.pop(("hostedzone", zone_id), None)
        self.service.timeline.add(Note(now, f"the API took change {change.id} of zone {name}: the name servers have it "
                                            f"in {self.propagation:g} s"))
        info = self.change_info(change)
        if self.propagation > 0 and self._later is not None:
            self._later(self.propagation, lambda: self._publish(change))
        self.catch_up()
        return info

    def catch_up(self) -> None:
        """Let every change that is due reach the name servers, in the order in which they were made."""
        for change in [change for change in self._pending if change.due <= self.now()]:
            self._publish(change)

    def _publish(self, change: Change) -> None:
        if change.publish is not None:
            self._pending.remove(change)
            change.publish(self.now())
            change.publish = None

    def change_info(self, change: Change) -> dict[str, Any]:
        return {"Id": f"/change/{change.id}", "Status": "PENDING" if change.publish else "INSYNC",
                "SubmittedAt": self.date(change.submitted), "Comment": change.comment}

    # ---- health checks ------------------------------------------------------------------------------------------

    def check(self, health_check_id: str) -> HealthCheck:
        """The health check with this id. Raises AwsError."""
        if health_check_id not in self.service.monitor.statuses:
            raise AwsError("NoSuchHealthCheck", f"No health check exists with the specified ID {health_check_id}")
        return self.service.monitor.check(health_check_id)

    def check_note(self, check: HealthCheck) -> CheckNote:
        """Its note. A change that was made behind the API's back counts as a new version."""
        note = self._check_notes.setdefault(check.id, CheckNote(check.id[:64], check))
        if replace(check, name=None) != replace(note.check, name=None):
            note.version += 1
        note.check = check
        return note

    def put_check(self, check: HealthCheck) -> None:
        self.service.put_check(check, self.now())

    def forget_check(self, check: HealthCheck) -> None:
        self.service.remove_check(check.id, self.now())
        self._check_notes.pop(check.id, None)
        self.tags.pop(("healthcheck", check.id), None)
