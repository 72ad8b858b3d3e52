"""The four strategies of disaster recovery, and three ways around the DNS, each measured on the same outage.

    name  ->  Strategy (a Design)  +  Disaster  ->  StrategyResult: RTO, RPO and monthly cost, found by running

Before this: gameday plays a disaster against a design. After this: figures/strategies_figure.py draws the comparison.
The zone is the same for all that use failover records: what differs is what stands by, and who has to do something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from .drill import BudgetPart
from .errors import ConfigurationError
from .faults import WELCOME
from .gameday.cost import monthly_cost
from .gameday.design import Design
from .gameday.disasters import FIRST, Disaster, disaster
from .gameday.measures import DisasterReport, suffer
from .gameday.plans import Action, Capacity, Clients, DataPlan, Runbook, Switch
from .healthcheck import HealthCheck
from .records import RecordSet
from .scenarios import Stroke
from .story import Step
from .zone import HostedZone

NAME, EAST, WEST = "app.example.com.", "127.0.1.10", "127.0.2.10"
HOUR = 3_600.0
TTL = 60                         # seconds

# How long things take that no lab can find out. Change them with `replace` for an organisation of your own.
BACKUP_EVERY = 4 * HOUR          # "RPO: hours" for backup and restore, Well-Architected Labs, disaster recovery
RESTORE_SECONDS = 2 * HOUR       # of a database of middling size from its backup [assumption]
REBUILD_SECONDS = 1 * HOUR       # servers and network from infrastructure as code [assumption]
START_SECONDS = 15 * 60.0        # servers that are defined, but off: pilot light [assumption]
GROW_SECONDS = 10 * 60.0         # more servers beside running ones: warm standby [assumption]
PROMOTE_SECONDS = 5 * 60.0       # Aurora User Guide, promoting a cross-Region replica: "several minutes or longer"
REPLICA_LAG = 2.0                # seconds behind; "usually within a second" for the best, Aurora and DynamoDB guides
ACT_SECONDS = 120.0              # hands on the keyboard for one step of a runbook [assumption]


@dataclass(frozen=True)
class Strategy:
    """One way to be ready, as a design that can be run."""

    name: str
    title: str
    idea: str
    design: Design
    documented_rto: str = ""         # Well-Architected Labs, disaster recovery: the table of the four strategies
    documented_rpo: str = ""


def _watch(site: str, address: str, path: str = "/", **settings: object) -> HealthCheck:
    return HealthCheck(id=f"{site}-serves", ip_address=address, port=80, resource_path=path, request_interval=10,
                       **{"type": "HTTP_STR_MATCH", "search_string": WELCOME, **settings})


# Home may serve while its page is good and nobody has put the object that sends users away into the other Region.
OBJECT = "/initiate-failover.html"
EAST_SERVES, WEST_SERVES = _watch("us-east-1", EAST), _watch("us-west-2", WEST)
SWITCH_AWAY = HealthCheck(id="switch-away", ip_address=WEST, port=80, resource_path=OBJECT, request_interval=10,
                          inverted=True)
HOME_MAY_SERVE = HealthCheck(id="home-may-serve", type="CALCULATED", health_threshold=2,
                             child_health_checks=(EAST_SERVES.id, SWITCH_AWAY.id))


def _zone(east: HealthCheck, **policies: tuple) -> HostedZone:
    """The shop's zone with one routing policy: `failover=("PRIMARY", "SECONDARY")`, `weight=(1, 1)`, ..."""
    (field, values), = policies.items()
    pair = zip(("us-east-1", "us-west-2"), (EAST, WEST), (east, WEST_SERVES), values, strict=True)
    return HostedZone("example.com.", tuple(
        RecordSet(name=NAME, ttl=TTL, values=(address,), set_identifier=site, health_check_id=check.id,
                  **{field: value})
        for site, address, check, value in pair))


