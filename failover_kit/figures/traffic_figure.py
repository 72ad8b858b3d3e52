"""Where users' requests went, minute by minute: one row a run, so that runs can be compared at a glance.

    {"failover": Timeline, "weighted 50:50": Timeline}  ->  plotly Figure with a text alternative
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..timeline import Request, Timeline
from .alt import with_alt
from .palette import bar

MEANINGS = ("primary", "secondary", "cached", "expected")     # for the sites, in the order of their names
FAILED = "failed"


def requests_by_site(timeline: Timeline, every: float = 60.0) -> dict[str, Counter[int]]:
    """Good requests by site, and those that failed anywhere, by the `every` seconds in which they began."""
    counts: dict[str, Counter[int]] = {}
    for request in timeline.of(Request):
        counts.setdefault(request.site or "" if request.ok else FAILED, Counter())[int(request.started // every)] += 1
    return counts


def traffic_figure(runs: Mapping[str, Timeline], *, every: float = 60.0, title: str = "") -> go.Figure:
    """Stacked bars of `every` seconds each: who served, and what failed. All rows share one scale of time."""
    counts = {name: requests_by_site(timeline, every) for name, timeline in runs.items()}
    sites = sorted({site for found in counts.values() for site in found} - {FAILED})
    meanings = {**dict(zip(sites, MEANINGS, strict=False)), FAILED: "unhealthy"}
    figure = make_subplots(rows=len(runs), cols=1, shared_xaxes=True, subplot_titles=list(runs),
                           vertical_spacing=0.5 / (1 + 2 * len(runs)))
    for row, found in enumerate(counts.values(), start=1):
        for series in (*sites, FAILED):
            steps = sorted(found.get(series, {}))
            figure.add_trace(go.Bar(
                x=[(step + 0.5) * every / 60 for step in steps], y=[found[series][step] for step in steps], name=series,
                marker=bar(meanings.get(series, "unknown")), width=0.9 * every / 60, legendgroup=series,
                showlegend=row == 1), row=row, col=1)
    figure.update_xaxes(title_text="time (min)", row=len(runs), col=1)
    figure.update_yaxes(title_text="requests")
    figure.update_layout(barmode="stack", title=title or None, height=130 + 150 * len(runs), hovermode="x unified",
                         margin={"l": 70, "r": 20, "t": 80 if title else 40, "b": 90},
                         legend={"orientation": "h", "yref": "container", "y": 0, "traceorder": "normal"})
    return with_alt(figure, " ".join(_in_words(name, found) for name, found in counts.items()))


def _in_words(name: str, found: Mapping[str, Counter[int]]) -> str:
    total = sum(sum(steps.values()) for steps in found.values()) or 1
    shares = [f"{site} served {100 * sum(found[site].values()) / total:.0f} %" for site in sorted(found)
              if site != FAILED]
    lost = sum(found.get(FAILED, Counter()).values())
    return f"{name}: {', '.join([*shares, f'{lost} of {total} requests failed'])}."
