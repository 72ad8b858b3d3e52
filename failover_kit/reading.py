"""Packets to nouns, on both sides of a conversation.

    bytes  ->  Query                      (read_query: what a server is asked)
    bytes  ->  (id, Question, Reply)      (decode_reply: what a resolver is told)

Before this: octets.py reads names and numbers and takes nothing for granted. After this: wire.py packs replies.
Source: RFC 1035 section 4.1, RFC 6891 (EDNS0), RFC 7871 section 6 (client subnet), RFC 9619 (one question).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from . import rdata
from .errors import PacketError
from .octets import CLIENT_SUBNET, HEADER, OPT, RawRecord, name_of, number, rcode_name, read_name, read_record, type_name
from .records import MAX_TTL, Question, Reply, RRset

PLAIN_UDP, EDNS_UDP, TCP = 512, 4_096, 65_535       # bytes of the largest reply; Route 53 gives 4,096 with EDNS0
QR, AA, TC, RD = 0x8000, 0x0400, 0x0200, 0x0100     # flags of the header
DO = 0x8000                                         # flag in OPT's TTL field, RFC 3225
IN = 1                                              # class
MAX_ADDED = 16                                      # records in a query; EDNS0 and a signature make 2

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Query:
    """A question as it came, with everything that the reply takes up again."""

    id: int
    question: Question                   # in lower case
    labels: tuple[bytes, ...]            # its name in the letters that were used, to be echoed
    recursion_desired: bool = False
    rrclass: int = IN
    udp_size: int | None = None          # bytes the asker takes over UDP; None: no EDNS0
    edns_version: int = 0
    dnssec_ok: bool = False
    client_subnet: Network | None = None

    def limit(self, tcp: bool = False) -> int:
        """Bytes of the largest reply that may be sent."""
        if tcp:
            return TCP
        return PLAIN_UDP if self.udp_size is None else min(max(self.udp_size, PLAIN_UDP), EDNS_UDP)


def is_answerable(packet: bytes) -> bool:
    """Long enough to hold a header, and not itself a reply: answering those would let two servers talk forever."""
    return len(packet) >= HEADER and not number(packet, 2, 2) & QR


# ---- the server's side -----------------------------------------------------------------------------------------

def read_query(packet: bytes) -> Query:
    """The question in a packet. Raises PacketError, with the rcode to reply with."""
    if not is_answerable(packet):
        raise PacketError(f"{len(packet)} bytes that are no query: too few for a header, or a reply")
    flags, questions = number(packet, 2, 2), number(packet, 4, 2)
    if (opcode := flags >> 11 & 15) != 0:
        raise PacketError(f"opcode {opcode} is not served, only QUERY", "NOTIMP")
    if questions != 1:
        raise PacketError(f"{questions} questions in one query, must be 1")
    if (added := sum(number(packet, count_at, 2) for count_at in (6, 8, 10))) > MAX_ADDED:
        raise PacketError(f"{added} records come with the question, at most {MAX_ADDED} are read")
    labels, offset = read_name(packet, HEADER)
    type_, rrclass = number(packet, offset, 2), number(packet, offset + 2, 2)
    if type_ in (0, OPT):
        raise PacketError(f"type {type_} is not one to ask for")
    query = Query(number(packet, 0, 2), Question(name_of(labels), type_name(type_)), labels, bool(flags & RD), rrclass)
    sections, end = _sections(packet, offset + 4)
    if end != len(packet):
        raise PacketError(f"{len(packet) - end} bytes follow the end of the query")
    options = [record for record in sections[2] if record.type == OPT]
    if len(options) > 1 or any(opt.labels for opt in options):
        raise PacketError("the EDNS0 record is there twice, or under a name")
    return _with_edns(query, packet, options[0]) if options else query


def _sections(packet: bytes, offset: int) -> tuple[list[list[RawRecord]], int]:
    """The records of the answer, authority and additional sections, and the offset after them."""
    sections: list[list[RawRecord]] = []
    for count_at in (6, 8, 10):
        records = []
        for _ in range(number(packet, count_at, 2)):
            records.append(read_record(packet, offset))
            offset = records[-1].end
        sections.append(records)
    return sections, offset


def _with_edns(query: Query, packet: bytes, opt: RawRecord) -> Query:
    query = replace(query, udp_size=opt.rrclass, edns_version=opt.ttl >> 16 & 0xFF, dnssec_ok=bool(opt.ttl & DO))
    for code, data in _options(packet, opt):
        if code == CLIENT_SUBNET and query.edns_version == 0:
            network, scope = _subnet(data)
            if scope:
                raise PacketError("the client subnet of a query has a scope, which is for replies")
            query = replace(query, client_subnet=network)
    return query


def _options(packet: bytes, opt: RawRecord) -> list[tuple[int, bytes]]:
    found, at = [], opt.start
    while at < opt.end:
        code, end = number(packet, at, 2), at + 4 + number(packet, at + 2, 2)
        if end > opt.end:
            raise PacketError(f"EDNS0 option {code} ends at byte {end}, its record at byte {opt.end}")
        found.append((code, packet[at + 4:end]))
        at = end
    return found


def _subnet(data: bytes) -> tuple[Network, int]:
    """The network in an EDNS client subnet option, and its scope prefix."""
    family, source, scope, address = number(data, 0, 2), number(data, 2, 1), number(data, 3, 1), data[4:]
    size, kind = {1: (4, ipaddress.IPv4Network), 2: (16, ipaddress.IPv6Network)}.get(family, (0, None))
    if kind is None or max(source, scope) > 8 * size or len(address) != (source + 7) // 8:
        raise PacketError(f"a client subnet of family {family} with {source} bits in {len(address)} bytes")
    try:
        return kind((address.ljust(size, b"\0"), source)), scope
    except ValueError:
        raise PacketError(f"a client subnet with bits set beyond its first {source}") from None


# ---- the client's side -----------------------------------------------------------------------------------------

def decode_reply(packet: bytes) -> tuple[int, Question | None, Reply]:
    """The id, the question (None where a server could not read it, and so sends none back) and the reply.

    Raises PacketError for bytes that are no reply.
    """
    return number(packet, 0, 2), *_decoded_reply(bytes(2) + packet[2:])


@lru_cache(maxsize=256)
def _decoded_reply(packet: bytes) -> tuple[Question | None, Reply]:
    """What a reply says whatever its id: a crowd of resolvers gets the same few replies again and again."""
    flags, questions = number(packet, 2, 2), number(packet, 4, 2)
    if not flags & QR or questions > 1:
        raise PacketError("this is a question, or answers several at once; a reply was expected")
    question, offset = None, HEADER
    if questions:
        labels, offset = read_name(packet, HEADER)
        question = Question(name_of(labels), type_name(number(packet, offset, 2)))
        offset += 4
    (answer, authority, additional), end = _sections(packet, offset)
    if end != len(packet):
        raise PacketError(f"{len(packet) - end} bytes follow the end of the reply")
    rcode, scope = flags & 15, None
    for opt in (record for record in additional if record.type == OPT):
        rcode |= opt.ttl >> 24 << 4
        scope = next((_subnet(data)[1] for code, data in _options(packet, opt) if code == CLIENT_SUBNET), None)
    return question, Reply(
        rcode_name(rcode), _rrsets(packet, answer), _rrsets(packet, authority), _rrsets(packet, additional),
        authoritative=bool(flags & AA), truncated=bool(flags & TC), client_scope=scope)


def _rrsets(packet: bytes, records: Sequence[RawRecord]) -> tuple[RRset, ...]:
    """Records of one name and type together; their lowest TTL holds for all, and one of over 31 bits counts as 0."""
    found: dict[tuple[str, str], RRset] = {}
    for record in records:
        if record.type == OPT:
            continue
        name, kind = name_of(record.labels), type_name(record.type)
        ttl = record.ttl if record.ttl <= MAX_TTL else 0         # RFC 2181 section 8
        value = rdata.decode(kind, packet, record.start, record.end)
        seen = found.get((name, kind), RRset(name, kind, ttl, ()))
        found[name, kind] = RRset(name, kind, min(ttl, seen.ttl), (*seen.values, value))
    return tuple(found.values())
