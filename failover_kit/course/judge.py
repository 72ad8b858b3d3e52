"""From an answer to a verdict. Whatever the answer does, the judge comes back with Feedback.

    (task, answer, learner)   -> judge() ->          Feedback
    (task, program, learner)  -> judge_program() ->  Feedback

Before this: tasks.py holds each task's own check. After this: checks.py shows the verdict in a notebook, the grader
adds it up. An answer may print, warn, raise, exit or never end; none of that leaves this module.
"""

from __future__ import annotations

import contextlib
import dis
import inspect
import io
import linecache
import sysconfig
import traceback
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FunctionType
from typing import Any

from failover_kit.errors import CourseError, FailoverKitError

from .seeds import Learner, acting_as
from .tasks import Task
from .time_limit import TimeUp, call_within
from .verdicts import Feedback, Verdict, not_attempted, not_quite

PRINTED_LINES = 10          # of what the learner's code printed
MESSAGE_LENGTH = 300        # characters of an exception's own text
_NOTHING_BUT_NONE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "COPY_FREE_VARS", "CACHE"}
_KIT = str(Path(__file__).resolve().parents[1])
_LIBRARIES = tuple({sysconfig.get_paths()[part] for part in ("stdlib", "platstdlib", "purelib", "platlib")})


def judge(task: Task, answer: Any, learner: Learner | None = None, *, seconds: float | None = None) -> Feedback:
    """The verdict on one answer, with the numbers that this learner was given.

    Args:
        task: what was asked.
        answer: what the learner's cell has set; a value, a function, a configuration.
        learner: whose numbers and scenarios to use; the defaults without one.
        seconds: the time limit, instead of the task's own.
    """
    def check() -> Feedback:
        if _is_untouched(answer):
            return not_attempted()
        given = task.numbers(learner)
        if task.untouched and task.untouched(answer, given):
            return not_attempted("This is still what you were given. Change it, run that cell, then this one.")
        feedback = task.check(answer, given, task.scenarios(learner))
        if not isinstance(feedback, Feedback):
            raise CourseError(f"The check of task {task.id} returned {feedback!r}, not Feedback. "
                              "Return passed(...) or not_quite(...).")
        return feedback

    return _finished(task, check, seconds)


def judge_program(task: Task, source: str, learner: Learner | None = None, *,
                  seconds: float | None = None) -> Feedback:
    """The verdict on a program, run after the cells that the learner's notebook has before it."""
    answer, feedback = answer_of(task, lambda: run_program(task, source, learner), seconds)
    return feedback or judge(task, answer, learner, seconds=seconds)


def answer_of(task: Task, run: Callable[[], dict[str, Any]], seconds: float | None = None) -> tuple[Any, Feedback | None]:
    """What the learner's code leaves under the task's name: (answer, None), or (..., Feedback) where it came to no end.

    `run` runs that code and returns the names it leaves.
    """
    answer: list[Any] = []

    def keep_answer() -> Feedback:
        answer.append(run().get(task.answer, ...))
        return not_attempted()

    feedback = _finished(task, keep_answer, seconds)
    return (answer[0], None) if answer else (..., feedback)


def run_program(task: Task, source: str, learner: Learner | None = None) -> dict[str, Any]:
    """Run a program after the notebook's own cells; returns the names it leaves. Lets through what it raises."""
    namespace: dict[str, Any] = {"__name__": f"task_{task.id}"}
    with acting_as(learner):
        for label, cell in (("setup", task.key.setup), ("material", task.key.material), ("answer", source)):
            run_cell(f"<{label} of task {task.id}>", cell, namespace)
    return namespace


def run_cell(name: str, source: str, namespace: dict[str, Any]) -> None:
    """Run one cell among the names of a notebook. Lets through what it raises."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)   # to quote lines from
    exec(compile(source, name, "exec"), namespace)


def _finished(task: Task, check: Callable[[], Feedback], seconds: float | None) -> Feedback:
    """Run a check to its end, whatever the learner's code does meanwhile."""
    limit = task.seconds if seconds is None else seconds
    printed = io.StringIO()
    try:
        # nbgrader gives no points to a cell that wrote to stderr, so warnings are kept in as well
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            feedback = call_within(limit, check)
    except TimeUp:
        feedback = Feedback(Verdict.RAN_TOO_LONG, f"It had not finished after {limit:g} s and was stopped.",
                            question="Which loop in your code might never reach its end?")
    except CourseError:
        raise
    except (Exception, SystemExit) as fault:
        feedback = _blame(task, fault)
    if feedback.passed:
        return replace(feedback, task=task.id, reference=task.key.reference)
    return replace(feedback, task=task.id, printed=_first_lines(printed.getvalue()))


def _blame(task: Task, fault: BaseException) -> Feedback:
    """Feedback for an exception: on the learner's line, or on an answer that the check could not read."""
    if isinstance(fault, NotImplementedError):
        return not_attempted()
    said = traceback.format_exception_only(fault)[-1].strip()
    if isinstance(fault, FailoverKitError):
        said = f"{type(fault).__name__}: {fault}"       # the whole of it: it says what to do next
    elif len(said) > MESSAGE_LENGTH:
        said = said[:MESSAGE_LENGTH] + " ..."
    if isinstance(fault, SyntaxError) and (fault.filename or "").startswith("<"):      # in the cell itself
        return Feedback(Verdict.RAISED, f"It is not Python yet: {fault.msg}.",
                        quote=f"line {fault.lineno}: {(fault.text or '').strip()}",
                        question="What is open on that line, or the one above, that should be closed?")
    not_theirs = (_KIT, "<frozen", "<string>", inspect.getfile(task.check), *_LIBRARIES)
    own = [frame for frame in traceback.extract_tb(fault.__traceback__) if not frame.filename.startswith(not_theirs)]
    if not own:
        return not_quite(f"The check could not use your answer ({said}). It should be {task.expects}.",
                         ask=f"What is `type({task.answer})`, and what does it hold?")
    return Feedback(Verdict.RAISED, f"It stopped with {said}", quote=f"line {own[-1].lineno}: {own[-1].line}",
                    question="What are the values on that line just before it stops?")


def _first_lines(text: str) -> str:
    lines = text.splitlines()
    more = [f"... and {len(lines) - PRINTED_LINES} more lines"] if len(lines) > PRINTED_LINES else []
    return "\n".join([*lines[:PRINTED_LINES], *more])


def _is_untouched(answer: Any) -> bool:
    """Whether an answer still has the stub's dots in it, or is a function without a body."""
    if answer is None or answer is ...:
        return True
    if isinstance(answer, FunctionType):
        steps = list(dis.get_instructions(answer))
        return all(step.opname in _NOTHING_BUT_NONE for step in steps) and all(
            step.argval is None for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST"))
    return _holds_dots(answer)


def _holds_dots(answer: Any, depth: int = 4) -> bool:
    if isinstance(answer, dict):
        answer = list(answer.values())
    return depth > 0 and isinstance(answer, (list, tuple, set)) and any(
        item is ... or _holds_dots(item, depth - 1) for item in answer)
