"""Nouns to packets: the only module that knows dnslib, and the door to everything about packets.

    Question       ->  bytes     (encode_query)
    bytes          ->  Query     (decode_query: a packet that is no question comes with what to reply)
    Query + Reply  ->  Packed    ->  bytes     (pack, encode_reply)

Before this: reading.py takes packets apart, authority.py makes the Reply. After this: memory.py keeps what was
packed, network sends it. Source: RFC 1035 section 4.1, RFC 6891 (EDNS0), RFC 7871 (client subnet).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

import dnslib

from . import rdata
from .anatomy import Field, describe
from .errors import ConfigurationError, PacketError
from .octets import CLIENT_SUBNET, HEADER, RCODES, labels_of, number, type_number
from .packed import Packed
from .rdata import check_value
from .reading import AA, EDNS_UDP, IN, QR, RD, TC, Network, Query, decode_reply, is_answerable, read_query
from .records import Question, Reply, RRset

__all__ = ["Field", "Packed", "Query", "check_value", "decode_query", "decode_reply", "describe", "encode_query",
           "encode_reply", "pack"]

OPCODE = 0x7800              # bits of the header's flags


# ---- names and values, as dnslib takes them --------------------------------------------------------------------

class _Buffer(dnslib.DNSBuffer):
    """Writes names. Points back to one name, whose labels begin at byte `offset`, and to its parents; to nothing else.

    That name is in the question. So a record's bytes do not depend on where the record stands, and records
    can change places without being packed again. Upper and lower case count as the same.
    """

    def __init__(self, labels: Sequence[bytes] = (), offset: int = HEADER):
        super().__init__()
        lowered = _lower(labels)
        for index, label in enumerate(lowered):
            self.names[lowered[index:]] = offset
            offset += 1 + len(label)

    def encode_name(self, name: dnslib.DNSLabel) -> None:
        lowered = _lower(name.label)
        for index, label in enumerate(name.label):
            if (offset := self.names.get(lowered[index:])) is not None:
                return self.pack("!H", 0xC000 | offset)
            self.append(bytes([len(label)]) + label)
        self.append(b"\0")

    def packed(self, item) -> bytes:
        """The bytes of one of dnslib's headers, questions or records."""
        start = self.offset
        item.pack(self)
        return bytes(self.data[start:])


def _lower(labels: Sequence[bytes]) -> tuple[bytes, ...]:
    return tuple([label.lower() for label in labels])


class _Value(dnslib.RD):
    """A record's value: bytes, and names that may be compressed."""

    def __init__(self, parts: Sequence[bytes | tuple[bytes, ...]]):
        self.parts = parts

    def pack(self, buffer: dnslib.DNSBuffer) -> None:
        for part in self.parts:
            if isinstance(part, bytes):
                buffer.append(part)
            else:
                buffer.encode_name(dnslib.DNSLabel(part))


# ---- the server's side -----------------------------------------------------------------------------------------

def decode_query(packet: bytes) -> Query:
    """The question in a packet.

    Raises PacketError for everything that is no question of class IN; its `reply` is what to send back,
    or None where silence is right.
    """
    try:
        query = read_query(packet)
    except PacketError as error:
        raise PacketError(str(error), error.rcode, _error_reply(packet, error.rcode)) from None
    if query.edns_version:
        raise PacketError(f"EDNS version {query.edns_version} is not known here", "BADVERS",
                          encode_reply(query, Reply("BADVERS")))
    if query.rrclass != IN:
        raise PacketError(f"class {query.rrclass} is not served, only IN", "REFUSED",
                          encode_reply(query, Reply("REFUSED")))
    return query


def _error_reply(packet: bytes, rcode: str) -> bytes | None:
    """A header that says what is wrong, for a packet of which no more can be trusted."""
    if not is_answerable(packet):
        return None
    kept = number(packet, 2, 2) & (OPCODE | RD)
    return _Buffer().packed(dnslib.DNSHeader(id=number(packet, 0, 2), bitmap=QR | kept | RCODES[rcode]))


