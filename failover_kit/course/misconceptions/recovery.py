"""Wrong ideas about disaster recovery in numbers: availability, RTO, RPO, strategies. Lesson 2."""

from __future__ import annotations

import math

from .beliefs import Concept, Misconception

_FIRST_MOVE = {"backup and restore": "build it first", "pilot light": "start servers first",
               "warm standby": "serve at once", "active-active": "serve at once"}

CONCEPTS = (
    Concept(
        name="parallel-availability",
        question="How often is at least one of two independent sites up?",
        right=lambda first, second: 1 - (1 - first) * (1 - second),
        cases=({"first": 0.99, "second": 0.9}, {"first": 0.6, "second": 0.3})),
    Concept(
        name="series-availability",
        question="How often is a service up that needs all of these parts?",
        right=lambda parts: math.prod(parts),
        cases=({"parts": (0.99, 0.999, 0.95)}, {"parts": (0.9, 0.9)})),
    Concept(
        name="recovery-time",
        question="How many seconds pass between the fault and the last user who is served again?",
        right=lambda detect, decide, switch, cache: detect + decide + switch + cache,
        cases=({"detect": 90, "decide": 600, "switch": 45, "cache": 300},)),
    Concept(
        name="data-age",
        question="How old is the newest data that survives, counted at the moment of the fault?",
        right=lambda last_copy_at, failed_at, restored_at: failed_at - last_copy_at,
        cases=({"last_copy_at": 100, "failed_at": 400, "restored_at": 1600},)),
    Concept(
        name="first-move",
        question="What must the recovery Region do before it can answer its first request?",
        right=lambda strategy: _FIRST_MOVE[strategy],
        cases=tuple({"strategy": strategy} for strategy in _FIRST_MOVE)),
)

MISCONCEPTIONS = (
    Misconception(
        name="parallel-adds-up", lesson=2, concept="parallel-availability",
        belief="Two sites side by side have the sum of their availabilities, at most 100 %.",
        refutation="What multiplies is the unavailability: both must be down at once for the service to be down.",
        question="Two sites, each up half of the time. Is the service really never down?",
        source="AWS Well-Architected, Reliability Pillar, Availability with redundant components",
        believed=lambda first, second: min(1.0, first + second)),
    Misconception(
        name="parallel-is-the-better-one", lesson=2, concept="parallel-availability",
        belief="Two sites side by side are as available as the better one.",
        refutation="The weaker site still helps in the moments when the better one is down.",
        question="The better site is down. What is the chance that the other one is up just then?",
        source="AWS Well-Architected, Reliability Pillar, Availability with redundant components",
        believed=lambda first, second: max(first, second)),
    Misconception(
        name="series-is-the-weakest-part", lesson=2, concept="series-availability",
        belief="A chain is as available as its weakest part.",
        refutation="Each part adds outages of its own. Availabilities in a chain multiply.",
        question="The weakest part is up. Can the service still be down?",
        source="AWS Well-Architected, Reliability Pillar, Availability with hard dependencies",
        believed=lambda parts: min(parts)),
    Misconception(
        name="recovery-ends-at-detection", lesson=2, concept="recovery-time",
        belief="Once the fault is noticed, the outage is as good as over.",
        refutation="Somebody must decide, the record must be changed, and caches must let go of the old answer.",
        question="An alarm rings. Which users are served again at that moment?",
        source="AWS Well-Architected REL13-BP01",
        believed=lambda detect, decide, switch, cache: detect),
    Misconception(
        name="switch-ends-the-outage", lesson=2, concept="recovery-time",
        belief="When the DNS record has been switched, all users are served again.",
        refutation="Resolvers go on with the old address until its TTL is over.",
        question="A resolver asked one second before the switch. Where does it send its users?",
        source="RFC 1035 section 3.2.1; Route 53 Developer Guide, best-practices-dns",
        believed=lambda detect, decide, switch, cache: detect + decide + switch),
    Misconception(
        name="rpo-is-the-outage", lesson=2, concept="data-age",
        belief="RPO is how long the service was away.",
        refutation="That is the RTO. RPO looks back from the fault to the last copy of the data.",
        question="Draw the time line. On which side of the fault does the lost data lie?",
        source="AWS Well-Architected REL13-BP01",
        believed=lambda last_copy_at, failed_at, restored_at: restored_at - failed_at),
    Misconception(
        name="rpo-runs-until-restored", lesson=2, concept="data-age",
        belief="Data is lost from the last copy until the service is back.",
        refutation="After the fault nothing was written. What is lost lies between the last copy and the fault.",
        question="Which writes succeeded while the service was down?",
        source="AWS Well-Architected REL13-BP01",
        believed=lambda last_copy_at, failed_at, restored_at: restored_at - last_copy_at),
    Misconception(
        name="pilot-light-serves-at-once", lesson=2, concept="first-move",
        belief="A pilot light can take traffic at once, only slowly.",
        refutation="A pilot light keeps the data running and the servers off. Warm standby is the one that serves.",
        question="In a pilot light, which process is there to accept the connection?",
        source="AWS Well-Architected REL13-BP02",
        believed=lambda strategy: "serve at once" if strategy == "pilot light" else _FIRST_MOVE[strategy]),
)
