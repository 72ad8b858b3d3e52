"""A DNS packet laid open: what each of its bytes is, and what it says.

    bytes  ->  Fields that cover every byte exactly once, in order

Never fails: where a packet stops making sense, the rest is one field that says why.
Source: RFC 1035 section 4.1, RFC 6891 section 6.1 (EDNS0), RFC 7871 section 6 (client subnet).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .errors import PacketError
from .octets import (
    CLIENT_SUBNET,
    HEADER,
    POINTER,
    escaped,
    name_of,
    number,
    rcode_name,
    read_name,
    read_record,
    type_name,
)
from .rdata import FULL_NAME, NAME, parts

CLASSES = {1: "IN", 3: "CH", 4: "HS", 254: "NONE", 255: "ANY"}
OPCODES = {0: "QUERY", 1: "IQUERY", 2: "STATUS", 4: "NOTIFY", 5: "UPDATE"}
RCODE_MEANINGS = {"NOERROR": "no error", "FORMERR": "the question could not be read", "SERVFAIL": "the server failed",
                  "NXDOMAIN": "the name does not exist", "NOTIMP": "the server does not do this",
                  "REFUSED": "the server will not answer this"}
# fmt: off
FLAGS = (                    # bit, name, what it means when set
    (0x8000, "QR", "this is a reply"),
    (0x0400, "AA", "the server speaks for the zone itself"),
    (0x0200, "TC", "cut short to fit: ask again over TCP"),
    (0x0100, "RD", "please ask others if you must"),
    (0x0080, "RA", "this server asks others for you"),
    (0x0020, "AD", "the data was verified (DNSSEC)"),
    (0x0010, "CD", "do not verify (DNSSEC)"),
)
# fmt: on
SECTIONS = ("question", "answer", "authority", "additional")
OPTIONS = {3: "name server id", CLIENT_SUBNET: "client subnet", 10: "cookie", 12: "padding", 15: "extended error"}


class Field(NamedTuple):
    """Bytes `start` to `end` (not included) of a packet, and what they are."""

    start: int
    end: int
    section: str      # "header", "question", "answer", "authority", "additional", "unreadable"
    name: str         # "id", "flags", "label", "TTL", ...
    value: str
    meaning: str      # a sentence for people


def describe(packet: bytes) -> list[Field]:
    """The fields of a packet, in order; together they cover every byte exactly once, whatever the bytes are."""
    fields, trouble = [], "bytes after the end of the message"
    try:
        for field in _message(packet):
            fields.append(field)
    except PacketError as error:
        trouble = str(error)
    done = fields[-1].end if fields else 0
    if done < len(packet):
        fields.append(Field(done, len(packet), "unreadable", "rest", packet[done:].hex(" "), trouble))
    return fields


def _message(packet: bytes) -> Iterator[Field]:
    yield from _header(packet)
    offset = HEADER
    for index, section in enumerate(SECTIONS):
        for _ in range(number(packet, 4 + 2 * index, 2)):
            for field in (_question if section == "question" else _record)(packet, offset, section):
                yield field
                offset = field.end


def _header(packet: bytes) -> Iterator[Field]:
    yield Field(0, 2, "header", "id", str(number(packet, 0, 2)), "a number that ties the reply to the question")
    flags = number(packet, 2, 2)
    opcode, rcode = flags >> 11 & 15, rcode_name(flags & 15)
    up = [(name, meaning) for bit, name, meaning in FLAGS if flags & bit]
    is_reply = bool(flags & 0x8000)
    said = [f"{name}: {meaning}" for name, meaning in up] or ["a question, and no flag is set"]
    if is_reply:
        said.append(f"{rcode}: {RCODE_MEANINGS.get(rcode, 'some other error')}")
    value = [OPCODES.get(opcode, f"opcode {opcode}"), *(name for name, _ in up), *([rcode] if is_reply else [])]
    yield Field(2, 4, "header", "flags", " ".join(value), "; ".join(said))
    for index, section in enumerate(SECTIONS):
        start = 4 + 2 * index
        count = number(packet, start, 2)
        things = "question" if index == 0 else "record"
        yield Field(start, start + 2, "header", f"{section} count", str(count),
                    f"{count} {things}{'s' * (count != 1)} in the {section} section")


def _question(packet: bytes, offset: int, section: str) -> Iterator[Field]:
    labels, end = read_name(packet, offset)
    yield from _name(packet, offset, section, "the name asked for")
    kind, class_ = type_name(number(packet, end, 2)), number(packet, end + 2, 2)
    yield Field(end, end + 2, section, "type", kind, f"asks for {kind} records of {name_of(labels)}")
    yield Field(end + 2, end + 4, section, "class", CLASSES.get(class_, str(class_)), "IN is the internet")


def _name(packet: bytes, offset: int, section: str, what: str) -> Iterator[Field]:
    """The pieces of a name: labels, then a zero byte or a pointer."""
    while length := packet[offset]:
        if length & POINTER == POINTER:
            target = number(packet, offset, 2) & 0x3FFF
            name = name_of(read_name(packet, target)[0])
            yield Field(offset, offset + 2, section, "pointer", f"-> byte {target}",
                        f"{what} goes on as at byte {target}: {name}")
            return
        label = packet[offset + 1:offset + 1 + length]
        yield Field(offset, offset + 1 + length, section, "label", escaped(label, b""),
                    f"{what}: {length} byte{'s' * (length != 1)} follow{'s' * (length == 1)}")
        offset += 1 + length
    yield Field(offset, offset + 1, section, "end of name", ".", "a label of no bytes: the root, where every name ends")


def _record(packet: bytes, offset: int, section: str) -> Iterator[Field]:
    record = read_record(packet, offset)
    at, kind = record.start - 10, type_name(record.type)
    values = [*_value(packet, record, section)]          # before anything is shown: it must be readable to its end
    yield from _name(packet, offset, section, "the name this record belongs to")
    yield Field(at, at + 2, section, "type", kind, "EDNS0: about this message, not a record" if kind == "OPT"
                else f"what kind of value follows: {kind}")
    yield from (_edns if kind == "OPT" else _class_and_ttl)(packet, at + 2, section)
    size = record.end - record.start
    yield Field(at + 8, at + 10, section, "value length", str(size), f"the value takes {size} bytes")
    yield from values


def _class_and_ttl(packet: bytes, at: int, section: str) -> Iterator[Field]:
    class_, ttl = number(packet, at, 2), number(packet, at + 2, 4)
    yield Field(at, at + 2, section, "class", CLASSES.get(class_, str(class_)), "IN is the internet")
    yield Field(at + 2, at + 6, section, "TTL", str(ttl), f"a resolver may keep this record for {ttl} seconds")


def _edns(packet: bytes, at: int, section: str) -> Iterator[Field]:
    size, flags = number(packet, at, 2), number(packet, at + 4, 2)
    yield Field(at, at + 2, section, "UDP size", str(size), f"the sender takes UDP packets of up to {size} bytes")
    yield Field(at + 2, at + 3, section, "extended rcode", str(packet[at + 2]), "the upper bits of a 12-bit rcode")
    yield Field(at + 3, at + 4, section, "EDNS version", str(packet[at + 3]), "0 is the only one there is")
    yield Field(at + 4, at + 6, section, "EDNS flags", "DO" if flags & 0x8000 else "none",
                "DO asks for DNSSEC records as well" if flags & 0x8000 else "no flag is set")


def _value(packet: bytes, record, section: str) -> Iterator[Field]:
    kind = type_name(record.type)
    if kind == "OPT":
        yield from _options(packet, record.start, record.end, section)
    elif record.start < record.end:
        for part in parts(kind, packet, record.start, record.end):
            what = f"{part.name} of the {kind} record"
            if part.kind in (NAME, FULL_NAME):
                yield from _name(packet, part.start, section, what)
            else:
                yield Field(part.start, part.end, section, part.name, part.text, what)


def _options(packet: bytes, at: int, end: int, section: str) -> Iterator[Field]:
    while at < end:
        code, length = number(packet, at, 2), number(packet, at + 2, 2)
        if at + 4 + length > end:
            raise PacketError(f"EDNS option {code} ends at byte {at + 4 + length}, its record at byte {end}")
        name = OPTIONS.get(code, f"option {code}")
        yield Field(at, at + 2, section, "option code", str(code), name)
        yield Field(at + 2, at + 4, section, "option length", str(length), f"{length} bytes follow")
        at += 4
        if code == CLIENT_SUBNET and length >= 4:
            yield from _client_subnet(packet, at, at + length, section)
        elif length:
            yield Field(at, at + length, section, name, packet[at:at + length].hex(" "), f"data of the {name} option")
        at += length


def _client_subnet(packet: bytes, at: int, end: int, section: str) -> Iterator[Field]:
    family, source, scope = number(packet, at, 2), packet[at + 2], packet[at + 3]
    yield Field(at, at + 2, section, "address family", str(family), "1 is IPv4, 2 is IPv6")
    yield Field(at + 2, at + 3, section, "source prefix", str(source), f"the address is given up to bit {source}")
    yield Field(at + 3, at + 4, section, "scope prefix", str(scope), "in a reply: it holds for all clients"
                + f" that share {scope} bits" * bool(scope))
    if at + 4 < end:
        octets = packet[at + 4:end]
        shown = ".".join(map(str, octets)) if family == 1 else octets.hex(":", 2)
        yield Field(at + 4, end, section, "client network", shown, "where the client is, as far as it tells")
