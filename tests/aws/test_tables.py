"""The tables against botocore's own model of Route 53: the same members, types, choices and required ones."""

import pytest

from failover_kit.aws import tables
from failover_kit.aws.members import read
from failover_kit.aws.model import service_model
from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm
from failover_kit.records import GeoLocation, RecordSet

MODEL = service_model("route53")
KINDS = {"string": str, "integer": int, "long": int, "double": float, "boolean": bool, "list": list, "structure": dict}
SHAPES = {
    "ResourceRecordSet": tables.RECORD_SET, "AliasTarget": tables.ALIAS_TARGET, "GeoLocation": tables.GEO_LOCATION,
    "HealthCheck": tables.HEALTH_CHECK, "HealthCheckConfig": tables.CONFIG, "AlarmIdentifier": tables.ALARM_IDENTIFIER,
    "CloudWatchAlarmConfiguration": tables.ALARM, "Dimension": tables.DIMENSION, "HostedZone": tables.HOSTED_ZONE,
    "Change": tables.CHANGE, "Tag": tables.TAG,
}
LENIENT = {          # required in what AWS answers, or by its API, but not asked of people who write a file by hand
    "HealthCheck": {"CallerReference", "HealthCheckVersion"}, "HostedZone": {"Id", "CallerReference"},
    "AliasTarget": {"HostedZoneId"},
}
STRICT = {"Tag": {"Key"}}


# Checks from inside a VPC: the lab has none, and calls these members unknown. Newer models have them.
OF_PRIVATE_CHECKS = {"HealthCheckSourceId", "EndpointType"}


@pytest.mark.parametrize("name", SHAPES)
def test_members_and_types_are_the_models(name):
    table, shape = SHAPES[name], MODEL.shape_for(name)
    assert set(table) == set(shape.members) - set(tables.REFUSED) - OF_PRIVATE_CHECKS
    assert {member: KINDS[shape.members[member].type_name] for member in table} == {
        member: spec.kind for member, spec in table.items()}
    assert {member for member, spec in table.items() if spec.required} == (
        set(shape.required_members) - LENIENT.get(name, set()) | STRICT.get(name, set()))


@pytest.mark.parametrize(("name", "member"), [(name, member) for name, table in SHAPES.items()
                                              for member, spec in table.items() if spec.choices])
def test_choices_are_the_models(name, member):
    assert set(SHAPES[name][member].choices) == set(MODEL.shape_for(name).members[member].enum)


def test_refused_members_exist():
    newest = {"AZAffinity"}                          # not in every botocore that the kit works with
    assert set(tables.REFUSED) - newest < set(MODEL.shape_for("ResourceRecordSet").members)


@pytest.mark.parametrize("name", SHAPES)
def test_examples_fit_their_own_table(name):
    reading = read({member: spec.example for member, spec in SHAPES[name].items()
                    if spec.kind is not dict or spec.example}, SHAPES[name], name)
    assert reading.problems == []


@pytest.mark.parametrize(("fields", "table", "noun"), [
    (tables.RECORD_FIELDS, tables.RECORD_SET, RecordSet), (tables.GEO_FIELDS, tables.GEO_LOCATION, GeoLocation),
    (tables.CONFIG_FIELDS, tables.CONFIG, HealthCheck), (tables.ALARM_FIELDS, tables.ALARM, MetricAlarm)],
    ids=lambda v: getattr(v, "__name__", ""))
def test_fields_exist_on_both_sides(fields, table, noun):
    assert set(fields) <= set(table)
    assert set(fields.values()) <= set(noun.__dataclass_fields__)


@pytest.mark.parametrize("operation", ["ListResourceRecordSets", "ListHealthChecks", "ListTagsForResources"])
def test_every_member_of_a_list_is_known(operation):
    known = {**tables.ZONE_FILE, **tables.HEALTH_CHECKS_FILE}
    assert set(MODEL.operation_model(operation).output_shape.members) <= set(known)
