"""Task 7.5: the rule of a fenced store. The learner's function is held against the kit's store, event by event."""

from __future__ import annotations

from copy import deepcopy
from math import inf
from random import Random
from typing import Any

from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.data import Store
from failover_kit.data.fencing import WriteRefused

HISTORIES, EVENTS = 40, 14


def draw_event(random: Random, number: int, epoch: int) -> dict[str, Any]:
    """One thing that happens to a store that has seen `epoch`."""
    kind = random.choice(("write", "write", "write", "batch", "promote", "renew"))
    event: dict[str, Any] = {"kind": kind, "at": 10.0 * number}
    if kind != "renew":
        event["epoch"] = max(1, epoch + random.choice((-1, 0, 0, 0, 1, 1)))
    if kind in ("promote", "renew"):
        event["until"] = random.choice((inf, event["at"] + 10, event["at"] + 20, event["at"] + 40))
    return event


def happen(store: Store, event: dict[str, Any]) -> bool:
    """Let it happen to a real store. True: accepted."""
    try:
        if event["kind"] == "write":
            store.write("order", "mug", event["at"], epoch=event["epoch"])
        elif event["kind"] == "batch":
            store.apply([], event["epoch"], event["at"])
        elif event["kind"] == "promote":
            store.promote(event["epoch"], event["at"], event["until"])
        else:
            store.renew(event["until"])
    except WriteRefused:
        return False
    return True


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for _ in range(HISTORIES):
        primary = random.random() < 0.7
        with Store("us-east-1", ":memory:", read_only=not primary) as store:
            state = {"epoch": 1, "primary": primary, "until": inf}
            for number in range(1, EVENTS + 1):
                event = draw_event(random, number, store.epoch)
                before = deepcopy(state)
                accepted, state = answer(deepcopy(before), dict(event))
                right = happen(store, event)
                seen = {"epoch": store.epoch, "primary": not store.state.read_only, "until": store.state.lease_until}
                if bool(accepted) is not right:
                    return _misjudged(event, before, right)
                if state != seen:
                    return not_quite(f"{_told(event, before)} You judge it well, but keep {state}.",
                                     ask="What does the store know afterwards, may it still take writes, and until "
                                         "when?")
    return passed(f"{HISTORIES} histories, and your rule and the kit's store agree on every event. An old primary can "
                  f"wake up "
                  "whenever it likes: nobody takes its writes.")


def _told(event: dict[str, Any], state: dict[str, Any]) -> str:
    return f"The store is at {state}. Then comes {event}."


def _misjudged(event: dict[str, Any], state: dict[str, Any], right: bool) -> Feedback:
    told = f"{_told(event, state)} A store {'accepts' if right else 'refuses'} this."
    if event["kind"] == "promote":
        return not_quite(told, ask="Two people promote after the same epoch. How does the second of them fail?")
    if event["kind"] == "batch":
        return not_quite(told, ask="Whose batch is that: an old primary's, the present one's, or a new one's?")
    if event["epoch"] < state["epoch"]:
        return not_quite(told, "dns-fences-the-old-primary")
    if not state["primary"]:
        return not_quite(told, ask="Which store may take writes from users, and how does this one know what it is?")
    return not_quite(told, ask="Until when may this store take writes, the moment itself included or not?")


_BODY = '''def fence(state, event):
    kind, epoch = event["kind"], event.get("epoch", 0)
    if kind == "renew":
        return True, {**state, "until": event["until"]}
    if kind == "promote":
        if %(promote)s:
            return False, state
        return True, {"epoch": epoch, "primary": True, "until": event["until"]}
    if %(old)s:
        return False, state
    if kind == "batch":
        if epoch > state["epoch"]:
            state = {"epoch": epoch, "primary": %(after)s, "until": float("inf")}
        return True, state
    if %(refused)s:
        return False, state
    return True, {**state, "epoch": %(seen)s}
'''
_RIGHT = {"promote": 'epoch <= state["epoch"]', "old": 'epoch < state["epoch"]', "after": "False",
          "refused": 'not state["primary"] or event["at"] >= state["until"]', "seen": "epoch"}


def _but(**changes: str) -> str:
    return _BODY % {**_RIGHT, **changes}


TASK = Task(
    id="7.5", title="The fence", points=4, kind=Kind.WRITE, minutes=10,
    answer="fence", expects="a function of (state, event) that gives back (accepted, new state)",
    check=check, misconceptions=("dns-fences-the-old-primary",),
    hints=("Take the four kinds one by one. For three of them the first question is how the event's epoch compares "
           "with the one "
           "that the store has seen.",
           "A batch from a newer epoch says: somebody else has been promoted. What is this store from then on, and "
           "which lease has it?",
           "A write must pass three gates: not from an older epoch, to a primary, before the lease's end. A promotion "
           "must be "
           "newer than everything seen."),
    alternatives=(
        _but(),
        'def fence(state, event):\n'
        '    new = dict(state)\n'
        '    epoch = event.get("epoch")\n'
        '    if event["kind"] == "renew":\n'
        '        new["until"] = event["until"]\n'
        '        return True, new\n'
        '    newer = epoch > state["epoch"]\n'
        '    if event["kind"] == "promote":\n'
        '        if newer:\n'
        '            new.update(epoch=epoch, primary=True, until=event["until"])\n'
        '        return newer, new\n'
        '    if epoch < state["epoch"]:\n'
        '        return False, new\n'
        '    if event["kind"] == "batch":\n'
        '        if newer:\n'
        '            new.update(epoch=epoch, primary=False, until=float("inf"))\n'
        '        return True, new\n'
        '    fine = state["primary"] and event["at"] < state["until"]\n'
        '    if fine:\n'
        '        new["epoch"] = epoch\n'
        '    return fine, new\n'),
    wrong_answers=(
        WrongAnswer(_but(old='kind == "batch" and epoch < state["epoch"]'), "dns-fences-the-old-primary"),
        WrongAnswer(_but(promote='epoch < state["epoch"]')),
        WrongAnswer(_but(after='state["primary"]')),
        WrongAnswer(_but(refused='not state["primary"]')),
        WrongAnswer(_but(refused='event["at"] >= state["until"]')),
        WrongAnswer(_but(refused='not state["primary"] or event["at"] > state["until"]')),
        WrongAnswer(_but(seen='state["epoch"]')),
        WrongAnswer("def fence(state, event):\n    return True, state\n"),
        WrongAnswer("fence = {'epoch': 2}")),
)
