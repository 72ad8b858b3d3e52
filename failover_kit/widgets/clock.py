"""Ticks that a picture can follow: `explore(lab_after, tick=Clock("Outage", pace=0.5))` draws anew at each tick.

    play  ->  value 0, 1, 2, ...  ->  on_change
"""

from __future__ import annotations

import traitlets

from .played import PlayedWidget


class Clock(PlayedWidget, front="clock"):
    """`value` counts the ticks, up to `ticks` (it stops there). One tick is `each` `unit`s in the page's words.

    `pace` is the real time between ticks in seconds.
    """

    label = traitlets.Unicode().tag(sync=True)
    value = traitlets.Int().tag(sync=True)
    ticks = traitlets.Int().tag(sync=True)
    each = traitlets.Any(1).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, ticks: int = 100, *, pace: float = 0.5, each: float = 1, unit: str = ""):
        super().__init__(label=label, ticks=ticks, pace=pace, each=each, unit=unit)

    def begin(self) -> None:
        if not self.more():
            self.value = 0

    def more(self) -> bool:
        return self.value < self.ticks

    def next(self) -> None:
        """One tick on; stays at the last."""
        if self.more():
            self.value += 1

    def reset(self) -> None:
        """Stop, and back to 0."""
        self.stop()
        self.value = 0

    def received(self, content: dict) -> None:
        self.reset() if content["kind"] == "reset" else self.next()

    def in_words(self) -> str:
        return f"{self.label}: {self.value * self.each:.6g} {self.unit}".rstrip()
