"""Programs that know AWS only, against `failover-kit serve`: the AWS CLI, octoDNS, and dig to see what they did."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_PAGER": "", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def path_of(program):
    return shutil.which(program, path=os.pathsep.join([str(BIN), os.environ["PATH"]]))


def needs(program):
    return pytest.mark.skipif(path_of(program) is None, reason=f"{program} is not installed")


@pytest.fixture(scope="module")
def served():
    """A server without a zone, at twenty times the speed of life: what its ready line says."""
    command = [sys.executable, "-m", "failover_kit", "serve", "--json", "--speed", "20", "--propagation", "1"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **pipes) as serve:
        ready = json.loads(serve.stdout.readline())
        yield ready | {"stdin": serve.stdin}
        serve.send_signal(signal.SIGINT)
        _, errors = serve.communicate(timeout=20)
    assert errors.strip() == "stopped"


def run(served, *command, cwd=None, check=True):
    environment = {**os.environ, **CREDENTIALS, "AWS_ENDPOINT_URL": served["api"]}
    return subprocess.run([path_of(command[0]), *command[1:]], env=environment, capture_output=True, text=True,
                          timeout=120, check=check, cwd=cwd)


def aws(served, *command):
    """What the AWS CLI prints, read as JSON where it is."""
    shown = run(served, "aws", *command).stdout
    return json.loads(shown) if shown.strip() else None


def dig(served, name, *more):
    host, port = served["dns"].split(":")
    shown = subprocess.run(["dig", f"@{host}", "-p", port, name, "+short", *more], capture_output=True, text=True,
                           timeout=20, check=True)
    return shown.stdout.split()


def becomes(served, name, values):
    return any(dig(served, name) == values for _ in range(500))       # each dig takes a while itself


def new_zone(served, name):
    return aws(served, "route53", "create-hosted-zone", "--name", name, "--caller-reference", name)["HostedZone"]["Id"]


def test_the_ready_line_names_both_ports(served):
    assert served["dns"].startswith("127.0.0.1:")
    assert served["api"].startswith("http://127.0.0.1:")
    assert served["zones"] == {}


@needs("aws")
@needs("dig")
def test_the_aws_cli_sets_up_failover_and_dig_sees_it(served, tmp_path):
    """Zone, check, change batch from a file, wait, list; the site fails and is repaired; then the check is inverted."""
    zone_id = new_zone(served, "cli.example")
    check = aws(served, "route53", "create-health-check", "--caller-reference", "east", "--health-check-config",
                "Type=HTTP,IPAddress=192.0.2.10,ResourcePath=/health,RequestInterval=10")["HealthCheck"]["Id"]
    pair = [{"Name": "app.cli.example", "Type": "A", "TTL": 60, "SetIdentifier": role, "Failover": role,
             "ResourceRecords": [{"Value": value}]} | more
            for role, value, more in (("PRIMARY", "192.0.2.10", {"HealthCheckId": check}),
                                      ("SECONDARY", "192.0.2.20", {}))]
    (tmp_path / "batch.json").write_text(json.dumps(
        {"Comment": "failover", "Changes": [{"Action": "CREATE", "ResourceRecordSet": record} for record in pair]}))
    info = aws(served, "route53", "change-resource-record-sets", "--hosted-zone-id", zone_id, "--change-batch",
               f"file://{tmp_path / 'batch.json'}")["ChangeInfo"]
    assert (info["Status"], info["Comment"]) == ("PENDING", "failover")
    run(served, "aws", "route53", "wait", "resource-record-sets-changed", "--id", info["Id"])
    assert aws(served, "route53", "get-change", "--id", info["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert dig(served, "app.cli.example") == ["192.0.2.10"]
    print("fail 192.0.2.10 crash", file=served["stdin"], flush=True)
    assert becomes(served, "app.cli.example", ["192.0.2.20"])
    seen = aws(served, "route53", "get-health-check-status", "--health-check-id", check)["HealthCheckObservations"]
    assert "Failure: Connection refused" in {each["StatusReport"]["Status"] for each in seen}
    print("repair 192.0.2.10", file=served["stdin"], flush=True)
    assert becomes(served, "app.cli.example", ["192.0.2.10"])
    run(served, "aws", "route53", "update-health-check", "--health-check-id", check, "--inverted")
    assert dig(served, "app.cli.example") == ["192.0.2.20"]
    listed = aws(served, "route53", "list-resource-record-sets", "--hosted-zone-id", zone_id, "--query",
                 "ResourceRecordSets[?Type=='A']")
    assert [(each["SetIdentifier"], each["Name"]) for each in listed] == [
        ("PRIMARY", "app.cli.example."), ("SECONDARY", "app.cli.example.")]


@needs("aws")
def test_the_aws_cli_prints_errors_as_from_aws(served):
    for command, words in (
            (("get-hosted-zone", "--id", "Z404"), "(NoSuchHostedZone) when calling the GetHostedZone operation"),
            (("list-traffic-policies",), "(NotImplemented) when calling the ListTrafficPolicies operation")):
        shown = run(served, "aws", "route53", *command, check=False)
        assert (shown.returncode, words in shown.stderr) in ((254, True), (255, True)), shown.stderr


@needs("aws")
def test_the_aws_cli_feeds_an_alarm_and_turns_a_switch(served):
    metric = ("--namespace", "Shop", "--metric-name", "Errors")
    run(served, "aws", "cloudwatch", "put-metric-alarm", "--alarm-name", "errors", *metric, "--statistic", "Sum",
        "--period", "60", "--evaluation-periods", "1", "--threshold", "5",
        "--comparison-operator", "GreaterThanThreshold")
    config = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "us-east-1", "Name": "errors"}}
    check = aws(served, "route53", "create-health-check", "--caller-reference", "alarm", "--health-check-config",
                json.dumps(config))["HealthCheck"]
    assert check["CloudWatchAlarmConfiguration"]["Threshold"] == 5
    run(served, "aws", "cloudwatch", "put-metric-data", *metric, "--value", "6")
    arn = "arn:aws:route53-recovery-control::1:controlpanel/x/routingcontrol/y"
    aws(served, "route53", "create-health-check", "--caller-reference", "switch", "--health-check-config",
        f"Type=RECOVERY_CONTROL,RoutingControlArn={arn}")
    run(served, "aws", "route53-recovery-cluster", "update-routing-control-state", "--routing-control-arn", arn,
        "--routing-control-state", "Off")
    assert aws(served, "route53-recovery-cluster", "get-routing-control-state", "--routing-control-arn",
               arn)["RoutingControlState"] == "Off"


OCTODNS = """
providers:
  config: {class: octodns.provider.yaml.YamlProvider, directory: ./zones, default_ttl: 60, enforce_order: false}
  route53: {class: octodns_route53.Route53Provider, access_key_id: x, secret_access_key: x}
