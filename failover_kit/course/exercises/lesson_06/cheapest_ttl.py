"""Task 6.4: the cheapest settings that keep a promise. Judged by running a fleet with them, and with the rivals."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.misconceptions import recognise
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.fleet import AnswerTimeline, Fleet, FleetReport

FAULT_AT, BUSY = 300, 2_000.0    # seconds; requests per second at one resolver
DETECTION = {10: 28, 30: 85}    # seconds, by request interval: averages of the lab, threshold 3
CHECK_COST = {10: 4.0, 30: 2.0}     # dollars a month
CLOSE = 1e-4                        # share by which a bill may be off


def draw(random: Random) -> dict[str, Any]:
    """Few resolvers, so that the checks decide, or many, so that the questions do."""
    return {"resolvers": random.choice((40, 60, 80, 4_000, 20_000, 50_000)), "goal": random.randrange(125, 175),
            "detection": dict(DETECTION), "check_cost": dict(CHECK_COST), "price": 0.40}


def lived_through(interval: int, ttl: int, given: Given) -> tuple[FleetReport, float]:
    """The fleet's report, and the whole bill of a month in dollars."""
    switch = FAULT_AT + given.detection[interval]
    story = AnswerTimeline.failover("east", "west", fails_at=FAULT_AT, switches_at=switch, until=switch + ttl + 60)
    report = Fleet(size=given.resolvers, ttl=ttl, demand=BUSY).expected(story, step=5)
    return report, report.monthly_cost(given.price) + given.check_cost[interval]


def check(answer: Any, given: Given, random: Random) -> Feedback:
    interval, ttl, said = answer["RequestInterval"], answer["TTL"], answer["Bill"]
    if interval not in given.detection:
        return not_quite(f"RequestInterval is {interval!r}.", ask="Which two intervals does Route 53 offer?")
    report, bill = lived_through(interval, ttl, given)
    worst = report.downtime.maximum
    if worst > given.goal + 1e-6:
        belief = recognise("worst-downtime", given.goal, detection=given.detection[interval], ttl=ttl)
        return not_quite(f"With your settings the fleet's unluckiest user was down for {worst:.0f} s. That breaks the "
                         "promise.",
                         belief.name if belief else None, ask="" if belief else "Which two numbers add up to that?")
    rivals = {other: lived_through(other, given.goal - seconds, given)[1] for other, seconds in given.detection.items()}
    if bill > rivals[interval] + 1e-9:
        return not_quite("The promise holds. But at this interval there is a cheaper TTL that keeps it, too.",
                         ask="How much of the promised time do your settings leave unused?")
    if bill > min(rivals.values()) + 1e-9:
        return not_quite("The promise holds, and at this interval no TTL is cheaper. The other interval is, all in "
                         "all.",
                         ask="What does each interval cost, and which TTL does it allow you?")
    if abs(said - bill) > bill * CLOSE:
        return not_quite("These are the right settings. But your `Bill` is not what the fleet's month costs.",
                         ask="How many questions do all resolvers ask in 30 days, and what else is on the bill?")
    return passed("The cheapest way to keep the promise. For a few resolvers the checks are the bill, for many the "
                  "questions.")


def _settings(interval: str, bill: str = "questions * given.price / 1e6 + given.check_cost[interval]") -> str:
    return (f"interval = {interval}\nttl = given.goal - given.detection[interval]\n"
            f"questions = given.resolvers * 30 * 86400 / ttl\n"
            f"settings = {{'RequestInterval': interval, 'TTL': ttl, 'Bill': {bill}}}\n")


TASK = Task(
    id="6.4", title="The cheapest promise", points=3, kind=Kind.CONFIGURE, minutes=7,
    answer="settings", expects='a dict such as {"RequestInterval": 30, "TTL": 60, "Bill": 12.5}, with whole seconds',
    given={"resolvers": 20_000, "goal": 150, "detection": DETECTION, "check_cost": CHECK_COST, "price": 0.40},
    draw=draw, check=check, misconceptions=("ttl-is-the-downtime",),
    hints=("For each interval: how much of the promised time is left for the caches, once the checks have had theirs?",
           "A longer TTL is a smaller bill. So for each interval there is one best TTL. That makes two candidates.",
           "A busy resolver asks once for each TTL, for 30 days. Work out both bills, checks included, and take the "
           "smaller one."),
    alternatives=(
        "best = None\n"
        "for interval, seconds in given.detection.items():\n"
        "    ttl = given.goal - seconds\n"
        "    bill = given.resolvers * 2.592 / ttl * given.price + given.check_cost[interval]\n"
        "    if best is None or bill < best['Bill']:\n"
        "        best = {'TTL': ttl, 'RequestInterval': interval, 'Bill': bill}\n"
        "settings = best\n",),
    wrong_answers=(
        WrongAnswer("settings = {'RequestInterval': 10, 'TTL': given.goal, 'Bill': 1}", "ttl-is-the-downtime"),
        WrongAnswer("settings = {'RequestInterval': 30, 'TTL': 20, 'Bill': 1}"),
        WrongAnswer("settings = {'RequestInterval': 10, 'TTL': 60, 'Bill': 1}"),
        WrongAnswer(_settings("10 if given.resolvers < 1000 else 30")),
        WrongAnswer(_settings("30 if given.resolvers < 1000 else 10", "questions * given.price / 1e6")),
        WrongAnswer(_settings("30 if given.resolvers < 1000 else 10", "given.check_cost[interval]")),
        WrongAnswer("settings = {'RequestInterval': 20, 'TTL': 60, 'Bill': 1}"),
        WrongAnswer("settings = {'RequestInterval': 30, 'TTL': 1, 'Bill': 1}"),
        WrongAnswer("settings = {'RequestInterval': 30, 'TTL': 60}"),
        WrongAnswer("settings = 60")),
)
