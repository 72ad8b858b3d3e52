"""Task 6.6: a cache's expiry rule. Judged beside the kit's cache on random histories, and beside a recorded Unbound."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from failover_kit import CachePolicy, Question, TtlCache
from failover_kit.course.misconceptions import diagnose
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.records import RRset

# A real Unbound 1.17.1 with cache-min-ttl 4 and cache-max-ttl 12, asked at these moments:
# (seconds, TTL of the record, number of the reply that it answered with, TTL that it handed out, did it ask?)
# Replies are numbered from 1, in the order of the questions. No moment is near an expiry: Unbound counts whole seconds.
UNBOUND_LIMITS = (4, 12)
UNBOUND = (
    (0.0, 0, 1, 4, True), (0.0, 1, 2, 4, True), (0.0, 6, 3, 6, True), (0.0, 12, 4, 12, True), (0.0, 60, 5, 12, True),
    (1.5, 0, 1, 2, False), (2.0, 6, 3, 4, False), (2.5, 1, 2, 1, False), (2.9, 0, 1, 1, False), (4.5, 6, 3, 1, False),
    (5.0, 60, 5, 7, False), (5.5, 0, 12, 4, True), (5.5, 1, 13, 4, True), (6.0, 12, 4, 6, False), (7.5, 6, 15, 6, True),
    (8.0, 0, 12, 2, False), (8.0, 1, 13, 2, False), (10.5, 12, 4, 1, False), (10.5, 60, 5, 1, False),
    (11.0, 0, 20, 4, True), (11.0, 1, 21, 4, True), (11.9, 6, 15, 2, False), (12.5, 1, 21, 2, False),
    (13.5, 12, 24, 12, True), (13.5, 60, 25, 12, True), (15.0, 6, 26, 6, True), (16.5, 12, 24, 9, False),
    (16.5, 60, 25, 9, False),
)
HISTORIES, QUESTIONS = 12, 60
Rule = Callable[..., tuple[Any, int]]


class Replies:
    """An authority that numbers its replies, and remembers whether it was asked."""

    def __init__(self, ttl_of: Callable[[str], int]):
        self.ttl_of, self.number, self.asked = ttl_of, 0, False

    def __call__(self, name: str) -> tuple[int, int]:
        self.asked = True
        return self.number, self.ttl_of(name)


def by_the_kit(cache: TtlCache, name: str, now: float, replies: Replies) -> tuple[int, int]:
    """The same question to the kit's own cache."""
    found = cache.get(Question(f"{name}."), now)
    if found.state == "fresh":
        return int(found.entry.rrset.values[0]), found.ttl
    number, ttl = replies(name)
    entry = cache.put(RRset(f"{name}.", "A", ttl, (str(number),)), now)
    return number, int(entry.ttl)


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for _ in range(HISTORIES):
        feedback = _one_history(answer, random)
        if feedback:
            return feedback
    memory, replies = {}, Replies(lambda name: int(name.removeprefix("ttl-")))
    for number, (now, ttl, value, handed_out, asked) in enumerate(UNBOUND, start=1):
        replies.number, replies.asked = number, False
        said = answer(memory, f"ttl-{ttl}", now, replies, *UNBOUND_LIMITS)
        if said[0] != value or abs(said[1] - handed_out) > 1 or replies.asked is not asked:
            return not_quite(f"Beside a recorded Unbound: asked at {now} s for a record with TTL {ttl} s, limits 4 and "
                             "12 s, yours does something else.", ask="For how long does this answer count, with these "
                                                                     "limits?")
    return passed(f"{HISTORIES * QUESTIONS} questions beside the kit's cache and {len(UNBOUND)} beside a real Unbound: "
                  "the same answers, the same TTLs, and it asked at the same moments.")


def _one_history(rule: Rule, random: Random) -> Feedback | None:
    """A made-up history of questions: None, if the learner's rule does as the kit's cache does."""
    minimum = random.choice((0, 0, 5, 30))
    maximum = minimum + random.choice((0, 10, 60, 1000))
    ttls = {name: random.choice((0, 1, 5, 20, 60, 300)) for name in ("shop", "pay", "mail")}
    policy = CachePolicy("", minimum_ttl=minimum, maximum_ttl=maximum)
    memory, cache, now, before = {}, TtlCache(policy), 0.0, {}
    mine, theirs = Replies(ttls.get), Replies(ttls.get)
    for number in range(1, QUESTIONS + 1):
        now += random.choice((0.0, 0.25, 1.0, 4.75, 5.0, 20.0))
        name = random.choice(list(ttls))
        mine.number = theirs.number = number
        mine.asked = theirs.asked = False
        said, right = rule(memory, name, now, mine, minimum, maximum), by_the_kit(cache, name, now, theirs)
        if tuple(said) != right or mine.asked is not theirs.asked:
            return _explain(rule, tuple(said), right, (mine.asked, theirs.asked), (ttls[name], minimum, maximum),
                            now - before.get(name, now))
        if mine.asked:
            before[name] = now
    return None


