"""Draws what one resolver told its users while a record changed: each answer, and how long it may still be kept.

    Resolutions, when the record changed  ->  ttl_figure  ->  a plotly figure with its words

Before this: resolver.py resolves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..resolver import Resolution
from .alt import with_alt
from .palette import MARKS, marker

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MEANINGS = ("primary", "secondary")


def ttl_figure(resolutions: Sequence[Resolution], changed_at: float, sites: Mapping[str, str]) -> Figure:
    """Answers over time (s) with the seconds left of each; those that the resolver had to ask for are ringed.

    Args:
        resolutions: what the resolver said, in order of time.
        changed_at: seconds, when the record changed.
        sites: {address: site name}, the old one first, then the new one.
    """
    import plotly.graph_objects as go

    (old, old_site), (new, new_site) = sites.items()
    asked = [one for one in resolutions if one.source == "upstream"]
    traces = []
    for meaning, address, site in zip(MEANINGS, (old, new), (old_site, new_site), strict=True):
        answers = [one for one in resolutions if address in one.values]
        traces.append({"type": "scatter", "x": [one.at for one in answers], "y": [one.ttl for one in answers],
                       "mode": "markers", "marker": marker(meaning, 7), "name": f"answer: {site}",
                       "hovertemplate": "%{x} s: " + site + ", %{y} s left<extra></extra>"})
    ring = {"symbol": "circle-open", "size": 15, "color": MARKS["unknown"].colour, "line": {"width": 2}}
    traces.append({"type": "scatter", "x": [one.at for one in asked], "y": [one.ttl for one in asked],
                   "mode": "markers", "marker": ring, "name": "the resolver asked for it", "hoverinfo": "skip"})
    change = {"color": MARKS["fault"].colour, "dash": MARKS["fault"].dash, "width": 2}
    figure = go.Figure({"data": traces, "layout": {
        "shapes": [{"type": "line", "xref": "x", "yref": "paper", "x0": changed_at, "x1": changed_at, "y0": 0, "y1": 1,
                    "line": change}],
        "annotations": [{"xref": "x", "yref": "paper", "x": changed_at, "y": 1.08, "text": "the record changes",
                         "showarrow": False}],
        "xaxis": {"title": {"text": "time (s)"}},
        "yaxis": {"title": {"text": "TTL in the answer (s)"}, "rangemode": "tozero"},
        "height": 360, "legend": {"orientation": "h", "y": -0.3}, "margin": {"t": 40, "r": 20}}})
    return with_alt(figure, _words(resolutions, changed_at, old_site, old, new_site))


def _words(resolutions: Sequence[Resolution], changed_at: float, old_site: str, old: str, new_site: str) -> str:
    span = f"Between {resolutions[0].at:g} and {resolutions[-1].at:g} s"
    asked = sum(one.source == "upstream" for one in resolutions)
    stale = [one for one in resolutions if one.at >= changed_at and old in one.values]
    moved = first_new(resolutions, changed_at, old)
    late = (f"From the change at {changed_at:g} s on, users got {old_site} {len(stale)} more times" if stale
            else f"From the change at {changed_at:g} s on, no user got {old_site}")
    end = (f"; the first answer with {new_site} came {moved - changed_at:g} s after it." if moved is not None
           else f", and {new_site} never.")
    return f"{span} the resolver answered {len(resolutions)} times and asked the name server {asked} times. {late}{end}"


def first_new(resolutions: Sequence[Resolution], changed_at: float, old: str) -> float | None:
    """The moment (s) of the first answer from the change on that does not hold the old address; None: there is none."""
    return next((one.at for one in resolutions if one.at >= changed_at and old not in one.values), None)
