"""CloudFormation's functions filled in: what a template says once its parameters are known.

    {"Fn::Sub": "app.${Domain}"} + {"Domain": "example.com"}  ->  "app.example.com"

Some values only AWS knows (a load balancer's name). A stand-in takes their place, and is reported.
Before this: template_text.py. After this: importing.py makes a zone of the resources.
Source: CloudFormation User Guide, "Intrinsic function reference", "Pseudo parameters reference" and "Conditions".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import Problem
from ..zone import stand_in_address
from .members import nearest, shown

PSEUDO = {"AWS::Region": "us-east-1", "AWS::AccountId": "123456789012", "AWS::Partition": "aws",
          "AWS::URLSuffix": "amazonaws.com", "AWS::StackName": "stack", "AWS::StackId": "stack"}
STAND_IN_ZONE = "Z0STANDIN"                # begins the id of a hosted zone that only AWS knows
ADDRESS_ATTRIBUTES = ("PublicIp", "PrivateIp")
ADDRESS_TYPES = ("AWS::EC2::EIP",)         # whose Ref is an address
ZONE_PARAMETER = "AWS::Route53::HostedZone::Id"
LIST_TYPES = ("CommaDelimitedList", "List<")
MAX_MADE = 16 * 2 ** 20                    # characters that Join and Sub may make of one template
SUGGESTIONS = 50                           # problems that get a suggestion, and names that it lists
_IN_SUB = re.compile(r"\$\{(!?)([^${}!]*)\}")
_NOTHING = object()                        # AWS::NoValue: takes away the key or item that has it


@dataclass
class Template:
    """A template, its parameters given values, and what there is to say about it."""

    resources: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Any] = field(default_factory=dict)        # name -> declaration
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)             # name -> value, for parameters
    known: dict[tuple[str, str], str] = field(default_factory=dict)    # (logical id, attribute) -> value; "" is its Ref
    problems: list[Problem] = field(default_factory=list)
    stand_ins: dict[str, str] = field(default_factory=dict)            # what was asked for -> what stands in
    judged: dict[str, bool | None] = field(default_factory=dict)       # condition -> is it true; None: under way
    made: int = 0                                                      # characters that Join and Sub made

    def resolve(self, value: Any, where: str) -> Any:
        """The value with every function filled in. Problems are kept; what they are about becomes empty text."""
        if isinstance(value, dict):
            name = next(iter(value), "")
            if len(value) == 1 and (name in FUNCTIONS or str(name).startswith("Fn::")):
                return self._call(name, value[name], where)
            found = {key: self.resolve(item, f"{where}.{key}") for key, item in value.items()}
            return {key: item for key, item in found.items() if item is not _NOTHING}
        if isinstance(value, list):
            return [item for item in (self.resolve(item, where) for item in value) if item is not _NOTHING]
        return value

    def holds(self, condition: str, where: str) -> bool:
        """Is this condition of the template true?"""
        if not isinstance(condition, str):
            self._say(where, f"Condition is {shown(condition)}, must be text", "Name one of the template's Conditions.")
            return True
        if condition not in self.conditions:
            self._say(where, f"there is no condition {condition!r}", self._meant(condition, self.conditions))
            return True
        if condition not in self.judged:
            self.judged[condition] = None
            self.judged[condition] = self.resolve(self.conditions[condition], f"condition {condition}") is True
        elif self.judged[condition] is None:
            self._say(f"condition {condition}", "depends on itself, in a circle", "Untangle the Conditions.")
        return self.judged[condition] is not False

    def _call(self, name: str, argument: Any, where: str) -> Any:
        if name not in FUNCTIONS:
            self._say(where, f"{name} cannot be filled in here", "Write what it comes to in its place.")
            return ""
        try:
            return FUNCTIONS[name](self, argument, where)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
            self._say(where, f"{name} has arguments that do not fit: {shown(argument)}",
                      "Compare it with the CloudFormation User Guide.")
            return ""

    def _say(self, where: str, what: str, fix: str) -> None:
        self.problems.append(Problem(where, what, fix))

    def _meant(self, name: str, names) -> str:
        if len(self.problems) >= SUGGESTIONS:
            return "Correct the others first."
        near = nearest(name, names)
        known = [*names][:SUGGESTIONS]
        return f"Did you mean {near}?" if near else f"Known here: {', '.join(known) or 'none'}."

    def made_text(self, length: int) -> None:
        """Count text that is about to be made. Raises ValueError when it is more than a template can need."""
        self.made += length
        if self.made > MAX_MADE:
            raise ValueError(f"more than {MAX_MADE} characters are made of this template")

    # ---- references ---------------------------------------------------------------------------------------------

    def ref(self, name: str, where: str) -> Any:
        """The value of a parameter, or the id of a resource."""
        if name == "AWS::NoValue":
            return _NOTHING
        if name in self.parameters or name in PSEUDO:
            return self._parameter(name, where)
        return self.attribute(name, "", where)

    def _parameter(self, name: str, where: str) -> Any:
        declared = self.parameters.get(name, {})
        kind = str(declared.get("Type", "String"))
        value = self.given.get(name, declared.get("Default", PSEUDO.get(name)))
        if value is None and kind == ZONE_PARAMETER:
            return self._stand_in(f"parameter {name}", f"{STAND_IN_ZONE}{_letters(name)}")
        if value is None or (kind.startswith("AWS::SSM::") and name not in self.given):
            self._say(where, f"parameter {name} has no value", f"Give it one: --parameter {name}=VALUE.")
            return ""
        return [part.strip() for part in value.split(",")] if kind.startswith(LIST_TYPES) else value

    def attribute(self, logical_id: str, attribute: str, where: str) -> str:
        """What a resource answers to a Ref (attribute "") or GetAtt; a stand-in where only AWS knows."""
        if logical_id not in self.resources:
            names = [*self.resources, *self.parameters]
            self._say(where, f"there is no resource or parameter {logical_id!r}", self._meant(logical_id, names))
            return ""
        if (logical_id, attribute) in self.known:
            return self.known[logical_id, attribute]
        asked = f"{logical_id}.{attribute}" if attribute else logical_id
        kind = self.resources[logical_id].get("Type")
        if attribute in ADDRESS_ATTRIBUTES or (not attribute and kind in ADDRESS_TYPES):
            return self._stand_in(asked, stand_in_address(asked))
        if attribute.lower().endswith("hostedzoneid"):
            return self._stand_in(asked, f"{STAND_IN_ZONE}{_letters(logical_id)}")
        return self._stand_in(asked, f"{asked.lower()}.invalid")

    def _stand_in(self, asked: str, value: str) -> str:
        self.stand_ins[asked] = value
        return value


def _letters(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())[:20]


# ---- the functions ---------------------------------------------------------------------------------------------

def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise TypeError("a list or object where text belongs")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _get_att(template: Template, argument: Any, where: str) -> str:
    logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
    return template.attribute(logical_id, _text(template.resolve(attribute, where)), where)


def _sub(template: Template, argument: Any, where: str) -> str:
    text, given = (argument, {}) if isinstance(argument, str) else argument
    values = {name: template.resolve(value, where) for name, value in given.items()}

    def filled(found: re.Match) -> str:
        is_literal, name = found[1], found[2].strip()
        if is_literal:
            return "${" + name + "}"
        logical_id, dot, attribute = name.partition(".")
        value = _text(values[name] if name in values else
                      template.attribute(logical_id, attribute, where) if dot else template.ref(name, where))
        template.made_text(len(value))
        return value
    return _IN_SUB.sub(filled, text)


def _join(template: Template, argument: Any, where: str) -> str:
    separator, parts = argument
    texts = [_text(part) for part in template.resolve(parts, where)]
    template.made_text(len(separator) * len(texts) + sum(map(len, texts)))
    return separator.join(texts)


def _select(template: Template, argument: Any, where: str) -> Any:
    index, items = (template.resolve(part, where) for part in argument)
    if int(index) < 0:
        raise IndexError("counts from 0")
    return items[int(index)]


def _split(template: Template, argument: Any, where: str) -> list[str]:
    separator, text = argument
    return _text(template.resolve(text, where)).split(separator)


def _find_in_map(template: Template, argument: Any, where: str) -> Any:
    name, first, second = (template.resolve(part, where) for part in argument[:3])
    return template.mappings[name][first][second]


def _if(template: Template, argument: Any, where: str) -> Any:
    condition, then, otherwise = argument
    return template.resolve(then if template.holds(condition, where) else otherwise, where)


def _truths(template: Template, argument: Any, where: str) -> Iterator[bool]:
    return (template.resolve(item, where) is True for item in argument)


def _equals(template: Template, argument: Any, where: str) -> bool:
    first, second = (_text(template.resolve(item, where)) for item in argument)
    return first == second


def _not(template: Template, argument: Any, where: str) -> bool:
    [truth] = _truths(template, argument, where)
    return not truth


FUNCTIONS: dict[str, Callable[[Template, Any, str], Any]] = {
    "Ref": lambda template, name, where: template.ref(name, where),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::And": lambda template, argument, where: all(_truths(template, argument, where)),
    "Fn::Or": lambda template, argument, where: any(_truths(template, argument, where)),
    "Condition": lambda template, name, where: template.holds(name, where),
}
