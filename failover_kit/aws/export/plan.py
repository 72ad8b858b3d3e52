"""What all exports share: which record sets go along, in which order they can be created, and names for resources.

    HostedZone  ->  Plan (groups, targets before their aliases; what is left to Route 53)

Before this: files.py or a lab has the zone. After this: cli.py, cloudformation.py, terraform.py, octodns.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ...healthcheck import HealthCheck, HealthCheckType
from ...records import RecordSet
from ...zone import SOA_TIMES, SOA_TTL, HostedZone
from ..shapes import aws_name

Key = tuple[str, str]                # name and type of a group
OWN_TYPES = ("NS", "SOA")            # at the zone's top: Route 53 makes these itself
MAX_VALUES, MAX_CHARACTERS = 500, 16_000     # of one batch of UPSERTs: Route 53's quotas of 1,000 and 32,000, halved


@dataclass(frozen=True)
class Export:
    """A zone in another tool's words, and what people should know about it."""

    document: dict                           # plain JSON types
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What goes along, in an order in which it can be created."""

    zone: HostedZone
    checks: tuple[HealthCheck, ...]          # children before the calculated checks that need them
    levels: tuple[tuple[Key, ...], ...]      # groups; those of one level alias only groups of earlier ones
    warnings: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(key for level in self.levels for key in level)

    def targets(self, key: Key) -> list[Key]:
        """The groups of the zone that this group's aliases stand for."""
        return list(dict.fromkeys((record.alias.dns_name, record.type) for record in self.zone.group(*key)
                                  if self.zone.target_of(record)))


def plan(zone: HostedZone, health_checks: Iterable[HealthCheck]) -> Plan:
    """What to export of a zone: all but the SOA and NS that Route 53 makes for every zone."""
    checks = tuple(sorted(health_checks, key=lambda check: check.type is HealthCheckType.CALCULATED))
    levels: dict[Key, int] = {}

    def level(key: Key) -> int:
        if key not in levels:
            targets = [(r.alias.dns_name, r.type) for r in zone.group(*key) if zone.target_of(r)]
            levels[key] = 1 + max(map(level, targets), default=-1)
        return levels[key]

    keys = [key for key in zone.groups if not (key[0] == zone.name and key[1] in OWN_TYPES)]
    by_level: dict[int, list[Key]] = {}
    for key in keys:
        by_level.setdefault(level(key), []).append(key)
    return Plan(zone, checks, tuple(tuple(by_level[number]) for number in sorted(by_level)),
                tuple(_warnings(zone, checks)))


def _warnings(zone: HostedZone, checks: Sequence[HealthCheck]) -> Iterator[str]:
    soa = zone.group(zone.name, "SOA")[0]
    if soa.ttl != SOA_TTL or soa.values[0].split()[2:] != SOA_TIMES.split():
        yield (f"{zone.name} SOA: its TTL of {soa.ttl} s and its numbers {' '.join(soa.values[0].split()[2:])} are "
               "left out, as Route 53 makes the SOA of a new zone. Change it there afterwards.")
    known = {None, *(check.id for check in checks)}
    missing = sorted({record.health_check_id for record in zone.record_sets} - known)
    if missing:
        yield (f"Health checks {', '.join(missing)} are used, but their settings are not known. The ids stand as they "
               "are: the checks must exist. Give their settings with --health-checks.")


def plain_name(name: str) -> str:
    """A name with a wildcard as people write it: `*.example.com.`, other unusual characters as octal escapes."""
    return aws_name(name).replace("\\052", "*")


def batches(records: Iterable[RecordSet]) -> Iterator[list[RecordSet]]:
    """The record sets in order, in batches that Route 53 takes in one request.

    Source: Route 53 Developer Guide, "Quotas" (elements and characters of a ChangeResourceRecordSets request).
    """
    batch, values, characters = [], 0, 0
    for record in records:
        count, length = max(1, len(record.values)), sum(map(len, record.values))
        if batch and (values + count > MAX_VALUES or characters + length > MAX_CHARACTERS):
            yield batch
            batch, values, characters = [], 0, 0
        batch.append(record)
        values, characters = values + count, characters + length
    if batch:
        yield batch


@dataclass
class Names:
    """Names for resources, made of any text, each given once."""

    spell: Callable[[Sequence[str]], str]        # words of letters and digits -> a name
    _taken: set[str] = field(default_factory=set)

    def of(self, *texts: str) -> str:
        words = [word for text in texts for word in re.findall(r"[A-Za-z0-9]+", text.replace("*", " any "))]
        name = wanted = self.spell(words)
        number = 2
        while name.lower() in self._taken:
            name, number = self.spell([wanted, str(number)]), number + 1
        self._taken.add(name.lower())
        return name


def relative(name: str, zone: HostedZone) -> str:
    """A name without the zone's; "" for the zone's top."""
    return "" if name == zone.name else name.removesuffix("." + zone.name) if zone.name != "." else name.rstrip(".")
