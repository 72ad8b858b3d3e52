"""AWS's JSON protocol against botocore: the ARC cluster and CloudWatch."""

import json
from datetime import UTC, datetime
from random import Random

import pytest
from botocore_oracle import botocore_answer, botocore_request, offline_client, plain, sample

from failover_kit.aws import json_rpc
from failover_kit.aws.model import service_model
from failover_kit.aws.protocol import MAX_BODY, AwsError, Request

ARC, CLOUDWATCH = service_model("route53-recovery-cluster"), service_model("cloudwatch")
OPERATIONS = [*(ARC.operation_model(name) for name in ARC.operation_names),
              *(CLOUDWATCH.operation_model(name) for name in
                ("PutMetricData", "PutMetricAlarm", "GetMetricData", "GetMetricStatistics", "ListMetrics"))]
by_name = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def ask(target, body):
    request = Request("POST", "/", headers={"x-amz-target": target}, body=body)
    return json_rpc.parse_request(json_rpc.route(request), request)


@by_name
def test_what_boto3_sends_is_read_back(operation):
    rng = Random(f"request {operation.name}")
    for _ in range(100):
        params = sample(operation.input_shape, rng)
        request = botocore_request(operation, params, "json")
        target = json_rpc.route(request)
        assert target.operation.name == operation.name
        assert plain(json_rpc.parse_request(target, request)) == plain(params)


@by_name
def test_what_is_answered_boto3_reads_back(operation):
    rng = Random(f"response {operation.name}")
    for _ in range(100):
        values = sample(operation.output_shape, rng) if operation.output_shape else {}
        response = json_rpc.serialise_response(operation, values, "r-1")
        parsed, metadata = botocore_answer(response, operation.output_shape, "json")
        assert (response.status, metadata["RequestId"]) == (200, "r-1")
        assert plain(numbers(parsed)) == plain(numbers(values))


def numbers(value):
    """JSON has no infinity: botocore leaves the word as it is."""
    words = {float("inf"): "Infinity", float("-inf"): "-Infinity"}
    match value:
        case dict():
            return {name: numbers(item) for name, item in value.items()}
        case list():
            return [numbers(item) for item in value]
        case float():
            return words.get(value, value)
    return value


@pytest.mark.parametrize("target", ["ToggleCustomerAPI.FlipEverything", "GraniteServiceVersion20100801.",
                                    "PutMetricData", "Other.PutMetricData", ".PutMetricData", ""])
def test_unknown_operation_is_answered_by_name(target):
    with pytest.raises(AwsError) as caught:
        json_rpc.route(Request("POST", "/", headers={"X-Amz-Target": target}))
    assert caught.value.code == "UnknownOperationException"
    assert repr(target) in caught.value.message


GET, FLIP, PUT = ("ToggleCustomerAPI.GetRoutingControlState", "ToggleCustomerAPI.UpdateRoutingControlState",
                  "GraniteServiceVersion20100801.PutMetricData")


@pytest.mark.parametrize(("target", "body", "code", "parts"), [
    (GET, b"", "ValidationException", ["1 validation error", "Value null at 'routingControlArn'"]),
    (GET, b'{"RoutingControlArn": null}', "ValidationException", ["Value null at 'routingControlArn'"]),
    (GET, b'{"RoutingControlArn": 5}', "ValidationException", ["Value '5' at 'routingControlArn'", "be a string"]),
    (GET, b'{"RoutingControlArn": "a b"}', "ValidationException", ["regular expression pattern: ^[A-Za-z0-9:"]),
    (FLIP, b'{"RoutingControlArn": "a", "RoutingControlState": "Half", "Colour": {"a": 1}}', "ValidationException",
     ["2 validation errors", "enum value set: [On, Off]", "at 'colour'", "[RoutingControlArn, RoutingControlState"]),
    (FLIP, b'{"RoutingControlArn": "a", "RoutingControlState": "On", "SafetyRulesToOverride": "x"}',
     "ValidationException", ["Value 'x' at 'safetyRulesToOverride'", "be a list"]),
    (PUT, b'{"MetricData": [{"Value": 1}]}', "MissingParameter",
     ["2 validation errors", "'namespace'", "'metricData.1.member.metricName'"]),
    (PUT, b'{"MetricData": [{"MetricName": ""}]}', "InvalidParameterValue",
     ["2 validation errors", "null at 'namespace'", "'' at 'metricData.1.member.metricName'"]),
    (PUT, b'{"Namespace": "A", "MetricData": [{"MetricName": "m", "Value": "high"}]}', "InvalidParameterValue",
     ["Value 'high' at 'metricData.1.member.value'", "be a number"]),
    (PUT, b'{"Namespace": "A", "MetricData": [{"MetricName": "m", "Value": true, "StorageResolution": 1.5}]}',
     "InvalidParameterValue", ["Value 'true' at", "Value '1.5' at", "be an integer"]),
    (PUT, b'{"Namespace": "A", "MetricData": [{"MetricName": "m", "Timestamp": "noon"}]}', "InvalidParameterValue",
     ["Value 'noon' at 'metricData.1.member.timestamp'", "be a time"]),
    (PUT, b'{"Namespace": "A", "MetricData": [{"MetricName": "m", "Timestamp": 1e300}]}', "InvalidParameterValue",
     ["be a time"]),
    (PUT, b"<xml/>", "SerializationException", ["not JSON"]),
    (PUT, b"[]", "SerializationException", ["not a JSON object"]),
    (PUT, b'{"Namespace": NaN}', "SerializationException", ["NaN is not a JSON value"]),
    (PUT, b"\xff", "SerializationException", ["not JSON"]),
    (PUT, b'{"a":' * 100_000, "SerializationException", ["not JSON"]),
    (PUT, b" " * (MAX_BODY + 1), "RequestEntityTooLargeException", [str(MAX_BODY)]),
], ids=lambda value: value[:50] if isinstance(value, (bytes, str)) else "")
def test_refused(target, body, code, parts):
    with pytest.raises(AwsError) as caught:
        ask(target, body)
    assert caught.value.code == code
    assert all(part in caught.value.message for part in parts), caught.value.message


