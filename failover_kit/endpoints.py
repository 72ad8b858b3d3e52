"""Finds the sites behind a zone: which addresses and check endpoints belong to one place that can fail.

    HostedZone + HealthChecks  ->  Sites (each with all of its addresses and names)

A record set's values and the endpoint of its health check stand for the same site, so breaking the site breaks both.
A site has every page that its checks ask for, with the text they look for, so that a healthy zone starts healthy.
After this: the lab opens the sites, a drill breaks them one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from . import places
from .faults import WELCOME, Site
from .healthcheck import HealthCheck
from .places import PLACES, Place
from .records import RecordSet
from .zone import HostedZone


def sites_of(zone: HostedZone, checks: Iterable[HealthCheck] = ()) -> list[Site]:
    """The sites of a zone, in the order of its records. Endpoints of checks that no record uses come last."""
    probing = [check for check in checks if check.type.probes]
    endpoint = {check.id: check.ip_address or check.fully_qualified_domain_name for check in probing}
    clusters = _Clusters()
    for record in zone.record_sets:
        addresses = addresses_behind(zone, record)
        if addresses:
            watched = endpoint.get(record.health_check_id)
            clusters.join([*addresses, *([_known_as(zone, watched)] if watched else [])], record)
    for address in endpoint.values():
        clusters.join([_known_as(zone, address)], None)
    pages: dict[str, dict[str, str]] = {}
    for check in probing:
        mine = pages.setdefault(_known_as(zone, endpoint[check.id]), {})
        mine[check.resource_path.split("?")[0]] = f"{WELCOME}. {check.search_string or ''}"
    return [replace(site, pages={path: body for address in site.addresses for path, body in pages.get(address, {}).items()})
            for site in clusters.sites()]


def addresses_behind(zone: HostedZone, record: RecordSet) -> tuple[str, ...]:
    """The addresses that one record set sends users to; none for an alias of another record set."""
    if record.type != "A" or zone.target_of(record):
        return ()
    return zone.addresses_of(record) if record.alias else record.values


def _known_as(zone: HostedZone, endpoint: str) -> str:
    """A name that has a simple address record in the zone is that address; any other stands for itself."""
    group = zone.group(endpoint.lower().rstrip(".") + ".", "A")
    return group[0].values[0] if len(group) == 1 and group[0].values else endpoint


class _Clusters:
    """Addresses that belong together, grown one record set at a time."""

    def __init__(self):
        self._of: dict[str, list[str]] = {}                    # address -> its cluster
        self._records: dict[str, RecordSet] = {}               # address -> the first record set that gave it

    def join(self, addresses: list[str], record: RecordSet | None) -> None:
        """One value of a record set each is a site of its own; a check's endpoint joins the first of them."""
        values, joined = addresses, addresses[:1]
        if record is not None and len(addresses) > 1 and record.health_check_id:
            joined = addresses                                  # all stand or fall with one check
        merged = list(dict.fromkeys(a for address in joined for a in self._of.get(address, [address])))
        for address in merged:
            self._of[address] = merged
        for address in values:
            self._of.setdefault(address, [address])
            if record is not None:
                self._records.setdefault(address, record)

    def sites(self) -> list[Site]:
        found, names = [], set()
        for cluster in {id(cluster): cluster for cluster in self._of.values()}.values():
            record = next((self._records[a] for a in cluster if a in self._records), None)
            place = _place(cluster, record)
            name = _free_name(_name(cluster, record, place), names)
            found.append(Site(name, place, tuple(cluster)))
        return found


def _place(cluster: list[str], record: RecordSet | None) -> Place:
    if record is not None and record.region in places.BY_CODE:
        return places.region(record.region)
    try:
        return places.locate(cluster[0])
    except ValueError:
        return PLACES[0]


def _name(cluster: list[str], record: RecordSet | None, place: Place) -> str:
    """A Region's code on the lab's own addresses, else the record's set identifier or name, else the endpoint."""
    if cluster[0].startswith(f"127.0.{place.number}."):
        return place.code
    if record is None:
        return cluster[0]
    return record.set_identifier or record.name.rstrip(".")


def _free_name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name
