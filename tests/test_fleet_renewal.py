"""The life of one cache, against formulas of renewal theory that know nothing of the solver."""

from math import exp, factorial, inf

import pytest
from fleet_stories import timelines
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit.fleet.answers import NO_ANSWER, UNREACHABLE, AnswerStep, AnswerTimeline
from failover_kit.fleet.behaviours import browser, for_ever, honest, serve_stale
from failover_kit.fleet.renewal import ANYTHING, CacheLife
from failover_kit.fleet.spans import Span, SteadyState, spans

DNS_OUTAGE = AnswerTimeline([AnswerStep(0, "east"), AnswerStep(100, UNREACHABLE), AnswerStep(400, "east")], 600)


def one_span(hold, until):
    return [Span(0.0, float(until), {"east": 1.0}, {"east": hold})]


def erlang(stages, rate, within):
    """Chance that so many exponential waits together end within this time."""
    requests = rate * max(within, 0.0)
    return 1 - exp(-requests) * sum(requests**n / factorial(n) for n in range(stages))


def renewal_function(hold, demand, by):
    """Fills by then of a cache that was empty at 0: fill number n ends n waits and n - 1 holds."""
    return sum(erlang(n, demand, by - (n - 1) * hold) for n in range(1, int(by / hold) + 2))


@pytest.mark.parametrize(("hold", "demand", "error"), [
    (60, 1.0, 1e-3), (20, 0.1, 1e-3), (5, 0.5, 1e-3), (60, 0.001, 1e-3),
    (60, 20.0, 0.03),    # far from the edge of a wave as exact; at the edge as fine as the cells
], ids=lambda value: f"{value:g}")
def test_an_empty_cache_fills_by_the_renewal_function(hold, demand, error):
    life = CacheLife(one_span(hold, 400), demand, warm=False)
    for by in (0.5, 3.0, 19.0, 47.5, 61.0, 75.0, 130.0, 200.0, 333.0, 400.0):
        assert life.all_fills(by) == pytest.approx(renewal_function(hold, demand, by), abs=error), by


@pytest.mark.parametrize("hold", [1, 60, 86_400])
def test_a_warm_cache_fills_at_a_constant_rate(hold):
    life = CacheLife(one_span(hold, 1800), demand=1.0)
    for by in (0.0, 1.0, 60.5, 1800.0):
        assert life.queries(by) == pytest.approx(by / (hold + 1), abs=1e-12)
        assert life.waiting(ANYTHING, [by]) == [pytest.approx(1 / (hold + 1))]


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_with_ttl_0_every_request_is_a_query(warm):
    life = CacheLife(one_span(0, 100), demand=0.7, warm=warm)
    assert life.queries(100.0) == pytest.approx(70)
    assert life.waiting(ANYTHING, [50.0]) == [1.0]


def test_a_cache_that_nobody_asks_does_nothing():
    life = CacheLife(one_span(60, 100), demand=0.0)
    assert life.queries(100.0) == 0
    assert life.waiting(ANYTHING, [50.0]) == [1.0]


def test_a_cache_that_keeps_for_ever_asks_once_or_never_again():
    assert CacheLife(one_span(inf, 100), demand=1.0).queries(100.0) == 0
    assert CacheLife(one_span(inf, 100), demand=1.0, warm=False).queries(100.0) == pytest.approx(1)


def test_steady_state_of_mixed_holds():
    """A cycle is a wait of 1/demand and a hold of 60 s three times in four, of 20 s else: 60 s in all."""
    steady = SteadyState.of(Span(0, 1, {"east": 0.75, "west": 0.25}, {"east": 60, "west": 20}), demand=0.1)
    assert steady.fills_per_second == pytest.approx(1 / 60)
    assert steady.waiting == pytest.approx(10 / 60)
    assert steady.holding == pytest.approx({"east": 45 / 60, "west": 5 / 60})


def test_an_outage_of_the_authority_ends_in_a_rush():
    """All caches expire in it, so the first second after it brings what demand there is."""
    life = CacheLife(spans(DNS_OUTAGE, honest(), 60), demand=0.5)
    assert life.queries(400.0) == pytest.approx(life.queries(100.0))
    assert life.queries(401.0) - life.queries(400.0) == pytest.approx(1 - exp(-0.5), abs=1e-4)


def test_stale_data_keeps_a_cache_from_asking_at_once():
    """With an old answer it tries every 30 s, so at the end of the outage it may be up to 30 s late."""
    life = CacheLife(spans(DNS_OUTAGE, serve_stale(), 60), demand=10.0, serve_stale=True)
    assert life.queries(400.0) == pytest.approx(life.queries(100.0))
    assert life.queries(401.0) - life.queries(400.0) < 0.15
    assert life.queries(430.5) - life.queries(400.0) == pytest.approx(1, abs=0.03)


@settings(max_examples=40, deadline=None)
@given(timelines(), st.sampled_from([honest(), serve_stale(), for_ever()]), st.sampled_from([0.0, 0.02, 0.5]),
       st.booleans())
def test_a_cache_either_waits_or_holds(timeline, behaviour, demand, warm):
    life = CacheLife(spans(timeline, behaviour, 20), demand, serve_stale=behaviour.serve_stale, warm=warm)
    times = [0.0, 0.3, 47.0, 99.9, 150.0, 222.2, 300.0]
    waiting = [life.waiting(queue, times) for queue in life.queues]
    holding = [[made - expired for made, expired in zip(batch.made(times), batch.expired(times), strict=True)]
               for batch in life.batches]
    for index in range(len(times)):
        states = [row[index] for row in [*waiting, *holding]] + list(life.held_for_good.values())
        assert min(states) > -1e-3    # the solver's own error
        assert sum(states) == pytest.approx(1, abs=1e-9)


def test_the_first_answer_that_never_came_leaves_a_cache_cold():
    timeline = AnswerTimeline([AnswerStep(0, UNREACHABLE), AnswerStep(50, "east")], 100)
    life = CacheLife(spans(timeline, browser(), 60), demand=1.0, warm=True)
    assert not life.warm
    assert life.waiting(ANYTHING, [49.0]) == [1.0]
    assert life.queues == (ANYTHING,)
    assert NO_ANSWER not in life.held_for_good


@pytest.mark.parametrize("answers", ["ab", ({"a": 0.75, "b": 0.25}, "b"), ({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, "c")],
                         ids=["failover", "weighted", "multivalue"])
@pytest.mark.parametrize("demand", [0.1, 1.0, 20.0])
def test_a_steady_cache_stays_steady_through_many_changes(demand, answers):
    """Only where the answers lead changes, so the rate of fills is 1 / (hold + 1/demand) throughout."""
    flips = [AnswerStep(130.3 * number, answers[number % 2], 300) for number in range(60)]
    life = CacheLife(spans(AnswerTimeline(flips, 8_000), honest(), 300), demand)
    assert life.fills[ANYTHING](8_000) == pytest.approx(8_000 / (300 + 1 / demand), rel=1e-9)
    assert life.waiting(ANYTHING, [8_000]) == [pytest.approx(1 / demand / (300 + 1 / demand), rel=1e-6)]
