"""What the solution notebooks say, kept inside the package: solutions/ itself need not be on a learner's machine.

    keys/01_dns_and_traffic_direction.json  ->  TaskKey(statement, stub, reference, check cell ...)

The files are written by `python -m failover_kit.course.notebooks generate`, never by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from failover_kit.errors import CourseError

from .syllabus import lesson_of


@dataclass(frozen=True)
class TaskKey:
    """One task as the solution notebook has it; each a cell's text."""

    setup: str        # the notebook's locked cells that belong to no task: imports
    material: str     # the task's own locked code cells: `given = task("1.2")` and what else is handed out
    statement: str    # Markdown
    stub: str         # the answer cell as a learner gets it
    reference: str    # the answer cell with its solution, markers taken out
    check: str        # the check cell


def task_key(task_id: str) -> TaskKey:
    """The key of one task; CourseError where the notebooks have not been generated since it was written."""
    key = _lesson_keys(lesson_of(task_id).notebook).get(task_id)
    if key is None:
        raise CourseError(f"Task {task_id} is not in the answer key. Put its cells into "
                          f"solutions/{lesson_of(task_id).notebook}.ipynb, then run "
                          "`python -m failover_kit.course.notebooks generate`.")
    return key


@cache
def _lesson_keys(notebook: str) -> Mapping[str, TaskKey]:
    file = resources.files(__package__) / "keys" / f"{notebook}.json"
    if not file.is_file():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    return {task_id: TaskKey(setup=content["setup"], **entry) for task_id, entry in content["tasks"].items()}
