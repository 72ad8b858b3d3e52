"""The course on top of the kit: predict, check, recall, keep track. What a notebook imports.

    from failover_kit.course import course_map, predict, explain, recall        # lessons
    from failover_kit.course import task, check, hint, solution                 # exercises

Reading order: syllabus, misconceptions, verdicts, tasks, judge, checks; predictions, prediction_box, reliability;
progress, standing, flashcards, lesson_map; notebooks. Names are imported when first used: a grader needs no widgets.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "task": "checks", "check": "checks", "hint": "checks", "solution": "checks",
    "predict": "prediction_box", "explain": "prediction_box", "calibration": "reliability",
    "recall": "card_box", "course_map": "lesson_map",
    "join_class": "classvote.joining", "leave_class": "classvote.joining",
}

__all__ = ["calibration", "check", "course_map", "explain", "hint", "join_class", "leave_class", "predict", "recall",
           "solution", "task"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
