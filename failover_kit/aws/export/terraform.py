"""A zone as Terraform's JSON configuration: aws_route53_zone, aws_route53_health_check, aws_route53_record.

    HostedZone + HealthChecks  ->  main.tf.json

References between resources are Terraform's own, so it creates everything in order. Names of arguments differ from the
API's in places (invert_healthcheck, child_health_threshold).
Source: Terraform Registry, hashicorp/aws, resources aws_route53_record and aws_route53_health_check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ...healthcheck import HealthCheck, HealthCheckType
from ...records import RecordSet
from ...zone import HostedZone
from ..shapes import health_check_config
from .plan import Export, Names, Plan, plain_name, plan, relative

ARGUMENTS = {                        # HealthCheckConfig's member -> argument
    "Type": "type", "FullyQualifiedDomainName": "fqdn", "IPAddress": "ip_address", "Port": "port",
    "ResourcePath": "resource_path", "RequestInterval": "request_interval", "FailureThreshold": "failure_threshold",
    "SearchString": "search_string", "MeasureLatency": "measure_latency", "Inverted": "invert_healthcheck",
    "Disabled": "disabled", "EnableSNI": "enable_sni", "ChildHealthChecks": "child_healthchecks",
    "HealthThreshold": "child_health_threshold", "InsufficientDataHealthStatus": "insufficient_data_health_status",
    "Regions": "regions", "RoutingControlArn": "routing_control_arn",
}
ZONE = "aws_route53_zone.zone"


def to_terraform(zone: HostedZone, health_checks: Iterable[HealthCheck]) -> Export:
    """The configuration, with a warning for whatever Terraform cannot say."""
    planned = plan(zone, health_checks)
    names = Names(lambda words: re.sub(r"^(?=\d|$)", "r_", "_".join(words).lower()))
    check_names = {check.id: names.of(check.name or check.id) for check in planned.checks}
    record_names = {
        record.identity: names.of(relative(record.name, zone) or "apex", record.type, record.set_identifier or "")
        for key in planned.keys for record in zone.group(*key)}
    resources = {"aws_route53_zone": {"zone": {"name": literal(plain_name(zone.name).rstrip("."))}}}
    if planned.checks:
        resources["aws_route53_health_check"] = {check_names[check.id]: _health_check(check, check_names)
                                                 for check in planned.checks}
    if record_names:
        resources["aws_route53_record"] = {
            record_names[record.identity]: _record(record, planned, check_names, record_names)
            for key in planned.keys for record in zone.group(*key)}
    document = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}, "resource": resources}
    return Export(document, (*planned.warnings, *_warnings(planned)))


def _warnings(planned: Plan):
    for check in planned.checks:
        if check.alarm:
            yield (f"{check.label}: alarm {check.alarm.name} in {check.alarm.region} is only named. It must exist, "
                   "with the settings that the check should copy.")
        if check.type is HealthCheckType.CALCULATED and check.health_threshold == 0:
            yield (f"{check.label}: Terraform does not send a child_health_threshold of 0. Such a check always passes: "
                   "leave it out, and the HealthCheckId of its record sets with it.")


def literal(text: str) -> str:
    """Text in which Terraform finds no template to fill in."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _health_check(check: HealthCheck, names: dict[str, str]) -> dict[str, Any]:
    config = health_check_config(check)
    said = {argument: _value(config[member]) for member, argument in ARGUMENTS.items() if member in config}
    if check.child_health_checks:
        said["child_healthchecks"] = [_id_of(child, names) for child in check.child_health_checks]
    if check.alarm:
        said |= {"cloudwatch_alarm_name": literal(check.alarm.name), "cloudwatch_alarm_region": check.alarm.region}
    if check.name is not None:
        said["tags"] = {"Name": literal(check.name)}
    return said


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(item) for item in value]
    return literal(value) if isinstance(value, str) else value


def _id_of(check_id: str, names: dict[str, str]) -> str:
    return f"${{aws_route53_health_check.{names[check_id]}.id}}" if check_id in names else literal(check_id)


def _record(record: RecordSet, planned: Plan, check_names: dict[str, str],
            record_names: dict[tuple, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"zone_id": f"${{{ZONE}.zone_id}}", "name": literal(plain_name(record.name).rstrip(".")),
                            "type": record.type}
    if record.alias:
        said["alias"] = {"name": literal(plain_name(record.alias.dns_name).rstrip(".")),
                         "zone_id": record.alias.hosted_zone_id or f"${{{ZONE}.zone_id}}",
                         "evaluate_target_health": record.alias.evaluate_target_health}
        targets = [f"aws_route53_record.{record_names[target.identity]}" for target in planned.zone.target_of(record)
                   if target.identity in record_names]
        said |= {"depends_on": targets} if targets else {}
    else:
        said |= {"ttl": record.ttl, "records": [literal(_argument(record.type, value)) for value in record.values]}
    if record.set_identifier is not None:
        said["set_identifier"] = literal(record.set_identifier)
    if record.health_check_id is not None:
        said["health_check_id"] = _id_of(record.health_check_id, check_names)
    return said | _policy(record)


def _argument(type_: str, value: str) -> str:
    """A value as the `records` argument takes it: of TXT and SPF without the outermost quotes, which Terraform adds."""
    return value[1:-1] if type_ in ("TXT", "SPF") else value


def _policy(record: RecordSet) -> dict[str, Any]:
    if record.failover:
        return {"failover_routing_policy": {"type": record.failover.value}}
    if record.weight is not None:
        return {"weighted_routing_policy": {"weight": record.weight}}
    if record.region:
        return {"latency_routing_policy": {"region": record.region}}
    if area := record.geolocation:
        said = {"continent": area.continent, "country": area.country, "subdivision": area.subdivision}
        return {"geolocation_routing_policy": {key: code for key, code in said.items() if code}}
    return {"multivalue_answer_routing_policy": True} if record.multivalue_answer else {}
