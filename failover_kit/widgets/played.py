"""What can walk on by itself: play, stop, and one walk at a time.

    play  ->  every `pace` seconds, on the kernel's own loop: next()  ->  until more() is False, or stop

An asyncio task, not a thread: it moves between cells, and while an `async` cell awaits.
"""

from __future__ import annotations

import asyncio

import traitlets

from ..errors import LabError
from .base import KitWidget


class PlayedWidget(KitWidget):
    """A widget with `next()`, `more()` and `begin()`, which is played. `pace` is in seconds."""

    playing = traitlets.Bool().tag(sync=True)
    pace = traitlets.Float().tag(sync=True)
    _walks = 0      # how often it was started or stopped; a walk whose number is past stands still

    def begin(self) -> None:
        """Called when a walk starts: the place to go back to the start, if need be."""

    def more(self) -> bool:
        """Is there a next step?"""
        return True

    def next(self) -> None:
        """One step."""

    def play(self) -> None:
        """Walk on by itself, until there is no next step, or until `stop()`."""
        self.playing = True

    def stop(self) -> None:
        """Stay where it is."""
        self.playing = False

    @traitlets.observe("playing")
    def _play_or_stop(self, change: dict) -> None:
        self._walks += 1
        if not change["new"]:
            self._stop()
            return
        try:
            self._start(self._walk(self._walks))
        except LabError:
            self.playing = False
            raise

    async def _walk(self, turn: int) -> None:
        try:
            self.begin()
            while self.more():
                await asyncio.sleep(self.pace)
                with self._lock:
                    if turn != self._walks:
                        return
                    self.next()
        finally:
            if turn == self._walks:
                self.playing = False
