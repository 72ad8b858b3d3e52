"""What a design decides beside its zone: capacity, data, people, clients, and the objective it has to meet.

    a few numbers and words  ->  Capacity, DataPlan, Runbook, Clients, Switch, Objective (refused when they cannot work)

After this: design.py puts them together with a zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite

from ..errors import ConfigurationError, Problem

COPIES = {"none": "each site keeps data of its own", "backup": "a copy every few hours, restored when needed",
          "replica": "a live copy, a little behind; one site takes writes",
          "multi-writer": "both sites take writes, the last one wins"}
PROMOTIONS = {"automatic": "the data follows the DNS answer", "by hand": "people promote, as the runbook says"}
FENCES = {"none": "nobody tells the old primary", "epoch": "the old primary steps down as soon as it can be reached",
          "lease": "besides, it stops by itself when it cannot renew its lease"}
FAILBACKS = {"automatic": "users go back as soon as checks pass", "held": "users go back once the data has"}
ALARMS = {"errors": "users' errors page somebody", "health checks": "a health check that turns unhealthy does",
          "none": "nobody is paged; customers call in the end"}
SCALINGS = {"automatic": "it grows by itself", "by hand": "people scale it, as the runbook says",
            "never": "it stays as it is"}
ACTIONS = {"edit-dns": "change the record to the standby (a call to the DNS control plane)",
           "switch": "turn the switch, away from the primary (data plane)",
           "scale": "start the standby's servers, or add what is missing",
           "promote": "let the standby's data take writes, or restore the backup there",
           "roll-back": "undo the last deployment"}
RETRIES = {"never": "a user whose request fails does something else", "at once": "asks again at once, until it works",
           "back-off": "waits twice as long after each failure",
           "jitter": "the same, but a random part of that time"}

PAGE_SECONDS = 300.0       # from alarm to somebody at the keyboard; Site Reliability Engineering, "Being On-Call"
DECIDE_SECONDS = 900.0     # from there to an agreed decision [assumption: a quarter of an hour with two people]
LEASE_SECONDS = 30.0       # of data.fencing.Leadership, where a design uses one


def _checked(where: str, *rules: tuple[object, bool, str]) -> Iterator[Problem]:
    """A Problem for each rule (what it is, whether that is fine, what to use) that is broken."""
    yield from (Problem(where, str(what), fix) for what, fine, fix in rules if not fine)


def _one_of(where: str, field: str, value: object, known: dict[str, str]) -> Iterator[Problem]:
    meanings = "; ".join(f"{name!r} ({meaning})" for name, meaning in known.items())
    yield from _checked(where, (f"{field} is {value!r}", value in known, f"Use one of: {meanings}."))


def _seconds(where: str, field: str, value: object) -> Iterator[Problem]:
    fine = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and value >= 0
    yield from _checked(where, (f"{field} is {value!r}", fine, "Use a number of seconds, 0 or more."))


class _Plan:
    """Refuses what cannot work, all problems at once."""

    def __post_init__(self) -> None:
        if problems := [*self.problems()]:
            raise ConfigurationError(problems)

    def problems(self) -> Iterator[Problem]:
        yield from ()


@dataclass(frozen=True, kw_only=True)
class Capacity(_Plan):
    """How much of the whole load a site can carry, and how it grows to all of it."""

    share: float = 1.0               # of the whole load, at once; 0: its servers are off
    scales: str = "automatic"        # see SCALINGS
    scale_seconds: float = 600.0     # until it can carry everything [assumption: new servers within ten minutes]
    sheds_load: bool = True          # turns away at once what it could not answer in time; else requests queue up

    def problems(self) -> Iterator[Problem]:
        fine = isinstance(self.share, int | float) and 0 <= self.share <= 10
        yield from _checked("capacity", (f"share is {self.share!r}", fine, "Use 0 (off) to 1 (everything) or more."))
        yield from _one_of("capacity", "scales", self.scales, SCALINGS)
        yield from _seconds("capacity", "scale_seconds", self.scale_seconds)
        yield from _checked("capacity", (f"sheds_load is {self.sheds_load!r}", isinstance(self.sheds_load, bool),
                                         "Use true or false."))


@dataclass(frozen=True, kw_only=True)
class DataPlan(_Plan):
    """How the data gets to the standby, who may write, and what happens on the way back."""

    copy: str = "replica"                # see COPIES
    every_seconds: float = 1.0           # between two backups, or two batches of the replication
    lag_seconds: float = 2.0             # from sending to arrival
    promotion: str = "by hand"           # see PROMOTIONS
    promotion_seconds: float = 60.0      # from the order to a store that takes writes; a restore takes hours
    fence: str = "epoch"                 # see FENCES
    failback: str = "automatic"          # see FAILBACKS

    def problems(self) -> Iterator[Problem]:
        for field, known in (("copy", COPIES), ("promotion", PROMOTIONS), ("fence", FENCES), ("failback", FAILBACKS)):
            yield from _one_of("data", field, getattr(self, field), known)
        for field in ("every_seconds", "lag_seconds", "promotion_seconds"):
            yield from _seconds("data", field, getattr(self, field))

    @property
    def has_one_writer(self) -> bool:
        """Does only one site at a time take writes?"""
        return self.copy in ("replica", "backup")

    @property
    def tells_the_old_writer(self) -> bool:
        """Does somebody stop a site that was replaced, at the latest when it can be reached again?"""
        return self.fence != "none" or self.failback == "held"


@dataclass(frozen=True, kw_only=True)
class Action(_Plan):
    """One step of a runbook: what people do, and how long that takes them."""

    do: str                   # see ACTIONS
    seconds: float = 120.0    # hands on the keyboard; what machines need comes on top

    def problems(self) -> Iterator[Problem]:
        yield from _one_of("runbook", "do", self.do, ACTIONS)
        yield from _seconds("runbook", f"seconds of {self.do!r}", self.seconds)


@dataclass(frozen=True, kw_only=True)
class Runbook(_Plan):
    """What people do in an outage, in this order. A step that would not help at the moment is passed over."""

    alarm: str = "errors"                        # see ALARMS
    page_seconds: float = PAGE_SECONDS
    decide_seconds: float = DECIDE_SECONDS
    steps: tuple[Action, ...] = ()

    def problems(self) -> Iterator[Problem]:
        yield from _one_of("runbook", "alarm", self.alarm, ALARMS)
        yield from _seconds("runbook", "page_seconds", self.page_seconds)
        yield from _seconds("runbook", "decide_seconds", self.decide_seconds)

    def has(self, do: str) -> bool:
        return any(step.do == do for step in self.steps)


@dataclass(frozen=True, kw_only=True)
class Clients(_Plan):
    """How the shop's own app behaves."""

    retry: str = "at once"           # see RETRIES
    tries_all: bool = False          # tries the next address of the answer before it gives up

    def problems(self) -> Iterator[Problem]:
        yield from _one_of("clients", "retry", self.retry, RETRIES)
        yield from _checked("clients", (f"tries_all is {self.tries_all!r}", isinstance(self.tries_all, bool),
                                        "Use true or false."))


