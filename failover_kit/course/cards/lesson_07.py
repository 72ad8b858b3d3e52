"""Cards of lesson 7."""

from failover_kit.course.flashcards import Card

CARDS = (
    Card("7.lost",
         "About how many writes are lost in an unplanned failover?",
         "Write rate times replication lag at the moment of the fault.",
         "Amazon Aurora User Guide, aurora-global-database-disaster-recovery"),
    Card("7.fence",
         "What keeps clients from writing to the old primary after a failover?",
         "Not DNS. Something must refuse the writes: read-only mode, revoked rights, an old epoch.",
         "Amazon Aurora User Guide, aurora-global-database-disaster-recovery"),
    Card("7.all-off",
         "All routing controls are off. What is answered?",
         "The primary: all unhealthy means fail open. A safety rule should forbid this state.",
         "Application Recovery Controller API Reference, AssertionRule"),
    Card("7.capacity",
         "One of three equal sites is lost. How much more do the others carry?",
         "Half as much again. They must have that room before it happens.",
         "Route 53 Developer Guide, dns-failover-problems"),
    Card("7.static",
         "What does static stability mean for a standby?",
         "It already runs all that it needs, so failing over asks nobody for anything new.",
         "Route 53 Developer Guide, route-53-concepts"),
    Card("7.return",
         "Why hold back failback?",
         "DNS returns as soon as the check passes, whether or not the data has caught up.",
         "Route 53 Developer Guide, health-checks-how-route-53-chooses-records"),
)
