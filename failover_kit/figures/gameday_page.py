"""One self-contained HTML page about a game day: summary, score, disasters, and each disaster's story to step through.

    GameDayReport + Improvements  ->  HTML text; opens offline, loads nothing

Each story has a slider of the browser's own: it moves a line over the picture and lights the step in the table.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from ..gameday import DisasterReport, GameDayReport, Improvement
from .alt import alt_of
from .gameday_figure import campaign_figure, disaster_figure, improvements_figure, scoreboard
from .page import STYLE

MORE_STYLE = """
details { border: 1px solid #ccc; border-radius: .4rem; padding: .5rem 1rem; margin: .6rem 0; }
summary { font-weight: 600; }
tr.lit td { background: #fff2c4; } tr.lit td:first-child::before { content: "▶ "; } input[type=range] { width: 100%; }
figure { margin: 1rem 0; }
"""
SCRIPT = """
for (const story of document.querySelectorAll("details")) {
  const slider = story.querySelector("input"), words = story.querySelector("output");
  const rows = story.querySelectorAll("tbody tr");
  const chart = story.querySelector(".js-plotly-plot, .plotly-graph-div"), moments = JSON.parse(story.dataset.moments);
  const kept = () => (chart.layout.shapes || []).filter(shape => shape.name !== "scrub");
  const show = () => {
    const step = Number(slider.value);
    rows.forEach((row, index) => row.classList.toggle("lit", index === step));
    words.textContent = rows[step].innerText.replace(/\\s+/g, " ");
    const line = axis => ({name: "scrub", type: "line", xref: axis[0], yref: axis[1] + " domain", x0: moments[step],
                           x1: moments[step], y0: 0, y1: 1, line: {color: "black", width: 3}});
    Plotly.relayout(chart, {shapes: [...kept(), line(["x", "y"]), line(["x2", "y2"])]});
  };
  slider.addEventListener("input", show);
  story.addEventListener("toggle", () => { if (story.open) { Plotly.Plots.resize(chart); show(); } });
}
"""


def gameday_page(report: GameDayReport, found: Sequence[Improvement] = ()) -> str:
    """The page as text."""
    from plotly.offline import get_plotlyjs

    better = ""
    if found:
        better = (f"<h2>What would have helped most</h2><p>{escape(found[0].summary())}</p>"
                  + _figure(improvements_figure(found), "improvements"))
    stories = "".join(_story(day, number) for number, day in enumerate(report.disasters))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Game day: {escape(report.design.name)}</title><style>{STYLE}{MORE_STYLE}</style>
<script>{get_plotlyjs()}</script></head>
<body><h1>Game day of the {escape(report.design.name)} design</h1>
<p>{escape(report.summary())}</p><p>(seed {report.seed})</p>
<h2>The score</h2>{_figure(scoreboard(report), "score")}
<h2>The disasters</h2>{_figure(campaign_figure(report), "campaign")}
{_table(report)}
{better}
<h2>Each story, step by step</h2>
{stories}
<script>{SCRIPT}</script></body></html>
"""


def _figure(figure, name: str) -> str:
    drawing = figure.to_html(full_html=False, include_plotlyjs=False, div_id=name,
                             config={"displayModeBar": False, "responsive": True})
    return f'<figure role="figure" aria-label="{escape(alt_of(figure))}">{drawing}</figure>'


def _table(report: GameDayReport) -> str:
    rows = report.table()
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(f'{value:,}' if isinstance(value, int) else str(value))}</td>"
                                    for value in row.values()) + "</tr>" for row in rows)
    return f"<table><caption>In numbers</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _story(day: DisasterReport, number: int) -> str:
    steps = day.steps
    rows = "".join(f"<tr><td>{step.at / 60:.1f} min</td><td>{escape(step.part)}</td><td>{escape(step.happened)}</td>"
                   f"<td>{escape(step.answer)}</td></tr>" for step in steps)
    moments = escape(json.dumps([round(step.at / 60, 3) for step in steps]))
    return f"""<details data-moments="{moments}"><summary>{escape(day.disaster.title)}</summary>
{_figure(disaster_figure(day), f"story-{number}")}
<label>Step through the story <input type="range" min="0" max="{len(steps) - 1}" value="0"></label>
<output aria-live="polite"></output>
<table><caption>Step by step</caption><thead><tr><th scope="col">time</th><th scope="col">whose doing</th>
<th scope="col">what happened</th><th scope="col">DNS answer</th></tr></thead><tbody>{rows}</tbody></table></details>
"""
