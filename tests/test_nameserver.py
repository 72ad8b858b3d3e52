"""nameserver.py: packets in, packets out. What was packed before is byte for byte what would be packed now."""

import random
import threading
from collections import Counter
from math import sqrt

import dns.edns
import dns.message
import pytest
from packets import BAD, GOOD, QUESTION, header, query
from zonetext import zone

from failover_kit.authority import Authority
from failover_kit.errors import PacketError
from failover_kit.health import Status
from failover_kit.nameserver import NameServer
from failover_kit.places import locate
from failover_kit.records import AliasTarget, GeoLocation, Question, RecordSet
from failover_kit.wire import decode_query, decode_reply, encode_reply

H, U = Status.HEALTHY, Status.UNHEALTHY


def group(name, *members, **common):
    return [RecordSet(**{"name": name, "ttl": 60, "set_identifier": f"s{n}", "values": (f"192.0.2.{n}",)} | common | fields)
            for n, fields in enumerate(members, start=1)]


def multivalue(*values):
    return [{"multivalue_answer": True, "values": some} for some in values]


def alias_of(target):
    return {"ttl": None, "values": (), "alias": AliasTarget(target, True)}


ZONE = zone("example.com", r"""
    one.example.com.      60    A      192.0.2.1
    many.example.com.     60    A      192.0.2.1
    many.example.com.     60    A      192.0.2.2
    many.example.com.     60    A      192.0.2.3
    many.example.com.     60    A      192.0.2.4
    example.com.          300   MX     10 mail.example.com.
    example.com.          300   MX     20 mx.example.net.
    example.com.          300   MX     30 example.com.
    mail.example.com.     300   A      192.0.2.25
    www.example.com.      300   CNAME  weighted.example.com.
    text.example.com.     60    TXT    "short"
    text.example.com.     60    TXT    "rather a long string that takes more room"
    *.wild.example.com.   60    A      192.0.2.9
    sub.example.com.      60    NS     ns1.sub.example.com.
    sub.example.com.      60    NS     ns2.sub.example.com.
    ns1.sub.example.com.  60    A      192.0.2.53
""").with_record_sets(
    *group("failover.example.com", {"failover": "PRIMARY", "health_check_id": "h1"}, {"failover": "SECONDARY"}),
    *group("weighted.example.com", {"weight": 1, "values": ("192.0.2.1", "192.0.2.11")},
           {"weight": 2, "health_check_id": "h2"}, {"weight": 3, "values": ("192.0.2.3", "192.0.2.13", "192.0.2.23")}),
    *group("mv.example.com", *[{"multivalue_answer": True}] * 10),
    *group("mv-twice.example.com", *multivalue(*(("192.0.2.7", f"192.0.2.{n % 3}") for n in range(9)))),
    *group("mv-text.example.com", *multivalue(*((f'"{"x" * 20 * n}"',) for n in range(12))), type="TXT"),
    *group("mv-huge.example.com", *multivalue(*((f'"{n:02}{"x" * 200}"',) for n in range(12))), type="TXT"),
    *group("latency.example.com", {"region": "us-east-1"}, {"region": "eu-west-1", "health_check_id": "h3"}),
    *group("geo.example.com", {"geolocation": GeoLocation(country="JP")}),
    RecordSet(name="example.com", alias=AliasTarget("weighted.example.com")),
    *group("tree.example.com", {"failover": "PRIMARY", **alias_of("weighted.example.com")},
           {"failover": "SECONDARY", **alias_of("latency.example.com")}))
QUESTIONS = [(name, kind) for kind in ("A", "TXT", "MX", "NS", "ANY", "DS", "SOA", "AXFR") for name in (
    "one.example.com.", "many.example.com.", "example.com.", "www.example.com.", "text.example.com.", "a.wild.example.com.",
    "sub.example.com.", "x.sub.example.com.", "failover.example.com.", "weighted.example.com.", "mv.example.com.",
    "mv-twice.example.com.", "mv-text.example.com.", "mv-huge.example.com.", "latency.example.com.", "geo.example.com.",
    "tree.example.com.", "nope.example.com.", "example.org.", ".")]
