"""Export to Terraform: only arguments that the provider knows (D19, D20), and the same zone when read by their meaning."""

import json
import re

import pytest
from generated_zones import own_records, zones
from hypothesis import given, settings

from failover_kit.aws.export import export, text_of
from failover_kit.aws.export.terraform import literal
from failover_kit.aws.files import load_zone, zone_from_documents
from failover_kit.errors import ConfigurationError
from failover_kit.healthcheck import HealthCheck
from failover_kit.records import AliasTarget, Failover, RecordSet
from failover_kit.zone import HostedZone

RECORD = {  # D19: argument -> arguments of the block, or None
    "zone_id": None, "name": None, "type": None, "ttl": None, "records": None, "set_identifier": None,
    "health_check_id": None, "allow_overwrite": None, "multivalue_answer_routing_policy": None, "depends_on": None,
    "alias": {"name", "zone_id", "evaluate_target_health"}, "failover_routing_policy": {"type"},
    "weighted_routing_policy": {"weight"}, "latency_routing_policy": {"region"},
    "geolocation_routing_policy": {"continent", "country", "subdivision"},
}
CHECK = {  # D20: argument -> member of HealthCheckConfig
    "type": "Type", "fqdn": "FullyQualifiedDomainName", "ip_address": "IPAddress", "port": "Port",
    "resource_path": "ResourcePath", "request_interval": "RequestInterval", "failure_threshold": "FailureThreshold",
    "search_string": "SearchString", "measure_latency": "MeasureLatency", "invert_healthcheck": "Inverted",
    "disabled": "Disabled", "enable_sni": "EnableSNI", "child_healthchecks": "ChildHealthChecks",
    "child_health_threshold": "HealthThreshold", "insufficient_data_health_status": "InsufficientDataHealthStatus",
    "regions": "Regions", "routing_control_arn": "RoutingControlArn", "cloudwatch_alarm_name": None,
    "cloudwatch_alarm_region": None, "reference_name": None, "tags": None,
}
REFERENCE = re.compile(r"\$\{(aws_route53_\w+)\.(\w+)\.(\w+)\}")


# --- a reader of our own, by what the provider's documentation says -----------------------------------------------

def filled(value, resources):
    """The value as Terraform would send it: references as ids made of the names, $${ as ${."""
    if isinstance(value, dict):
        return {key: filled(item, resources) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, resources) for item in value]
    if not isinstance(value, str):
        return value
    if found := REFERENCE.fullmatch(value):
        kind, name, attribute = found.groups()
        assert name in resources[kind], f"{value} is nowhere"
        assert attribute == {"aws_route53_zone": "zone_id", "aws_route53_health_check": "id"}[kind]
        return name
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", value), f"Terraform would fill in {value}"
    return value.replace("$${", "${").replace("%%{", "%{")


def read_back(document):
    """The zone and checks that the configuration means."""
    resources = document["resource"]
    names = {}
    records, checks = [], []
    for name, check in filled(resources.get("aws_route53_health_check", {}), resources).items():
        assert set(check) <= set(CHECK)
        config = {CHECK[argument]: value for argument, value in check.items() if CHECK[argument]}
        if "cloudwatch_alarm_name" in check:
            config["AlarmIdentifier"] = {"Name": check["cloudwatch_alarm_name"], "Region": check["cloudwatch_alarm_region"]}
        checks.append({"Id": name, "HealthCheckConfig": config})
        names[name] = check.get("tags", {}).get("Name")
    for body in filled(resources.get("aws_route53_record", {}), resources).values():
        assert set(body) <= set(RECORD)
        assert all(set(body[block]) <= inside for block, inside in RECORD.items() if inside and block in body)
        assert ("alias" in body) != ("records" in body and "ttl" in body)              # exactly one of the two
        records.append(api_record(body))
    zone = resources["aws_route53_zone"]["zone"]["name"]
    return zone_from_documents({"HostedZone": {"Name": zone, "Id": "zone"}, "ResourceRecordSets": records},
                               {"HealthChecks": checks}), names


def api_record(body):
    said = {"Name": body["name"], "Type": body["type"], "SetIdentifier": body.get("set_identifier"),
            "HealthCheckId": body.get("health_check_id"), "MultiValueAnswer": body.get("multivalue_answer_routing_policy"),
            "Weight": body.get("weighted_routing_policy", {}).get("weight"),
            "Failover": body.get("failover_routing_policy", {}).get("type"),
            "Region": body.get("latency_routing_policy", {}).get("region")}
    if area := body.get("geolocation_routing_policy"):
        said["GeoLocation"] = {key: area[name] for key, name in (("ContinentCode", "continent"), ("CountryCode", "country"),
                                                                 ("SubdivisionCode", "subdivision")) if name in area}
    if alias := body.get("alias"):
        said["AliasTarget"] = {"DNSName": alias["name"], "HostedZoneId": alias["zone_id"],
                               "EvaluateTargetHealth": alias["evaluate_target_health"]}
    else:
        quoted = '"{}"' if body["type"] in ("TXT", "SPF") else "{}"                    # the provider adds the quotes
        said |= {"TTL": body["ttl"], "ResourceRecords": [{"Value": quoted.format(value)} for value in body["records"]]}
    return {key: value for key, value in said.items() if value is not None}


