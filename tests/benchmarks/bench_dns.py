"""DNS speed, ours beside the peers in the same run: `python tests/benchmarks/bench_dns.py [--seconds S] [--json FILE]`.

Each server runs in a process of its own and is asked over real UDP by one client that keeps a window of questions
open. Shown are questions a second and the server's CPU time a question, as ratios to dnslib's own DNSServer and to a
bare echo on `add_reader`, with the spread over rounds. Not part of the test run.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import platform
import random
import select
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

import psutil
from rich.console import Console
from rich.progress import track
from rich.table import Table

from failover_kit.records import Question
from failover_kit.wire import encode_query

WINDOW = 64               # questions under way at a time
NAME = "app.example.com."


# ---- the servers: each announces its port through a pipe and runs until it is killed -----------------------------

def ours(pipe, names: int = 1, flips: bool = False) -> None:
    """The lab's server: a failover pair with live checks, and `names` further names."""
    from failover_kit import Lab
    from failover_kit.records import RecordSet
    from failover_kit.zone import HostedZone

    with Lab.live(speed=1.0) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        check = lab.health_check(east, path="/health", request_interval=10)
        switch = lab.health_check(type="RECOVERY_CONTROL", routing_control_arn="arn:bench")
        records = [RecordSet(name=f"n{i}.example.com", ttl=60, values=(f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}",))
                   for i in range(names)]
        lab.load(HostedZone("example.com", tuple(records)), [check, switch], open_sites=False)
        lab.failover(NAME, primary=east, secondary=west, health_check=switch if flips else check, ttl=60)
        pipe.send(lab.world.dns_port)
        on = True
        while True:
            lab.run(0.05 if flips else 60, progress=lambda now: None)
            if flips:
                on = not on
                lab.control("arn:bench", on)


def dnslib_server(pipe) -> None:
    """dnslib's own UDP server with its zone resolver."""
    from dnslib.server import DNSLogger, DNSServer
    from dnslib.zoneresolver import ZoneResolver

    server = DNSServer(ZoneResolver(f"{NAME} 60 IN A 127.0.1.10"), address="127.0.0.1", port=0,
                       logger=DNSLogger("-request,-reply"))
    pipe.send(server.server.server_address[1])
    server.start()


def dnslib_asyncio(pipe) -> None:
    """dnslib's packets inside an asyncio DatagramProtocol."""
    import dnslib

    class Server(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, address):
            reply = dnslib.DNSRecord.parse(data).reply()
            reply.add_answer(dnslib.RR(NAME, rdata=dnslib.A("127.0.1.10"), ttl=60))
            self.transport.sendto(reply.pack(), address)
    asyncio.run(_protocol(pipe, Server))


def protocol_echo(pipe) -> None:
    """An asyncio DatagramProtocol that sends back what it gets."""
    class Echo(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, address):
            self.transport.sendto(data, address)
    asyncio.run(_protocol(pipe, Echo))


async def _protocol(pipe, protocol) -> None:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(protocol, ("127.0.0.1", 0))
    pipe.send(transport.get_extra_info("sockname")[1])
    await asyncio.Event().wait()


def reader_echo(pipe) -> None:
    """The floor: `add_reader` on a socket that is drained at each wake-up, sending back what it gets."""
    async def serve():
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.setblocking(False)
        udp.bind(("127.0.0.1", 0))
        receive, send = udp.recvfrom, udp.sendto

        def drain():
            for _ in range(64):
                try:
                    data, client = receive(65535)
                except BlockingIOError:
                    return
                send(data, client)
        asyncio.get_running_loop().add_reader(udp.fileno(), drain)
        pipe.send(udp.getsockname()[1])
        await asyncio.Event().wait()
    asyncio.run(serve())


SERVERS = {
    "ours, live health checks": (ours, {}),
    "ours, 1,000 record sets": (ours, {"names": 1_000}),
    "ours, 100,000 record sets": (ours, {"names": 100_000}),
    "ours, health flips 20 a second": (ours, {"flips": True}),
    "dnslib DNSServer": (dnslib_server, {}),
    "dnslib in asyncio": (dnslib_asyncio, {}),
    "asyncio DatagramProtocol echo": (protocol_echo, {}),
    "add_reader echo": (reader_echo, {}),
}


@contextlib.contextmanager
def running(function, options):
    """(process, port) of a server of our own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=function, args=(there,), kwargs=options, daemon=True)
    process.start()
    try:
        yield psutil.Process(process.pid), here.recv()
    finally:
        process.kill()
        process.join()


@contextlib.contextmanager
def knot():
    """(process, port) of knot with a zone that holds the same name."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        here = Path(folder)
        (here / "zone").write_text(f"example.com. 900 SOA ns1 host 1 7200 900 1209600 900\nexample.com. NS ns1.example.net.\n"
                                   f"{NAME} 60 A 127.0.1.10\n")
        (here / "conf").write_text(f'server:\n    rundir: "{here}"\n    listen: 127.0.0.1@{port}\n    udp-workers: 1\n'
                                   f'database:\n    storage: "{here}"\nzone:\n  - domain: example.com\n    file: "{here}/zone"\n')
        program = shutil.which("knotd", path=f"{os.environ['PATH']}:/usr/sbin")
        with subprocess.Popen([program, "-c", str(here / "conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(1.0)
            try:
                yield psutil.Process(process.pid), port
            finally:
                process.kill()


# ---- the client -------------------------------------------------------------------------------------------------

def load(port: int, seconds: float, names: list[str]) -> int:
    """Ask for `seconds`, keeping WINDOW questions open; returns how many were answered."""
    packets = [encode_query(Question(name, "A"), random.randrange(65536)) for name in names]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2 ** 22)
        udp.connect(("127.0.0.1", port))
        send, receive, answered, number, count = udp.send, udp.recv, 0, 0, len(packets)
        for _ in range(WINDOW):
            send(packets[0])
        udp.setblocking(False)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([udp], [], [], 0.1)[0]:
                for _ in range(WINDOW):                      # lost in a full buffer: open the window again
                    send(packets[number % count])
                continue
            with contextlib.suppress(BlockingIOError):
                for _ in range(WINDOW):
                    receive(4096)
                    answered += 1
                    number += 1
                    send(packets[number % count])
    return answered


def measure(start, names, seconds: float) -> tuple[float, float]:
    """(answers a second, CPU microseconds an answer)."""
    with start as (process, port):
        load(port, 0.3, names)
        before, began = process.cpu_times(), time.monotonic()
        answered = load(port, seconds, names)
        took, after = time.monotonic() - began, process.cpu_times()
        cpu = (after.user + after.system) - (before.user + before.system)
        return answered / took, 1e6 * cpu / max(answered, 1)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=2.0, help="a measurement")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", type=Path)
    chosen = arguments.parse_args()
    found: dict[str, list[tuple[float, float]]] = {}
    jobs = [(name, lambda f=f, o=o: running(f, o), o.get("names", 1)) for name, (f, o) in SERVERS.items()]
    if shutil.which("knotd", path=f"{os.environ['PATH']}:/usr/sbin"):
        jobs.append(("knot, one worker", knot, 1))
    for name, start, count in track([job for _ in range(chosen.rounds) for job in jobs], console=Console(stderr=True)):
        names = [NAME] if count == 1 else [f"n{random.randrange(count)}.example.com." for _ in range(min(count, 5_000))]
        found.setdefault(name, []).append(measure(start(), names, chosen.seconds))
    result = summary(found)
    show(result)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1))


