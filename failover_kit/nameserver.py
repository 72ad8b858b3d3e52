"""A DNS server without a socket: a packet in, a packet out, and a memory of what was packed.

    bytes + the client's address + a random draw  ->  bytes, or None where silence is right

Before this: wire.py takes packets apart and puts them together, authority.py knows what to reply.
After this: network sends and receives. A question asked before costs a look-up, an id, and a draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from .authority import Authority
from .errors import PacketError
from .health import Status
from .lookup import Answered, Answers, Possible
from .octets import HEADER
from .places import locate
from .records import Question
from .routing import pick, shuffled
from .wire import Query, decode_query, encode_reply, pack
from .zone import HostedZone

MEMORY = 64 * 2 ** 20        # bytes of replies that are kept, about
OVERHEAD = 700               # bytes that Python takes to keep one, about

Observer = Callable[[Question, str, Answered], None]
_place_of = lru_cache(4096)(locate)


# ---- replies, packed -------------------------------------------------------------------------------------------

class Variant(NamedTuple):
    """One possible reply, packed. Its records are in an order of their own in each reply."""

    probability: float
    head: bytes                        # the header after the id
    records: tuple[bytes, ...]         # of the answer section, if they change places; else they are in `rest`
    rest: bytes
    at_most: int | None = None         # so many of the records answer

    def reply(self, packet: bytes, end: int, draw: float) -> bytes:
        """The reply to this packet, in which the question ends before byte `end`."""
        if not self.records:
            return packet[:2] + self.head + packet[HEADER:end] + self.rest
        answer = b"".join(shuffled(self.records, draw)[:self.at_most])
        return packet[:2] + self.head + packet[HEADER:end] + answer + self.rest


class Afresh(NamedTuple):
    """One possible reply whose size or count of records depends on the draw: it is packed each time."""

    probability: float
    possible: Possible
    tcp: bool

    def reply(self, packet: bytes, end: int, draw: float) -> bytes:
        return encode_reply(decode_query(packet), self.possible.drawn(draw), tcp=self.tcp)


def _variant(query: Query, possible: Possible, tcp: bool) -> Variant | Afresh:
    probability, units, at_most = float(possible.probability), possible.units, possible.at_most
    packed = pack(query, possible.drawn(0.0)).fitted(query.limit(tcp))
    if not units or not packed.answer:
        return Variant(probability, packed.head, (), b"".join(packed.answer) + packed.rest)
    pieces = iter(pack(query, possible.reply).answer)
    records = tuple(b"".join(islice(pieces, len(unit))) for unit in units)
    sizes = {(len(unit), len(record)) for unit, record in zip(units, records, strict=True)}
    chosen_from = at_most is not None and at_most < len(units)
    repeated = len(possible.reply.answer[0].values) < sum(map(len, units))
    if repeated or (chosen_from and len(sizes) > 1):
        return Afresh(probability, possible, tcp)
    return Variant(probability, packed.head, records, packed.rest, at_most)


class Kept(NamedTuple):
    """Everything that may be replied to one question."""

    end: int                               # of the question in its packet
    variants: list[Variant | Afresh]
    watches: frozenset[str] = frozenset()  # what the answers depend on
    answers: Answers | None = None         # for the observer, if there is one

    def reply(self, packet: bytes, draw: float) -> bytes:
        """The reply that `draw` in [0, 1) gives to this packet, which must ask the same question."""
        variant = self.variants[0]
        if len(self.variants) > 1:
            variant, draw = pick(self.variants, draw)
        return variant.reply(packet, self.end, draw)

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, about."""
        return OVERHEAD + sum(len(part) for variant in self.variants if isinstance(variant, Variant)
                              for part in (*variant.records, variant.rest))


BY_PLACE = Kept(0, [])         # stands where the answer depends on the client's place as well


