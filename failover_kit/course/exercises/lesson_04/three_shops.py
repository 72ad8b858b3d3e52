"""Task 4.5: three failover pairs that never fail over, each for a reason of its own. Judged by crashing the sites."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.aws.files import zone_from_documents
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.faults import Site
from failover_kit.places import region

MISTAKES = ("swapped", "disabled", "shared")
NAMES = ("books", "flowers", "tea")
ROLES = ("PRIMARY", "SECONDARY")
REGIONS = ("us-east-1", "us-west-2")
SETTLE = 3.0                 # minutes for checks to follow, at 30 s and a threshold of 3
ZONE = "example.com."


def shop(name: str, mistake: str, first: int) -> dict[str, Any]:
    """One pair and its two checks in Route 53's spelling, with one mistake."""
    addresses = [f"192.0.2.{first}", f"198.51.100.{first}"]
    ids = [f"check-{name}-{first + number}" for number in (1, 2)]
    named = {"swapped": ids[::-1], "disabled": ids, "shared": [ids[0]] * 2}[mistake]
    records = [{"Name": f"{name}.{ZONE}", "Type": "A", "TTL": 60, "SetIdentifier": role.lower(), "Failover": role,
                "ResourceRecords": [{"Value": address}], "HealthCheckId": id_}
               for role, address, id_ in zip(ROLES, addresses, named, strict=True)]
    checks = [{"Id": id_, "HealthCheckConfig": {
        "Type": "HTTP", "IPAddress": address, "Disabled": mistake == "disabled" and address == addresses[0]}}
        for id_, address in zip(ids, addresses, strict=True)]
    return {"ResourceRecordSets": records, "HealthChecks": checks}


def shops(mistakes: tuple[str, ...], first: int) -> dict[str, dict[str, Any]]:
    return {name: shop(name, mistake, first + 10 * place)
            for place, (name, mistake) in enumerate(zip(NAMES, mistakes, strict=True))}


def draw(random: Random) -> dict[str, Any]:
    return {"shops": shops(tuple(random.sample(MISTAKES, 3)), random.randint(10, 200))}


def endpoints(document: dict[str, Any]) -> dict[str, str]:
    """{"PRIMARY": address, "SECONDARY": address}"""
    return {record["Failover"]: record["ResourceRecords"][0]["Value"] for record in document["ResourceRecordSets"]}


def drilled(name: str, document: dict[str, Any], seed: int) -> dict[str, str]:
    """Which role's address users got: at first, with the primary down, after its repair, with the secondary down."""
    loaded = zone_from_documents({**document, "HostedZone": {"Id": "/hostedzone/ZSHOPS", "Name": ZONE,
                                                            "CallerReference": "shops"}})
    at = {address: role for role, address in endpoints(document).items()}
    with Lab.virtual(seed) as lab:
        site = {role: lab.open_site(Site(role, region(code), (address,)))
                for (address, role), code in zip(at.items(), REGIONS, strict=True)}
        lab.load(loaded.zone, loaded.health_checks, open_sites=False)
        steps = {"with both sites up": lambda: None, "while the primary is down": site["PRIMARY"].fail,
                 "after the primary's repair": site["PRIMARY"].repair,
                 "while the secondary is down": site["SECONDARY"].fail}
        landed = {}
        for moment, act in steps.items():
            act()
            lab.run(minutes=SETTLE)
            landed[moment] = at[lab.visit(f"{name}.{ZONE}").address]
        return landed


WANTED = {"with both sites up": "PRIMARY", "while the primary is down": "SECONDARY",
          "after the primary's repair": "PRIMARY", "while the secondary is down": "PRIMARY"}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for name, before in given.shops.items():
        if name not in answer:
            return not_quite(f"The shop {name!r} is missing from your answer.",
                             ask="Did you change a copy of `given.shops`?")
        after = answer[name]
        if endpoints(after) != endpoints(before):
            return not_quite(f"{name}: the record sets answer other addresses than they did.",
                             ask="The addresses are right; what decides which of them is answered?")
        landed = drilled(name, after, random.getrandbits(30))
        for moment, role in landed.items():
            if role != WANTED[moment]:
                return not_quite(f"{name}: {moment}, users are sent to the {role.lower()}.", _cause(after),
                                 ask="Which check does each record name, what does it watch, and is it awake?")
    return passed("Three different mistakes, and one symptom: the primary goes down, and nobody moves.")


