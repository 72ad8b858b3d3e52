"""Task 2.7: availability of a design in which a part may stand in several places. Judged by counting states of "
  "unseen designs."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from failover_kit.course.misconceptions import same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

DESIGNS = 30
PARTS = ("dns", "web-east", "web-west", "db", "login", "pipeline")


def is_up(design: Any, up: Mapping[str, bool]) -> bool:
    """Whether a design works while these parts are up."""
    if isinstance(design, str):
        return up[design]
    (how, members), = design.items()
    return (all if how == "all" else any)(is_up(member, up) for member in members)


def counted(design: Any, shares: Mapping[str, float]) -> float:
    """By counting: the probabilities of all states in which the design works."""
    names, total = list(shares), 0.0
    for state in range(2 ** len(names)):
        up = {name: bool(state >> place & 1) for place, name in enumerate(names)}
        chance = 1.0
        for name, share in shares.items():
            chance *= share if up[name] else 1 - share
        total += chance * is_up(design, up)
    return total


def drawn(random: Random, depth: int = 2) -> Any:
    if depth == 0 or random.random() < 0.2:
        return random.choice(PARTS)
    return {random.choice(("all", "any")): [drawn(random, depth - 1) for _ in range(random.randrange(1, 4))]}


def names_in(design: Any) -> list[str]:
    if isinstance(design, str):
        return [design]
    return [name for members in design.values() for one in members for name in names_in(one)]


EASY = ("db", {"all": ["dns", "db"]}, {"any": ["web-east", "web-west"]},
        {"all": ["dns", {"any": ["web-east", "web-west"]}]},
        {"any": [{"all": ["web-east", "db"]}, {"all": ["web-west", "db"]}]})      # the last one: both need one database


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for design in (*EASY, *(drawn(random) for _ in range(DESIGNS))):
        shares = {name: random.randrange(500, 999) / 1000 for name in PARTS}
        said = answer(design, dict(shares))
        if not isinstance(said, int | float):
            return not_quite(f"For {design!r} your function returned {said!r}.", ask="Does every way through it "
                                                                                     "return a number?")
        if not same(said, counted(design, shares)):
            names = names_in(design)
            start = f"It is not right for {design!r}."
            if len(names) > len(set(names)):
                twice = next(name for name in names if names.count(name) > 1)
                return not_quite(start, ask=f"{twice!r} stands in two places. Can it be up in one and down in the "
                                            f"other?")
            return not_quite(start, ask="Which states of these parts are good ones, and how likely is each of them?")
    return passed("It sees what two spares share. Reliability engineers call the states by which all is lost minimal "
                  "cut sets; "
                  "yours counts them all.")


TASK = Task(
    id="2.7", title="What both of them need", points=4, kind=Kind.WRITE, minutes=12, stretch=True,
    answer="availability", expects="a function of a design and a dict of shares that returns a share", check=check,
    hints=("First let a second function say whether a design works when you know of each part whether it is up.",
           "A part that stands in two places is up in both or down in both. So go through the states of the *parts*, "
           "not "
           "through the places in the design.",
           "With n parts there are 2 to the n states. The probability of one of them is a product; the answer is a "
           "sum."),
    alternatives=(
        "from itertools import product\n\n"
        "def availability(design, up):\n"
        "    def works(part, state):\n"
        "        if isinstance(part, str):\n"
        "            return state[part]\n"
        "        if 'all' in part:\n"
        "            return all(works(one, state) for one in part['all'])\n"
        "        return any(works(one, state) for one in part['any'])\n"
        "    total = 0.0\n"
        "    for states in product((True, False), repeat=len(up)):\n"
        "        chance = 1.0\n"
        "        for share, ok in zip(up.values(), states):\n"
        "            chance *= share if ok else 1 - share\n"
        "        if works(design, dict(zip(up, states))):\n"
        "            total += chance\n"
        "    return total\n",
        "def availability(design, up):\n"
        "    for name, share in up.items():\n"
        "        if 0 < share < 1:\n"
        "            return (share * availability(design, up | {name: 1})\n"
        "                    + (1 - share) * availability(design, up | {name: 0}))\n"
        "    if isinstance(design, str):\n"
        "        return up[design]\n"
        "    if 'all' in design:\n"
        "        return min(availability(one, up) for one in design['all'])\n"
        "    return max(availability(one, up) for one in design['any'])\n"),
    wrong_answers=(
        WrongAnswer("def availability(design, up):\n"
                    "    if isinstance(design, str):\n        return up[design]\n"
                    "    total = 1.0\n"
                    "    if 'all' in design:\n"
                    "        for one in design['all']:\n            total *= availability(one, up)\n        return "
                    "total\n"
                    "    for one in design['any']:\n        total *= 1 - availability(one, up)\n"
                    "    return 1 - total\n"),
        WrongAnswer("def availability(design, up):\n"
                    "    if isinstance(design, str):\n        return up[design]\n"
                    "    if 'all' in design:\n        return min(availability(one, up) for one in design['all'])\n"
                    "    return max(availability(one, up) for one in design['any'])\n"),
        WrongAnswer("def availability(design, up):\n    return up.get(design, 0.99) if isinstance(design, str) else "
                    "0.99\n"),
        WrongAnswer("def availability(design, up):\n    return 'often'\n"),
        WrongAnswer("availability = 0.99")),
)
