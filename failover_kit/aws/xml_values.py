"""XML elements by their shape: what stands inside a request's body <-> a dict in boto3's spelling.

    <TTL>60</TTL> in a ResourceRecordSet  ->  {"TTL": 60};     {"TTL": 60} + shape  ->  [Element("TTL", "60")]

Reading never fails: what does not fit becomes Unreadable, or stays under its unknown name, for model.py to report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .safe_xml import Element
from .values import Unreadable, from_text, known_members, to_text, wrong_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import Shape


def read_members(parent: Element, members: Mapping[str, Shape]) -> dict[str, Any]:
    """The members of a structure that an element's children hold."""
    by_tag = {member.serialization.get("name", name): (name, member) for name, member in members.items()}
    values: dict[str, Any] = {}
    for child in parent.children:
        name, member = by_tag.get(child.tag, (child.tag, None))
        if member is None:
            values[name] = Unreadable(child.text.strip(), "absent")
        elif _is_flattened(member):
            values.setdefault(name, []).append(_read(child, member.member))
        elif name in values:
            values[name] = Unreadable(child.text.strip(), "given once")
        else:
            values[name] = _read(child, member)
    return values


def write_members(values: dict[str, Any], shape: Shape) -> list[Element]:
    """The elements for some of a structure's members, in the order given.

    Raises:
        LabError: a structure inside lacks a member that it requires, or has one that its shape does not know.
    """
    elements: list[Element] = []
    for name, value in values.items():
        member = shape.members[name]
        tag = member.serialization.get("name", name)
        if _is_flattened(member):
            elements += [_write(tag, item, member.member) for item in value]
        else:
            elements.append(_write(tag, value, member))
    return elements


def _read(element: Element, shape: Shape) -> Any:
    if shape.type_name not in ("structure", "list"):
        return wrong_type({}, shape) if element.children else from_text(element.text, shape)
    if element.text.strip():
        return Unreadable(element.text.strip(), f"a {shape.type_name}, made of elements")
    if shape.type_name == "structure":
        return read_members(element, shape.members)
    item_tag = shape.member.serialization.get("name", "member")
    return [_read(child, shape.member) if child.tag == item_tag else Unreadable(child.tag, f"an element {item_tag}")
            for child in element.children]


def _write(tag: str, value: Any, shape: Shape) -> Element:
    match shape.type_name:
        case "structure":
            return Element(tag, children=write_members(known_members(value, shape), shape))
        case "list":
            item_tag = shape.member.serialization.get("name", "member")
            return Element(tag, children=[_write(item_tag, item, shape.member) for item in value])
        case "map":
            return Element(tag, children=[
                Element("entry", children=[_write("key", key, shape.key), _write("value", item, shape.value)])
                for key, item in value.items()])
        case _:
            return Element(tag, to_text(value, shape))


def _is_flattened(member: Shape) -> bool:
    return member.type_name == "list" and bool(member.serialization.get("flattened"))
