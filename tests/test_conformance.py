"""The same zone in knot, nsd and the kit, asked the same questions. Every difference is listed here, with its reason."""

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from packets import BAD, GOOD, query
from peers import COMMANDS, program, serving
from zonetext import zone

from failover_kit.nameserver import NameServer

ZONE = r"""
    example.com.              900   SOA    ns1.example.com. hostmaster.example.com. 1 7200 900 1209600 86400
    example.com.              3600  NS     ns1.example.com.
    example.com.              3600  NS     ns.example.net.
    ns1.example.com.          3600  A      192.0.2.53
    example.com.              300   MX     10 mail.example.com.
    example.com.              300   MX     20 mail.example.net.
    mail.example.com.         300   A      192.0.2.25
    mail.example.com.         300   AAAA   2001:db8::25
    app.example.com.          60    A      192.0.2.1
    app.example.com.          60    AAAA   2001:db8::1
    www.example.com.          300   CNAME  app.example.com.
    chain1.example.com.       300   CNAME  chain2.example.com.
    chain2.example.com.       300   CNAME  www.example.com.
    loop1.example.com.        300   CNAME  loop2.example.com.
    loop2.example.com.        300   CNAME  loop1.example.com.
    out.example.com.          300   CNAME  www.example.net.
    dangling.example.com.     300   CNAME  nope.example.com.
    nodata.example.com.       300   CNAME  deep.er.example.com.
    tocut.example.com.        300   CNAME  x.dep.example.com.
    _http._tcp.example.com.   300   SRV    0 0 80 app.example.com.
    deep.er.example.com.      300   TXT    "deep"
    *.wild.example.com.       60    A      192.0.2.9
    sub.*.wild.example.com.   60    TXT    "not a wildcard"
    host.wild.example.com.    60    TXT    "exact"
    *.cn.example.com.         60    CNAME  app.example.com.
    *.mx.example.com.         60    MX     10 mail.example.com.
    dep.example.com.          3600  NS     ns1.dep.example.com.
    dep.example.com.          3600  NS     ns1.example.com.
    dep.example.com.          3600  NS     ns.example.net.
    dep.example.com.          3600  DS     12345 8 2 0A0B0C0D0E0F0A0B0C0D0E0F0A0B0C0D0E0F0A0B0C0D0E0F0A0B0C0D0E0F0A0B
    ns1.dep.example.com.      3600  A      192.0.2.54
    relay.example.com.        300   MX     10 ns1.dep.example.com.
    caa.example.com.          300   CAA    0 issue "ca.example.net"
    naptr.example.com.        300   NAPTR  100 50 "s" "http" "" _http._tcp.example.com.
    https.example.com.        300   HTTPS  1 . alpn="h2,h3"
    ptr.example.com.          300   PTR    app.example.com.
""" + "".join(f'    big.example.com. 60 TXT "{n:02} {"x" * 100}"\n' for n in range(30)) + "".join(
    f"    mid.example.com. 60 A 198.51.100.{n}\n" for n in range(28))
LINES = [line.split(None, 3) for line in ZONE.strip().splitlines()]
OWNERS = [owner for owner, *_ in LINES]
NOT_THERE = [
    "nope.example.com.", "er.example.com.", "_tcp.example.com.", "wild.example.com.", "a.wild.example.com.",
    "a.b.wild.example.com.", "x.*.wild.example.com.", "x.sub.*.wild.example.com.", "x.host.wild.example.com.",
    "x.cn.example.com.", "x.y.cn.example.com.", "x.mx.example.com.", "x.dep.example.com.", "nope.dep.example.com.",
    "x.app.example.com.", "x.www.example.com.", "example.org.", "com.", ".", "EXAMPLE.com.", "aPp.eXample.com."]
NAMES = [*dict.fromkeys([*OWNERS, *NOT_THERE])]
KINDS = ["A", "AAAA", "CNAME", "NS", "SOA", "MX", "TXT", "SRV", "DS", "ANY", "CAA", "NAPTR", "HTTPS", "PTR", "TYPE65280",
         "AXFR"]

ours = NameServer([zone("example.com", ZONE)])


@pytest.fixture(scope="module", params=COMMANDS)
def peer(request, tmp_path_factory):
    if program(request.param) is None:
        pytest.skip(f"{request.param} is not installed (Debian packages: knot, nsd)")
    text = "".join(f"{owner} {ttl} IN {kind} {value}\n" for owner, ttl, kind, value in LINES)
    with serving(request.param, "example.com", text, tmp_path_factory.mktemp(request.param)) as running:
        yield running


def respond(packet, tcp=False):
    return ours.respond(packet, "127.0.0.1", 0.5, tcp=tcp)


