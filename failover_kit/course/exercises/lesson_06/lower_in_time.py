"""Task 6.2: when to lower the TTL before a planned move. Judged by letting a fleet live through the plan."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.misconceptions import recognise
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.fleet import AnswerStep, AnswerTimeline, Fleet

NOBODY = 1e-9      # a share of users as small as this


def draw(random: Random) -> dict[str, Any]:
    old = random.choice((7_200, 14_400, 21_600, 43_200))
    return {"old_ttl": old, "new_ttl": random.choice((30, 60, 120)), "move_at": old + random.randrange(3_000, 50_000)}


def still_there(lower_at: float, given: Given) -> float:
    """Share of users who would go to the old site one new TTL after the move."""
    end = given.move_at + given.new_ttl
    steps = {0: AnswerStep(0, "old", given.old_ttl), lower_at: AnswerStep(lower_at, "old", given.new_ttl),
             given.move_at: AnswerStep(given.move_at, "new", given.new_ttl)}
    report = Fleet(demand=10.0).expected(AnswerTimeline([steps[at] for at in sorted(steps)], end + 1), step=end + 1e-6)
    return report.shares["old"][-1]


def check(answer: Any, given: Given, random: Random) -> Feedback:
    lower_at = float(answer)
    if not 0 <= lower_at <= given.move_at:
        return not_quite("That is not a moment between now (second 0) and the move.", ask="Before what must it happen?")
    left = still_there(lower_at, given)
    if left > NOBODY:
        start = f"One new TTL after the move, {100 * left:.0f} % of the fleet's users would still go to the old site."
        then = recognise("lowered-ttl", lower_at + given.new_ttl, old_ttl=given.old_ttl, new_ttl=given.new_ttl,
                         cached_at=0, lowered_at=lower_at) if lower_at >= given.move_at - given.new_ttl else None
        return not_quite(start, then.name if then else None,
                         ask="" if then else "A resolver asked just before you lowered the TTL. Until when does it "
                                             "keep that?")
    if lower_at < given.move_at - given.old_ttl - 1:
        return not_quite("Everybody moves in time. But you pay for the short TTL longer than you have to.",
                         ask="Which is the last answer with the old TTL, and when is it over?")
    return passed("The fleet lived through your plan, and nobody was late. A short TTL helps those who learn of it in "
                  "time.")


TASK = Task(
    id="6.2", title="Lower it in time", points=2, kind=Kind.COMPUTE, minutes=4,
    answer="lower_at", expects="one number of seconds",
    given={"old_ttl": 14_400, "new_ttl": 60, "move_at": 20_000}, draw=draw, check=check,
    misconceptions=("lowering-ttl-now-helps",),
    hints=("Think of the resolver that asks one second before you lower the TTL. Which TTL does its answer have?",
           "That resolver comes back one old TTL later. Where must the new TTL, or the move, be by then?",
           "Count back from the move. The last answer with the old TTL must be over when the move comes (or one new "
           "TTL after it, at the latest)."),
    alternatives=("lower_at = given.move_at + given.new_ttl - given.old_ttl", "lower_at = given.move_at - "
                                                                              "given.old_ttl + 5"),
    wrong_answers=(
        WrongAnswer("lower_at = given.move_at", "lowering-ttl-now-helps"),
        WrongAnswer("lower_at = given.move_at - given.new_ttl", "lowering-ttl-now-helps"),
        WrongAnswer("lower_at = given.move_at - given.old_ttl / 2"),
        WrongAnswer("lower_at = 0"),
        WrongAnswer("lower_at = given.move_at - given.old_ttl - 2 * given.new_ttl"),
        WrongAnswer("lower_at = given.move_at + 1"),
        WrongAnswer("lower_at = 'a day before'")),
)
