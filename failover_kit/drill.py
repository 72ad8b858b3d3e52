"""Runs an outage against the shop and measures it: detection, DNS switch, downtime of users, failback.

    DrillSettings + Scenario  ->  Lab (either world)  ->  DrillReport (measures, budget, steps, timeline)

Before this: scenarios.py. After this: the command line prints the report, figures draw it, lessons compare them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from .cache import HONEST, CachePolicy
from .errors import LabError
from .lab import Lab
from .scenarios import Scenario, scenario
from .story import Step, story
from .timeline import Outage, Percentiles, Request, Resolved, Timeline

NAME = "app.example.com"
PRIMARY, SECONDARY = "us-east-1", "us-west-2"


@dataclass(frozen=True, kw_only=True)
class DrillSettings:
    """The shop that is drilled: one failover pair, its check, and its users."""

    request_interval: int = 30       # seconds, 10 or 30
    failure_threshold: int = 3       # 1 to 10
    ttl: int = 60                    # seconds
    check_type: str = "HTTP"
    check_path: str = "/health"
    search_string: str | None = None
    users: int = 50
    every: float = 5.0               # seconds between one user's requests
    caches: Sequence[CachePolicy] = (HONEST,)
    check_secondary: bool = True

    @property
    def calm(self) -> float:
        """Seconds before anything breaks: enough for every user to come, spread over one TTL (five minutes at most)."""
        return max(60.0, min(self.ttl, 300.0))


@dataclass(frozen=True)
class BudgetPart:
    """One part of the time that a user waited, and what makes it shorter."""

    name: str
    seconds: float
    lever: str


def build(lab: Lab, settings: DrillSettings) -> None:
    """Put the shop into a lab: two sites, their checks, the failover pair, and the users."""
    east, west = lab.site(PRIMARY), lab.site(SECONDARY)
    watch = lambda site: lab.health_check(
        site, type=settings.check_type, path=settings.check_path, search_string=settings.search_string,
        request_interval=settings.request_interval, failure_threshold=settings.failure_threshold)
    lab.failover(NAME, primary=east, secondary=west, health_check=watch(east), ttl=settings.ttl,
                 secondary_health_check=watch(west) if settings.check_secondary else None)
    lab.users(settings.users, NAME, every=settings.every, caches=settings.caches, start_within=settings.calm)


def drill(name: str | Scenario = "crash", *, settings: DrillSettings = DrillSettings(), seed: int = 0,
          live: bool = False, speed: float = 10.0, progress: Callable[[float], None] | None = None,
          on_lab: Callable[[Lab], None] = lambda lab: None) -> DrillReport:
    """Run one scenario and report. `live` uses real sockets, `speed` lab seconds to the second.

    `on_lab` is called with the lab before time starts. Raises ConfigurationError for an unknown scenario.
    """
    chosen = scenario(name) if isinstance(name, str) else name
    with Lab.live(speed, seed=seed) if live else Lab.virtual(seed) as lab:
        on_lab(lab)
        build(lab, settings)
        roles = dict(zip(("primary", "secondary"), lab.sites, strict=True))
        for stroke in chosen.strokes:
            site = roles[stroke.role]
            action = site.repair if stroke.fault is None else (
                lambda site=site, stroke=stroke: site.fail(stroke.fault, **stroke.options))
            lab.at(settings.calm + stroke.at, action)
        lab.run(settings.calm + chosen.until - lab.now, progress=progress)
        return DrillReport(chosen, settings, seed, speed if live else None, lab.timeline, lab.world.stalled)


@dataclass(frozen=True)
class DrillReport:
    """What one drill measured. Times are seconds; None: it did not happen."""

    scenario: Scenario
    settings: DrillSettings
    seed: int
    speed: float | None          # None: virtual
    timeline: Timeline
    stalled: float = 0.0         # real seconds in which a busy machine did not run a live lab; they count nowhere

    @property
    def outage(self) -> Outage:
        """The scenario's first outage."""
        outages = self.timeline.outages()
        if not outages:
            raise LabError(f"Scenario {self.scenario.name} broke nothing, so there is nothing to report.")
        return outages[0]

    @property
    def steps(self) -> list[Step]:
        return story(self.timeline)

    def waits(self) -> dict[str, float]:
        """For each user who met the fault: seconds from the fault to the next request that was served well."""
        first_failed, served = {}, {}
        for request in self.timeline.of(Request, self.outage.began):
            if not request.ok:
                first_failed.setdefault(request.user, request.started)
            elif request.user in first_failed and request.user not in served:
                served[request.user] = request.at - self.outage.began
        return served

    def budget(self, percent: float = 100.0) -> list[BudgetPart]:
        """Where the time went for the user at this percentile of waiting (100: the one who waited longest)."""
        waits = sorted(self.waits().items(), key=lambda item: item[1])
        switched = self.outage.switched
        if not waits or switched is None:
            return []
        user, wait = waits[max(0, round(len(waits) * percent / 100) - 1)]
        end = self.outage.began + wait
        told = next((event.at for event in self.timeline.of(Resolved, switched.at, end)
                     if event.user == user and set(event.values) & set(switched.after)), end)
        return [
            BudgetPart("detection", self.outage.detection, "request interval, failure threshold"),
            BudgetPart("DNS switch", switched.at - self.outage.detected.at, "none: Route 53 does it by itself"),
            BudgetPart("cached answer", told - switched.at, "TTL of the record"),
            BudgetPart("next request", end - told, "the client's timeouts and retries"),
        ]

    def as_dict(self) -> dict:
        """The report for a program: plain JSON types, times in seconds rounded to milliseconds."""
        outage = self.outage
        settings = {**asdict(self.settings), "caches": [policy.name for policy in self.settings.caches]}
        return _rounded({
            "scenario": self.scenario.name, "world": "virtual" if self.speed is None else "live",
            "speed": self.speed, "stalled": self.stalled, "seed": self.seed, "settings": settings,
            "fault_at": outage.began, "repaired_at": outage.ended,
            "detection": outage.detection, "dns_switch": outage.switch, "failback": outage.failback,
            "recovery": outage.recovered.at - outage.ended if outage.recovered else None,
            "downtime": asdict(outage.downtime()), "wait": asdict(Percentiles.of(list(self.waits().values()))),
            "budget": [asdict(part) for part in self.budget()],
            "requests": len(self.timeline.of(Request)), "failed_requests": outage.failed_requests,
            "stale_requests": outage.stale_requests,
            "steps": [asdict(step) for step in self.steps],
        })

    def summary(self) -> str:
        """The report in plain words."""
        outage, down = self.outage, self.outage.downtime()
        words = [f"{self.scenario.title} at {outage.began:.0f} s."]
        if outage.detection is None:
            words.append("No health check noticed, so the DNS answer never changed. "
                         f"{outage.failed_requests} requests failed; the median user was down for {down.p50:.0f} s.")
            return " ".join(words)
        words.append(f"Health checks noticed after {outage.detection:.0f} s.")
        if outage.switch is None:
            words.append("The DNS answer did not change.")
        else:
            words.append(f"The DNS answer changed {outage.switch:.0f} s after the fault.")
        words.append(f"Users were down for {down.p50:.0f} s (median), {down.p99:.0f} s (99th percentile), "
                     f"{down.maximum:.0f} s at most; {outage.stale_requests} requests went to an address that the "
                     "authority had already given up.")
        if outage.failback is not None:
            words.append(f"After the repair it took {outage.failback:.0f} s to fail back.")
        return " ".join(words)


def _rounded(value):
    """The same structure with floats rounded to milliseconds, so that JSON stays readable."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
