"""api.py by itself: which protocol a request is in, bad input, errors in AWS's form, and the state as it was."""

import logging
from random import Random

import pytest
from botocore_oracle import WORD, botocore_answer, botocore_request, offline_client, sample
from change_batches import change, create, refused, rrset

from failover_kit.aws.api import OPERATIONS, Api, protocol_of
from failover_kit.aws.model import service_model
from failover_kit.aws.protocol import MAX_BODY, Request
from failover_kit.healthcheck import HealthCheck
from failover_kit.service import Route53
from failover_kit.zone import HostedZone

CLUSTER = "route53-recovery-cluster"
XML = "http://route53.amazonaws.com/doc/2013-04-01/"


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def api(clock):
    service = Route53()
    service.put_zone(HostedZone("example.com"), 0.0)
    return Api(service, lambda: clock[0])


def test_every_operation_that_is_built_is_one_of_aws(api):
    for service, operations in OPERATIONS.items():
        assert operations.keys() <= set(service_model(service).operation_names)
    assert OPERATIONS[CLUSTER].keys() == set(service_model(CLUSTER).operation_names)


@pytest.mark.parametrize("name", sorted(set(service_model("route53").operation_names) - OPERATIONS["route53"].keys()))
def test_every_other_operation_is_refused_by_name(api, name):
    """Before its parameters are looked at."""
    operation = service_model("route53").operation_model(name)
    path = operation.http["requestUri"].partition("?")[0].replace("{", "").replace("}", "").replace("+", "")
    response = api.handle(Request(operation.http["method"], path, body=b"<x>"))
    assert response.status == 501
    assert f"<Code>NotImplemented</Code><Message>{name} is not part of this lab." in response.body.decode()


@pytest.mark.parametrize(("request_", "service"), [
    (Request("GET", "/2013-04-01/hostedzone"), "route53"), (Request("GET", "/"), "route53"),
    (Request("POST", "/"), "cloudwatch"), (Request("POST", ""), "cloudwatch"),
    (Request("POST", "/", headers={"X-Amz-Target": "GraniteServiceVersion20100801.PutMetricData"}), "cloudwatch"),
    (Request("POST", "/", headers={"x-amz-target": "ToggleCustomerAPI.ListRoutingControls"}), CLUSTER),
    (Request("POST", "/", headers={"X-Amz-Target": "Nobody.Nothing"}), CLUSTER),
], ids=["route 53", "root", "form", "no path", "json cloudwatch", "json cluster", "json nobody"])
def test_the_protocol_is_told_by_header_and_path(request_, service):
    assert protocol_of(request_).service == service


def batch(record, action="CREATE"):
    return (f'<ChangeResourceRecordSetsRequest xmlns="{XML}"><ChangeBatch><Changes><Change><Action>{action}</Action>'
            f"<ResourceRecordSet>{record}</ResourceRecordSet></Change></Changes></ChangeBatch>"
            "</ChangeResourceRecordSetsRequest>").encode()


GOOD = ("<Name>a.example.com</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord>"
        "<Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>")
