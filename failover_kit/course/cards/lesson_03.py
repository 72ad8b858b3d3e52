"""Cards of lesson 3."""

from failover_kit.course.flashcards import Card

CARDS = (
    Card("3.chain",
         "Which four things happen between the fault and the user who moves?",
         "Checks detect it, the status changes, answers change, caches run out.",
         "Route 53 Developer Guide, best-practices-dns"),
    Card("3.threshold",
         "What does FailureThreshold count?",
         "Results of one kind in a row, for each checker by itself: failures to go down, passes to come back.",
         "Route 53 API Reference, HealthCheckConfig"),
    Card("3.schedule",
         "When does Route 53 probe an endpoint?",
         "On a schedule of its own, every 30 or 10 s from each checker. Never because a question came.",
         "Route 53 Developer Guide, dns-failover-simple-configs"),
    Card("3.both-down",
         "Primary and secondary are both unhealthy. What is answered?",
         "The primary. With nothing healthy, everything counts as healthy: fail open.",
         "Route 53 Developer Guide, health-checks-how-route-53-chooses-records"),
    Card("3.failback",
         "The primary recovers. Who switches back?",
         "Nobody has to: as soon as its check is healthy, the primary is answered again.",
         "Route 53 Developer Guide, health-checks-how-route-53-chooses-records"),
    Card("3.planes",
         "Which plane does failover by health checks need: control or data?",
         "The data plane only. Editing a record needs the control plane, which lives in one Region.",
         "Route 53 Developer Guide, route-53-concepts"),
)
