"""Answer timelines: what is refused, and what downtime follows from an answer."""

import pickle
from math import inf, nan

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.fleet import NO_ANSWER, UNREACHABLE, AnswerStep, AnswerTimeline

FIRST = AnswerStep(0, "east")


@pytest.mark.parametrize(("answer", "told"), [
    ("east", {"east": 1.0}),
    (None, {NO_ANSWER: 1.0}),
    (UNREACHABLE, {}),
    ({"east": 0.25, None: 0.75}, {"east": 0.25, NO_ANSWER: 0.75}),
    ({"east": 1.0, "west": 0.0}, {"east": 1.0}),
], ids=["site", "no such name", "unreachable", "weighted", "weight 0"])
def test_what_one_is_told(answer, told):
    assert AnswerStep(0, answer).told == told


@pytest.mark.parametrize(("make", "words"), [
    (lambda: AnswerTimeline([], 10), "no step"),
    (lambda: AnswerTimeline([AnswerStep(5, "east")], 10), "must start at 0 s"),
    (lambda: AnswerTimeline([FIRST, AnswerStep(8, "west"), AnswerStep(8, "east")], 10), "not in order"),
    (lambda: AnswerTimeline([FIRST, AnswerStep(nan, "west")], 10), "finite"),
    (lambda: AnswerTimeline([FIRST, AnswerStep(10, "west")], 10), "must end after its last step"),
    (lambda: AnswerTimeline([FIRST], inf), "must end"),
    (lambda: AnswerTimeline([AnswerStep(0, "east", -1)], 10), "TTL is -1"),
    (lambda: AnswerTimeline([AnswerStep(0, "east", 2**31)], 10), "TTL is 2147483648"),
    (lambda: AnswerTimeline([AnswerStep(0, "east", 0.5)], 10), "whole number"),
    (lambda: AnswerTimeline([AnswerStep(0, {"east": 0.5, "west": 0.4})], 10), "add up to 0.9"),
    (lambda: AnswerTimeline([AnswerStep(0, {"east": 1.5, "west": -0.5})], 10), "below 0"),
    (lambda: AnswerTimeline([AnswerStep(0, {})], 10), "add up to 0"),
    (lambda: AnswerTimeline([AnswerStep(0, ["east"])], 10), "must be a site's label"),
    (lambda: AnswerTimeline([AnswerStep(0, NO_ANSWER)], 10), "Say None"),
    (lambda: AnswerTimeline([AnswerStep(0, "")], 10), "has no name"),
    (lambda: AnswerTimeline([FIRST], 10, {"east": [(5, 5)]}), "not a stretch of time"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_refused(make, words):
    with pytest.raises(ConfigurationError, match=words):
        make()


def test_all_faults_are_reported_together():
    with pytest.raises(ConfigurationError) as refused:
        AnswerTimeline([AnswerStep(3, "east", -1), AnswerStep(2, {"west": 0.5})], 1, {"east": [(9, 4)]})
    assert len(refused.value.problems) == 6


def test_sites_in_order_of_appearance():
    steps = [FIRST, AnswerStep(1, {"west": 0.5, None: 0.5}), AnswerStep(2, UNREACHABLE), AnswerStep(3, "east")]
    assert AnswerTimeline(steps, 10).sites == ("east", "west")


def test_the_usual_failover():
    timeline = AnswerTimeline.failover("east", "west", fails_at=100, switches_at=185, recovers_at=400, returns_at=460,
                                       ttl=60, until=900)
    assert [(step.at, step.answer, step.ttl) for step in timeline.steps] == [
        (0, "east", 60), (185, "west", 60), (460, "east", 60)]
    assert timeline.edges == [0, 100, 185, 400, 460, 900]
    assert [timeline.is_down("east", at) for at in (99, 100, 399, 400)] == [False, True, True, False]
    assert not timeline.is_down("west", 200)


def test_outages_that_touch_are_one():
    timeline = AnswerTimeline([FIRST], 100, {"east": [(40, 50), (10, 30), (30, 35), (20, 32)]})
    assert timeline.outages["east"] == ((10, 35), (40, 50))


def test_seconds_lost_by_those_who_stay_and_by_those_who_ask():
    steps = [FIRST, AnswerStep(20, {"east": 0.5, "west": 0.5}), AnswerStep(40, UNREACHABLE), AnswerStep(50, None)]
    timeline = AnswerTimeline(steps, 60, {"east": [(10, 45)]})
    times = (10, 20, 40, 45, 50, 60)
    assert timeline.lost_at("east").along(times) == [0, 10, 30, 35, 35, 35]
    assert timeline.lost_at("west").along(times) == [0] * 6
    assert timeline.lost_at(NO_ANSWER)(60) == 60
    assert timeline.lost_asking().along(times) == [0, 10, 20, 25, 30, 40]
    assert timeline.lost_asking(stale="west").along(times) == [0, 10, 20, 20, 20, 30]


def test_a_timeline_travels_to_other_processes():
    timeline = AnswerTimeline([FIRST, AnswerStep(5, UNREACHABLE)], 10, {"east": [(2, inf)]})
    copy = pickle.loads(pickle.dumps(timeline))
    assert copy == timeline
    assert not copy.steps[1].reachable