BAD = {
    "no XML": (b"hello", 400, "MalformedInput"),
    "half of it": (batch(GOOD)[:-40], 400, "MalformedInput"),
    "another document": (b"<CreateHostedZoneRequest/>", 400, "MalformedInput"),
    "entities": (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', 400, "MalformedInput"),
    "not UTF-8": (batch(GOOD).replace(b"a.example", b"\xff.example"), 400, "MalformedInput"),
    "unknown action": (batch(GOOD, "REPLACE"), 400, "InvalidInput"),
    "unknown member": (batch(GOOD + "<Colour>red</Colour>"), 400, "InvalidInput"),
    "TTL in words": (batch(GOOD.replace("60", "soon")), 400, "InvalidInput"),
    "no name": (batch(GOOD.replace("<Name>a.example.com</Name>", "")), 400, "InvalidInput"),
    "no body": (b"", 400, "InvalidInput"),
    "two bytes over the limit": (b"<" + b"x" * MAX_BODY + b">", 413, "RequestEntityTooLargeException"),
}


@pytest.mark.parametrize(("body", "status", "code"), BAD.values(), ids=BAD)
def test_a_bad_body_gets_an_aws_error_and_changes_nothing(api, body, status, code):
    before = dict(api.account.service.zones)
    response = api.handle(Request("POST", f"/2013-04-01/hostedzone/{next(iter(before))}/rrset/", body=body))
    assert (response.status, f"<Code>{code}</Code>" in response.body.decode()) == (status, True), response.body
    assert b"<RequestId>" in response.body
    assert api.account.service.zones == before
    assert not api.account.changes


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("GET", "/", 404, "UnknownOperationException"), ("GET", "/2013-04-01/nothing", 404, "UnknownOperationException"),
    ("GET", "/2012-12-12/hostedzone", 404, "UnknownOperationException"),
    ("PATCH", "/2013-04-01/hostedzone", 405, "MethodNotAllowed"),
    ("GET", "/2013-04-01/hostedzone/%2E%2E%2Fx", 404, "NoSuchHostedZone"),
])
def test_a_request_for_nothing_that_is_there(api, method, path, status, code):
    response = api.handle(Request(method, path))
    assert (response.status, f"<Code>{code}</Code>" in response.body.decode()) == (status, True), response.body


@pytest.mark.parametrize(("target", "body", "code"), [
    ("ToggleCustomerAPI.Nothing", b"{}", "UnknownOperationException"),
    ("Nobody.Nothing", b"{}", "UnknownOperationException"),
    ("ToggleCustomerAPI.GetRoutingControlState", b"{", "SerializationException"),
    ("ToggleCustomerAPI.GetRoutingControlState", b"{}", "ValidationException"),
    ("GraniteServiceVersion20100801.PutMetricData", b"{}", "MissingParameter"),
    ("GraniteServiceVersion20100801.ListMetrics", b"{}", "NotImplemented"),
])
def test_json_errors_are_json(api, target, body, code):
    response = api.handle(Request("POST", "/", headers={"X-Amz-Target": target}, body=body))
    shown = response.headers.get("x-amzn-query-error", "") + response.body.decode()
    assert code in shown
    assert response.headers["Content-Type"].startswith("application/x-amz-json")


