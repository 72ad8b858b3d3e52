"""Controls, a function of their values, and what it returns: drawn at once, and again at each change.

    explore(users_on_dead_site, ttl=Slider("TTL", 0, 600, 10, 60, unit="s"))  ->  Panel: controls above, result below

The function is called once in the cell, so that a notebook run unattended shows the default state and fails if the
function does. After that, ipywidgets sends one value at a time and merges those that wait: a slow function is drawn as
often as it can be, always with the latest values.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from ipywidgets import HBox, Layout, VBox

from ..errors import ConfigurationError, Problem
from ..figures.alt import alt_of
from .base import LIVE_VIEW, KitWidget
from .chart import Chart
from .note import Note
from .topology import Topology


class Panel(VBox):
    """`function(**values)` may return a plotly figure, a topology model, a text, or several of them in a tuple.

    A figure brings its own text alternative (`figures.alt.with_alt`), or the text after it serves as such.
    """

    def __init__(self, function: Callable[..., Any], controls: Mapping[str, KitWidget]):
        self.function, self.controls = function, dict(controls)
        self._redrawing, self._held = threading.RLock(), False
        self.views: list[KitWidget] = []
        self.views = [kind(*item) for kind, item in self._results()]
        bar = HBox(list(self.controls.values()), layout=Layout(flex_flow="row wrap", align_items="flex-start"))
        super().__init__([bar, *self.views])
        for control in self.controls.values():
            control.on_change(self._changed)

    @property
    def values(self) -> dict[str, Any]:
        """What the controls say now."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Set several controls and draw once."""
        unknown = [name for name in values if name not in self.controls]
        if unknown:
            raise ConfigurationError(Problem("panel", f"has no control {', '.join(unknown)}",
                                             f"It has: {', '.join(self.controls)}."))
        with self._redrawing:
            self._held = True
            try:
                for name, value in values.items():
                    self.controls[name].value = value
            finally:
                self._held = False
                self.redraw()      # also when a value was refused: what is shown goes with what is set

    def _changed(self, _value: object) -> None:
        if not self._held:
            self.redraw()

    def redraw(self) -> None:
        """Call the function with the controls' values, and show what it returns."""
        with self._redrawing:
            results = self._results()
            if len(results) == len(self.views) and all(
                    isinstance(view, kind) for view, (kind, _) in zip(self.views, results, strict=True)):
                for view, (_, item) in zip(self.views, results, strict=True):
                    view.update(*item)
                return
            old, self.views = self.views, [kind(*item) for kind, item in results]
            self.children = [self.children[0], *self.views]
            for view in old:
                view.close()

    def _results(self) -> list[tuple[type[KitWidget], tuple]]:
        returned = self.function(**self.values)
        items = returned if isinstance(returned, tuple) else (returned,)
        return [_presented(item, items[place + 1:]) for place, item in enumerate(items or (None,))]

    def close(self) -> None:
        """Take the panel, its controls and its views off the page."""
        for part in (*self.controls.values(), *self.views, *self.children[:1]):
            part.close()
        super().close()

    def in_words(self) -> str:
        """The default state as text: what is set, and what it gives."""
        return "\n".join(part.in_words() for part in (*self.controls.values(), *self.views))

    def __repr__(self) -> str:
        return self.in_words()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": self.in_words(), **self.views[0].still(), LIVE_VIEW: view}


def _presented(item: Any, later: tuple) -> tuple[type[KitWidget], tuple]:
    """The widget that shows this result, and its arguments."""
    if isinstance(item, str):
        return Note, (item,)
    if isinstance(item, Mapping) and "nodes" in item:
        return Topology, (item,)
    if hasattr(item, "to_plotly_json") or (isinstance(item, Mapping) and "data" in item):
        return Chart, (item, alt_of(item) or next((text for text in later if isinstance(text, str)), ""))
    raise ConfigurationError(Problem("explore", f"the function returned {type(item).__name__}",
                                     "Return a plotly figure, a topology model, a text, or a tuple of these."))


def explore(function: Callable[..., Any], /, **controls: KitWidget) -> Panel:
    """A panel of these controls over `function(**values)`."""
    return Panel(function, controls)
