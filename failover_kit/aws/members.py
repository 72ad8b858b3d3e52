"""What a JSON object may hold: each member's name and type, and everything in an object that does not fit.

    {"Nmae": "app.example.com.", "TTL": "60"} + a table of Members  ->  Reading: values that fit, and every Problem

Reading goes on after a problem. A misspelt key or a quoted number is taken for what it plainly means, and an example
stands in for what means nothing, so that the rest can be judged too. What has problems is judged, and never used.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple

from ..errors import Problem

SHOWN = 60            # characters of a value that a message repeats
SIMILAR = 0.6         # difflib's ratio from which a word is taken for a misspelt one,
VERY_SIMILAR = 0.75   # and where the words are alike already, as PRIMARY and TERTIARY are
KINDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list",
         dict: "an object"}


class Member(NamedTuple):
    """One member of a JSON object."""

    kind: type                        # a key of KINDS, or object for anything
    example: Any = None
    required: bool = False
    choices: tuple[str, ...] = ()
    of: Any = None                    # list: the Member that each item is; dict: its own table


Table = Mapping[str, Member]


@dataclass
class Reading:
    """What one object held. For the values at the paths in `doubtful` ("AliasTarget.DNSName") an example stands in."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)

    def doubts(self, path: str) -> bool:
        """Is this value, or anything in it, an example?"""
        return any(other == path or other.startswith((f"{path}.", f"{path}[")) for other in self.doubtful)


class _Fit(NamedTuple):
    """A value as far as it fits its member."""

    value: Any
    problems: Sequence[Problem] = ()
    doubtful: Iterable[str] = ()


def read(raw: Any, table: Table, where: str, path: str = "") -> Reading:
    """The members of one object. `where` names it for people, `path` is the way to it from there ("AliasTarget")."""
    within = f"{path}." if path else ""
    if not isinstance(raw, dict):
        example = {name: member.example for name, member in table.items() if member.required}
        problem = Problem(where, f"{path or 'it'} is {shown(raw)}, must be an object",
                          f"Write it like {json.dumps(example)}.")
        return Reading(example, [problem], {within + name for name in example})
    reading = Reading()
    for key, value in raw.items():
        if key in table:
            _keep(reading, key, _fit(value, table[key], where, within + key))
        else:
            _keep_misspelt(reading, key, raw, table, where, within)
    for name, member in table.items():
        if member.required and name not in reading.values:
            missing = Problem(where, f"{within}{name} is missing", _advice(name, member.example))
            _keep(reading, name, _Fit(member.example, [missing], [within + name]))
    return reading


def _keep(reading: Reading, name: str, fit: _Fit) -> None:
    reading.values[name] = fit.value
    reading.problems += fit.problems
    reading.doubtful |= {*fit.doubtful}


def _keep_misspelt(reading: Reading, key: str, raw: dict, table: Table, where: str, within: str) -> None:
    home = next((name for name, member in table.items() if member.kind is dict and key in (member.of or ())), None)
    near = None if home else nearest(key, table)
    instead = f"Did you mean {near}?" if near else f"Known here: {', '.join(table)}."
    fix = f"It belongs inside {home}." if home else instead
    reading.problems.append(Problem(where, f"unknown key {shown(within + key)}", fix))
    if near and near not in raw and near not in reading.values:
        fit = _fit(raw[key], table[near], where, within + key)
        if not fit.problems:
            reading.values[near] = fit.value


def _fit(value: Any, member: Member, where: str, at: str) -> _Fit:
    if member.of is not None and isinstance(value, member.kind):
        return (_fit_object if member.kind is dict else _fit_items)(value, member.of, where, at)
    if not _is(value, member.kind):
        meant = _meant(value, member.kind)
        plain = meant is not None and (not member.choices or meant in member.choices)
        problem = Problem(where, f"{at} is {shown(value)}, must be {KINDS[member.kind]}",
                          _advice(at.rpartition(".")[2], meant if plain else member.example))
        return _Fit(meant if plain else member.example, [problem], [] if plain else [at])
    if member.choices and value not in member.choices:
        near = nearest(value, member.choices, VERY_SIMILAR)
        fix = f"Did you mean {near}?" if near else f"Use one of {', '.join(member.choices)}."
        return _Fit(near or member.example, [Problem(where, f"{at} is {shown(value)}", fix)], [] if near else [at])
    return _Fit(value)


def _fit_object(value: dict, table: Table, where: str, at: str) -> _Fit:
    inner = read(value, table, where, at)
    return _Fit(inner.values, inner.problems, inner.doubtful)


def _fit_items(items: list, member: Member, where: str, at: str) -> _Fit:
    """The items that fit; the others are left out."""
    fits = [_fit(item, member, where, f"{at}[{index}]") for index, item in enumerate(items)]
    return _Fit([fit.value for fit in fits if not fit.doubtful], [problem for fit in fits for problem in fit.problems],
                [f"{at}[{index}]" for index, fit in enumerate(fits) if fit.doubtful])


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _meant(value: Any, kind: type) -> Any:
    """What a value of another type plainly means, or None."""
    match value:
        case str() if kind in (int, float) and re.fullmatch(r"\s*-?[0-9]{1,10}\s*", value, re.ASCII):
            return int(value)
        case str() if kind is bool and value.lower() in ("true", "false"):
            return value.lower() == "true"
        case float() if kind is int and value.is_integer():
            return int(value)
    return None


def _advice(name: str, example: Any) -> str:
    """How to write it: a member with its name, an item of a list without one."""
    return f"Write it like {json.dumps(example) if name.endswith(']') else json.dumps({name: example})[1:-1]}."


def nearest(word: str, words: Iterable[str], similar: float = SIMILAR) -> str | None:
    """The word that this one most likely is a misspelling of, capitals aside, or None."""
    by_lower = {known.lower(): known for known in words}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=similar) if len(word) <= SHOWN else []
    return by_lower[found[0]] if found else None


def shown(value: Any) -> str:
    """A JSON value in a message: short, on one line, and of a list or object just the brackets."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    text = json.dumps(value[:SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= SHOWN + 2 else text[:SHOWN] + "..."
