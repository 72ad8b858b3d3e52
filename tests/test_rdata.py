"""rdata.py and svcparams.py: values of records, both ways, against dnspython's reading of the same text and bytes."""

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover_kit.errors import ConfigurationError, PacketError
from failover_kit.octets import name_bytes
from failover_kit.rdata import EXAMPLES, FIELDS, check_value, decode, encode, parts
from failover_kit.records import RECORD_TYPES


def packed(kind, value):
    return b"".join(part if isinstance(part, bytes) else name_bytes(part) for part in encode(kind, value))


def theirs(kind, text):
    return dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), text).to_wire()


def test_every_type_that_a_zone_may_hold_has_a_row_and_an_example():
    assert set(FIELDS) == set(EXAMPLES) == set(RECORD_TYPES)


VALUES = [
    *((kind, text) for kind, text in EXAMPLES.items() if kind not in ("DS", "SSHFP", "TLSA")),
    ("DS", "12345 8 2 " + "0A" * 32), ("SSHFP", "4 2 " + "0A" * 32), ("TLSA", "3 1 1 " + "0A" * 32),
    ("A", "0.0.0.0"), ("A", "255.255.255.255"), ("AAAA", "::"), ("AAAA", "2001:db8::1:0:0:1"), ("AAAA", "::ffff:192.0.2.1"),
    ("MX", "0 ."), ("MX", "65535 mail.example.com."), ("NS", "."), ("SRV", "0 0 0 ."),
    ("TXT", '""'), ("TXT", '"one" "two words" "three"'), ("TXT", '"' + "x" * 255 + '"'),
    ("TXT", '"semi; colon, at @ paren ( ) hash #"'),
    ("CAA", '0 issue ";"'), ("CAA", '128 iodef "mailto:admin@example.com"'), ("CAA", '0 issue "ca.example.net; a=1"'),
    ("NAPTR", '100 50 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .'), ("NAPTR", '0 0 "" "" "" a.example.'),
    ("SOA", "ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"),                      # C2
    ("HTTPS", "0 other.example."), ("HTTPS", "1 ."), ("SVCB", '16 foo.example. alpn="h2" port="53"'),
    ("HTTPS", '1 . mandatory="alpn,ipv4hint" alpn="h3,h2" ipv4hint="192.0.2.1,192.0.2.2" ipv6hint="2001:db8::1"'),
    ("HTTPS", '1 . alpn="h2" no-default-alpn'), ("HTTPS", '1 . ech="AAQAAQID"'), ("HTTPS", '1 . key667="hello"'),
    ("HTTPS", '1 . port="443"'),
]


@pytest.mark.parametrize(("kind", "text"), VALUES)
def test_values_travel_as_dnspython_packs_them(kind, text):
    data = packed(kind, text)
    assert data == theirs(kind, text)
    assert packed(kind, decode(kind, b"before" + data + b"after", 6, 6 + len(data))) == data


@pytest.mark.parametrize(("kind", "given", "shown"), [
    ("CNAME", "WWW.Example.com", "www.example.com."),          # the final dot is optional, Route 53's names are lower case
    ("MX", "10   mail.example.com", "10 mail.example.com."),
    ("AAAA", "2001:DB8:0:0::1", "2001:db8::1"),
    ("TXT", '"a" "b"', '"a" "b"'),
    ("TXT", r'"ex\344mple.com"', r'"ex\344mple.com"'),         # the Developer Guide's own examples
    ("TXT", r'"This string includes \"quotation marks\"."', r'"This string includes \042quotation marks\042."'),
    ("NAPTR", r'100 50 "u" "E2U+sip" "!^(\\+441632960083)$!sip:\\1@example.com!" .',
     r'100 50 "u" "E2U+sip" "!^(\134+441632960083)$!sip:\1341@example.com!" .'),
    ("DS", "12345 8 2 0a1b2 c3d", "12345 8 2 0A1B2C3D"),       # digits may be in several groups
    ("TXT", '"caf\u00e9 \ud800"', r'"caf\303\251 \355\240\200"'),
    ("HTTPS", "1 . port=8443 alpn=h2", '1 . alpn="h2" port="8443"'),      # RFC 9460: keys in the order of their numbers
    ("TYPE65280", r"\# 4 C0000201", r"\# 4 C0000201"),         # RFC 3597
    ("TYPE65280", r"\# 0", r"\# 0"),
])
def test_text_as_it_comes_back(kind, given, shown):
    data = packed(kind, given)
    assert decode(kind, data, 0, len(data)) == shown


