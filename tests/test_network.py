"""network/: sockets under rough treatment, and each part of an exchange against its own limit."""

import asyncio
import gzip
import random
import socket
import struct
from functools import partial

import pytest

from failover_kit import Lab
from failover_kit.health import Outcome
from failover_kit.healthcheck import HealthCheck
from failover_kit.network.addresses import AddressBook
from failover_kit.network.client import Client
from failover_kit.network.pulse import Pulse
from failover_kit.places import PLACES
from failover_kit.probing import judge, limits
from failover_kit.records import Question
from failover_kit.wire import decode_reply, encode_query
from failover_kit.world import HttpRequest

NAME = "app.example.com."
SPEED = 10.0


@pytest.fixture(scope="module")
def lab():
    with Lab.live(speed=50) as lab:
        lab.simple(NAME, "192.0.2.1")
        lab.simple("many.example.com", *(f"192.0.2.{n}" for n in range(1, 101)))
        yield lab


@pytest.fixture
def udp(lab):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(2)
        udp.connect(("127.0.0.1", lab.world.dns_port))
        yield udp


def tcp(lab):
    return socket.create_connection(("127.0.0.1", lab.world.dns_port), timeout=2)


def still_answers(udp):
    udp.send(encode_query(Question(NAME, "A"), 4242))
    while True:
        reply = udp.recv(4096)
        if reply[:2] == struct.pack("!H", 4242):
            return decode_reply(reply)[2].answer[0].values == ("192.0.2.1",)


GOOD = encode_query(Question(NAME, "A"), 7)


@pytest.mark.parametrize(("packet", "rcode"), [
    (b"", None), (b"\0", None), (GOOD[:11], None),                            # no whole header: silence
    (GOOD[:20], 1), (GOOD[:12], 1),                                           # FORMERR
    (GOOD[:2] + b"\x80\0" + GOOD[4:], None),                                  # a response: silence
    (GOOD[:2] + b"\x28\0" + GOOD[4:], 4),                                     # UPDATE: NOTIMP
    (GOOD[:12] + b"\xc0\x0c" + b"\0\1\0\1", 1),                               # a name that points to itself
    (GOOD[:4] + b"\0\2" + GOOD[6:], 1),                                       # two questions announced
    (b"\xff" * 512, None),
], ids=["empty", "one byte", "eleven bytes", "cut name", "no question", "response", "update", "loop", "two", "ones"])
def test_rough_packets(lab, udp, packet, rcode):
    udp.send(packet)
    assert still_answers(udp)
    if rcode is not None:
        udp.send(packet)
        assert udp.recv(4096)[3] & 15 == rcode


def test_random_packets_do_no_harm(lab, udp):
    rng = random.Random(1)
    for number in range(2_000):
        mutated = bytearray(GOOD)
        for _ in range(rng.randint(1, 6)):
            mutated[rng.randrange(len(mutated))] = rng.randrange(256)
        udp.send(bytes(mutated) if rng.random() < 0.7 else rng.randbytes(rng.randint(0, 600)))
        if number % 50 == 0:                      # in between, so that no socket's buffer runs over
            assert still_answers(udp)
    assert still_answers(udp)


def test_truncated_over_udp_whole_over_tcp_C11(lab, udp):
    question = encode_query(Question("many.example.com.", "A"), 9, edns=False)
    udp.send(question)
    reply = udp.recv(65535)
    assert len(reply) <= 512
    assert decode_reply(reply)[2].truncated
    with tcp(lab) as stream:
        stream.sendall(struct.pack("!H", len(question)) + question)
        file = stream.makefile("rb")
        whole = decode_reply(file.read(*struct.unpack("!H", file.read(2))))[2]
    assert len(whole.answer[0].values) == 100
    assert not whole.truncated


def test_several_questions_on_one_connection_even_cut_in_pieces(lab):
    with tcp(lab) as stream:
        for byte in (struct.pack("!H", len(GOOD)) + GOOD) * 2:
            stream.sendall(bytes([byte]))
        file = stream.makefile("rb")
        for _ in range(2):
            assert decode_reply(file.read(*struct.unpack("!H", file.read(2))))[2].answer


@pytest.mark.parametrize("sent", [b"\0\0", b"\0\x05hello", b"\xff\xff" + b"x" * 100], ids=["zero", "garbage", "never ends"])
def test_rough_connections(lab, udp, sent):
    with tcp(lab) as stream:
        stream.sendall(sent)
        assert still_answers(udp)


def test_many_idle_connections_leave_room_for_questions(lab, udp):
    idle = [tcp(lab) for _ in range(250)]
    assert still_answers(udp)
    for stream in idle:
        stream.close()


# ---- exchanges --------------------------------------------------------------------------------------------------

