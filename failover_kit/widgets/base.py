"""What all widgets of the kit share: their files, a steady printed form, and a place for a callback's errors.

    slider.js + common.js, slider.css + common.css + the palette  ->  one anywidget whose state is its traits
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from importlib.resources import files

import anywidget
import traitlets

from ..errors import ConfigurationError, LabError
from ..figures import palette
from .callbacks import failure, notice_from

LIVE_VIEW = "application/vnd.jupyter.widget-view+json"


def front_end(name: str, package: str = __package__) -> dict[str, str]:
    """The browser's half of a widget, from the files in the widget's own package: its code and its style."""
    shared, own = files(__package__), files(package)
    style = own.joinpath(f"{name}.css")
    return {"_esm": f"{shared.joinpath('common.js').read_text('utf-8')}\n"
                    f"{own.joinpath(f'{name}.js').read_text('utf-8')}",
            "_css": f":root {{\n{palette.css()}\n}}\n{shared.joinpath('common.css').read_text('utf-8')}\n"
                    f"{style.read_text('utf-8') if style.is_file() else ''}"}


class RefusedValue(ConfigurationError, traitlets.TraitError):
    """A value that the widget cannot take. As a TraitError it makes traitlets go back to the value before."""


class KitWidget(anywidget.AnyWidget):
    """A widget whose state is its traits.

    Errors surface where the person is: what a browser's message sets off is caught and shown in the widget (`notice`),
    what a cell sets off is raised in the cell.
    """

    _loop: asyncio.AbstractEventLoop | None = None
    _task: asyncio.Task | None = None
    notice = traitlets.Dict().tag(sync=True)      # {"title", "text", "details"}, or {}: nothing to tell

    def __init_subclass__(cls, front: str = "", **rest: object) -> None:
        if front:
            for key, text in front_end(front, cls.__module__.rpartition(".")[0]).items():
                setattr(cls, key, text)
        super().__init_subclass__(**rest)

    def __init__(self, **traits: object) -> None:
        self._lock = threading.RLock()
        with suppress(RuntimeError):                     # no loop outside a notebook
            self._loop = asyncio.get_running_loop()      # the kernel's own: callbacks may come in other threads
        super().__init__(**traits)

    # What the browser sends

    def _handle_msg(self, message: dict) -> None:
        # In place of the inherited one, which hands errors to a traceback printer that no cell shows.
        data = message["content"]["data"]
        with self._lock:
            match data["method"]:
                case "request_state":
                    self.send_state()
                case "update":
                    self._report(self.set_state, data["state"])
                    if self.notice.get("title"):
                        self.send_state(list(data["state"]))      # the page shows what holds here
                case "custom":
                    self._report(self.received, data["content"])

    def _report(self, handler: Callable, argument: dict) -> None:
        self.notice = {}        # before, not after: what the handler starts may fail at once, in another thread
        if notice := notice_from(handler, argument):
            self.notice = notice

    def received(self, content: dict) -> None:
        """A message from the browser that is not a change of state. Most widgets have none."""

    # What Python hooks to it

    def on_change(self, callback: Callable[[object], object]) -> None:
        """Call `callback(new value)` each time the value changes, from the browser or from Python."""
        self.observe(lambda change: self._call(callback, change.new), "value")

    def _call(self, callback: Callable, *arguments: object) -> None:
        result = callback(*arguments)
        if inspect.iscoroutine(result):
            self._start(result)

    # What runs beside the cells

    def _start(self, work: Coroutine) -> None:
        """Run a coroutine on the kernel's loop, one at a time; its error is shown in the widget."""
        if self._loop is None or self._loop.is_closed():
            work.close()
            raise LabError("There is no event loop here to play on. Step by hand, or run this in a notebook.")

        async def guarded() -> None:
            try:
                await work
            except Exception as error:      # no cell waits for it: the widget shows it
                self.notice = failure(error)

        def begin() -> None:
            self._stop()
            self._task = self._loop.create_task(guarded())

        self._loop.call_soon_threadsafe(begin)

    def _stop(self) -> None:
        task, self._task = self._task, None
        if task is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(task.cancel)

    def close(self) -> None:
        """Stop what plays and take the widget off the page."""
        self._stop()
        super().close()

    # What it prints as

    def in_words(self) -> str:
        """One steady line: what a reader without the widget needs, and what nbval compares."""
        return type(self).__name__

    def still(self) -> dict[str, object]:
        """Other forms of the picture, by MIME type, for readers without a kernel."""
        return {}

    def __repr__(self) -> str:
        return self.in_words()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": self.in_words(), **self.still(), LIVE_VIEW: view}
