"""Grades submissions: one process a notebook, several at a time, over any executor.

    Submissions + Settings  ->  grade()  ->  Grades

Where the system can fork, a worker that has loaded the course already forks a process for each notebook (about
0.05 s); elsewhere a fresh Python is started. `grade_one` is a plain function of plain values, so that a Dask cluster
can run it as well.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import multiprocessing
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from failover_kit.errors import CourseError

from .. import catalogue
from ..progress import read_chain
from ..seeds import Learner, SeedFile
from ..standing import standing
from ..tasks import Task
from ..verdicts import Verdict
from . import worker
from .limits import Limits
from .processes import end_tree, may_fork, start_method
from .results import Grade, TaskGrade
from .sheet import Sheet, SheetCell, read_sheet
from .submissions import Submission

JOURNALS = ("progress.jsonl", "progress.json")     # an exported journal that lies beside a notebook
MAX_LINE = 2 ** 20                                 # bytes of one report from a worker


@dataclass(frozen=True)
class Settings:
    """How to grade."""

    limits: Limits = field(default_factory=Limits)
    seeds: SeedFile | None = None                  # None: everybody has the default numbers
    fork: bool | None = None                       # None: where the system and this process allow it


def grade(submissions: Iterable[Submission], settings: Settings = Settings(), *, executor: Executor | None = None,
          workers: int | None = None, progress: Callable[[Grade], None] = lambda grade: None) -> list[Grade]:
    """Grade them all; the order of the result is that of the submissions. `progress` is told of each as it is done."""
    todo = list(submissions)
    own = executor is None
    pool = _pool(workers or os.cpu_count() or 1) if own else executor
    try:
        started = {pool.submit(grade_one, submission, settings): index for index, submission in enumerate(todo)}
        grades: dict[int, Grade] = {}
        for future in as_completed(started):
            grades[started[future]] = future.result()
            progress(grades[started[future]])
        return [grades[index] for index in range(len(todo))]
    finally:
        if own:
            pool.shutdown(cancel_futures=True)


def _pool(workers: int) -> ProcessPoolExecutor:
    """Worker processes that have loaded the course before they fork for the first notebook."""
    context = multiprocessing.get_context(start_method())
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=preload)


def preload() -> None:
    """Import everything that tasks need, once, so that forked processes have it already."""
    import failover_kit  # noqa: F401

    for task in catalogue.everything("exercises"):
        task.key.setup.splitlines()                # imports the task's module and reads its key
        exec(compile(task.key.setup, "<setup>", "exec"), {})


def grade_one(submission: Submission, settings: Settings = Settings()) -> Grade:
    """Grade one notebook in a process of its own. Whatever the notebook does, a Grade comes back."""
    began = time.monotonic()
    tasks = catalogue.contents("exercises", submission.lesson)
    if not tasks:
        raise CourseError(f"Lesson {submission.lesson} has no exercises to grade {submission.path} with.")
    try:
        sheet = read_sheet(submission.path, tasks)
    except CourseError as fault:
        lost = tuple(TaskGrade.lost(task, "The notebook could not be read.", Verdict.NOT_ATTEMPTED) for task in tasks)
        return Grade(submission.learner, submission.lesson, str(submission.path), lost, (str(fault),))
    learner = settings.seeds.learner(submission.learner) if settings.seeds else None
    grades, remarks = _run(sheet, tasks, learner, settings)
    hints, chain_remarks = _hints(submission.path.parent, tasks)
    return Grade(submission.learner, submission.lesson, str(submission.path), grades,
                 (*sheet.remarks, *remarks, *chain_remarks), round(time.monotonic() - began, 3), hints)


def _hints(folder: Path, tasks: tuple[Task, ...]) -> tuple[dict[str, int], list[str]]:
    """Hints used, from a journal that was handed in too; and a remark when its chain is broken."""
    for name in JOURNALS:
        file = folder / name
        if file.is_file() and file.stat().st_size < 2 ** 24:
            try:
                text = file.read_text(encoding="utf-8", errors="replace")
                if name.endswith(".json"):
                    text = "".join(json.dumps(event) + "\n" for event in json.loads(text)["events"])
            except (OSError, ValueError, TypeError, KeyError, RecursionError):
                return {}, [f"The journal {name} cannot be read; no hints are counted."]
            reading = read_chain(text.splitlines(keepends=True))
            used = standing(reading.events).hints
            ids = {task.id for task in tasks}
            remark = [f"The journal {name} was tampered with: {reading.fault}."] if reading.fault else []
            return {task: count for task, count in used.items() if task in ids}, remark
    return {}, []


def _run(sheet: Sheet, tasks: tuple[Task, ...], learner: Learner | None,
         settings: Settings) -> tuple[tuple[TaskGrade, ...], list[str]]:
    """Run the sheet, in as many processes as it takes: one more after each cell that ended its process."""
    found: dict[str, TaskGrade] = {}
    remarks, skip = [], set()
    deadline = time.monotonic() + settings.limits.seconds
    while True:
        at, ended = 0, False
        for report in _reports(sheet, tasks, learner, settings, frozenset(skip), frozenset(found), deadline):
            if "cell" in report:
                at = report["cell"]
            elif "task" in report:
                grade_ = TaskGrade(**report["task"])
                found[grade_.task] = grade_
            ended = "end" in report
        if ended:
            break
        late = time.monotonic() >= deadline
        cell = next((cell for cell in sheet.cells if cell.number == at), None)
        remarks.append(f"Cell {at} " + (f"had not finished after {settings.limits.seconds:g} s and was stopped."
                                        if late else "ended the process (os._exit, a crash, or too much memory)."))
        if cell is not None and cell.task and cell.task not in found:
            task = next((task for task in tasks if task.id == cell.task), None)
            if task is not None:
                found[task.id] = TaskGrade.lost(task, remarks[-1], Verdict.RAN_TOO_LONG if late else Verdict.RAISED)
        if late or at in skip or at == 0:
            break
        skip.add(at)
    missing = "The notebook ended before this task was judged."
    return tuple(found.get(task.id) or TaskGrade.lost(task, missing) for task in tasks), remarks


# ---- one process ------------------------------------------------------------------------------------------------

def _reports(sheet, tasks, learner, settings, skip, done, deadline) -> Iterator[dict[str, Any]]:
    """The reports of one process that runs the sheet; ends when the process does, or is ended at the deadline."""
    key = secrets.token_bytes(32)
    fork = settings.fork if settings.fork is not None else may_fork()
    start = _forked if fork else _spawned
    pipe, end = start(sheet, tasks, learner, settings.limits, skip, done, key)
    watchdog = threading.Timer(max(0.01, deadline - time.monotonic()), end)
    watchdog.start()
    try:
        with pipe:
            while line := pipe.readline(MAX_LINE):
                digest, _, text = line.rstrip(b"\n").partition(b" ")
                if hmac.compare_digest(digest, _digest(key, text)):      # else: the learner's code wrote to the pipe
                    yield json.loads(text)
    finally:
        watchdog.cancel()
        end()


def _digest(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).hexdigest().encode()


def _sender(out: BinaryIO, key: bytes) -> worker.Send:
    signer = hmac.new(key, digestmod=hashlib.sha256)

    def send(report: dict[str, Any]) -> None:
        text = json.dumps(report).encode()
        one = signer.copy()
        one.update(text)
        out.write(one.hexdigest().encode() + b" " + text + b"\n")
        out.flush()
    return send


def _forked(sheet, tasks, learner, limits, skip, done, key) -> tuple[BinaryIO, Callable[[], None]]:
    """Run in a fork of this process. Returns the pipe to read from, and a function that ends the process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            os.setsid()                                # so that ending it ends what it has started, too
            worker.silence_descriptors(writing)
            with os.fdopen(writing, "wb") as out:
                worker.run_sheet(sheet, tasks, learner, limits, _sender(out, key), skip, done)
        finally:
            os._exit(0)
    os.close(writing)
    ended = threading.Event()

    def end() -> None:
        if not ended.is_set():
            ended.set()
            end_tree(child)
            os.waitpid(child, 0)
    return os.fdopen(reading, "rb"), end


