"""Task 5.6: the rule of a staged failback. It runs four returns of a primary in the lab, well and unwell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, Verdict, not_quite, passed
from failover_kit.timeline import Request

NAME, MINUTES, ROUNDS = "app.example.com", 3, 10      # lab minutes from one decision to the next, decisions in a run
STEPS = ((10, 30, 60, 100), (10, 25, 50, 100), (12, 20, 40, 100), (15, 40, 70, 100), (12, 35, 50, 100))


@dataclass(frozen=True)
class Return:
    """A primary that comes back: the share of requests it loses, from which decision on, and the number of users."""

    words: str
    loss: float
    begins: int = 0
    users: int = 18


def right_weight(weight: int, requests: int, errors: int, given: Given) -> int:
    """The statement, as a rule."""
    if weight == 0 or errors > Fraction(str(given.limit)) * requests:
        return 0
    if requests < given.least:
        return weight
    later = [step for step in given.steps if step > weight]
    return later[0] if later else weight


def draw(random: Random) -> dict[str, Any]:
    return {"steps": list(random.choice(STEPS)), "limit": random.choice((0.02, 0.04, 0.05)),
            "least": random.choice((8, 10, 12))}


def decisions(case: Return, rule: Callable[[int, int, int], int], first: int,
              seed: int) -> Iterator[tuple[int, int, int, int]]:
    """(weight, requests, errors, what the rule makes of them), one after the other, in a lab where the rule decides."""
    with Lab.virtual(seed=seed) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        weight = first
        lab.weighted(NAME, {east: weight, west: 100 - weight}, ttl=30)
        lab.users(case.users, NAME, every=20, start_within=30)
        for number in range(ROUNDS):
            if case.loss and number == case.begins:
                east.fail("packet_loss", rate=case.loss)
            since = lab.now
            lab.run(minutes=MINUTES, progress=lambda now: None)
            seen = [request.ok for request in lab.timeline.of(Request, since) if request.site == east.name]
            after = rule(weight, len(seen), seen.count(False))
            yield weight, len(seen), seen.count(False), after
            weight = after
            lab.weighted(NAME, {east: weight, west: 100 - weight}, ttl=30)


@cache
def kit_run(case: Return, steps: tuple[int, ...], limit: float, least: int,
            seed: int) -> tuple[tuple[int, int, int, int], ...]:
    """The same return, decided by the statement's own rule."""
    given = Given({"steps": steps, "limit": limit, "least": least})
    return tuple(decisions(case, lambda *seen: right_weight(*seen, given), steps[0], seed))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    loss, late = random.uniform(0.2, 0.4), random.uniform(0.2, 0.4)
    cases = (Return("is well", 0.0), Return("loses a good part of all requests", loss),
             Return("is well at first, and loses requests later", late, begins=5),
             Return("is well, but has hardly any users", 0.0, users=2))
    for case in cases:
        seed = random.randrange(1000)
        theirs = kit_run(case, tuple(given.steps), given.limit, given.least, seed)
        for mine, right in zip(decisions(case, answer, given.steps[0], seed), theirs, strict=True):
            if mine != right:
                return _wrong(f"The primary {case.words}. ", *mine, right[3], given)
    for weight, requests, errors in _edges(given):
        said, right = answer(weight, requests, errors), right_weight(weight, requests, errors, given)
        if said != right:
            return _wrong("", weight, requests, errors, said, right, given)
    return passed("Four returns, four right ends: one complete, two called off early, one still waiting for enough "
                  "requests. The health check had no part in it.")


def _edges(given: Given) -> Iterator[tuple[int, int, int]]:
    """Weights with numbers of requests and errors just at, below and above each border."""
    for weight in (0, *given.steps):
        for requests in (0, 1, given.least - 1, given.least, given.least + 1, 100, 5000):
            border = int(Fraction(str(given.limit)) * requests)
            yield from ((weight, requests, errors) for errors in {0, border, border + 1, requests}
                        if errors <= requests)


def _wrong(story: str, weight: int, requests: int, errors: int, said: Any, right: int, given: Given) -> Feedback:
    start = f"{story}At a weight of {weight}, with {errors} of {requests} requests failed, your function says {said!r}."
    if weight == 0:
        ask = "This return was called off. Who has looked at the primary since?"
    elif right == 0:
        ask = "Which share of the requests failed, and what is the limit?"
    elif right == weight == 100:
        ask = "Which step comes after the last one?"
    elif right == weight:
        ask = "Have you seen enough requests to be sure of anything?"
    else:
        ask = "Which of your conditions keeps this return from going on?"
    return not_quite(start, ask=ask)


def _rule(*lines: str) -> str:
    return "def next_weight(weight, requests, errors):\n" + "".join(f"    {line}\n" for line in lines)


_STOP = "if weight == 0 or errors > given.limit * requests: return 0"
_WAIT = "if requests < given.least: return weight"
_GO = "return next((step for step in given.steps if step > weight), weight)"

TASK = Task(
    id="5.6", title="Back, step by step", points=4, kind=Kind.WRITE, minutes=8,
    answer="next_weight", expects="a function of (weight, requests, errors) that returns the next weight, a whole "
                                  "number",
    given={"steps": [10, 25, 50, 100], "limit": 0.02, "least": 10}, draw=draw, check=check, seconds=8.0,
    misconceptions=(),
    hints=("Three questions, in this order: must it stop? Is it too early to tell? If neither, what is the next step?",
           "A weight of 0 means that somebody has stopped this return: it stays 0. Too many errors count even if there "
           "are few requests. And after the last step there is no other.",
           "Compare `errors` with `given.limit * requests`, so that nothing is divided by 0. Then compare `requests` "
           "with `given.least`. For the next step, take the smallest of `given.steps` above `weight`, if any."),
    alternatives=(
        _rule("if requests and errors / requests > given.limit: return 0",
              "if weight == 0 or weight == given.steps[-1] or requests < given.least: return weight",
              "return given.steps[given.steps.index(weight) + 1]"),
        _rule("after = dict(zip([0, *given.steps], [0, *given.steps[1:], given.steps[-1]]))",
              "bad = errors > requests * given.limit",
              "return 0 if bad else after[weight] if requests >= given.least else weight")),
    wrong_answers=(
        WrongAnswer(_rule(_WAIT, _STOP, _GO)),
        WrongAnswer(_rule("if errors > given.limit * requests: return 0", _WAIT, _GO)),
        WrongAnswer(_rule(_STOP, _GO)),
        WrongAnswer(_rule(_STOP, _WAIT, "return next((step for step in given.steps if step > weight), 0)")),
        WrongAnswer(_rule("if weight == 0 or errors: return 0", _WAIT, _GO)),
        WrongAnswer(_rule("if weight == 0: return 0", _WAIT,
                          "place = given.steps.index(weight)",
                          "if errors > given.limit * requests: return given.steps[max(0, place - 1)]", _GO)),
        WrongAnswer(_rule("return 100")),
        WrongAnswer(_rule("return 0")),
        WrongAnswer(_rule("if errors / requests > given.limit: return 0", _WAIT, _GO), verdict=Verdict.RAISED),
        WrongAnswer(_rule("print(weight)")),
        WrongAnswer("next_weight = [10, 25, 50, 100]")),
)
