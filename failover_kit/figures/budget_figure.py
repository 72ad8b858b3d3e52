"""The downtime budget: one bar a user, cut into the parts that it waited for.

    {"median user": [BudgetPart, ...], ...}  ->  plotly Figure with a text alternative
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ..drill import BudgetPart
from .alt import with_alt
from .palette import bar

ROOM = 75      # characters, at the width of a notebook
MEANINGS = ("unhealthy", "expected", "cached", "secondary")     # in the order of the parts


def budget_figure(budgets: Mapping[str, Sequence[BudgetPart]], title: str = "") -> go.Figure:
    """Stacked horizontal bars; seconds are written into each part, its lever is in the hover text."""
    figure = go.Figure()
    parts = list(dict.fromkeys(part.name for budget in budgets.values() for part in budget))
    for index, name in enumerate(parts):
        found = {who: part for who, budget in budgets.items() for part in budget if part.name == name}
        figure.add_trace(go.Bar(
            orientation="h", y=list(found), x=[part.seconds for part in found.values()], name=name,
            marker=bar(MEANINGS[index % len(MEANINGS)]), width=0.45,
            hovertext=[f"{name}: {part.seconds:.1f} s<br>shorter with: {part.lever}" for part in found.values()],
            hoverinfo="text"))
    longest = max((sum(part.seconds for part in budget) for budget in budgets.values()), default=0.0)
    for row, budget in enumerate(budgets.values()):
        _label_parts(figure, row, budget, longest)
    figure.update_layout(barmode="stack", title=title or None, height=130 + 70 * len(budgets),
                         xaxis_title="seconds after the fault", yaxis={"autorange": "reversed"},
                         margin={"l": 110, "r": 20, "t": 50 if title else 20, "b": 90},
                         legend={"orientation": "h", "yref": "container", "y": 0, "traceorder": "normal"})
    return with_alt(figure, " ".join(
        f"{who}: " + ", ".join(f"{part.name} {part.seconds:.0f} s" for part in budget)
        + f"; together {sum(part.seconds for part in budget):.0f} s." for who, budget in budgets.items()))


def _label_parts(figure: go.Figure, row: int, budget: Sequence[BudgetPart], longest: float) -> None:
    """Writes above each part its name and seconds, or as much as there is room for (the longest bar is ROOM wide)."""
    start = 0.0
    for part in budget:
        texts = (f"{part.name} {part.seconds:.0f} s", f"{part.seconds:.0f} s")
        text = next((text for text in texts if len(text) <= ROOM * part.seconds / (longest or 1)), None)
        if text:
            figure.add_annotation(x=start + part.seconds / 2, y=row, yshift=30, showarrow=False, font={"size": 13},
                                  text=text)
        start += part.seconds
