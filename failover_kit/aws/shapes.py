"""boto3's spelling and the kit's nouns, exactly, both ways.

    {"Name": "app.example.com.", "Type": "A", "TTL": 60, ...}  <->  RecordSet
    {"Id": "...", "HealthCheckConfig": {...}}                  <->  HealthCheck
    {"Id": "/hostedzone/Z...", "Name": "example.com.", ...}    <-   HostedZone

Every problem of a shape is reported at once: keys, types, values, and what the noun itself refuses.
Before this: tables.py says what the structures hold. After this: files.py, and all else that speaks AWS.
Source: Route 53 API Reference, ResourceRecordSet, HealthCheck, HealthCheckConfig, HostedZone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields as fields_of
from typing import Any, Generic, NamedTuple, TypeVar

from ..errors import ConfigurationError, Problem
from ..healthcheck import HealthCheck, HealthCheckType
from ..metrics import MetricAlarm
from ..octets import labels_of, name_of
from ..rdata import EXAMPLES
from ..records import AliasTarget, Failover, GeoLocation, RecordSet, dns_name
from ..zone import HostedZone
from .members import Reading, read, shown
from .tables import (
    ALARM_FIELDS,
    ALIAS_TARGET,
    CONFIG,
    CONFIG_FIELDS,
    GEO_FIELDS,
    HEALTH_CHECK,
    RECORD_FIELDS,
    RECORD_SET,
    REFUSED,
)

T = TypeVar("T")
Noun = TypeVar("Noun", RecordSet, HealthCheck, GeoLocation)
NO_NAME = "unreadable.invalid."         # stands for a name that cannot be read (RFC 2606 section 2)
DEFAULTS = {field.name: field.default for field in fields_of(HealthCheck)}
ROUTING = {"SetIdentifier", "Weight", "Region", "GeoLocation", "Failover", "MultiValueAnswer"}

# Members that Route 53 prints for a check even where they have their default.
SHOWN_FOR_ALL = ("inverted", "disabled")
SHOWN_FOR_PROBES = ("request_interval", "failure_threshold", "measure_latency", *SHOWN_FOR_ALL)
SHOWN_FOR_HTTP = ("resource_path", *SHOWN_FOR_PROBES)
SHOWN_FOR_ALARMS = (*SHOWN_FOR_ALL, "insufficient_data_health_status")


class Read(NamedTuple, Generic[Noun]):
    """A noun as far as it could be read. With problems it serves to see how others fit it, and nothing else.

    `is_doubtful`: its part in its group could not be read, so what is wrong with that group cannot be told.
    """

    noun: Noun | None
    problems: list[Problem]
    is_doubtful: bool = False


# ---- names -----------------------------------------------------------------------------------------------------

def kit_name(text: str) -> str:
    """A name as the kit keeps it: `\\052.Example.com` -> `*.example.com.`, other octal escapes likewise.

    Raises ConfigurationError. Source: Route 53 Developer Guide, "DNS domain name format".
    """
    text = text.strip()              # AWS's own examples have names with a blank at the end
    if not text.isascii():
        raise ConfigurationError(Problem("", f"name {shown(text)} has letters beyond ASCII",
                                         "Write it in Punycode (xn--...), as resolvers ask for it."))
    if any(letter.isspace() for letter in text):
        raise ConfigurationError(Problem("", f"name {shown(text)} holds a space",
                                         "Names are letters, digits, - and _; write a space as \\040."))
    try:
        return dns_name(name_of(labels_of(text)))
    except ConfigurationError as error:
        what, _, fix = " ".join(filter(None, (error.problems[0].what, error.problems[0].fix))).partition(". ")
        raise ConfigurationError(Problem("", what.rstrip("."), fix or "Shorten it.")) from None


def aws_name(name: str) -> str:
    """A name as Route 53 prints it: all but letters, digits, - and _ as octal escapes, `*` as `\\052` too."""
    return ".".join("".join(chr(byte) if chr(byte) in "abcdefghijklmnopqrstuvwxyz0123456789-_" else f"\\{byte:03o}"
                            for byte in label) for label in labels_of(name)) + "."


# ---- record sets -----------------------------------------------------------------------------------------------

def record_set_from_dict(raw: Any, zone_id: str | None = None) -> RecordSet:
    """A ResourceRecordSet in boto3's spelling. An alias whose HostedZoneId is `zone_id` stays in the record's own zone.

    Raises ConfigurationError with every problem.
    """
    return _sound(read_record_set(raw, "record set", zone_id))


def read_record_set(raw: Any, where: str, zone_id: str | None = None) -> Read[RecordSet]:
    """The same without raising. `where` names the record set where its own name cannot be read."""
    refused = [key for key in REFUSED if key in raw] if isinstance(raw, dict) else []
    reading = read({key: raw[key] for key in raw if key not in refused} if refused else raw, RECORD_SET, where)
    problems = [Problem("", f"{key} asks for {REFUSED[key]}, which this lab does not do",
                        "Use another routing policy, or leave the record set out.") for key in refused]
    given, name = reading.values["Name"], NO_NAME
    if "Name" not in reading.doubtful:
        name = attempt(lambda: kit_name(given), problems, NO_NAME)
        where = _label(shown(given) if name == NO_NAME else name, reading)
    problems += reading.problems
    fields = _record_fields(reading, name, zone_id, problems)
    record = _unchecked(RecordSet, fields)
    if not refused and "Type" not in reading.doubtful:
        record = attempt(lambda: RecordSet(**fields), problems, record)
    is_placed = name != NO_NAME and "Type" not in reading.doubtful
    return Read(record if is_placed else None, _labelled(problems, where),
                bool(refused) or any(map(reading.doubts, ROUTING)))


def _label(name: str, reading: Reading) -> str:
    """As RecordSet.label, from what could be read."""
    type_, identifier = (None if member in reading.doubtful else reading.values.get(member)
                         for member in ("Type", "SetIdentifier"))
    return " ".join(filter(None, (name, type_, f"({identifier})" if identifier else "")))


def _record_fields(reading: Reading, name: str, zone_id: str | None, problems: list[Problem]) -> dict[str, Any]:
    values = reading.values
    fields = {"name": name, "type": values["Type"]}
    fields |= {field: values[member] for member, field in RECORD_FIELDS.items() if member in values}
    if "Failover" in values:
        fields["failover"] = Failover(values["Failover"])
    if "GeoLocation" in values:
        area = {GEO_FIELDS[member]: code for member, code in values["GeoLocation"].items()}
        fields["geolocation"] = attempt(lambda: _geolocation(area), problems, _unchecked(GeoLocation, area),
                                        "GeoLocation")
    if "AliasTarget" in values:
        fields["alias"] = attempt(lambda: _alias(values["AliasTarget"], zone_id), problems,
                                  AliasTarget(ALIAS_TARGET["DNSName"].example, True), "AliasTarget:")
    if "ResourceRecords" in values:
        given = tuple(item["Value"] for item in values["ResourceRecords"])
        all_lost = not given and reading.doubts("ResourceRecords")
        fields["values"] = (EXAMPLES[values["Type"]],) if all_lost else given
    return fields


def _geolocation(area: dict[str, str]) -> GeoLocation:
    country = area.get("country")
    if country is not None and not re.fullmatch(r"[A-Z]{2}|\*", country):
        raise ConfigurationError(Problem("", f"country is {shown(country)}",
                                         "Use two capital letters (ISO 3166-1), or * for the default location."))
    return GeoLocation(**area)


def _alias(values: dict[str, Any], zone_id: str | None) -> AliasTarget:
    home = values.get("HostedZoneId", "").removeprefix("/hostedzone/") or None
    return AliasTarget(kit_name(values["DNSName"]), values["EvaluateTargetHealth"], None if home == zone_id else home)


def record_set_to_dict(record: RecordSet, zone_id: str) -> dict[str, Any]:
    """The ResourceRecordSet as Route 53 lists it. `zone_id` goes into aliases within the record's own zone."""
    said = {member: getattr(record, field) for member, field in RECORD_FIELDS.items()}
    said |= {"Name": aws_name(record.name), "Type": record.type, "MultiValueAnswer": record.multivalue_answer or None,
             "Failover": record.failover and record.failover.value}
    if record.geolocation:
        area = {member: getattr(record.geolocation, field) for member, field in GEO_FIELDS.items()}
        said["GeoLocation"] = {member: code for member, code in area.items() if code is not None}
    if record.alias:
        said["AliasTarget"] = {"HostedZoneId": record.alias.hosted_zone_id or zone_id,
                               "DNSName": aws_name(record.alias.dns_name),
                               "EvaluateTargetHealth": record.alias.evaluate_target_health}
    else:
        said["ResourceRecords"] = [{"Value": value} for value in record.values]
    return {member: said[member] for member in RECORD_SET if said.get(member) is not None}


