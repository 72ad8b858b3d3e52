"""Task 1.1: two replies of a caching resolver, around the moment when the record changes."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.misconceptions import recognise
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed


def draw(random: Random) -> dict[str, Any]:
    """A first question while the old answer is kept, a second one just after it ran out."""
    ttl = random.choice((120, 180, 240, 300, 600))
    cached_at = random.randrange(5, 60)
    changed_at = cached_at + ttl * random.randrange(20, 40) // 100
    first = cached_at + ttl * random.randrange(55, 85) // 100
    second = cached_at + ttl + random.randrange(1, ttl // 10)
    return {"ttl": ttl, "cached_at": cached_at, "changed_at": changed_at, "first_asked_at": first,
            "second_asked_at": second, "old": "192.0.2.10", "new": "198.51.100.20"}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    (first_address, first_ttl), (second_address, second_ttl) = answer
    cached = {"ttl": given.ttl, "cached_at": given.cached_at, "changed_at": given.changed_at}
    word = {given.old: "old", given.new: "new"}

    for place, address, at in (("first", first_address, given.first_asked_at),
                               ("second", second_address, given.second_asked_at)):
        if address not in word:
            return not_quite(f"The {place} address is {address!r}; the record only ever held `given.old` "
                             "and `given.new`.", ask="Is the address the first of the two values in your pair?")
        belief = recognise("cached-answer", word[address], asked_at=at, **cached)
        if belief:
            return not_quite(f"The {place} reply does not hold {address}.", belief.name)
        if word[address] != ("old" if at < given.cached_at + given.ttl else "new"):
            return not_quite(f"The {place} reply does not hold {address}.",
                             ask="When does the answer run out that was kept at `given.cached_at`?")

    left = given.ttl - (given.first_asked_at - given.cached_at)
    if first_ttl != left:
        since_change = first_ttl == given.ttl - (given.first_asked_at - given.changed_at)
        full = first_ttl == given.ttl
        return not_quite(f"The first reply's TTL is not {first_ttl} s.",
                         "ttl-restarts-on-change" if since_change else "ttl-stays-full" if full else None,
                         ask="" if since_change or full else "How long has the resolver kept this answer by then?")
    if second_ttl != given.ttl:
        return not_quite(f"The second reply's TTL is not {second_ttl} s.",
                         ask="The resolver has just asked the authoritative server. How old is its answer?")
    return passed("The cache counts from the moment it stored the answer. The change does not reach it before that "
                  "runs out.")


TASK = Task(
    id="1.1", title="What the cache returns", points=2, kind=Kind.COMPUTE, minutes=5,
    answer="replies", expects="a list of two pairs, each an address and a number of seconds",
    given={"ttl": 300, "cached_at": 40, "changed_at": 100, "first_asked_at": 220, "second_asked_at": 360,
           "old": "192.0.2.10", "new": "198.51.100.20"},
    draw=draw, check=check,
    misconceptions=("ttl-restarts-on-change", "change-is-immediate", "ttl-stays-full"),
    hints=("Draw a line for the time and mark the four moments on it. From which moment does the TTL count?",
           "The resolver keeps the answer until `given.cached_at + given.ttl`. On which side of that do the two "
           "questions lie?",
           "Before that moment it hands out the old address, with the seconds that are left. After it, it asks again "
           "and gets what the zone says now, with a full TTL."),
    alternatives=(
        "runs_out = given.cached_at + given.ttl\n"
        "replies = [(given.old, runs_out - at) if at < runs_out else (given.new, given.ttl)\n"
        "           for at in (given.first_asked_at, given.second_asked_at)]",
        "age = given.first_asked_at - given.cached_at\n"
        "replies = ([given.old, given.ttl - age], [given.new, given.ttl])"),
    wrong_answers=(
        WrongAnswer("replies = [(given.new, given.ttl), (given.new, given.ttl)]", "change-is-immediate"),
        WrongAnswer("replies = [(given.old, given.ttl - (given.first_asked_at - given.changed_at)),\n"
                    "           (given.old, given.ttl - (given.second_asked_at - given.changed_at))]",
                    "ttl-restarts-on-change"),
        WrongAnswer("replies = [(given.old, given.ttl - (given.first_asked_at - given.changed_at)),\n"
                    "           (given.new, given.ttl)]", "ttl-restarts-on-change"),
        WrongAnswer("replies = [(given.old, given.ttl), (given.new, given.ttl)]", "ttl-stays-full"),
        WrongAnswer("replies = [(given.old, given.ttl - (given.first_asked_at - given.cached_at)),\n"
                    "           (given.new, given.ttl - (given.second_asked_at - given.changed_at))]"),
        WrongAnswer("replies = [(given.old, 12345), (given.new, given.ttl)]"),
        WrongAnswer("replies = [('203.0.113.1', 60), (given.new, given.ttl)]"),
        WrongAnswer("replies = 120"),
        WrongAnswer("replies = [(given.old, 300 - 180), (given.new, 300)][0]")),
)
