"""The downtime budget: one bar a user, cut into the parts that it waited for.

    {"median user": [BudgetPart, ...], ...}  ->  plotly Figure with a text alternative
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ..drill import BudgetPart
from .alt import with_alt
from .palette import bar

MEANINGS = ("unhealthy", "expected", "cached", "secondary")     # in the order of the parts


def budget_figure(budgets: Mapping[str, Sequence[BudgetPart]], title: str = "") -> go.Figure:
    """Stacked horizontal bars; seconds are written into each part, its lever is in the hover text."""
    figure = go.Figure()
    parts = list(dict.fromkeys(part.name for budget in budgets.values() for part in budget))
    for index, name in enumerate(parts):
        found = {who: part for who, budget in budgets.items() for part in budget if part.name == name}
        figure.add_trace(go.Bar(
            orientation="h", y=list(found), x=[part.seconds for part in found.values()], name=name,
            marker=bar(MEANINGS[index % len(MEANINGS)]), textposition="outside" if len(budgets) == 0 else "inside",
            text=[f"{name} {part.seconds:.0f} s" if part.seconds >= 5 else "" for part in found.values()],
            textfont={"color": "#111", "size": 13}, textangle=0, insidetextanchor="middle",
            hovertext=[f"{name}: {part.seconds:.1f} s<br>shorter with: {part.lever}" for part in found.values()],
            hoverinfo="text"))
    figure.update_layout(barmode="stack", title=title or None, height=140 + 60 * len(budgets),
                         xaxis_title="seconds after the fault", yaxis={"autorange": "reversed"},
                         margin={"l": 110, "r": 20, "t": 50 if title else 20, "b": 60},
                         legend={"orientation": "h", "y": -0.35})
    return with_alt(figure, " ".join(
        f"{who}: " + ", ".join(f"{part.name} {part.seconds:.0f} s" for part in budget)
        + f"; together {sum(part.seconds for part in budget):.0f} s." for who, budget in budgets.items()))