def _spawned(sheet, tasks, learner, limits, skip, done, key) -> tuple[BinaryIO, Callable[[], None]]:
    """Run in a fresh Python, where forking is impossible or unsafe."""
    job = {"cells": [asdict(cell) for cell in sheet.cells], "lesson": tasks[0].lesson, "skip": sorted(skip),
           "done": sorted(done), "learner": asdict(learner) if learner else None, "limits": asdict(limits),
           "key": key.hex()}
    process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, start_new_session=hasattr(os, "setsid"))
    process.stdin.write(json.dumps(job).encode())
    process.stdin.close()

    def end() -> None:
        if process.poll() is None:
            end_tree(process.pid)
        process.kill()
        process.wait()
    return process.stdout, end


def main() -> None:
    """The fresh Python's side of `_spawned`: a job on standard input, reports on standard output."""
    job = json.loads(sys.stdin.buffer.read())
    out = os.fdopen(os.dup(1), "wb")
    worker.silence_descriptors(out.fileno())
    sheet = Sheet(tuple(SheetCell(**cell) for cell in job["cells"]))
    learner = Learner(**job["learner"]) if job["learner"] else None
    send = _sender(out, bytes.fromhex(job.pop("key")))
    worker.run_sheet(sheet, catalogue.contents("exercises", job["lesson"]), learner, Limits(**job["limits"]), send,
                     frozenset(job["skip"]), frozenset(job["done"]))


if __name__ == "__main__":
    main()
