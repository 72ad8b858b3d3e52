"""timeline.py and story.py: measures and steps of hand-made runs, checked by hand."""

import pytest

from failover_kit.health import Checker, Observation, Outcome, Status, StatusChange
from failover_kit.monitor import CheckerFlip
from failover_kit.story import story
from failover_kit.timeline import AnswerChange, Fault, Percentiles, Request, Timeline

EAST, WEST = "127.0.1.10", "127.0.2.10"


def request(user, started, took, ok, site="us-east-1", stale=False):
    return Request(started + took, user, EAST, site, ok, "200 OK" if ok else "no answer", started, stale)


def outage():
    """Fault at 10, detected and switched at 40, repaired at 100, healthy again at 130."""
    timeline = Timeline()
    for event in (
        AnswerChange(0, "app.", "A", (), (EAST,), ("primary",), 60, "followed"),
        request("u-1", 5, 0, True),
        Fault(10, "us-east-1", "crash"),
        request("u-1", 12, 2, False), request("u-2", 15, 2, False), request("u-1", 20, 2, False),
        StatusChange("c", 40, Status.UNHEALTHY, "2 of 16"),
        AnswerChange(40, "app.", "A", (EAST,), (WEST,), ("secondary",), 60, "c is unhealthy"),
        request("u-2", 45, 2, False, stale=True),
        request("u-1", 50, 0, True, "us-west-2"), request("u-2", 70, 0, True, "us-west-2"),
        Fault(100, "us-east-1", "repaired"),
        StatusChange("c", 130, Status.HEALTHY, "3 of 16"),
        AnswerChange(130, "app.", "A", (WEST,), (EAST,), ("primary",), 60, "c is healthy"),
    ):
        timeline.add(event)
    return timeline


def test_measures_of_an_outage():
    found, = outage().outages()
    assert (found.began, found.ended) == (10, 100)
    assert (found.detection, found.switch, found.failback) == (30, 30, 30)
    assert found.recovered.at == 130
    assert (found.failed_requests, found.stale_requests) == (4, 1)


def test_downtime_runs_from_the_first_failed_request_to_the_next_good_one():
    assert outage().downtimes(since=10) == {"u-1": 38, "u-2": 55}


def test_a_user_still_down_counts_up_to_the_last_request():
    timeline = Timeline([request("u-1", 0, 0, True), request("u-1", 10, 1, False), request("u-1", 20, 1, False)])
    assert timeline.downtimes() == {"u-1": 11}


def test_what_did_not_happen_is_none():
    timeline = Timeline([Fault(10, "us-east-1", "wrong_page")])
    found, = timeline.outages()
    assert (found.ended, found.detection, found.switch, found.failback) == (None, None, None, None)
    assert found.downtime() == Percentiles(0, 0, 0, 0, 0, 0)


def test_two_outages_of_one_site_are_told_apart():
    timeline = Timeline([
        Fault(10, "east", "crash"), StatusChange("c", 40, Status.UNHEALTHY, ""), Fault(50, "east", "repaired"),
        Fault(200, "east", "hang"), StatusChange("c", 260, Status.UNHEALTHY, ""), Fault(300, "east", "repaired")])
    assert [found.detection for found in timeline.outages()] == [30, 60]
    assert [found.horizon for found in timeline.outages()] == [200, float("inf")]


@pytest.mark.parametrize(("values", "expected"), [
    ([], (0, 0, 0, 0)), ([7], (7, 7, 7, 7)), (range(1, 101), (50, 90, 99, 100)), ([1, 2, 3, 4], (2, 4, 4, 4)),
], ids=["none", "one", "hundred", "four"])
def test_percentiles_are_values_that_somebody_had(values, expected):
    found = Percentiles.of(list(values))
    assert (found.p50, found.p90, found.p99, found.maximum) == expected


def test_the_story_has_the_moments_that_matter():
    steps = story(outage())
    assert [(step.at, step.part) for step in steps] == [
        (0, "DNS"), (5, "user"), (10, "site"), (14, "user"), (40, "health check"), (40, "DNS"), (50, "user"), (70, "user"),
        (100, "site"), (130, "health check"), (130, "DNS")]
    assert steps[3].happened == "u-1 is the first to fail: no answer"
    assert steps[7].happened == "u-2 is served again, the last one to be"
    assert (steps[5].status, steps[5].answer) == ("unhealthy", WEST)


def test_the_first_checker_that_flips_is_told_and_no_other():
    timeline = Timeline()
    for number, at in enumerate((1.0, 2.0)):
        who = Checker("us-east-1", number + 1)
        timeline.add(Observation("c", who, at, Outcome.FAIL, "Failure: Connection refused"))
        timeline.add(CheckerFlip("c", who, at, Status.UNHEALTHY, "Failure: Connection refused"))
    step, = story(timeline)
    assert (step.part, step.at) == ("checker", 1.0)


def test_a_failback_mentions_nobody_who_was_served_all_along():
    timeline = outage()
    timeline.add(request("u-1", 131, 0, True, "us-west-2"))
    timeline.add(request("u-2", 132, 0, True, "us-east-1"))
    assert [step.happened for step in story(timeline)][-1] == "u-2 is the first to be served by us-east-1"
