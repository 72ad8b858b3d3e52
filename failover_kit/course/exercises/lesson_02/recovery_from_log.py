"""Task 2.2: recovery time, read off the log of a night in the lab that each learner's seed draws anew."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.course.misconceptions import recognise, same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.timeline import Request

USERS, GAP, MARGIN = 5, 20.0, 60


def night(seed: int, detect: int, decide: int, switch: int, ttl: int, spare: int) -> dict[str, Any]:
    """The log of one night. `spare`: by how many seconds the RTO is kept (below 0: missed)."""
    with Lab.virtual(seed=seed) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        lab.simple("app.example.com", east, ttl=ttl)
        lab.users(USERS, every=GAP, start_within=ttl)
        fault = 900
        edited = fault + detect + decide + switch
        lab.at(fault, lambda: east.fail("crash"))
        lab.at(edited, lambda: lab.simple("app.example.com", west, ttl=ttl))
        lab.run(edited + ttl + 3 * GAP)
        rows = [(fault, "us-east-1", "crashes"), (fault + detect, "the alarm", "rings"),
                (fault + detect + decide, "the engineer", "decides to switch"), (edited, "the record", "is edited")]
        state: dict[str, bool] = {}
        for request in lab.timeline.of(Request, fault):
            if state.get(request.user, True) is not request.ok:
                rows.append((round(request.at, 1), request.user, "is served again" if request.ok else "fails"))
            state[request.user] = request.ok
    log = sorted(rows)
    return {"log": log, "rto": round(max(at for at, _, what in log if what == "is served again") - fault) + spare}


def draw(random: Random) -> dict[str, Any]:
    return night(random.randrange(1000), random.randrange(90, 240), random.randrange(400, 1200),
                 random.randrange(60, 200), random.choice((120, 300, 480)), random.choice((-MARGIN, MARGIN)))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    first = lambda words: min(at for at, _, what in given.log if what == words)
    fault, alarm, decision, edit = (first(words) for words in ("crashes", "rings", "decides to switch", "is edited"))
    last = max(at for at, _, what in given.log if what == "is served again")
    right = {"recovery": last - fault, "after_edit": last - edit}
    said = {name: answer[name] for name in right}
    if not all(isinstance(value, int | float) for value in said.values()):
        return not_quite("One of the two times is not a number.", ask="How many seconds is it from one row to the "
                                                                      "other?")
    if not same(said["recovery"], right["recovery"]):
        start = "The lab's users waited another time than your `recovery`."
        belief = recognise("recovery-time", said["recovery"], detect=alarm - fault, decide=decision - alarm,
                           switch=edit - decision, cache=last - edit)
        if belief:
            return not_quite(start, belief.name)
        if same(said["recovery"], last):
            return not_quite(start, ask="From which moment does the wait count?")
        return not_quite(start, ask="Who is the last to be served again, and since when was the site down?")
    if not same(said["after_edit"], right["after_edit"]):
        return not_quite("From the edit to the last user it took another time than your `after_edit`.",
                         ask="Neither end of it is the fault. Which two rows are meant?")
    if answer["kept"] is not (right["recovery"] <= given.rto):
        return not_quite("Both times are right. What you say about the RTO is not.",
                         ask="Which of your two numbers does the RTO limit, and in which unit is it given?")
    return passed("The edit was the last thing that anybody did, and users went on waiting. An RTO counts until the "
                  "last of them "
                  "is served.")


_TIMES = "row = {what: at for at, who, what in given.log}\n"

TASK = Task(
    id="2.2", title="Was the RTO kept?", points=2, kind=Kind.COMPUTE, minutes=5,
    answer="measured", expects="a dict: recovery and after_edit in seconds, kept as True or False",
    given=night(7, 150, 780, 110, 300, -MARGIN), draw=draw, check=check,
    misconceptions=("recovery-ends-at-detection", "switch-ends-the-outage"),
    equivalent_mutants=("line 4: LtE becomes Lt",),     # no night meets its RTO to the second
    hints=("A recovery time has two ends. One is the fault. Who decides where the other one is, the people who "
           "repair or "
           "those who wait?",
           "Look at the rows that say `is served again`. There is one for each user. Which one do you need?",
           "Both times end at the same row. One begins at the crash, the other at the edit. Only one of them is held "
           "against "
           "the RTO."),
    alternatives=(_TIMES + "last = sorted(at for at, who, what in given.log if what.startswith('is served'))[-1]\n"
                  "measured = dict(recovery=last - row['crashes'], after_edit=last - row['is edited'])\n"
                  "measured['kept'] = measured['recovery'] < given.rto\n",),
    wrong_answers=(
        WrongAnswer(_TIMES + "measured = "
                             "{'recovery': row['is edited'] - row['crashes'], 'after_edit': 0, 'kept': True}",
                    "switch-ends-the-outage"),
        WrongAnswer(_TIMES + "measured = {'recovery': row['rings'] - row['crashes'], 'after_edit': 0, 'kept': True}",
                    "recovery-ends-at-detection"),
        WrongAnswer(_TIMES + "measured = {'recovery': row['is served again'], 'after_edit': 0, 'kept': False}"),
        WrongAnswer(_TIMES + "first = min(at for at, who, what in given.log if what == 'is served again')\n"
                    "measured = "
                    "{'recovery': first - row['crashes'], 'after_edit': first - row['is edited'], 'kept': True}"),
        WrongAnswer(_TIMES + "total = row['is served again'] - row['crashes']\n"
                    "measured = {'recovery': total, 'after_edit': total, 'kept': total <= given.rto}"),
        WrongAnswer(_TIMES + "total = row['is served again'] - row['crashes']\n"
                    "measured = {'recovery': total, 'after_edit': row['is served again'] - row['is edited'],\n"
                    "            'kept': total > given.rto}"),
        WrongAnswer("measured = {'recovery': 'long', 'after_edit': 'short', 'kept': False}"),
        WrongAnswer("measured = (1, 2, True)")),
)
