"""The traffic figure: every request of every run is in it once, in its minute, under its site or as failed."""

import pytest

from failover_kit.figures.alt import alt_of
from failover_kit.figures.traffic_figure import FAILED, requests_by_site, traffic_figure
from failover_kit.timeline import Request, Timeline


def request(started, site, ok=True):
    return Request(at=started + 0.1, user="user-1", address="192.0.2.1", site=site, ok=ok, detail="", started=started)


RUN = Timeline([request(10, "east"), request(59, "east"), request(60, "west"), request(70, "east", ok=False),
                request(130, "west")])
QUIET = Timeline([request(10, "east")])


def test_requests_are_counted_by_the_minute_they_began_in():
    assert requests_by_site(RUN) == {"east": {0: 2}, "west": {1: 1, 2: 1}, FAILED: {1: 1}}


def test_the_span_of_a_bar_can_be_chosen():
    assert requests_by_site(RUN, every=30)["east"] == {0: 1, 1: 1}


def test_a_run_is_a_row_with_a_series_for_each_site_and_one_for_failures():
    figure = traffic_figure({"one": RUN, "two": QUIET})
    drawn = {(trace.yaxis, trace.name): dict(zip(trace.x, trace.y, strict=True)) for trace in figure.data}
    assert drawn == {("y", "east"): {0.5: 2}, ("y", "west"): {1.5: 1, 2.5: 1}, ("y", FAILED): {1.5: 1},
                     ("y2", "east"): {0.5: 1}, ("y2", "west"): {}, ("y2", FAILED): {}}


def test_each_series_is_in_the_legend_once_and_told_apart_without_colour():
    figure = traffic_figure({"one": RUN, "two": QUIET})
    assert [trace.name for trace in figure.data if trace.showlegend] == ["east", "west", FAILED]
    assert len({trace.marker.pattern.shape for trace in figure.data}) == 3


@pytest.mark.parametrize(("runs", "words"), [
    ({"failover": RUN}, "failover: east served 40 %, west served 40 %, 1 of 5 requests failed."),
    ({"a": QUIET, "b": RUN}, "a: east served 100 %, 0 of 1 requests failed. b: east served 40 %, west served 40 %, 1 "
                             "of 5 requests failed."),
], ids=["one run", "two runs"])
def test_the_words_hold_the_numbers(runs, words):
    assert alt_of(traffic_figure(runs)) == words
