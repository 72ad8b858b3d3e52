"""A Route 53 failover lab on your own machine: real DNS answers, health checks and caches, live or in virtual time.

    from failover_kit import Lab

Reading order of the core: errors, places, records, zone; health, healthcheck, monitor; routing, authority;
cache, resolver; timeline; world, simulation, network; lab, drill.
"""

from .cache import CachePolicy, TtlCache
from .drill import DrillSettings, drill
from .errors import ConfigurationError, FailoverKitError
from .health import Status
from .healthcheck import HealthCheck
from .lab import Lab
from .records import AliasTarget, Failover, GeoLocation, Question, RecordSet
from .resolver import CachingResolver
from .routing import Decision, Router
from .story import story
from .timeline import Timeline
from .zone import HostedZone

__all__ = [
    "AliasTarget", "Failover", "GeoLocation", "HealthCheck", "HostedZone", "Question", "RecordSet",   # describe
    "Decision", "Router", "Status",                                                                   # decide
    "CachePolicy", "CachingResolver", "TtlCache",                                                     # remember
    "Lab", "Timeline", "story",                                                                       # experiment
    "DrillSettings", "drill",                                                                         # drill
    "ConfigurationError", "FailoverKitError",                                                         # fail clearly
]
