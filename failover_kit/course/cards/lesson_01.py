"""Cards of lesson 1."""

from failover_kit.course.flashcards import Card

CARDS = (
    Card("1.who-decides",
         "Who decides to which address a user goes?",
         "The zone's authoritative name server, by what it answers. Resolvers pass it on.",
         "RFC 1034 section 2.4"),
    Card("1.ttl",
         "From which moment does a cache count the TTL?",
         "From the moment it stored the answer. A change to the record does not reach it.",
         "RFC 1035 section 3.2.1"),
    Card("1.nxdomain",
         "NXDOMAIN or an empty NOERROR: which one says that the name has nothing of any type?",
         "NXDOMAIN. An empty NOERROR says: the name exists, but not with this type.",
         "RFC 2308 sections 2.1 and 2.2"),
    Card("1.negative",
         "For how long may a resolver keep the news that a name does not exist?",
         "For the smaller of the SOA record's TTL and its last field; 900 s in a fresh Route 53 zone.",
         "RFC 2308 section 5; Route 53 Developer Guide, SOA-NSrecords"),
    Card("1.aa",
         "Which flag tells an authoritative answer from a cached one?",
         "AA. The authoritative server sets it; a cache does not.",
         "RFC 1035 section 4.1.1"),
    Card("1.lookup",
         "The resolver's cache is empty. Whom does it ask, in which order?",
         "A root server, a server of the top-level domain, a server of the zone. Each refers it to the next.",
         "RFC 1034 section 5.3.3"),
)
