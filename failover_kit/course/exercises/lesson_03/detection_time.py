"""Task 3.4: when sixteen checkers have seen enough, going down and coming up. Judged by the kit's monitor."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import HealthCheck, Status
from failover_kit.course.misconceptions import recognise, same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.health import Observation, Outcome
from failover_kit.monitor import Monitor

CHECKERS = 16


def change_after(first: list, interval: int, threshold: int, *, down: bool) -> float:
    """Seconds until the check turns, its checkers' first probes coming at these seconds after the fault or repair."""
    check = HealthCheck(id="shop", ip_address="192.0.2.10", request_interval=interval, failure_threshold=threshold)
    monitor = Monitor([check])
    probes = [(at + number * interval, checker) for at, checker in zip(first, check.checkers, strict=True)
              for number in range(-threshold, threshold)]
    wanted = Status.UNHEALTHY if down else Status.HEALTHY
    for before in (True, False):       # first settle in what was so before, then live through the change
        outcome = Outcome.PASS if before is down else Outcome.FAIL
        for at, checker in sorted(probe for probe in probes if (probe[0] < 0) is before):
            _, changes = monitor.record(Observation("shop", checker, at, outcome, ""))
            if not before and changes and changes[0].status is wanted:
                return at
    raise AssertionError("the check never turned")


def draw(random: Random) -> dict[str, Any]:
    interval = random.choice((10, 30))
    first = [tenths / 10 for tenths in random.sample(range(1, 10 * interval, 3), CHECKERS)]
    return {"interval": interval, "threshold": random.choice((2, 4, 5)), "first_probe": first}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    said = dict(zip(("down", "up"), answer, strict=True))
    if not all(isinstance(value, int | float) for value in said.values()):
        return not_quite("One of the two is not a number.",
                         ask="How many seconds is it, from the fault, and from the repair?")
    order, interval, threshold = sorted(given.first_probe), given.interval, given.threshold
    streak = (threshold - 1) * interval
    for which, deciding in (("down", 14), ("up", 3)):
        right = change_after(given.first_probe, interval, threshold, down=which == "down")
        if same(said[which], right):
            continue
        start = f"The kit's monitor took those probes, and the check did not turn at your `{which}_after`."
        belief = recognise("one-checker-detects", said[which], first=order[deciding - 1], interval=interval,
                           threshold=threshold)
        if belief:
            return not_quite(start, belief.name)
        if any(same(said[which], order[n] + streak) for n in (7, 8)):
            return not_quite(start, "checkers-vote-by-majority")
        if same(said[which], order[0] + streak) and which == "down":
            return not_quite(start, "one-failing-checker-is-enough")
        if same(said[which], right + interval):
            return not_quite(start, ask="The first failing probe is a failure too. How many more does a checker need?")
        if same(said[which], order[-1] + streak):
            return not_quite(start, ask="Must all sixteen have changed their mind?")
        return not_quite(start, ask="How many checkers must have changed their mind, and when does that one do so?")
    return passed("Both ways take the same streak. The way back is shorter because fewer checkers must agree.")


TASK = Task(
    id="3.4", title="Detection, down and up", points=3, kind=Kind.COMPUTE, minutes=8,
    answer="times", expects="a pair of numbers of seconds, (down_after, up_after)",
    given={"interval": 30, "threshold": 3, "first_probe": [
        4.3, 27.1, 11.8, 0.7, 19.6, 8.9, 23.2, 14.5, 29.3, 2.2, 16.4, 6.1, 25.0, 21.7, 9.8, 12.9]},
    draw=draw, check=check,
    misconceptions=("one-failure-is-enough", "interval-is-detection-time", "checkers-vote-by-majority",
                    "one-failing-checker-is-enough"),
    hints=("First take one checker. Its first failing probe comes at one of the given moments: when does it say unhealthy?",
           "Each checker needs `threshold - 1` further probes, one interval apart. So all of them change their mind in the "
           "order in which they stand in the sorted list.",
           "Healthy means that more than 18 % say so. Of sixteen, try 2 and 3: which is still enough? Then count how many "
           "must have changed going down, and how many coming up."),
    alternatives=(
        "flips = sorted(first + (given.threshold - 1) * given.interval for first in given.first_probe)\n"
        "times = [next(at for n, at in enumerate(flips, 1) if (16 - n) / 16 <= 0.18),\n"
        "         next(at for n, at in enumerate(flips, 1) if n / 16 > 0.18)]\n",),
    wrong_answers=(
        WrongAnswer("order = sorted(given.first_probe)\ntimes = (order[13], order[2])", "one-failure-is-enough"),
        WrongAnswer("times = (given.interval, given.interval)", "interval-is-detection-time"),
        WrongAnswer("flips = sorted(at + (given.threshold - 1) * given.interval for at in given.first_probe)\n"
                    "times = (flips[7], flips[8])", "checkers-vote-by-majority"),
        WrongAnswer("flips = sorted(at + (given.threshold - 1) * given.interval for at in given.first_probe)\n"
                    "times = (flips[13], flips[8])", "checkers-vote-by-majority"),
        WrongAnswer("flips = sorted(at + (given.threshold - 1) * given.interval for at in given.first_probe)\n"
                    "times = (flips[0], flips[2])", "one-failing-checker-is-enough"),
        WrongAnswer("flips = sorted(at + given.threshold * given.interval for at in given.first_probe)\n"
                    "times = (flips[13], flips[2])"),
        WrongAnswer("flips = sorted(at + (given.threshold - 1) * given.interval for at in given.first_probe)\n"
                    "times = (flips[15], flips[2])"),
        WrongAnswer("flips = sorted(at + (given.threshold - 1) * given.interval for at in given.first_probe)\n"
                    "times = (flips[13], flips[13])"),
        WrongAnswer("times = ('soon', 'later')"),
        WrongAnswer("times = 84.2")),
)
