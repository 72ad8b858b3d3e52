"""Cards of lesson 2."""

from failover_kit.course.flashcards import Card

CARDS = (
    Card("2.rto",
         "What does RTO limit?",
         "The time between the interruption and the restored service.",
         "AWS Well-Architected REL13-BP01"),
    Card("2.rpo",
         "What does RPO limit, and in which direction does it look?",
         "The age of the newest data that survives. It looks back from the fault.",
         "AWS Well-Architected REL13-BP01"),
    Card("2.parallel",
         "Two independent sites are up with shares a and b. How often is at least one up?",
         "1 - (1 - a)(1 - b): both must be down at once.",
         "AWS Well-Architected, Reliability Pillar"),
    Card("2.series",
         "A service needs three parts. What do their availabilities do?",
         "They multiply, so the service is below its weakest part.",
         "AWS Well-Architected, Reliability Pillar"),
    Card("2.strategies",
         "Name the four recovery strategies, from slow and cheap to fast and dear.",
         "Backup and restore, pilot light, warm standby, active-active.",
         "AWS Well-Architected REL13-BP02"),
    Card("2.pilot-light",
         "Can a pilot light serve a request at once?",
         "No. Its data is live, its servers are off. A warm standby can.",
         "AWS Well-Architected REL13-BP02"),
)
