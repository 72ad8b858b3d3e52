"""`failover-kit grade`: grade one notebook, or a folder of submissions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import AsJson, print_json, write_text


def grade(paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Notebooks, or folders of submissions "
                           "(LEARNER/NN.ipynb, or nbgrader's submitted/LEARNER/ASSIGNMENT/).")],
          csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write nbgrader's columns.")] = None,
          html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the gradebook as a page.")] = None,
          seed_file: Annotated[Path | None, typer.Option(metavar="FILE", help='{"course_key": "..."}, as given to the '
                               "class.")] = None,
          workers: Annotated[int | None, typer.Option(min=1, help="Processes at a time; one a core by default.")] = None,
          dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Grade on this Dask cluster instead.")] = None,
          seconds: Annotated[float, typer.Option(min=1, help="Time limit for one notebook.")] = 60.0,
          json: AsJson = False) -> None:
    """Grade notebooks. Submissions are never changed, and their code runs in limited processes of its own."""
    from ..course.grading import Gradebook, Settings, find_submissions
    from ..course.grading.limits import Limits
    from ..course.seeds import SeedFile

    submissions = find_submissions(paths)
    settings = Settings(Limits(seconds=seconds), SeedFile.read(seed_file) if seed_file else None)
    book = Gradebook(tuple(_graded(submissions, settings, workers, dask)))
    if csv:
        write_text(csv, book.as_csv())
    if html:
        from ..course.grading.page import gradebook_page

        write_text(html, gradebook_page(book))
    if json:
        print_json(book.as_dict())
    else:
        _show(book, [path for path in (csv, html) if path])


def _graded(submissions, settings, workers, dask) -> list:
    """The grades, with a bar on standard error while they are made."""
    from ..course.grading import grade as run
    from ..progress import shown

    done = 0

    with shown("Grading", 0, len(submissions)) as report:
        def count(_grade) -> None:
            nonlocal done
            done += 1
            report(done)
        if dask is None:
            return run(submissions, settings, workers=workers, progress=count)
        with _dask_client(dask) as client:
            return run(submissions, settings, executor=client.get_executor(pure=False), progress=count)


def _dask_client(address: str):
    from ..errors import ConfigurationError

    try:
        from distributed import Client
    except ImportError:
        raise ConfigurationError("--dask needs the package distributed. Install the kit with its extra: "
                                 "pip install 'failover-kit[classroom]'.") from None
    try:
        return Client(address, timeout="10s")
    except OSError as fault:
        raise ConfigurationError(f"No Dask scheduler answers at {address} ({fault}). "
                                 "Start one, or leave out --dask.") from None


def _show(book, written: list[Path]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table()
    for name in ("learner", "lesson", "points", "not passed, and why"):
        table.add_column(name, overflow="fold")
    for grade_ in book.grades:
        open_tasks = [f"{task.task} {task.verdict}" + (f" [{task.misconception}]" if task.misconception else "")
                      for task in grade_.tasks if not task.passed]
        table.add_row(grade_.learner, str(grade_.lesson), f"{grade_.points} / {grade_.out_of}",
                      "\n".join([*open_tasks, *(f"! {remark}" for remark in grade_.remarks)]).replace("[", r"\["))
    console.print(table)
    for name, count in book.misconceptions()[:5]:
        console.print(f"wrong idea shown by {count}: {name}", highlight=False)
    for path in written:
        console.print(f"written: {path}", highlight=False)
