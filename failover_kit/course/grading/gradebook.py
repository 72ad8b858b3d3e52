"""A class's results: totals, what each task was like, and which wrong ideas came up.

    Grades  ->  Gradebook  ->  rows, CSV (nbgrader's columns), JSON
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from ..syllabus import LESSONS
from ..tasks import find_task
from .results import Grade

CSV_COLUMNS = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
               "late_submission_penalty", "score", "max_score")      # as `nbgrader export` writes them


@dataclass(frozen=True)
class TaskStatistics:
    """How a task went over the class."""

    task: str
    title: str
    attempted: int
    passed: int
    handed_in: int
    discrimination: float | None     # correlation of passing it with the rest of the score, -1 to 1; None: cannot be told
    misconceptions: tuple[tuple[str, int], ...]      # most frequent first

    @property
    def difficulty(self) -> float:
        """Share of those who handed in that did not pass it."""
        return 1 - self.passed / self.handed_in if self.handed_in else 0.0


@dataclass(frozen=True)
class Gradebook:
    """All grades of one run of the grader."""

    grades: tuple[Grade, ...]

    @property
    def learners(self) -> list[str]:
        return sorted({grade.learner for grade in self.grades})

    def total(self, learner: str) -> tuple[int, int]:
        """Points and the most that could be had, over all notebooks handed in."""
        mine = [grade for grade in self.grades if grade.learner == learner]
        return sum(grade.points for grade in mine), sum(grade.out_of for grade in mine)

    def tasks(self) -> list[TaskStatistics]:
        """Statistics of every task that was handed in by somebody, in the course's order."""
        ids = dict.fromkeys(task.task for grade in sorted(self.grades, key=lambda g: g.lesson) for task in grade.tasks)
        return [self._statistics(task) for task in ids]

    def _statistics(self, task_id: str) -> TaskStatistics:
        pairs = [(task, grade) for grade in self.grades for task in grade.tasks if task.task == task_id]
        beliefs = Counter(task.misconception for task, _ in pairs if task.misconception)
        passed = [float(task.passed) for task, _ in pairs]
        rest = [float(grade.points - task.points) for task, grade in pairs]
        return TaskStatistics(task_id, find_task(task_id).title, sum(t.verdict != "not attempted" for t, _ in pairs),
                              int(sum(passed)), len(pairs), correlation(passed, rest), tuple(beliefs.most_common()))

    def misconceptions(self) -> list[tuple[str, int]]:
        """(name, learners who showed it), most frequent first."""
        shown = {(grade.learner, task.misconception) for grade in self.grades for task in grade.tasks if task.misconception}
        return Counter(name for _, name in shown).most_common()

    def as_csv(self) -> str:
        """One row a notebook, with the columns of nbgrader's own export."""
        text = io.StringIO()
        table = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\n")
        table.writeheader()
        for grade in self.grades:
            table.writerow({"assignment": LESSONS[grade.lesson - 1].notebook, "student_id": grade.learner,
                            "raw_score": float(grade.points), "late_submission_penalty": 0.0,
                            "score": float(grade.points), "max_score": float(grade.out_of)})
        return text.getvalue()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"grades": [grade.as_dict() for grade in self.grades],
                "totals": {name: dict(zip(("points", "out_of"), self.total(name), strict=True)) for name in self.learners},
                "tasks": [{"task": s.task, "title": s.title, "handed_in": s.handed_in, "attempted": s.attempted,
                           "passed": s.passed, "difficulty": s.difficulty, "discrimination": s.discrimination,
                           "misconceptions": dict(s.misconceptions)} for s in self.tasks()],
                "misconceptions": dict(self.misconceptions())}


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's correlation; None for fewer than three values, or where one side does not vary."""
    if len(first) < 3 or len(set(first)) < 2 or len(set(second)) < 2:
        return None
    mean_first, mean_second = fmean(first), fmean(second)
    covariance = sum((a - mean_first) * (b - mean_second) for a, b in zip(first, second, strict=True))
    spread = (sum((a - mean_first) ** 2 for a in first) * sum((b - mean_second) ** 2 for b in second)) ** 0.5
    return covariance / spread
