"""lab.api in both worlds: boto3's own clients, waiters in lab time, and nothing of this machine's AWS set-up."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, WaiterError
from change_batches import change, create, refused, rrset

from failover_kit import ConfigurationError, Lab
from failover_kit.aws.lab_api import CLIENTS
from failover_kit.errors import LabError


@pytest.mark.parametrize("service", CLIENTS)
def test_a_client_of_each_service(either_lab, service):
    client = either_lab.api.client(service)
    assert client.meta.service_model.service_name == service
    assert client.meta.region_name == "us-east-1"


def test_other_services_are_not_spoken(lab):
    with pytest.raises(LabError, match=r"'s3'.*route53"):
        lab.api.client("s3")


def test_options_reach_boto3(lab):
    from botocore.config import Config

    client = lab.api.client("route53", config=Config(user_agent_extra="lesson"))
    assert client.meta.config.user_agent_extra == "lesson"


def test_a_virtual_lab_has_no_url_and_opens_no_socket(lab, monkeypatch):
    import socket

    client = lab.api.client("route53")
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    assert client.get_hosted_zone_count()["HostedZoneCount"] == 1
    with pytest.raises(LabError, match="nothing listens"):
        _ = lab.api.url


def test_a_live_lab_listens_on_loopback_until_it_is_closed():
    import urllib.error
    import urllib.request

    with Lab.live() as lab:
        url = lab.api.url
        assert url.startswith("http://127.0.0.1:")
        assert lab.api.url == url
        with urllib.request.urlopen(f"{url}/2013-04-01/hostedzonecount") as answer:
            assert b"<HostedZoneCount>1</HostedZoneCount>" in answer.read()
        with pytest.raises(LabError, match="already"):
            lab.api.start()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{url}/2013-04-01/hostedzonecount")


def test_a_port_that_is_taken_is_named():
    with Lab.live() as one, Lab.live() as other:
        port = int(one.api.url.rpartition(":")[2])
        with pytest.raises(LabError, match=f"TCP port {port}.*another port"):
            other.api.start(port=port)
        assert other.api.url


# ---- errors and attempts ---------------------------------------------------------------------------------------

def test_one_attempt_a_call_and_a_message_as_aws_prints_it(either_lab):
    client = either_lab.api.client("route53")
    either_lab.api.outage()
    with pytest.raises(ClientError) as caught:
        client.list_hosted_zones()
    assert str(caught.value) == ("An error occurred (ServiceUnavailable) when calling the ListHostedZones operation: "
                                 "The Route 53 API is impaired. DNS answers and health checks go on.")
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    either_lab.api.outage(False)
    with pytest.raises(client.exceptions.NoSuchHostedZone, match="operation: No hosted zone found with ID: Z404"):
        client.get_hosted_zone(Id="Z404")


# ---- waiters ---------------------------------------------------------------------------------------------------

def pending(lab, client, propagation):
    lab.api.propagation = propagation
    return change(client, lab.zone.id, create(rrset("www.example.com")))["Id"]


def test_the_waiter_waits_in_lab_time(lab, route53):
    """Delay 30 s as in boto3's own, but virtual."""
    change_id = pending(lab, route53, 100)
    began = time.monotonic()
    waiter = route53.get_waiter("resource_record_sets_changed")
    waiter.wait(Id=change_id)
    assert lab.now == 120
    assert time.monotonic() - began < 5
    assert (waiter.name, waiter.config.delay) == ("ResourceRecordSetsChanged", 30)


def test_the_waiter_of_a_live_lab_waits_at_the_labs_speed():
    with Lab.live(speed=100) as lab:
        client = lab.api.client("route53")
        change_id = pending(lab, client, 29)
        began = time.monotonic()
        client.get_waiter("resource_record_sets_changed").wait(Id=change_id)
        assert lab.now >= 29
        assert time.monotonic() - began < 10
        assert lab.ask("www.example.com").answer


def test_a_waiter_gives_up_after_its_attempts(lab, route53):
    change_id = pending(lab, route53, 100)
    waiter = route53.get_waiter("resource_record_sets_changed")
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        waiter.wait(Id=change_id, WaiterConfig={"Delay": 3, "MaxAttempts": 4})
    assert lab.now == 9


