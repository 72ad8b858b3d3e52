"""Turns a notebook into one that can only be read: what wants a kernel gets another form.

    lesson with outputs  ->  charts, pictures, tables, questions as HTML;  notes for instructors are left out
    exercise             ->  each task's card with its numbers;  check cells are left out

Figures are those that a notebook keeps for readers without a kernel (widgets/frozen.py). Nothing is run here.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from copy import deepcopy
from html import escape
from typing import Any

from failover_kit.widgets.chart import PLOTLY_VIEW

from ..cells import role_of
from ..tasks import find_task
from .paper import on_paper

FOR_INSTRUCTORS = "<summary>For instructors</summary>"
DESCRIBES = ("Chart: ", "Topology: ")      # how a widget's words begin where they describe its picture
LIVE = "Replay: "                          # a live run's steps have times of their own; a saved notebook has none
HIDDEN = {"transient": {"remove_source": True}}      # nbconvert: show a cell's outputs only


def readable_lesson(notebook: Any) -> Any:
    """A copy of a lesson (nbformat 4) for readers."""
    notebook = deepcopy(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if not _is_a_note(cell)]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            for output in cell["outputs"]:
                _draw(output)
            _say_on_paper(cell)
    return notebook


def readable_exercise(notebook: Any) -> Any:
    """A copy of an exercise notebook for readers; the numbers are those of a learner without a seed."""
    notebook = deepcopy(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if role_of(cell)[1] != "check"]
    shown = set()
    for cell in notebook["cells"]:
        task, role = role_of(cell)
        if role == "given" and task not in shown:      # later ones hold more material
            shown.add(task)
            _replace(cell, f"<div class='scroll'>{find_task(task).numbers(None)._repr_html_()}</div>", hide=True)
    return notebook


def _is_a_note(cell: Mapping[str, Any]) -> bool:
    """Is this cell for those who teach?"""
    kind = cell["metadata"].get("slideshow", {}).get("slide_type")
    return kind == "notes" or (cell["cell_type"] == "markdown" and FOR_INSTRUCTORS in cell["source"])


def _say_on_paper(cell: Any) -> None:
    """Give a cell that ends in predict(), explain() and the like its form on paper; hide code that is nothing else."""
    tree = compile(cell["source"], "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    last = tree.body[-1].value if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    if not isinstance(last, ast.Call):
        return
    results = [output["data"] for output in cell["outputs"] if output["output_type"] == "execute_result"]
    html = on_paper(last, results[0].get("text/html", "") if results else "")
    if html is not None:
        _replace(cell, html, hide=len(tree.body) == 1)


def _replace(cell: Any, html: str, hide: bool) -> None:
    """Show this instead of what the cell's last line gave."""
    from nbformat.v4 import new_output

    if hide:
        cell["metadata"].update(HIDDEN)
    cell["outputs"] = [output for output in cell["outputs"] if output["output_type"] != "execute_result"]
    cell["outputs"].append(new_output("display_data", {"text/html": html}))


def _draw(output: Any) -> None:
    """Put a figure or a table into the form that the book's pages draw."""
    data = output.get("data", {})
    words = data.get("text/plain", "")
    if chart := data.get(PLOTLY_VIEW):
        html = chart_html(chart, words)
    elif picture := data.get("image/svg+xml"):
        html = figure_html("picture", picture, words)
    elif table := data.get("text/html"):
        html = f"<div class='scroll output'>{table}</div>"
    elif words.startswith(LIVE):
        html = f"<p class='aside'>{escape(words.removeprefix(LIVE))}: in the notebook, the steps of its own live run.</p>"
    else:
        return
    output["data"] = {"text/html": html}


def chart_html(chart: Mapping[str, Any], words: str) -> str:
    """A plotly figure, given as JSON, for book.js to draw."""
    parts = json.dumps({"data": chart["data"], "layout": chart["layout"]}).replace("<", "\\u003c")
    return figure_html("chart", "<div class='plot' aria-hidden='true'></div>"
                       f"<script type='application/json'>{parts}</script>", words)


def figure_html(kind: str, inside: str, words: str) -> str:
    """A "chart" or "picture" with its settings below it, and with its description, folded."""
    lines = [line for line in words.splitlines() if line.strip()]
    told = [line.removeprefix(start) for line in lines for start in DESCRIBES if line.startswith(start)]
    settings = [line for line in lines if not line.startswith(DESCRIBES)] if told else []
    description = escape(" ".join(told) or words)
    return (f"<figure class='{kind}' aria-label='{description}'><div class='scroll'>{inside}</div><figcaption>"
            f"{escape('; '.join(settings))}<details><summary>This {kind} in words</summary><p>{description}</p></details>"
            "</figcaption></figure>")
