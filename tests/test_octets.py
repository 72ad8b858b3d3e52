"""octets.py: names and numbers in a packet, against RFC 1035 section 4.1.4's own example and dnspython."""

import dns.exception
import dns.name
import dns.rdatatype
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from failover_kit.errors import ConfigurationError, PacketError
from failover_kit.octets import (
    HEADER,
    MAX_NAME,
    TYPES,
    labels_of,
    name_bytes,
    name_of,
    number,
    read_name,
    read_record,
    type_name,
    type_number,
)

LABELS = st.lists(st.binary(min_size=1, max_size=63), max_size=6).map(tuple).filter(
    lambda labels: len(name_bytes(labels)) <= MAX_NAME)

# RFC 1035 section 4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root, at bytes 20, 40, 64 and 92.
EXAMPLE = (bytes(20) + b"\x01F\x03ISI\x04ARPA\x00" + bytes(8) + b"\x03FOO\xc0\x14" + bytes(18) + b"\xc0\x1a"
           + bytes(26) + b"\x00")


@pytest.mark.parametrize(("offset", "name", "end"), [
    (20, "f.isi.arpa.", 32), (40, "foo.f.isi.arpa.", 46), (64, "arpa.", 66), (92, ".", 93),
])
def test_the_rfc_s_compressed_names(offset, name, end):
    labels, after = read_name(EXAMPLE, offset)
    assert (name_of(labels), after) == (name, end)


@pytest.mark.parametrize(("name", "complaint"), [
    (b"\xc0\x0c", "not to an earlier name"),                                     # to itself
    (b"\x01a\xc0\x0c", "not to an earlier name"),                                # round and round
    (b"\xc0\x10\x00\x00\x01a\x00", "not to an earlier name"),                    # forward
    (b"\xc0\x04", "not to an earlier name"),                                     # into the header
    (b"\x40" + b"x" * 64 + b"\0", "neither a label's length nor a pointer"),     # RFC 6891 gave up on these
    (b"\x80", "neither a label's length nor a pointer"),
    (b"\x03ab", "packet ends at byte 15"),
    (b"\x01a", "packet ends at byte 14"),
    (b"\xc0", "packet ends at byte 13"),
    (b"", "packet ends at byte 12"),
    ((b"\x3f" + b"x" * 63) * 4 + b"\0", "over 255 bytes"),
], ids=lambda v: v[:20].hex() if isinstance(v, bytes) else v)
def test_names_that_never_end(name, complaint):
    with pytest.raises(PacketError, match=complaint) as caught:
        read_name(bytes(HEADER) + name, HEADER)
    assert caught.value.rcode == "FORMERR"


def test_a_long_way_over_pointers():
    hops = b"".join((0xC000 | HEADER + 2 * max(n - 1, 0)).to_bytes(2, "big") for n in range(200))
    packet = bytes(HEADER) + b"\0\0" + hops[2:]
    assert read_name(packet, HEADER + 2 * 126)[0] == ()
    with pytest.raises(PacketError, match="more than 126 pointers"):
        read_name(packet, HEADER + 2 * 127)


def test_a_name_of_255_bytes_is_the_longest():
    longest = "x" * 63 + "." + "x" * 63 + "." + "x" * 63 + "." + "x" * 61 + "."
    assert len(name_bytes(labels_of(longest))) == MAX_NAME
    assert name_of(read_name(bytes(HEADER) + name_bytes(labels_of(longest)), HEADER)[0]) == longest
    with pytest.raises(ConfigurationError, match="takes 256 bytes"):
        labels_of(longest.removesuffix(".") + "x")


@pytest.mark.parametrize(("text", "labels"), [
    ("App.example.com.", (b"App", b"example", b"com")),
    ("app.example.com", (b"app", b"example", b"com")),
    (".", ()),
    (r"\052.example.com.", (b"*", b"example", b"com")),                 # how Route 53 gives a wildcard back
    (r"ex\344mple.com.", (b"ex\xe4mple", b"com")),                      # its documentation's example
    (r"a\056b.example.", (b"a.b", b"example")),
    (r"a\\b.example.", (b"a\\b", b"example")),
])
def test_names_as_route_53_writes_them(text, labels):
    assert labels_of(text) == labels


@pytest.mark.parametrize("text", ["a..example.com.", "x" * 64 + ".com.", "", ".com."])
def test_names_that_are_none(text):
    with pytest.raises(ConfigurationError):
        labels_of(text)


@given(LABELS)
@example((b"a.b", b"\x00\xff", b"UPPER"))
def test_a_name_survives_both_ways(labels):
    packet = bytes(HEADER) + name_bytes(labels)
    assert read_name(packet, HEADER) == (labels, len(packet))
    assert labels_of(name_of(labels)) == tuple(label.lower() for label in labels)
    assert name_bytes(labels) == dns.name.Name([*labels, b""]).to_wire()


@given(st.binary(max_size=80), st.integers(0, 80))
@example(b"\xc0\x0c" * 20, 30)
def test_reading_as_dnspython_does(tail, offset):
    """Any bytes at all: the same name as another reader finds, or a PacketError."""
    packet = bytes(HEADER) + tail
    try:
        labels, after = read_name(packet, min(HEADER + offset, len(packet)))
    except PacketError:
        return
    theirs, used = dns.name.from_wire(packet, min(HEADER + offset, len(packet)))
    assert (*labels, b"") == theirs.labels
    assert after == min(HEADER + offset, len(packet)) + used


def test_a_record_s_fixed_fields():
    packet = bytes(HEADER) + b"\x01a\x00" + bytes([0, 16, 0, 1, 0, 0, 14, 16, 0, 2]) + b"hi" + b"more"
    record = read_record(packet, HEADER)
    assert (record.labels, record.type, record.rrclass, record.ttl) == ((b"a",), 16, 1, 3600)
    assert packet[record.start:record.end] == b"hi"
    with pytest.raises(PacketError, match="should end at byte 27"):
        read_record(packet[:26], HEADER)


@pytest.mark.parametrize("length", range(10))
def test_a_record_cut_short(length):
    with pytest.raises(PacketError, match="packet ends"):
        read_record(bytes(HEADER) + b"\0" + bytes(length), HEADER)


def test_numbers():
    assert number(b"\x01\x02\x03\x04", 0, 4) == 0x01020304
    with pytest.raises(PacketError, match="ends at byte 4"):
        number(b"\x01\x02\x03\x04", 3, 2)


@pytest.mark.parametrize(("name", "value"), TYPES.items())
def test_types_are_numbered_as_iana_does(name, value):
    assert dns.rdatatype.from_text(name) == value
    assert (type_number(name), type_name(value)) == (value, name)


@pytest.mark.parametrize(("name", "value"), [("TYPE1234", 1234), ("TYPE65535", 65535)])
def test_types_without_a_name(name, value):
    assert (type_number(name), type_name(value)) == (value, name)


@pytest.mark.parametrize("name", ["TYPE65536", "TYPE", "TYPEx", "SPAM", "a", ""])
def test_unknown_types(name):
    with pytest.raises(ConfigurationError, match="not a record type"):
        type_number(name)
