"""wire.py and reading.py: packets and nouns, held against dnspython's reading and writing of the same packets."""

import ipaddress
import random

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packets import BAD, GOOD, query

from failover_kit import wire
from failover_kit.errors import ConfigurationError, PacketError
from failover_kit.octets import HEADER
from failover_kit.rdata import EXAMPLES
from failover_kit.records import Question, Reply, RRset

QUESTION = Question("app.example.com.", "A")
ADDRESSES = RRset("app.example.com.", "A", 60, ("192.0.2.1", "192.0.2.2"))
NS = RRset("example.com.", "NS", 172800, ("ns1.example.com.", "ns-1.awsdns-00.com."))
GLUE = RRset("ns1.example.com.", "A", 300, ("192.0.2.53",))
FULL = Reply("NOERROR", (ADDRESSES,), (NS,), (GLUE,), authoritative=True)


def decoded(packet):
    """What dnspython makes of a packet; it refuses one that is not put together right."""
    return dns.message.from_wire(packet)


def texts(section):
    return {(str(rrset.name).lower(), dns.rdatatype.to_text(rrset.rdtype), rrset.ttl, str(item).lower())
            for rrset in section for item in rrset}


# ---- queries ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("packet", GOOD.values(), ids=GOOD)
def test_queries_are_read_as_dnspython_reads_them(packet):
    ours, theirs = wire.decode_query(packet), decoded(packet)
    assert ours.id == theirs.id
    assert (*ours.labels, b"") == theirs.question[0].name.labels
    assert ours.question.type == dns.rdatatype.to_text(theirs.question[0].rdtype)
    assert ours.recursion_desired == bool(theirs.flags & dns.flags.RD)
    assert ours.udp_size == (theirs.payload if theirs.edns >= 0 else None)
    subnets = [ipaddress.ip_network(f"{o.address}/{o.srclen}") for o in theirs.options if isinstance(o, dns.edns.ECSOption)]
    assert ours.client_subnet == (subnets[0] if subnets else None)


def test_the_name_is_kept_as_it_was_written_and_looked_up_in_lower_case():
    found = wire.decode_query(GOOD["mixed case"])
    assert (found.labels[0], found.question.name) == (b"aPP", "app.example.com.")


@pytest.mark.parametrize(("packet", "rcode"), BAD.values(), ids=BAD)
def test_packets_that_are_no_question(packet, rcode):
    with pytest.raises(PacketError) as caught:
        wire.decode_query(packet)
    reply = caught.value.reply
    if rcode is None:
        assert reply is None
        return
    assert caught.value.rcode == rcode
    message = decoded(reply)
    assert message.id == 0x1234
    assert message.flags & dns.flags.QR
    assert not message.flags & (dns.flags.AA | dns.flags.RA | dns.flags.TC)
    assert message.opcode() == packet[2] >> 3 & 15
    assert dns.rcode.to_text(message.rcode()) == ("BADVERS" if rcode == "BADVERS" else rcode)
    if rcode in ("BADVERS", "REFUSED"):                       # the question was read: it goes back, and so does EDNS0
        assert message.edns == 0
        assert reply[HEADER:].startswith(packet[HEADER:HEADER + 10])


@pytest.mark.parametrize("packet", GOOD.values(), ids=GOOD)
def test_no_single_wrong_byte_gets_past_the_guard(packet):
    """Each byte in turn is set to five other values, dropped, or doubled: a Query or a PacketError comes of it."""
    rng = random.Random(len(packet))
    for at in range(len(packet)):
        values = {0, 0xFF, 0xC0, packet[at] ^ 1 << rng.randrange(8), rng.randrange(256)}
        for changed in (*(packet[:at] + bytes([v]) + packet[at + 1:] for v in values),
                        packet[:at] + packet[at + 1:], packet[:at] + packet[at:at + 1] + packet[at:], packet[:at]):
            check_total(changed)


@given(st.binary(max_size=600))
def test_random_bytes(packet):
    check_total(packet)


