"""A hosted zone: record sets under one domain, fitted together, with every misfit reported at once.

    RecordSets  ->  HostedZone (groups by name and type, names that exist, alias targets)

After this: routing.py chooses within a group, authority.py answers a question from a zone.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .errors import ConfigurationError, Problem
from .records import RECORD_TYPES, Policy, RecordSet, dns_name, parent_of

MAX_GROUP = 100                  # Route 53 quota, record sets with one name and type
DEFAULT_NAME_SERVERS = ("ns-2048.awsdns-64.com.", "ns-2049.awsdns-65.net.",
                        "ns-2050.awsdns-66.org.", "ns-2051.awsdns-67.co.uk.")
SOA_TTL, NS_TTL = 900, 172_800                   # seconds; Developer Guide, "NS and SOA records"
SOA_TIMES = "1 7200 900 1209600 86400"           # serial, refresh, retry, expire, minimum


def stand_in_address(dns_name: str, type_: str = "A") -> str:
    """A documentation address that stands for an AWS resource the lab has no addresses for (RFC 5737, RFC 3849)."""
    low = zlib.crc32(dns_name.encode()) % 254 + 1
    return f"203.0.113.{low}" if type_ == "A" else f"2001:db8::{low:x}"


@dataclass(frozen=True)
class HostedZone:
    """The record sets under one domain. Immutable: a change makes a new zone, so readers never see half of it.

    A new public zone gets SOA and NS record sets of its own. Raises ConfigurationError with
    every problem of every group, not just the first.
    Source: Route 53 Developer Guide, "SOA and NS resource record sets"; API Reference, ResourceRecordSet.
    """

    name: str
    record_sets: tuple[RecordSet, ...] = ()
    id: str = "Z0FAILOVERKIT00000001"
    resources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)   # AWS resource's DNS name -> addresses
    groups: Mapping[tuple[str, str], tuple[RecordSet, ...]] = field(init=False, repr=False, compare=False)
    names: Mapping[str, int] = field(init=False, repr=False, compare=False)   # name -> groups at or below it

    def __post_init__(self):
        put = lambda attribute, value: object.__setattr__(self, attribute, value)
        put("name", dns_name(self.name))
        groups: dict[tuple[str, str], tuple[RecordSet, ...]] = {}
        for record in (*_apex_defaults(self.name, self.record_sets), *self.record_sets):
            groups[record.key] = (*groups.get(record.key, ()), record)
        self._install(groups, touched=groups)

    def __reduce__(self):  # so that a worker process can have it
        return type(self), (self.name, self.record_sets, self.id, dict(self.resources))

    def _install(self, groups, touched):
        put = lambda attribute, value: object.__setattr__(self, attribute, value)
        put("groups", MappingProxyType(groups))
        put("record_sets", tuple(record for group in groups.values() for record in group))
        put("names", _name_counts(self.name, groups))
        problems = [*zone_problems(self, touched)]
        if problems:
            raise ConfigurationError(problems)

    def with_groups(self, changed: Mapping[tuple[str, str], Iterable[RecordSet]]) -> HostedZone:
        """The same zone with these groups replaced; an empty group is removed. Raises ConfigurationError."""
        groups = {**self.groups, **{key: tuple(records) for key, records in changed.items()}}
        zone = object.__new__(HostedZone)
        for attribute in ("name", "id", "resources"):
            object.__setattr__(zone, attribute, getattr(self, attribute))
        # Aliases anywhere may target a group that went away, so removal rechecks them all.
        touched = groups if any(not records for records in changed.values()) else changed
        zone._install({key: records for key, records in groups.items() if records},
                      [key for key in touched if groups[key]])
        return zone

    def with_record_sets(self, *records: RecordSet) -> HostedZone:
        """The same zone with these record sets added, each replacing the one of its own identity."""
        changed: dict[tuple[str, str], dict[tuple, RecordSet]] = {}
        for record in records:
            group = changed.setdefault(record.key, {r.identity: r for r in self.groups.get(record.key, ())})
            group[record.identity] = record
        return self.with_groups({key: group.values() for key, group in changed.items()})

    def group(self, name: str, type_: str) -> tuple[RecordSet, ...]:
        return self.groups.get((name, type_), ())

    def holds(self, name: str) -> bool:
        """Is this name at or below the zone's apex?"""
        return name == self.name or name.endswith("." + self.name) or self.name == "."

    def target_of(self, record: RecordSet) -> tuple[RecordSet, ...]:
        """The group an alias record stands for; empty for an AWS resource outside the zone."""
        return self.group(record.alias.dns_name, record.type) if record.alias else ()

    def addresses_of(self, record: RecordSet) -> tuple[str, ...]:
        """What an alias to an AWS resource answers in this lab: addresses of the record's family, or a stand-in."""
        target = record.alias.dns_name
        if record.type not in ("A", "AAAA"):
            return ()
        if target not in self.resources:
            return (stand_in_address(target, record.type),)
        return tuple(address for address in self.resources[target] if (":" in address) == (record.type == "AAAA"))


