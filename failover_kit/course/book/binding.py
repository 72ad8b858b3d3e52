"""Makes the book: a folder of pages that opens from a disk, without a server and without internet.

    lessons/, exercises/, GLOSSARY.md, README.md  ->  bind(folder)  ->  index.html, lesson-N.html, glossary.html, ...

book.json in the folder lists what was written, so that a later run replaces these files and no others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from failover_kit.errors import ConfigurationError

from ..shelf import shelf
from ..syllabus import LESSONS, Lesson
from .links import follow
from .page import Page, framed
from .parts import GLOSSARY, Mentions, glossary_page, index_page, map_page
from .readable import readable_exercise, readable_lesson
from .reader import page_of
from .sections import link_terms, mentions
from .terms import Finder, read_glossary

MANIFEST = "book.json"


def bind(folder: str | Path, *, lessons: Sequence[Lesson] = LESSONS, source: Path | None = None,
         run: Callable[[Path], Any] | None = None, progress: Callable[[int], None] = lambda done: None) -> tuple[Path, ...]:
    """Write the book into `folder`; returns its files, the first page first.

    Args:
        folder: a new or empty folder, or one that holds a book already.
        lessons: those to take; links to others become plain text.
        source: the folder with lessons/ and exercises/ (None: those of this checkout or package).
        run: makes a notebook with outputs of its own from a file (None: the outputs that the files hold).
        progress: told how many notebooks are done, of twice as many as there are lessons.

    Raises ConfigurationError where the folder holds anything else, or cannot be written.
    """
    place = _made_ready(Path(folder))
    texts = _texts(shelf() if source is None else source, lessons, run or _read, progress)
    return _write(place, texts)


def _texts(source: Path, lessons: Sequence[Lesson], run: Callable[[Path], Any],
           progress: Callable[[int], None]) -> dict[str, str]:
    """Every page's text by its file name."""
    terms = read_glossary((source / "lessons" / "GLOSSARY.md").read_text(encoding="utf-8"))
    finder = Finder(terms)
    taught: dict[int, Page] = {}
    found: dict[int, Mentions] = {}
    pages: dict[str, Page] = {}              # by their sources
    for lesson in lessons:
        name = f"{lesson.notebook}.ipynb"
        page = Page(f"lesson-{lesson.number}.html", f"{lesson.number}. {lesson.title}",
                    page_of(readable_lesson(run(source / "lessons" / name))), folder="lessons")
        taught[lesson.number], found[lesson.number] = page, mentions(page.body, finder)
        pages[f"lessons/{name}"] = page
        progress(len(pages))
        pages[f"exercises/{name}"] = Page(f"exercises-{lesson.number}.html", f"Exercises {lesson.number}", page_of(
            readable_exercise(_read(source / "exercises" / name))), folder="exercises")
        progress(len(pages))
    for page in pages.values():
        link_terms(page.body, finder, GLOSSARY)
    start = map_page((source / "lessons" / "README.md").read_text(encoding="utf-8"), taught)
    ends = {"lessons/GLOSSARY.md": glossary_page(terms, found, taught), "index": index_page(terms, found, taught)}
    pages = {"lessons/README.md": start, **pages, **ends}
    for page in pages.values():
        follow(page.body, page.folder, pages)
    top, order = [start, *taught.values(), *ends.values()], [*pages.values()]
    return {page.file: framed(page, top, before, after)
            for before, page, after in zip([None, *order], order, [*order[1:], None], strict=False)}


def _read(path: Path) -> Any:
    import nbformat

    return nbformat.read(path, as_version=4)


def _made_ready(folder: Path) -> Path:
    """The folder, there and without the book that was in it. Raises ConfigurationError if it holds anything else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = folder / MANIFEST
        listed = json.loads(manifest.read_text(encoding="utf-8"))["files"] if manifest.is_file() else []
        mine = {name for name in listed if Path(name).name == name}
        others = sorted(path.name for path in folder.iterdir() if path.name not in mine | {MANIFEST})
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ConfigurationError(f"{folder} cannot become a book ({fault}). Choose a new folder.") from fault
    if others:
        more = " and more" if len(others) > 1 else ""
        raise ConfigurationError(f"{folder} holds {others[0]}{more}, which is no part of a book. "
                                 "Choose a new or empty folder.")
    for name in mine:
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    return folder


def _write(folder: Path, texts: dict[str, str]) -> tuple[Path, ...]:
    from plotly.offline import get_plotlyjs

    own = files(__package__)
    texts = {**texts, "book.css": own.joinpath("book.css").read_text("utf-8"),
             "book.js": own.joinpath("book.js").read_text("utf-8"), "plotly.min.js": get_plotlyjs()}
    texts[MANIFEST] = json.dumps({"made by": "failover-kit book", "files": sorted(texts)}, indent=1) + "\n"
    try:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise ConfigurationError(f"{folder / name} cannot be written ({fault.strerror}). Choose another folder.") from fault
    return tuple(folder / name for name in texts)
