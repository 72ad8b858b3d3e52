"""The command that turns solutions/ into exercises/ and into the answer key inside the package.

    python -m failover_kit.course.notebooks generate [LESSON...]  solutions/*.ipynb -> exercises/*.ipynb, course/keys/
    python -m failover_kit.course.notebooks check [LESSON...]     says what is out of date; exit status 1 if anything is
    python -m failover_kit.course.notebooks execute FILE...       runs notebooks and keeps their outputs in the files

LESSON is a number; without one, all lessons that have a solution notebook. Solutions are written by hand; what this
writes is never edited.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from failover_kit.errors import ConfigurationError, CourseError, Problem

from . import catalogue
from .answer_keys import TaskKey
from .cells import BEGIN, END, check_source, given_source, role_of
from .progress import PROGRESS_VARIABLE
from .release import released
from .seeds import HUB_VARIABLE, KEY_VARIABLE, LEARNER_VARIABLE
from .syllabus import LESSONS, Lesson, lesson_of
from .tasks import Task

KEYS = Path("failover_kit") / "course" / "keys"
ORDER = ("statement", "given", "answer", "check")
CELL_TIMEOUT = 120   # seconds
_PRESET = re.compile(r"^\w+ = \.\.\.\s*(#.*)?$\n?", re.MULTILINE)   # `seconds = ...`, the stub's own line


def generated(root: Path, lessons: Sequence[Lesson] = LESSONS) -> dict[Path, str]:
    """Every file that should follow from these lessons' solutions, with its text; nothing is written.

    Raises ConfigurationError with everything that is wrong in the solution notebooks.
    """
    files: dict[Path, str] = {}
    problems: list[Problem] = []
    for lesson in lessons:
        source = root / "solutions" / f"{lesson.notebook}.ipynb"
        if not source.exists():
            continue
        solved = read(source)
        found = list(faults(solved, lesson))
        problems += [Problem(f"solutions/{source.name}", fault) for fault in found]
        if not found:
            files[root / "exercises" / source.name] = text_of(released(solved))
            files[root / KEYS / f"{lesson.notebook}.json"] = json.dumps(
                key_of(solved), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if problems:
        raise ConfigurationError(problems)
    return files


def stale(files: Mapping[Path, str]) -> list[Path]:
    """Those of the generated files that are missing or differ."""
    return [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def faults(solved: Mapping[str, Any], lesson: Lesson) -> Iterator[str]:
    """What is wrong with a solution notebook, measured against the lesson's tasks."""
    cells = _cells_by_task(solved)
    tasks: tuple[Task, ...] = catalogue.contents("exercises", lesson.number)
    wanted = [task.id for task in tasks]
    if list(cells) != wanted:
        yield f"it has the tasks {', '.join(cells) or 'none'}; it should have {', '.join(wanted) or 'none'}, in order"
    for task in tasks:
        mine = cells.get(task.id, {})
        for role in ORDER:
            if role not in mine:
                yield f"task {task.id} has no {role} cell"
        if list(mine) != sorted(mine, key=ORDER.index):
            yield f"the cells of task {task.id} stand in the order {', '.join(mine)}, not {', '.join(ORDER)}"
        if any(len(found) > 1 for role, found in mine.items() if role != "given"):
            yield f"task {task.id} has two cells of one kind"
        if all(role in mine for role in ORDER):
            yield from _cell_faults(task, mine)


