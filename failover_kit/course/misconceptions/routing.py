"""Wrong ideas about which record answers: failover pairs, weights, trees. Lessons 3 and 5."""

from __future__ import annotations

from .beliefs import Concept, Misconception


def _pair(primary, secondary, primary_server_up):
    return "secondary" if primary == "unhealthy" and secondary != "unhealthy" else "primary"


def _weighted_share(weights, healthy, index):
    pool = ([i for i, weight in enumerate(weights) if healthy[i] and weight]
            or [i for i, weight in enumerate(weights) if healthy[i] and (not weight)]
            or [i for i, weight in enumerate(weights) if weight]
            or list(range(len(weights))))
    if index not in pool:
        return 0.0
    total = sum(weights[i] for i in pool)
    return weights[index] / total if total else 1 / len(pool)


def _without_zero_weights(weights, healthy, index):
    return 0.0 if weights[index] == 0 and any(weights) else _weighted_share(weights, healthy, index)


CONCEPTS = (
    Concept(
        name="failover-pair",
        question="Which record of a failover pair answers?",
        right=_pair,
        cases=tuple({"primary": primary, "secondary": secondary, "primary_server_up": up}
                    for primary, up in (("healthy", True), ("unhealthy", False), ("unchecked", False))
                    for secondary in ("healthy", "unhealthy", "unchecked"))),
    Concept(
        name="share-of-secondary",
        question="Which share of the answers names the secondary of a failover pair?",
        right=lambda primary_healthy, secondary_healthy: 1.0 if secondary_healthy and not primary_healthy else 0.0,
        cases=({"primary_healthy": True, "secondary_healthy": True},
               {"primary_healthy": False, "secondary_healthy": True})),
    Concept(
        name="weighted-share",
        question="Which share of the answers does weighted record `index` get?",
        right=_weighted_share,
        cases=({"weights": (10, 20, 20), "healthy": (True, True, False), "index": 0},
               {"weights": (100, 0), "healthy": (False, True), "index": 1},
               {"weights": (1, 3), "healthy": (True, True), "index": 0},
               {"weights": (0, 0), "healthy": (True, True), "index": 0})),
    Concept(
        name="multivalue-count",
        question="How many values does a multivalue answer hold?",
        right=lambda healthy, unhealthy: min(8, healthy or unhealthy),
        cases=({"healthy": 10, "unhealthy": 0}, {"healthy": 0, "unhealthy": 5}, {"healthy": 3, "unhealthy": 4})),
    Concept(
        name="geolocation",
        question="Which area's record answers a client, whose areas are given from small to large?",
        right=lambda areas, client: next((area for area in (*client, "default") if area in areas), "no answer"),
        cases=({"areas": ("europe",), "client": ("japan", "asia")},
               {"areas": ("europe", "asia"), "client": ("japan", "asia")},
               {"areas": ("europe", "default"), "client": ("japan", "asia")})),
    Concept(
        name="branch-health",
        question="Is an alias record healthy, given EvaluateTargetHealth and its target's members?",
        right=lambda evaluate, members: not evaluate or any(members),
        cases=({"evaluate": False, "members": (False, False)}, {"evaluate": True, "members": (False, True)},
               {"evaluate": True, "members": (False, False)})),
    Concept(
        name="failback",
        question="The primary failed once. Which record answers now?",
        right=lambda primary_healthy_again: "primary" if primary_healthy_again else "secondary",
        cases=({"primary_healthy_again": True}, {"primary_healthy_again": False})),
    Concept(
        name="next-answer",
        question="A health check turned unhealthy. What brings a resolver to the other record?",
        right=lambda kept_answer_is_over: "it asks again" if kept_answer_is_over else "nothing yet",
        cases=({"kept_answer_is_over": True}, {"kept_answer_is_over": False})),
    Concept(
        name="apex",
        question="May this record stand here?",
        right=lambda kind, at_apex: kind == "alias" or not at_apex,
        cases=({"kind": "alias", "at_apex": True}, {"kind": "CNAME", "at_apex": True})),
    Concept(
        name="simple-values",
        question="A simple record holds several addresses. How many does the answer hold?",
        right=lambda up, down: up + down,
        cases=({"up": 2, "down": 1},)),
)

