"""Task 6.5: a plan that takes a name away for a minute. The learner's plan is run in the lab, with users, and then "
  "drilled."""

from __future__ import annotations

from random import Random
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from failover_kit import Lab
from failover_kit.cache import HONEST, POLICIES
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.timeline import Request

CHECK = "check-us-east-1"
PRIMARY, SECONDARY = "127.0.1.10", "127.0.2.10"      # where the lab's first sites in these Regions stand
PAUSE, FIRST, CRASH, END = 60, 120, 1500, 2000       # seconds: between batches; the first one; the drill
USERS = 12
MAY_FAIL = 180                                       # seconds from the crash: detection, one advised TTL, some slack


def record(name: str, ttl: int, address: str, **more: str) -> dict[str, Any]:
    return {"Name": name, "Type": "A", "TTL": ttl, **more, "ResourceRecords": [{"Value": address}]}


def plan(name: str, old_ttl: int) -> list[dict[str, Any]]:
    """What was about to be run: take the simple record out; a minute later put the pair in, with a TTL of a day."""
    pair = [record(name, 86_400, PRIMARY, SetIdentifier="primary", Failover="PRIMARY", HealthCheckId=CHECK),
            record(name, 86_400, SECONDARY, SetIdentifier="secondary", Failover="SECONDARY")]
    return [{"Comment": "take the old record out",
             "Changes": [{"Action": "DELETE", "ResourceRecordSet": record(name, old_ttl, PRIMARY)}]},
            {"Comment": "put the pair in",
             "Changes": [{"Action": "CREATE", "ResourceRecordSet": half} for half in pair]}]


def draw(random: Random) -> dict[str, Any]:
    name = f"{random.choice(('shop', 'www', 'pay', 'api'))}.example.com."
    return {"name": name, "batches": plan(name, random.choice((30, 45, 60)))}


def _apply(lab: Lab, batches: list[dict], refused: list[str]) -> None:
    route53 = lab.api.client("route53")

    def submit(batch: dict) -> None:
        try:
            route53.change_resource_record_sets(HostedZoneId=lab.zone.id, ChangeBatch=batch)
        except ClientError as error:
            refused.append(error.response["Error"]["Message"])
        except ParamValidationError as error:
            refused.append(str(error).splitlines()[-1])

    for number, batch in enumerate(batches):
        lab.at(FIRST + PAUSE * number, lambda batch=batch: submit(batch))


def _lost(lab: Lab, since: float, until: float) -> int:
    """Users with a failed request in this time."""
    return len({request.user for request in lab.timeline.of(Request, since, until) if not request.ok})


def check(answer: Any, given: Given, random: Random) -> Feedback:
    batches, refused = list(answer), []
    if not 1 <= len(batches) <= 5:
        return not_quite(f"Your plan has {len(batches)} batches.", ask="How many calls does this change need?")
    with Lab.virtual(seed=random.randrange(1000)) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        lab.health_check(east, path="/health", id=CHECK)
        old = given.batches[0]["Changes"][0]["ResourceRecordSet"]
        lab.simple(given.name, east, ttl=old["TTL"])
        lab.users(USERS, given.name, every=5, caches=(random.choice((HONEST, POLICIES["Unbound"])),))
        _apply(lab, batches, refused)
        lab.at(CRASH, lambda: east.fail(random.choice(("crash", "blackout"))))
        lab.run(END)
        if refused:
            return not_quite(f"Route 53 refused a batch: {refused[0]}",
                             ask="A batch is carried out as a whole. What would the zone look like after this one?")
        if lost := _lost(lab, 0, CRASH):
            down = max(lab.timeline.downtimes(0, CRASH).values())
            return not_quite(f"Nothing was broken, and {lost} of {USERS} users had no address, for up to {down:.0f} s.",
                             "negative-answers-are-not-kept")
        if lab.visit(given.name).site != west.name:
            return not_quite("Nobody lost the name. But when the primary failed, the name servers did not answer the "
                             "standby.",
                             ask="What does your plan leave in the zone, and which check does it name?")
        if _lost(lab, CRASH + MAY_FAIL, END):
            return not_quite(f"Nobody lost the name. But {MAY_FAIL} s after the primary failed, there were users "
                             "without service.", ask="For how long may a resolver keep what your pair answers?")
    return passed("One batch, carried out as a whole: no resolver ever heard that the name does not exist, so there "
                  "was nothing to remember for 15 minutes.")


_CHANGES = "[change for batch in given.batches for change in batch['Changes']]"
_ONE = ("import copy\nbatches = copy.deepcopy(given.batches)\n"
        "changes = [change for batch in batches for change in batch['Changes']]\n")

TASK = Task(
    id="6.5", title="A hole of one minute", points=3, kind=Kind.DEBUG, minutes=7, seconds=10.0,
    answer="batches", expects="a list of change batches, in boto3's spelling: dicts with Changes",
    given={"name": "app.example.com.", "batches": plan("app.example.com.", 60)}, draw=draw, check=check,
    untouched=lambda answer, given: answer == given.batches,
    misconceptions=("negative-answers-are-not-kept",),
    equivalent_mutants=("line 7: 60 becomes 61", "line 7: 60 becomes 59"),      # as good as a TTL of 60
    hints=("What does a resolver hear that asks between the two batches, and for how long does it keep that?",
           "All changes of one batch take effect together. Deleting and creating may stand in the same batch.",
           "Make one batch of the three changes. Then look at the TTL of the pair: what would the users live through "
           "in an outage?"),
    alternatives=(
        "first, second = given.batches\n"
        "old, pair = first['Changes'][0], [c['ResourceRecordSet'] for c in second['Changes']]\n"
        "batches = ({'Changes': [old] + [{'Action': 'UPSERT', 'ResourceRecordSet': dict(half, TTL=30)} for half in "
        "pair]},)\n",
        _ONE + "for change in changes[1:]:\n    change['ResourceRecordSet']['TTL'] = 60\n"
               "batches = [{'Changes': changes[:2]}, {'Changes': changes[2:]}]\n"),
    wrong_answers=(
        WrongAnswer(_ONE + "for change in changes[1:]:\n    change['ResourceRecordSet']['TTL'] = 60\n",
                    "negative-answers-are-not-kept"),
        WrongAnswer(f"batches = [{{'Changes': {_CHANGES}}}]"),
        WrongAnswer(_ONE + "for change in changes:\n    change['ResourceRecordSet']['TTL'] = 60\n"
                           "changes[0]['ResourceRecordSet']['TTL'] = 300\nbatches = [{'Changes': changes}]\n"),
        WrongAnswer("batches = given.batches[::-1]"),
        WrongAnswer(_ONE + "del changes[1]['ResourceRecordSet']['HealthCheckId']\nbatches = [{'Changes': changes}]\n"),
        WrongAnswer(_ONE + "batches = [{'Changes': changes[1:]}]\n"),
        WrongAnswer("batches = given.batches[:1]", "negative-answers-are-not-kept"),
        WrongAnswer("batches = []"),
        WrongAnswer("batches = [{'Change': []}]"),
        WrongAnswer("batches = 'UPSERT'")),
)
