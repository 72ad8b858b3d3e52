"""CloudFormation templates as zones: in both spellings, with everything that people write in them (A41, B1-B43, D21)."""

import json
from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit.aws.files import load_zone, write_zone
from failover_kit.aws.importing import load, zone_from_template
from failover_kit.aws.template_text import parse_template
from failover_kit.errors import ConfigurationError
from failover_kit.healthcheck import HealthCheckType
from failover_kit.records import AliasTarget, Failover, GeoLocation

SHOP = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Domain: {Type: String, Default: example.com}
  Ttl: {Type: Number, Default: 60}
  Standby: {Type: String, Default: 'yes', AllowedValues: ['yes', 'no']}
Mappings:
  Sites:
    us-east-1: {Ip: 192.0.2.1}
Conditions:
  HasStandby: !Equals [!Ref Standby, 'yes']
  Never: !Equals [a, b]
Resources:
  Zone:
    Type: AWS::Route53::HostedZone
    Properties: {Name: !Ref Domain}
  EastCheck:
    Type: AWS::Route53::HealthCheck
    Properties:
      HealthCheckConfig:
        Type: HTTPS_STR_MATCH
        IPAddress: !FindInMap [Sites, us-east-1, Ip]
        FullyQualifiedDomainName: !Sub app.${Domain}
        ResourcePath: /health
        SearchString: ok
        RequestInterval: '10'
        FailureThreshold: 2
        Inverted: 'false'
      HealthCheckTags:
        - {Key: Team, Value: shop}
        - {Key: Name, Value: east}
  WestCheck:
    Type: AWS::Route53::HealthCheck
    Properties:
      HealthCheckConfig: {Type: TCP, IPAddress: 198.51.100.1, Port: 443}
  AllChecks:
    Type: AWS::Route53::HealthCheck
    Properties:
      HealthCheckConfig:
        Type: CALCULATED
        HealthThreshold: 1
        ChildHealthChecks: [!Ref EastCheck, !GetAtt WestCheck.HealthCheckId]
  App:
    Type: AWS::Route53::RecordSetGroup
    Properties:
      HostedZoneName: !Sub '${Domain}.'
      Comment: the shop
      RecordSets:
        - Name: !Join ['.', [app, !Ref Domain]]
          Type: A
          TTL: !Ref Ttl
          ResourceRecords: [!FindInMap [Sites, us-east-1, Ip]]
          SetIdentifier: primary
          Failover: PRIMARY
          HealthCheckId: !Ref EastCheck
        - !If
          - HasStandby
          - Name: !Sub app.${Domain}
            Type: A
            TTL: '60'
            ResourceRecords: [198.51.100.1]
            SetIdentifier: secondary
            Failover: SECONDARY
          - !Ref AWS::NoValue
  Www:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !Ref Zone
      Name: !Sub '*.${Domain}'
      Type: A
      AliasTarget: {DNSName: !Sub 'app.${Domain}', HostedZoneId: !GetAtt Zone.Id, EvaluateTargetHealth: 'true'}
  Cdn:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !Ref Zone
      Name: !Sub cdn.${Domain}
      Type: A
      AliasTarget: {DNSName: !GetAtt Balancer.DNSName, HostedZoneId: !GetAtt Balancer.CanonicalHostedZoneID}
  Fjord:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !Ref Zone
      Name: !Sub near.${Domain}
      Type: A
      TTL: 60
      SetIdentifier: north
      GeoLocation: {CountryCode: NO}
      ResourceRecords: [192.0.2.9]
  Skipped:
    Type: AWS::Route53::RecordSet
    Condition: Never
    Properties: {HostedZoneId: !Ref Zone, Name: skipped.example.com, Type: A, TTL: 1, ResourceRecords: [192.0.2.1]}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
