"""A routed group as an octoDNS dynamic record: pools that fall back to one another, and rules that lead to them.

    failover, weighted and geolocation groups, and trees of them  ->  {"pools": {...}, "rules": [...]}, or why not

octoDNS builds just such a tree in Route 53: locations over failover over weights. When everything is unhealthy it
answers the record's plain values, all of the first pool.
Source: octoDNS documentation, "Dynamic records"; octodns-route53, Route53Provider.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Any

from ...healthcheck import HealthCheck, HealthCheckType
from ...records import Failover, GeoLocation, Policy, RecordSet
from ...zone import HostedZone
from .continents import CONTINENT_OF
from .plan import Names

MAX_WEIGHT = 100
POOL_NAME = 40               # characters; the pool's name becomes part of a DNS label
TYPES = ("A", "AAAA", "CNAME")
PROTOCOLS = {HealthCheckType.HTTP: "HTTP", HealthCheckType.HTTPS: "HTTPS", HealthCheckType.TCP: "TCP",
             HealthCheckType.HTTP_STR_MATCH: "HTTP", HealthCheckType.HTTPS_STR_MATCH: "HTTPS"}
WIDTH = {"subdivision": 0, "country": 1, "continent": 2, "default": 3}      # of an area, the smallest first


class NotExpressible(Exception):
    """Why octoDNS cannot say this."""


@dataclass(frozen=True)
class Value:
    """One value of a pool. Its check decides, or it is always up, or always down."""

    text: str
    weight: int
    record: RecordSet
    check: HealthCheck | None

    @property
    def status(self) -> str:
        if self.check is None or (self.check.disabled and not self.check.inverted):
            return "up"
        return "down" if self.check.disabled else "obey"


@dataclass
class Dynamic:
    """What a dynamic record says, and how it differs from what was asked for."""

    ttl: int
    values: list[str]                     # answered when nothing is healthy
    pools: dict[str, dict[str, Any]]
    rules: list[dict[str, Any]]
    settings: dict[str, Any]              # the record's own "octodns" section
    warnings: list[str]


Pool = list[Value]


@dataclass
class Builder:
    """Builds one dynamic record. Raises NotExpressible."""

    zone: HostedZone
    checks: Mapping[str, HealthCheck]
    _ttls: set[int] = field(default_factory=set)
    _used: list[Value] = field(default_factory=list)

    def build(self, group: Sequence[RecordSet]) -> Dynamic:
        if group[0].type not in TYPES:
            raise NotExpressible(f"octoDNS routes {', '.join(TYPES)} only, not {group[0].type}")
        warnings: list[str] = []
        pools: dict[str, dict[str, Any]] = {}
        names = Names(lambda words: "-".join(words).lower()[:POOL_NAME])
        names.of("default")                                  # octoDNS has a pool of that name
        rules_of = self._by_area if group[0].policy is Policy.GEOLOCATION else self._for_all
        rules = rules_of(group, pools, names, warnings)
        if len(self._ttls) > 1:
            raise NotExpressible(f"its answers have different TTLs: {', '.join(map(str, sorted(self._ttls)))} s")
        first = next(rule for rule in reversed(rules) if "geos" not in rule)["pool"]
        values = [value["value"] for value in pools[first]["values"]]
        if group[0].type == "CNAME":
            values = values[:1]
        return Dynamic(self._ttls.pop(), values, pools, rules, self._settings(warnings), warnings)

    # ---- rules --------------------------------------------------------------------------------------------------

    def _for_all(self, group, pools, names, warnings) -> list[dict[str, Any]]:
        return [{"pool": self._add(self._chain_of(group), None, pools, names, warnings)}]

    def _by_area(self, group, pools, names, warnings) -> list[dict[str, Any]]:
        """The largest area first, so that each can fall back to the next larger one that holds it."""
        first_of: dict[GeoLocation, str] = {}
        rules = []
        for record in sorted(group, key=_width, reverse=True):
            larger = next((first_of[area] for area in _larger(record.geolocation) if area in first_of), None)
            first = first_of[record.geolocation] = self._add(self._chain(record), larger, pools, names, warnings)
            rules.insert(0, {"pool": first} if record.geolocation.is_default else
                         {"geos": [_geo_code(record.geolocation)], "pool": first})
        if "geos" in rules[-1]:
            raise NotExpressible("octoDNS needs a default location")
        return rules

    def _add(self, chain: list[Pool], fallback: str | None, pools, names, warnings) -> str:
        """Puts a chain of pools in, the last one first, each falling back to the one after it. The first one's name."""
        for pool in reversed(chain):
            name = names.of(pool[0].record.set_identifier or pool[0].record.name.split(".")[0])
            pools[name] = {**({"fallback": fallback} if fallback else {}), "values": _pool_values(pool, warnings)}
            fallback = name
        return fallback

    # ---- pools --------------------------------------------------------------------------------------------------

    def _chain(self, record: RecordSet) -> list[Pool]:
        """The pools behind one record set, in the order in which they take over."""
        if record.alias is None:
            if len(record.values) > 1:
                raise NotExpressible(f"{record.label} holds {len(record.values)} values; a pool would choose one")
            self._ttls.add(record.ttl)
            value = Value(record.values[0], 1, record, self._check(record))
            self._used.append(value)
            return [[value]]
        members = self.zone.target_of(record)
        if not members:
            raise NotExpressible(f"{record.label} is an alias of an AWS resource")
        if record.health_check_id or not record.alias.evaluate_target_health:
            why = "has a health check of its own" if record.health_check_id else "does not evaluate its target"
            raise NotExpressible(f"{record.label} is an alias that {why}")
        return self._chain_of(members)

    def _chain_of(self, group: Sequence[RecordSet]) -> list[Pool]:
        match group[0].policy:
            case Policy.SIMPLE:
                return self._chain(group[0])
            case Policy.FAILOVER:
                pair = sorted(group, key=lambda record: record.failover is Failover.SECONDARY)
                return [pool for record in pair for pool in self._chain(record)]
            case Policy.WEIGHTED:
                return [[self._weighted(record) for record in part] for part in _by_weight(group)]
            case policy:
                raise NotExpressible(f"{group[0].name} uses {policy.value} routing")

    def _weighted(self, record: RecordSet) -> Value:
        chain = self._chain(record)
        if len(chain) > 1 or len(chain[0]) > 1:
            raise NotExpressible(f"{record.label} has a weight and a group behind it")
        return Value(chain[0][0].text, record.weight or 1, record, chain[0][0].check)

    def _check(self, record: RecordSet) -> HealthCheck | None:
        if record.health_check_id is None:
            return None
        check = self.checks.get(record.health_check_id)
        if check is None:
            raise NotExpressible(f"the settings of health check {record.health_check_id} are not known")
        if check.type not in PROTOCOLS or (check.inverted and not check.disabled):
            kind = "is inverted" if check.type in PROTOCOLS else f"is of type {check.type.value}"
            raise NotExpressible(f"{check.label} {kind}; octoDNS makes plain HTTP, HTTPS and TCP checks")
        return check

    # ---- the record's one set of check settings -------------------------------------------------------------------

    def _settings(self, warnings: list[str]) -> dict[str, Any]:
        obeyed = {value.check.id: value for value in self._used if value.status == "obey"}
        found = {id_: _check_settings(value.check) for id_, value in obeyed.items()}
        for value in obeyed.values():
            warnings += _losses(value.check, value.text)
        chosen = next(iter(found.values()), {})
        others = [id_ for id_, settings in found.items() if settings != chosen]
        if others:
            warnings.append("a record has one set of check settings, so "
                            f"{', '.join(others)} would be set like {next(iter(found))}")
        return chosen


