"""measures.py: what counts as an outage, as a failover, and as a false one."""

import json

import pytest
from shops import Runbook, by_hand, outage, shop, zone

from failover_kit.gameday import Objective, design_from_dict, disaster, suffer
from failover_kit.gameday.measures import outages

BAD, GOOD = 1.0, 0.0
EVERY = 60          # seconds between two letters


@pytest.mark.parametrize(("minutes", "expected"), [
    ("GGGGGGGG", []),
    ("GBGGGGGGG", [(1, 2)]),
    ("GBBBGGGGGGG", [(1, 4)]),
    ("GBGGBGGGGGG", [(1, 5)]),                       # five good minutes in a row are needed
    ("GBGGGGGGBGGGGGG", [(1, 2), (8, 9)]),
    ("GGBBB", [(2, 4)]),                             # still down at the end
    ("GGBGG", [(2, 3)]),                             # back, but the story ends before that is sure
], ids=lambda value: value if isinstance(value, str) else "")
def test_stretches_without_service(minutes, expected):
    times = [EVERY * index for index in range(len(minutes))]
    errors = [BAD if letter == "B" else GOOD for letter in minutes]
    assert outages(times, errors) == [(EVERY * start, EVERY * end) for start, end in expected]


def test_one_percent_of_errors_is_service():
    assert outages([0, 60, 120], [0.01, 0.01, 0.01]) == []
    assert outages([0, 60, 120], [0.02, 0.02, 0.02]) == [(0, 120)]


@pytest.mark.parametrize(("design", "name", "failovers", "false"), [
    (shop(), "crash", 1, 0),
    (shop(checked=False), "checker-outage", 1, 1),               # the standby cannot look dead, so users are sent there
    (shop(path="/health/deep", checked=False), "shared-dependency", 1, 1),
    (shop(path="/health"), "shared-dependency", 0, 0),
    (by_hand(alarm="none"), "checker-outage", 0, 0),
    (shop(), "gray-failure", 0, 0),
], ids=["crash", "checkers cut off", "a deep check, one dependency (E26)", "a shallow check", "no check", "gray"])
def test_failovers_and_false_ones(design, name, failovers, false):
    report = suffer(design, disaster(name, 4), 4)
    assert (report.failovers, report.false_failovers) == (failovers, false)


def test_flapping_moves_users_again_and_again():
    fast = shop(interval=10, threshold=1)
    report = suffer(fast, outage("flapping", 30, options={"period": 240.0, "down": 120.0}), 1)
    assert report.failovers >= 6
    assert report.false_failovers == 0                           # home did fail, minutes ago


def test_a_site_that_users_share_is_left_when_less_than_half_of_its_users_come():
    report = suffer(shop(zone=zone(weight=(1, 1))), disaster("crash", 1), 1)
    assert report.failovers == 1


@pytest.mark.parametrize(("name", "sites", "leaves"), [
    ("www", 2, True), ("api", 3, True), ("global", 3, True), ("near", 3, False), ("@", 2, True),
], ids=["weighted", "multivalue", "latency over failover", "geolocation, one site each", "an alias at the apex"])
def test_any_routing_policy_can_be_played(name, sites, leaves):
    """The names of the shipped zone: a site dies, the others have their users, and shares add up all the time."""
    asked = "example.com" if name == "@" else f"{name}.example.com"
    design = design_from_dict({"name": name, "zone": "examples-zone.json", "asked_name": asked,
                               "data": {"copy": "multi-writer"}})
    report = suffer(design, disaster("crash", 1, design.sites[0].place.code), 1)
    curve = report.curve
    assert len(design.sites) == sites
    assert (report.moved_after is not None) is leaves
    for index in range(len(curve.times)):
        assert sum(row[index] for row in curve.shares.values()) == pytest.approx(1)
    late = curve.index(report.disaster.mended_at - 60)
    assert (curve.errors[late] < 0.01) is leaves


def test_the_story_tells_of_users_too():
    report = suffer(shop(), disaster("crash", 1), 1)
    told = [step.part for step in report.steps]
    assert told.count("user") == 2
    assert [step.at for step in report.steps] == sorted(step.at for step in report.steps)
    assert report.steps[0].part == "DNS"


def test_an_objective_is_met_or_missed():
    report = suffer(shop(runbook=Runbook(alarm="none")), disaster("crash", 1), 1)
    assert report.meets(Objective(rto_seconds=report.rto, rpo_seconds=report.rpo))
    assert not report.meets(Objective(rto_seconds=report.rto - 1, rpo_seconds=report.rpo))


def test_a_report_is_json():
    report = suffer(shop(data=shop().data), disaster("region-loss", 1), 1)
    told = json.loads(json.dumps(report.as_dict()))
    assert told["disaster"] == "region-loss"
    assert len(told["steps"]) == len(report.steps)
    assert report.without_story().as_dict()["steps"] == []
