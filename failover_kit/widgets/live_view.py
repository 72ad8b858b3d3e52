"""A lab that runs on while you watch, with buttons that do something to it.

    Lab + {"Crash the primary": east.fail, ...}  ->  LiveView: buttons, clock, topology, timeline, addresses

A live lab's time runs by itself. A virtual lab's time is let run by the ticks, at the same pace, so that the same cells
show the same story where there are no sockets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from ipywidgets import HBox, Layout, VBox

from ..errors import ConfigurationError, LabError, Problem
from ..figures.scene import scene
from ..figures.timeline_figure import timeline_figure
from ..figures.topology import topology_svg
from ..lab import Lab
from .base import LIVE_VIEW
from .button import Button
from .chart import Chart
from .clock import Clock
from .note import Note
from .topology import Topology

REST_AFTER = 60.0        # real seconds of watching; then the picture rests, for the sake of the machine
WINDOW = 150.0           # seconds of lab time that the timeline shows
OVER = "This drill is over: its lab is closed. Run the cell that opened the lab once more, then this one."


class LiveView(VBox):
    """Press a button, watch. `actions` are what the buttons say and do.

    It moves for a minute after it was shown, and after each press; *Play* lets it move again.
    `speed` is lab seconds a second, for a virtual lab; a live lab has its own. `pace` is real seconds between pictures.
    """

    def __init__(self, lab: Lab, actions: Mapping[str, Callable[[], object]], *, speed: float = 10.0,
                 pace: float = 0.5):
        self.lab = lab
        self.speed = lab.world.speed if lab.world.is_live else speed
        self.buttons = {label: Button(label, lambda do=do: self._act(do)) for label, do in actions.items()}
        self.clock = Clock("Watch", round(REST_AFTER / pace), pace=pace, each=pace * self.speed, unit="s of lab time")
        self.clock.on_change(self._tick)
        self.topology = Topology(scene(lab))
        self.chart = Chart(self._figure())
        self.doors = Note(self._doors())
        bar = HBox([*self.buttons.values(), self.clock], layout=Layout(flex_flow="row wrap", align_items="flex-end"))
        super().__init__([bar, self.topology, self.chart, self.doors])

    def press(self, label: str) -> None:
        """What a click on this button does. Raises ConfigurationError for a button that is not there."""
        if label not in self.buttons:
            raise ConfigurationError(Problem("live view", f"has no button {label!r}",
                                             f"It has: {', '.join(self.buttons)}."))
        self.buttons[label].press()

    async def run(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let lab time pass and keep the picture moving. `await` it in a cell: the buttons answer meanwhile."""
        await self.until(lambda: False, at_most=seconds + 60 * minutes)

    async def until(self, condition: Callable[[], bool], *, at_most: float) -> bool:
        """Watch until the condition holds, for `at_most` seconds of lab time. Says whether it held."""
        end = self.lab.now + at_most
        self._watch()
        while not (held := condition()) and self.lab.now < end:
            await asyncio.sleep(self.clock.pace / 2)
            if not self.clock.playing:
                self._watch()
        self.clock.stop()
        self.redraw()
        return held

    def redraw(self) -> None:
        """Draw what is true now."""
        self.topology.update(scene(self.lab))
        self.chart.update(self._figure())

    def _act(self, do: Callable[[], object]) -> None:
        if self._is_over():
            raise LabError(OVER)
        do()
        self.redraw()
        self._watch()

    def _watch(self) -> None:
        self.clock.reset()
        self.clock.play()

    def _tick(self, ticks: int) -> None:
        if not ticks:
            return
        if self._is_over():
            self.clock.stop()
            return
        if not self.lab.world.is_live:
            self.lab.run(self.clock.pace * self.speed, progress=lambda now: None)
        self.redraw()

    def _is_over(self) -> bool:
        """Is the lab closed? Then nothing moves any more, and nothing listens."""
        if self.lab.close.alive:
            return False
        self.doors.update(OVER)
        return True

    def _figure(self):
        now = max(self.lab.now, 1.0)
        return timeline_figure(self.lab.timeline, since=max(0.0, now - WINDOW), until=now)

    def _doors(self) -> str:
        """Where a terminal and a browser get in, if anything listens."""
        if not self.lab.world.is_live:
            return "A virtual lab: nothing listens on this machine, and time moves with the clock above."
        asked = [self.lab.dig(name.rstrip(".")) for name, type_ in self.lab.zone.groups if type_ == "A"]
        urls = ", ".join(site.url for site in self.lab.sites)
        return f"It is real. In a terminal: {'; '.join(asked[:2])}\nIn a browser: {urls}"

    def close(self) -> None:
        """Stop watching and take the view off the page. The lab stays."""
        for part in (*self.buttons.values(), self.clock, self.topology, self.chart, self.doors, *self.children[:1]):
            part.close()
        super().close()

    def in_words(self) -> str:
        """The same in every run: a live run's times are its own."""
        buttons = " ".join(button.in_words() for button in self.buttons.values())
        return f"Live view of {len(self.lab.sites)} sites, their users and checkers. Buttons: {buttons}"

    def __repr__(self) -> str:
        return self.in_words()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        with suppress(LabError):               # no loop here: then it moves when it is told to
            self._watch()
        before = scene(self.lab, at=-1.0)      # before anything happened
        return {"text/plain": self.in_words(), "image/svg+xml": topology_svg(before), LIVE_VIEW: view}
