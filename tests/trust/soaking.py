"""Labs lived hard: random faults, users, API calls, cells run again; and what is left of them afterwards.

    soak(minutes of lab time, seed)  ->  Use before, Use after, what was done
"""

import asyncio
import contextlib
import gc
import random
import socket
import time
from collections import Counter
from dataclasses import dataclass

import psutil
from botocore.exceptions import ClientError

from failover_kit import Lab
from failover_kit.errors import LabError
from failover_kit.faults import FAULTS

SPEED = 60                      # lab seconds a real second
STEP = 10.0                     # lab seconds between two things that happen
STEPS_A_LAB = 9                 # then its cell is run again
SPARE_TASKS = 25                # exchanges that may be under way at any moment


@dataclass(frozen=True)
class Use:
    """What this process holds."""

    descriptors: int
    threads: int
    labs: int
    tasks: int
    megabytes: float

    @classmethod
    def now(cls) -> "Use":
        gc.collect()
        here, objects = psutil.Process(), gc.get_objects()
        return cls(here.num_fds() if hasattr(here, "num_fds") else here.num_handles(), here.num_threads(),
                   sum(type(o) is Lab for o in objects), sum(isinstance(o, asyncio.Task) for o in objects),
                   here.memory_info().rss / 2 ** 20)


def soak(minutes: float, seed: int, tell=lambda moment, use: None) -> tuple[Use, Use, Counter]:
    """Live for so many lab minutes. `tell` hears of each lab's end. The first lab, a warm-up, is not counted."""
    rng, done = random.Random(seed), Counter()
    port = _free_port()
    _life(rng, Counter(), port, STEPS_A_LAB)
    before = after = Use.now()
    lived = 0.0
    while lived < 60 * minutes:
        steps = min(STEPS_A_LAB, int((60 * minutes - lived) / STEP) + 1)
        _life(rng, done, port, steps)
        lived += steps * STEP
        after = Use.now()
        tell(lived / 60, after)
    return before, after, done


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _life(rng: random.Random, done: Counter, port: int, steps: int) -> None:
    """One lab, from the cell that makes it to the one that makes the next."""
    lab = Lab.live(SPEED, seed=rng.randrange(2 ** 32), dns_port=port)
    east, west = lab.site("us-east-1"), lab.site("us-west-2")
    check = lab.health_check(east, path="/health", request_interval=10, failure_threshold=2)
    secure = lab.health_check(west, type="HTTPS", request_interval=10)
    lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=20)
    lab.health_check(type="CALCULATED", child_health_checks=(check.id, secure.id), health_threshold=1)
    lab.users(4, every=5)
    client = lab.api.client("route53")
    lab.run(STEP)
    quiet = _tasks(lab)
    for _ in range(steps):
        happening = rng.choice(HAPPENINGS)
        done[happening.__name__.strip("_")] += 1
        happening(rng, lab, client)
        lab.run(STEP, progress=lambda now: None)
    for site in lab.sites:
        site.repair()
    lab.dns_outage(False)
    lab.api.outage(False)
    end = time.monotonic() + 15
    while _tasks(lab) > quiet + SPARE_TASKS and time.monotonic() < end:
        lab.run(STEP, progress=lambda now: None)
    assert _tasks(lab) <= quiet + SPARE_TASKS, f"{_tasks(lab)} tasks after all was repaired, {quiet} before"
    client.close()
    if rng.random() < 0.5:
        lab.close()                  # else it is forgotten, as when a cell is run again


def _tasks(lab: Lab) -> int:
    return lab.world.call(lambda: len(asyncio.all_tasks()))


def _fault(rng, lab, client):
    fault = rng.choice([*FAULTS])
    rng.choice(lab.sites).fail(fault, **{"regions": ["us-east-1", "eu-west-1"]} if fault == "partition" else {})


def _repair(rng, lab, client):
    rng.choice(lab.sites).repair()


def _dns_outage(rng, lab, client):
    lab.dns_outage(rng.random() < 0.5)


def _api_outage(rng, lab, client):
    lab.api.outage(rng.random() < 0.5)


def _change(rng, lab, client):
    record = {"Name": f"r{rng.randrange(20)}.example.com", "Type": "A", "TTL": 20,
              "ResourceRecords": [{"Value": f"192.0.2.{rng.randrange(1, 250)}"}]}
    with contextlib.suppress(ClientError):             # Route 53 may be impaired
        client.change_resource_record_sets(HostedZoneId=lab.zone.id, ChangeBatch={"Changes": [
            {"Action": "UPSERT", "ResourceRecordSet": record}]})


def _checks_come_and_go(rng, lab, client):
    with contextlib.suppress(ClientError):
        made = client.create_health_check(CallerReference=str(rng.random()), HealthCheckConfig={
            "Type": "TCP", "IPAddress": "192.0.2.9", "Port": 80, "RequestInterval": 10})["HealthCheck"]
        lab.run(STEP, progress=lambda now: None)
        client.delete_health_check(HealthCheckId=made["Id"])


def _questions(rng, lab, client):
    with contextlib.suppress(LabError):                # the DNS servers may be unreachable
        for _ in range(20):
            lab.ask(f"r{rng.randrange(30)}.example.com")
        lab.visit()


def _rubbish(rng, lab, client):
    host, _, port = lab.dns_address.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for _ in range(200):
            udp.sendto(rng.randbytes(rng.randrange(200)), (host, int(port)))
    for _ in range(5):
        with socket.create_connection((host, int(port))) as stream:
            stream.sendall(rng.randbytes(30))


HAPPENINGS = [_fault, _fault, _fault, _repair, _dns_outage, _api_outage, _change, _change, _checks_come_and_go, _questions,
              _rubbish]
