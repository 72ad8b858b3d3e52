"""AWS's query protocol against botocore: CloudWatch for older clients."""

from random import Random

import pytest
from botocore_oracle import botocore_answer, botocore_request, plain, sample

from failover_kit.aws import query_rpc
from failover_kit.aws.model import service_model
from failover_kit.aws.protocol import AwsError, Request

CLOUDWATCH = service_model("cloudwatch")
OPERATIONS = [CLOUDWATCH.operation_model(name) for name in
              ("PutMetricData", "GetMetricStatistics", "ListMetrics")]
by_name = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def ask(form):
    request = Request("POST", "/", body=form.encode())
    return query_rpc.parse_request(query_rpc.route(request), request)


@by_name
def test_what_older_clients_send_is_read_back(operation):
    rng = Random(f"request {operation.name}")
    for _ in range(100):
        params = without_empty_structures(sample(operation.input_shape, rng))
        request = botocore_request(operation, params, "query")
        target = query_rpc.route(request)
        assert target.operation.name == operation.name
        assert plain(query_rpc.parse_request(target, request)) == plain(params)


def without_empty_structures(value):
    """The same value without what a form cannot say: a structure or map with nothing in it."""
    match value:
        case dict():
            kept = {name: without_empty_structures(item) for name, item in value.items()}
            return {name: item for name, item in kept.items() if item != {}}
        case list():
            return [item for item in map(without_empty_structures, value) if item != {}]
    return value


@by_name
def test_what_is_answered_older_clients_read_back(operation):
    rng = Random(f"response {operation.name}")
    for _ in range(100):
        values = sample(operation.output_shape, rng) if operation.output_shape else {}
        response = query_rpc.serialise_response(operation, values, "r-1")
        parsed, metadata = botocore_answer(response, operation.output_shape, "query")
        assert plain(parsed) == plain(values)
        assert (response.status, metadata["RequestId"]) == (200, "r-1")


@pytest.mark.parametrize(("code", "status", "kind"), [
    ("InvalidParameterValue", 400, "Sender"), ("MissingParameter", 400, "Sender"),
    ("InternalServiceError", 500, "Receiver"), ("UnknownOperationException", 404, "Sender"),
])
def test_errors(code, status, kind):
    response = query_rpc.serialise_error(AwsError(code, "no <good>"), "r-1")
    parsed, metadata = botocore_answer(response, None, "query")
    assert parsed["Error"] == {"Code": code, "Message": "no <good>", "Type": kind}
    assert (response.status, metadata["RequestId"]) == (status, "r-1")


@pytest.mark.parametrize(("form", "code", "parts"), [
    ("Action=DropMetricData", "UnknownOperationException", ["'DropMetricData'"]),
    ("", "UnknownOperationException", ["''"]),
    ("Action=PutMetricData&MetricData.member.1.Value=1", "MissingParameter",
     ["'namespace'", "'metricData.1.member.metricName'"]),
    ("Action=PutMetricData&Namespace=A&MetricData.member.1.MetricName=m&MetricData.member.1.Value=x",
     "InvalidParameterValue", ["Value 'x' at 'metricData.1.member.value'", "be a number"]),
    ("Action=PutMetricData&Namespace=A&Colour.deep.down=x", "InvalidParameterValue", ["at 'colour'"]),
    ("Action=PutMetricData&Namespace.member.1=A", "InvalidParameterValue", ["at 'namespace'", "be a string"]),
    ("Action=PutMetricData&Namespace=A&MetricData=x", "InvalidParameterValue", ["be a list: member.1, member.2, ..."]),
    ("Action=PutMetricData&Namespace=A&MetricData.member.one.Value=1", "InvalidParameterValue", ["be a list"]),
    ("Action=PutMetricData&Namespace=A&MetricData.member.1.MetricName=m&MetricData.junk=1", "InvalidParameterValue",
     ["be a list"]),
    ("Action=PutMetricData&Namespace=A&MetricData.1.Value=1", "InvalidParameterValue", ["be a list"]),
    ("Action=PutMetricData&Namespace=A&EntityMetricData.member.1.Entity.Attributes.entry.1.key=k",
     "InvalidParameterValue", ["be a map"]),
    ("Action=PutMetricData&Namespace=A&MetricData.member.1=x", "InvalidParameterValue", ["be a structure"]),
    ("Action=PutMetricData&Namespace=A" + ".a" * 5_000 + "=1", "InvalidParameterValue", ["at 'namespace"]),
], ids=lambda value: value[:90] if isinstance(value, str) else "")
def test_refused(form, code, parts):
    with pytest.raises(AwsError) as caught:
        ask(form)
    assert caught.value.code == code
    assert all(part in caught.value.message for part in parts), caught.value.message


def test_list_items_are_ordered_by_number():
    numbers = [10, 2, 1]
    form = "Action=PutMetricData&Namespace=A" + "".join(
        f"&MetricData.member.{n}.MetricName=m{n}" for n in numbers)
    assert [datum["MetricName"] for datum in ask(form)["MetricData"]] == ["m1", "m2", "m10"]
