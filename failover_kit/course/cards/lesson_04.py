"""Cards of lesson 4."""

from failover_kit.course.flashcards import Card

CARDS = (
    Card("4.share",
         "How many of 16 checkers must say healthy to keep a check healthy?",
         "Three: more than 18 %. It is not a majority.",
         "Route 53 Developer Guide, dns-failover-determining-health-of-endpoints"),
    Card("4.codes",
         "Which HTTP status codes pass?",
         "200 to 399. Redirects pass, 404 and 503 fail.",
         "Route 53 API Reference, HealthCheckType"),
    Card("4.disabled",
         "What is the status of a disabled check?",
         "Healthy: traffic stays. To force it away, invert the check.",
         "Route 53 API Reference, UpdateHealthCheckRequest"),
    Card("4.string",
         "Where must a searched string lie, and does case matter?",
         "Wholly within the first 5,120 bytes of the body. Case matters.",
         "Route 53 Developer Guide, health-checks-creating-values"),
    Card("4.certificate",
         "The site's certificate has expired. What does an HTTPS check say?",
         "Nothing about it: checkers do not validate certificates.",
         "Route 53 Developer Guide, dns-failover-determining-health-of-endpoints"),
    Card("4.deep",
         "What is the danger of a deep check on something that both sites share?",
         "Both go unhealthy at once, everything fails open, and the check has told you nothing.",
         "Route 53 Developer Guide, dns-failover-problems"),
    Card("4.unchecked",
         "A primary record has no health check. When does it fail over?",
         "Never. A record without a check counts as healthy.",
         "Route 53 Developer Guide, health-checks-how-route-53-chooses-records"),
)