def _apex_defaults(zone_name: str, records: Iterable[RecordSet]) -> list[RecordSet]:
    present = {record.type for record in records if record.name == zone_name}
    soa = f"{DEFAULT_NAME_SERVERS[0]} awsdns-hostmaster.amazon.com. {SOA_TIMES}"
    return [RecordSet(name=zone_name, type=type_, ttl=ttl, values=values)
            for type_, ttl, values in (("SOA", SOA_TTL, (soa,)), ("NS", NS_TTL, DEFAULT_NAME_SERVERS))
            if type_ not in present]


def _name_counts(apex: str, groups) -> Mapping[str, int]:
    """Every name that exists, empty non-terminals included, with the number of groups at or below it."""
    counts: Counter[str] = Counter()
    for name, _ in groups:
        while True:
            counts[name] += 1
            if name == apex or name == ".":
                break
            name = parent_of(name)
    return counts


def zone_problems(zone: HostedZone, keys: Iterable[tuple[str, str]]):
    """Problems of these groups in their zone: how members fit each other, and how names fit the zone.

    Source: Route 53 API Reference, ResourceRecordSet and AliasTarget; RFC 1034 section 3.6.2 (CNAME).
    """
    for name, type_ in keys:
        group = zone.group(name, type_)
        where = f"{name} {type_}"
        if not zone.holds(name):
            yield Problem(where, f"is outside the zone {zone.name}", f"Give names that end in {zone.name}")
        if type_ == "CNAME":
            if name == zone.name:
                yield Problem(where, "a CNAME is not allowed at the zone apex", "Use an alias record of type A or AAAA.")
            others = sorted(t for t in RECORD_TYPES if t != "CNAME" and (name, t) in zone.groups)
            if others and name != zone.name:
                yield Problem(where, f"a CNAME stands beside {', '.join(others)} at the same name",
                              "A name with a CNAME holds nothing else (RFC 1034). Remove one of them.")
        elif (name, "CNAME") in zone.groups and name != zone.name and (name, "CNAME") not in keys:
            yield Problem(where, "stands beside a CNAME at the same name", "Remove one of them.")
        yield from _group_problems(where, group)
        for record in group:
            yield from _alias_problems(zone, record)


def _group_problems(where: str, group: tuple[RecordSet, ...]):
    policies = sorted({record.policy.value for record in group})
    if len(policies) > 1:
        yield Problem(where, f"mixes routing policies in one group: {', '.join(policies)}",
                      "Give every record set of this name and type the same policy.")
        return
    if len(group) > MAX_GROUP:
        yield Problem(where, f"has {len(group)} record sets, at most {MAX_GROUP} are allowed", "Build a tree of aliases.")
    seen = {"SetIdentifier": [r.set_identifier for r in group],
            "Failover role": [r.failover.value for r in group if r.failover],
            "Region": [r.region for r in group if r.region],
            "GeoLocation": [str(r.geolocation) for r in group if r.geolocation]}
    for what, values in seen.items():
        for value in sorted({str(v) for v in values if values.count(v) > 1}):
            if group[0].policy is Policy.SIMPLE:
                yield Problem(where, f"there are {len(group)} simple record sets",
                              "Put the values into one record set, or give them a routing policy and SetIdentifiers.")
            else:
                yield Problem(where, f"{what} {value} is used twice in the group", f"Use each {what} once.")


def _alias_problems(zone: HostedZone, record: RecordSet):
    if not record.alias:
        return
    target = record.alias.dns_name
    if not zone.holds(target):
        return                                          # an AWS resource
    if (target, record.type) not in zone.groups:
        yield Problem(record.label, f"alias target {target} {record.type} is not in the zone",
                      "Create the target first, with the same type as the alias.")
    elif loop := _alias_loop(zone, record):
        yield Problem(record.label, f"alias records form a loop: {' -> '.join(loop)}", "Let one of them hold values.")


def _alias_loop(zone: HostedZone, start: RecordSet) -> list[str] | None:
    """The names along a loop that leads back to `start`, or None."""
    trail = [(start, [start.name])]
    visited = set()
    while trail:
        record, names = trail.pop()
        for member in zone.target_of(record):
            if member.name == start.name:
                return [*names, member.name]
            if member.alias and member.identity not in visited:
                visited.add(member.identity)
                trail.append((member, [*names, member.name]))
    return None
