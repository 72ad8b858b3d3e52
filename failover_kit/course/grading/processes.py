"""How processes are started and ended on this system: the one place where forks, sessions and signals differ.

    this system, this process  ->  may_fork(), start_method()  ->  a fork, or a fresh Python
    a process's number  ->  end_tree()  ->  it and all that it started are gone
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading


def can_fork() -> bool:
    """Windows has no fork. macOS has one, but its system libraries may crash in the forked process.

    Source: Python documentation, multiprocessing, "Contexts and start methods".
    """
    return hasattr(os, "fork") and sys.platform != "darwin"


def may_fork() -> bool:
    """Forking is safe only where there is no other thread that might hold a lock."""
    return can_fork() and threading.active_count() == 1


def start_method() -> str:
    """How multiprocessing should start workers: from a server that has loaded the course already, or afresh."""
    return "forkserver" if can_fork() and "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def end_tree(process: int) -> None:
    """End a process that was started in a session of its own, and all that it has started. Fine if it has ended."""
    if not hasattr(os, "killpg"):
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process)], capture_output=True, check=False)     # Windows
        return
    import signal

    for kill in (os.killpg, os.kill):
        try:
            kill(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue                                   # it has ended by itself
