"""Computed, drawn, and lived through request by request: the three must tell the same story.

Each comparison is a z-score: the difference in units of the error that chance allows.
"""

import random
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import sqrt
from statistics import fmean, pstdev, pvariance

import pytest
from fleet_oracle import World, live
from fleet_stories import STORIES, TTL

STEP = 0.5
PROBES = (20.0, 60.0, 83.5, 100.0, 115.0, 135.0, 190.0, 205.0, 231.0, 290.0)    # multiples of STEP
LOSSES = (3.1, 21.3, 37.2, 45.4, 58.3, 72.1, 88.2, 101.2)                      # seconds, none at an atom
SEEDS, MEMBERS, DRAWN = range(4), 200, 60_000
EXCEPTIONAL = 4.5      # a z-score that chance alone passes once in 150,000
BLUR = 0.015           # an expected spread may itself be drawn, from 20,000 users

every_story = pytest.mark.parametrize("name", STORIES)


@cache
def expected(name):
    return STORIES[name].fleet.expected(STORIES[name].timeline, step=STEP)


@cache
def drawn(name):
    return replace(STORIES[name].fleet, size=DRAWN).sample(STORIES[name].timeline, seed=11, step=STEP)


@cache
def lived(name):
    """{seed: lives of some members}"""
    story = STORIES[name]
    world, rngs = World.of(story.timeline, TTL), {seed: random.Random(seed) for seed in SEEDS}
    return {seed: [live(world, probes=PROBES, rng=rng, **story.oracle) for _ in range(MEMBERS)]
            for seed, rng in rngs.items()}


def z_of_share(seen, chance, users):
    return (seen - chance) / sqrt(max(chance * (1 - chance), 1 / users) / users)


def z_of_mean(seen, mean):
    return (fmean(seen) - mean) / sqrt(max(pvariance(seen), 1e-6 * mean**2, 1e-12) / len(seen))


def at(row, time):
    return row[round(time / STEP)]


@every_story
def test_shares_request_by_request(name):
    report = expected(name)
    for label, row in report.shares.items():
        for probe, time in enumerate(PROBES):
            scores = [z_of_share(fmean(life.views[probe].get(label, 0.0) for life in lives), at(row, time), MEMBERS)
                      for lives in lived(name).values()]
            assert max(map(abs, scores)) < EXCEPTIONAL, (label, time, scores)
            assert abs(sum(scores)) / sqrt(len(scores)) < EXCEPTIONAL, (label, time, scores)


@every_story
def test_downtime_and_queries_request_by_request(name):
    report, lives = expected(name), [life for lives in lived(name).values() for life in lives]
    lost = [life.lost for life in lives]
    assert abs(z_of_mean(lost, report.mean_downtime)) < EXCEPTIONAL
    queries = report.mean_queries_per_second * report.until
    assert abs(z_of_mean([life.queries for life in lives], queries)) < EXCEPTIONAL
    for seconds in LOSSES:
        share, seen = report.downtime.share_longer_than(seconds), fmean(life > seconds for life in lost)
        assert abs(seen - share) < BLUR or abs(z_of_share(seen, share, len(lost))) < EXCEPTIONAL, seconds
    assert report.downtime.drawn or max(lost) <= report.downtime.maximum


@every_story
def test_shares_drawn(name):
    report, sample = expected(name), drawn(name)
    scores = {(label, time): z_of_share(at(sample.shares[label], time), at(row, time), DRAWN)
              for label, row in report.shares.items() for time in PROBES}
    assert max(map(abs, scores.values())) < EXCEPTIONAL, scores


@every_story
def test_downtime_and_queries_drawn(name):
    report, sample = expected(name), drawn(name)
    deviation = max(pstdev(life.lost for lives in lived(name).values() for life in lives), 0.01)
    assert abs(sample.mean_downtime - report.mean_downtime) < EXCEPTIONAL * deviation / sqrt(DRAWN)
    assert sample.mean_queries_per_second / DRAWN == pytest.approx(report.mean_queries_per_second, rel=0.01, abs=1e-4)
    for seconds in LOSSES:
        assert sample.downtime.share_longer_than(seconds) == pytest.approx(
            report.downtime.share_longer_than(seconds), abs=BLUR), seconds


@every_story
def test_distribution_has_the_mean_of_the_curve(name):
    downtime = expected(name).downtime
    mean = downtime.seconds[0] + sum((x1 - x0) * (1 - (p0 + p1) / 2) for (x0, x1), (p0, p1) in
                                     zip(pairwise(downtime.seconds), pairwise(downtime.chance), strict=True))
    assert mean == pytest.approx(expected(name).mean_downtime, **({"rel": 0.05} if downtime.drawn else {"rel": 1e-9}))


def test_real_requests_land_as_the_shares_say():
    """Poisson arrivals see time averages: the share of users is the share of requests, too."""
    name = "honest, flapping"
    world, rng = World.of(STORIES[name].timeline, TTL), random.Random(5)
    users, window = 400, (100.0, 160.0)
    landed = []
    for _ in range(users):
        times = sorted(rng.uniform(*window) for _ in range(20))    # of these users, in this window
        life = live(world, probes=times, rng=rng, **STORIES[name].oracle)
        landed.append(fmean(view.get("us-west-2", 0.0) for view in life.views))
    row = expected(name).shares["us-west-2"]
    share = fmean(row[round(window[0] / STEP):round(window[1] / STEP)])
    assert abs(z_of_mean(landed, share)) < EXCEPTIONAL
