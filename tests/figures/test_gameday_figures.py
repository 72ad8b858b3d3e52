"""heatmap, strategies_figure, gameday_figure: what is drawn is what was measured, and the words say it."""

from math import nan

import pytest

from failover_kit.figures.alt import alt_of
from failover_kit.figures.gameday_figure import campaign_figure, disaster_figure, improvements_figure, scoreboard
from failover_kit.figures.gameday_page import gameday_page
from failover_kit.figures.heatmap import heatmap
from failover_kit.figures.strategies_figure import strategies_figure
from failover_kit.gameday import game_day, load_design
from failover_kit.gameday.improve import Improvement
from failover_kit.strategies import run_strategy

SECONDS, DOLLARS = [[20.0, 50.0], [40.0, nan]], [[900.0, 300.0], [900.0, 300.0]]


@pytest.fixture(scope="module")
def report():
    return game_day(load_design("naive-design.json"), seed=3)


@pytest.fixture(scope="module")
def strategies():
    return [run_strategy(name, "crash", 1) for name in ("warm-standby", "active-active", "client-retry")]


def test_a_heat_map_has_a_number_a_price_and_a_star_where_it_is_due():
    figure = heatmap([10, 60], [1, 3], SECONDS, DOLLARS, x_name="ttl", y_name="failure_threshold")
    texts = {(note.x, note.y): note.text for note in figure.layout.annotations}
    assert texts[0, 0] == "<b>20 s</b> ★<br>$900"
    assert texts[1, 0] == "<b>50 s</b> ★<br>$300"
    assert texts[0, 1] == "<b>40 s</b><br>$900"              # the first is as cheap, and faster
    assert texts[1, 1] == "<b>not noticed</b><br>$300"
    assert figure.layout.xaxis.title.text == "TTL (s)"
    assert "20 s for $900 a month, which nothing beats" in alt_of(figure)


def test_text_on_dark_cells_is_light():
    figure = heatmap([1, 2], [1], [[10.0, 100.0]], [[1.0, 2.0]])
    assert [note.font.color for note in figure.layout.annotations] == ["black", "white"]


def test_strategies_stand_where_they_were_measured(strategies):
    figure = strategies_figure(strategies, rto=400, rpo=60)
    places = {trace.name.split(":")[0]: (trace.x[0], trace.y[0]) for trace in figure.data}
    for result in strategies:
        assert places[result.title] == (max(1, result.rto), max(1, result.rpo))
    assert len({trace.marker.symbol for trace in figure.data}) == len(strategies)     # not by colour alone
    assert {note.text for note in figure.layout.annotations} == {"RTO asked for: 6 min 40 s", "RPO asked for: 1 min"}
    assert "The cheapest that meets the objectives is" in alt_of(figure)
    assert "None of them meets" in alt_of(strategies_figure(strategies, rpo=0.01))


def test_the_scoreboard_shows_both_designs(report):
    figure = scoreboard(report)
    assert [list(trace.x) for trace in figure.data] == [[part.points for part in board.parts]
                                                        for board in (report, report.reference)]
    assert len({trace.marker.pattern.shape for trace in figure.data}) == 2
    assert f"naive: {report.score:.0f} of 100" in alt_of(figure)


def test_every_disaster_has_its_bar(report):
    figure = campaign_figure(report)
    assert list(figure.data[0].x) == [day.error_minutes for day in report.disasters]
    assert all(day.disaster.title in alt_of(figure) for day in report.disasters)


def test_a_disaster_is_drawn_as_it_went(report):
    day = report.disaster("region-loss")
    figure = disaster_figure(day, at=day.steps[2].at)
    lines = {trace.name: trace for trace in figure.data}
    assert max(lines["failing requests"].y) == pytest.approx(100 * max(day.curve.errors))
    assert len(lines["step of the story"].x) == len(day.steps)
    assert any(shape.x0 == pytest.approx(day.steps[2].at / 60) and shape.line.color == "black"
               for shape in figure.layout.shapes)
    assert "us-east-1 fails: blackout" in alt_of(figure)
    assert disaster_figure(day, until=1200).layout.xaxis.range[1] == 20


def test_what_would_help(report):
    one = Improvement("a change", report.reference, report)
    figure = improvements_figure([one])
    assert figure.data[0].x[0] == pytest.approx(one.points)
    assert one.summary() in alt_of(figure)
    assert alt_of(improvements_figure([])) == "No single change applies."


def test_the_page_has_every_story_to_step_through(report):
    page = gameday_page(report, [Improvement("a change", report, report)])
    assert page.count('<input type="range"') == len(report.disasters)
    for day in report.disasters:
        assert f'max="{len(day.steps) - 1}"' in page
    assert "<label>" in page
