"""Health checks through boto3: the settings, and what they do to the answers. Facts A15, A33 to A43, D13 to D15."""

import pytest
from botocore.exceptions import ClientError
from change_batches import change, create, refused, rrset, upsert

from failover_kit import Status
from failover_kit.timeline import Note

SWITCH = {"Type": "RECOVERY_CONTROL", "RoutingControlArn": "arn:x"}
HTTP = {"Type": "HTTP", "IPAddress": "192.0.2.1", "ResourcePath": "/health"}


def new_check(client, reference="c1", **config):
    return client.create_health_check(CallerReference=reference, HealthCheckConfig={**HTTP, **config})["HealthCheck"]


def bare_check(client, reference="c1", **config):
    """One without an endpoint."""
    return client.create_health_check(CallerReference=reference, HealthCheckConfig=config)["HealthCheck"]


# ---- settings --------------------------------------------------------------------------------------------------

def test_a_new_check_is_described(route53):
    """D13; the defaults of A6 and A11."""
    made = route53.create_health_check(CallerReference="c1", HealthCheckConfig=HTTP)
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    check = made["HealthCheck"]
    assert (check["CallerReference"], check["HealthCheckVersion"]) == ("c1", 1)
    assert HTTP.items() <= check["HealthCheckConfig"].items()
    assert {"RequestInterval": 30, "FailureThreshold": 3, "Inverted": False, "Disabled": False}.items() <= (
        check["HealthCheckConfig"].items())
    assert made["Location"].endswith(f"/healthcheck/{check['Id']}")
    assert route53.get_health_check(HealthCheckId=check["Id"])["HealthCheck"] == check
    assert route53.list_health_checks()["HealthChecks"] == [check]
    assert route53.get_health_check_count()["HealthCheckCount"] == 1


def test_the_same_request_again_gives_the_same_check(route53):
    """D13."""
    assert new_check(route53) == new_check(route53)
    assert route53.get_health_check_count()["HealthCheckCount"] == 1


@pytest.mark.parametrize("config", [{"IPAddress": "192.0.2.2"}, {"RequestInterval": 10}, {"Inverted": True}], ids=str)
def test_a_reference_does_not_stand_for_two_settings(route53, config):
    """D13."""
    new_check(route53)
    with refused("HealthCheckAlreadyExists", 409):
        new_check(route53, **config)


def test_the_reference_of_a_deleted_check_is_used_up(route53):
    """D13."""
    route53.delete_health_check(HealthCheckId=new_check(route53)["Id"])
    with refused("HealthCheckAlreadyExists", 409, "deleted"):
        new_check(route53)


def test_a_new_reference_makes_a_second_check_with_the_same_settings(route53):
    """D13."""
    assert new_check(route53)["Id"] != new_check(route53, "c2")["Id"]


