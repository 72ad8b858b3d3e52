"""Task 2.6: a strategy for stated objectives, with the numbers that defend it. Each number is tried in the lab."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.course.misconceptions import same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.data import Replication, Store

BOTH, GAP, WRITES = "active-active", 60.0, 40     # needs nobody; seconds between requests; orders a copy


def numbers(people: int, ttl: int, start: int, every: int, takes: int, cost: int, target: str) -> dict[str, Any]:
    plan = lambda start, every, takes, cost: {
        "start_minutes": start, "copy_every": every, "copy_takes": takes, "monthly": cost}
    plans = {BOTH: plan(0, 1, 1, 4 * cost), "warm standby": plan(0, 2, 3, 2 * cost),
             "pilot light": plan(start, every, takes, cost),
             "backup and restore": plan(12 * start, 60 * every, 10 * takes, cost // 4)}
    given = {"plans": plans, "people_minutes": people, "ttl": ttl, "browser_seconds": 5, "rto": 0, "rpo": 0}
    pilot_wait, pilot_age = worst(Given(given), "pilot light")
    if target == "pilot light":
        return given | {"rto": pilot_wait + 60, "rpo": pilot_age + 10}
    if target == "too slow":
        return given | {"rto": pilot_wait - ttl // 2, "rpo": pilot_age + 10}
    return given | {"rto": pilot_wait + 60, "rpo": pilot_age - takes // 2}


def draw(random: Random) -> dict[str, Any]:
    return numbers(random.randrange(12, 30), random.choice((180, 240, 300)), random.randrange(8, 16),
                   random.randrange(200, 400, 20), random.randrange(60, 120, 4), random.randrange(800, 1200, 40),
                   random.choice(("pilot light", "too slow", "too old")))


def worst(given: Given, name: str) -> tuple[float, float]:
    """(longest recovery time, oldest data) of a plan, in seconds: the closed form that the lab's nights stay below."""
    plan = given.plans[name]
    wait = given.browser_seconds if name == BOTH else 60 * (given.people_minutes + plan["start_minutes"]) + given.ttl
    return wait, plan["copy_every"] + plan["copy_takes"]


@cache
def longest_wait(needs_people: bool, minutes: int, ttl: int, seed: int) -> float:
    """Seconds until the last user is served in one night of the lab: power is lost, and `minutes` later the record "
      "is edited."""
    with Lab.virtual(seed=seed) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        lab.simple("app.example.com", *((east,) if needs_people else (east, west)), ttl=ttl)
        lab.users(6, every=GAP, start_within=ttl, tries_all=not needs_people)
        lab.at(600, lambda: east.fail("blackout"))
        if needs_people:
            lab.at(600 + 60 * minutes, lambda: lab.simple("app.example.com", west, ttl=ttl))
        lab.run(600 + (60 * minutes + ttl + 2 * GAP if needs_people else GAP))
        return max(lab.timeline.downtimes(600).values())


@cache
def oldest_data(every: int, takes: int) -> float:
    """Age in seconds of the newest order that survives, when the fault comes just before a copy has arrived."""
    fault = 2 * every + takes - 0.5
    with Store("us-east-1", ":memory:") as main, Store("us-west-2", ":memory:", read_only=True) as spare:
        copying = Replication(main, spare, interval_seconds=every, lag_seconds=takes, batch=100_000)
        for number in range(int(fault / every * WRITES) + 1):
            at = number * every / WRITES
            copying.pump(at)
            main.write(f"order-{number}", "paid", at)
        copying.pump(fault)
        return fault - spare.history()[-1].written_at


def check(answer: Any, given: Given, random: Random) -> Feedback:
    seed = random.randrange(1000)
    for name, plan in given.plans.items():
        wait, age = (answer[what][name] for what in ("recovery", "age"))
        if not (isinstance(wait, int | float) and isinstance(age, int | float)):
            return not_quite(f"A number for {name} is missing.", ask="How many seconds, in the worst case?")
        right_wait, right_age = worst(given, name)
        minutes = given.people_minutes + plan["start_minutes"]
        measured = longest_wait(name != BOTH, minutes, given.ttl, seed)
        if wait < min(measured - GAP, right_wait) or same(wait, right_wait - given.ttl):
            forgot = name != BOTH and same(wait, right_wait - given.ttl)
            return not_quite(f"{name}: in the lab the last user waited longer than you say.",
                             "switch-ends-the-outage" if forgot else None,
                             ask="" if forgot else "Which minutes are people's, which are the machines', and which "
                                                   "the resolvers'?")
        if not same(wait, right_wait):
            return not_quite(f"{name}: no night in the lab is as you say.",
                             ask="Does anybody have to be woken for this plan? And what do users wait for after the "
                                 "edit?")
        if age < oldest_data(plan["copy_every"], plan["copy_takes"]) - plan["copy_every"] / WRITES - 1:
            return not_quite(f"{name}: in the lab the fault came just before a copy had arrived, and the data was "
                             f"older than "
                             "you say.", ask="When did the copy begin that had last arrived by then?")
        if not same(age, right_age):
            return not_quite(f"{name}: in the lab the data was never as old as you say.",
                             ask="How far apart are two copies, and how long is one on its way?")
    fit = [name for name in given.plans if worst(given, name)[0] <= given.rto and worst(given, name)[1] <= given.rpo]
    choice = answer["choice"]
    if choice not in given.plans:
        return not_quite(f"There is no plan {choice!r}.", ask="Which of the names in `given.plans` do you choose?")
    if choice not in fit:
        return not_quite("By your own numbers the plan that you choose misses an objective.",
                         ask="Which of its two numbers is above `given.rto` or `given.rpo`?")
    if choice != min(fit, key=lambda name: given.plans[name]["monthly"]):
        return not_quite("By your own numbers another plan keeps both objectives too, and costs less.",
                         ask="What does the business pay for that it did not ask for?")
    return passed("You can defend that one: the cheaper plan misses an objective by a number that you can show, the "
                  "dearer "
                  "one buys what nobody asked for.")


