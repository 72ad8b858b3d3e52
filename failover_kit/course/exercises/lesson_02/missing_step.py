"""Task 2.5: the step that a runbook lacks, found from what its drill showed. The mended runbook is drilled in the "
  "lab."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

from .runbooks import STANDBYS, STEPS, drill_runbook

FAULTS = ("crash", "blackout", "hang")
TTL = 120
SHIPPED = {"pilot light": ("promote", "edit"), "backup and restore": ("build", "edit")}     # what each runbook had
_MINUTES = {"restart": 12, "write": 15, "edit": 2, "lower the TTL": 5}
_BRINGS_UP = {"pilot light": {"promote": 5, "start": 9}, "backup and restore": {"build": 8, "restore": 21}}


@cache
def numbers(kind: str) -> dict[str, Any]:
    """What is given for this kind of standby, with what users saw at the end of the first drill."""
    words, steps = STANDBYS[kind]
    minutes = _MINUTES | _BRINGS_UP[kind]
    drilled = drill_runbook(SHIPPED[kind], minutes, fault="blackout", ttl=TTL, seed=5)
    return {"standby": words, "shipped": list(SHIPPED[kind]), "users_saw": drilled.last_failure,
            "steps": {step: STEPS[step] for step in sorted(minutes)}, "minutes": minutes,
            "rto": 60 * sum(minutes[step] for step in (*steps, "edit")) + TTL + 60}


def draw(random: Random) -> dict[str, Any]:
    return numbers(random.choice(sorted(STANDBYS)))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    runbook = list(answer)
    strangers = [step for step in runbook if step not in given.minutes]
    if strangers:
        return not_quite(f"There is no step {strangers[0]!r}.", ask="Did you use the short names in `given.steps`?")
    for fault in random.sample(FAULTS, 2):
        night = drill_runbook(runbook, given.minutes, fault=fault, ttl=TTL, seed=random.randrange(1000))
        if night.recovery is None:
            again = " That is what the first drill had shown." if night.last_failure == given.users_saw else ""
            return not_quite(f"In the lab your runbook ended, and users still got this, from "
                             f"{night.last_failure}.{again}",
                             ask="Is that site on, is anybody sent there, and what does a server need that says 500?")
        if night.recovery > given.rto:
            return not_quite(f"In the lab all users were served again, but the last one only after "
                             f"{night.recovery / 60:.0f} "
                             f"minutes. The RTO is {given.rto / 60:.0f} minutes.",
                             ask="Which of your steps could be left out, and the users would be served all the same?")
    return passed("A runbook is a program for people. It has bugs like any other, and a drill is how it is run.")


_PAIR = "first, second = ('promote', 'start') if 'promote' in given.steps else ('build', 'restore')\n"

TASK = Task(
    id="2.5", title="The step that is missing", points=3, kind=Kind.DEBUG, minutes=6,
    answer="runbook", expects="a list of short names from `given.steps`",
    given=numbers("pilot light"), draw=draw, check=check,
    equivalent_mutants=("line 1: `runbook = list(given.shipped)` is left out",),     # the reference sets it anew
    untouched=lambda answer, given: answer == given.shipped,
    hints=("`given.users_saw` names a site. Is it the one where users should be by then?",
           "`Connection refused` means that no server process is there. `500` means that there is one, and that "
           "something it needs is not there.",
           "One step is missing, and nothing else. Read in `given.steps` what each step needs, to find its place."),
    alternatives=(_PAIR + "runbook = (first, second, 'edit')",
                  _PAIR + "runbook = [first, 'edit', second]",
                  _PAIR + "runbook = given.shipped\nrunbook.insert(1, second)\n"),
    wrong_answers=(
        WrongAnswer("runbook = [*given.shipped, 'restart']"),
        WrongAnswer("runbook = ['lower the TTL', *given.shipped]"),
        WrongAnswer(_PAIR + "runbook = [second, first, 'edit']"),
        WrongAnswer(_PAIR + "runbook = [first, 'restart', second, 'edit']"),
        WrongAnswer(_PAIR + "runbook = ['lower the TTL', first, second, 'restart', 'edit']"),
        WrongAnswer(_PAIR + "runbook = [first, second, 'edit', 'call the boss']"),
        WrongAnswer(_PAIR + "runbook = [first, second, second, 'edit']"),
        WrongAnswer(_PAIR + "runbook = [first, second]"),
        WrongAnswer("runbook = []"),
        WrongAnswer("runbook = 9")),
)
