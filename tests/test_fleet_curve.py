"""A line through points."""

import random
from bisect import bisect_right

import pytest

from failover_kit.fleet.curve import Curve, running_integral

HILL = Curve([0, 10, 10, 20], [0, 5, 7, 7])    # up, a jump, level


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (0, 0), (4, 2), (10, 7), (15, 7), (20, 7), (99, 7)])
def test_straight_between_points_and_level_outside(x, y):
    assert HILL(x) == y


def test_one_walk_gives_the_same_as_many_look_ups():
    rng = random.Random(3)
    curve = Curve(sorted(rng.choices(range(50), k=40)), [rng.random() for _ in range(40)])
    places = sorted(rng.uniform(-5, 55) for _ in range(200)) + [60]
    assert curve.along(places) == [curve(place) for place in places]
    assert curve.along(sorted(curve.xs)) == [curve.ys[bisect_right(curve.xs, x) - 1] for x in curve.xs]


def test_running_integral_is_the_area_over_its_scale():
    area = running_integral([0, 1, 2], [1, 3, 3], [0, 10, 20])
    assert (area.xs, area.ys) == ([0, 1, 2], [0.0, 20.0, 50.0])


@pytest.mark.parametrize(("curve", "rise"), [
    (Curve([0, 5, 9, 20], [0, 0, 4, 4]), (5, 9)), (Curve([0, 9], [0, 0]), (0.0, 0.0)), (Curve([0], [0]), (0.0, 0.0)),
], ids=["in the middle", "never", "a single point"])
def test_where_it_rises(curve, rise):
    assert curve.rise == rise
