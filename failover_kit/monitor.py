"""Keeps score of health checks: what each checker thinks, what each check says, and what changed.

    Observation (one finished probe)  ->  checker flips, StatusChanges  ->  statuses {health check id: Status}

Pure: no clock, no sockets; `now` comes with every call. Before this: somebody probes (simulation.py, network.py).
After this: routing.py reads `statuses`. The mapping is replaced, never altered, so a reader never sees half a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .errors import ConfigurationError, LabError
from .health import (
    AlarmState,
    Checker,
    CheckerState,
    Observation,
    Outcome,
    Status,
    StatusChange,
    aggregate,
    calculated,
    from_alarm,
    modified,
    step,
)
from .healthcheck import HealthCheck, HealthCheckType, health_check_problems


@dataclass(frozen=True)
class CheckerFlip:
    """One checker changed its view of one endpoint."""

    health_check_id: str
    checker: Checker
    at: float
    status: Status
    reason: str


@dataclass
class _Score:
    """What is known about one health check."""

    check: HealthCheck
    views: dict[Checker, CheckerState] = field(default_factory=dict)
    latest: dict[Checker, Observation] = field(default_factory=dict)
    last_failure: dict[Checker, Observation] = field(default_factory=dict)
    alarm: AlarmState = AlarmState.INSUFFICIENT_DATA
    observed: Status = Status.HEALTHY      # before Inverted and Disabled; a new check starts healthy


class Monitor:
    """Health checks and their state. Every call that can change a status returns the StatusChanges it caused."""

    def __init__(self, checks: Iterable[HealthCheck] = ()):
        self._scores: dict[str, _Score] = {}
        self._controls: dict[str, bool] = {}          # routing control ARN -> On
        self.statuses: Mapping[str, Status] = MappingProxyType({})
        for check in checks:
            self.put(check, now=0.0)

    @property
    def checks(self) -> tuple[HealthCheck, ...]:
        return tuple(score.check for score in self._scores.values())

    def check(self, health_check_id: str) -> HealthCheck:
        return self._score(health_check_id).check

    def put(self, check: HealthCheck, now: float) -> list[StatusChange]:
        """Add a check, or replace its settings and keep its history. Raises ConfigurationError."""
        others = [other for other in self.checks if other.id != check.id]
        problems = [*health_check_problems([*others, check])]
        if problems:
            raise ConfigurationError(problems)
        score = self._scores.get(check.id)
        if score is None:
            score = self._scores[check.id] = _Score(check)
            self._publish({check.id: modified(score.observed, inverted=check.inverted, disabled=check.disabled)})
        score.check = check
        score.views = {checker: score.views.get(checker, CheckerState()) for checker in check.checkers}
        return self._settle(score, now, "its settings changed")

    def remove(self, health_check_id: str) -> None:
        """Forget a check. Records that still use it count as healthy from now on."""
        del self._scores[self._score(health_check_id).check.id]
        self.statuses = MappingProxyType({key: s for key, s in self.statuses.items() if key != health_check_id})

    # ---- what comes in ------------------------------------------------------------------------------------------

    def record(self, observation: Observation) -> tuple[CheckerFlip | None, list[StatusChange]]:
        """Take one finished probe into account. A probe of a check or checker that is gone counts for nothing."""
        score = self._scores.get(observation.health_check_id)
        if score is None or observation.checker not in score.views:
            return None, []
        checker, before = observation.checker, score.views[observation.checker]
        score.latest[checker] = observation
        if observation.outcome is Outcome.FAIL:
            score.last_failure[checker] = observation
        after = score.views[checker] = step(before, observation.outcome, score.check.failure_threshold)
        if after.phase.status is before.phase.status:
            return None, []
        flip = CheckerFlip(score.check.id, checker, observation.at, after.phase.status, observation.reason)
        return flip, self._settle(score, observation.at, _share_text(score))

    def set_alarm(self, health_check_id: str, state: AlarmState, now: float) -> list[StatusChange]:
        """Take a metric's new state into account, for a CLOUDWATCH_METRIC check."""
        score = self._score(health_check_id)
        score.alarm = state
        return self._settle(score, now, f"alarm {score.check.alarm.name} is {state.value}")

    def set_control(self, arn: str, on: bool, now: float) -> list[StatusChange]:
        """Turn a routing control On or Off, for the RECOVERY_CONTROL checks that watch it."""
        self._controls[arn] = on
        watching = [score for score in self._scores.values() if score.check.routing_control_arn == arn]
        return [change for score in watching
                for change in self._settle(score, now, f"routing control {arn} is {'On' if on else 'Off'}")]

    # ---- what comes out -----------------------------------------------------------------------------------------

    def status(self, health_check_id: str) -> Status:
        return self.statuses[self._score(health_check_id).check.id]

    def views(self, health_check_id: str) -> dict[Checker, CheckerState]:
        """Each checker's state."""
        return dict(self._score(health_check_id).views)

    def latest(self, health_check_id: str) -> list[Observation]:
        """The last probe of every checker that has probed."""
        return list(self._score(health_check_id).latest.values())

    def last_failures(self, health_check_id: str) -> list[Observation]:
        """The last failed probe of every checker that has seen one."""
        return list(self._score(health_check_id).last_failure.values())

    def control(self, arn: str) -> bool:
        """Is this routing control On? One that was never set is On."""
        return self._controls.get(arn, True)

    # ---- scoring ------------------------------------------------------------------------------------------------

    def _score(self, health_check_id: str) -> _Score:
        try:
            return self._scores[health_check_id]
        except KeyError:
            known = ", ".join(self._scores) or "none yet"
            raise LabError(f"There is no health check {health_check_id!r}. Known: {known}.") from None

    def _settle(self, score: _Score, now: float, reason: str) -> list[StatusChange]:
        """Work out the check's status afresh, and that of the calculated checks above it."""
        check = score.check
        score.observed = self._observe(score)
        status = modified(score.observed, inverted=check.inverted, disabled=check.disabled)
        changes = []
        if status is not self.statuses[check.id]:
            notes = [word for word, yes in (("inverted", check.inverted), ("disabled", check.disabled)) if yes]
            changes.append(StatusChange(check.id, now, status, f"{reason} ({', '.join(notes)})" if notes else reason))
            self._publish({check.id: status})
            for parent in [p for p in self._scores.values() if check.id in p.check.child_health_checks]:
                changes += self._settle(parent, now, self._children_text(parent.check))
        return changes

    def _observe(self, score: _Score) -> Status:
        check = score.check
        match check.type:
            case HealthCheckType.CALCULATED:
                return calculated((self.statuses[child] for child in check.child_health_checks), check.health_threshold)
            case HealthCheckType.CLOUDWATCH_METRIC:
                return from_alarm(score.alarm, check.insufficient_data_health_status, last_known=score.observed)
            case HealthCheckType.RECOVERY_CONTROL:
                return Status.HEALTHY if self.control(check.routing_control_arn) else Status.UNHEALTHY
            case _:
                return aggregate([view.phase.status for view in score.views.values()])

    def _children_text(self, check: HealthCheck) -> str:
        healthy = sum(self.statuses[child] is Status.HEALTHY for child in check.child_health_checks)
        return f"{healthy} of {len(check.child_health_checks)} children healthy, {check.health_threshold} needed"

    def _publish(self, changed: Mapping[str, Status]) -> None:
        self.statuses = MappingProxyType({**self.statuses, **changed})


def _share_text(score: _Score) -> str:
    views = [view.phase.status for view in score.views.values()]
    healthy = views.count(Status.HEALTHY)
    return (f"{healthy} of {len(views)} checkers say healthy ({healthy / len(views):.1%}); "
            "more than 18% are needed")
