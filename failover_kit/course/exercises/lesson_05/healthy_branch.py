"""Task 5.7, a stretch: is a record of a tree healthy? Judged against the kit's rule on trees that grow at random."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

from failover_kit import HostedZone, Router, Status
from failover_kit.aws.shapes import record_set_from_dict
from failover_kit.course.misconceptions import diagnose
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

ZONE_ID, TREES = "Z0FAILOVERKIT00000001", 60
OUTSIDE = "shop.us-east-1.elb.amazonaws.com."


def leaf(name: str, number: int, check: str | None, kind: str = "A") -> dict[str, Any]:
    """A weighted record set with an address of its own."""
    value = f"192.0.2.{number % 250 + 1}" if kind == "A" else f"2001:db8::{number + 1:x}"
    record = {"Name": name, "Type": kind, "TTL": 60, "SetIdentifier": f"record-{number}", "Weight": 1,
              "ResourceRecords": [{"Value": value}]}
    return record | ({"HealthCheckId": check} if check else {})


def alias(name: str, number: int, target: str, evaluate: bool, check: str | None = None) -> dict[str, Any]:
    """A weighted alias for another group of the zone, or for something outside it."""
    record = {"Name": name, "Type": "A", "SetIdentifier": f"record-{number}", "Weight": 1, "AliasTarget": {
        "HostedZoneId": ZONE_ID, "DNSName": target, "EvaluateTargetHealth": evaluate}}
    return record | ({"HealthCheckId": check} if check else {})


def grow(random: Random, depth: int = 3) -> list[dict[str, Any]]:
    """The record sets of a tree, in any order: up to three members a group, a check on most of them."""
    records: list[dict[str, Any]] = []

    def group(name: str, left: int) -> None:
        for place in range(random.randint(1, 3)):
            number = len(records)
            check = f"check-{number}" if random.random() < 0.7 else None
            if left and random.random() < 0.6:
                below = f"{'abc'[place]}-{name}"
                own = check if random.random() < 0.3 else None
                records.append(alias(name, number, below, random.random() < 0.7, own))
                group(below, left - 1)
            elif random.random() < 0.1:
                records.append(alias(name, number, OUTSIDE, True))
            else:
                records.append(leaf(name, number, check))
                if random.random() < 0.2:
                    records.append(leaf(name, len(records), f"check-{len(records)}", "AAAA"))
    group("app.example.com.", depth)
    random.shuffle(records)
    return records


def corner_cases() -> list[list[dict[str, Any]]]:
    """Small zones, one for each clause of the statement; their checks are `up` and `down`."""
    app, below, deep = "app.example.com.", "a-app.example.com.", "a-a-app.example.com."
    return [
        [leaf(app, 0, None), leaf(app, 1, "up"), leaf(app, 2, "down")],
        [alias(app, 0, below, True), leaf(below, 1, "down"), leaf(below, 2, "up", "AAAA")],
        [alias(app, 0, below, True, "down"), alias(app, 1, below, False, "down"), leaf(below, 2, "up")],
        [alias(app, 0, below, True), leaf(below, 1, "down"), leaf(below, 2, None)],
        [alias(app, 0, below, True), alias(below, 1, deep, True), leaf(deep, 2, "down")],
        [alias(app, 0, below, True, "up"), alias(below, 1, deep, False), leaf(deep, 2, "down")],
        [alias(app, 0, OUTSIDE, True), alias(app, 1, OUTSIDE, True, "down")],
    ]


def right(records: list[dict[str, Any]], statuses: dict[str, bool]) -> list[bool]:
    """What the kit says of each record set."""
    zone = HostedZone("example.com", tuple(record_set_from_dict(record, ZONE_ID) for record in records))
    known = {check: Status.HEALTHY if up else Status.UNHEALTHY for check, up in statuses.items()}
    router = Router(zone, known)
    return [router.is_healthy(record_set_from_dict(record, ZONE_ID)) for record in records]


def check(answer: Any, given: Given, random: Random) -> Feedback:
    zones = [*corner_cases(), *(grow(random, depth=min(3, size // 10)) for size in range(TREES))]
    for records in zones:
        checks = {record["HealthCheckId"] for record in records if "HealthCheckId" in record}
        statuses = {id_: random.random() < 0.5 for id_ in sorted(checks)} | {"up": True, "down": False}
        for record, wanted in zip(records, right(records, statuses), strict=True):
            said = answer(copy.deepcopy(record), copy.deepcopy(records), dict(statuses))
            if not isinstance(said, bool):
                return not_quite(f"Your function returned {said!r}.",
                                 ask="Is it True or False on every way through it?")
            if said != wanted:
                return _explain(answer, record, records, statuses, wanted)
    return passed(f"{len(zones)} trees, and you judged every record set of them as the name servers do. Note what your "
                  "function never looks at: the weights. Health travels up by itself.")


def _explain(rule: Callable, record: dict, records: list[dict], statuses: dict[str, bool], wanted: bool) -> Feedback:
    said = "unhealthy" if wanted else "healthy"
    start = f"In a zone of {len(records)} record sets, your function calls one {said} that is not."
    own = record.get("HealthCheckId")
    if "AliasTarget" not in record:
        return not_quite(f"{start} It holds an address, and has {'the check ' + own if own else 'no check'}.",
                         ask="What does a check say about its record, and what holds without one?")

    target = record["AliasTarget"]
    behind = [other for other in records if (other["Name"], other["Type"]) == (target["DNSName"], "A")]
    switch = str(target["EvaluateTargetHealth"]).lower()
    start += (f" It is an alias with EvaluateTargetHealth {switch}, and {len(behind)} record "
              "sets of its type are behind it.")

    def branch(evaluate: bool, members: tuple[bool, ...]) -> bool:
        top = alias("app.example.com.", 0, "a.example.com.", evaluate)
        below = [leaf("a.example.com.", number, f"check-{number}") for number in range(1, len(members) + 1)]
        return rule(top, [top, *below], {f"check-{number}": up for number, up in enumerate(members, 1)})

    belief = diagnose("branch-health", branch)
    if belief:
        return not_quite(start, belief.name)
    if own and not statuses[own]:
        return not_quite(f"{start} Its own check is unhealthy.", ask="Must both hold, or is one enough?")
    if not behind:
        return not_quite(start, ask=f"Is {target['DNSName']} in this zone at all?")
    return not_quite(start, ask="Which record sets are in the group behind it: same name, and same what? "
                                                     "And what if one of those is an alias itself?")


def _rule(group: str, rest: str, own: str = 'statuses.get(record.get("HealthCheckId"), True)') -> str:
    return ("def is_healthy(record, records, statuses):\n"
            f"    own = {own}\n"
            '    target = record.get("AliasTarget")\n'
            '    if not target or not target["EvaluateTargetHealth"]:\n'
            "        return own\n"
            f"    group = [member for member in records if {group}]\n"
            f"    return {rest}\n")


_GROUP = '(member["Name"], member["Type"]) == (target["DNSName"], record["Type"])'
_ANY = "own and (not group or any(is_healthy(member, records, statuses) for member in group))"

TASK = Task(
    id="5.7", title="Is this branch healthy?", points=4, kind=Kind.WRITE, minutes=10, stretch=True,
    answer="is_healthy", expects="a function of (record, records, statuses) that returns True or False",
    check=check,
    misconceptions=("alias-always-follows-its-target", "one-dead-member-kills-the-branch"),
    hints=("Begin with a record that holds an address: its own check decides, and without one it is healthy. Then do "
           "the alias.",
           "An alias that evaluates its target is as healthy as the best of the group behind it. The members of that "
           "group may be aliases themselves: who can tell you about those?",
           "Two conditions, and both must hold: its own check, and what is behind it. Find the group by name and type, "
           "call your own function for each member, and take care of a group that is empty."),
    alternatives=(
        _rule(_GROUP, _ANY),
        "def is_healthy(record, records, statuses):\n"
        '    if record.get("HealthCheckId") and not statuses[record["HealthCheckId"]]:\n'
        "        return False\n"
        '    alias = record.get("AliasTarget", {"EvaluateTargetHealth": False})\n'
        '    if alias["EvaluateTargetHealth"]:\n'
        "        below = []\n"
        "        for other in records:\n"
        '            if other["Name"] == alias["DNSName"] and other["Type"] == record["Type"]:\n'
        "                below.append(is_healthy(other, records, statuses))\n"
        "        return True in below or not below\n"
        "    return True\n"),
    wrong_answers=(
        WrongAnswer(_rule(_GROUP, _ANY).replace(' or not target["EvaluateTargetHealth"]', ""),
                    "alias-always-follows-its-target"),
        WrongAnswer(_rule(_GROUP, _ANY.replace("any(", "all(")), "one-dead-member-kills-the-branch"),
        WrongAnswer(_rule('member["Name"] == target["DNSName"]', _ANY)),
        WrongAnswer(_rule(_GROUP, _ANY.replace("not group or ", ""))),
        WrongAnswer(_rule(_GROUP, _ANY.replace("own and ", ""))),
        WrongAnswer(_rule(_GROUP, _ANY.replace("is_healthy(member, records, statuses)",
                                               "statuses.get(member.get('HealthCheckId'), True)"))),
        WrongAnswer(_rule(_GROUP, _ANY, own='statuses.get(record.get("HealthCheckId"), False)')),
        WrongAnswer("def is_healthy(record, records, statuses):\n"
                    "    return statuses.get(record.get('HealthCheckId'), True)\n"),
        WrongAnswer("def is_healthy(record, records, statuses):\n    return 'healthy'\n"),
        WrongAnswer("is_healthy = True")),
)
