"""boto3's spelling and the nouns: there and back, what botocore accepts, everything wrong at once (B1-B8, D9, D10)."""

from functools import cache
from random import Random
from string import ascii_lowercase, digits

import pytest
from botocore.validate import ParamValidator
from botocore_oracle import sample
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit import examples
from failover_kit.aws.files import load_zone
from failover_kit.aws.json_text import read_json
from failover_kit.aws.model import service_model
from failover_kit.aws.shapes import (
    aws_name,
    health_check_config,
    health_check_from_dict,
    health_check_to_dict,
    hosted_zone_to_dict,
    kit_name,
    record_set_from_dict,
    record_set_to_dict,
)
from failover_kit.errors import ConfigurationError
from failover_kit.healthcheck import HealthCheck, HealthCheckType
from failover_kit.metrics import COMPARISONS, STATISTICS, MetricAlarm
from failover_kit.octets import name_of
from failover_kit.places import CHECKER_REGIONS
from failover_kit.rdata import EXAMPLES
from failover_kit.records import RECORD_TYPES, AliasTarget, Failover, GeoLocation, RecordSet
from failover_kit.zone import HostedZone

HOME = "Z0HOME"
SHOP = load_zone("examples-zone.json")
A = {"Name": "app.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.10"}]}
ALIAS = {"HostedZoneId": "Z35SXDOTRQ7X7K", "DNSName": "lb.us-east-1.elb.amazonaws.com.", "EvaluateTargetHealth": True}
HTTP = {"Type": "HTTP", "IPAddress": "192.0.2.10"}


@cache
def shape(name):
    return service_model("route53").shape_for(name)


def refused_by_botocore(value, shape_name):
    return ParamValidator().validate(value, shape(shape_name)).generate_report()


def problems_of(make, *arguments):
    with pytest.raises(ConfigurationError) as caught:
        make(*arguments)
    assert all(problem.where and problem.what and problem.fix for problem in caught.value.problems)
    return [f"{problem.what}. {problem.fix}" for problem in caught.value.problems]


# --- there and back ---------------------------------------------------------------------------------------------

label = st.one_of(st.text(ascii_lowercase + digits + "-_", min_size=1, max_size=20).map(str.encode),
                  st.binary(min_size=1, max_size=10).filter(lambda data: b"*" not in data and data == data.lower()))
names = st.builds(lambda star, labels: ("*." if star else "") + name_of(labels), st.booleans(),
                  st.lists(label, min_size=1, max_size=4))
words = st.text(ascii_lowercase + digits + "-", min_size=1, max_size=30)
areas = st.sampled_from([GeoLocation(continent="EU"), GeoLocation(country="DE"), GeoLocation(country="*"),
                         GeoLocation(country="US", subdivision="CA")])
policies = st.one_of(
    st.builds(dict, weight=st.integers(0, 255), set_identifier=words),
    st.builds(dict, region=st.sampled_from(["us-east-1", "eu-south-2", "ap-southeast-7"]), set_identifier=words),
    st.builds(dict, failover=st.sampled_from(Failover), set_identifier=words),
    st.builds(dict, geolocation=areas, set_identifier=words),
    st.just({}))
aliases = st.builds(AliasTarget, names, st.just(True), st.sampled_from([None, "Z35SXDOTRQ7X7K"]))


@st.composite
def record_sets(draw):
    type_ = draw(st.sampled_from(RECORD_TYPES))
    routing = {} if type_ in ("NS", "SOA", "DS") else draw(policies)
    common = dict(name=draw(names), type=type_, health_check_id=draw(st.none() | words), **routing)
    if type_ not in ("NS", "SOA") and draw(st.booleans()):
        return RecordSet(alias=draw(aliases.filter(lambda alias: alias.dns_name != common["name"])), **common)
    if type_ == "A" and not routing and draw(st.booleans()):
        common |= {"multivalue_answer": True, "set_identifier": draw(words)}
    values = (draw(st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=5, unique=True)) if type_ == "A"
              else [EXAMPLES[type_]])
    return RecordSet(ttl=draw(st.integers(0, 2**31 - 1)), values=tuple(values), **common)