def _explain(rule: Rule, said: tuple, right: tuple, asked: tuple[bool, bool], limits: tuple, age: float) -> Feedback:
    ttl, minimum, maximum = limits
    start = (f"A record with TTL {ttl} s, limits {minimum} and {maximum} s. "
             + ("Asked for the first time" if not age else f"Asked again {age:g} s after it was stored") + ", ")
    if asked[0] != asked[1]:
        start += "your cache asked, and need not have." if asked[0] else "your cache did not ask, and should have."
    elif said[0] != right[0]:
        start += "your cache gave another reply's value."
    else:
        start += f"your cache handed out a TTL of {said[1]!r}."
    belief = diagnose("kept-for", lambda ttl, minimum, maximum: rule(
        {}, "x", 0.0, lambda name: (1, ttl), minimum, maximum)[1])
    if not belief and asked != (True, False):      # who asks each time has no wrong idea of what is left
        belief = diagnose("ttl-left", lambda ttl, cached_at, last_asked_at, asked_at: _ttl_left(
            rule, ttl, cached_at, last_asked_at, asked_at))
    return not_quite(start, belief.name if belief else None,
                     ask="" if belief else "When exactly is an answer over, and how many whole seconds are left of it?")


def _ttl_left(rule: Rule, ttl: int, cached_at: int, last_asked_at: int, asked_at: int) -> int:
    memory: dict = {}
    for now in (cached_at, last_asked_at, asked_at):
        _, left = rule(memory, "x", float(now), lambda name: (1, ttl), 0, 86_400)
    return left


def _program(fresh: str = "now < over_at", kept: str = "min(max(ttl, minimum), maximum)", left: str = "int(over_at - "
                                                                                                      "now)",
             stored: str = "now + kept", first: str = "int(kept)") -> str:
    return ("def answer(memory, name, now, ask, minimum, maximum):\n"
            "    if name in memory:\n"
            "        value, over_at, kept = memory[name]\n"
            f"        if {fresh}:\n"
            f"            return value, {left}\n"
            "    value, ttl = ask(name)\n"
            f"    kept = {kept}\n"
            f"    memory[name] = value, {stored}, kept\n"
            f"    return value, {first}\n")


TASK = Task(
    id="6.6", title="When is an answer over?", points=4, kind=Kind.WRITE, minutes=9,
    answer="answer", expects="a function of (memory, name, now, ask, minimum, maximum) that returns (value, seconds)",
    check=check, misconceptions=("resolvers-obey-the-ttl", "ttl-stays-full", "ttl-restarts-on-read"),
    hints=("What must you remember of an answer, so that you can tell later whether it is over?",
           "Keep the value and the moment at which it is over. An answer counts *before* that moment, not at it.",
           "For how long it counts: the record's TTL, but at least `minimum` and at most `maximum`. Handed out is what "
           "is left of that, in whole seconds, rounded down."),
    alternatives=(
        "import math\n"
        "def answer(memory, name, now, ask, minimum, maximum):\n"
        "    value, stored, ttl = memory.get(name, (None, -math.inf, 0))\n"
        "    if now - stored >= ttl:\n"
        "        value, ttl = ask(name)\n"
        "        stored, ttl = now, sorted([minimum, ttl, maximum])[1]\n"
        "        memory[name] = (value, stored, ttl)\n"
        "    return [value, math.floor(ttl - (now - stored))]\n",
        _program(fresh="over_at - now > 0", left="math.floor(over_at - now)").replace("def answer", "import math\ndef "
                                                                                                    "answer"),
    ),
    wrong_answers=(
        WrongAnswer(_program(kept="ttl"), "resolvers-obey-the-ttl"),
        WrongAnswer(_program(left="kept"), "ttl-stays-full"),
        WrongAnswer("def answer(memory, name, now, ask, minimum, maximum):\n"
                    "    value, over_at, kept = memory.get(name, (0, 0, 0))\n"
                    "    if now >= over_at:\n"
                    "        value, ttl = ask(name)\n"
                    "        kept = min(max(ttl, minimum), maximum)\n"
                    "    memory[name] = value, now + kept, kept\n"
                    "    return value, int(kept)\n", "ttl-stays-full"),
        WrongAnswer("def answer(memory, name, now, ask, minimum, maximum):\n"
                    "    if name in memory:\n"
                    "        value, over_at, kept = memory[name]\n"
                    "        if now < over_at:\n"
                    "            memory[name] = value, now + kept, kept\n"
                    "            return value, int(over_at - now)\n"
                    "    value, ttl = ask(name)\n"
                    "    kept = min(max(ttl, minimum), maximum)\n"
                    "    memory[name] = value, now + kept, kept\n"
                    "    return value, int(kept)\n", "ttl-restarts-on-read"),
        WrongAnswer(_program(fresh="now <= over_at")),
        WrongAnswer(_program(left="over_at - now")),
        WrongAnswer(_program(left="round(over_at - now)")),
        WrongAnswer(_program(kept="max(ttl, minimum)"), "resolvers-obey-the-ttl"),
        WrongAnswer(_program(fresh="False")),
        WrongAnswer(_program(fresh="True")),
        WrongAnswer("answer = (1, 60)")),
)
