"""A million resolvers, each with a cache of its own, live through a failover.

    AnswerTimeline (what the authority says when)  +  Fleet (who asks, and how they cache)  ->  FleetReport

    outage = AnswerTimeline.failover("us-east-1", "us-west-2", fails_at=300, switches_at=385)
    fleet = Fleet(size=1_000_000, ttl=60, behaviours={honest(): 0.9, for_ever(): 0.1})
    fleet.expected(outage)            computed; costs the same at any size
    fleet.sample(outage, seed=7)      drawn, resolver by resolver

Reading order: `answers` and `behaviours` are the words, `spans` joins them, `renewal` is the idea, `expected`
and `sampled` (or `one_by_one`, where there is no numpy) are the two ways from it to a `report`, `spell` tells how
unequally the downtime falls.
"""

from .answers import NO_ANSWER, UNREACHABLE, AnswerStep, AnswerTimeline
from .behaviours import Behaviour, browser, for_ever, honest, maximum_ttl, minimum_ttl, pooled, serve_stale
from .population import Fleet
from .report import Downtime, FleetReport

__all__ = [
    "AnswerTimeline", "AnswerStep", "UNREACHABLE", "NO_ANSWER",                      # what is answered
    "Behaviour", "honest", "minimum_ttl", "maximum_ttl", "for_ever", "serve_stale",  # how resolvers keep it
    "browser", "pooled",                                                             # what users keep on top
    "Fleet", "FleetReport", "Downtime",                                              # what they live through
]
