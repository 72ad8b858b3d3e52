"""Lesson 4 in JupyterLab: each of its widgets by mouse and by keyboard."""

from lesson_tests import LessonInLab
from lesson_widgets import Cards, Pick, Predict, Slide, Switch


class TestLesson4(LessonInLab):
    lesson = "04_health_checks_and_records"
    widgets = [
        Predict("predict-see", "4.up-or-working", opens="explain-see",
                shown="1 of 3 checks turned unhealthy: string match /"),
        Predict("predict-probe", "4.redirect", opens="explain-probe", shown="a user got 302 Found"),
        Predict("predict-lost", "4.lost-packets", opens="explain-lost", shown="of 16 checkers still said healthy"),
        Slide("theory-widget", "Requests lost", mouse=(1, "95 %", "red 3445 s of each hour"),
              keys=("Home", "1 %", "With 1 % of the requests lost")),
        Slide("theory-widget", "Failure threshold", mouse=(1, "3", "71 % at 70 % loss"),
              keys=("Home", "1", "7 % at 70 % loss")),
        Pick("theory-widget", "Checkers", mouse=("6 in 3 Regions", "6 in 3 Regions", "38 % at 70 % loss"),
             keys=("ArrowDown", "16 in 8 Regions", "7 % at 70 % loss")),
        Predict("predict-link", "4.unlinked", opens="explain-link", shown="was unhealthy, and the answer was the primary"),
        Predict("predict-deep", "4.shared-payments", opens="explain-deep", shown="2 of 2 checks were unhealthy"),
        # Two of three children are healthy, and two are needed.
        Switch("derived-widget", "page", mouse=("", "down", "calculated is unhealthy"),
               keys=("Space", "up", "calculated is healthy")),
        Switch("derived-widget", "orders", mouse=("", "down", "1 of 3 children are healthy"),
               keys=("Space", "up", "2 of 3 children are healthy")),
        Switch("derived-widget", "stock", mouse=("", "up", "3 of 3 children are healthy"),
               keys=("Space", "down", "2 of 3 children are healthy")),
        Slide("derived-widget", "HealthThreshold", mouse=(1, "4", "calculated is unhealthy (4 of 3 needed)"),
              keys=("Home", "0", "calculated is healthy (0 of 3 needed)")),
        Slide("play-panel", "Request interval", mouse=(0, "10 s", "A crash is noticed after 9 s"),
              keys=("End", "30 s", "A crash is noticed after 25 s")),
        Slide("play-panel", "Failure threshold", mouse=(1, "10", "False failovers on the rough day: 0"),
              keys=("Home", "1", "False failovers on the rough day: 1")),
        Predict("predict-hood", "4.certificate", opens="explain-hood", shown="occur 0 times in the code that judges"),
        Predict("predict-myth", "4.sees-everything", opens="explain-myth", shown="the best check stayed green under"),
        Predict("predict-bug", "4.fixes-bugs", opens="explain-bug", shown="with the same release on both sites, 100 %"),
        Cards("recall", count=4),
        Cards("recall-earlier", count=2),
    ]