def _passive(name: str, standby: Capacity, data: DataPlan, **settings: object) -> Design:
    """One Region serves, the other stands by; users go home when the data has."""
    return Design(name=name, zone=_zone(HOME_MAY_SERVE, failover=("PRIMARY", "SECONDARY")), data=data,
                  health_checks=(EAST_SERVES, WEST_SERVES, SWITCH_AWAY, HOME_MAY_SERVE),
                  capacity={"us-west-2": standby}, switch=Switch(object_path=OBJECT, at="us-west-2"), **settings)


def _both(name: str, **settings: object) -> Design:
    """Both Regions serve, each large enough for everybody, and both take writes."""
    return Design(name=name, health_checks=(EAST_SERVES, WEST_SERVES), data=BOTH_WRITE, **settings)


def _replica(promotion: str, seconds: float) -> DataPlan:
    return DataPlan(copy="replica", lag_seconds=REPLICA_LAG, promotion=promotion, promotion_seconds=seconds,
                    failback="held")


PEOPLE = Runbook(steps=(Action(do="scale", seconds=ACT_SECONDS), Action(do="promote", seconds=ACT_SECONDS)))
BOTH_WRITE = DataPlan(copy="multi-writer", lag_seconds=1.0)
FULL = Capacity(share=1.0)

STRATEGIES = {strategy.name: strategy for strategy in (
    Strategy("backup-and-restore", "Backup and restore",
             "Only backups lie in the other Region; all else is built when needed.",
             _passive("backup and restore", Capacity(share=0.0, scales="by hand", scale_seconds=REBUILD_SECONDS),
                      DataPlan(copy="backup", every_seconds=BACKUP_EVERY, lag_seconds=60.0,
                               promotion_seconds=RESTORE_SECONDS, failback="held"), runbook=PEOPLE),
             "up to 24 h", "hours"),
    Strategy("pilot-light", "Pilot light", "The data is live in the other Region, its servers are off.",
             _passive("pilot light", Capacity(share=0.0, scales="by hand", scale_seconds=START_SECONDS),
                      _replica("by hand", PROMOTE_SECONDS), runbook=PEOPLE), "tens of minutes", "minutes"),
    Strategy("warm-standby", "Warm standby", "Everything runs in the other Region, at a third of the size.",
             _passive("warm standby", Capacity(share=1 / 3, scales="automatic", scale_seconds=GROW_SECONDS),
                      _replica("automatic", 60.0), clients=Clients(retry="jitter")), "minutes", "seconds"),
    Strategy("active-active", "Active-active", "Both Regions serve, each large enough for everybody; both take writes.",
             _both("active-active", zone=_zone(EAST_SERVES, weight=(1, 1))), "seconds", "none or seconds"),
    Strategy("anycast", "Anycast (Global Accelerator)",
             "A hot standby behind one address: the network turns, no cache waits.",
             _passive("anycast", FULL, _replica("automatic", 60.0), front="anycast")),
    Strategy("client-retry", "Client-side retry",
             "The client knows both Regions, and tries the second where the first fails.",
             _both("client retry", zone=_zone(EAST_SERVES, multivalue_answer=(True, True)),
                   clients=Clients(tries_all=True))),
)}

def lost_region(hours: float) -> Disaster:
    """The primary's Region has no power for so long; the story goes on for an hour after that."""
    ends = FIRST + hours * HOUR
    return Disaster("region-loss", f"The primary's Region loses power for {hours:g} hours",
                    (Stroke(FIRST, "primary", "blackout"), Stroke(ends, "primary", None)), ends, ends + HOUR,
                    cuts_link=True)


# The outage that all of them live through: long enough for the slowest to show what it can do.
LOST_REGION = lost_region(12)