# ---- health checks ---------------------------------------------------------------------------------------------

def health_check_from_dict(raw: Any, name: str | None = None) -> HealthCheck:
    """A HealthCheck in boto3's spelling; {"Id": ..., "HealthCheckConfig": {...}} is enough. `name` is its Name tag.

    Raises ConfigurationError with every problem.
    """
    return _sound(read_health_check(raw, "health check", name))


def read_health_check(raw: Any, where: str, name: str | None = None) -> Read[HealthCheck]:
    """The same without raising. `where` names the check where its id cannot be read."""
    reading = read(raw, HEALTH_CHECK, where)
    problems = [*reading.problems]
    id_, config = reading.values["Id"], reading.values["HealthCheckConfig"]
    fields = {"id": id_, "type": HealthCheckType(config["Type"]), "name": name}
    for member, field in CONFIG_FIELDS.items():
        if member in config:
            fields[field] = tuple(config[member]) if isinstance(config[member], list) else config[member]
    if "AlarmIdentifier" in config:
        settings = reading.values.get("CloudWatchAlarmConfiguration", {})
        fields["alarm"] = attempt(lambda: _alarm(config["AlarmIdentifier"], settings), problems,
                                  MetricAlarm(name="unreadable"), "alarm:")
    check = _unchecked(HealthCheck, fields)
    if not reading.doubts("HealthCheckConfig.Type"):
        check = attempt(lambda: HealthCheck(**fields), problems, check)
    is_placed = "Id" not in reading.doubtful
    return Read(check if is_placed else None, _labelled(problems, check.label if is_placed else where))


