"""What a learner calls in an exercise notebook.

    task("1.2")            shows the task's card; its numbers are attributes
    check("1.2", answer)   the verdict; anything but a pass also stops the cell, in one line
    hint("1.2")            the next hint, stronger each time
    solution("1.2")        one right solution, once yours has passed

These four read the learner's seed and write the learner's journal. The judging itself is in judge.py.
"""

from __future__ import annotations

import time
from typing import Any

from failover_kit.errors import CourseError

from .judge import judge
from .markup import Note
from .progress import journal
from .seeds import current_learner
from .standing import standing
from .tasks import Given, find_task
from .verdicts import Feedback, Verdict


class NotPassed(Exception):
    """A check that was not passed. In a notebook it shows as one line, since the reasons stand above it."""

    def __init__(self, feedback: Feedback):
        super().__init__(str(feedback))
        self.feedback = feedback

    def _render_traceback_(self) -> list[str]:
        """IPython asks for this instead of a traceback."""
        return [f"Task {self.feedback.task}: {self.feedback.verdict.value}. "
                f"Change your answer and run this cell again, or ask hint(\"{self.feedback.task}\")."]


def task(task_id: str) -> Given:
    """The card of a task, with the numbers that this learner was given as attributes."""
    return find_task(task_id).numbers(current_learner())


def check(task_id: str, answer: Any) -> Feedback:
    """Judge an answer. Returns the Feedback of a pass; raises NotPassed otherwise, so that test runners see it."""
    entry = find_task(task_id)
    feedback = judge(entry, answer, current_learner())
    if feedback.verdict is not Verdict.NOT_ATTEMPTED:
        journal().append("checked", time.time(), task=task_id, verdict=feedback.verdict.value,
                         misconception=feedback.misconception)
    if feedback.passed:
        return feedback
    _show(feedback)
    raise NotPassed(feedback)


def hint(task_id: str) -> Note:
    """The next hint for a task. Each call gives a stronger one and is counted; the last one is repeated for free."""
    entry = find_task(task_id)
    used = standing(journal().events()).hints.get(task_id, 0)
    if used < len(entry.hints):
        journal().append("hinted", time.time(), task=task_id)
        used += 1
    return Note(f"Hint {used} of {len(entry.hints)} for task {task_id}", entry.hints[used - 1])


def solution(task_id: str) -> Note:
    """One right solution of a task that has been passed; CourseError before that."""
    entry = find_task(task_id)
    if task_id not in standing(journal().events()).passed:
        raise CourseError(f"Task {task_id} is not passed yet. Its solution is shown once yours has passed; "
                          f"until then there is hint(\"{task_id}\").")
    return Note(f"One solution of task {task_id}", code=entry.key.reference)


def _show(feedback: Feedback) -> None:
    """Display feedback in a notebook; elsewhere the exception carries it."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    if get_ipython() is not None:
        from IPython.display import display
        display(feedback)
