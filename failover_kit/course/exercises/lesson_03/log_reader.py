"""Task 3.7: from a log of a drill to the parts of the unluckiest user's wait. Judged on drills not seen before."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import DrillSettings, drill
from failover_kit.course.misconceptions import same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.drill import DrillReport
from failover_kit.health import StatusChange
from failover_kit.timeline import AnswerChange, Fault, Request, Resolved

SITES = {"127.0.1.10": "us-east-1", "127.0.2.10": "us-west-2"}
PARTS = ("detect", "cache", "request")
DRILLS = 4


def log_of(report: DrillReport) -> list[tuple[float, str, str, str]]:
    """The drill as rows (seconds, kind, who, what), in order of time."""
    rows = []
    for event in report.timeline:
        match event:
            case Fault():
                rows.append((event.at, "fault", event.site, event.fault))
            case StatusChange():
                rows.append((event.at, "status", event.health_check_id, event.status.value))
            case AnswerChange():
                rows.append((event.at, "answer", "name servers", SITES[event.after[0]]))
            case Resolved(source="upstream"):
                rows.append((event.at, "resolved", event.user, SITES[event.values[0]]))
            case Request():
                rows.append((event.at, "page", event.user, "served" if event.ok else "failed"))
    return sorted(rows, key=lambda row: row[0])


def right_parts(report: DrillReport) -> dict[str, float]:
    """The same parts by the kit's own drill report."""
    detection, switch, cached, request = (part.seconds for part in report.budget())
    return dict(zip(PARTS, (detection + switch, cached, request), strict=True))


def draw_report(random: Random) -> DrillReport:
    settings = DrillSettings(request_interval=random.choice((10, 30)), failure_threshold=random.choice((2, 3)),
                             ttl=random.choice((20, 40, 60)), users=random.randrange(3, 8), every=random.choice((3.0, 7.0)))
    return drill(random.choice(("crash", "blackout", "hang")), settings=settings, seed=random.randrange(10_000))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for number in range(1, DRILLS + 1):
        report = draw_report(random)
        said, right = answer(log_of(report)), right_parts(report)
        if not isinstance(said, dict) or set(said) != set(PARTS):
            return not_quite(f"`parts` returned {said!r}.", ask=f"Does it return a dict with {', '.join(PARTS)}?")
        wrong = [part for part in PARTS if not same(said[part], right[part])]
        if wrong:
            return _explain(number, report, said, right, wrong[0])
    return passed("Three numbers for one user, and each has an owner: the checkers, the TTL, the client.")


def _explain(number: int, report: DrillReport, said: dict, right: dict, part: str) -> Feedback:
    start = f"In drill {number} ({report.scenario.title.lower()}), your `{part}` is not right."
    outage = report.outage
    if part == "detect" and same(said[part], outage.detected.at):
        return not_quite(start, ask="From which moment does the wait count?")
    if part == "detect":
        return not_quite(start, ask="Which row is the first that says unhealthy after the fault?")
    if same(sum(said.values()), sum(right.values())):
        return not_quite(start, ask="The sum is right. Which row shows that this user's resolver has the new answer?")
    waits = report.waits()
    if any(same(sum(said.values()), wait) for wait in waits.values()):
        return not_quite(start, ask="You followed another user. Who waited longest from the fault to a served page?")
    return not_quite(start, ask="Which user failed after the fault, and when was that user's next page served?")


TASK = Task(
    id="3.7", title="Whose seconds were they?", points=4, kind=Kind.WRITE, minutes=12, stretch=True,
    answer="parts", expects="a function of one list of rows that returns a dict of three numbers", check=check, seconds=8.0,
    equivalent_mutants=("line 4: GtE becomes Gt",),     # what is looked for never comes at the very moment before
    hints=("Take it in three passes: the moment of the fault, the moment of the first unhealthy after it, and then the "
           "users one by one.",
           "A user's wait ends with the first served page after that user's first failed page after the fault. The "
           "unluckiest is the one for whom that moment comes last.",
           "Between the switch and that page look for this user's `resolved` row that says us-west-2: it is where the "
           "cache's part ends and the request's part begins."),
    alternatives=(
        "def parts(log):\n"
        "    fault = min(at for at, kind, who, what in log if kind == 'fault' and what != 'repaired')\n"
        "    switch = min(at for at, kind, who, what in log if kind == 'answer' and what == 'us-west-2' and at > fault)\n"
        "    ends = {}\n"
        "    for user in {who for at, kind, who, what in log if kind == 'page'}:\n"
        "        failed = [at for at, *row in log if row == ['page', user, 'failed'] and at > fault]\n"
        "        if failed:\n"
        "            ends[user] = min(at for at, kind, who, what in log\n"
        "                             if (kind, who, what) == ('page', user, 'served') and at > failed[0])\n"
        "    last = max(ends, key=ends.get)\n"
        "    told = min(at for at, kind, who, what in log\n"
        "               if (kind, who, what) == ('resolved', last, 'us-west-2') and at >= switch)\n"
        "    return {'detect': switch - fault, 'cache': told - switch, 'request': ends[last] - told}\n",
        "def parts(log):\n"
        "    fault = unhealthy = None\n"
        "    down, told, done = set(), {}, {}\n"
        "    for at, kind, who, what in log:\n"
        "        if kind == 'fault' and fault is None:\n"
        "            fault = at\n"
        "        elif fault is None:\n"
        "            continue\n"
        "        elif kind == 'status' and what == 'unhealthy' and unhealthy is None:\n"
        "            unhealthy = at\n"
        "        elif kind == 'resolved' and what == 'us-west-2':\n"
        "            told.setdefault(who, at)\n"
        "        elif kind == 'page' and what == 'failed':\n"
        "            down.add(who)\n"
        "        elif kind == 'page' and who in down:\n"
        "            done.setdefault(who, at)\n"
        "    user = sorted(done, key=lambda who: done[who])[-1]\n"
        "    return dict(detect=unhealthy - fault, cache=told[user] - unhealthy, request=done[user] - told[user])\n"),
    wrong_answers=(
        WrongAnswer("def parts(log):\n"
                    "    down = next(at for at, kind, who, what in log if what == 'unhealthy')\n"
                    "    return {'detect': down, 'cache': 0.0, 'request': 0.0}\n"),
        WrongAnswer("def parts(log):\n"
                    "    fault = next(at for at, kind, who, what in log if kind == 'fault')\n"
                    "    down = next(at for at, kind, who, what in log if what == 'unhealthy')\n"
                    "    first = next(at for at, kind, who, what in log if at > down and what == 'served')\n"
                    "    return {'detect': down - fault, 'cache': first - down, 'request': 0.0}\n"),
        WrongAnswer("def parts(log):\n"
                    "    fault = next(at for at, kind, who, what in log if kind == 'fault')\n"
                    "    return {'detect': log[-1][0] - fault, 'cache': 0.0, 'request': 0.0}\n"),
        WrongAnswer("def parts(log):\n"
                    "    return 83.0\n"),
        WrongAnswer("def parts(log):\n"
                    "    fault = next(at for at, kind, who, what in log if kind == 'fault')\n"
                    "    down = next(at for at, kind, who, what in log if what == 'unhealthy')\n"
                    "    ends = {}\n"
                    "    for at, kind, who, what in log:\n"
                    "        if kind == 'page' and what == 'served' and at > down:\n"
                    "            ends.setdefault(who, at)\n"
                    "    return {'detect': down - fault, 'cache': max(ends.values()) - down, 'request': 0.0}\n"),
        WrongAnswer("parts = {'detect': 83.0, 'cache': 56.0, 'request': 0.1}")),
)
