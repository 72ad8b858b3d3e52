"""Export to AWS CLI inputs: botocore's validator takes each, and they make the same zone (D1, D3, D7, D13)."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace

import pytest
from botocore.validate import ParamValidator
from generated_zones import own_records, zones
from hypothesis import given, settings

from failover_kit import Lab
from failover_kit.aws.export import export, to_folder
from failover_kit.aws.files import load_zone, zone_from_documents
from failover_kit.aws.model import service_model
from failover_kit.aws.shapes import health_check_to_dict
from failover_kit.healthcheck import HealthCheck, HealthCheckType
from failover_kit.records import AliasTarget, RecordSet
from failover_kit.zone import HostedZone


def problems_of(operation, parameters):
    """What botocore, boto3's own engine, has against these parameters."""
    shape = service_model("route53").operation_model(operation).input_shape
    return ParamValidator().validate(parameters, shape).generate_report()


def zone_made_of(document, checks):
    """The zone that these inputs make, with the checks under the ids that the inputs use for them."""
    records = [change["ResourceRecordSet"] for request in document["ChangeResourceRecordSets"]
               for change in request["ChangeBatch"]["Changes"]]
    zone_id = next((request["HostedZoneId"] for request in document["ChangeResourceRecordSets"]), "Z0NONE")
    made = {"HostedZone": {"Name": document["CreateHostedZone"]["Name"], "Id": zone_id}, "ResourceRecordSets": records}
    return zone_from_documents(made, {"HealthChecks": checks})


@settings(max_examples=60, deadline=None)
@given(zones())
def test_every_input_is_valid_and_they_make_the_same_zone(generated):
    zone, checks = generated
    document = export(zone, checks, "cli").document
    for operation, inputs in document.items():
        for parameters in inputs if isinstance(inputs, list) else [inputs]:
            assert problems_of(operation, parameters) == ""
    children_first = sorted(checks, key=lambda check: check.type is HealthCheckType.CALCULATED)
    created = [{"Id": check.id, "HealthCheckConfig": made["HealthCheckConfig"],
                **({"CloudWatchAlarmConfiguration": alarm_of(check)} if check.alarm else {})}
               for check, made in zip(children_first, document["CreateHealthCheck"], strict=True)]
    found = zone_made_of(document, created)
    assert own_records(found.zone) == own_records(zone)
    named = {tag["ResourceId"]: tag["AddTags"][0]["Value"] for tag in document["ChangeTagsForResource"]}
    assert named == {check.id: check.name for check in checks if check.name is not None}
    assert [replace(check, name=named.get(check.id)) for check in found.health_checks] == children_first


def alarm_of(check):
    """What Route 53 copies from the alarm when the check is created (A42)."""
    return health_check_to_dict(check)["CloudWatchAlarmConfiguration"]


def test_batches_keep_to_the_quotas():
    """D7: 1,000 elements and 32,000 characters of values a request, counted twice for UPSERT."""
    three = ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    records = [RecordSet(name=f"a{n}.example.com", ttl=60, values=three) for n in range(700)]
    records += [RecordSet(name=f"t{n}.example.com", type="TXT", ttl=60, values=('"' + "x" * 250 + '"',)) for n in range(300)]
    requests = export(HostedZone("example.com", tuple(records)), (), "cli").document["ChangeResourceRecordSets"]
    assert len(requests) > 8
    for request in requests:
        values = [item["Value"] for change in request["ChangeBatch"]["Changes"]
                  for item in change["ResourceRecordSet"]["ResourceRecords"]]
        assert 2 * len(values) <= 1_000
        assert 2 * sum(map(len, values)) <= 32_000
    assert sum(len(request["ChangeBatch"]["Changes"]) for request in requests) == 1_000


def test_targets_come_before_their_aliases():
    """B39, D4: a batch sees its own earlier changes."""
    records = (RecordSet(name="www.example.com", alias=AliasTarget("app.example.com", True)),
               RecordSet(name="app.example.com", alias=AliasTarget("east.example.com", True)),
               RecordSet(name="east.example.com", ttl=60, values=("192.0.2.1",)))
    [request] = export(HostedZone("example.com", records), (), "cli").document["ChangeResourceRecordSets"]
    names = [change["ResourceRecordSet"]["Name"] for change in request["ChangeBatch"]["Changes"]]
    assert names == ["east.example.com.", "app.example.com.", "www.example.com."]


def test_a_caller_reference_is_the_same_each_time_and_never_too_long():
    """D13: the same reference with the same settings makes no second check."""
    check = HealthCheck(id="c" * 64, ip_address="192.0.2.1")
    longer = HealthCheck(id="d" * 70, ip_address="192.0.2.1")
    made = [export(HostedZone("example.com"), [check, longer], "cli").document["CreateHealthCheck"] for _ in range(2)]
    assert made[0] == made[1]
    assert [len(one["CallerReference"]) for one in made[0]] == [64, 64]


