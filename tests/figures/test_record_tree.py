"""The record tree: what it draws is what Router decides, for every state of health."""

from fractions import Fraction
from itertools import product

import pytest

from failover_kit.authority import explain
from failover_kit.errors import ConfigurationError
from failover_kit.figures.record_tree import record_tree
from failover_kit.figures.topology import topology_alt, topology_svg
from failover_kit.health import Status
from failover_kit.records import AliasTarget, Failover, Question, RecordSet
from failover_kit.zone import HostedZone

APP, EAST = "app.example.com.", "east.example.com."


def leaf(name, set_identifier, last, **more):
    return RecordSet(name=name, set_identifier=set_identifier, ttl=60, values=(f"192.0.2.{last}",),
                     health_check_id=more.pop("check", set_identifier), **more)


ZONE = HostedZone("example.com", (
    RecordSet(name=APP, set_identifier="east", failover=Failover.PRIMARY, alias=AliasTarget(EAST, True)),
    leaf(APP, "west", 20, failover=Failover.SECONDARY),
    leaf(EAST, "east-1", 1, weight=1), leaf(EAST, "east-2", 2, weight=3)))
CHECKS = ("west", "east-1", "east-2")


def share(label):
    return {"": Fraction(0), "all": Fraction(1)}.get(label) or (
        Fraction(label.removesuffix(" %")) / 100 if "%" in label else Fraction(label or 0))


@pytest.mark.parametrize("health", list(product(Status, repeat=3)),
                         ids=lambda health: " ".join(s.value for s in health))
def test_lines_carry_the_shares_that_the_name_servers_answer(health):
    statuses = dict(zip(CHECKS, health, strict=True))
    tree = record_tree(ZONE, APP, statuses)
    label_of = {key: node["label"] for key, node in tree["nodes"].items()}
    drawn = {label_of[edge["to"]]: share(edge.get("label", "")) for edge in tree["edges"]}
    answered = dict.fromkeys(CHECKS, Fraction(0))
    for outcome in explain([ZONE], Question(APP), statuses).outcomes:
        for name in outcome.set_identifiers:
            answered[name] += outcome.probability
    assert drawn == {**answered, "east": answered["east-1"] + answered["east-2"]}
    for edge in tree["edges"]:
        assert (edge["state"] == "traffic") == (drawn[label_of[edge["to"]]] > 0)


def test_a_branch_is_as_healthy_as_the_rule_says():      # B13: one healthy member is enough
    def state_of_branch(*down):
        nodes = record_tree(ZONE, APP, dict.fromkeys(down, Status.UNHEALTHY))["nodes"].values()
        return next(node["state"] for node in nodes if node["label"] == "east")
    assert state_of_branch("east-1") == "healthy"
    assert state_of_branch("east-1", "east-2") == "unhealthy"


def test_the_picture_in_words():
    assert topology_alt(record_tree(ZONE, APP, {"east-1": Status.UNHEALTHY}, title="The shop")) == (
        "The shop. east-1 is unhealthy (weight 1). east-2 is healthy (weight 3). east, primary, is healthy (weighted). "
        "west, secondary, is healthy. app.example.com (failover). From east to east-1: not used now. From east to "
        "east-2: users' requests (all). From app.example.com to east: users' requests (all). From app.example.com to "
        "west: not used now.")


def test_boxes_stand_by_depth_and_branches_in_the_middle_of_their_members():
    places = {node["label"]: node["at"] for node in record_tree(ZONE, APP)["nodes"].values()}
    assert places == {"east-1": (2, 0), "east-2": (2, 1), "east": (1, 0.5), "west": (1, 2),
                      "app.example.com": (0, 1.25)}
    assert topology_svg(record_tree(ZONE, APP)).startswith("<svg")


def test_what_is_not_checked_says_so():
    zone = ZONE.with_record_sets(leaf(EAST, "east-2", 2, weight=3, check=None),
                                 RecordSet(name="deaf.example.com", set_identifier="x", weight=1,
                                           alias=AliasTarget(EAST)))
    notes = {node["label"]: node["note"] for node in record_tree(zone, "deaf.example.com")["nodes"].values()}
    assert notes["east-2"] == "weight 3, no check"
    assert notes["x"] == "weight 1, weighted, target not evaluated"


def test_a_role_as_set_identifier_gives_way_to_what_stands_behind():
    zone = HostedZone("example.com", (
        RecordSet(name=APP, set_identifier="primary", failover=Failover.PRIMARY, alias=AliasTarget(EAST, True)),
        leaf(APP, "secondary", 20, failover=Failover.SECONDARY), leaf(EAST, "east-1", 1, weight=1)))
    nodes = record_tree(zone, APP)["nodes"].values()
    assert {(node["label"], node.get("role")) for node in nodes} >= {("east.example.com", "primary"),
                                                                     ("192.0.2.20", "secondary")}
    named = record_tree(zone, APP, names={"192.0.2.20": "west", "192.0.2.1": "Virginia"})
    assert {(node["label"], node["note"]) for node in named["nodes"].values()} == {
        ("app.example.com", "failover"), ("east.example.com", "weighted"), ("east-1", "Virginia, weight 1"),
        ("west", "")}


def test_more_than_eight_multivalue_records_answer_at_times():     # B32
    zone = HostedZone("example.com", tuple(leaf(APP, f"n{i}", i, multivalue_answer=True) for i in range(1, 10)))
    assert {edge["label"] for edge in record_tree(zone, APP)["edges"]} == {"at times"}
    eight = zone.with_groups({(APP, "A"): zone.group(APP, "A")[:8]})
    assert {edge["label"] for edge in record_tree(eight, APP)["edges"]} == {"all"}


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(ConfigurationError, match=r"nowhere\.example\.com\. A: is not in the zone"):
        record_tree(ZONE, "nowhere.example.com")