"""


def read(text, **options):
    return zone_from_template(parse_template(text.encode(), "stack")[0], **options)


def template(**resources):
    return json.dumps({"Resources": resources})


def resource(kind, **properties):
    return {"Type": f"AWS::Route53::{kind}", "Properties": properties}


def problems_of(text, **options):
    with pytest.raises(ConfigurationError) as caught:
        read(text, **options)
    assert all(problem.fix for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


ZONE = resource("HostedZone", Name="example.com")
RECORD = {"Name": "app.example.com", "Type": "A", "TTL": "60", "ResourceRecords": ["192.0.2.1"]}


# --- what a template says ---------------------------------------------------------------------------------------

def test_the_whole_of_a_template():
    loaded = read(SHOP)
    assert (loaded.zone.name, loaded.zone.id) == ("example.com.", "Z0ZONE")
    primary, secondary = loaded.zone.group("app.example.com.", "A")
    assert (primary.values, primary.ttl, primary.failover, primary.health_check_id) == (
        ("192.0.2.1",), 60, Failover.PRIMARY, "EastCheck")
    assert (secondary.values, secondary.ttl, secondary.health_check_id) == (("198.51.100.1",), 60, None)
    [wildcard] = loaded.zone.group("*.example.com.", "A")
    assert wildcard.alias == AliasTarget("app.example.com", True)
    [cdn] = loaded.zone.group("cdn.example.com.", "A")
    assert cdn.alias == AliasTarget("balancer.dnsname.invalid", False, "Z0STANDINBALANCER")
    [north] = loaded.zone.group("near.example.com.", "A")
    assert north.geolocation == GeoLocation(country="NO")
    assert not loaded.zone.group("skipped.example.com.", "A")
    east, west, both = loaded.health_checks
    assert (east.id, east.name, east.type, east.request_interval, east.inverted, east.ip_address) == (
        "EastCheck", "east", HealthCheckType.HTTPS_STR_MATCH, 10, False, "192.0.2.1")
    assert (west.port, west.name) == (443, None)
    assert both.child_health_checks == ("EastCheck", "WestCheck")
    assert loaded.warnings == (
        "Balancer.DNSName is known to AWS only; balancer.dnsname.invalid stands for it.",
        "Balancer.CanonicalHostedZoneID is known to AWS only; Z0STANDINBALANCER stands for it.")


def test_parameters_change_it():
    loaded = read(SHOP, parameters={"Domain": "example.org", "Ttl": "30", "Standby": "no"})
    [primary] = loaded.zone.group("app.example.org.", "A")
    assert primary.ttl == 30


@pytest.mark.parametrize("home", [{"HostedZoneId": {"Ref": "Zone"}}, {"HostedZoneName": "EXAMPLE.com."},
                                  {"HostedZoneId": {"Fn::GetAtt": ["Zone", "Id"]}}])
def test_a_record_names_its_zone_in_any_way(home):
    loaded = read(template(Zone=ZONE, App=resource("RecordSet", **RECORD, **home)))
    assert loaded.zone.group("app.example.com.", "A")
    assert loaded.warnings == ()


@pytest.mark.parametrize(("home", "zone_name", "id_"), [
    ({"HostedZoneName": "example.com."}, "example.com.", "Z0FAILOVERKIT00000001"),
    ({"HostedZoneId": "Z123"}, "example.com.", "Z123"),                # the name is told by the record sets
], ids=["by name", "by id"])
def test_the_zone_may_be_elsewhere(home, zone_name, id_):
    loaded = read(template(App=resource("RecordSet", **RECORD, **home),
                           Www=resource("RecordSet", **{**RECORD, "Name": "www.example.com"}, **home)))
    assert (loaded.zone.name, loaded.zone.id) == (zone_name, id_)


def test_a_check_that_is_elsewhere_counts_as_healthy_with_a_warning():
    loaded = read(template(Zone=ZONE, App=resource("RecordSet", **RECORD, HostedZoneName="example.com",
                                                   HealthCheckId="3f2a")))
    assert loaded.zone.group("app.example.com.", "A")[0].health_check_id == "3f2a"
    assert "3f2a" in loaded.warnings[0]


def alarm(**more):
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {
        "AlarmName": "errors", "Namespace": "Shop", "MetricName": "Errors", "Statistic": "Sum", "Period": "60",
        "EvaluationPeriods": "2", "Threshold": "5.5", "ComparisonOperator": "GreaterThanThreshold",
        "Dimensions": [{"Name": "Site", "Value": "east"}], "AlarmActions": ["arn:aws:sns:x"], **more}}


CHECK = resource("HealthCheck", HealthCheckConfig={
    "Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "us-east-1", "Name": {"Ref": "Alarm"}}})


def test_a_check_takes_the_settings_of_its_alarm():
    """A42."""
    [check] = read(template(Zone=ZONE, Alarm=alarm(), Check=CHECK)).health_checks
    assert (check.alarm.name, check.alarm.threshold, check.alarm.evaluation_periods, check.alarm.dimensions) == (
        "errors", 5.5, 2, (("Site", "east"),))


def test_an_alarm_that_is_elsewhere_gets_usual_settings_and_a_warning():
    check = resource("HealthCheck", HealthCheckConfig={
        "Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "eu-west-1", "Name": "slow"}})
    loaded = read(template(Zone=ZONE, Check=check))
    assert (loaded.health_checks[0].alarm.name, loaded.health_checks[0].alarm.region) == ("slow", "eu-west-1")
    assert "no alarm slow in the template" in loaded.warnings[0]


@pytest.mark.parametrize(("settings", "words"), [
    ({"ExtendedStatistic": "p99"}, "percentiles"),
    ({"Metrics": []}, "metric math"),
    ({"DatapointsToAlarm": 1}, "M out of N"),
    ({"Period": 10}, "high-resolution"),
])
def test_alarms_that_route_53_does_not_take(settings, words):
    """A41."""
    problems = problems_of(template(Zone=ZONE, Alarm=alarm(**settings), Check=CHECK))
    assert any(words in problem for problem in problems)


# --- several zones ----------------------------------------------------------------------------------------------

TWO = template(One=ZONE, Two=resource("HostedZone", Name="example.org"),
               App=resource("RecordSet", **RECORD, HostedZoneId={"Ref": "One"}),
               Other=resource("RecordSet", **{**RECORD, "Name": "x.example.org"}, HostedZoneId={"Ref": "Two"}))


@pytest.mark.parametrize(("wanted", "name"), [("example.com", "app.example.com."), ("Example.ORG.", "x.example.org.")])
def test_one_of_several_zones(wanted, name):
    assert read(TWO, zone_name=wanted).zone.group(name, "A")


@pytest.mark.parametrize(("text", "zone_name", "words"), [
    (TWO, None, "stack: holds 2 zones: example.com, example.org. Choose one with --zone-name."),
    (TWO, "example.cmo", "--zone-name example.cmo: the template has example.com, example.org. Did you mean example.com?"),
    (template(Zone=ZONE), "example.net", "--zone-name example.net: the template has example.com"),
    (template(Bucket={"Type": "AWS::S3::Bucket"}), None, "holds no hosted zone and no record sets"),
], ids=["which", "misspelt", "another", "none"])
def test_which_zone(text, zone_name, words):
    assert words in problems_of(text, zone_name=zone_name, where="stack")[0]


# --- every problem in one go ------------------------------------------------------------------------------------

def test_every_problem_in_one_go():
    text = template(
        Zone=ZONE,
        Nameless=resource("RecordSet", **{**RECORD, "Name": {"Ref": "Domian"}}, HostedZoneName="example.com"),
        Check=resource("HealthCheck", HealthCheckConfig={"Type": "HTTPP", "IPAddress": "192.0.2.1"}),
        Homeless=resource("RecordSet", **RECORD),
        Odd=resource("RecordSetGroup", HostedZoneName="example.com", RecordSets={"Name": "x"}),
        Group=resource("RecordSetGroup", HostedZoneName="example.com", RecordSets=[
            RECORD, "nonsense", {**RECORD, "Name": "b.example.com", "TTL": "soon"},
            {**RECORD, "Name": "c.example.com", "Recrods": []}]))
    problems = "\n".join(problems_of(text, parameters={"Nope": "1"}))
    for words in ("Nameless.Name: there is no resource or parameter 'Domian'",
                  'Type is "HTTPP"', "Homeless: names no hosted zone",
                  "Odd: RecordSets is an object, must be a list", "Group, record set 2: is \"nonsense\"",
                  'b.example.com. A: TTL is "soon"', 'c.example.com. A: unknown key "Recrods"',
                  "--parameter Nope: the template has no such parameter"):
        assert words in problems


@pytest.mark.parametrize(("document", "words"), [
    ({"Resources": []}, "holds no hosted zone"),
    ({"Resources": [1]}, "Resources is a list, must be an object"),
    ({"Resources": {"Zone": "x"}}, "holds no hosted zone"),
    ({"Resources": {"Zone": {"Type": "AWS::Route53::HostedZone", "Properties": "x"}}}, 'Properties are "x"'),
    ({"Resources": {"A": resource("HealthCheck"), "Zone": ZONE}}, "HealthCheckConfig is null, must be an object"),
    ({"Resources": {"Zone": ZONE}, "Parameters": 3}, "Parameters is 3"),
], ids=str)
def test_templates_out_of_shape(document, words):
    assert any(words in problem for problem in problems_of(json.dumps(document)))


JSON = st.recursive(st.none() | st.booleans() | st.integers(-5, 99) | st.text("aZ.*{}$!", max_size=6) | st.sampled_from(
    ["Zone", "AWS::NoValue", "HasStandby", "app.example.com"]), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["Ref", "Fn::Sub", "Fn::GetAtt", "Fn::Join", "Fn::If", "Fn::Select", "Fn::FindInMap", "Condition",
                     "Name", "Id", "Type"]), inner, max_size=2), max_leaves=4)


def places_in(value, way=()):
    """The way to every value in a document."""
    yield way
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places_in(inner, (*way, key))


WHOLE = parse_template(SHOP.encode(), "shop")[0]
EVERYWHERE = [way for way in places_in(WHOLE) if way]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EVERYWHERE), JSON), min_size=1, max_size=3))
def test_whatever_stands_in_a_template_it_is_read_or_told(changes):
    document = deepcopy(WHOLE)
    for way, value in changes:
        inner = document
        try:
            for key in way[:-1]:
                inner = inner[key]
            inner[way[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue                                           # an earlier change took that place away
    with suppress(ConfigurationError):                         # any other error is a bug
        zone_from_template(document)


def test_conditions_in_a_circle():
    document = {"Conditions": {"A": {"Condition": "B"}, "B": {"Condition": "A"}},
                "Resources": {"Zone": {**ZONE, "Condition": "A"}}}
    with pytest.raises(ConfigurationError, match="depends on itself"):
        zone_from_template(document)


# --- files ------------------------------------------------------------------------------------------------------

def test_a_template_becomes_a_file_that_every_verb_takes(tmp_path):
    (tmp_path / "stack.yaml").write_text(SHOP)
    loaded = load(tmp_path / "stack.yaml")
    write_zone(tmp_path / "zone.json", loaded.zone, loaded.health_checks)
    again = load_zone(tmp_path / "zone.json")
    assert (again.zone, again.health_checks) == (loaded.zone, loaded.health_checks)


def test_what_the_aws_cli_lists_is_read_as_it_is():
    loaded = load("shop-records.json", health_checks="shop-health-checks.json")
    other = load_zone("shop-records.json", health_checks="shop-health-checks.json")
    assert (loaded.zone, loaded.health_checks) == (other.zone, other.health_checks)


@pytest.mark.parametrize(("name", "text", "options", "words"), [
    ("a.yaml", "just: yaml", {}, "is no template: it has no Resources"),
    ("a.json", '{"AWSTemplateFormatVersion": "2010-09-09"}', {}, "is no template"),
    ("a.yaml", SHOP, {"health_checks": "shop-health-checks.json"}, "Leave --health-checks out"),
    ("a.yaml", SHOP + "\nResources: {}", {}, "key 'Resources' is given twice"),
    ("a.yaml", SHOP.replace("Default: 60}", "}"), {}, "parameter Ttl has no value"),
], ids=["yaml", "json", "checks beside", "key twice", "no default"])
def test_files_that_do_not_fit(tmp_path, name, text, options, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigurationError, match=words):
        load(tmp_path / name, **options)
