"""Drills somebody's own zone before AWS does: each site fails in turn, then all together; every routed name is watched.

    HostedZone + HealthChecks  ->  one virtual lab an outage  ->  ZoneDrillReport (served by what, not served how long)

A few users ask for each name all the time. In each outage only the names that can feel it are asked for, and only
the checks that can notice it are there. Before this: terrain.py. After this: zone_report.py sums it up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from .errors import ConfigurationError
from .faults import FAULTS, Site
from .health import Status
from .healthcheck import HealthCheck
from .lab import Lab, LabSite
from .scenarios import SCENARIOS
from .terrain import Routed, Terrain
from .timeline import AnswerChange, Percentiles, Request
from .zone import HostedZone
from .zone_report import DrilledSite, NameOutcome, SiteOutage, Verdict, ZoneDrillReport

HOMES = ("us-east-1", "eu-west-1", "ap-northeast-1")      # where the users of each name are, in turn
EVERY = 5.0                  # seconds between a user's requests
SPREAD = 60.0                # seconds before an outage in which users come, so that their caches are out of step
SHORTEST = 300.0             # seconds: an outage lasts this long at least
LONGEST_TTL = 300            # seconds: a TTL beyond this is not waited out
MARGIN = 30.0                # seconds on top of what detection and caches need
PROBE = 10.0                 # seconds that the slowest probe takes, one of TCP that is not answered
RESOURCE_DELAY = 20.0        # seconds until an alias knows of its AWS resource's health; [model] two checks 10 s apart
TOTAL = ("crash", "blackout", "hang", "slow", "http_500")      # faults that an AWS resource itself reports


def drill_zone(zone: HostedZone, health_checks: Iterable[HealthCheck] = (), *, scenario: str = "crash", users: int = 3,
               seed: int = 0, progress: Callable[[float], None] | None = None) -> ZoneDrillReport:
    """Let each site of a zone fail as the scenario's primary does, and then all of them together. Virtual time.

    `progress` is told the share that is done, from 0 to 1; without it a long drill shows a bar.
    Raises ConfigurationError for an unknown scenario, or one that is not a single fault.
    """
    fault, options = _fault_of(scenario)
    terrain = Terrain.of(zone, health_checks)
    sites = tuple(site for site in terrain.sites if any(terrain.depends(name, [site]) for name in terrain.routed))
    groups = [(site,) for site in sites] + ([sites] if len(sites) > 1 else [])
    outages = [_Outage(terrain, failing, fault, options, users, seed) for failing in groups]
    if progress is None:
        from .progress import shown

        with shown("Drill", 0.0, 1.0) as report:
            found = _run_all(outages, report)
    else:
        found = _run_all(outages, progress)
    drilled = tuple(DrilledSite(site.name, site.place.code, tuple(terrain.known_as.get(address, address)
                                                                  for address in site.addresses)) for site in sites)
    return ZoneDrillReport(zone.name, fault, seed, users, drilled, found,
                           tuple(name for name, routed in terrain.names.items() if routed is None),
                           tuple(_assumptions(zone, terrain, fault)))


def _fault_of(name: str) -> tuple[str, dict[str, object]]:
    """The fault of a scenario's first stroke, if that and the repair are all of it."""
    scenario = SCENARIOS.get(name)
    if scenario is None or len(scenario.strokes) != 2:
        known = ", ".join(key for key, value in SCENARIOS.items() if len(value.strokes) == 2)
        raise ConfigurationError(f"{name!r} is not a single fault that sites can have in turn. Choose one of {known}.")
    return scenario.strokes[0].fault, dict(scenario.strokes[0].options)


def _run_all(outages: Sequence[_Outage], progress: Callable[[float], None]) -> tuple[SiteOutage, ...]:
    work = [outage.work for outage in outages]
    done, total, found = 0.0, sum(work) or 1.0, []
    for outage, share in zip(outages, work, strict=True):
        found.append(outage.run(lambda now, done=done, share=share, end=outage.end: progress(
            (done + share * min(now / end, 1.0)) / total)))
        done += share
        progress(done / total)
    return tuple(found)


