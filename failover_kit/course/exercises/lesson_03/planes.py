"""Task 3.2: what still works on the day when Route 53's API does not. Each action is tried in the lab."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

NAME = "app.example.com"


class _Day:
    """The shop on a day with an impaired API: a pair with a check, a pair of routing controls, boto3's clients."""

    def __init__(self, lab: Lab):
        self.lab = lab
        self.east, self.west = lab.site("us-east-1"), lab.site("us-west-2")
        self.check = lab.health_check(self.east, path="/health", request_interval=10, failure_threshold=2)
        lab.failover(NAME, primary=self.east, secondary=self.west, health_check=self.check)
        self.control = lab.api.routing_control("us-east-1")
        switch = lab.health_check(type="RECOVERY_CONTROL", routing_control_arn=self.control)
        lab.failover(f"pay.{NAME}", primary=self.east, secondary=self.west, health_check=switch)
        self.route53 = lab.api.client("route53")
        self.cluster = lab.api.client("route53-recovery-cluster")
        lab.run(minutes=1)
        lab.api.outage()

    def answer(self, name: str = NAME) -> tuple[str, ...]:
        return self.lab.explain(name).values

    def change(self, record: dict) -> None:
        self.route53.change_resource_record_sets(HostedZoneId=self.lab.zone.id, ChangeBatch={"Changes": [
            {"Action": "UPSERT", "ResourceRecordSet": {"Name": f"new.{NAME}", "Type": "A", "TTL": 60,
                                                       "ResourceRecords": [{"Value": self.west.address}], **record}}]})


def _edit(day: _Day) -> bool:
    day.change({})
    return True


def _weight(day: _Day) -> bool:
    day.change({"SetIdentifier": "west", "Weight": 100})
    return True


def _new_check(day: _Day) -> bool:
    day.route53.create_health_check(CallerReference="today", HealthCheckConfig={
        "Type": "TCP", "IPAddress": day.west.address, "Port": 80})
    return True


def _invert(day: _Day) -> bool:
    day.route53.update_health_check(HealthCheckId=day.check.id, Inverted=True)
    return True


def _fail_over(day: _Day) -> bool:
    day.east.fail("crash")
    day.lab.run(minutes=2)
    return day.answer() == (day.west.address,)


def _fail_back(day: _Day) -> bool:
    _fail_over(day)
    day.east.repair()
    day.lab.run(minutes=2)
    return day.answer() == (day.east.address,)


def _turn_off(day: _Day) -> bool:
    day.cluster.update_routing_control_state(RoutingControlArn=day.control, RoutingControlState="Off")
    return day.answer(f"pay.{NAME}") == (day.west.address,)


def _answer(day: _Day) -> bool:
    return day.lab.ask(NAME).rcode == "NOERROR"


ACTIONS: dict[str, tuple[str, Callable[[_Day], bool]]] = {
    "edit": ("point a record at the standby's address, with boto3", _edit),
    "weight": ("give the standby's weighted record the weight 100", _weight),
    "new-check": ("create a health check for the standby", _new_check),
    "invert": ("set Inverted on the primary's health check", _invert),
    "fail-over": ("the primary crashes; its health check moves the answer", _fail_over),
    "fail-back": ("the primary is repaired; its health check moves the answer back", _fail_back),
    "control": ("turn a routing control Off through its cluster's own endpoints", _turn_off),
    "answer": ("answer questions about records that are there", _answer),
}
CHANGES, USES = ("edit", "weight", "new-check", "invert"), ("fail-over", "fail-back", "control", "answer")


@cache
def works(action: str) -> bool:
    """Whether this action succeeds in the lab while the API is impaired."""
    from botocore.exceptions import ClientError

    with Lab.virtual(seed=3) as lab:
        try:
            return ACTIONS[action][1](_Day(lab))
        except ClientError:
            return False


def draw(random: Random) -> dict[str, Any]:
    chosen = [*random.sample(CHANGES, 3), *random.sample(USES, 3)]
    random.shuffle(chosen)
    return {"actions": {name: ACTIONS[name][0] for name in chosen}}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    said = set(answer)
    strangers = sorted(said - set(given.actions))
    if strangers:
        return not_quite(f"There is no action {strangers[0]!r}.", ask="Did you use the short names in `given.actions`?")
    for name, words in given.actions.items():
        if works(name) and name not in said:
            return not_quite(f"The lab tried it with an impaired API, and it worked: {words}.",
                             "control-plane-outage-stops-failover")
        if not works(name) and name in said:
            return not_quite(f"The lab tried it with an impaired API, and it was refused: {words}.",
                             "records-can-always-be-edited")
    return passed("What changes something needs the control plane. What uses something that is there does not.")


TASK = Task(
    id="3.2", title="The day without an API", points=2, kind=Kind.PREDICT, minutes=4,
    answer="still_works", expects="a set of short names from `given.actions`",
    given={"actions": {name: ACTIONS[name][0]
                       for name in ("edit", "fail-over", "new-check", "control", "invert", "answer")}},
    draw=draw, check=check,
    misconceptions=("control-plane-outage-stops-failover", "records-can-always-be-edited"),
    hints=("Sort the actions into two heaps: those that change what is set up, and those that use it.",
           "The control plane is the API in which records and checks are made and changed. Probing, deciding and "
           "answering are the data plane.",
           "A routing control is a switch that was made to be thrown on such a day: it is not thrown through Route 53's "
           "own API."),
    alternatives=(
        'still_works = [name for name, words in given.actions.items()\n'
        '               if not words.startswith(("point", "give", "create", "set"))]\n',),
    wrong_answers=(
        WrongAnswer("still_works = set(given.actions)", "records-can-always-be-edited"),
        WrongAnswer("still_works = set(given.actions) - {'edit', 'weight', 'new-check', 'invert', 'fail-over', "
                    "'fail-back'}", "control-plane-outage-stops-failover"),
        WrongAnswer("still_works = {'everything'}"),
        WrongAnswer("still_works = 4")),
)
