"""Packets to test with: good ones of many shapes, and bad ones that each say what is wrong with them."""

import struct

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rdataclass


def header(id_=0x1234, flags=0x0100, qd=1, an=0, ns=0, ar=0):
    return struct.pack("!6H", id_, flags, qd, an, ns, ar)


QUESTION = b"\x03app\x07example\x03com\x00\x00\x01\x00\x01"
OPT = b"\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00"          # root, OPT, 4096 bytes, version 0, no options


def opt(options=b"", version=0, owner=b"\x00"):
    return owner + struct.pack("!HHBBHH", 41, 4096, 0, version, 0, len(options)) + options


def subnet(family=1, source=24, scope=0, address=b"\xc6\x12\x04"):
    data = struct.pack("!HBB", family, source, scope) + address
    return struct.pack("!HH", 8, len(data)) + data


def query(name="app.example.com.", kind="A", *, options=(), payload=4096, edns=0, rclass="IN", flags="RD", id_=0x1234):
    """A query as dnspython writes it."""
    message = dns.message.make_query(name, kind, dns.rdataclass.from_text(rclass))
    message.id = id_
    message.flags = dns.flags.from_text(flags)
    if edns is not None:
        message.use_edns(edns, payload=payload, options=[*options])
    return message.to_wire()


GOOD = {
    "plain": query(edns=None),
    "EDNS0": query(),
    "client subnet": query(options=[dns.edns.ECSOption("198.18.4.0", 24)]),
    "IPv6 client subnet": query(options=[dns.edns.ECSOption("2001:db8::", 56)]),
    "no client subnet, please": query(options=[dns.edns.ECSOption("0.0.0.0", 0)]),
    "cookie": query(options=[dns.edns.GenericOption(10, b"12345678")]),
    "mixed case": query("aPP.ExAmple.coM."),
    "the root": query(".", "NS"),
    "an odd name": query(r"a\.b.\000\255.example.com."),
    "a long name": query(".".join(["x" * 63] * 3) + "." + "x" * 61 + "."),
    "an unknown type": query(kind="TYPE65280"),
    "a small payload": query(payload=100),
    "no recursion": query(flags=""),
    "with a record to ignore": header(ar=1) + QUESTION + b"\x01k\x00" + struct.pack("!HHIH", 65280, 1, 0, 3) + b"sig",
}

BAD = {                                                               # packet, rcode of the reply (None: silence)
    "empty": (b"", None),
    "one byte": (b"\x12", None),
    "header cut short": (header()[:11], None),
    "a reply": (header(flags=0x8180) + QUESTION, None),
    "header only": (header(), "FORMERR"),
    "no question": (header(qd=0), "FORMERR"),
    "two questions": (header(qd=2) + QUESTION * 2, "FORMERR"),
    "65,535 questions": (header(qd=65535) + QUESTION, "FORMERR"),
    "name cut short": (header() + QUESTION[:9], "FORMERR"),
    "type cut short": (header() + QUESTION[:-3], "FORMERR"),
    "bytes after the end": (header() + QUESTION + b"x", "FORMERR"),
    "pointer to itself": (header() + b"\xc0\x0c\x00\x01\x00\x01", "FORMERR"),
    "pointers in a ring": (header() + b"\x01a\xc0\x0c\x00\x01\x00\x01", "FORMERR"),
    "pointer beyond the end": (header() + b"\xff\xff\x00\x01\x00\x01", "FORMERR"),
    "pointer into the header": (header() + b"\xc0\x00\x00\x01\x00\x01", "FORMERR"),
    "label of 64 bytes": (header() + b"\x40" + b"x" * 64 + b"\x00\x00\x01\x00\x01", "FORMERR"),
    "name of 256 bytes": (header() + (b"\x3f" + b"x" * 63) * 4 + b"\x00\x00\x01\x00\x01", "FORMERR"),
    "type 0": (header() + QUESTION[:-4] + b"\x00\x00\x00\x01", "FORMERR"),
    "type OPT": (header() + QUESTION[:-4] + b"\x00\x29\x00\x01", "FORMERR"),
    "a record less than counted": (header(ar=1) + QUESTION, "FORMERR"),
    "more records than a query needs": (header(ar=17) + QUESTION + OPT * 17, "FORMERR"),
    "a record beyond the end": (header(ar=1) + QUESTION + OPT[:-1] + b"\x05", "FORMERR"),
    "two OPT records": (header(ar=2) + QUESTION + OPT + OPT, "FORMERR"),
    "OPT under a name": (header(ar=1) + QUESTION + opt(owner=b"\x01a\x00"), "FORMERR"),
    "option cut short": (header(ar=1) + QUESTION + opt(b"\x00\x08\x00"), "FORMERR"),
    "option longer than OPT": (header(ar=1) + QUESTION + opt(b"\x00\x0a\x00\x08abc"), "FORMERR"),
    "subnet of family 3": (header(ar=1) + QUESTION + opt(subnet(family=3)), "FORMERR"),
    "subnet of 33 bits": (header(ar=1) + QUESTION + opt(subnet(source=33, address=b"\xc6\x12\x04\x01\x80")), "FORMERR"),
    "subnet with too few bytes": (header(ar=1) + QUESTION + opt(subnet(address=b"\xc6\x12")), "FORMERR"),
    "subnet with too many bytes": (header(ar=1) + QUESTION + opt(subnet(address=b"\xc6\x12\x04\x00")), "FORMERR"),
    "subnet with bits beyond": (header(ar=1) + QUESTION + opt(subnet(source=20, address=b"\xc6\x12\x04")), "FORMERR"),
    "subnet with a scope": (header(ar=1) + QUESTION + opt(subnet(scope=24)), "FORMERR"),
    "subnet without a body": (header(ar=1) + QUESTION + opt(b"\x00\x08\x00\x00"), "FORMERR"),
    "opcode IQUERY": (header(flags=0x0900) + QUESTION, "NOTIMP"),
    "opcode STATUS": (header(flags=0x1000) + QUESTION, "NOTIMP"),
    "opcode NOTIFY": (header(flags=0x2000) + QUESTION, "NOTIMP"),
    "opcode UPDATE": (header(flags=0x2800) + QUESTION, "NOTIMP"),
    "opcode 15": (header(flags=0x7800), "NOTIMP"),
    "class CH": (query("version.bind.", "TXT", rclass="CH"), "REFUSED"),
    "class ANY": (query(rclass="ANY"), "REFUSED"),
    "EDNS version 1": (query(edns=1), "BADVERS"),
}
