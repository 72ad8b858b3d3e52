"""Hosted zones: create, get, list, delete, count, comment.

Source: Route 53 API Reference, CreateHostedZone, GetHostedZone, ListHostedZones, ListHostedZonesByName,
DeleteHostedZone, GetHostedZoneCount, UpdateHostedZoneComment, and the reusable delegation set's actions.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ...errors import ConfigurationError
from ...timeline import Note
from ...zone import DEFAULT_NAME_SERVERS, HostedZone
from ..account import Account
from ..change_batch import MAX_RECORD_SETS
from ..paging import marked, page
from ..protocol import AwsError
from ..shapes import aws_name, hosted_zone_to_dict, kit_name

MAX_ZONES = 500                      # in one account; Route 53 quota
MOST_LISTED = 100


def create_hosted_zone(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    name, reference, config = _zone_name(asked["Name"]), asked["CallerReference"], asked.get("HostedZoneConfig", {})
    if "VPC" in asked or config.get("PrivateZone"):
        raise AwsError("NotImplemented", "CreateHostedZone makes public hosted zones only: leave VPC and PrivateZone "
                                         "out.")
    if "DelegationSetId" in asked:
        raise _no_delegation_set(asked["DelegationSetId"])
    if reference in account.zone_references:
        raise AwsError("HostedZoneAlreadyExists", "A hosted zone has already been created with the specified caller "
                       f"reference {reference!r}.")
    if len(account.service.zones) >= MAX_ZONES:
        raise AwsError("TooManyHostedZones", f"This account has {MAX_ZONES} hosted zones, which is the limit.")
    zone = HostedZone(name, id=account.fresh_id("Z"))
    older = [other for other in account.service.zones.values() if other.name == name]
    account.zone_references.add(reference)
    change = account.submit(zone.id, zone)
    note = account.zone_note(zone)
    note.caller_reference, note.comment = reference, config.get("Comment")
    if older:
        account.service.timeline.add(Note(account.now(), f"zone {older[0].id} is called {name} too, and goes on "
                                                         "answering: the DNS server uses the older of two zones"))
    return {"HostedZone": _described(account, zone), "ChangeInfo": change,
            "DelegationSet": {"NameServers": name_servers(zone)},
            "Location": f"https://route53.amazonaws.com/2013-04-01/hostedzone/{zone.id}"}


def get_hosted_zone(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    zone = account.zone(asked["Id"])
    return {"HostedZone": _described(account, zone), "DelegationSet": {"NameServers": name_servers(zone)}}


def list_hosted_zones(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    if "DelegationSetId" in asked:
        raise _no_delegation_set(asked["DelegationSetId"])
    zones = [] if "HostedZoneType" in asked else list(account.service.zones.values())      # none is private
    found, described = marked(zones, asked, MOST_LISTED, lambda zone: zone.id)
    return {"HostedZones": [_described(account, zone) for zone in found.items], **described}


def list_hosted_zones_by_name(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    if "HostedZoneId" in asked and "DNSName" not in asked:
        raise AwsError("InvalidInput", "HostedZoneId needs DNSName beside it.")
    start = (reversed_labels(_name(asked["DNSName"])) if asked.get("DNSName") else "", asked.get("HostedZoneId", ""))
    zones = sorted(account.service.zones.values(), key=_by_name)
    found = page(zones, asked, MOST_LISTED, lambda zone: _by_name(zone) >= start)
    described = {"DNSName": asked.get("DNSName"), "HostedZoneId": asked.get("HostedZoneId"),
                 "IsTruncated": found.is_truncated, "MaxItems": found.max_items}
    if found.is_truncated:
        described |= {"NextDNSName": aws_name(found.after.name), "NextHostedZoneId": found.after.id}
    return {"HostedZones": [_described(account, zone) for zone in found.items], **described}


def delete_hosted_zone(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    zone = account.zone(asked["Id"])
    if any(record.name != zone.name or record.type not in ("SOA", "NS") for record in zone.record_sets):
        raise AwsError("HostedZoneNotEmpty", "The specified hosted zone contains non-required resource record sets and "
                                             "so cannot be deleted.")
    return {"ChangeInfo": account.submit(zone.id, None)}


def get_hosted_zone_count(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return {"HostedZoneCount": len(account.service.zones)}


def update_hosted_zone_comment(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    zone = account.zone(asked["Id"])
    account.zone_note(zone).comment = asked.get("Comment")
    return {"HostedZone": _described(account, zone)}


def list_reusable_delegation_sets(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    _, described = marked([], asked, MOST_LISTED, str)
    return {"DelegationSets": [], **described}


def get_reusable_delegation_set(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    raise _no_delegation_set(asked["Id"])


@lru_cache(2 * MAX_RECORD_SETS)
def reversed_labels(name: str) -> str:
    """The name by which Route 53 sorts: "com.example.www." for www.example.com., in the spelling that it prints."""
    return ".".join(reversed(aws_name(name)[:-1].split("."))) + "."


def _by_name(zone: HostedZone) -> tuple[str, str]:
    return reversed_labels(zone.name), zone.id


def _described(account: Account, zone: HostedZone) -> dict[str, Any]:
    note = account.zone_note(zone)
    return hosted_zone_to_dict(zone, note.caller_reference, note.comment)


def name_servers(zone: HostedZone) -> list[str]:
    """The names of the zone's name servers, without their final dots, as the API shows them."""
    servers = [value for record in zone.group(zone.name, "NS") for value in record.values] or DEFAULT_NAME_SERVERS
    return [server.rstrip(".") for server in servers]


def _name(text: str) -> str:
    try:
        return kit_name(text)
    except ConfigurationError as error:
        raise AwsError("InvalidDomainName", *map(str, error.problems)) from error


def _zone_name(text: str) -> str:
    """A name that a hosted zone may have. Raises AwsError."""
    name = _name(text)
    if name.count(".") < 2 or "*" in name:
        raise AwsError("InvalidDomainName", f"{text} cannot be a hosted zone: give a name below a top-level domain, "
                                            "without a wildcard.")
    return name


def _no_delegation_set(delegation_set_id: str) -> AwsError:
    return AwsError("NoSuchDelegationSet", f"There is no reusable delegation set {delegation_set_id}, nor any other.")


OPERATIONS = {
    "CreateHostedZone": create_hosted_zone,
    "GetHostedZone": get_hosted_zone,
    "ListHostedZones": list_hosted_zones,
    "ListHostedZonesByName": list_hosted_zones_by_name,
    "DeleteHostedZone": delete_hosted_zone,
    "GetHostedZoneCount": get_hosted_zone_count,
    "UpdateHostedZoneComment": update_hosted_zone_comment,
    "ListReusableDelegationSets": list_reusable_delegation_sets,
    "GetReusableDelegationSet": get_reusable_delegation_set,
}