MISCONCEPTIONS = (
    Misconception(
        name="failover-edits-the-record", lesson=3, concept="next-answer",
        belief="To fail over, Route 53 changes the record to the other address.",
        refutation="Both records stay as they are. The name servers choose the other one for their next answer.",
        question="How many records does the zone hold for this name, before and during a failover?",
        source="Route 53 Developer Guide, health-checks-how-route-53-chooses-records",
        believed=lambda kept_answer_is_over: "the record is changed"),
    Misconception(
        name="resolvers-are-told", lesson=3, concept="next-answer",
        belief="Route 53 tells the resolvers when an answer has changed.",
        refutation="Nobody tells a resolver anything. It finds out when it asks again, after its answer has run out.",
        question="How would Route 53 know which resolvers in the world have kept the answer?",
        source="RFC 1035 section 3.2.1",
        believed=lambda kept_answer_is_over: "it is told"),
    Misconception(
        name="both-unhealthy-means-no-answer", lesson=5, concept="failover-pair",
        belief="If both records are unhealthy there is nothing left to answer with.",
        refutation="Then all records count as healthy again, and the primary answers: fail open.",
        question="Health checks can be wrong about everything at once. What is the least harmful answer then?",
        source="Route 53 Developer Guide, health-checks-how-route-53-chooses-records",
        believed=lambda primary, secondary, primary_server_up:
            "no answer" if primary == secondary == "unhealthy" else _pair(primary, secondary, primary_server_up)),
    Misconception(
        name="both-unhealthy-means-secondary", lesson=5, concept="failover-pair",
        belief="If both are unhealthy the secondary answers, since it is the last resort.",
        refutation="With all unhealthy, all count as healthy; among healthy records the primary comes first.",
        question="If all records count as healthy, which one does a failover pair prefer?",
        source="Route 53 Developer Guide, health-checks-how-route-53-chooses-records",
        believed=lambda primary, secondary, primary_server_up: "secondary" if primary == "unhealthy" else "primary"),
    Misconception(
        name="unchecked-primary-fails-over", lesson=5, concept="failover-pair",
        belief="Route 53 notices a dead primary even if no health check is attached to it.",
        refutation="A record without a check is always healthy, so it never fails over.",
        question="Who tells Route 53 that this server is down?",
        source="Route 53 Developer Guide, health-checks-how-route-53-chooses-records",
        believed=lambda primary, secondary, primary_server_up:
            "secondary" if primary == "unchecked" and not primary_server_up
            else _pair(primary, secondary, primary_server_up)),
    Misconception(
        name="unchecked-secondary-is-not-used", lesson=5, concept="failover-pair",
        belief="A secondary without a health check cannot take over.",
        refutation="Without a check it counts as healthy, always. It takes over even if it is dead.",
        question="What does Route 53 assume of a record that has no check?",
        source="Route 53 Developer Guide, health-checks-how-route-53-chooses-records",
        believed=lambda primary, secondary, primary_server_up:
            "primary" if secondary == "unchecked" else _pair(primary, secondary, primary_server_up)),
    Misconception(
        name="failover-shares-the-load", lesson=5, concept="share-of-secondary",
        belief="A failover pair spreads traffic over both of its records.",
        refutation="While the primary is healthy it gets everything. Sharing is what weights are for.",
        question="Both are healthy. How would the second one get any request?",
        source="Route 53 Developer Guide, dns-failover-types",
        believed=lambda primary_healthy, secondary_healthy:
            (1.0 if not primary_healthy else 0.5) if secondary_healthy else 0.0),
    Misconception(
        name="zero-weight-never-answers", lesson=5, concept="weighted-share",
        belief="A record of weight 0 never answers.",
        refutation="It answers when all records with a weight above 0 are unhealthy, or when all weights are 0.",
        question="All the others are unhealthy. What is left?",
        source="Route 53 Developer Guide, health-checks-how-route-53-chooses-records",
        believed=_without_zero_weights),
    Misconception(
        name="weights-are-percent", lesson=5, concept="weighted-share",
        belief="A weight is a percentage.",
        refutation="A weight is a share of the sum of all weights in play, whatever that sum is.",
        question="What do these weights add up to?",
        source="Route 53 API Reference, ResourceRecordSet, Weight",
        believed=lambda weights, healthy, index: weights[index] / 100 if healthy[index] else 0.0),
    Misconception(
        name="lost-weight-stays-lost", lesson=5, concept="weighted-share",
        belief="The share of an unhealthy record is lost; the others keep theirs.",
        refutation="An unhealthy record is dropped and the rest share all answers in proportion.",
        question="Every question gets an answer. Who gets the ones that the unhealthy record would have had?",
        source="Route 53 Developer Guide, dns-failover-simple-configs",
        believed=lambda weights, healthy, index:
            weights[index] / sum(weights) if healthy[index] and sum(weights) else 0.0),
    Misconception(
        name="multivalue-answers-with-all", lesson=5, concept="multivalue-count",
        belief="A multivalue answer holds every healthy record.",
        refutation="It holds at most eight, a different choice for different resolvers.",
        question="How many values may one multivalue answer hold?",
        source="Route 53 Developer Guide, routing-policy-multivalue",
        believed=lambda healthy, unhealthy: healthy or unhealthy),
    Misconception(
        name="multivalue-goes-empty", lesson=5, concept="multivalue-count",
        belief="If all multivalue records are unhealthy the answer is empty.",
        refutation="Then up to eight of the unhealthy ones are answered: fail open, as everywhere.",
        question="What does Route 53 do when no record of a group is healthy?",
        source="Route 53 Developer Guide, routing-policy-multivalue",
        believed=lambda healthy, unhealthy: min(8, healthy)),
    Misconception(
        name="geolocation-picks-the-nearest", lesson=5, concept="geolocation",
        belief="Without a matching area, geolocation takes the nearest one.",
        refutation="It matches areas, it measures nothing. Without a match or a default there is no answer.",
        question="Which area that you list contains this client?",
        source="Route 53 Developer Guide, routing-policy-geo",
        believed=lambda areas, client:
            next((area for area in (*client, "default") if area in areas), areas[0])),
    Misconception(
        name="alias-always-follows-its-target", lesson=5, concept="branch-health",
        belief="An alias is unhealthy whenever its target is.",
        refutation="Only with EvaluateTargetHealth. Without it the alias counts as healthy, whatever it leads to.",
        question="What is EvaluateTargetHealth set to on this alias?",
        source="Route 53 Developer Guide, dns-failover-complex-configs",
        believed=lambda evaluate, members: any(members)),
    Misconception(
        name="one-dead-member-kills-the-branch", lesson=5, concept="branch-health",
        belief="A branch is unhealthy as soon as one of its members is.",
        refutation="One healthy member keeps the branch healthy.",
        question="How many members must be healthy for the branch to be of use?",
        source="Route 53 Developer Guide, dns-failover-complex-configs",
        believed=lambda evaluate, members: not evaluate or all(members)),
    Misconception(
        name="failback-needs-a-human", lesson=5, concept="failback",
        belief="After a failover, traffic stays on the secondary until somebody switches back.",
        refutation="As soon as the primary's check is healthy again, the primary answers again. There is no hold.",
        question="The rule looks at health only. Where would it remember the past?",
        source="Route 53 Developer Guide, health-checks-how-route-53-chooses-records",
        believed=lambda primary_healthy_again: "secondary"),
    Misconception(
        name="alias-is-a-cname", lesson=5, concept="apex",
        belief="An alias is a CNAME and may not stand at the top of a zone.",
        refutation="An alias answers with the target's own records. It may stand at the apex; a CNAME may not.",
        question="What does dig show for an alias: a CNAME, or an address?",
        source="Route 53 Developer Guide, resource-record-sets-choosing-alias-non-alias",
        believed=lambda kind, at_apex: not at_apex),
    Misconception(
        name="simple-values-are-checked", lesson=5, concept="simple-values",
        belief="A simple record leaves out the addresses of servers that are down.",
        refutation="Simple records are not health-checked. All values are answered, dead ones too.",
        question="Which health check belongs to one single value of this record?",
        source="Route 53 Developer Guide, routing-policy-simple",
        believed=lambda up, down: up),
)
