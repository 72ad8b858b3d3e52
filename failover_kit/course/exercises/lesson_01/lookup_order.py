"""Task 1.3: who asks whom, when the resolver knows a part of the way already."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

FIRST, WALK = "browser asks resolver", ("resolver asks root", "resolver asks com", "resolver asks example.com")
LAST = ("resolver answers browser", "browser connects to the address")
NEVER = ("browser asks example.com", "root asks com")
STEPS = sorted([FIRST, *WALK, *LAST, *NEVER])
KNOWN = {"nothing": 0, "the servers of com": 1, "the servers of example.com": 2}   # kept -> steps it saves


def right_order(kept: str) -> list[str]:
    """What happens, in order, when the resolver has `kept` in its cache."""
    return [FIRST, *WALK[KNOWN[kept]:], *LAST]


def draw(random: Random) -> dict[str, Any]:
    return {"kept": random.choice(sorted(KNOWN)), "steps": STEPS}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    order, right = list(answer), right_order(given.kept)
    strangers = [step for step in order if step not in STEPS]
    if strangers:
        return not_quite(f"There is no step {strangers[0]!r}.", ask="Did you copy the texts from `given.steps`?")
    if order == right:
        return passed("The resolver starts from the nearest servers it knows and asks nobody above them.")
    if "browser asks example.com" in order:
        return not_quite("One of your steps never happens: 'browser asks example.com'.", "browser-asks-the-authority")
    if "root asks com" in order or [step for step in order if step in WALK] == ["resolver asks root"]:
        return not_quite("A root server does not find the address for anybody.", "root-knows-every-address")
    asked = [step for step in order if step in WALK]
    if KNOWN[given.kept] and asked == list(WALK):
        return not_quite(f"The resolver has {given.kept} in its cache, so it need not ask for them.",
                         ask="Which is the first question whose answer the resolver does not have?")
    place = next(i for i in range(len(right) + 1) if order[:i + 1] != right[:i + 1])
    return not_quite(f"Your first {place} steps are right, what follows is not." if place else
                     "Your first step is not the first thing that happens.",
                     ask="Who is able to take the next step, with what is known so far?")


TASK = Task(
    id="1.3", title="Who asks whom", points=2, kind=Kind.ORDER, minutes=3,
    answer="order", expects="a list of texts from `given.steps`",
    given={"kept": "the servers of com", "steps": STEPS}, draw=draw, check=check,
    misconceptions=("browser-asks-the-authority", "root-knows-every-address"),
    hints=("Two of the steps never happen. Which two would need a program to know something that it cannot know?",
           "The browser talks to its resolver only, and to the web server. Everything in between is the resolver's.",
           "The resolver starts at the nearest servers that it knows. Look at `given.kept`: which of its questions "
           "are answered already?"),
    alternatives=(
        'skipped = {"nothing": set(), "the servers of com": {"resolver asks root"},\n'
        '           "the servers of example.com": {"resolver asks root", "resolver asks com"}}[given.kept]\n'
        'order = [step for step in ("browser asks resolver", "resolver asks root", "resolver asks com",\n'
        '                           "resolver asks example.com", "resolver answers browser",\n'
        '                           "browser connects to the address") if step not in skipped]\n',
        'order = ["browser asks resolver"]\n'
        'if given.kept == "nothing":\n'
        '    order.append("resolver asks root")\n'
        'if given.kept in ("nothing", "the servers of com"):\n'
        '    order.append("resolver asks com")\n'
        'order += ["resolver asks example.com", "resolver answers browser", "browser connects to the address"]\n'),
    wrong_answers=(
        WrongAnswer('order = ["browser asks example.com", "browser connects to the address"]',
                    "browser-asks-the-authority"),
        WrongAnswer('order = ["browser asks resolver", "resolver asks root", "resolver answers browser",\n'
                    '         "browser connects to the address"]', "root-knows-every-address"),
        WrongAnswer('order = ["browser asks resolver", "resolver asks root", "root asks com",\n'
                    '         "resolver asks example.com", "resolver answers browser",\n'
                    '         "browser connects to the address"]', "root-knows-every-address"),
        WrongAnswer('order = ["browser asks resolver", "resolver asks com"]'),
        WrongAnswer('order = given.steps', "browser-asks-the-authority"),
        WrongAnswer('order = ["browser asks resolver", "resolver answers browser", "resolver asks example.com",\n'
                    '         "browser connects to the address"]'),
        WrongAnswer('order = ["the browser asks"]'),
        WrongAnswer('order = 3')),
)