def anonymous(records, names):
    """Record sets with their checks' names for ids, so that two accounts can be compared."""
    return {(r.name, r.type, r.set_identifier, r.policies, r.values, r.ttl, r.alias, r.weight, r.failover, r.region,
             r.geolocation, names.get(r.health_check_id)) for r in records}


@settings(max_examples=60, deadline=None)
@given(zones())
def test_the_configuration_means_the_same_zone(generated):
    zone, checks = generated
    found, names = read_back(export(zone, checks, "terraform").document)
    order = sorted(checks, key=lambda check: check.type.value == "CALCULATED")
    ids = {made.id: check.id for made, check in zip(found.health_checks, order, strict=True)}
    assert anonymous(own_records(found.zone), ids) == anonymous(own_records(zone), {check.id: check.id for check in checks})
    for made, check in zip(found.health_checks, order, strict=True):
        assert names[made.id] == check.name
        assert (made.type, made.host, made.port, made.inverted, made.regions, made.health_threshold) == (
            check.type, check.host, check.port, check.inverted, check.regions, check.health_threshold)
        assert [ids[child] for child in made.child_health_checks] == list(check.child_health_checks)


@pytest.mark.parametrize(("zone_file", "checks"), [("examples-zone.json", None),
                                                   ("shop-records.json", "shop-health-checks.json")])
def test_the_examples(zone_file, checks):
    loaded = load_zone(zone_file, health_checks=checks)
    text = text_of(export(loaded.zone, loaded.health_checks, "terraform"), "terraform", loaded.zone, "main.tf.json")
    document = json.loads(text)
    assert document["terraform"]["required_providers"]["aws"]["source"] == "hashicorp/aws"
    found, _ = read_back(document)
    assert len(own_records(found.zone)) == len(own_records(loaded.zone))


def test_aliases_depend_on_the_records_that_they_stand_for():
    """B39."""
    pair = [RecordSet(name="app.example.com", ttl=60, values=(f"192.0.2.{n}",), set_identifier=role.value, failover=role)
            for n, role in enumerate(Failover)]
    www = RecordSet(name="www.example.com", alias=AliasTarget("app.example.com", True))
    records = export(HostedZone("example.com", (www, *pair)), (), "terraform").document["resource"]["aws_route53_record"]
    assert records["www_a"]["depends_on"] == ["aws_route53_record.app_a_primary", "aws_route53_record.app_a_secondary"]
    assert set(records) == {"www_a", "app_a_primary", "app_a_secondary"}


def test_names_are_terraform_names_each_used_once():
    records = [RecordSet(name=f"{label}.example.com", ttl=60, values=("192.0.2.1",))
               for label in ("1a", "a-b", "a_b", "*", "any", "x")]
    document = export(HostedZone("example.com", tuple(records)), (), "terraform").document
    names = list(document["resource"]["aws_route53_record"])
    assert all(re.fullmatch(r"[a-z_][a-z0-9_]*", name) for name in names)
    assert len(names) == len(set(names)) == len(records)


@pytest.mark.parametrize(("text", "written"), [("plain", "plain"), ("${a}", "$${a}"), ("%{if}", "%%{if}"), ("$5", "$5")])
def test_templates_are_escaped(text, written):
    assert literal(text) == written


@pytest.mark.parametrize(("check", "words"), [
    (HealthCheck(id="all", type="CALCULATED", health_threshold=0), "does not send a child_health_threshold of 0"),
], ids=["threshold 0"])
def test_what_terraform_cannot_say_is_told(check, words):
    assert words in export(HostedZone("example.com"), [check], "terraform").warnings[0]


def test_alarms_are_named_and_told():
    loaded = load_zone("shop-records.json", health_checks="shop-health-checks.json")
    exported = export(loaded.zone, loaded.health_checks, "terraform")
    assert "alarm checkout-5xx in us-east-1 is only named" in exported.warnings[0]


def test_terraform_reads_json_only():
    zone = HostedZone("example.com")
    with pytest.raises(ConfigurationError, match=r"end it with \.tf\.json"):
        text_of(export(zone, (), "terraform"), "terraform", zone, "main.yaml")