def _alarm(identifier: dict[str, str], settings: dict[str, Any]) -> MetricAlarm:
    known = {field: settings[member] for member, field in ALARM_FIELDS.items() if member in settings}
    dimensions = tuple((pair["Name"], pair["Value"]) for pair in settings.get("Dimensions", ()))
    return MetricAlarm(name=identifier["Name"], region=identifier["Region"], dimensions=dimensions, **known)


def health_check_to_dict(check: HealthCheck, caller_reference: str | None = None, version: int = 1) -> dict[str, Any]:
    """The HealthCheck as Route 53 lists it. Its name is left out: for Route 53 that is a tag."""
    described = {"Id": check.id, "CallerReference": caller_reference or check.id[:64],
                 "HealthCheckConfig": health_check_config(check), "HealthCheckVersion": version}
    if check.alarm:
        described["CloudWatchAlarmConfiguration"] = {
            **{member: getattr(check.alarm, field) for member, field in ALARM_FIELDS.items()},
            "Dimensions": [{"Name": name, "Value": value} for name, value in check.alarm.dimensions]}
    return described


def health_check_config(check: HealthCheck) -> dict[str, Any]:
    """The HealthCheckConfig: what was set, and what Route 53 shows for this type in any case."""
    match check.type:
        case HealthCheckType.TCP:
            always = SHOWN_FOR_PROBES
        case HealthCheckType.CLOUDWATCH_METRIC:
            always = SHOWN_FOR_ALARMS
        case kind:
            always = SHOWN_FOR_HTTP if kind.probes else SHOWN_FOR_ALL
    said = {"Type": check.type.value}
    for member, field in CONFIG_FIELDS.items():
        value = getattr(check, field)
        if field in always or value != DEFAULTS[field]:
            said[member] = list(value) if isinstance(value, tuple) else value
    if check.alarm:
        said["AlarmIdentifier"] = {"Region": check.alarm.region, "Name": check.alarm.name}
    return {member: said[member] for member in CONFIG if member in said}


# ---- hosted zones ----------------------------------------------------------------------------------------------

def hosted_zone_to_dict(zone: HostedZone, caller_reference: str | None = None,
                        comment: str | None = None) -> dict[str, Any]:
    """The HostedZone as Route 53 describes it; its record sets are listed by themselves."""
    config = {"Comment": comment, "PrivateZone": False} if comment else {"PrivateZone": False}
    return {"Id": f"/hostedzone/{zone.id}", "Name": aws_name(zone.name), "CallerReference": caller_reference or zone.id,
            "Config": config, "ResourceRecordSetCount": len(zone.record_sets)}


# ---- reading in spite of problems ------------------------------------------------------------------------------

def _sound(reading: Read[Noun]) -> Noun:
    if reading.problems:
        raise ConfigurationError(reading.problems)
    return reading.noun


def attempt(make: Callable[[], T], problems: list[Problem], stand_in: T, about: str = "") -> T:
    """What `make` makes. If it raises: the stand-in, and its problems are kept, said to be about `about`."""
    try:
        return make()
    except ConfigurationError as error:
        problems += [Problem("", f"{about} {problem.what}".strip(), problem.fix) for problem in error.problems]
        return stand_in


def _unchecked(kind: type[Noun], values: dict[str, Any]) -> Noun:
    """A noun past its own checks: one that is refused still takes its place beside others while they are judged."""
    noun = object.__new__(kind)
    for field in fields_of(kind):
        object.__setattr__(noun, field.name, values.get(field.name, field.default))
    return noun


def _labelled(problems: list[Problem], where: str) -> list[Problem]:
    """The problems under one label, each once."""
    return [*dict.fromkeys(Problem(where, problem.what, problem.fix) for problem in problems)]
