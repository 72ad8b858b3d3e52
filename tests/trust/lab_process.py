"""A lab in a process of its own, for tests with many of them on one host."""

import psutil

from failover_kit import Lab


def listeners() -> set[tuple[str, str, int]]:
    """(protocol, address, port) of every socket of this process that strangers could send to."""
    found = psutil.Process().net_connections(kind="inet")
    return {("tcp" if c.type == 1 else "udp", c.laddr.ip, c.laddr.port) for c in found
            if c.laddr and not c.raddr and c.status in ("LISTEN", "NONE")}


def run(pipe, number: int) -> None:
    """Open a lab, tell its sockets, and at a sign what it sees of itself; end at the next sign."""
    with Lab.live(speed=20, seed=number) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        check = lab.health_check(east, request_interval=10, failure_threshold=1)
        lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=5)
        lab.simple("mine.example.com", f"192.0.2.{number}")
        pipe.send((lab.dns_address, lab.api.url, [site.url for site in lab.sites], listeners()))
        pipe.recv()
        if number % 2:
            east.fail("crash")
        lab.run(60, progress=lambda now: None)
        pipe.send((lab.ask("mine.example.com").answer[0].values, lab.ask("app.example.com").answer[0].values,
                   [site.address for site in lab.sites]))
        pipe.recv()