def _by_weight(group: Sequence[RecordSet]) -> list[list[RecordSet]]:
    """The members with a weight, then those of weight 0, which serve when all of the others are unhealthy."""
    parts = [[record for record in group if record.weight], [record for record in group if not record.weight]]
    return [part for part in parts if part]


def _pool_values(pool: Pool, warnings: list[str]) -> list[dict[str, Any]]:
    if len({value.text for value in pool}) < len(pool):
        raise NotExpressible(f"{pool[0].record.name} gives one value to two members")
    divisor = gcd(*(value.weight for value in pool))
    weights = [value.weight // divisor for value in pool]
    if max(weights) > MAX_WEIGHT:
        scaled = [max(1, round(weight * MAX_WEIGHT / max(weights))) for weight in weights]
        given = ", ".join(str(value.weight) for value in pool)
        warnings.append(f"weights {given} become {', '.join(map(str, scaled))}, as octoDNS counts to {MAX_WEIGHT}")
        weights = scaled
    return [{**({} if value.status == "obey" else {"status": value.status}), "value": value.text,
             **({"weight": weight} if len(pool) > 1 else {})} for value, weight in zip(pool, weights, strict=True)]


def _check_settings(check: HealthCheck) -> dict[str, Any]:
    protocol = PROTOCOLS[check.type]
    seen = {"port": check.effective_port, "protocol": protocol}
    if protocol != "TCP":
        seen = {"host": check.fully_qualified_domain_name, "path": check.resource_path, **seen}
    return {"healthcheck": seen, "route53": {"healthcheck": {
        "failure_threshold": check.failure_threshold, "measure_latency": check.measure_latency,
        "request_interval": check.request_interval}}}


def _losses(check: HealthCheck, value: str) -> Iterator[str]:
    """What an octoDNS check for this value does differently."""
    if check.type.matches_string:
        yield f"{check.label} would look for no string: octoDNS cannot match {check.search_string!r}"
    watched = check.ip_address or (check.fully_qualified_domain_name or "").lower().rstrip(".")
    if watched != value.lower().rstrip("."):
        yield f"{check.label} would watch {value} instead of {watched}"
    if check.regions != HealthCheck.__dataclass_fields__["regions"].default:
        yield f"{check.label} would probe from all Regions"


# ---- areas -----------------------------------------------------------------------------------------------------

def _width(record: RecordSet) -> int:
    area = record.geolocation
    return WIDTH["default" if area.is_default else "continent" if area.continent else
                 "subdivision" if area.subdivision else "country"]


def _larger(area: GeoLocation) -> Iterator[GeoLocation]:
    """The areas that hold this one, the smallest first."""
    if area.subdivision:
        yield GeoLocation(country=area.country)
    if area.country in CONTINENT_OF:
        yield GeoLocation(continent=CONTINENT_OF[area.country])
    yield GeoLocation(country="*")


def _geo_code(area: GeoLocation) -> str:
    """The area in octoDNS's words: EU, NA-US, NA-US-CA."""
    if area.continent:
        return area.continent
    if area.country not in CONTINENT_OF:
        raise NotExpressible(f"octoDNS does not know country {area.country}")
    return "-".join(filter(None, (CONTINENT_OF[area.country], area.country, area.subdivision)))
