"""Lesson 1 in JupyterLab: each of its widgets by mouse and by keyboard."""

from lesson_tests import LessonInLab
from lesson_widgets import Cards, Packet, Predict, Slide, Steps


class TestLesson1(LessonInLab):
    lesson = "01_dns_and_traffic_direction"
    widgets = [
        Predict("who-predict", "1.who-decides", opens="who-explain", shown="127.0.1.10 and 127.0.1.10"),
        Packet("packet-view"),
        Steps("answer-fields", rows=6, last="45"),
        Steps("four-questions", rows=4, last="example.com SOA"),
        Predict("missing-predict", "1.missing-type", opens="missing-explain", shown="NOERROR, with 0 records"),
        Predict("walk-predict", "1.root-says", opens="walk-explain", shown="It took 3 servers"),
        Steps("walk-table", rows=3, last="example.com", reveal=True),
        Steps("countdown", rows=6, last="60"),
        Predict("change-predict", "1.change-seen", opens="change-explain",
                shown="127.0.1.10, the old address, with 40 s left"),
        # Asked every 5 s for 600 s: at 0, TTL, 2 TTL ... the resolver asks the name server. The record changes at 200 s.
        Slide("play-widget", "TTL", mouse=(1, "300 s", "asked the name server 2 times"),
              keys=("Home", "10 s", "asked the name server 60 times")),
        Slide("play-widget", "The record changes at", mouse=(0, "0 s", "From the change at 0 s on, no user got us-east-1"),
              keys=("End", "290 s", "the first answer with us-west-2 came 70 s after it")),
        Predict("myth-predict", "1.propagation", opens="myth-explain", shown="the record changed at 50 s"),
        Steps("myth-table", rows=4, last="45"),
        Cards("recall", count=6),
    ]