@st.composite
def health_checks(draw):
    kind = draw(st.sampled_from(HealthCheckType))
    own = {}
    if kind.probes:
        own |= draw(st.fixed_dictionaries({"request_interval": st.sampled_from([10, 30]),
                                           "failure_threshold": st.integers(1, 10), "measure_latency": st.booleans()}))
        own |= draw(st.sampled_from([{"ip_address": "192.0.2.10"}, {"ip_address": "2001:db8::1"},
                                     {"fully_qualified_domain_name": "east.example.com"},
                                     {"ip_address": "192.0.2.10", "fully_qualified_domain_name": "east.example.com"}]))
        own["port"] = draw(st.integers(1, 65535))
        own["regions"] = draw(st.sampled_from([CHECKER_REGIONS, CHECKER_REGIONS[2:5]]))
    if kind.probes and kind is not HealthCheckType.TCP:
        own |= {"resource_path": "/" + draw(words), "enable_sni": draw(st.sampled_from([None, True, False]))}
    if kind.matches_string:
        own["search_string"] = draw(words)
    if kind is HealthCheckType.CALCULATED:
        own |= {"health_threshold": draw(st.integers(0, 256)),
                "child_health_checks": tuple(draw(st.lists(words, max_size=5, unique=True)))}
    if kind is HealthCheckType.CLOUDWATCH_METRIC:
        own |= {"alarm": draw(st.builds(
            MetricAlarm, name=words, region=st.just("eu-west-1"), namespace=words, metric_name=words,
            statistic=st.sampled_from([*STATISTICS]), comparison_operator=st.sampled_from([*COMPARISONS]),
            threshold=st.floats(-1e6, 1e6), period=st.integers(60, 3600), evaluation_periods=st.integers(1, 5),
            dimensions=st.lists(st.tuples(words, words), max_size=3).map(tuple))),
            "insufficient_data_health_status": draw(st.sampled_from(["Healthy", "Unhealthy", "LastKnownStatus"]))}
    if kind is HealthCheckType.RECOVERY_CONTROL:
        own["routing_control_arn"] = "arn:aws:route53-recovery-control::111122223333:controlpanel/a/routingcontrol/b"
    return HealthCheck(id=draw(words), type=kind, inverted=draw(st.booleans()), disabled=draw(st.booleans()), **own)


@settings(max_examples=300, deadline=None)
@given(record_sets())
def test_record_set_there_and_back(record):
    raw = record_set_to_dict(record, HOME)
    assert refused_by_botocore(raw, "ResourceRecordSet") == ""
    assert record_set_from_dict(raw, HOME) == record


@settings(max_examples=300, deadline=None)
@given(health_checks())
def test_health_check_there_and_back(check):
    raw = health_check_to_dict(check)
    assert refused_by_botocore(raw, "HealthCheck") == ""
    assert health_check_from_dict(raw) == check


@pytest.mark.parametrize("file", ["shop-records.json", "shop-health-checks.json"])
def test_what_the_aws_cli_prints_comes_back_key_for_key(file):
    [(_, listed)] = read_json(examples.path(file))[0].items()
    for raw in listed:
        again = (record_set_to_dict(record_set_from_dict(raw), HOME) if "Name" in raw else
                 health_check_to_dict(health_check_from_dict(raw), raw["CallerReference"], raw["HealthCheckVersion"]))
        assert again == raw
        assert list(again) == list(raw)