@dataclass(frozen=True)
class StrategyResult:
    """What a strategy made of an outage. Seconds; USD a month."""

    strategy: Strategy
    report: DisasterReport

    @property
    def name(self) -> str:
        return self.strategy.name

    @property
    def title(self) -> str:
        return self.strategy.title

    @property
    def rto(self) -> float:
        return self.report.rto

    @property
    def rpo(self) -> float:
        return self.report.rpo

    @cached_property
    def monthly_cost(self) -> float:
        return sum(monthly_cost(self.strategy.design).values())

    def as_dict(self) -> dict:
        """For JSON, and for tables."""
        return {"strategy": self.name, "rto_seconds": round(self.rto, 1), "rpo_seconds": round(self.rpo, 1),
                "monthly_cost": round(self.monthly_cost), "error_minutes": round(self.report.error_minutes, 1),
                "lost_writes": round(self.report.lost_writes)}


def strategy(name: str) -> Strategy:
    """The strategy with this name. Raises ConfigurationError."""
    if name not in STRATEGIES:
        known = "\n".join(f"  {one.name:<20} {one.idea}" for one in STRATEGIES.values())
        raise ConfigurationError(f"There is no strategy {name!r}. Choose one of:\n{known}")
    return STRATEGIES[name]


def run_strategy(chosen: str | Strategy, outage: str | Disaster = LOST_REGION, seed: int = 0) -> StrategyResult:
    """Let one strategy live through an outage (one of gameday.KINDS, or your own)."""
    found = strategy(chosen) if isinstance(chosen, str) else chosen
    drawn = disaster(outage, seed) if isinstance(outage, str) else outage
    return StrategyResult(found, suffer(found.design, drawn, seed))


def compare(outage: str | Disaster = LOST_REGION, seed: int = 0,
            strategies: Iterable[str | Strategy] = tuple(STRATEGIES)) -> list[StrategyResult]:
    """Every strategy on the very same outage, in the order given."""
    return [run_strategy(one, outage, seed) for one in strategies]


# ---- a human in the loop ------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class HumanOutage:
    """An outage that people had to end by hand, cut into what they waited for."""

    parts: Sequence[BudgetPart]
    report: DisasterReport

    @property
    def total(self) -> float:
        """Seconds from the fault until service was back."""
        return sum(part.seconds for part in self.parts)

    @property
    def steps(self) -> list[Step]:
        return self.report.steps


def human_outage(runbook: Runbook | None = None, *, ttl: int = 60, seed: int = 0) -> HumanOutage:
    """The shop without failover: its Region is lost, and people notice, decide, edit the DNS, and wait.

    runbook:  who is paged how, and how long things take; its first step has to be "edit-dns" (the default does it
              in five minutes). The standby is of full size, and its data takes writes, so only people and caches count.
    """
    book = runbook or Runbook(steps=(Action(do="edit-dns", seconds=300.0),))
    zone = HostedZone("example.com.", tuple(
        RecordSet(name=NAME, ttl=ttl, values=(address,), set_identifier=site, weight=weight)
        for site, address, weight in (("us-east-1", EAST, 100), ("us-west-2", WEST, 0))))
    design = Design(name="by hand", zone=zone, data=BOTH_WRITE, runbook=book)
    report = suffer(design, lost_region(2), seed)
    return HumanOutage(_human_parts(report), report)


def _human_parts(report: DisasterReport) -> list[BudgetPart]:
    """From milestone to milestone. Raises ConfigurationError when nobody ever changed the record."""
    reached = report.milestones
    if "record changed" not in reached:
        raise ConfigurationError("Nobody changed the DNS record before the Region was back. Put 'edit-dns' into the "
                                 "runbook, and see that somebody is paged.")
    back = report.disaster.began_at + report.rto
    moments = [report.disaster.began_at, *(reached[name] for name in (
        "paged", "at the keyboard", "decided", "record sent", "record changed")), back]
    names = (("until somebody is paged", "an alarm on users' errors"),
             ("until somebody is at the keyboard", "a rota that answers"),
             ("until they have decided", "a runbook that was rehearsed"),
             ("editing the DNS", "a prepared change, or a switch"),
             ("until all name servers have it", "none: Route 53 needs up to a minute"),
             ("until the last caches let go", "the TTL of the record"))
    return [BudgetPart(name, end - start, lever) for (name, lever), (start, end) in
            zip(names, pairwise(moments), strict=True)]
