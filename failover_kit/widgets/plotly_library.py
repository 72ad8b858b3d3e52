"""plotly.js for the page: one model without a view, that every chart points at.

    the plotly package's plotly.min.js  ->  gzip  ->  PlotlyLibrary.code  ->  the page, once

The code goes out with the message that opens the model. So a chart is drawn at once even while later cells run: a
question from the page would wait until the last of them ends.
"""

from __future__ import annotations

import gzip

import ipywidgets
import traitlets


class PlotlyLibrary(ipywidgets.Widget):
    """`code` is plotly.min.js in gzip, about 1.5 MB; `version` is its version."""

    code = traitlets.Bytes().tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        from plotly.offline import get_plotlyjs, get_plotlyjs_version
        super().__init__(code=gzip.compress(get_plotlyjs().encode(), mtime=0), version=get_plotlyjs_version())


_shared: list[PlotlyLibrary] = []


def plotly_library() -> PlotlyLibrary:
    """This process's one library model; a new one when it was closed (`Widget.close_all()`)."""
    if not _shared or _shared[0].comm is None:
        _shared[:] = [PlotlyLibrary()]
    return _shared[0]