@dataclass(frozen=True, kw_only=True)
class Switch(_Plan):
    """A way to send users away from the primary without the DNS control plane. One of the two:

    routing_control_arn:  that RECOVERY_CONTROL checks of the design watch.
    object_path:          at a site (`at`): once there, an inverted check that looks for it turns unhealthy.
    Source: Route 53 ARC, routing controls; AWS blog, "Creating Disaster Recovery Mechanisms Using Amazon Route 53".
    """

    routing_control_arn: str | None = None
    object_path: str | None = None
    at: str | None = None            # the site that has the object

    def problems(self) -> Iterator[Problem]:
        one = (self.routing_control_arn is None) != (self.object_path is None)
        yield from _checked("switch", ("names both a routing control and an object, or neither", one, "Name one."),
                            ("object_path needs the site it lies at", (self.object_path is None) == (self.at is None),
                             "Give `at`, a site of the design, with object_path, and only then."))


@dataclass(frozen=True, kw_only=True)
class Objective(_Plan):
    """What the business asks for. Source: AWS Well-Architected Framework, REL13-BP01 (RTO and RPO are its targets)."""

    rto_seconds: float = 300.0           # longest time without service, for one disaster
    rpo_seconds: float = 60.0            # oldest data that may be missing when service is back
    availability: float = 0.9995         # over a year in which every disaster of the campaign happens once
    monthly_budget: float = 7_500.0      # USD

    def problems(self) -> Iterator[Problem]:
        for field in ("rto_seconds", "rpo_seconds", "monthly_budget"):
            value = getattr(self, field)
            fine = isinstance(value, int | float) and 0 <= value < inf
            yield from _checked("objective", (f"{field} is {value!r}", fine, "Use a number, 0 or more."))
        fine = isinstance(self.availability, int | float) and 0 <= self.availability < 1
        yield from _checked("objective", (f"availability is {self.availability!r}", fine, "Use a share below 1."))
