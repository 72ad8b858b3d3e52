"""Task 5.4: a tree built from nothing, weights under a failover pair. Judged on all health patterns and an outage."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from failover_kit import Lab, Status, places
from failover_kit.aws.shapes import record_set_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.faults import Site
from failover_kit.routing import Router

NAME = "app.example.com."
SERVERS = {"big": "us-east-1", "small": "us-east-1", "standby": "us-west-2"}
PROBED_FROM = ("us-west-2", "eu-west-1", "ap-southeast-2")


def numbers(last: int, times: int, ttl: int) -> dict[str, Any]:
    return {"big": f"192.0.2.{last}", "small": f"192.0.2.{last + 1}", "standby": f"198.51.100.{last}", "times": times,
            "ttl": ttl,
            "checks": {server: f"check-{server}" for server in SERVERS}, "zone_id": "Z0FAILOVERKIT00000001"}


def draw(random: Random) -> dict[str, Any]:
    return numbers(random.randrange(10, 250), random.randrange(2, 10), random.choice((20, 30, 45, 60)))


def wanted(up: dict[str, bool], times: int) -> dict[str, Fraction]:
    """Each server's share, from the statement alone: the primary Region while one of it is up, else the standby."""
    both_down = not (up["big"] or up["small"])
    if both_down and up["standby"]:
        return {"big": Fraction(0), "small": Fraction(0), "standby": Fraction(1)}
    parts = {"big": times * (up["big"] or both_down), "small": 1 * (up["small"] or both_down), "standby": 0}
    return {server: Fraction(part, sum(parts.values())) for server, part in parts.items()}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    records = [record_set_from_dict(raw, given.zone_id) for raw in answer]
    addresses = {given[server]: server for server in SERVERS}
    for raw, record in zip(answer, records, strict=True):
        if record.alias and raw["AliasTarget"].get("HostedZoneId") != given.zone_id:
            return not_quite(f"{record.label} is an alias, but not into this zone.",
                             ask="Which zone id did the task give?")
        if not record.alias and record.ttl != given.ttl:
            return not_quite(f"{record.label} has a TTL of {record.ttl} s.", ask="Which TTL did the task ask for?")
        if strangers := set(record.values) - set(addresses):
            return not_quite(f"{record.label} holds {', '.join(sorted(strangers))}, none of the three servers.",
                             ask="Did you take the addresses from `given`?")
    with Lab.virtual(seed=random.randrange(1000)) as lab:
        sites = {server: lab.open_site(Site(server, places.region(region), (given[server],)))
                 for server, region in SERVERS.items()}
        for server, site in sites.items():
            lab.health_check(site, path="/health", id=given.checks[server], regions=PROBED_FROM)
        lab.record(*records)
        if (NAME, "A") not in lab.zone.groups:
            return not_quite(f"The zone has no record set of type A at {NAME}", ask="Which name do the users ask for?")
        return _patterns(lab, given, addresses) or _outage(lab, sites, random) or passed(
            "Eight patterns of health, eight right answers, and a Region lost and found again. Health went up the "
            "tree, the choice came down.")


def _patterns(lab: Lab, given: Given, addresses: dict[str, str]) -> Feedback | None:
    """The exact shares for each pattern of health; None when all are right."""
    for pattern in product((True, False), repeat=len(SERVERS)):
        up = dict(zip(SERVERS, pattern, strict=True))
        statuses = {given.checks[server]: Status.HEALTHY if up[server] else Status.UNHEALTHY for server in SERVERS}
        shares = dict.fromkeys(SERVERS, Fraction(0))
        for outcome in Router(lab.zone, statuses).outcomes(lab.zone.group(NAME, "A")):
            for record in outcome.pool:
                shares[addresses[record.values[0]]] += outcome.probability
        right = wanted(up, given.times)
        if shares != right:
            down = ", ".join(server for server in SERVERS if not up[server]) or "nothing"
            got = ", ".join(f"{server} {share}" for server, share in shares.items() if share)
            return not_quite(f"With {down} unhealthy, your tree answers: {got}.", _belief(up, shares),
                             ask="" if _belief(up, shares)
                             else "Who should share the answers now, and in which proportion?")
    return None


def _belief(up: dict[str, bool], shares: dict[str, Fraction]) -> str | None:
    if all(up.values()) and shares["standby"]:
        return "failover-shares-the-load"
    return None


