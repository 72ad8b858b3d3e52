"""Runs one notebook and judges its tasks, inside a process that was made for it.

    Sheet + tasks + learner  ->  one report a task, sent as soon as it is known

The process may die at any moment (`os._exit`, too much memory): what was sent before counts, and the parent starts
another one after the cell that did it.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from ..judge import answer_of, judge, run_cell
from ..seeds import Learner, acting_as
from ..tasks import Task
from ..time_limit import TimeUp, call_within
from ..verdicts import not_quite
from .guard import Guard
from .limits import Limits, confine
from .results import TaskGrade
from .sheet import Sheet, SheetCell

CELL_SECONDS = 10.0            # for a cell that belongs to no task
Send = Callable[[dict[str, Any]], None]


def run_sheet(sheet: Sheet, tasks: tuple[Task, ...], learner: Learner | None, limits: Limits, send: Send,
              skip: frozenset[int] = frozenset(), done: frozenset[str] = frozenset()) -> None:
    """Run the cells in order and judge each task after its answer cell.

    `skip` are cells that ended an earlier process, `done` tasks that are judged already.
    """
    with tempfile.TemporaryDirectory(prefix="failover-kit-grading-") as scratch:
        os.chdir(scratch)
        namespace: dict[str, Any] = {"__name__": "notebook"}
        _run_ours("setup", tasks[0].key.setup, namespace, learner)
        guard = Guard(tasks)
        confine(limits)
        for step, judged in _steps(sheet, tasks, namespace, learner, guard, skip, done, limits):
            send({"cell": step} if judged is None else {"task": judged.__dict__, "changed": []})
        os.chdir(os.sep)
    send({"end": True})


def _steps(sheet, tasks, namespace, learner, guard, skip, done, limits) -> Iterator[tuple[int, TaskGrade | None]]:
    """(cell number, None) before a cell runs; (cell number, TaskGrade) after a task was judged."""
    by_id = {task.id: task for task in tasks}
    for cell in sheet.cells:
        task = by_id.get(cell.task)
        if cell.number in skip:
            continue
        yield cell.number, None
        if task is None:
            _run_free(cell, namespace, learner, limits)
        elif sheet.last_answer(task.id) == cell.number and task.id not in done:
            _run_ours(f"material of task {task.id}", task.key.material, namespace, learner)
            yield cell.number, _judged_cell(task, cell, namespace, learner, guard)
        else:
            _run_free(cell, namespace, learner, limits)
    for task in tasks:
        if sheet.last_answer(task.id) is None and task.id not in done:
            yield 0, _judged(task, namespace.get(task.answer, ...), learner, guard)


def _judged_cell(task: Task, cell: SheetCell, namespace: dict[str, Any], learner: Learner | None, guard: Guard) -> TaskGrade:
    def run() -> dict[str, Any]:
        with acting_as(learner):
            run_cell(f"<answer of task {task.id}>", cell.source, namespace)
        return namespace

    answer, fault = answer_of(task, run)
    return TaskGrade.of(task, fault) if fault else _judged(task, answer, learner, guard)


def _judged(task: Task, answer: Any, learner: Learner | None, guard: Guard) -> TaskGrade:
    """The verdict, with the kit as it should be before and after. Changing it while being judged is no pass."""
    before = guard.restore()
    feedback = judge(task, answer, learner)
    during = guard.restore()
    if during and feedback.passed:
        feedback = not_quite(f"Your code changed the kit while it was being judged ({_few(during)}).",
                             ask="What does the task ask for, without changing how it is checked?")
    grade = TaskGrade.of(task, feedback)
    if before and not during:
        return TaskGrade(**{**grade.__dict__, "message": f"{grade.message} (Your code had changed the kit: "
                            f"{_few(before)}; it was put back.)".strip()})
    return grade


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _run_ours(name: str, source: str, namespace: dict[str, Any], learner: Learner | None) -> None:
    with acting_as(learner), _silent(64 * 2 ** 10):
        run_cell(f"<{name}>", source, namespace)


def _run_free(cell: SheetCell, namespace: dict[str, Any], learner: Learner | None, limits: Limits) -> None:
    """A cell that no verdict depends on directly: what it raises only matters to the answers that need it."""
    def run() -> None:
        with acting_as(learner):
            run_cell(f"<cell {cell.number}>", cell.source, namespace)

    with contextlib.suppress(Exception, SystemExit, TimeUp), _silent(limits.output):
        call_within(CELL_SECONDS, run)


class _Bounded(io.StringIO):
    """Keeps the first characters that are written and lets the others go."""

    def __init__(self, most: int):
        super().__init__()
        self._left = most

    def write(self, text: str) -> int:
        kept = text[:max(self._left, 0)]
        self._left -= len(kept)
        super().write(kept)
        return len(text)


@contextlib.contextmanager
def _silent(most: int) -> Iterator[None]:
    bin_ = _Bounded(most)
    with contextlib.redirect_stdout(bin_), contextlib.redirect_stderr(bin_):
        yield


def silence_descriptors(out: int) -> None:
    """Point every file and pipe of this process nowhere, but for the one that its reports go `out` through.

    What C code or child processes print is of no interest; and what a forked process has of its parent's, such as the pipe
    through which a pool's workers hand in their results, is not for a learner's code.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in {0, 1, 2, *_open_descriptors()} - {out, nowhere}:
        os.dup2(nowhere, descriptor)
    sys.stdin = io.StringIO()


def _open_descriptors() -> list[int]:
    """All of this process's, where the system lists them. On Windows, where nothing is forked, there is no such list."""
    return [int(name) for name in os.listdir("/dev/fd")] if os.path.isdir("/dev/fd") else []
