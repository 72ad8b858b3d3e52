"""Task 1.4: write a zone. Judged by asking it over a real socket, and again after the shop has moved."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import CachingResolver, Lab, Question
from failover_kit.aws.shapes import record_set_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed


def draw(random: Random) -> dict[str, Any]:
    """Other addresses and another TTL."""
    first, second, third = random.sample(range(2, 250), 3)
    return {"shop": f"192.0.2.{first}", "api": (f"198.51.100.{second}", f"198.51.100.{third}"),
            "ttl": random.choice((20, 30, 45, 90))}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    records = [record_set_from_dict(record) for record in answer]
    moved_to = f"203.0.113.{random.randrange(2, 250)}"
    with Lab.best(speed=20) as lab:
        lab.record(*records)
        return _judged(lab, given, moved_to)


def _judged(lab: Lab, given: Given, moved_to: str) -> Feedback:
    def ask(name: str, type_: str = "A"):
        resolver = CachingResolver(ask=lambda question, now: lab.ask(question.name, question.type))
        return resolver.resolve(Question(f"{name}.", type_), now=0)

    wanted = {"app.example.com": [given.shop], "www.example.com": [given.shop], "example.com": [given.shop],
              "api.example.com": sorted(given.api)}
    for name, addresses in wanted.items():
        told = ask(name)
        if sorted(told.values) != addresses:
            got = ", ".join(told.values) or told.rcode.replace("NOERROR", "no data")
            return not_quite(f"Asked for {name} A, the lab's name server led to {got}.",
                             ask=f"Which record of yours answers for {name}, and with which values?")
        if told.ttl != given.ttl:
            return not_quite(f"The answer for {name} may be kept for {told.ttl} s.",
                             ask="Which TTL did the task ask for, and do all of your records have it?")
    stranger = ask(f"x{given.shop.rpartition('.')[2]}.example.com")
    if stranger.rcode != "NXDOMAIN":
        return not_quite("A name that nobody ordered exists in your zone.",
                         ask="Is there a record whose name stands for other names as well?")
    lab.simple("app.example.com", moved_to, ttl=given.ttl)
    if ask("www.example.com").values != (moved_to,):
        return not_quite("The shop moved, by a change of the record for app.example.com alone, and www.example.com "
                         "still led to the old address.",
                         ask="Which type of record says `look there` instead of giving an address?")
    return passed("The name server answered from your zone, and www followed app when the shop moved. The zone's own "
                  "name cannot follow like that: it holds the NS and SOA records, and a CNAME stands alone.")


def _program(*rows: str, ttl: str = "given.ttl") -> str:
    """An answer: record sets from rows of label, type and values."""
    return (f"rows = [{', '.join(rows)}]\n"
            f"records = [{{'Name': f'{{label}}.example.com'.lstrip('.'), 'Type': kind, 'TTL': {ttl},\n"
            "            'ResourceRecords': [{'Value': value} for value in values]} for label, kind, values in rows]\n")


_APP, _APEX = "('app', 'A', [given.shop])", "('', 'A', [given.shop])"
_WWW, _API = "('www', 'CNAME', ['app.example.com'])", "('api', 'A', given.api)"

TASK = Task(
    id="1.4", title="A zone to order", points=3, kind=Kind.CONFIGURE, minutes=5,
    answer="records", expects="a list of record sets in Route 53's spelling, with all of them fitting into one zone",
    given={"shop": "192.0.2.10", "api": ("198.51.100.20", "198.51.100.21"), "ttl": 60},
    draw=draw, check=check,
    hints=("Four names, four record sets. Three of them give addresses.",
           "A record that gives addresses has type A. A record that leads to another name has type CNAME, and that "
           "name is its only value.",
           "`example.com` itself must be of type A: a CNAME may not stand where other records are, and a zone's own "
           "name always holds NS and SOA. Two addresses are two entries in ResourceRecords."),
    alternatives=(
        _program("('', 'A', [given.shop])", "('api', 'A', given.api[::-1])", _WWW, _APP),
        _program(_APP, _APEX, _API) + "records.append({'Name': 'www.example.com', 'Type': 'A', 'AliasTarget': {\n"
        "   'DNSName': 'app.example.com', 'HostedZoneId': 'Z0FAILOVERKIT00000001', 'EvaluateTargetHealth': False}})\n"),
    wrong_answers=(
        WrongAnswer(_program(_APP, "('www', 'A', [given.shop])", _APEX, _API)),       # has an address of its own
        WrongAnswer(_program(_APP, _WWW, "('', 'CNAME', ['app.example.com'])", _API)),     # a CNAME at the zone's name
        WrongAnswer(_program(_APP, _WWW, _APEX, "('api', 'A', given.api[:1])")),      # one address of two
        WrongAnswer(_program(_APP, _WWW, _APEX, _API, ttl="300")),
        WrongAnswer(_program(_APP, _WWW, _APEX)),
        WrongAnswer(_program(_APP, _APEX, _API, "('*', 'CNAME', ['app.example.com'])")),   # exists for every name
        WrongAnswer("records = [{'Name': 'app.example.com', 'Type': 'A', 'ResourceRecords': [{'Value': given.shop}]}]"),
        WrongAnswer("records = {'app.example.com': given.shop}"),
        WrongAnswer("records = [given.shop]")),
)
