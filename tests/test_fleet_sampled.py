"""The drawn fleet: the same seed gives the same fleet, whoever does the work."""

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from fleet_stories import DNS_OUTAGES, FLAPPING, WEIGHTED

from failover_kit.fleet import (
    AnswerTimeline,
    Fleet,
    browser,
    for_ever,
    honest,
    minimum_ttl,
    pooled,
    sampled,
    serve_stale,
)

OUTAGE = AnswerTimeline.failover("east", "west", fails_at=300, switches_at=385)
MIXED = Fleet(size=5000, ttl=20, demand={0.05: 0.5, 1.0: 0.5}, behaviours={
    honest(): 0.4, minimum_ttl(45): 0.1, for_ever(): 0.1, serve_stale(): 0.1, browser(30): 0.2, pooled(1): 0.1})


def numbers(report):
    return (report.shares, report.down, report.queries_per_second, report.mean_downtime, report.downtime,
            {name: numbers(part) for name, part in report.by_behaviour.items()})


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(sampled, "CHUNK", 300)


@pytest.mark.parametrize("timeline", [FLAPPING, DNS_OUTAGES, WEIGHTED], ids=["flapping", "DNS outages", "weighted"])
def test_same_seed_same_fleet(timeline):
    first = numbers(MIXED.sample(timeline, seed=7))
    assert first == numbers(MIXED.sample(timeline, seed=7))
    assert first != numbers(MIXED.sample(timeline, seed=8))


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_any_number_of_threads(workers):
    with ThreadPoolExecutor(workers) as executor:
        assert numbers(MIXED.sample(FLAPPING, seed=7, executor=executor)) == numbers(MIXED.sample(FLAPPING, seed=7))


def test_other_processes():
    with ProcessPoolExecutor(2) as executor:
        assert numbers(MIXED.sample(DNS_OUTAGES, 7, executor=executor)) == numbers(MIXED.sample(DNS_OUTAGES, 7))


def test_on_any_machine():
    """Numbers of one seed, written down once. They change if the dice or their order do."""
    report = Fleet(size=1000, behaviours={honest(): 0.8, browser(): 0.2}).sample(OUTAGE, seed=7)
    assert report.mean_downtime == pytest.approx(120.21401506411958, rel=1e-9)
    assert sum(report.queries_per_second) == 29_488


@pytest.mark.parametrize("size", [1, 299, 300, 301])
def test_every_member_is_somewhere(size):
    report = Fleet(size=size).sample(OUTAGE, seed=3)
    assert report.size == size
    for column in zip(*report.shares.values(), strict=True):
        assert sum(column) == pytest.approx(1)
    assert 85 <= report.downtime.percentile(0) <= report.downtime.maximum <= 145


def test_one_resolver_is_on_one_site_at_a_time():
    report = Fleet(size=1).sample(OUTAGE, seed=3)
    assert set(report.shares["east"]) == {0.0, 1.0}
    assert sum(report.queries_per_second) in (28, 29, 30)


def test_nobody_asks():
    report = Fleet(size=50, demand=0.0).sample(OUTAGE, seed=3)
    assert sum(report.queries_per_second) == 0
    assert report.downtime.percentile(0) == report.downtime.maximum == 85


def test_shares_become_whole_resolvers():
    report = Fleet(size=10, behaviours={honest(): 0.55, minimum_ttl(45): 0.25, for_ever(): 0.2}).sample(OUTAGE, seed=1)
    assert [part.size for part in report.by_behaviour.values()] == pytest.approx([6, 2, 2], abs=1)
    assert sum(part.size for part in report.by_behaviour.values()) == pytest.approx(10)


def test_a_kind_too_small_to_have_a_member_is_left_out():
    report = Fleet(size=2, behaviours={honest(): 0.9, for_ever(): 0.1}).sample(OUTAGE, seed=1)
    assert list(report.by_behaviour) == ["honest"]


def test_a_last_step_that_is_shorter():
    until = AnswerTimeline.failover("east", "west", fails_at=300, switches_at=385, until=1000.5)
    report = Fleet(size=20_000).sample(until, seed=5, step=300.0)
    assert report.times == [0, 300, 600, 900]
    assert report.queries_per_second == pytest.approx([20_000 / 61] * 4, rel=0.1)


@pytest.mark.parametrize("make", [lambda fleet: fleet.expected(FLAPPING), lambda fleet: fleet.sample(FLAPPING, seed=1)],
                         ids=["expected", "sample"])
def test_a_report_travels_with_its_distribution(make):
    report = make(Fleet(size=500))
    assert pickle.loads(pickle.dumps(report)).downtime == report.downtime
