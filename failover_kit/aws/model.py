"""What AWS's own service models say: operations, the limits on their members, the HTTP status of their errors.

    "route53"  ->  botocore's ServiceModel;   dict + shape  ->  everything in it that the service would refuse

The models are the data files that boto3 itself is driven by. botocore is loaded on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from .protocol import AwsError
from .values import Unreadable

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel, Shape

SHOWN = 120          # characters of a refused value or name that an error repeats
MAX_REPORTED = 100   # violations that one error spells out; it counts them all

# Codes that no model lists. Sources: "Common Errors" of AWS's API references; the first two are Amazon S3's.
COMMON_STATUS = {
    "MethodNotAllowed": 405,
    "NotImplemented": 501,
    "InternalFailure": 500,
    "RequestEntityTooLargeException": 413,
    "ServiceUnavailable": 503,
    "UnknownOperationException": 404,
}

# Service -> the codes it answers when something is missing and nothing else wrong, and when anything is invalid.
# Sources: Route 53 InvalidInput, CloudWatch MissingRequiredParameterException and InvalidParameterValueException
# (API references, by those shapes' codes).
PARAMETER_ERRORS = {
    "route53": ("InvalidInput", "InvalidInput"),
    "cloudwatch": ("MissingParameter", "InvalidParameterValue"),
}
ANY_PARAMETER_ERROR = ("ValidationException", "ValidationException")      # the ARC cluster's, and most services'


@cache
def service_model(service: str) -> ServiceModel:
    """botocore's model of one service ("route53", "route53-recovery-cluster", "cloudwatch")."""
    from botocore.loaders import create_loader
    from botocore.model import ServiceModel

    return ServiceModel(create_loader().load_service_model(service, "service-2"), service_name=service)


def error_status(service: ServiceModel, error: AwsError) -> int:
    """HTTP status of an error: its own, or the model's for its code, or a common one, or 400."""
    if error.status is not None:
        return error.status
    shape = service.shape_for_error_code(error.code)
    modelled = (shape.metadata.get("error") or {}).get("httpStatusCode") if shape is not None else None
    return modelled or COMMON_STATUS.get(error.code, 400)


@dataclass(frozen=True)
class Violation:
    """One member that the service refuses. Reads like the service's own text; `value` None: it is missing."""

    path: str          # "changeBatch.changes.1.member.action": AWS's spelling, counted from 1
    value: str | None
    constraint: str    # "Member must not be null"

    def __str__(self) -> str:
        shown = "null" if self.value is None else f"'{cut(self.value)}'"
        return f"Value {shown} at '{self.path}' failed to satisfy constraint: {self.constraint}"


def cut(text: str) -> str:
    """The text, or its beginning where it is too long to repeat."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."


def check_parameters(values: dict[str, Any], operation: OperationModel) -> dict[str, Any]:
    """The parameters as given, if the operation's model allows them.

    The wording is AWS's, as in "1 validation error detected: Value '-1' at
    'changeBatch.changes.1.member.resourceRecordSet.tTL' failed to satisfy constraint: Member must have value
    greater than or equal to 0".

    Raises:
        AwsError: naming every violation, or the first MAX_REPORTED, under the service's code (PARAMETER_ERRORS).
    """
    found = list(violations(values, operation.input_shape))
    if found:
        missing, invalid = PARAMETER_ERRORS.get(operation.service_model.service_name, ANY_PARAMETER_ERROR)
        raise AwsError(missing if all(problem.value is None for problem in found) else invalid,
                       f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
                       f"{'; '.join(map(str, found[:MAX_REPORTED]))}"
                       f"{f'; and {len(found) - MAX_REPORTED} more' if len(found) > MAX_REPORTED else ''}")
    return values


def violations(value: Any, shape: Shape, path: str = "") -> Iterator[Violation]:
    """Everything in a request's dict that its shape does not allow: missing and unknown members, values that could
    not be read, lengths, ranges, enumerations, patterns."""
    if isinstance(value, Unreadable):
        yield Violation(path, value.text, f"Member must be {value.expected}")
    elif shape.type_name == "structure":
        yield from _structure_violations(value, shape, path)
    elif shape.type_name == "list":
        yield from _bounds(len(value), shape, "length", path, f"[{len(value)} members]")
        for number, item in enumerate(value, 1):
            yield from violations(item, shape.member, f"{path}.{number}.member")
    elif shape.type_name == "map":
        yield from _bounds(len(value), shape, "length", path, f"{{{len(value)} entries}}")
        for key, item in value.items():
            yield from violations(key, shape.key, f"{path}.{key}.key")
            yield from violations(item, shape.value, f"{path}.{key}.member")
    elif shape.type_name == "string":
        yield from _string_violations(value, shape, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _bounds(value, shape, "value", path, str(value))


def _structure_violations(value: dict, shape: Shape, path: str) -> Iterator[Violation]:
    def at(name: str) -> str:
        spelled = cut(name[:1].lower() + name[1:])      # AWS prints the name of its Java field, even "tTL"
        return f"{path}.{spelled}" if path else spelled

    for name in shape.required_members:
        if name not in value:
            yield Violation(at(name), None, "Member must not be null")
    for name, item in value.items():
        if name not in shape.members:
            known = ", ".join(shape.members)
            yield Violation(at(name), item.text, f"Member must be one of those known here: [{known}]")
        else:
            yield from violations(item, shape.members[name], at(name))


def _string_violations(value: str, shape: Shape, path: str) -> Iterator[Violation]:
    too_long = False
    for violation in _bounds(len(value), shape, "length", path, value):
        too_long = True
        yield violation
    if (allowed := shape.metadata.get("enum")) and value not in allowed:
        yield Violation(path, value, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not too_long and not _compiled(pattern).fullmatch(value):   # never a pattern on unbounded text
        yield Violation(path, value, f"Member must satisfy regular expression pattern: {pattern}")


def _bounds(measure: float, shape: Shape, what: str, path: str, shown: str) -> Iterator[Violation]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and measure < low:
        yield Violation(path, shown, f"Member must have {what} greater than or equal to {low}")
    if high is not None and measure > high:
        yield Violation(path, shown, f"Member must have {what} less than or equal to {high}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The models' patterns are Java's; the one class of theirs in use that Python lacks is spelled out."""
    return re.compile(pattern.replace(r"\p{ASCII}", r"[\x00-\x7f]"))