def _cause(document: dict[str, Any]) -> str | None:
    """The belief behind a mistake that is still there."""
    watches = {one["Id"]: one["HealthCheckConfig"] for one in document["HealthChecks"]}
    primary = next(record for record in document["ResourceRecordSets"] if record["Failover"] == "PRIMARY")
    config = watches.get(primary.get("HealthCheckId"))
    if config is None:
        return "unchecked-primary-fails-over"
    if config["IPAddress"] != primary["ResourceRecords"][0]["Value"]:
        return "check-follows-the-record"
    return "disabled-means-unhealthy" if config.get("Disabled") else None


_START = "import copy\nshops = copy.deepcopy(given.shops)\nfor shop in shops.values():\n"
_AWAKE = "    for check in shop['HealthChecks']:\n        check['HealthCheckConfig'].pop('Disabled')\n"
_OWN = ("    for record in shop['ResourceRecordSets']:\n"
        "        for check in shop['HealthChecks']:\n"
        "            if check['HealthCheckConfig']['IPAddress'] == record['ResourceRecords'][0]['Value']:\n"
        "                record['HealthCheckId'] = check['Id']\n")
_APART = ("    first, second = shop['ResourceRecordSets']\n"
          "    if first['HealthCheckId'] == second['HealthCheckId']:\n        del second['HealthCheckId']\n")

TASK = Task(
    id="4.5", title="Three shops that stay where they are", points=4, kind=Kind.DEBUG, minutes=7,
    answer="shops", expects="given.shops, repaired: {name: {'ResourceRecordSets': [...], 'HealthChecks': [...]}}",
    given={"shops": shops(MISTAKES, 10)}, draw=draw, check=check,
    equivalent_mutants=("line 6: 0 becomes -1",),        # a record has one value here
    untouched=lambda answer, given: answer == given.shops,
    misconceptions=("check-follows-the-record", "disabled-means-unhealthy", "unchecked-primary-fails-over"),
    hints=("Draw two columns for each shop: what each record answers, and what the check that it names watches.",
           "A record without a check, a check that sleeps, and a check that two records share have this in common: the "
           "status cannot tell the two records apart.",
           "In one shop the two ids are the wrong way round, in one both records name the same check, and in one a "
           "check has been switched off."),
    alternatives=(
        _START + _AWAKE + _OWN,
        _START + _AWAKE + _APART + "    ids = [check['Id'] for check in shop['HealthChecks']]\n"
        "    if [record.get('HealthCheckId') for record in shop['ResourceRecordSets']] == ids[::-1]:\n"
        "        for record, id_ in zip(shop['ResourceRecordSets'], ids):\n"
        "            record['HealthCheckId'] = id_\n"),
    wrong_answers=(
        WrongAnswer(_START + _AWAKE + _APART, "check-follows-the-record"),
        WrongAnswer(_START + _OWN, "disabled-means-unhealthy"),
        WrongAnswer(_START + "    del shop['ResourceRecordSets'][0]['HealthCheckId']\n",
                    "unchecked-primary-fails-over"),
        WrongAnswer(_START + _AWAKE + "    ids = [check['Id'] for check in shop['HealthChecks']]\n"
                    "    names = [record['HealthCheckId'] for record in shop['ResourceRecordSets']]\n"
                    "    if names == ids[::-1]:\n        for record, id_ in zip(shop['ResourceRecordSets'], ids):\n"
                    "            record['HealthCheckId'] = id_\n"),
        WrongAnswer("shops = {}"),
        WrongAnswer("shops = [*given.shops]")))