zones:
  octo.example.: {sources: [config], targets: [route53]}
"""
DYNAMIC = """
app:
  type: A
  ttl: 60
  values: [192.0.2.9]
  octodns: {healthcheck: {host: app.octo.example, path: /health, port: 80, protocol: HTTP}}
  dynamic:
    pools:
      east: {fallback: west, values: [{value: 192.0.2.10, weight: 3}, {value: 192.0.2.11, weight: 1}]}
      west: {values: [{value: 192.0.2.20}]}
      europe: {fallback: east, values: [{value: 192.0.2.30}]}
    rules: [{geos: [EU], pool: europe}, {pool: east}]
www: {type: CNAME, ttl: 300, value: app.octo.example.}
"*": {type: A, value: 192.0.2.40}
"":
  - {type: MX, values: [{exchange: mail.octo.example., preference: 10}]}
  - {type: TXT, values: ["v=spf1 -all", "two\\\\; words"]}
"""


@needs("octodns-sync")
@needs("dig")
@pytest.mark.skipif(sys.platform != "linux", reason="asks from loopback addresses of several places")
def test_octodns_syncs_a_dynamic_record_and_then_has_nothing_to_do(served, tmp_path):
    """Geolocation over failover over weighted aliases: sixteen changes in one batch, targets first."""
    (tmp_path / "config.yaml").write_text(OCTODNS)
    (tmp_path / "zones").mkdir()
    (tmp_path / "zones" / "octo.example.yaml").write_text(DYNAMIC)

    def sync():
        return run(served, "octodns-sync", "--config-file=config.yaml", "--doit", "--force", cwd=tmp_path).stderr

    assert "Creates=5, Updates=0, Deletes=0" in sync()
    assert "No changes" in sync()
    zone_id = aws(served, "route53", "list-hosted-zones-by-name", "--dns-name", "octo.example", "--max-items", "1",
                  "--query", "HostedZones[0].Id")
    routed = aws(served, "route53", "list-resource-record-sets", "--hosted-zone-id", zone_id, "--query",
                 "ResourceRecordSets[?SetIdentifier]")
    assert {"GeoLocation", "Failover", "Weight"} <= {member for each in routed for member in each}
    assert becomes(served, "any.octo.example", ["192.0.2.40"])
    assert dig(served, "app.octo.example", "-b", "127.0.4.77") == ["192.0.2.30"]           # Ireland
    assert dig(served, "app.octo.example", "-b", "127.0.7.77")[0] in {"192.0.2.10", "192.0.2.11"}
    checks = aws(served, "route53", "list-health-checks")["HealthChecks"]
    assert {"192.0.2.10", "192.0.2.11", "192.0.2.20", "192.0.2.30"} <= {
        check["HealthCheckConfig"].get("IPAddress") for check in checks}
    changed = DYNAMIC.replace("{value: 192.0.2.20}", "{value: 192.0.2.21}").replace("weight: 3", "weight: 5")
    (tmp_path / "zones" / "octo.example.yaml").write_text(changed)
    assert "Updates=1" in sync()
    assert "No changes" in sync()
    remaining = {check["HealthCheckConfig"].get("IPAddress") for check in
                 aws(served, "route53", "list-health-checks")["HealthChecks"]}
    assert ("192.0.2.21" in remaining, "192.0.2.20" in remaining) == (True, False)
