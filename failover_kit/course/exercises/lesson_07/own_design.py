"""Task 7.7, the capstone: a whole design. A game day that the learner has not seen plays against it."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.gameday import Design, Objective, design_from_dict, game_day, load_design

POINTS = 94
ASKS = {"RTO": "Who is still waited for in that outage: a check, a cache, a person, or a server that is not there yet?",
        "RPO": "Who took writes during that outage, and what happened to them when users moved, or came back?",
        "availability": "What did users see during those minutes, and who could have noticed?",
        "false failovers": "Which check turned unhealthy while the shop was served?",
        "budget": "Which part of the bill buys no point at all?"}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    design = answer if isinstance(answer, Design) else design_from_dict(answer)
    if replace(design, name="") == replace(load_design("reference-design.json"), name=""):
        return not_quite("That is the kit's own reference design.", ask="Which of its parts would you do without, or "
                                                                        "do better?")
    report = game_day(replace(design, objective=Objective()), random.randrange(1000, 1_000_000), reference=None)
    if report.score >= given.points:
        return passed(f"Your design scored {report.score:.0f} of 100 on a day that it had never seen: "
                      f"{report.error_minutes:.0f} "
                      f"minutes of errors in ten disasters, {report.lost_writes:.0f} lost writes, "
                      f"${report.monthly_cost:,.0f} a month.")
    weakest = max(report.parts, key=lambda part: part.of - part.points)
    hurt = max(report.disasters, key=lambda one: one.rpo) if weakest.name == "RPO" else report.worst
    return not_quite(f"Your design scored {report.score:.0f} of 100 on a day that it had never seen. Most points were "
                     f"lost for "
                     f"{weakest.name} ({weakest.why}), and most of that in this disaster: "
                     f"{hurt.disaster.title[0].lower()}"
                     f"{hurt.disaster.title[1:]}.", ask=ASKS[weakest.name])


def _changed(*wanted: str) -> str:
    return ("from failover_kit.gameday import changes, design_from_dict\n"
            "design = design_from_dict(given.plan)\n"
            f"for words in {list(wanted)!r}:\n"
            "    design = changes(design)[words]\n")


PAGE, OFTEN, SHORT = "checks that look at the page users need", "checks every 10 s", "a TTL of 60 s"
STANDBY, FULL, STAGED = "a health check for the standby too", "a standby of full size", "deployments one site at a time"
FOLLOWS, LEASE, WAITS = ("data that follows the DNS answer by itself", "an old primary that stops by itself (lease)",
                         "a failback that waits for the data")


def plan() -> dict[str, Any]:
    """The naive design as plain values."""
    from failover_kit.gameday import design_to_dict

    return design_to_dict(load_design("naive-design.json"))


TASK = Task(
    id="7.7", title="Game day", points=6, kind=Kind.DESIGN, minutes=15, stretch=True, seconds=30,
    answer="design", expects="a Design, or a dict of one as in `given.plan`",
    given={"plan": plan(), "points": POINTS}, check=check,
    untouched=lambda answer, given: answer == given.plan,
    equivalent_mutants=("line 1: `design = given.plan` is left out",),
    hints=("Play it yourself first: `game_day(design, seed=1).table()` says which disasters hurt, and `.parts` what "
           "they cost in points.",
           "Four things are missing, and each is a lesson: what the check looks at, when answers run out, room for "
           "everybody, and who "
           "may write when. The last one comes in three parts that need one another.",
           "Room: `capacity`. Writers: `promotion`, `fence` and `failback` in `data`, with a switch that holds users "
           "back. Bad "
           "deployments need no lesson, only order: `staged_deploys`."),
    alternatives=(
        _changed(FULL, FOLLOWS, WAITS, PAGE, SHORT, STAGED, LEASE, OFTEN),
        _changed(PAGE, STANDBY, SHORT, OFTEN, FULL, STAGED, FOLLOWS, LEASE, WAITS)
        + "from failover_kit.gameday import design_to_dict\ndesign = design_to_dict(design)\n"),
    wrong_answers=(
        WrongAnswer("from failover_kit.gameday import load_design\ndesign = load_design('reference-design.json')"),
        WrongAnswer(_changed(FULL, STAGED)),
        WrongAnswer(_changed(PAGE, SHORT, OFTEN, STAGED, FOLLOWS, LEASE, WAITS)),
        WrongAnswer(_changed(PAGE, SHORT, OFTEN, FULL, STAGED, FOLLOWS)),
        WrongAnswer("design = {**given.plan, 'objective': {'rto_seconds': 1e6, 'rpo_seconds': 1e6, 'availability': "
                    "0.5,\n"
                    "                                   'monthly_budget': 1e6}}"),
        WrongAnswer("design = {**given.plan, 'capacity': {'mars': {'share': 2}}}"),
        WrongAnswer("design = 'more servers'")),
)
