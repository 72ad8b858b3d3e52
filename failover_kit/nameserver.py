"""A DNS server without a socket: a packet in, a packet out.

    bytes + the client's address + a random draw  ->  bytes, or None where silence is right

Before this: authority.py knows what to reply, memory.py remembers what was replied. After this: network sends and
receives. A question that was asked before costs a look-up and an id, and a draw where something is left to chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from .answers import Answered
from .authority import Authority
from .errors import PacketError
from .health import Status
from .memory import Kept, Memory
from .octets import HEADER
from .places import locate
from .records import Question
from .wire import Query, decode_query
from .zone import HostedZone

MEMORY = 256 * 2 ** 20         # bytes of replies that are kept at most, about
BY_PLACE = Kept(0, ())         # kept for a question whose answer depends on the client's place as well

Zones = Mapping[str, HostedZone] | Iterable[HostedZone]
Onlooker = Callable[[Question, str, Answered], None]
_place_of = lru_cache(4096)(locate)


class Version(NamedTuple):
    """What the server knows, and the replies packed from it. Swapped as a whole, so that no reply mixes two."""

    authority: Authority
    memory: Memory


class NameServer:
    """Answers for hosted zones. Several threads may ask while one updates.

    `on_answer` is called with each question answered, the client's address, and what was answered.
    """

    def __init__(self, zones: Zones, statuses: Mapping[str, Status] | None = None, *,
                 on_answer: Onlooker | None = None, memory: int = MEMORY):
        self._limit = memory
        self._on_answer = on_answer
        self._version = Version(Authority(zones, statuses or {}), Memory(memory))

    def update(self, *, zones: Zones | None = None, statuses: Mapping[str, Status] | None = None) -> None:
        """Answer from these zones and statuses from now on. Replies that a new status does not touch stay packed."""
        before, memory = self._version
        now = Authority(before.zones if zones is None else zones, before.statuses if statuses is None else statuses)
        if not before.serves_the_same_as(now):
            memory = Memory(self._limit)
        elif changed := {key for key in before.statuses.keys() | now.statuses.keys()
                         if before.statuses.get(key) is not now.statuses.get(key)}:
            memory = memory.without(changed)
        self._version = Version(now, memory)

    def respond(self, packet: bytes, client: str, draw: float, *, tcp: bool = False) -> bytes | None:
        """The reply to a packet from this address (or place), or None for one that must not be answered.

        `draw` in [0, 1) decides what is left to chance. Never raises for what a packet holds.
        """
        kept = None if tcp else self._version.memory.young.get(packet[2:])
        if kept is not None and kept.whole is not None:
            return packet[:2] + kept.whole
        return self._respond(packet, client, draw, tcp)

    def _respond(self, packet: bytes, client: str, draw: float, tcp: bool) -> bytes | None:
        version = self._version
        end = packet.find(0, HEADER)                  # the first zero byte: the end of the name, save in very odd ones
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
        told = subnet is not None and subnet.prefixlen > 0       # the resolver says where its own client is
        place = _place_of(str(subnet.network_address) if told else client)
        answers = version.authority.answers(query.question, place)
        if answers.tailored and not told:
            version.memory.put(key, BY_PLACE)
            key = key, place.code
        kept = Kept.of(query, answers, key, tcp=tcp, is_watched=self._on_answer is not None)
        version.memory.put(key, kept)
        return kept
