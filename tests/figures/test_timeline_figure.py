"""figures/timeline_figure.py, budget_figure.py, page.py: what is drawn is what happened."""

import json

import pytest

from failover_kit.drill import DrillSettings, drill
from failover_kit.figures.alt import alt_of
from failover_kit.figures.budget_figure import budget_figure
from failover_kit.figures.lanes import answer_spans, cache_spans, checker_counts, site_spans, status_spans
from failover_kit.figures.page import drill_page
from failover_kit.figures.timeline_figure import timeline_figure
from failover_kit.timeline import Timeline


@pytest.fixture(scope="module")
def report():
    return drill("crash", settings=DrillSettings(users=8), seed=2)


@pytest.fixture(scope="module")
def end(report):
    return max(event.at for event in report.timeline)


def test_spans_follow_the_measures(report, end):
    outage = report.outage
    sites = site_spans(report.timeline, ["us-east-1", "us-west-2"], end)
    assert [(s.state, s.start, s.end) for s in sites if s.lane == "site us-east-1"] == [
        ("up", 0, outage.began), ("crash", outage.began, outage.ended), ("up", outage.ended, end)]
    assert [(s.state, s.start) for s in status_spans(report.timeline, end)] == [
        ("healthy", 0), ("unhealthy", outage.detected.at), ("healthy", outage.recovered.at)]
    assert [s.state for s in answer_spans(report.timeline, {}, end)] == ["127.0.1.10", "127.0.2.10", "127.0.1.10"]


def test_no_cached_answer_is_drawn_longer_than_its_ttl(report, end):
    spans = cache_spans(report.timeline, report.timeline.users(), end)
    assert spans
    assert all(span.end - span.start <= report.settings.ttl + 1e-6 for span in spans)


def test_checker_counts_go_down_and_up_again(report, end):
    counts = [count for _, count in checker_counts(report.timeline, "check-us-east-1", 16, end)]
    assert (counts[0], min(counts), counts[-1]) == (16, 0, 16)


def test_the_figure_has_a_lane_for_each_cause(report):
    figure = timeline_figure(report.timeline)
    lanes = {lane for trace in figure.data if trace.type == "bar" for lane in trace.y}
    assert {"site us-east-1", "site us-west-2", "status check-us-east-1", "DNS answer app.example.com", "user-1"} <= lanes
    assert {trace.name for trace in figure.data if trace.type == "scatter"} >= {"request served", "request failed"}
    assert "turns unhealthy" in alt_of(figure)


def test_no_meaning_by_colour_alone(report):
    looks = {(trace.marker.color, trace.marker.pattern.shape) for trace in timeline_figure(report.timeline).data
             if trace.type == "bar"}
    assert len({pattern for _, pattern in looks}) == len({colour for colour, _ in looks})


def test_an_empty_timeline_can_be_drawn():
    assert alt_of(timeline_figure(Timeline())) == "Nothing happened yet."


def test_the_budget_is_drawn_to_scale(report):
    figure = budget_figure({"worst user": report.budget(), "median user": report.budget(50)})
    drawn = sum(trace.x[0] for trace in figure.data)
    assert drawn == pytest.approx(sum(part.seconds for part in report.budget()))
    assert "detection" in alt_of(figure)


def test_the_page_is_whole(report):
    page = drill_page(report)
    assert page.startswith("<!doctype html>")
    assert page.count('role="figure"') == 2
    assert json.dumps("us-east-1 fails: crash")[1:-1] in page
