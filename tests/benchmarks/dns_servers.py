"""The DNS servers that are measured: ours, what Python offers otherwise, and those of other makes.

    name  ->  SERVERS[name]()  ->  a running server: process id, port, and the names that it can be asked for

Each runs in a process of its own on loopback and ends with its block.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import random
import socket
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peers import free_port, program, serving, started

NAME = "app.example.com."
WORKING_SET = 5_000       # of a large zone's names, those that the client asks for
ZONE = ("$ORIGIN example.com.\n@ 900 SOA ns1 host 1 7200 900 1209600 900\n@ 900 NS ns1.example.net.\n"
        f"{NAME} 60 A 127.0.1.10\n")


class Running(NamedTuple):
    pid: int
    port: int
    names: list[str]


# ---- ours: each announces its port through a pipe and runs until it is killed ------------------------------------

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


@contextlib.contextmanager
def process(function, **options) -> Iterator[Running]:
    """A server of this file, in a process of its own."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=function, args=(there,), kwargs=options, daemon=True)
    child.start()
    try:
        yield Running(child.pid, here.recv(), names(options.get("names", 1)))
    finally:
        child.kill()
        child.join()


def names(count: int) -> list[str]:
    """What to ask of a server with that many names."""
    return [NAME] if count == 1 else [f"n{i}.example.com." for i in random.sample(range(count), min(count, WORKING_SET))]


# ---- other makes -----------------------------------------------------------------------------------------------

@contextlib.contextmanager
def static(name: str) -> Iterator[Running]:
    """knot or nsd, with the name in a zone file."""
    with tempfile.TemporaryDirectory() as folder, serving(name, "example.com", ZONE, Path(folder)) as peer:
        yield Running(peer.pid, peer.port, [NAME])


@contextlib.contextmanager
def gdnsd() -> Iterator[Running]:
    """gdnsd with a failover pair whose health it checks itself, over TCP."""
    with tempfile.TemporaryDirectory() as folder, _two_sites() as site_port:
        here, port = Path(folder), free_port()
        (here / "zones").mkdir()
        (here / "config").write_text(f"""
options => {{ listen => 127.0.0.1:{port}, run_dir => {here}, state_dir => {here}, udp_threads => 1 }}
service_types => {{ site => {{ plugin => tcp_connect, port => {site_port}, interval => 10 }} }}
plugins => {{ simplefo => {{ app => {{ service_types => site, primary => 127.0.0.1, secondary => 127.0.0.2 }} }} }}
""")
        (here / "zones" / "example.com").write_text(
            "@ SOA ns1 host 1 7200 900 1209600 900\n@ NS ns1.example.net.\napp 60 DYNA simplefo!app\n")
        with started("gdnsd", ["-c", here, "start"], port, "example.com", here) as peer:
            yield Running(peer.pid, peer.port, [NAME])


@contextlib.contextmanager
def powerdns() -> Iterator[Running]:
    """PowerDNS with a Lua record that hands out the sites whose port is open."""
    with tempfile.TemporaryDirectory() as folder, _two_sites() as site_port:
        here, port = Path(folder), free_port()
        (here / "pdns.conf").write_text(
            f"launch=bind\nbind-config={here}/named.conf\nlocal-address=127.0.0.1\nlocal-port={port}\nsocket-dir={here}\n"
            "enable-lua-records=yes\nguardian=no\ndaemon=no\nreceiver-threads=1\ndistributor-threads=1\n"
            "disable-syslog=yes\nloglevel=3\n")
        (here / "named.conf").write_text(f'zone "example.com" {{ type master; file "{here}/zone"; }};\n')
        lua = f"app 60 LUA A \"ifportup({site_port}, {{'127.0.0.1', '127.0.0.2'}}, {{selector='pickfirst'}})\"\n"
        (here / "zone").write_text(ZONE.replace(f"{NAME} 60 A 127.0.1.10\n", lua))
        with started("powerdns", [f"--config-dir={here}"], port, "example.com", here) as peer:
            yield Running(peer.pid, peer.port, [NAME])


@contextlib.contextmanager
def _two_sites() -> Iterator[int]:
    """The common port of two sites that accept connections and no more."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
        with socket.create_server(("127.0.0.2", port)):
            yield port


SERVERS = {
    "ours, live health checks": partial(process, ours),
    "ours, 1,000 record sets": partial(process, ours, names=1_000),
    "ours, 100,000 record sets": partial(process, ours, names=100_000),
    "ours, health flips 20 a second": partial(process, ours, flips=True),
    "dnslib DNSServer": partial(process, dnslib_server),
    "dnslib in asyncio": partial(process, dnslib_asyncio),
    "asyncio DatagramProtocol echo": partial(process, protocol_echo),
    "add_reader echo": partial(process, reader_echo),
} | {name: start for peer, name, start in (
    ("gdnsd", "gdnsd, one thread, live health checks", gdnsd),
    ("powerdns", "PowerDNS, one thread, ifportup", powerdns),
    ("knot", "knot, one thread, no health checks", partial(static, "knot")),
    ("nsd", "nsd, one process, no health checks", partial(static, "nsd"))) if program(peer)}
