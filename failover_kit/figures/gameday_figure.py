"""A game day in pictures: the score, the disasters side by side, one disaster as it went, the changes that would help.

    GameDayReport, DisasterReport, Improvements  ->  plotly Figures with text alternatives

Before this: gameday. After this: notebooks show them, gameday_page.py puts them on one page.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..durations import spell_seconds
from ..gameday import DisasterReport, GameDayReport, Improvement
from .alt import with_alt
from .palette import bar, line, marker

ROW = 34                             # pixels
AREAS = ("primary", "secondary", "cached", "unknown")


def scoreboard(report: GameDayReport) -> go.Figure:
    """What the score is made of, beside that of the reference design."""
    figure, boards = go.Figure(), [(report, "primary")]
    boards += [(report.reference, "expected")] if report.reference else []
    for board, look in boards:
        figure.add_bar(orientation="h", y=[f"{part.name} ({part.of:.0f})" for part in board.parts],
                       x=[part.points for part in board.parts], marker=bar(look),
                       name=f"{board.design.name}: {board.score:.0f}",
                       text=[f"{part.points:.0f}" for part in board.parts], textposition="outside",
                       hovertext=[part.why for part in board.parts], hoverinfo="text")
    figure.update_xaxes(title_text="points", range=[0, 1.12 * max(part.of for part in report.parts)])
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(barmode="group", height=150 + 2 * ROW * len(report.parts), template="plotly_white",
                         margin={"l": 140, "r": 20, "t": 20, "b": 90},
                         legend={"orientation": "h", "yref": "container", "y": 0, "traceorder": "normal"})
    return with_alt(figure, " ".join(
        f"{board.design.name}: {board.score:.0f} of 100 points. " + " ".join(
            f"{part.name}: {part.points:.0f} of {part.of:.0f}, {part.why}." for part in board.parts)
        for board, _ in boards))


def campaign_figure(report: GameDayReport) -> go.Figure:
    """Error minutes of each disaster, beside the reference design's; RTO and RPO in words."""
    figure, names = go.Figure(), [day.disaster.title for day in report.disasters]
    figure.add_bar(orientation="h", y=names, x=[day.error_minutes for day in report.disasters], marker=bar("unhealthy"),
                   name=report.design.name, hovertext=[_day_words(day) for day in report.disasters], hoverinfo="text",
                   text=[f"{day.error_minutes:.0f} min, RTO {spell_seconds(day.rto)}, RPO {spell_seconds(day.rpo)}"
                         for day in report.disasters], textposition="outside", cliponaxis=False)
    if report.reference:
        other = report.reference
        figure.add_scatter(x=[day.error_minutes for day in other.disasters], y=names, mode="markers",
                           name=other.design.name, marker=marker("healthy", 11), hoverinfo="text",
                           hovertext=[_day_words(day) for day in other.disasters])
    longest = max(1.0, *(day.error_minutes for day in report.disasters))
    figure.update_xaxes(title_text="error minutes", range=[-0.02 * longest, 1.55 * longest])
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_layout(height=130 + ROW * len(names), template="plotly_white",
                         margin={"l": 20, "r": 20, "t": 20, "b": 90},
                         legend={"orientation": "h", "yref": "container", "y": 0})
    return with_alt(figure, " ".join(_day_words(day) for day in report.disasters))


def _day_words(day: DisasterReport) -> str:
    return (f"{day.disaster.title}: {day.error_minutes:.1f} error minutes, {spell_seconds(day.rto)} without service, "
            f"{spell_seconds(day.rpo)} of data missing.")


def disaster_figure(day: DisasterReport, *, at: float | None = None, until: float | None = None) -> go.Figure:
    """One disaster as it went: where users were, how many requests failed, and when the story's steps happened.

    at:     seconds; a moment to point out, as when one scrubs through the steps.
    until:  seconds; where the picture ends (default: the end of the story).
    """
    curve, end = day.curve, until or day.disaster.until
    shown = range(len([time for time in curve.times if time <= end]))
    minutes = [curve.times[index] / 60 for index in shown]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.07, row_heights=[0.5, 0.5],
                           subplot_titles=("where users are", "requests that fail"))
    seen = [site for site, row in curve.shares.items() if max(row) > 0.001]
    for look, site in zip(AREAS, seen, strict=False):
        figure.add_scatter(x=minutes, y=[100 * curve.shares[site][index] for index in shown], mode="lines",
                           name=f"at {site}", line=line(look), row=1, col=1,
                           hovertemplate="%{y:.1f} % at %{x:.1f} min<extra>" + site + "</extra>")
    figure.add_scatter(x=minutes, y=[100 * curve.errors[index] for index in shown], mode="lines",
                       name="failing requests", line={**line("unhealthy"), "dash": "solid"}, fill="tozeroy",
                       hovertemplate="%{y:.1f} % at %{x:.1f} min<extra>failing</extra>", row=2, col=1)
    steps = [step for step in day.steps if step.at <= end]
    figure.add_scatter(x=[step.at / 60 for step in steps], y=[103] * len(steps), mode="markers",
                       name="step of the story", marker=marker("fault", 8),
                       hovertext=[f"{step.at / 60:.1f} min: {step.happened}" for step in steps], hoverinfo="text",
                       row=2, col=1)
    for moment, text, look in ((day.disaster.began_at, "it breaks", "fault"),
                               (day.disaster.mended_at, "it is mended", "healthy")):
        if moment <= end:
            figure.add_vline(x=moment / 60, line=line(look, 1.5), annotation_text=text,
                             annotation_position="bottom right", row=2, col=1)
            figure.add_vline(x=moment / 60, line=line(look, 1.5), row=1, col=1)
    if at is not None:
        for row in (1, 2):
            figure.add_vline(x=at / 60, line={"color": "black", "width": 3}, row=row, col=1)
    figure.update_yaxes(range=[-3, 110], ticksuffix=" %")
    figure.update_xaxes(range=[0, end / 60])
    figure.update_xaxes(title_text="minutes", row=2, col=1)
    figure.update_layout(height=480, template="plotly_white", margin={"l": 60, "r": 20, "t": 40, "b": 100},
                         legend={"orientation": "h", "yref": "container", "y": 0})
    told = "; ".join(f"at {step.at / 60:.1f} min {step.happened}" for step in steps)
    return with_alt(figure, f"{_day_words(day)} {told}.")


def improvements_figure(found: Sequence[Improvement], count: int = 8) -> go.Figure:
    """The changes that would have gained most points, and what each costs."""
    best = found[:count]
    figure = go.Figure(go.Bar(
        orientation="h", y=[one.change for one in best], x=[one.points for one in best], marker=bar("healthy"),
        width=0.6, text=[f"{one.points:+.1f}, {_price(one.monthly_cost)}" for one in best], textposition="outside",
        cliponaxis=False,
        hovertext=[one.summary() for one in best], hoverinfo="text"))
    reach = max([1.0, *(abs(one.points) for one in best)])
    figure.update_xaxes(title_text="points gained by this change alone",
                        range=[min([0.0, *(1.4 * one.points for one in best)]), 1.5 * reach])
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_layout(height=110 + ROW * len(best), template="plotly_white",
                         margin={"l": 20, "r": 20, "t": 20, "b": 60})
    return with_alt(figure, " ".join(one.summary() for one in best) or "No single change applies.")


def _price(dollars: float) -> str:
    if abs(dollars) < 1:
        return "for nothing"
    return f"{'+' if dollars > 0 else '-'}${abs(dollars):,.0f} a month"
