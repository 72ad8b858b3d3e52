"""Where the notebooks are: the checkout that the kit runs from, or the copy inside an installed package.

    failover_kit's own place  ->  shelf()  ->  a folder with lessons/, exercises/, solutions/
    shelf(), a learner's folder  ->  course_folder(wanted)  ->  a folder that the learner may write in
"""

from __future__ import annotations

import shutil
from pathlib import Path

from failover_kit.errors import CourseError

FOLDERS = ("lessons", "exercises", "solutions")
_PACKAGE = Path(__file__).parents[1]


def shelf() -> Path:
    """The folder that holds lessons/, exercises/ and solutions/. To read from: inside a package it is not the learner's.

    Raises CourseError where the kit was installed without its notebooks.
    """
    places = [_PACKAGE.parent, _PACKAGE / "notebooks"]
    for place in places:
        if all(any((place / folder).glob("*.ipynb")) for folder in FOLDERS):
            return place
    raise CourseError(f"No notebooks are in {places[0]} or {places[1]}. "
                      "Install the kit from its repository: pip install -e .")


def course_folder(wanted: Path | None = None, *, for_class: bool = False) -> Path:
    """A folder with the notebooks to work in: the checkout, or `wanted` (else ./failover-course), filled on first use.

    A copy never overwrites a file that is there already: it may hold a learner's work.
    For a class the answers stay out of it: no solutions/ and no instructor guide.
    """
    source = shelf()
    if wanted is None and source == _PACKAGE.parent:
        return source
    target = (wanted or Path.cwd() / "failover-course").resolve()
    for folder in FOLDERS:
        for notebook in sorted((source / folder).glob("*.*")):
            if for_class and (folder == "solutions" or notebook.name == "INSTRUCTORS.md"):
                continue
            place = target / folder / notebook.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists():
                shutil.copyfile(notebook, place)
    return target