@dataclass
class _Outage:
    """One outage to come: when it begins, how long it lasts, who feels it."""

    terrain: Terrain
    failing: tuple[Site, ...]
    fault: str
    options: dict[str, object]
    users: int
    seed: int

    def __post_init__(self):
        terrain = self.terrain
        self.names = tuple(name for name in terrain.routed if terrain.depends(name, self.failing))
        self.checks = terrain.moving_checks(self.names, self.failing)
        notice = max(((check.request_interval + PROBE) * (check.failure_threshold + 1) for check in self.checks
                      if check.type.probes), default=RESOURCE_DELAY)
        cached = max((min(name.ttl, LONGEST_TTL) for name in self.names), default=0.0)
        self.seconds = max(SHORTEST, notice + cached + MARGIN)
        self.begin = SPREAD + (notice if any(check.inverted for check in self.checks) else 0.0)
        self.mended = self.begin + self.seconds
        self.end = self.mended + max(notice, RESOURCE_DELAY) + cached + MARGIN

    @property
    def work(self) -> float:
        """About how long it takes to run, in some unit."""
        return self.end * (len(self.names) * self.users + sum(len(check.checkers) for check in self.checks) / 6)

    def run(self, progress: Callable[[float], None]) -> SiteOutage:
        with Lab.virtual(self.seed) as lab:
            sites = {site.name: lab.open_site(replace(site, active={})) for site in self.terrain.sites}
            lab.load(self.terrain.only(self.names), self.checks, open_sites=False)
            for outside in self.terrain.outside:
                lab.service.put_zone(outside, lab.now)
            who = {name: [user.name for user in lab.users(
                self.users, name.asked, every=EVERY, start_within=self.begin, regions=HOMES)] for name in self.names}
            for site in self.failing:
                self._plan(lab, sites[site.name])
            lab.run(self.end, progress=progress)
            requests: dict[str, list[Request]] = {user: [] for users in who.values() for user in users}
            switches: dict[str, float] = {}
            for event in lab.timeline:
                if isinstance(event, Request):
                    requests[event.user].append(event)
                elif isinstance(event, AnswerChange) and event.before and self.begin <= event.at <= self.mended:
                    switches.setdefault(event.name, event.at - self.begin)
            outcomes = tuple(self._outcome(name, [requests[user] for user in users], switches.get(name.asked))
                             for name, users in who.items())
            return SiteOutage(tuple(site.name for site in self.failing), self.seconds, outcomes)

    def _plan(self, lab: Lab, site: LabSite) -> None:
        """The site fails and is mended; aliases hear of it from the AWS resource itself, a little later."""
        lab.at(self.begin, lambda: site.fail(self.fault, **self.options))
        lab.at(self.mended, site.repair)
        for name, address in self.terrain.resources.items():
            if address in site.site.addresses and self.fault in TOTAL:
                for at, status in ((self.begin, Status.UNHEALTHY), (self.mended, Status.HEALTHY)):
                    lab.at(at + RESOURCE_DELAY, lambda name=name, status=status: lab.service.set_resource(
                        name, status, lab.now))

    # ---- measures -----------------------------------------------------------------------------------------------

    def _outcome(self, name: Routed, users: list[list[Request]], switched: float | None) -> NameOutcome:
        had_service = [requests for requests in users if _served_last(requests, self.begin)]
        unserved = Percentiles.of([self._unserved(requests) for requests in had_service])
        down = [requests for requests in had_service if not _served_last(requests, self.mended)]
        if not had_service:
            verdict = Verdict.NEVER_SERVED
        elif down:
            verdict = Verdict.STAYS_DOWN if switched is None or name.ttl <= LONGEST_TTL else Verdict.TOO_SLOW
        elif not unserved.maximum:
            verdict = Verdict.UNHARMED
        else:
            moved = any(_last(requests, self.begin).site != _last(requests, self.mended).site
                        for requests in had_service)
            verdict = Verdict.FAILS_OVER if moved or switched is not None else Verdict.SHAKEN
        return NameOutcome(name.name, name.type, _servers(users, self.begin), _servers(users, self.mended),
                           _servers(users, self.end), unserved, switched, name.ttl, verdict)

    def _unserved(self, requests: list[Request]) -> float:
        """Seconds of the outage in which one user had no service: from a failed request to the next good one."""
        total, since = 0.0, None
        for request in requests:
            if self.begin <= request.at and request.started < self.mended:
                if not request.ok:
                    since = request.started if since is None else since
                elif since is not None:
                    total, since = total + request.started - since, None
        return total if since is None else total + self.mended - since


def _last(requests: list[Request], until: float) -> Request | None:
    """The last request that was over by then."""
    return next((request for request in reversed(requests) if request.at <= until), None)


def _served_last(requests: list[Request], until: float) -> bool:
    last = _last(requests, until)
    return last is not None and last.ok


def _servers(users: list[list[Request]], until: float) -> dict[str, int]:
    """Which sites served how many of the users last; "" counts those who were not served."""
    found = Counter()
    for requests in users:
        last = _last(requests, until)
        found[last.site if last and last.ok else ""] += 1
    return dict(sorted(found.items(), key=lambda item: (item[0] == "", -item[1], item[0])))


def _assumptions(zone: HostedZone, terrain: Terrain, fault: str) -> Iterable[str]:
    yield (f"Users: from {', '.join(HOMES)} in turn, a request every {EVERY:g} s, each with a resolver that keeps "
           f"TTLs; a site that fails has the fault {fault!r} ({FAULTS[fault].meaning}).")
    yield "A record set's values and the endpoint of its health check are one site, unless they are routed elsewhere."
    if terrain.resources and fault in TOTAL:
        yield f"An alias knows {RESOURCE_DELAY:g} s after the fault that its AWS resource is unhealthy."
    elif terrain.resources:
        yield f"AWS resources do not report the fault {fault!r} to the aliases that stand for them."
    if any(not check.type.probes and not check.child_health_checks for check in terrain.checks.values()):
        yield "Alarms stay OK and routing controls stay On: nobody touches them."
    if any(type_ == "AAAA" for _, type_ in zone.groups):
        yield "Users ask for IPv4 addresses; names that only have IPv6 addresses are asked for all the same."
