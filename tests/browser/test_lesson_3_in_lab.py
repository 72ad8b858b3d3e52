"""Lesson 3 in JupyterLab: each of its widgets by mouse and by keyboard."""

from lesson_tests import LessonInLab
from lesson_widgets import Cards, Live, Predict, Slide, Steps


class TestLesson3(LessonInLab):
    lesson = "03_how_failover_works"
    widgets = [
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
