"""Task 3.1: the steps between a fault (or a repair) and the user who moves, in order."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

CHAIN = {"away": ("a probe of the primary fails", "a checker has failed often enough in a row and says unhealthy",
                  "the health check turns unhealthy", "the name servers answer the secondary"),
         "back": ("a probe of the primary passes", "a checker has passed often enough in a row and says healthy",
                  "the health check turns healthy", "the name servers answer the primary")}
TAIL = ("the answer in a user's resolver runs out", "that resolver asks the name servers again", "that user moves")
EDITED, TOLD = "the record of the primary is changed", "the resolvers are told of the change"
STEPS = sorted([*CHAIN["away"], *CHAIN["back"], *TAIL, EDITED, TOLD])


def draw(random: Random) -> dict[str, Any]:
    return {"way": random.choice(sorted(CHAIN)), "steps": STEPS}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    order, right = list(answer), [*CHAIN[given.way], *TAIL]
    strangers = [step for step in order if step not in STEPS]
    if strangers:
        return not_quite(f"There is no step {strangers[0]!r}.", ask="Did you copy the texts from `given.steps`?")
    if order == right:
        return passed("Seven steps, four owners: checker, health check, name servers, resolver. Nobody is told anything "
                      "from outside.")
    if EDITED in order:
        return not_quite("One of your steps never happens: the zone stays as it is.", "failover-edits-the-record")
    if TOLD in order:
        return not_quite("One of your steps never happens: no message reaches a resolver by itself.",
                         "resolvers-are-told")
    wrong_way = [step for step in order if step in CHAIN["back" if given.way == "away" else "away"]]
    if wrong_way:
        return not_quite(f"{wrong_way[0]!r} belongs to the other way.", ask="Which way do the users go in `given.way`?")
    if len(order) != len(right):
        return not_quite(f"You have {len(order)} steps. The way takes {len(right)}, each of them once.",
                         ask="Which part of the chain has nothing to do in your order?")
    place = next(i for i in range(len(right)) if order[i] != right[i])
    return not_quite(f"Your first {place} steps are right, what follows is not." if place else
                     "Your first step is not the first thing that happens.",
                     ask="Who knows enough, at that moment, to take the next step?")


TASK = Task(
    id="3.1", title="From the fault to the user", points=2, kind=Kind.ORDER, minutes=4,
    answer="order", expects="a list of texts from `given.steps`",
    given={"way": "away", "steps": STEPS}, draw=draw, check=check,
    misconceptions=("failover-edits-the-record", "resolvers-are-told"),
    hints=("Two of the steps never happen in any failover, and four belong to the other way.",
           "Start at the site: who is the first to notice, and how sure must they be? Then follow the news until it "
           "reaches a user.",
           "Checker, checker, health check, name servers: that is the first half. The second half is lesson 1's: what "
           "does a resolver do with an answer that it has?"),
    alternatives=(
        'old, new = ("fails", "secondary") if given.way == "away" else ("passes", "primary")\n'
        'word = {"fails": "unhealthy", "passes": "healthy"}[old]\n'
        'order = [f"a probe of the primary {old}",\n'
        '         f"a checker has {old[:4]}ed often enough in a row and says {word}",\n'
        '         f"the health check turns {word}", f"the name servers answer the {new}",\n'
        '         "the answer in a user\'s resolver runs out", "that resolver asks the name servers again",\n'
        '         "that user moves"]\n',),
    wrong_answers=(
        WrongAnswer("order = given.steps", "failover-edits-the-record"),
        WrongAnswer('order = [step for step in given.steps if "record" not in step]', "resolvers-are-told"),
        WrongAnswer('order = ["a probe of the primary fails", "a probe of the primary passes"]'),
        WrongAnswer('order = ["that user moves"]'),
        WrongAnswer('order = sorted(["the answer in a user\'s resolver runs out",\n'
                    '                "that resolver asks the name servers again", "that user moves",\n'
                    '                *[step for step in given.steps\n'
                    '                  if ("fail" in step or "unhealthy" in step or "secondary" in step)\n'
                    '                  == (given.way == "away") and ("prob" in step or "check" in step or "answer the"\n'
                    '                                                in step)]])'),
        WrongAnswer('order = ["the operator confirms"]'),
        WrongAnswer("order = 7")),
)
