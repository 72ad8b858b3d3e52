"""A design: all that is decided before the disaster comes.

    zone + health checks + capacity + data + runbook + clients + switch  ->  Design (its sites, its home, its faults)

Before this: plans.py. After this: stage.py puts it into a lab, play.py lets a disaster happen to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..authority import explain
from ..endpoints import addresses_behind, sites_of
from ..errors import ConfigurationError, Problem
from ..faults import Site
from ..health import Status
from ..healthcheck import HealthCheck, HealthCheckType, health_check_problems
from ..places import locate
from ..records import Question, RecordSet, dns_name
from ..zone import HostedZone
from .plans import Capacity, Clients, DataPlan, Objective, Runbook, Switch

FRONTS = {"dns": "users find a site through the DNS", "anycast": "users go to one address, the network finds the site"}

# Where the shop's users are, with their shares [assumption]. None of these is a place that health checkers probe from.
USERS = {"US-NY": 0.4, "eu-central-1": 0.3, "US-TX": 0.2, "ap-south-1": 0.1}


@dataclass(frozen=True, kw_only=True)
class Design:
    """Everything decided before a disaster. Raises ConfigurationError with every fault found."""

    name: str
    zone: HostedZone
    health_checks: tuple[HealthCheck, ...] = ()
    asked_name: str = "app.example.com."                                 # what the users ask for
    capacity: Mapping[str, Capacity] = field(default_factory=dict)       # by site; one that is missing carries all
    data: DataPlan = field(default_factory=DataPlan)
    runbook: Runbook = field(default_factory=Runbook)
    clients: Clients = field(default_factory=Clients)
    switch: Switch | None = None
    objective: Objective = field(default_factory=Objective)
    front: str = "dns"                   # see FRONTS
    staged_deploys: bool = False         # a new version goes to the standby first, and waits there
    accelerated_recovery: bool = False   # of the DNS control plane; Route 53 Developer Guide, "Accelerated recovery"

    def __post_init__(self) -> None:
        object.__setattr__(self, "health_checks", tuple(self.health_checks))
        object.__setattr__(self, "asked_name", dns_name(self.asked_name))
        if problems := [*self.problems()]:
            raise ConfigurationError(problems)

    # ---- its sites ----------------------------------------------------------------------------------------------

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The sites behind the name, the one that most users go to in front."""
        addresses = {address for record in self.records for address in addresses_behind(self.zone, record)}
        found = [site for site in sites_of(self.zone, self.health_checks) if addresses & {*site.addresses}]
        shares = self.calm_shares(found)
        return tuple(sorted(found, key=lambda site: -shares.get(site.name, 0.0)))

    @property
    def home(self) -> str:
        """The site that serves on a calm day."""
        return self.sites[0].name

    @property
    def others(self) -> tuple[str, ...]:
        """The sites that stand by, or share the load."""
        return tuple(site.name for site in self.sites[1:])

    @cached_property
    def records(self) -> tuple[RecordSet, ...]:
        """The record sets that can answer for the name, those behind aliases included."""
        found: dict[tuple, RecordSet] = {}
        waiting = [*self.zone.group(self.asked_name, "A")]
        while waiting:
            record = waiting.pop(0)
            if record.identity not in found:
                found[record.identity] = record
                waiting += self.zone.target_of(record)
        return tuple(found.values())

    def calm_shares(self, sites: Iterable[Site]) -> dict[str, float]:
        """{site: share of the users} with every check healthy."""
        named = {address: site.name for site in sites for address in site.addresses}
        shares: dict[str, float] = {}
        for client, weight in USERS.items():
            chances = explain([self.zone], Question(self.asked_name, "A"), {}, locate(client)).chances
            for address, chance in chances.items():
                site = named.get(address, address)
                shares[site] = shares.get(site, 0.0) + weight * chance
        return shares

    def capacity_of(self, site: str) -> Capacity:
        return self.capacity.get(site, Capacity())

    def checks_of(self, site: str) -> tuple[HealthCheck, ...]:
        """The checks that decide whether users are sent to a site, with the children of calculated ones."""
        addresses = {address for found in self.sites if found.name == site for address in found.addresses}
        ids = {record.health_check_id for record in self.records if addresses & {*addresses_behind(self.zone, record)}}
        mine = [check for check in self.health_checks if check.id in ids]
        children = {child for check in mine for child in check.child_health_checks}
        return (*mine, *(check for check in self.health_checks if check.id in children - ids))

    @property
    def moves_by_itself(self) -> bool:
        """Does the DNS answer leave the home site without anybody's doing?"""
        unhealthy = dict.fromkeys((check.id for check in self.checks_of(self.home)), Status.UNHEALTHY)
        here = {address for address in self.sites[0].addresses}
        answers = [explain([self.zone], Question(self.asked_name, "A"), unhealthy, locate(client)) for client in USERS]
        return any(not here & {*answer.values} for answer in answers)

    # ---- what is wrong with it ------------------------------------------------------------------------------------

    def problems(self) -> Iterator[Problem]:
        yield from health_check_problems(self.health_checks)
        if self.front not in FRONTS:
            yield Problem("design", f"front is {self.front!r}", f"Use one of {', '.join(FRONTS)}.")
        if not self.records:
            yield Problem("design", f"asked_name is {self.asked_name}, and the zone has no A record of that name",
                          "Name what the users ask for.")
            return
        if not self.sites:
            yield Problem("design", f"no site is behind {self.asked_name}", "Give its record sets addresses.")
            return
        yield from self._site_problems()
        yield from self._switch_problems()

    def _site_problems(self) -> Iterator[Problem]:
        names = [site.name for site in self.sites]
        for site in self.capacity:
            if site not in names:
                yield Problem("capacity", f"site {site!r} is not behind {self.asked_name}",
                              f"Its sites: {', '.join(names)}.")
        for site, load in self.calm_shares(self.sites).items():
            if site in names and self.capacity_of(site).share < load - 1e-9:
                yield Problem("capacity", f"{site} gets {load:.0%} of the load on a calm day, and can carry "
                              f"{self.capacity_of(site).share:.0%}", f"Give it a share of {load:.2g} or more.")
        if self.data.copy in ("replica", "backup", "multi-writer") and len(names) == 1:
            yield Problem("data", f"copy is {self.data.copy!r}, but there is only one site",
                          "Use 'none', or add a site.")

    def _switch_problems(self) -> Iterator[Problem]:
        probing = [check for check in self.health_checks if check.type.probes]
        if self.switch is None:
            if self.runbook.has("switch"):
                yield Problem("runbook", "a step turns the switch, and the design has none",
                              "Give `switch`: a routing control, or an object that an inverted check looks for.")
            if self.data.failback == "held" and self.data.has_one_writer and self.moves_by_itself:
                yield Problem("data", "failback is 'held', and nothing can hold it: DNS goes back when checks pass",
                              "Add a switch that the home site's check listens to, or use 'automatic'.")
        elif self.switch.routing_control_arn is not None:
            watching = [check for check in self.health_checks if check.type is HealthCheckType.RECOVERY_CONTROL
                        and check.routing_control_arn == self.switch.routing_control_arn]
            if not watching:
                yield Problem("switch", f"no health check watches routing control {self.switch.routing_control_arn}",
                              "Add a RECOVERY_CONTROL check with that RoutingControlArn.")
        elif not any(check.inverted and check.resource_path == self.switch.object_path for check in probing):
            yield Problem("switch", f"no inverted health check looks for {self.switch.object_path}",
                          "Add one: an HTTP check of that path at the standby, with Inverted.")
        elif self.switch.at not in {site.name for site in self.sites}:
            yield Problem("switch", f"the object lies at {self.switch.at!r}, which is no site of the design",
                          f"Use one of {', '.join(site.name for site in self.sites)}.")
