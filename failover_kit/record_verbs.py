"""The verbs that put records into a lab's zone: one a routing policy.

    lab.failover("app.example.com", primary=east, secondary=west, ...)  ->  RecordSets  ->  the zone, or a clear error

A target is a site, an address, or the name of another record set (then the record is an alias that evaluates it).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping

from .errors import LabError
from .healthcheck import HealthCheck
from .lab_site import LabSite
from .records import AliasTarget, Failover, GeoLocation, RecordSet, dns_name
from .service import Route53
from .zone import HostedZone

Target = LabSite | str


class RecordVerbs:
    """What a Lab can do with its zone. The lab gives `service`, its zone's id, and a way into its world."""

    service: Route53
    _zone_id: str
    _in_world: Callable[[Callable[[float], object]], object]

    @property
    def zone(self) -> HostedZone:
        return self.service.zone(self._zone_id)

    def record(self, *records: RecordSet) -> None:
        """Put record sets into the zone. Raises ConfigurationError, and then nothing has changed."""
        self._in_world(lambda now: self.service.put_zone(self.zone.with_record_sets(*records), now))

    def delete(self, name: str, type: str = "A", set_identifier: str | None = None) -> None:
        """Take one record set out of the zone. Raises LabError when it is not there."""
        name = dns_name(name)
        group = self.zone.group(name, type)
        left = [record for record in group if record.set_identifier != set_identifier]
        if len(left) == len(group):
            raise LabError(f"The zone has no record set {name} {type} {set_identifier or ''}".rstrip() + ".")
        self._in_world(lambda now: self.service.put_zone(self.zone.with_groups({(name, type): left}), now))

    def simple(self, name: str, *values: Target, type: str = "A", ttl: int = 60) -> None:
        """One record set with these values, all answered in random order."""
        texts = tuple(value.address if isinstance(value, LabSite) else value for value in values)
        self.record(RecordSet(name=name, type=type, ttl=ttl, values=texts))

    def alias(self, name: str, target: str, *, type: str = "A", evaluate_target_health: bool = True) -> None:
        """A record set that stands for another one of the zone, or for an AWS resource."""
        self.record(RecordSet(name=name, type=type, alias=AliasTarget(target, evaluate_target_health)))

    def failover(self, name: str, *, primary: Target, secondary: Target, health_check: HealthCheck | None = None,
                 secondary_health_check: HealthCheck | None = None, ttl: int = 60) -> None:
        """A primary that answers while it is healthy, and a secondary for when it is not."""
        self.record(_member(name, primary, "primary", health_check, ttl, failover=Failover.PRIMARY),
                    _member(name, secondary, "secondary", secondary_health_check, ttl, failover=Failover.SECONDARY))

    def weighted(self, name: str, weights: Mapping[Target, int], *, ttl: int = 60,
                 health_checks: Mapping[Target, HealthCheck] | None = None) -> None:
        """Each target's share is its weight divided by the sum of the weights."""
        checks = health_checks or {}
        self.record(*(_member(name, target, _label(target), checks.get(target), ttl, weight=weight)
                      for target, weight in weights.items()))

    def multivalue(self, name: str, targets: Iterable[Target], *, ttl: int = 60,
                   health_checks: Mapping[Target, HealthCheck] | None = None) -> None:
        """Up to eight healthy targets in each answer."""
        checks = health_checks or {}
        self.record(*(_member(name, target, _label(target), checks.get(target), ttl, multivalue_answer=True)
                      for target in targets))

    def latency(self, name: str, targets: Mapping[str, Target], *, ttl: int = 60,
                health_checks: Mapping[Target, HealthCheck] | None = None) -> None:
        """One target a Region: the client gets the one with the lowest latency."""
        checks = health_checks or {}
        self.record(*(_member(name, target, code, checks.get(target), ttl, region=code)
                      for code, target in targets.items()))

    def geolocation(self, name: str, targets: Mapping[str, Target], *, ttl: int = 60,
                    health_checks: Mapping[Target, HealthCheck] | None = None) -> None:
        """One target an area: a continent ("EU"), a country ("JP"), a US state ("US-TX") or the default ("*")."""
        checks = health_checks or {}
        self.record(*(_member(name, target, code, checks.get(target), ttl, geolocation=_area(code))
                      for code, target in targets.items()))


def _member(name: str, target: Target, set_identifier: str, check: HealthCheck | None, ttl: int, **policy) -> RecordSet:
    """One member of a routed group: a site or address by value, a name as an alias that evaluates its target."""
    common = dict(name=name, set_identifier=set_identifier, health_check_id=check.id if check else None, **policy)
    address = target.address if isinstance(target, LabSite) else target
    if is_address(address):
        return RecordSet(type="AAAA" if ":" in address else "A", ttl=ttl, values=(address,), **common)
    return RecordSet(alias=AliasTarget(address, evaluate_target_health=True), **common)


def _label(target: Target) -> str:
    return target.name if isinstance(target, LabSite) else target


def _area(code: str) -> GeoLocation:
    """The area that a short code means: "*", a continent, a country, or country-state.

    "NA" and "SA" and "AF" and "AS" are continents here; for the countries of those codes give a GeoLocation.
    """
    if isinstance(code, GeoLocation):
        return code
    if code in ("AF", "AN", "AS", "EU", "OC", "NA", "SA"):
        return GeoLocation(continent=code)
    country, _, subdivision = code.partition("-")
    return GeoLocation(country=country, subdivision=subdivision or None)


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