def _outage(lab: Lab, sites: dict[str, Any], random: Random) -> Feedback | None:
    """The primary Region goes dark and comes back, in front of real checkers; None when its users are served."""
    for server in ("big", "small"):
        sites[server].fail(random.choice(("crash", "blackout")))
    lab.run(minutes=3)
    if lab.visit(NAME).site != "standby":
        return not_quite("The primary Region went dark, and three minutes later users are not at the standby.",
                         ask="Which check does each of your records carry, and which server does that check watch?")
    sites["small"].repair()
    lab.run(minutes=3)
    if lab.visit(NAME).site != "small":
        return not_quite("The small server is back after an outage of the Region, and users are not.",
                         ask="When does the alias count as healthy again?")
    return None


_PARTS = """
def leaf(name, server, **policy):
    return {{"Name": name, "Type": "A", "TTL": given.ttl, "SetIdentifier": server,
            "HealthCheckId": given.checks[server], "ResourceRecords": [{{"Value": given[server]}}], **policy}}
def alias(**policy):
    return {{"Name": "app.example.com", "Type": "A", "SetIdentifier": "primary", **policy, "AliasTarget": {{
        "HostedZoneId": given.zone_id, "DNSName": "east.example.com", "EvaluateTargetHealth": True}}}}
records = [{records}]
"""


def _tree(*records: str) -> str:
    return _PARTS.format(records=", ".join(records))


_BIG = 'leaf("east.example.com", "big", Weight=given.times)'
_SMALL = 'leaf("east.example.com", "small", Weight=1)'
_PRIMARY, _STANDBY = 'alias(Failover="PRIMARY")', 'leaf("app.example.com", "standby", Failover="SECONDARY")'

TASK = Task(
    id="5.4", title="A tree of your own", points=4, kind=Kind.CONFIGURE, minutes=8,
    answer="records", expects="a list of ResourceRecordSets in boto3's spelling",
    given=numbers(10, 3, 60), draw=draw, check=check,
    misconceptions=("failover-shares-the-load",),
    equivalent_mutants=("line 10: 'primary' becomes another text",),     # any other set identifier will do
    hints=("A failover pair has two records, and you have three servers. Which two of them must stand behind one "
           "record?",
           "Give the two servers in us-east-1 a name of their own, with a weight each. The primary is then an alias "
           "for that name, in the same zone.",
           "Four record sets: two weighted ones, an alias that is PRIMARY, and one that is SECONDARY. An alias has no "
           "TTL and no values, and `AliasTarget` has three keys. In a failover pair `EvaluateTargetHealth` is true."),
    alternatives=(
        _tree(_PRIMARY, _STANDBY, _SMALL, _BIG),
        _tree('leaf("east.example.com", "big", Weight=given.times * 10)',
              'leaf("east.example.com", "small", Weight=10)',
              "alias(Weight=1)", 'leaf("app.example.com", "standby", Weight=0)')),
    wrong_answers=(
        WrongAnswer(_tree('leaf("app.example.com", "big", Weight=given.times)',
                          'leaf("app.example.com", "small", Weight=1)',
                          'leaf("app.example.com", "standby", Weight=1)'), "failover-shares-the-load"),
        WrongAnswer(_tree('leaf("app.example.com", "big", Weight=given.times)',
                          'leaf("app.example.com", "small", Weight=1)',
                          'leaf("app.example.com", "standby", Weight=0)') + "records[0]['Weight'] = 1"),
        WrongAnswer(_tree('leaf("east.example.com", "big", Weight=1)', _SMALL, _PRIMARY, _STANDBY)),
        WrongAnswer(_tree(_BIG, _SMALL, _PRIMARY, _STANDBY) + "del records[1]['HealthCheckId']"),
        WrongAnswer(_tree(_BIG, _SMALL, _PRIMARY, _STANDBY) + "records[0]['HealthCheckId'] = given.checks['standby']"),
        WrongAnswer(_tree(_BIG, _SMALL, _PRIMARY, _STANDBY)
                    + "records[2]['AliasTarget']['EvaluateTargetHealth'] = False"),
        WrongAnswer(_tree(_BIG, _SMALL, _PRIMARY, _STANDBY) + "records[2]['AliasTarget']['HostedZoneId'] = 'Z123'"),
        WrongAnswer(_tree(_BIG, _SMALL, _PRIMARY, _STANDBY) + "del records[2]['AliasTarget']['HostedZoneId']"),
        WrongAnswer(_tree(_BIG, _SMALL, _PRIMARY, _STANDBY) + "records[0]['TTL'] = 86400"),
        WrongAnswer(_tree(_BIG, _SMALL)),
        WrongAnswer(_tree('leaf("app.example.com", "big", Failover="PRIMARY")', _STANDBY)),
        WrongAnswer("records = {'Name': 'app.example.com'}")),
)