BAD_CONFIGS = {
    "no endpoint": {"Type": "HTTP"},
    "interval between (A6)": {**HTTP, "RequestInterval": 20},
    "string match without a string": {**HTTP, "Type": "HTTP_STR_MATCH"},
    "TCP without a port": {"Type": "TCP", "IPAddress": "192.0.2.1"},
    "address for a calculated check (A2)": {"Type": "CALCULATED", "IPAddress": "192.0.2.1", "HealthThreshold": 1},
    "interval for a routing control (A6)": {**SWITCH, "RequestInterval": 30},
    "children that are not there": {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": ["nobody"]},
    "alarm that is not there": {"Type": "CLOUDWATCH_METRIC",
                                "AlarmIdentifier": {"Region": "us-east-1", "Name": "nothing"}},
    "name that is none": {"Type": "HTTP", "FullyQualifiedDomainName": "a..example.com"},
    "threshold of eleven (A11)": {**HTTP, "FailureThreshold": 11},
    "two Regions (A9)": {**HTTP, "Regions": ["us-east-1", "us-west-1"]},
}


@pytest.mark.parametrize("config", BAD_CONFIGS.values(), ids=BAD_CONFIGS)
def test_settings_that_cannot_work_are_invalid_input(lab, config):
    client = lab.api.client("route53", config=unchecked())
    with refused("InvalidInput", 400):
        bare_check(client, **config)
    assert client.get_health_check_count()["HealthCheckCount"] == 0
    bare_check(client, **HTTP)                                                    # and the reference is not used up


def unchecked():
    from botocore.config import Config

    return Config(parameter_validation=False)


def test_a_calculated_check_has_no_calculated_child(route53):
    """A38."""
    leaf = new_check(route53)["Id"]
    middle = bare_check(route53, "c2", Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[leaf])["Id"]
    with refused("InvalidInput", 400, "calculated"):
        bare_check(route53, "c3", Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[middle])


def test_no_more_than_200_checks(route53):
    """A45."""
    for number in range(200):
        bare_check(route53, str(number), Type="CALCULATED", HealthThreshold=0)
    with refused("TooManyHealthChecks", 400):
        new_check(route53, "last")
    limit = route53.get_account_limit(Type="MAX_HEALTH_CHECKS_BY_OWNER")
    assert (limit["Limit"]["Value"], limit["Count"]) == (200, 200)
    pages = route53.get_paginator("list_health_checks").paginate(PaginationConfig={"PageSize": 90})
    assert [len(page["HealthChecks"]) for page in pages] == [90, 90, 20]


# ---- updates ---------------------------------------------------------------------------------------------------

def test_every_update_is_a_new_version_and_a_stale_one_is_refused(route53):
    """D14."""
    check = new_check(route53)
    update = {"HealthCheckId": check["Id"], "HealthCheckVersion": 1}
    changed = route53.update_health_check(**update, FailureThreshold=5)["HealthCheck"]
    assert (changed["HealthCheckVersion"], changed["HealthCheckConfig"]["FailureThreshold"]) == (2, 5)
    with refused("HealthCheckVersionMismatch", 409, "version 2"):
        route53.update_health_check(**update, FailureThreshold=1)
    assert route53.get_health_check(HealthCheckId=check["Id"])["HealthCheck"] == changed
    assert route53.update_health_check(HealthCheckId=check["Id"], Port=8080)["HealthCheck"]["HealthCheckVersion"] == 3


def test_a_change_by_the_lab_is_a_version_too(lab, route53):
    from dataclasses import replace

    check = lab.health_check("192.0.2.1")
    assert route53.get_health_check(HealthCheckId=check.id)["HealthCheck"]["HealthCheckVersion"] == 1
    lab.put_health_check(replace(check, failure_threshold=1))
    with refused("HealthCheckVersionMismatch", 409):
        route53.update_health_check(HealthCheckId=check.id, HealthCheckVersion=1, Disabled=True)


RESETS = {
    "ResourcePath": ({}, {"ResourcePath": "/"}),
    "FullyQualifiedDomainName": ({"FullyQualifiedDomainName": "shop.example"}, {"FullyQualifiedDomainName": None}),
    "Regions": ({"Regions": ["us-east-1", "us-west-1", "eu-west-1"]}, {"Regions": None}),
}


@pytest.mark.parametrize(("member", "given", "after"), [(m, *row) for m, row in RESETS.items()], ids=RESETS)
def test_elements_are_reset(route53, member, given, after):
    """D14."""
    check = new_check(route53, **given)
    updated = route53.update_health_check(HealthCheckId=check["Id"], ResetElements=[member])["HealthCheck"]
    assert {name: updated["HealthCheckConfig"].get(name) for name in after} == after


def test_children_are_reset(route53):
    """D14, A36: without children no threshold but 0 can be met."""
    leaf = new_check(route53)["Id"]
    parent = bare_check(route53, "c2", Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[leaf])["Id"]
    updated = route53.update_health_check(HealthCheckId=parent, ResetElements=["ChildHealthChecks"])["HealthCheck"]
    assert "ChildHealthChecks" not in updated["HealthCheckConfig"]
    route53.delete_health_check(HealthCheckId=leaf)


@pytest.mark.parametrize("update", [
    {"IPAddress": "192.0.2.7"}, {"ResetElements": ["FullyQualifiedDomainName"]}], ids=str)
def test_an_address_is_neither_added_nor_is_the_last_endpoint_taken(route53, update):
    """D14."""
    check = bare_check(route53, Type="HTTP", FullyQualifiedDomainName="east.example.com")
    with refused("InvalidInput", 400):
        route53.update_health_check(HealthCheckId=check["Id"], **update)
    assert route53.get_health_check(HealthCheckId=check["Id"])["HealthCheck"] == check


@pytest.mark.parametrize("ask", [
    "get_health_check", "delete_health_check", "update_health_check", "get_health_check_status",
    "get_health_check_last_failure_reason"])
def test_an_unknown_check(route53, ask):
    """D15, D18."""
    with refused("NoSuchHealthCheck", 404, "nobody"):
        getattr(route53, ask)(HealthCheckId="nobody")


def test_a_child_is_not_deleted_from_under_its_parent(route53):
    leaf = new_check(route53)["Id"]
    parent = bare_check(route53, "c2", Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[leaf])["Id"]
    with refused("InvalidInput", 400, parent):
        route53.delete_health_check(HealthCheckId=leaf)


# ---- what they do ----------------------------------------------------------------------------------------------

@pytest.fixture
def pair(either_lab):
    """A failover pair made with boto3, its primary checked every 10 s: (lab, client, check's id, east, west)."""
    lab, client = either_lab, either_lab.api.client("route53")
    east, west = lab.site("us-east-1"), lab.site("us-west-2")
    check = new_check(client, IPAddress=east.address, RequestInterval=10)["Id"]
    change(client, lab.zone.id,
           create(rrset("app.example.com", east.address, SetIdentifier="e", Failover="PRIMARY", HealthCheckId=check)),
           create(rrset("app.example.com", west.address, SetIdentifier="w", Failover="SECONDARY")))
    return lab, client, check, east, west


def observed(client, check):
    return client.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"]


def answers(lab, *, within=0.0, site):
    """Does the DNS server answer with this site within so many seconds?"""
    end = lab.now + within
    while True:
        if lab.ask("app.example.com").answer[0].values == (site.address,):
            return True
        if lab.now >= end:
            return False
        lab.run(1)


def test_a_check_made_with_boto3_fails_over_and_back(pair):
    """A14, B25, B29: detected within 30 s at interval 10, back within 27 s; wider limits for real time."""
    lab, client, check, east, west = pair
    lab.run(15)
    assert answers(lab, site=east)
    east.fail("crash")
    assert answers(lab, within=120, site=west)
    reasons = client.get_health_check_last_failure_reason(HealthCheckId=check)["HealthCheckObservations"]
    assert len(reasons) >= 14                                                                               # A14
    assert {seen["StatusReport"]["Status"] for seen in reasons} == {"Failure: Connection refused"}
    east.repair()
    assert answers(lab, within=120, site=east)


def test_every_checker_reports_for_itself(pair):
    """D15, A8, A9: one observation each, no verdict."""
    lab, client, check, _, _ = pair
    assert observed(client, check) == []
    lab.run(15)
    seen = observed(client, check)
    assert len(seen) == len({each["IPAddress"] for each in seen}) == 16
    assert sorted(each["Region"] for each in seen) == sorted(2 * [
        "us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
        "sa-east-1"])
    assert {each["StatusReport"]["Status"] for each in seen} == {"Success: HTTP Status Code 200, OK"}
    newest = max(each["StatusReport"]["CheckedTime"] for each in seen)
    assert 0 <= (lab.api.time - newest).total_seconds() <= 15
    assert client.get_health_check_last_failure_reason(HealthCheckId=check)["HealthCheckObservations"] == []


@pytest.mark.parametrize(("update", "is_up", "serves"), [
    ({"Inverted": True}, True, "west"),                        # A33
    ({"Inverted": True}, False, "east"),
    ({"Disabled": True}, False, "east"),                       # A34: traffic goes on to the dead endpoint
    ({"Disabled": True, "Inverted": True}, True, "west"),
], ids=["inverted, up", "inverted, down", "disabled, down", "both, up"])
def test_a_setting_takes_effect_at_once(pair, update, is_up, serves):
    lab, client, check, east, west = pair
    if not is_up:
        east.fail("crash")
        assert answers(lab, within=120, site=west)
    client.update_health_check(HealthCheckId=check, **update)
    assert answers(lab, site={"east": east, "west": west}[serves])


def test_a_record_whose_check_is_deleted_counts_as_healthy(pair):
    """A35."""
    lab, client, check, east, west = pair
    east.fail("crash")
    assert answers(lab, within=120, site=west)
    client.delete_health_check(HealthCheckId=check)
    assert answers(lab, site=east)
    lab.run(15)
    assert answers(lab, site=east)
    (warning,) = [event for event in lab.timeline if isinstance(event, Note) and "was deleted while" in event.text]
    assert "app.example.com. A (e)" in warning.text


def test_a_disabled_check_is_not_probed(lab, route53):
    """A34."""
    east = lab.site("us-east-1")
    check = new_check(route53, IPAddress=east.address, RequestInterval=10, Disabled=True)["Id"]
    lab.run(60)
    assert observed(route53, check) == []
    route53.update_health_check(HealthCheckId=check, Disabled=False)
    lab.run(20)
    assert len(observed(route53, check)) == 16


def test_a_region_that_comes_back_is_probed_from_again(lab, route53):
    """A10 in the lab: a checker that is no longer wanted leaves after its next turn."""
    east = lab.site("us-east-1")
    check = new_check(route53, IPAddress=east.address, RequestInterval=10)["Id"]

    def regions():
        return {each["Region"] for each in observed(route53, check)
                if (lab.api.time - each["StatusReport"]["CheckedTime"]).total_seconds() < 12}

    lab.run(30)
    few = ["us-east-1", "us-west-1", "eu-west-1"]
    route53.update_health_check(HealthCheckId=check, Regions=few)
    lab.run(30)
    assert regions() == set(few)
    route53.update_health_check(HealthCheckId=check, ResetElements=["Regions"])
    lab.run(30)
    assert len(regions()) == 8


def test_a_check_by_name_finds_its_address_in_the_lab(lab, route53):
    """A29."""
    east = lab.site("us-east-1")
    check = bare_check(route53, Type="HTTP", FullyQualifiedDomainName="east.example.com", RequestInterval=10)["Id"]
    lab.run(20)

    def reports():
        return {each["StatusReport"]["Status"] for each in observed(route53, check)}

    assert reports() == {"Failure: DNS resolution failed"}
    change(route53, lab.zone.id, upsert(rrset("east.example.com", east.address)))
    lab.run(20)
    assert reports() == {"Success: HTTP Status Code 200, OK"}


@pytest.mark.parametrize(("inverted", "status"), [(False, Status.HEALTHY), (True, Status.UNHEALTHY)])
@pytest.mark.parametrize("config", [HTTP, {"Type": "CALCULATED", "HealthThreshold": 0}, SWITCH],
                         ids=["HTTP", "CALCULATED", "RECOVERY_CONTROL"])
def test_a_new_check_is_healthy_unless_inverted(lab, route53, config, inverted, status):
    """A15, H18."""
    assert lab.status(bare_check(route53, **config, Inverted=inverted)["Id"]) is status


@pytest.mark.parametrize(("threshold", "status"), [
    (0, Status.HEALTHY), (2, Status.HEALTHY), (3, Status.UNHEALTHY), (4, Status.UNHEALTHY)])
def test_a_calculated_check_counts_its_children(lab, route53, threshold, status):
    """A36: two of three children are healthy."""
    children = [new_check(route53, f"c{number}", Disabled=True, Inverted=number == 2)["Id"] for number in range(3)]
    parent = bare_check(route53, "p", Type="CALCULATED", HealthThreshold=threshold, ChildHealthChecks=children)["Id"]
    assert lab.status(parent) is status
    assert observed(route53, parent) == []
    for child in children[:2]:
        route53.update_health_check(HealthCheckId=child, Inverted=True)
    assert lab.status(parent) is (Status.HEALTHY if threshold == 0 else Status.UNHEALTHY)


def test_a_refused_update_leaves_the_answers_alone(pair):
    lab, client, check, east, _ = pair
    before = lab.service.monitor.checks
    with pytest.raises(ClientError):
        client.update_health_check(HealthCheckId=check, Inverted=True, HealthCheckVersion=7)
    assert lab.service.monitor.checks == before
    assert answers(lab, site=east)
