"""A plotly figure that can change in place, with the same in words beside it.

    go.Figure, "what it shows"  ->  Chart  ->  Plotly.react in the page

The page gets plotly's own packaged plotly.min.js from the kernel, once, however many charts it holds (see
plotly_library.py): nothing is fetched from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import traitlets

from ..errors import ConfigurationError, Problem
from ..figures.alt import alt_of
from .base import KitWidget
from .plotly_library import plotly_library

PLOTLY_VIEW = "application/vnd.plotly.v1+json"


@cache
def _stock_template() -> dict:
    import plotly.io
    return plotly.io.templates["plotly"].to_plotly_json()


def plain(value: Any) -> Any:
    """A figure's part as JSON holds it: arrays as lists, floats to nine digits, so that every machine says the same."""
    if isinstance(value, Mapping):
        if set(value) >= {"bdata", "dtype"}:
            return plain(_decoded(value))
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, float) and not value.is_integer():
        return float(f"{value:.9g}") if value - value == 0 else None      # JSON has no infinity, and no "not a number"
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return value.isoformat() if hasattr(value, "isoformat") else value


def _decoded(packed: Mapping) -> list:
    """plotly's own packing of an array: base64 of its bytes, its type, and its shape."""
    from base64 import b64decode

    import numpy
    array = numpy.frombuffer(b64decode(packed["bdata"]), packed["dtype"])
    shape = packed.get("shape")
    return (array.reshape([int(n) for n in str(shape).split(",")]) if shape else array).tolist()


def figure_parts(figure: Any) -> dict:
    """`data` and `layout` of a plotly figure, or of its dict, ready for JSON; without plotly's stock template."""
    parts = figure if isinstance(figure, Mapping) else figure.to_plotly_json()
    layout = dict(parts.get("layout", {}))
    if layout.get("template") == _stock_template():
        del layout["template"]
    return {"data": plain(parts.get("data", [])), "layout": plain(layout)}


class Chart(KitWidget, front="chart"):
    """A plotly figure in the page. `alt` says what it shows; it may also travel in the figure (`figures.alt`)."""

    figure = traitlets.Unicode().tag(sync=True)      # {"data": [...], "layout": {...}} as JSON
    alt = traitlets.Unicode().tag(sync=True)
    library = traitlets.Unicode().tag(sync=True)     # model id of the PlotlyLibrary

    def __init__(self, figure: Any, alt: str = "") -> None:
        super().__init__(library=plotly_library().model_id, **self._state(figure, alt))

    @staticmethod
    def _state(figure: Any, alt: str) -> dict[str, str]:
        alt = alt or alt_of(figure)
        if not alt.strip():
            raise ConfigurationError(Problem("chart", "has no text alternative",
                                             "Pass alt='what the chart shows, with its numbers'."))
        return {"figure": json.dumps(figure_parts(figure)), "alt": alt}

    def update(self, figure: Any, alt: str = "") -> None:
        """Draw this figure instead, in place."""
        state = self._state(figure, alt)
        with self.hold_sync():
            self.figure, self.alt = state["figure"], state["alt"]

    def in_words(self) -> str:
        return f"Chart: {self.alt}"

    def still(self) -> dict[str, object]:
        return {PLOTLY_VIEW: json.loads(self.figure)}
