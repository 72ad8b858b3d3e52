"""Designs as JSON, both ways. Zone and health checks are in Route 53's own spelling.

    {"name": ..., "zone": {"ResourceRecordSets": [...], "HealthChecks": [...]}, "data": {...}, ...}  <->  Design

Every fault of an input is reported at once, those of the zone included.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any

from .. import examples
from ..aws.files import load_zone, zone_document, zone_from_documents
from ..errors import ConfigurationError, Problem
from .design import Design
from .plans import Action, Capacity, Clients, DataPlan, Objective, Runbook, Switch

PARTS = {"data": DataPlan, "runbook": Runbook, "clients": Clients, "switch": Switch, "objective": Objective}
PLAIN = ("name", "asked_name", "front", "staged_deploys", "accelerated_recovery")
KEYS = (*PLAIN, "zone", "health_checks", "capacity", *PARTS)


def load_design(path: Path | str) -> Design:
    """The design in a file; an example that the kit ships (`naive-design.json`) is found by its bare name.

    A `zone` that is text names a zone's file, beside the design. Raises ConfigurationError with every fault.
    """
    path = Path(path)
    if path.parent == Path() and path.name in examples.NAMES and not path.exists():
        path = examples.path(path.name)
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}. Give the file of a design, or one of the "
                                 "kit's examples: naive-design.json, reference-design.json.") from error
    except ValueError as error:
        raise ConfigurationError(f"{path} is not JSON: {error}. A design is one JSON object.") from error
    return design_from_dict(value, beside=path.parent)


def design_from_dict(raw: Any, beside: Path = Path()) -> Design:
    """A Design from plain JSON values. Raises ConfigurationError with every fault of every part."""
    if not isinstance(raw, Mapping):
        raise ConfigurationError(f"A design is {raw!r:.40}, must be an object with the keys {', '.join(KEYS)}.")
    problems = [Problem("design", f"has no field {key!r}", f"Known: {', '.join(KEYS)}.")
                for key in raw if key not in KEYS]
    made: dict[str, Any] = {"name": raw.get("name", "unnamed")}
    made |= {key: raw[key] for key in PLAIN if key in raw}
    problems += _plain_problems(made)
    for key, kind in PARTS.items():
        if raw.get(key) is not None:
            made[key] = _part(kind, raw[key], key, problems)
    made["capacity"] = _capacity(raw.get("capacity", {}), problems)
    zone = _zone(raw, beside, problems)
    if zone is not None:
        made["zone"], made["health_checks"] = zone.zone, zone.health_checks
        try:
            design = Design(**{key: value for key, value in made.items() if value is not None})
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(dict.fromkeys(problems))
    return design


def _plain_problems(made: dict[str, Any]) -> list[Problem]:
    wrong = []
    for key in PLAIN:
        kind = bool if key in ("staged_deploys", "accelerated_recovery") else str
        if key in made and not isinstance(made[key], kind):
            advice = "Use true or false." if kind is bool else "Use text."
            wrong.append(Problem("design", f"{key} is {made.pop(key)!r}", advice))
    return wrong


def _part(kind: type, raw: Any, where: str, problems: list[Problem]) -> Any:
    """One part of the design, or None with its problems added to the list."""
    if not isinstance(raw, Mapping):
        problems.append(Problem(where, f"is {raw!r}, must be an object", f"Its fields: {_names(kind)}."))
        return None
    known = {field.name: field for field in fields(kind)}
    problems += [Problem(where, f"has no field {key!r}", f"Known: {_names(kind)}.") for key in raw if key not in known]
    lacking = [name for name, field in known.items() if field.default is MISSING and name not in raw]
    problems += [Problem(where, f"lacks {name!r}", "Add it.") for name in lacking]
    given = {key: value for key, value in raw.items() if key in known}
    if kind is Runbook and "steps" in given:
        steps = given["steps"] if isinstance(given["steps"], list) else [given["steps"]]
        found = [_part(Action, step, f"runbook step {number}", problems) for number, step in enumerate(steps, 1)]
        given["steps"] = tuple(step for step in found if step is not None)
    if lacking:
        return None
    try:
        return kind(**given)
    except ConfigurationError as error:
        problems += [Problem(where, problem.what, problem.fix) for problem in error.problems]
        return None


def _names(kind: type) -> str:
    return ", ".join(field.name for field in fields(kind))


def _capacity(raw: Any, problems: list[Problem]) -> dict[str, Capacity]:
    if not isinstance(raw, Mapping):
        problems.append(Problem("capacity", f"is {raw!r}, must be an object", 'Write {"us-west-2": {"share": 0.5}}.'))
        return {}
    found = {str(site): _part(Capacity, plan, f"capacity of {site}", problems) for site, plan in raw.items()}
    return {site: plan for site, plan in found.items() if plan is not None}


def _zone(raw: Mapping, beside: Path, problems: list[Problem]):
    """The zone and its checks (aws.files.LoadedZone), or None."""
    zone, checks = raw.get("zone"), raw.get("health_checks")
    try:
        if isinstance(zone, str):
            return load_zone(beside / zone if (beside / zone).exists() else zone)
        if zone is None:
            raise ConfigurationError(Problem("design", "has no zone", 'Give it as "zone": {"HostedZone": ..., '
                                             '"ResourceRecordSets": [...], "HealthChecks": [...]}.'))
        return zone_from_documents(zone, {"HealthChecks": checks} if isinstance(checks, list) else checks,
                                   where="zone", checks_where="health_checks")
    except ConfigurationError as error:
        problems += error.problems
        return None


def design_to_dict(design: Design) -> dict[str, Any]:
    """The design as plain JSON values; `design_from_dict` gives it back."""
    value: dict[str, Any] = {key: getattr(design, key) for key in PLAIN}
    value["zone"] = zone_document(design.zone, design.health_checks)
    value["capacity"] = {site: asdict(plan) for site, plan in design.capacity.items()}
    for key in PARTS:
        part = getattr(design, key)
        value[key] = part and {name: _listed(item) for name, item in asdict(part).items() if item is not None}
    return value


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