@pytest.mark.parametrize(("kind", "text", "complaint"), [
    ("A", "192.0.2.256", "not an IPv4 address"), ("A", "2001:db8::1", "not an IPv4 address"),
    ("A", "192.0.2.1 192.0.2.2", "has 2 parts instead of 1"), ("AAAA", "192.0.2.1", "not an IPv6 address"),
    ("CNAME", "a..example.com", "empty label"), ("CNAME", "x" * 64 + ".com", "label of 64 bytes"),
    ("MX", "mail.example.com", "has 1 parts instead of 2"), ("MX", "ten mail.example.com", "not a number"),
    ("MX", "65536 mail.example.com", "not a number from 0 to 65535"), ("MX", "-1 mail.example.com", "not a number"),
    ("MX", "١ mail.example.com", "not a number"),
    ("SRV", "10 5 www.example.com.", "has 3 parts instead of 4"),
    ("TXT", "bare", "not in quotation marks"), ("TXT", '"open', "quotation mark is missing"),
    ("TXT", '"' + "x" * 256 + '"', "256 bytes, at most 255"), ("TXT", '"x"' * 1400, "at most 4000"), ("TXT", "", "or more"),
    ("CAA", "0 issue ca.example.net", "not in quotation marks"), ("CAA", '256 issue "x"', "0 to 255"),
    ("CAA", '0 is_sue "x"', "not a tag"),
    ("SOA", "ns1.example.com. a.example.com. 1 2 3 4", "has 6 parts instead of 7"),
    ("DS", "1 2 3", "has 3 parts, must have 4 or more"), ("DS", "1 2 3 xyz", "not hexadecimal"),
    ("TLSA", "3 1 1 ABC", "not hexadecimal"),
    ("HTTPS", "1", "has 1 parts"), ("HTTPS", "1 . port=99999", "a port is a number"),
    ("HTTPS", "1 . spam=1", "is not one of"), ("HTTPS", "1 . alpn=,", "protocol name"),
    ("HTTPS", "1 . port=1 port=2", "given twice"), ("HTTPS", "1 . ipv4hint=::1", "ipv4hint"),
    ("HTTPS", "1 . ech=%%%", "ech"), ("HTTPS", "1 . no-default-alpn=x", "takes no value"),
    ("TYPE65280", "C0000201", "a length and hexadecimal"), ("TYPE65280", r"\# 3 C0000201", "4 bytes follow, not 3"),
])
def test_values_that_cannot_travel(kind, text, complaint):
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        check_value(kind, text)
    assert kind in str(caught.value)
    if kind in EXAMPLES:
        assert "Write it like" in caught.value.problems[0].fix


@pytest.mark.parametrize(("kind", "data", "complaint"), [
    ("A", b"\1\2\3", "ends at byte 4, its value at byte 3"), ("A", b"\1\2\3\4\5", "1 bytes are left over"),
    ("AAAA", bytes(15), "ends at byte 16"), ("MX", b"\0\1", "ends"), ("TXT", b"", "ends"), ("TXT", b"\5abc", "ends"),
    ("CNAME", b"\1a\0x", "1 bytes are left over"), ("SOA", b"\0\0" + bytes(19), "ends"),
    ("CAA", b"\0\5abc", "ends"), ("HTTPS", b"\0\1\0\0\1\0\5\2h2", "longer than its record"),
    ("HTTPS", b"\0\1\0\0\1\0\3\7h2", "longer than its parameter"), ("HTTPS", b"\0\1\0\0\4\0\3\1\2\3", "not a multiple of 4"),
    ("HTTPS", b"\0\1\0\0\3\0\1\1", "ends"), ("DS", b"\0\1", "ends"),
])
def test_bytes_that_are_no_value(kind, data, complaint):
    with pytest.raises(PacketError, match=complaint):
        decode(kind, data + b"\0" * 40, 0, len(data))


@given(st.sampled_from(sorted(FIELDS)), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(kind, data):
    """What is accepted dnspython accepts too; it packs again to the same bytes, and its parts lie end to end."""
    try:
        text = decode(kind, data, 0, len(data))
    except PacketError:
        return
    found = [*parts(kind, data, 0, len(data))]
    assert [part.start for part in found] == [0, *(part.end for part in found[:-1])]
    assert found[-1].end == len(data)
    if kind in ("HTTPS", "SVCB", "CAA", "DS", "TLSA", "SSHFP"):      # dnspython, or RFC 9460, is stricter about contents
        return
    assert packed(kind, text).lower() == data.lower()
    dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.from_text(kind), data, 0, len(data))


@given(st.lists(st.binary(max_size=255), min_size=1, max_size=3))
def test_any_text_record_survives(strings):
    data = b"".join(bytes([len(string)]) + string for string in strings)
    text = decode("TXT", data, 0, len(data))
    if len(text) <= 4000:
        assert packed("TXT", text) == data
