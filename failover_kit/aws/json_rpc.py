"""Server side of AWS's JSON protocol: the ARC cluster's API, and CloudWatch's as boto3 speaks it today.

    POST / with X-Amz-Target "ToggleCustomerAPI.GetRoutingControlState"  ->  Route  ->  dict in boto3's spelling
    dict, or AwsError  ->  Response

CloudWatch's first protocol was another (query_rpc.py), so its errors carry their old code in a header.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Never

from .model import check_parameters, error_status, service_model
from .protocol import AwsError, Request, Response, Route, bounded
from .values import from_document, to_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from botocore.model import OperationModel, ServiceModel

SERVICES = ("route53-recovery-cluster", "cloudwatch")
TARGET = "X-Amz-Target"


def route(request: Request, services: Sequence[str] = SERVICES) -> Route:
    """The operation that the X-Amz-Target header names, "<the service's target prefix>.<operation>".

    Raises:
        AwsError: UnknownOperationException naming what was asked for.
    """
    asked = request.header(TARGET) or ""
    prefix, _, name = asked.rpartition(".")
    for model in map(service_model, services):
        if model.metadata.get("targetPrefix") == prefix and name in model.operation_names:
            return Route(model.operation_model(name))
    raise AwsError("UnknownOperationException", f"There is no operation {asked!r} here ({TARGET}).")


def parse_request(target: Route, request: Request) -> dict[str, Any]:
    """The parameters of a request, spelled and typed as boto3's caller gave them.

    Raises:
        AwsError: SerializationException for a body that is not a JSON object, else as check_parameters.
    """
    try:
        raw = json.loads(bounded(request.body) or b"{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise AwsError("SerializationException", f"The request body is not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise AwsError("SerializationException", "The request body is not a JSON object.")
    shape = target.operation.input_shape
    return check_parameters(from_document(raw, shape), target.operation) if shape is not None else {}


def serialise_response(operation: OperationModel, values: dict[str, Any], request_id: str) -> Response:
    """The response that a client parses to `values` (boto3's spelling, aware datetimes; None members are left out).

    Raises:
        LabError: `values` is not what the operation's output shape holds.
    """
    shape = operation.output_shape
    document = to_document(values, shape) if shape is not None else {}
    return Response(200, _headers(operation.service_model, request_id), json.dumps(document).encode())


def serialise_error(error: AwsError, request_id: str, service: ServiceModel) -> Response:
    """The response for an error of one service, with the status that the model gives its code."""
    shape = service.shape_for_error_code(error.code)
    status = error_status(service, error)
    headers = {**_headers(service, request_id), **error.headers}
    document: dict[str, Any] = {"__type": error.code, "message": error.message}
    if shape is not None:
        document["__type"] = shape.name
        document |= {name: to_document(value, shape.members[name]) for name, value in error.fields.items()}
        if "awsQueryCompatible" in service.metadata:
            headers["x-amzn-query-error"] = f"{error.code};{'Sender' if status < 500 else 'Receiver'}"
    return Response(status, headers, json.dumps(document).encode())


def _headers(service: ServiceModel, request_id: str) -> dict[str, str]:
    version = service.metadata["jsonVersion"]
    return {"x-amzn-RequestId": request_id, "Content-Type": f"application/x-amz-json-{version}"}


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON value")
