"""Task 5.5: a tree that keeps users in a dead Region. The learner's repaired tree lives through six outages."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab, places
from failover_kit.aws.shapes import record_set_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.faults import Site

NAME, ZONE = "app.example.com.", "Z0FAILOVERKIT00000001"
REGIONS = {"us": "us-east-1", "eu": "eu-west-1"}
SERVERS = ("us-1", "us-2", "eu-1", "eu-2")
CLIENTS = {"us": ("US-TX", "US-NY", "MX", "ca-central-1"), "eu": ("FR", "GB", "DE", "IT")}
PROBED_FROM = ("us-west-2", "eu-west-1", "ap-southeast-2")


def numbers(forgotten: str, mixed_up: str, deaf: str, last: int) -> dict[str, Any]:
    """A tree with three faults: a leaf without a check, a leaf with its twin's check, an alias that is deaf."""
    addresses = {server: f"192.0.2.{last + number}" for number, server in enumerate(SERVERS)}
    checks = {f"check-{server}": addresses[server] for server in SERVERS}
    leaf = lambda server: {"Name": f"{server[:2]}.example.com.", "Type": "A", "TTL": 60, "SetIdentifier": server,
                           "Weight": 1,
                           "HealthCheckId": f"check-{server}", "ResourceRecords": [{"Value": addresses[server]}]}
    branch = lambda place: {"Name": NAME, "Type": "A", "SetIdentifier": place, "Region": REGIONS[place],
                            "AliasTarget": {
        "HostedZoneId": ZONE, "DNSName": f"{place}.example.com.", "EvaluateTargetHealth": place != deaf}}
    leaves = {server: leaf(server) for server in SERVERS}
    del leaves[forgotten]["HealthCheckId"]
    leaves[mixed_up]["HealthCheckId"] = f"check-{twin(mixed_up)}"
    return {"checks": checks, "shipped": [*map(branch, REGIONS), *leaves.values()]}


def twin(server: str) -> str:
    """The other server of the same Region."""
    return server[:3] + {"1": "2", "2": "1"}[server[3]]


def draw(random: Random) -> dict[str, Any]:
    us, eu = random.choice(SERVERS[:2]), random.choice(SERVERS[2:])
    forgotten, mixed_up = random.sample((us, eu), 2)
    return numbers(forgotten, mixed_up, random.choice(sorted(REGIONS)), random.randrange(10, 240))


def check(answer: Any, given: Given, random: Random) -> Feedback:
    values = {record["SetIdentifier"]: record["ResourceRecords"] for record in given.shipped
              if "ResourceRecords" in record}
    kept = {record["SetIdentifier"]: record["ResourceRecords"] for record in answer if "ResourceRecords" in record}
    if kept != values:
        return not_quite("The four servers' record sets do not hold the addresses that they held.",
                         ask="Was any of the faults in an address?")
    name_of = {records[0]["Value"]: server for server, records in values.items()}
    with Lab.virtual(seed=random.randrange(1000)) as lab:
        sites = {server: lab.open_site(Site(server, places.region(REGIONS[server[:2]]), (address,)))
                 for address, server in name_of.items()}
        for id_, address in given.checks.items():
            lab.health_check(sites[name_of[address]], path="/health", id=id_, regions=PROBED_FROM)
        lab.record(*(record_set_from_dict(record, ZONE) for record in answer))
        lab.run(minutes=1)
        for down in ((), *random.sample([("us-1",), ("us-2",), ("eu-1",), ("eu-2",), SERVERS[:2], SERVERS[2:]], 6)):
            for server in down:
                sites[server].fail(random.choice(("crash", "blackout", "http_500")))
            lab.run(minutes=3)
            for place, clients in CLIENTS.items():
                got = {name_of[value] for value in lab.explain(NAME, client=random.choice(clients)).values}
                left = {server for server in SERVERS if server[:2] == place} - set(down)
                right = left or {server for server in SERVERS if server[:2] != place}
                if got != right:
                    return _wrong(place, down, got, right)
            for server in down:
                sites[server].repair()
            lab.run(minutes=3)
    return passed("Six outages, and everybody was served by a server that was up, as near as there was one. Lint finds "
                  "two of these faults by reading; the third shows only when you compare what a check watches with "
                  "what its record holds.")


