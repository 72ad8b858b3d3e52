"""Somebody's zone made ready for a drill: every endpoint is a site that can fail, every routed name knows its sites.

    HostedZone + HealthChecks  ->  Terrain (sites, routed names, and which of them depend on which)

A drill knows no more than the zone says. Names outside it (a load balancer, the target of a CNAME) get an address and
a site of their own. Before this: files.py or a lab has the zone. After this: zone_drill.py lets the sites fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

from .endpoints import addresses_behind, endpoint_of, sites_of
from .faults import Site
from .healthcheck import HealthCheck, HealthCheckType
from .records import Policy, RecordSet
from .zone import HostedZone

Key = tuple[str, str]                # name and type of a group
OUTSIDE_TTL = 60                     # seconds; [model] TTL of a name outside the zone, as of a load balancer
WILDCARD = "drill"                   # the label that stands for a * when somebody asks


@dataclass(frozen=True)
class Routed:
    """A name whose answer some routing policy decides, and all that it depends on."""

    name: str                        # "*.shop.example.com."
    type: str                        # "A" or "CNAME"
    keys: frozenset[Key]             # groups that its answer, or the checks behind it, are made of
    addresses: frozenset[str]        # where it can send users
    check_ids: frozenset[str]        # checks that decide about it, children included
    ttl: int                         # seconds; the longest that an answer on the way is kept

    @property
    def asked(self) -> str:
        """The name as users ask for it."""
        return self.name.replace("*", WILDCARD, 1) if self.name.startswith("*") else self.name


@dataclass(frozen=True)
class Terrain:
    """A zone in which everything has an address. Names that only have IPv6 addresses have IPv4 ones in their place."""

    zone: HostedZone
    outside: tuple[HostedZone, ...]              # one for each name outside the zone that a CNAME leads to
    checks: Mapping[str, HealthCheck]
    endpoints: Mapping[str, str | None]          # check -> the address or name that it probes; None: nothing of its own
    sites: tuple[Site, ...]
    resources: Mapping[str, str]                 # DNS name of an AWS resource -> its address
    known_as: Mapping[str, str]                  # address that was made up -> the name that it stands for

    @classmethod
    def of(cls, zone: HostedZone, health_checks: Iterable[HealthCheck]) -> Terrain:
        """The terrain of a zone. A health check that is not given counts as healthy, as one that was deleted does."""
        return _Builder(zone, tuple(health_checks)).terrain()

    # ---- names --------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> dict[str, Routed | None]:
        """Every name with addresses, in the zone's order; None for one that no routing policy decides."""
        return {key[0]: self._routed(key) for key in self.zone.groups if key[1] in ("A", "CNAME")}

    @property
    def routed(self) -> tuple[Routed, ...]:
        """The names to drill."""
        return tuple(routed for routed in self.names.values() if routed)

    def _routed(self, key: Key) -> Routed | None:
        keys = self._reach([key])
        records = [record for reached in keys for record in self.zone.group(*reached)]
        if all(record.policy is Policy.SIMPLE for record in records):
            return None
        checks = {id_ for record in records for id_ in self._with_children(record.health_check_id)}
        hosts = [check.fully_qualified_domain_name for check in map(self.checks.get, checks)
                 if check.type.probes and not check.ip_address]
        watched = self._reach((absolute(host), type_) for host in hosts for type_ in ("A", "CNAME"))
        addresses = {address for record in records for address in self._addresses(record)}
        ttl = max((record.ttl for record in records if record.ttl is not None and not _only_leads_on(record)),
                  default=OUTSIDE_TTL)
        return Routed(*key, frozenset(keys | watched), frozenset(addresses), frozenset(checks), ttl)

    def _reach(self, keys: Iterable[Key]) -> set[Key]:
        """The groups of the zone that answers to these questions are made of."""
        found, to_do = set(), [key for key in keys if key in self.zone.groups]
        while to_do:
            key = to_do.pop()
            if key not in found:
                found.add(key)
                for record in self.zone.group(*key):
                    names = [record.alias.dns_name] if record.alias else record.values if key[1] == "CNAME" else ()
                    types = ("A", "CNAME") if key[1] == "CNAME" else (key[1],)
                    to_do += [(absolute(name), type_) for name in names for type_ in types
                              if (absolute(name), type_) in self.zone.groups]
        return found

    def _addresses(self, record: RecordSet) -> Iterator[str]:
        yield from addresses_behind(self.zone, record)
        if record.type == "CNAME" and not record.alias:
            yield from (zone.group(zone.name, "A")[0].values[0] for zone in self.outside
                        if zone.name == absolute(record.values[0]))

    def _with_children(self, id_: str | None) -> tuple[str, ...]:
        check = self.checks.get(id_)
        return (check.id, *check.child_health_checks) if check else ()

    def only(self, names: Iterable[Routed]) -> HostedZone:
        """The zone with nothing but what these names need."""
        keys = {key for routed in names for key in routed.keys}
        records = tuple(record for key, group in self.zone.groups.items() if key in keys for record in group)
        return HostedZone(self.zone.name, records, self.zone.id, self.zone.resources)

    # ---- who depends on what ------------------------------------------------------------------------------------

    def depends(self, routed: Routed, sites: Iterable[Site]) -> bool:
        """Can the failure of these sites be felt at this name?"""
        addresses = {address for site in sites for address in site.addresses}
        return bool(addresses & (routed.addresses | {self.endpoints[id_] for id_ in routed.check_ids}))

    def moving_checks(self, names: Iterable[Routed], sites: Iterable[Site]) -> tuple[HealthCheck, ...]:
        """The checks that matter when these sites fail: a plain check of another site just stays healthy."""
        addresses = {address for site in sites for address in site.addresses}
        kept = {id_ for routed in names for id_ in routed.check_ids if self._may_be_unhealthy(id_, addresses)}
        kept |= {child for id_ in kept for child in self.checks[id_].child_health_checks}
        return tuple(check for id_, check in self.checks.items() if id_ in kept)

    def _may_be_unhealthy(self, id_: str, failing: set[str]) -> bool:
        check, endpoint = self.checks[id_], self.endpoints[id_]
        if check.inverted or check.disabled or check.type is HealthCheckType.CALCULATED:
            return True
        return check.type.probes and (endpoint is None or endpoint in failing)     # in a drill nobody touches a switch


