"""How much a site must be able to carry, so that it can take over from another.

    capacities + load + what is lost  ->  who holds, who falls next, how much would be enough

Closed formulas, no simulation. After this: rush.py shows what happens when it was not enough.
Loads and capacities are in requests per second.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import ConfigurationError, Problem


@dataclass(frozen=True)
class Round:
    """One step of a cascade."""

    in_service: tuple[str, ...]      # the sites that share the load
    load_each: float                 # requests/s
    overloaded: tuple[str, ...]      # those that can't carry their share, and fall
    failed_open: bool = False        # nothing healthy was left, so DNS answers every site again


def cascade(load: float, capacities: Mapping[str, float], lost: Sequence[str] = ()) -> list[Round]:
    """Rounds of one site's fall overloading the next, until the rest holds or nothing healthy is left.

    The load is shared evenly, as by equal weights. A site that gets more than its capacity fails its health check and
    leaves. When all have left, Route 53 treats all as healthy: the last round sends everybody everywhere.

    >>> [round.load_each for round in cascade(90, {"a": 40, "b": 40, "c": 40}, lost=["c"])]
    [45.0, 30.0]

    Raises ConfigurationError for a lost site that has no capacity stated.
    Source: Route 53 Developer Guide, "How Amazon Route 53 averts failover problems".
    """
    if unknown := [site for site in lost if site not in capacities]:
        raise ConfigurationError([Problem("cascade", f"lost site {site!r} is not among {', '.join(capacities)}",
                                          "Name sites that have a capacity.") for site in unknown])
    rounds: list[Round] = []
    standing = [site for site in capacities if site not in lost]
    while standing:
        share = load / len(standing)
        fallen = tuple(site for site in standing if share > capacities[site])
        rounds.append(Round(tuple(standing), share, fallen))
        if not fallen:
            return rounds
        standing = [site for site in standing if site not in fallen]
    everyone = tuple(capacities)
    share = load / len(everyone)
    dead_or_full = tuple(site for site in everyone if site in lost or share > capacities[site])
    return [*rounds, Round(everyone, share, dead_or_full, failed_open=True)]


def statically_stable(load: float, capacities: Sequence[float], lose: int = 1) -> bool:
    """Whether any `lose` sites can go and the rest carries an even share of the load, with no call to scale.

    Source: Route 53 Developer Guide, "Route 53 control and data planes", which points to the Builders' Library on
    static stability.
    """
    staying = sorted(capacities)[:len(capacities) - lose]       # the smallest ones stay, in the worst case
    return bool(staying) and load / len(staying) <= staying[0]


def capacity_needed(load: float, sites: int, lose: int = 1) -> float:
    """Capacity for each of `sites` equal sites, so that `lose` of them may go: load / (sites - lose).

    Two sites need twice the load in all, three need 1.5 times, four 1.33 times.
    """
    if not 0 <= lose < sites:
        raise ConfigurationError(Problem("capacity_needed", f"loses {lose} of {sites} sites", "Keep at least one."))
    return load / (sites - lose)


def mean_response(capacity: float, load: float) -> float:
    """Mean time from request to answer in seconds, queue included; inf from the point where load reaches capacity.

    For requests at random times with random work, served one by one in order (M/M/1): 1 / (capacity - load). At 90 %
    use a request takes ten times as long as at rest.
    """
    return 1 / (capacity - load) if load < capacity else math.inf


def share_slower_than(seconds: float, capacity: float, load: float) -> float:
    """The share of requests that take longer than `seconds` (M/M/1): what a timeout of that length cuts off."""
    return math.exp(-(capacity - load) * seconds) if load < capacity else 1.0
