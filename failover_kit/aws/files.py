"""Files that hold a zone, in any of the forms that AWS's tools print or take.

    {"HostedZone": {...}, "ResourceRecordSets": [...], "HealthChecks": [...]}     the kit's own, all parts AWS's
    what `aws route53 list-resource-record-sets` prints, beside what `list-health-checks` prints
    {"Changes": [...]}, {"ChangeBatch": {...}}, {"HostedZoneId": ..., "ChangeBatch": {...}}
        ->  LoadedZone, or one ConfigurationError with every problem of every record set, group and check
    HostedZone + HealthChecks  ->  the kit's own form

Before this: json_text.py reads JSON, shapes.py one structure. After this: commands, lint, drill, export.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from .. import examples
from ..errors import ConfigurationError, Problem
from ..healthcheck import HealthCheck, health_check_problems
from ..records import RecordSet
from ..zone import HostedZone
from .json_text import read_json, write_json
from .members import Reading, Table, nearest, read, shown
from .shapes import (
    Read,
    attempt,
    health_check_to_dict,
    hosted_zone_to_dict,
    kit_name,
    read_health_check,
    read_record_set,
    record_set_to_dict,
)
from .tables import CHANGE, HEALTH_CHECKS_FILE, ZONE_FILE
from .zone_names import guessed, is_below, named_by_soa_or_ns

DEFAULT_ID = HostedZone.__dataclass_fields__["id"].default
SUGGESTIONS = 50              # of missing health checks whose likely meaning is looked for
CUT_SHORT = ("NextToken", "NextRecordName", "NextMarker")


@dataclass(frozen=True)
class LoadedZone:
    """A zone and its health checks as files gave them, and what people should know about how they were read."""

    zone: HostedZone
    health_checks: tuple[HealthCheck, ...] = ()
    warnings: tuple[str, ...] = ()


# ---- reading ---------------------------------------------------------------------------------------------------

def load_zone(zone_file: Path | str, *, health_checks: Path | str | None = None,
              zone_name: str | None = None) -> LoadedZone:
    """The zone in a file, with the health checks in it and in the file `health_checks`.

    An example that the kit ships (`examples-zone.json`) is found by its bare name, where no such file is at hand.
    `zone_name` is for files that do not tell. Raises ConfigurationError with every problem in both files.
    """
    documents, problems = [], []
    for path in (zone_file, health_checks):
        try:
            value, twice = (None, []) if path is None else read_json(_found(Path(path)))
        except ConfigurationError as error:
            problems += error.problems
        else:
            documents.append(value)
            problems += twice
    if len(documents) < 2:
        raise ConfigurationError(problems)
    return zone_from_documents(documents[0], documents[1], zone_name=zone_name, where=str(zone_file),
                               checks_where=str(health_checks), found_before=problems)


def _found(path: Path) -> Path:
    is_example = path.parent == Path() and path.name in examples.NAMES and not path.exists()
    return examples.path(path.name) if is_example else path


def zone_from_documents(document: Any, checks_document: Any = None, *, zone_name: str | None = None,
                        where: str = "zone file", checks_where: str = "health checks file",
                        found_before: Iterable[Problem] = ()) -> LoadedZone:
    """The same for JSON values that are read already. `found_before` are problems to report together with the rest."""
    notes = _Notes([*found_before])
    reading = _read_document(document, ZONE_FILE, where, notes)
    given = set(reading.values)
    if not {"HostedZone", "ResourceRecordSets", "Changes", "ChangeBatch"} & given:
        notes.add(where, "holds no record sets", "Pass it with --health-checks, beside the file with the record sets."
                  if "HealthChecks" in given else "Give what `aws route53 list-resource-record-sets` prints.")
        raise ConfigurationError(notes.problems)
    entries = _entries(reading, where, notes)
    apex = _apex(reading, entries, zone_name, notes)
    zone_id = _zone_id(reading, entries, apex)
    records = _read_records(entries, zone_id, notes)
    checks = _read_checks(reading, checks_document, checks_where, notes)
    is_list = "ResourceRecordSets" in given
    _look_up_checks(records, [found.noun.id for found in checks],
                    "HealthChecks" in given or (checks_document is not None and not is_list), notes)
    zone = _fitted(apex, zone_id or DEFAULT_ID, records, notes) if apex is not None else None
    if notes.problems:
        raise ConfigurationError(notes.problems)
    return LoadedZone(zone, tuple(found.noun for found in checks), tuple(notes.warnings))


@dataclass
class _Notes:
    """What there is to say about a file."""

    problems: list[Problem]
    warnings: list[str] = field(default_factory=list)

    def add(self, where: str, what: str, fix: str) -> None:
        self.problems.append(Problem(where, what, fix))


class _Entry(NamedTuple):
    """One record set of a file, not read yet."""

    where: str
    raw: Any
    action: str = "CREATE"

    @property
    def outline(self) -> tuple[str, str] | None:
        """Its name and type, if it has a name."""
        name = _name_in(self.raw, "Name")
        return name and (name, str(self.raw.get("Type")))


def _name_in(raw: Any, member: str) -> str | None:
    try:
        return kit_name(raw[member])
    except (ConfigurationError, TypeError, KeyError, AttributeError):      # reported when the record set is read
        return None


def _read_document(document: Any, table: Table, where: str, notes: _Notes) -> Reading:
    if not isinstance(document, dict):
        example = "HealthChecks" if table is HEALTH_CHECKS_FILE else "ResourceRecordSets"
        notes.add(where, f"is {shown(document)}, must be an object",
                  f'Write it like {{"{example}": [...]}}; the AWS CLI prints that unless it is run with --query.')
        raise ConfigurationError(notes.problems)
    reading = read(document, table, where)
    notes.problems += reading.problems
    if reading.values.get("IsTruncated") or any(reading.values.get(member) for member in CUT_SHORT):
        notes.warnings.append(f"{where} is cut short: its list goes on. Run the AWS CLI without --max-items.")
    return reading


def _entries(reading: Reading, where: str, notes: _Notes) -> list[_Entry]:
    """The record sets of a list, or of a change batch, in order."""
    listed = reading.values.get("ResourceRecordSets", [])
    changes = [*reading.values.get("Changes", []), *reading.values.get("ChangeBatch", {}).get("Changes", [])]
    if listed and changes:
        notes.add(where, "holds both ResourceRecordSets and Changes", "Keep one of them.")
    entries = [_Entry(f"record set {number}", raw) for number, raw in enumerate(listed, 1)]
    for number, raw in enumerate(changes, 1):
        change = read(raw, CHANGE, f"change {number}")
        notes.problems += change.problems
        if not change.doubts("ResourceRecordSet"):
            entries.append(_Entry(f"change {number}", change.values["ResourceRecordSet"], change.values["Action"]))
    return entries


def _apex(reading: Reading, entries: list[_Entry], zone_name: str | None, notes: _Notes) -> str | None:
    """The zone's name: as the file states it, else as the caller does, else as the record sets let us tell."""
    outlines = {outline for entry in entries if (outline := entry.outline)}
    stated = wanted = None
    if zone_name is not None:
        wanted = attempt(lambda: kit_name(zone_name), notes.problems, None, "--zone-name:")
    if zone := reading.values.get("HostedZone"):
        if "HostedZone" in reading.doubtful or reading.doubts("HostedZone.Name"):
            return None
        stated = attempt(lambda: kit_name(zone["Name"]), notes.problems, None, "HostedZone.Name:")
        if zone.get("Config", {}).get("PrivateZone"):
            notes.warnings.append(f"{zone['Name']} is a private zone; the lab answers everybody who can reach it.")
    told = stated or named_by_soa_or_ns(outlines)
    if wanted and told not in (None, wanted) and (stated or (told, "SOA") in outlines):
        notes.add(f"--zone-name {zone_name}", f"the zone in the file is {told}", "Leave --zone-name out.")
    elif wanted:
        return wanted
    elif told is None and zone is None:
        told = attempt(lambda: guessed(outlines), notes.problems, None)
        notes.warnings.append(f"no SOA and no HostedZone: the zone is taken to be {told} "
                              "If it is another, say so with --zone-name.")
    return told


