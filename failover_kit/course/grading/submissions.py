"""Finds what is to be graded.

    "exercises/01_....ipynb" or a folder  ->  Submissions (learner, lesson, file)

Folders may be laid out as nbgrader does (`submitted/LEARNER/ASSIGNMENT/NOTEBOOK.ipynb`) or flat (`LEARNER/NN.ipynb`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from failover_kit.errors import CourseError

from ..syllabus import LESSONS

_LESSON_NUMBER = re.compile(r"(?:^|\D)0?([1-7])(?:\D|$)")
SKIPPED = {".ipynb_checkpoints", "__pycache__"}


@dataclass(frozen=True)
class Submission:
    """One notebook of one learner."""

    learner: str       # the folder it lies in
    lesson: int        # 1 to 7
    path: Path


def find_submissions(paths: Iterable[str | Path]) -> list[Submission]:
    """Every notebook below these paths, by learner and lesson. Raises CourseError with every path that holds none."""
    found, problems = [], []
    for path in map(Path, paths):
        notebooks = _notebooks(path)
        submissions = [s for s in (_submission(notebook, path) for notebook in notebooks) if s is not None]
        if not path.exists():
            problems.append(f"{path} does not exist.")
        elif not submissions:
            names = ", ".join(f"{lesson.notebook}.ipynb" for lesson in LESSONS[:2])
            problems.append(f"{path} holds no exercise notebook. Their names begin with the lesson's number: {names} ...")
        found += submissions
    if problems:
        raise CourseError(" ".join(problems))
    return sorted(set(found), key=lambda s: (s.learner, s.lesson, str(s.path)))


def _notebooks(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [notebook for notebook in sorted(path.rglob("*.ipynb")) if not SKIPPED & set(notebook.parts)]


def _submission(notebook: Path, root: Path) -> Submission | None:
    lesson = _lesson(notebook)
    return None if lesson is None else Submission(_learner(notebook, root), lesson, notebook)


def _lesson(notebook: Path) -> int | None:
    """From the file's name, else from the assignment's folder (nbgrader's own names for both are the author's)."""
    for name in (notebook.stem, notebook.parent.name):
        if number := _LESSON_NUMBER.search(name):
            return int(number[1])
    return None


def _learner(notebook: Path, root: Path) -> str:
    """The folder below the root; for a file alone, the folder it lies in."""
    if root.is_file():
        return notebook.resolve().parent.name
    below = notebook.relative_to(root).parts[:-1]
    if below[:1] == ("submitted",):
        below = below[1:]
    return below[0] if below else root.resolve().name
