"""Server side of Route 53's REST-XML protocol, for every operation of botocore's service model.

    Request  ->  Route  ->  dict in boto3's spelling;     dict, or AwsError  ->  Response

The model says where each member stands (path, query, header, body), what it is called there, and what it may
hold. What an operation does is the business of whoever calls this. Signatures are not looked at.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from . import safe_xml
from .model import check_parameters, cut, error_status, service_model
from .protocol import AwsError, Request, Response, Route
from .safe_xml import Element
from .values import from_text, known_members, to_text
from .xml_values import read_members, write_members

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel, Shape

NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"
ID_SHAPES = {"ResourceId", "DelegationSetId", "ChangeId"}    # "/hostedzone/Z1" is taken for "Z1", as in boto3


def route(request: Request, service: ServiceModel | None = None) -> Route:
    """The operation that a method and a path ask for, by the model's requestUri; Route 53's unless told otherwise.

    `/rrset` and `/rrset/` are one path, as clients send both. An empty label is kept, for parse_request to name it.

    Raises:
        AwsError: UnknownOperationException (404) for a path that no operation has, MethodNotAllowed (405) for a
            method that none has at this path.
    """
    model = service or service_model("route53")
    other = request.path[:-1] if request.path.endswith("/") else request.path + "/"
    found = {method: there for method, there in _operations_at(other, model).items() if all(there.labels.values())}
    found |= _operations_at(request.path, model)
    if not found:
        raise AwsError("UnknownOperationException",
                       f"{model.service_name} {model.api_version} has no operation at {request.path}.")
    if request.method.upper() not in found:
        allowed = sorted(found)
        raise AwsError("MethodNotAllowed", f"{request.method} is not allowed at {request.path}: use "
                       f"{' or '.join(allowed)}.", headers={"Allow": ", ".join(allowed)})
    return found[request.method.upper()]


def parse_request(target: Route, request: Request) -> dict[str, Any]:
    """The parameters of a request, spelled and typed as boto3's caller gave them.

    Raises:
        AwsError: MalformedInput for a body that is not the XML document that the operation takes; InvalidInput
            naming every member that is missing, unknown, unreadable, or outside the model's limits.
    """
    shape = target.operation.input_shape
    if shape is None:
        return {}
    query = parse_qs(request.query, keep_blank_values=True)
    values: dict[str, Any] = {}
    in_body: dict[str, Shape] = {}
    for name, member in shape.members.items():
        wire_name = member.serialization.get("name", name)
        match member.serialization.get("location"):
            case "uri":
                found = [label for label in [target.labels[wire_name]] if label]     # empty: missing
            case "querystring":
                found = query.get(wire_name, [])
            case "header":
                found = [text for text in [request.header(wire_name)] if text is not None]
            case _:
                in_body[name] = member
                continue
        if found:
            values[name] = ([from_text(text, member.member) for text in found] if member.type_name == "list"
                            else from_text(found[0], member))
    if request.body.strip() and in_body:
        values |= _read_body(request.body, shape, in_body)
    for name, member in shape.members.items():
        if member.name in ID_SHAPES and isinstance(values.get(name), str):
            values[name] = values[name].rpartition("/")[2]
    return check_parameters(values, target.operation)


def serialise_response(operation: OperationModel, values: dict[str, Any], request_id: str) -> Response:
    """The response that a client parses to `values` (boto3's spelling, aware datetimes; None members are left out).

    Raises:
        LabError: `values` is not what the operation's output shape holds.
    """
    headers = {"x-amzn-RequestId": request_id, "Content-Type": "text/xml"}
    status = operation.http.get("responseCode", 200)
    shape = operation.output_shape
    if shape is None:
        return Response(status, headers)
    in_body: dict[str, Any] = {}
    for name, value in known_members(values, shape).items():
        member = shape.members[name]
        if member.serialization.get("location") == "header":
            headers[member.serialization.get("name", name)] = to_text(value, member, "header")
        else:
            in_body[name] = value
    root = Element(shape.name, children=write_members(in_body, shape), attributes={"xmlns": NAMESPACE})
    return Response(status, headers, safe_xml.document(root))


def serialise_error(error: AwsError, request_id: str, service: ServiceModel | None = None,
                    batch_form: bool = False) -> Response:
    """The response for an error, with the status that the model gives its code.

    Where the error's shape has a list of messages (InvalidChangeBatch), they are printed in brackets in the one
    Message: the form in which boto3 and the AWS CLI can name the error. `batch_form` writes the other form that
    Route 53 is known to use, `<InvalidChangeBatch><Messages><Message>`, which botocore reports as "Unknown".
    """
    model = service or service_model("route53")
    shape = model.shape_for_error_code(error.code)
    members = shape.members if shape is not None else {}
    listed = any(member.type_name == "list" and name.lower() == "messages" for name, member in members.items())
    status = error_status(model, error)
    if batch_form and listed:
        messages = Element("Messages", children=[Element("Message", message) for message in error.messages])
        root = Element(error.code, children=[messages])
    else:
        details = [Element("Type", "Sender" if status < 500 else "Receiver"), Element("Code", error.code),
                   Element("Message", f"[{', '.join(error.messages)}]" if listed else error.message)]
        details += write_members(error.fields, shape) if shape is not None else []
        root = Element("ErrorResponse", children=[Element("Error", children=details)])
    root.attributes["xmlns"] = model.metadata.get("xmlNamespace", NAMESPACE)
    root.children.append(Element("RequestId", request_id))
    headers = {"x-amzn-RequestId": request_id, "Content-Type": "text/xml", **error.headers}
    return Response(status, headers, safe_xml.document(root))


def _read_body(body: bytes, shape: Shape, members: dict[str, Shape]) -> dict[str, Any]:
    root = safe_xml.parse(body)
    if root.tag != shape.serialization["name"]:
        raise AwsError("MalformedInput", f"{cut(root.tag)} is not valid, expected {shape.serialization['name']}")
    return read_members(root, members)


def _operations_at(path: str, model: ServiceModel) -> dict[str, Route]:
    """Method -> Route, for every operation whose path this is. A literal segment wins over a label."""
    found: dict[str, Route] = {}
    for pattern, names, operation in _path_table(model):
        if match := pattern.fullmatch(path):
            labels = {name: unquote(text) for name, text in zip(names, match.groups(), strict=True)}
            found.setdefault(operation.http["method"], Route(operation, labels))
    return found


@cache
def _path_table(model: ServiceModel) -> list[tuple[re.Pattern[str], list[str], OperationModel]]:
    """Every operation's path as a pattern with its labels' names, fewest labels first. `{Key+}` takes slashes too."""
    table = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        parts = re.split(r"\{([^}]+)\}", operation.http["requestUri"].partition("?")[0])    # literal, label, literal...
        labels = parts[1::2]
        groups = ["(.+)" if label.endswith("+") else "([^/]*)" for label in labels] + [""]
        pattern = "".join(re.escape(literal) + group for literal, group in zip(parts[::2], groups, strict=True))
        table.append((re.compile(pattern), [label.rstrip("+") for label in labels], operation))
    return sorted(table, key=lambda row: len(row[1]))