def _cell_faults(task: Task, mine: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[str]:
    check, answer, given = mine["check"][0], mine["answer"][0], mine["given"][0]
    facts = {role: found[0]["metadata"]["nbgrader"] for role, found in mine.items()}
    if check["source"] != check_source(task):
        yield f"the check cell of task {task.id} should say: {check_source(task)}"
    if not given["source"].startswith(given_source(task)):
        yield f"the given cell of task {task.id} should begin: {given_source(task)!r}"
    if facts["check"].get("points") != task.points:
        yield f"the check cell of task {task.id} is worth {facts['check'].get('points')}, the task {task.points} points"
    if not facts["check"]["grade"] or not facts["answer"]["solution"] or not facts["statement"]["locked"]:
        yield f"nbgrader's metadata of task {task.id} is not what cells.task_cells() makes"
    if BEGIN not in answer["source"] or END not in answer["source"]:
        yield f"the answer cell of task {task.id} has no {BEGIN} and {END}"


def key_of(solved: Mapping[str, Any]) -> dict[str, Any]:
    """The answer key of one solution notebook, as answer_keys.py reads it."""
    exercise = _cells_by_task(released(solved))
    tasks = {}
    for task_id, mine in _cells_by_task(solved).items():
        entry = asdict(TaskKey(
            setup="", statement=mine["statement"][0]["source"],
            material="\n\n".join(cell["source"] for cell in mine["given"]),
            stub=exercise[task_id]["answer"][0]["source"], reference=_reference(mine["answer"][0]["source"]),
            check=mine["check"][0]["source"]))
        del entry["setup"]
        tasks[task_id] = entry
    setup = "\n\n".join(cell["source"] for cell in solved["cells"] if role_of(cell)[1] == "setup")
    return {"setup": setup, "tasks": tasks}


def _reference(source: str) -> str:
    lines = [line for line in source.split("\n") if line.strip() not in (BEGIN, END)]
    return _PRESET.sub("", "\n".join(lines)).strip("\n")


def _cells_by_task(content: Mapping[str, Any]) -> dict[str, dict[str, list[Mapping[str, Any]]]]:
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for cell in content["cells"]:
        task_id, role = role_of(cell)
        if task_id:
            found[task_id][role].append(cell)
    return found


def read(path: Path) -> dict[str, Any]:
    """A notebook as plain data, each cell's source as one text."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"])
    return content


def text_of(content: Mapping[str, Any]) -> str:
    """A notebook as the text of its file: sources by lines and keys in order, as Jupyter itself writes it."""
    cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in content["cells"]]
    return json.dumps({**content, "cells": cells}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def execute(path: Path, timeout: float = CELL_TIMEOUT) -> None:
    """Run a notebook from top to bottom in a fresh kernel and keep its outputs, without anything of this run's own.

    Raises CourseError where a cell raises or writes to stderr; the file is left as it was then.
    """
    import nbformat

    nbformat.write(executed(path, timeout), path)


def executed(path: Path, timeout: float = CELL_TIMEOUT, variables: Mapping[str, str] | None = None) -> Any:
    """The notebook in this file, run from top to bottom in a fresh kernel; `variables` are added to its environment.

    Raises CourseError where a cell raises or writes to stderr.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    from failover_kit.widgets import without_live_views

    content = nbformat.read(path, as_version=4)
    environment = {name: value for name, value in os.environ.items()
                   if name not in (KEY_VARIABLE, LEARNER_VARIABLE, HUB_VARIABLE)}
    environment |= {PROGRESS_VARIABLE: "off", **(variables or {})}
    kit = str(Path(__file__).parents[2])   # the kernel is to import this kit, not another installed one
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (kit, os.environ.get("PYTHONPATH"))))
    client = NotebookClient(content, timeout=timeout, kernel_name="python3", record_timing=False,
                            store_widget_state=False, resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute(env=environment)
    except CellExecutionError as fault:
        raise CourseError(f"{path}: a cell raised.\n{fault}") from fault
    for cell in content.cells:
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                raise CourseError(f"{path}: a cell wrote to stderr: {output['text']}\nThe cell:\n{cell['source']}")
    content.metadata["language_info"] = {"name": "python"}
    return without_live_views(content)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m failover_kit.course.notebooks", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("generate", "check", "execute"))
    parser.add_argument("what", nargs="*", help="execute: the notebooks to run; otherwise: the lessons' numbers")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help="the folder that holds solutions/")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "execute":
            for name in chosen.what:
                execute(Path(name))
                print(f"ran {name}")
            return 0
        files = generated(chosen.root, [lesson_of(number) for number in chosen.what] or LESSONS)
        old = stale(files)
        for path in old:
            if chosen.verb == "generate":
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(files[path], encoding="utf-8")
            done = "wrote" if chosen.verb == "generate" else "out of date:"
            print(f"{done} {path.relative_to(chosen.root)}")
        return 1 if old and chosen.verb == "check" else 0
    except (ConfigurationError, CourseError) as fault:
        print(fault, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
