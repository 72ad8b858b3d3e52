"""Two settings against each other: how long users are down in each combination, and what it costs.

    values of two settings + grids of seconds and USD  ->  plotly Figure with a text alternative

Before this: sweep.py. Colour never stands alone: every cell has its numbers, and the best bargains have a star.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import plotly.graph_objects as go

from .alt import with_alt

CELL = 64                     # pixels of height
SCALE = "Cividis_r"           # made for colour-blind readers; dark is long
NAMES = {"ttl": "TTL (s)", "request_interval": "request interval (s)",
         "failure_threshold": "failure threshold (probes)",
         "check_path": "page that is checked", "check_type": "type of check", "every": "seconds between requests"}


def heatmap(x_values: Sequence[object], y_values: Sequence[object], seconds: Sequence[Sequence[float]],
            dollars: Sequence[Sequence[float]], *, x_name: str = "", y_name: str = "", title: str = "") -> go.Figure:
    """A cell for each combination: seconds in colour and number, USD a month below.

    `seconds` and `dollars` have a row for each value of y. A star marks what nothing beats: no other combination is
    both as fast and as cheap.
    """
    columns, lines = [str(value) for value in x_values], [str(value) for value in y_values]
    cells = [(row, column) for row in range(len(lines)) for column in range(len(columns))]
    stars = {(row, column) for row, column in cells
             if not isnan(seconds[row][column]) and not _is_beaten((row, column), cells, seconds, dollars)}
    figure = go.Figure(go.Heatmap(
        x=columns, y=lines, z=seconds, colorscale=SCALE, xgap=2, ygap=2, hovertemplate=(
            f"{_name(x_name)} %{{x}}, {_name(y_name)} %{{y}}: %{{z:.0f}} s<extra></extra>"),
        colorbar={"title": {"text": "seconds"}, "thickness": 14}))
    low, high = _range(seconds)
    for row, column in cells:
        dark = high > low and (seconds[row][column] - low) / (high - low) > 0.5
        words = _words(seconds[row][column], dollars[row][column], (row, column) in stars)
        figure.add_annotation(x=column, y=row, text=words, showarrow=False,
                              font={"color": "white" if dark else "black", "size": 13})
    figure.update_xaxes(type="category", title_text=_name(x_name), side="bottom")
    figure.update_yaxes(type="category", title_text=_name(y_name), autorange="reversed")
    figure.update_layout(title=title or None, height=150 + CELL * len(lines), template="plotly_white",
                         margin={"l": 90, "r": 20, "t": 60 if title else 20, "b": 60})
    return with_alt(figure, _alt(columns, lines, seconds, dollars, stars, x_name, y_name))


def _name(setting: str) -> str:
    return NAMES.get(setting, setting.replace("_", " "))


def _range(grid: Sequence[Sequence[float]]) -> tuple[float, float]:
    values = [value for row in grid for value in row if not isnan(value)]
    return min(values, default=0.0), max(values, default=0.0)


def _words(seconds: float, dollars: float, starred: bool) -> str:
    time = "not noticed" if isnan(seconds) else f"{seconds:.0f} s"
    return f"<b>{time}</b>{' ★' if starred else ''}<br>${dollars:,.0f}"


def _is_beaten(cell: tuple[int, int], cells: Sequence[tuple[int, int]], seconds, dollars) -> bool:
    """Is another combination at least as good in both, and better in one?"""
    mine = seconds[cell[0]][cell[1]], round(dollars[cell[0]][cell[1]], 2)
    others = [(seconds[row][column], round(dollars[row][column], 2)) for row, column in cells]
    return any(other[0] <= mine[0] and other[1] <= mine[1] and other != mine for other in others)


def _alt(columns, lines, seconds, dollars, stars, x_name: str, y_name: str) -> str:
    told = [f"{_name(x_name)} {columns[column]} and {_name(y_name)} {lines[row]}: "
            + ("not noticed" if isnan(seconds[row][column]) else f"{seconds[row][column]:.0f} s")
            + f" for ${dollars[row][column]:,.0f} a month" + (", which nothing beats" if (row, column) in stars else "")
            for row in range(len(lines)) for column in range(len(columns))]
    return "; ".join(told) + "."
