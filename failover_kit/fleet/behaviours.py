"""How a cache departs from the TTL that it is given.

    TTL of an answer  ->  seconds that this kind of cache really keeps it

Before this: nothing. After this: `fleet.population` gives every behaviour a share of the fleet.
A behaviour is plain data; the functions below build the ones met in practice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from failover_kit.errors import ConfigurationError, Problem

from .answers import NO_ANSWER

STALE_RETRY = 30.0         # seconds between tries while stale data is served: RFC 8767 section 5
JVM_NEGATIVE_TTL = 10.0    # seconds; networkaddress.cache.negative.ttl, documentation of java.net.InetAddress
BROWSER_CACHE = 60.0       # seconds; about what browsers keep an address, whatever its TTL


@dataclass(frozen=True)
class Behaviour:
    """What a resolver does to TTLs, and what its users keep on top of it.

    An answer is kept for its TTL, but at least `minimum_ttl` and at most `maximum_ttl` seconds.
    `user_keeps` is above 0 when each user holds on to an address by themselves (browser, open
    connection): for that many seconds from the moment they looked it up, whatever the TTL.
    """

    name: str
    minimum_ttl: float = 0.0
    maximum_ttl: float = inf
    negative_ttl: float | None = None    # seconds for "no such name"; None: as any other answer
    serve_stale: bool = False            # use an expired answer while the authority is unreachable
    user_keeps: float = 0.0              # seconds
    user_demand: float = 0.1             # requests per second of one user; used with user_keeps

    def __post_init__(self):
        problems = []
        if not 0 <= self.minimum_ttl <= self.maximum_ttl:
            problems.append(Problem(self.name, f"minimum TTL {self.minimum_ttl} s and maximum TTL {self.maximum_ttl} s "
                                               "must be 0 <= minimum <= maximum"))
        if self.negative_ttl is not None and not self.negative_ttl >= 0:
            problems.append(Problem(self.name, f"negative TTL is {self.negative_ttl} s, must be 0 or more"))
        if not self.user_keeps >= 0:
            problems.append(Problem(self.name, f"users keep an address for {self.user_keeps} s, must be 0 or more"))
        if not 0 <= self.user_demand < inf:
            problems.append(Problem(self.name, f"one user asks {self.user_demand} times a second, must be 0 or more"))
        if problems:
            raise ConfigurationError(problems)

    def keeps(self, ttl: float, label: str) -> float:
        """Seconds that the resolver keeps an answer `label` that came with `ttl`."""
        if label == NO_ANSWER and self.negative_ttl is not None:
            return self.negative_ttl
        return min(max(ttl, self.minimum_ttl), self.maximum_ttl)


@dataclass(frozen=True)
class Member:
    """One kind of fleet member: a resolver that behaves so, and the users behind it."""

    behaviour: Behaviour
    demand: float    # requests per second at the resolver
    ttl: int         # seconds; of answers for which the timeline states none
    warm: bool       # at work for long when the timeline begins; else its caches are empty


def honest() -> Behaviour:
    """Keeps an answer for exactly its TTL (RFC 1035 section 3.2.1)."""
    return Behaviour("honest")


def minimum_ttl(seconds: float) -> Behaviour:
    """Keeps every answer for at least so long, as Unbound's `cache-min-ttl` does."""
    return Behaviour(f"minimum TTL {seconds:g} s", minimum_ttl=seconds)


def maximum_ttl(seconds: float) -> Behaviour:
    """Keeps no answer for longer than this, as Unbound's `cache-max-ttl` does."""
    return Behaviour(f"maximum TTL {seconds:g} s", maximum_ttl=seconds)


def for_ever() -> Behaviour:
    """Never looks up a name twice: a JVM with `networkaddress.cache.ttl` at -1.

    That was the default under a SecurityManager. "No such name" is kept for 10 s all the same.
    """
    return Behaviour("for ever (old JVM)", minimum_ttl=inf, negative_ttl=JVM_NEGATIVE_TTL)


def serve_stale() -> Behaviour:
    """Uses an expired answer while the authority is unreachable (RFC 8767), trying again every 30 s.

    The RFC suggests to stop after one to three days; this model does not stop.
    """
    return Behaviour("serve-stale", serve_stale=True)


def browser(seconds: float = BROWSER_CACHE, *, demand: float = 0.1, over: Behaviour | None = None) -> Behaviour:
    """Every user's browser keeps an address by itself, on top of what the resolver `over` does.

    demand: requests per second that one user makes.
    """
    return _on_top(f"browser {seconds:g} s", seconds, demand, over)


def pooled(minutes: float = 5.0, *, demand: float = 1.0, over: Behaviour | None = None) -> Behaviour:
    """Clients send requests over connections that live so many minutes and go where they were opened.

    The address is looked up only to open the next connection. These connections outlive the
    death of their site: requests on them wait and fail, as with a site that hangs.
    """
    return _on_top(f"pooled connections {minutes:g} min", minutes * 60, demand, over)


def _on_top(name: str, seconds: float, demand: float, over: Behaviour | None) -> Behaviour:
    if over is None:
        return Behaviour(name, user_keeps=seconds, user_demand=demand)
    if over.user_keeps:
        raise ConfigurationError(Problem(
            name, f"stands on top of {over.name!r}, whose users already keep addresses by themselves",
            "Keep the one that holds on longer: it hides the other."))
    return replace(over, name=f"{name} over {over.name}", user_keeps=seconds, user_demand=demand)