def test_config_alone_makes_a_check_with_the_documented_defaults():
    """A6, A11, A33, A34: interval 30, threshold 3, neither inverted nor disabled."""
    check = health_check_from_dict({"Id": "east", "HealthCheckConfig": HTTP}, name="the east")
    assert check == HealthCheck(id="east", type=HealthCheckType.HTTP, ip_address="192.0.2.10", name="the east")
    assert health_check_config(check) == {**HTTP, "ResourcePath": "/", "RequestInterval": 30, "FailureThreshold": 3,
                                          "MeasureLatency": False, "Inverted": False, "Disabled": False}


def test_hosted_zone():
    zone = HostedZone("shop.example.com", id="Z1")
    raw = hosted_zone_to_dict(zone, "2026-01-01", comment="the shop")
    assert refused_by_botocore(raw, "HostedZone") == ""
    assert raw == {"Id": "/hostedzone/Z1", "Name": "shop.example.com.", "CallerReference": "2026-01-01",
                   "Config": {"Comment": "the shop", "PrivateZone": False}, "ResourceRecordSetCount": 2}


@pytest.mark.parametrize(("given", "kept", "printed"), [
    ("App.Example.COM", "app.example.com.", "app.example.com."),                         # C5
    (r"\052.example.com", "*.example.com.", r"\052.example.com."),                       # C12
    ("*.example.com", "*.example.com.", r"\052.example.com."),
    (r"a\100b.example.com.", "a@b.example.com.", r"a\100b.example.com."),
    (r"\101pp.example.com.", "app.example.com.", "app.example.com."),
    (r"my\040printer.example.com.", r"my\040printer.example.com.", r"my\040printer.example.com."),
    (r"a\056b.example.com.", r"a\056b.example.com.", r"a\056b.example.com."),
    (r"caf\303\251.example.com.", r"caf\303\251.example.com.", r"caf\303\251.example.com."),
    ("_dmarc.example.com.", "_dmarc.example.com.", "_dmarc.example.com."),
    (" example.com ", "example.com.", "example.com."),
    (".", ".", "."),
])
def test_names(given, kept, printed):
    assert (kit_name(given), aws_name(kit_name(given))) == (kept, printed)


def test_an_alias_to_the_own_zone_names_it_only_in_aws_spelling():
    raw = {"Name": "www.example.com.", "Type": "A", "AliasTarget": {**ALIAS, "HostedZoneId": HOME}}
    assert record_set_from_dict(raw, HOME).alias.hosted_zone_id is None
    assert record_set_from_dict(raw, "Z0OTHER").alias.hosted_zone_id == HOME
    assert record_set_to_dict(record_set_from_dict(raw, HOME), HOME) == raw


