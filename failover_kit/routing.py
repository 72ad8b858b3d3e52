"""Decides which record set answers. Pure: no clock, no sockets, no randomness of its own.

    a group of record sets + statuses + where the client is  ->  every possible Outcome with its exact probability
    outcomes + a random draw                                 ->  one Decision, with its reasons

Before this: monitor.py keeps the statuses. After this: authority.py builds the reply.
Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from . import places
from .health import Status
from .places import Place
from .records import Failover, GeoLocation, Policy, RecordSet
from .zone import HostedZone

MAX_MULTIVALUE = 8           # Developer Guide, "Multivalue answer routing"
ALIAS_RESOURCE_TTL = 60      # seconds; Developer Guide: an alias to a load balancer answers with 60

GUIDE = {                    # the documentation page behind each kind of reason
    "health": "How Amazon Route 53 chooses records when health checking is configured",
    "tree": "How health checks work in complex Amazon Route 53 configurations",
    "failover": "Failover routing",
    "weighted": "Weighted routing",
    "latency": "Latency-based routing",
    "geolocation": "Geolocation routing",
    "multivalue": "Multivalue answer routing",
    "simple": "Simple routing",
    "alias": "Choosing between alias and non-alias records",
}


class Reason(NamedTuple):
    """One step of a decision, and the Developer Guide page that states the rule."""

    text: str
    page: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Outcome:
    """One way a question can be answered, and how likely it is."""

    probability: Fraction
    pool: tuple[RecordSet, ...]          # the record sets whose values answer
    path: tuple[RecordSet, ...]          # alias records followed on the way there
    reasons: tuple[Reason, ...]
    at_most: int | None = None           # multivalue: that many of the pool, each equally likely


@dataclass(frozen=True)
class Decision:
    """The outcome that a draw picked: the record sets that answer, their values and TTL, and why."""

    record_sets: tuple[RecordSet, ...]
    values: tuple[str, ...]
    ttl: int                             # seconds
    reasons: tuple[Reason, ...]
    path: tuple[RecordSet, ...] = ()

    def __str__(self) -> str:
        return f"{', '.join(self.values)} (TTL {self.ttl}): " + "; ".join(map(str, self.reasons))


# ---- health of a record ----------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Router:
    """The zone, what is healthy in it, and where the client is: all that a choice depends on.

    `statuses` maps health check ids, and DNS names of AWS resources that aliases point to, to a Status.
    An id that is missing there counts as healthy, as a deleted health check does in this model.
    """

    zone: HostedZone
    statuses: Mapping[str, Status]
    client: Place = places.PLACES[0]

    def is_healthy(self, record: RecordSet) -> bool:
        """A record is healthy when its health check is, and its alias target is, as far as it has and evaluates them."""
        return self._check_passes(record) and self._target_is_healthy(record)

    def _check_passes(self, record: RecordSet) -> bool:
        return self.statuses.get(record.health_check_id, Status.HEALTHY) is Status.HEALTHY

    def _target_is_healthy(self, record: RecordSet) -> bool:
        """One healthy member keeps a target group healthy; failing open does not count."""
        if not (record.alias and record.alias.evaluate_target_health):
            return True
        members = self.zone.target_of(record)
        if not members:                                    # an AWS resource
            return self.statuses.get(record.alias.dns_name, Status.HEALTHY) is Status.HEALTHY
        return any(self.is_healthy(member) for member in members)

    # ---- choosing -----------------------------------------------------------------------------------------------

    def outcomes(self, group: Sequence[RecordSet]) -> tuple[Outcome, ...]:
        """Every way this group can answer. Empty only where geolocation has no match and no default."""
        policy = group[0].policy
        candidates = _matching_locations(group, self.client) if policy is Policy.GEOLOCATION else tuple(group)
        if not candidates:
            return ()
        pool, reasons = self._healthy_pool(candidates)
        found = [outcome for picked in PICK[policy](pool, self.client) for outcome in self._follow(picked)]
        return tuple(replace(outcome, reasons=(*reasons, *outcome.reasons)) for outcome in found)

    def _healthy_pool(self, group: Sequence[RecordSet]) -> tuple[tuple[RecordSet, ...], list[Reason]]:
        """The healthy members, or all of them when none is healthy (fail open), with the reasons."""
        healthy = tuple(record for record in group if self.is_healthy(record))
        reasons = [Reason(f"{record.label} is unhealthy: {self._why_unhealthy(record)}", GUIDE["health"])
                   for record in group if record not in healthy]
        if healthy:
            return healthy, reasons
        return tuple(group), [*reasons, Reason("no record of the group is healthy, so all are treated as healthy "
                                               "(fail open)", GUIDE["health"])]

    def _why_unhealthy(self, record: RecordSet) -> str:
        if not self._check_passes(record):
            return f"health check {record.health_check_id} is unhealthy"
        return f"nothing healthy behind its alias target {record.alias.dns_name}"

    def _follow(self, picked: Outcome) -> tuple[Outcome, ...]:
        """The outcome itself, or the outcomes of the group its alias stands for."""
        record = picked.pool[0]
        members = self.zone.target_of(record)
        if not members:
            return (picked,)
        step = Reason(f"{record.label} is an alias of {record.alias.dns_name}", GUIDE["alias"])
        return tuple(Outcome(picked.probability * inner.probability, inner.pool, (record, *inner.path),
                             (*picked.reasons, step, *inner.reasons), inner.at_most)
                     for inner in self.outcomes(members))

    def decide(self, group: Sequence[RecordSet], draw: float) -> Decision | None:
        """One outcome, picked by `draw`, a number in [0, 1). None where nothing matches (geolocation)."""
        possible = self.outcomes(group)
        if not possible:
            return None
        outcome, draw = pick(possible, draw)
        return self.decision(outcome, draw)

    def decision(self, outcome: Outcome, draw: float) -> Decision:
        """The outcome with its values in the order that `draw` gives."""
        record_sets = shuffled(outcome.pool, draw)[:outcome.at_most]
        values = [value for record in record_sets for value in self.values_of(record)]
        if len(record_sets) == 1:                          # several are in random order already
            values = shuffled(values, draw)
        return Decision(record_sets, tuple(values), min(map(self.ttl_of, outcome.pool)), outcome.reasons, outcome.path)

    def values_of(self, record: RecordSet) -> tuple[str, ...]:
        return self.zone.addresses_of(record) if record.alias else record.values

    def ttl_of(self, record: RecordSet) -> int:
        return ALIAS_RESOURCE_TTL if record.alias else record.ttl


# ---- drawing ---------------------------------------------------------------------------------------------------

def pick(possible: Sequence[Outcome], draw: float) -> tuple[Outcome, float]:
    """The outcome that `draw` in [0, 1) falls on, and a fresh draw in [0, 1) made from the remainder."""
    below = 0.0
    for outcome in possible[:-1]:
        share = float(outcome.probability)
        if draw < below + share:
            return outcome, max(draw - below, 0.0) / share
        below += share
    last = possible[-1]
    return last, min(max(draw - below, 0.0) / float(last.probability), 1 - 2 ** -53)


def shuffled(items: Sequence, draw: float) -> tuple:
    """The items in an order that depends on `draw` in [0, 1) alone; every order is equally likely.

    Each position takes an item by the draw's leading part and passes the rest of it on,
    so one draw does for about a dozen items before its 53 bits are used up.
    """
    left, order = list(items), []
    while left:
        index, draw = divmod(draw * len(left), 1)
        order.append(left.pop(min(int(index), len(left) - 1)))
    return tuple(order)


# ---- one function a policy: the healthy pool -> what may be picked from it -------------------------------------

def _all_of(record: RecordSet, reason: Reason, probability=Fraction(1)) -> Outcome:
    return Outcome(probability, (record,), (), (reason,))


def _pick_simple(pool, client):
    return [_all_of(pool[0], Reason(f"{pool[0].label} is the only record set", GUIDE["simple"]))]


def _pick_failover(pool, client):
    """The primary if it is in the pool, else the secondary."""
    chosen = next((record for record in pool if record.failover is Failover.PRIMARY), pool[0])
    return [_all_of(chosen, Reason(f"{chosen.label} is the {chosen.failover.value.lower()} and takes the traffic",
                                   GUIDE["failover"]))]


def _pick_weighted(pool, client):
    """In proportion to weight; weight 0 only when no weight above 0 is left, and then with equal chances."""
    nonzero = [record for record in pool if record.weight]
    candidates = nonzero or pool
    total = sum(record.weight for record in nonzero)
    return [_all_of(record, _weight_reason(record, total, len(candidates)),
                    Fraction(record.weight, total) if total else Fraction(1, len(candidates)))
            for record in candidates]


def _weight_reason(record, total, count):
    text = (f"{record.label} has weight {record.weight} of {total}" if total
            else f"{record.label} is one of {count} record sets of weight 0")
    return Reason(text, GUIDE["weighted"])


def _pick_latency(pool, client):
    nearest = min(pool, key=lambda record: (places.round_trip(client, places.region(record.region)), record.region))
    milliseconds = 1000 * places.round_trip(client, places.region(nearest.region))
    return [_all_of(nearest, Reason(f"{nearest.label} is in {nearest.region}, the lowest latency from {client} "
                                    f"({milliseconds:.0f} ms)", GUIDE["latency"]))]


def _pick_geolocation(pool, client):
    """The smallest area: candidates come in that order."""
    chosen = pool[0]
    return [_all_of(chosen, Reason(f"{chosen.label} is for {chosen.geolocation}, the smallest area left "
                                   f"that holds {client}", GUIDE["geolocation"]))]


def _pick_multivalue(pool, client):
    reason = Reason(f"{min(len(pool), MAX_MULTIVALUE)} of {len(pool)} record sets answer together", GUIDE["multivalue"])
    return [Outcome(Fraction(1), tuple(pool), (), (reason,), MAX_MULTIVALUE)]


def _matching_locations(group: Sequence[RecordSet], client: Place) -> tuple[RecordSet, ...]:
    """The records whose area holds the client, smallest area first: state, country, continent, default."""
    by_area = {record.geolocation: record for record in group}
    areas = [GeoLocation(country=client.country), GeoLocation(continent=client.continent), GeoLocation(country="*")]
    if client.subdivision:
        areas.insert(0, GeoLocation(country=client.country, subdivision=client.subdivision))
    return tuple(by_area[area] for area in areas if area in by_area)


PICK = {
    Policy.SIMPLE: _pick_simple,
    Policy.FAILOVER: _pick_failover,
    Policy.WEIGHTED: _pick_weighted,
    Policy.LATENCY: _pick_latency,
    Policy.GEOLOCATION: _pick_geolocation,
    Policy.MULTIVALUE: _pick_multivalue,
}
