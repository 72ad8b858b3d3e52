"""A change batch against a zone: every change in turn, each seeing the ones before it, and then all of them or none.

    HostedZone + [{"Action": "UPSERT", "ResourceRecordSet": {...}}, ...]  ->  HostedZone, or AwsError with every problem

Pure. Before this: change_form.py, shapes.py. After this: operations/records.py.
Source: Route 53 API Reference, ChangeResourceRecordSets, Change, ResourceRecordSet, AliasTarget.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from ..errors import ConfigurationError
from ..records import RECORD_TYPES, Failover, Policy, RecordSet
from ..zone import HostedZone
from .change_form import check_form, routing_of
from .protocol import AwsError
from .shapes import aws_name, kit_name, read_record_set

MAX_RECORD_SETS = 10_000             # in one zone; Route 53 quota

# policy -> the field in which the members of a group must differ, and the words that AWS has for it
DISTINCT = {
    Policy.LATENCY: ("region", "Region Name", "a latency RRSet with the same name, type and region"),
    Policy.FAILOVER: ("failover", "Failover", "a failover RRSet with the same name, type and role"),
    Policy.GEOLOCATION: ("geolocation", "GeoLocation", "a geolocation RRSet with the same name, type and location"),
}


def changed(zone: HostedZone, changes: Sequence[dict[str, Any]], known_checks: Container[str]) -> HostedZone:
    """The zone after the whole batch. `known_checks` are the ids of the health checks that exist.

    Raises:
        AwsError: InvalidInput, NoSuchHealthCheck, or InvalidChangeBatch with one message a problem.
    """
    changes = [_completed(change, zone) for change in changes]
    check_form(changes)
    draft = _Draft(zone, known_checks)
    for number, change in enumerate(changes, 1):
        draft.take(change["Action"], change["ResourceRecordSet"], f"change {number}")
    return draft.finished()


def _completed(change: dict[str, Any], zone: HostedZone) -> dict[str, Any]:
    """A DELETE may leave MultiValueAnswer out."""
    record = change["ResourceRecordSet"]
    if change["Action"] != "DELETE" or "SetIdentifier" not in record or routing_of(record):
        return change
    try:
        group = zone.group(kit_name(record["Name"]), record["Type"])
    except ConfigurationError:                     # reported when the record set is read
        return change
    is_multivalue = any(each.multivalue_answer for each in group if each.set_identifier == record["SetIdentifier"])
    return {**change, "ResourceRecordSet": {**record, "MultiValueAnswer": True}} if is_multivalue else change


class _Draft:
    """A zone while it is being changed."""

    def __init__(self, zone: HostedZone, known_checks: Container[str]):
        self._zone = zone
        self._known_checks = known_checks
        self._groups = dict(zone.groups)
        self._touched: set[tuple[str, str]] = set()
        self._problems: list[str] = []

    def take(self, action: str, raw: dict[str, Any], where: str) -> None:
        """One change. A record set with problems takes its place too, so that later changes are judged beside it."""
        found = read_record_set(raw, where, self._zone.id)
        record, is_sound = found.noun, not found.problems
        self._problems += [f"Invalid Resource Record: {problem}" for problem in found.problems]
        if record is None:
            return
        if action == "DELETE":
            self._problems += self._delete_problems(record) if is_sound else ()
            self._put(record, [each for each in self._groups.get(record.key, ()) if each.identity != record.identity])
            return
        check = record.health_check_id
        if check is not None and check not in self._known_checks:
            raise AwsError("NoSuchHealthCheck", f"No health check exists with the specified ID {check}")
        if is_sound:
            self._problems += [*self._create_problems(action, record), *self._fit_problems(record),
                               *self._alias_problems(record)]
        group = {each.identity: each for each in self._groups.get(record.key, ())}
        if is_sound and record.weight is not None and record.ttl is not None:      # they share the TTL given last
            group = {identity: each if each.ttl is None or each.weight is None else replace(each, ttl=record.ttl)
                     for identity, each in group.items()}
        self._put(record, {**group, record.identity: record}.values())

    def finished(self) -> HostedZone:
        """The changed zone. Raises AwsError with every problem of the batch."""
        zone, problems = self._zone, self._problems
        if (zone.name, "SOA") not in self._groups:
            problems.append("A HostedZone must contain exactly one SOA record.")
        if (zone.name, "NS") not in self._groups:
            problems.append("A HostedZone must contain at least one NS record for the zone itself.")
        if sum(map(len, self._groups.values())) > max(MAX_RECORD_SETS, len(zone.record_sets)):
            problems.append(f"The zone would hold more than {MAX_RECORD_SETS} record sets.")
        if problems:
            raise AwsError("InvalidChangeBatch", *problems)
        try:
            return zone.with_groups({key: self._groups.get(key, ()) for key in sorted(self._touched)})
        except ConfigurationError as error:        # what the whole zone shows: loops, aliases without a target
            raise AwsError("InvalidChangeBatch", *map(str, error.problems)) from error

    def _put(self, record: RecordSet, group: Iterable[RecordSet]) -> None:
        self._touched.add(record.key)
        self._groups[record.key] = tuple(group)
        if not self._groups[record.key]:
            del self._groups[record.key]

    def _current(self, record: RecordSet) -> RecordSet | None:
        return next((each for each in self._groups.get(record.key, ()) if each.identity == record.identity), None)

    # ---- what can be wrong --------------------------------------------------------------------------------------

    def _delete_problems(self, record: RecordSet) -> Iterator[str]:
        current = self._current(record)
        if current is None:
            yield f"Tried to delete resource record set {_bracketed(record)} but it was not found"
        elif _content(record) != _content(current):
            yield (f"Tried to delete resource record set {_bracketed(record)} but the values provided do not match the "
                   "current values")

    def _create_problems(self, action: str, record: RecordSet) -> Iterator[str]:
        if action == "CREATE" and self._current(record) is not None:
            yield f"Tried to create resource record set {_bracketed(record)} but it already exists"
        if record.failover is Failover.PRIMARY and record.alias is None and record.health_check_id is None:
            yield "A non-alias primary ResourceRecordSet must have an associated health check"

    def _fit_problems(self, record: RecordSet) -> Iterator[str]:
        """How the record set fits the zone, its name and its group."""
        zone, name, rrset = aws_name(self._zone.name), aws_name(record.name), _rrset(record)
        of_type = f"RRSet of type {record.type} with DNS name {name}"
        if not self._zone.holds(record.name):
            yield f"RRSet with DNS name {name} is not permitted in zone {zone}"
        elif record.type == "CNAME" and record.name == self._zone.name:
            yield f"{of_type} is not permitted at apex in zone {zone}"
        elif record.type == "CNAME" and any((record.name, other) in self._groups for other in RECORD_TYPES
                                            if other != "CNAME"):
            yield f"{of_type} is not permitted as it conflicts with other records with the same DNS name in zone {zone}"
        elif record.type != "CNAME" and (record.name, "CNAME") in self._groups:
            yield (f"{of_type} is not permitted because a conflicting RRSet of type  CNAME with the same DNS name "
                   f"already exists in zone {zone}")
        elif record.type == "SOA" and record.name != self._zone.name:
            yield f"{of_type} is only permitted at apex in zone {zone}"
        others = [each for each in self._groups.get(record.key, ()) if each.identity != record.identity]
        if record.policy is Policy.SIMPLE and others:
            yield f"{rrset} cannot be created as other RRSets exist with the same name and type"
        elif any(other.policy is not record.policy for other in others):
            policy = record.policy.value.split()[0]
            yield f"{rrset} cannot be created as a non-{policy} set exists with the same name and type"
        elif record.policy in DISTINCT:
            field, label, same = DISTINCT[record.policy]
            value = getattr(record, field)
            if any(getattr(other, field) == value for other in others):
                shown = getattr(value, "value", value)
                yield f"{rrset}, and {label}={shown} cannot be created because {same} already exists."

    def _alias_problems(self, record: RecordSet) -> Iterator[str]:
        if record.alias is None:
            return
        target, home = record.alias.dns_name, record.alias.hosted_zone_id
        tried = (f"Tried to create an alias that targets {aws_name(target)}, type {record.type} in zone "
                 f"{home or self._zone.id}, ")
        if self._zone.holds(target):
            if home is not None or (target, record.type) not in self._groups:
                yield tried + "but that target was not found"
        elif home is None:
            yield tried + "but the alias target name does not lie within the target zone"


def _content(record: RecordSet) -> dict[str, Any]:
    """What two record sets with the same content have in common: the order of values does not count."""
    return {field.name: getattr(record, field.name) for field in fields(record)} | {"values": frozenset(record.values)}


def _bracketed(record: RecordSet) -> str:
    identifier = f", set-identifier='{record.set_identifier}'" if record.set_identifier else ""
    return f"[name='{aws_name(record.name)}', type='{record.type}'{identifier}]"


def _rrset(record: RecordSet) -> str:
    identifier = f", SetIdentifier {record.set_identifier}" if record.set_identifier else ""
    return f"RRSet with DNS name {aws_name(record.name)}, type {record.type}{identifier}"
