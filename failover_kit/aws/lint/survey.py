"""A zone and its health checks, laid out for the rules: who points to whom, who is checked, what can ever fail.

    HostedZone + HealthChecks  ->  Survey

Pure. Before this: files.py or a lab has the zone. After this: each rule asks the survey what it needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...health import Status, calculated, modified
from ...healthcheck import HealthCheck, HealthCheckType
from ...records import Failover, Policy, RecordSet
from ...zone import HostedZone

Key = tuple[str, str]                # name and type of a group
CLOUDFRONT = "cloudfront.net."


@dataclass(frozen=True)
class Survey:
    """What the rules look at. `checks` is None where nobody said which health checks there are."""

    zone: HostedZone
    checks: Mapping[str, HealthCheck] | None

    @classmethod
    def of(cls, zone: HostedZone, health_checks: Iterable[HealthCheck] | None) -> Survey:
        return cls(zone, None if health_checks is None else {check.id: check for check in health_checks})

    # ---- groups and trees ---------------------------------------------------------------------------------------

    @cached_property
    def routed(self) -> dict[Key, tuple[RecordSet, ...]]:
        """The groups with a routing policy."""
        return {key: group for key, group in self.zone.groups.items() if group[0].policy is not Policy.SIMPLE}

    def groups(self, policy: Policy) -> Iterator[tuple[RecordSet, ...]]:
        return (group for group in self.routed.values() if group[0].policy is policy)

    def role(self, role: Failover) -> Iterator[RecordSet]:
        """The record sets with this failover role."""
        return (record for group in self.groups(Policy.FAILOVER) for record in group if record.failover is role)

    @cached_property
    def aliases_of(self) -> dict[Key, list[RecordSet]]:
        """For each group of the zone: the alias records that stand for it."""
        found = defaultdict(list)
        for record in self.zone.record_sets:
            if self.zone.target_of(record):
                found[record.alias.dns_name, record.type].append(record)
        return found

    def guarding_aliases(self, key: Key) -> list[RecordSet]:
        """The aliases that are as healthy as this group, so that somebody chooses by its health."""
        return [alias for alias in self.aliases_of.get(key, ()) if evaluates(alias) and self.matters(alias.key)]

    def matters(self, key: Key) -> bool:
        """Does the health of this group's members decide anything?"""
        return self._matters.get(key, False)

    @cached_property
    def _matters(self) -> dict[Key, bool]:
        """Groups with a choice, and every group that an evaluating alias of such a group stands for."""
        found, to_do = {}, [key for key, group in self.routed.items() if len(group) > 1]
        while to_do:
            key = to_do.pop()
            if key not in found:
                found[key] = True
                to_do += [(record.alias.dns_name, record.type) for record in self.zone.group(*key)
                          if evaluates(record) and self.zone.target_of(record)]
        return found

    # ---- health -------------------------------------------------------------------------------------------------

    def check_of(self, record: RecordSet) -> HealthCheck | None:
        return (self.checks or {}).get(record.health_check_id)

    @cached_property
    def used(self) -> dict[str, list[RecordSet]]:
        """Each health check that decides about record sets, by itself or as a child, and those record sets."""
        found = defaultdict(list)
        for record in self.zone.record_sets:
            check = self.check_of(record)
            for id_ in (check.id, *check.child_health_checks) if check else ():
                found[id_].append(record)
        return found

    @cached_property
    def used_checks(self) -> list[HealthCheck]:
        return [check for check in (self.checks or {}).values() if check.id in self.used]

    def fixed_status(self, check: HealthCheck) -> Status | None:
        """The status that a check has whatever happens, or None where it can change.

        Source: Route 53 API Reference, HealthCheckConfig, Disabled, Inverted and HealthThreshold.
        """
        if check.disabled:
            return modified(Status.HEALTHY, inverted=check.inverted, disabled=True)
        if check.type is not HealthCheckType.CALCULATED:
            return None
        worst, best = (calculated([self._child_status(id_, unless_fixed) for id_ in check.child_health_checks],
                                  check.health_threshold) for unless_fixed in (Status.UNHEALTHY, Status.HEALTHY))
        return modified(worst, inverted=check.inverted, disabled=False) if worst is best else None

    def _child_status(self, id_: str, unless_fixed: Status) -> Status:
        child = (self.checks or {}).get(id_)
        return (self.fixed_status(child) if child else Status.HEALTHY) or unless_fixed

    # ---- what is behind a record, and what a check watches ------------------------------------------------------

    def endpoints(self, record: RecordSet) -> frozenset[str]:
        """The addresses and outside names that a record set can send users to, at the end of all aliases and CNAMEs."""
        return self._at_the_end_of([record])

    def watched(self, check: HealthCheck) -> frozenset[str]:
        """What a check probes, a name of the zone as the addresses behind it; a calculated one what its children do."""
        if check.type is HealthCheckType.CALCULATED:
            children = [self.checks[id_] for id_ in check.child_health_checks if id_ in (self.checks or {})]
            return frozenset().union(*map(self.watched, children))
        if not check.type.probes:
            return frozenset()
        if check.ip_address:
            return frozenset({check.ip_address})
        name = absolute(check.fully_qualified_domain_name)
        group = self._answering(name)
        return self._at_the_end_of(group) if group else frozenset({name})

    def _answering(self, name: str) -> tuple[RecordSet, ...]:
        return self.zone.group(name, "A") or self.zone.group(name, "CNAME")

    def _at_the_end_of(self, records: Iterable[RecordSet]) -> frozenset[str]:
        found, to_do, seen = set(), [*records], set()
        while to_do:
            record = to_do.pop()
            if record.identity in seen:
                continue
            seen.add(record.identity)
            if record.alias:
                members, outside = self.zone.target_of(record), [record.alias.dns_name]
            elif record.type == "CNAME":
                outside = [absolute(record.values[0])]
                members = self._answering(outside[0])
            else:
                members, outside = (), record.values
            to_do += members
            found.update(() if members else outside)
        return frozenset(found)

    def depends_on(self, name: str) -> set[str]:
        """The names whose answers this name's answer is made of: along aliases and CNAMEs, itself included."""
        found, to_do = set(), [name]
        while to_do:
            name = to_do.pop()
            if name in found:
                continue
            found.add(name)
            for type_ in ("A", "AAAA", "CNAME"):
                for record in self.zone.group(name, type_):
                    to_do += [record.alias.dns_name] if record.alias else (
                        map(absolute, record.values) if type_ == "CNAME" else [])
        return found


def absolute(host: str) -> str:
    """A host name as zones keep it."""
    return host.lower().rstrip(".") + "."


def evaluates(record: RecordSet) -> bool:
    """Is it an alias that is as healthy as its target?"""
    return record.alias is not None and record.alias.evaluate_target_health


def has_health(record: RecordSet) -> bool:
    """Can this record set be told to be unhealthy at all, as far as its own settings go?"""
    return record.health_check_id is not None or evaluates(record)


def group_label(group: tuple[RecordSet, ...]) -> str:
    """A group's name for people: name and type."""
    return " ".join(group[0].key)