def test_times_may_be_numbers_or_text():
    times = [1706702400, 1706702400.25, "1706702400", "2024-01-31T12:00:00Z", "2024-01-31T12:00:00",
             "2024-01-31T13:00:00+01:00", "Wed, 31 Jan 2024 12:00:00 GMT"]
    body = json.dumps({"Namespace": "A", "MetricData": [{"MetricName": "m", "Timestamp": time} for time in times]})
    noon = datetime(2024, 1, 31, 12, tzinfo=UTC)
    assert [datum["Timestamp"] for datum in ask(PUT, body.encode())["MetricData"]] == [
        noon, noon.replace(microsecond=250_000), noon, noon, noon, noon, noon]


def test_cloudwatch_errors_carry_the_name_of_today_and_the_code_of_old():
    response = json_rpc.serialise_error(AwsError("InternalServiceError", "x"), "r-1", CLOUDWATCH)
    assert json.loads(response.body) == {"__type": "InternalServiceFault", "message": "x"}
    assert (response.status, response.headers["x-amzn-query-error"]) == (500, "InternalServiceError;Receiver")


# --- boto3 itself, with this protocol in place of the network ---------------------------------------------------------

def client(service, behave):
    def serve(request):
        try:
            target = json_rpc.route(request)
            values = behave(target.operation.name, json_rpc.parse_request(target, request))
            return json_rpc.serialise_response(target.operation, values, "r-1")
        except AwsError as error:
            return json_rpc.serialise_error(error, "r-1", service_model(service))

    return offline_client(service, serve)


def test_boto3_flips_a_routing_control():                                                       # E12, E13
    states = {"arn:one": "Off"}

    def behave(name, params):
        if name == "UpdateRoutingControlState":
            states[params["RoutingControlArn"]] = params["RoutingControlState"]
            return {}
        return {"RoutingControlArn": "arn:one", "RoutingControlState": states["arn:one"]}

    arc = client("route53-recovery-cluster", behave)
    arc.update_routing_control_state(RoutingControlArn="arn:one", RoutingControlState="On")
    assert arc.get_routing_control_state(RoutingControlArn="arn:one")["RoutingControlState"] == "On"


def test_boto3_names_an_arc_error_and_reads_its_fields():
    def behave(name, params):
        raise AwsError("ConflictException", "A safety rule forbids it.",
                       fields={"resourceId": "arn:rule", "resourceType": "SafetyRule"})

    arc = client("route53-recovery-cluster", behave)
    with pytest.raises(arc.exceptions.ConflictException, match="A safety rule forbids it") as caught:
        arc.update_routing_control_state(RoutingControlArn="arn:one", RoutingControlState="On")
    assert caught.value.response["resourceId"] == "arn:rule"
    assert caught.value.response["ResponseMetadata"]["RequestId"] == "r-1"


def test_boto3_puts_metric_data_and_sees_the_codes_of_old():
    seen = []
    cloudwatch = client("cloudwatch", lambda name, params: seen.append((name, params)) or {})
    moment = datetime(2025, 1, 31, 12, tzinfo=UTC)
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=[
        {"MetricName": "Orders", "Value": 3.0, "Timestamp": moment}])
    assert seen == [("PutMetricData", {"Namespace": "Shop", "MetricData": [
        {"MetricName": "Orders", "Value": 3.0, "Timestamp": moment}]})]
    with pytest.raises(cloudwatch.exceptions.InvalidParameterValueException) as caught:
        cloudwatch.put_metric_data(Namespace=":x", MetricData=[])
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"
    assert caught.value.response["Error"]["Type"] == "Sender"
