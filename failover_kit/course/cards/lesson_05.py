"""Cards of lesson 5."""

from failover_kit.course.flashcards import Card

CARDS = (
    Card("5.weights",
         "Weights 10, 20, 20, and the last record is unhealthy. What does the first one get?",
         "10 of 30: the healthy ones share all answers.",
         "Route 53 Developer Guide, dns-failover-simple-configs"),
    Card("5.zero",
         "When does a record of weight 0 answer?",
         "When all records of higher weight are unhealthy, or when all weights are 0.",
         "Route 53 Developer Guide, health-checks-how-route-53-chooses-records"),
    Card("5.sharing",
         "Does a failover pair share the load?",
         "No. While the primary is healthy it gets everything.",
         "Route 53 Developer Guide, dns-failover-types"),
    Card("5.multivalue",
         "How many values does a multivalue answer hold at most?",
         "Eight, all from healthy records unless none is healthy.",
         "Route 53 Developer Guide, routing-policy-multivalue"),
    Card("5.branch",
         "When is an alias with EvaluateTargetHealth healthy?",
         "When at least one record of its target group is, and its own check, if it has one.",
         "Route 53 Developer Guide, dns-failover-complex-configs"),
    Card("5.geolocation",
         "A geolocation group has no match for a client and no default. What comes back?",
         "No answer. It is the one case where a group yields nothing.",
         "Route 53 Developer Guide, routing-policy-geo"),
)
