"""Rules about failover pairs: each half there, each half checked, and a switch to throw by hand.

Before this: survey.py. Source of every rule: as it says.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...healthcheck import HealthCheckType
from ...records import Failover, Policy
from .finding import Hit, Severity, rule
from .survey import Survey, group_label


@rule("FK101", Severity.ERROR, "primary without a health check",
      why="A record without a health check always counts as healthy, so the secondary is never answered. Route 53's "
          "API refuses such a primary.",
      source="Developer Guide, How Amazon Route 53 chooses records when health checking is configured")
def primary_without_check(survey: Survey) -> Iterator[Hit]:
    for record in survey.role(Failover.PRIMARY):
        if record.alias is None and record.health_check_id is None:
            yield Hit(record.label, "the primary has no health check", "Give it the HealthCheckId of a check that "
                      f"watches {', '.join(record.values)}.")


@rule("FK102", Severity.WARNING, "secondary without a health check",
      why="When the primary is unhealthy, a secondary without a check is answered even if it is down as well; with "
          "one, Route 53 goes back to the primary, and you see the standby fail before you need it.",
      source="Developer Guide, How Amazon Route 53 chooses records when health checking is configured")
def secondary_without_check(survey: Survey) -> Iterator[Hit]:
    for record in survey.role(Failover.SECONDARY):
        if record.alias is None and record.health_check_id is None:
            yield Hit(record.label, "the secondary has no health check", "Give it the HealthCheckId of a check that "
                      f"watches {', '.join(record.values)}.")


@rule("FK103", Severity.ERROR, "failover group with one half",
      why="Failover needs one primary and one secondary. Alone, a record is answered whether it is healthy or not.",
      source="Developer Guide, Active-passive failover")
def half_a_pair(survey: Survey) -> Iterator[Hit]:
    for group in survey.groups(Policy.FAILOVER):
        if len(group) == 1:
            missing = "SECONDARY" if group[0].failover is Failover.PRIMARY else "PRIMARY"
            yield Hit(group_label(group), f"there is no {missing}", f"Add a record set with Failover {missing}.")


@rule("FK104", Severity.NOTE, "no way to fail over or roll back by hand",
      why="Editing a record in an incident needs Route 53's control plane, which is in one Region. Failing back is "
          "automatic and at once, whether data has caught up or not. A routing control, or an inverted check on an "
          "object that you can put up (STOP), works without the control plane and holds traffic where you want it.",
      source="Developer Guide, Best practices for Amazon Route 53 DNS")
def no_switch(survey: Survey) -> Iterator[Hit]:
    pairs = [group for group in survey.groups(Policy.FAILOVER) if len(group) > 1]
    switches = [check for check in survey.used_checks
                if check.inverted or check.type is HealthCheckType.RECOVERY_CONTROL]
    if pairs and survey.checks is not None and not switches:
        names = ", ".join(sorted({group[0].name for group in pairs})[:3]) + (" ..." if len(pairs) > 3 else "")
        yield Hit(survey.zone.name, f"only checks of endpoints can move {names} to the standby, or keep it there",
                  "Make the primary's check a calculated one of all its children: the check it has now, and one of "
                  "type RECOVERY_CONTROL.")


RULES = (primary_without_check, secondary_without_check, half_a_pair, no_switch)
