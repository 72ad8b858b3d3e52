"""Distributions of downtime, and what a report adds up."""

import random
from statistics import quantiles

import pytest

from failover_kit.fleet import Downtime, FleetReport

HALF_NONE = Downtime.counted({0.0: 2, 10.0: 1, 30.0: 1})


@pytest.mark.parametrize(("percent", "seconds"), [(0, 0), (50, 0), (60, 10), (75, 10), (76, 30), (100, 30)])
def test_percentiles_of_a_few_users(percent, seconds):
    assert HALF_NONE.percentile(percent) == seconds


def test_mean_maximum_and_shares():
    assert (HALF_NONE.mean, HALF_NONE.maximum) == (10, 30)
    assert [HALF_NONE.share_longer_than(x) for x in (-1, 0, 9, 10, 29, 30, 31)] == [1, 0.5, 0.5, 0.25, 0.25, 0, 0]


def test_percentiles_agree_with_the_standard_library():
    rng = random.Random(1)
    seconds = [rng.expovariate(0.01) for _ in range(4000)]
    downtime = Downtime.counted(dict.fromkeys(seconds, 1))
    assert [downtime.percentile(p) for p in range(1, 100)] == pytest.approx(quantiles(seconds, n=100), rel=0.02)


@pytest.mark.parametrize("percent", [-1, 100.1])
def test_there_is_no_such_percentile(percent):
    with pytest.raises(ValueError, match="0 to 100"):
        HALF_NONE.percentile(percent)


def test_a_mixture():
    ramp = Downtime([0, 20], [0, 1], mean=10, maximum=20)
    mixed = Downtime.mixed([(0.5, HALF_NONE), (0.5, ramp)])
    for seconds in (0, 1, 9.9, 10, 15, 20, 25, 30):
        assert mixed.share_longer_than(seconds) == pytest.approx(
            (HALF_NONE.share_longer_than(seconds) + ramp.share_longer_than(seconds)) / 2), seconds
    assert (mixed.mean, mixed.maximum) == (10, 30)
    assert mixed.percentile(100) == 30


def report(queries, until=25.0):
    return FleetReport(3, until, [0.0, 10.0, 20.0], {"east": [1.0] * 3}, [0.0] * 3, queries, 0.0, lambda: HALF_NONE)


def test_the_last_step_may_be_shorter():
    assert report([4.0, 4.0, 8.0]).mean_queries_per_second == pytest.approx((40 + 40 + 40) / 25)


def test_monthly_cost():
    """Ten queries a second are 25.92 million in 30 days."""
    steady = report([10.0, 10.0, 10.0])
    assert steady.monthly_queries() == pytest.approx(25_920_000)
    assert steady.monthly_cost() == pytest.approx(25.92 * 0.40)
    assert steady.monthly_cost(price_per_million=0.20) == pytest.approx(25.92 * 0.20)


def test_the_distribution_is_worked_out_once_and_late():
    asked = []
    lazy = FleetReport(1, 1.0, [0.0], {}, [0.0], [0.0], 0.0, lambda: asked.append(1) or HALF_NONE)
    assert not asked
    assert lazy.downtime is lazy.downtime
    assert asked == [1]
