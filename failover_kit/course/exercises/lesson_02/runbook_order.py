"""Task 2.4: the order of a runbook. The learner's order is worked through in the lab, in nights not seen before."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

from .runbooks import GAP, SHORT_TTL, STANDBYS, STEPS, drill_runbook

NIGHTS = 2
_MINUTES = {"lower the TTL": 1, "visit": 2, "edit": 2, "restart": 12}
_BRINGS_UP = {"pilot light": {"promote": 5, "start": 10}, "backup and restore": {"build": 11, "restore": 26}}


def numbers(kind: str) -> dict[str, Any]:
    words, steps = STANDBYS[kind]
    minutes = _MINUTES | _BRINGS_UP[kind]
    least = 60 * sum(minutes[step] for step in ("lower the TTL", *steps, "visit", "edit"))
    return {"standby": words, "steps": {step: STEPS[step] for step in sorted(minutes)}, "minutes": minutes, "ttl": 300,
            "rto": least + 90}


def draw(random: Random) -> dict[str, Any]:
    return numbers(random.choice(sorted(STANDBYS)))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    order = list(answer)
    strangers = [step for step in order if step not in given.minutes]
    if strangers:
        return not_quite(f"There is no step {strangers[0]!r}.", ask="Did you use the short names in `given.steps`?")
    for _ in range(NIGHTS):
        night = drill_runbook(order, given.minutes, fault=random.choice(("crash", "blackout")), ttl=given.ttl,
                              seed=random.randrange(1000))
        if night.stopped:
            return not_quite("In the lab, the visit of us-west-2 showed no good page, and people stopped there.",
                             ask="What must have been done before a visit can succeed, and in which order?")
        if night.recovery is None:
            return not_quite(f"In the lab some users were never served again. The last thing they saw came from "
                             f"{night.last_failure}.", ask="Which step was to help them, and what does that step need?")
        if night.failed_at_standby:
            return not_quite("In the lab users were sent to us-west-2 before it could serve them.",
                             ask="Which step sends users, and what must be known by then?")
        if "visit" not in order or order.index("visit") > order.index("edit"):
            return not_quite("It went well this time. Nobody looked at us-west-2 before everybody was sent there.",
                             ask="Which step would have told you that the standby is fine?")
        if night.recovery > given.rto:
            return not_quite(f"All users were served again, but the last one only after {night.recovery / 60:.0f} "
                             f"minutes. The "
                             f"RTO is {given.rto / 60:.1f} minutes.",
                             ask="Does each step help at all? And which one must come early, to have its effect in "
                                 "time?")
    return passed(f"Kept answers ran out while the servers were starting, and the edit reached everybody within "
                  f"{SHORT_TTL} s "
                  f"and one request of theirs ({GAP:.0f} s).")


_PAIR = "first, second = ('promote', 'start') if 'promote' in given.steps else ('build', 'restore')\n"

TASK = Task(
    id="2.4", title="The order of a runbook", points=3, kind=Kind.ORDER, minutes=5,
    answer="order", expects="a list of short names from `given.steps`", given=numbers("pilot light"),
    draw=draw, check=check,
    hints=("Two of the steps depend on the step before them: read what each of them needs. One step does not help at "
           "all.",
           "Nobody may be sent to a site that has not been looked at. That fixes the end of the list.",
           "A lower TTL reaches a resolver only when its kept answer has run out. How long may that take, and what can "
           "people do meanwhile?"),
    alternatives=(_PAIR + "order = ('lower the TTL', first, second, 'visit', 'edit')",
                  _PAIR + "order = [first, second, 'edit']\norder.insert(0, 'lower the TTL')\norder.insert(3, "
                          "'visit')\n"),
    wrong_answers=(
        WrongAnswer("order = list(given.steps)"),
        WrongAnswer(_PAIR + "order = [first, second, 'visit', 'edit']"),
        WrongAnswer(_PAIR + "order = [first, second, 'visit', 'lower the TTL', 'edit']"),
        WrongAnswer(_PAIR + "order = ['lower the TTL', second, first, 'visit', 'edit']"),
        WrongAnswer(_PAIR + "order = ['lower the TTL', second, first, 'edit']"),
        WrongAnswer(_PAIR + "order = ['edit', first, second, 'visit']"),
        WrongAnswer(_PAIR + "order = ['lower the TTL', first, second, 'edit']"),
        WrongAnswer(_PAIR + "order = ['lower the TTL', first, second, 'edit', 'visit']"),
        WrongAnswer(_PAIR + "order = ['lower the TTL', first, second, 'visit']"),
        WrongAnswer(_PAIR + "order = ['restart', 'lower the TTL', first, second, 'visit', 'edit']"),
        WrongAnswer("order = ['pray']"),
        WrongAnswer("order = 3")),
)
