"""Replies that were packed once and serve again: what may differ from time to time is an id, letters, and a draw.

    Query + Answers  ->  Kept     (all that may be replied to one question)
    Kept + packet + draw  ->  the reply's bytes

Before this: lookup.py says what is possible, wire.py packs it. After this: nameserver.py looks here first.
"""

from __future__ import annotations

from collections.abc import Set
from itertools import islice
from typing import NamedTuple

from .answers import Answers, Possible
from .octets import HEADER
from .routing import pick, shuffled
from .wire import Query, decode_query, encode_reply, pack

OVERHEAD = 500               # bytes that Python takes to keep one, about


class Variant(NamedTuple):
    """One possible reply, packed. Its records may be in another order each time."""

    probability: float
    head: bytes                        # the header after the id
    records: tuple[bytes, ...]         # of the answer section, if they change places; else they are in `rest`
    rest: bytes
    at_most: int | None = None         # so many of the records answer

    def reply(self, packet: bytes, end: int, draw: float) -> bytes:
        """The reply to this packet, in which the question ends before byte `end`."""
        answer = b"".join(shuffled(self.records, draw)[:self.at_most])
        return packet[:2] + self.head + packet[HEADER:end] + answer + self.rest


class Afresh(NamedTuple):
    """One possible reply whose size depends on the draw: it is packed each time."""

    probability: float
    possible: Possible
    tcp: bool

    def reply(self, packet: bytes, end: int, draw: float) -> bytes:
        return encode_reply(decode_query(packet), self.possible.drawn(draw), tcp=self.tcp)


def variant(query: Query, possible: Possible, tcp: bool) -> Variant | Afresh:
    """Packs one possible reply, in the size that the query allows."""
    probability, units, at_most = float(possible.probability), possible.units, possible.at_most
    packed = pack(query, possible.drawn(0.0)).fitted(query.limit(tcp))
    if not units or not packed.answer:
        return Variant(probability, packed.head, (), b"".join(packed.answer) + packed.rest)
    pieces = iter(pack(query, possible.reply).answer)
    records = tuple(b"".join(islice(pieces, len(unit))) for unit in units)
    sizes = {(len(unit), len(record)) for unit, record in zip(units, records, strict=True)}
    is_choice = at_most is not None and at_most < len(units)
    has_repeats = len(possible.reply.answer[0].values) < sum(map(len, units))
    if has_repeats or (is_choice and len(sizes) > 1):
        return Afresh(probability, possible, tcp)
    return Variant(probability, packed.head, records, packed.rest, at_most)


class Kept(NamedTuple):
    """Everything that may be replied to one question."""

    end: int                               # of the question in its packet
    variants: tuple[Variant | Afresh, ...]
    whole: bytes | None = None             # the reply after its id, where no chance and no onlooker is involved
    watches: tuple[str, ...] = ()          # health checks and AWS resources that it depends on
    answers: Answers | None = None         # for an onlooker, if there is one

    @classmethod
    def of(cls, query: Query, answers: Answers, key: object, *, tcp: bool, is_watched: bool) -> Kept:
        """Packs all answers to a query; `key` is its packet after the id, in lower case, or else no bytes at all."""
        end = HEADER + sum(1 + len(label) for label in query.labels) + 5            # final zero, type, class
        variants = tuple(variant(query, possible, tcp) for possible in answers.possible)
        watches = tuple(answers.watches)
        if is_watched:
            return cls(end, variants, None, watches, answers)
        match variants:
            case (Variant(records=()) as only,) if isinstance(key, bytes):
                return cls(end, (), only.reply(b"id" + key, end, 0.0)[2:], watches)
        return cls(end, variants, None, watches)

    def reply(self, packet: bytes, draw: float) -> bytes:
        """The reply that `draw` in [0, 1) gives to this packet, which asks the same question in whatever letters."""
        if self.whole is not None:
            return packet[:2] + self.whole[:HEADER - 2] + packet[HEADER:self.end] + self.whole[self.end - 2:]
        chosen = self.variants[0]
        if len(self.variants) > 1:
            chosen, draw = pick(self.variants, draw)
        return chosen.reply(packet, self.end, draw)

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, about."""
        packed = (part for one in self.variants if isinstance(one, Variant) for part in (*one.records, one.rest))
        return OVERHEAD + len(self.whole or b"") + sum(map(len, packed))


class Memory:
    """Keeps what was used lately, by key: a young half that fills up, and the half that was young before it."""

    def __init__(self, limit: int):
        self._limit = limit                      # bytes, about
        self._size = 0                           # of the young half
        self.young: dict[object, Kept] = {}
        self._old: dict[object, Kept] = {}

    def get(self, key: object) -> Kept | None:
        kept = self.young.get(key)
        if kept is None and (kept := self._old.get(key)) is not None:
            self.put(key, kept)
        return kept

    def put(self, key: object, kept: Kept) -> None:
        self.young[key] = kept
        self._size += kept.size
        if self._size > self._limit // 2:
            self._old, self.young, self._size = self.young, {}, 0

    def without(self, changed: Set[str]) -> Memory:
        """The same memory, but for what depends on these health checks and resources."""
        memory = Memory(self._limit)
        memory._size = self._size
        memory.young, memory._old = (
            {key: kept for key, kept in half.copy().items() if changed.isdisjoint(kept.watches)}
            for half in (self.young, self._old))
        return memory

    def __len__(self) -> int:
        return len(self.young) + len(self._old)
