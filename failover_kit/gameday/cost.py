"""What a design costs in a month, item by item.

    Design + Prices  ->  {item: USD a month}

Prices of AWS's own services are list prices; those of the shop's servers are assumptions, so compare designs with them
and do not plan a budget. People's time has no price here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..fleet.report import QUERY_PRICE, SECONDS_PER_MONTH
from ..healthcheck import HealthCheck
from .design import Design
from .users import BEHAVIOURS, DEMAND

HOURS_PER_MONTH = 730
RESOLVERS = 20_000           # that ask for the shop's name [assumption]


@dataclass(frozen=True, kw_only=True)
class Prices:
    """USD a month, unless a name says otherwise."""

    servers: float = 2_600.0             # that carry the whole load in one site [assumption]
    database: float = 900.0              # of one site, live [assumption]
    multi_writer: float = 1.5            # times that price, for databases that all take writes [assumption]
    backups: float = 60.0                # kept in the other Region [assumption]
    hosted_zone: float = 0.50
    queries_per_million: float = QUERY_PRICE
    health_check: float = 0.50           # of an AWS endpoint
    check_feature: float = 1.00          # each of HTTPS, string match, fast interval, latency
    routing_control_hour: float = 2.50   # of a cluster
    anycast: float = 18.0 + 75.0         # fixed fee, and about 5 TB of traffic [assumption]


SHOP_PRICES = Prices()


def monthly_cost(design: Design, prices: Prices = SHOP_PRICES) -> dict[str, float]:
    """Items with their price; items that cost nothing are left out."""
    items = {
        f"servers in {site}": prices.servers * design.capacity_of(site).share for site in (design.home, *design.others)}
    items |= dict(_data(design, prices))
    items["hosted zone"] = prices.hosted_zone
    items["DNS queries"] = queries_per_month(design) / 1e6 * prices.queries_per_million
    items["health checks"] = sum(_check(check, prices) for check in design.health_checks)
    if any(check.routing_control_arn for check in design.health_checks):
        items["routing controls"] = prices.routing_control_hour * HOURS_PER_MONTH
    if design.front == "anycast":
        items["anycast front"] = prices.anycast
    return {item: round(price, 2) for item, price in items.items() if price}


def _data(design: Design, prices: Prices) -> Iterator[tuple[str, float]]:
    each = prices.database * (prices.multi_writer if design.data.copy == "multi-writer" else 1.0)
    yield f"database in {design.home}", each
    for site in design.others:
        yield (f"backups in {site}", prices.backups) if design.data.copy == "backup" else (f"database in {site}", each)


def _check(check: HealthCheck, prices: Prices) -> float:
    fast = check.type.probes and check.request_interval == 10
    features = fast + check.type.matches_string + check.type.uses_tls + check.measure_latency
    return prices.health_check + features * prices.check_feature


def ttl_of(design: Design) -> int:
    """Seconds that an answer for the name may be kept: the lowest of its record sets' TTLs (60 for AWS's own)."""
    return min((record.ttl for record in design.records if record.ttl is not None), default=60)


def queries_per_month(design: Design) -> float:
    """Queries that reach the authority: a cache asks once in its TTL and the wait for the next request after that."""
    a_second = sum(share / (behaviour.keeps(ttl_of(design), design.home) + 1 / DEMAND)
                   for behaviour, share in BEHAVIOURS.items())
    return RESOLVERS * a_second * SECONDS_PER_MONTH
