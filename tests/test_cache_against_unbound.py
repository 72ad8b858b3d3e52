"""The cache and the resolver beside a real Unbound: same authority, same questions, same moments, same answers.

A small authority on loopback replies to both and notes who asked for what. Unbound counts whole seconds of its own
clock, so a TTL may differ by one. Settings and defaults of Unbound: C16. Left out, as Unbound departs from the RFCs:
it keeps "no such name" for the one type that was asked for, and for 5 s even without a SOA.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field, replace

import pytest

from failover_kit import wire
from failover_kit.cache import MINIMUM_300, SERVE_STALE, UNBOUND_DEFAULT
from failover_kit.records import Question, Reply, RRset
from failover_kit.resolver import CachingResolver

UNBOUND = shutil.which("unbound", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")
pytestmark = pytest.mark.skipif(UNBOUND is None, reason="unbound is not installed (Debian package unbound)")

CONFIG = """
server:
  interface: 127.0.0.1
  port: {port}
  directory: "{folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  num-threads: 1
  do-not-query-localhost: no
  module-config: "iterator"
  minimal-responses: no
  qname-minimisation: no
  {options}
stub-zone:
  name: "test.example"
  stub-addr: 127.0.0.1@{authority}
stub-zone:
  name: "victim.example"
  stub-addr: 127.0.0.1@{authority}
