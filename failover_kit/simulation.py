"""Virtual time: coroutines that wait for moments, run one after another with no waiting at all.

    coroutines + VirtualClock  ->  the same story in milliseconds, the same for the same seed

The kit's actors (actors.py) are coroutines that know a World. Here its network is arithmetic; in network/ it is sockets.
"""

from __future__ import annotations

import heapq
import types
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from itertools import count

from . import places
from .faults import Behaviour, Visit
from .probing import Exchange, Limits
from .world import DNS_TIMEOUT, HttpRequest, World, draw_for

HEADER_BYTES = 180      # about what a small site sends


@types.coroutine
def _until(when: float):
    """Suspends the coroutine; whoever drives it resumes it at `when`."""
    yield when


class VirtualClock:
    """Things to do, in time order. Equal times keep the order they were added in, so every run is the same."""

    def __init__(self):
        self.now = 0.0
        self._agenda: list[tuple[float, int, Coroutine]] = []
        self._order = count()

    def spawn(self, coroutine: Coroutine) -> None:
        """Start a coroutine now; it goes on each time the moment that it waits for has come."""
        self._resume_at(self.now, coroutine)

    def _resume_at(self, when: float, coroutine: Coroutine) -> None:
        heapq.heappush(self._agenda, (max(when, self.now), next(self._order), coroutine))

    def run(self, until: float, progress: Callable[[float], None] = lambda now: None) -> None:
        """Do everything that is due up to and including `until` (seconds)."""
        while self._agenda and self._agenda[0][0] <= until:
            self.step()
            progress(self.now)
        self.now = max(self.now, until)

    def step(self) -> None:
        """Go to the next moment at which somebody has something to do, and let them do it."""
        self.now, _, coroutine = heapq.heappop(self._agenda)
        try:
            self._resume_at(coroutine.send(None), coroutine)
        except StopIteration:
            pass                                       # this actor is done

    def clear(self) -> None:
        """Drop whatever is still to do."""
        for _, _, coroutine in self._agenda:
            coroutine.close()
        self._agenda.clear()


class VirtualWorld(World):
    """The world as arithmetic. Same seed, same story."""

    is_live = False

    def __init__(self, seed: int, respond):
        super().__init__(seed, respond)
        self._clock = VirtualClock()

    def now(self) -> float:
        return self._clock.now

    async def sleep_until(self, when: float) -> None:
        await _until(when)

    def spawn(self, coroutine: Coroutine) -> None:
        self._clock.spawn(coroutine)

    def finish(self, coroutine: Coroutine):
        results = []

        async def noting():
            results.append(await coroutine)
        self.spawn(noting())
        while not results:
            self._clock.step()
        return results[0]

    def call(self, function):
        return function()

    def run(self, until: float, progress: Callable[[float], None]) -> None:
        self._clock.run(until, progress)

    def close(self) -> None:
        self._clock.clear()

    async def exchange(self, request: HttpRequest) -> Exchange:
        """What the site's behaviour at this moment looks like from the client's place."""
        site = self.sites.get(request.address)
        if site is None:
            behaviour, round_trip = Behaviour(lost=True), 0.0
        else:
            draw = draw_for(self.seed, "loss", *request.key)
            behaviour = site.behaviour(Visit(request.path, request.client, self.now(), draw))
            round_trip = places.round_trip(request.client, site.place)
        exchange = as_exchange(behaviour, round_trip, request.limits, request.connect_only)
        await _until(self.now() + exchange.took)
        return exchange

    async def ask(self, packet: bytes, client: places.Place, draw: float, *, tcp: bool = False) -> bytes | None:
        if not self.dns_is_up:
            await _until(self.now() + DNS_TIMEOUT)
            return None
        await _until(self.now() + places.FIXED_ROUND_TRIP)      # name servers answer from a location nearby
        return self.respond(packet, client.address(53), draw, tcp=tcp)


def as_exchange(behaviour: Behaviour, round_trip: float, limits: Limits, connect_only: bool = False) -> Exchange:
    """What a client that is `round_trip` seconds away sees of a behaviour before it gives up."""
    if behaviour.lost or round_trip > limits.connect:
        return Exchange(took=limits.connect)
    if behaviour.refused:
        return Exchange(took=round_trip, error="Connection refused")
    if connect_only:
        return Exchange(took=round_trip, connected_after=round_trip)
    if behaviour.wait is None or behaviour.wait + round_trip > limits.status:
        return Exchange(took=round_trip + limits.status, connected_after=round_trip)
    status_after = behaviour.wait + round_trip
    return Exchange(took=round_trip + status_after, connected_after=round_trip, status_after=status_after,
                    body_after=0.0, status=behaviour.status, phrase=HTTPStatus(behaviour.status).phrase,
                    body=behaviour.body.encode(), header_bytes=HEADER_BYTES)
