"""Progress on anything that takes long: a bar in the terminal, a widget in a notebook, nothing for a quick job.

    with shown("Lab time", start, end) as report:   report(where we are)

The bar appears only after DELAY real seconds, so quick runs print nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import environ

DELAY = 2.0             # real seconds before a bar is worth showing
NOBODY_LOOKS = ("PYTEST_CURRENT_TEST", "NBGRADER_EXECUTION")     # set while a program runs notebooks and compares them
REDRAW = 0.2            # real seconds between redraws


@contextmanager
def shown(label: str, start: float, end: float) -> Iterator[Callable[[float], None]]:
    """Yields a function to call with the position reached, between `start` and `end`."""
    began = last = time.monotonic()
    bar = None

    def report(position: float) -> None:
        nonlocal bar, last
        moment = time.monotonic()
        if moment - began < DELAY or moment - last < REDRAW or (in_notebook() and unattended()):
            return
        last = moment
        if bar is None:
            bar = _bar(label)
        bar.update((position - start) / (end - start) if end > start else 1.0)

    try:
        yield report
    finally:
        if bar is not None:
            bar.close()


def in_notebook() -> bool:
    """Is this code running in a Jupyter kernel?"""
    return _kernel() is not None


def _kernel():
    ipython = sys.modules.get("IPython")
    return getattr(ipython.get_ipython(), "kernel", None) if ipython else None


def unattended() -> bool:
    """Does a program run this notebook? A bar would be an output that is there on slow machines only.

    Such a program says so in the environment, or sends cells that cannot ask for input.
    """
    told = environ.get("FAILOVER_KIT_PROGRESS") == "off" or any(name in environ for name in NOBODY_LOOKS)
    return told or not getattr(_kernel(), "_allow_stdin", True)


def _bar(label: str):
    if in_notebook():
        from .widgets.progress import Progress

        return Progress(label).shown()
    return _TerminalBar(label)


class _TerminalBar:
    """A rich progress bar on standard error; silent where that is no terminal."""

    def __init__(self, label: str):
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        self._progress = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task(label, total=1.0)
        self._progress.start()

    def update(self, share: float) -> None:
        self._progress.update(self._task, completed=share)

    def close(self) -> None:
        self._progress.stop()
