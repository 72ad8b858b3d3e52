"""A zone as an octoDNS zone file, for octodns-route53 to put into Route 53.

    HostedZone + HealthChecks  ->  {"app": {"type": "A", "dynamic": ...}, ...}, and a list of what is left out

Aliases become Route53Provider/ALIAS, routed groups dynamic records as far as octoDNS has such a thing. Keys are in
the natural order that octoDNS insists on.
Source: octoDNS documentation, "Records" and "Dynamic records"; octodns-route53, README.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ...healthcheck import HealthCheck
from ...records import Policy, RecordSet
from ...zone import HostedZone
from .octodns_dynamic import Builder, NotExpressible
from .plan import Export, plain_name, plan, relative

ALIAS = "Route53Provider/ALIAS"
SERVICES = ("amazonaws.com.", "cloudfront.net.", "elasticbeanstalk.com.", "awsglobalaccelerator.com.")
LISTS = ("A", "AAAA", "NS")
SINGLES = ("CNAME", "PTR")
TEXTS = ("TXT", "SPF")
FIELDS = {                             # of types whose values octoDNS takes apart
    "MX": ("preference", "exchange"), "SRV": ("priority", "weight", "port", "target"), "CAA": ("flags", "tag", "value"),
    "NAPTR": ("order", "preference", "flags", "service", "regexp", "replacement"),
    "DS": ("key_tag", "algorithm", "digest_type", "digest"),
}
NAMES = ("exchange", "target", "replacement")
SERVICE_NAME = re.compile(r"(\*|_[^.]+)\.[^.]+")
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"]+')


def to_octodns(zone: HostedZone, health_checks: Iterable[HealthCheck]) -> Export:
    """The zone file, with a warning for each record that is left out, and for each that comes out different."""
    planned = plan(zone, health_checks)
    checks = {check.id: check for check in planned.checks}
    found: dict[str, list[dict[str, Any]]] = {}
    aliases: dict[str, dict[str, Any]] = {}
    left_out: set[tuple[str, str]] = set()
    warnings = list(planned.warnings)
    for key in planned.keys:                                   # the targets of aliases come first
        name, group = relative(plain_name(key[0]), zone), zone.group(*key)
        try:
            if lost := left_out.intersection(planned.targets(key)):
                raise NotExpressible(f"it needs {' '.join(min(lost))}, which is left out")
            said = _said(zone, group, checks, warnings)
        except NotExpressible as error:
            left_out.add(key)
            warnings.append(f"{' '.join(key)} is left out: {error}.")
            continue
        if said["type"] == ALIAS and name in aliases:
            aliases[name]["values"] += said["values"]
            continue
        if said["type"] == ALIAS:
            aliases[name] = said
        found.setdefault(name, []).append(said)
    document = {name: said[0] if len(said) == 1 else said for name, said in found.items()}
    return Export(_sorted(document), tuple(warnings))


def _said(zone: HostedZone, group: Sequence[RecordSet], checks, warnings: list[str]) -> dict[str, Any]:
    record, label = group[0], " ".join(group[0].key)
    if record.type == "SRV" and not SERVICE_NAME.match(relative(record.name, zone)):
        raise NotExpressible("octoDNS takes SRV records under names like _service._tcp only")
    if record.policy is not Policy.SIMPLE:
        dynamic = Builder(zone, checks).build(group)
        warnings += [f"{label}: {warning}." for warning in dynamic.warnings]
        return {"type": record.type, "ttl": dynamic.ttl, **_values(record.type, dynamic.values),
                "dynamic": {"pools": dynamic.pools, "rules": dynamic.rules},
                **({"octodns": dynamic.settings} if dynamic.settings else {})}
    if record.health_check_id:
        warnings.append(f"{label}: check {record.health_check_id} is left out: octoDNS checks dynamic records only.")
    if record.alias:
        return {"type": ALIAS, "values": [_alias(zone, record)]}
    return {"type": record.type, "ttl": record.ttl, **_values(record.type, record.values)}


def _alias(zone: HostedZone, record: RecordSet) -> dict[str, Any]:
    target, said = plain_name(record.alias.dns_name), {"evaluate-target-health": record.alias.evaluate_target_health}
    if zone.target_of(record):
        return {**said, "name": relative(target, zone), "type": record.type}
    if not any(service in target for service in SERVICES):
        raise NotExpressible(f"octoDNS does not know the AWS service of {target}")
    return {**said, "hosted-zone-id": record.alias.hosted_zone_id, "name": target, "type": record.type}


def _values(type_: str, values: Sequence[str]) -> dict[str, Any]:
    if type_ in SINGLES:
        return {"value": _full(values[0])}
    if type_ in LISTS:
        return {"values": [_full(value) if type_ == "NS" else value for value in values]}
    if type_ in TEXTS:
        return {"values": [_text(value) for value in values]}
    if type_ not in FIELDS:
        raise NotExpressible(f"octodns-route53 does not do {type_} records")
    return {"values": [_fields(type_, value) for value in values]}


def _fields(type_: str, value: str) -> dict[str, Any]:
    words = _WORD.findall(value)
    names = FIELDS[type_]
    words = [*words[:len(names) - 1], "".join(words[len(names) - 1:])]          # a digest may be written in parts
    return {name: _full(word) if name in NAMES else int(word) if word.isdecimal() else
            word[1:-1] if word.startswith('"') else word for name, word in zip(names, words, strict=True)}


def _full(name: str) -> str:
    """A name with its final dot, without which octoDNS takes none."""
    return name if name.endswith(".") else f"{name}."


def _text(value: str) -> str:
    """The strings of a value as one: octoDNS cuts it up again, and wants every semicolon escaped."""
    text = "".join(word[1:-1] for word in _WORD.findall(value)).replace('\\"', '"')
    if text.startswith('"'):
        raise NotExpressible("octoDNS would take away the quotation mark at the start of its text")
    return re.sub(r"\\?;", r"\\;", text)


def _sorted(value: Any) -> Any:
    """Every mapping with its keys in natural order: a2 before a10."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=_natural)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _natural(key: str) -> list[Any]:
    return [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", key)]
