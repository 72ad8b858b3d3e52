"""What a cache remembers, and for how long: all that stands between a changed record and its users.

    records, "no such name", "no such data", failures  ->  TtlCache  ->  Found: fresh, stale or absent; seconds left

Pure: `now` (seconds) comes with every call. Before this: records.py. After this: resolver.py looks here, then asks.
Source: RFC 1035 section 3.2.1 (TTL), RFC 2308 (negative answers), RFC 8767 (stale answers), RFC 9520 (failures).
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from enum import Enum
from math import inf
from typing import NamedTuple

from .errors import ConfigurationError, Problem
from .records import MAX_TTL, Question, Reply, RRset

HOUR, DAY, WEEK = 3_600, 86_400, 604_800     # seconds
EVERY_TYPE = "ANY"                           # "no such name" holds for every type there: RFC 2308 section 5


# ---- what a cache makes of a TTL -------------------------------------------------------------------------------

@dataclass(frozen=True)
class CachePolicy:
    """How long a cache keeps what it is told. Times are seconds, `inf` is for ever; the RFCs suggest the defaults.

    Raises ConfigurationError with everything that cannot work.
    """

    name: str
    _: KW_ONLY
    minimum_ttl: float = 0                   # a lower TTL is raised to this
    maximum_ttl: float = WEEK                # a higher TTL is cut to this; RFC 8767 section 4
    minimum_negative_ttl: float = 0          # the same two for "no such name" and "no such data"
    maximum_negative_ttl: float = 3 * HOUR   # RFC 2308 section 5
    failure_ttl: float = 1                   # a question that failed is not asked again sooner; RFC 9520 section 3.2
    stale_window: float = 0                  # so long after its TTL an answer serves while nobody replies; 0: never
    stale_ttl: int = 30                      # the TTL that it is handed out with then; RFC 8767 section 4
    stale_retry: float = 30                  # after a try in vain, no other one for so long; RFC 8767 section 5

    def __post_init__(self):
        problems = [Problem(self.name, f"{field} is {value!r}", "Give 0 or more seconds.")
                    for field, value in vars(self).items() if field != "name" and not value >= 0]
        pairs = (("TTL", self.minimum_ttl, self.maximum_ttl),
                 ("negative TTL", self.minimum_negative_ttl, self.maximum_negative_ttl))
        problems += [Problem(self.name, f"the minimum {what} is {low} s, above the maximum, {high} s", "Lower it.")
                     for what, low, high in pairs if low > high]
        if problems:
            raise ConfigurationError(problems)

    def keeps(self, ttl: float) -> float:
        """Seconds that records with this TTL are kept; 0: not at all."""
        return min(max(ttl, self.minimum_ttl), self.maximum_ttl)

    def keeps_negative(self, ttl: float) -> float:
        """The same for "no such name" and "no such data"."""
        return min(max(ttl, self.minimum_negative_ttl), self.maximum_negative_ttl)


def pinned(name: str, ttl: float, negative_ttl: float) -> CachePolicy:
    """A cache that looks at no TTL: answers stay for `ttl` seconds, everything else for `negative_ttl`."""
    return CachePolicy(name, minimum_ttl=ttl, maximum_ttl=ttl, minimum_negative_ttl=negative_ttl,
                       maximum_negative_ttl=negative_ttl, failure_ttl=negative_ttl)


HONEST = CachePolicy("honest")
SERVE_STALE = CachePolicy("serve-stale", stale_window=DAY)         # RFC 8767 section 5 suggests 1 to 3 days
# BIND 9 manual: max-cache-ttl, max-ncache-ttl, servfail-ttl
BIND_DEFAULT = CachePolicy("BIND", maximum_ttl=WEEK, maximum_negative_ttl=3 * HOUR, failure_ttl=1)
# unbound.conf(5): cache-max-ttl, cache-max-negative-ttl; it keeps failures for 5 s
UNBOUND_DEFAULT = CachePolicy("Unbound", maximum_ttl=DAY, maximum_negative_ttl=HOUR, failure_ttl=5)
# a provider that saves on questions: Unbound with `cache-min-ttl: 300`, which raises negative TTLs as well
MINIMUM_300 = replace(UNBOUND_DEFAULT, name="minimum 300 s", minimum_ttl=300, minimum_negative_ttl=300)
# java.security: networkaddress.cache.ttl, networkaddress.cache.negative.ttl; old: under a SecurityManager
JVM, OLD_JVM = pinned("JVM", 30, 10), pinned("old JVM", inf, 10)
# Chromium on the system's resolver: kCacheEntryTTLSeconds, kNegativeCacheEntryTTLSeconds
BROWSER = pinned("browser", 60, 0)

POLICIES = {policy.name: policy for policy in
            (HONEST, UNBOUND_DEFAULT, BIND_DEFAULT, MINIMUM_300, SERVE_STALE, JVM, OLD_JVM, BROWSER)}


# ---- what it knows ---------------------------------------------------------------------------------------------

class Kind(Enum):
    """What can be known about a question."""

    ANSWER = "answer"
    NXDOMAIN = "no such name"
    NODATA = "no such data"
    FAILURE = "failure"


@dataclass(frozen=True)
class Entry:
    """One thing that a cache was told."""

    question: Question               # what it answers
    kind: Kind
    rrset: RRset | None              # the records; of a negative answer, the SOA that came with it
    ttl: float                       # seconds that it is kept
    at: float                        # when it was learned
    retry_at: float = 0.0            # once it is stale: when to ask again
    problem: str = ""                # of a failure: what went wrong

    def left(self, now: float) -> float:
        """Seconds until its TTL is over; below 0: since then."""
        return self.ttl - (now - self.at)


class Found(NamedTuple):
    """What a cache says to a question."""

    state: str                       # "fresh", "stale" (its TTL is over) or "absent"
    entry: Entry | None = None
    ttl: int = 0                     # whole seconds for which it may be passed on
    ask_first: bool = True           # use it only if nobody replies


class Row(NamedTuple):
    """A line of the table that a cache is."""

    name: str
    type: str                        # ANY: every type
    values: tuple[str, ...]
    left: int                        # whole seconds
    kind: str
    state: str


def negative_ttl(soa: RRset | None) -> int:
    """Seconds that "no such name" holds: the SOA's TTL or its last field, whichever is less; 0 without a SOA.

    >>> negative_ttl(RRset("example.com.", "SOA", 900, ("ns. host. 1 7200 900 1209600 86400",)))
    900

    Source: RFC 2308 section 5.
    """
    return min(soa.ttl, int(soa.values[0].split()[-1])) if soa else 0


def whole(seconds: float) -> int:
    """A TTL as it travels: rounded down, so that nothing lives longer for being passed on."""
    return int(min(seconds, MAX_TTL))


class TtlCache:
    """Remembers what it is told until the TTL is over, by the rules of a policy.

    Has `max_entries` at most: what was learned longest ago makes room. It does not tell client subnets apart.
    """

    def __init__(self, policy: CachePolicy = HONEST, max_entries: int = 10_000):
        self.policy = policy
        self.max_entries = max_entries
        self._entries: dict[Question, Entry] = {}        # in the order in which they were learned

    def get(self, question: Question, now: float) -> Found:
        """What is known about a question: its records, the CNAME in their place, or that there are none."""
        entry = self._newest(question)
        if entry and (left := entry.left(now)) > 0:
            return Found("fresh", entry, whole(left), ask_first=False)
        if entry and entry.kind is not Kind.FAILURE and entry.ttl > 0 and left > -self.policy.stale_window:
            return Found("stale", entry, self.policy.stale_ttl, ask_first=now >= entry.retry_at)
        return Found("absent")

    def put(self, rrset: RRset, now: float) -> Entry:
        """Remember records."""
        ttl = self.policy.keeps(rrset.ttl)
        return self._keep(Entry(Question(rrset.name, rrset.type), Kind.ANSWER, rrset, ttl, now))

    def put_negative(self, question: Question, reply: Reply, now: float) -> Entry:
        """Remember that there is no such name (the reply is NXDOMAIN) or, at this name, no such data (it is not)."""
        soa = next((rrset for rrset in reply.authority if rrset.type == "SOA"), None)
        ttl = self.policy.keeps_negative(negative_ttl(soa))
        if reply.rcode == "NXDOMAIN":
            return self._keep(Entry(Question(question.name, EVERY_TYPE), Kind.NXDOMAIN, soa, ttl, now))
        return self._keep(Entry(question, Kind.NODATA, soa, ttl, now))

    def put_failure(self, question: Question, problem: str, now: float) -> Found:
        """Remember that asking was in vain. Returns what has to do: what is known all the same, or the failure."""
        found = self.get(question, now)
        if found.state == "absent":
            failure = Entry(question, Kind.FAILURE, None, self.policy.failure_ttl, now, problem=problem)
            return Found("absent", self._keep(failure))
        if found.state == "stale":
            self._keep(replace(found.entry, retry_at=now + self.policy.stale_retry))
        return found

    def entries(self, now: float) -> list[Row]:
        """Everything that can still serve, as the rows of a table, oldest first."""
        rows = []
        for question, entry in self._entries.items():
            found = self.get(question, now)
            if found.entry is entry:
                values = entry.rrset.values if entry.kind is Kind.ANSWER else ()
                rows.append(Row(*question, values, whole(max(entry.left(now), 0)), entry.kind.value, found.state))
        return rows

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def _newest(self, question: Question) -> Entry | None:
        """What was learned last about the name: with it, whatever was known before is over."""
        own = self._entries.get(question)
        others = (self._entries.get(Question(question.name, type_)) for type_ in ("CNAME", EVERY_TYPE))
        known = [own, *(entry for entry in others if entry and entry.kind in (Kind.ANSWER, Kind.NXDOMAIN))]
        return max(filter(None, known), key=lambda entry: entry.at, default=None)

    def _keep(self, entry: Entry) -> Entry:
        """Even with a TTL of 0: it serves nobody then, but neither does what was known before."""
        self._entries.pop(entry.question, None)
        self._entries[entry.question] = entry
        while len(self._entries) > self.max_entries:
            del self._entries[next(iter(self._entries))]
        return entry
