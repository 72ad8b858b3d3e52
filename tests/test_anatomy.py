"""anatomy.py: every byte of a packet, named once."""

import random

import dns.edns
import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packets import BAD, GOOD, header, query

from failover_kit.anatomy import describe
from failover_kit.rdata import EXAMPLES, FIELDS, FULL_NAME, NAME
from failover_kit.records import Reply, RRset
from failover_kit.wire import decode_query, encode_reply


def covers(packet):
    """The fields, after making sure that they cover the packet from end to end."""
    fields = describe(packet)
    assert [field.start for field in fields] == [0, *(field.end for field in fields)][:len(fields)]
    assert (fields[-1].end if fields else 0) == len(packet)
    assert all(field.start < field.end for field in fields)
    assert all(field.section and field.name and field.meaning for field in fields)
    return fields


def rows(packet, *names):
    return [(field.section, field.name, field.value) for field in covers(packet) if not names or field.name in names]


def test_a_question_byte_by_byte():
    assert [(f.start, f.end, f.section, f.name, f.value) for f in covers(GOOD["plain"])] == [
        (0, 2, "header", "id", "4660"),
        (2, 4, "header", "flags", "QUERY RD"),
        (4, 6, "header", "question count", "1"),
        (6, 8, "header", "answer count", "0"),
        (8, 10, "header", "authority count", "0"),
        (10, 12, "header", "additional count", "0"),
        (12, 16, "question", "label", "app"),
        (16, 24, "question", "label", "example"),
        (24, 28, "question", "label", "com"),
        (28, 29, "question", "end of name", "."),
        (29, 31, "question", "type", "A"),
        (31, 33, "question", "class", "IN"),
    ]


def test_a_reply_and_its_pointers():
    reply = Reply("NOERROR", (RRset("app.example.com.", "CNAME", 60, ("www.example.com.",)),), authoritative=True)
    packet = encode_reply(decode_query(GOOD["client subnet"]), reply)
    assert rows(packet)[1] == ("header", "flags", "QUERY QR AA RD NOERROR")
    assert [row for row in rows(packet) if row[0] == "answer"] == [
        ("answer", *shown) for shown in (
            ("pointer", "-> byte 12"), ("type", "CNAME"), ("class", "IN"), ("TTL", "60"), ("value length", "6"),
            ("label", "www"), ("pointer", "-> byte 16"))]
    assert [f.meaning for f in covers(packet) if f.name == "pointer"] == [
        "the name this record belongs to goes on as at byte 12: app.example.com.",
        "target of the CNAME record goes on as at byte 16: example.com."]
    assert [row[1:] for row in rows(packet) if row[0] == "additional"] == [
        ("end of name", "."), ("type", "OPT"), ("UDP size", "4096"), ("extended rcode", "0"), ("EDNS version", "0"),
        ("EDNS flags", "none"), ("value length", "11"), ("option code", "8"), ("option length", "7"),
        ("address family", "1"), ("source prefix", "24"), ("scope prefix", "0"), ("client network", "198.18.4")]


@pytest.mark.parametrize(("kind", "value"), EXAMPLES.items())
def test_values_are_shown_field_by_field(kind, value):
    reply = Reply(answer=(RRset("www.example.org.", kind, 60, (value,)),))
    fields = covers(encode_reply(decode_query(query("www.example.org.", kind, edns=None)), reply))
    shown = [f.name for f in fields[fields.index(next(f for f in fields if f.name == "value length")) + 1:]]
    names = [name for name in shown if name not in ("label", "end of name", "pointer")]
    assert names == [name for name, part in FIELDS[kind].items() if part not in (NAME, FULL_NAME)]
    assert all(f.section != "unreadable" for f in fields)


@pytest.mark.parametrize("bit", ["QR", "AA", "TC", "RD", "RA", "AD", "CD"])
def test_each_flag(bit):
    flags = int(dns.flags.from_text(bit))
    value = covers(header(flags=flags, qd=0))[1].value.split()
    assert [word for word in value if word not in ("QUERY", "NOERROR")] == [bit]


def test_a_packet_from_elsewhere():
    """dnspython compresses as much as it can: pointers into values, and pointers to pointers."""
    message = dns.message.make_response(dns.message.from_wire(GOOD["EDNS0"]))
    message.answer = [dns.rrset.from_text("app.example.com.", 60, "IN", "CNAME", "edge.provider.example."),
                      dns.rrset.from_text("edge.provider.example.", 60, "IN", "A", "192.0.2.1")]
    message.additional = [dns.rrset.from_text("x.edge.provider.example.", 60, "IN", "TYPE65280", r"\# 3 010203")]
    fields = covers(message.to_wire())
    assert "unreadable" not in {field.section for field in fields}
    assert ("additional", "data", "010203") in [(f.section, f.name, f.value) for f in fields]


@pytest.mark.parametrize("packet", GOOD.values(), ids=GOOD)
def test_good_packets_are_readable_to_the_end(packet):
    assert "unreadable" not in {field.section for field in covers(packet)}


@pytest.mark.parametrize("packet", [packet for packet, _ in BAD.values()], ids=BAD)
def test_bad_packets_are_covered_too(packet):
    covers(packet)


@pytest.mark.parametrize(("name", "trouble"), [
    ("pointers in a ring", "not to an earlier name"), ("bytes after the end", "bytes after the end of the message"),
    ("name cut short", "packet ends at byte 21"), ("option longer than OPT", "EDNS option 10 ends at byte"),
])
def test_the_rest_says_what_is_wrong(name, trouble):
    last = covers(BAD[name][0])[-1]
    assert last.section == "unreadable"
    assert trouble in last.meaning


@given(st.binary(max_size=400))
@example(b"\xc0\x0c" * 200)
def test_any_bytes_are_covered(packet):
    covers(packet)


@pytest.mark.parametrize("kind", ["EDNS0", "client subnet"])
def test_changed_bytes_are_covered(kind):
    reply = Reply("NOERROR", tuple(RRset("app.example.com.", k, 60, (v,)) for k, v in EXAMPLES.items()))
    packet = encode_reply(decode_query(GOOD[kind]), reply)
    rng = random.Random(kind)
    for at in range(len(packet)):
        covers(packet[:at] + bytes([rng.randrange(256)]) + packet[at + 1:])
        covers(packet[:at])