@given(st.binary(max_size=200), st.integers(0, 0x7FFF), st.integers(0, 3))
def test_random_bytes_behind_a_plausible_header(tail, flags, additional):
    check_total(b"\x12\x34" + (flags & 0x87FF).to_bytes(2, "big") + bytes([0, 1, 0, 0, 0, 0, 0, additional]) + tail)


def check_refusal(packet, reply):
    assert reply[:2] == packet[:2]
    assert (reply[2] & 0x80, packet[2] & 0x80) == (0x80, 0)
    decoded(reply)


def check_total(packet):
    try:
        found = wire.decode_query(packet)
    except PacketError as error:
        if error.reply is not None:
            check_refusal(packet, error.reply)
        return
    assert decoded(wire.encode_reply(found, Reply("REFUSED"))).rcode() == dns.rcode.REFUSED


@pytest.mark.parametrize(("payload", "limit"), [(None, 512), (0, 512), (511, 512), (512, 512), (1232, 1232), (4096, 4096),
                                            (4097, 4096), (65535, 4096)])
def test_size_of_replies(payload, limit):                                                                      # C11
    packet = query(edns=None) if payload is None else query(payload=payload)
    assert wire.decode_query(packet).limit() == limit
    assert wire.decode_query(packet).limit(tcp=True) == 65535


# ---- replies ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("packet", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("reply", [
    FULL, Reply("NXDOMAIN", authority=(RRset("com.", "SOA", 900, (EXAMPLES["SOA"],)),), authoritative=True),
    Reply("REFUSED"), Reply("SERVFAIL"), Reply(authority=(NS,), additional=(GLUE,)),
    Reply("NOERROR", (ADDRESSES,), truncated=True),
], ids=["full", "NXDOMAIN", "REFUSED", "SERVFAIL", "referral", "truncated"])
def test_replies_are_read_as_dnspython_reads_them(packet, reply):
    asked = wire.decode_query(packet)
    out = wire.encode_reply(asked, reply, tcp=True)
    message = decoded(out)
    assert out[HEADER:].startswith(packet[HEADER:HEADER + sum(1 + len(x) for x in asked.labels) + 5])       # 0x20 echo
    assert (message.id, dns.rcode.to_text(message.rcode())) == (asked.id, reply.rcode)
    assert bool(message.flags & dns.flags.AA) == reply.authoritative
    assert bool(message.flags & dns.flags.TC) == reply.truncated
    assert bool(message.flags & dns.flags.RD) == asked.recursion_desired
    assert not message.flags & (dns.flags.RA | dns.flags.AD | dns.flags.CD)                                  # C10
    for theirs, ours in ((message.answer, reply.answer), (message.authority, reply.authority),
                         (message.additional, reply.additional)):
        assert texts(theirs) == {(rrset.name, rrset.type, rrset.ttl, value) for rrset in ours for value in rrset.values}
    assert wire.decode_reply(out) == (asked.id, asked.question, reply_with_scope(reply, asked))


def reply_with_scope(reply, asked):
    return reply if asked.client_subnet is None else Reply(**{**reply.__dict__, "client_scope": reply.client_scope or 0})


@pytest.mark.parametrize(("kind", "value"), EXAMPLES.items())
def test_every_type_there_and_back(kind, value):
    reply = Reply(answer=(RRset("www.example.com.", kind, 60, (value,)),))
    out = wire.encode_reply(wire.decode_query(query("www.example.com.", kind)), reply)
    assert wire.decode_reply(out)[2] == reply
    if kind not in ("DS", "SSHFP", "TLSA"):                     # dnspython wants digests of the right length
        assert len(decoded(out).answer[0]) == 1


