"""Something to do: `Button("Crash the primary", lambda: east.fail("crash"))`."""

from __future__ import annotations

from collections.abc import Callable

import traitlets

from .base import KitWidget


class Button(KitWidget, front="button"):
    """Calls `callback()` when pressed. While it runs the button says so and takes no other press.

    The callback may be a coroutine function; it then runs beside the cells, and another press stops it and starts anew.
    """

    label = traitlets.Unicode().tag(sync=True)
    presses = traitlets.Int().tag(sync=True)      # how many were answered

    def __init__(self, label: str, callback: Callable[[], object]):
        self._callback = callback
        super().__init__(label=label)

    def press(self) -> None:
        """What a click does."""
        try:
            self._call(self._callback)
        finally:
            self.presses += 1

    def received(self, content: dict) -> None:
        self.press()

    def in_words(self) -> str:
        return f"[{self.label}]"