# --- what is refused --------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("change", "expected"), [
    ({"TTL": "60"}, ['TTL is "60", must be a whole number. Write it like "TTL": 60.']),
    ({"TTL": True}, ['TTL is true, must be a whole number. Write it like "TTL": 60.']),
    ({"TTL": 300.0}, ['TTL is 300.0, must be a whole number. Write it like "TTL": 300.']),
    ({"TTL": None}, ['TTL is null, must be a whole number. Write it like "TTL": 60.']),
    ({"TTL": -1}, ["TTL is -1 s, must be a whole number from 0 to 2147483647. Failover records usually use 60."]),
    ({"Ttl": 60, "TTL": ...}, ['unknown key "Ttl". Did you mean TTL?']),
    ({"HealthcheckId": "east"}, ['unknown key "HealthcheckId". Did you mean HealthCheckId?']),
    ({"Colour": "red"}, ['unknown key "Colour". Known here: Name, Type, SetIdentifier, Weight, Region, GeoLocation, '
                         "Failover, MultiValueAnswer, TTL, ResourceRecords, AliasTarget, HealthCheckId."]),
    ({"EvaluateTargetHealth": True}, ['unknown key "EvaluateTargetHealth". It belongs inside AliasTarget.']),
    ({"Type": ...}, ['Type is missing. Write it like "Type": "A".']),
    ({"Type": "a"}, ['Type is "a". Did you mean A?']),
    ({"Type": 1}, ['Type is 1, must be text. Write it like "Type": "A".']),
    ({"Name": ...}, ['Name is missing. Write it like "Name": "app.example.com.".']),
    ({"Name": "app..example.com"}, ["name 'app..example.com' has an empty label. Remove the doubled dot."]),
    ({"Name": "x" * 64 + ".example.com"}, ["name '" + "x" * 40 + "' has a label of 64 bytes, at most 63 are allowed. "
                                           "Shorten it."]),                                                       # C5
    ({"Name": "my app.example.com"}, ['name "my app.example.com" holds a space. Names are letters, digits, - and _; '
                                      "write a space as \\040."]),
    ({"Name": "café.example.com"}, ['name "caf\\u00e9.example.com" has letters beyond ASCII. Write it in Punycode '
                                    "(xn--...), as resolvers ask for it."]),
    ({"ResourceRecords": ["192.0.2.1"]}, ['ResourceRecords[0] is "192.0.2.1", must be an object. Write it like '
                                          '{"Value": "192.0.2.10"}.']),
    ({"ResourceRecords": {"Value": "192.0.2.1"}}, ["ResourceRecords is an object, must be a list. Write it like "
                                                   '"ResourceRecords": [{"Value": "192.0.2.10"}].']),
    ({"ResourceRecords": [{"value": "192.0.2.1"}]}, ['unknown key "ResourceRecords[0].value". Did you mean Value?']),
    ({"ResourceRecords": []}, ["has 0 values, must have 1 to 400. Give ResourceRecords or an AliasTarget."]),
    ({"SetIdentifier": "a", "Failover": "primary"}, ['Failover is "primary". Did you mean PRIMARY?']),
    ({"SetIdentifier": "a", "Region": "us-wset-2"}, ['Region is "us-wset-2". Did you mean us-west-2?']),
    ({"SetIdentifier": "a", "Weight": 300}, ["weight is 300, must be a whole number from 0 to 255. Scale the group's "
                                             "weights to fit."]),
    ({"SetIdentifier": "a", "GeoLocation": {"CountryCode": "de"}},
     ['GeoLocation country is "de". Use two capital letters (ISO 3166-1), or * for the default location.']),
    ({"SetIdentifier": "a", "GeoLocation": {"ContinentCode": "eu"}},
     ["GeoLocation continent is 'eu'. Use one of AF AN AS EU OC NA SA."]),
    ({"SetIdentifier": "a", "GeoLocation": {"ContinentCode": "EU", "CountryCode": "DE"}},
     ["GeoLocation gives a continent together with a country. Give one of the two."]),
    ({"SetIdentifier": "a", "CidrRoutingConfig": {"CollectionId": "c", "LocationName": "l"}},
     ["CidrRoutingConfig asks for IP-based routing, which this lab does not do. Use another routing policy, or leave "
      "the record set out."]),
    ({"SetIdentifier": "a", "GeoProximityLocation": {"AWSRegion": "us-east-1"}},
     ["GeoProximityLocation asks for geoproximity routing, which this lab does not do. Use another routing policy, or "
      "leave the record set out."]),
    ({"TTL": ..., "ResourceRecords": ..., "TrafficPolicyInstanceId": "t"},
     ["TrafficPolicyInstanceId asks for a record of a traffic policy, which this lab does not do. Use another routing "
      "policy, or leave the record set out."]),
], ids=lambda v: str(v)[:60])
def test_record_set_refused(change, expected):
    raw = {member: value for member, value in {**A, **change}.items() if value is not ...}
    assert problems_of(record_set_from_dict, raw) == expected


