"""Where the course's contents are found: one module or package a lesson, in the folder for its kind.

    ("exercises", "TASKS", 1)  ->  the TASKS of failover_kit/course/exercises/lesson_01

A lesson's contents are imported when they are first asked for. A lesson without such a module has none.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import Any

from failover_kit.errors import CourseError

from .syllabus import LESSONS, lesson_of

KINDS = {"exercises": "TASKS", "questions": "QUESTIONS", "cards": "CARDS"}   # folder -> tuple it holds


@cache
def contents(kind: str, lesson: int) -> tuple[Any, ...]:
    """What one lesson holds of one kind ("exercises", "questions" or "cards"), in the lesson's order."""
    module = f"{__package__}.{kind}.lesson_{lesson:02d}"
    if importlib.util.find_spec(module) is None:
        return ()
    return tuple(getattr(importlib.import_module(module), KINDS[kind]))


def everything(kind: str) -> tuple[Any, ...]:
    """What the whole course holds of one kind, in order."""
    return tuple(entry for lesson in LESSONS for entry in contents(kind, lesson.number))


def find(kind: str, item: str) -> Any:
    """The entry with this id; CourseError with the lesson's own ids where there is none."""
    entries = contents(kind, lesson_of(item).number)
    for entry in entries:
        if entry.id == item:
            return entry
    known = ", ".join(entry.id for entry in entries) or "none"
    raise CourseError(f"There is nothing named {item!r} among the {kind} of lesson {lesson_of(item).number}. "
                      f"There: {known}.")
