"""Task 1.5: repair a zone as people really ship them. Judged in the lab, before and after the shop moves."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import CachingResolver, ConfigurationError, Lab, Question
from failover_kit.aws.shapes import record_set_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

NAMES = ("app.example.com", "www.example.com", "example.com", "status.example.com")
FOLLOWERS = ("www.example.com", "status.example.com")
OUTCOMES = {"NXDOMAIN": "no such name", "NOERROR": "no data"}
MAIL = "10 mail.example.net"


def record(name: str, type_: str, value: str) -> dict[str, Any]:
    """One record set in Route 53's spelling."""
    return {"Name": name, "Type": type_, "TTL": 60, "ResourceRecords": [{"Value": value}]}


def broken(address: str) -> list[dict[str, Any]]:
    """The zone as it is handed out, with four mistakes."""
    return [record("app.example.com.example.com", "A", address),      # the zone's name was appended once more
            record("example.com", "CNAME", "app.example.com"),        # a CNAME at the zone's own name
            record("www.example.com", "A", address),
            record("www.example.com", "CNAME", "app.example.com"),    # a CNAME beside another record
            record("status.example.com", "CNAME", "app"),             # a name without its domain
            record("example.com", "MX", MAIL)]


def draw(random: Random) -> dict[str, Any]:
    address = f"192.0.2.{random.randrange(2, 250)}"
    return {"shop": address, "zone": broken(address)}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    records = [record_set_from_dict(one) for one in answer]
    moved_to = f"203.0.113.{random.randrange(2, 250)}"
    with Lab.virtual(seed=random.getrandbits(30)) as lab:
        try:
            lab.record(*records)
        except ConfigurationError as error:
            return not_quite(f"Route 53 would refuse this zone. {error}",
                             ask="Which two records are in each other's way, and which one of them should stay?")
        return _judged(lab, given, moved_to)


def _judged(lab: Lab, given: Given, moved_to: str) -> Feedback:
    def ask(name: str, type_: str = "A"):
        resolver = CachingResolver(ask=lambda question, now: lab.ask(question.name, question.type))
        return resolver.resolve(Question(f"{name}.", type_), now=0)

    for name in NAMES:
        told = ask(name)
        if told.values != (given.shop,):
            way = " -> ".join([f"{name}.", *told.chain])
            outcome = ", ".join(told.values) or OUTCOMES.get(told.rcode, "no answer")
            return not_quite(f"The zone is accepted, but {name} does not lead to the shop: {way} ended with {outcome}.",
                             ask="Read the last name on that way letter by letter. Is it what was meant?")
    if ask("example.com", "MX").values[:1] != (f"{MAIL}.",):
        return not_quite("The shop's mail is gone: the MX record was in order.",
                         ask="Which of the records is about mail, and does it hinder any other?")
    lab.simple("app.example.com", moved_to, ttl=60)
    for name in FOLLOWERS:
        if ask(name).values != (moved_to,):
            return not_quite(f"The shop moved, by a change of the record for app.example.com. {name} did not follow.",
                             ask=f"What was the CNAME of {name} for?")
    return passed("Two of the four mistakes would have been refused. The other two would have been accepted without a "
                  "word, and led users nowhere.")


TASK = Task(
    id="1.5", title="A zone that leads nowhere", points=3, kind=Kind.DEBUG, minutes=5,
    answer="records", expects="a list of record sets in Route 53's spelling",
    given={"shop": "192.0.2.10", "zone": broken("192.0.2.10")}, draw=draw, check=check,
    untouched=lambda answer, given: answer == given.zone,
    hints=("Read each record aloud: `this name leads to that`. And ask of each name: what else is there?",
           "A CNAME stands alone at its name, and the zone's own name is never alone. Names and values are complete "
           "names: nothing is added to them.",
           "One name is too long, one value too short. Of the two records for www, the CNAME can follow the shop. For "
           "the zone's own name, only a record with an address is left."),
    alternatives=(
        "from copy import deepcopy\n"
        "records = deepcopy(given.zone)\n"
        "records[0]['Name'] = 'app.example.com.'\n"
        "records[1] = {'Name': 'example.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': given.shop}]}\n"
        "records[4]['ResourceRecords'] = [{'Value': 'app.example.com'}]\n"
        "del records[2]\n",
        "def record(name, kind, value, ttl=300):\n"
        "    return {'Name': name, 'Type': kind, 'TTL': ttl, 'ResourceRecords': [{'Value': value}]}\n"
        "records = [record('app.example.com', 'A', given.shop), record('example.com', 'A', given.shop),\n"
        "           record('www.example.com', 'CNAME', 'status.example.com'),\n"
        "           record('status.example.com', 'CNAME', 'app.example.com'), given.zone[-1]]\n"),
    wrong_answers=(
        WrongAnswer("records = [record for record in given.zone if record['Type'] != 'CNAME']"),
        WrongAnswer("records = given.zone[2:3] + given.zone[-1:]"),
        WrongAnswer(      # the relative name is still there
            "records = deepcopy(given.zone)\n"
            "records[0]['Name'] = 'app.example.com'\n"
            "records[1].update(Type='A', ResourceRecords=[{'Value': given.shop}])\n"
            "del records[2]"),
        WrongAnswer(      # www keeps the address and does not follow
            "records = deepcopy(given.zone)\n"
            "records[0]['Name'] = 'app.example.com'\n"
            "records[1].update(Type='A', ResourceRecords=[{'Value': given.shop}])\n"
            "records[4]['ResourceRecords'] = [{'Value': 'app.example.com'}]\n"
            "del records[3]"),
        WrongAnswer(      # everything has an address of its own
            "records = [{'Name': name, 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': given.shop}]}\n"
            "           for name in ('app.example.com', 'www.example.com', 'example.com', 'status.example.com')]\n"
            "records.append(given.zone[-1])"),
        WrongAnswer(      # right, but without the mail
            "records = deepcopy(given.zone)\n"
            "records[0]['Name'] = 'app.example.com'\n"
            "records[1].update(Type='A', ResourceRecords=[{'Value': given.shop}])\n"
            "records[4]['ResourceRecords'] = [{'Value': 'app.example.com'}]\n"
            "del records[5], records[2]"),
        WrongAnswer("records = given.shop")),
)
