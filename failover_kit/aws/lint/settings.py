"""Rules about the settings of health checks: too nervous, too slow, switched off, or unable to change its mind.

Before this: survey.py. Source of every rule: as it says.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...health import Status, checkers_needed
from ...healthcheck import HealthCheck, HealthCheckType
from ...places import BY_CODE
from ...records import Failover
from .finding import Hit, Severity, rule
from .survey import Survey

SLOW_THRESHOLD = 5          # failures in a row; at 30 s apart the first alone is two minutes before the last
SLOW_ALARM = 120            # seconds that an alarm has to look back on before it can go off
FEW_REGIONS = 3             # the least that Route 53 takes
CONFIG = "API Reference, HealthCheckConfig"


def detection(check: HealthCheck) -> float:
    """Mean seconds from the crash of an endpoint to the check's being unhealthy, connections being refused.

    Checkers are independent and spread evenly over one interval; the check turns when so many have turned that the
    rest are too few. Source: Developer Guide, "How Amazon Route 53 determines whether a health check is healthy".
    """
    checkers = len(check.checkers)
    must_turn = checkers - checkers_needed(checkers) + 1
    return check.request_interval * (must_turn / (checkers + 1) + check.failure_threshold - 1)


@rule("FK601", Severity.WARNING, "one lost packet is a failure",
      why="With a threshold of 1 a single failed request turns a checker, so packet loss and short pauses fail over "
          "a site that is fine, and back again.",
      source=f"{CONFIG}, FailureThreshold")
def nervous(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        if check.type.probes and check.failure_threshold == 1:
            yield Hit(check.label, "FailureThreshold is 1", "Use 2 or 3; with RequestInterval 10 that is still fast.")


@rule("FK602", Severity.WARNING, "check that takes minutes to notice",
      why="Detection is about FailureThreshold times RequestInterval, and users without service wait for all of it.",
      source=f"{CONFIG}, FailureThreshold")
def slow(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        if check.type.probes and check.request_interval == 30 and check.failure_threshold >= SLOW_THRESHOLD:
            yield Hit(check.label, f"FailureThreshold {check.failure_threshold} at RequestInterval 30 notices a crash "
                      f"after about {detection(check):.0f} s",
                      "Use 3, or a new check with RequestInterval 10: it cannot be changed later.")


@rule("FK603", Severity.ERROR, "calculated check that can never be healthy",
      why="It is healthy when at least HealthThreshold children are; with a threshold above the number of children "
          "that can be healthy it never is.",
      source=f"{CONFIG}, HealthThreshold")
def never_passes(survey: Survey) -> Iterator[Hit]:
    yield from _stuck(survey, Status.UNHEALTHY)


@rule("FK604", Severity.ERROR, "calculated check that always passes",
      why="It is healthy when at least HealthThreshold children are; 0, or children that cannot be unhealthy, make it "
          "healthy for ever, and its records are never left.",
      source=f"{CONFIG}, HealthThreshold")
def always_passes(survey: Survey) -> Iterator[Hit]:
    yield from _stuck(survey, Status.HEALTHY)


def _stuck(survey: Survey, status: Status) -> Iterator[Hit]:
    for check in (survey.checks or {}).values():
        if check.type is HealthCheckType.CALCULATED and not check.disabled and survey.fixed_status(check) is status:
            count = len(check.child_health_checks)
            wanted = f"a threshold from 1 to {count}" if count else "children"
            yield Hit(check.label, f"HealthThreshold is {check.health_threshold} with {count} children: it is always "
                      f"{status.value}" + (" (Inverted)" if check.inverted else ""),
                      f"Give it {wanted}; {count} means all of them, 1 means any." if count else f"Give it {wanted}.")


@rule("FK605", Severity.ERROR, "disabled check in use",
      why="A disabled check stops probing and reads healthy, so traffic keeps flowing to a dead endpoint. To send "
          "traffic away, invert a check instead.",
      source=f"{CONFIG}, Disabled")
def disabled(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        if check.disabled:
            always = survey.fixed_status(check).value
            yield Hit(check.label, f"is disabled{' and inverted' if check.inverted else ''}: always {always} for "
                      f"{_records(survey, check)}", "Set Disabled to false when the maintenance is over.")


@rule("FK606", Severity.WARNING, "inverted check on a live primary",
      why="A new inverted check starts unhealthy, so putting it on a primary in service fails over for a minute or "
          "more. And a primary whose own endpoint is watched that way is in service only while it is down.",
      source="Developer Guide, How Amazon Route 53 determines whether a health check is healthy")
def inverted_primary(survey: Survey) -> Iterator[Hit]:
    for record in survey.role(Failover.PRIMARY):
        check = survey.check_of(record)
        if check and check.inverted and not check.disabled:
            own = survey.watched(check) & survey.endpoints(record)
            watched = ", ".join(sorted(own)) or "another place"
            yield Hit(record.label, f"{check.label} is inverted and watches {watched}",
                      "Set Inverted to false, unless traffic is kept away on purpose." if own else
                      "Create the check first, and attach it to the record when its status is healthy.")


@rule("FK607", Severity.WARNING, "few checker Regions",
      why="With three Regions six checkers decide, and trouble on the way from one or two of them can look like "
          "an outage, or hide one.",
      source=f"{CONFIG}, Regions")
def few_regions(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        continents = {BY_CODE[code].continent for code in check.regions}
        if check.type.probes and (len(check.regions) <= FEW_REGIONS or len(continents) == 1):
            yield Hit(check.label, f"is checked from {', '.join(check.regions)} only",
                      "Leave Regions out for all eight, or choose five or more on several continents.")


@rule("FK608", Severity.WARNING, "alarm that keeps its opinion when data stop",
      why="A site that dies stops sending metrics. With LastKnownStatus or Healthy the check stays healthy just then.",
      source=f"{CONFIG}, InsufficientDataHealthStatus")
def silent_alarm(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        if check.type is HealthCheckType.CLOUDWATCH_METRIC and check.insufficient_data_health_status != "Unhealthy":
            yield Hit(check.label, f"InsufficientDataHealthStatus is {check.insufficient_data_health_status}",
                      "Use Unhealthy, unless the metric comes from outside the site.")


@rule("FK609", Severity.WARNING, "alarm that takes minutes to go off",
      why="All of its periods must breach before the check is unhealthy.",
      source="API Reference, CloudWatchAlarmConfiguration")
def slow_alarm(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        if check.alarm and check.alarm.period * check.alarm.evaluation_periods > SLOW_ALARM:
            yield Hit(check.label, f"alarm {check.alarm.name} looks back on {check.alarm.evaluation_periods} x "
                      f"{check.alarm.period} s", "Use one or two periods of 60 s, and update the check: it has a copy "
                      "of the alarm's settings.")


@rule("FK610", Severity.NOTE, "check that nothing uses",
      why="It costs money every month and moves no traffic.",
      source="Developer Guide, Creating Amazon Route 53 health checks and configuring DNS failover")
def unused(survey: Survey) -> Iterator[Hit]:
    children = {id_ for check in (survey.checks or {}).values() for id_ in check.child_health_checks}
    for check in (survey.checks or {}).values():
        if check.id not in survey.used and check.id not in children:
            yield Hit(check.label, "no record set of this zone and no calculated check uses it",
                      "Delete it, unless another zone or only an alarm uses it.")


@rule("FK611", Severity.ERROR, "health check that is not there",
      why="What Route 53 does with a record whose check was deleted is documented as unpredictable.",
      source="API Reference, DeleteHealthCheck")
def unknown(survey: Survey) -> Iterator[Hit]:
    for record in survey.zone.record_sets if survey.checks is not None else ():
        if record.health_check_id not in {None, *survey.checks}:
            yield Hit(record.label, f"health check {record.health_check_id} does not exist",
                      "Give it the id of a check that does, or remove HealthCheckId.")


def _records(survey: Survey, check: HealthCheck) -> str:
    labels = [record.label for record in survey.used[check.id]]
    return ", ".join(labels[:3]) + (" ..." if len(labels) > 3 else "")


RULES = (nervous, slow, never_passes, always_passes, disabled, inverted_primary, few_regions, silent_alarm, slow_alarm,
         unused, unknown)
