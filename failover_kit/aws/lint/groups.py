"""Rules about weighted, latency, geolocation and multivalue groups: is there a choice, and can it be made by health?

Before this: survey.py. Source of every rule: as it says.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...records import Policy, RecordSet
from .finding import Hit, Severity, rule
from .survey import Survey, group_label, has_health
from .trees import unchecked_leaves

CHOOSES = "Developer Guide, How Amazon Route 53 chooses records when health checking is configured"


def _with_a_choice(survey: Survey) -> Iterator[tuple[RecordSet, ...]]:
    """Groups of several members, but for failover pairs and those in which each unchecked leaf is reported already."""
    reported = {record.key for record, _ in unchecked_leaves(survey)}
    return (group for key, group in survey.routed.items()
            if len(group) > 1 and group[0].policy is not Policy.FAILOVER and key not in reported)


@rule("FK301", Severity.WARNING, "group in which nobody is checked",
      why="Without health checks every member always counts as healthy, so a site that is down keeps its share of "
          "users.",
      source=CHOOSES)
def nobody_checked(survey: Survey) -> Iterator[Hit]:
    for group in _with_a_choice(survey):
        if not any(map(has_health, group)) and not any(record.alias for record in group):
            yield Hit(group_label(group), f"none of its {len(group)} {group[0].policy.value} members has a check",
                      "Give each of them a HealthCheckId.")


@rule("FK302", Severity.WARNING, "member without a check beside members with one",
      why="The member without a check is answered even when its site is down, and it gets the users of all the others "
          "that fail.",
      source=CHOOSES)
def one_unchecked(survey: Survey) -> Iterator[Hit]:
    for group in _with_a_choice(survey):
        for record in group if any(map(has_health, group)) else ():
            if record.alias is None and record.health_check_id is None:
                yield Hit(record.label, "has no health check; others of its group have one",
                          f"Give it the HealthCheckId of a check that watches {', '.join(record.values)}.")


@rule("FK303", Severity.NOTE, "group of one",
      why="A routing policy chooses among several record sets. With one there is nothing to choose, and nowhere to go "
          "when it is unhealthy.",
      source="Developer Guide, Choosing a routing policy")
def group_of_one(survey: Survey) -> Iterator[Hit]:
    for group in survey.routed.values():
        if len(group) == 1 and group[0].policy is not Policy.FAILOVER:
            yield Hit(group[0].label, f"is the only {group[0].policy.value} record set of its name and type",
                      "Add the others, or make it a simple record set.")


@rule("FK304", Severity.WARNING, "all weights are zero",
      why="When every weight of a group is 0, Route 53 answers all of them with equal probability. It does not mean "
          "off.",
      source="API Reference, ResourceRecordSet, Weight")
def weights_all_zero(survey: Survey) -> Iterator[Hit]:
    for group in survey.groups(Policy.WEIGHTED):
        if len(group) > 1 and not any(record.weight for record in group):
            yield Hit(group_label(group), f"all {len(group)} weights are 0, so each is answered equally often",
                      "Give at least one member a weight above 0, or all of them 1 if that is what you want.")


@rule("FK305", Severity.ERROR, "geolocation without a default",
      why="Clients whose location matches no record, or cannot be told, get an empty answer.",
      source="Developer Guide, Geolocation routing")
def no_default_location(survey: Survey) -> Iterator[Hit]:
    for group in survey.groups(Policy.GEOLOCATION):
        if not any(record.geolocation.is_default for record in group):
            areas = ", ".join(str(record.geolocation) for record in group)
            yield Hit(group_label(group), f"answers clients in {areas} only",
                      'Add a record set with GeoLocation {"CountryCode": "*"}.')


RULES = (nobody_checked, one_unchecked, group_of_one, weights_all_zero, no_default_location)
