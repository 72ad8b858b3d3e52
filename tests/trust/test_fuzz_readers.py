"""Zone files, templates and health checks made odd in every place: a sound result or a ConfigurationError, soon."""

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck as Slow
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_values import as_bytes, oddities, scribbled, twice_odd

from failover_kit import Lab, examples
from failover_kit.aws.files import load_zone, zone_from_documents
from failover_kit.aws.importing import zone_from_template
from failover_kit.aws.json_text import parse_json
from failover_kit.aws.protocol import Request
from failover_kit.aws.shapes import read_health_check
from failover_kit.aws.template_text import parse_template
from failover_kit.errors import ConfigurationError, FailoverKitError
from failover_kit.healthcheck import HealthCheck, HealthCheckType

LIMIT = 2.0                      # seconds of CPU for any one input
EXAMPLE = json.loads(examples.path("examples-zone.json").read_text())
ZONE = {**EXAMPLE, "ResourceRecordSets": EXAMPLE["ResourceRecordSets"][:10],
        "HealthChecks": EXAMPLE["HealthChecks"][:3]}
CHECKS = json.loads(examples.path("shop-health-checks.json").read_text())["HealthChecks"]
HOSTED_ZONE = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com"}}


def record(**properties):
    return {"Type": "AWS::Route53::RecordSet", "Properties": {
        "HostedZoneId": {"Ref": "Zone"}, "Name": "a.example.com", "Type": "A", "TTL": "60",
        "ResourceRecords": ["192.0.2.1"], **properties}}


def check(**config):
    return {"Type": "AWS::Route53::HealthCheck", "Properties": {
        "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "192.0.2.1", "RequestInterval": "10", **config},
        "HealthCheckTags": [{"Key": "Name", "Value": "east"}]}}


TEMPLATE = {
    "Parameters": {"Domain": {"Type": "String", "Default": "example.com"}, "Names": {"Type": "CommaDelimitedList",
                                                                                   "Default": "a,b"}},
    "Mappings": {"Sites": {"east": {"Ip": "192.0.2.1"}}},
    "Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}, "Both": {"Fn::And": [{"Condition": "Yes"}, {"Fn::Not": [
        {"Fn::Equals": [{"Ref": "Domain"}, "b"]}]}]}},
    "Resources": {
        "Zone": {**HOSTED_ZONE, "Metadata": {"FailoverKit": {"Id": "Z0HOME"}}}, "East": check(),
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "AlarmName": "lag", "MetricName": "Lag", "Namespace": "Shop", "Period": 60, "EvaluationPeriods": 1,
            "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "Statistic": "Average"}},
        "Metric": {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": {
            "Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": {"Ref": "Alarm"}, "Region": "us-east-1"},
            "InsufficientDataHealthStatus": "Healthy"}}},
        "App": {**record(Name={"Fn::Sub": "app.${Domain}"}, HealthCheckId={"Ref": "East"}, Failover="PRIMARY",
                         SetIdentifier={"Fn::Select": ["0", {"Ref": "Names"}]}), "Condition": "Both"},
        "Group": {"Type": "AWS::Route53::RecordSetGroup", "Properties": {
            "HostedZoneName": {"Fn::Join": [".", [{"Ref": "Domain"}, ""]]}, "RecordSets": [
                {"Name": "w.example.com", "Type": "A", "TTL": 5,
                 "ResourceRecords": [{"Fn::FindInMap": ["Sites", "east", "Ip"]}]}]}},
    },
}


def survives(make, *document):
    """A sound value or the kit's own error, printable, within the limit. True if it was sound."""
    began = time.process_time()
    try:
        make(*document)
        told = None
    except FailoverKitError as error:
        told = str(error)
    assert time.process_time() - began < LIMIT
    assert told != ""
    return told is None


# ---- the same documents, odd in every place ---------------------------------------------------------------------

@pytest.mark.parametrize(("document", "make", "every"), [
    (ZONE, zone_from_documents, 9),
    (TEMPLATE, lambda document: isinstance(document, dict) and zone_from_template(document), 3),
    (CHECKS[0], lambda document: read_health_check(document, "check"), 1),
], ids=["zone", "template", "health check"])
def test_every_place_takes_every_odd_value(document, make, every):
    """Of a large document every n-th pair of place and value, and pairs drawn by a fixed seed."""
    assert survives(make, document)
    for number, (done, odd) in enumerate(oddities(document)):
        if number % every == 0:
            print(done)                            # shown when it fails
            survives(make, odd)
    for _, odd in twice_odd(document, random.Random(1), 150):
        survives(make, odd)


