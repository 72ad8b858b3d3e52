"""Values, between what stands on the wire and what boto3 shows: text or JSON <-> str, int, float, bool, datetime.

    "300" + the shape TTL  ->  300;    "abc" + the shape TTL  ->  Unreadable("abc", "an integer")

A value that cannot be read is kept, marked, and reported later with all others that are wrong (model.py).
"""

from __future__ import annotations

import base64
import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from ..errors import LabError

if TYPE_CHECKING:
    from botocore.model import Shape

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "INF": math.inf, "-INF": -math.inf}
BITS = {"integer": 31, "long": 63}
WORDS = {"integer": "an integer", "long": "an integer", "float": "a number", "double": "a number",
         "boolean": "true or false", "blob": "base64", "timestamp": "a time, in seconds since 1970 or like "
         "2025-01-31T12:00:00Z"}
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}     # XML Schema part 2, boolean


@dataclass(frozen=True)
class Unreadable:
    """A value that is not of its member's type."""

    text: str
    expected: str      # completes "Member must be ..."


def wrong_type(raw: Any, shape: Shape) -> Unreadable:
    """The mark for a value that is not of its shape's type. Of a list or object it shows only the brackets."""
    match raw:
        case str():
            shown = raw
        case dict():
            shown = "{...}"
        case list():
            shown = "[...]"
        case _:
            shown = json.dumps(raw)
    return Unreadable(shown, WORDS.get(shape.type_name, f"a {shape.type_name}"))


def from_text(text: str, shape: Shape) -> Any:
    """A scalar from XML, a query string, a header or a form: the value, or Unreadable."""
    bare = text.strip()
    match shape.type_name:
        case "string" | "character":
            return text
        case "integer" | "long":
            number = int(bare) if INTEGER.fullmatch(bare) else None
            return wrong_type(text, shape) if number is None else _in_range(number, shape)
        case "float" | "double":
            if bare in NOT_FINITE:
                return NOT_FINITE[bare]
            return float(bare) if DECIMAL.fullmatch(bare) else wrong_type(text, shape)
        case "boolean":
            return BOOLEANS.get(bare, wrong_type(text, shape))
        case "timestamp":
            return _timestamp(bare, shape)
        case "blob":
            return _blob(bare, shape)
        case _:
            return wrong_type(text, shape)


def to_text(value: Any, shape: Shape, location: str | None = None) -> str:
    """A scalar as it stands in XML, a query string or a header. `location` "header" writes times as RFC 7231 does."""
    match shape.type_name:
        case "boolean":
            return "true" if value else "false"
        case "float" | "double":
            return _not_finite(value) or repr(float(value))
        case "timestamp":
            moment = _utc(value)
            return (format_datetime(moment, usegmt=True) if location == "header"
                    else moment.replace(tzinfo=None).isoformat() + "Z")
        case "blob":
            return base64.b64encode(value).decode()
        case _:
            return str(value)


def from_document(raw: Any, shape: Shape) -> Any:
    """A whole JSON value by its shape. Nulls in a structure or map count as absent."""
    match shape.type_name:
        case "structure" if isinstance(raw, dict):
            names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
            return {names.get(key, key): from_document(item, shape.members[names[key]]) if key in names
                    else wrong_type(item, shape)
                    for key, item in raw.items() if item is not None}
        case "map" if isinstance(raw, dict):
            return {key: from_document(item, shape.value) for key, item in raw.items() if item is not None}
        case "list" if isinstance(raw, list):
            return [from_document(item, shape.member) for item in raw]
        case "string" | "character" if isinstance(raw, str):
            return raw
        case "boolean" if isinstance(raw, bool):
            return raw
        case "integer" | "long" if isinstance(raw, int) and not isinstance(raw, bool):
            return _in_range(raw, shape)
        case "float" | "double" if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return _float(raw, shape)
        case "float" | "double" if isinstance(raw, str) and raw in NOT_FINITE:
            return NOT_FINITE[raw]
        case "timestamp":
            return _timestamp(raw, shape)
        case "blob":
            return _blob(raw, shape)
        case _:
            return wrong_type(raw, shape)


def to_document(value: Any, shape: Shape) -> Any:
    """A value by its shape, ready for JSON."""
    match shape.type_name:
        case "structure":
            return {shape.members[name].serialization.get("name", name): to_document(item, shape.members[name])
                    for name, item in known_members(value, shape).items()}
        case "map":
            return {key: to_document(item, shape.value) for key, item in value.items()}
        case "list":
            return [to_document(item, shape.member) for item in value]
        case "float" | "double":
            return _not_finite(value) or value
        case "timestamp":
            return _epoch_seconds(_utc(value))
        case "blob":
            return base64.b64encode(value).decode()
        case _:
            return value


def known_members(values: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """The members to write, without the None ones. A member that the model lacks, or a required one that is
    missing, is a fault of the kit and never leaves it.

    Raises:
        LabError: naming the shape and its members.
    """
    given = {name: value for name, value in values.items() if value is not None}
    unknown = [name for name in given if name not in shape.members]
    missing = [name for name in shape.required_members if name not in given]
    if unknown or missing:
        raise LabError(f"{shape.name}: unknown members {unknown}, missing members {missing}. "
                       f"The service model has {list(shape.members)}.")
    return given


def _in_range(number: int, shape: Shape) -> int | Unreadable:
    bits = BITS[shape.type_name]
    return number if -(2 ** bits) <= number < 2 ** bits else Unreadable(str(number), f"an integer of {bits + 1} bits")


def _float(number: float, shape: Shape) -> float | Unreadable:
    try:
        return float(number)
    except OverflowError:          # an int of hundreds of digits
        return wrong_type(number, shape)


def _timestamp(raw: Any, shape: Shape) -> datetime | Unreadable:
    """Seconds since 1970, ISO 8601, or the form of RFC 7231 section 7.1.1.1; always in UTC."""
    try:
        match raw:
            case bool():
                return wrong_type(raw, shape)
            case int() | float():
                return EPOCH + timedelta(seconds=raw)
            case str() if DECIMAL.fullmatch(raw):
                return EPOCH + timedelta(seconds=float(raw))
            case str():
                moment = parsedate_to_datetime(raw) if "," in raw else datetime.fromisoformat(raw)
                return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            case _:
                return wrong_type(raw, shape)
    except (ValueError, OverflowError):
        return wrong_type(raw, shape)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise LabError(f"{moment!r} has no time zone. Answers carry aware datetimes, such as datetime.now(UTC).")
    return moment.astimezone(UTC)


def _blob(raw: Any, shape: Shape) -> bytes | Unreadable:
    try:
        return base64.b64decode(raw, validate=True)
    except (TypeError, ValueError):
        return wrong_type(raw, shape)


def _epoch_seconds(moment: datetime) -> int | float:
    """Seconds since 1970 in UTC, whole where they are whole. Rounded once, so that it reads back to the microsecond."""
    microseconds = (moment - EPOCH) // timedelta(microseconds=1)
    return microseconds // 10**6 if microseconds % 10**6 == 0 else microseconds / 10**6


def _not_finite(number: float) -> str | None:
    """The name of a number that JSON and XML cannot write as digits, or None."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return None
