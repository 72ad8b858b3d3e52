"""Task 7.6: a switch by hand that does not switch. The learner's repaired checks live through what it is there for."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.aws.shapes import health_check_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

EAST, WEST = "127.0.1.10", "127.0.2.10"       # what the first sites of these Regions get
IDS = ("east-serves", "leave-east", "east-may-serve")


def shipped(path: str, interval: int) -> list[dict[str, Any]]:
    """Three checks as somebody put them up: looking in the wrong Region, not inverted, and counted too leniently."""
    probe = {"Type": "HTTP", "IPAddress": EAST, "Port": 80, "RequestInterval": interval, "FailureThreshold": 3}
    configs = ({**probe, "ResourcePath": "/"}, {**probe, "ResourcePath": path},
               {"Type": "CALCULATED", "ChildHealthChecks": list(IDS[:2]), "HealthThreshold": 1})
    return [{"Id": id_, "CallerReference": id_, "HealthCheckConfig": config}
            for id_, config in zip(IDS, configs, strict=True)]


def draw(random: Random) -> dict[str, Any]:
    path = random.choice(("/leave.html", "/go-west.txt", "/switch-over", "/fail-over-now"))
    return {"path": path, "shipped": shipped(path, random.choice((10, 30)))}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    checks = [health_check_from_dict(one) for one in answer]
    if sorted(one.id for one in checks) != sorted(IDS):
        return not_quite("The record set needs a check called east-may-serve, and the two that it counts.",
                         ask="Did you keep the three Ids?")
    with Lab.virtual(seed=random.randrange(1000)) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        for one in sorted(checks, key=lambda one: bool(one.child_health_checks)):
            lab.put_health_check(one)
        may_serve = next(one for one in checks if one.id == "east-may-serve")
        lab.failover("app.example.com", primary=east, secondary=west, health_check=may_serve)
        lab.run(minutes=4)
        days = {"calm": lambda: None, "switched": lambda: _put(west, given.path),
                "switched without API": lambda: (lab.api.outage(), _put(west, given.path)),
                "east down": lambda: east.fail("blackout"), "west down": lambda: west.fail("blackout")}
        for day in ("calm", *random.sample([*days], len(days)), "calm"):
            days[day]()
            lab.run(minutes=4)
            answered = next(site.name for site in (east, west) if site.address in lab.explain("app.example.com").values)
            right = "us-west-2" if "switched" in day or day == "east down" else "us-east-1"
            if answered != right:
                return _wrong(day, answered, {one.id: one for one in checks})
            for site in (east, west):
                site.repair()
            west.site.pages = {}
            lab.api.outage(False)
            lab.run(minutes=4)
    return passed("Calm days, an object that comes and goes, either Region lost: users were where they should be. And "
                  "nobody "
                  "needed us-east-1, or an API, to move them.")


def _put(site: Any, path: str) -> None:
    site.site.pages = {path: "leave"}


def _wrong(day: str, answered: str, checks: dict[str, Any]) -> Feedback:
    start = {"calm": "On a calm day, with no object anywhere, ", "east down": "us-east-1 lost power, and ",
             "west down": "us-west-2 lost power, and "}.get(day, "Somebody put the object into us-west-2, and ")
    start += f"users were sent to {answered}."
    leave = checks["leave-east"]
    if not leave.inverted and answered == "us-west-2":
        return not_quite(start, "standby-check-is-not-inverted")
    if leave.ip_address != WEST:
        return not_quite(start, ask="Where does somebody put the object, and where does the check look for it?")
    if answered == "us-east-1":
        return not_quite(start, ask="How many of the two children must be healthy before us-east-1 may serve?")
    return not_quite(start, ask="Is each check watching the site that its name speaks of?")


def _program(*lines: str) -> str:
    return "\n".join(["import copy", "checks = copy.deepcopy(given.shipped)",
                      'east, leave, both = (one["HealthCheckConfig"] for one in checks)', *lines])


_WHERE, _INVERT, _BOTH = f'leave["IPAddress"] = "{WEST}"', 'leave["Inverted"] = True', 'both["HealthThreshold"] = 2'

TASK = Task(
    id="7.6", title="The switch that did not switch", points=4, kind=Kind.DEBUG, minutes=8,
    answer="checks", expects="a list of health checks in boto3's spelling",
    given={"path": "/leave.html", "shipped": shipped("/leave.html", 30)}, draw=draw, check=check,
    untouched=lambda answer, given: answer == given.shipped,
    misconceptions=("standby-check-is-not-inverted",),
    equivalent_mutants=("line 1: `checks = given.shipped` is left out", "line 4: `checks = deepcopy(given.shipped)` is "
                                                                        "left out"),
    hints=("There are three faults. Say in one sentence what each of the three checks should be healthy for, then read "
           "its settings.",
           "The object is put where no failure of us-east-1 can be in the way. A check that looks for it is green when "
           "the object is "
           "there: is that the day on which us-east-1 may serve?",
           "Then count: us-east-1 may serve when its page works, and nobody has called users away."),
    alternatives=(
        _program(_WHERE, _INVERT, _BOTH),
        f'checks = [{{**one, "HealthCheckConfig": {{**one["HealthCheckConfig"], **more}}}} for one, more in '
        f'zip(given.shipped, [\n'
        f'    {{}}, {{"IPAddress": "{WEST}", "Inverted": True, "FailureThreshold": 2}}, {{"HealthThreshold": 2}}])]\n'),
    wrong_answers=(
        WrongAnswer(_program(_WHERE, _BOTH), "standby-check-is-not-inverted"),
        WrongAnswer(_program(_INVERT, _BOTH)),
        WrongAnswer(_program(_WHERE, _INVERT)),
        WrongAnswer(_program(_INVERT)),
        WrongAnswer(_program(_WHERE, _INVERT, _BOTH, f'east["IPAddress"] = "{WEST}"')),
        WrongAnswer(_program(_WHERE, _INVERT, _BOTH, 'leave["ResourcePath"] = "/"')),
        WrongAnswer("checks = given.shipped[:2]"),
        WrongAnswer("checks = 'invert it'")),
)
