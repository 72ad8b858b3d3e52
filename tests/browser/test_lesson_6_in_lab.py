"""Lesson 6 in JupyterLab: each of its widgets by mouse and by keyboard."""

from lesson_tests import LessonInLab
from lesson_widgets import Cards, Pick, Predict, Slide


class TestLesson6(LessonInLab):
    lesson = "06_limits_and_latency"
    widgets = [
        Predict("predict-instant", "6.instant", opens="explain-instant", shown="The TTL is 30 s"),
        Predict("predict-mean", "6.mean-wait", opens="explain-mean", shown="waited 29.5 s more, the unluckiest 60 s"),
        Predict("predict-tenth", "6.tenth", opens="explain-tenth", shown="went from 145 to 91 s"),
        # Three failures in a row, each interval long, and a TTL of 60 s.
        Pick("play-controls", "Request interval", mouse=("10 s", "10 s", "99 of 100 users are back within 87 s"),
             keys=("ArrowDown", "30 s", "99 of 100 users are back within 143 s")),
        Slide("play-controls", "Failure threshold", mouse=(1, "6", "99 of 100 users are back within 233 s"),
              keys=("Home", "1", "99 of 100 users are back within 83 s")),
        Slide("play-controls", "TTL", mouse=(1, "300 s", "The questions cost $3,445 a month"),
              keys=("Home", "5 s", "The questions cost $172,800 a month")),
        Predict("predict-last", "6.last-back", opens="explain-last", shown="the last to be back were: old JVM"),
        Predict("predict-stale", "6.stale", opens="explain-stale", shown="their users were back after"),
        Predict("predict-lower", "6.lower-now", opens="explain-lower", shown="all of them after 24.0 hours"),
        Predict("predict-alternatives", "6.alternatives", opens="explain-alternatives", shown="that of: failover"),
        Predict("predict-zero", "6.zero-downtime", opens="explain-zero", shown="With the fastest settings there are"),
        Cards("recall", count=4),
        Cards("recall-earlier", count=2),
    ]
