"""The gradebook as one HTML page that opens offline: scores, tasks, wrong ideas, remarks.

    Gradebook  ->  HTML text
"""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from failover_kit.figures.alt import alt_of, with_alt
from failover_kit.figures.palette import bar

from ..misconceptions import MISCONCEPTIONS
from .gradebook import Gradebook

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b;
  background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; font-weight: 600; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #ccc; vertical-align: top; }
td.number { text-align: right; } figure { margin: 0; }
"""


def gradebook_page(book: Gradebook) -> str:
    """The whole page."""
    from plotly.offline import get_plotlyjs

    parts = [_figure(_scores(book), "scores"), _totals(book), _figure(_difficulty(book), "difficulty"), _tasks(book),
             _beliefs(book), _details(book)]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gradebook</title><style>{STYLE}</style><script>{get_plotlyjs()}</script></head>
<body><h1>Gradebook</h1><p>{len(book.learners)} learners, {len(book.grades)} notebooks.</p>
{"".join(parts)}
</body></html>
"""


def _figure(figure: go.Figure, name: str) -> str:
    figure.update_layout(template="plotly_white")
    drawing = figure.to_html(full_html=False, include_plotlyjs=False, div_id=name, config={"displayModeBar": False})
    return f'<figure role="figure" aria-label="{escape(alt_of(figure))}">{drawing}</figure>'


def _scores(book: Gradebook) -> go.Figure:
    shares = {name: 100 * points / out_of if out_of else 0.0
              for name in book.learners for points, out_of in [book.total(name)]}
    figure = go.Figure(go.Bar(x=list(shares), y=list(shares.values()), marker=bar("primary")))
    figure.update_layout(title="Score of each learner", yaxis={"title": "per cent of the points", "range": [0, 100]},
                         height=320)
    return with_alt(figure, "; ".join(f"{name} {share:.0f} per cent" for name, share in shares.items()) + ".")


def _difficulty(book: Gradebook) -> go.Figure:
    tasks = book.tasks()
    figure = go.Figure(go.Bar(x=[f"{s.task}" for s in tasks], y=[100 * s.difficulty for s in tasks], marker=bar("unhealthy"),
                              hovertext=[s.title for s in tasks]))
    figure.update_layout(title="Tasks that were not passed", xaxis={"type": "category", "title": "task"},
                         yaxis={"title": "per cent of those who handed in", "range": [0, 100]}, height=320)
    return with_alt(figure, "; ".join(f"task {s.task} {100 * s.difficulty:.0f} per cent" for s in tasks) + ".")


def _table(caption: str, head: list[str], rows: list[list[object]]) -> str:
    def cell(value: object) -> str:
        kind = ' class="number"' if isinstance(value, int | float) else ""
        return f"<td{kind}>{escape(f'{value:.2f}' if isinstance(value, float) else str(value))}</td>"

    body = "".join("<tr>" + "".join(map(cell, row)) + "</tr>" for row in rows)
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"


def _totals(book: Gradebook) -> str:
    rows = [[name, *book.total(name), sum(sum(grade.hints.values()) for grade in book.grades if grade.learner == name)]
            for name in book.learners]
    return _table("Totals", ["learner", "points", "out of", "hints used"], rows)


def _tasks(book: Gradebook) -> str:
    rows = [[s.task, s.title, s.handed_in, s.attempted, s.passed, "" if s.discrimination is None else s.discrimination,
             ", ".join(f"{name} ({count})" for name, count in s.misconceptions[:3])] for s in book.tasks()]
    return _table("Tasks. Discrimination: does passing it go with a good score elsewhere? (-1 to 1)",
                  ["task", "title", "handed in", "attempted", "passed", "discrimination", "wrong ideas"], rows)


def _beliefs(book: Gradebook) -> str:
    rows = [[name, MISCONCEPTIONS[name].belief, MISCONCEPTIONS[name].refutation, count]
            for name, count in book.misconceptions() if name in MISCONCEPTIONS]
    return _table("Wrong ideas, and what to say", ["name", "belief", "refutation", "learners"], rows) if rows else ""


def _details(book: Gradebook) -> str:
    rows = [[grade.learner, task.task, task.verdict, task.points, task.message] for grade in book.grades
            for task in grade.tasks]
    remarks = [[grade.learner, grade.lesson, remark] for grade in book.grades for remark in grade.remarks]
    return _table("Every verdict", ["learner", "task", "verdict", "points", "why"], rows) + (
        _table("Remarks", ["learner", "lesson", "remark"], remarks) if remarks else "")
