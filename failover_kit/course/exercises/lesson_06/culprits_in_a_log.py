"""Task 6.3: find in an access log who kept the dead address for too long. Judged on logs of runs not seen before."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab
from failover_kit.cache import HONEST, POLICIES
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.timeline import Request, Timeline

DEAD = "us-east-1"
LOGS = 4
CALM = 300.0       # seconds before the fault, in which caches come to be of all ages
CLIENTS = (({}, 6), ({"caches": (POLICIES["minimum 300 s"],)}, 3), ({"caches": (HONEST, POLICIES["browser"])}, 2),
           ({"caches": (HONEST, POLICIES["old JVM"])}, 1), ({"keep_alive": 900.0}, 1))
Row = tuple[float, str, str]


def outage(seed: int, ttl: int, every: float) -> tuple[Timeline, float]:
    """A run in which the primary turns to errors, and the moment when the answer changed."""
    with Lab.virtual(seed=seed) as lab:
        east, west = lab.site(DEAD), lab.site("us-west-2")
        check = lab.health_check(east, path="/health", request_interval=10)
        lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=ttl)
        for settings, count in CLIENTS:
            lab.users(count, every=every, start_within=CALM, **settings)
        lab.at(CALM, lambda: east.fail("http_500"))
        timeline = lab.run(CALM + 500)
    return timeline, timeline.outages()[0].switched.at


def log_of(timeline: Timeline, random: Random) -> list[Row]:
    """The sites' access logs, put together: (seconds, client, site), in order of time; clients in no order."""
    users = timeline.users()
    address = dict(zip(users, (f"203.0.113.{n}" for n in random.sample(range(1, 255), len(users))), strict=True))
    return sorted((round(request.started, 3), address[request.user], request.site) for request in timeline.of(Request))


def right_culprits(log: list[Row], ttl: int, switched_at: float) -> list[str]:
    """Those who went to the dead site when every answer that names it was over, the longest first."""
    last = {client: at for at, client, site in log if site == DEAD}
    return sorted((client for client in last if last[client] > switched_at + ttl), key=last.get, reverse=True)


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for number in range(1, LOGS + 1):
        ttl = random.choice((20, 30, 60))
        timeline, switched_at = outage(random.randrange(10_000), ttl, random.choice((5.0, 7.0)))
        log = log_of(timeline, random)
        said, right = list(answer(list(log), ttl, switched_at)), right_culprits(log, ttl, switched_at)
        if said != right:
            return _explain(number, said, right, log, switched_at)
    return passed("Four logs, and each culprit found. In such a log you see how long; only a look at the client tells "
                  "why: a minimum TTL, a JVM, a browser, or a connection that was kept open.")


def _explain(number: int, said: list, right: list[str], log: list[Row], switched_at: float) -> Feedback:
    start = f"In log {number}, your function names {len(said)} clients; {len(right)} kept the dead address too long."
    if len(said) != len(set(said)):
        return not_quite("Your list names a client more than once.", ask="How many rows may one client have?")
    if set(said) == set(right):
        return not_quite(f"In log {number}, you name the right clients, in another order.",
                         ask="Whose last request to the dead site came last?")
    after = {client for at, client, site in log if site == DEAD and at > switched_at}
    if set(said) == after:
        return not_quite(start, ask="Who may still have the old address right after the change, and for how long?")
    extra = next((client for client in said if client not in right), None)
    if extra is not None:
        return not_quite(f"{start} {extra} did nothing wrong.", ask="What did this client do, and when did it last do "
                                                                    "so?")
    return not_quite(start, ask="Did you look at all requests of each client, from the change to the end of the log?")


TASK = Task(
    id="6.3", title="Who did not let go?", points=3, kind=Kind.WRITE, minutes=8, seconds=10.0,
    answer="culprits", expects="a function of (log, ttl, switched_at) that returns a list of clients", check=check,
    equivalent_mutants=("line 4: Gt becomes GtE",),     # no request comes at that very moment
    hints=("Until which moment may a client that obeys the TTL still send requests to the dead site?",
           "Find the *last* request of each client to us-east-1. A dict does that well, as later rows overwrite "
           "earlier ones.",
           "Keep the clients whose last such request came later than one TTL after the change, and sort them by it."),
    alternatives=(
        "def culprits(log, ttl, switched_at):\n"
        "    late = [(at, client) for at, client, site in log if site == 'us-east-1' and at - switched_at > ttl]\n"
        "    found = []\n"
        "    for at, client in reversed(late):\n"
        "        if client not in found:\n"
        "            found.append(client)\n"
        "    return found\n",
        "def culprits(log, ttl, switched_at):\n"
        "    over = {}\n"
        "    for client in {row[1] for row in log}:\n"
        "        times = [row[0] for row in log if row[1:] == (client, 'us-east-1')]\n"
        "        if times and max(times) > switched_at + ttl:\n"
        "            over[max(times)] = client\n"
        "    return [over[at] for at in sorted(over)[::-1]]\n"),
    wrong_answers=(
        WrongAnswer("def culprits(log, ttl, switched_at):\n"
                    "    last = {client: at for at, client, site in log if site == 'us-east-1' and at > switched_at}\n"
                    "    return sorted(last, key=last.get, reverse=True)\n"),
        WrongAnswer("def culprits(log, ttl, switched_at):\n"
                    "    last = {client: at for at, client, site in log if site == 'us-east-1' and at > switched_at + "
                    "ttl}\n    return sorted(last, key=last.get)\n"),
        WrongAnswer("def culprits(log, ttl, switched_at):\n"
                    "    return [client for at, client, site in log if site == 'us-east-1' and at > switched_at + "
                    "ttl][::-1]\n"),
        WrongAnswer("def culprits(log, ttl, switched_at):\n"
                    "    last = {client: at for at, client, site in log if site == 'us-east-1' and at > switched_at + "
                    "ttl}\n    return sorted(last, key=last.get, reverse=True)[:1]\n"),
        WrongAnswer("def culprits(log, ttl, switched_at):\n"
                    "    last = {client: at for at, client, site in log if at > switched_at + ttl}\n"
                    "    return sorted(last, key=last.get, reverse=True)\n"),
        WrongAnswer("def culprits(log, ttl, switched_at):\n"
                    "    count = {}\n"
                    "    for at, client, site in log:\n"
                    "        if site == 'us-east-1':\n"
                    "            count[client] = count.get(client, 0) + 1\n"
                    "    return sorted(count, key=count.get, reverse=True)[:3]\n"),
        WrongAnswer("culprits = ['203.0.113.7']")),
)
