"""A few lab minutes at speed leave nothing behind, and a killed process has lost nothing that it acknowledged."""

import asyncio
import random
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from soaking import soak

from failover_kit import Lab
from failover_kit.course.progress import Journal
from failover_kit.data.store import Store

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from urllib.parse import urlsplit
from failover_kit.course.progress import Journal
from failover_kit.data.store import Store
here, start = Path(sys.argv[1]), int(sys.argv[2])
book = Journal(here)
with Store("us-east-1", here / "data.sqlite") as store:
    for number in range(start, start + 100_000):
        book.append("checked", float(number), task="1.1", verdict="passed", number=number, ballast="x" * 3_000)
        print("event", number, flush=True)
        store.write(f"key {number}", "x" * 3_000, float(number))
        print("write", number, flush=True)
"""


def test_descriptors_threads_tasks_and_memory_come_back_to_where_they_were():
    before, after, done = soak(minutes=2.5, seed=7)
    assert done.total() >= 15
    assert after.descriptors <= before.descriptors + 2        # what the API's client library keeps open
    assert after.threads <= before.threads
    assert after.labs <= before.labs                          # one that is forgotten ends, too
    assert after.tasks <= before.tasks + 2
    assert after.megabytes <= before.megabytes + 15


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process in mid-write")
def test_a_killed_process_loses_nothing_that_it_acknowledged(tmp_path):
    """Killed again and again in the same files, each time after a drawn number of acknowledgements."""
    rng, acknowledged = random.Random(11), {"event": set(), "write": set()}
    for life in range(4):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(1_000_000 * life)], cwd=ROOT,
                              stdout=subprocess.PIPE, text=True) as writer:
            for _ in range(rng.randrange(5, 40)):
                kind, number = writer.stdout.readline().split()
                acknowledged[kind].add(int(number))
            writer.kill()
            for line in writer.stdout:                        # what it said before it died
                if line.endswith("\n"):
                    acknowledged[line.split()[0]].add(int(line.split()[1]))
        kept = {event.data["number"] for event in Journal(tmp_path).events() if event.kind == "checked"}
        assert acknowledged["event"] <= kept
        with Store("us-east-1", tmp_path / "data.sqlite") as store:
            assert {f"key {number}" for number in acknowledged["write"]} <= {*store.contents()}
    assert min(map(len, acknowledged.values())) > 8


# ---- what was found ---------------------------------------------------------------------------------------------

def test_a_lab_that_is_collected_in_its_own_thread_ends_all_the_same():
    """Python collects garbage in whatever thread is running, and a forgotten lab was left open when that was its own."""
    lab = Lab.live()
    thread = lab.world._thread
    lab.world.call(lab.close)
    thread.join(10)
    assert not thread.is_alive()
    assert lab.world._loop.is_closed() or not lab.world._loop.is_running()


def test_a_door_that_two_open_at_once_opens_once():
    """A flapping site and its repair did so, and the second found the port taken by the first."""
    with Lab.live(speed=100) as lab:
        site = lab.site("us-east-1")
        lab.health_check(site, type="HTTPS", request_interval=10)
        lab.run(20)

        async def everybody():
            await asyncio.gather(*(lab.world._open_or_close(site.site) for _ in range(10)))
        lab.world.finish(everybody())
        assert urllib.request.urlopen(site.url).status == 200


def test_a_lab_that_closes_amid_requests_leaves_no_task_behind():
    """Python complained of them at the end of the program, or of the notebook's cell: destroyed, but pending."""
    lab = Lab.live(speed=100)
    site = lab.site("us-east-1")
    lab.health_check(site, request_interval=10)
    lab.simple("app.example.com", site.address)
    lab.users(20, every=1)
    site.fail("hang")
    places = [urlsplit(url) for url in (site.url, lab.api.url)] * 10
    clients = [socket.create_connection((place.hostname, place.port)) for place in places]
    for number, client in enumerate(clients):
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"\r\n" * (number % 3))
    lab.run(30)
    for client in clients[::2]:
        client.close()
    lab.close()
    assert not asyncio.all_tasks(lab.world._loop)
    for client in clients:
        client.close()