def test_names_are_compressed_against_the_question():
    """Example: the owner is a pointer to byte 12, ns1's name ends in one to example.com. at byte 16."""
    packet = wire.encode_reply(wire.decode_query(GOOD["plain"]), FULL)
    answer = packet[HEADER + 21:]
    assert answer.startswith(b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01")
    assert b"\x03ns1\xc0\x10" in packet
    assert packet.count(b"example") == 1


def test_answer_records_do_not_depend_on_their_order():
    """Any order of the same values is the same pieces in that order: this is what the server's memory relies on."""
    asked = wire.decode_query(query("example.com.", "MX"))
    values = ("10 mail.example.com.", "20 mx.other.example.com.", "30 example.com.", "40 mail.example.net.")
    packed = lambda order: wire.pack(asked, Reply(answer=(RRset("example.com.", "MX", 60, order),))).answer
    pieces = dict(zip(values, packed(values), strict=True))
    for order in (values[::-1], values[2:] + values[:2]):
        assert packed(order) == tuple(pieces[value] for value in order)


def test_edns_is_answered_with_edns():                                                                        # C11, B38
    reply = Reply("NOERROR", (ADDRESSES,), client_scope=24)
    plain, edns, subnet = (decoded(wire.encode_reply(wire.decode_query(GOOD[kind]), reply))
                           for kind in ("plain", "EDNS0", "client subnet"))
    assert plain.edns == -1
    assert (edns.edns, edns.payload, edns.options) == (0, 4096, ())
    assert [(o.address, o.srclen, o.scopelen) for o in subnet.options] == [("198.18.4.0", 24, 24)]


def test_the_dnssec_flag_is_copied():                                                                         # RFC 3225
    message = dns.message.make_query("app.example.com.", "A", want_dnssec=True)
    assert decoded(wire.encode_reply(wire.decode_query(message.to_wire()), FULL)).ednsflags & dns.flags.DO


# ---- replies that are too long ---------------------------------------------------------------------------------

def texts_of(count, size=100):
    return RRset("app.example.com.", "TXT", 60, tuple(f'"{n:03}{"x" * (size - 3)}"' for n in range(count)))


@pytest.mark.parametrize(("reply", "payload", "tcp", "expected"), [
    (Reply(answer=(texts_of(2),), authority=(NS,), additional=(GLUE,)), None, False, "whole"),
    (Reply(answer=(texts_of(4, 92),), authority=(NS,), additional=(GLUE,)), None, False, "no additional"),
    (Reply(answer=(texts_of(4),), authority=(NS,), additional=(GLUE,)), None, False, "answer only"),
    (Reply(answer=(texts_of(5),), authority=(NS,), additional=(GLUE,)), None, False, "cut short"),
    (Reply(answer=(texts_of(5),), authority=(NS,), additional=(GLUE,)), 1232, False, "whole"),
    (Reply(answer=(texts_of(40),), authority=(NS,), additional=(GLUE,)), 4096, False, "cut short"),
    (Reply(answer=(texts_of(40),), authority=(NS,), additional=(GLUE,)), None, True, "whole"),
    (Reply(answer=(texts_of(400, 200),), authority=(NS,), additional=(GLUE,)), 4096, True, "cut short"),
    (Reply(authority=(RRset("app.example.com.", "NS", 60, tuple(f"ns{n}.app.example.com." for n in range(40))),)),
     None, False, "cut short"),
], ids=["fits", "without glue", "without authority", "over 512", "EDNS0 1232", "over 4096", "TCP", "over 65535", "referral"])
def test_fitting(reply, payload, tcp, expected):                                                              # C11
    asked = wire.decode_query(query("app.example.com.", "TXT", edns=None if payload is None else 0, payload=payload or 0))
    packet = wire.encode_reply(asked, reply, tcp=tcp)
    assert len(packet) <= asked.limit(tcp)
    message = decoded(packet)
    assert bool(message.flags & dns.flags.TC) == (expected == "cut short")
    assert message.edns == (-1 if payload is None else 0)
    has = [bool(section) for section in (message.answer, message.authority, message.additional)]
    assert has == {"whole": [bool(reply.answer), True, bool(reply.additional)], "no additional": [True, True, False],
                   "answer only": [True, False, False], "cut short": [False, False, False]}[expected]
    if message.answer:
        assert len(message.answer[0]) == len(reply.answer[0].values)               # an RRset goes whole or not at all


# ---- the client's side -----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("options", "payload", "subnet"), [
    ({}, 4096, None), ({"edns": False}, None, None), ({"client_subnet": "198.18.4.0/24"}, 4096, "198.18.4.0/24"),
    ({"client_subnet": ipaddress.ip_network("2001:db8::/56")}, 4096, "2001:db8::/56"),
    ({"recursion_desired": True}, 4096, None),
])
def test_asking(options, payload, subnet):
    packet = wire.encode_query(Question("App.example.com.", "AAAA"), 77, **options)
    theirs = decoded(packet)
    assert (theirs.id, str(theirs.question[0])) == (77, "App.example.com. IN AAAA")
    ours = wire.decode_query(packet)
    assert (ours.udp_size, ours.recursion_desired) == (payload, options.get("recursion_desired", False))
    assert ours.client_subnet == (ipaddress.ip_network(subnet) if subnet else None)
    assert theirs.to_wire() == packet


