"""Where a lab address really is: every site has its own loopback address where the system allows it.

    lab address ("127.0.2.10", "192.0.2.7", "shop.example.net")  ->  host and port on loopback

Linux answers on all of 127.0.0.0/8. macOS binds only 127.0.0.1, so there a site gets a port of its own instead;
addresses that are not loopback at all (a real zone's) are stood in for the same way.
"""

from __future__ import annotations

import ipaddress
import socket
import warnings

from ..errors import LabError

LOOPBACK = "127.0.0.1"


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class OpenToOthers(UserWarning):
    """Something listens beyond loopback, because it was told to."""


def warn_if_open(host: str) -> None:
    """Warn that others can reach what listens there."""
    if host != "localhost" and not is_loopback(host):
        warnings.warn(f"{host} is not loopback: everybody who reaches this machine can use this lab.", OpenToOthers,
                      stacklevel=4)


def bind_tcp(host: str, port: int, *, alone: bool = False) -> socket.socket:
    """A TCP socket bound but not listening yet. SO_REUSEADDR lets a second one listen beside it later.

    With `alone` nobody else may have bound the port so far, not even without listening.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if not alone:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    except OSError:
        bound.close()
        raise
    return bound


class AddressBook:
    """Reserves a host and port for each site's address, and remembers them."""

    def __init__(self, can_bind=is_loopback):
        self._can_bind = can_bind
        self._reserved: dict[tuple[str, bool], socket.socket] = {}      # (address, TLS) -> bound, silent socket
        self._common_port: dict[bool, int] = {}                         # the port that sites share, by TLS
        self.moved: dict[str, tuple[str, int]] = {}                     # addresses that live elsewhere

    def reserve(self, address: str, tls: bool = False) -> tuple[str, int]:
        """Host and port for this address. The socket stays bound, so that a crashed site refuses connections."""
        if (address, tls) not in self._reserved:
            self._reserved[address, tls] = self._bind(address, tls)
            host, port = self._reserved[address, tls].getsockname()[:2]
            self._common_port.setdefault(tls, port)
            if (host, port) != (address, self._common_port[tls]):
                self.moved[address] = (host, port)
        return self._reserved[address, tls].getsockname()[:2]

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

    def close(self) -> None:
        for bound in self._reserved.values():
            bound.close()
        self._reserved.clear()
