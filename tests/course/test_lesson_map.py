"""The course map: seven stations, one lit, progress drawn."""

import xml.etree.ElementTree as ElementTree

import pytest

from failover_kit.course import course_map, predict
from failover_kit.course.lesson_map import map_svg, map_text
from failover_kit.course.standing import Standing
from failover_kit.course.syllabus import LESSONS
from failover_kit.errors import CourseError

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg):
    return ElementTree.fromstring(svg)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: str(lesson.number))
def test_each_lesson_has_a_map_with_itself_lit(lesson):
    tree = drawn(map_svg(lesson.number, Standing()))
    assert len(tree.findall(f"{SVG}g")) == 7
    assert len(tree.findall(f".//{SVG}path")) == 1
    assert f"lesson {lesson.number}, {lesson.title} (you are here)" in tree.find(f"{SVG}desc").text
    assert map_text(lesson.number).count("[") == 1


def test_every_word_of_the_titles_is_drawn():
    words = " ".join(text.text for text in drawn(map_svg(1, Standing())).iter(f"{SVG}text"))
    assert all(word in words for lesson in LESSONS for word in lesson.title.split())


def test_progress_is_drawn_as_a_ring_and_told_in_words():
    start = map_svg(1, Standing())
    assert "stroke-dasharray" not in start
    some = map_svg(1, Standing(passed=frozenset({"1.1"})))
    assert some.count("stroke-dasharray") == 1
    assert "1 of" in drawn(some).find(f"{SVG}desc").text


def test_a_finished_lesson_gets_a_tick():
    from failover_kit.course import catalogue
    done = Standing(passed=frozenset(task.id for task in catalogue.contents("exercises", 1)),
                    predictions={question.id: None for question in catalogue.contents("questions", 1)})
    glyphs = [text.text for text in drawn(map_svg(2, done)).iter(f"{SVG}text")]
    assert "✓" in glyphs
    assert "1" not in glyphs


def test_the_live_map_shows_progress_and_the_static_one_does_not():
    before = course_map(1)._repr_mimebundle_()
    predict("1.change-seen").commit("old")
    after = course_map(1)
    assert "stroke-dasharray" in after.html
    bundle = after._repr_mimebundle_()
    assert {name: bundle[name] for name in ("text/plain", "image/svg+xml")} == {
        name: before[name] for name in ("text/plain", "image/svg+xml")}


def test_the_static_map_does_not_count():
    """So that a saved notebook stays the same when another lesson gets a task."""
    assert " of " not in " ".join(text.text for text in drawn(map_svg(1)).iter(f"{SVG}text"))
    assert "done" not in drawn(map_svg(1)).find(f"{SVG}desc").text
    assert course_map(1)._repr_mimebundle_()["image/svg+xml"] == map_svg(1)


def test_a_journal_that_cannot_be_saved_is_said_on_the_map(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FAILOVER_KIT_PROGRESS", str(tmp_path / "file" / "data"))
    predict("1.change-seen").commit("old")
    assert "not being saved" in course_map(1).html


def test_there_is_no_map_of_a_lesson_that_does_not_exist():
    with pytest.raises(CourseError):
        course_map(8)
