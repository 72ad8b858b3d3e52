"""Task 3.3: predict when each user reaches the standby. Judged by running their resolvers, second by second."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import CachingResolver, Question
from failover_kit.course.misconceptions import same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.records import Reply, RRset

NAME, PRIMARY, SECONDARY = "app.example.com.", "192.0.2.10", "198.51.100.20"


def moves_at(first: int, ttl: int, unhealthy_at: int) -> int:
    """The first second at which a resolver that is asked every second from `first` on has the standby's address."""
    def authority(question: Question, now: float) -> Reply:
        value = SECONDARY if now >= unhealthy_at else PRIMARY
        return Reply(answer=(RRset(NAME, "A", ttl, (value,)),), authoritative=True)

    resolver = CachingResolver(ask=authority)
    return next(now for now in range(first, max(first, unhealthy_at) + ttl + 1)
                if resolver.resolve(Question(NAME, "A"), now).values == (SECONDARY,))


def draw(random: Random) -> dict[str, Any]:
    """Three users with answers of three ages at the switch, one who comes after it, one whose answer ends just then."""
    ttl = random.choice((20, 30, 45, 60, 90))
    unhealthy_at = 2 * ttl + random.randrange(ttl // 4, ttl)
    ages = random.sample([age for age in range(2, ttl - 1) if age != ttl // 2], 3)     # of the answers at the switch
    rounds = [0, 1, random.choice((0, 1))]
    asked = {user: unhealthy_at - age - ttl * back
             for user, age, back in zip(("ann", "bob", "cy"), ages, rounds, strict=True)}
    return {"ttl": ttl, "unhealthy_at": unhealthy_at,
            "first_asked": {**asked, "dee": unhealthy_at + random.randrange(3, ttl - 2),
                            "eve": unhealthy_at - ttl * random.choice((1, 2))}}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    said, asked = dict(answer), given.first_asked
    if set(said) != set(asked):
        return not_quite(f"Your answer has {', '.join(map(str, said)) or 'nobody'}.",
                         ask="Is there one moment for each name in `given.first_asked`?")
    right = {user: moves_at(first, given.ttl, given.unhealthy_at) for user, first in asked.items()}
    wrong = [user for user in asked if not same(said[user], right[user])]
    if not wrong:
        return passed("Everybody moves at a moment of their own, within one TTL of the switch. Whoever comes later never "
                      "notices.")
    user = wrong[0]
    start = f"The kit ran the resolver of {user}, second by second: it does not move at {said[user]}."
    if said[user] == given.unhealthy_at:
        return not_quite(start, "switch-ends-the-outage")
    if said[user] == given.unhealthy_at + given.ttl:
        return not_quite(start, "everybody-waits-a-full-ttl")
    if said[user] == asked[user] + given.ttl and said[user] < given.unhealthy_at:
        return not_quite(start, ask="At that moment the resolver asks again. What do the name servers still answer then?")
    return not_quite(start, ask=f"At which moments does the resolver of {user} ask the name servers?")


TASK = Task(
    id="3.3", title="Who moves when", points=3, kind=Kind.PREDICT, minutes=6,
    answer="moves", expects="a dict with a number of seconds for each name in `given.first_asked`",
    given={"ttl": 60, "unhealthy_at": 150, "first_asked": {"ann": 132, "bob": 75, "cy": 45, "dee": 171, "eve": 30}},
    draw=draw, check=check,
    misconceptions=("switch-ends-the-outage", "everybody-waits-a-full-ttl"),
    hints=("Write down for each user the moments at which their resolver asks the name servers: the first one, and then?",
           "A resolver asks at its first question, and again each time a TTL has passed since it asked. Only what it is "
           "told at one of those moments can move its user.",
           "Look for the first of those moments that is not before the switch. Somebody who asks for the first time "
           "after the switch has nothing old to keep."),
    alternatives=(
        "moves = {user: min(at for at in range(first, first + 1000 * given.ttl, given.ttl) if at >= given.unhealthy_at)\n"
        "         for user, first in given.first_asked.items()}\n",
        "import math\n"
        "moves = {user: first + given.ttl * max(0, math.ceil((given.unhealthy_at - first) / given.ttl))\n"
        "         for user, first in given.first_asked.items()}\n"),
    wrong_answers=(
        WrongAnswer("moves = {user: given.unhealthy_at for user in given.first_asked}", "switch-ends-the-outage"),
        WrongAnswer("moves = {user: given.unhealthy_at + given.ttl for user in given.first_asked}",
                    "everybody-waits-a-full-ttl"),
        WrongAnswer("moves = {user: first + given.ttl for user, first in given.first_asked.items()}"),
        WrongAnswer("moves = {user: max(first, given.unhealthy_at) for user, first in given.first_asked.items()}",
                    "switch-ends-the-outage"),
        WrongAnswer("moves = {'ann': 1}"),
        WrongAnswer("moves = {user: 'later' for user in given.first_asked}"),
        WrongAnswer("moves = given.ttl")),
)
