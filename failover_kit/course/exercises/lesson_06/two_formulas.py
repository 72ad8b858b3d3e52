"""Task 6.1: average and worst downtime of a failover. Judged by letting a fleet live through it."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.misconceptions import recognise
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.fleet import AnswerTimeline, Fleet

FAULT_AT, BUSY = 300, 100.0      # seconds; requests per second at one resolver
TOLERANCE = 0.5                  # seconds


def draw(random: Random) -> dict[str, Any]:
    """Detection and TTL so far apart that no wrong sum comes near a right one."""
    detection = random.randrange(25, 100)
    return {"detection": detection, "ttl": random.choice([
        ttl for ttl in (20, 30, 40, 90, 120, 180, 300) if abs(ttl - detection) > 5 and abs(ttl / 2 - detection) > 5])}


def measured(detection: float, ttl: int) -> tuple[float, float]:
    """Average and worst downtime of a busy fleet (seconds)."""
    switch = FAULT_AT + detection
    story = AnswerTimeline.failover("east", "west", fails_at=FAULT_AT, switches_at=switch, until=switch + 2 * ttl)
    report = Fleet(ttl=ttl, demand=BUSY).expected(story)
    return report.mean_downtime, report.downtime.maximum


def check(answer: Any, given: Given, random: Random) -> Feedback:
    average, worst = answer
    right_average, right_worst = measured(given.detection, given.ttl)
    if abs(worst - right_worst) > TOLERANCE:
        start = "A million resolvers lived through it, and their unluckiest user was not down for your `worst`."
        belief = recognise("worst-downtime", worst, detection=given.detection, ttl=given.ttl)
        return not_quite(start, belief.name if belief else None,
                         ask="" if belief else "Which delays does this user wait for, one after the other?")
    if abs(average - right_average) > TOLERANCE:
        start = "Your `worst` is what a million resolvers showed. Your `average` is not."
        belief = recognise("mean-cache-wait", average - given.detection, ttl=given.ttl)
        if belief:
            return not_quite(start, belief.name)
        return not_quite(start, ask="Is detection in it for everybody? And which ages do the answers in the caches "
                                    "have?")
    return passed("The kit let a million resolvers live through it and found the same, to within half a second.")


TASK = Task(
    id="6.1", title="Two formulas", points=2, kind=Kind.COMPUTE, minutes=4,
    answer="downtime", expects="a pair of two numbers of seconds: (average, worst)",
    given={"detection": 85, "ttl": 60}, draw=draw, check=check,
    misconceptions=("failover-is-instant", "detection-is-the-downtime", "ttl-is-the-downtime",
                    "everybody-waits-a-full-ttl"),
    hints=("Everybody waits for the same thing first. What comes after it differs from resolver to resolver.",
           "The unluckiest resolver asked just before the answer changed. The luckiest one's answer ran out just then.",
           "The resolvers' answers are of all ages, evenly spread. How much of the TTL is left on average?"),
    alternatives=("from failover_kit.fleet import AnswerTimeline, Fleet\n"
                  "story = AnswerTimeline.failover('a', 'b', fails_at=100, switches_at=100 + given.detection)\n"
                  "report = Fleet(ttl=given.ttl, demand=1000).expected(story)\n"
                  "downtime = [report.mean_downtime, report.downtime.maximum]\n",),
    wrong_answers=(
        WrongAnswer("downtime = (0, 0)", "failover-is-instant"),
        WrongAnswer("downtime = (given.detection, given.detection)", "detection-is-the-downtime"),
        WrongAnswer("downtime = (given.ttl / 2, given.ttl)", "ttl-is-the-downtime"),
        WrongAnswer("downtime = 2 * [given.detection + given.ttl]", "everybody-waits-a-full-ttl"),
        WrongAnswer("downtime = (given.ttl / 2, given.detection + given.ttl)"),
        WrongAnswer("downtime = ((given.detection + given.ttl) / 2, given.detection + given.ttl)"),
        WrongAnswer("downtime = (given.detection + given.ttl, given.detection + given.ttl / 2)"),
        WrongAnswer("downtime = given.detection + given.ttl")),
)