def _only_leads_on(record: RecordSet) -> bool:
    """Is it a CNAME that always says the same, so that nobody suffers from keeping it?"""
    return record.type == "CNAME" and record.policy is Policy.SIMPLE


def absolute(name: str) -> str:
    """A name as zones keep it."""
    return name.lower().rstrip(".") + "."


@dataclass
class _Builder:
    """Gives everything an address, once."""

    given: HostedZone
    health_checks: tuple[HealthCheck, ...]

    def __post_init__(self):
        self._numbers = count(1)
        self._addresses: dict[str, str] = {}                 # what has none of its own -> the one it gets

    def _address(self, name: str) -> str:
        """An address that nobody else has: of the range that RFC 1112 section 4 keeps for a future that never came."""
        if name not in self._addresses:
            number = next(self._numbers)
            self._addresses[name] = f"240.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        return self._addresses[name]

    def terrain(self) -> Terrain:
        records = [self._as_ipv4(record) for record in self.given.record_sets if not self._has_ipv4_beside(record)]
        resources = {name: self._address(name) for name in dict.fromkeys(
            record.alias.dns_name for record in records if record.alias and not self.given.target_of(record))}
        hosts = dict.fromkeys(filter(None, map(self._outside_host, records)))
        zone = HostedZone(self.given.name, tuple(records), self.given.id,
                          {name: (address,) for name, address in resources.items()})
        outside = tuple(HostedZone(host, (RecordSet(name=host, ttl=OUTSIDE_TTL, values=(self._address(host),)),),
                                   f"outside-{number}") for number, host in enumerate(hosts, 1))
        checks = {check.id: self._check(check) for check in self.health_checks}
        plan = HostedZone(zone.name, tuple(drawn for record in records for drawn in self._drawn(record)),
                          resources=zone.resources)
        sites = tuple(sites_of(plan, checks.values()))
        endpoints = {id_: endpoint_of(plan, check) if check.type.probes else None for id_, check in checks.items()}
        known_as = {address: name for name, address in self._addresses.items()}
        return Terrain(zone, outside, checks, endpoints, sites, resources, known_as)

    # ---- records ------------------------------------------------------------------------------------------------

    def _has_ipv4_beside(self, record: RecordSet) -> bool:
        return record.type == "AAAA" and any((record.name, type_) in self.given.groups for type_ in ("A", "CNAME"))

    def _as_ipv4(self, record: RecordSet) -> RecordSet:
        """Users in a lab ask for IPv4 addresses."""
        return record if record.type != "AAAA" else replace(record, type="A", values=tuple(
            map(self._address, record.values)))

    def _outside_host(self, record: RecordSet) -> str | None:
        """The name outside the zone that a CNAME leads to."""
        if record.type != "CNAME" or record.alias or self.given.holds(absolute(record.values[0])):
            return None
        return absolute(record.values[0])

    def _drawn(self, record: RecordSet) -> Iterator[RecordSet]:
        """The record set for finding sites: a CNAME as the address that it leads to, if that is only one."""
        if record.type == "A":
            yield record
        elif host := self._outside_host(record):
            yield replace(record, type="A", values=(self._address(host),))
        elif record.type == "CNAME" and not record.alias:
            inside = self.given.group(absolute(record.values[0]), "A")
            if inside and inside[0].values and not inside[0].policies:
                yield replace(record, type="A", values=inside[0].values)

    # ---- checks and sites ---------------------------------------------------------------------------------------

    def _check(self, check: HealthCheck) -> HealthCheck:
        """The check, watching the address that its endpoint has got here; an alarm counts silence as health."""
        if check.type is HealthCheckType.CLOUDWATCH_METRIC:
            return replace(check, insufficient_data_health_status="Healthy")
        if not check.type.probes:
            return check
        host = absolute(check.fully_qualified_domain_name or "")
        known = [name for name in (check.ip_address, None if check.ip_address else host,
                                   None if check.ip_address else f"dualstack.{host}") if name in self._addresses]
        return replace(check, ip_address=self._addresses[known[0]]) if known else check
