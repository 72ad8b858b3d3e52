"""Lays out a course folder that nbgrader can work in: its configuration, and one assignment a lesson.

    solutions/*.ipynb  ->  lay_out(folder)  ->  folder/nbgrader_config.py, folder/source/LESSON/LESSON.ipynb

    python -m failover_kit.course.classroom FOLDER [--course-id ID] [--exchange FOLDER] [--lesson N]...

Run it again at any time: what is there already is kept, a new lesson is added. nbgrader then makes the learners'
notebooks from these sources; they equal those in exercises/.
Source: nbgrader user guide, "Configuring nbgrader", "Creating and grading assignments".
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from failover_kit.errors import ConfigurationError, CourseError

from .notebooks import CELL_TIMEOUT
from .release import CODE_STUB, TEXT_STUB
from .shelf import shelf
from .syllabus import LESSONS, Lesson, lesson

CONFIGURATION = "nbgrader_config.py"      # the name that nbgrader looks for
COURSE_ID = "failover"


@dataclass(frozen=True)
class Layout:
    """What `lay_out` did: the files it wrote, and those that were there and were kept."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]

    def __str__(self) -> str:
        """One line a file."""
        return "\n".join([*(f"wrote {path}" for path in self.written), *(f"kept {path}" for path in self.kept)])


def lay_out(folder: str | Path, *, course_id: str = COURSE_ID, exchange: str | Path | None = None,
            lessons: Sequence[Lesson] = LESSONS, solutions: Path | None = None) -> Layout:
    """Make `folder` a course folder. A file that exists is never overwritten.

    `exchange` is the folder through which notebooks are handed out and in (None: nbgrader's own place for it).
    `solutions` is the folder of the solved notebooks (None: those of this checkout or package).
    Raises CourseError where a solution is missing (found before anything is written) or a file cannot be written.
    """
    root = Path(folder).resolve()
    if not course_id or course_id != course_id.strip() or "/" in course_id:
        raise CourseError(f"{course_id!r} cannot be a course's name. Use a short word such as {COURSE_ID!r}.")
    contents = {root / CONFIGURATION: configuration(course_id, exchange).encode()}
    source = shelf() / "solutions" if solutions is None else solutions
    for entry in lessons:
        notebook = source / f"{entry.notebook}.ipynb"
        if not notebook.is_file():
            raise CourseError(f"Lesson {entry.number} has no solution notebook {notebook}. "
                              "Leave the lesson out with --lesson, or get the whole repository.")
        contents[root / "source" / entry.notebook / notebook.name] = notebook.read_bytes()
    written, kept = [], []
    for path, content in contents.items():
        (written if write_new(path, content) else kept).append(path)
    return Layout(tuple(written), tuple(kept))


def configuration(course_id: str = COURSE_ID, exchange: str | Path | None = None) -> str:
    """The text of nbgrader_config.py."""
    place = (f"c.Exchange.root = {str(Path(exchange).resolve())!r}" if exchange is not None
             else '# c.Exchange.root = "/srv/nbgrader/exchange"     # a folder that all users can write to')
    stub = {"python": CODE_STUB}
    return f'''"""nbgrader for the failover course. Start it in this folder, with the Python that has failover-kit."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader puts it here)

c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = {course_id!r}
{place}

# What stands in a learner's answer cell. nbgrader's own stub raises, and so would fail before its check is read.
c.ClearSolutions.code_stub = {stub!r}
c.ClearSolutions.text_stub = {TEXT_STUB!r}

# Seconds that one cell may take when work is graded.
c.Execute.timeout = {CELL_TIMEOUT}

# nbgrader calls alembic by its name, so the programs beside this Python must be on the path.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
'''


def write_new(path: Path, content: bytes) -> bool:
    """Write a new file; False where there is one already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        if path.is_file():
            return False
        raise CourseError(f"{path} cannot be written: something else has that name. Choose another folder.") from None
    except OSError as fault:
        raise CourseError(f"{path} cannot be written ({fault}). Choose a folder that is yours.") from fault
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Exit status 1 with a line on standard error if the folder could not be laid out."""
    parser = argparse.ArgumentParser(prog="python -m failover_kit.course.classroom",
                                     description="Lay out a course folder for nbgrader. Nothing is overwritten.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--course-id", default=COURSE_ID, help=f"the course's name in nbgrader ({COURSE_ID})")
    parser.add_argument("--exchange", type=Path, help="the folder through which work is handed out and in")
    parser.add_argument("--lesson", type=int, action="append", help="only this lesson; may be given several times")
    chosen = parser.parse_args(arguments)
    try:
        lessons = [lesson(number) for number in chosen.lesson] if chosen.lesson else LESSONS
        done = lay_out(chosen.folder, course_id=chosen.course_id, exchange=chosen.exchange, lessons=lessons)
    except (CourseError, ConfigurationError) as fault:
        print(fault, file=sys.stderr)
        return 1
    print(done)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
