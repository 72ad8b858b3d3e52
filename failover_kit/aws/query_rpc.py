"""Server side of AWS's query protocol: CloudWatch as the AWS CLI and SDKs of earlier years speak it.

    POST / with "Action=PutMetricData&Namespace=Shop&MetricData.member.1.MetricName=Orders&..."  ->  Route
    ->  dict in boto3's spelling;     dict, or AwsError  ->  Response in XML
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from . import rest_xml, safe_xml
from .model import check_parameters, service_model
from .protocol import AwsError, Request, Response, Route, bounded
from .safe_xml import Element
from .values import Unreadable, from_text, known_members, wrong_type
from .xml_values import write_members

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

SERVICE = "cloudwatch"


def route(request: Request) -> Route:
    """The operation that the form's Action names.

    Raises:
        AwsError: UnknownOperationException naming what was asked for.
    """
    model = service_model(SERVICE)
    name = dict(_fields(request)).get("Action", "")
    if name not in model.operation_names:
        raise AwsError("UnknownOperationException", f"There is no operation {name!r} here (Action).")
    return Route(model.operation_model(name))


def parse_request(target: Route, request: Request) -> dict[str, Any]:
    """The parameters of a request, spelled and typed as boto3's caller gave them.

    Raises:
        AwsError: as check_parameters, naming every member that is wrong.
    """
    shape = target.operation.input_shape
    tree = _tree([(name, text) for name, text in _fields(request) if name not in ("Action", "Version")])
    return check_parameters(_read(tree, shape), target.operation) if shape is not None else {}


def serialise_response(operation: OperationModel, values: dict[str, Any], request_id: str) -> Response:
    """The response that a client parses to `values` (boto3's spelling, aware datetimes; None members are left out).

    Raises:
        LabError: `values` is not what the operation's output shape holds.
    """
    shape = operation.output_shape
    root = Element(f"{operation.name}Response", attributes={"xmlns": operation.metadata["xmlNamespace"]})
    if shape is not None:
        members = write_members(known_members(values, shape), shape)
        root.children.append(Element(shape.serialization["resultWrapper"], children=members))
    root.children.append(Element("ResponseMetadata", children=[Element("RequestId", request_id)]))
    headers = {"x-amzn-RequestId": request_id, "Content-Type": "text/xml"}
    return Response(200, headers, safe_xml.document(root))


def serialise_error(error: AwsError, request_id: str) -> Response:
    """The response for an error: the same XML as Route 53's."""
    return rest_xml.serialise_error(error, request_id, service_model(SERVICE))


def _fields(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(bounded(request.body).decode(errors="replace"), keep_blank_values=True)


def _tree(fields: list[tuple[str, str]]) -> dict[str, Any]:
    """{"A": {"member": {"1": "x"}}} from A.member.1=x. A name that is both a value and a branch stays a branch."""
    root: dict[str, Any] = {}
    for name, text in fields:
        *branches, leaf = name.split(".")
        node = root
        for branch in branches:
            if not isinstance(node.get(branch), dict):
                node[branch] = {}
            node = node[branch]
        node.setdefault(leaf, text)
    return root


def _read(node: dict[str, Any] | str, shape: Shape) -> Any:
    match shape.type_name, node:
        case "structure", dict():
            names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
            return {names.get(key, key): _read(item, shape.members[names[key]]) if key in names
                    else wrong_type(item, shape)
                    for key, item in node.items()}
        case "list", _:
            items = _numbered(node, shape, shape.member.serialization.get("name", "member"))
            return items if isinstance(items, Unreadable) else [_read(item, shape.member) for item in items]
        case "map", _:
            entries = _numbered(node, shape, "entry")
            if isinstance(entries, Unreadable) or not all(isinstance(each, dict) and each.keys() == {"key", "value"}
                                                          for each in entries):
                return wrong_type(node, shape)
            return {_read(each["key"], shape.key): _read(each["value"], shape.value) for each in entries}
        case _, str():
            return from_text(node, shape)
        case _:
            return wrong_type(node, shape)


def _numbered(node: dict[str, Any] | str, shape: Shape, name: str) -> list[Any] | Unreadable:
    """The items of {"member": {"1": ..., "2": ...}} by number. Clients send "" for an empty list."""
    if node == "":
        return []
    items = node.get(name) if isinstance(node, dict) and len(node) == 1 else None
    if not isinstance(items, dict) or not all(key.isascii() and key.isdigit() and len(key) < 10 for key in items):
        return replace(wrong_type(node, shape), expected=f"a {shape.type_name}: {name}.1, {name}.2, ...")
    return [items[key] for key in sorted(items, key=int)]
