"""Names and numbers as they lie in a packet. Every byte from outside is read here, and none is trusted.

    "app.example.com."  <->  (b"app", b"example", b"com")  <->  03 a p p 07 e x a m p l e 03 c o m 00

After this: rdata.py reads and writes the values of records, anatomy.py names every byte, wire.py makes nouns of them.
Source: RFC 1035 sections 3.1 (names), 4.1.3 (records) and 4.1.4 (compression).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .errors import ConfigurationError, PacketError

MAX_LABEL, MAX_NAME = 63, 255          # bytes, length bytes and the final zero included in the second
MAX_POINTERS = 126                     # a longest name, of 127 labels, is in no more pieces than labels
POINTER = 0xC0                         # the top two bits of a pointer's first byte; a label's are 00
HEADER = 12                            # bytes

# fmt: off
TYPES = {
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "NAPTR": 35,
    "OPT": 41, "DS": 43, "SSHFP": 44, "TLSA": 52, "SVCB": 64, "HTTPS": 65, "SPF": 99, "TKEY": 249, "TSIG": 250,
    "IXFR": 251, "AXFR": 252, "MAILB": 253, "MAILA": 254, "ANY": 255, "CAA": 257,
}
# fmt: on
RCODES = {"NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5, "BADVERS": 16}
OPT = TYPES["OPT"]
CLIENT_SUBNET = 8                      # EDNS0 option code, RFC 7871 section 6
_ESCAPE = re.compile(rb"\\([0-3][0-7][0-7]|.)", re.DOTALL)
_TYPE_NAMES = {number: name for name, number in TYPES.items()}
_RCODE_NAMES = {number: name for name, number in RCODES.items()}


def type_name(number: int) -> str:
    """1 -> 'A'; a type without a name here is 'TYPE1234' (RFC 3597 section 5)."""
    return _TYPE_NAMES.get(number, f"TYPE{number}")


def rcode_name(number: int) -> str:
    return _RCODE_NAMES.get(number, f"RCODE{number}")


def type_number(name: str) -> int:
    """'A' -> 1, 'TYPE1234' -> 1234. Raises ConfigurationError."""
    if name in TYPES:
        return TYPES[name]
    if re.fullmatch(r"TYPE\d{1,5}", name, re.ASCII) and int(name[4:]) < 65536:
        return int(name[4:])
    raise ConfigurationError(f"{name!r} is not a record type. Use A, AAAA, CNAME, ..., or TYPE and a number.")


# ---- names: text and labels ------------------------------------------------------------------------------------

def labels_of(name: str) -> tuple[bytes, ...]:
    """The labels of a name in text form; `\\ooo`, three octal digits, stands for one byte, as in Route 53.

    >>> labels_of("app.example.com.")
    (b'app', b'example', b'com')

    Raises ConfigurationError where a label is empty or too long, or the name is.
    Source: Route 53 Developer Guide, "DNS domain name format".
    """
    if name == ".":
        return ()
    labels = tuple(unescaped(label) for label in name.removesuffix(".").split("."))
    if not all(labels):
        raise ConfigurationError(f"name {name!r} has an empty label. Remove the doubled dot.")
    longest = max(map(len, labels))
    if longest > MAX_LABEL:
        raise ConfigurationError(f"name {name[:40]!r} has a label of {longest} bytes, at most {MAX_LABEL} are allowed.")
    if len(name_bytes(labels)) > MAX_NAME:
        raise ConfigurationError(f"name {name[:24] + '...'!r} takes {len(name_bytes(labels))} bytes in a packet, "
                                 f"at most {MAX_NAME} are allowed.")
    return labels


def name_of(labels: Sequence[bytes]) -> str:
    """The text of a name, in lower case: bytes that text cannot show, and dots within a label, as `\\ooo`."""
    return ".".join(escaped(label.lower(), special=b" .\\") for label in labels) + "."


def name_bytes(labels: Sequence[bytes]) -> bytes:
    """A name as it travels, without compression."""
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def unescaped(text: str) -> bytes:
    """Text to bytes: `\\344` is the byte of that octal number; before anything else a backslash just quotes it."""
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 8)]) if len(match[1]) == 3 else match[1],
                       text.encode(errors="surrogatepass"))


def escaped(data: bytes, special: bytes) -> str:
    """Bytes to text: what is not printable ASCII, and every byte of `special`, as `\\ooo`."""
    if data.isalnum():                         # nearly every label; of ASCII alone, as these are bytes
        return data.decode("ascii")
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in special else f"\\{byte:03o}" for byte in data)


# ---- reading ---------------------------------------------------------------------------------------------------

class RawRecord(NamedTuple):
    """A resource record in a packet: its fixed fields, and where its data lies."""

    labels: tuple[bytes, ...]
    type: int
    rrclass: int
    ttl: int
    start: int       # first byte of the data
    end: int         # first byte after it


def number(packet: bytes, offset: int, size: int) -> int:
    """The unsigned number in `size` bytes, most significant first. Raises PacketError where the packet is shorter."""
    if offset + size > len(packet):
        raise PacketError(f"the packet ends at byte {len(packet)}, within a field of bytes {offset} to {offset + size}")
    return int.from_bytes(packet[offset:offset + size], "big")


def read_name(packet: bytes, offset: int) -> tuple[tuple[bytes, ...], int]:
    """The labels of the name at `offset`, and the offset after it.

    A pointer must lead back to before the name it stands in, and each further one to before that,
    so that every name ends. Raises PacketError.
    """
    labels, size, end, earliest, pointers = [], 1, None, offset, 0
    while length := number(packet, offset, 1):
        if length & POINTER == POINTER:
            target = number(packet, offset, 2) & 0x3FFF
            if target >= earliest or target < HEADER:
                raise PacketError(f"the pointer at byte {offset} leads to byte {target}, not to an earlier name")
            pointers += 1
            if pointers > MAX_POINTERS:
                raise PacketError(f"the name at byte {earliest} is reached over more than {MAX_POINTERS} pointers")
            end = offset + 2 if end is None else end
            offset = earliest = target
            continue
        size += 1 + length
        if length > MAX_LABEL:
            raise PacketError(f"byte {offset} is neither a label's length nor a pointer: 0x{length:02x}")
        if size > MAX_NAME:
            raise PacketError(f"the name that ends after byte {offset} is over {MAX_NAME} bytes long")
        number(packet, offset + length, 1)         # the label's last byte is there
        labels.append(bytes(packet[offset + 1:offset + 1 + length]))
        offset += 1 + length
    return tuple(labels), offset + 1 if end is None else end


def read_record(packet: bytes, offset: int) -> RawRecord:
    """The resource record at `offset`; the next one begins at its `end`. Raises PacketError."""
    labels, offset = read_name(packet, offset)
    start = offset + 10
    end = start + number(packet, offset + 8, 2)
    if end > len(packet):
        raise PacketError(f"a record's data should end at byte {end}, the packet ends at byte {len(packet)}")
    return RawRecord(labels, number(packet, offset, 2), number(packet, offset + 2, 2), number(packet, offset + 4, 4),
                     start, end)
