"""What grading one notebook gives: a verdict and points for each task, and remarks.

    Feedback  ->  TaskGrade  ->  Grade, to and from plain JSON
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..tasks import Task
from ..verdicts import Feedback, Verdict


@dataclass(frozen=True)
class TaskGrade:
    """How one task went."""

    task: str
    points: int                       # given
    out_of: int
    verdict: str                      # "passed", "not quite", "not attempted", "your code raised", "ran too long"
    message: str = ""                 # the reasons, in the learner's terms
    misconception: str | None = None

    @classmethod
    def of(cls, task: Task, feedback: Feedback) -> TaskGrade:
        text = " ".join(part for part in (feedback.message, feedback.quote) if part)
        return cls(task.id, task.points if feedback.passed else 0, task.points, feedback.verdict.value, text,
                   feedback.misconception)

    @classmethod
    def lost(cls, task: Task, why: str, verdict: Verdict = Verdict.RAISED) -> TaskGrade:
        """A task that could not be judged to its end."""
        return cls(task.id, 0, task.points, verdict.value, why)

    @property
    def passed(self) -> bool:
        return self.verdict == Verdict.PASSED.value


@dataclass(frozen=True)
class Grade:
    """One notebook, graded."""

    learner: str
    lesson: int
    file: str
    tasks: tuple[TaskGrade, ...]
    remarks: tuple[str, ...] = ()     # tampering, missing cells, a notebook that cannot be read
    seconds: float = 0.0              # that grading took
    hints: Mapping[str, int] = field(default_factory=dict)     # task -> hints used, from an exported journal

    @property
    def points(self) -> int:
        return sum(task.points for task in self.tasks)

    @property
    def out_of(self) -> int:
        return sum(task.out_of for task in self.tasks)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "points": self.points, "out_of": self.out_of}