def test_random_bytes_never_break_it(api, caplog):
    """Whatever comes: an answer with a status, no InternalFailure, and the zone untouched."""
    rng = Random(7)
    before = dict(api.account.service.zones)
    paths = ["/", *(f"/2013-04-01/{path}" for path in (
        "hostedzone", f"hostedzone/{next(iter(before))}/rrset", "healthcheck", "tags/healthcheck/x", "testdnsanswer",
        "%ff%00", "change/"))]
    queries = ["", "maxitems=-1", "name=%ff&type=A", "=&&=", "hostedzoneid=x&recordname=y"]
    good = batch(GOOD)
    for _ in range(2000):
        body = bytearray(good)
        for _ in range(rng.randrange(1, 30)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        headers = rng.choice([{}, {"X-Amz-Target": rng.randbytes(9).decode("latin-1")}])
        response = api.handle(Request(rng.choice(["GET", "POST", "DELETE", "PUT", ""]), rng.choice(paths),
                                      rng.choice(queries), headers, bytes(body)))
        assert 200 <= response.status < 600
        assert response.status != 500, response.body
    assert not caplog.records
    # A flipped byte may leave a batch that is sound: then its record set is there, and nothing else.
    assert all(zone.name == "example.com." for zone in api.account.service.zones.values())


SERVICES = {"route53": "rest-xml", CLUSTER: "json", "cloudwatch": "json"}
BUILT = [(service, service_model(service).operation_model(name)) for service in SERVICES
         for name in OPERATIONS[service]]


@pytest.mark.parametrize(("service", "operation"), BUILT, ids=lambda v: getattr(v, "name", v))
def test_whatever_the_model_allows_is_answered(api, caplog, service, operation):
    """Random parameters that boto3 could send, with ids that exist now and then: an answer that boto3 can read."""
    rng = Random(operation.name)
    zone_id, check = next(iter(api.account.service.zones)), HealthCheck(id="check-1", ip_address="192.0.2.1")
    for _ in range(60):
        if zone_id not in api.account.service.zones:
            api.account.service.put_zone(HostedZone("example.com", id=zone_id), 0.0)
        api.account.put_check(check)
        params = sample(operation.input_shape, rng, WORD + ".*é/")
        known = {"Id": zone_id, "HostedZoneId": zone_id, "HealthCheckId": check.id, "ResourceId": check.id}
        params |= {name: value for name, value in known.items() if name in params and rng.random() < 0.7}
        response = api.handle(botocore_request(operation, params, SERVICES[service], validate=False))
        parsed, metadata = botocore_answer(response, operation.output_shape, SERVICES[service])
        assert response.status < 500 or parsed["Error"]["Code"] == "NotImplemented", parsed
        assert metadata["RequestId"]
        assert ("Error" in parsed) == (response.status >= 300)
    assert not caplog.records


def test_a_fault_of_the_api_itself_is_an_internal_failure_in_the_log(api, monkeypatch, caplog):
    monkeypatch.setitem(OPERATIONS["route53"], "GetHostedZoneCount", lambda account, asked: 1 / 0)
    client = offline_client("route53", api.handle)
    client.meta.events.unregister("needs-retry.route-53", unique_id="retry-config-route-53")
    with caplog.at_level(logging.ERROR), refused("InternalFailure", 500):
        client.get_hosted_zone_count()
    assert "ZeroDivisionError" in caplog.text


def test_without_a_timer_a_change_arrives_with_the_next_request_after_it_is_due(api, clock):
    """D11. The pure API, driven by hand."""
    client = offline_client("route53", api.handle)
    zone_id = next(iter(api.account.service.zones))
    info = change(client, zone_id, create(rrset("a.example.com")))
    for now, status, verdict in ((1.9, "PENDING", "NXDOMAIN"), (2.0, "INSYNC", "NOERROR")):
        clock[0] = now
        assert client.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == status
        assert api.account.service.explain("a.example.com.").rcode == verdict


def test_five_requests_a_second_and_no_more(api, clock):
    """D8, where it is asked for."""
    api.requests_per_second = 5
    client = offline_client("route53", api.handle)
    client.meta.events.unregister("needs-retry.route-53", unique_id="retry-config-route-53")
    for _ in range(5):
        client.get_hosted_zone_count()
    with refused("Throttling", 400, "Rate exceeded"):
        client.get_hosted_zone_count()
    clock[0] = 0.99
    with refused("Throttling", 400):
        client.get_hosted_zone_count()
    clock[0] = 1.0
    client.get_hosted_zone_count()


def test_the_same_seed_gives_the_same_ids(clock):
    def story(seed):
        client = offline_client("route53", Api(Route53(), lambda: 0.0, seed=seed).handle)
        made = client.create_hosted_zone(Name="shop.example", CallerReference="r")
        return made["HostedZone"]["Id"], made["ChangeInfo"]["Id"], made["ResponseMetadata"]["RequestId"]

    assert story(1) == story(1)
    assert not set(story(1)) & set(story(2))


def test_the_aws_form_of_cloudwatch_is_spoken_too(api):
    """The query protocol of older clients."""
    body = b"Action=PutMetricData&Namespace=Shop&MetricData.member.1.MetricName=Errors&MetricData.member.1.Value=1"
    response = api.handle(Request("POST", "/", body=body))
    assert (response.status, b"PutMetricDataResponse" in response.body) == (200, True)

