"""Seven lessons, and which of them an id belongs to."""

import pytest

from failover_kit import course
from failover_kit.course import catalogue
from failover_kit.course.syllabus import LESSONS, lesson, lesson_of
from failover_kit.errors import CourseError


def test_the_lessons_are_numbered_one_to_seven_and_last_half_an_hour_to_three_quarters():
    assert [entry.number for entry in LESSONS] == [1, 2, 3, 4, 5, 6, 7]
    assert all(30 <= entry.minutes <= 45 for entry in LESSONS)
    assert lesson(3).notebook == "03_how_failover_works"


@pytest.mark.parametrize(("item", "number"), [("1.2", 1), ("7.change-seen", 7), ("3", 3)])
def test_an_id_starts_with_its_lesson(item, number):
    assert lesson_of(item).number == number


@pytest.mark.parametrize(("item", "said"), [
    ("8.1", "There is no lesson 8"), ("0.1", "There is no lesson 0"), ("ttl", "does not start with a lesson's number")])
def test_an_id_of_no_lesson_is_refused(item, said):
    with pytest.raises(CourseError, match=said):
        lesson_of(item)


def test_an_unknown_id_is_answered_with_those_of_its_lesson():
    with pytest.raises(CourseError, match=r"'1\.99'.*1\.1, 1\.2"):
        catalogue.find("exercises", "1.99")


@pytest.mark.parametrize("kind", catalogue.KINDS)
def test_no_id_is_used_twice_and_every_id_is_in_its_own_lesson(kind):
    entries = catalogue.everything(kind)
    assert len({entry.id for entry in entries}) == len(entries)
    for number in range(1, 8):
        assert all(lesson_of(entry.id).number == number for entry in catalogue.contents(kind, number))


def test_the_front_door_leads_somewhere():
    assert all(callable(getattr(course, name)) for name in course.__all__)
    with pytest.raises(AttributeError, match="no attribute 'tusk'"):
        course.tusk  # noqa: B018


def test_no_name_at_the_front_door_is_also_a_module():
    # importing the module would put it where the function is
    from importlib.util import find_spec
    assert [name for name in course.__all__ if find_spec(f"failover_kit.course.{name}")] == []
