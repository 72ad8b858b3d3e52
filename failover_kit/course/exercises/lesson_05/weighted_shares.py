"""Task 5.2: the rule of a weighted group. Judged against the kit's name servers, over every pattern of health."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from numbers import Real
from random import Random
from typing import Any

from failover_kit import HostedZone, Question, RecordSet, Status
from failover_kit.authority import explain
from failover_kit.course.misconceptions import concept, diagnose, same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

NAME = "app.example.com."
GROUPS = ((10, 20, 20), (100, 0), (0, 0), (1, 3), (7,), (0, 5, 0), (0, 0, 0, 1), (255, 1, 2))
DRAWN = 6


def right_shares(weights: Sequence[int], healthy: Sequence[bool]) -> list[Fraction]:
    """Each record's share of the answers, as the kit's name servers give them."""
    zone = HostedZone("example.com", tuple(
        RecordSet(name=NAME, ttl=60, weight=weight, set_identifier=str(place), health_check_id=str(place),
                  values=(f"192.0.2.{place + 1}",)) for place, weight in enumerate(weights)))
    statuses = {str(place): Status.HEALTHY if up else Status.UNHEALTHY for place, up in enumerate(healthy)}
    shares = dict.fromkeys(map(str, range(len(weights))), Fraction(0))
    for outcome in explain([zone], Question(NAME), statuses).outcomes:
        shares[outcome.set_identifiers[0]] += outcome.probability
    return list(shares.values())


def check(answer: Any, given: Given, random: Random) -> Feedback:
    drawn = [tuple(random.choice((0, 0, 1, 10, 50, 255)) for _ in range(random.randint(2, 4))) for _ in range(DRAWN)]
    for weights in (*GROUPS, *drawn):
        for healthy in product((True, False), repeat=len(weights)):
            said = answer(list(weights), list(healthy))
            if not isinstance(said, list | tuple) or len(said) != len(weights) or not all(
                    isinstance(share, Real) for share in said):
                return not_quite(f"For {len(weights)} records your function returned {said!r}.",
                                 ask="Is it a list with one number for each record?")
            right = right_shares(weights, healthy)
            if not all(same(float(mine), float(exact)) for mine, exact in zip(said, right, strict=True)):
                return _explain(answer, weights, healthy, said)
    return passed("Your rule and the name servers agree on every pattern of health. Note what it never returns: shares "
                  "that add up to anything but 1.")


def _explain(rule: Callable, weights: Sequence[int], healthy: Sequence[bool], said: Sequence) -> Feedback:
    words = ", ".join(f"{weight} ({'healthy' if up else 'unhealthy'})"
                      for weight, up in zip(weights, healthy, strict=True))
    start = f"It is wrong for the weights {words}."
    follow = lambda weights, healthy, index: float(rule(list(weights), list(healthy))[index])
    belief = diagnose("weighted-share", follow)
    if belief and all(same(follow(**case), float(belief.believed(**case))) for case in concept("weighted-share").cases):
        return not_quite(start, belief.name)
    if not any(healthy):
        return not_quite(start, ask="With no record healthy, which of them does a group treat as healthy?")
    if not same(float(sum(said)), 1.0):
        return not_quite(f"{start} Your shares add up to {float(sum(said)):g}.",
                         ask="What should they add up to, and why?")
    return not_quite(start, ask="Which records are left to choose from here, and what do their weights add up to?")


def _shares(pool: str) -> str:
    return (f"def shares(weights, healthy):\n{pool}"
            "    total = sum(weights[i] for i in pool)\n"
            "    return [0 if i not in pool else weights[i] / total if total else 1 / len(pool)\n"
            "            for i in range(len(weights))]\n")


TASK = Task(
    id="5.2", title="The weighted rule", points=4, kind=Kind.WRITE, minutes=8,
    answer="shares", expects="a function of (weights, healthy) that returns a list of shares",
    check=check,
    misconceptions=("zero-weight-never-answers", "weights-are-percent", "lost-weight-stays-lost"),
    hints=("Do it in two steps: first, which records may be picked at all? Then, how do those share the answers?",
           "The records that may be picked are the healthy ones, or all of them when none is healthy. If one of those "
           "has a weight above 0, those of weight 0 are out.",
           "Divide each weight by the sum over the records that are left, not over the group. When that sum is 0, all "
           "that are left are of weight 0, and have equal shares."),
    alternatives=(
        _shares("    pool = [i for i, up in enumerate(healthy) if up] or list(range(len(weights)))\n"
                "    pool = [i for i in pool if weights[i]] or pool\n"),
        "from fractions import Fraction\n"
        "def shares(weights, healthy):\n"
        "    alive = [up or not any(healthy) for up in healthy]\n"
        "    parts = [weight if up else 0 for weight, up in zip(weights, alive)]\n"
        "    if not any(parts):\n"
        "        parts = [int(up) for up in alive]\n"
        "    return tuple(Fraction(part, sum(parts)) for part in parts)\n"),
    wrong_answers=(
        WrongAnswer("def shares(weights, healthy):\n"
                    "    return [weight / 100 if up else 0.0 for weight, up in zip(weights, healthy)]\n",
                    "weights-are-percent"),
        WrongAnswer("def shares(weights, healthy):\n"
                    "    total = sum(weights)\n"
                    "    return [weight / total if up and total else 0.0 for weight, up in zip(weights, healthy)]\n",
                    "lost-weight-stays-lost"),
        WrongAnswer("def shares(weights, healthy):\n"
                    "    parts = [weight if up else 0 for weight, up in zip(weights, healthy)]\n"
                    "    if any(weights) and not any(parts):\n"
                    "        return [0.0 for _ in weights] if any(healthy) else [w / sum(weights) for w in weights]\n"
                    "    if not any(parts):\n"
                    "        parts = [int(up or not any(healthy)) for up in healthy]\n"
                    "    return [part / sum(parts) for part in parts]\n", "zero-weight-never-answers"),
        WrongAnswer("def shares(weights, healthy):\n"
                    "    pool = [i for i, up in enumerate(healthy) if up]\n"
                    "    pool = [i for i in pool if weights[i]] or pool\n"
                    "    total = sum(weights[i] for i in pool)\n"
                    "    return [0 if i not in pool else weights[i] / total if total else 1 / len(pool)\n"
                    "            for i in range(len(weights))]\n"),
        WrongAnswer(_shares("    pool = [i for i, up in enumerate(healthy) if up] or list(range(len(weights)))\n")
                    .replace("1 / len(pool)", "0.0")),
        WrongAnswer("def shares(weights, healthy):\n    return 1 / len(weights)\n"),
        WrongAnswer("def shares(weights, healthy):\n    return [1 / len(weights) for _ in weights]\n"),
        WrongAnswer("shares = [0.2, 0.4, 0.4]")),
)