def _wrong(place: str, down: tuple[str, ...], got: set[str], right: set[str]) -> Feedback:
    where = {"us": "America", "eu": "Europe"}[place]
    when = f"With {' and '.join(down)} down" if down else "On a quiet day"
    start = f"{when}, users in {where} are sent to {' and '.join(sorted(got))}."
    if len(down) == 2 and got <= set(down):
        return not_quite(f"{start} A whole Region is dead, and its branch is still in service.",
                         ask="What keeps that branch healthy: one of its leaves, or the alias in front of it?")
    if got & set(down):
        return not_quite(f"{start} That server is down.",
                         ask="Which check tells the name servers so, and is it on that record?")
    return not_quite(f"{start} It should be {' and '.join(sorted(right))}.",
                     ask="Which record did a check take out of service here, and which server does that check watch?")


_OWN = '"check-" + record["SetIdentifier"]'


def _with(**changes: str) -> str:
    """A program that changes a copy of what was shipped; the three faults are repaired unless said otherwise."""
    lines = {"evaluate": '    record.get("AliasTarget", {})["EvaluateTargetHealth"] = True',
             "checks": f'    if "Weight" in record:\n        record["HealthCheckId"] = {_OWN}', **changes}
    return "\n".join(["import copy", "records = copy.deepcopy(given.shipped)", "for record in records:", "    pass",
                      *lines.values()])


_ONLY_MISSING = f'    if "Weight" in record:\n        record.setdefault("HealthCheckId", {_OWN})'
_ONLY_PRESENT = f'    if "HealthCheckId" in record:\n        record["HealthCheckId"] = {_OWN}'

TASK = Task(
    id="5.5", title="The Region that would not let go", points=4, kind=Kind.DEBUG, minutes=7,
    answer="records", expects="a list of ResourceRecordSets in boto3's spelling",
    given=numbers("us-2", "eu-2", "eu", 10), draw=draw, check=check,
    untouched=lambda answer, given: answer == given.shipped,
    misconceptions=(),
    hints=("Draw the tree: two branches, two leaves each. Write beside each leaf which check it has, and which address "
           "that check watches.",
           "There are three faults: a leaf that has no check, a leaf whose check watches another server, and an alias "
           "that does not care what is behind it.",
           "`given.checks` says which address each check watches: give each leaf the check that watches its own value. "
           "Then look at the two `AliasTarget`s side by side."),
    alternatives=(
        _with(checks='    for id_, address in given.checks.items():\n'
                     '        if record.get("ResourceRecords") == [{"Value": address}]:\n'
                     '            record["HealthCheckId"] = id_'),
        'records = [{**record, "HealthCheckId": "check-" + record["SetIdentifier"]} if "Weight" in record else\n'
        '           {**record, "AliasTarget": {**record["AliasTarget"], "EvaluateTargetHealth": True}}\n'
        "           for record in given.shipped]"),
    wrong_answers=(
        WrongAnswer(_with(evaluate="")),
        WrongAnswer(_with(checks=_ONLY_MISSING)),
        WrongAnswer(_with(checks=_ONLY_PRESENT)),
        WrongAnswer(_with(checks="")),
        WrongAnswer(_with(evaluate='    if "AliasTarget" in record:\n        record["HealthCheckId"] = "check-us-1"')),
        WrongAnswer(_with(checks='    if "Weight" in record:\n        record["HealthCheckId"] = "check-us-1"')),
        WrongAnswer(_with() + '\nrecords[2]["ResourceRecords"] = records[3]["ResourceRecords"]'),
        WrongAnswer("records = given.shipped[:2]"),
        WrongAnswer("records = 'check every leaf'")),
)
