"""Ways to be ready for a disaster, side by side: how soon service is back, how much data is missing, what it costs.

    StrategyResults (+ objectives)  ->  plotly Figure with a text alternative

Before this: strategies.py measures them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go

from ..durations import spell_seconds
from ..strategies import StrategyResult
from .alt import with_alt
from .palette import MARKS, line

LEAST = 1.0                                        # seconds: where an axis of powers of ten begins; 0 is drawn here
LOOKS = tuple(MARKS)                               # one symbol each
TICKS = (1, 10, 60, 600, 3_600, 6 * 3_600, 24 * 3_600)


def strategies_figure(results: Sequence[StrategyResult], *, rto: float | None = None, rpo: float | None = None,
                      title: str = "") -> go.Figure:
    """A marker for each strategy: right is later, up is more lost, larger is dearer. The price is in the legend.

    rto, rpo:  objectives in seconds; what meets both lies in the corner at the lower left.
    """
    figure = go.Figure()
    dearest = max(result.monthly_cost for result in results)
    for look, result in zip(LOOKS, results, strict=False):
        symbol = MARKS[look].symbol.replace("-thin", "")
        figure.add_scatter(
            x=[max(LEAST, result.rto)], y=[max(LEAST, result.rpo)], mode="markers",
            name=f"{result.title}: ${result.monthly_cost:,.0f}",
            marker={"symbol": symbol, "color": MARKS[look].colour, "size": 12 + 18 * result.monthly_cost / dearest,
                    "line": {"width": 1.5, "color": "white" if not symbol.endswith("open") else MARKS[look].colour}},
            hovertext=_words(result), hoverinfo="text")
    if rto is not None:
        figure.add_vline(x=rto, line=line("expected", 2))
        figure.add_annotation(x=log10(rto), y=1, yref="paper", yanchor="bottom", showarrow=False,
                              text=f"RTO asked for: {spell_seconds(rto)}")
    if rpo is not None:
        figure.add_hline(y=rpo, line=line("expected", 2))
        figure.add_annotation(y=log10(rpo), x=0, xref="paper", xanchor="left", yanchor="bottom", showarrow=False,
                              text=f"RPO asked for: {spell_seconds(rpo)}")
    top = max([60.0, *(max(result.rto, result.rpo) for result in results), rto or 0.0, rpo or 0.0])
    for update, name in ((figure.update_xaxes, "time without service (RTO)"),
                         (figure.update_yaxes, "age of the data that is missing (RPO)")):
        update(type="log", title_text=name, range=[log10(LEAST) - 0.15, log10(top) + 0.3], tickvals=TICKS,
               ticktext=[spell_seconds(tick) for tick in TICKS])
    figure.update_layout(title=title or None, height=520, template="plotly_white",
                         margin={"l": 90, "r": 20, "t": 60 if title else 30, "b": 60},
                         legend={"title": {"text": "strategy, USD a month"}, "itemsizing": "constant"})
    return with_alt(figure, " ".join([*map(_words, results), *_verdict(results, rto, rpo)]))


def _words(result: StrategyResult) -> str:
    return (f"{result.title}: {spell_seconds(result.rto)} without service, {spell_seconds(result.rpo)} of data "
            f"missing, ${result.monthly_cost:,.0f} a month.")


def _verdict(results: Sequence[StrategyResult], rto: float | None, rpo: float | None) -> list[str]:
    if rto is None and rpo is None:
        return []
    fits = [result for result in results if (rto is None or result.rto <= rto) and (rpo is None or result.rpo <= rpo)]
    cheapest = min(fits, key=lambda result: result.monthly_cost, default=None)
    if cheapest is None:
        return ["None of them meets the objectives."]
    return [f"The cheapest that meets the objectives is {cheapest.title}."]
