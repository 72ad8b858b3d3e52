"""What a learner's code may use: time, memory, processes, file size, files, and the network of this machine only.

    Limits  ->  confine()  in the process that will run the code

Each limit is set where the system knows it; `confine` returns the names of those it could set.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from ..system_limits import set_limits


@dataclass(frozen=True)
class Limits:
    """For one notebook."""

    seconds: float = 60.0                  # of real time, all cells and checks together
    memory: int = 2 * 2 ** 30              # bytes of address space beyond what the grader itself has
    file_size: int = 16 * 2 ** 20          # bytes of the largest file it may write
    open_files: int = 256
    processes: int = 64                    # beyond those the user has already
    output: int = 64 * 2 ** 10             # characters printed by one cell


def confine(limits: Limits) -> list[str]:
    """Set the limits for this process and all that it starts."""
    _loopback_only()
    wanted = {
        "AS": ("memory", _address_space() + limits.memory),
        "CPU": ("cpu time", int(limits.seconds) + 5),
        "FSIZE": ("file size", limits.file_size),
        "NOFILE": ("open files", limits.open_files),
        "CORE": ("core dumps", 0),
        "NPROC": ("processes", _processes() + limits.processes),
    }
    taken = set_limits({kind: most for kind, (_, most) in wanted.items()})
    return ["loopback only", *(wanted[kind][0] for kind in taken)]


def _address_space() -> int:
    """Bytes of address space in use now; 8 GiB where that cannot be told."""
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            return int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 8 * 2 ** 30


def _processes() -> int:
    """Processes and threads of this user, about."""
    try:
        return sum(1 for name in os.listdir("/proc") if name.isdigit()) * 4
    except OSError:
        return 1_000


def _loopback_only() -> None:
    """Refuse connections that leave this machine. An audit hook cannot be taken off again (PEP 578)."""
    def refuse(event: str, arguments: tuple) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.bind") and not _is_local(arguments[1]):
            raise PermissionError(f"While being graded, code may only reach this machine, not {arguments[1]!r}.")
        if event == "socket.getaddrinfo" and not _is_local((arguments[0],)):
            raise PermissionError(f"While being graded, code may not look up {arguments[0]!r}.")
    sys.addaudithook(refuse)


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True                        # a Unix socket
    host = address[0]
    return host in (None, "", "localhost", "::1", "0.0.0.0", b"localhost") or str(host).startswith("127.")


