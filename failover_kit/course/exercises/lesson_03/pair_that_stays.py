"""Task 3.6: a pair that does not fail over. The learner's repaired configuration lives through two days in the lab."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab, places
from failover_kit.aws.shapes import health_check_from_dict, record_set_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.faults import Site

NAME, CHECK = "app.example.com.", "shop-us-east-1"


def broken(primary: str, secondary: str, path: str) -> dict[str, Any]:
    """What was shipped: the check asks the standby for a page that is not there, and its id is on the standby's record."""
    half = lambda role, address: {"Name": NAME, "Type": "A", "TTL": 60, "SetIdentifier": role.lower(), "Failover": role,
                                  "ResourceRecords": [{"Value": address}]}
    return {"HealthCheck": {"Id": CHECK, "CallerReference": "shop", "HealthCheckVersion": 1, "HealthCheckConfig": {
                "Type": "HTTP", "IPAddress": secondary, "ResourcePath": path, "RequestInterval": 30, "FailureThreshold": 3}},
            "ResourceRecordSets": [half("PRIMARY", primary), half("SECONDARY", secondary) | {"HealthCheckId": CHECK}]}


def draw(random: Random) -> dict[str, Any]:
    primary, secondary = f"192.0.2.{random.randrange(10, 250)}", f"198.51.100.{random.randrange(10, 250)}"
    return {"primary": primary, "secondary": secondary,
            "shipped": broken(primary, secondary, random.choice(("/healthz", "/status", "/ping", "/alive")))}


class _Day:
    """The learner's configuration, in the lab, for one day."""

    def __init__(self, lab: Lab, shop: dict, given: Given):
        self.lab = lab
        self.east = lab.open_site(Site("us-east-1", places.region("us-east-1"), (given.primary,)))
        self.west = lab.open_site(Site("us-west-2", places.region("us-west-2"), (given.secondary,)))
        lab.put_health_check(health_check_from_dict(shop["HealthCheck"]))
        lab.record(*(record_set_from_dict(record) for record in shop["ResourceRecordSets"]))
        lab.run(minutes=4)

    def served_by(self) -> str | None:
        return self.lab.visit(NAME).site


def check(answer: Any, given: Given, random: Random) -> Feedback:
    records = answer["ResourceRecordSets"]
    if sorted(record["ResourceRecords"][0]["Value"] for record in records) != sorted((given.primary, given.secondary)):
        return not_quite("The two record sets do not hold the two sites' addresses any more.",
                         ask="Which of the faults was in an address of a record set?")
    if {record["TTL"] for record in records} != {60}:
        return not_quite("You changed a TTL. It has nothing to do with this fault.", ask="Who decides which record answers?")
    seed = random.randrange(1000)
    with Lab.virtual(seed=seed) as lab:
        day = _Day(lab, answer, given)
        if day.served_by() != "us-east-1":
            return not_quite("On a quiet day, with both sites up, the lab's users are sent to us-west-2. (Both sites serve "
                             "`/health`.)",
                             ask="What do the checkers get when they ask that machine for that page?")
        day.west.fail("crash")
        lab.run(minutes=4)
        if day.served_by() != "us-east-1":
            return not_quite("The standby crashed, and the users were sent to it.",
                             ask="Which site does the check watch, and which record does it take out of service?")
    with Lab.virtual(seed=seed) as lab:
        day = _Day(lab, answer, given)
        day.east.fail(random.choice(("crash", "blackout", "http_500")))
        lab.run(minutes=4)
        if day.served_by() != "us-west-2":
            return not_quite("The primary failed, and after four minutes users are still sent to it.",
                             None if _is_checked(records) else "unchecked-primary-fails-over",
                             ask="Which site does the check ask for its page?" if _is_checked(records) else "")
        day.east.repair()
        lab.run(minutes=4)
        if day.served_by() != "us-east-1":
            return not_quite("The primary was repaired, and after four minutes users are not back.",
                             ask="What does the check say about a site that is up again?")
    return passed("A check must watch the site whose record it can take out of service. Three small slips made sure of "
                  "nothing: no error, no warning, and no failover.")


def _is_checked(records: list[dict]) -> bool:
    return any(record["Failover"] == "PRIMARY" and record.get("HealthCheckId") for record in records)


def _with(**changes: str) -> str:
    """A program that changes a copy of what was shipped; the three faults are repaired unless said otherwise."""
    lines = {"address": 'config["IPAddress"] = given.primary', "path": 'config["ResourcePath"] = "/health"',
             "link": 'records[0]["HealthCheckId"] = records[1].pop("HealthCheckId")', **changes}
    return ("import copy\nshop = copy.deepcopy(given.shipped)\nconfig = shop['HealthCheck']['HealthCheckConfig']\n"
            "records = shop['ResourceRecordSets']\n" + "\n".join(lines.values()))


_SHIPPED = ("192.0.2.10", "198.51.100.20")

TASK = Task(
    id="3.6", title="The pair that stays", points=4, kind=Kind.DEBUG, minutes=7,
    answer="shop", expects="a dict with HealthCheck and ResourceRecordSets, in boto3's spelling",
    given={"primary": _SHIPPED[0], "secondary": _SHIPPED[1], "shipped": broken(*_SHIPPED, "/healthz")},
    draw=draw, check=check, untouched=lambda answer, given: answer == given.shipped,
    misconceptions=("unchecked-primary-fails-over",),
    equivalent_mutants=("line 6: '/health' becomes another text",),     # "/health?" asks for the same page
    hints=("Read the check first. Which machine does it ask, and for which page?",
           "Then read the pair. A check takes the record out of service that carries its id. Which of the two records must "
           "be able to go?",
           "There are three faults: an address, a path, and the place of `HealthCheckId`. Both sites serve `/` and "
           "`/health`."),
    alternatives=(_with(path='config["ResourcePath"] = "/"', link='records[0]["HealthCheckId"] = "shop-us-east-1"\n'
                                                                   'del records[1]["HealthCheckId"]'),),
    wrong_answers=(
        WrongAnswer(_with(link=""), "unchecked-primary-fails-over"),
        WrongAnswer(_with(path="")),
        WrongAnswer(_with(address="")),
        WrongAnswer(_with(address="", link="records[0]['HealthCheckId'] = records[1]['HealthCheckId']")),
        WrongAnswer(_with(link="records[1].pop('HealthCheckId')"), "unchecked-primary-fails-over"),
        WrongAnswer(_with(link="records[0]['Failover'], records[1]['Failover'] = 'SECONDARY', 'PRIMARY'")),
        WrongAnswer(_with() + "\nfor record in records: record['TTL'] = 5"),
        WrongAnswer(_with() + "\nrecords[1]['ResourceRecords'] = records[0]['ResourceRecords']"),
        WrongAnswer("shop = 'health check on the primary'")),
)
