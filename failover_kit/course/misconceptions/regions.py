"""Wrong ideas about several Regions: lost writes, fencing, the control plane, capacity. Lesson 7."""

from __future__ import annotations

from .beliefs import Concept, Misconception

CONCEPTS = (
    Concept(
        name="writes-lost",
        question="How many writes are missing at the standby when the primary is lost?",
        right=lambda writes_per_second, lag: writes_per_second * lag,
        cases=({"writes_per_second": 20, "lag": 4},)),
    Concept(
        name="late-write",
        question="A client kept the old answer. Does its write reach the old primary?",
        right=lambda cached_at, ttl, failed_over_at, write_at: write_at < cached_at + ttl,
        cases=({"cached_at": 90, "ttl": 60, "failed_over_at": 100, "write_at": 120},
               {"cached_at": 90, "ttl": 60, "failed_over_at": 100, "write_at": 160})),
    Concept(
        name="routing-controls",
        question="Which record of a failover pair answers, both checks being routing controls?",
        right=lambda primary_on, secondary_on: "secondary" if secondary_on and not primary_on else "primary",
        cases=({"primary_on": False, "secondary_on": False}, {"primary_on": False, "secondary_on": True},
               {"primary_on": True, "secondary_on": False})),
    Concept(
        name="switching-power",
        question="Can traffic be moved in this way now?",
        right=lambda way, control_plane_up: way != "record edit" or control_plane_up,
        cases=tuple({"way": way, "control_plane_up": up}
                    for way in ("record edit", "health check", "routing control") for up in (True, False))),
    Concept(
        name="survivor-load",
        question="One of `sites` equal sites is lost. What must each of the others carry?",
        right=lambda sites, load_each: load_each * sites / (sites - 1),
        cases=({"sites": 3, "load_each": 60}, {"sites": 2, "load_each": 50})),
    Concept(
        name="standby-takes-over",
        question="The primary's inverted check watches an object in the standby Region. Which record answers?",
        right=lambda object_there, standby_reachable:
            "secondary" if object_there and standby_reachable else "primary",
        cases=({"object_there": True, "standby_reachable": True}, {"object_there": False, "standby_reachable": True},
               {"object_there": True, "standby_reachable": False})),
    Concept(
        name="return-of-the-primary",
        question="The old primary is back. Which record answers?",
        right=lambda primary_healthy, data_caught_up: "primary" if primary_healthy else "secondary",
        cases=({"primary_healthy": True, "data_caught_up": False}, {"primary_healthy": True, "data_caught_up": True},
               {"primary_healthy": False, "data_caught_up": False})),
)

MISCONCEPTIONS = (
    Misconception(
        name="replication-loses-nothing", lesson=7, concept="writes-lost",
        belief="With replication switched on, a failover loses no data.",
        refutation="Asynchronous replication runs behind. What was still on its way when the primary died is gone.",
        question="The last write was confirmed a moment before the fault. Had it arrived at the standby?",
        source="Amazon Aurora User Guide, aurora-global-database-disaster-recovery",
        believed=lambda writes_per_second, lag: 0),
    Misconception(
        name="dns-fences-the-old-primary", lesson=7, concept="late-write",
        belief="After the failover nobody can write to the old primary.",
        refutation="DNS forbids nothing. Cached answers and open connections go on writing there: fence it first.",
        question="Which part of the system would refuse that write?",
        source="Amazon Aurora User Guide, aurora-global-database-disaster-recovery (split brain)",
        believed=lambda cached_at, ttl, failed_over_at, write_at: write_at < failed_over_at),
    Misconception(
        name="all-off-stops-traffic", lesson=7, concept="routing-controls",
        belief="With all routing controls off there is no answer, so traffic stops.",
        refutation="All off means all unhealthy, and then Route 53 fails open to the primary.",
        question="What does Route 53 do when every record of a group is unhealthy?",
        source="Application Recovery Controller API Reference, AssertionRule",
        believed=lambda primary_on, secondary_on:
            "primary" if primary_on else "secondary" if secondary_on else "no answer"),
    Misconception(
        name="records-can-always-be-edited", lesson=7, concept="switching-power",
        belief="In an outage you can still edit the DNS record.",
        refutation="Editing is the control plane, which lives in one Region. Plan with what the data plane does alone.",
        question="Which Region must work for your edit to be accepted?",
        source="Route 53 Developer Guide, route-53-concepts",
        believed=lambda way, control_plane_up: True),
    Misconception(
        name="control-plane-outage-stops-failover", lesson=7, concept="switching-power",
        belief="If the Route 53 APIs are down, failover is down too.",
        refutation="Answering, checking and failing over are data plane. They went on while the APIs were down.",
        question="Does a health check need to edit anything in order to change an answer?",
        source="Route 53 Developer Guide, route-53-concepts; AWS event summary 7 December 2021",
        believed=lambda way, control_plane_up: control_plane_up),
    Misconception(
        name="survivors-carry-no-more", lesson=7, concept="survivor-load",
        belief="When a site is lost, the others go on as before.",
        refutation="They share the lost site's load. Without spare capacity they fall next.",
        question="The users of the lost site are still there. Where do they go?",
        source="Route 53 Developer Guide, dns-failover-problems",
        believed=lambda sites, load_each: load_each),
    Misconception(
        name="standby-check-is-not-inverted", lesson=7, concept="standby-takes-over",
        belief="If the object cannot be fetched, traffic goes to the standby.",
        refutation="That would fail over to a Region that cannot be reached. Inverted, an unreachable standby keeps "
                   "the primary.",
        question="The standby Region itself is gone. Where should traffic be?",
        source="AWS Networking blog, Creating Disaster Recovery Mechanisms Using Amazon Route 53",
        believed=lambda object_there, standby_reachable:
            "primary" if object_there and standby_reachable else "secondary"),
    Misconception(
        name="failback-waits-for-data", lesson=7, concept="return-of-the-primary",
        belief="Route 53 fails back only when the old primary has caught up with the data.",
        refutation="It looks at the health check and nothing else. Hold failback until replication has run back.",
        question="Which health check of yours knows anything about replication?",
        source="Route 53 Developer Guide, health-checks-how-route-53-chooses-records",
        believed=lambda primary_healthy, data_caught_up:
            "primary" if primary_healthy and data_caught_up else "secondary"),
)