@pytest.mark.parametrize(("change", "expected"), [
    ({"EvaluateTargetHealth": ...},
     ['AliasTarget.EvaluateTargetHealth is missing. Write it like "EvaluateTargetHealth": true.']),
    ({"EvaluateTargetHealth": "true"}, ['AliasTarget.EvaluateTargetHealth is "true", must be true or false. Write it '
                                        'like "EvaluateTargetHealth": true.']),
    ({"DNSName": "a b"},
     ['AliasTarget: name "a b" holds a space. Names are letters, digits, - and _; write a space as \\040.']),
    ({"DNSname": "lb.example.com", "DNSName": ...}, ['unknown key "AliasTarget.DNSname". Did you mean DNSName?']),
], ids=lambda v: str(v)[:60])
def test_alias_refused(change, expected):
    target = {member: value for member, value in {**ALIAS, **change}.items() if value is not ...}
    raw = {"Name": "app.example.com.", "Type": "A", "AliasTarget": target}
    assert problems_of(record_set_from_dict, raw) == expected


@pytest.mark.parametrize(("type_", "value"), [
    ("A", "app.example.com"), ("AAAA", "192.0.2.1"), ("MX", "mail.example.com"), ("TXT", "v=spf1 -all"),
    ("CAA", "letsencrypt.org"), ("SRV", "10 5 www.example.com"), ("NAPTR", "s http"), ("DS", "12345 8 2 xyz"),
    ("CNAME", "a..b"), ("SOA", "ns1 admin 1 2 3"), ("SSHFP", "4 2"), ("TLSA", "3 1 1 nothex"), ("HTTPS", "one ."),
    ("SVCB", "1"), ("SPF", "v=spf1"), ("NS", ""), ("PTR", "x..y"),
])
def test_a_value_that_cannot_be_packed_is_one_problem(type_, value):
    found = problems_of(record_set_from_dict, {**A, "Type": type_, "ResourceRecords": [{"Value": value}]})
    assert len(found) == 1
    assert found[0].startswith(f"value {value!r}")


@pytest.mark.parametrize(("config", "expected"), [
    ({"Type": "PING"}, ['HealthCheckConfig.Type is "PING". Use one of HTTP, HTTPS, HTTP_STR_MATCH, HTTPS_STR_MATCH, '
                        "TCP, CALCULATED, CLOUDWATCH_METRIC, RECOVERY_CONTROL."]),                                # A1
    ({"Type": "https", "FailureThreshold": 11}, ['HealthCheckConfig.Type is "https". Did you mean HTTPS?',
                                                 "failure threshold is 11. Use 1 to 10."]),                  # A11
    ({"RequestInterval": "30"},
     ['HealthCheckConfig.RequestInterval is "30", must be a whole number. Write it like "RequestInterval": 30.']),
    ({"RequestInterval": 15}, ["request interval is 15 s. Route 53 offers 10 and 30."]),                     # A6
    ({"Prot": 80}, ['unknown key "HealthCheckConfig.Prot". Did you mean Port?']),
    ({"Regions": "us-east-1"}, ['HealthCheckConfig.Regions is "us-east-1", must be a list. Write it like "Regions": '
                                '["us-east-1", "us-west-2", "us-west-1"].']),
    ({"FullyQualifiedDomainName": "a b"}, ["FullyQualifiedDomainName 'a b': the name holds a space. Names are letters, "
                                           "digits, - and _."]),
    ({"SearchString": "ok"}, ["type HTTP ignores its SearchString. Use HTTP_STR_MATCH or HTTPS_STR_MATCH."]),
], ids=lambda v: str(v)[:60])
def test_health_check_refused(config, expected):
    assert problems_of(health_check_from_dict, {"Id": "east", "HealthCheckConfig": {**HTTP, **config}}) == expected


