"""One self-contained HTML page about a drill: summary, timeline, downtime budget, steps.

    DrillReport  ->  HTML text; opens offline, loads nothing
"""

from __future__ import annotations

from html import escape

from ..drill import DrillReport
from ..story import COLUMNS
from .alt import alt_of
from .budget_figure import budget_figure
from .timeline_figure import timeline_figure

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b;
  background: #fff; }
table { border-collapse: collapse; font-size: .9rem; } caption { text-align: left; font-weight: 600; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc; vertical-align: top; }
td:first-child { white-space: nowrap; }
"""


def drill_page(report: DrillReport) -> str:
    """The page as text."""
    from plotly.offline import get_plotlyjs

    world = "virtual time" if report.speed is None else f"live, {report.speed:g} lab seconds a second"
    figures = [_figure(timeline_figure(report.timeline), "timeline")]
    if budget := report.budget():
        figures.append("<h2>Where the time went for the user who waited longest</h2>"
                       + _figure(budget_figure({"worst user": budget}), "budget"))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Failover drill: {escape(report.scenario.title)}</title><style>{STYLE}</style>
<script>{get_plotlyjs()}</script></head>
<body><h1>{escape(report.scenario.title)}</h1>
<p>{escape(report.summary())}</p><p>({world}, seed {report.seed})</p>
{"".join(figures)}
{_table(report)}
</body></html>
"""


def _figure(figure, name: str) -> str:
    figure.update_layout(template="plotly_white")
    drawing = figure.to_html(full_html=False, include_plotlyjs=False, div_id=name, config={"displayModeBar": False})
    return f'<figure role="figure" aria-label="{escape(alt_of(figure))}">{drawing}</figure>'


def _table(report: DrillReport) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in COLUMNS.values())
    rows = "".join("<tr>" + "".join(
        f"<td>{escape(f'{step.at:.1f} s' if field == 'at' else getattr(step, field))}</td>" for field in COLUMNS) + "</tr>"
        for step in report.steps)
    return f"<table><caption>Step by step</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