@pytest.mark.parametrize("text", [
    as_bytes(TEMPLATE), json.dumps(TEMPLATE, indent=1).replace('"', "'").encode(), as_bytes(ZONE),
], ids=["template", "YAML", "zone"])
def test_scribbled_files(text):
    for data in scribbled(text, random.Random(2), 60):
        survives(lambda data=data: zone_from_template(value) if isinstance(
            value := parse_template(data, "file")[0], dict) else None)


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                      lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
                          st.sampled_from(["Name", "Type", "TTL", "ResourceRecords", "Value", "Ref", "Fn::Sub", "Fn::If",
                                           "Fn::Join", "HealthCheckConfig", "Id", "x"]), inner, max_size=4), max_leaves=12)


@settings(max_examples=120, deadline=None, suppress_health_check=[Slow.too_slow])
@given(value=VALUES)
def test_any_json_value_for_a_record_set_a_check_and_a_resource(value):
    survives(zone_from_documents, {"HostedZone": {"Name": "example.com."}, "ResourceRecordSets": [value],
                                   "HealthChecks": [value]})
    survives(zone_from_template, {"Resources": {"Zone": HOSTED_ZONE, "R": value, "S": record(Name=value)}})


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_json_yaml_or_refused(data):
    survives(parse_template, data, "file")
    survives(parse_json, data, "file")


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_what_is_no_file(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_zone(tmp_path / name)


@settings(max_examples=150, deadline=None)
@given(type=st.sampled_from(HealthCheckType), fields=st.fixed_dictionaries({}, optional={
    "port": st.integers(-2, 70_000), "request_interval": st.integers(-1, 60), "failure_threshold": st.integers(-1, 20),
    "resource_path": st.text(max_size=300), "search_string": st.text(max_size=300) | st.none(),
    "ip_address": st.text(max_size=40) | st.sampled_from(["127.0.0.1", "::1", "10.0.0.1", "169.254.1.1"]),
    "fully_qualified_domain_name": st.text(max_size=300), "health_threshold": st.integers(-5, 300),
    "child_health_checks": st.lists(st.text(max_size=70), max_size=300).map(tuple), "inverted": st.booleans()}))
def test_any_settings_of_a_health_check(type, fields):
    """What the constructor takes can be written down and read again."""
    def made():
        from failover_kit.aws.shapes import health_check_to_dict
        sound = HealthCheck(id="c", type=type, **fields)
        assert read_health_check(health_check_to_dict(sound), "c").noun == sound
    survives(made)


def test_odd_health_checks_through_the_api_leave_the_lab_alive():
    lab = Lab.virtual()
    text = ('<CreateHealthCheckRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><CallerReference>%s'
            "</CallerReference><HealthCheckConfig>%s</HealthCheckConfig></CreateHealthCheckRequest>")
    pairs = {"Type": "HTTP", "IPAddress": "192.0.2.1", "Port": "80", "RequestInterval": "30", "FailureThreshold": "3"}
    for number, (name, odd) in enumerate((name, odd) for name in pairs
                                         for odd in ("", "-1", "9" * 20, "1e9", "x" * 5000, "&#x0;", "<a/>", "é")):
        members = "".join(f"<{key}>{odd if key == name else value}</{key}>" for key, value in pairs.items())
        answer = lab.api.handle(Request("POST", "/2013-04-01/healthcheck", body=(text % (number, members)).encode()))
        assert answer.status in (201, 400), (name, odd)
    lab.run(60)


# ---- what was found ---------------------------------------------------------------------------------------------

def refused(resources, words, **sections):
    began = time.process_time()
    with pytest.raises(ConfigurationError, match=words):
        zone_from_template({"Resources": {"Zone": HOSTED_ZONE, **resources}, **sections})
    assert time.process_time() - began < LIMIT


def test_conditions_that_double_at_each_level_are_judged_once():
    """2^40 evaluations, if each use of a condition were judged anew."""
    doubling = {f"C{n}": {"Fn::And": [{"Condition": f"C{n - 1}"}] * 2} for n in range(1, 41)}
    loaded = zone_from_template({"Conditions": {"C0": {"Fn::Equals": ["a", "a"]}, **doubling}, "Resources": {
        "Zone": HOSTED_ZONE, "R": {**record(), "Condition": "C40"}}})
    assert loaded.zone.group("a.example.com.", "A")


def test_a_condition_that_depends_on_itself():
    refused({"R": {**record(), "Condition": "A"}}, "circle", Conditions={"A": {"Fn::Not": [{"Condition": "A"}]}})


@pytest.mark.parametrize("text", ["${" + " " * 20_000, "${" * 20_000, "${a" * 10_000], ids=["spaces", "opened", "names"])
def test_a_substitution_that_never_closes_is_read_in_one_go(text):
    refused({"R": record(Name={"Fn::Sub": text})}, "name")


@pytest.mark.parametrize(("name", "parameters"), [
    ({"Fn::Join": ["x" * 10 ** 6, ["a"] * 10_000]}, {}),
    ({"Fn::Sub": "${P}" * 10_000}, {"P": {"Type": "String", "Default": "x" * 10 ** 6}}),
], ids=["Join", "Sub"])
def test_a_template_makes_no_gigabytes(name, parameters):
    refused({"R": record(Name=name)}, "do not fit", Parameters=parameters)


def test_deep_nesting_in_a_template():
    deep = []
    for _ in range(900):
        deep = [deep]
    refused({"R": record(Name=deep)}, "too deeply")


@pytest.mark.parametrize("odd", [{"Fn::Not": []}, {"Fn::Select": [float("inf"), ["a"]]}],
                         ids=["empty Not", "infinite index"])
def test_functions_whose_arguments_end_early_or_nowhere(odd):
    refused({"R": record(Name=odd)}, "do not fit")


@pytest.mark.parametrize("odd", [[], {}, 1, None], ids=str)
def test_a_condition_that_is_no_name(odd):
    refused({"R": {**record(), "Condition": odd}}, "ondition")


@pytest.mark.parametrize("tags", [1, True, "x", {"Key": "Name"}], ids=str)
def test_tags_that_are_no_list(tags):
    survives(zone_from_template, {"Resources": {"Zone": HOSTED_ZONE, "C": {**check(), "Properties": {
        **check()["Properties"], "HealthCheckTags": tags}}}})


@pytest.mark.parametrize("alarm", [1, "x", [], {"Name": []}, {"Name": {}}], ids=str)
def test_alarms_that_are_no_alarm(alarm):
    refused({"C": check(Type="CLOUDWATCH_METRIC", AlarmIdentifier=alarm)}, "Alarm|alarm")


def test_a_version_of_yaml_with_thousands_of_digits():
    with pytest.raises(ConfigurationError, match="neither JSON nor YAML"):
        parse_template(b"%YAML " + b"9" * 5_000 + b".1\n---\na: b", "file")


def test_thousands_of_health_checks_that_are_missing_are_reported_soon():
    """Looking for what each may mean took time that grew with the square."""
    records = [{"Name": f"r{n}.example.com.", "Type": "A", "TTL": 60, "HealthCheckId": f"check-{n}-x",
                "ResourceRecords": [{"Value": "192.0.2.1"}]} for n in range(800)]
    checks = [{"Id": f"check-{n}-y", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "192.0.2.1"}} for n in range(800)]
    began = time.process_time()
    with pytest.raises(ConfigurationError) as caught:
        zone_from_documents({"HostedZone": {"Name": "example.com."}, "ResourceRecordSets": records, "HealthChecks": checks})
    assert time.process_time() - began < LIMIT
    assert len(caught.value.problems) == 800


def test_thousands_of_references_that_lead_nowhere_are_reported_soon():
    others = {f"Res{n}": {"Type": "x"} for n in range(1_000)}
    refused({**others, "R": record(ResourceRecords=[{"Ref": f"Rse{n}"} for n in range(500)])}, "500 problems")


def test_hundreds_of_zones_and_of_record_sets_are_matched_soon():
    zones = {f"Z{n}": {**HOSTED_ZONE, "Properties": {"Name": f"z{n}.example"}} for n in range(500)}
    records = {f"R{n}": record(HostedZoneId=None, HostedZoneName=f"z{n}.example.", Name=f"a.z{n}.example")
               for n in range(500)}
    refused({**zones, **records}, "501 zones")


def test_the_shipped_examples_are_read_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_zone(Path("examples-zone.json")).zone.record_sets
