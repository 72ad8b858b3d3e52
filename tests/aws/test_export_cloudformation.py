"""Export to CloudFormation: cfn-lint passes it, and importing gives the same zone back (D21)."""

import json
from dataclasses import replace

import pytest
from cfnlint.api import lint as cfn_lint
from generated_zones import own_records, zones
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit.aws.export import export, text_of
from failover_kit.aws.export.cloudformation import MAX_RESOURCES
from failover_kit.aws.files import load_zone
from failover_kit.aws.importing import zone_from_template
from failover_kit.aws.template_text import parse_template
from failover_kit.errors import ConfigurationError
from failover_kit.healthcheck import HealthCheck
from failover_kit.records import AliasTarget, Failover, RecordSet
from failover_kit.zone import HostedZone

EXAMPLES = {"shop": ("examples-zone.json", None), "AWS CLI export": ("shop-records.json", "shop-health-checks.json")}


def loaded(example):
    zone_file, checks = EXAMPLES[example]
    found = load_zone(zone_file, health_checks=checks)
    return found.zone, found.health_checks


def template_of(zone, checks):
    return export(zone, checks, "cloudformation").document


def back(text):
    return zone_from_template(parse_template(text.encode(), "template")[0])


def pairs(count, alias=False):
    """So many failover pairs, each with an alias to it if wanted."""
    records = []
    for number in range(count):
        name = f"app{number}.example.com"
        records += [RecordSet(name=name, ttl=60, values=(f"192.0.2.{1 + number % 250}",), set_identifier=role.value,
                              failover=role, health_check_id="east") for role in Failover]
        if alias:
            records.append(RecordSet(name=f"www{number}.example.com", alias=AliasTarget(name, True)))
    return HostedZone("example.com", tuple(records)), (HealthCheck(id="east", ip_address="192.0.2.1"),)


# --- there and back ---------------------------------------------------------------------------------------------

@settings(max_examples=60, deadline=None)
@given(zones(), st.sampled_from(("stack.json", "stack.yaml")))
def test_there_and_back_gives_the_same_zone(generated, file_name):
    zone, checks = generated
    found = back(text_of(export(zone, checks, "cloudformation"), "cloudformation", zone, file_name))
    assert own_records(found.zone) == own_records(zone)
    assert (found.zone.name, found.zone.id) == (zone.name, zone.id)
    assert sorted(found.health_checks, key=str) == sorted(checks, key=str)
    assert found.warnings == ()


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("file_name", ["stack.json", "stack.yaml"])
def test_the_examples_come_back(example, file_name):
    zone, checks = loaded(example)
    found = back(text_of(export(zone, checks, "cloudformation"), "cloudformation", zone, file_name))
    assert own_records(found.zone) == own_records(zone)
    assert set(found.health_checks) == set(checks)


# --- cfn-lint ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("file_name", ["stack.json", "stack.yaml"])
def test_cfn_lint_has_nothing_to_say(example, file_name):
    zone, checks = loaded(example)
    assert cfn_lint(text_of(export(zone, checks, "cloudformation"), "cloudformation", zone, file_name)) == []


@settings(max_examples=8, deadline=None)
@given(zones())
def test_cfn_lint_passes_any_zone(generated):
    zone, checks = generated
    matches = cfn_lint(text_of(export(zone, checks, "cloudformation"), "cloudformation", zone, "stack.json"))
    told = [str(match) for match in matches]
    escaped_quotes = 'say \\\\"hi'                   # in a TXT value: Route 53 takes them, cfn-lint's E3023 does not
    assert [text for text in told if escaped_quotes not in text] == []


# --- what is where ----------------------------------------------------------------------------------------------

def test_references_are_refs_and_aliases_wait_for_their_targets():
    """B39: an alias can be created only after its target."""
    zone, checks = pairs(1, alias=True)
    resources = template_of(zone, checks)["Resources"]
    assert list(resources) == ["HostedZone", "HealthCheckEast", "App0A", "Www0A"]
    assert resources["App0A"]["Type"] == "AWS::Route53::RecordSetGroup"
    members = resources["App0A"]["Properties"]["RecordSets"]
    assert {member["HealthCheckId"]["Ref"] for member in members} == {"HealthCheckEast"}
    assert {member["TTL"] for member in members} == {"60"}
    www = resources["Www0A"]
    assert www["DependsOn"] == ["App0A"]
    assert www["Properties"]["HostedZoneId"] == {"Ref": "HostedZone"}
    assert www["Properties"]["AliasTarget"]["HostedZoneId"] == {"Fn::Sub": "${HostedZone}"}


def test_a_large_zone_is_packed_into_one_stack():
    """A stack takes 500 resources, a change batch 1,000 record elements counted twice (D7)."""
    zone, checks = pairs(700, alias=True)
    document = template_of(zone, checks)
    assert len(document["Resources"]) < 10
    assert own_records(back(json.dumps(document)).zone) == own_records(zone)
    for body in document["Resources"].values():
        sets = body["Properties"].get("RecordSets", [])
        assert sum(len(one.get("ResourceRecords", ["alias"])) for one in sets) <= 500
    aliases = next(body for body in document["Resources"].values() if body["Type"].endswith("Group")
                   and "AliasTarget" in body["Properties"]["RecordSets"][0])
    assert aliases["DependsOn"]


def test_too_many_checks_are_told():
    checks = [HealthCheck(id=f"check-{number}", ip_address="192.0.2.1") for number in range(MAX_RESOURCES)]
    [warning] = export(HostedZone("example.com"), checks, "cloudformation").warnings
    assert f"a stack takes {MAX_RESOURCES}" in warning


@pytest.mark.parametrize(("change", "words"), [
    ({"disabled": True}, "cannot disable"),
    ({}, None),
], ids=["disabled check", "nothing lost"])
def test_what_cloudformation_cannot_say_is_told(change, words):
    zone, (check,) = pairs(1)
    warnings = export(zone, [replace(check, **change)], "cloudformation").warnings
    assert [words in warning for warning in warnings] == ([True] if words else [])


def test_ids_of_checks_that_are_not_given_stay_and_are_told():
    zone, _ = pairs(1)
    exported = export(zone, [], "cloudformation")
    assert "east are used, but their settings are not known" in exported.warnings[0]
    members = exported.document["Resources"]["App0A"]["Properties"]["RecordSets"]
    assert {member["HealthCheckId"] for member in members} == {"east"}


def test_an_soa_of_ones_own_is_told():
    soa = RecordSet(name="example.com", type="SOA", ttl=60, values=("ns1.example.net. me.example.net. 1 7200 900 9 60",))
    assert "left out" in export(HostedZone("example.com", (soa,)), (), "cloudformation").warnings[0]


def test_short_forms_in_yaml():
    zone, checks = pairs(1)
    text = text_of(export(zone, checks, "cloudformation"), "cloudformation", zone)
    assert "HostedZoneId: !Ref HostedZone\n" in text
    assert "!GetAtt HostedZone.NameServers" in text
    assert "TTL: '60'" in text


def test_names_of_files():
    zone, checks = pairs(1)
    exported = export(zone, checks, "cloudformation")
    assert json.loads(text_of(exported, "cloudformation", zone, "x.template"))
    with pytest.raises(ConfigurationError, match=r"end it with \.yaml or \.yml or"):
        text_of(exported, "cloudformation", zone, "stack.txt")
    with pytest.raises(ConfigurationError, match="no export to 'pulumi'"):
        export(zone, checks, "pulumi")
