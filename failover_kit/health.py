"""The rules of health: how one checker changes its mind, how many must agree, what the check makes of it.

    probe outcome   -> step() ->      one checker's view
    checkers' views -> aggregate() -> the endpoint's status -> modified() -> the health check's status

Pure: no clock, no sockets. Before this: healthcheck.py says what is watched. After this: monitor.py keeps score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from .metrics import AlarmState
from .places import region

HEALTHY_SHARE = 0.18         # strictly more than this share of checkers; AWS says the number may change


class Status(Enum):
    """What a health check, or one checker, says of an endpoint."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"

    def __invert__(self) -> Status:
        return Status.UNHEALTHY if self is Status.HEALTHY else Status.HEALTHY


class Outcome(Enum):
    """How one probe ended."""

    PASS = "pass"
    FAIL = "fail"


# ---- one checker -----------------------------------------------------------------------------------------------

class Checker(NamedTuple):
    """One of Route 53's probing hosts. Checkers do not coordinate with one another."""

    region: str
    number: int

    @property
    def address(self) -> str:
        return region(self.region).address(100 + self.number)

    def __str__(self) -> str:
        return f"{self.region}/{self.number}"


class Phase(Enum):
    """One checker's view of one endpoint. FAILING still counts as healthy, RECOVERING as unhealthy."""

    HEALTHY = "healthy"
    FAILING = "failing"
    UNHEALTHY = "unhealthy"
    RECOVERING = "recovering"

    @property
    def status(self) -> Status:
        return Status.HEALTHY if self in (Phase.HEALTHY, Phase.FAILING) else Status.UNHEALTHY


H, F, U, R = Phase.HEALTHY, Phase.FAILING, Phase.UNHEALTHY, Phase.RECOVERING

# fmt: off
TRANSITIONS = {
    # now, probe         streak < threshold   streak reaches it
    (H, Outcome.PASS): (H,                    H),
    (H, Outcome.FAIL): (F,                    U),
    (F, Outcome.PASS): (H,                    H),
    (F, Outcome.FAIL): (F,                    U),
    (U, Outcome.PASS): (R,                    H),
    (U, Outcome.FAIL): (U,                    U),
    (R, Outcome.PASS): (R,                    H),
    (R, Outcome.FAIL): (U,                    U),
}
# fmt: on


class CheckerState(NamedTuple):
    """What one checker remembers between probes."""

    phase: Phase = Phase.HEALTHY
    last: Outcome | None = None
    streak: int = 0              # equal outcomes in a row, up to now


def step(state: CheckerState, outcome: Outcome, threshold: int) -> CheckerState:
    """The checker's state after one more probe; `threshold` is FailureThreshold, 1 to 10.

    The threshold counts both ways: that many failures in a row to turn unhealthy, that many
    passes in a row to turn healthy again.
    Source: Route 53 API Reference, HealthCheckConfig, FailureThreshold.
    """
    streak = state.streak + 1 if outcome is state.last else 1
    below, reached = TRANSITIONS[state.phase, outcome]
    return CheckerState(reached if streak >= threshold else below, outcome, streak)


# ---- all checkers, and what the check makes of them ------------------------------------------------------------

def aggregate(views: Sequence[Status]) -> Status:
    """The endpoint's status from what the checkers say: healthy while strictly more than 18 % say so.

    With no reports yet, healthy. It is not a majority vote: 3 of 16 keep an endpoint healthy.
    Source: Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy".
    """
    if not views:
        return Status.HEALTHY
    return Status.HEALTHY if views.count(Status.HEALTHY) / len(views) > HEALTHY_SHARE else Status.UNHEALTHY


def checkers_needed(checkers: int) -> int:
    """How many of `checkers` must say healthy for the endpoint to count as healthy.

    >>> checkers_needed(16)
    3
    """
    return next(n for n in range(1, checkers + 1) if n / checkers > HEALTHY_SHARE)


def calculated(children: Iterable[Status], threshold: int) -> Status:
    """Healthy when at least `threshold` children are; 0 is always healthy, more than there are never.

    Source: Route 53 API Reference, HealthCheckConfig, HealthThreshold.
    """
    return Status.HEALTHY if sum(child is Status.HEALTHY for child in children) >= threshold else Status.UNHEALTHY


def from_alarm(state: AlarmState, insufficient: str, last_known: Status) -> Status:
    """What a metric's state means: OK healthy, ALARM unhealthy, too little data as the check says.

    Source: Route 53 API Reference, HealthCheckConfig, InsufficientDataHealthStatus.
    """
    if state is AlarmState.INSUFFICIENT_DATA:
        return {"Healthy": Status.HEALTHY, "Unhealthy": Status.UNHEALTHY, "LastKnownStatus": last_known}[insufficient]
    return Status.HEALTHY if state is AlarmState.OK else Status.UNHEALTHY


def modified(observed: Status, *, inverted: bool, disabled: bool) -> Status:
    """The final status: a disabled check reads healthy whatever was observed, an inverted one is swapped after that.

    Source: Route 53 API Reference, HealthCheckConfig, Inverted and Disabled.
    """
    status = Status.HEALTHY if disabled else observed
    return ~status if inverted else status


@dataclass(frozen=True)
class Observation:
    """One probe by one checker, finished."""

    health_check_id: str
    checker: Checker
    at: float                # seconds, when the probe ended
    outcome: Outcome
    reason: str              # "Success: HTTP Status Code 200, OK", "Failure: Connection refused"
    duration: float = 0.0    # seconds


@dataclass(frozen=True)
class StatusChange:
    """A health check changed its final status."""

    health_check_id: str
    at: float
    status: Status
    reason: str              # "2 of 16 checkers healthy (12.5 %): more than 18 % are needed"
