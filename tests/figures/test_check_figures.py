"""Figures of checkers: every number that is put in is drawn, and said in words."""

from failover_kit.figures.alt import alt_of
from failover_kit.figures.check_figures import agreement_figure, checkers_figure, false_alarm_figure
from failover_kit.health import Status

POINTS = [(16, Status.HEALTHY), (4, Status.HEALTHY), (2, Status.UNHEALTHY)]


def test_each_point_of_the_agreement_is_drawn_in_the_colour_and_shape_of_its_status():
    drawn = {trace.name: (list(trace.x), list(trace.y), trace.marker.symbol)
             for trace in agreement_figure(POINTS, 3).data}
    assert drawn == {"check is healthy": ([0, 1], [16, 4], "circle"), "check is unhealthy": ([2], [2], "x")}


def test_the_agreement_is_said_in_words():
    assert alt_of(agreement_figure(POINTS, 3)) == (
        "Regions 0 cut off: 16 healthy, check healthy, 1 cut off: 4 healthy, check healthy, "
        "2 cut off: 2 healthy, check unhealthy. 3 checkers are needed.")


def test_false_alarms_are_drawn_in_percent_with_the_chosen_loss():
    figure = false_alarm_figure([(0.1, 0.0), (0.9, 1.0)], [(0.5, 0.25)], 0.05)
    theory, measured = figure.data
    assert (list(theory.x), list(theory.y), theory.mode) == ([10, 90], [0, 100], "lines")
    assert (list(measured.x), list(measured.y), measured.mode) == ([50], [25], "markers")
    assert figure.layout.shapes[0].x0 == 5
    assert alt_of(figure) == "Time in which the check is red, measured: 25 % at 50 % loss."


def test_a_rough_day_is_drawn_in_minutes_as_steps():
    figure = checkers_figure([(0.0, 16), (60.0, 9), (120.0, 9)], 3)
    assert (list(figure.data[0].x), list(figure.data[0].y)) == ([0, 1, 2], [16, 9, 9])
    assert figure.data[0].line.shape == "hv"
    assert 2 < figure.layout.shapes[0].y0 < 3, "the line stands between failing over and not"
    assert alt_of(figure) == "At the worst moment 9 checkers say healthy; 3 are needed."
