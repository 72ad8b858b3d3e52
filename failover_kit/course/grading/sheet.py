"""Reads a submitted notebook, which anybody may have written with anything.

    notebook file  ->  Sheet: the learner's own cells in order, and remarks on what is not as it was handed out

Locked cells (setup, given, check) are never taken from here: the grader has its own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from failover_kit.errors import CourseError

from ..cells import role_of
from ..tasks import Task

MAX_BYTES = 20 * 2 ** 20           # of one notebook file
MAX_CELLS = 2_000


@dataclass(frozen=True)
class SheetCell:
    """One code cell of the learner's. `task` is empty for a cell that belongs to no task."""

    number: int                    # place among all cells, from 1
    task: str
    source: str


@dataclass(frozen=True)
class Sheet:
    """What a learner handed in, ready to be run."""

    cells: tuple[SheetCell, ...]
    remarks: tuple[str, ...] = ()

    def last_answer(self, task_id: str) -> int | None:
        """The number of the task's answer cell; of several, the last one counts."""
        return max((cell.number for cell in self.cells if cell.task == task_id), default=None)


def read_sheet(path: Path, tasks: tuple[Task, ...]) -> Sheet:
    """The sheet in a notebook file. Raises CourseError for a file that is no notebook."""
    cells = _raw_cells(path)
    found, remarks, locked = [], [], Counter()
    by_id = {task.id: task for task in tasks}
    for number, cell in enumerate(cells, start=1):
        task_id, role = role_of(cell)
        source = _text(cell.get("source"))
        if role == "check":
            locked[task_id] += 1
            if task_id in by_id and source.strip() != by_id[task_id].key.check.strip():
                remarks.append(f"The check cell of task {task_id} was edited; the original was used.")
        if cell.get("cell_type") == "code" and role in ("", "answer") and source.strip():
            found.append(SheetCell(number, task_id if role == "answer" else "", source))
    remarks += [f"The check cell of task {task.id} is missing; the original was used."
                for task in tasks if not locked[task.id]]
    remarks += [f"The check cell of task {task.id} is there {locked[task.id]} times; the original was used once."
                for task in tasks if locked[task.id] > 1]
    answers = Counter(cell.task for cell in found if cell.task)
    remarks += [f"Task {task} has {count} answer cells; the last one counts."
                for task, count in answers.items() if count > 1]
    order = [task for task in dict.fromkeys(cell.task for cell in found if cell.task) if task in by_id]
    if order != sorted(order, key=list(by_id).index):
        remarks.append("The tasks stand in another order than they were handed out.")
    return Sheet(tuple(found), tuple(remarks))


def _raw_cells(path: Path) -> list[Mapping[str, Any]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CourseError(f"{path.name} is larger than {MAX_BYTES // 2 ** 20} MiB. Clear its outputs, "
                              "hand it in again.")
        if not path.is_file():           # a pipe or a device would be read for ever
            raise CourseError(f"{path.name} is no regular file. Save the notebook in Jupyter, hand it in again.")
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as fault:
        raise CourseError(f"{path.name} is not a notebook ({type(fault).__name__}). Save it in Jupyter, "
                          "hand it in again.") from fault
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or len(cells) > MAX_CELLS:
        raise CourseError(f"{path.name} is not a notebook of format 4. Save it in Jupyter, hand it in again.")
    return [_sound(cell) for cell in cells if isinstance(cell, dict)]


def _sound(cell: dict[str, Any]) -> dict[str, Any]:
    """The cell with metadata of the right shape, so that nothing below has to doubt it."""
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    marks = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    name = marks.get("grade_id")
    return {**cell, "metadata": {"nbgrader": {"grade_id": name if isinstance(name, str) else ""}}}


def _text(source: Any) -> str:
    """A cell's text; lines that only Jupyter understands (%magics, !commands) are left out."""
    pieces = source if isinstance(source, list) else [source]
    lines = "".join(piece for piece in pieces if isinstance(piece, str))
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines.split("\n"))