CLIENTS = ["127.0.4.53", "127.0.7.53", "192.0.2.99"]


def packed_afresh(packet, client, draw, statuses, tcp=False):
    """The reply without the server's memory: authority, draw, encode."""
    asked = decode_query(packet)
    subnet = asked.client_subnet
    place = locate(str(subnet.network_address) if subnet is not None and subnet.prefixlen else client)
    return encode_reply(asked, Authority([ZONE], statuses).answers(asked.question, place).drawn(draw).reply, tcp=tcp)


@pytest.mark.parametrize(("name", "kind"), QUESTIONS)
def test_remembered_replies_are_the_replies_byte_for_byte(name, kind):
    rng = random.Random(f"{name}{kind}")
    server = NameServer([ZONE], {"h2": U})
    for options in ({"edns": None}, {}, {"options": [dns.edns.ECSOption("198.18.7.0", 24)]},
                    {"options": [dns.edns.ECSOption("0.0.0.0", 0)]}, {"payload": 600}):
        for _ in range(12):
            spelt = "".join(rng.choice((ch.lower(), ch.upper())) for ch in name)
            packet = query(spelt, kind, id_=rng.randrange(65536), **options)
            client, draw, tcp = rng.choice(CLIENTS), rng.choice((0.0, rng.random(), 1 - 2 ** -53)), rng.random() < 0.3
            assert server.respond(packet, client, draw, tcp=tcp) == packed_afresh(packet, client, draw, {"h2": U}, tcp)


@pytest.mark.parametrize("packet", GOOD.values(), ids=GOOD)
def test_unusual_questions(packet):
    server = NameServer([ZONE])
    for draw in (0.3, 0.3, 0.7):
        assert server.respond(packet, "127.0.1.53", draw) == packed_afresh(packet, "127.0.1.53", draw, {})


@pytest.mark.parametrize("packet", [packet for packet, _ in BAD.values()], ids=BAD)
def test_packets_that_are_no_question_get_their_reply(packet):
    server = NameServer([ZONE])
    with pytest.raises(PacketError) as caught:
        decode_query(packet)
    assert [server.respond(packet, "127.0.1.53", 0.5, tcp=tcp) for tcp in (False, True)] == [caught.value.reply] * 2


def test_no_byte_of_a_packet_makes_the_server_stumble():
    """Every remembered question, with bytes changed, dropped or added: what comes is what would come without memory."""
    server, rng = NameServer([ZONE]), random.Random(5)
    for packet in (*GOOD.values(), *(query(name, kind) for name, kind in QUESTIONS[:20])):
        server.respond(packet, "127.0.4.53", 0.5)
        for _ in range(60):
            at = rng.randrange(len(packet))
            changed = rng.choice((packet[:at] + bytes([rng.randrange(256)]) + packet[at + 1:], packet[:at], packet + b"\0",
                                  packet[:at] + packet[at + 1:], packet + b"us-east-1", packet + b"tcp"))
            reply = server.respond(changed, "127.0.4.53", 0.5)
            try:
                expected = packed_afresh(changed, "127.0.4.53", 0.5, {})
            except PacketError as error:
                expected = error.reply
            assert reply == expected


def test_names_that_hide_a_zero_byte_are_not_taken_for_one_another():
    """The memory's key is made with the first zero byte, which may lie within a label."""
    server = NameServer([ZONE])
    packets = [header() + b"\x03a\x00" + letter + b"\x07example\x03com\x00\x00\x01\x00\x01" for letter in (b"b", b"B", b"c")]
    for packet in packets * 2:
        reply = server.respond(packet, "127.0.1.53", 0.5)
        assert reply[12:12 + len(packet) - 12] == packet[12:]
        assert reply == packed_afresh(packet, "127.0.1.53", 0.5, {})


