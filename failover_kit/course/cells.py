"""The cells of an exercise notebook, and what nbgrader is told about each.

    (task, statement, code)  ->  statement, given, answer and check cell

A task has four cells or more, in this order:

    role        grade_id               what it is
    statement   failover-1-2-statement locked Markdown
    given       failover-1-2-given     locked code: `given = task("1.2")`; more may follow as given-2, given-3
    answer      failover-1-2           the learner's code; in solutions/ the reference stands between the markers
    check       failover-1-2-check     locked code, worth the points

Cells of role "setup" (grade_id setup, setup-2 ...) are locked code that belongs to no task: the imports.
Source: nbgrader's metadata schema, version 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .tasks import Task

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_GRADE_ID = re.compile(r"failover-(?P<lesson>\d{1,4})-(?P<place>\d{1,4})(?:-(?P<role>statement|given|check)(?:-\d+)?)?$")
_SETUP_ID = re.compile(r"setup(-\d+)?$")


def grade_id(task_id: str, role: str = "answer", number: int = 1) -> str:
    """The nbgrader id of a task's cell; nbgrader allows letters, digits, hyphen and underscore only."""
    name = f"failover-{task_id.replace('.', '-')}"
    if role != "answer":
        name += f"-{role}"
    return name if number == 1 else f"{name}-{number}"


def role_of(cell: Mapping[str, Any]) -> tuple[str, str]:
    """(task id, role) of a cell: ("1.2", "check"), ("", "setup"), or ("", "") for a cell of neither kind."""
    name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    if _SETUP_ID.match(name):
        return "", "setup"
    found = _GRADE_ID.match(name)
    if not found:
        return "", ""
    return f"{int(found['lesson'])}.{int(found['place'])}", found["role"] or "answer"


def check_source(task: Task) -> str:
    """What a task's check cell says; the grader uses the same text, never a submission's."""
    return f'check("{task.id}", {task.answer})'


def given_source(task: Task) -> str:
    """What a task's first given cell says."""
    return f'given = task("{task.id}")\ngiven' if task.given else f'task("{task.id}")'


def markdown_cell(source: str, name: str) -> dict[str, Any]:
    """A free Markdown cell; `name` becomes its cell id, so that a notebook written again keeps its ids."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source.strip("\n")}


def code_cell(source: str, name: str) -> dict[str, Any]:
    """A free code cell."""
    return {"cell_type": "code", "id": name, "metadata": {}, "source": source.strip("\n"), "outputs": [],
            "execution_count": None}


def setup_cell(source: str, number: int = 1) -> dict[str, Any]:
    """A locked code cell that belongs to no task: imports, and what all tasks share."""
    name = "setup" if number == 1 else f"setup-{number}"
    return _graded(code_cell(source, name), locked=True)


def task_cells(task: Task, statement: str, code: str, material: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """All cells of one task.

    Args:
        task: its id, points, answer's name.
        statement: Markdown; the title is put above it.
        code: the answer cell with the reference between the two markers.
        material: further code that is handed out, one cell each.
    """
    text = f"### {task.id} {task.title}\n\n{statement.strip()}"
    yield _graded(markdown_cell(text, grade_id(task.id, "statement")), locked=True)
    for number, source in enumerate((given_source(task), *material), start=1):
        yield _graded(code_cell(source, grade_id(task.id, "given", number)), locked=True)
    yield _graded(code_cell(code, grade_id(task.id)), solution=True)
    yield _graded(code_cell(check_source(task), grade_id(task.id, "check")), locked=True, points=task.points)


def notebook(cells: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A whole notebook, format 4.5."""
    return {"cells": list(cells), "nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python",
                                        "name": "python3"},
                         "language_info": {"name": "python"}}}


def _graded(cell: dict[str, Any], *, solution: bool = False, locked: bool = False,
            points: int | None = None) -> dict[str, Any]:
    metadata = {"grade": points is not None, "grade_id": cell["id"], "locked": locked, "schema_version": 3,
                "solution": solution, "task": False}
    if points is not None:
        metadata["points"] = points
    cell["metadata"] = {"nbgrader": metadata}
    return cell
