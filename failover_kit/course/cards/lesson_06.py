"""Cards of lesson 6."""

from failover_kit.course.flashcards import Card

CARDS = (
    Card("6.budget",
         "Which parts make up the downtime of one user?",
         "Detection, decision, what is left of the cached answer, and reconnecting.",
         "Route 53 Developer Guide, best-practices-dns"),
    Card("6.formulas",
         "Busy resolvers that obey: how long is the worst user down, and how long the average one?",
         "Worst: detection + TTL. Average: detection + half of the TTL.",
         "RFC 1035 section 3.2.1"),
    Card("6.cost",
         "You halve the TTL. What happens to the questions at the authoritative servers?",
         "They about double, for every resolver that is busy.",
         "Route 53 Developer Guide, best-practices-dns"),
    Card("6.lowering",
         "Does it help to lower the TTL during the outage?",
         "Not for answers that are already cached. They keep the TTL they left with.",
         "RFC 1035 section 3.2.1"),
    Card("6.connections",
         "DNS has moved. What do open connections do?",
         "They stay where they are until one side closes them.",
         "RFC 9293 section 3.3.1"),
    Card("6.stale",
         "When does serve-stale give an old answer?",
         "Only while the authoritative servers cannot be reached.",
         "RFC 8767 section 5"),
    Card("6.anycast",
         "Why does Global Accelerator not wait for a TTL?",
         "Its addresses stay the same; the network behind them changes where traffic goes.",
         "AWS Global Accelerator Developer Guide, unhealthy endpoints"),
)
