"""Task 2.3: how old the surviving data is, and which orders are lost. Judged with real databases."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.misconceptions import recognise, same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.data import Store


def numbers(start: int, every: int, takes: int, failed_after: int, away: int, lag: int,
            gaps: list[int]) -> dict[str, Any]:
    """Three backups; the fault strikes `failed_after` seconds after the third began, before it is done."""
    backups = [(start + number * every, start + number * every + takes) for number in range(3)]
    failed_at = backups[2][0] + failed_after
    orders, at = [], failed_at - sum(gaps)
    for gap in gaps:
        orders.append(at)
        at += gap
    return {"backups": backups, "replica_lag": lag, "orders": orders, "failed_at": failed_at,
            "restored_at": failed_at + away}


def draw(random: Random) -> dict[str, Any]:
    every, lag = random.randrange(3000, 4200, 60), random.randrange(40, 60)
    # the last two orders lie within the lag, one order within the second backup's run
    gaps = [*(random.randrange(500, 700) for _ in range(9)), random.randrange(100, 200), 17, random.randrange(15, 20)]
    takes = random.randrange(900, 1200, 60)
    return numbers(random.randrange(0, 600), every, takes, takes - random.randrange(100, 300),
                   random.randrange(7200, 9000, 60), lag, gaps)


def lost(given: Given) -> dict[str, list[int]]:
    """Orders that each copy lacks, found by making them: a store at the main site, and one for each copy."""
    with (Store("us-east-1", ":memory:") as main, Store("backup", ":memory:", read_only=True) as backup,
          Store("us-west-2", ":memory:", read_only=True) as replica):
        for at in given.orders:
            main.write(f"order-{at}", "paid", at)
        for begins, ends in given.backups:
            if ends <= given.failed_at:
                backup.apply(main.log_since(0, until=begins), main.epoch, ends)
        replica.apply(main.log_since(0, until=given.failed_at - given.replica_lag), main.epoch, given.failed_at)
        return {name: [int(write.written_at) for write in store.missing(main.history())]
                for name, store in (("backup", backup), ("replica", replica))}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    begins, ends = given.backups[1]
    running = given.backups[2][0]
    age, truth = answer["age"], lost(given)
    if not isinstance(age, int | float):
        return not_quite("Your `age` is not a number.", ask="How many seconds lie between the two moments?")
    if not same(age, given.failed_at - begins):
        start = "Restored from the newest backup that can be used, the data is of another age."
        belief = recognise("data-age", age, last_copy_at=begins, failed_at=given.failed_at,
                           restored_at=given.restored_at)
        if belief:
            return not_quite(start, belief.name)
        if same(age, given.failed_at - running):
            return not_quite(start, ask="Was that backup done when the fault struck?")
        if same(age, given.failed_at - ends):
            return not_quite(start, ask="An order that came while the backup was running: is it in there?")
        return not_quite(start, ask="Which backup was the last to be done before the fault, and what does it hold?")
    for copy in ("backup", "replica"):
        said = sorted(answer[f"lost_with_{copy}"])
        if said != truth[copy]:
            more = ("Some of them did survive." if set(truth[copy]) < set(said)
                    else "Some that are lost are not among them.")
            return not_quite(f"Made in real databases, the orders that the {copy} lacks are others. {more}",
                             ask="Which is the last order that it can have, given when the copy was made?"
                             if copy == "backup" else
                             "How late may an order come, to have arrived when the fault strikes?")
    return passed("Both copies were decided on long before the fault. The restore changed nothing about them: it is "
                  "the other "
                  "distance.")


_ANSWER = ("lost_with_backup=[at for at in given.orders if at > since],\n"
           "           lost_with_replica=[at for at in given.orders if at + given.replica_lag > given.failed_at])")

TASK = Task(
    id="2.3", title="What is lost", points=3, kind=Kind.COMPUTE, minutes=6,
    answer="loss", expects="a dict: age in seconds, lost_with_backup and lost_with_replica as lists of order times",
    given=numbers(300, 3600, 960, 760, 7500, 45, [600, 640, 580, 610, 690, 560, 600, 630, 620, 130, 17, 18]),
    draw=draw, check=check, misconceptions=("rpo-is-the-outage", "rpo-runs-until-restored"),
    # no two moments meet:
    equivalent_mutants=("line 1: LtE becomes Lt", "line 4: Gt becomes GtE", "line 5: Gt becomes GtE"),
    hints=("A backup that is not done is no backup. Which ones were done when the fault struck?",
           "A backup holds what was there when it *began*. Orders that came while it ran are not in it.",
           "The replica gets each order `replica_lag` seconds after it was made. Which orders were still on their "
           "way?"),
    alternatives=("since = max(begins for begins, ends in given.backups if ends <= given.failed_at)\n"
                  "loss = dict(age=given.failed_at - since, " + _ANSWER,
                  "done = [backup for backup in given.backups if backup[1] < given.failed_at]\n"
                  "since = done[-1][0]\nloss = {'age': given.failed_at - since,\n"
                  "        'lost_with_backup': {at for at in given.orders if at > since},\n"
                  "        'lost_with_replica': tuple(at for at in given.orders if given.failed_at - at < "
                  "given.replica_lag)}\n"),
    wrong_answers=(
        WrongAnswer("since = given.backups[1][0]\nloss = dict(age=given.restored_at - given.failed_at, " + _ANSWER,
                    "rpo-is-the-outage"),
        WrongAnswer("since = given.backups[1][0]\nloss = dict(age=given.restored_at - since, " + _ANSWER,
                    "rpo-runs-until-restored"),
        WrongAnswer("since = given.backups[2][0]\nloss = dict(age=given.failed_at - since, " + _ANSWER),
        WrongAnswer("since = given.backups[1][1]\nloss = dict(age=given.failed_at - since, " + _ANSWER),
        WrongAnswer("since = given.backups[1][0]\nloss = dict(age=given.failed_at - since,\n"
                    "            lost_with_backup=[at for at in given.orders if at > given.backups[1][1]], "
                    "lost_with_replica=[])"),
        WrongAnswer("since = given.backups[1][0]\nloss = dict(age=given.failed_at - since,\n"
                    "            lost_with_backup=[at for at in given.orders if at > since], lost_with_replica=[])"),
        WrongAnswer("since = given.backups[0][0]\nloss = dict(age=given.failed_at - since, " + _ANSWER),
        WrongAnswer("loss = dict(age='old', lost_with_backup=[], lost_with_replica=[])"),
        WrongAnswer("loss = 4360")),
)