@pytest.mark.parametrize(("arguments", "complaint"), [
    ((Question("a..b.", "A"), 1), "empty label"), ((Question("a.b.", "SPAM"), 1), "not a record type"),
    ((QUESTION, 1, "198.18.4.0/24", False), "travels in EDNS0"),
])
def test_what_cannot_be_asked(arguments, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        wire.encode_query(*arguments)


def test_a_reply_from_elsewhere():
    """A recursive server's reply, as dnspython writes it: full compression, a CNAME chain, TTLs to be evened out."""
    message = dns.message.make_response(dns.message.from_wire(query("www.example.com.", id_=9)), recursion_available=True)
    message.answer = [dns.rrset.from_text("www.example.com.", 300, "IN", "CNAME", "app.example.com."),
                      dns.rrset.from_text("app.example.com.", 60, "IN", "A", "192.0.2.1")]
    message.authority = [dns.rrset.from_text("example.com.", 900, "IN", "NS", "ns1.example.com.")]
    message.additional = [dns.rrset.from_text("ns1.example.com.", 2**31, "IN", "TYPE65280", r"\# 2 0102")]
    message.set_rcode(dns.rcode.NXDOMAIN)
    packet = message.to_wire()
    assert wire.decode_reply(packet) == (9, Question("www.example.com.", "A"), Reply(
        "NXDOMAIN",
        (RRset("www.example.com.", "CNAME", 300, ("app.example.com.",)), RRset("app.example.com.", "A", 60, ("192.0.2.1",))),
        (RRset("example.com.", "NS", 900, ("ns1.example.com.",)),),
        (RRset("ns1.example.com.", "TYPE65280", 0, (r"\# 2 0102",)),)))                        # RFC 2181 section 8: TTL


def test_a_failure_without_the_question():
    assert wire.decode_reply(b"\0\7\x81\x01" + bytes(8)) == (7, None, Reply("FORMERR"))


def test_rcodes_of_twelve_bits():
    with pytest.raises(PacketError) as caught:
        wire.decode_query(query(edns=5))
    assert wire.decode_reply(caught.value.reply)[2].rcode == "BADVERS"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_reply_or_refused(packet):
    try:
        wire.decode_reply(packet)
    except PacketError:
        pass


def test_no_single_wrong_byte_gets_past_the_client_s_guard():
    packet = wire.encode_reply(wire.decode_query(GOOD["client subnet"]), FULL)
    for at in range(len(packet)):
        for value in {0, 0xFF, 0xC0, packet[at] ^ 1}:
            try:
                wire.decode_reply(packet[:at] + bytes([value]) + packet[at + 1:])
            except PacketError:
                pass


@pytest.mark.parametrize("packet", [GOOD["plain"], b"", b"\0\1", b"\0\1\x80\0" + bytes([0, 2]) + bytes(6)])
def test_what_is_no_reply(packet):
    with pytest.raises(PacketError):
        wire.decode_reply(packet)