def exchange(handler, kind="HTTP", search=None):
    """One probe of a server that `handler(reader, writer)` plays, judged; lab seconds at ten times real speed."""
    check = HealthCheck(id="c", type=kind, ip_address="127.0.0.1", port=80, search_string=search)

    async def probe():
        pulse = Pulse()
        pulse.start()
        server = await asyncio.start_server(partial(handler, pulse), "127.0.0.1", 0)
        client = Client(SPEED, pulse)
        try:
            request = HttpRequest("127.0.0.1", PLACES[0], ("test",), limits(check), connect_only=kind == "TCP")
            return await client.exchange(request, *server.sockets[0].getsockname())
        finally:
            await client.close()
            server.close()

    seen = asyncio.run(probe())
    return (*judge(check, seen), seen)


def serving(head=b"HTTP/1.1 200 OK\r\nConnection: close\r\n", body=b"welcome", before=0.0, between=0.0):
    """A server that waits, sends status and headers, waits, and sends the body. Times are lab seconds."""
    async def handle(pulse, reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            await pulse.sleep(before / SPEED)
            writer.write(head + f"Content-Length: {len(body)}\r\n\r\n".encode())
            await writer.drain()
            await pulse.sleep(between / SPEED)
            writer.write(body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return                                   # the client gave up, as some cases want
        finally:
            writer.close()
    return handle


LINE = b"HTTP/1.1 %s\r\nConnection: close\r\n"


@pytest.mark.parametrize(("handler", "kind", "search", "passes", "reason"), [
    (serving(), "HTTP", None, True, "HTTP Status Code 200, OK"),
    (serving(LINE % b"302 Found" + b"Location: http://127.0.0.1:1/\r\n"), "HTTP", None, True, "302, Found"),      # A20, A21
    (serving(LINE % b"404 Not Found"), "HTTP", None, False, "404, Not Found"),
    (serving(before=2.5), "HTTP", None, False, "No HTTP status code within 2 seconds"),                           # H23
    (serving(before=1.0), "HTTP", None, True, "200"),
    (serving(between=1.0), "HTTP_STR_MATCH", "welcome", True, "200"),
    (serving(between=2.6), "HTTP_STR_MATCH", "welcome", False, "No response body within 2 seconds"),              # A19
    (serving(between=2.6), "HTTP", None, True, "200"),                              # without a match the body is no matter
    (serving(body=b"x" * 5113 + b"welcome" + b"y" * 9000), "HTTP_STR_MATCH", "welcome", True, "200"),             # A22
    (serving(body=b"x" * 5114 + b"welcome"), "HTTP_STR_MATCH", "welcome", False, "not found in the first 5120"),
    (serving(LINE % b"200 OK" + b"Content-Encoding: gzip\r\n", gzip.compress(b"x" * 5000 + b"welcome")),
     "HTTP_STR_MATCH", "welcome", True, "200"),                                                                   # A23
    (serving(LINE % b"200 OK" + b"X-Long: " + b"x" * 17_000 + b"\r\n"), "HTTP", None, False, "headers are"),      # A24
    (serving(b"SSH-2.0-OpenSSH_9.2\r\n"), "HTTP", None, False, "not valid HTTP"),
    (serving(before=9.0), "TCP", None, True, "TCP connection established"),                                       # A18
], ids=["ok", "redirect", "404", "late status", "in time", "late body ok", "too late body", "body unread", "last bytes",
        "one past", "gzip", "long header", "no http", "tcp"])
def test_parts_of_an_exchange(handler, kind, search, passes, reason):
    outcome, text, _ = exchange(handler, kind, search)
    assert (outcome is Outcome.PASS, reason in text) == (passes, True), text


def test_a_closed_port_is_refused():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))

        async def probe():
            client = Client(SPEED, Pulse())
            request = HttpRequest("127.0.0.1", PLACES[0], ("test",), limits(HealthCheck(id="c", ip_address="127.0.0.1")))
            try:
                return await client.exchange(request, *unused.getsockname())
            finally:
                await client.close()
        assert asyncio.run(probe()).error == "Connection refused"


# ---- addresses --------------------------------------------------------------------------------------------------

def test_sites_share_a_port_where_each_has_an_address():
    book = AddressBook()
    one, two = book.reserve("127.0.1.10"), book.reserve("127.0.2.10")
    assert (one[0], two[0], one[1]) == ("127.0.1.10", "127.0.2.10", two[1])
    assert book.moved == {}
    book.close()


@pytest.mark.parametrize("address", ["127.0.2.10", "192.0.2.7", "shop.example.net"])
def test_elsewhere_a_site_gets_a_port_of_its_own(address):
    """As on macOS, where only 127.0.0.1 can be bound, and for addresses that are not of this machine."""
    book = AddressBook(can_bind=lambda address: False)
    host, port = book.reserve(address)
    assert host == "127.0.0.1"
    assert book.moved == {address: (host, port)}
    assert book.reserve(address) == (host, port)
    book.close()
