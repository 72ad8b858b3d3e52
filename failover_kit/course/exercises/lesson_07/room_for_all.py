"""Task 7.2: how much each site must carry. The learner's number is tried in the kit, for every loss that can happen."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

from failover_kit.course.misconceptions import same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.load import cascade


def draw(random: Random) -> dict[str, Any]:
    sites, lose = random.choice(((4, 1), (5, 1), (5, 2), (6, 2), (7, 2), (7, 3)))
    return {"sites": sites, "lose": lose, "load": 10 * random.randrange(60, 300)}


def holds(load: float, sites: int, lose: int, capacity: float) -> bool:
    """Whether every loss of so many sites leaves the others standing."""
    capacities = {f"site-{number}": capacity * (1 + 1e-9) for number in range(sites)}
    return all(not cascade(load, capacities, lost)[0].overloaded for lost in combinations(capacities, lose))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    each, extra = answer
    rest = given.load / (given.sites - given.lose)
    if not holds(given.load, given.sites, given.lose, each):
        if same(each, given.load / given.sites):
            return not_quite("That carries a calm day. With sites lost, the others fall.", "survivors-carry-no-more")
        return not_quite("The kit took the sites away, and the others fell.",
                         ask="How many sites are left, and what is the whole load divided by that?")
    if holds(given.load, given.sites, given.lose, 0.999 * each):
        return not_quite("The sites stand. They would also stand with less.",
                         ask="What does each carry at the worst moment, no more and no less?")
    if not same(extra, rest * given.sites / given.load - 1):
        return not_quite("The capacity of a site is right; the share of spare capacity is not.",
                         ask="All sites together: what can they carry, and what do users ask for on a calm day?")
    return passed("The more sites share the load, the less spare room each loss costs: two sites need 100 %.")


TASK = Task(
    id="7.2", title="Room for everybody", points=2, kind=Kind.COMPUTE, minutes=4,
    answer="room", expects="a pair of numbers, (capacity of each site, spare share)",
    given={"sites": 5, "lose": 2, "load": 1200}, draw=draw, check=check,
    misconceptions=("survivors-carry-no-more",),
    hints=("First the worst moment: how many sites are left to share the load?",
           "Each of those must carry its even share of the whole load. All sites are equal, so each must be that "
           "large.",
           "The spare share compares what all sites can carry together with what users ask for, minus 1."),
    alternatives=("left = given.sites - given.lose\n"
                  "room = [given.load / left, given.lose / left]\n",),
    wrong_answers=(
        WrongAnswer("room = (given.load / given.sites, 0.0)", "survivors-carry-no-more"),
        WrongAnswer("room = (given.load, given.sites - 1)"),
        WrongAnswer("each = given.load / (given.sites - given.lose)\nroom = (each, given.lose / given.sites)"),
        WrongAnswer("room = (given.load / given.sites * (1 + given.lose / given.sites), given.lose / given.sites)"),
        WrongAnswer("room = 400"),
        WrongAnswer("room = ('twice', 'the load')")),
)
