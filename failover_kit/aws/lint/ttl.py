"""Rules about TTLs: how long resolvers go on sending users to a site after Route 53 has left it.

Before this: survey.py. Source of every rule: as it says.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...records import Policy, RecordSet
from .finding import Hit, Severity, rule
from .survey import Survey, group_label

ADVISED_TTL = 60            # seconds; Developer Guide, "Values that are common for all routing policies", TTL
HOUR = 3_600                # seconds
BUSY_TTL = 10               # seconds; below that resolvers ask nearly every time
NEGATIVE_TTL = 900          # seconds; what a new zone's SOA amounts to
ADVICE = "Developer Guide, Values that are common for all routing policies"


def _switching(survey: Survey) -> Iterator[tuple[tuple[RecordSet, ...], int]]:
    """Groups whose answer can change by health, each with its longest TTL."""
    for key, group in survey.zone.groups.items():
        ttls = [record.ttl for record in group if record.alias is None]
        is_chosen = survey.matters(key) or any(record.health_check_id for record in group)
        if ttls and is_chosen:
            yield group, max(ttls)


@rule("FK401", Severity.WARNING, "TTL too long for failover",
      why="A resolver that has just asked keeps the answer for the whole TTL: users wait that long on top of "
          "detection.",
      source=ADVICE)
def ttl_above_advice(survey: Survey) -> Iterator[Hit]:
    for group, ttl in _switching(survey):
        if ADVISED_TTL < ttl < HOUR:
            yield Hit(group_label(group), f"TTL is {ttl} s; up to {ttl} s of every outage are added to detection",
                      f"Use {ADVISED_TTL} s or less.")


@rule("FK402", Severity.ERROR, "TTL that outlives the outage",
      why="Resolvers keep the address of the dead site for hours, and no change of yours reaches them meanwhile.",
      source=ADVICE)
def ttl_of_hours(survey: Survey) -> Iterator[Hit]:
    for group, ttl in _switching(survey):
        if ttl >= HOUR:
            yield Hit(group_label(group), f"TTL is {ttl} s ({ttl / HOUR:.3g} h); failover reaches some users that late",
                      f"Use {ADVISED_TTL} s or less, and lower it a day before you rely on it.")


@rule("FK403", Severity.NOTE, "TTL so short that resolvers ask all the time",
      why="Query load and the bill grow as the TTL shrinks, while detection takes half a minute at best. Many "
          "resolvers and browsers keep answers longer than that anyway.",
      source="Developer Guide, Best practices for Amazon Route 53 DNS")
def ttl_too_short(survey: Survey) -> Iterator[Hit]:
    for group, ttl in _switching(survey):
        if ttl < BUSY_TTL:
            yield Hit(group_label(group), f"TTL is {ttl} s", f"{ADVISED_TTL} s costs less and fails over hardly later.")


@rule("FK404", Severity.WARNING, "different TTLs in a weighted group",
      why="All weighted record sets of a name and type share one TTL: whichever was given last holds for all of them.",
      source="API Reference, ResourceRecordSet, TTL")
def weighted_ttls(survey: Survey) -> Iterator[Hit]:
    for group in survey.groups(Policy.WEIGHTED):
        ttls = sorted({record.ttl for record in group if record.ttl is not None})
        if len(ttls) > 1:
            yield Hit(group_label(group), f"TTLs are {', '.join(map(str, ttls))} s", f"Give all of them {ttls[0]} s.")


@rule("FK405", Severity.WARNING, "long negative caching",
      why="That a name does not exist is remembered for the SOA's TTL or its last number, whichever is less. A record "
          "that is missing for a moment stays missing that long, whatever TTL it has itself.",
      source="Developer Guide, The SOA record")
def negative_ttl(survey: Survey) -> Iterator[Hit]:
    for record in survey.zone.group(survey.zone.name, "SOA"):
        minimum = int(record.values[0].split()[-1])
        kept = min(record.ttl, minimum)
        if kept > NEGATIVE_TTL:
            yield Hit(record.label, f"a name that does not exist is remembered for {kept} s (TTL {record.ttl} s, "
                      f"minimum {minimum} s)", f"Set the SOA's TTL, or its last number, to {NEGATIVE_TTL} or less.")


RULES = (ttl_above_advice, ttl_of_hours, ttl_too_short, weighted_ttls, negative_ttl)
