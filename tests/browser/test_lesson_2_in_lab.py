"""Lesson 2 in JupyterLab: each of its widgets by mouse and by keyboard."""

from lesson_tests import LessonInLab
from lesson_widgets import Cards, Live, Predict, Slide, Steps


class TestLesson2(LessonInLab):
    lesson = "02_disaster_recovery"
    widgets = [
        Predict("breaks-predict", "2.second-site", opens="breaks-explain", shown="was left, to send users to, after: "),
        Predict("arithmetic-predict", "2.parallel", opens="arithmetic-explain", shown="at least one was up in 99.99 %"),
        Predict("arithmetic-predict-shared", "2.shared", opens="arithmetic-explain-shared", shown="times as long"),
        # A year has 8760 h: 1 % of them is 87 h 36 min.
        Slide("arithmetic-explore", "Each site is up", mouse=(1, "99.9 %", "one site 8 h 45 min"),
              keys=("Home", "95 %", "one site 438 h")),
        Slide("arithmetic-explore", "Sites", mouse=(0, "1", "1 independent 87 h 36 min"),
              keys=("End", "5", "5 independent 0.0 s")),
        Slide("arithmetic-explore", "The shared part is up",
              mouse=(1, "99.99 %", "The shared part alone: down for 52 min 34 s"),
              keys=("Home", "99 %", "The shared part alone: down for 87 h 36 min")),
        Predict("data-predict", "2.data-age", opens="data-explain", shown="40 minutes older than the fault, and 480 orders"),
        Live("hand-live", presses=(("keys", "Send the users to us-west-2", "answer: us-west-2"),
                                   ("mouse", "Send the users to us-west-2", ""))),
        Predict("hand-predict", "2.longest-part", opens="hand-explain", shown="the longest part took 15"),
        Steps("hand-steps", rows=6, last="29.2 min"),
        # 2 min to notice, 5 to the keyboard, 15 to decide, 2 to edit, 5 for what is kept: 29 min.
        Slide("hand-explore", "Alarm to keyboard", mouse=(1, "30 min", "Recovery time: 54 min"),
              keys=("Home", "0 min", "Recovery time: 24 min")),
        Slide("hand-explore", "To decide", mouse=(0, "0 min", "Recovery time: 14 min"),
              keys=("End", "60 min", "Recovery time: 74 min")),
        Slide("hand-explore", "TTL", mouse=(0, "5 s", "Recovery time: 24 min"),
              keys=("End", "900 s", "Recovery time: 38 min")),
        Predict("strategies-predict", "2.pilot-light", opens="strategies-explain", shown="The warm standby gave: 200 OK"),
        Slide("strategies-explore", "RTO", mouse=(0, "1 min", "Cheapest plan that keeps both: none"),
              keys=("ArrowRight", "15 min", "Cheapest plan that keeps both: Warm standby")),
        Slide("strategies-explore", "RPO", mouse=(0, "1 min", "Pilot light"), keys=("End", "360 min", "Pilot light")),
        Slide("strategies-explore", "Pilot light: to decide",
              mouse=(1, "30 min", "Cheapest plan that keeps both: Warm standby"),
              keys=("Home", "0 min", "Cheapest plan that keeps both: Pilot light")),
        Predict("myth-predict", "2.replica-is-no-backup", opens="myth-explain", shown="apples cost 0.00"),
        Cards("recap-cards", count=4),
        Cards("recap-earlier", count=2),
    ]