def summary(found: dict[str, list[tuple[float, float]]]) -> dict:
    rate = {name: statistics.median(q for q, _ in runs) for name, runs in found.items()}
    cpu = {name: statistics.median(c for _, c in runs) for name, runs in found.items()}
    spread = {name: (min(q for q, _ in runs) / rate[name], max(q for q, _ in runs) / rate[name]) for name, runs in found.items()}
    return {"date": date.today().isoformat(), "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
            f"{platform.python_version()}", "rows": [
                {"server": name, "queries_per_second": round(rate[name]), "cpu_us_per_query": round(cpu[name], 2),
                 "times_dnslib_server": round(rate[name] / rate["dnslib DNSServer"], 2),
                 "times_add_reader_echo": round(rate[name] / rate["add_reader echo"], 2),
                 "spread": [round(x, 2) for x in spread[name]]} for name in found]}


def show(result: dict) -> None:
    table = Table(title=f"DNS over UDP, {result['date']}, {result['machine']}")
    for name in ("server", "queries/s", "CPU us/query", "x dnslib DNSServer", "x add_reader echo", "spread"):
        table.add_column(name, justify="left" if name == "server" else "right")
    for row in result["rows"]:
        table.add_row(row["server"], f"{row['queries_per_second']:,}", f"{row['cpu_us_per_query']:.2f}",
                      f"{row['times_dnslib_server']:.1f}", f"{row['times_add_reader_echo']:.2f}",
                      f"{row['spread'][0]:.2f} to {row['spread'][1]:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