# ---- chance ----------------------------------------------------------------------------------------------------

def values(reply):
    return decode_reply(reply)[2].answer[0].values


@pytest.mark.parametrize(("name", "shares"), [
    ("weighted.example.com.", {"192.0.2.1": 1 / 6, "192.0.2.2": 2 / 6, "192.0.2.3": 3 / 6}),                    # B18
    ("many.example.com.", {"192.0.2.1": 1 / 4, "192.0.2.2": 1 / 4, "192.0.2.3": 1 / 4, "192.0.2.4": 1 / 4}),     # B31
    ("mv.example.com.", {f"192.0.2.{n}": 1 / 10 for n in range(1, 11)}),                                        # B32
])
def test_draws_fall_as_the_zone_says(name, shares):
    """Who comes first in the reply, over 3,000 draws: within five standard deviations."""
    server, rng, n = NameServer([ZONE]), random.Random(11), 3_000
    owners = {"192.0.2.11": "192.0.2.1", "192.0.2.13": "192.0.2.3", "192.0.2.23": "192.0.2.3"}
    first = Counter()
    packet = query(name)
    for _ in range(n):
        value = values(server.respond(packet, "127.0.1.53", rng.random()))[0]
        first[owners.get(value, value) if name.startswith("weighted") else value] += 1
    assert first.keys() == shares.keys()
    assert all(abs(first[value] - n * p) <= 5 * sqrt(n * p * (1 - p)) for value, p in shares.items())


# ---- where the client is ---------------------------------------------------------------------------------------

@pytest.mark.parametrize(("client", "subnet", "value"), [
    ("127.0.1.53", None, "192.0.2.1"), ("127.0.4.53", None, "192.0.2.2"),
    ("127.0.1.53", "198.18.4.0/24", "192.0.2.2"),                                       # the subnet counts, not the resolver
    ("127.0.4.53", "198.18.1.0/24", "192.0.2.1"),
    ("127.0.4.53", "0.0.0.0/0", "192.0.2.2"),                                           # "do not tell": the resolver counts
], ids=str)
def test_location(client, subnet, value):                                                                        # B38
    server = NameServer([ZONE])
    for other in CLIENTS:                                                               # whoever asked before
        server.respond(query("latency.example.com."), other, 0.5)
    address, _, bits = (subnet or "").partition("/")
    options = [dns.edns.ECSOption(address, int(bits))] if subnet else []
    reply = server.respond(query("latency.example.com.", options=options), client, 0.5)
    assert values(reply) == (value,)
    if subnet:
        option, = dns.message.from_wire(reply).options
        assert (f"{option.address}/{option.srclen}", option.scopelen) == (subnet, int(bits))


def test_answers_for_everybody_have_scope_0():                                                             # RFC 7871
    reply = NameServer([ZONE]).respond(query("one.example.com.", options=[dns.edns.ECSOption("198.18.4.0", 24)]), "::1", 0.5)
    assert dns.message.from_wire(reply).options[0].scopelen == 0


# ---- updates ---------------------------------------------------------------------------------------------------

def ask(server, name, client="127.0.4.53"):
    return values(server.respond(query(name), client, 0.0))


def test_statuses_are_swapped():
    server = NameServer([ZONE])
    for statuses, failover, latency in [({}, 1, 2), ({"h1": U}, 2, 2), ({"h1": U, "h3": U}, 2, 1), ({"h1": H}, 1, 2),
                                        ({}, 1, 2)]:
        server.update(statuses=statuses)
        for _ in range(2):
            assert ask(server, "failover.example.com.") == (f"192.0.2.{failover}",)
            assert ask(server, "latency.example.com.") == (f"192.0.2.{latency}",)


