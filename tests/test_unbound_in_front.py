"""unbound, a resolver that millions use, in front of the lab: it counts the TTL down and switches only when that is over."""

import time

import dns.message
import pytest
from peers import free_port, program, started

from failover_kit import Lab

pytestmark = pytest.mark.skipif(program("unbound") is None, reason="unbound (package unbound) is not installed")
TTL = 3       # seconds; unbound runs on real time


@pytest.fixture
def lab():
    with Lab.live(speed=20) as lab:
        yield lab


@pytest.fixture
def unbound(lab, tmp_path):
    port = free_port()
    (tmp_path / "conf").write_text(f"""
server:
    interface: 127.0.0.1@{port}
    directory: "{tmp_path}"
    chroot: ""
    username: ""
    pidfile: "{tmp_path}/pid"
    do-daemonize: no
    use-syslog: no
    do-not-query-localhost: no
    module-config: "iterator"
    local-zone: "example.com." transparent
stub-zone:
    name: "example.com"
    stub-addr: 127.0.0.1@{lab.world.dns_port}
""")
    with started("unbound", ["-c", tmp_path / "conf"], port, "localhost", tmp_path) as peer:
        yield peer


def ask(peer):
    """(addresses, TTL) as unbound has them."""
    reply = dns.message.from_wire(peer.udp(dns.message.make_query("app.example.com", "A").to_wire()))
    rrset, = reply.answer
    return [str(value) for value in rrset], rrset.ttl


def test_it_switches_when_the_ttl_is_over(lab, unbound):
    east, west = lab.site("us-east-1"), lab.site("us-west-2")
    check = lab.health_check(east, path="/health", request_interval=10, failure_threshold=1)
    lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=TTL)
    learned = time.monotonic()
    assert ask(unbound) == ([east.address], TTL)
    east.fail("crash")
    lab.run(20)                                              # one real second: the lab's answer has changed
    assert lab.explain("app.example.com").values == (west.address,)
    assert ask(unbound) == ([east.address], pytest.approx(TTL - 1, abs=1))
    seen = []
    while not seen or seen[-1] != [west.address]:
        seen.append(ask(unbound)[0])
        assert time.monotonic() - learned < TTL + 5
        lab.run(1)
    assert time.monotonic() - learned == pytest.approx(TTL, abs=1.1)      # whole seconds
    assert [east.address] in seen
    assert ask(unbound)[0] == [west.address]
