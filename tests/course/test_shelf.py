"""Where the notebooks are found, and that a copy never costs a learner their work."""

import shutil
from pathlib import Path

import pytest

from failover_kit.course import shelf as module
from failover_kit.course.shelf import FOLDERS, course_folder, shelf
from failover_kit.errors import CourseError

ROOT = Path(__file__).parents[2]


def test_a_checkout_is_its_own_shelf_and_is_worked_in():
    assert shelf() == ROOT
    assert course_folder() == ROOT


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package with its notebooks inside, as a wheel lays it out."""
    package = tmp_path / "site" / "failover_kit"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, package / "notebooks" / folder)
    monkeypatch.setattr(module, "_PACKAGE", package)
    return package / "notebooks"


def test_an_installed_package_carries_its_shelf_inside(installed):
    assert shelf() == installed


def test_an_installed_package_is_never_worked_in(installed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert course_folder() == tmp_path / "failover-course"
    assert {path.name for path in (tmp_path / "failover-course").iterdir()} == set(FOLDERS)


def test_a_copy_keeps_what_is_there(tmp_path):
    copied = course_folder(tmp_path / "mine")
    mine, theirs = sorted((copied / "solutions").glob("*.ipynb"))[:2]
    mine.write_text("my own work")
    theirs.unlink()
    course_folder(tmp_path / "mine")
    assert mine.read_text() == "my own work"
    assert theirs.exists()


def test_a_kit_without_notebooks_says_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "site" / "failover_kit")
    with pytest.raises(CourseError, match="pip install -e"):
        shelf()
