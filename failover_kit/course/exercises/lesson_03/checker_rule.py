"""Task 3.5: the transition function of one checker. Judged on all short histories, and on probes of a lossy lab."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import product
from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.course.misconceptions import diagnose
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.health import CheckerState, Observation, Outcome, Status, step

LONGEST, THRESHOLDS = 7, (1, 2, 3, 4)


def views(rule: Callable, history: Iterable[bool], threshold: int) -> list[bool]:
    """What a checker with the learner's rule says after each probe: True for healthy."""
    healthy, memory, said = True, 0, []
    for ok in history:
        healthy, memory = rule(healthy, memory, ok, threshold)
        said.append(healthy)
    return said


def right_views(history: Iterable[bool], threshold: int) -> list[bool]:
    """The same by the kit's own rule."""
    state, said = CheckerState(), []
    for ok in history:
        state = step(state, Outcome.PASS if ok else Outcome.FAIL, threshold)
        said.append(state.phase.status is Status.HEALTHY)
    return said


@cache
def lossy_histories(seed: int, threshold: int) -> tuple[tuple[bool, ...], ...]:
    """Each checker's probes of a site that loses half of all requests, for ten minutes."""
    with Lab.virtual(seed=seed) as lab:
        site = lab.site("us-east-1")
        lab.health_check(site, path="/health", request_interval=10, failure_threshold=threshold,
                         regions=("us-east-1", "eu-west-1", "sa-east-1"))
        site.fail("packet_loss", rate=0.5)
        probes = lab.run(minutes=10).of(Observation)
    return tuple(tuple(probe.outcome is Outcome.PASS for probe in probes if probe.checker == who)
                 for who in sorted({probe.checker for probe in probes}))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for threshold in THRESHOLDS:
        for length in range(1, LONGEST + 1):
            for history in product((True, False), repeat=length):
                if views(answer, history, threshold) != right_views(history, threshold):
                    return _explain(answer, history, threshold)
    for threshold in (2, 3):
        for history in lossy_histories(random.randrange(1000), threshold):
            if views(answer, history, threshold) != right_views(history, threshold):
                return not_quite("It fails on ten minutes of probes of a site that loses half of all requests.",
                                 ask="Does anything in your memory grow, or stay behind, over many probes?")
    return passed("This is all that one checker does. Route 53 runs sixteen of them, and none knows of the others.")


def _explain(rule: Callable, history: Sequence[bool], threshold: int) -> Feedback:
    said, right = views(rule, history, threshold), right_views(history, threshold)
    place = next(i for i, (mine, theirs) in enumerate(zip(said, right, strict=True)) if mine != theirs)
    letters = ", ".join("pass" if ok else "fail" for ok in history[:place + 1])
    start = f"With a threshold of {threshold}, your checker gets it wrong after: {letters}."
    belief = diagnose("one-checker-view", lambda history, threshold: (
        "healthy" if views(rule, [letter == "P" for letter in history], threshold)[-1] else "unhealthy"))
    return not_quite(start, belief.name if belief else None,
                     ask="" if belief else "How many equal results in a row stand at the end of these probes?")


TASK = Task(
    id="3.5", title="One checker's rule", points=4, kind=Kind.WRITE, minutes=9,
    answer="after_probe", check=check,
    expects="a function of (healthy, memory, passed, threshold) that returns the pair (healthy, memory)",
    misconceptions=("failures-need-not-be-consecutive", "one-pass-recovers"),
    hints=("What does the checker have to remember between two probes, beside what it says?",
           "It is enough to count the results in a row that speak *against* what it says now. What happens to that number "
           "when a result agrees with it?",
           "If the result agrees with `healthy`, the count starts again at nothing. If not, it grows by one; once it has "
           "reached the threshold, the checker says the opposite, and the count starts again."),
    alternatives=(
        "def after_probe(healthy, memory, passed, threshold):\n"
        "    streak = max(memory, 0) + 1 if passed else min(memory, 0) - 1     # above 0: passes, below: failures\n"
        "    if abs(streak) >= threshold:\n"
        "        healthy = passed\n"
        "    return healthy, streak\n",
        "def after_probe(healthy, memory, passed, threshold):\n"
        "    last = ((memory or []) + [passed])[-threshold:]\n"
        "    if len(last) == threshold and len(set(last)) == 1:\n"
        "        healthy = last[0]\n"
        "    return healthy, last\n"),
    wrong_answers=(
        WrongAnswer("def after_probe(healthy, memory, passed, threshold):\n"
                    "    failures = memory + (not passed)\n"
                    "    return failures < threshold, failures\n", "failures-need-not-be-consecutive"),
        WrongAnswer("def after_probe(healthy, memory, passed, threshold):\n"
                    "    if passed:\n"
                    "        return True, 0\n"
                    "    return (healthy and memory + 1 < threshold), memory + 1\n", "one-pass-recovers"),
        WrongAnswer("def after_probe(healthy, memory, passed, threshold):\n"
                    "    return passed, 0\n"),
        WrongAnswer("def after_probe(healthy, memory, passed, threshold):\n"
                    "    if passed == healthy:\n"
                    "        return healthy, 0\n"
                    "    return (passed, 0) if memory > threshold else (healthy, memory + 1)\n"),
        WrongAnswer("def after_probe(healthy, memory, passed, threshold):\n"
                    "    if passed == healthy:\n"
                    "        return healthy, memory\n"
                    "    return (passed, 0) if memory + 1 >= threshold else (healthy, memory + 1)\n",
                    "failures-need-not-be-consecutive"),
        WrongAnswer("def after_probe(healthy, memory, passed, threshold):\n"
                    "    return healthy\n"),
        WrongAnswer("after_probe = True")),
)