"""


# ---- the authority: a name's first label says what to reply ----------------------------------------------------

def reply_for(name: str, value: str) -> Reply | None:
    """`ttl-60` has an address with that TTL, `nx-900-86400` a SOA with that TTL and minimum, and so on."""
    label, _, zone = name.partition(".")
    kind, *numbers = label.split("-")
    soa = lambda ttl, minimum: RRset(zone, "SOA", int(ttl), (f"ns.{zone} host.{zone} 1 7200 900 1209600 {minimum}",))
    cname = lambda target: RRset(name, "CNAME", 300, (target,))
    address = lambda owner, ttl: RRset(owner, "A", int(ttl), (value,))
    match kind:
        case "ttl":
            return positive(address(name, *numbers))
        case "nx":
            return Reply("NXDOMAIN", authority=(soa(*numbers),), authoritative=True)
        case "nodata":
            return Reply(authority=(soa(*numbers),), authoritative=True)
        case "alias":
            return positive(cname(f"ttl-60.{zone}"))
        case "rides":
            return positive(cname(f"ttl-60.{zone}"), RRset(f"ttl-60.{zone}", "A", 60, ("203.0.113.66",)))
        case "dangling":
            return Reply("NXDOMAIN", (cname(f"nx-900-86400.{zone}"),), (soa(900, 86_400),), authoritative=True)
        case "poison":
            stolen = f"ttl-60.{zone.removesuffix('test.example.')}victim.example."
            return positive(cname(stolen), RRset(stolen, "A", 60, ("203.0.113.66",)))
        case "ring":
            return positive(cname(f"{'ring-2' if label == 'ring-1' else 'ring-1'}.{zone}"))
        case "chain":
            left = int(numbers[0])
            return positive(cname(f"chain-{left - 1}.{zone}") if left else address(name, 60))
        case "servfail":
            return Reply("SERVFAIL")
        case "refused":
            return Reply("REFUSED")
    return Reply("NXDOMAIN", authority=(soa(0, 0),), authoritative=True)


def positive(*answer: RRset) -> Reply:
    return Reply(answer=answer, authoritative=True)


@dataclass
class Authority:
    """Replies over UDP to Unbound, and as the `ask` of our resolver."""

    value: str = "192.0.2.1"
    is_silent: bool = False
    is_empty: bool = False               # every name is gone
    asked: dict[str, list[Question]] = field(default_factory=lambda: {"unbound": [], "ours": []})

    def ask(self, question: Question, now: float, who: str = "ours") -> Reply | None:
        self.asked[who].append(question)
        name = f"nx-900-86400.{question.name.partition('.')[2]}" if self.is_empty else question.name
        return None if self.is_silent else reply_for(name, self.value)

    def serve(self, sock: socket.socket) -> None:
        """Until an empty packet comes."""
        while True:
            packet, client = sock.recvfrom(4_096)
            if not packet:
                return
            query = wire.decode_query(packet)
            reply = self.ask(query.question, 0.0, "unbound")
            if reply is not None:
                sock.sendto(wire.encode_reply(query, reply), client)


# ---- both resolvers --------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Seen:
    """An answer, and what the resolver asked for to give it."""

    rcode: str
    answer: dict[tuple[str, str], tuple[str, ...]]
    ttls: tuple[int, ...]                # of the answer; of the SOA, where there is none
    asked: tuple[Question, ...]          # each once: Unbound tries a failing server several times

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and (self.rcode, self.answer, self.asked, len(self.ttls)) == (
            other.rcode, other.answer, other.asked, len(other.ttls)) and all(
            abs(one - two) <= 1 for one, two in zip(self.ttls, other.ttls, strict=True))


@dataclass
class Pair:
    """Unbound and our resolver in front of one authority."""

    authority: Authority
    port: int
    ours: CachingResolver

    def by_unbound(self, name: str) -> Seen:
        return self._seen("unbound", lambda: ask_unbound(self.port, Question(name)))

    def by_ours(self, name: str) -> Seen:
        return self._seen("ours", lambda: self.ours.reply_to(Question(name), time.monotonic()))

    def _seen(self, who: str, answered) -> Seen:
        before = len(self.authority.asked[who])
        reply = answered()
        asked = tuple(dict.fromkeys(self.authority.asked[who][before:]))
        ttls = [r.ttl for r in reply.answer] or [r.ttl for r in reply.authority if r.type == "SOA"]
        return Seen(reply.rcode, {(r.name, r.type): r.values for r in reply.answer}, tuple(ttls), asked)


def ask_unbound(port: int, question: Question, timeout: float = 8.0) -> Reply:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        sock.connect(("127.0.0.1", port))
        sock.send(wire.encode_query(question, id=7, recursion_desired=True))
        return wire.decode_reply(sock.recv(4_096))[2]


@contextlib.contextmanager
def running(policy, folder, *options):
    """A Pair, started and stopped."""
    authority = Authority()
    sock, free = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    with sock:
        sock.bind(("127.0.0.1", 0))
        with free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = threading.Thread(target=authority.serve, args=(sock,), daemon=True)
        server.start()
        config = folder / "unbound.conf"
        config.write_text(CONFIG.format(port=port, folder=folder, authority=sock.getsockname()[1],
                                        options="\n  ".join(options)))
        process = subprocess.Popen([UNBOUND, "-d", "-c", str(config)], stderr=subprocess.PIPE, text=True)
        try:
            wait_for(port, process)
            yield Pair(authority, port, CachingResolver(policy, ask=authority.ask))
        finally:
            process.terminate()
            process.communicate()
            sock.sendto(b"", sock.getsockname())
            server.join()


def wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"unbound ended at once: {process.stderr.read()}")
        with contextlib.suppress(OSError):                 # refused until it listens
            ask_unbound(port, Question("is-it-up.test.example."), timeout=0.5)
            return
        time.sleep(0.02)
    pytest.fail("unbound did not answer within 10 s")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    with running(UNBOUND_DEFAULT, tmp_path_factory.mktemp("plain")) as pair:
        yield pair


@pytest.fixture(scope="module")
def raising(tmp_path_factory):
    with running(MINIMUM_300, tmp_path_factory.mktemp("raising"), "cache-min-ttl: 300") as pair:
        yield pair


@pytest.fixture
def stale(tmp_path):
    """Unbound 1.17 asks again at once after a try in vain; so may ours."""
    with running(replace(SERVE_STALE, stale_retry=0), tmp_path, "serve-expired: yes", "serve-expired-ttl: 86400",
                 "serve-expired-client-timeout: 200") as pair:
        yield pair


# ---- what has to be equal --------------------------------------------------------------------------------------

LABELS = [
    "ttl-0", "ttl-5", "ttl-300", "ttl-86400", "ttl-604800",
    "nx-900-86400", "nx-86400-300", "nx-86400-86400", "nx-5-86400", "nx-0-86400", "nx-900-0",       # C4
    "nodata-900-86400", "nodata-86400-60", "nodata-900-0",
    "alias-0", "rides-along", "dangling-0", "poison-0", "ring-1",
    "chain-11", "chain-12", "chain-13", "servfail", "refused",
]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("kind", ["plain", "raising"])
def test_asked_twice_at_once(request, kind, label):
    pair = request.getfixturevalue(kind)
    name = f"{label}.of-{label}.test.example."          # Unbound would share a SOA among names of one zone
    first, second = [(pair.by_unbound(name), pair.by_ours(name)) for _ in range(2)]
    assert first[0] == first[1]
    assert second[0] == second[1]
    assert first[1].asked                                     # an authority's answer, not one of another test


@pytest.mark.parametrize("label", ["rides-along", "poison-0"])
def test_neither_believes_an_address_that_comes_with_a_cname(plain, label):
    for seen in (plain.by_unbound(f"{label}.believed.test.example."), plain.by_ours(f"{label}.believed.test.example.")):
        assert len(seen.asked) == 2
        assert ("203.0.113.66",) not in seen.answer.values()


def test_as_time_passes(plain):
    """The record changes after the first answer. TTL 300 stays old, TTL 1 learns of it; failures are tried again."""
    names = [f"{label}.later-{label}.test.example." for label in
             ("ttl-300", "ttl-1", "nx-1-86400", "nodata-900-1", "nx-900-86400", "alias-0", "servfail")]
    started, history = time.monotonic(), []
    for moment, plain.authority.value in ((0.0, "192.0.2.1"), (2.2, "192.0.2.2"), (6.2, "192.0.2.3")):
        time.sleep(max(0.0, started + moment - time.monotonic()))
        history.append({name: (plain.by_unbound(name), plain.by_ours(name)) for name in names})
    for said in history:
        assert {name: one for name, (one, _) in said.items()} == {name: two for name, (_, two) in said.items()}
    asked_again = [{name.split(".")[0] for name, (_, ours) in said.items() if ours.asked} for said in history]
    assert asked_again[1:] == [{"ttl-1", "nx-1-86400", "nodata-900-1"},
                               {"ttl-1", "nx-1-86400", "nodata-900-1", "servfail"}]


def test_stale_answers(stale):
    """C18, C19: one authority says that a name is gone, then falls silent about another."""
    gone, lost = "ttl-1.gone.test.example.", "ttl-1.lost.test.example."
    for name in (gone, lost):
        assert stale.by_unbound(name) == stale.by_ours(name)
    time.sleep(2.2)
    stale.authority.is_empty = True
    assert stale.by_unbound(gone) == (seen := stale.by_ours(gone))
    assert seen.rcode == "NXDOMAIN"
    stale.authority.is_silent = True
    assert stale.by_unbound(lost) == (seen := stale.by_ours(lost))
    assert (seen.rcode, seen.ttls, list(seen.answer.values())) == ("NOERROR", (30,), [("192.0.2.1",)])