def _zone_id(reading: Reading, entries: list[_Entry], apex: str | None) -> str | None:
    """The zone's id: as the file states it, else as most aliases that stay in the zone do, else None."""
    stated = reading.values.get("HostedZone", {}).get("Id") or reading.values.get("HostedZoneId")
    if stated or apex is None:
        return stated and stated.removeprefix("/hostedzone/")
    aliases = [entry.raw.get("AliasTarget") for entry in entries if isinstance(entry.raw, dict)]
    homes = Counter(str(alias.get("HostedZoneId")) for alias in aliases
                    if (target := _name_in(alias, "DNSName")) and is_below(target, apex) and "HostedZoneId" in alias)
    return homes.most_common(1)[0][0] if homes else None


def _read_records(entries: list[_Entry], zone_id: str | None, notes: _Notes) -> list[Read[RecordSet]]:
    """Every record set that has a place in the zone, sound or not. UPSERT replaces an earlier one of its identity."""
    records: list[Read[RecordSet]] = []
    places: dict[tuple, int] = {}
    for entry in entries:
        found = read_record_set(entry.raw, entry.where, zone_id)
        notes.problems += found.problems
        if entry.action == "DELETE":
            notes.add(found.noun.label if found.noun else entry.where, "cannot be deleted: a change batch is read as a "
                      "zone of its own, which starts empty", "Keep only the CREATE and UPSERT changes.")
        elif found.noun is not None:
            place = places.setdefault(found.noun.identity, len(records))
            if entry.action == "UPSERT" and place < len(records):
                records[place] = found
            else:
                records.append(found)
    return records


