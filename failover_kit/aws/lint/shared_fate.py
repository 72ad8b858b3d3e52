"""Rules about shared fate: sites that look like two and fail as one.

Before this: survey.py. Source of every rule: as it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...health import Status, calculated
from ...healthcheck import HealthCheck, HealthCheckType
from ...places import BY_CODE
from ...records import Policy, RecordSet
from .finding import Hit, Severity, rule
from .survey import Survey, group_label

_REGION = re.compile(r"(?:^|[.-])([a-z]{2}(?:-[a-z]+)+-\d)(?=[.-])")      # in the DNS name of an AWS resource


def _several(survey: Survey) -> Iterator[tuple[RecordSet, ...]]:
    return (group for group in survey.routed.values() if len(group) > 1)


@rule("FK701", Severity.ERROR, "all members answer the same",
      why="Whichever record set is chosen, users land on the same endpoint. When it is down there is nowhere to go.",
      source="Developer Guide, Active-active and active-passive failover")
def same_endpoint(survey: Survey) -> Iterator[Hit]:
    for group in _several(survey):
        endpoints = {survey.endpoints(record) for record in group}
        if len(endpoints) == 1:
            yield Hit(group_label(group), f"all {len(group)} record sets lead to {', '.join(sorted(*endpoints))}",
                      "Point each at a site of its own.")


@rule("FK702", Severity.ERROR, "all members share one health check",
      why="They are healthy together and unhealthy together, so health never decides between them: with all of them "
          "unhealthy Route 53 answers as if all were healthy.",
      source="Developer Guide, How Amazon Route 53 chooses records when health checking is configured")
def same_check(survey: Survey) -> Iterator[Hit]:
    for group in _several(survey):
        ids = {record.health_check_id for record in group}
        if len(ids) == 1 and None not in ids:
            yield Hit(group_label(group), f"all {len(group)} record sets use health check {ids.pop()}",
                      "Give each site a check of its own.")


@rule("FK703", Severity.WARNING, "one dependency can take out every site",
      why="A check that all sites depend on turns all of them unhealthy at once. Route 53 then answers as if all were "
          "healthy, and failover does nothing.",
      source="Developer Guide, How Route 53 averts failover problems")
def shared_dependency(survey: Survey) -> Iterator[Hit]:
    for group in _several(survey):
        checks = [survey.check_of(record) for record in group]
        if not all(checks) or len({check.id for check in checks}) == 1:
            continue
        for id_ in sorted(frozenset.intersection(*map(_deadly, checks))):
            yield Hit(group_label(group), f"health check {id_} failing alone makes all {len(group)} members unhealthy",
                      "Check what each site has for itself; watch what they share with an alarm, not with failover.")


def _deadly(check: HealthCheck) -> frozenset[str]:
    """The checks of which one failing alone, all others healthy, makes this check unhealthy."""
    if check.type is not HealthCheckType.CALCULATED or check.inverted:
        return frozenset({check.id})
    children = check.child_health_checks
    return frozenset(failing for failing in children if calculated(
        [Status.UNHEALTHY if id_ == failing else Status.HEALTHY for id_ in children],
        check.health_threshold) is Status.UNHEALTHY)


@rule("FK704", Severity.WARNING, "primary and secondary in one Region",
      why="A failure of the Region takes both.",
      source="Well-Architected Framework, Reliability Pillar, REL13")
def same_region(survey: Survey) -> Iterator[Hit]:
    for group in survey.groups(Policy.FAILOVER):
        endpoints = {survey.endpoints(record) for record in group}
        regions = {_region_of(endpoint) for one in endpoints for endpoint in one}
        if len(endpoints) > 1 and len(regions) == 1 and None not in regions:
            yield Hit(group_label(group), f"both lead to resources in {regions.pop()}",
                      "Put the secondary into another Region.")


def _region_of(endpoint: str) -> str | None:
    """The Region in the DNS name of an AWS resource, where there is one."""
    return next((code for code in _REGION.findall(endpoint) if code in BY_CODE), None)


RULES = (same_endpoint, same_check, shared_dependency, same_region)