# ---- answers ---------------------------------------------------------------------------------------------------

def seen(packet):
    """A reply, in parts that can be compared. Names in lower case, records in any order."""
    message = dns.message.from_wire(packet)
    records = lambda section: frozenset(
        (str(rrset.name).lower(), dns.rdatatype.to_text(rrset.rdtype), rrset.ttl, str(item).lower())
        for rrset in section for item in rrset)
    return {"rcode": dns.rcode.to_text(message.rcode()), "flags": dns.flags.to_text(message.flags),
            "question": message.question, "EDNS0": (message.edns, message.payload), "answer": records(message.answer),
            "authority": records(message.authority), "additional": records(message.additional)}


def kinds_in(section):
    return {kind for _, kind, _, _ in section}


# Each says which parts of two replies may differ, and only where its own reason holds.

def they_chase(kind, ours, theirs):
    """C9: the kit gives a CNAME and leaves it to the resolver to ask on; they follow it, and tell of its end (RFC 6604)."""
    if kinds_in(ours["answer"]) == {"CNAME"} and kind not in ("CNAME", "ANY") and ours["answer"] <= theirs["answer"]:
        return {"rcode", "answer", "authority", "additional"}


def we_add_the_target_s_address(kind, ours, theirs):
    """C8: Route 53 adds addresses for the target of a CNAME; they do so for MX, NS and SRV alone."""
    more = ours["additional"] - theirs["additional"]
    targets = {value for _, kind, _, value in ours["answer"] if kind == "CNAME"}
    if more and {name for name, *_ in more} <= targets | {"ns1.example.com."} and theirs["additional"] <= ours["additional"]:
        return {"additional"}


def they_are_brief(kind, ours, theirs):
    """C7: Route 53 adds the zone's name servers to every positive answer; knot never, nsd not to all."""
    name_servers = {("example.com.", "NS", 3600, "ns1.example.com."), ("example.com.", "NS", 3600, "ns.example.net.")}
    if ours["answer"] and ours["authority"] == name_servers and not theirs["authority"]:
        lacking = ours["additional"] ^ theirs["additional"]
        return {"authority"} | ({"additional"} if {name for name, *_ in lacking} == {"ns1.example.com."} else set())


def each_picks_one_for_any(kind, ours, theirs):
    """RFC 8482: one record set will do for ANY, and which one is left to the server."""
    if kind == "ANY" and ours["answer"] and len(kinds_in(theirs["answer"])) == 1:
        return {"answer", "authority", "additional"}


def knot_tells_what_lies_below_a_cut(kind, ours, theirs):
    """An address below a delegation is glue, not data of this zone; knot adds it to an MX answer all the same."""
    more = theirs["additional"] - ours["additional"]
    if kinds_in(ours["answer"]) == {"MX"} and more and all(name.endswith(".dep.example.com.") for name, *_ in more):
        return {"additional"}


def transfers_are_not_for_udp(kind, ours, theirs):
    """AXFR is not defined over UDP (RFC 5936 section 4.2): NOTIMP. The kit refuses it, by whatever way it comes."""
    if kind == "AXFR" and (ours["rcode"], theirs["rcode"]) == ("REFUSED", "NOTIMP"):
        return {"rcode"}


REASONS = [they_chase, we_add_the_target_s_address, they_are_brief, each_picks_one_for_any, knot_tells_what_lies_below_a_cut,
           transfers_are_not_for_udp]
NEEDED = {"knot": {*REASONS}, "nsd": {*REASONS} - {knot_tells_what_lies_below_a_cut}}


def compared(kind, packet, peer):
    """(parts that differ for no listed reason, the reasons that were needed)."""
    left, right = seen(respond(packet)), seen(peer.udp(packet))
    differ = {part for part in left if left[part] != right[part]}
    allowed = {reason: differ & (reason(kind, left, right) or set()) for reason in REASONS}
    return differ.difference(*allowed.values()), {reason for reason, parts in allowed.items() if parts}


def test_every_question_gets_the_same_answer_or_a_listed_difference(peer):
    needed, unexplained = set(), {}
    for kind in KINDS:
        for name in NAMES:
            unlike, reasons = compared(kind, query(name, kind), peer)
            needed |= reasons
            if unlike:
                unexplained[name, kind] = unlike
    assert unexplained == {}
    assert needed == NEEDED[peer.name]            # a reason that nothing needs is to be struck off


