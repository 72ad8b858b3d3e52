"""Wrong ideas about how fast users move: TTL, load, caches that go their own way. Lesson 6."""

from __future__ import annotations

from .beliefs import Concept, Misconception

CONCEPTS = (
    Concept(
        name="worst-downtime",
        question="How long is the unluckiest user of a failover without service?",
        right=lambda detection, ttl: detection + ttl,
        cases=({"detection": 85, "ttl": 60}, {"detection": 28, "ttl": 300})),
    Concept(
        name="mean-cache-wait",
        question="How long does a cache go on with the old answer on average, its age being anything?",
        right=lambda ttl: ttl / 2,
        cases=({"ttl": 60},)),
    Concept(
        name="authority-load",
        question="How many questions do busy resolvers send to the authoritative servers in `seconds`?",
        right=lambda resolvers, ttl, seconds: resolvers * seconds / ttl,
        cases=({"resolvers": 1000, "ttl": 60, "seconds": 3600}, {"resolvers": 1000, "ttl": 300, "seconds": 3600})),
    Concept(
        name="lowered-ttl",
        question="When does a cache ask again whose answer was stored before the TTL was lowered?",
        right=lambda old_ttl, new_ttl, cached_at, lowered_at: cached_at + old_ttl,
        cases=({"old_ttl": 3600, "new_ttl": 60, "cached_at": 0, "lowered_at": 100},)),
    Concept(
        name="open-connection",
        question="When does a client with a kept-open connection reach the new site?",
        right=lambda dns_moved_at, connection_closes_at: max(dns_moved_at, connection_closes_at),
        cases=({"dns_moved_at": 90, "connection_closes_at": 700},)),
    Concept(
        name="kept-for",
        question="How long does this resolver keep an answer?",
        right=lambda ttl, minimum, maximum: min(max(ttl, minimum), maximum),
        cases=({"ttl": 10, "minimum": 300, "maximum": 86400}, {"ttl": 172800, "minimum": 0, "maximum": 86400})),
    Concept(
        name="served-stale",
        question="A kept answer has expired. Which one does a resolver that serves stale data give?",
        right=lambda authority_answers: "new" if authority_answers else "old",
        cases=({"authority_answers": True}, {"authority_answers": False})),
)

MISCONCEPTIONS = (
    Misconception(
        name="failover-is-instant", lesson=6, concept="worst-downtime",
        belief="Failover happens at once; nobody notices.",
        refutation="Checks need time to be sure, and caches need time to let go. Both parts can be measured.",
        question="Which two things must happen one after the other before the last user moves?",
        source="Route 53 Developer Guide, best-practices-dns",
        believed=lambda detection, ttl: 0),
    Misconception(
        name="detection-is-the-downtime", lesson=6, concept="worst-downtime",
        belief="Once the check is unhealthy, all users are on the standby.",
        refutation="A resolver that asked just before keeps the dead address for a whole TTL more.",
        question="A resolver asked one second before the switch. Until when does it keep that answer?",
        source="RFC 1035 section 3.2.1",
        believed=lambda detection, ttl: detection),
    Misconception(
        name="ttl-is-the-downtime", lesson=6, concept="worst-downtime",
        belief="The downtime is the TTL.",
        refutation="During detection the zone still hands out the dead address. The TTL comes on top.",
        question="What does the zone answer while the checkers are still counting failures?",
        source="Route 53 Developer Guide, dns-failover-determining-health-of-endpoints",
        believed=lambda detection, ttl: ttl),
    Misconception(
        name="everybody-waits-a-full-ttl", lesson=6, concept="mean-cache-wait",
        belief="Every resolver keeps the old answer for a whole TTL after the switch.",
        refutation="Their answers are of all ages, from fresh to nearly over. On average half of the TTL is left.",
        question="At the moment of the switch, how old are the answers in the caches?",
        source="RFC 1035 section 3.2.1",
        believed=lambda ttl: ttl),
    Misconception(
        name="short-ttl-costs-nothing", lesson=6, concept="authority-load",
        belief="The TTL does not change how many questions reach the authoritative servers.",
        refutation="A busy resolver asks once for each TTL. Halve the TTL and you double the questions, and the bill.",
        question="How often does a busy resolver have to come back in an hour?",
        source="Route 53 Developer Guide, best-practices-dns",
        believed=lambda resolvers, ttl, seconds: resolvers),
    Misconception(
        name="lowering-ttl-now-helps", lesson=6, concept="lowered-ttl",
        belief="Lowering the TTL during an outage makes caches let go sooner.",
        refutation="Answers that are out there keep the TTL they left with. Lower it before you need it.",
        question="Which TTL did the answer in that cache carry when it left the zone?",
        source="RFC 1035 section 3.2.1",
        believed=lambda old_ttl, new_ttl, cached_at, lowered_at: lowered_at + new_ttl),
    Misconception(
        name="connections-follow-dns", lesson=6, concept="open-connection",
        belief="When DNS moves, open connections move with it.",
        refutation="A connection belongs to an address, not to a name. It stays until one side closes it.",
        question="Which packet of an open connection asks the DNS anything?",
        source="RFC 9293 section 3.3.1 (a connection is a pair of sockets: addresses and ports)",
        believed=lambda dns_moved_at, connection_closes_at: dns_moved_at),
    Misconception(
        name="resolvers-obey-the-ttl", lesson=6, concept="kept-for",
        belief="Every resolver keeps an answer for exactly its TTL.",
        refutation="Resolvers may have a floor and a ceiling of their own, and some programs keep answers for ever.",
        question="What are this resolver's own limits?",
        source="unbound.conf, cache-min-ttl and cache-max-ttl",
        believed=lambda ttl, minimum, maximum: ttl),
    Misconception(
        name="stale-beats-new", lesson=6, concept="served-stale",
        belief="A resolver that serves stale data sticks to the old answer during any outage.",
        refutation="It does so only while the authoritative servers cannot be reached. A new answer replaces the old.",
        question="The web site is down, but do the DNS servers answer?",
        source="RFC 8767 section 5",
        believed=lambda authority_answers: "old"),
)