def test_zones_are_swapped():
    server = NameServer([ZONE], {"h1": U})
    assert ask(server, "one.example.com.") == ("192.0.2.1",)
    server.update(zones=[ZONE.with_record_sets(RecordSet(name="one.example.com", ttl=60, values=("192.0.2.77",)))])
    assert ask(server, "one.example.com.") == ("192.0.2.77",)
    assert ask(server, "failover.example.com.") == ("192.0.2.2",)                        # the statuses stay
    server.update(zones=[], statuses={})
    assert decode_reply(server.respond(query("one.example.com."), "127.0.1.53", 0.5))[2].rcode == "REFUSED"


def test_replies_that_no_status_touches_stay_packed():
    server = NameServer([ZONE])
    for name in ("one", "failover", "latency", "nope", "tree"):
        server.respond(query(f"{name}.example.com."), "127.0.4.53", 0.5)
    before = set(server._version.memory.young)
    server.update(statuses={"h1": U}, zones=[ZONE])
    lost = before - set(server._version.memory.young)
    assert len(lost) == 1
    assert b"failover" in lost.pop()


def test_readers_never_see_a_mix_of_two_versions():
    """Threads ask while zones and statuses are swapped together; each reply must be of one version or of the other."""
    other = ZONE.with_record_sets(*group("failover.example.com", {"failover": "PRIMARY", "health_check_id": "h1"},
                                         {"failover": "SECONDARY"}, values=("192.0.2.100",)))
    versions = [([ZONE], {}), ([other], {"h1": U})]           # 192.0.2.1 of the first, or 192.0.2.100 of the second
    server, seen, stop = NameServer(*versions[0]), [set(), set()], threading.Event()

    def read(into):
        while not stop.is_set():
            into.add(ask(server, "failover.example.com."))
    threads = [threading.Thread(target=read, args=(into,)) for into in seen]
    for thread in threads:
        thread.start()
    for n in range(400):
        zones, statuses = versions[n % 2]
        server.update(zones=zones, statuses=statuses)
    stop.set()
    for thread in threads:
        thread.join()
    assert seen[0] | seen[1] <= {("192.0.2.1",), ("192.0.2.100",)}


# ---- memory, and onlookers -------------------------------------------------------------------------------------

def test_memory_is_bounded_and_keeps_what_is_used():
    server = NameServer([ZONE], memory=60_000)
    for n in range(1_000):
        server.respond(query(f"random-{n}.example.com."), "127.0.1.53", 0.5)
        server.respond(query("one.example.com."), "127.0.1.53", 0.5)
    memory = server._version.memory
    assert len(memory) < 120
    assert any(b"\x03one\x07example" in key for key in memory.young | memory._old)


def test_on_answer_sees_each_answer():
    seen = []
    server = NameServer([ZONE], {"h1": U}, on_answer=lambda *arguments: seen.append(arguments))
    for _ in range(2):
        server.respond(query("failover.example.com."), "127.0.4.53", 0.5)
    server.respond(query("nope.example.com."), "127.0.4.53", 0.5)
    server.respond(header() + QUESTION[:5], "127.0.4.53", 0.5)                          # no question, so no answer
    questions, clients, answered = zip(*seen, strict=True)
    assert questions == (*[Question("failover.example.com.", "A")] * 2, Question("nope.example.com.", "A"))
    assert set(clients) == {"127.0.4.53"}
    assert [one.reply.rcode for one in answered] == ["NOERROR", "NOERROR", "NXDOMAIN"]
    assert [record.set_identifier for record in answered[1].record_sets] == ["s2"]
    assert any("h1 is unhealthy" in str(reason) for reason in answered[1].reasons)


def test_on_answer_sees_what_was_sent():
    seen = []
    server, rng = NameServer([ZONE], on_answer=lambda question, client, answered: seen.append(answered)), random.Random(3)
    for name in ("weighted.example.com.", "mv.example.com.", "mv-text.example.com.", "latency.example.com.") * 5:
        packet = query(name, "TXT" if "text" in name else "A", payload=4096)
        _, _, reply = decode_reply(server.respond(packet, rng.choice(CLIENTS), rng.random(), tcp=True))
        assert reply.answer == seen[-1].reply.answer