# --- the script -------------------------------------------------------------------------------------------------

AWS = """\
#!{python}
import json, sys, pathlib
_, action, _, source, *rest = sys.argv[1:]
sent = json.loads(pathlib.Path(source.removeprefix("file://")).read_text())
log = pathlib.Path({log!r})
calls = json.loads(log.read_text()) if log.exists() else []
log.write_text(json.dumps([*calls, [action, sent]]))
if action == "create-hosted-zone":
    print("/hostedzone/Z0NEW")
elif action == "create-health-check":
    print("new-" + sent["CallerReference"])
else:
    print("{{}}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the script is for a POSIX shell")
@pytest.mark.parametrize("zone_id", [None, "Z0MINE"])
def test_the_script_creates_everything_with_the_ids_that_aws_gives(tmp_path, zone_id):
    loaded = load_zone("examples-zone.json")
    files, warnings = to_folder(loaded.zone, loaded.health_checks)
    assert warnings == ()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "bin").mkdir()
    aws, log = tmp_path / "bin/aws", tmp_path / "log.json"
    aws.write_text(AWS.format(python=sys.executable, log=str(log)))
    aws.chmod(aws.stat().st_mode | stat.S_IEXEC)
    environment = {**os.environ, "PATH": f"{aws.parent}:{os.environ['PATH']}", "HOSTED_ZONE_ID": zone_id or ""}
    subprocess.run(["sh", str(tmp_path / "apply.sh")], env=environment, check=True, capture_output=True, timeout=60)

    calls = json.loads(log.read_text())
    operations = {"create-hosted-zone": "CreateHostedZone", "create-health-check": "CreateHealthCheck",
                  "change-tags-for-resource": "ChangeTagsForResource",
                  "change-resource-record-sets": "ChangeResourceRecordSets"}
    assert all(problems_of(operations[action], sent) == "" for action, sent in calls)
    assert [action for action, _ in calls].count("create-hosted-zone") == (zone_id is None)
    changes = next(sent for action, sent in calls if action == "change-resource-record-sets")
    assert changes["HostedZoneId"] == (zone_id or "Z0NEW")
    renamed = {check.id: f"new-{check.id}" for check in loaded.health_checks}
    checks = [{"Id": renamed[sent["CallerReference"]], "HealthCheckConfig": sent["HealthCheckConfig"]}
              for action, sent in calls if action == "create-health-check"]
    document = {"CreateHostedZone": {"Name": "example.com."}, "ChangeResourceRecordSets": [changes]}
    found = zone_made_of(document, checks)
    assert "@" not in log.read_text()
    assert [check.child_health_checks for check in found.health_checks][-1] == tuple(
        renamed[child] for child in loaded.health_checks[-1].child_health_checks)
    assert {record.health_check_id for record in own_records(found.zone)} - {None} <= set(renamed.values())
    assert {(record.name, record.values) for record in own_records(found.zone)} == {
        (record.name, record.values) for record in own_records(loaded.zone)}


# --- the lab's own Route 53 takes it ----------------------------------------------------------------------------

@pytest.mark.parametrize(("zone_file", "checks"), [("examples-zone.json", None),
                                                   ("shop-records.json", "shop-health-checks.json")])
def test_boto3_makes_the_zone_of_these_inputs(zone_file, checks):
    """The inputs, sent as they are by boto3 to the lab's API, with the ids that it gives put in."""
    loaded = load_zone(zone_file, health_checks=checks)
    text = json.dumps(export(loaded.zone, loaded.health_checks, "cli").document)
    with Lab.virtual(zone="example.org") as lab:
        client = lab.api.client("route53")
        zone_id = client.create_hosted_zone(**json.loads(text)["CreateHostedZone"])["HostedZone"]["Id"].split("/")[-1]
        text = text.replace(f'"{loaded.zone.id}"', f'"{zone_id}"')
        given = {}
        for number in range(len(loaded.health_checks)):
            sent = json.loads(text)["CreateHealthCheck"][number]
            if "AlarmIdentifier" in sent["HealthCheckConfig"]:
                continue                                       # the lab knows no CloudWatch account to look it up in
            old, new = sent["CallerReference"], client.create_health_check(**sent)["HealthCheck"]["Id"]
            given[old] = new
            for member in ("HealthCheckId", "ResourceId"):
                text = text.replace(f'"{member}": "{old}"', f'"{member}": "{new}"')
            text = text.replace(f'["{old}"', f'["{new}"').replace(f', "{old}"', f', "{new}"')
        document = json.loads(text)
        for request in document["ChangeResourceRecordSets"]:
            client.change_resource_record_sets(**request)
        made = next(zone for zone in lab.service.zones.values() if zone.id == zone_id)
    renamed = {replace(record, health_check_id=given.get(record.health_check_id)) for record in own_records(loaded.zone)}
    assert own_records(made) == renamed
