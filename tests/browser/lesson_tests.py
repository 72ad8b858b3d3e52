"""What every lesson has to pass in JupyterLab. A lesson's file names the lesson and lists its widgets.

    class TestLesson6(LessonInLab): lesson, widgets  ->  one test a widget, and one for each promise of the whole page
"""

from __future__ import annotations

from typing import ClassVar

import pytest

# anywidget gives a widget two seconds to start. On a busy machine it says this of one that starts later, and works.
SLOW_START = "[anywidget] Failed to initialize model"


class LessonInLab:
    """`lesson` is the notebook's name, `widgets` the rows of lesson_widgets.py: each is the argument of one test."""

    lesson: ClassVar[str]
    widgets: ClassVar[list]

    def test_a_widget_obeys_mouse_and_keyboard(self, page, widget):
        widget.use(page)

    def test_the_table_names_every_widget_of_the_lesson(self, page):
        assert page.widgets() == set().union(*(widget.named() for widget in self.widgets))

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_axe_finds_nothing_in_the_outputs(self, page, dark):
        assert page.axe(dark) == []

    def test_no_cell_failed(self, page):
        assert page.errors() == []

    def test_the_console_has_nothing_to_complain_of(self, page):
        assert [line for line in page.console_errors if SLOW_START not in line] == []

    def test_nobody_elsewhere_was_asked_for_anything(self, page):
        assert page.requests_elsewhere == []
