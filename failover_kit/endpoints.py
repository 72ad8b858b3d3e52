"""Finds the sites behind a zone: which addresses and check endpoints belong to one place that can fail.

    HostedZone + HealthChecks  ->  Sites (each with all of its addresses and names)

A record set's values and the endpoint of its health check stand for the same site, so breaking the site breaks both;
unless that endpoint is what another routed record set answers, or the check is inverted and so a switch (STOP).
A site has every page that its checks ask for, with the text they look for, so that a healthy zone starts healthy.
After this: the lab opens the sites, a drill breaks them one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, count

from . import places
from .faults import WELCOME, Site
from .healthcheck import HealthCheck
from .places import PLACES, Place
from .records import RecordSet
from .zone import HostedZone


def sites_of(zone: HostedZone, checks: Iterable[HealthCheck] = ()) -> list[Site]:
    """The sites of a zone, in the order of its records. Endpoints of checks that no record uses come last."""
    endpoint = {check: known for check in checks if check.type.probes and (known := endpoint_of(zone, check))}
    watched_by = {check.id: known for check, known in endpoint.items() if not check.inverted}
    routed = {address for record in zone.record_sets if record.policies for address in addresses_behind(zone, record)}
    clusters = _Clusters()
    for record in zone.record_sets:
        addresses = addresses_behind(zone, record)
        if addresses:
            watched = watched_by.get(record.health_check_id)
            is_elsewhere = watched in routed and watched not in addresses and record.alias is None
            clusters.join([*addresses, *([watched] if watched and not is_elsewhere else [])], record)
    for address in endpoint.values():
        clusters.join([address], None)
    pages: dict[str, dict[str, str]] = {}
    for check, address in endpoint.items():
        if not check.inverted:
            mine, path = pages.setdefault(address, {}), check.resource_path.split("?")[0]
            mine[path] = f"{mine.get(path, WELCOME)}. {check.search_string or ''}"
    return [replace(site, pages={path: body for address in site.addresses
                                 for path, body in pages.get(address, {}).items()}) for site in clusters.sites()]


def addresses_behind(zone: HostedZone, record: RecordSet) -> tuple[str, ...]:
    """The addresses that one record set sends users to; none for an alias of another record set."""
    if record.type != "A" or zone.target_of(record):
        return ()
    return zone.addresses_of(record) if record.alias else record.values


def endpoint_of(zone: HostedZone, check: HealthCheck) -> str | None:
    """What a check probes. A name that has a simple address record in the zone is that address; a name that is routed
    there is nowhere in particular: None; any other stands for itself."""
    if check.ip_address:
        return check.ip_address
    group = zone.group(check.fully_qualified_domain_name.lower().rstrip(".") + ".", "A")
    if group and group[0].policies:
        return None
    return group[0].values[0] if group and group[0].values else check.fully_qualified_domain_name


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
            name = _free_name(_name(cluster, record, place), record, names)
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


def _free_name(wanted: str, record: RecordSet | None, taken: set[str]) -> str:
    """The name, with that of the record set where several have it ("primary of app.example.com"), or with a number."""
    longer = wanted if record is None or wanted == record.name.rstrip(".") else f"{wanted} of {record.name.rstrip('.')}"
    numbered = (f"{longer}-{number}" for number in count(2))
    name = next(name for name in chain((wanted, longer), numbered) if name not in taken)
    taken.add(name)
    return name
