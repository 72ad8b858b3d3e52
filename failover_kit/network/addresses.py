"""Where a lab address really is: every site has its own loopback address where the system allows it.

    lab address ("127.0.2.10", "192.0.2.7", "shop.example.net")  ->  host and port on loopback

Linux and Windows answer on all of 127.0.0.0/8. macOS binds only 127.0.0.1, so there a site gets a port of its own instead;
addresses that are not loopback at all (a real zone's) are stood in for the same way.

While a site is down its port stays taken and silent, so that it refuses connections and nobody else gets it. Where
systems differ: `has_all_of_loopback` and `shares_ports` say how.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import warnings

from ..errors import LabError

LOOPBACK = "127.0.0.1"
NOBODYS = "127.254.253.252"      # a loopback address that no lab and no administrator has set up


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def has_all_of_loopback() -> bool:
    """Does this system answer on every address of 127.0.0.0/8, as Linux does, or on 127.0.0.1 only, as macOS does?"""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((NOBODYS, 0))
        except OSError:
            return False
    return True


def shares_ports() -> bool:
    """May a second socket listen on a port that a first one has taken but does not listen on?

    Linux allows it to sockets with SO_REUSEADDR (socket(7)). Elsewhere that option refuses a second socket (macOS), or
    lets any program take over a port that is in use (Windows); there the one socket is handed to and fro.
    """
    return sys.platform == "linux"


class OpenToOthers(UserWarning):
    """Something listens beyond loopback, because it was told to."""


def warn_if_open(host: str) -> None:
    """Warn that others can reach what listens there."""
    if host != "localhost" and not is_loopback(host):
        warnings.warn(f"{host} is not loopback: everybody who reaches this machine can use this lab.", OpenToOthers,
                      stacklevel=4)


def bind_tcp(host: str, port: int, *, alone: bool = False) -> socket.socket:
    """A TCP socket bound but not listening yet.

    With `alone` nobody else may have bound the port so far, not even without listening. SO_REUSEADDR lets a port be
    used again at once after its connections have ended, where it means that and no more.
    """
    is_posix = os.name == "posix"
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if is_posix and not (alone and shares_ports()):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        if is_posix:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    except OSError:
        bound.close()
        raise
    return bound


class AddressBook:
    """Reserves a host and port for each site's address, and remembers them."""

    def __init__(self, can_bind=None):
        """`can_bind(address)`: may a site have this address for its own? None: as the system allows."""
        if can_bind is None:
            can_bind = is_loopback if has_all_of_loopback() else lambda address: address == LOOPBACK
        self._can_bind = can_bind
        self._places: dict[tuple[str, bool], tuple[str, int]] = {}      # (address, TLS) -> host and port
        self._held: dict[tuple[str, bool], socket.socket] = {}          # (address, TLS) -> bound, silent socket
        self._common_port: dict[bool, int] = {}                         # the port that sites share, by TLS
        self.moved: dict[str, tuple[str, int]] = {}                     # addresses that live elsewhere

    def reserve(self, address: str, tls: bool = False) -> tuple[str, int]:
        """Host and port for this address, which nobody else gets until the book is closed. LabError if there are none."""
        if (address, tls) not in self._places:
            held = self._held[address, tls] = self._bind(address, tls)
            host, port = self._places[address, tls] = held.getsockname()[:2]
            self._common_port.setdefault(tls, port)
            if (host, port) != (address, self._common_port[tls]):
                self.moved[address] = (host, port)
        return self._places[address, tls]

    def _bind(self, address: str, tls: bool) -> socket.socket:
        if self._can_bind(address):
            for port in (self._common_port.get(tls, 0), 0):
                try:
                    return bind_tcp(address, port, alone=True)
                except OSError:
                    continue              # taken, or not an address of this machine: the next choice
        try:
            return bind_tcp(LOOPBACK, 0, alone=True)
        except OSError as error:
            raise LabError(f"No free TCP port on {LOOPBACK} for site {address}: {error.strerror}.") from error

    def listener(self, address: str, tls: bool = False) -> socket.socket:
        """A socket to listen with at the address's place. Once it is closed, call `hold`."""
        place = self.reserve(address, tls)
        if not shares_ports() and (address, tls) in self._held:
            return self._held.pop((address, tls))
        return self._bound_again(address, place)

    def hold(self, address: str, tls: bool = False) -> None:
        """Keep the address's port while nobody listens there, so that connections are refused."""
        if (address, tls) in self._places and (address, tls) not in self._held:
            self._held[address, tls] = self._bound_again(address, self._places[address, tls])

    def _bound_again(self, address: str, place: tuple[str, int]) -> socket.socket:
        try:
            return bind_tcp(*place)
        except OSError as error:
            raise LabError(f"Another program has taken TCP port {place[1]} on {place[0]} from site {address} "
                           f"({error.strerror}). Close this lab and make a new one.") from error

    def close(self) -> None:
        for bound in self._held.values():
            bound.close()
        self._held.clear()
        self._places.clear()
