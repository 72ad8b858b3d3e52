"""Each lesson can be projected: `jupyter nbconvert --to slides` works on all seven, and no slide hides what it needs."""

import re

import nbformat
import pytest
from lesson_run import LESSONS as FOLDER
from nbconvert.exporters import SlidesExporter

FILES = sorted(FOLDER.glob("0*.ipynb"))
TYPES = {"slide", "subslide", "fragment", "notes", "skip", "-"}


@pytest.fixture(params=FILES, ids=lambda file: file.stem[:2])
def file(request):
    return request.param


@pytest.fixture
def cells(file):
    return nbformat.read(file, as_version=4).cells


def kind(cell):
    return cell.metadata["slideshow"]["slide_type"]


def test_there_are_seven_files():
    assert len(FILES) == 7


def test_every_cell_has_a_place_and_the_first_one_begins_a_slide(cells):
    assert {kind(cell) for cell in cells} <= TYPES
    assert kind(cells[0]) == "slide"


def test_a_heading_begins_a_slide_and_nothing_else_does(cells):
    for cell in cells:
        if cell.cell_type == "markdown" and cell.id != "takeaways":
            assert (kind(cell) == "slide") is bool(re.match(r"#{1,2} ", cell.source)), cell.id


def test_no_code_is_hidden_but_imports_and_the_last_line(cells):
    hidden = [cell.id for cell in cells if cell.cell_type == "code" and kind(cell) in ("notes", "skip")]
    assert {*hidden} <= {"imports", "imports-course", "close"}


def test_no_slide_is_longer_than_six_cells(cells):
    """What stands between two breaks: a fragment comes later, but onto the same page."""
    length = 0
    for cell in cells:
        length = 1 if kind(cell) in ("slide", "subslide") else length + (kind(cell) not in ("notes", "skip"))
        assert length <= 6, cell.id


def test_it_converts(file, tmp_path):
    page, _ = SlidesExporter().from_filename(str(file))
    (tmp_path / "slides.html").write_text(page, encoding="utf-8")
    slides = page.count("<section>") + page.count("<section ")
    breaks = sum(kind(cell) in ("slide", "subslide") for cell in nbformat.read(file, as_version=4).cells)
    assert slides >= breaks
    assert page.count('<aside class="notes">') == page.count("For instructors</summary>") > 0
