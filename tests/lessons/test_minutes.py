"""One truth about time: the syllabus. Cells, notes, the course map and the instructors' guide all say the same."""

import re
from itertools import accumulate

import pytest
from lesson_run import LESSONS as FOLDER
from lesson_run import LessonBook

from failover_kit.course import catalogue
from failover_kit.course.syllabus import LESSONS

README = (FOLDER / "README.md").read_text(encoding="utf-8")
GUIDE = (FOLDER / "INSTRUCTORS.md").read_text(encoding="utf-8")


@pytest.fixture(params=LESSONS, ids=lambda entry: f"lesson {entry.number}")
def entry(request):
    return request.param


@pytest.fixture
def book(entry):
    return LessonBook(entry.number)


def row(text, beginning):
    """The cells of the table row that begins so."""
    line = next(line for line in text.splitlines() if line.startswith(f"| {beginning}"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def spelt(entry):
    return f"{entry.minutes}, and {entry.game_day} for the game day" if entry.game_day else str(entry.minutes)


def test_the_sections_of_a_lesson_add_up(entry, book):
    assert sum(book.minutes) == entry.minutes + entry.game_day


def test_the_opening_says_them(entry, book):
    more = f", and {entry.game_day} more for the game day" if entry.game_day else ""
    assert f"About {entry.minutes} minutes{more}" in book.cells[0].source


def test_the_instructors_note_is_the_sections_in_their_order(book):
    note = " ".join(re.search(r"Timing, in minutes: (.*?)\.", book.text["notes-opening"], re.DOTALL)[1].split())
    told = [int(number) for number in re.findall(r" (\d+)(?=[,;]|$)", note)]
    assert {*accumulate(told)} <= {*accumulate(book.minutes)}, "a note may join sections, and must not move their borders"
    assert sum(told) == sum(book.minutes)
    section = GUIDE[GUIDE.index(f"\n### {book.number}. "):]
    guide = " ".join(re.search(r"\*\*Time:\*\* (.*?)\.\n", section, re.DOTALL)[1].split())
    assert guide == note


def test_the_course_map_and_the_guide_say_them(entry):
    assert row(README, f"[{entry.number}. ")[:3] == [
        f"[{entry.number}. {entry.title}]({entry.notebook}.ipynb)", entry.able_to, spelt(entry)]
    tasks = catalogue.contents("exercises", entry.number)
    assert row(GUIDE, f"{entry.number} ")[1:4] == [
        spelt(entry), str(sum(task.minutes for task in tasks)), str(tasks[-1].minutes)]


def test_the_whole_course_is_as_long_as_its_map_says():
    lessons = sum(entry.minutes + entry.game_day for entry in LESSONS)
    exercises = sum(task.minutes for entry in LESSONS for task in catalogue.contents("exercises", entry.number))
    assert lessons == 5.5 * 60
    assert "five and a half hours with the game day" in " ".join(README.split())
    assert exercises == pytest.approx(lessons, rel=0.1)
    assert "the exercises take about as long again" in " ".join(README.split())


def test_a_lesson_says_how_long_its_exercises_take(entry, book):
    tasks = catalogue.contents("exercises", entry.number)
    said = " ".join(book.text["next"].split())
    minutes = int(re.search(r"about (\d+) minutes", said)[1])
    counted = tasks[:-1] if "without the last task" in said else tasks
    assert sum(task.minutes for task in counted) == pytest.approx(minutes, abs=5)