_NUMBERS = ("recovery = {name: 60 * (given.people_minutes + plan['start_minutes']) + given.ttl\n"
            "            for name, plan in given.plans.items()}\n"
            "recovery['active-active'] = given.browser_seconds\n"
            "age = {name: plan['copy_every'] + plan['copy_takes'] for name, plan in given.plans.items()}\n"
            "fit = [name for name in given.plans if recovery[name] <= given.rto and age[name] <= given.rpo]\n"
            "cheapest = min(fit, key=lambda name: given.plans[name]['monthly'])\n")
_ANSWER = "case = {'choice': cheapest, 'recovery': recovery, 'age': age}\n"

TASK = Task(
    id="2.6", title="Choose, and defend it", points=4, kind=Kind.DESIGN, minutes=9, seconds=10.0,
    answer="case", expects="a dict: choice (a name), recovery and age (each a dict of name to seconds)",
    given=numbers(22, 300, 12, 300, 90, 1000, "too slow"), draw=draw, check=check,
    misconceptions=("switch-ends-the-outage",),
    equivalent_mutants=("line 6: LtE becomes Lt", "line 6: LtE becomes Lt (2)"),     # no objective is met exactly
    hints=("Begin with one plan and draw its line: what do people do, what do machines do, and what do users still "
           "wait for?",
           "The data is oldest when the fault comes just before a copy arrives. The copy before that one is then all "
           "you have. "
           "How long ago did it begin?",
           "Active-active needs neither people nor an edit. For the others add three parts. Then leave out what "
           "misses an "
           "objective, and take the cheapest of the rest."),
    alternatives=(
        "case = {'recovery': {}, 'age': {}}\nbest = None\n"
        "for name, plan in given.plans.items():\n"
        "    wait = (given.people_minutes + plan['start_minutes']) * 60 + given.ttl\n"
        "    if name == 'active-active':\n        wait = given.browser_seconds\n"
        "    case['recovery'][name], case['age'][name] = wait, plan['copy_takes'] + plan['copy_every']\n"
        "    if wait <= given.rto and case['age'][name] <= given.rpo:\n"
        "        best = name if best is None or plan['monthly'] < given.plans[best]['monthly'] else best\n"
        "case['choice'] = best\n",),
    wrong_answers=(
        WrongAnswer(_NUMBERS + "recovery = "
                    "{name: wait - given.ttl for name, wait in recovery.items() if name != 'active-active'}\n"
                    "recovery['active-active'] = given.browser_seconds\n" + _ANSWER, "switch-ends-the-outage"),
        WrongAnswer(_NUMBERS + "cheapest = 'active-active'\n" + _ANSWER),
        WrongAnswer(_NUMBERS + "cheapest = 'backup and restore'\n" + _ANSWER),
        WrongAnswer(_NUMBERS + "age = {name: plan['copy_every'] for name, plan in given.plans.items()}\n" + _ANSWER),
        WrongAnswer(_NUMBERS + "age = {name: 2 * plan['copy_every'] for name, plan in given.plans.items()}\n"
                    + _ANSWER),
        WrongAnswer(_NUMBERS + "age = {name: plan['copy_every'] / 2 for name, plan in given.plans.items()}\n"
                    + _ANSWER),
        WrongAnswer(_NUMBERS + "recovery['active-active'] = 60 * given.people_minutes\n" + _ANSWER),
        WrongAnswer(_NUMBERS + "recovery['active-active'] = 0\n" + _ANSWER),
        WrongAnswer(_NUMBERS + "recovery = {name: 2 * wait for name, wait in recovery.items()}\n" + _ANSWER),
        WrongAnswer(_NUMBERS + "cheapest = 'hope'\n" + _ANSWER),
        WrongAnswer("case = {'choice': 'warm standby'}"),
        WrongAnswer("case = 'warm standby'")),
)
