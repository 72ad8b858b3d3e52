"""Pictures of disaster recovery: one outage as two distances on a line, and the time in a year that a design is down.

    moments, shares of time  ->  plotly Figure with a text alternative

Draws data only; lessons and labs measure it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

import plotly.graph_objects as go

from ..durations import spell_seconds
from .alt import with_alt
from .palette import bar, line, marker

YEAR = 365 * 86_400                     # seconds
LEAST = 1.0                             # seconds: where a logarithmic axis begins
TICKS = (1, 60, 3_600, 36_000, 360_000)
MEANINGS = ("primary", "secondary", "unhealthy", "cached", "fault")


def outage_line(last_copy_at: float, failed_at: float, served_at: float, *, rto: float | None = None,
                rpo: float | None = None, title: str = "") -> go.Figure:
    """One outage on a line: back to the newest data that survives, forward to the moment of service. In seconds.

    `rto` and `rpo` are objectives, in seconds; each is drawn as a bracket below the distance that it limits.
    """
    age, wait = (failed_at - last_copy_at) / 60, (served_at - failed_at) / 60
    figure = go.Figure()
    for name, base, length, meaning in (("data that is lost", -age, age, "cached"),
                                        ("without service", 0, wait, "unhealthy")):
        figure.add_bar(orientation="h", y=["what happened"], base=[base], x=[length], name=f"{name}: {length:.0f} min",
                       marker=bar(meaning), width=0.4, hoverinfo="name")
    words = [f"The newest data that survives is {age:.0f} min older than the fault; service is back {wait:.0f} min "
             f"after it."]
    for name, limit, side, met in (("RPO", rpo, -1, rpo is None or age * 60 <= rpo),
                                   ("RTO", rto, 1, rto is None or wait * 60 <= rto)):
        if limit is not None:
            verdict = "kept" if met else "missed"
            figure.add_bar(orientation="h", y=["allowed"], base=[min(0, side * limit / 60)], x=[limit / 60], width=0.4,
                           name=f"{name} {limit / 60:.0f} min: {verdict}", hoverinfo="name",
                           marker=bar("expected" if side > 0 else "unknown"))
            words.append(f"{name} of {limit / 60:.0f} min {verdict}.")
    marks = ((-age, "last copy", "healthy"), (0, "fault", "fault"), (wait, "served again", "healthy"))
    figure.add_scatter(x=[at for at, _, _ in marks], y=["what happened"] * 3, mode="markers", showlegend=False,
                       marker={"size": 14, "color": [marker(look)["color"] for _, _, look in marks],
                               "symbol": [marker(look)["symbol"] for _, _, look in marks]},
                       hovertext=[what for _, what, _ in marks], hoverinfo="text")
    for at, what, _ in marks:
        figure.add_annotation(x=at, y="what happened", text=what, yshift=42, showarrow=False)
    figure.add_vline(x=0, line=line("fault", 1.5))
    objectives = rto is not None or rpo is not None
    figure.update_layout(barmode="overlay", title=title or None, xaxis_title="minutes before and after the fault",
                         yaxis={"autorange": "reversed"}, height=300 if objectives else 230,
                         margin={"l": 100, "r": 20, "t": 70 if title else 30, "b": 90},
                         legend={"orientation": "h", "yref": "container", "y": 0, "traceorder": "normal"})
    return with_alt(figure, " ".join(words))


def seconds_down(availability: float) -> float:
    """Seconds without service in a year of 365 days. `availability`: the share of time with service, 0 to 1."""
    return YEAR * (1 - availability)


def downtime_figure(designs: Mapping[str, float], *, title: str = "") -> go.Figure:
    """Time down in a year, one bar a design, on a logarithmic scale. `designs`: name -> availability, 0 to 1."""
    down = {name: seconds_down(availability) for name, availability in designs.items()}
    figure = go.Figure()
    for (name, seconds), meaning in zip(down.items(), cycle(MEANINGS), strict=False):
        figure.add_bar(orientation="h", y=[name], x=[max(seconds, LEAST)], marker=bar(meaning), width=0.5,
                       showlegend=False,
                       text=[spell_seconds(seconds)], textposition="outside", cliponaxis=False, hoverinfo="y+text")
    figure.update_layout(title=title or None, height=110 + 50 * len(down),
                         xaxis={"type": "log", "title": "down in a year", "range": [0, 7.2],
                                "tickvals": TICKS, "ticktext": [spell_seconds(tick) for tick in TICKS]},
                         yaxis={"autorange": "reversed", "showgrid": False},
                         margin={"l": 190, "r": 20, "t": 50 if title else 20, "b": 60})
    return with_alt(figure, "Down in a year: " + ", ".join(
        f"{name} {spell_seconds(seconds)}" for name, seconds in down.items()) + ".")
