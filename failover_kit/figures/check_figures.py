"""Pictures of what checkers say: how many must agree, how often they are wrong together, and one rough day.

    counts, curves, moments  ->  plotly Figure with a text alternative

Draws data only; lessons and labs measure it.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from ..health import Status
from .alt import with_alt
from .palette import line, marker

HEIGHT = 330                     # pixels
MARGIN = {"t": 30, "r": 20}
HEALTHY_AXIS = "checkers that say healthy"


def agreement_figure(points: Sequence[tuple[int, Status]], needed: int) -> go.Figure:
    """What a check makes of its checkers. `points[n]`: how many say healthy, and the status, n Regions cut off."""
    figure = go.Figure()
    for status in Status:
        group = [(count, healthy) for count, (healthy, says) in enumerate(points) if says is status]
        figure.add_scatter(x=[count for count, _ in group], y=[healthy for _, healthy in group], mode="markers",
                           name=f"check is {status.value}", marker=marker(status.value, 13))
    figure.add_hline(y=needed, line=line("expected"), annotation_text=f"{needed} needed",
                     annotation_position="bottom left")
    figure.update_layout(xaxis_title="Regions whose checkers cannot reach the site", yaxis_title=HEALTHY_AXIS,
                         height=HEIGHT, margin=MARGIN)
    words = ", ".join(f"{count} cut off: {healthy} healthy, check {says.value}"
                      for count, (healthy, says) in enumerate(points))
    return with_alt(figure, f"Regions {words}. {needed} checkers are needed.")


def false_alarm_figure(theory: Sequence[tuple[float, float]], measured: Sequence[tuple[float, float]],
                       loss: float) -> go.Figure:
    """Share of time in which a check is unhealthy against the share of requests lost; all shares 0 to 1.

    `loss` is marked: it is the one that the reader has chosen.
    """
    figure = go.Figure()
    for points, mode, name, look in ((theory, "lines", "theory", {"line": {**line("primary"), "dash": "solid"}}),
                                     (measured, "markers", "one hour in the lab", {"marker": marker("unhealthy", 10)})):
        figure.add_scatter(x=[100 * lost for lost, _ in points], y=[100 * share for _, share in points], mode=mode,
                           name=name, **look)
    side = "top left" if loss > 0.5 else "top right"
    figure.add_vline(x=100 * loss, line=line("fault"), annotation_text=f"{100 * loss:.0f} % lost",
                     annotation_position=side)
    figure.update_layout(xaxis_title="requests lost (%)", yaxis_title="time spent red (%)", height=HEIGHT,
                         margin=MARGIN, xaxis_range=[0, 100], yaxis_range=[-3, 103])
    return with_alt(figure, "Time in which the check is red, measured: " + ", ".join(
        f"{100 * share:.0f} % at {100 * lost:.0f} % loss" for lost, share in measured) + ".")


def checkers_figure(counts: Sequence[tuple[float, int]], needed: int) -> go.Figure:
    """How many checkers say healthy over time. `counts`: (seconds, checkers), a step at each change."""
    figure = go.Figure(go.Scatter(
        x=[at / 60 for at, _ in counts], y=[healthy for _, healthy in counts], mode="lines",
        line={**line("primary", 2), "dash": "solid", "shape": "hv"}, showlegend=False))
    figure.add_hline(y=needed - 0.5, line=line("unhealthy"), annotation_text="below this line: failover",
                     annotation_position="top left")
    figure.update_layout(xaxis_title="lab time (minutes)", yaxis_title=HEALTHY_AXIS, height=HEIGHT, margin=MARGIN,
                         yaxis_range=[-0.5, max(healthy for _, healthy in counts) + 0.5])
    lowest = min(healthy for _, healthy in counts)
    return with_alt(figure, f"At the worst moment {lowest} checkers say healthy; {needed} are needed.")