class Memory:
    """Keeps what was used lately: a young half that fills up, and the half that was young before it."""

    def __init__(self, limit: int):
        self._limit = limit                      # bytes
        self._young: dict[object, Kept] = {}
        self._old: dict[object, Kept] = {}
        self._size = 0                           # bytes in the young half

    def get(self, key: object) -> Kept | None:
        kept = self._young.get(key)
        if kept is None and (kept := self._old.get(key)) is not None:
            self.put(key, kept)
        return kept

    def put(self, key: object, kept: Kept) -> None:
        self._young[key] = kept
        self._size += kept.size
        if self._size > self._limit // 2:
            self._old, self._young, self._size = self._young, {}, 0

    def without(self, changed: frozenset[str]) -> Memory:
        """The same memory, but for what depends on these."""
        memory = Memory(self._limit)
        memory._young, memory._old, memory._size = _less(self._young, changed), _less(self._old, changed), self._size
        return memory

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


def _less(half: dict[object, Kept], changed: frozenset[str]) -> dict[object, Kept]:
    return {key: kept for key, kept in half.copy().items() if kept.watches.isdisjoint(changed)}


# ---- the server ------------------------------------------------------------------------------------------------

class Version(NamedTuple):
    """What the server knows, and the replies packed from it. Swapped as a whole, so that no reply mixes two."""

    authority: Authority
    memory: Memory


class NameServer:
    """Answers for hosted zones. Several threads may ask while another one updates.

    `on_answer` is called with each question answered, the client's address and what was answered.
    """

    def __init__(self, zones: Mapping[str, HostedZone] | Iterable[HostedZone],
                 statuses: Mapping[str, Status] | None = None, *, on_answer: Observer | None = None,
                 memory: int = MEMORY):
        self._limit = memory
        self._on_answer = on_answer
        self._version = Version(Authority(zones, statuses or {}), Memory(memory))

    def update(self, *, zones: Mapping[str, HostedZone] | Iterable[HostedZone] | None = None,
               statuses: Mapping[str, Status] | None = None) -> None:
        """Answer from these zones and statuses from now on. Replies that they do not change stay packed."""
        before, memory = self._version
        now = Authority(before.zones if zones is None else zones, before.statuses if statuses is None else statuses)
        if before.serves_the_same_as(now):
            changed = {key for key in before.statuses.keys() | now.statuses.keys()
                       if before.statuses.get(key) is not now.statuses.get(key)}
            self._version = Version(now, memory.without(frozenset(changed)) if changed else memory)
        else:
            self._version = Version(now, Memory(self._limit))

    def respond(self, packet: bytes, client: str, draw: float, *, tcp: bool = False) -> bytes | None:
        """The reply to a packet from this address (or place), or None for one that must not be answered.

        `draw` in [0, 1) decides wherever the answer leaves something to chance. Never raises for what a packet holds.
        """
        version = self._version
        end = packet.find(0, HEADER)                      # the first zero byte: mostly the end of the name
        key = packet[2:HEADER] + packet[HEADER:end].lower() + packet[end:]
        if tcp:
            key = key, "tcp"
        kept = version.memory.get(key)
        if kept is BY_PLACE:
            kept = version.memory.get((key, _place_of(client).code))
        if kept is None:
            try:
                query = decode_query(packet)
            except PacketError as error:
                return error.reply
            kept = self._keep(version, key, query, client, tcp)
        if self._on_answer is not None:
            self._on_answer(kept.answers.question, client, kept.answers.drawn(draw))
        return kept.reply(packet, draw)

    def _keep(self, version: Version, key: object, query: Query, client: str, tcp: bool) -> Kept:
        """Packs all that may be replied to this query, and remembers it."""
        subnet = query.client_subnet
        told = subnet is not None and subnet.prefixlen > 0     # the resolver says where its client is
        place = _place_of(str(subnet.network_address) if told else client)
        answers = version.authority.answers(query.question, place)
        if answers.tailored and not told:
            version.memory.put(key, BY_PLACE)
            key = key, place.code
        end = HEADER + sum(1 + len(label) for label in query.labels) + 5        # final zero, type, class
        kept = Kept(end, [_variant(query, possible, tcp) for possible in answers.possible], answers.watches,
                    answers if self._on_answer else None)
        version.memory.put(key, kept)
        return kept
