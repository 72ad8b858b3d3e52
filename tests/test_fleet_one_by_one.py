"""fleet/one_by_one.py: the sample that needs no numpy tells the story that the curve computes, and the other sample draws.

Each comparison is a z-score, as in test_fleet_agreement.
"""

import pickle
import subprocess
import sys
from functools import cache
from math import exp, sqrt
from random import Random
from statistics import fmean, pvariance

import pytest
from fleet_stories import DNS_OUTAGES, FLAPPING, STORIES, WEIGHTED

from failover_kit.fleet import AnswerTimeline, Fleet, browser, for_ever, honest, pooled, serve_stale
from failover_kit.fleet.one_by_one import MANY, poisson, sample

STEP, PROBES, MEMBERS, EXCEPTIONAL = 5.0, (20.0, 60.0, 85.0, 100.0, 135.0, 190.0, 230.0, 290.0), 1500, 4.5
OUTAGE = AnswerTimeline.failover("east", "west", fails_at=300, switches_at=385)
MIXED = Fleet(size=300, ttl=20, demand={0.05: 0.5, 1.0: 0.5}, behaviours={
    honest(): 0.5, for_ever(): 0.1, serve_stale(): 0.1, browser(30): 0.2, pooled(1): 0.1})

every_story = pytest.mark.parametrize("name", STORIES)


def drawn_by(fleet, timeline, seed=7, step=1.0):
    return sample(fleet._members(), timeline, seed, step)


@cache
def pair(name):
    """(computed, drawn) for one story."""
    story = STORIES[name]
    (member, _), = story.fleet._members()
    return story.fleet.expected(story.timeline, step=STEP), sample([(member, MEMBERS)], story.timeline, 11, STEP)


@every_story
def test_shares(name):
    computed, drawn = pair(name)
    for label, row in computed.shares.items():
        for time in PROBES:
            chance, seen = row[round(time / STEP)], drawn.shares[label][round(time / STEP)]
            error = sqrt(max(chance * (1 - chance), 1 / MEMBERS) / MEMBERS)
            assert abs(seen - chance) / error < EXCEPTIONAL, (label, time, seen, chance)


@every_story
def test_downtime_and_queries(name):
    computed, drawn = pair(name)
    spread = pvariance(drawn.find_downtime.args[0][""]) + 0.05
    assert abs(drawn.mean_downtime - computed.mean_downtime) / sqrt(spread / MEMBERS) < EXCEPTIONAL
    assert drawn.mean_queries_per_second / MEMBERS == pytest.approx(computed.mean_queries_per_second, rel=0.06, abs=6e-4)
    for percent in (10, 50, 90):
        assert drawn.downtime.share_longer_than(computed.downtime.percentile(percent) + 0.01) <= 1 - percent / 100 + 0.06


@pytest.mark.parametrize("timeline", [FLAPPING, DNS_OUTAGES, WEIGHTED], ids=["flapping", "DNS outages", "weighted"])
def test_same_seed_same_fleet(timeline):
    first, again, other = (drawn_by(MIXED, timeline, seed) for seed in (7, 7, 8))
    assert first == again
    assert first.downtime == again.downtime
    assert first != other


def test_it_draws_the_same_distribution_as_the_sample_with_numpy():
    here, there = drawn_by(MIXED, FLAPPING), MIXED.sample(FLAPPING, seed=7)
    assert list(here.by_behaviour) == list(there.by_behaviour)
    assert [part.size for part in here.by_behaviour.values()] == [part.size for part in there.by_behaviour.values()]
    assert here.mean_downtime == pytest.approx(there.mean_downtime, abs=5)
    assert here.times == there.times


def test_everybody_is_somewhere_and_nobody_waits_longer_than_one_ttl():
    report = drawn_by(Fleet(size=500), OUTAGE)
    for column in zip(*report.shares.values(), strict=True):
        assert sum(column) == pytest.approx(1)
    assert 85 <= report.downtime.percentile(0) <= report.downtime.maximum <= 145


def test_nobody_asks():
    report = drawn_by(Fleet(size=50, demand=0.0), OUTAGE)
    assert sum(report.queries_per_second) == 0
    assert report.downtime.percentile(0) == report.downtime.maximum == 85


def test_a_report_travels_with_its_distribution():
    report = drawn_by(MIXED, FLAPPING)
    assert pickle.loads(pickle.dumps(report)).downtime == report.downtime


@pytest.mark.parametrize("mean", [0.0, 0.3, 4.0, MANY * 2], ids=str)
def test_poisson_numbers_have_mean_and_variance_alike(mean):
    dice = Random(3)
    numbers = [poisson(mean, dice) for _ in range(4000)]
    assert fmean(numbers) == pytest.approx(mean, rel=0.1, abs=0.01)
    assert pvariance(numbers) == pytest.approx(mean, rel=0.15, abs=0.01)
    if 0 < mean < MANY:
        assert numbers.count(0) / 4000 == pytest.approx(exp(-mean), abs=0.04)


def test_it_needs_no_numpy():
    code = "import sys, failover_kit.fleet.one_by_one; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