def _read_checks(reading: Reading, document: Any, where: str, notes: _Notes) -> list[Read[HealthCheck]]:
    """Every health check that has an id, sound or not, of both files."""
    raws = [*reading.values.get("HealthChecks", [])]
    if document is not None:
        raws += _read_document(document, HEALTH_CHECKS_FILE, where, notes).values["HealthChecks"]
    names = {(tagged["ResourceType"], tagged["ResourceId"]): tag.get("Value")
             for tagged in reading.values.get("ResourceTagSets", [])
             for tag in tagged.get("Tags", []) if tag["Key"] == "Name"}
    checks: dict[str, Read[HealthCheck]] = {}
    for number, raw in enumerate(raws, 1):
        id_ = raw.get("Id") if isinstance(raw, dict) else None
        found = read_health_check(raw, f"health check {number}", names.get(("healthcheck", str(id_))))
        notes.problems += found.problems
        if found.noun is not None and checks.setdefault(found.noun.id, found).noun != found.noun:
            notes.add(found.noun.label, "is given twice, with different settings", "Keep one of them.")
    notes.problems += health_check_problems([found.noun for found in checks.values()])
    return [*checks.values()]


def _look_up_checks(records: list[Read[RecordSet]], known: list[str], are_all_here: bool, notes: _Notes) -> None:
    """Record sets whose health check is not there: wrong in a file that brings its checks along.

    In an account it can happen: a check may be deleted while record sets use it. Such a record set counts as healthy.
    Source: Route 53 API Reference, DeleteHealthCheck.
    """
    there = {None, *known}
    lacking = [found.noun for found in records if found.noun.health_check_id not in there]
    missing = sorted({record.health_check_id for record in lacking})
    if are_all_here:
        near = {id_: nearest(id_, known) for id_ in missing[:SUGGESTIONS]}
        for record in lacking:
            meant = near.get(record.health_check_id)
            notes.add(record.label, f"health check {shown(record.health_check_id)} does not exist",
                      f"Did you mean {meant}?" if meant else "Add it to HealthChecks, or leave HealthCheckId out.")
    elif lacking:
        advice = ("They may have been deleted." if known else
                  "Give what `aws route53 list-health-checks` prints with --health-checks.")
        notes.warnings.append(f"{len(lacking)} record sets count as always healthy, as their health checks are not "
                              f"given: {', '.join(missing)}. {advice}")


def _fitted(apex: str, zone_id: str, records: list[Read[RecordSet]], notes: _Notes) -> HostedZone | None:
    """The zone. If its record sets do not fit together: None, and what is wrong with every group that can be judged."""
    for found in records:
        if found.noun.alias and not found.problems:
            notes.problems += _home_problems(found.noun, apex, zone_id)
    try:
        return HostedZone(apex, tuple(found.noun for found in records), zone_id)
    except ConfigurationError as error:
        unclear = {" ".join(found.noun.key) for found in records if found.is_doubtful}
        notes.problems += [problem for problem in error.problems if problem.where not in unclear]
        return None


def _home_problems(record: RecordSet, apex: str, zone_id: str) -> Iterable[Problem]:
    """Does an alias name the hosted zone that its target is in?"""
    target, home = record.alias.dns_name, record.alias.hosted_zone_id
    if is_below(target, apex) and home is not None:
        yield Problem(record.label, f"AliasTarget.HostedZoneId is {home}, but {target} is in this zone, {zone_id}",
                      f"Write {zone_id}.")
    elif not is_below(target, apex) and home is None:
        yield Problem(record.label, f"AliasTarget lacks the HostedZoneId of {target}, which is not in this zone",
                      "Give the id that AWS lists for that kind of resource and Region.")


# ---- writing ---------------------------------------------------------------------------------------------------

def zone_document(zone: HostedZone, health_checks: Iterable[HealthCheck] = ()) -> dict[str, Any]:
    """A zone and its health checks as one JSON value, in AWS's spelling; `zone_from_documents` gives them back."""
    checks = [*health_checks]
    document = {"HostedZone": hosted_zone_to_dict(zone),
                "ResourceRecordSets": [record_set_to_dict(record, zone.id) for record in zone.record_sets],
                "HealthChecks": [health_check_to_dict(check) for check in checks]}
    tags = [{"ResourceType": "healthcheck", "ResourceId": check.id, "Tags": [{"Key": "Name", "Value": check.name}]}
            for check in checks if check.name is not None]
    return {**document, "ResourceTagSets": tags} if tags else document


def write_zone(path: Path | str, zone: HostedZone, health_checks: Iterable[HealthCheck] = ()) -> None:
    """Write a zone and its health checks into one file that `load_zone` reads. Raises ConfigurationError."""
    write_json(Path(path), zone_document(zone, health_checks))
