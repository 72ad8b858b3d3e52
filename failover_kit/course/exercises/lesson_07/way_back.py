"""Task 7.3: the order of a failback. The learner's steps are carried out on two real stores, under writes."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.data import Replication, Store, fail_over, rejoin
from failover_kit.data.fencing import WriteRefused

STEPS = ("DNS answers us-east-1", "every write of us-west-2 has arrived in us-east-1", "replication runs to us-east-1",
         "us-east-1 gives up its orphans and becomes a replica", "us-east-1 is promoted with a new epoch",
         "us-west-2 stops taking writes")
DNS, ARRIVED, COPY, REJOIN, PROMOTE, STOP = STEPS
RIGHT = (REJOIN, COPY, STOP, ARRIVED, PROMOTE, DNS)
STEP_SECONDS = 10.0            # that each step takes people; users write on meanwhile
WRITES_PER_SECOND = 4


class Failback:
    """Two stores after an outage, users who write, and what people do about it, one step after the other."""

    def __init__(self, east: Store, west: Store, random: Random):
        self.east, self.west, self.random = east, west, random
        self.now, self.confirmed, self.refused, self.number = 0.0, [], 0, 0
        self.users_at, self.link = west, None
        link = Replication(east, west, lag_seconds=2)
        east.write("order-0", "of the old days", 0.0)
        link.pump(5.0)
        east.write("stock-1", "an orphan", 6.0)
        fail_over(link, 2, 7.0)
        self.now = 7.0
        self.users_write()

    def users_write(self, seconds: float = STEP_SECONDS) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now += self.random.uniform(0.5, 1.5) / WRITES_PER_SECOND
            self.number += 1
            if self.link:
                self.link.pump(self.now)
            try:
                key = f"order-{self.random.randrange(8)}"
                self.confirmed.append(self.users_at.write(key, f"mug {self.number}", self.now))
            except WriteRefused:
                self.refused += 1

    def carry_out(self, step: str) -> None:
        if step == REJOIN:
            rejoin(self.east, self.west)
        elif step == COPY:
            self.link = Replication(self.west, self.east, lag_seconds=2, since=self.now)
        elif step == STOP:
            self.west.step_down(self.west.epoch)
        elif step == PROMOTE:
            if self.link:
                self.link.pump(self.now)
                self.link.stop()
            self.east.promote(max(self.east.epoch, self.west.epoch) + 1, self.now)
        elif step == DNS:
            self.users_at = self.east
        if step == ARRIVED:
            self.wait()
        else:
            self.users_write()

    def wait(self) -> None:
        """Until nothing is on its way; in vain, if there is no link or users write on."""
        for _ in range(12):
            self.users_write(1.0)
            if self.link and self.west.state.read_only and not self.link.waiting():
                return


def check(answer: Any, given: Given, random: Random) -> Feedback:
    order = list(answer)
    if sorted(order) != sorted(STEPS):
        return not_quite("Each of the six steps is needed, once.", ask="Did you copy the texts from `given.steps`?")
    with Store("us-east-1", ":memory:") as east, Store("us-west-2", ":memory:", read_only=True) as west:
        day = Failback(east, west, random)
        for step in order:
            try:
                day.carry_out(step)
            except WriteRefused as refusal:
                return not_quite(f"At the step {step!r} a store refuses: {refusal}",
                                 ask="Which epoch does each of the two stores know of at that moment?")
        missing, refused = len(east.missing(day.confirmed)), day.refused
        orphaned = any(write.value == "an orphan" for write in east.history())
        served = not east.state.read_only and day.users_at is east
    if missing:
        if order.index(DNS) < order.index(ARRIVED):
            return not_quite(f"{missing} confirmed writes are not in us-east-1, and users are sent there.",
                             "failback-waits-for-data")
        return not_quite(f"{missing} confirmed writes are not in us-east-1.",
                         ask="While you waited for the last write, could users still make new ones?")
    if orphaned:
        return not_quite("A write that us-west-2 never had is still in us-east-1: the two do not hold the same.",
                         ask="What must become of the old primary's own last writes before it copies from somebody "
                             "else?")
    if not served:
        return not_quite("At the end users are sent to a store that takes no writes.", ask="Which step lets us-east-1 "
                                                                                           "write?")
    if refused > STEP_SECONDS * WRITES_PER_SECOND * 3:
        return not_quite(f"No write is lost, but {refused} attempts were refused: the shop was closed longer than "
                         f"needed.",
                         ask="What can be done while users still write in us-west-2?")
    if order != list(RIGHT):
        return not_quite("Nothing is lost. But one step comes earlier than its reason.",
                         ask="When DNS answers us-east-1, what should already be true there? And what is a replica, "
                             "before it copies?")
    return passed(f"Two stores, {day.number} attempts to write: none lost, {refused} refused while the last writes "
                  f"arrived.")


def _program(*steps: str) -> str:
    return f"order = {list(steps)!r}"


TASK = Task(
    id="7.3", title="The way back", points=3, kind=Kind.ORDER, minutes=5,
    answer="order", expects="a list of texts from `given.steps`",
    given={"steps": STEPS}, check=check,
    misconceptions=("failback-waits-for-data",),
    hints=("Think of three questions: what may us-east-1 keep, when are both stores equal, and who takes writes until "
           "then?",
           "Users should write in us-west-2 for as long as possible. Copying does not disturb them.",
           "The last write arrives only after the last one was made. DNS knows nothing of all this, so it must come "
           "when the "
           "rest is true."),
    alternatives=("chosen = dict(enumerate(given.steps))\norder = [chosen[number] for number in (3, 2, 5, 1, 4, 0)]\n",
                  "order = (given.steps[3], given.steps[2], given.steps[5], given.steps[1], given.steps[4], "
                  "given.steps[0])\n"),
    wrong_answers=(
        WrongAnswer("order = given.steps", "failback-waits-for-data"),
        WrongAnswer(_program(DNS, REJOIN, COPY, STOP, ARRIVED, PROMOTE), "failback-waits-for-data"),
        WrongAnswer(_program(REJOIN, COPY, ARRIVED, STOP, PROMOTE, DNS)),
        WrongAnswer(_program(STOP, REJOIN, COPY, ARRIVED, PROMOTE, DNS)),
        WrongAnswer(_program(REJOIN, STOP, COPY, ARRIVED, PROMOTE, DNS)),
        WrongAnswer(_program(COPY, STOP, ARRIVED, PROMOTE, DNS, REJOIN)),
        WrongAnswer(_program(REJOIN, COPY, STOP, ARRIVED, DNS, PROMOTE)),
        WrongAnswer(_program(COPY, REJOIN, STOP, ARRIVED, PROMOTE, DNS)),
        WrongAnswer(_program(REJOIN, COPY)),
        WrongAnswer("order = 7")),
)
