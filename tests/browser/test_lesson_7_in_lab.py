"""Lesson 7 in JupyterLab: each of its widgets by mouse and by keyboard."""

from lesson_tests import LessonInLab
from lesson_widgets import Cards, Pick, Predict, Slide, Steps


class TestLesson7(LessonInLab):
    lesson = "07_multi_region"
    widgets = [
        Predict("predict-alone", "7.alone", opens="explain-alone", shown="304 confirmed writes were gone"),
        Predict("predict-lost", "7.lost", opens="explain-lost", shown="16 confirmed writes are missing"),
        # A batch holds 50 writes, 5 come a second: from 10 s on, the copy falls behind for good.
        Slide("play-lag-panel", "A batch every", mouse=(1, "15 s", "the worst moment loses 21.6 s"),
              keys=("Home", "0.5 s", "the worst moment loses 2.2 s")),
        Predict("predict-late", "7.late-write", opens="explain-late", shown="us-east-1 confirmed 144 writes after"),
        Steps("split-fences", rows=3, last="lease"),
        Predict("predict-return", "7.return", opens="explain-return", shown="75 s after the repair"),
        Predict("predict-off", "7.all-off", opens="explain-off", shown="was answered with us-east-1"),
        Predict("predict-eighty", "7.eighty", opens="explain-eighty", shown="0% of the requests were answered in time"),
        Slide("room-play-it", "Standby carries", mouse=(1, "1200 /s", "98% of the demand is met in time"),
              keys=("Home", "400 /s", "0% of the demand is met in time")),
        Pick("room-play-it", "Clients", mouse=("back off with jitter", "back off with jitter", "19% of the demand"),
             keys=("ArrowUp", "ask again at once", "0% of the demand is met in time")),
        Predict("predict-bug", "7.bug", opens="explain-bug", shown="us-west-2 said 'NaN' too"),
        Steps("pitfall-compare", rows=2, last="with a replica"),
        Steps("gameday-parts", rows=5, last="budget"),
        Steps("gameday-table", rows=10, last="shared-dependency"),
        Steps("gameday-try", rows=4, last="data that follows the DNS answer by itself + a failback that waits for the data"),
        Cards("recall", count=5),
        Cards("recall-earlier", count=2),
    ]
