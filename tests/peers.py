"""Runs DNS servers of other makes on loopback, so that their replies and their speed can be held beside the kit's."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import dns.message
import dns.query

KNOT = """
server:
    rundir: "{here}"
    listen: 127.0.0.1@{port}
    udp-max-payload: 4096
    automatic-acl: off
database:
    storage: "{here}/knot"
log:
  - target: stderr
    any: warning
zone:
  - domain: "{zone}"
    file: "{here}/zone"
    semantic-checks: off
    zonefile-sync: -1
"""
NSD = """
server:
    ip-address: 127.0.0.1@{port}
    ipv4-edns-size: 4096
    username: ""
    chroot: ""
    zonesdir: "{here}"
    database: ""
    pidfile: "{here}/nsd.pid"
    xfrdfile: "{here}/xfrd.state"
    zonelistfile: "{here}/zone.list"
    xfrdir: "{here}"
    logfile: "{here}/nsd.log"
    server-count: 1
    rrl-ratelimit: 0
    do-ip4: yes
    do-ip6: no
remote-control:
    control-enable: no
zone:
    name: "{zone}"
    zonefile: "zone"
"""
PROGRAMS = {"knot": "knotd", "nsd": "nsd", "gdnsd": "gdnsd", "powerdns": "pdns_server", "unbound": "unbound"}
COMMANDS = {"knot": (KNOT, ["-c"]), "nsd": (NSD, ["-d", "-c"])}


def program(name):
    """The path of a server's program, or None where it is not installed."""
    return shutil.which(PROGRAMS[name], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def free_port():
    """A port that is free for UDP and TCP at this moment."""
    for _ in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            with contextlib.suppress(OSError):
                tcp.bind(("127.0.0.1", udp.getsockname()[1]))
                return udp.getsockname()[1]
    raise OSError("no port is free for UDP and TCP at once")


class Peer:
    """A running server of another make."""

    def __init__(self, name: str, port: int, pid: int):
        self.name = name
        self.port = port
        self.pid = pid

    def udp(self, packet: bytes, wait: float = 2.0) -> bytes | None:
        """The reply over UDP, or None where none comes."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(wait)
            udp.connect(("127.0.0.1", self.port))
            udp.send(packet)
            try:
                return udp.recv(65535)
            except (TimeoutError, ConnectionError):
                return None

    def tcp(self, packet: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=2.0) as tcp:
            tcp.sendall(len(packet).to_bytes(2, "big") + packet)
            stream = tcp.makefile("rb")
            return stream.read(int.from_bytes(stream.read(2), "big"))


@contextlib.contextmanager
def started(name: str, arguments: list, port: int, zone: str, folder: Path):
    """Runs a server until the block ends; yields the Peer as soon as it answers for the zone."""
    with (folder / "output").open("w") as log:
        process = subprocess.Popen([program(name), *map(str, arguments)], stdout=log, stderr=log)
        try:
            peer, deadline = Peer(name, port, process.pid), time.monotonic() + 15
            soa = dns.message.make_query(zone, "SOA").to_wire()
            while (reply := peer.udp(soa, wait=0.1)) is None or dns.message.from_wire(reply).rcode() != 0:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{name} does not answer: {(folder / 'output').read_text()}")
                time.sleep(0.02)
            yield peer
        finally:
            process.terminate()
            process.wait(10)


@contextlib.contextmanager
def serving(name: str, zone: str, text: str, folder: Path):
    """Runs knot or nsd with this zone file until the block ends; yields the Peer."""
    configuration, flags = COMMANDS[name]
    folder.mkdir(exist_ok=True)
    port = free_port()
    (folder / "zone").write_text(text)
    (folder / "conf").write_text(configuration.format(here=folder, port=port, zone=zone))
    with started(name, [*flags, folder / "conf"], port, zone, folder) as peer:
        yield peer
