"""Task 4.4: a calculated check that counts servers. Judged in the lab, over every pattern of servers up and down."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

from failover_kit import Lab, Status
from failover_kit.aws.shapes import health_check_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.places import CHECKER_REGIONS

SIZES = ((3, 2), (4, 3), (5, 2), (5, 3), (5, 4))       # servers, and how many of them carry the load
SETTLE = 30.0                                          # seconds for the checks to follow, at 10 s and a threshold of 1


def servers(prefix: str, count: int, needed: int) -> dict[str, Any]:
    return {"checks": [f"{prefix}-{number}" for number in range(1, count + 1)], "needed": needed}


def draw(random: Random) -> dict[str, Any]:
    return servers(random.choice(("web", "app", "shop", "node")), *random.choice(SIZES))


def readings(config: dict[str, Any], checks: list[str], seed: int) -> dict[int, set[bool]]:
    """{servers that are up: what the check said}, over every pattern of servers up and down."""
    with Lab.virtual(seed) as lab:
        sites = [lab.site("us-east-1", name=id_) for id_ in checks]
        for site in sites:
            lab.health_check(site, id=site.name, request_interval=10, failure_threshold=1, regions=CHECKER_REGIONS[:3])
        counted = health_check_from_dict({"Id": "counted", "CallerReference": "counted", "HealthCheckConfig": config})
        lab.put_health_check(counted)
        said: dict[int, set[bool]] = {}
        for pattern in product((True, False), repeat=len(sites)):
            for site, up in zip(sites, pattern, strict=True):
                site.repair() if up else site.fail("crash")
            lab.run(SETTLE)
            said.setdefault(sum(pattern), set()).add(lab.status(counted) is Status.HEALTHY)
        return said


def check(answer: Any, given: Given, random: Random) -> Feedback:
    said = readings({**answer}, given.checks, random.getrandbits(30))
    count = len(given.checks)
    for up in range(count, -1, -1):
        right = up >= given.needed
        if said[up] == {right}:
            continue
        start = f"With {up} of {count} servers up your check "
        if len(said[up]) > 1:
            return not_quite(f"{start}says different things, depending on which they are.",
                             ask="Does your check count all of them?")
        words = f"{start}is {_word(not right)}. It should be {_word(right)}."
        if up == count - 1 and _needs_all(said, count):
            return not_quite(words, "calculated-needs-all")
        return not_quite(words, ask="Are all servers counted, and up to which number is the site still good?")
    return passed("One number says how much may fail before the site counts as failed.")


def _word(healthy: bool) -> str:
    return "healthy" if healthy else "unhealthy"


def _needs_all(said: dict[int, set[bool]], count: int) -> bool:
    return said[count] == {True} and all(said[up] == {False} for up in range(count))


TASK = Task(
    id="4.4", title="So many of so many", points=2, kind=Kind.CONFIGURE, minutes=3,
    answer="config", expects="a dict like boto3's HealthCheckConfig",
    given=servers("web", 3, 2), draw=draw, check=check,
    misconceptions=("calculated-needs-all",),
    hints=("Which of the eight types counts other checks?",
           "It needs the ids of the checks that it counts, and one number.",
           "The number is how many must be *healthy*, not how many may fail."),
    alternatives=(
        'config = dict(Type="CALCULATED", HealthThreshold=given.needed, ChildHealthChecks=given.checks[::-1])',
        'config = {"Type": "CALCULATED", "ChildHealthChecks": given.checks, "HealthThreshold": given.needed,\n'
        '          "Inverted": False, "Disabled": False}'),
    wrong_answers=(
        WrongAnswer('config = {"Type": "CALCULATED", "ChildHealthChecks": given.checks,\n'
                    '          "HealthThreshold": len(given.checks)}', "calculated-needs-all"),
        WrongAnswer('config = {"Type": "CALCULATED", "ChildHealthChecks": given.checks,\n'
                    '          "HealthThreshold": len(given.checks) - given.needed}'),
        WrongAnswer('config = {"Type": "CALCULATED", "ChildHealthChecks": given.checks[:given.needed],\n'
                    '          "HealthThreshold": given.needed}'),
        WrongAnswer('config = {"Type": "CALCULATED", "ChildHealthChecks": given.checks,\n'
                    '          "HealthThreshold": given.needed, "Inverted": True}'),
        WrongAnswer('config = {"Type": "HTTP", "ChildHealthChecks": given.checks, "HealthThreshold": given.needed}'),
        WrongAnswer('config = given.needed')))
