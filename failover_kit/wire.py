"""Nouns to packets: the only module that knows dnslib, and the door to everything about packets.

    Question       ->  bytes     (encode_query)
    bytes          ->  Query     (decode_query: a packet that is no question comes with what to reply)
    Query + Reply  ->  Packed    ->  bytes     (pack, encode_reply)

Before this: reading.py takes packets apart, authority.py makes the Reply. After this: nameserver.py keeps what was
packed, network sends it. Source: RFC 1035 section 4.1, RFC 2181 section 9 (truncation), RFC 6891 (EDNS0).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import dnslib

from . import rdata
from .anatomy import Field, describe
from .errors import ConfigurationError, PacketError
from .octets import CLIENT_SUBNET, HEADER, RCODES, labels_of, number, type_number
from .rdata import check_value
from .reading import AA, EDNS_UDP, IN, QR, RD, TC, Network, Query, decode_reply, is_answerable, read_query
from .records import Question, Reply, RRset

__all__ = ["Field", "Packed", "Query", "check_value", "decode_query", "decode_reply", "describe", "encode_query",
           "encode_reply", "pack"]

OPCODE = 0x7800              # bits of the header's flags


# ---- names and values, as dnslib takes them --------------------------------------------------------------------

class _Buffer(dnslib.DNSBuffer):
    """Writes names. Points back to the question's name and the parents of it, and to nothing else.

    So a record's bytes do not depend on where it stands, and records can be put in another order without
    packing them again. Upper and lower case count as the same.
    """

    def __init__(self, question: Sequence[bytes] = ()):
        super().__init__()
        lowered, offset = _lower(question), HEADER
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


@dataclass(frozen=True)
class Packed:
    """A reply in pieces, one a record. Within a section they may change places, and any id may go in front."""

    flags: int                           # the header's third and fourth byte
    question: bytes
    answer: tuple[bytes, ...] = ()
    authority: tuple[bytes, ...] = ()
    additional: tuple[bytes, ...] = ()
    opt: bytes = b""                     # EDNS0

    def __len__(self) -> int:
        """Bytes of the whole packet."""
        records = self.answer + self.authority + self.additional
        return HEADER + len(self.question) + sum(map(len, records)) + len(self.opt)

    @property
    def head(self) -> bytes:
        """The header after its id: flags and counts."""
        counts = 1, len(self.answer), len(self.authority), len(self.additional) + bool(self.opt)
        return b"".join(number.to_bytes(2, "big") for number in (self.flags, *counts))

    @property
    def rest(self) -> bytes:
        """What follows the answer section."""
        return b"".join((*self.authority, *self.additional, self.opt))

    def fitted(self, limit: int) -> Packed:
        """The same within `limit` bytes: without what RFC 2181 section 9 lets go, or else cut short (TC).

        Beside an answer the other sections are a courtesy; where there is none they are the message.
        """
        if len(self) <= limit:
            return self
        cut_short = replace(self, flags=self.flags | TC, answer=(), authority=(), additional=())
        if not self.answer:
            return cut_short
        lighter = replace(self, additional=()), replace(self, authority=(), additional=())
        return next((packed for packed in lighter if len(packed) <= limit), cut_short)


def pack(query: Query, reply: Reply) -> Packed:
    """The reply to this query, not yet cut to size. Raises ConfigurationError for a value that cannot be packed."""
    rcode = RCODES[reply.rcode]
    flags = QR | AA * reply.authoritative | TC * reply.truncated | RD * query.recursion_desired | rcode & 15
    question = dnslib.DNSQuestion(dnslib.DNSLabel(query.labels), type_number(query.question.type), query.rrclass)
    told = query.client_subnet is not None and query.client_subnet.prefixlen > 0
    scope = (reply.client_scope or 0) if told else 0
    opt = b"" if query.udp_size is None else _opt(query.client_subnet, scope, rcode >> 4, query.dnssec_ok)
    buffer = _Buffer(query.labels)
    records = (_records(buffer, section) for section in (reply.answer, reply.authority, reply.additional))
    return Packed(flags, _Buffer().packed(question), *records, opt)


def _records(buffer: _Buffer, rrsets: Sequence[RRset]) -> tuple[bytes, ...]:
    found = []
    for rrset in rrsets:
        owner, number = dnslib.DNSLabel(_labels_of(rrset.name)), type_number(rrset.type)
        found += [buffer.packed(dnslib.RR(owner, number, IN, rrset.ttl, _Value(_encode(rrset.type, value))))
                  for value in rrset.values]
    return tuple(found)


_labels_of = lru_cache(4096)(labels_of)         # name servers and zones come up again and again
_encode = lru_cache(4096)(rdata.encode)


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
