"""What an actor may do in a world: wait, talk to a site, ask the DNS. Two worlds keep this promise.

    actors.py  ->  World  ->  simulation.VirtualWorld (arithmetic)  or  network.LiveWorld (sockets)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from .faults import Site
from .places import Place
from .probing import Limits

T = TypeVar("T")
DNS_TIMEOUT = 1.8      # seconds a resolver waits for the authority; RFC 8767 section 5 suggests 1.8 before going stale


@dataclass(frozen=True)
class HttpRequest:
    """One request to a site, by a checker or by a user. `connect_only` stops after the TCP handshake."""

    address: str
    client: Place
    key: tuple                    # names this request among all, for chance events such as packet loss
    limits: Limits
    path: str = "/"
    host: str = ""                # Host header
    port: int | None = None       # None: wherever the site listens
    tls: bool = False
    sni: bool = True
    connect_only: bool = False
    user_agent: str = "failover-kit user"


def draw_for(seed: int, *key) -> float:
    """A number in [0, 1) that depends on the seed and the key alone, on every machine and in both worlds."""
    digest = blake2b(repr((seed, *key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2 ** 64


class World(ABC):
    """Time, sites and the DNS server's doorstep. Times are seconds of lab time."""

    is_live: bool

    def __init__(self, seed: int, respond: Callable[..., bytes | None]):
        self.seed = seed
        self.respond = respond               # NameServer.respond: packet in, packet out
        self.sites: dict[str, Site] = {}     # by address
        self.dns_is_up = True                # False: the DNS servers cannot be reached

    @abstractmethod
    def now(self) -> float:
        """Seconds of lab time since the lab began."""

    @abstractmethod
    async def sleep_until(self, when: float) -> None:
        """Go on at `when`."""

    @abstractmethod
    async def exchange(self, request: HttpRequest):
        """Send the request and see what comes back: a probing.Exchange."""

    @abstractmethod
    async def ask(self, packet: bytes, client: Place, draw: float, *, tcp: bool = False) -> bytes | None:
        """Send a DNS query to the lab's server; None when nothing came back in time."""

    @abstractmethod
    def spawn(self, coroutine: Coroutine) -> None:
        """Start an actor."""

    @abstractmethod
    def finish(self, coroutine: Coroutine[object, object, T]) -> T:
        """Let time pass until this coroutine is done, and give back what it returns."""

    @abstractmethod
    def call(self, function: Callable[[], T]) -> T:
        """Run a function where the actors run, and give back what it returns."""

    def is_inside(self) -> bool:
        """Is the caller where the actors run, so that nothing may wait for them?"""
        return True

    @abstractmethod
    def run(self, until: float, progress: Callable[[float], None]) -> None:
        """Let time pass up to `until`, telling `progress` the time now and then."""

    def open_site(self, site: Site) -> None:
        """Put a site on the network."""
        self.sites.update(dict.fromkeys(site.addresses, site))

    def site_changed(self, site: Site) -> None:  # noqa: B027  (a world may have nothing to do here)
        """A fault began or ended at this site."""

    @property
    def stalled(self) -> float:
        """Real seconds in which the machine was too busy to run the lab; its clock stood still meanwhile."""
        return 0.0

    @property
    def moved(self) -> Mapping[str, tuple[str, int]]:
        """Sites that could not have their own address and port on this system, with where they are instead."""
        return {}

    @abstractmethod
    def close(self) -> None:
        """Stop every actor and free every port."""
