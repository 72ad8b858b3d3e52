"""Rules about trees of alias records: health must be able to travel from every leaf to the top.

Before this: survey.py. Source of every rule: as it says.
"""

from __future__ import annotations

from collections.abc import Iterator

from .finding import Hit, Severity, rule
from .survey import CLOUDFRONT, Survey, evaluates, has_health

COMPLEX = "Developer Guide, How health checks work in complex Amazon Route 53 configurations"


@rule("FK201", Severity.ERROR, "alias that ignores its target's health",
      why="With EvaluateTargetHealth false a branch counts as healthy whatever is behind it, so it goes on being "
          "answered when everything in it is down.",
      source=COMPLEX)
def deaf_alias(survey: Survey) -> Iterator[Hit]:
    for record in survey.zone.record_sets:
        if record.alias and survey.matters(record.key) and not has_health(record):
            target = record.alias.dns_name
            yield Hit(record.label, f"EvaluateTargetHealth is false for {target}, and there is no health check",
                      "Give it a HealthCheckId: CloudFront cannot report its health."
                      if target.endswith(CLOUDFRONT) else "Set EvaluateTargetHealth to true.")


@rule("FK202", Severity.ERROR, "one unchecked leaf keeps a branch healthy",
      why="A branch is healthy while one of its members is. A member without a check always is, so the branch never "
          "fails, and users stay in it.",
      source=COMPLEX)
def unchecked_leaf(survey: Survey) -> Iterator[Hit]:
    for record, branches in unchecked_leaves(survey):
        yield Hit(record.label, "has no health check, so the branch behind "
                  f"{', '.join(branch.label for branch in branches)} can never be unhealthy",
                  f"Give it the HealthCheckId of a check that watches {', '.join(record.values)}.")


def unchecked_leaves(survey: Survey):
    """Record sets without a check in a group by whose health somebody chooses, each with the aliases that do so."""
    for key, group in survey.zone.groups.items():
        branches = [alias for alias in survey.guarding_aliases(key) if alias.health_check_id is None]
        for record in group if branches else ():
            if record.alias is None and record.health_check_id is None:
                yield record, branches


@rule("FK203", Severity.ERROR, "alias that evaluates a CloudFront distribution",
      why="Route 53 cannot evaluate the health of a CloudFront distribution, and refuses EvaluateTargetHealth true "
          "for one.",
      source="API Reference, AliasTarget, EvaluateTargetHealth")
def cloudfront(survey: Survey) -> Iterator[Hit]:
    for record in survey.zone.record_sets:
        if evaluates(record) and record.alias.dns_name.endswith(CLOUDFRONT):
            yield Hit(record.label, f"EvaluateTargetHealth is true for {record.alias.dns_name}",
                      "Set it to false and give the record a HealthCheckId; outside failover groups, where it must be "
                      "true, use weights of 1 and 0.")


RULES = (deaf_alias, unchecked_leaf, cloudfront)