def pack(query: Query, reply: Reply) -> Packed:
    """The reply to this query, not yet cut to size. Raises ConfigurationError for a value that cannot be packed."""
    rcode = RCODES[reply.rcode]
    flags = QR | AA * reply.authoritative | TC * reply.truncated | RD * query.recursion_desired | rcode & 15
    question = dnslib.DNSQuestion(dnslib.DNSLabel(query.labels), type_number(query.question.type), query.rrclass)
    told = query.client_subnet is not None and query.client_subnet.prefixlen > 0
    scope = (reply.client_scope or 0) if told else 0
    opt = b"" if query.udp_size is None else _opt(query.client_subnet, scope, rcode >> 4, query.dnssec_ok)
    records = (_records(query.labels, section) for section in (reply.answer, reply.authority, reply.additional))
    return Packed(flags, _Buffer().packed(question), *records, opt)


def _records(question: Sequence[bytes], rrsets: Sequence[RRset]) -> tuple[bytes, ...]:
    """The bytes of each record. Names end in a pointer into the question, as far as they agree with it."""
    asked, found = _lower(question), []
    for rrset in rrsets:
        shared = _shared_end(asked, labels_of(rrset.name))
        found += _pack_rrset(rrset, shared, HEADER + sum(1 + len(label) for label in asked[:len(asked) - shared]))
    return tuple(found)


def _shared_end(a: Sequence[bytes], b: Sequence[bytes]) -> int:
    """How many labels at the end of two names are the same."""
    count = 0
    while count < min(len(a), len(b)) and a[-1 - count] == b[-1 - count]:
        count += 1
    return count


@lru_cache(1024)          # the zone's name servers come with every answer
def _pack_rrset(rrset: RRset, shared: int, offset: int) -> tuple[bytes, ...]:
    """The records of a set, each packed; the last `shared` labels of their name are at byte `offset` of the packet."""
    labels, number = labels_of(rrset.name), type_number(rrset.type)
    buffer = _Buffer(labels[len(labels) - shared:], offset)
    return tuple(buffer.packed(dnslib.RR(dnslib.DNSLabel(labels), number, IN, rrset.ttl,
                                         _Value(rdata.encode(rrset.type, value)))) for value in rrset.values)


@lru_cache(4096)
def _opt(subnet: Network | None, scope: int = 0, ext_rcode: int = 0, dnssec_ok: bool = False) -> bytes:
    """The EDNS0 record: how much we take over UDP, the upper bits of the rcode, and the client's network."""
    options = []
    if subnet is not None:
        address = subnet.network_address.packed[:(subnet.prefixlen + 7) // 8]
        head = bytes([0, 1 if subnet.version == 4 else 2, subnet.prefixlen, scope])
        options.append(dnslib.EDNSOption(CLIENT_SUBNET, head + address))
    flags = "do" if dnssec_ok else ""
    return _Buffer().packed(dnslib.EDNS0(ext_rcode=ext_rcode, udp_len=EDNS_UDP, flags=flags, opts=options))


def encode_reply(query: Query, reply: Reply, *, tcp: bool = False) -> bytes:
    """The reply as a packet, within the size that the query and the transport allow."""
    packed = pack(query, reply).fitted(query.limit(tcp))
    return b"".join((query.id.to_bytes(2, "big"), packed.head, packed.question, *packed.answer, packed.rest))


# ---- the client's side -----------------------------------------------------------------------------------------

def encode_query(question: Question, id: int, client_subnet: str | Network | None = None, edns: bool = True,
                 recursion_desired: bool = False) -> bytes:
    """A question as a packet. `client_subnet`, such as "198.18.4.0/24", tells where the client is; it needs EDNS0.

    Raises ConfigurationError for a name or type that cannot be asked for.
    """
    if client_subnet is not None and not edns:
        raise ConfigurationError("A client subnet travels in EDNS0. Leave out edns=False.")
    header = dnslib.DNSHeader(id=id, bitmap=RD * recursion_desired, q=1, ar=int(edns))
    asked = dnslib.DNSQuestion(dnslib.DNSLabel(labels_of(question.name)), type_number(question.type))
    opt = _opt(None if client_subnet is None else ipaddress.ip_network(client_subnet)) if edns else b""
    return _Buffer().packed(header) + _Buffer().packed(asked) + opt