def test_a_waiter_passes_an_error_on_at_once(lab, route53):
    waiter = route53.get_waiter("resource_record_sets_changed")
    with pytest.raises(WaiterError, match="NoSuchChange"):
        waiter.wait(Id="C404")
    assert lab.now == 0


# ---- from inside the lab ---------------------------------------------------------------------------------------

def test_somebody_in_the_story_may_use_boto3(either_lab):
    """A call at a moment of lab time, from where the actors run."""
    lab, client = either_lab, either_lab.api.client("route53")
    lab.at(lab.now + 40, lambda: change(client, lab.zone.id, create(rrset("www.example.com"))))
    assert lab.ask("www.example.com").rcode == "NXDOMAIN"
    lab.run(45)
    assert lab.ask("www.example.com").rcode == "NOERROR"


def test_nobody_in_a_live_story_may_wait_for_it():
    with Lab.live(speed=20) as lab:
        client = lab.api.client("route53")
        change_id = pending(lab, client, 100)
        caught = []

        def wait():
            with pytest.raises(LabError, match="actors") as error:
                client.get_waiter("resource_record_sets_changed").wait(Id=change_id)
            caught.append(error)
        lab.at(1, wait)
        lab.run(3)
        assert caught


# ---- the lab's own settings ------------------------------------------------------------------------------------

def test_the_calendar(lab):
    assert lab.api.time == datetime(2026, 1, 1, tzinfo=UTC)
    lab.run(90)
    assert (lab.api.time - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() == 90
    with Lab.live() as live:
        assert abs((live.api.time - datetime.now(UTC)).total_seconds()) < 5


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_propagation_that_cannot_be(lab, seconds):
    with pytest.raises(LabError, match="propagation"):
        lab.api.propagation = seconds


def test_names_of_controls_and_rules_are_used_once(lab):
    arn = lab.api.routing_control("east")
    lab.api.safety_rule("guard", [arn])
    for repeat in (lambda: lab.api.routing_control("east"), lambda: lab.api.routing_control("two words"),
                   lambda: lab.api.safety_rule("guard", [arn]), lambda: lab.api.safety_rule("other", []),
                   lambda: lab.api.safety_rule("other", [arn], type="SOME")):
        with pytest.raises(ConfigurationError):
            repeat()


def test_the_labs_zone_may_be_deleted_through_the_api(lab, route53):
    route53.delete_hosted_zone(Id=lab.zone.id)
    with pytest.raises(LabError, match="no hosted zone"):
        lab.simple("www.example.com", "192.0.2.1")
    with refused("NoSuchHostedZone"):
        route53.get_hosted_zone(Id="Z0FAILOVERKIT00000001")


# ---- nothing of this machine -----------------------------------------------------------------------------------

STORY = """
import json
from failover_kit import Lab
told = []
for lab in (Lab.virtual(seed=2), Lab.live(seed=2)):
    with lab:
        client = lab.api.client("route53")
        made = client.create_hosted_zone(Name="shop.example", CallerReference="r")
        told.append([made["HostedZone"]["Id"], client.meta.region_name, client.meta.config.signature_version])
print(json.dumps(told))
"""


def test_profiles_proxies_and_endpoints_of_this_machine_are_not_used(tmp_path):
    (tmp_path / "config").write_text("[default]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\n")
    hostile = {"AWS_PROFILE": "nobody", "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_DEFAULT_REGION": "ap-south-1",
               "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9",
               "AWS_ACCESS_KEY_ID": "real", "AWS_SECRET_ACCESS_KEY": "real", "AWS_RETRY_MODE": "adaptive"}
    shown = subprocess.run([sys.executable, "-c", STORY], env={**os.environ, **hostile}, capture_output=True, text=True,
                           timeout=60, check=False)
    assert shown.returncode == 0, shown.stderr
    virtual, live = json.loads(shown.stdout)
    assert virtual == live
    assert virtual[1] == "us-east-1"


def test_a_forgotten_lab_stops_listening():
    import gc
    import urllib.error
    import urllib.request

    lab = Lab.live()
    url = lab.api.url
    lab.api.client("route53").list_hosted_zones()
    del lab
    gc.collect()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{url}/2013-04-01/hostedzonecount")