@pytest.mark.parametrize("name", ["app", "nope", "x.dep", "er", "a.wild"])
def test_without_edns_and_over_tcp(peer, name):
    for packet in (query(f"{name}.example.com.", "TXT", edns=None), query(f"{name}.example.com.", "MX", flags="")):
        for left, right in ((respond(packet), peer.udp(packet)), (respond(packet, tcp=True), peer.tcp(packet))):
            left, right = seen(left), seen(right)
            assert {part for part in left if left[part] != right[part]} == set()


@pytest.mark.parametrize(("name", "kind"), [("big.example.com.", "TXT"), ("mid.example.com.", "A")])
@pytest.mark.parametrize("payload", [None, 0, 512, 600, 1232, 4096, 65535])
def test_cut_short_alike(peer, name, kind, payload):                                                           # C11
    packet = query(name, kind, edns=None if payload is None else 0, payload=payload or 0)
    left, right = dns.message.from_wire(respond(packet)), dns.message.from_wire(peer.udp(packet))
    assert left.flags == right.flags
    assert [sorted(map(str, rrset)) for rrset in left.answer] == [sorted(map(str, rrset)) for rrset in right.answer]
    left, right = dns.message.from_wire(respond(packet, tcp=True)), dns.message.from_wire(peer.tcp(packet))
    assert not right.flags & dns.flags.TC
    assert sorted(map(str, left.answer[0])) == sorted(map(str, right.answer[0]))


@pytest.mark.parametrize("packet", [GOOD["mixed case"], query("WwW.eXaMpLe.CoM.", "MX")])
def test_letters_are_echoed_as_they_came(peer, packet):
    assert respond(packet)[12:33] == peer.udp(packet)[12:33] == packet[12:33]


# ---- packets that are no question, or an odd one ---------------------------------------------------------------

SUBNETS = {f"subnet {what}" for what in ("of family 3", "of 33 bits", "with too few bytes", "with too many bytes",
                                         "with bits beyond", "with a scope", "without a body")}
UNREADABLE = {"header only", "two questions", "65,535 questions", "name cut short", "type cut short", "pointer to itself",
              "pointers in a ring", "pointer beyond the end", "pointer into the header", "label of 64 bytes",
              "name of 256 bytes", "opcode 15"}
DIFFERENT = {                                                  # (peer, packet): what it does instead, and why
    **{("knot", label): ("silence", "knot drops what it cannot read; RFC 1035 allows FORMERR") for label in UNREADABLE},
    **{(peer, label): ("NOERROR", "client subnet is off in both, so they do not look inside it")
       for label in SUBNETS for peer in COMMANDS},
    **{(peer, "class CH"): ("NOERROR", "both tell their version to anybody who asks; Route 53 has none to tell")
       for peer in COMMANDS},
    **{(peer, "class ANY"): ("NOERROR", "both take class ANY for IN; here only IN is served") for peer in COMMANDS},
    **{(peer, "type OPT"): ("NOERROR", "they say NODATA; RFC 6891 forbids OPT as a question") for peer in COMMANDS},
    ("knot", "type 0"): ("NOTIMP", "type 0 is reserved (RFC 6895): any refusal will do"),
    ("nsd", "type 0"): ("NOERROR", "nsd says NODATA"),
    ("nsd", "bytes after the end"): ("NOERROR", "nsd overlooks them; knot says FORMERR too"),
    ("knot", "OPT under a name"): ("NOERROR", "knot overlooks the name; nsd says FORMERR too"),
    ("knot", "opcode NOTIFY"): ("NOTAUTH", "they can be secondaries, Route 53 cannot"),
    ("nsd", "opcode NOTIFY"): ("NXDOMAIN", "they can be secondaries, Route 53 cannot"),
    ("knot", "opcode UPDATE"): ("FORMERR", "knot takes dynamic updates, and this is not one"),
    ("nsd", "with a record to ignore"): ("FORMERR", "nsd wants nothing but EDNS0 and TSIG; knot and the kit overlook it"),
}


def outcome(reply):
    """The rcode of a reply, or silence."""
    if reply is None:
        return "silence"
    extended = dns.message.from_wire(reply).rcode() if reply[2] >> 3 & 15 == 0 else reply[3] & 15
    return dns.rcode.to_text(dns.rcode.Rcode(extended))


@pytest.mark.parametrize(("label", "packet"), [*GOOD.items(), *((label, packet) for label, (packet, _) in BAD.items())],
                         ids=[*GOOD, *BAD])
def test_odd_packets(peer, label, packet):
    left, right = outcome(respond(packet)), outcome(peer.udp(packet, wait=0.15))
    if (peer.name, label) in DIFFERENT:
        expected, why = DIFFERENT[peer.name, label]
        assert (right, left != right) == (expected, True), f"listed as different ({why}); ours: {left}"
    else:
        assert left == right
