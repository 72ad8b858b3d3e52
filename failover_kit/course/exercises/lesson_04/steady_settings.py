"""Task 4.3: interval and threshold for two objectives and a price. Judged by crashes and restarts in the lab."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.monitor import CheckerFlip

OBJECTIVES = ((25, 43), (15, 33), (35, 54), (45, 64), (25, 63), (45, 93))   # pause, detect_within (s): one setting fits
SLOW, FAST = 30, 10                                                         # request intervals (s)
RESTARTS, CRASHES = 4, 3


def draw(random: Random) -> dict[str, Any]:
    pause, detect_within = random.choice(OBJECTIVES)
    return {"pause": pause, "detect_within": detect_within}


def slowest_detection(interval: int, threshold: int, seeds: list[int]) -> float:
    """Seconds until the check is unhealthy, the longest of some crashes."""
    times = []
    for seed in seeds:
        with Lab.virtual(seed) as lab:
            site = lab.site("us-east-1")
            lab.health_check(site, request_interval=interval, failure_threshold=threshold)
            lab.at(60, site.fail)
            lab.run(60 + interval * (threshold + 2))
            times.append(lab.timeline.outages()[0].detection)
    return max(times)


def flips(interval: int, threshold: int, pause: float, seed: int) -> int:
    """How often a checker changed its mind while the site restarted now and then."""
    with Lab.virtual(seed) as lab:
        site = lab.site("us-east-1")
        lab.health_check(site, request_interval=interval, failure_threshold=threshold)
        lab.at(60, lambda: site.fail("flapping", period=4 * pause + 7, down=pause))
        return len(lab.run(60 + RESTARTS * (4 * pause + 7)).of(CheckerFlip))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    interval, threshold = answer["RequestInterval"], answer["FailureThreshold"]
    seeds = [random.getrandbits(30) for _ in range(CRASHES)]
    if turned := flips(interval, threshold, given.pause, seeds[0]):
        return not_quite(f"In {RESTARTS} restarts of {given.pause} s, checkers changed their mind {turned} times. With "
                         "some bad luck that is a failover.",
                         ask="How many probes of one checker can fall into one restart?")
    slowest = slowest_detection(interval, threshold, seeds)
    if slowest > given.detect_within:
        return not_quite(f"A crash was noticed after {slowest:.0f} s. It should be {given.detect_within} s at most.",
                         ask="What is the longest time from a crash to the last of the failures that are needed?")
    if interval == FAST and not flips(SLOW, given.pause // SLOW + 2, given.pause, seeds[0]) and slowest_detection(
            SLOW, given.pause // SLOW + 2, seeds) <= given.detect_within:
        return not_quite("That does it, and it costs more than it must.", ask="Could the slower interval do it, too?")
    return passed(f"A crash is noticed after {slowest:.0f} s, and no restart makes a single checker change its mind.")


TASK = Task(
    id="4.3", title="Fast enough, calm enough", points=3, kind=Kind.CONFIGURE, minutes=5,
    answer="settings", expects='a dict {"RequestInterval": 10 or 30, "FailureThreshold": 1 to 10}',
    given={"pause": 25, "detect_within": 43}, draw=draw, check=check,
    equivalent_mutants=("line 3: LtE becomes Lt",),      # no objective lies just there
    hints=("First the restart: in the worst case, how many probes of one checker fall into it? The threshold must be "
           "higher.",
           "Then the crash: in the worst case it comes right after a probe that passed. When does the last of the "
           "needed failures come?",
           "A restart of P s can meet P // interval + 1 probes. A crash is noticed after interval times threshold at "
           "the latest. Try 30 s first: it costs less."),
    alternatives=(
        'fits = [(-interval, threshold) for interval in (10, 30) for threshold in range(1, 11)\n'
        '        if threshold > given.pause // interval + 1 and interval * threshold <= given.detect_within]\n'
        'settings = {"RequestInterval": -min(fits)[0], "FailureThreshold": min(fits)[1]}',),
    wrong_answers=(
        WrongAnswer('settings = {"RequestInterval": 10, "FailureThreshold": 1}'),
        WrongAnswer('settings = {"RequestInterval": 30, "FailureThreshold": 10}'),
        WrongAnswer('settings = {"RequestInterval": 10, "FailureThreshold": given.pause // 10 + 1}'),
        WrongAnswer('settings = {"RequestInterval": 10, "FailureThreshold": 10}'),
        WrongAnswer('settings = {"RequestInterval": 20, "FailureThreshold": 3}'),
        WrongAnswer('settings = (given.pause, given.detect_within)')))
