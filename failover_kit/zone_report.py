"""What a drill of somebody's own zone found: each name in each outage, and the whole of it in words and in JSON.

    NameOutcomes of each SiteOutage  ->  ZoneDrillReport (which names stay down, with which site)

Before this: zone_drill.py measures. After this: the command line prints it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum

from .timeline import Percentiles


class Verdict(Enum):
    """What an outage did to a name."""

    UNHARMED = "not felt"                      # nobody lost service
    SHAKEN = "loses requests"                  # users lost service and got it back, but nobody was sent elsewhere
    FAILS_OVER = "fails over"                  # users lost service, and another site served them during the outage
    TOO_SLOW = "fails over too slowly"         # the answer changed, but some users still had the old one at the end
    STAYS_DOWN = "stays down"                  # users were without service until the repair
    NEVER_SERVED = "is not served at all"      # not before the outage either


BAD = (Verdict.TOO_SLOW, Verdict.STAYS_DOWN, Verdict.NEVER_SERVED)


@dataclass(frozen=True)
class NameOutcome:
    """One name in one outage. Sites map to how many of the users they served; "" stands for none."""

    name: str
    type: str
    before: dict[str, int]
    during: dict[str, int]                     # at the end of the outage
    after: dict[str, int]                      # at the end of the recovery
    unserved: Percentiles                      # seconds without service in the outage, over the users who had it before
    switched: float | None                     # seconds from the fault to another DNS answer, as us-east-1 gets it
    ttl: int                                   # seconds
    verdict: Verdict

    def as_dict(self) -> dict:
        """For JSON."""
        return {"name": self.name, "type": self.type, "before": self.before, "during": self.during, "after": self.after,
                "unserved": {"median": round(self.unserved.p50, 1), "longest": round(self.unserved.maximum, 1)},
                "switched": None if self.switched is None else round(self.switched, 1), "ttl": self.ttl,
                "verdict": self.verdict.value}


@dataclass(frozen=True)
class DrilledSite:
    """A site, by its addresses and names as the zone has them."""

    name: str
    place: str
    endpoints: tuple[str, ...]


@dataclass(frozen=True)
class SiteOutage:
    """What happened while these sites were down."""

    failed: tuple[str, ...]
    seconds: float                             # from the fault to the repair
    names: tuple[NameOutcome, ...]             # those that can feel it


@dataclass(frozen=True)
class ZoneDrillReport:
    """A drill of a whole zone."""

    zone: str
    fault: str
    seed: int
    users: int                                 # of each name
    sites: tuple[DrilledSite, ...]             # those that failed
    outages: tuple[SiteOutage, ...]            # one a site, in turn; then all sites together, if there are several
    not_routed: tuple[str, ...]                # names with one answer: nothing to drill
    assumptions: tuple[str, ...]

    @property
    def alone(self) -> tuple[SiteOutage, ...]:
        """The outages of single sites."""
        return tuple(outage for outage in self.outages if len(outage.failed) == 1)

    @property
    def stays_down(self) -> dict[str, list[str]]:
        """Names that do not survive the failure of a single site -> those sites."""
        found: dict[str, list[str]] = {}
        for outage in self.alone:
            for outcome in outage.names:
                if outcome.verdict in BAD:
                    found.setdefault(outcome.name, []).append(outage.failed[0])
        return found

    @property
    def never_fails_over(self) -> tuple[str, ...]:
        """Names whose users an outage hit, and whom none of the outages of single sites moved to another site."""
        verdicts: dict[str, set[Verdict]] = {}
        for outage in self.alone:
            for outcome in outage.names:
                verdicts.setdefault(outcome.name, set()).add(outcome.verdict)
        return tuple(name for name, found in verdicts.items()
                     if Verdict.STAYS_DOWN in found and Verdict.FAILS_OVER not in found)

    def as_dict(self) -> dict:
        """The report for a program: plain JSON types, times in seconds."""
        return {
            "zone": self.zone, "fault": self.fault, "seed": self.seed, "users_per_name": self.users,
            "sites": [asdict(site) for site in self.sites],
            "outages": [{"failed": list(outage.failed), "seconds": outage.seconds,
                         "names": [outcome.as_dict() for outcome in outage.names]} for outage in self.outages],
            "stays_down": self.stays_down, "never_fails_over": list(self.never_fails_over),
            "not_routed": list(self.not_routed), "assumptions": list(self.assumptions)}

    def summary(self) -> str:
        """The report in plain words."""
        if not self.outages:
            return f"{self.zone} has no name with a routing policy and a site behind it, so there is nothing to drill."
        names = {outcome.name for outage in self.alone for outcome in outage.names}
        words = [f"{_count(len(self.sites), 'site')} failed in turn, under {_count(len(names), 'routed name')}."]
        moved = [outcome.unserved.maximum for outage in self.alone for outcome in outage.names
                 if outcome.verdict is Verdict.FAILS_OVER]
        if moved:
            words.append(f"Where a name fails over, users were without service for {max(moved):.0f} s at most.")
        together: dict[tuple[str, ...], list[str]] = {}
        for name, failed in self.stays_down.items():
            together.setdefault(tuple(failed), []).append(name.rstrip("."))
        words += [f"With {' or '.join(failed)} down, some users of {', '.join(lost)} have no service until the repair."
                  for failed, lost in together.items()]
        if not together:
            words.append("Every name survives the failure of any single site.")
        return " ".join(words)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
