"""Every relative link of the course's notebooks and pages leads to a file, and every anchor to a heading."""

import re
from pathlib import Path

import nbformat
import pytest
from lesson_run import ROOT

from failover_kit.course.syllabus import LESSONS

PAGES = sorted([ROOT / "README.md", *(ROOT / "lessons").glob("*.md"),
                *(file for folder in ("lessons", "exercises", "solutions") for file in (ROOT / folder).glob("*.ipynb"))])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text_of(page: Path) -> str:
    """The Markdown of a page or notebook, without what stands in fences."""
    if page.suffix == ".ipynb":
        cells = nbformat.read(page, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        text = page.read_text(encoding="utf-8")
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Headings as GitHub spells them in an address."""
    titles = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in LINK.findall(text_of(page)):
        if re.match(r"[a-z]+:", target):
            assert target.startswith(("https://", "http://blog.wikimedia.org/", "mailto:")), target
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        assert found.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(found), f"{page.name}: {target}"


@pytest.mark.parametrize("entry", LESSONS, ids=lambda entry: f"lesson {entry.number}")
def test_a_lesson_links_to_its_exercises_the_glossary_and_the_next_lesson(entry):
    own = {target for target in LINK.findall(text_of(ROOT / "lessons" / f"{entry.notebook}.ipynb")) if ":" not in target}
    following = {f"{other.notebook}.ipynb" for other in LESSONS if other.number == entry.number + 1}
    assert own == {"GLOSSARY.md", f"../exercises/{entry.notebook}.ipynb"} | following
