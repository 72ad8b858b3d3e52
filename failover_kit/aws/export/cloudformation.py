"""A zone as a CloudFormation template, every reference between its resources a Ref.

    HostedZone + HealthChecks  ->  AWS::Route53::HostedZone, HealthCheck, RecordSet, RecordSetGroup; CloudWatch alarms

A group of record sets is one RecordSetGroup, so that its members come and go together. importing.py reads it back:
the kit's ids are kept in the Metadata of the resources.
Source: CloudFormation User Guide, "Amazon Route 53 resource type reference" and "AWS::CloudWatch::Alarm".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...healthcheck import HealthCheck
from ...metrics import MetricAlarm
from ...records import RecordSet
from ...zone import HostedZone
from ..shapes import health_check_config, record_set_to_dict
from ..tables import ALARM_FIELDS
from .plan import Export, Names, Plan, batches, plain_name, plan, relative

MAX_RESOURCES = 500             # of one template; CloudFormation User Guide, "Quotas"
METADATA = "FailoverKit"        # under this key importing.py finds the kit's ids
ZONE = "HostedZone"             # logical id
LEFT_OUT = "Disabled"           # the one member of HealthCheckConfig that the resource type lacks


def to_cloudformation(zone: HostedZone, health_checks: Iterable[HealthCheck]) -> Export:
    """The template, with a warning for whatever CloudFormation cannot say."""
    planned = plan(zone, health_checks)
    names = Names(lambda words: "".join(word[:1].upper() + word[1:] for word in words))
    names.of(ZONE)
    checks = {check.id: names.of("HealthCheck", check.name or check.id) for check in planned.checks}
    resources: dict[str, Any] = {ZONE: {
        "Type": "AWS::Route53::HostedZone", "Metadata": {METADATA: {"Id": zone.id}},
        "Properties": {"Name": plain_name(zone.name)}}}
    alarms = {check.alarm: names.of("Alarm", check.alarm.name) for check in planned.checks if check.alarm}
    for check in planned.checks:
        resources[checks[check.id]] = _health_check(check, checks, alarms)
    resources |= {name: _alarm(alarm) for alarm, name in alarms.items()}
    conditions = {_condition(alarm): {"Fn::Equals": [{"Ref": "AWS::Region"}, alarm.region]} for alarm in alarms}
    room = MAX_RESOURCES - len(resources)
    resources |= (_groups if len(planned.keys) <= room else _packed)(planned, names, checks)
    document = {"AWSTemplateFormatVersion": "2010-09-09", "Description": f"DNS zone {zone.name} with its health checks"}
    if conditions:
        document["Conditions"] = conditions
    name_servers = {"Fn::Join": [", ", {"Fn::GetAtt": [ZONE, "NameServers"]}]}
    document |= {"Resources": resources,
                 "Outputs": {"NameServers": {"Description": "What the registrar has to know", "Value": name_servers}}}
    return Export(document, (*planned.warnings, *_warnings(planned, len(resources))))


def _warnings(planned: Plan, count: int):
    disabled = [check.label for check in planned.checks if check.disabled]
    if disabled:
        yield f"CloudFormation cannot disable a health check. These would be created enabled: {', '.join(disabled)}."
    for check in planned.checks:
        if check.alarm:
            yield (f"{check.label}: alarm {check.alarm.name} is created where the stack is in {check.alarm.region}; "
                   "from another Region the stack expects it to exist.")
    if count > MAX_RESOURCES:
        yield (f"The template has {count} resources; a stack takes {MAX_RESOURCES}. Move some of the zone's health "
               "checks into a stack of their own.")


# ---- health checks and alarms ----------------------------------------------------------------------------------

def _health_check(check: HealthCheck, names: dict[str, str], alarms: dict[MetricAlarm, str]) -> dict[str, Any]:
    config = {member: value for member, value in health_check_config(check).items() if member != LEFT_OUT}
    if check.child_health_checks:
        config["ChildHealthChecks"] = [_id_of(child, names) for child in check.child_health_checks]
    resource = {"Type": "AWS::Route53::HealthCheck", "Metadata": {METADATA: {"Id": check.id}},
                "Properties": {"HealthCheckConfig": config}}
    if check.alarm:
        name = {"Fn::If": [_condition(check.alarm), {"Ref": alarms[check.alarm]}, check.alarm.name]}
        config["AlarmIdentifier"] = {"Region": check.alarm.region, "Name": name}
    if check.name is not None:
        resource["Properties"]["HealthCheckTags"] = [{"Key": "Name", "Value": check.name}]
    return resource


def _id_of(check_id: str, names: dict[str, str]) -> Any:
    return {"Ref": names[check_id]} if check_id in names else check_id


def _condition(alarm: MetricAlarm) -> str:
    return "IsIn" + "".join(word.capitalize() for word in alarm.region.split("-"))


def _alarm(alarm: MetricAlarm) -> dict[str, Any]:
    settings = {member: getattr(alarm, field) for member, field in ALARM_FIELDS.items()}
    dimensions = [{"Name": name, "Value": value} for name, value in alarm.dimensions]
    return {"Type": "AWS::CloudWatch::Alarm", "Condition": _condition(alarm),
            "Properties": {"AlarmName": alarm.name, **settings, **({"Dimensions": dimensions} if dimensions else {})}}


# ---- record sets -----------------------------------------------------------------------------------------------

def _groups(planned: Plan, names: Names, checks: dict[str, str]) -> dict[str, Any]:
    """One resource a group."""
    logical = {key: names.of(relative(key[0], planned.zone) or "Apex", key[1]) for key in planned.keys}
    return {logical[key]: _resource(planned.zone.group(*key), planned, checks,
                                    [logical[target] for target in planned.targets(key)])
            for key in planned.keys}


def _packed(planned: Plan, names: Names, checks: dict[str, str]) -> dict[str, Any]:
    """As few resources as can be: RecordSetGroups of many groups, those with alias targets first."""
    resources: dict[str, Any] = {}
    before: list[str] = []
    for level in planned.levels:
        made = {names.of("RecordSets"): _resource(batch, planned, checks, before)
                for batch in batches(record for key in level for record in planned.zone.group(*key))}
        resources |= made
        before = [*made]
    return resources


def _resource(records: Iterable[RecordSet], planned: Plan, checks: dict[str, str],
              depends_on: list[str]) -> dict[str, Any]:
    sets = [_record_set(record, planned.zone, checks) for record in records]
    zone = {"HostedZoneId": {"Ref": ZONE}}
    resource = ({"Type": "AWS::Route53::RecordSet", "Properties": {**zone, **sets[0]}} if len(sets) == 1 else
                {"Type": "AWS::Route53::RecordSetGroup", "Properties": {**zone, "RecordSets": sets}})
    return {**resource, "DependsOn": depends_on} if depends_on else resource


def _record_set(record: RecordSet, zone: HostedZone, checks: dict[str, str]) -> dict[str, Any]:
    said = record_set_to_dict(record, zone.id) | {"Name": plain_name(record.name)}
    if record.alias:
        said["AliasTarget"] |= {"DNSName": plain_name(record.alias.dns_name)}
        if record.alias.hosted_zone_id is None:
            said["AliasTarget"]["HostedZoneId"] = {"Fn::Sub": f"${{{ZONE}}}"}      # cfn-lint takes no plain Ref here
    else:
        said |= {"TTL": str(record.ttl), "ResourceRecords": list(record.values)}
    if record.health_check_id is not None:
        said["HealthCheckId"] = _id_of(record.health_check_id, checks)
    return said


