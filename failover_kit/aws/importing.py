"""CloudFormation templates as zones: HostedZone, HealthCheck, RecordSet, RecordSetGroup, and alarms that checks watch.

    template (JSON or YAML) + values for its parameters  ->  LoadedZone, or one ConfigurationError with every problem

A file without resources is read as what the AWS CLI lists, by files.py.
Before this: template_text.py and intrinsics.py. After this: files.py judges the record sets as those of any file.
Source: CloudFormation User Guide, "Amazon Route 53 resource type reference" and "AWS::CloudWatch::Alarm".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import examples
from ..errors import ConfigurationError, Problem
from .export.cloudformation import METADATA
from .files import LoadedZone, load_zone, zone_from_documents
from .intrinsics import Template
from .members import Member, Table, nearest, shown
from .shapes import kit_name
from .tables import ALARM, CONFIG, RECORD_SET
from .template_text import read_template

HOSTED_ZONE, HEALTH_CHECK = "AWS::Route53::HostedZone", "AWS::Route53::HealthCheck"
RECORD, GROUP, ALARM_TYPE = "AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup", "AWS::CloudWatch::Alarm"
HOME = ("HostedZoneId", "HostedZoneName", "Comment")       # of a RecordSet, beside what the API knows
TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}        # of YAML 1.1
UNSUPPORTED = {                                            # settings of an alarm that Route 53 does not take
    "ExtendedStatistic": "percentiles", "Metrics": "metric math", "EvaluationCriteria": "PromQL",
    "ThresholdMetricId": "anomaly detection",
}


def load(path: Path | str, *, health_checks: Path | str | None = None, zone_name: str | None = None,
         parameters: Mapping[str, str] | None = None) -> LoadedZone:
    """The zone in a template, or in a file of any form that files.load_zone reads.

    `zone_name` picks one of a template's zones. `parameters` are values for the template's. Raises ConfigurationError.
    """
    found = Path(path)
    if found.parent == Path() and found.name in examples.NAMES and not found.exists():
        found = examples.path(found.name)
    document, twice = read_template(found)
    if not (isinstance(document, dict) and "Resources" in document):
        if isinstance(document, dict) and ("AWSTemplateFormatVersion" in document or found.suffix in (".yaml", ".yml")):
            raise ConfigurationError(Problem(str(path), "is no template: it has no Resources",
                                             "Give a CloudFormation template, or what the AWS CLI lists as JSON."))
        return load_zone(path, health_checks=health_checks, zone_name=zone_name)
    if health_checks is not None:
        raise ConfigurationError(Problem(str(path), "is a template, which brings its health checks along",
                                         "Leave --health-checks out."))
    return zone_from_template(document, zone_name=zone_name, parameters=parameters, where=str(path), found_before=twice)


def zone_from_template(document: Mapping[str, Any], *, zone_name: str | None = None,
                       parameters: Mapping[str, str] | None = None, where: str = "template",
                       found_before=()) -> LoadedZone:
    """The same for a template that is read already. `found_before` are problems to report together with the rest."""
    sections = {name: document.get(name) or {} for name in ("Resources", "Parameters", "Mappings", "Conditions")}
    odd = [Problem(where, f"{name} is {shown(value)}, must be an object", "Write it as names and what they stand for.")
           for name, value in sections.items() if not isinstance(value, dict)]
    if odd:
        raise ConfigurationError([*found_before, *odd])
    resources = {name: body for name, body in sections["Resources"].items() if isinstance(body, dict)}
    given = dict(parameters or {})
    template = Template(resources, sections["Parameters"], sections["Mappings"], sections["Conditions"], given)
    template.problems += found_before
    template.problems += [Problem(f"--parameter {name}", "the template has no such parameter",
                                  f"It has {', '.join(sections['Parameters']) or 'none'}.")
                          for name in given if name not in sections["Parameters"] and not name.startswith("AWS::")]
    try:
        return _Reader(template, where).read(zone_name)
    except RecursionError:
        raise ConfigurationError([*template.problems, Problem(
            where, "is nested too deeply", "A record set needs no more than ten levels.")]) from None


@dataclass
class _Zone:
    """One hosted zone that record sets of the template are in. Its name or its id may be unknown."""

    name: str | None
    id: str | None
    records: list[Any] = field(default_factory=list)


@dataclass
class _Reader:
    """Goes through a template once."""

    template: Template
    where: str
    zones: list[_Zone] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def read(self, zone_name: str | None) -> LoadedZone:
        for logical_id, body in self._of(HOSTED_ZONE):
            zone = _Zone(self._name(body, logical_id), _kit_id(body) or f"Z0{logical_id.upper()}"[:32])
            self.template.known |= {(logical_id, ""): zone.id, (logical_id, "Id"): zone.id}
            self.zones.append(zone)
        for logical_id, body in self._of(HEALTH_CHECK):
            id_ = _kit_id(body) or logical_id
            self.template.known |= {(logical_id, ""): id_, (logical_id, "HealthCheckId"): id_}
        for logical_id, body in self._of(ALARM_TYPE):
            self.template.known[logical_id, ""] = self._alarm_name(logical_id, body)
        checks, names = self._health_checks()
        for logical_id, body in (*self._of(RECORD), *self._of(GROUP)):
            self._take(logical_id, body)
        zone = self._chosen(zone_name)
        document = {"ResourceRecordSets": zone.records}
        if zone.name is not None:
            document["HostedZone"] = {"Name": zone.name, **({"Id": zone.id} if zone.id else {})}
        elif zone.id:
            document["HostedZoneId"] = zone.id
        tags = [{"ResourceType": "healthcheck", "ResourceId": id_, "Tags": [{"Key": "Name", "Value": name}]}
                for id_, name in names.items()]
        loaded = zone_from_documents({**document, "ResourceTagSets": tags}, {"HealthChecks": checks},
                                     zone_name=None if zone.name else zone_name, where=self.where,
                                     found_before=dict.fromkeys(self.template.problems))
        stand_ins = [f"{asked} is known to AWS only; {value} stands for it." for asked, value in
                     self.template.stand_ins.items()]
        return replace(loaded, warnings=(*loaded.warnings, *stand_ins, *self.warnings))

    def _of(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """The resources of a type that the conditions let be."""
        is_there = lambda name, body: "Condition" not in body or kind == ALARM_TYPE or self.template.holds(
            str(body["Condition"]), name)
        return [(name, body) for name, body in self.template.resources.items()
                if body.get("Type") == kind and is_there(name, body)]

    def _properties(self, logical_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        properties = self.template.resolve(body.get("Properties") or {}, logical_id)
        if isinstance(properties, dict):
            return properties
        self._say(logical_id, f"Properties are {shown(properties)}, must be an object", "Write keys and values.")
        return {}

    def _say(self, where: str, what: str, fix: str) -> None:
        self.template.problems.append(Problem(where, what, fix))

    # ---- zones and record sets ----------------------------------------------------------------------------------

    def _name(self, body: Mapping[str, Any], logical_id: str) -> str | None:
        name = self._properties(logical_id, body).get("Name")
        if not isinstance(name, str) or not name:
            self._say(logical_id, f"Name is {shown(name)}", 'Give the zone a name, such as "example.com".')
            return None
        return name

    def _take(self, logical_id: str, body: Mapping[str, Any]) -> None:
        told = len(self.template.problems)
        properties = self._properties(logical_id, body)
        if len(self.template.problems) > told:
            return                                  # what it says is not known
        sets = properties.pop("RecordSets", [properties]) if body["Type"] == GROUP else [properties]
        if not isinstance(sets, list):
            self._say(logical_id, f"RecordSets is {shown(sets)}, must be a list", "Write each record set as an item.")
            return
        for number, raw in enumerate(sets, 1):
            where = f"{logical_id}, record set {number}" if len(sets) > 1 else logical_id
            if not isinstance(raw, dict):
                self._say(where, f"is {shown(raw)}, must be an object", "Give it Name, Type and what it answers.")
                continue
            home = self._zone_of({**properties, **{key: raw[key] for key in HOME if key in raw}}, where)
            if home is not None:
                home.records.append(_api_record(raw))

    def _zone_of(self, properties: Mapping[str, Any], where: str) -> _Zone | None:
        id_, name = properties.get("HostedZoneId"), properties.get("HostedZoneName")
        if not all(isinstance(value, str) for value in (id_ or "", name or "")) or not (id_ or name):
            self._say(where, "names no hosted zone", "Give it HostedZoneId or HostedZoneName.")
            return None
        for zone in self.zones:
            if (id_ and zone.id == id_) or (name and zone.name and _same_name(zone.name, name)):
                return zone
        self.zones.append(_Zone(name, id_))
        return self.zones[-1]

    def _chosen(self, zone_name: str | None) -> _Zone:
        """The zone to import. Raises ConfigurationError where that cannot be told."""
        named = ", ".join(str(zone.name or zone.id) for zone in self.zones)
        matching = [zone for zone in self.zones if zone_name and zone.name and _same_name(zone.name, zone_name)]
        if matching:
            return matching[0]
        if len(self.zones) == 1 and (zone_name is None or self.zones[0].name is None):
            return self.zones[0]
        if not self.zones:
            self._say(self.where, "holds no hosted zone and no record sets",
                      f"It needs resources of type {HOSTED_ZONE}, {RECORD} or {GROUP}.")
        elif zone_name is None:
            self._say(self.where, f"holds {len(self.zones)} zones: {named}", "Choose one with --zone-name.")
        else:
            near = nearest(zone_name, [zone.name for zone in self.zones if isinstance(zone.name, str)])
            self._say(f"--zone-name {zone_name}", f"the template has {named}", f"Did you mean {near}?" if near else
                      "Choose one of these.")
        raise ConfigurationError(dict.fromkeys(self.template.problems))

    # ---- health checks and alarms -------------------------------------------------------------------------------

    def _health_checks(self) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """The checks in the API's spelling, and their names."""
        alarms = {self.template.known[logical_id, ""]: (logical_id, self._properties(logical_id, body))
                  for logical_id, body in self._of(ALARM_TYPE)}
        checks, names = [], {}
        for logical_id, body in self._of(HEALTH_CHECK):
            id_, properties = self.template.known[logical_id, ""], self._properties(logical_id, body)
            config = _typed(properties.get("HealthCheckConfig"), CONFIG)
            check = {"Id": id_, "HealthCheckConfig": config}
            identifier = config.get("AlarmIdentifier") if isinstance(config, dict) else None
            alarm = str(identifier.get("Name", "")) if isinstance(identifier, dict) else ""
            if alarm in alarms:
                check["CloudWatchAlarmConfiguration"] = self._alarm_settings(*alarms[alarm])
            elif alarm:
                self.warnings.append(f"{logical_id}: no alarm {alarm} in the template; usual settings stand for its.")
            checks.append(check)
            tags = properties.get("HealthCheckTags")
            for tag in tags if isinstance(tags, list) else ():
                if isinstance(tag, dict) and tag.get("Key") == "Name":
                    names[id_] = str(tag.get("Value"))
        return checks, names

    def _alarm_name(self, logical_id: str, body: Mapping[str, Any]) -> str:
        return str(self._properties(logical_id, body).get("AlarmName", logical_id))

    def _alarm_settings(self, logical_id: str, properties: dict[str, Any]) -> Any:
        for setting, what in UNSUPPORTED.items():
            if setting in properties:
                self._say(logical_id, f"{setting}: Route 53 takes no alarms with {what}", "Watch a plain statistic.")
        periods = properties.get("EvaluationPeriods")
        if str(properties.get("DatapointsToAlarm", periods)) != str(periods):
            self._say(logical_id, f"DatapointsToAlarm is {properties['DatapointsToAlarm']} of {periods}: Route 53 "
                      "takes no M out of N alarms", "Leave DatapointsToAlarm out.")
        return _typed({member: value for member, value in properties.items() if member in ALARM}, ALARM)


