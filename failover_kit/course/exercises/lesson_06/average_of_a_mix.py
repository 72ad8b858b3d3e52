"""Task 6.7: the average downtime of a mixed fleet, in closed form. Judged by fleets that nobody has seen."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from random import Random
from typing import Any

from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.fleet import AnswerTimeline, Fleet, honest, minimum_ttl

FAULT_AT, FLEETS = 300.0, 12
Kinds = Sequence[tuple[float, float]]      # (share of the fleet, minimum TTL in seconds)


def measured(detection: float, ttl: int, gap: float, kinds: Kinds, outage: float) -> float:
    """Seconds per user, from the kit's own fleet."""
    story = AnswerTimeline.failover("east", "west", fails_at=FAULT_AT, switches_at=FAULT_AT + detection,
                                    recovers_at=FAULT_AT + outage, until=FAULT_AT + outage + 60)
    behaviours = {minimum_ttl(low) if low else honest(): share for share, low in kinds}
    return Fleet(ttl=ttl, demand=1 / gap, behaviours=behaviours).expected(story, step=10.0).mean_downtime


def cases(random: Random) -> list[tuple[str, tuple]]:
    """Fleets from simple to mixed: each with what is new in it."""
    pick = lambda: (float(random.randrange(20, 95)), random.choice((20, 60, 120, 300)))
    found = [("busy resolvers, all of them honest", (*pick(), 0.01, ((1.0, 0),), 86_400.0)),
             ("resolvers that are asked seldom", (*pick(), float(random.choice((30, 60, 200))), ((1.0, 0),), 86_400.0)),
             ("resolvers with a minimum TTL", (*pick(), 10.0, ((1.0, 600),), 86_400.0)),
             ("an outage that ends while some still wait", (*pick(), 5.0, ((1.0, 3_600),), 600.0))]
    while len(found) < FLEETS:
        share = random.randrange(1, 8) / 10
        kinds = ((share, 0), (round(0.9 - share, 1), random.choice((90, 300, 1_200))), (0.1, 86_400))
        found.append(("a mix", (*pick(), random.choice((0.5, 20.0, 300.0)), kinds, random.choice((400.0, 2_000.0)))))
    return found


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for number, (what, case) in enumerate(cases(random), start=1):
        said, right = float(answer(*case)), measured(*case)
        if not isclose(said, right, rel_tol=1e-4):
            return _explain(number, what, case, said)
    return passed(f"{FLEETS} fleets of a million resolvers, and your formula knew all of them. It is one of the few "
                  "parts of a failover that needs no simulation.")


def _explain(number: int, what: str, case: tuple, said: float) -> Feedback:
    start = f"Fleet {number}, {what}: the simulated average is another one."
    if said > case[-1]:
        return not_quite(f"{start} Yours is longer than the outage.",
                         ask="When is a user of the dead site served again, at last?")
    if what.startswith("busy"):
        return not_quite(start, ask="For how long does the average busy resolver keep the old answer after the change?")
    if "seldom" in what:
        return not_quite(start, ask="Does every resolver have an answer at the moment of the change?")
    if "minimum" in what:
        return not_quite(start, ask="For how long does such a resolver keep an answer?")
    if "ends" in what:
        return not_quite(start, ask="Who is still on the dead site when it is repaired, and what is their downtime?")
    return not_quite(start, ask="How does the average of a mix follow from the averages of its parts?")


_HEAD = "def average(detection, ttl, gap, kinds, outage):\n    total = 0\n    for share, minimum in kinds:\n"
_TAIL = "        total += share * wait\n    return detection + total\n"

TASK = Task(
    id="6.7", title="The average of a mix", points=4, kind=Kind.WRITE, minutes=14, stretch=True, seconds=10.0,
    answer="average", expects="a function of (detection, ttl, gap, kinds, outage) that returns a number of seconds",
    check=check,
    hints=("Draw one resolver's life as a line: it keeps an answer for `hold` seconds, then waits `gap` seconds (on "
           "average) for its next request, and so on. Which share of the time does it hold an answer?",
           "x seconds after the change, who still holds the old answer? Those who stored it in the last hold - x "
           "seconds before the change: a share of (hold - x) / (hold + gap). The average wait is the area under this "
           "line.",
           "The line goes down to 0 at x = hold. If the site is repaired before that, the area ends there. Then add up "
           "the kinds, each with its share."),
    alternatives=(
        _HEAD +
        "        hold = minimum if minimum > ttl else ttl\n"
        "        left = outage - detection\n"
        "        if left >= hold:\n"
        "            wait = hold ** 2 / 2 / (hold + gap)\n"
        "        else:\n"
        "            still = (hold - left) / (hold + gap)\n"
        "            wait = left * (hold / (hold + gap) + still) / 2\n" + _TAIL,
        _HEAD +
        "        hold = max(minimum, ttl)\n"
        "        end = min(hold, outage - detection)\n"
        "        steps = 2000\n"
        "        width = end / steps\n"
        "        wait = sum((hold - (n + 0.5) * width) / (hold + gap) * width for n in range(steps))\n" + _TAIL),
    wrong_answers=(
        WrongAnswer("def average(detection, ttl, gap, kinds, outage):\n    return detection + ttl / 2\n"),
        WrongAnswer(_HEAD + "        wait = max(ttl, minimum) / 2\n" + _TAIL),
        WrongAnswer(_HEAD + "        hold = max(ttl, minimum)\n        wait = hold ** 2 / 2 / (hold + gap)\n" + _TAIL),
        WrongAnswer(_HEAD + "        hold = max(ttl, minimum)\n"
                            "        wait = min(hold ** 2 / 2 / (hold + gap), outage - detection)\n" + _TAIL),
        WrongAnswer(_HEAD + "        hold = ttl\n        end = min(hold, outage - detection)\n"
                            "        wait = (hold * end - end ** 2 / 2) / (hold + gap)\n" + _TAIL),
        WrongAnswer(_HEAD + "        hold = max(ttl, minimum)\n        end = min(hold, outage)\n"
                            "        wait = (hold * end - end ** 2 / 2) / (hold + gap)\n" + _TAIL),
        WrongAnswer("def average(detection, ttl, gap, kinds, outage):\n    return detection + ttl\n"),
        WrongAnswer("average = 114.5")),
)