@pytest.mark.parametrize(("raw", "expected"), [
    ({"HealthCheckConfig": HTTP}, ['Id is missing. Write it like "Id": "check-east".']),
    ({"Id": "east", "Type": "HTTP", "IPAddress": "192.0.2.10"},
     ['unknown key "Type". It belongs inside HealthCheckConfig.',
      'unknown key "IPAddress". It belongs inside HealthCheckConfig.', 'HealthCheckConfig is missing. Write it like '
      '"HealthCheckConfig": {"Type": "HTTP", "IPAddress": "192.0.2.10"}.']),
    ({"Id": "east", "HealthCheckConfig": {"Type": "CLOUDWATCH_METRIC"}},
     ["names no alarm. Give AlarmIdentifier and the alarm's settings."]),
    ({"Id": "east", "HealthCheckConfig": {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": "errors"}}},
     ['HealthCheckConfig.AlarmIdentifier.Region is missing. Write it like "Region": "us-east-1".']),
    ([HTTP], ['it is a list, must be an object. Write it like {"Id": "check-east", "HealthCheckConfig": {"Type": '
              '"HTTP", "IPAddress": "192.0.2.10"}}.']),
], ids=["no id", "flat", "no alarm", "alarm without Region", "list"])
def test_health_check_structure_refused(raw, expected):
    assert problems_of(health_check_from_dict, raw) == expected


def test_alarm_settings_are_judged():
    """A41: no high-resolution metrics, no percentiles."""
    settings_ = {"EvaluationPeriods": 1, "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold", "Period": 10,
                 "MetricName": "Errors", "Namespace": "Shop", "Statistic": "p99"}
    raw = {"Id": "east", "CloudWatchAlarmConfiguration": settings_, "HealthCheckConfig": {
        "Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "us-east-1", "Name": "errors"}}}
    assert [text.split(". ")[0] for text in problems_of(health_check_from_dict, raw)] == [
        "alarm: statistic is 'p99'", "alarm: period is 10 s"]


def test_all_problems_of_one_record_set_come_together():
    raw = {"Name": "app.example.com", "type": "MX", "TTL": "soon", "SetIdentifier": "a", "Weight": 500,
           "Failover": "PRIMARY", "HealthcheckId": "x",
           "ResourceRecords": [{"Value": "mail.example.com"}, {"Value": None}]}
    with pytest.raises(ConfigurationError) as caught:
        record_set_from_dict(raw)
    assert {problem.where for problem in caught.value.problems} == {"app.example.com. MX (a)"}
    assert [problem.what for problem in caught.value.problems] == [
        'unknown key "type"', 'TTL is "soon", must be a whole number', 'unknown key "HealthcheckId"',
        "ResourceRecords[1].Value is null, must be text", "value 'mail.example.com': has 1 parts instead of 2",
        "asks for 2 routing policies: failover, weighted", "weight is 500, must be a whole number from 0 to 255"]


# --- nothing breaks it ------------------------------------------------------------------------------------------

def outcome(read, raw):
    """The noun, and the problems: one of the two."""
    try:
        return read(raw), ()
    except ConfigurationError as error:
        return None, error.problems


@pytest.mark.parametrize(("name", "read"), [("ResourceRecordSet", record_set_from_dict),
                                            ("HealthCheck", health_check_from_dict)])
def test_whatever_the_service_model_allows_is_read_or_refused_by_name(name, read):
    rng = Random(name)
    for _ in range(300):
        noun, problems = outcome(read, sample(shape(name), rng))
        assert (noun is None) == bool(problems)
        assert all(problem.where and problem.what for problem in problems)


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) |
                        st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_is_reported_never_a_traceback(data):
    noun = data.draw(st.sampled_from([*SHOP.zone.record_sets, *SHOP.health_checks]))
    raw, read = ((record_set_to_dict(noun, HOME), record_set_from_dict) if isinstance(noun, RecordSet) else
                 (health_check_to_dict(noun), health_check_from_dict))
    path = raw
    while True:
        key = data.draw(st.sampled_from([*path] if isinstance(path, dict) else range(len(path))))
        if not isinstance(path[key], (dict, list)) or not path[key] or data.draw(st.booleans()):
            break
        path = path[key]
    path[key] = data.draw(anything)
    noun, problems = outcome(read, raw)
    assert (noun is None) == bool(problems)
    assert all(problem.where and problem.what and problem.fix for problem in problems)
