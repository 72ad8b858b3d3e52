"""Task 7.1: what a crash cost, read from a trace of the replication."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.misconceptions import same
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.data import Replication, Store


def numbers(random: Random) -> dict[str, Any]:
    """The trace of a real replication: (written_at, arrived_at) of each write, in seconds."""
    interval, lag = random.choice((2.0, 3.0, 4.0)), random.choice((1.5, 2.5, 3.5))
    moments = sorted({round(random.uniform(0, 40), 1) for _ in range(40)})
    arrived: dict[str, float] = {}
    with Store("east", ":memory:") as east, Store("west", ":memory:", read_only=True) as west:
        link = Replication(east, west, lag_seconds=lag, interval_seconds=interval)
        for moment in moments:
            link.pump(moment)
            east.write(f"order-{moment}", "mug", moment)
        while (now := link.next_arrival()) is not None:
            link.pump(now)
        for write in west.history():
            arrived[write.key] = write.stored_at
    trace = [(moment, round(arrived[f"order-{moment}"], 1)) for moment in moments]
    middle = random.randrange(16, 24)
    crashed_at = round(moments[middle] + 0.05, 2)
    return {"trace": trace, "crashed_at": crashed_at, "served_at": crashed_at + random.randrange(90, 150)}


def draw(random: Random) -> dict[str, Any]:
    while True:
        drawn = numbers(random)
        gone = [write for write in drawn["trace"] if write[0] <= drawn["crashed_at"] < write[1]]
        later = [write for write in drawn["trace"] if write[1] > drawn["crashed_at"]]
        there = [write for write in drawn["trace"] if write[1] <= drawn["crashed_at"]]
        if 3 <= len(gone) < len(later) and there:
            return drawn


def check(answer: Any, given: Given, random: Random) -> Feedback:
    writes, seconds = answer
    crash = given.crashed_at
    gone = [written for written, arrived in given.trace if written <= crash < arrived]
    right = len(gone), crash - min(gone)
    if same(writes, right[0]) and same(seconds, right[1]):
        return passed("Two numbers for one crash. The seconds belong to the design; the writes grow with the number of "
                      "users.")
    if same(writes, 0):
        return not_quite("Some of those writes were confirmed, and are not there.", "replication-loses-nothing")
    if same(writes, right[0]) and same(seconds, given.served_at - crash):
        return not_quite("The writes are right. The seconds are not.", "rpo-is-the-outage")
    if same(writes, sum(arrived > crash for _, arrived in given.trace)):
        return not_quite("You count writes that were never made: the primary was dead by then.",
                         ask="Which writes had been confirmed to somebody when it crashed?")
    if same(writes, right[0]):
        return not_quite("The number of writes is right. The age is not.",
                         ask="Which of the lost writes is the oldest, and how far before the crash was it made?")
    return not_quite("That is not what the standby lacks.",
                     ask="When is a write safe: when it is made, or when it has arrived?")


TASK = Task(
    id="7.1", title="What the crash cost", points=2, kind=Kind.COMPUTE, minutes=5,
    answer="cost", expects="a pair of numbers, (lost writes, RPO in seconds)",
    given=draw(Random(7)), draw=draw, check=check,
    misconceptions=("replication-loses-nothing", "rpo-is-the-outage"),
    equivalent_mutants=("line 1: LtE becomes Lt", "line 1: Lt becomes LtE"),      # no write has the crash's own moment
    hints=("Go through the trace write by write, and ask twice: was it confirmed before the crash? Had it arrived?",
           "A write is lost when the crash lies between its two times.",
           "The first number counts these writes. The second looks at the one that was made first."),
    alternatives=("lost = sorted(made for made, there in given.trace if made <= given.crashed_at and there > "
                  "given.crashed_at)\n"
                  "cost = [len(lost), given.crashed_at - lost[0]]\n",),
    wrong_answers=(
        WrongAnswer("cost = (0, 0.0)", "replication-loses-nothing"),
        WrongAnswer("lost = [made for made, there in given.trace if made <= given.crashed_at < there]\n"
                    "cost = (len(lost), given.served_at - given.crashed_at)", "rpo-is-the-outage"),
        WrongAnswer("lost = [made for made, there in given.trace if there > given.crashed_at]\n"
                    "cost = (len(lost), given.crashed_at - lost[0])"),
        WrongAnswer("lost = [made for made, there in given.trace if made <= given.crashed_at < there]\n"
                    "cost = (len(lost), given.crashed_at - lost[-1])"),
        WrongAnswer("lags = [there - made for made, there in given.trace]\n"
                    "cost = (1, sum(lags) / len(lags))"),
        WrongAnswer("cost = 7"),
        WrongAnswer("cost = (3, 'seconds')")),
)
