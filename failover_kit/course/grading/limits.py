"""What a learner's code may use: time, memory, processes, file size, files, and the network of this machine only.

    Limits  ->  confine()  in the process that will run the code

Each limit is set where the system knows it; `confine` returns the names of those it could set.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass


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
    applied = ["loopback only"]
    _loopback_only()
    try:
        import resource
    except ImportError:                    # Windows
        return applied
    wanted = {
        "memory": (resource.RLIMIT_AS, _address_space() + limits.memory),
        "cpu time": (resource.RLIMIT_CPU, int(limits.seconds) + 5),
        "file size": (resource.RLIMIT_FSIZE, limits.file_size),
        "open files": (resource.RLIMIT_NOFILE, limits.open_files),
        "core dumps": (resource.RLIMIT_CORE, 0),
        "processes": (resource.RLIMIT_NPROC, _processes() + limits.processes),
    }
    for name, (kind, most) in wanted.items():
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (most, most))
            applied.append(name)
        except (ValueError, OSError):
            continue                       # this system does not know the limit, or wants it otherwise
    return applied


def _address_space() -> int:
    """Bytes of address space in use now; 8 GiB where that cannot be told."""
    try:
        with open("/proc/self/statm") as pages:
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


