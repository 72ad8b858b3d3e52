"""Lesson 3 in JupyterLab: each of its widgets by mouse and by keyboard."""

import pytest
from lesson_page import Cards, Live, Predict, Slide, Steps, check_page, every

WIDGETS = [
    Predict("predict-who", "3.who-switches", opens="explain-who", shown="Changes made by hand: 0"),
    Live("drill-live", opened_by=("drill-lab",),
         presses=(("mouse", "Crash the primary", "us-east-1, primary, is broken (crash)"),
                  ("keys", "Repair the primary", "us-east-1, primary, is healthy"))),
    Steps("drill-replay", picture=True),
    Predict("predict-last", "3.last-user", opens="explain-last", shown="The TTL is 60 s"),
    Steps("twin", rows=7, last="199.2", picture=True),
    Predict("predict-back", "3.way-back", opens="explain-back", shown="Changes made by hand: 0"),
    Live("back-view", opened_by=("drill-lab", "drill-live"),
         presses=(("keys", "Crash the primary", "answer: us-west-2"),
                  ("mouse", "Repair the primary", "us-east-1, primary, is healthy"))),
    # The goal is 60 s; detection is the interval times the threshold, less the part that had passed.
    Slide("play-panel", "Request interval", mouse=(0, "10 s", "back after 74 s"),
          keys=("End", "30 s", "back after 139 s")),
    Slide("play-panel", "Failure threshold", mouse=(1, "10", "detection 293 s"), keys=("Home", "1", "detection 23 s")),
    Slide("play-panel", "TTL", mouse=(1, "300 s", "back after 330 s"), keys=("Home", "5 s", "back after 91 s")),
    Predict("predict-api", "3.api-down", opens="explain-api", shown="ended in ServiceUnavailable"),
    Predict("predict-both", "3.both-down", opens="explain-both", shown="with 2 unhealthy checks"),
    Predict("predict-myth", "3.record-rewritten", opens="explain-myth", shown="Were they the same? yes"),
    Cards("recall", count=4),
    Cards("recall-earlier", count=2),
]


@pytest.fixture(scope="module")
def page(open_lesson):
    return open_lesson("03_how_failover_works")


@pytest.mark.parametrize("widget", WIDGETS, ids=str)
def test_a_widget_obeys_mouse_and_keyboard(page, widget):
    widget.use(page)


def test_the_table_above_names_every_widget_of_the_lesson(page):
    assert page.widgets() == every(WIDGETS)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_the_outputs(page, dark):
    assert page.axe(dark) == []


def test_no_cell_failed_and_the_page_has_nothing_to_complain_of(page):
    check_page(page)
