"""What an outage looks like from the users' side, and what a TTL costs and buys.

    FleetReports and Timelines  ->  share of users without service over time
    (TTL, seconds, dollars)     ->  the price list of a TTL: how fast against how dear

Both are plotly figures with a text alternative. Before this: fleet computes, a lab runs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import floor, log10
from typing import NamedTuple

import plotly.graph_objects as go

from ..fleet import FleetReport
from ..timeline import Request, Timeline
from .alt import with_alt
from .palette import line, marker

MEANINGS = ("primary", "secondary", "healthy", "unhealthy", "cached", "unknown", "fault")    # for the runs, in order
HOUR = 3_600.0
SERVED = 0.005      # a share of users without service that counts as nobody
Points = Sequence[tuple[float, float]]


class TtlPrice(NamedTuple):
    """What one TTL buys and costs."""

    ttl: int            # seconds
    seconds: float      # that users wait for it
    dollars: float      # a month


def users_down(timeline: Timeline) -> list[tuple[float, float]]:
    """(moment, share of the users without service from then on): a step at each change.

    A user is without service from the start of a failed request to the start of the next good one.
    """
    users, down = timeline.users(), set()
    edges = sorted((request.started, request.user, request.ok) for request in timeline.of(Request))
    points = [(0.0, 0.0)]
    for at, user, ok in edges:
        if ok == (user in down):
            (down.discard if ok else down.add)(user)
            points.append((at, len(down) / len(users)))
    return points


def without_service_figure(runs: Mapping[str, FleetReport | Timeline], *, fault_at: float, until: float,
                           marks: Mapping[str, float] | None = None, title: str = "") -> go.Figure:
    """Share of users without service (%) against the time since the fault: a curve a fleet, steps for a lab's users.

    fault_at, until:  seconds on the runs' own clocks; what is drawn lies between them.
    marks:            {words: seconds on the same clocks} of moments to point out.
    """
    figure = go.Figure()
    unit, scale = ("hours", HOUR) if until - fault_at > 2 * HOUR else ("seconds", 1.0)
    curves = {name: _since(_points(run), fault_at, until, isinstance(run, Timeline)) for name, run in runs.items()}
    for (name, points), meaning in zip(curves.items(), MEANINGS, strict=False):
        shape = "hv" if isinstance(runs[name], Timeline) else "linear"
        figure.add_scatter(x=[at / scale for at, _ in points], y=[100 * share for _, share in points], mode="lines",
                           name=name, line={**line(meaning), "shape": shape},
                           hovertemplate=f"{name}: %{{y:.0f}} % after %{{x:.4g}} {unit}<extra></extra>")
    for words, at in (marks or {}).items():
        figure.add_vline(x=(at - fault_at) / scale, line=line("expected", 2),
                         annotation={"text": words, "yref": "paper", "y": 1.08, "showarrow": False})
    figure.update_layout(title=title or None, height=360, xaxis_title=f"{unit} after the fault",
                         yaxis_title="users without service (%)", yaxis_range=[-3, 103],
                         xaxis_range=[0, (until - fault_at) / scale], showlegend=True,
                         margin={"t": 80 if title else 40, "r": 20, "b": 80},
                         legend={"orientation": "h", "yref": "container", "y": 0})
    return with_alt(figure, " ".join(_in_words(name, points, unit, scale) for name, points in curves.items()))


def _points(run: FleetReport | Timeline) -> Points:
    return users_down(run) if isinstance(run, Timeline) else list(zip(run.times, run.down, strict=True))


def _since(points: Points, start: float, end: float, steps: bool) -> Points:
    """The points between two moments, counted from the first; a step that began earlier goes on."""
    first = bisect_left(points, start, key=lambda point: point[0])
    found = [(at - start, share) for at, share in points[first:] if at <= end]
    found.insert(0, (0.0, points[first - 1][1] if steps and first else found[0][1]))
    return [*found, (end - start, found[-1][1])] if found[-1][0] < end - start else found


def _in_words(name: str, points: Points, unit: str, scale: float) -> str:
    most = max(share for _, share in points)
    if most <= SERVED:
        return f"{name}: nobody is without service."
    half, last = (next((following for (_, share), (following, then) in pairwise(points) if share > limit >= then), None)
                  for limit in (most / 2, SERVED))
    words = f"{name}: {100 * most:.0f} % of users at most"
    words += f", half of these within {half / scale:.3g} {unit}" if half is not None else ""
    return f"{words}; {100 * points[-1][1]:.0f} % still at the end." if points[-1][1] > SERVED else (
        f"{words}, all within {last / scale:.3g} {unit}.")


def price_figure(prices: Sequence[TtlPrice], chosen: int | None = None, *, wait: str = "seconds") -> go.Figure:
    """Each TTL as a point: how long users wait against what the questions cost a month. Both scales are logarithmic.

    chosen:  a TTL to ring.
    wait:    words for the upright axis.
    """
    figure = go.Figure()
    figure.add_scatter(x=[price.dollars for price in prices], y=[price.seconds for price in prices],
                       mode="lines+markers+text", text=[f"TTL {price.ttl}" for price in prices],
                       textposition="top right", cliponaxis=False, marker=marker("primary", 9),
                       line=line("primary", 1.5),
                       hovertemplate="%{text} s: %{y:.0f} s, $%{x:,.0f} a month<extra></extra>", showlegend=False)
    ringed = [price for price in prices if price.ttl == chosen]
    figure.add_scatter(x=[price.dollars for price in ringed], y=[price.seconds for price in ringed], mode="markers",
                       marker={**marker("unknown", 20), "line": {"width": 3}}, hoverinfo="skip", showlegend=False)
    figure.update_layout(height=380, margin={"t": 20, "r": 60})
    figure.update_xaxes(title="US dollars a month for the questions", type="log", tickprefix="$", tickformat=",",
                        tickvals=_ticks([price.dollars for price in prices]))
    figure.update_yaxes(title=wait, type="log", tickvals=_ticks([price.seconds for price in prices]))
    return with_alt(figure, " ".join(f"TTL {price.ttl} s: {price.seconds:.0f} s and ${price.dollars:,.0f} a month."
                                     for price in prices))


def _ticks(values: Sequence[float]) -> list[float]:
    """1, 10, 100 ... around these values."""
    low, high = floor(log10(min(values))), floor(log10(max(values))) + 1
    return [10.0 ** power for power in range(low, high + 1)]
