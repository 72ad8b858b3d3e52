"""`failover-kit book`: the course, or one lesson, as pages to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import AsJson, print_json


def book(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the book goes: a new or empty folder, or "
                                                "an older book.")],
         lesson: Annotated[list[int] | None, typer.Option(help="Only this lesson; may be given several times.")] = None,
         run: Annotated[bool, typer.Option("--run", help="Run the lessons afresh: explanations then hold the "
                                           "numbers of that run. Takes minutes.")] = False,
         json: AsJson = False) -> None:
    """Write the course as static HTML: lessons with their outputs, exercises, glossary, index of terms.

    The pages need no server and no internet. What instructors alone should see is not in them.
    """
    from ..course.book import bind
    from ..course.book.running import run_to_read
    from ..course.syllabus import LESSONS
    from ..course.syllabus import lesson as numbered
    from ..progress import shown

    lessons = [numbered(number) for number in sorted(set(lesson))] if lesson else LESSONS
    with shown("Book", 0, 2 * len(lessons)) as report:
        files = bind(folder, lessons=lessons, run=run_to_read if run else None, progress=report)
    if json:
        print_json({"start": str(files[0]), "files": [str(file) for file in files]})
    else:
        print(f"written: {len(files)} files; open {files[0]}")
