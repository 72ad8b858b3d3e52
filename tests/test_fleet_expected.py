"""The expected curve against closed formulas."""

import subprocess
import sys
from statistics import fmean

import pytest
from fleet_stories import timelines
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit.fleet import (
    AnswerTimeline,
    Fleet,
    browser,
    for_ever,
    honest,
    maximum_ttl,
    minimum_ttl,
    pooled,
    serve_stale,
)
from failover_kit.fleet.moments import Moments

DETECTION = 85.0    # seconds from the failure to the new answer
OUTAGE = AnswerTimeline.failover("east", "west", fails_at=300, switches_at=300 + DETECTION)


@pytest.mark.parametrize("demand", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("ttl", [1, 60, 300])
def test_mean_and_worst_downtime(ttl, demand):
    """A cache is holding with chance TTL / (TTL + 1/demand), and then has half a TTL to go on average."""
    report = Fleet(ttl=ttl, demand=demand).expected(OUTAGE)
    holding = ttl / (ttl + 1 / demand)
    assert report.mean_downtime == pytest.approx(DETECTION + holding * ttl / 2, abs=1e-6)
    assert report.downtime.mean == pytest.approx(report.mean_downtime, abs=1e-6)
    assert report.downtime.maximum == pytest.approx(DETECTION + ttl)
    assert report.downtime.percentile(95) == pytest.approx(DETECTION + ttl * max(0, 1 - 0.05 / holding), abs=1e-6)


@pytest.mark.parametrize("ttl", [0, 60, 86_400])
def test_queries_at_the_authority(ttl):
    report = Fleet(size=1000, ttl=ttl, demand=2.0).expected(OUTAGE)
    assert report.queries_per_second == pytest.approx([1000 / (ttl + 0.5)] * 1800)
    assert report.monthly_cost() == pytest.approx(1000 / (ttl + 0.5) * 2_592_000 / 1e6 * 0.40)


def test_a_day_of_ttl_against_a_minute():
    """With TTL 86400 hardly anyone has moved half an hour after the switch; with 60 everyone has in a minute."""
    day, minute = (Fleet(ttl=ttl).expected(OUTAGE).shares["east"] for ttl in (86_400, 60))
    assert day[-1] == pytest.approx(1 - (1799 - 385 + 1) / 86_401, abs=1e-6)
    assert (minute[385 + 60], minute[384]) == (pytest.approx(0, abs=1e-9), pytest.approx(1))


def test_a_browser_adds_half_its_own_time_and_worst_all_of_it():
    """Its cycle is 60 s and a wait of 10 s; what it keeps was on average looked up half its time ago."""
    report = Fleet(behaviours={browser(60, demand=0.1): 1.0}).expected(OUTAGE)
    assert report.mean_downtime == pytest.approx(DETECTION + 60 / 61 * 30 + 60 / 70 * 30, abs=1e-3)
    assert report.downtime.maximum == pytest.approx(DETECTION + 60 + 60)


def test_connections_that_live_longer_than_the_outage():
    report = Fleet(behaviours={pooled(minutes=60, demand=10.0): 1.0}).expected(OUTAGE)
    still_there = report.shares["east"][-1]
    assert still_there == pytest.approx(1 - (1799 - 385 - 60 / 61 * 30 + 0.1) / 3600.1, abs=1e-4)


def test_for_ever_is_for_ever():
    report = Fleet(behaviours={honest(): 0.9, for_ever(): 0.1}).expected(OUTAGE)
    assert report.down[-1] == pytest.approx(0.1)
    assert report.downtime.maximum == 1500
    assert report.by_behaviour["for ever (old JVM)"].mean_downtime == pytest.approx(1500)


def test_the_size_of_the_fleet_changes_nothing_but_the_queries():
    small, large = (Fleet(size=size).expected(OUTAGE) for size in (1, 1_000_000))
    assert small.shares == large.shares
    assert large.queries_per_second == pytest.approx([1e6 * rate for rate in small.queries_per_second])


def test_a_mixed_fleet_is_the_sum_of_its_parts():
    mixture = {honest(): 0.5, minimum_ttl(300): 0.2, maximum_ttl(10): 0.2, browser(): 0.1}
    mixed = Fleet(behaviours=mixture, demand={0.1: 0.25, 5.0: 0.75}).expected(OUTAGE)
    parts = [(share * portion, Fleet(behaviours={behaviour: 1.0}, demand=demand).expected(OUTAGE))
             for behaviour, share in mixture.items() for demand, portion in ((0.1, 0.25), (5.0, 0.75))]
    for time in (0, 310, 390, 444, 500, 700, 1799):
        assert mixed.shares["east"][time] == pytest.approx(sum(w * part.shares["east"][time] for w, part in parts))
        assert mixed.queries_per_second[time] == pytest.approx(
            sum(w * part.queries_per_second[time] for w, part in parts))
    for seconds in (50, 90, 120, 200, 380):
        assert mixed.downtime.share_longer_than(seconds) == pytest.approx(
            sum(w * part.downtime.share_longer_than(seconds) for w, part in parts), abs=1e-9)
    assert list(mixed.by_behaviour) == [behaviour.name for behaviour in mixture]


def test_the_step_of_the_report_does_not_change_the_numbers():
    fleet = Fleet(behaviours={honest(): 0.5, browser(): 0.5})
    fine, coarse = (fleet.expected(OUTAGE, step=step) for step in (1, 75))
    assert coarse.mean_downtime == pytest.approx(fine.mean_downtime, rel=1e-2)
    assert coarse.shares["east"] == pytest.approx(fine.shares["east"][::75], abs=1e-6)
    assert fmean(coarse.queries_per_second) == pytest.approx(fmean(fine.queries_per_second))


@settings(max_examples=25, deadline=None)
@given(timelines(), st.sampled_from([honest(), serve_stale(), for_ever(), browser(30), browser(9, over=serve_stale())]),
       st.booleans())
def test_everybody_is_somewhere(timeline, behaviour, warm):
    report = Fleet(behaviours={behaviour: 1.0}, ttl=20, demand=0.3, warm=warm).expected(timeline, step=2.5)
    for column in zip(*report.shares.values(), strict=True):
        assert sum(column) == pytest.approx(1, abs=1e-6)
        assert min(column) > -1e-3
    assert all(-1e-3 < down < 1.001 for down in report.down)
    assert 0 <= report.mean_downtime <= 300.001


def test_moments_hold_an_answer_change_twice():
    moments = Moments(OUTAGE, step=100.0, delays=[60.0])
    assert moments.wanted == [index * 100.0 for index in range(18)]
    assert [step for time, step in zip(moments.times, moments.steps, strict=True) if time == 385] == [0, 1]
    assert {60.0, 300, 445.0, 1800} <= set(moments.times)
    assert moments.reported(moments.times) == moments.wanted


def test_it_works_without_numpy():
    code = ("import sys; sys.modules['numpy'] = None\n"
            "from failover_kit.fleet import *\n"
            "outage = AnswerTimeline.failover('east', 'west', fails_at=300, switches_at=385)\n"
            "mix = {honest(): .25, minimum_ttl(300): .25, serve_stale(): .25, browser(): .25}\n"
            "report = Fleet(behaviours=mix).expected(outage)\n"
            "assert 385 < report.downtime.maximum + 300 < 1800\n"
            "assert 85 <= Fleet(size=1).sample(outage, seed=1, step=600).mean_downtime <= 145\n"
            "flapping = AnswerTimeline(outage.steps, 1800, {'east': [(300, 330), (360, 400)]})\n"
            "assert Fleet().expected(flapping, step=600).downtime.drawn\n")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_package_is_imported_without_numpy():
    code = "import sys, failover_kit.fleet; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