def _kit_id(body: Mapping[str, Any]) -> str | None:
    """The id that an export kept, or None in a template of other origin."""
    metadata = body.get("Metadata")
    kept = metadata.get(METADATA) if isinstance(metadata, dict) else None
    id_ = kept.get("Id") if isinstance(kept, dict) else None
    return id_ if isinstance(id_, str) else None


def _same_name(one: Any, other: Any) -> bool:
    plain = _plain(str(one))
    return plain is not None and plain == _plain(str(other))


@lru_cache(maxsize=10_000)
def _plain(name: str) -> str | None:
    try:
        return kit_name(name)
    except ConfigurationError:
        return None


# ---- from a template's spelling to the API's -------------------------------------------------------------------

def _api_record(raw: Mapping[str, Any]) -> Any:
    """A RecordSet of a template as the API spells it: ResourceRecords are objects there."""
    said = {key: value for key, value in raw.items() if key not in HOME}
    if isinstance(said.get("ResourceRecords"), list):
        said["ResourceRecords"] = [{"Value": value} for value in said["ResourceRecords"]]
    if isinstance(said.get("AliasTarget"), dict):
        said["AliasTarget"] = {"EvaluateTargetHealth": False, **said["AliasTarget"]}
    return _typed(said, RECORD_SET)


def _typed(value: Any, table: Table | Member) -> Any:
    """The value with text turned into the numbers and truths that the API wants; what does not fit stays as it is."""
    if isinstance(table, Mapping):
        return ({key: _typed(item, table[key]) if key in table else item for key, item in value.items()}
                if isinstance(value, dict) else value)
    if table.kind is dict and table.of:
        return _typed(value, table.of)
    if table.kind is list and table.of and isinstance(value, list):
        return [_typed(item, table.of) for item in value]
    if isinstance(value, str) and table.kind in (int, float):
        return _number(value, table.kind)
    if isinstance(value, str) and table.kind is bool:
        return TRUTHS.get(value.lower(), value)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if table.kind is str and is_number else value


def _number(text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        return text
